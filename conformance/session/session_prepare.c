/* A step becomes a call record: names become numbers, pointers become ranges.
 *
 * Two passes over the parameters: the first evaluates scalars and the sizes that are written, the second lays out
 * memory, which needs the sizes. A size that is not written follows from the memory that is passed. */
#include "conformance/session/session_prepare.h"

#include <assert.h>
#include <string.h>

#include "conformance/base/spares.h"
#include "conformance/language/layouts.h"
#include "conformance/language/process_line.h"
#include "conformance/session/executor.h"
#include "conformance/session/session_addresses.h"
#include "conformance/session/session_evaluate.h"
#include "conformance/session/session_refer.h"
#include "stack/sdk/socket_values.h"

enum {
    SOCKADDR_STORAGE_SIZE = 128,
};

struct preparing {
    struct session *session;
    const struct scenario *scenario;
    const struct step *step;
    struct call *call;
    const struct expression *arguments[CALL_ARGUMENTS_MAX]; /* as written; NULL: left out */
    struct control_layout layout;                           /* WSAIoctl: of its code */
    uint64_t sizes[CALL_ARGUMENTS_MAX];                     /* written sizes of the buffer that is argument i */
    bool has_size[CALL_ARGUMENTS_MAX];
    uint32_t natural[CALL_ARGUMENTS_MAX]; /* the size of what is passed as argument i */
    uint32_t reserved;                    /* bytes of the record that arguments still to be prepared have to find */
    int needed;
};

/* Contents of an input before they are laid out. */
struct contents {
    uint8_t bytes[CALL_BYTES_MAX];
    uint32_t length;
};

static bool evaluate(struct preparing *preparing, const struct expression *expression, uint64_t *value) {
    return session_evaluate(preparing->session, preparing->scenario, expression, value, &preparing->needed);
}

static bool is_pointer_word(const struct expression *expression, enum pointer_word word) {
    return expression != NULL && expression->kind == EXPRESSION_POINTER && expression->number == (uint64_t)word;
}

static uint64_t argument_address(const struct preparing *preparing, unsigned argument) {
    assert(preparing->session->steps_done > 0);
    assert(argument < CALL_ARGUMENTS_MAX);
    return (uint64_t)STEP_ADDRESSES + (uint64_t)preparing->session->steps_done * STEP_STRIDE +
           (uint64_t)argument * PAGE_STRIDE;
}

static void set_range(struct preparing *preparing, unsigned argument, enum range_state state, uint64_t address,
                      uint32_t length) {
    assert(argument < CALL_ARGUMENTS_MAX);
    assert((state == RANGE_NULL) == (address == 0));
    struct range *range = &preparing->call->ranges[argument];
    range->state = (uint8_t)state;
    range->address = address;
    range->length = length;
    preparing->call->arguments[argument] = address;
}

static uint32_t length_limited(uint64_t length) {
    return length > RANGE_LENGTH_MAX ? RANGE_LENGTH_MAX : (uint32_t)length;
}

/* --- contents of inputs --------------------------------------------------------------------------------------- */

static void put_u32(struct contents *contents, uint64_t value) {
    store_u32(contents->bytes, (uint32_t)value);
    contents->length = 4;
}

/* {any, 4} by the layout of the control code: StartPort in network order, everything else little-endian. A layout of
 * other fields, or none of ours, is so many 32-bit fields. */
static bool record_contents(struct preparing *preparing, const struct expression *record, enum layout layout,
                            struct contents *contents) {
    bool is_range = layout == LAYOUT_PORT_RANGE || layout == LAYOUT_PORT_INSTANCE;
    memset(contents->bytes, 0, sizeof contents->bytes);
    for (uint32_t i = 0; i < record->items_count && i < CALL_BYTES_MAX / 4; i++) {
        uint64_t field = 0;
        if (!evaluate(preparing, record->items[i], &field)) return false;
        if (is_range && i == 0) store_u16_network(contents->bytes, (uint16_t)field);
        else if (is_range && i == 1) store_u16(contents->bytes + 2, (uint16_t)field);
        else if (is_range) store_u64(contents->bytes + 8, field);
        else if (layout == LAYOUT_PORT_TOKEN) store_u64(contents->bytes, field);
        else store_u32(contents->bytes + 4 * i, (uint32_t)field);
        contents->length = 4 * (i + 1);
    }
    if (layout_size(layout) > 0) contents->length = layout_size(layout);
    return true;
}

/* sockaddr_in and sockaddr_in6: family @0, port @2 (network order), address @4 or @8. */
static void sockaddr_contents(const uint8_t *address, uint32_t address_length, uint16_t port,
                              struct contents *contents) {
    assert(address_length == 4 || address_length == 16);
    contents->length = address_length == 4 ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
    memset(contents->bytes, 0, contents->length);
    store_u16(contents->bytes, address_length == 4 ? AF_INET : AF_INET6);
    store_u16_network(contents->bytes + 2, port);
    memcpy(contents->bytes + (address_length == 4 ? 4 : 8), address, address_length);
}

static bool address_contents(struct preparing *preparing, const struct expression *address, struct contents *contents) {
    assert(address->items_count == 2);
    uint64_t port = 0;
    if (!evaluate(preparing, address->items[1], &port)) return false;
    const struct expression *host = address->items[0];
    assert(host->bytes_count == 4 || host->bytes_count == 16);
    sockaddr_contents(host->bytes, host->bytes_count, (uint16_t)port, contents);
    return true;
}

/* A name whose memory is passed (a buffer, an output as a whole, an address), or a number that it stands for. */
static bool name_contents(struct preparing *preparing, const struct expression *name, enum layout layout,
                          struct contents *contents) {
    const struct live_value *live = name->name < 0 ? NULL : &preparing->session->live[name->name];
    enum name_kind kind = live == NULL ? NAME_VALUE : preparing->scenario->names[name->name].kind;
    bool whole = live != NULL && name->field == NULL && name->offset == 0;
    bool is_memory =
        kind == NAME_OUTPUT || kind == NAME_BUFFER || kind == NAME_OVERLAPPED || kind == NAME_PROTOCOL_INFO;
    if (whole && live->state == LIVE_ABSENT) {
        preparing->needed = name->name;
        return false;
    }
    if (whole && is_memory) {
        contents->length = live->memory_length < CALL_BYTES_MAX ? live->memory_length : CALL_BYTES_MAX;
        memcpy(contents->bytes, preparing->session->memory + live->memory_offset, contents->length);
        return true;
    }
    if (whole && kind == NAME_ADDRESS) {
        sockaddr_contents(live->address, live->number == 16 ? 16 : 4, live->port_first, contents);
        return true;
    }
    uint64_t value = 0;
    if (!evaluate(preparing, name, &value)) return false;
    bool handle = live != NULL && name_is_handle(kind) && name->field == NULL; /* SO_UPDATE_ACCEPT_CONTEXT */
    bool token = (name->field != NULL && strcmp(name->field, "Token") == 0) || name->name < 0;
    if (token || handle || layout == LAYOUT_PORT_TOKEN) {
        store_u64(contents->bytes, value);
        contents->length = handle ? POINTER_SIZE : PORT_TOKEN_SIZE;
    } else {
        put_u32(contents, value);
        if (layout == LAYOUT_U16) contents->length = 2;
    }
    return true;
}

static bool build_contents(struct preparing *preparing, const struct expression *expression, enum layout layout,
                           struct contents *contents) {
    assert(expression != NULL);
    uint64_t value = 0;
    contents->length = 0;
    switch (expression->kind) {
    case EXPRESSION_RECORD: return record_contents(preparing, expression, layout, contents);
    case EXPRESSION_ADDRESS: return address_contents(preparing, expression, contents);
    case EXPRESSION_NAME: return name_contents(preparing, expression, layout, contents);
    case EXPRESSION_HEX:
        contents->length = expression->bytes_count < CALL_BYTES_MAX ? expression->bytes_count : CALL_BYTES_MAX;
        if (contents->length > 0) memcpy(contents->bytes, expression->bytes, contents->length);
        return true;
    case EXPRESSION_TEXT:
        contents->length = (uint32_t)strlen(expression->text);
        if (contents->length > CALL_BYTES_MAX) contents->length = CALL_BYTES_MAX;
        memcpy(contents->bytes, expression->text, contents->length);
        return true;
    default: break;
    }
    if (!evaluate(preparing, expression, &value)) return false;
    memset(contents->bytes, 0, PORT_INSTANCE_SIZE);
    if (layout == LAYOUT_PORT_TOKEN) store_u64(contents->bytes, value);
    else put_u32(contents, value);
    contents->length = layout_size(layout) > 0 && layout_size(layout) <= PORT_INSTANCE_SIZE ? layout_size(layout) : 4;
    return true;
}

/* How much the record has room for, beside what later arguments bring. */
static uint32_t room_left(const struct preparing *preparing) {
    assert(preparing->call->bytes_used + preparing->reserved <= CALL_BYTES_MAX);
    return CALL_BYTES_MAX - preparing->call->bytes_used - preparing->reserved;
}

/* Lays contents into the range of `argument`, followed by poison up to `length`, as far as the record has room. What
 * is there can be read, so it is listed in full. */
static void put_contents(struct preparing *preparing, unsigned argument, const struct contents *contents,
                         uint32_t length) {
    uint8_t bytes[CALL_BYTES_MAX];
    uint32_t room = room_left(preparing);
    uint32_t count = length < room ? length : room;
    uint32_t given = contents->length < count ? contents->length : count;
    memcpy(bytes, contents->bytes, given);
    for (uint32_t i = given; i < count; i++) bytes[i] = poison_byte(i);
    bool put = call_put_bytes(preparing->call, argument, bytes, count);
    assert(put);
    (void)put;
}

/* --- memory of arguments -------------------------------------------------------------------------------------- */

/* An input: `expression` with `layout`; `fallback` is the size when nothing that is passed has one. */
static bool prepare_input(struct preparing *preparing, unsigned argument, const struct expression *expression,
                          enum layout layout, uint32_t fallback) {
    const struct expression *source = expression;
    struct contents contents;
    contents.length = 0;
    uint32_t size = fallback;
    bool partly = is_pointer_word(expression, POINTER_PARTLY_BAD);
    bool unaligned = is_pointer_word(expression, POINTER_UNALIGNED);
    if (partly || unaligned) source = expression->items_count > 0 ? expression->items[0] : NULL;
    bool has_contents = source != NULL && source->kind != EXPRESSION_POINTER;
    if (has_contents) {
        if (!build_contents(preparing, source, layout, &contents)) return false;
        size = contents.length;
    }
    preparing->natural[argument] = size;
    if (expression == NULL || is_pointer_word(expression, POINTER_NULL)) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
        return true;
    }
    uint64_t address = argument_address(preparing, argument);
    uint64_t written = preparing->has_size[argument] ? preparing->sizes[argument] : size;
    uint32_t length = length_limited(written > size ? written : size);
    if (is_pointer_word(expression, POINTER_BAD)) {
        set_range(preparing, argument, RANGE_BAD, address, 0);
    } else if (partly) {
        uint32_t needed = length_limited(written);
        uint32_t half = needed / 2 > 0 ? needed / 2 : 1;
        set_range(preparing, argument, RANGE_PARTLY_BAD, address, half);
        put_contents(preparing, argument, &contents, half);
    } else if (has_contents && source == expression && expression->kind == EXPRESSION_NAME && expression->name >= 0 &&
               expression->field == NULL && preparing->scenario->names[expression->name].kind == NAME_BUFFER) {
        set_range(preparing, argument, RANGE_GOOD, preparing->session->live[expression->name].number, contents.length);
        put_contents(preparing, argument, &contents, contents.length);
    } else {
        set_range(preparing, argument, RANGE_GOOD, address + (unaligned ? 1 : 0), length);
        put_contents(preparing, argument, &contents, length);
    }
    return true;
}

/* The page of an output: its product's, so that a late write finds the name, else the step's own. */
static uint64_t output_page(struct preparing *preparing, unsigned argument, uint32_t length, unsigned skew) {
    int product = preparing->step->product;
    enum name_kind kind = product == NO_NAME ? NAME_VALUE : preparing->scenario->names[product].kind;
    if (kind != NAME_OUTPUT && kind != NAME_PROTOCOL_INFO) return argument_address(preparing, argument);
    struct live_value *live = &preparing->session->live[product];
    uint32_t max = kind == NAME_PROTOCOL_INFO ? PROTOCOL_INFO_SIZE : OBSERVATION_OUT_MAX;
    uint32_t wanted = length < max ? length : max;
    session_memory_take(preparing->session, live, wanted);
    live->skew = (uint8_t)skew;
    return (uint64_t)OUTPUT_ADDRESSES + (uint64_t)product * PAGE_STRIDE;
}

/* out=b: the buffer's own memory, which then is the product's image as well. */
static bool prepare_output_buffer(struct preparing *preparing, unsigned argument, const struct expression *name) {
    uint64_t address = 0;
    if (!evaluate(preparing, name, &address)) return false;
    assert(name->name >= 0);
    const struct live_value *buffer = &preparing->session->live[name->name];
    struct contents contents;
    if (!name_contents(preparing, name, LAYOUT_BYTES, &contents)) return false;
    int product = preparing->step->product;
    if (product != NO_NAME && preparing->scenario->names[product].kind == NAME_OUTPUT) {
        preparing->session->live[product].memory_offset = buffer->memory_offset;
        preparing->session->live[product].memory_length = buffer->memory_length;
    }
    preparing->natural[argument] = buffer->memory_length;
    set_range(preparing, argument, RANGE_GOOD, buffer->number, buffer->memory_length);
    put_contents(preparing, argument, &contents, contents.length);
    return true;
}

/* An output: `ordinary` is its size when it is not said; 0 means that there is none by default. */
static bool prepare_output(struct preparing *preparing, unsigned argument, const struct expression *expression,
                           uint32_t ordinary, uint32_t fallback) {
    if (expression != NULL && expression->kind == EXPRESSION_NAME)
        return prepare_output_buffer(preparing, argument, expression);
    uint64_t written = preparing->has_size[argument] ? preparing->sizes[argument]
                       : expression == NULL          ? ordinary
                                                     : fallback;
    uint32_t length = length_limited(written);
    bool null = is_pointer_word(expression, POINTER_NULL) || (expression == NULL && length == 0);
    preparing->natural[argument] = null ? ordinary : length;
    if (null) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
    } else if (is_pointer_word(expression, POINTER_BAD)) {
        set_range(preparing, argument, RANGE_BAD, argument_address(preparing, argument), 0);
    } else if (is_pointer_word(expression, POINTER_PARTLY_BAD)) {
        uint32_t half = length / 2 > 0 ? length / 2 : 1;
        set_range(preparing, argument, RANGE_PARTLY_BAD, argument_address(preparing, argument), half);
    } else {
        unsigned skew = is_pointer_word(expression, POINTER_UNALIGNED) ? 1 : 0;
        set_range(preparing, argument, RANGE_GOOD, output_page(preparing, argument, length, skew) + skew, length);
    }
    return true;
}

/* A pointer to 4 bytes in and out: a size, a count, a flag. `value` stands there unless `poisoned`. */
static void prepare_u32(struct preparing *preparing, unsigned argument, const struct expression *expression,
                        uint32_t value, bool poisoned) {
    struct contents contents;
    put_u32(&contents, value);
    if (poisoned) contents.length = 0;
    uint64_t address = argument_address(preparing, argument);
    if (is_pointer_word(expression, POINTER_NULL)) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
    } else if (is_pointer_word(expression, POINTER_BAD)) {
        set_range(preparing, argument, RANGE_BAD, address, 0);
    } else if (is_pointer_word(expression, POINTER_PARTLY_BAD)) {
        set_range(preparing, argument, RANGE_PARTLY_BAD, address, 2);
        put_contents(preparing, argument, &contents, 2);
    } else {
        set_range(preparing, argument, RANGE_GOOD, address + (is_pointer_word(expression, POINTER_UNALIGNED) ? 1 : 0),
                  4);
        put_contents(preparing, argument, &contents, 4);
    }
}

static bool prepare_overlapped(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    struct contents contents;
    const struct expression *source = expression;
    bool unaligned = is_pointer_word(expression, POINTER_UNALIGNED);
    bool partly = is_pointer_word(expression, POINTER_PARTLY_BAD);
    if (unaligned || partly) source = expression->items_count > 0 ? expression->items[0] : NULL;
    if (source != NULL && source->kind == EXPRESSION_NAME) {
        if (!name_contents(preparing, source, LAYOUT_BYTES, &contents)) return false;
    } else { /* an OVERLAPPED without a name: poison where results go, nothing in the rest */
        memset(contents.bytes, 0, OVERLAPPED_SIZE);
        for (uint32_t i = 0; i < OVERLAPPED_INTERNAL_HIGH + 8; i++) contents.bytes[i] = poison_byte(i);
        contents.length = OVERLAPPED_SIZE;
    }
    uint64_t address = argument_address(preparing, argument);
    if (expression == NULL || is_pointer_word(expression, POINTER_NULL)) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
    } else if (is_pointer_word(expression, POINTER_BAD)) {
        set_range(preparing, argument, RANGE_BAD, address, 0);
    } else if (partly) {
        set_range(preparing, argument, RANGE_PARTLY_BAD, address, OVERLAPPED_SIZE / 2);
        put_contents(preparing, argument, &contents, OVERLAPPED_SIZE / 2);
    } else if (expression->kind == EXPRESSION_NAME && expression->name >= 0) {
        struct live_value *live = &preparing->session->live[expression->name];
        set_range(preparing, argument, RANGE_GOOD, live->number, live->memory_length);
        put_contents(preparing, argument, &contents, contents.length);
        preparing->call->ranges[argument].fresh = live->passed == 0;
        live->passed = 1;
    } else {
        set_range(preparing, argument, RANGE_GOOD, address + (unaligned ? 1 : 0), OVERLAPPED_SIZE);
        put_contents(preparing, argument, &contents, OVERLAPPED_SIZE);
    }
    return true;
}

/* --- arrays of WSABUFs -------------------------------------------------------------------------------------------- */

/* Where the memory of one of them is, in the page of the argument. */
enum { BUFFER_STRIDE = PAGE_STRIDE / (CALL_BUFFERS_MAX + 1) };

/* The memory of one WSABUF: a buffer() by its name, contents, so many bytes of its own, NULL or bad. */
static bool prepare_buffer(struct preparing *preparing, unsigned argument, const struct expression *item) {
    unsigned index = preparing->call->buffers_count++;
    struct call_buffer *buffer = &preparing->call->buffers[index];
    struct contents contents = { .length = 0 };
    buffer->range.address = argument_address(preparing, argument) + (uint64_t)(index + 1) * BUFFER_STRIDE;
    buffer->range.state = RANGE_GOOD;
    if (item->kind == EXPRESSION_POINTER) {
        bool null = item->number == POINTER_NULL;
        buffer->range.state = null ? RANGE_NULL : RANGE_BAD;
        if (null) buffer->range.address = 0;
        buffer->length = 1;
        return true;
    }
    if (item->kind == EXPRESSION_NUMBER) {
        contents.length = (uint32_t)item->number;
        for (uint32_t i = 0; i < contents.length; i++) contents.bytes[i] = poison_byte(i);
    } else if (!build_contents(preparing, item, LAYOUT_BYTES, &contents)) {
        return false;
    }
    if (item->kind == EXPRESSION_NAME) buffer->range.address = preparing->session->live[item->name].number;
    buffer->length = buffer->range.length = contents.length;
    uint32_t room = room_left(preparing);
    bool put =
        call_put_buffer_bytes(preparing->call, index, contents.bytes, contents.length < room ? contents.length : room);
    assert(put);
    (void)put;
    return true;
}

static bool prepare_buffers(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    bool pointer = expression->kind == EXPRESSION_POINTER;
    bool several = expression->kind == EXPRESSION_RECORD;
    uint32_t count = pointer ? 0 : several ? expression->items_count : 1;
    preparing->natural[argument] = pointer ? 1 : count;
    if (pointer) {
        bool null = is_pointer_word(expression, POINTER_NULL);
        set_range(preparing, argument, null ? RANGE_NULL : RANGE_BAD, null ? 0 : argument_address(preparing, argument),
                  0);
        return true;
    }
    set_range(preparing, argument, RANGE_GOOD, argument_address(preparing, argument), count * WSABUF_SIZE);
    for (uint32_t i = 0; i < count; i++)
        if (!prepare_buffer(preparing, argument, several ? expression->items[i] : expression)) return false;
    return true;
}

/* An array of handles. */
static bool prepare_handles(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    struct contents contents = { .length = 0 };
    bool null = is_pointer_word(expression, POINTER_NULL), record = expression->kind == EXPRESSION_RECORD;
    for (uint32_t i = 0; record && i < expression->items_count; i++) {
        uint64_t handle = 0;
        if (!evaluate(preparing, expression->items[i], &handle)) return false;
        store_u64(contents.bytes + contents.length, handle);
        contents.length += POINTER_SIZE;
    }
    preparing->natural[argument] = contents.length / POINTER_SIZE;
    set_range(preparing, argument,
              null     ? RANGE_NULL
              : record ? RANGE_GOOD
                       : RANGE_BAD,
              null ? 0 : argument_address(preparing, argument), contents.length);
    if (record) put_contents(preparing, argument, &contents, contents.length);
    return true;
}

/* One socket, or those of {...}: a set of so many (call.h). */
static bool prepare_sockets(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    struct contents contents = { .length = SOCKET_SET_SOCKETS };
    if (expression == NULL || expression->kind == EXPRESSION_POINTER) {
        bool bad = is_pointer_word(expression, POINTER_BAD);
        set_range(preparing, argument, bad ? RANGE_BAD : RANGE_NULL, bad ? argument_address(preparing, argument) : 0,
                  0);
        return true;
    }
    bool several = expression->kind == EXPRESSION_RECORD;
    uint32_t count = several ? expression->items_count : 1;
    store_u64(contents.bytes, count);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t handle = 0;
        if (!evaluate(preparing, several ? expression->items[i] : expression, &handle)) return false;
        store_u64(contents.bytes + contents.length, handle);
        contents.length += POINTER_SIZE;
    }
    set_range(preparing, argument, RANGE_GOOD, argument_address(preparing, argument), contents.length);
    put_contents(preparing, argument, &contents, contents.length);
    return true;
}

/* What WSAPoll asks of each socket. */
static bool prepare_polled(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    struct contents contents = { .length = 0 };
    if (expression->kind == EXPRESSION_POINTER) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
        return true;
    }
    bool several = expression->kind == EXPRESSION_RECORD;
    for (uint32_t i = 0; i < (several ? expression->items_count : 1); i++) {
        uint64_t events = 0;
        if (!evaluate(preparing, several ? expression->items[i] : expression, &events)) return false;
        store_u32(contents.bytes + contents.length, (uint32_t)events);
        contents.length += 4;
    }
    set_range(preparing, argument, RANGE_GOOD, argument_address(preparing, argument), contents.length);
    put_contents(preparing, argument, &contents, contents.length);
    return true;
}

/* A function of the program, at this address. */
static void prepare_function(struct preparing *preparing, unsigned argument, const struct expression *expression,
                             uint64_t address) {
    if (expression == NULL || is_pointer_word(expression, POINTER_NULL)) {
        set_range(preparing, argument, RANGE_NULL, 0, 0);
    } else if (is_pointer_word(expression, POINTER_BAD)) {
        set_range(preparing, argument, RANGE_BAD, argument_address(preparing, argument), 0);
    } else {
        set_range(preparing, argument, RANGE_GOOD, address, 1);
    }
}

/* --- one parameter -------------------------------------------------------------------------------------------- */

/* The USHORT whose bytes in memory are the port in network order; hex(...) gives the bytes themselves. */
static bool prepare_port(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    uint8_t bytes[2] = { 0, 0 };
    uint64_t port = 0;
    assert(expression != NULL);
    if (expression->kind == EXPRESSION_HEX) {
        memcpy(bytes, expression->bytes, expression->bytes_count < 2 ? expression->bytes_count : 2);
    } else {
        if (!evaluate(preparing, expression, &port)) return false;
        store_u16_network(bytes, (uint16_t)port);
    }
    preparing->call->arguments[argument] = load_u16(bytes);
    return true;
}

/* The level of CreateProcess's program: what the process line says that the call is to start. */
static uint64_t manifest_of_child(const struct preparing *preparing) {
    int child = session_child(preparing->step);
    assert(child != NO_NAME); /* the parser has seen to it */
    return process_line_manifest(&preparing->scenario->processes[child]);
}

static bool prepare_scalar(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                           const struct expression *expression) {
    uint64_t value = parameter->ordinary;
    if (parameter->kind == PARAMETER_PORT) return prepare_port(preparing, argument, expression);
    if (parameter->kind == PARAMETER_MANIFEST && expression == NULL) value = manifest_of_child(preparing);
    if (expression != NULL && !evaluate(preparing, expression, &value)) return false;
    switch (parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_KEY: break;
    case PARAMETER_THREAD:
    case PARAMETER_OBJECT:
        if (expression->kind == EXPRESSION_THREAD) value += THREAD_HANDLE_FIRST;
        break;
    case PARAMETER_CHILD:
    case PARAMETER_PROCESS:
        if (expression != NULL && expression->kind == EXPRESSION_PROCESS) value += PROCESS_ID_FIRST;
        break;
    case PARAMETER_CONDITION:
        if (expression != NULL) value = (uint32_t)value + CONDITION_ACCEPT;
        break;
    case PARAMETER_U16:
    case PARAMETER_PORT_NUMBER: value = (uint16_t)value; break;
    case PARAMETER_I32: value = (uint64_t)(int64_t)(int32_t)(uint32_t)value; break;
    default: value = (uint32_t)value; break;
    }
    preparing->call->arguments[argument] = value;
    return true;
}

/* What the catalogue gives a size is a number of that many bytes; all else follows from the control code. */
static bool prepare_memory_in(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                              const struct expression *expression) {
    if (parameter->ordinary != 0)
        return prepare_input(preparing, argument, expression, LAYOUT_U32, parameter->ordinary);
    return prepare_input(preparing, argument, expression, preparing->layout.input,
                         layout_size(preparing->layout.input));
}

static bool prepare_memory_out(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                               const struct expression *expression) {
    uint32_t size = parameter->ordinary;
    if (size != 0) return prepare_output(preparing, argument, expression, size, size);
    return prepare_output(preparing, argument, expression, 0, layout_size(preparing->layout.output));
}

/* Room for as many entries as the partner says. */
static bool prepare_entries(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                            const struct expression *expression) {
    uint64_t count = 0;
    if (!evaluate(preparing, preparing->arguments[parameter->pair], &count)) return false;
    uint32_t size = length_limited((uint32_t)count * (uint64_t)OVERLAPPED_ENTRY_SIZE);
    return prepare_output(preparing, argument, expression, size, size);
}

/* What AcceptEx stores, or GetAcceptExSockaddrs reads. How addresses stand there is the provider's own business: `show`
 * looks at the data before them. */
static bool prepare_parts(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                          const struct expression *expression) {
    uint64_t all = 0, data = 0;
    for (unsigned i = CALL_PARTS; i > 0; i--) {
        const struct expression *size = preparing->arguments[parameter->pair + i - 1];
        data = preparing->step->signature->parameters[parameter->pair + i - 1].ordinary;
        if (size != NULL && !evaluate(preparing, size, &data)) return false;
        all += (uint32_t)data;
    }
    uint32_t length = length_limited(all);
    if (!prepare_output(preparing, argument, expression, length, length)) return false;
    if (expression->kind != EXPRESSION_NAME) return true;
    struct live_value *buffer = &preparing->session->live[expression->name];
    buffer->shown = (uint16_t)((uint32_t)data < buffer->memory_length ? (uint32_t)data : buffer->memory_length);
    return true;
}

/* Where an address is to be stored. A buffer is looked at as one from here on. */
static bool prepare_address_out(struct preparing *preparing, unsigned argument, const struct expression *expression) {
    if (is_pointer_word(expression, POINTER_PARTLY_BAD) && !preparing->has_size[argument]) {
        /* half of the least that a function stores there, while the size says that all is well */
        set_range(preparing, argument, RANGE_PARTLY_BAD, argument_address(preparing, argument), SOCKADDR_IN_SIZE / 2);
        preparing->natural[argument] = SOCKADDR_STORAGE_SIZE;
        return true;
    }
    if (!prepare_output(preparing, argument, expression, SOCKADDR_STORAGE_SIZE, SOCKADDR_STORAGE_SIZE)) return false;
    if (expression != NULL && expression->kind == EXPRESSION_NAME)
        preparing->session->live[expression->name].has_address = 1;
    return true;
}

static bool prepare_pointer(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                            const struct expression *expression) {
    uint64_t value = 0;
    switch (parameter->kind) {
    case PARAMETER_IN: return prepare_memory_in(preparing, argument, parameter, expression);
    case PARAMETER_OUT: return prepare_memory_out(preparing, argument, parameter, expression);
    case PARAMETER_ADDRESS: return prepare_input(preparing, argument, expression, LAYOUT_BYTES, SOCKADDR_IN6_SIZE);
    case PARAMETER_ADDRESS_OUT: return prepare_address_out(preparing, argument, expression);
    case PARAMETER_ERROR_OUT: prepare_u32(preparing, argument, expression, 0, true); return true;
    case PARAMETER_THREAD_ID:
        prepare_u32(preparing, argument, expression, 0, true);
        preparing->call->ranges[argument].length *= THREAD_ID_SIZE / 4;
        return true;
    case PARAMETER_TOKEN_OUT: return prepare_output(preparing, argument, expression, PORT_TOKEN_SIZE, PORT_TOKEN_SIZE);
    case PARAMETER_PARTS_OUT:
    case PARAMETER_PARTS_IN: return prepare_parts(preparing, argument, parameter, expression);
    case PARAMETER_KEY_OUT:
    case PARAMETER_OVERLAPPED_OUT: return prepare_output(preparing, argument, expression, POINTER_SIZE, POINTER_SIZE);
    case PARAMETER_ENTRIES_OUT: return prepare_entries(preparing, argument, parameter, expression);
    case PARAMETER_RANGE_OUT:
        return prepare_output(preparing, argument, expression, NETSH_RANGE_SIZE, NETSH_RANGE_SIZE);
    case PARAMETER_ROW_OUT: return prepare_output(preparing, argument, expression, NETSH_ROW_SIZE, NETSH_ROW_SIZE);
    case PARAMETER_COUNT_OUT: prepare_u32(preparing, argument, expression, 0, true); return true;
    case PARAMETER_BUFFERS_IN:
    case PARAMETER_BUFFERS_OUT: return prepare_buffers(preparing, argument, expression);
    case PARAMETER_HANDLES: return prepare_handles(preparing, argument, expression);
    case PARAMETER_SOCKETS: return prepare_sockets(preparing, argument, expression);
    case PARAMETER_POLLED: return prepare_polled(preparing, argument, expression);
    case PARAMETER_FLAGS:
        if (expression != NULL && expression->kind != EXPRESSION_POINTER && !evaluate(preparing, expression, &value))
            return false;
        prepare_u32(preparing, argument, expression, (uint32_t)value, false);
        return true;
    case PARAMETER_FLAG_OUT:
        if (expression != NULL && expression->kind != EXPRESSION_POINTER && !evaluate(preparing, expression, &value))
            return false;
        prepare_u32(preparing, argument, expression, (uint32_t)value,
                    expression == NULL || expression->kind == EXPRESSION_POINTER);
        return true;
    case PARAMETER_OVERLAPPED: return prepare_overlapped(preparing, argument, expression);
    case PARAMETER_ROUTINE: prepare_function(preparing, argument, expression, ROUTINE_ADDRESS); return true;
    case PARAMETER_APC: prepare_function(preparing, argument, expression, APC_ADDRESS); return true;
    case PARAMETER_HOOK: prepare_function(preparing, argument, expression, HOOK_ADDRESS); return true;
    case PARAMETER_TEXT: return prepare_input(preparing, argument, expression, LAYOUT_BYTES, 1);
    case PARAMETER_NULL: return prepare_input(preparing, argument, expression, LAYOUT_BYTES, 1);
    case PARAMETER_PROTOCOL_INFO:
        return prepare_input(preparing, argument, expression, LAYOUT_BYTES, PROTOCOL_INFO_SIZE);
    default: return true;
    }
}

/* The size of a partner: what is written, else what is passed. */
static bool prepare_size(struct preparing *preparing, unsigned argument, const struct parameter *parameter,
                         const struct expression *expression) {
    uint64_t value =
        preparing->has_size[parameter->pair] ? preparing->sizes[parameter->pair] : preparing->natural[parameter->pair];
    if (parameter->kind == PARAMETER_SIZE_POINTER) {
        prepare_u32(preparing, argument, expression, (uint32_t)value, false);
        return true;
    }
    bool is_unsigned = parameter->kind == PARAMETER_SIZE_DWORD;
    preparing->call->arguments[argument] = is_unsigned ? (uint32_t)value : (uint64_t)(int64_t)(int32_t)(uint32_t)value;
    return true;
}

static bool is_size(const struct parameter *parameter) {
    return parameter->kind == PARAMETER_SIZE || parameter->kind == PARAMETER_SIZE_DWORD ||
           parameter->kind == PARAMETER_SIZE_POINTER;
}

/* Notes the sizes that are written, for the buffers that they belong to. */
static bool read_sizes(struct preparing *preparing) {
    const struct signature *signature = preparing->step->signature;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const struct parameter *parameter = &signature->parameters[i];
        const struct expression *expression = preparing->arguments[i];
        if (!is_size(parameter) || expression == NULL || expression->kind == EXPRESSION_POINTER) continue;
        assert(parameter->pair < signature->parameters_count);
        uint64_t size = 0;
        if (!evaluate(preparing, expression, &size)) return false;
        preparing->sizes[parameter->pair] = (uint32_t)size;
        preparing->has_size[parameter->pair] = true;
    }
    return true;
}

/* --- the room of a record ----------------------------------------------------------------------------------------- */

/* How many bytes this expression brings, at most. */
static uint32_t bytes_of(const struct preparing *preparing, const struct expression *expression) {
    if (expression == NULL) return 0;
    switch (expression->kind) {
    case EXPRESSION_POINTER: return expression->items_count > 0 ? bytes_of(preparing, expression->items[0]) : 0;
    case EXPRESSION_HEX: return expression->bytes_count;
    case EXPRESSION_TEXT: return (uint32_t)strlen(expression->text);
    case EXPRESSION_RECORD: return PORT_INSTANCE_SIZE + (uint32_t)expression->items_count * POINTER_SIZE;
    case EXPRESSION_ADDRESS: return SOCKADDR_IN6_SIZE;
    case EXPRESSION_NAME: break;
    default: return PORT_INSTANCE_SIZE;
    }
    uint32_t memory = expression->name < 0 ? 0 : preparing->session->live[expression->name].memory_length;
    return memory > SOCKADDR_IN6_SIZE ? memory : SOCKADDR_IN6_SIZE;
}

/* Of an array of WSABUFs a number is so many bytes. */
static uint32_t bytes_of_buffers(const struct preparing *preparing, const struct expression *expression) {
    bool several = expression->kind == EXPRESSION_RECORD;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < (several ? expression->items_count : 1); i++) {
        const struct expression *item = several ? expression->items[i] : expression;
        sum += item->kind == EXPRESSION_NUMBER ? (uint32_t)item->number : bytes_of(preparing, item);
    }
    return sum;
}

/* How many bytes of the record an argument takes, at most, without poison that fills it up to a size that is said. */
static uint32_t bytes_of_argument(const struct preparing *preparing, unsigned argument) {
    const struct expression *expression = preparing->arguments[argument];
    unsigned kind = preparing->step->signature->parameters[argument].kind;
    if (kind <= PARAMETER_PROCESS) return 0; /* a number */
    switch (kind) {
    case PARAMETER_SIZE:
    case PARAMETER_SIZE_DWORD: return 0;
    case PARAMETER_SIZE_POINTER:
    case PARAMETER_COUNT_OUT:
    case PARAMETER_ERROR_OUT:
    case PARAMETER_THREAD_ID:
    case PARAMETER_FLAG_OUT:
    case PARAMETER_FLAGS: return 4;
    case PARAMETER_OVERLAPPED: return expression == NULL ? 0 : OVERLAPPED_SIZE;
    case PARAMETER_BUFFERS_IN:
    case PARAMETER_BUFFERS_OUT: return bytes_of_buffers(preparing, expression);
    case PARAMETER_SOCKETS: return SOCKET_SET_SOCKETS + bytes_of(preparing, expression);
    default: return bytes_of(preparing, expression);
    }
}

/* False: the arguments bring more than a record holds. */
static bool reserve_room(struct preparing *preparing) {
    for (unsigned i = 0; i < preparing->step->signature->parameters_count; i++)
        preparing->reserved += bytes_of_argument(preparing, i);
    return preparing->reserved <= CALL_BYTES_MAX;
}

static bool prepare_arguments(struct preparing *preparing) {
    const struct signature *signature = preparing->step->signature;
    static const bool sizes_last[2] = { false, true };
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < signature->parameters_count; i++) {
            const struct parameter *parameter = &signature->parameters[i];
            const struct expression *expression = preparing->arguments[i];
            if (is_size(parameter) != sizes_last[pass]) continue;
            preparing->reserved -= bytes_of_argument(preparing, i);
            bool done = is_size(parameter)                     ? prepare_size(preparing, i, parameter, expression)
                        : parameter->kind <= PARAMETER_PROCESS ? prepare_scalar(preparing, i, parameter, expression)
                                                               : prepare_pointer(preparing, i, parameter, expression);
            if (!done) return false;
        }
    }
    return true;
}

enum session_answer session_prepare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    struct call *call, int *needed) {
    assert(step->kind == STEP_CALL && step->signature != NULL);
    assert(needed != NULL);
    call_clear(call);
    call->thread = (uint16_t)step->thread;
    call->function = step->signature->function;
    session->steps_done++;
    assert(session->steps_done < (OUTPUT_ADDRESSES - STEP_ADDRESSES) / STEP_STRIDE);
    struct preparing preparing = {
        .session = session, .scenario = scenario, .step = step, .call = call, .needed = NO_NAME
    };
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        assert(step->arguments[i].parameter >= 0 && step->arguments[i].parameter < CALL_ARGUMENTS_MAX);
        preparing.arguments[step->arguments[i].parameter] = step->arguments[i].value;
    }
    preparing.layout = control_layout_of(session_control_code(session, scenario, step));
    *needed = NO_NAME;
    if (!reserve_room(&preparing)) return SESSION_TOO_LARGE;
    if (read_sizes(&preparing) && prepare_arguments(&preparing)) return SESSION_READY;
    *needed = preparing.needed;
    return SESSION_NEEDS;
}

bool session_could_send(const struct session *session, const struct scenario *scenario, const struct step *step) {
    struct call call;
    int needed = NO_NAME;
    if (step->kind != STEP_CALL || !session_runs(session, step->process)) return false;
    struct session *scratch = spare_take(sizeof *scratch);
    session_copy(scratch, session, scenario->names_count);
    bool ready = session_prepare(scratch, scenario, step, &call, &needed) == SESSION_READY;
    spare_give(scratch, sizeof *scratch);
    return ready;
}
