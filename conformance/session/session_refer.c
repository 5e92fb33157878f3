#include "conformance/session/session_refer.h"

#include <assert.h>
#include <stddef.h>

#include "conformance/language/step_order.h"
#include "conformance/session/session_evaluate.h"

const struct expression *session_argument(const struct step *step, unsigned parameter) {
    assert(step->kind == STEP_CALL);
    assert(parameter < CALL_ARGUMENTS_MAX);
    for (uint32_t i = 0; i < step->arguments_count; i++)
        if (step->arguments[i].parameter == (int)parameter) return step->arguments[i].value;
    return NULL;
}

int session_handle_name(const struct scenario *scenario, const struct step *step) {
    int handle = signature_parameter_of_kind(step->signature, PARAMETER_HANDLE);
    const struct expression *first = handle < 0 ? NULL : session_argument(step, (unsigned)handle);
    if (first == NULL || first->kind != EXPRESSION_NAME || first->name < 0 || first->field != NULL) return NO_NAME;
    assert((uint32_t)first->name < scenario->names_count);
    enum name_kind kind = scenario->names[first->name].kind;
    return name_is_handle(kind) ? first->name : NO_NAME;
}

uint8_t session_transport(const struct session *session, const struct scenario *scenario, const struct step *call) {
    if (call != NULL && call->kind == STEP_EXPECT) return (uint8_t)call->packet->transport;
    int transport = call == NULL ? -1 : signature_parameter_of_kind(call->signature, PARAMETER_TRANSPORT);
    if (transport >= 0) return (uint8_t)session_argument(call, (unsigned)transport)->number;
    int name = call == NULL || call->arguments_count == 0 ? NO_NAME : session_handle_name(scenario, call);
    assert(name < NAMES_MAX);
    return name == NO_NAME ? 0 : session->live[name].transport;
}

uint32_t session_control_code(const struct session *session, const struct scenario *scenario, const struct step *step) {
    assert(step->signature != NULL);
    if (!signature_is_control(step->signature)) return 0;
    const struct expression *code = session_argument(step, WSAIoctl_code);
    uint64_t value = 0;
    int needed = NO_NAME;
    if (code == NULL || !session_evaluate(session, scenario, code, &value, &needed)) return 0;
    return (uint32_t)value;
}

const struct step *session_call_of(const struct scenario *scenario, const struct step *step) {
    struct step_order order;
    assert(step != NULL);
    if (step->kind == STEP_CALL) return step;
    step_order_fill(&order, scenario);
    return step_order_call_of(&order, step);
}

enum error_family session_error_family(const struct step *call_step) {
    if (call_step == NULL || call_step->signature == NULL) return ERROR_FAMILY_WINSOCK;
    return (enum error_family)call_step->signature->family;
}

int session_child(const struct step *step) {
    if (step->kind != STEP_CALL || step->signature->function != FUNCTION_CreateProcess) return NO_NAME;
    const struct expression *child = session_argument(step, CreateProcess_lpApplicationName);
    assert(child == NULL || child->kind == EXPRESSION_PROCESS);
    return child == NULL ? NO_NAME : (int)child->number;
}
