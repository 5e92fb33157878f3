#include "sim/program/trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/program/stop.h"
#include "sim/program/stores.h"
#include "stack/call/catalogue.h"
#include "stack/call/signature.h"
#include "stack/errors.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/error_values.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

enum {
    NAMES_MAX = 90,
    STEPS_MAX = 500,
    THREADS_MAX = 8,
    DATA_MAX = 250,
    BUFFER_MAX = 512,
    LOOKED_MAX = 256, /* so many bytes of an output are looked at, and */
    SHOWN_MAX = 64,   /* so many of them are shown, as session_observe.c does */
    LINE_BYTES = 3800,
};

/* How long a player waits for a call that `blocks`, and for any other (conformance/session/step_limit.h). */
static const uint64_t BLOCKS_NS = UINT64_C(300000000), RETURN_NS = UINT64_C(5000000000);

enum named { NAMED_HANDLE, NAMED_TOKEN, NAMED_OVERLAPPED, NAMED_BUFFER };

struct name {
    enum named kind;
    uint64_t value; /* handle, token, address */
    char text[8];
};

static struct {
    const char *path; /* NULL: none is wanted */
    const struct program_options *options;
    struct world *world;
    char *text;
    size_t used, size;
    struct name names[NAMES_MAX];
    unsigned names_count, steps_count, threads_count;
    const char *over; /* why it ended */
    uint64_t passed_ns;
    uint64_t passed_before_ns; /* before the held call */
    const struct call *held;   /* a call that has begun to wait, of which nothing is written yet */
    bool held_must_be_undisturbed;
    struct name *pending[PROGRAM_THREADS_MAX]; /* of a call that is blocked */
    bool seen[PROGRAM_THREADS_MAX], is_blocked[PROGRAM_THREADS_MAX];
    char line[LINE_BYTES];
    size_t line_used;
    struct stores stores;
} trace;

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void put(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

static void put(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(trace.line + trace.line_used, sizeof trace.line - trace.line_used, format, arguments);
    va_end(arguments);
    trace.line_used += (size_t)length;
    if (trace.line_used < sizeof trace.line) return;
    trace.line_used = sizeof trace.line - 1;
    trace.over = "a line would be too long";
}

static void end_line(void) {
    bool fits = trace.used + trace.line_used + 2 < trace.size;
    if (!fits) {
        trace.size = (trace.used + trace.line_used + 2) * 2;
        trace.text = realloc(trace.text, trace.size);
        if (trace.text == NULL) stop(STOP_NO_ROOM, "there is no memory for the trace");
    }
    if (trace.over == NULL) {
        memcpy(trace.text + trace.used, trace.line, trace.line_used);
        trace.used += trace.line_used;
        trace.text[trace.used++] = '\n';
        if (++trace.steps_count == STEPS_MAX) trace.over = "it has more steps than a trace can have";
    }
    trace.line_used = 0;
}

static bool is_on(void) { return trace.path != NULL && trace.over == NULL; }

static void give_up(const char *why) {
    if (trace.over == NULL) trace.over = why;
}

void trace_begin(const struct program_options *options, struct world *world) {
    trace.path = options->trace;
    trace.options = options;
    trace.world = world;
}

/* What a wait with a limit passes of time, it passes itself when it is played; so does another call, up to the limit of
 * a step. */
static bool passes_time(const struct call *call) {
    int i = signature_parameter_of_kind(signature_of((enum function)call->function), PARAMETER_MILLISECONDS);
    return i >= 0 && (uint32_t)call->arguments[i] != INFINITE;
}

static void put_held(void);

static void note_thread(unsigned thread) {
    if (!trace.seen[thread] && ++trace.threads_count > THREADS_MAX)
        give_up("it has more threads than a trace can have");
    trace.seen[thread] = true;
}

static void put_thread(unsigned thread) {
    note_thread(thread);
    if (thread == 0) put("app");
    else put("app.t%u", thread + 1);
}

static void begin_line(unsigned thread) {
    put_held();
    if (trace.passed_ns > 0) {
        put("advance %" PRIu64 "ns", trace.passed_ns);
        trace.passed_ns = 0;
        end_line();
    }
    put_thread(thread);
    put(": ");
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static struct name *name_of(enum named kind, uint64_t value) {
    for (unsigned i = trace.names_count; i > 0; i--)
        if (trace.names[i - 1].kind == kind && trace.names[i - 1].value == value) return &trace.names[i - 1];
    return NULL;
}

static struct name *new_name(enum named kind, uint64_t value, char letter) {
    static struct name none;
    if (trace.names_count == NAMES_MAX) {
        give_up("it has more names than a trace can have");
        return &none;
    }
    struct name *name = &trace.names[trace.names_count++];
    *name = (struct name){ .kind = kind, .value = value };
    snprintf(name->text, sizeof name->text, "%c%u", letter, trace.names_count);
    return name;
}

static void put_handle(uint64_t handle) {
    const struct name *name = name_of(NAMED_HANDLE, handle);
    if (name != NULL) put("%s", name->text);
    else if (handle == UINT64_MAX) put("INVALID_HANDLE_VALUE");
    else put("0x%" PRIx64, handle);
}

/* --- arguments ---------------------------------------------------------------------------------------------------- */

static void put_hexadecimal(const uint8_t *bytes, uint32_t length) {
    if (length > DATA_MAX) give_up("data is longer than a trace can have");
    put("hex(");
    for (uint32_t i = 0; i < length && i < DATA_MAX; i++) put(i > 0 ? " %02x" : "%02x", bytes[i]);
    put(")");
}

static void put_address(const uint8_t *bytes, uint32_t length) {
    if (length >= SOCKADDR_IN6_SIZE && load_u16(bytes) == AF_INET6) {
        put("[");
        for (unsigned i = 0; i < 8; i++) put(i > 0 ? ":%x" : "%x", load_u16_network(bytes + 8 + 2 * i));
        put("]");
    } else if (length >= SOCKADDR_IN_SIZE && load_u16(bytes) == AF_INET)
        put("%u.%u.%u.%u", bytes[4], bytes[5], bytes[6], bytes[7]);
    else give_up("an address of another family");
}

static void put_code(uint32_t code) {
    const struct code_row *row = code_row(code);
    if (row != NULL) put("%s", row->text);
    else put("0x%" PRIx32, code);
}

static void put_token(uint64_t token) {
    const struct name *name = name_of(NAMED_TOKEN, token);
    if (name != NULL) put("%s.Token", name->text);
    else put("0x%" PRIx64, token);
}

/* The value of SO_UPDATE_ACCEPT_CONTEXT, which a trace says by its name. */
static bool is_listener(const struct call *call, const struct range *range) {
    return call->function == FUNCTION_setsockopt && range->length == POINTER_SIZE &&
           call->arguments[setsockopt_level] == SOL_SOCKET &&
           call->arguments[setsockopt_optname] == SO_UPDATE_ACCEPT_CONTEXT;
}

/* What is read: its form depends on what it is for. */
static void put_input(const struct call *call, unsigned argument) {
    const struct range *range = &call->ranges[argument];
    const uint8_t *bytes = call->bytes + range->bytes_offset;
    bool is_control = call->function == FUNCTION_WSAIoctl;
    uint32_t code = is_control ? (uint32_t)call->arguments[WSAIoctl_code] : 0;
    bool is_token = code == SIO_ASSOCIATE_PORT_RESERVATION || code == SIO_RELEASE_PORT_RESERVATION;
    if (code == SIO_ACQUIRE_PORT_RESERVATION && range->length == PORT_RANGE_SIZE)
        put("{%u, %u}", load_u16_network(bytes), load_u16(bytes + 2));
    else if (is_token && range->length == PORT_TOKEN_SIZE) put_token(load_u64(bytes));
    else if (call->function == FUNCTION_setsockopt && range->length == 4) put("%" PRId32, (int32_t)load_u32(bytes));
    else if (is_listener(call, range)) put_handle(load_u64(bytes));
    else put_hexadecimal(bytes, range->bytes_length);
    if (range->bytes_length < range->length) give_up("data is longer than a trace can have");
}

/* A pointer that is not good as a word; false: it is good. */
static bool put_pointer_word(const struct range *range) {
    switch ((enum range_state)range->state) {
    case RANGE_NULL: put("NULL"); return true;
    case RANGE_BAD: put("bad"); return true;
    case RANGE_PARTLY_BAD: put("partly-bad"); return true;
    default: return false;
    }
}

/* An OVERLAPPED or a buffer that has a line of its own. */
static void put_named(enum named kind, uint64_t address) {
    const struct name *name = name_of(kind, address);
    put("%s", name != NULL ? name->text : "good");
}

static bool is_pointer(enum parameter_kind kind) {
    switch (kind) {
    case PARAMETER_IN:
    case PARAMETER_OUT:
    case PARAMETER_PARTS_OUT:
    case PARAMETER_PARTS_IN:
    case PARAMETER_ADDRESS:
    case PARAMETER_ADDRESS_OUT:
    case PARAMETER_SIZE_POINTER:
    case PARAMETER_COUNT_OUT:
    case PARAMETER_TOKEN_OUT:
    case PARAMETER_KEY_OUT:
    case PARAMETER_OVERLAPPED_OUT:
    case PARAMETER_ENTRIES_OUT:
    case PARAMETER_FLAG_OUT:
    case PARAMETER_FLAGS:
    case PARAMETER_BUFFERS_IN:
    case PARAMETER_BUFFERS_OUT:
    case PARAMETER_HANDLES:
    case PARAMETER_OVERLAPPED:
    case PARAMETER_ROUTINE:
    case PARAMETER_APC:
    case PARAMETER_NULL:
    case PARAMETER_PROTOCOL_INFO: return true;
    default: return false;
    }
}

/* Is this argument an array of WSABUFs that is there? */
static bool has_buffers(const struct call *call, unsigned argument) {
    const struct parameter *parameter = &signature_of((enum function)call->function)->parameters[argument];
    bool array = parameter->kind == PARAMETER_BUFFERS_IN || parameter->kind == PARAMETER_BUFFERS_OUT;
    return array && call->ranges[argument].state == RANGE_GOOD;
}

/* What is sent, or how much room there is. */
static void put_buffers(const struct call *call, bool input) {
    put("{");
    for (uint32_t i = 0; i < call->buffers_count; i++) {
        const struct call_buffer *buffer = &call->buffers[i];
        put("%s", i == 0 ? "" : ", ");
        if (put_pointer_word(&buffer->range)) continue;
        if (input) put_hexadecimal(call->bytes + buffer->range.bytes_offset, buffer->range.bytes_length);
        else put("%" PRIu32, buffer->length);
        if (buffer->length > (input ? buffer->range.bytes_length : 512u))
            give_up("data is longer than a trace can have");
    }
    put("}");
}

/* Is it what the language takes when nothing is said? */
static bool is_ordinary(const struct call *call, const struct parameter *parameter, unsigned i) {
    const struct range *range = &call->ranges[i];
    uint64_t value = call->arguments[i];
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_OUT: /* its size says that there is one */
        return range->state == RANGE_GOOD || (range->state == RANGE_NULL && call->arguments[parameter->pair] == 0);
    case PARAMETER_SIZE:
    case PARAMETER_SIZE_DWORD: {
        const struct range *partner = &call->ranges[parameter->pair];
        if (has_buffers(call, parameter->pair)) return call->buffers_count == (uint32_t)value;
        bool good = partner->state == RANGE_GOOD && partner->bytes_length > 0;
        return good ? partner->length == (uint32_t)value : value == 0;
    }
    case PARAMETER_ADDRESS_OUT:
        return parameter->optional && range->state == (parameter->ordinary == 0 ? RANGE_NULL : RANGE_GOOD);
    case PARAMETER_SIZE_POINTER: {
        uint8_t pointed = call->ranges[parameter->pair].state;
        return range->state == (pointed == RANGE_NULL ? RANGE_NULL : RANGE_GOOD);
    }
    case PARAMETER_COUNT_OUT:
    case PARAMETER_TOKEN_OUT:
    case PARAMETER_KEY_OUT:
    case PARAMETER_OVERLAPPED_OUT:
    case PARAMETER_ENTRIES_OUT: return range->state == RANGE_GOOD;
    default: break;
    }
    if (is_pointer((enum parameter_kind)parameter->kind)) return parameter->optional && range->state == RANGE_NULL;
    return parameter->optional && value == parameter->ordinary;
}

static void put_handles(const uint8_t *bytes, uint32_t length) {
    enum { TOLD_MAX = 8 }; /* a record of the language has no more */
    if (length > TOLD_MAX * POINTER_SIZE) give_up("it waits for more handles at once than a trace can have");
    for (uint32_t at = 0; at < length; at += POINTER_SIZE) {
        put(at == 0 ? "{" : ", ");
        put_handle(load_u64(bytes + at));
    }
    put("}");
}

static void put_value(const struct call *call, const struct parameter *parameter, unsigned i) {
    const struct range *range = &call->ranges[i];
    uint64_t value = call->arguments[i];
    const uint8_t *bytes = call->bytes + range->bytes_offset;
    if (is_pointer((enum parameter_kind)parameter->kind) && put_pointer_word(range)) return;
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_OBJECT: put_handle(value); return; /* a thread of a program is none of the model's */
    case PARAMETER_PROCESS: put("app"); return;       /* a program is one process */
    case PARAMETER_CODE: put_code((uint32_t)value); return;
    case PARAMETER_THREAD: put_thread((unsigned)(value - THREAD_HANDLE_FIRST)); return;
    case PARAMETER_I32:
    case PARAMETER_SIZE: put("%" PRId64, (int64_t)value); return;
    case PARAMETER_CONDITION:
        put(value == CONDITION_ACCEPT ? "CF_ACCEPT" : value == CONDITION_REJECT ? "CF_REJECT" : "CF_DEFER");
        return;
    case PARAMETER_BOOL: put(value != 0 ? "TRUE" : "FALSE"); return;
    case PARAMETER_MILLISECONDS:
        if ((uint32_t)value == INFINITE) put("INFINITE");
        else put("%" PRIu64, value);
        return;
    case PARAMETER_PORT: put("%u", (unsigned)((value & 0xff) << 8 | (value >> 8 & 0xff))); return;
    case PARAMETER_IN: put_input(call, i); return;
    case PARAMETER_ADDRESS:
        put_address(bytes, range->bytes_length);
        if (range->bytes_length >= 4) put(":%u", load_u16_network(bytes + 2));
        return;
    case PARAMETER_FLAG_OUT:
    case PARAMETER_FLAGS: put("%" PRIu32, load_u32(bytes)); return;
    case PARAMETER_BUFFERS_IN: put_buffers(call, true); return;
    case PARAMETER_BUFFERS_OUT: put_buffers(call, false); return;
    case PARAMETER_HANDLES: put_handles(bytes, range->bytes_length); return;
    case PARAMETER_OVERLAPPED: put_named(NAMED_OVERLAPPED, value); return;
    case PARAMETER_PARTS_OUT:
    case PARAMETER_PARTS_IN: put_named(NAMED_BUFFER, value); return;
    default:
        if (is_pointer((enum parameter_kind)parameter->kind)) put("good");
        else put("%" PRIu64, value);
    }
}

static void put_arguments(const struct call *call, const struct signature *signature) {
    const char *between = "";
    bool by_name = false;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const struct parameter *parameter = &signature->parameters[i];
        if (is_ordinary(call, parameter, i)) {
            by_name = true;
            continue;
        }
        put("%s", between);
        if (by_name) put("%s=", parameter->name);
        put_value(call, parameter, i);
        between = ", ";
    }
}

/* An OVERLAPPED gets its line before the first call that has it, and another one when it begins a request again: the
 * program may have changed it meanwhile. */
static void name_overlapped(const struct call *call, const struct signature *signature) {
    int i = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    if (i < 0 || call->ranges[i].state != RANGE_GOOD) return;
    uint64_t event = load_u64(call->bytes + call->ranges[i].bytes_offset + OVERLAPPED_EVENT);
    struct name *name = name_of(NAMED_OVERLAPPED, call->arguments[i]);
    if (name != NULL && !signature_starts_request(signature)) return;
    name = new_name(NAMED_OVERLAPPED, call->arguments[i], 'o');
    const struct name *handle = name_of(NAMED_HANDLE, event & ~(uint64_t)1);
    begin_line(call->thread);
    put("%s = overlapped(", name->text);
    if (handle != NULL) put("event=%s%s", handle->text, (event & 1) != 0 ? "+1" : "");
    else if (event != 0) give_up("an event of an OVERLAPPED that is no event");
    put(")");
    end_line();
}

/* A buffer of AcceptEx gets its line with each request: it can be told what it held before by no other means. */
static void name_buffer(const struct call *call, const struct signature *signature) {
    int i = signature_parameter_of_kind(signature, PARAMETER_PARTS_OUT);
    if (i < 0 || call->ranges[i].state != RANGE_GOOD || call->ranges[i].length == 0) return;
    if (call->ranges[i].length > BUFFER_MAX) give_up("a buffer is longer than a trace can have");
    begin_line(call->thread);
    put("%s = buffer(%" PRIu32 ")", new_name(NAMED_BUFFER, call->arguments[i], 'b')->text, call->ranges[i].length);
    end_line();
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

void trace_stored(uint64_t address, const uint8_t *bytes, uint32_t length) {
    if (is_on() && !stores_add(&trace.stores, address, bytes, length))
        give_up("calls that wait get more data than a trace can have");
}

/* What was stored at a pointer of the call, or NULL. */
static const uint8_t *stored_at(const struct call *call, unsigned argument, uint32_t offset, uint32_t length) {
    uint64_t address = call->arguments[argument];
    return address == 0 ? NULL : stores_find(&trace.stores, address + offset, length);
}

static void put_count(const struct call *call, unsigned argument, const char *word) {
    const uint8_t *bytes = stored_at(call, argument, 0, 4);
    if (call->ranges[argument].state != RANGE_GOOD) return;
    if (bytes == NULL) put(" %s=untouched", word);
    else put(" %s=%" PRIu32, word, load_u32(bytes));
}

/* The letter of what a call brings; 0: nothing that is named. */
static char letter_of(const struct call *call) {
    switch ((enum product)signature_of((enum function)call->function)->product) {
    case PRODUCT_SOCKET: return 's';
    case PRODUCT_EVENT: return 'e';
    case PRODUCT_PORT: return call->arguments[CreateIoCompletionPort_ExistingCompletionPort] == 0 ? 'c' : 0;
    case PRODUCT_OUTPUT:
        return call->function == FUNCTION_WSAIoctl && call->arguments[WSAIoctl_code] == SIO_ACQUIRE_PORT_RESERVATION
                   ? 'r'
                   : 0;
    case PRODUCT_TOKEN: return 'k';
    case PRODUCT_COPY: { /* as what it is a copy of */
        const struct name *source = name_of(NAMED_HANDLE, call->arguments[DuplicateHandle_hSourceHandle]);
        return source == NULL ? 0 : source->text[0];
    }
    default: return 0;
    }
}

static void put_reservation(const struct call *call) {
    const uint8_t *ports = stored_at(call, WSAIoctl_out, 0, 4), *token = stored_at(call, WSAIoctl_out, 8, 8);
    if (ports == NULL || token == NULL) return;
    const uint8_t *padding = stored_at(call, WSAIoctl_out, 4, 4);
    put(" StartPort=%u NumberOfPorts=%u", load_u16_network(ports), load_u16(ports + 2));
    if (padding == NULL) put(" padding=untouched");
    else put(" padding=%" PRIu32, load_u32(padding));
    put(" Token=0x%" PRIx64, load_u64(token));
}

/* Of the OVERLAPPED that a call has. */
static void put_status(const struct call *call, unsigned argument) {
    const uint8_t *status = stored_at(call, argument, OVERLAPPED_INTERNAL, 8);
    const uint8_t *count = stored_at(call, argument, OVERLAPPED_INTERNAL_HIGH, 8);
    if (call->ranges[argument].state != RANGE_GOOD) return;
    const char *name = status == NULL ? NULL : error_name(load_u32(status), ERROR_FAMILY_STATUS);
    if (status == NULL) put(" Internal=untouched");
    else if (name != NULL) put(" Internal=%s", name);
    else put(" Internal=0x%" PRIx32, load_u32(status));
    if (count == NULL) put(" InternalHigh=untouched");
    else put(" InternalHigh=%" PRIu64, load_u64(count));
}

static unsigned port_of(const struct call *call) {
    unsigned socket = handle_find(trace.world, PROGRAM_PROCESS, HANDLE_SOCKET, call->arguments[bind_s]);
    return socket == NO_ROW ? 0 : world_socket(trace.world, socket)->port;
}

static void put_out(const uint8_t *bytes, uint32_t length) {
    put(" out=");
    if (length == 0) put("untouched");
    else put_hexadecimal(bytes, length < SHOWN_MAX ? length : SHOWN_MAX);
}

/* What was stored in a buffer, be it nothing. A buffer that is not there, or has no room, is not shown. */
static void put_output(const struct call *call, int argument) {
    uint8_t bytes[LOOKED_MAX];
    uint32_t length = 0;
    if (argument < 0 || call->ranges[argument].state != RANGE_GOOD || call->ranges[argument].length == 0) return;
    stores_lay(&trace.stores, &call->ranges[argument], bytes, LOOKED_MAX, &length);
    put_out(bytes, length);
}

/* The same of an array of WSABUFs, one after the other. */
static void put_filled_buffers(const struct call *call) {
    uint8_t bytes[LOOKED_MAX];
    uint32_t length = 0, room = 0;
    for (uint32_t i = 0; i < call->buffers_count; i++) {
        uint32_t end = room;
        stores_lay(&trace.stores, &call->buffers[i].range, bytes, LOOKED_MAX, &end);
        if (end > room) length = end;
        if (call->buffers[i].range.state == RANGE_GOOD) room += call->buffers[i].range.length;
        if (room > LOOKED_MAX) room = LOOKED_MAX;
    }
    if (room > 0) put_out(bytes, length);
}

static void put_stored_address(const struct call *call, unsigned argument) {
    const uint8_t *bytes = stored_at(call, argument, 0, SOCKADDR_IN_SIZE);
    if (bytes == NULL) return;
    put(" address=");
    put_address(bytes, load_u16(bytes) == AF_INET6 ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE);
    put(" port=%u", load_u16_network(bytes + 2));
}

/* What was taken from a completion port. */
static void put_packet(const struct call *call, const struct signature *signature) {
    unsigned key = (unsigned)signature_parameter_of_kind(signature, PARAMETER_KEY_OUT);
    unsigned overlapped = (unsigned)signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED_OUT);
    const uint8_t *bytes = stored_at(call, key, 0, 8);
    if (bytes == NULL) return;
    put_count(call, (unsigned)signature_parameter_of_kind(signature, PARAMETER_COUNT_OUT), "bytes");
    put(" key=0x%" PRIx64, load_u64(bytes));
    bytes = stored_at(call, overlapped, 0, 8);
    const struct name *name = bytes == NULL ? NULL : name_of(NAMED_OVERLAPPED, load_u64(bytes));
    if (name != NULL) put(" overlapped=%s", name->text);
}

/* What these give is the machine's own, and no trace shows it (conformance/language/layouts.c). */
static bool is_opaque(uint32_t code) {
    return code == SIO_BASE_HANDLE || code == SIO_GET_INTERFACE_LIST || code == SIO_GET_EXTENSION_FUNCTION_POINTER;
}

static void put_control(const struct call *call, bool succeeded) {
    bool opaque = succeeded && is_opaque((uint32_t)call->arguments[WSAIoctl_code]);
    if (letter_of(call) == 'r' && succeeded) put_reservation(call);
    else if (!opaque) put_output(call, WSAIoctl_out);
}

/* A number of 32 bits, or of less where the size says so. */
static void put_number(const struct call *call, const struct signature *signature) {
    int option = signature_parameter_of_kind(signature, PARAMETER_OUT);
    int argument = option >= 0 ? option : signature_parameter_of_kind(signature, PARAMETER_FLAG_OUT);
    const uint8_t *size = option < 0 ? NULL : stored_at(call, signature->parameters[option].pair, 0, 4);
    uint32_t length = size == NULL || load_u32(size) > 4 ? 4 : load_u32(size);
    uint8_t number[4] = { 0 };
    const uint8_t *bytes = argument < 0 ? NULL : stored_at(call, (unsigned)argument, 0, length);
    if (bytes != NULL) memcpy(number, bytes, length);
    if (bytes != NULL) put(" value=%" PRIu32, load_u32(number));
    else if (option >= 0) put(" value=untouched");
}

/* WSANETWORKEVENTS: the events, and the code among theirs that is not 0. */
static void put_network_events(const struct call *call, const struct signature *signature) {
    enum { CODES_OFFSET = 4, CODE_BYTES = 4, CODES = 10 };
    unsigned argument = (unsigned)signature_parameter_of_kind(signature, PARAMETER_OUT);
    const uint8_t *stored = stored_at(call, argument, 0, 4);
    if (stored == NULL) return;
    uint32_t events = load_u32(stored), code = 0;
    for (unsigned bit = 0; bit < CODES && code == 0; bit++) {
        stored =
            (events >> bit & 1) == 0 ? NULL : stored_at(call, argument, CODES_OFFSET + bit * CODE_BYTES, CODE_BYTES);
        if (stored != NULL) code = load_u32(stored);
    }
    put(" value=%" PRIu32 " iErrorCode=%" PRIu32, events, code);
}

/* What a receive found besides data. */
static void put_flags(const struct call *call, const struct signature *signature) {
    int argument = signature_parameter_of_kind(signature, PARAMETER_FLAGS);
    if (argument < 0 || call->ranges[argument].state != RANGE_GOOD) return;
    const uint8_t *bytes = stored_at(call, (unsigned)argument, 0, 4);
    put(" flags=%" PRIu32, load_u32(bytes != NULL ? bytes : call->bytes + call->ranges[argument].bytes_offset));
}

static void put_product(const struct call *call, const struct signature *signature, bool succeeded) {
    int output = signature_parameter_of_kind(signature, PARAMETER_OUT);
    int token = signature_parameter_of_kind(signature, PARAMETER_TOKEN_OUT);
    const uint8_t *bytes = token < 0 ? NULL : stored_at(call, (unsigned)token, 0, 8);
    switch ((enum product)signature->product) {
    case PRODUCT_ADDRESS:
        if (succeeded)
            put_stored_address(call, (unsigned)signature_parameter_of_kind(signature, PARAMETER_ADDRESS_OUT));
        return;
    case PRODUCT_OUTPUT: put_output(call, output); return;
    case PRODUCT_VALUE:
        if (succeeded) put_number(call, signature);
        else put_output(call, output);
        return;
    case PRODUCT_TOKEN:
        if (bytes != NULL) put(" Token=0x%" PRIx64, load_u64(bytes));
        else if (call->ranges[token].state == RANGE_GOOD) put(" Token=untouched");
        return;
    default: return;
    }
}

static void put_counts(const struct call *call, const struct signature *signature, bool pending) {
    const char *word = "bytes";
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        if (signature->parameters[i].kind != PARAMETER_COUNT_OUT) continue;
        if (!pending || strcmp(word, "bytes") == 0) put_count(call, i, word);
        word = "flags";
    }
}

/* What a function stores, as session_observe.c looks at it: also what a failing call has left as it was. */
static void put_observed(const struct call *call, uint64_t value, bool succeeded, bool pending) {
    const struct signature *signature = signature_of((enum function)call->function);
    if (succeeded && (signature->traits & TRAIT_SHOWS_VALUE) != 0) put(" value=%" PRId64, (int64_t)value);
    if (signature_binds(signature, succeeded) && port_of(call) != 0) put(" port=%u", port_of(call));
    if (signature_parameter_of_kind(signature, PARAMETER_KEY_OUT) >= 0) {
        put_packet(call, signature);
        return;
    }
    put_counts(call, signature, pending);
    if (pending) return;
    if (succeeded) put_flags(call, signature);
    if (signature_is_control(signature)) put_control(call, succeeded);
    else if (succeeded && (signature->traits & TRAIT_SHOWS_EVENTS) != 0) put_network_events(call, signature);
    else put_product(call, signature, succeeded);
    if (signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) >= 0) put_filled_buffers(call);
    int overlapped = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    if (overlapped >= 0 && signature_starts_request(signature)) put_status(call, (unsigned)overlapped);
}

static void put_outcome(const struct call *call, uint64_t value, uint32_t error) {
    const struct signature *signature = signature_of((enum function)call->function);
    bool succeeded = signature_succeeds(signature, value);
    uint32_t reported = signature->returns == RETURNS_ERROR ? (uint32_t)value : error;
    put(" -> ");
    if (signature->returns == RETURNS_WAIT && (uint32_t)value == WAIT_TIMEOUT) put("WAIT_TIMEOUT");
    else if (signature->returns == RETURNS_WAIT && (uint32_t)value == WAIT_IO_COMPLETION) put("WAIT_IO_COMPLETION");
    else if (signature->returns == RETURNS_WAIT && succeeded && (uint32_t)value != 0) put("%" PRIu32, (uint32_t)value);
    else if (succeeded) put("ok");
    else if (reported == WSA_IO_PENDING) put("pending");
    else {
        const char *name = error_name(reported, (enum error_family)signature->family);
        bool is_wait = reported == WAIT_TIMEOUT;
        if (name != NULL && !is_wait) put("%s", name);
        else put("error(%" PRIu32 ")", reported);
    }
    bool waited = signature->returns == RETURNS_WAIT && (uint32_t)value != WAIT_FAILED;
    if ((succeeded || waited) && signature->returns != RETURNS_NUMBER) {
        if (error == ERROR_UNTOUCHED) put(" error=untouched");
        else put(" error=%" PRIu32, error);
    }
    put_observed(call, value, succeeded, !succeeded && reported == WSA_IO_PENDING);
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

/* Names what it brought. The name is written when the call is, so it is made before, and its value is known after. */
static void name_product(const struct call *call, uint64_t value) {
    char letter = letter_of(call);
    if (letter == 0 || !signature_succeeds(signature_of((enum function)call->function), value)) return;
    if (letter == 's' || letter == 'e' || letter == 'c') {
        put("%s = ", new_name(NAMED_HANDLE, value, letter)->text);
        return;
    }
    const uint8_t *token = letter == 'r' ? stored_at(call, WSAIoctl_out, 8, 8)
                                         : stored_at(call, CreatePersistentTcpPortReservation_Token, 0, 8);
    if (token != NULL) put("%s = ", new_name(NAMED_TOKEN, load_u64(token), letter)->text);
}

static void put_call(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    put("%s(", signature->name);
    put_arguments(call, signature);
    put(")");
}

void trace_call(const struct call *call) {
    if (!is_on()) return;
    const struct signature *signature = signature_of((enum function)call->function);
    stores_forget(&trace.stores);
    name_overlapped(call, signature);
    name_buffer(call, signature);
}

/* No trace can say what comes while a call waits that ends by itself as long as a player still looks whether it
 * `blocks`; nor while one does that waits for a decision, which may be another's then. */
static bool must_be_undisturbed(const struct call *call) {
    if (signature_is_control(signature_of((enum function)call->function))) return true;
    return world_thread(trace.world, call->thread)->deadline_ns - trace.world->now_ns <= BLOCKS_NS;
}

/* It waits, and something else happens: now it counts as waiting. */
static void put_held(void) {
    const struct call *call = trace.held;
    if (call == NULL) return;
    if (trace.held_must_be_undisturbed) give_up("a call waits that ends by itself, and another thread calls meanwhile");
    uint64_t passed_ns = trace.passed_ns;
    trace.held = NULL;
    trace.passed_ns = trace.passed_before_ns;
    begin_line(call->thread);
    trace.passed_ns = passed_ns - trace.passed_before_ns;
    trace.pending[call->thread] = NULL;
    if (letter_of(call) == 's') {
        trace.pending[call->thread] = new_name(NAMED_HANDLE, 0, 's'); /* the handle is known when it returns */
        put("%s = ", trace.pending[call->thread]->text);
    }
    put_call(call);
    put(" -> blocks");
    end_line();
    trace.is_blocked[call->thread] = true;
}

void trace_blocks(const struct call *call) {
    if (!is_on()) return;
    put_held();
    trace.held = call;
    trace.held_must_be_undisturbed = must_be_undisturbed(call);
    trace.stores.waiting[call->thread] = call;
    trace.passed_before_ns = trace.passed_ns;
}

void trace_time(uint64_t nanoseconds) {
    if (!is_on()) return;
    trace.passed_ns += nanoseconds;
    bool shown = trace.held != NULL && !passes_time(trace.held);
    if (shown && trace.passed_ns - trace.passed_before_ns >= RETURN_NS) put_held();
}

static void put_apc(const struct result_routine *routine) {
    put("    apc(%" PRIu64 ")", routine->overlapped);
    end_line();
}

static void put_routines(const struct result_routine *routines, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (routines[i].kind == RAN_APC) {
            put_apc(&routines[i]);
            continue;
        }
        const struct name *name = name_of(NAMED_OVERLAPPED, routines[i].overlapped);
        put("    routine(%s) error=%" PRIu32 " bytes=%" PRIu32, name != NULL ? name->text : "NULL", routines[i].error,
            routines[i].bytes);
        end_line();
    }
}

/* The packets that a call has taken, as many as a step of a scenario tells. */
static void put_packets(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    int entries = signature_parameter_of_kind(signature, PARAMETER_ENTRIES_OUT);
    const uint8_t *count = entries < 0 ? NULL : stored_at(call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, 0, 4);
    for (uint32_t i = 0; count != NULL && i < load_u32(count) && i < RESULT_ROUTINES_MAX; i++) {
        const uint8_t *entry = stored_at(call, (unsigned)entries, i * OVERLAPPED_ENTRY_SIZE, OVERLAPPED_ENTRY_SIZE);
        if (entry == NULL) return;
        uint64_t address = load_u64(entry + ENTRY_OVERLAPPED);
        const struct name *name = name_of(NAMED_OVERLAPPED, address);
        const char *status = error_name(load_u32(entry + ENTRY_INTERNAL), ERROR_FAMILY_STATUS);
        put("    packet(%s) key=%" PRIu64 " bytes=%" PRIu32,
            name != NULL   ? name->text
            : address == 0 ? "NULL"
                           : "good",
            load_u64(entry + ENTRY_KEY), load_u32(entry + ENTRY_BYTES));
        if (status != NULL) put(" Internal=%s", status);
        else put(" Internal=0x%" PRIx32, load_u32(entry + ENTRY_INTERNAL));
        end_line();
    }
}

void trace_returns(const struct call *call, const struct parked_return *answer) {
    if (!is_on()) return;
    if (trace.held == call) { /* nothing came between: it did not wait, or passed the time itself */
        trace.passed_ns = trace.passed_before_ns;
        trace.held = NULL;
    }
    begin_line(call->thread);
    bool succeeded = signature_succeeds(signature_of((enum function)call->function), answer->back.value);
    if (trace.is_blocked[call->thread]) {
        put("returns");
        if (trace.pending[call->thread] != NULL && succeeded) trace.pending[call->thread]->value = answer->back.value;
    } else {
        name_product(call, answer->back.value);
        put_call(call);
    }
    trace.is_blocked[call->thread] = false;
    put_outcome(call, answer->back.value, answer->back.error);
    end_line();
    put_routines(answer->routines, answer->routines_count);
    if (succeeded) put_packets(call);
    trace.stores.waiting[call->thread] = NULL;
    stores_forget(&trace.stores);
}

/* --- the file ----------------------------------------------------------------------------------------------------- */

static const char *account_word(enum account_kind kind) {
    switch (kind) {
    case ACCOUNT_STANDARD_USER: return "standard-user";
    case ACCOUNT_BUILTIN_ADMINISTRATOR: return "builtin-administrator";
    case ACCOUNT_LOCAL_SYSTEM: return "local-system";
    default: return "administrator";
    }
}

static void write_head(FILE *file) {
    const struct program_options *options = trace.options;
    fprintf(file, "trace program\n  by      program\n  profile %s\n  seed    %" PRIu64 "\n\n", options->profile.name,
            options->seed);
    if (options->dynamic_first != 0)
        fprintf(file, "world dynamic-range tcp %u-%u\nworld dynamic-range udp %u-%u\n", options->dynamic_first,
                options->dynamic_last, options->dynamic_first, options->dynamic_last);
    for (unsigned i = 0; i < options->ranges_count; i++)
        fprintf(file, "world exclusion %s %u-%u%s\n", options->ranges[i].protocol == PROTOCOL_UDP ? "udp" : "tcp",
                options->ranges[i].first, options->ranges[i].last,
                options->ranges[i].administered ? " administered" : "");
    if (options->lua_off) fputs("world uac EnableLUA=0\n", file);
    if (options->delay_ns == UINT64_MAX) fputs("world completes never\n", file);
    else if (options->delay_ns > 0) fprintf(file, "world completes after %" PRIu64 "ns\n", options->delay_ns);
    fprintf(file, "user me is %s\nprocess app as me%s startup=none\n", account_word(options->account),
            options->elevated ? " elevated" : "");
    for (unsigned i = 1; i < PROGRAM_THREADS_MAX; i++)
        if (trace.seen[i]) fprintf(file, "thread app.t%u\n", i + 1);
    fputc('\n', file);
}

void trace_end(void) {
    if (trace.path == NULL) return;
    FILE *file = fopen(trace.path, "w");
    if (file == NULL) {
        fprintf(stderr, "reservoir: trace=%s: the file cannot be written\n", trace.path);
        return;
    }
    write_head(file);
    if (trace.used > 0) fwrite(trace.text, 1, trace.used, file);
    if (trace.over != NULL) fprintf(file, "# unsupported: %s\n", trace.over);
    fclose(file);
    trace.path = NULL;
}
