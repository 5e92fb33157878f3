#include "conformance/agent/system/windows_headers.h"

#include <stdio.h>
#include <string.h>

#include "conformance/agent/machine_model.h"
#include "conformance/base/reason.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/provider/plugin.h"
#include "stack/winsock/control.h"
#include "stack/winsock/handles.h"
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

static int start(const struct provider_control *control) {
    plugin_version(control->process, 0);
    machine_model_process_starts(control->process, control->thread);
    return 1;
}

static int fault(struct provider_control *control) {
    char name[64];
    if (control->text_bytes >= sizeof name) return refuse(control, "no fault has such a long name");
    memcpy(name, control->text, control->text_bytes);
    name[control->text_bytes] = '\0';
    return machine_model_fault(name) ? 1 : refuse(control, "this provider's machine has no such fault");
}

/* CancelIo and CancelIoEx, which the model has under these names. */
static void cancel(enum function function, struct provider_control *control) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { handle_own((SOCKET)control->number), control->overlapped };
    struct call call;
    uint32_t error = ERROR_UNTOUCHED;
    winsock_machine_record(&call, function, arguments);
    control->number = winsock_machine_call(&call, &error) != 0 ? 0 : error;
}

int ReservoirProviderControl(uint32_t code, struct provider_control *control) {
    if (control == NULL || control->size != sizeof *control) return 0;
    control->reason[0] = '\0';
    switch (code) {
    case PROVIDER_CONTROL_BEGIN: return begin(control);
    case PROVIDER_CONTROL_END: return end();
    case PROVIDER_CONTROL_START: return start(control);
    case PROVIDER_CONTROL_STOP: return stop(control);
    case PROVIDER_CONTROL_ATTACH:
        winsock_machine_become((struct machine_thread){ .process = control->process, .thread = control->thread });
        return 1;
    case PROVIDER_CONTROL_ADVANCE: machine_model_advance(control->number); break;
    case PROVIDER_CONTROL_QUIESCENT: control->number = machine_model_quiescent(); break;
    case PROVIDER_CONTROL_REBOOT: machine_model_reboot(); return 1;
    case PROVIDER_CONTROL_THREAD_ENDS: machine_model_thread_ends(control->thread); break;
    case PROVIDER_CONTROL_FAULT: return fault(control);
    case PROVIDER_CONTROL_CANCEL_OWN: cancel(FUNCTION_CancelIo, control); break;
    case PROVIDER_CONTROL_CANCEL: cancel(FUNCTION_CancelIoEx, control); break;
    case PROVIDER_CONTROL_STARTUP: plugin_version(control->process, (uint16_t)control->number); return 1;
    case PROVIDER_CONTROL_ASSOCIATED: requests_associate((SOCKET)control->number); return 1;
    default: return refuse(control, "this provider does not know such an order");
    }
    requests_pass_on();
    return 1;
}
