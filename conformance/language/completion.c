#include "conformance/language/completion.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/build.h"

static const char *const names[COMPLETIONS_COUNT] = { [COMPLETION_SYNC] = "sync",
                                                      [COMPLETION_EVENT] = "event",
                                                      [COMPLETION_ROUTINE] = "routine",
                                                      [COMPLETION_PORT] = "port",
                                                      [COMPLETION_POLLING] = "polling" };

const char *completion_name(enum completion completion) {
    assert(completion < COMPLETIONS_COUNT);
    return names[completion];
}

enum completion completion_named(const char *name) {
    unsigned i = 0;
    while (i < COMPLETIONS_COUNT && strcmp(names[i], name) != 0) i++;
    return (enum completion)i;
}

void completion_give_text(char text[COMPLETION_NAME_BYTES], const char *prefix, char letter, unsigned number) {
    int length = snprintf(text, COMPLETION_NAME_BYTES, "%s%c_%u", prefix, letter, number);
    assert(length > 0 && length < COMPLETION_NAME_BYTES);
}

int completion_socket(const struct step *call) {
    const struct expression *socket = argument_value(call, WSAIoctl_s);
    bool plain = socket != NULL && socket->kind == EXPRESSION_NAME && socket->name >= 0 && socket->field == NULL &&
                 socket->offset == 0;
    return plain ? socket->name : NO_NAME;
}

static int16_t give(const struct completing *completing, char letter, unsigned number, enum name_kind kind,
                    const struct step *call) {
    char text[COMPLETION_NAME_BYTES];
    completion_give_text(text, completing->prefix, letter, number);
    return (int16_t)build_give_name(completing->to, text, kind, call);
}

static int parameter_of(const struct step *call, const char *name) {
    return signature_parameter(call->signature, name, (unsigned)strlen(name));
}

static void add_event(struct completing *completing, const struct step *call, unsigned number) {
    struct step create = build_call(completing->to, call, FUNCTION_CreateEventW, completing->prepared);
    completing->event = create.product = give(completing, 'e', number, NAME_EVENT, call);
    build_add_step(completing->to, &create);
}

/* The port, and the socket attached to it with the call's number as its key. */
static void add_port(struct completing *completing, const struct step *call, unsigned number) {
    struct scenario *to = completing->to;
    int socket = completion_socket(call);
    assert(socket != NO_NAME);
    if (completing->port_of_socket[socket] != 0) {
        completing->port = (int16_t)(completing->port_of_socket[socket] - 1);
        return;
    }
    struct step create = build_call(to, call, FUNCTION_CreateIoCompletionPort, completing->prepared);
    struct step attach = create;
    attach.outcomes = arena_allocate(to->arena, sizeof *attach.outcomes);
    attach.outcomes[0] = create.outcomes[0];
    completing->port = create.product = give(completing, 'p', number, NAME_PORT, call);
    completing->port_of_socket[socket] = completing->port + 1;
    build_argument(to, &create, CreateIoCompletionPort_FileHandle, false,
                   build_constant(to, call->position, "INVALID_HANDLE_VALUE"));
    build_add_step(to, &create);
    build_argument(to, &attach, CreateIoCompletionPort_FileHandle, false, build_name(to, call->position, socket));
    build_argument(to, &attach, CreateIoCompletionPort_ExistingCompletionPort, false,
                   build_name(to, call->position, completing->port));
    build_argument(to, &attach, CreateIoCompletionPort_CompletionKey, false, build_number(to, call->position, number));
    build_add_step(to, &attach);
}

static void add_overlapped(struct completing *completing, struct step *call, unsigned number) {
    struct scenario *to = completing->to;
    struct step overlapped = build_step(call, STEP_OVERLAPPED);
    overlapped.subject = completing->event;
    completing->overlapped = overlapped.product = give(completing, 'o', number, NAME_OVERLAPPED, call);
    build_add_step(to, &overlapped);
    build_argument(to, call, parameter_of(call, "ov"), true, build_name(to, call->position, completing->overlapped));
    if (completing->completion == COMPLETION_ROUTINE)
        build_argument(to, call, parameter_of(call, "routine"), true, build_good(to, call->position));
}

void completing_add_call(struct completing *completing, struct step *call, unsigned number) {
    struct scenario *to = completing->to;
    uint32_t first = to->steps_count;
    completing->event = completing->overlapped = completing->port = NO_NAME;
    if (completing->completion == COMPLETION_EVENT) add_event(completing, call, number);
    if (completing->completion == COMPLETION_PORT) add_port(completing, call, number);
    if (completing->completion != COMPLETION_SYNC) add_overlapped(completing, call, number);
    if (to->steps_count > first) {
        to->steps[first].comments = call->comments;
        to->steps[first].comments_count = call->comments_count;
        call->comments = NULL;
        call->comments_count = 0;
    }
    build_add_step(to, call);
}
