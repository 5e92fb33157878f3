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
    plugin_ordered();
    scenario = scenario_parse("scenario", control->text, control->text_bytes, &error);
    if (scenario == NULL) return refuse(control, "the scenario cannot be read");
    if (machine_model_begin(scenario, false, &reason)) return 1;
    scenario_free(scenario);
    scenario = NULL;
    return refuse(control, reason.text);
}

static int end(void) {
    machine_model_end();
    requests_forget_all();
    scenario_free(scenario);
    scenario = NULL;
    return 1;
}

static int stop(const struct provider_control *control) {
    machine_model_process_ends(control->process);
    requests_forget(control->process);
    return 1;
}

/* Has the calling thread asked for something that is not modelled? */
static int tell_not_modelled(struct provider_control *control) {
    const char *what = machine_model_not_modelled();
    control->number = what != NULL;
    if (what != NULL) snprintf(control->reason, sizeof control->reason, "%s", what);
    return 1;
}

static void end_thread(uint32_t thread) {
    machine_model_thread_ends(thread);
    requests_forget_thread(thread);
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

/* What begins and what ends, of which nothing may be passed on meanwhile. */
static int change(uint32_t code, struct provider_control *control) {
    int done = 1;
    requests_pause();
    switch (code) {
    case PROVIDER_CONTROL_BEGIN: done = begin(control); break;
    case PROVIDER_CONTROL_END: done = end(); break;
    case PROVIDER_CONTROL_START: done = start(control); break;
    case PROVIDER_CONTROL_STOP: done = stop(control); break;
    case PROVIDER_CONTROL_REBOOT: machine_model_reboot(); break;
    default: end_thread(control->thread); break;
    }
    requests_resume();
    return done;
}

/* Is this an order that can be carried out? False with a reason. */
static bool makes_sense(uint32_t code, struct provider_control *control) {
    bool first = code == PROVIDER_CONTROL_BEGIN || code == PROVIDER_CONTROL_START || code == PROVIDER_CONTROL_STARTUP;
    if (control->process > PROCESSES_MAX || control->thread > THREADS_MAX)
        return refuse(control, "no scenario has so many processes or threads");
    if (control->text == NULL && control->text_bytes > 0) return refuse(control, "the text is missing");
    if (!first && !machine_model_is_there()) return refuse(control, "no scenario has begun and no process started");
    return true;
}

int ReservoirProviderControl(uint32_t code, struct provider_control *control) {
    if (control == NULL || control->size != sizeof *control) return 0;
    control->reason[0] = '\0';
    if (!makes_sense(code, control)) return 0;
    switch (code) {
    case PROVIDER_CONTROL_BEGIN:
    case PROVIDER_CONTROL_END:
    case PROVIDER_CONTROL_START:
    case PROVIDER_CONTROL_STOP:
    case PROVIDER_CONTROL_REBOOT: return change(code, control);
    case PROVIDER_CONTROL_ATTACH:
        winsock_machine_become((struct machine_thread){ .process = control->process, .thread = control->thread });
        return 1;
    case PROVIDER_CONTROL_ADVANCE: machine_model_advance(control->number); break;
    case PROVIDER_CONTROL_QUIESCENT: control->number = machine_model_quiescent(); break;
    case PROVIDER_CONTROL_THREAD_ENDS: change(code, control); break;
    case PROVIDER_CONTROL_FAULT: return fault(control);
    case PROVIDER_CONTROL_CANCEL_OWN: cancel(FUNCTION_CancelIo, control); break;
    case PROVIDER_CONTROL_CANCEL: cancel(FUNCTION_CancelIoEx, control); break;
    case PROVIDER_CONTROL_STARTUP: plugin_version(control->process, (uint16_t)control->number); return 1;
    case PROVIDER_CONTROL_ASSOCIATED: requests_associate((SOCKET)control->number); return 1;
    case PROVIDER_CONTROL_NOT_MODELLED: return tell_not_modelled(control);
    default: return refuse(control, "this provider does not know such an order");
    }
    requests_pass_on();
    return 1;
}
