#include "conformance/modes/mode_compare.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/build.h"
#include "stack/errors.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"

/* One line's answers by two modes. */
struct pair {
    const struct mode_lines *lines;
    const struct mode_answer *sync, *other;
};

static bool same_text(const char *one, const char *other) {
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static bool fails_with(const struct mode_answer *answer, uint32_t error) {
    return answer->is_control && answer->learnt.ending == ENDING_FAILED && answer->learnt.error == error;
}

/* --- the rules ---------------------------------------------------------------------------------------------------- */

/* The packet of a failed request has Win32's word for the status that Winsock has its own word for. */
static bool in_win32_words(const struct pair *pair) {
    unsigned count = 0;
    const struct error_row *rows = error_rows(&count);
    bool both_fail = pair->sync->learnt.ending == ENDING_FAILED && pair->other->learnt.ending == ENDING_FAILED;
    if (!both_fail || pair->lines->completion != COMPLETION_PORT) return false;
    for (unsigned i = 0; i < count; i++) {
        if (rows[i].family != ERROR_FAMILY_STATUS) continue;
        if (winsock_error_of_status(rows[i].value) == pair->sync->learnt.error &&
            win32_error_of_status(rows[i].value) == pair->other->learnt.error)
            return true;
    }
    return false;
}

/* Without an OVERLAPPED a non-blocking socket has nothing to wait by. */
static bool would_block(const struct pair *pair) {
    return fails_with(pair->sync, WSAEWOULDBLOCK) && pair->other->learnt.ending != ENDING_FAULT;
}

static bool aborted(const struct pair *pair) {
    bool interrupted = fails_with(pair->sync, WSAEINTR) || fails_with(pair->sync, WSAENOTSOCK) ||
                       fails_with(pair->sync, WSA_OPERATION_ABORTED);
    return interrupted && fails_with(pair->other, WSA_OPERATION_ABORTED);
}

/* Was the socket of the call made without WSA_FLAG_OVERLAPPED? */
static bool is_not_overlapped(const struct scenario *instance, const struct step *call) {
    const struct expression *socket = argument_value(call, WSAIoctl_s);
    for (uint32_t i = 0; socket != NULL && i < instance->steps_count; i++) {
        const struct step *step = &instance->steps[i];
        bool makes =
            step->kind == STEP_CALL && step->product != NO_NAME && step->product == socket->name &&
            (step->signature->function == FUNCTION_WSASocketA || step->signature->function == FUNCTION_WSASocketW);
        if (!makes) continue;
        const struct expression *flags = argument_value(step, WSASocketW_dwFlags);
        return flags == NULL || (flags->number & WSA_FLAG_OVERLAPPED) == 0;
    }
    return false;
}

/* Who polls there reads an OVERLAPPED that nothing has written. */
static bool ignored(const struct pair *pair) {
    bool alike = pair->other->learnt.ending == ENDING_UNREPORTED || pair->lines->completion == COMPLETION_POLLING;
    return alike && pair->sync->learnt.ending == ENDING_OK &&
           is_not_overlapped(pair->lines->instance, pair->other->step);
}

static uint32_t code_of(const struct pair *pair) {
    const struct expression *code = argument_value(pair->other->step, WSAIoctl_code);
    return pair->other->step->kind == STEP_CALL && code != NULL ? (uint32_t)code->number : 0;
}

/* What ws2_32 answers itself, too little room with it, it answers to a synchronous call only; any other one reaches a
 * transport that does not know the code. */
static bool in_user_mode(const struct pair *pair) {
    bool answered = pair->sync->learnt.ending == ENDING_OK || fails_with(pair->sync, WSAEFAULT);
    return code_of(pair) == SIO_BASE_HANDLE && answered && pair->other->learnt.ending == ENDING_FAILED;
}

/* What is answered at once and not by the transport: the packet and InternalHigh say 0. */
static bool uncounted(const struct pair *pair) {
    const struct learnt *one = &pair->sync->learnt, *other = &pair->other->learnt;
    bool both = one->ending == ENDING_OK && other->ending == ENDING_OK && same_text(one->stored, other->stored);
    uint32_t code = code_of(pair);
    bool of_these = code == SIO_GET_EXTENSION_FUNCTION_POINTER || code == FIONREAD || code == SIOCATMARK;
    return both && of_these && other->bytes == 0;
}

/* The last error is the last call's, which reported the end. */
static bool last_error(const struct pair *pair) {
    const struct step *step = pair->other->step;
    return step != NULL && step->kind == STEP_CALL && step->signature->function == FUNCTION_WSAGetLastError;
}

static const struct {
    struct mode_rule rule;
    bool (*allows)(const struct pair *pair);
    bool of_control; /* it is about how control calls end */
} rules[] = {
    { { "words", "a packet reports a failure in Win32's word for the same status, WSAGetOverlappedResult in Winsock's",
        "@T9.6.6 @W5" },
      in_win32_words,
      true },
    { { "non-blocking", "without an OVERLAPPED a non-blocking socket answers WSAEWOULDBLOCK to what pends with one",
        "@W43 @W44" },
      would_block,
      true },
    { { "interrupted",
        "a call that blocks and is cancelled, or whose socket is closed, ends with WSAEINTR where a request "
        "ends with WSA_OPERATION_ABORTED",
        "@REM-20 @REM-21 @T10.8 @T10.10" },
      aborted,
      true },
    { { "ignored",
        "on a socket that is not overlapped the OVERLAPPED is ignored: the call itself says how it ended, and "
        "what is asked of the OVERLAPPED means nothing",
        "@PAR-12 @PAR-17 @REM-15" },
      ignored,
      true },
    { { "user-mode",
        "SIO_BASE_HANDLE is answered in user mode to a synchronous call, and not supported by any other way",
        "@W34 @W35" },
      in_user_mode,
      true },
    { { "count",
        "FIONREAD, SIOCATMARK and SIO_GET_EXTENSION_FUNCTION_POINTER count their bytes where the call returns, and "
        "none where its end is reported",
        "@W12 @W29 @T6.5.8" },
      uncounted,
      true },
    { { "last-error",
        "WSAGetLastError answers for the call that was made last, and that is the one that reported the end", "@W204" },
      last_error,
      false },
};

enum { RULES_COUNT = sizeof rules / sizeof rules[0] };

const struct mode_rule *mode_rules(unsigned *count) {
    static struct mode_rule table[RULES_COUNT];
    for (unsigned i = 0; i < RULES_COUNT; i++) table[i] = rules[i].rule;
    *count = RULES_COUNT;
    return table;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static bool ended_alike(const struct learnt *one, const struct learnt *other) {
    if (one->ending != other->ending) return false;
    bool fails = one->ending == ENDING_FAILED || one->ending == ENDING_FAULT;
    if (fails) return one->error == other->error;
    bool counts = one->ending == ENDING_OK && one->bytes_are_said && other->bytes_are_said;
    return (!counts || one->bytes == other->bytes) && same_text(one->stored, other->stored);
}

int mode_compare(const struct mode_lines *lines, const struct mode_played *sync, const struct mode_played *other,
                 unsigned original) {
    assert(original < sync->count && original < other->count);
    const struct pair pair = { lines, &sync->answers[original], &other->answers[original] };
    bool control = pair.sync->is_control;
    bool equal =
        control ? ended_alike(&pair.sync->learnt, &pair.other->learnt) : same_text(pair.sync->text, pair.other->text);
    if (equal) return MODE_EQUAL;
    for (unsigned i = 0; i < RULES_COUNT; i++)
        if (rules[i].of_control == control && rules[i].allows(&pair)) return (int)i;
    return MODE_FORBIDDEN;
}
