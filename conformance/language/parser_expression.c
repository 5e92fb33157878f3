/* Values: numbers, constants, names, addresses, records, bytes, pointers. */
#include <assert.h>
#include <string.h>

#include "conformance/base/number.h"
#include "conformance/language/constants.h"
#include "conformance/language/layouts.h"
#include "conformance/language/parser_parts.h"
#include "stack/errors.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

struct expression *parser_new_expression(struct parser *parser, enum expression_kind kind, const char *place) {
    struct expression *expression = arena_allocate(parser->arena, sizeof *expression);
    expression->position = lexer_position(&parser->lexer, place);
    expression->kind = kind;
    expression->name = NO_NAME;
    return expression;
}

static void add_item(struct parser *parser, struct expression *expression, struct expression *item) {
    expression->items =
        arena_append(parser->arena, expression->items, expression->items_count, sizeof *expression->items);
    expression->items[expression->items_count++] = item;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static unsigned output_classes(const struct name *name, const char *field) {
    if (field != NULL) {
        if (strcmp(field, "StartPort") == 0) return CLASS_PORT;
        return strcmp(field, "Token") == 0 ? CLASS_TOKEN : CLASS_NUMBER;
    }
    bool is_block = control_layout_of(name->control_code).output == LAYOUT_PORT_INSTANCE;
    return is_block ? CLASS_OUTPUT | CLASS_PORT | CLASS_RANGE : CLASS_OUTPUT;
}

/* A packet by itself is nothing that could be passed. */
static unsigned packet_classes(const char *field) {
    if (field == NULL) return 0;
    return strcmp(field, "port") == 0 ? CLASS_PORT : CLASS_SEQUENCE;
}

unsigned parser_classes(const struct parser *parser, const struct expression *expression) {
    assert(expression->kind == EXPRESSION_NAME);
    const struct name *name = expression->name == NO_NAME ? NULL : &parser->scenario->names[expression->name];
    if (name != NULL && name->kind == NAME_PACKET) return packet_classes(expression->field);
    if (expression->offset != 0) return CLASS_PORT;
    if (name == NULL) return CLASS_TOKEN | CLASS_PORT;
    switch (name->kind) {
    case NAME_PORTS: return CLASS_PORT | CLASS_RANGE;
    case NAME_SOCKET: return expression->field != NULL ? CLASS_PORT : CLASS_HANDLE;
    case NAME_EVENT: return CLASS_HANDLE | CLASS_EVENT;
    case NAME_FILE:
    case NAME_PORT: return CLASS_HANDLE;
    case NAME_THREAD: return CLASS_HANDLE | CLASS_THREAD;
    case NAME_OUTPUT: return output_classes(name, expression->field);
    case NAME_ADDRESS: return expression->field != NULL ? CLASS_PORT : CLASS_ADDRESS;
    case NAME_VALUE: return CLASS_NUMBER;
    case NAME_OVERLAPPED: return CLASS_OVERLAPPED;
    case NAME_BUFFER: return CLASS_BUFFER;
    case NAME_PROTOCOL_INFO: return CLASS_PROTOCOL_INFO;
    case NAME_TOKEN: return expression->field != NULL ? CLASS_TOKEN : 0;
    case NAME_PACKET: break; /* above */
    }
    assert(!"every kind is handled");
    return 0;
}

static bool has_field(const struct parser *parser, const struct name *name, struct word field) {
    if (name->kind == NAME_ADDRESS) return word_is(field, "port");
    if (name->kind == NAME_TOKEN) return word_is(field, "Token");
    if (name->kind == NAME_PACKET) return word_is(field, "seq") || word_is(field, "ack") || word_is(field, "port");
    if (name->kind == NAME_SOCKET) return parser->live_names && word_is(field, "port");
    if (name->kind != NAME_OUTPUT) return false;
    enum layout layout = control_layout_of(name->control_code).output;
    for (unsigned i = 0; i < layout_fields_count(layout); i++) {
        if (word_is(field, layout_field_name(layout, i))) return true;
    }
    return false;
}

static bool take_field(struct parser *parser, struct expression *expression) {
    struct lexer *lexer = &parser->lexer;
    struct word field = lexer_peek_word(lexer);
    if (field.length == 0 || field.start[-1] != '.') return lexer_expected(lexer, "a field after the dot");
    lexer_take_word(lexer);
    const struct name *name = expression->name == NO_NAME ? NULL : &parser->scenario->names[expression->name];
    int shown = field.length > 60 ? 60 : (int)field.length;
    if (name == NULL && !word_is(field, "port"))
        return lexer_fail_at(lexer, field.start,
                             "no line above gives %s; of such a name only the port is known, found %.*s",
                             expression->text, shown, field.start);
    if (name == NULL || has_field(parser, name, field)) {
        expression->field = parser_keep(parser, field);
        return true;
    }
    if (name->kind == NAME_ADDRESS)
        return lexer_fail_at(lexer, field.start, "%s has no field %.*s; expected port", name->text, shown, field.start);
    if (name->kind == NAME_TOKEN)
        return lexer_fail_at(lexer, field.start, "%s has no field %.*s; expected Token", name->text, shown,
                             field.start);
    if (name->kind == NAME_PACKET)
        return lexer_fail_at(lexer, field.start, "%s has no field %.*s; expected seq, ack or port", name->text, shown,
                             field.start);
    if (name->kind == NAME_OUTPUT && layout_fields_count(control_layout_of(name->control_code).output) > 0)
        return lexer_fail_at(lexer, field.start, "%s has no field %.*s; expected StartPort, NumberOfPorts or Token",
                             name->text, shown, field.start);
    return lexer_fail_at(lexer, field.start, "%s has no fields", name->text);
}

static bool take_offset(struct parser *parser, struct expression *expression) {
    struct lexer *lexer = &parser->lexer;
    const char *place = lexer->at;
    bool minus = false;
    if (!lexer_take_adjacent(lexer, '+')) {
        if (lexer->at + 1 >= lexer->line_end || *lexer->at != '-' || !is_digit(lexer->at[1])) return true;
        lexer->at++;
        minus = true;
    }
    unsigned classes = parser_classes(parser, expression);
    bool sequence = (classes & CLASS_SEQUENCE) != 0;
    if ((classes & CLASS_PORT) == 0 && !sequence)
        return lexer_fail_at(lexer, place, "only ports can be counted on from; %s is none", expression->text);
    uint64_t offset = 0;
    if (!lexer_number_up_to(lexer, sequence ? INT32_MAX : 65535,
                            sequence ? "the distance from a sequence number" : "the distance from a port", &offset))
        return false;
    expression->offset = minus ? -(int32_t)offset : (int32_t)offset;
    return true;
}

static struct expression *name_expression(struct parser *parser, struct word word) {
    struct lexer *lexer = &parser->lexer;
    struct expression *expression = parser_new_expression(parser, EXPRESSION_NAME, word.start);
    bool known = parser_find_name(parser, word) != NO_NAME;
    if (!word_is_name(word) || parser_is_reserved(word)) {
        int shown = word.length > 60 ? 60 : (int)word.length;
        lexer_fail_at(lexer, word.start, "expected a value, found %.*s", shown, word.start);
        return NULL;
    }
    if (known || !parser->live_names) {
        expression->name = (int16_t)parser_use_name(parser, word);
        if (expression->name == NO_NAME) return NULL;
    }
    expression->text = parser_keep(parser, word);
    if (lexer_take_adjacent(lexer, '.') && !take_field(parser, expression)) return NULL;
    return take_offset(parser, expression) ? expression : NULL;
}

bool parser_fail_unknown_constant(struct parser *parser, struct word word) {
    const char *nearest = constant_nearest(word.start, word.length);
    int shown = word.length > 60 ? 60 : (int)word.length;
    if (nearest == NULL) return lexer_fail_at(&parser->lexer, word.start, "unknown constant %.*s", shown, word.start);
    return lexer_fail_at(&parser->lexer, word.start, "unknown constant %.*s; the nearest is %s", shown, word.start,
                         nearest);
}

/* FD_READ+FD_CLOSE: one constant, whose text is all of it. */
static bool take_sum(struct parser *parser, struct expression *expression, struct word word) {
    struct lexer *lexer = &parser->lexer;
    while (lexer_take_adjacent(lexer, '+')) {
        struct word more = lexer_take_word(lexer);
        const struct constant *constant = constant_named(more.start, more.length);
        if (constant == NULL) return parser_fail_unknown_constant(parser, more);
        expression->number += (uint64_t)constant->value;
        word.length = (unsigned)(more.start + more.length - word.start);
        expression->text = parser_keep(parser, word);
    }
    return true;
}

static struct expression *constant_expression(struct parser *parser, struct word word) {
    const struct constant *constant = constant_named(word.start, word.length);
    const struct error_row *error = constant == NULL ? error_named(word.start, word.length) : NULL;
    if (constant == NULL && error == NULL) {
        parser_fail_unknown_constant(parser, word);
        return NULL;
    }
    struct expression *expression =
        parser_new_expression(parser, constant != NULL ? EXPRESSION_CONSTANT : EXPRESSION_ERROR, word.start);
    expression->text = parser_keep(parser, word);
    expression->number = constant != NULL ? (uint64_t)constant->value : error->value;
    return constant == NULL || take_sum(parser, expression, word) ? expression : NULL;
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

/* Four numbers of at most 255. */
static bool ipv4_bytes(const char *at, const char *end, uint8_t *bytes) {
    for (unsigned i = 0; i < 4; i++) {
        uint64_t value = 0;
        size_t digits = number_take(at, (size_t)(end - at), &value);
        if (digits == 0 || digits > 3 || value > 255 || (digits > 1 && *at == '0')) return false;
        at += digits;
        bytes[i] = (uint8_t)value;
        if (i < 3 && (at == end || *at++ != '.')) return false;
    }
    return at == end;
}

static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Eight groups of hexadecimal digits; one run of zero groups as `::`; the last two perhaps as an IPv4 address. */
static bool ipv6_bytes(const char *at, const char *end, uint8_t *bytes) {
    unsigned used = 0;
    int gap = -1;
    memset(bytes, 0, 16);
    if (end - at >= 2 && at[0] == ':' && at[1] == ':') {
        gap = 0;
        at += 2;
    }
    while (at < end) {
        const char *group_end = at;
        while (group_end < end && *group_end != ':') group_end++;
        if (memchr(at, '.', (size_t)(group_end - at)) != NULL) {
            if (group_end != end || used > 12 || !ipv4_bytes(at, end, bytes + used)) return false;
            used += 4;
            break;
        }
        unsigned value = 0;
        if (group_end == at || group_end - at > 4 || used > 14) return false;
        for (; at < group_end; at++) {
            if (hex_digit(*at) < 0) return false;
            value = value << 4 | (unsigned)hex_digit(*at);
        }
        bytes[used++] = (uint8_t)(value >> 8);
        bytes[used++] = (uint8_t)value;
        if (at == end) break;
        at++; /* the colon; a second one is the gap */
        if (at == end) return false;
        if (*at != ':') continue;
        if (gap >= 0) return false;
        gap = (int)used;
        at++;
    }
    if (gap < 0) return used == 16;
    if (used > 14) return false;
    memmove(bytes + 16 - (used - (unsigned)gap), bytes + gap, used - (unsigned)gap);
    memset(bytes + gap, 0, 16 - used);
    return true;
}

bool parser_at_host(struct parser *parser) {
    char first = lexer_peek(&parser->lexer);
    if (first == '[') return true;
    const char *at = parser->lexer.at;
    while (at < parser->lexer.line_end && is_digit(*at)) at++;
    return at > parser->lexer.at && at < parser->lexer.line_end && *at == '.';
}

/* 127.0.0.1 or [::1]; without an error of its own form the cursor stands after it. */
struct expression *parser_host(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct expression *host = parser_new_expression(parser, EXPRESSION_HOST, lexer->at);
    bool brackets = lexer_take(lexer, "[");
    struct word word = { lexer->at, 0 };
    while (lexer->at < lexer->line_end &&
           (hex_digit(*lexer->at) >= 0 || *lexer->at == '.' || (brackets && *lexer->at == ':')))
        lexer->at++;
    word.length = (unsigned)(lexer->at - word.start);
    uint8_t bytes[16] = { 0 };
    bool valid = brackets ? ipv6_bytes(word.start, lexer->at, bytes) : ipv4_bytes(word.start, lexer->at, bytes);
    if (word.length > 45 || !valid) {
        lexer_fail_at(lexer, word.start, "this is not an address; expected one such as %s",
                      brackets ? "[::1]" : "127.0.0.1");
        return NULL;
    }
    if (brackets && lexer->at < lexer->line_end && *lexer->at == '%') {
        lexer_fail_at(lexer, lexer->at,
                      "scope identifiers of IPv6 addresses (%%N, %%name) are known, and not modelled");
        return NULL;
    }
    if (brackets && !lexer_take_adjacent(lexer, ']')) {
        lexer_expected(lexer, "']' after an IPv6 address");
        return NULL;
    }
    host->text = parser_keep(parser, word);
    host->bytes_count = brackets ? 16 : 4;
    uint8_t *copy = arena_allocate(parser->arena, host->bytes_count);
    memcpy(copy, bytes, host->bytes_count);
    host->bytes = copy;
    return host;
}

static struct expression *port_of_address(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    char first = lexer_peek(lexer);
    if (first == '\0' || lexer->at[-1] != ':' || !(is_digit(first) || (first >= 'a' && first <= 'z'))) {
        lexer_expected(lexer, "a port: a number, a name, or any");
        return NULL;
    }
    struct expression *port = parser_expression(parser);
    if (port == NULL) return NULL;
    const char *place = lexer->line + port->position.column - 1;
    bool fits = port->kind == EXPRESSION_ANY_PORT || (port->kind == EXPRESSION_NUMBER && port->number <= 65535) ||
                (port->kind == EXPRESSION_NAME && (parser_classes(parser, port) & CLASS_PORT) != 0);
    if (fits) return port;
    lexer_fail_at(lexer, place, "expected a port: a number up to 65535, the name of ports or of a reservation, or any");
    return NULL;
}

/* `host` has been read; the colon and the port follow. */
static struct expression *address_expression(struct parser *parser, struct expression *host, const char *place) {
    if (!lexer_take_adjacent(&parser->lexer, ':')) {
        lexer_expected(&parser->lexer, "':' and a port after the host");
        return NULL;
    }
    struct expression *port = port_of_address(parser);
    if (port == NULL) return NULL;
    struct expression *address = parser_new_expression(parser, EXPRESSION_ADDRESS, place);
    add_item(parser, address, host);
    add_item(parser, address, port);
    return address;
}

static struct expression *variant_expression(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    const char *place = lexer->at++;
    struct word word = lexer_peek_word(lexer);
    if (word.length == 0 || word.start != place + 1) {
        lexer_expected(lexer, "a word of the variants after $");
        return NULL;
    }
    lexer_take_word(lexer);
    if (!parser_check_variant(parser, word)) return NULL;
    struct expression *variant = parser_new_expression(parser, EXPRESSION_VARIANT, place);
    variant->text = parser_keep(parser, word);
    bool is_host = word_is(word, "any") || word_is(word, "loopback");
    bool has_port = lexer->at < lexer->line_end && *lexer->at == ':';
    return is_host && has_port ? address_expression(parser, variant, place) : variant;
}

/* --- numbers, bytes, texts, records ------------------------------------------------------------------------------- */

static struct expression *number_expression(struct parser *parser, bool negative) {
    struct expression *number = parser_new_expression(parser, EXPRESSION_NUMBER, parser->lexer.at - (negative ? 1 : 0));
    if (!lexer_number(&parser->lexer, &number->number, &number->hexadecimal)) return NULL;
    number->negative = negative && number->number != 0;
    return number;
}

static struct expression *hex_expression(struct parser *parser, const char *place) {
    struct lexer *lexer = &parser->lexer;
    uint8_t bytes[HEX_BYTES_MAX];
    uint32_t count = 0;
    if (!lexer_expect(lexer, "(")) return NULL;
    while (!lexer_take(lexer, ")")) {
        char high = lexer_peek(lexer);
        char low = high != '\0' && lexer->at + 1 < lexer->line_end ? lexer->at[1] : '\0';
        if (hex_digit(high) < 0 || hex_digit(low) < 0) {
            lexer_expected(lexer, "two hexadecimal digits or ')'");
            return NULL;
        }
        if (count == HEX_BYTES_MAX) {
            lexer_fail(lexer, "more than %d bytes", HEX_BYTES_MAX);
            return NULL;
        }
        bytes[count++] = (uint8_t)(hex_digit(high) << 4 | hex_digit(low));
        lexer->at += 2;
    }
    struct expression *hex = parser_new_expression(parser, EXPRESSION_HEX, place);
    uint8_t *copy = arena_allocate(parser->arena, count);
    if (count > 0) memcpy(copy, bytes, count);
    hex->bytes = copy;
    hex->bytes_count = count;
    return hex;
}

/* \" and \\ and \xNN; the cursor stands after the backslash. */
static bool take_escape(struct lexer *lexer, char *byte) {
    const char *place = lexer->at - 1;
    if (lexer_take_adjacent(lexer, '"')) return *byte = '"', true;
    if (lexer_take_adjacent(lexer, '\\')) return *byte = '\\', true;
    bool digits = lexer_take_adjacent(lexer, 'x') && lexer->line_end - lexer->at >= 2 && hex_digit(lexer->at[0]) >= 0 &&
                  hex_digit(lexer->at[1]) >= 0;
    if (!digits) return lexer_fail_at(lexer, place, "expected \\\", \\\\ or \\xNN with two hexadecimal digits");
    int value = hex_digit(lexer->at[0]) << 4 | hex_digit(lexer->at[1]);
    if (value == 0 || value > 0x7F) return lexer_fail_at(lexer, place, "\\x01 to \\x7F can be written so");
    lexer->at += 2;
    *byte = (char)value;
    return true;
}

static struct expression *text_expression(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct expression *text = parser_new_expression(parser, EXPRESSION_TEXT, lexer->at);
    const char *place = lexer->at++;
    char *copy = arena_allocate(parser->arena, (size_t)(lexer->line_end - place) + 1);
    size_t length = 0;
    while (lexer->at < lexer->line_end && *lexer->at != '"') {
        char byte = *lexer->at++;
        if (byte == '\\' && !take_escape(lexer, &byte)) return NULL;
        copy[length++] = byte;
    }
    text->text = copy;
    if (lexer_take_adjacent(lexer, '"')) return text;
    lexer_fail_at(lexer, place, "expected '\"' before the end of the line");
    return NULL;
}

static struct expression *record_expression(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct expression *record = parser_new_expression(parser, EXPRESSION_RECORD, lexer->at);
    lexer->at++;
    if (lexer_take(lexer, "}")) return record;
    do {
        if (lexer_peek(lexer) == '{') {
            lexer_fail(lexer, "a record does not hold records; expected a number, a name or any");
            return NULL;
        }
        struct expression *item = parser_expression(parser);
        if (item == NULL) return NULL;
        bool fits = item->kind == EXPRESSION_NUMBER || item->kind == EXPRESSION_NAME ||
                    item->kind == EXPRESSION_ANY_PORT || item->kind == EXPRESSION_CONSTANT;
        bool is_buffer =
            item->kind == EXPRESSION_HEX || item->kind == EXPRESSION_TEXT || item->kind == EXPRESSION_POINTER;
        if ((!fits && !is_buffer) || item->negative) {
            lexer_fail_at(lexer, lexer->line + item->position.column - 1,
                          "a record holds numbers, constants, names, any, and buffers");
            return NULL;
        }
        if (record->items_count == RECORD_ITEMS_MAX) {
            lexer_fail(lexer, "more than %d fields in a record", RECORD_ITEMS_MAX);
            return NULL;
        }
        add_item(parser, record, item);
    } while (lexer_take(lexer, ","));
    return lexer_expect(lexer, "}") ? record : NULL;
}

static struct expression *pointer_expression(struct parser *parser, enum pointer_word word, const char *place) {
    struct lexer *lexer = &parser->lexer;
    struct expression *pointer = parser_new_expression(parser, EXPRESSION_POINTER, place);
    pointer->number = word;
    bool can_hold = word == POINTER_PARTLY_BAD || word == POINTER_UNALIGNED;
    if (!can_hold || !lexer_take_adjacent(lexer, '(')) return pointer;
    const char *inner_place = lexer->at;
    struct word inner = lexer_peek_word(lexer);
    if (word_is(inner, "partly-bad") || word_is(inner, "unaligned")) {
        lexer_fail(lexer, "a pointer does not hold a pointer; expected its contents");
        return NULL;
    }
    struct expression *contents = parser_expression(parser);
    if (contents == NULL || !lexer_expect(lexer, ")")) return NULL;
    if (contents->kind == EXPRESSION_POINTER) {
        lexer_fail_at(lexer, inner_place, "a pointer does not hold a pointer; expected its contents");
        return NULL;
    }
    add_item(parser, pointer, contents);
    return pointer;
}

/* --- any value ---------------------------------------------------------------------------------------------------- */

static struct expression *word_expression(struct parser *parser) {
    static const char *const pointers[] = { "NULL", "good", "bad", "partly-bad", "unaligned" };
    struct word word = lexer_take_word(&parser->lexer);
    for (unsigned i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
        if (word_is(word, pointers[i])) return pointer_expression(parser, (enum pointer_word)i, word.start);
    }
    if (word_is(word, "hex")) return hex_expression(parser, word.start);
    if (word_is(word, "any")) return parser_new_expression(parser, EXPRESSION_ANY_PORT, word.start);
    if (word_is(word, "untouched")) return parser_new_expression(parser, EXPRESSION_UNTOUCHED, word.start);
    if (word_is(word, "set") || word_is(word, "unset")) {
        struct expression *set = parser_new_expression(parser, EXPRESSION_SET, word.start);
        set->number = word_is(word, "set");
        return set;
    }
    return is_upper(word.start[0]) ? constant_expression(parser, word) : name_expression(parser, word);
}

struct expression *parser_expression(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    char first = lexer_peek(lexer);
    const char *place = lexer->at;
    if (parser_at_host(parser)) {
        struct expression *host = parser_host(parser);
        return host == NULL ? NULL : address_expression(parser, host, place);
    }
    if (is_digit(first)) return number_expression(parser, false);
    if (first == '-' && place + 1 < lexer->line_end && is_digit(place[1])) {
        lexer->at++;
        return number_expression(parser, true);
    }
    if (first == '$') return variant_expression(parser);
    if (first == '{') return record_expression(parser);
    if (first == '"') return text_expression(parser);
    if (lexer_peek_word(lexer).length > 0) return word_expression(parser);
    lexer_expected(lexer, "a value");
    return NULL;
}
