#include "conformance/player/answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/reason.h"
#include "conformance/language/parser.h"
#include "conformance/session/executor.h"
#include "conformance/session/session_bind.h"
#include "conformance/session/session_read.h"

static bool fail(const char *text, size_t length, const struct language_error *error, struct reason *reason) {
    const char *newline = memchr(text, '\n', length);
    if (newline != NULL) length = (size_t)(newline - text);
    reason_set(reason, "the answer cannot be read: %.120s; it was: %.*s", error->message,
               length > 100 ? 100 : (int)length, text);
    for (char *at = reason->text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20) *at = ' ';
    }
    return false;
}

bool answer_read(struct scenario *instance, struct session *session, const struct step *step, const char *text,
                 size_t length, struct observation *seen, struct reason *reason) {
    struct language_error error;
    struct step answered;
    assert(instance != NULL && session != NULL && step != NULL);
    assert(text != NULL && seen != NULL && reason != NULL);
    memset(seen, 0, sizeof *seen);
    memset(&error, 0, sizeof error);
    if (!step_parse_answer(instance, step, text, length, &answered, &error)) return fail(text, length, &error, reason);
    if (!session_read_answer(session, instance, step, &answered, seen, &error))
        return fail(text, length, &error, reason);
    session_learn(session, instance, step, seen);
    return true;
}
