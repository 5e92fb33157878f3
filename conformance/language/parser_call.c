/* A call and its arguments, each checked against the signature of the function. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/language/constants.h"
#include "conformance/language/layouts.h"
#include "conformance/language/build.h"
#include "conformance/language/completion.h"
#include "conformance/language/parser_parts.h"
#include "stack/sdk/wait_values.h"

#define FORM(kind) (1u << (kind))
#define SCALARS (FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_CONSTANT) | FORM(EXPRESSION_NAME))
#define POINTER FORM(EXPRESSION_POINTER)

#define DATA (FORM(EXPRESSION_HEX) | FORM(EXPRESSION_TEXT) | FORM(EXPRESSION_NAME))
#define SPACE (FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_NAME))

/* What each kind of parameter takes: forms of values, and for names what they must stand for. */
static const struct parameter_rule {
    unsigned forms;
    unsigned classes;
    bool holds_contents; /* partly-bad(...) and unaligned(...) may carry a value */
    const char *expected;
} rules[] = {
    [PARAMETER_HANDLE] = { SCALARS, CLASS_HANDLE, false, "a handle: a name, a number or a constant" },
    [PARAMETER_KEY] = { SCALARS, CLASS_NUMBER, false, "a number" },
    [PARAMETER_CODE] = { SCALARS, CLASS_NUMBER, false, "a control code: a constant or a number" },
    [PARAMETER_U32] = { SCALARS | FORM(EXPRESSION_VARIANT), CLASS_NUMBER, false, "a number or a constant" },
    [PARAMETER_I32] = { SCALARS | FORM(EXPRESSION_VARIANT), CLASS_NUMBER, false, "a number or a constant" },
    [PARAMETER_BOOL] = { SCALARS, CLASS_NUMBER, false, "TRUE, FALSE or a number" },
    [PARAMETER_MILLISECONDS] = { SCALARS, CLASS_NUMBER, false, "a number of milliseconds or INFINITE" },
    [PARAMETER_ACCOUNT] = { FORM(EXPRESSION_WORD), 0, false, "a user that a line `user` above gives" },
    [PARAMETER_MANIFEST] = { FORM(EXPRESSION_WORD), 0, false, "asInvoker, highestAvailable or requireAdministrator" },
    [PARAMETER_CONDITION] = { SCALARS | FORM(EXPRESSION_VARIANT), CLASS_NUMBER, false,
                              "CF_ACCEPT, CF_REJECT or CF_DEFER" },
    [PARAMETER_CHILD] = { FORM(EXPRESSION_PROCESS), 0, false, "a process with `of`" },
    [PARAMETER_PORT] = { SCALARS | FORM(EXPRESSION_HEX), CLASS_PORT, false,
                         "a port: a number, a name, or its two bytes as hex(...)" },
    [PARAMETER_U16] = { SCALARS, CLASS_NUMBER, false, "a number" },
    [PARAMETER_PORT_NUMBER] = { SCALARS, CLASS_PORT, false, "a port: a number or a name" },
    [PARAMETER_TRANSPORT] = { FORM(EXPRESSION_WORD) | FORM(EXPRESSION_VARIANT), 0, false, "tcp, udp or $transport" },
    [PARAMETER_STORE] = { FORM(EXPRESSION_WORD), 0, false, "active or persistent" },
    [PARAMETER_FAMILY] = { FORM(EXPRESSION_WORD), 0, false, "ipv4 or ipv6" },
    [PARAMETER_THREAD] = { FORM(EXPRESSION_THREAD) | FORM(EXPRESSION_NUMBER) | FORM(EXPRESSION_NAME), CLASS_THREAD,
                           false,
                           "a thread of this process, such as app.t2, the name of a handle to one, or a number" },
    [PARAMETER_OBJECT] = { SCALARS | FORM(EXPRESSION_THREAD), CLASS_HANDLE, false,
                           "a handle's name, a thread of this process, such as app.t2, or a number" },
    [PARAMETER_PROCESS] = { FORM(EXPRESSION_PROCESS) | FORM(EXPRESSION_NUMBER), 0, false,
                            "a process: its name or a number" },
    [PARAMETER_IN] = { SCALARS | POINTER | FORM(EXPRESSION_RECORD) | FORM(EXPRESSION_HEX),
                       CLASS_NUMBER | CLASS_TOKEN | CLASS_OUTPUT | CLASS_BUFFER | CLASS_HANDLE, true,
                       "input: a record {...}, a name, a number, hex(...), NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_OUT] = { POINTER | FORM(EXPRESSION_NAME), CLASS_BUFFER, false,
                        "NULL, good, bad, partly-bad, unaligned or a buffer" },
    [PARAMETER_PARTS_OUT] = { POINTER | FORM(EXPRESSION_NAME), CLASS_BUFFER, false,
                              "NULL, good, bad, partly-bad, unaligned or a buffer" },
    [PARAMETER_PARTS_IN] = { FORM(EXPRESSION_NAME), CLASS_BUFFER, false, "a buffer that AcceptEx has filled" },
    [PARAMETER_SIZE] = { SCALARS, CLASS_NUMBER, false, "a size: a number" },
    [PARAMETER_SIZE_DWORD] = { SCALARS, CLASS_NUMBER, false, "a size: a number" },
    [PARAMETER_SIZE_POINTER] = { SCALARS | POINTER, CLASS_NUMBER, true,
                                 "a size, NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_ADDRESS] = { POINTER | FORM(EXPRESSION_ADDRESS) | FORM(EXPRESSION_HEX) | FORM(EXPRESSION_NAME),
                            CLASS_ADDRESS, true,
                            "an address such as 127.0.0.1:p, the name of one, hex(...), NULL, bad, partly-bad or "
                            "unaligned" },
    [PARAMETER_ADDRESS_OUT] = { POINTER | FORM(EXPRESSION_NAME), CLASS_BUFFER, false,
                                "NULL, good, bad, partly-bad, unaligned or a buffer" },
    [PARAMETER_COUNT_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_ERROR_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_THREAD_ID] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_TOKEN_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_KEY_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_OVERLAPPED_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_ENTRIES_OUT] = { POINTER, 0, false, "NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_ROW_OUT] = { 0, 0, false, "nothing: the outcome reports the row" },
    [PARAMETER_RANGE_OUT] = { 0, 0, false, "nothing: the outcome reports the range" },
    [PARAMETER_FLAG_OUT] = { SCALARS | POINTER, CLASS_NUMBER, true,
                             "a number, NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_FLAGS] = { SCALARS | POINTER, CLASS_NUMBER, true, "flags, NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_BUFFERS_IN] = { POINTER | DATA | FORM(EXPRESSION_RECORD), CLASS_BUFFER, false,
                               "data: hex(...), \"text\", a buffer, or several of them in {...}; NULL or bad" },
    [PARAMETER_BUFFERS_OUT] = { POINTER | SPACE | FORM(EXPRESSION_RECORD), CLASS_BUFFER, false,
                                "a buffer, a number of bytes, or several of them in {...}; NULL or bad" },
    [PARAMETER_HANDLES] = { POINTER | FORM(EXPRESSION_RECORD), 0, false,
                            "handles in {...}, such as {e1, e2}; NULL or bad" },
    [PARAMETER_SOCKETS] = { SCALARS | POINTER | FORM(EXPRESSION_RECORD), CLASS_HANDLE, false,
                            "a socket, or several in {...}; NULL or bad" },
    [PARAMETER_POLLED] = { SCALARS | POINTER | FORM(EXPRESSION_RECORD), CLASS_NUMBER, false,
                           "events, or several in {...}, one for each socket; NULL" },
    [PARAMETER_OVERLAPPED] = { POINTER | FORM(EXPRESSION_NAME), CLASS_OVERLAPPED, false,
                               "an overlapped, NULL, good, bad, partly-bad or unaligned" },
    [PARAMETER_ROUTINE] = { POINTER, 0, false, "NULL, good or bad" },
    [PARAMETER_APC] = { POINTER, 0, false, "good" },
    [PARAMETER_HOOK] = { POINTER, 0, false, "NULL, good or bad" },
    [PARAMETER_NULL] = { POINTER, 0, false, "NULL or bad" },
    [PARAMETER_TEXT] = { POINTER | FORM(EXPRESSION_TEXT), 0, true,
                         "a text in quotes, NULL, bad, partly-bad or unaligned" },
    [PARAMETER_PROTOCOL_INFO] = { POINTER | FORM(EXPRESSION_NAME), CLASS_PROTOCOL_INFO, true,
                                  "what WSADuplicateSocketW gave, NULL, good, bad, partly-bad or unaligned" },
};

static const char *place_of(const struct parser *parser, const struct expression *value) {
    return parser->lexer.line + value->position.column - 1;
}

static bool fail_argument(struct parser *parser, const struct expression *value, const struct parameter *parameter,
                          const char *expected) {
    return lexer_fail_at(&parser->lexer, place_of(parser, value), "parameter %s: expected %s", parameter->name,
                         expected);
}

static bool is_signed(const struct parameter *parameter) {
    return parameter->kind == PARAMETER_I32 || parameter->kind == PARAMETER_SIZE ||
           parameter->kind == PARAMETER_SIZE_POINTER || parameter->kind == PARAMETER_IN;
}

static bool check_number(struct parser *parser, const struct parameter *parameter, const struct expression *value) {
    bool may_be_negative = is_signed(parameter);
    if (value->negative && !may_be_negative)
        return fail_argument(parser, value, parameter, "a number without a minus; the parameter is unsigned");
    bool wide = parameter->kind == PARAMETER_THREAD || parameter->kind == PARAMETER_HANDLE ||
                parameter->kind == PARAMETER_OBJECT || parameter->kind == PARAMETER_IN ||
                parameter->kind == PARAMETER_KEY || parameter->kind == PARAMETER_SOCKETS;
    if (wide) return true;
    bool narrow = parameter->kind == PARAMETER_PORT || parameter->kind == PARAMETER_U16 ||
                  parameter->kind == PARAMETER_PORT_NUMBER;
    if (narrow && value->number > UINT16_MAX) return fail_argument(parser, value, parameter, "a number of 16 bits");
    if (parameter->kind == PARAMETER_CONDITION && value->number > CONDITION_DEFER - CONDITION_ACCEPT)
        return fail_argument(parser, value, parameter, rules[PARAMETER_CONDITION].expected);
    uint64_t max = may_be_negative && !value->hexadecimal ? INT32_MAX : UINT32_MAX;
    if (value->negative) max = (uint64_t)INT32_MAX + 1;
    if (value->number <= max) return true;
    return fail_argument(parser, value, parameter,
                         may_be_negative ? "a signed number of 32 bits" : "a number of 32 bits");
}

/* --- input of control codes --------------------------------------------------------------------------------------- */

/* The control code of a WSAIoctl or WSPIoctl; 0 when it is not written as a number or a constant. */
static uint32_t control_code(const struct step *step) {
    const struct expression *code = argument_value(step, WSAIoctl_code);
    bool plain = code != NULL && (code->kind == EXPRESSION_CONSTANT || code->kind == EXPRESSION_NUMBER);
    return plain ? (uint32_t)code->number : 0;
}

static uint64_t field_max(enum layout layout) {
    if (layout == LAYOUT_PORT_RANGE || layout == LAYOUT_U16) return 65535;
    return layout == LAYOUT_PORT_TOKEN ? UINT64_MAX : UINT32_MAX;
}

static bool check_field(struct parser *parser, const struct parameter *parameter, enum layout layout, unsigned index,
                        const struct expression *item) {
    bool is_port = layout == LAYOUT_PORT_RANGE && index == 0;
    unsigned classes = is_port ? CLASS_PORT : layout == LAYOUT_PORT_TOKEN ? CLASS_TOKEN | CLASS_NUMBER : CLASS_NUMBER;
    if (item->kind == EXPRESSION_HEX || item->kind == EXPRESSION_TEXT || item->kind == EXPRESSION_POINTER)
        return fail_argument(parser, item, parameter, "a number or a name; only an array of buffers holds data");
    if (item->kind == EXPRESSION_ANY_PORT)
        return is_port || fail_argument(parser, item, parameter, "a number; only a port can be any");
    if (item->kind != EXPRESSION_NAME)
        return item->number <= field_max(layout) ||
               fail_argument(parser, item, parameter, is_port ? "a port up to 65535" : "a number that fits the field");
    if ((parser_classes(parser, item) & classes) != 0) return true;
    return fail_argument(parser, item, parameter, is_port ? "a port" : "a number or a name that stands for one");
}

static bool check_record(struct parser *parser, const struct parameter *parameter, enum layout layout,
                         const struct expression *record) {
    unsigned fields = layout_fields_count(layout);
    if (fields == 0) return fail_argument(parser, record, parameter, "hex(...): this call's input has no fields");
    if (record->items_count != fields) {
        char expected[120];
        size_t length = 0;
        for (unsigned i = 0; i < fields; i++) {
            int added = snprintf(expected + length, sizeof expected - length, "%s%s", i == 0 ? "a record {" : ", ",
                                 layout_field_name(layout, i));
            length += (size_t)added;
            assert(length < sizeof expected - 2);
        }
        snprintf(expected + length, sizeof expected - length, "}");
        return fail_argument(parser, record, parameter, expected);
    }
    for (unsigned i = 0; i < fields; i++) {
        if (!check_field(parser, parameter, layout, i, record->items[i])) return false;
    }
    return true;
}

/* Input whose size follows from its type. */
static bool check_input(struct parser *parser, const struct step *step, const struct parameter *parameter,
                        const struct expression *value) {
    bool is_control = signature_is_control(step->signature);
    enum layout layout = is_control ? control_layout_of(control_code(step)).input : LAYOUT_U32;
    if (value->kind == EXPRESSION_RECORD)
        return check_record(parser, parameter, is_control ? layout : LAYOUT_NONE, value);
    bool number = value->kind == EXPRESSION_NUMBER || value->kind == EXPRESSION_CONSTANT;
    if (!number || layout_fields_count(layout) == 1) {
        bool narrow = layout == LAYOUT_U32 || layout == LAYOUT_U16;
        bool too_large = value->kind == EXPRESSION_NUMBER && narrow && value->number > field_max(layout);
        return !too_large || fail_argument(parser, value, parameter,
                                           layout == LAYOUT_U16 ? "a number of 16 bits" : "a number of 32 bits");
    }
    if (layout_fields_count(layout) > 1)
        return fail_argument(parser, value, parameter, "a record {...}: the input has several fields");
    return fail_argument(parser, value, parameter, "hex(...): the size of a number is not known here");
}

/* --- buffers of WSASend and WSARecv ------------------------------------------------------------------------------- */

static bool are_buffers(const struct parameter *parameter) {
    return parameter->kind == PARAMETER_BUFFERS_IN || parameter->kind == PARAMETER_BUFFERS_OUT;
}

/* Each WSABUF of {...}; NULL and bad are the memory of one. */
static bool check_buffers(struct parser *parser, const struct parameter *parameter, const struct expression *record) {
    unsigned forms = parameter->kind == PARAMETER_BUFFERS_IN ? DATA | POINTER : SPACE | POINTER;
    if (record->items_count == 0) return fail_argument(parser, record, parameter, "at least one buffer");
    if (record->items_count > CALL_BUFFERS_MAX) return fail_argument(parser, record, parameter, "at most 4 buffers");
    for (uint32_t i = 0; i < record->items_count; i++) {
        const struct expression *item = record->items[i];
        bool name = item->kind == EXPRESSION_NAME;
        bool pointer = item->kind == EXPRESSION_POINTER;
        if ((forms & FORM(item->kind)) == 0 || (name && (parser_classes(parser, item) & CLASS_BUFFER) == 0) ||
            (pointer && item->number != POINTER_NULL && item->number != POINTER_BAD))
            return fail_argument(parser, item, parameter, rules[parameter->kind].expected);
        if (item->kind == EXPRESSION_NUMBER && (item->negative || item->number > BUFFER_BYTES_MAX))
            return fail_argument(parser, item, parameter, "a number of bytes, at most 512");
    }
    return true;
}

/* More than there are would be memory that no one has described; so many handles that no one looks at them are not. */
static bool check_array_count(struct parser *parser, const struct step *step) {
    for (unsigned i = 0; i < step->signature->parameters_count; i++) {
        const struct parameter *parameter = &step->signature->parameters[i];
        bool handles = parameter->kind == PARAMETER_HANDLES;
        if (!are_buffers(parameter) && !handles) continue;
        const struct expression *buffers = argument_value(step, (int)i);
        const struct expression *count = argument_value(step, parameter->pair);
        bool plain = buffers->kind == EXPRESSION_POINTER;
        uint64_t there = buffers->kind == EXPRESSION_RECORD ? buffers->items_count : 1;
        bool number = count != NULL && count->kind == EXPRESSION_NUMBER;
        bool too_many = handles && number && count->number == MAXIMUM_WAIT_OBJECTS + 1;
        if (count == NULL || plain || too_many || (number && count->number <= there)) continue;
        return fail_argument(parser, count, &step->signature->parameters[parameter->pair],
                             handles ? "a number, at most as many as there are handles, or 65, which are too many"
                                     : "a number, at most as many as there are buffers");
    }
    return true;
}

/* --- handles that a call waits for -------------------------------------------------------------------------------- */

static bool check_handles(struct parser *parser, const struct parameter *parameter, const struct expression *record) {
    if (record->items_count == 0 && parameter->kind == PARAMETER_HANDLES)
        return fail_argument(parser, record, parameter, rules[PARAMETER_HANDLES].expected);
    for (uint32_t i = 0; i < record->items_count; i++) {
        const struct expression *item = record->items[i];
        bool name = item->kind == EXPRESSION_NAME;
        if ((SCALARS & FORM(item->kind)) == 0 || (name && (parser_classes(parser, item) & CLASS_HANDLE) == 0))
            return fail_argument(parser, item, parameter, rules[PARAMETER_HANDLE].expected);
    }
    return true;
}

/* Of WSAPoll: numbers, whose number is compared when all arguments are there. */
static bool check_events(struct parser *parser, const struct parameter *parameter, const struct expression *record) {
    for (uint32_t i = 0; i < record->items_count; i++) {
        const struct expression *item = record->items[i];
        bool number = item->kind == EXPRESSION_NUMBER || item->kind == EXPRESSION_CONSTANT;
        if (!number || item->number > UINT16_MAX)
            return fail_argument(parser, item, parameter, "events: a constant such as POLLRDNORM, or a number");
    }
    return true;
}

enum { POLLED_MAX = 4 }; /* what is found of them is one number of 64 bits in an observation */

/* A socket and its events, or as many events as there are sockets; or no place for them. */
static bool check_polled(struct parser *parser, const struct step *step) {
    int events_place = signature_parameter_of_kind(step->signature, PARAMETER_POLLED);
    if (events_place < 0) return true;
    const struct parameter *parameter = &step->signature->parameters[events_place];
    const struct expression *events = argument_value(step, events_place);
    const struct expression *sockets = argument_value(step, parameter->pair);
    if (sockets->kind == EXPRESSION_POINTER)
        return fail_argument(parser, sockets, &step->signature->parameters[parameter->pair],
                             "a socket, or several in {...}");
    bool several = sockets->kind == EXPRESSION_RECORD;
    if (several && sockets->items_count > POLLED_MAX)
        return fail_argument(parser, sockets, &step->signature->parameters[parameter->pair], "at most 4 sockets");
    if (events->kind == EXPRESSION_POINTER) return true;
    bool alike =
        several == (events->kind == EXPRESSION_RECORD) && (!several || sockets->items_count == events->items_count);
    return alike || fail_argument(parser, events, parameter, "events for each socket, {...} where these are {...}");
}

/* --- one argument ------------------------------------------------------------------------------------------------- */

static bool check_value(struct parser *parser, const struct step *step, const struct parameter *parameter,
                        const struct expression *value) {
    const struct parameter_rule *rule = &rules[parameter->kind];
    if ((rule->forms & FORM(value->kind)) == 0) return fail_argument(parser, value, parameter, rule->expected);
    switch (value->kind) {
    case EXPRESSION_NAME:
        if ((parser_classes(parser, value) & rule->classes) == 0)
            return fail_argument(parser, value, parameter, rule->expected);
        return true;
    case EXPRESSION_RECORD:
        if (are_buffers(parameter)) return check_buffers(parser, parameter, value);
        if (parameter->kind == PARAMETER_HANDLES || parameter->kind == PARAMETER_SOCKETS)
            return check_handles(parser, parameter, value);
        if (parameter->kind == PARAMETER_POLLED) return check_events(parser, parameter, value);
        break;
    case EXPRESSION_NUMBER:
        if (!check_number(parser, parameter, value)) return false;
        if (parameter->kind == PARAMETER_BUFFERS_OUT && value->number > BUFFER_BYTES_MAX)
            return fail_argument(parser, value, parameter, "a number of bytes, at most 512");
        break;
    case EXPRESSION_POINTER:
        if ((parameter->kind == PARAMETER_ROUTINE || parameter->kind == PARAMETER_HOOK) && value->number > POINTER_BAD)
            return fail_argument(parser, value, parameter, rule->expected);
        if (parameter->kind == PARAMETER_APC && value->number != POINTER_GOOD)
            return fail_argument(parser, value, parameter, rule->expected);
        if ((parameter->kind == PARAMETER_NULL || parameter->kind == PARAMETER_HANDLES ||
             parameter->kind == PARAMETER_SOCKETS) &&
            value->number != POINTER_NULL && value->number != POINTER_BAD)
            return fail_argument(parser, value, parameter, rule->expected);
        if (parameter->kind == PARAMETER_POLLED && value->number != POINTER_NULL)
            return fail_argument(parser, value, parameter, rule->expected);
        if (value->items_count == 0) return true;
        if (!rule->holds_contents)
            return fail_argument(parser, value->items[0], parameter, "a pointer without contents");
        return check_value(parser, step, parameter, value->items[0]);
    case EXPRESSION_VARIANT: {
        if (parameter->kind == PARAMETER_TRANSPORT)
            return strcmp(value->text, "transport") == 0 || fail_argument(parser, value, parameter, rule->expected);
        bool host = strcmp(value->text, "any") == 0 || strcmp(value->text, "loopback") == 0;
        bool other = strcmp(value->text, "completion") == 0 || strcmp(value->text, "transport") == 0 ||
                     strcmp(value->text, "startup") == 0;
        if (host || other || strcmp(value->text, "socket") == 0)
            return fail_argument(parser, value, parameter, rule->expected);
        return true;
    }
    default: break;
    }
    return parameter->kind != PARAMETER_IN || check_input(parser, step, parameter, value);
}

static bool add_argument(struct parser *parser, struct step *step, int parameter, bool named,
                         struct expression *value) {
    step->arguments = arena_append(parser->arena, step->arguments, step->arguments_count, sizeof *step->arguments);
    step->arguments[step->arguments_count++] =
        (struct argument){ .value = value, .parameter = (int8_t)parameter, .named = named };
    return true;
}

/* name=, with the cursor after the '='; *parameter is -1 when this is a positional argument. */
static bool take_parameter_name(struct parser *parser, const struct step *step, int *parameter) {
    struct lexer *lexer = &parser->lexer;
    const struct signature *signature = step->signature;
    const char *start = lexer->at;
    struct word word = lexer_take_word(lexer);
    *parameter = -1;
    if (word.length == 0 || !lexer_take(lexer, "=")) {
        lexer->at = start;
        return true;
    }
    *parameter = signature_parameter(signature, word.start, word.length);
    if (*parameter >= 0) return true;
    struct nearest nearest = nearest_to(word.start, word.length);
    for (unsigned i = 0; i < signature->parameters_count; i++) nearest_offer(&nearest, signature->parameters[i].name);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (nearest.best == NULL)
        return lexer_fail_at(lexer, word.start, "%s has no parameter %.*s", signature->name, shown, word.start);
    return lexer_fail_at(lexer, word.start, "%s has no parameter %.*s; the nearest is %s", signature->name, shown,
                         word.start, nearest.best);
}

/* $socket stands for the first three arguments of socket, WSASocketA and WSASocketW. */
static bool is_socket_variant(const struct step *step, const struct expression *value) {
    return value->kind == EXPRESSION_VARIANT && strcmp(value->text, "socket") == 0 &&
           signature_parameter(step->signature, "af", 2) == socket_af;
}

/* A process by its name, known wherever the line holds; anything else is a value like others. */
static struct expression *process_value(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0 || !word_is_name(word)) return parser_expression(parser);
    int process = parser_use_process(parser, word, "a line `process` above");
    if (process == NO_NAME) return NULL;
    struct expression *value = parser_new_expression(parser, EXPRESSION_PROCESS, word.start);
    value->text = parser_keep(parser, word);
    value->number = (uint64_t)process;
    lexer_take_word(lexer);
    return value;
}

/* A thread of the process that calls, by its name; anything else, a handle's name among it, is a value like others. */
static struct expression *thread_value(struct parser *parser, const struct step *step, unsigned kind) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0 || !word_is_name(word) || parser_find_name(parser, word) != NO_NAME)
        return parser_expression(parser);
    if (kind == PARAMETER_OBJECT && parser_find_process(parser, word) == NO_NAME) return parser_expression(parser);
    int process = parser_use_process(parser, word, "a thread such as app.t2");
    if (process == NO_NAME) return NULL;
    struct word thread = { word.start, 0 }, whole = word;
    lexer_take_word(lexer);
    if (lexer_take_adjacent(lexer, '.')) thread = lexer_take_word(lexer);
    whole.length = (unsigned)(lexer->at - word.start);
    int index = parser_find_thread(parser, word, thread);
    if (index == NO_NAME || process != step->process) {
        lexer_fail_at(lexer, word.start, "parameter %s: expected %s",
                      kind == PARAMETER_THREAD ? "hThread" : "hSourceHandle", rules[kind].expected);
        return NULL;
    }
    struct expression *value = parser_new_expression(parser, EXPRESSION_THREAD, word.start);
    value->text = parser_keep(parser, whole);
    value->number = (uint64_t)index;
    return value;
}

static struct expression *word_value(struct parser *parser, struct word word, uint64_t number) {
    struct expression *value = parser_new_expression(parser, EXPRESSION_WORD, word.start);
    value->text = parser_keep(parser, word);
    value->number = number;
    lexer_take_word(&parser->lexer);
    return value;
}

/* A user, as its account. */
static struct expression *account_value(struct parser *parser) {
    struct word word = lexer_peek_word(&parser->lexer);
    int user = parser_find_user(parser, word);
    return user == NO_NAME ? NULL : word_value(parser, word, (uint64_t)user + 1);
}

static struct expression *manifest_value(struct parser *parser) {
    struct word word = lexer_peek_word(&parser->lexer);
    int manifest = parser_find_manifest(parser, word);
    return manifest == NO_NAME ? NULL : word_value(parser, word, (uint64_t)manifest);
}

/* tcp, udp or $transport; any other value is refused by its kind. */
static struct expression *transport_value(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    if (word_is(word, "tcp")) return word_value(parser, word, TRANSPORT_TCP);
    if (word_is(word, "udp")) return word_value(parser, word, TRANSPORT_UDP);
    if (lexer_peek(lexer) != '$') {
        lexer_fail(lexer, "parameter protocol: expected %s", rules[PARAMETER_TRANSPORT].expected);
        return NULL;
    }
    return parser_expression(parser);
}

static struct expression *store_value(struct parser *parser) {
    struct word word = lexer_peek_word(&parser->lexer);
    if (word_is(word, "active")) return word_value(parser, word, NETSH_ACTIVE);
    if (word_is(word, "persistent")) return word_value(parser, word, NETSH_PERSISTENT);
    lexer_fail(&parser->lexer, "parameter store: expected %s", rules[PARAMETER_STORE].expected);
    return NULL;
}

static struct expression *family_value(struct parser *parser) {
    struct word word = lexer_peek_word(&parser->lexer);
    if (word_is(word, "ipv4")) return word_value(parser, word, NETSH_IPV4);
    if (word_is(word, "ipv6")) return word_value(parser, word, NETSH_IPV6);
    lexer_fail(&parser->lexer, "parameter family: expected %s", rules[PARAMETER_FAMILY].expected);
    return NULL;
}

static struct expression *argument_of_kind(struct parser *parser, const struct step *step, unsigned kind) {
    switch (kind) {
    case PARAMETER_CHILD:
    case PARAMETER_PROCESS: return process_value(parser);
    case PARAMETER_THREAD:
    case PARAMETER_OBJECT: return thread_value(parser, step, kind);
    case PARAMETER_ACCOUNT: return account_value(parser);
    case PARAMETER_MANIFEST: return manifest_value(parser);
    case PARAMETER_TRANSPORT: return transport_value(parser);
    case PARAMETER_STORE: return store_value(parser);
    case PARAMETER_FAMILY: return family_value(parser);
    default: return parser_expression(parser);
    }
}

static bool take_argument(struct parser *parser, struct step *step, unsigned *positional, bool *named_seen,
                          bool given[CALL_ARGUMENTS_MAX]) {
    struct lexer *lexer = &parser->lexer;
    const struct signature *signature = step->signature;
    lexer_peek(lexer);
    const char *start = lexer->at;
    int parameter = -1;
    if (!take_parameter_name(parser, step, &parameter)) return false;
    bool named = parameter >= 0;
    if (!named && *named_seen)
        return lexer_fail_at(lexer, start, "an argument without a name after one with a name; expected name=value");
    if (!named && *positional >= signature->parameters_count)
        return lexer_fail_at(lexer, start, "%s has %u parameters; this is one too many", signature->name,
                             (unsigned)signature->parameters_count);
    if (!named) parameter = (int)*positional;
    if (given[parameter])
        return lexer_fail_at(lexer, start, "parameter %s is given twice", signature->parameters[parameter].name);
    struct expression *value = argument_of_kind(parser, step, signature->parameters[parameter].kind);
    if (value == NULL) return false;
    *named_seen |= named;
    given[parameter] = true;
    if (is_socket_variant(step, value)) {
        if (named || parameter != socket_af)
            return lexer_fail_at(lexer, start, "$socket stands for the first three arguments");
        given[socket_type] = given[socket_protocol] = true;
        *positional += socket_parameters_count;
        return add_argument(parser, step, socket_af, false, value);
    }
    if (!named) *positional += 1;
    return check_value(parser, step, &signature->parameters[parameter], value) &&
           add_argument(parser, step, parameter, named, value);
}

static bool take_arguments(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    bool given[CALL_ARGUMENTS_MAX] = { false };
    bool named_seen = false;
    unsigned positional = 0;
    if (!lexer_expect(lexer, "(")) return false;
    if (lexer_peek(lexer) != ')') {
        do {
            if (!take_argument(parser, step, &positional, &named_seen, given)) return false;
        } while (lexer_take(lexer, ","));
    }
    if (lexer_peek(lexer) != ')') return lexer_expected(lexer, "',' or ')'");
    for (unsigned i = 0; i < step->signature->parameters_count; i++) {
        const struct parameter *parameter = &step->signature->parameters[i];
        if (!given[i] && !parameter->optional)
            return lexer_fail(lexer, "%s needs its parameter %s", step->signature->name, parameter->name);
    }
    return check_array_count(parser, step) && check_polled(parser, step) && lexer_expect(lexer, ")");
}

/* --- the product -------------------------------------------------------------------------------------------------- */

/* Each keeps its image in the session's memory, which has room for so many. */
static bool check_protocol_infos(struct parser *parser, struct word product) {
    unsigned count = 0;
    for (uint32_t i = 0; i < parser->scenario->names_count; i++)
        count += parser->scenario->names[i].kind == NAME_PROTOCOL_INFO;
    return count <= PROTOCOL_INFOS_MAX ||
           lexer_fail_at(&parser->lexer, product.start, "more than %d products of WSADuplicateSocketW in one scenario",
                         PROTOCOL_INFOS_MAX);
}

/* DuplicateHandle: the new handle is of its source's kind, in the target process. */
static bool copied_name(struct parser *parser, const struct step *step, struct word product, struct name *name) {
    const struct expression *source = argument_value(step, DuplicateHandle_hSourceHandle);
    const struct expression *target = argument_value(step, DuplicateHandle_hTargetProcessHandle);
    if (target->kind == EXPRESSION_PROCESS) name->process = (int)target->number;
    bool named = source->kind == EXPRESSION_NAME && source->name != NO_NAME;
    name->kind = named ? parser->scenario->names[source->name].kind : NAME_THREAD;
    return named || source->kind == EXPRESSION_THREAD ||
           lexer_fail_at(&parser->lexer, product.start,
                         "what a number is the handle of cannot be told: no name for it");
}

static bool give_product(struct parser *parser, struct step *step, struct word product) {
    static const enum name_kind kinds[] = {
        [PRODUCT_SOCKET] = NAME_SOCKET,
        [PRODUCT_EVENT] = NAME_EVENT,
        [PRODUCT_FILE] = NAME_FILE,
        [PRODUCT_OUTPUT] = NAME_OUTPUT,
        [PRODUCT_ADDRESS] = NAME_ADDRESS,
        [PRODUCT_VALUE] = NAME_VALUE,
        [PRODUCT_PROTOCOL_INFO] = NAME_PROTOCOL_INFO,
        [PRODUCT_TOKEN] = NAME_TOKEN,
        [PRODUCT_PORT] = NAME_PORT,
        [PRODUCT_COPY] = NAME_THREAD,
    };
    const struct signature *signature = step->signature;
    if (product.length == 0) return true;
    if (signature->product == PRODUCT_NONE)
        return lexer_fail_at(&parser->lexer, product.start, "%s has no product to name", signature->name);
    struct name name = { .kind = kinds[signature->product], .process = step->process };
    if (signature->product == PRODUCT_COPY && !copied_name(parser, step, product, &name)) return false;
    if (name.kind == NAME_OUTPUT) {
        name.control_code = control_code(step);
        if (control_layout_of(name.control_code).output == LAYOUT_NONE) {
            const char *code = control_code_name(name.control_code);
            return lexer_fail_at(&parser->lexer, product.start, "%s has no output to name",
                                 code != NULL ? code : "this control code");
        }
    }
    step->product = (int16_t)parser_give_name(parser, product, &name);
    return step->product != NO_NAME && check_protocol_infos(parser, product);
}

static bool fail_unknown_function(struct parser *parser, struct word word) {
    struct nearest nearest = nearest_to(word.start, word.length);
    if (function_is_known(word.start, word.length))
        return lexer_fail_at(&parser->lexer, word.start, "%.*s is known, and not modelled", (int)word.length,
                             word.start);
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) nearest_offer(&nearest, signature_of((enum function)i)->name);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (nearest.best == NULL)
        return lexer_fail_at(&parser->lexer, word.start, "unknown function %.*s", shown, word.start);
    return lexer_fail_at(&parser->lexer, word.start, "unknown function %.*s; the nearest is %s", shown, word.start,
                         nearest.best);
}

/* The instances of the line that complete in this way. */
static uint64_t completed_by(const struct parser *parser, enum completion completion) {
    uint64_t mask = 0;
    for (unsigned i = 0; i < parser->instances_count; i++) {
        const char *value = variants_value(parser->scenario, &parser->instances[i], "completion");
        if (completion_named(value) == completion) mask |= UINT64_C(1) << i;
    }
    return mask & parser->mask;
}

/* The line gives e_N, o_N or p_N in these instances. */
static bool give_for_completion(struct parser *parser, const struct step *step, char letter, enum name_kind kind,
                                uint64_t mask) {
    char text[COMPLETION_NAME_BYTES];
    uint64_t line_mask = parser->mask;
    if (mask == 0) return true;
    completion_give_text(text, "", letter, parser->completions);
    struct name name = { .kind = kind, .process = step->process };
    parser->mask = mask;
    int index = parser_give_name(parser, (struct word){ text, (unsigned)strlen(text) }, &name);
    parser->mask = line_mask;
    return index != NO_NAME;
}

/* Of the instances by port, those in which no line above has attached the socket: this one makes its port. */
static bool give_port_for_completion(struct parser *parser, const struct step *step, const char *place) {
    uint64_t by_port = completed_by(parser, COMPLETION_PORT);
    int socket = completion_socket(step);
    if (by_port == 0) return true;
    if (socket == NO_NAME || parser->scenario->names[socket].kind != NAME_SOCKET)
        return lexer_fail_at(&parser->lexer, place,
                             "`by $completion` attaches the socket to a completion port: expected its name as s");
    uint64_t first = by_port & ~parser->sockets_attached[socket];
    parser->sockets_attached[socket] |= by_port;
    return give_for_completion(parser, step, 'p', NAME_PORT, first);
}

/* by $completion */
static bool take_completion(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    const char *place = lexer->at;
    if (!word_is(lexer_peek_word(lexer), "by")) return true;
    lexer_take_word(lexer);
    if (!lexer_expect(lexer, "$")) return false;
    struct word word = lexer_take_word(lexer);
    if (!word_is(word, "completion")) return lexer_fail_at(lexer, word.start, "expected $completion after `by`");
    if (!parser_check_variant(parser, word)) return false;
    if (!signature_is_control(step->signature))
        return lexer_fail_at(lexer, place, "`by $completion` goes with WSAIoctl and WSPIoctl only");
    if (argument_value(step, WSAIoctl_ov) != NULL || argument_value(step, WSAIoctl_routine) != NULL)
        return lexer_fail_at(lexer, place, "`by $completion` brings its own ov and routine; leave these arguments out");
    if (parser->in_together) return lexer_fail_at(lexer, place, "`by $completion` cannot stand inside `together`");
    step->completion = 1;
    parser->completions++;
    parser->steps_total += COMPLETION_LINES_MAX;
    uint64_t sync = completed_by(parser, COMPLETION_SYNC);
    return give_for_completion(parser, step, 'e', NAME_EVENT, completed_by(parser, COMPLETION_EVENT)) &&
           give_for_completion(parser, step, 'o', NAME_OVERLAPPED, parser->mask & ~sync) &&
           give_port_for_completion(parser, step, place);
}

bool parser_call(struct parser *parser, struct step *step, struct word product) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_take_word(lexer);
    if (word.length == 0) return lexer_expected(lexer, "a call, `returns` or `show`");
    step->kind = STEP_CALL;
    step->signature = signature_named(word.start, word.length);
    if (step->signature == NULL) return fail_unknown_function(parser, word);
    if (!take_arguments(parser, step)) return false;
    if (step->signature->function == FUNCTION_CreateProcess && !parser_start_child(parser, step)) return false;
    return give_product(parser, step, product) && take_completion(parser, step);
}
