#include "reports/catalogue/step_about.h"

#include <assert.h>
#include <string.h>

#include "stack/call/signature.h"
#include "stack/sdk/control_values.h"

static const struct expression *argument_of(const struct step *step, const char *parameter) {
    if (step->kind != STEP_CALL) return NULL;
    int wanted = signature_parameter(step->signature, parameter, (unsigned)strlen(parameter));
    for (uint32_t i = 0; i < step->arguments_count; i++)
        if (step->arguments[i].parameter == wanted) return step->arguments[i].value;
    return NULL;
}

static bool calls(const struct step *step, enum function function) {
    return step->kind == STEP_CALL && step->signature->function == function;
}

static bool is_ioctl(const struct step *step, uint32_t code) {
    if (step->kind != STEP_CALL || !signature_is_control(step->signature)) return false;
    const struct expression *value = argument_of(step, "code");
    return value != NULL && (uint32_t)value->number == code;
}

static bool is_associate(const struct step *step) { return is_ioctl(step, SIO_ASSOCIATE_PORT_RESERVATION); }

/* The name behind an argument, or NO_NAME. */
static int name_of_argument(const struct step *step, const char *parameter) {
    const struct expression *value = argument_of(step, parameter);
    return value == NULL || value->kind != EXPRESSION_NAME ? NO_NAME : value->name;
}

/* --- completions ---------------------------------------------------------------------------------------------- */

/* The event of an OVERLAPPED, by the line above that made it. */
static int event_of(const struct step_order *order, unsigned before, int overlapped) {
    for (unsigned i = before; i-- > 0;)
        if (order->steps[i]->kind == STEP_OVERLAPPED && order->steps[i]->product == overlapped)
            return order->steps[i]->subject;
    return NO_NAME;
}

static bool shows_completion(const struct step *step, const struct step *call, int overlapped, int event) {
    for (uint32_t i = 0; i < step->routines_count; i++)
        if (step->routines[i].overlapped == overlapped) return true;
    if (step->kind == STEP_SHOW) return step->subject == overlapped || step->subject == event;
    if (calls(step, FUNCTION_WSAGetOverlappedResult)) return name_of_argument(step, "ov") == overlapped;
    if (calls(step, FUNCTION_WaitForSingleObject))
        return event != NO_NAME && name_of_argument(step, "hHandle") == event;
    return calls(step, FUNCTION_SleepEx) && step->thread == call->thread && argument_of(call, "routine") != NULL;
}

/* The overlapped ASSOCIATE above whose completion the step shows, or NULL. Likewise below. */
static const struct step *completed_call(const struct step_order *order, unsigned index) {
    for (unsigned i = index; i-- > 0;) {
        const struct step *call = order->steps[i];
        if (!is_associate(call)) continue;
        int overlapped = name_of_argument(call, "ov");
        if (overlapped == NO_NAME) continue;
        if (shows_completion(order->steps[index], call, overlapped, event_of(order, i, overlapped))) return call;
    }
    return NULL;
}

/* --- the last error, the socket ------------------------------------------------------------------------------- */

/* The call that a step returns from, or the step itself. */
static const struct step *call_behind(const struct step_order *order, unsigned index) {
    const struct step *step = order->steps[index];
    const struct step *call = step->kind == STEP_RETURNS ? step_order_call_of(order, step) : NULL;
    return call != NULL ? call : step;
}

static const struct step *call_of_error(const struct step_order *order, unsigned index) {
    const struct step *step = order->steps[index];
    if (!calls(step, FUNCTION_WSAGetLastError)) return NULL;
    for (unsigned i = index; i-- > 0;) {
        const struct step *before = order->steps[i];
        if (before->kind == STEP_CALL && before->thread == step->thread) return is_associate(before) ? before : NULL;
    }
    return NULL;
}

static const struct step *call_about_socket(const struct step_order *order, unsigned index) {
    static const enum function uses[] = { FUNCTION_bind, FUNCTION_connect, FUNCTION_sendto, FUNCTION_getsockname };
    const struct step *step = order->steps[index];
    bool is_use = false;
    for (unsigned i = 0; i < sizeof uses / sizeof uses[0]; i++) is_use |= calls(step, uses[i]);
    if (!is_use) return NULL;
    int socket = name_of_argument(step, "s");
    for (unsigned i = index; i-- > 0 && socket != NO_NAME;)
        if (is_associate(order->steps[i]) && name_of_argument(order->steps[i], "s") == socket) return order->steps[i];
    return NULL;
}

/* --- words ---------------------------------------------------------------------------------------------------- */

const char *step_about(const struct step_order *order, unsigned index) {
    assert(order != NULL && index < order->count);
    const struct step *step = call_behind(order, index);
    if (is_associate(step)) return "ASSOCIATE";
    if (is_ioctl(step, SIO_ACQUIRE_PORT_RESERVATION)) return "ACQUIRE";
    if (is_ioctl(step, SIO_RELEASE_PORT_RESERVATION)) return "RELEASE";
    if (completed_call(order, index) != NULL) return "its-completion";
    if (call_of_error(order, index) != NULL) return "its-error";
    if (call_about_socket(order, index) != NULL) return "its-socket";
    return step->kind == STEP_CALL ? step->signature->name : "";
}

const struct step *step_control_call(const struct step_order *order, unsigned index) {
    assert(order != NULL && index < order->count);
    const struct step *step = call_behind(order, index);
    bool is_one = is_associate(step) || is_ioctl(step, SIO_ACQUIRE_PORT_RESERVATION) ||
                  is_ioctl(step, SIO_RELEASE_PORT_RESERVATION);
    if (is_one) return step;
    const struct step *call = completed_call(order, index);
    if (call == NULL) call = call_of_error(order, index);
    return call != NULL ? call : call_about_socket(order, index);
}

bool words_hold_word(const char *words, const char *word) {
    size_t length = strlen(word);
    assert(words != NULL);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t here = strcspn(at, " ");
        if (here == length && memcmp(at, word, length) == 0) return true;
        at += here;
    }
    return false;
}

bool is_step_word(const char *word, size_t length) {
    static const char *const words[] = {
        "ASSOCIATE", "ACQUIRE", "RELEASE", "its-completion", "its-error", "its-socket"
    };
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) return true;
    return signature_named(word, (unsigned)length) != NULL;
}
