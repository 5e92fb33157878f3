#include "conformance/agent/system/windows_headers.h"

#include <stdio.h>
#include <string.h>

#include "conformance/agent/machine_model.h"
#include "conformance/base/reason.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "stack/winsock/control.h"
#include "stack/winsock/headers.h"
#include "stack/winsock/machine.h"
#include "stack/winsock/requests.h"

static struct scenario *scenario; /* between BEGIN and END */

PROVIDER_EXPORT provider_control_function ReservoirProviderControl;

static int refuse(struct provider_control *control, const char *why) {
    snprintf(control->reason, sizeof control->reason, "%s", why);
    return 0;
}

static int begin(struct provider_control *control) {
    struct language_error error;
    struct reason reason = { "" };
    scenario = scenario_parse("scenario", control->text, control->text_bytes, &error);
    if (scenario == NULL) return refuse(control, "the scenario cannot be read");
    if (machine_model_begin(scenario, false, &reason)) return 1;
    scenario_free(scenario);
    scenario = NULL;
    return refuse(control, reason.text);
}

static int end(void) {
    machine_model_end();
    scenario_free(scenario);
    scenario = NULL;
    return 1;
}

static int stop(const struct provider_control *control) {
    machine_model_process_ends(control->process);
    requests_forget(control->process);
    return 1;
}

int ReservoirProviderControl(uint32_t code, struct provider_control *control) {
    if (control == NULL || control->size != sizeof *control) return 0;
    control->reason[0] = '\0';
    switch (code) {
    case PROVIDER_CONTROL_BEGIN: return begin(control);
    case PROVIDER_CONTROL_END: return end();
    case PROVIDER_CONTROL_START: machine_model_process_starts(control->process, control->thread); return 1;
    case PROVIDER_CONTROL_STOP: return stop(control);
    case PROVIDER_CONTROL_ATTACH:
        winsock_machine_become((struct machine_thread){ .process = control->process, .thread = control->thread });
        return 1;
    case PROVIDER_CONTROL_ADVANCE: machine_model_advance(control->number); break;
    case PROVIDER_CONTROL_QUIESCENT: control->number = machine_model_quiescent(); break;
    case PROVIDER_CONTROL_REBOOT: machine_model_reboot(); return 1;
    case PROVIDER_CONTROL_THREAD_ENDS: machine_model_thread_ends(control->thread); break;
    default: return refuse(control, "this provider does not know such an order");
    }
    requests_pass_on();
    return 1;
}
