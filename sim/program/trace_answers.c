#include "sim/program/trace_answers.h"

#include <inttypes.h>
#include <string.h>

#include "sim/program/stores.h"
#include "sim/program/trace_text.h"
#include "stack/call/catalogue.h"
#include "stack/call/signature.h"
#include "stack/errors.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/error_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

enum {
    LOOKED_MAX = 256, /* so many bytes of an output are looked at, and */
    SHOWN_MAX = 64,   /* so many of them are shown, as session_observe.c does */
};

static struct {
    const struct world *world;
    struct stores stores;
} answers;

void trace_answers_begin(const struct world *world) { answers.world = world; }

bool trace_answers_keep(uint64_t address, const uint8_t *bytes, uint32_t length) {
    return stores_add(&answers.stores, address, bytes, length);
}

void trace_answers_await(unsigned thread, const struct call *call) { answers.stores.waiting[thread] = call; }

void trace_answers_forget(void) { stores_forget(&answers.stores); }

/* What was stored at a pointer of the call, or NULL. */
static const uint8_t *stored_at(const struct call *call, unsigned argument, uint32_t offset, uint32_t length) {
    uint64_t address = call->arguments[argument];
    return address == 0 ? NULL : stores_find(&answers.stores, address + offset, length);
}

static void put_count(const struct call *call, unsigned argument, const char *word) {
    const uint8_t *bytes = stored_at(call, argument, 0, 4);
    if (call->ranges[argument].state != RANGE_GOOD) return;
    if (bytes == NULL) trace_put(" %s=untouched", word);
    else trace_put(" %s=%" PRIu32, word, load_u32(bytes));
}

/* The letter of what a call brings; 0: nothing that is named. */
char trace_letter_of(const struct call *call) {
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
        const struct trace_name *source = trace_name_of(NAMED_HANDLE, call->arguments[DuplicateHandle_hSourceHandle]);
        return source == NULL ? 0 : source->text[0];
    }
    default: return 0;
    }
}

static void put_reservation(const struct call *call) {
    const uint8_t *ports = stored_at(call, WSAIoctl_out, 0, 4), *token = stored_at(call, WSAIoctl_out, 8, 8);
    if (ports == NULL || token == NULL) return;
    const uint8_t *padding = stored_at(call, WSAIoctl_out, 4, 4);
    trace_put(" StartPort=%u NumberOfPorts=%u", load_u16_network(ports), load_u16(ports + 2));
    if (padding == NULL) trace_put(" padding=untouched");
    else trace_put(" padding=%" PRIu32, load_u32(padding));
    trace_put(" Token=0x%" PRIx64, load_u64(token));
}

/* Of the OVERLAPPED that a call has. */
static void put_status(const struct call *call, unsigned argument) {
    const uint8_t *status = stored_at(call, argument, OVERLAPPED_INTERNAL, 8);
    const uint8_t *count = stored_at(call, argument, OVERLAPPED_INTERNAL_HIGH, 8);
    if (call->ranges[argument].state != RANGE_GOOD) return;
    const char *name = status == NULL ? NULL : error_name(load_u32(status), ERROR_FAMILY_STATUS);
    if (status == NULL) trace_put(" Internal=untouched");
    else if (name != NULL) trace_put(" Internal=%s", name);
    else trace_put(" Internal=0x%" PRIx32, load_u32(status));
    if (count == NULL) trace_put(" InternalHigh=untouched");
    else trace_put(" InternalHigh=%" PRIu64, load_u64(count));
}

static unsigned port_of(const struct call *call) {
    unsigned socket = handle_find(answers.world, PROGRAM_PROCESS, HANDLE_SOCKET, call->arguments[bind_s]);
    return socket == NO_ROW ? 0 : world_socket_at(answers.world, socket)->port;
}

static void put_out(const uint8_t *bytes, uint32_t length) {
    trace_put(" out=");
    if (length == 0) trace_put("untouched");
    else trace_put_hexadecimal(bytes, length < SHOWN_MAX ? length : SHOWN_MAX);
}

/* What was stored in a buffer, be it nothing. A buffer that is not there, or has no room, is not shown. */
static void put_output(const struct call *call, int argument) {
    uint8_t bytes[LOOKED_MAX];
    uint32_t length = 0;
    if (argument < 0 || call->ranges[argument].state != RANGE_GOOD || call->ranges[argument].length == 0) return;
    stores_lay(&answers.stores, &call->ranges[argument], bytes, LOOKED_MAX, &length);
    put_out(bytes, length);
}

/* The same of an array of WSABUFs, one after the other. */
static void put_filled_buffers(const struct call *call) {
    uint8_t bytes[LOOKED_MAX];
    uint32_t length = 0, room = 0;
    for (uint32_t i = 0; i < call->buffers_count; i++) {
        uint32_t end = room;
        stores_lay(&answers.stores, &call->buffers[i].range, bytes, LOOKED_MAX, &end);
        if (end > room) length = end;
        if (call->buffers[i].range.state == RANGE_GOOD) room += call->buffers[i].range.length;
        if (room > LOOKED_MAX) room = LOOKED_MAX;
    }
    if (room > 0) put_out(bytes, length);
}

/* Memory that could not hold an address is not looked at. */
static void put_stored_address(const struct call *call, unsigned argument) {
    const struct range *range = &call->ranges[argument];
    const uint8_t *bytes = stored_at(call, argument, 0, SOCKADDR_IN_SIZE);
    if (range->state != RANGE_GOOD || range->length < SOCKADDR_IN_SIZE) return;
    if (bytes == NULL) {
        trace_put(" address=untouched port=untouched");
        return;
    }
    trace_put(" address=");
    trace_put_address(bytes, load_u16(bytes) == AF_INET6 ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE);
    trace_put(" port=%u", load_u16_network(bytes + 2));
}

/* The OVERLAPPED of a packet: NULL where there was none, or the packet was posted so. */
static void put_packet_overlapped(uint64_t address) {
    const struct trace_name *name = address == 0 ? NULL : trace_name_of(NAMED_OVERLAPPED, address);
    trace_put(" overlapped=%s", address == 0 ? "NULL" : name == NULL ? "good" : name->text);
}

/* What was taken from a completion port, or that nothing was. */
static void put_packet(const struct call *call, const struct signature *signature) {
    unsigned key = (unsigned)signature_parameter_of_kind(signature, PARAMETER_KEY_OUT);
    unsigned overlapped = (unsigned)signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED_OUT);
    const uint8_t *bytes = stored_at(call, key, 0, 8);
    put_count(call, (unsigned)signature_parameter_of_kind(signature, PARAMETER_COUNT_OUT), "bytes");
    if (bytes == NULL) trace_put(" key=untouched");
    else trace_put(" key=0x%" PRIx64, load_u64(bytes));
    bytes = stored_at(call, overlapped, 0, 8);
    if (bytes == NULL) trace_put(" overlapped=untouched");
    else put_packet_overlapped(load_u64(bytes));
}

/* What these give is the machine's own, and no trace shows it (conformance/language/layouts.c). */
static bool is_opaque(uint32_t code) {
    return code == SIO_BASE_HANDLE || code == SIO_GET_INTERFACE_LIST || code == SIO_GET_EXTENSION_FUNCTION_POINTER;
}

static void put_control(const struct call *call, bool succeeded) {
    bool opaque = succeeded && is_opaque((uint32_t)call->arguments[WSAIoctl_code]);
    if (trace_letter_of(call) == 'r' && succeeded) put_reservation(call);
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
    if (bytes != NULL) trace_put(" value=%" PRIu32, load_u32(number));
    else if (option >= 0) trace_put(" value=untouched");
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
    trace_put(" value=%" PRIu32 " iErrorCode=%" PRIu32, events, code);
}

/* What a receive found besides data. */
static void put_flags(const struct call *call, const struct signature *signature) {
    int argument = signature_parameter_of_kind(signature, PARAMETER_FLAGS);
    if (argument < 0 || call->ranges[argument].state != RANGE_GOOD) return;
    const uint8_t *bytes = stored_at(call, (unsigned)argument, 0, 4);
    trace_put(" flags=%" PRIu32, load_u32(bytes != NULL ? bytes : call->bytes + call->ranges[argument].bytes_offset));
}

/* WSARecvMsg has control data beside what it receives. */
static bool is_message(const struct signature *signature) {
    return signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) >= 0 &&
           signature_parameter_of_kind(signature, PARAMETER_OUT) >= 0;
}

static void put_control_length(const struct call *call, const struct signature *signature) {
    if (!is_message(signature)) return;
    unsigned length = signature->parameters[signature_parameter_of_kind(signature, PARAMETER_OUT)].pair;
    const uint8_t *bytes = stored_at(call, length, 0, 4);
    if (bytes != NULL) trace_put(" value=%" PRIu32, load_u32(bytes));
}

static void put_product(const struct call *call, const struct signature *signature, bool succeeded) {
    int output = signature_parameter_of_kind(signature, PARAMETER_OUT);
    int token = signature_parameter_of_kind(signature, PARAMETER_TOKEN_OUT);
    const uint8_t *bytes = token < 0 ? NULL : stored_at(call, (unsigned)token, 0, 8);
    switch ((enum product)signature->product) {
    case PRODUCT_OUTPUT: put_output(call, output); return;
    case PRODUCT_VALUE:
        if (succeeded) put_number(call, signature);
        else put_output(call, output);
        return;
    case PRODUCT_TOKEN:
        if (bytes != NULL) trace_put(" Token=0x%" PRIx64, load_u64(bytes));
        else if (call->ranges[token].state == RANGE_GOOD) trace_put(" Token=untouched");
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
static void put_observed(const struct call *call, uint64_t value, bool succeeded, uint32_t error) {
    const struct signature *signature = signature_of((enum function)call->function);
    bool pending = error == WSA_IO_PENDING;
    if (succeeded && (signature->traits & TRAIT_SHOWS_VALUE) != 0) trace_put(" value=%" PRId64, (int64_t)value);
    if (signature_binds(signature, succeeded) && port_of(call) != 0) trace_put(" port=%u", port_of(call));
    if (signature_parameter_of_kind(signature, PARAMETER_KEY_OUT) >= 0) {
        put_packet(call, signature);
        return;
    }
    put_counts(call, signature, pending);
    if (pending) return;
    if (succeeded) put_control_length(call, signature);
    if (succeeded || (is_message(signature) && error == WSAEMSGSIZE)) put_flags(call, signature);
    if (signature_shows_address(signature, error))
        put_stored_address(call, (unsigned)signature_parameter_of_kind(signature, PARAMETER_ADDRESS_OUT));
    if (signature_is_control(signature)) put_control(call, succeeded);
    else if (succeeded && (signature->traits & TRAIT_SHOWS_EVENTS) != 0) put_network_events(call, signature);
    else put_product(call, signature, succeeded);
    if (signature_parameter_of_kind(signature, PARAMETER_BUFFERS_OUT) >= 0) put_filled_buffers(call);
    int overlapped = signature_parameter_of_kind(signature, PARAMETER_OVERLAPPED);
    if (overlapped >= 0 && signature_starts_request(signature)) put_status(call, (unsigned)overlapped);
}

void trace_put_outcome(const struct call *call, uint64_t value, uint32_t error) {
    const struct signature *signature = signature_of((enum function)call->function);
    bool succeeded = signature_succeeds(signature, value);
    uint32_t reported = signature->returns == RETURNS_ERROR ? (uint32_t)value : error;
    trace_put(" -> ");
    if (signature->returns == RETURNS_WAIT && (uint32_t)value == WAIT_TIMEOUT) trace_put("WAIT_TIMEOUT");
    else if (signature->returns == RETURNS_WAIT && (uint32_t)value == WAIT_IO_COMPLETION)
        trace_put("WAIT_IO_COMPLETION");
    else if (signature->returns == RETURNS_WAIT && succeeded && (uint32_t)value != 0)
        trace_put("%" PRIu32, (uint32_t)value);
    else if (succeeded) trace_put("ok");
    else if (reported == WSA_IO_PENDING) trace_put("pending");
    else {
        const char *name = error_name(reported, (enum error_family)signature->family);
        bool is_wait = reported == WAIT_TIMEOUT;
        if (name != NULL && !is_wait) trace_put("%s", name);
        else trace_put("error(%" PRIu32 ")", reported);
    }
    bool waited = signature->returns == RETURNS_WAIT && (uint32_t)value != WAIT_FAILED;
    if ((succeeded || waited) && signature->returns != RETURNS_NUMBER) {
        if (error == ERROR_UNTOUCHED) trace_put(" error=untouched");
        else trace_put(" error=%" PRIu32, error);
    }
    put_observed(call, value, succeeded, succeeded ? 0 : reported);
}

/* Names what it brought. The name is written when the call is, so it is made before, and its value is known after. */
void trace_put_product_name(const struct call *call, uint64_t value) {
    char letter = trace_letter_of(call);
    if (letter == 0 || !signature_succeeds(signature_of((enum function)call->function), value)) return;
    if (letter == 's' || letter == 'e' || letter == 'c') {
        trace_put("%s = ", trace_new_name(NAMED_HANDLE, value, letter)->text);
        return;
    }
    const uint8_t *token = letter == 'r' ? stored_at(call, WSAIoctl_out, 8, 8)
                                         : stored_at(call, CreatePersistentTcpPortReservation_Token, 0, 8);
    if (token != NULL) trace_put("%s = ", trace_new_name(NAMED_TOKEN, load_u64(token), letter)->text);
}

static void put_apc(const struct result_routine *routine) {
    trace_put("    apc(%" PRIu64 ")", routine->overlapped);
    trace_end_line();
}

void trace_put_routines(const struct result_routine *routines, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        if (routines[i].kind == RAN_APC) {
            put_apc(&routines[i]);
            continue;
        }
        const struct trace_name *name = trace_name_of(NAMED_OVERLAPPED, routines[i].overlapped);
        trace_put("    routine(%s) error=%" PRIu32 " bytes=%" PRIu32, name != NULL ? name->text : "NULL",
                  routines[i].error, routines[i].bytes);
        trace_end_line();
    }
}

/* The packets that a call has taken, as many as a step of a scenario tells. */
void trace_put_packets(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    int entries = signature_parameter_of_kind(signature, PARAMETER_ENTRIES_OUT);
    const uint8_t *count = entries < 0 ? NULL : stored_at(call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, 0, 4);
    for (uint32_t i = 0; count != NULL && i < load_u32(count) && i < RESULT_ROUTINES_MAX; i++) {
        const uint8_t *entry = stored_at(call, (unsigned)entries, i * OVERLAPPED_ENTRY_SIZE, OVERLAPPED_ENTRY_SIZE);
        if (entry == NULL) return;
        uint64_t address = load_u64(entry + ENTRY_OVERLAPPED);
        const struct trace_name *name = trace_name_of(NAMED_OVERLAPPED, address);
        const char *status = error_name(load_u32(entry + ENTRY_INTERNAL), ERROR_FAMILY_STATUS);
        trace_put("    packet(%s) key=%" PRIu64 " bytes=%" PRIu32,
                  name != NULL   ? name->text
                  : address == 0 ? "NULL"
                                 : "good",
                  load_u64(entry + ENTRY_KEY), load_u32(entry + ENTRY_BYTES));
        if (status != NULL) trace_put(" Internal=%s", status);
        else trace_put(" Internal=0x%" PRIx32, load_u32(entry + ENTRY_INTERNAL));
        trace_end_line();
    }
}
