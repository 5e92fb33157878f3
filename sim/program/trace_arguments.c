#include "sim/program/trace_arguments.h"

#include <inttypes.h>
#include <stdbool.h>

#include "sim/program/trace_text.h"
#include "stack/call/catalogue.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"

static void put_code(uint32_t code) {
    const struct code_row *row = code_row(code);
    if (row != NULL) trace_put("%s", row->text);
    else trace_put("0x%" PRIx32, code);
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
        trace_put("{%u, %u}", load_u16_network(bytes), load_u16(bytes + 2));
    else if (is_token && range->length == PORT_TOKEN_SIZE) trace_put_token(load_u64(bytes));
    else if (call->function == FUNCTION_setsockopt && range->length == 4)
        trace_put("%" PRId32, (int32_t)load_u32(bytes));
    else if (is_listener(call, range)) trace_put_handle(load_u64(bytes));
    else trace_put_hexadecimal(bytes, range->bytes_length);
    if (range->bytes_length < range->length) trace_give_up("data is longer than a trace can have");
}

/* A pointer that is not good as a word; false: it is good. */
static bool put_pointer_word(const struct range *range) {
    switch ((enum range_state)range->state) {
    case RANGE_NULL: trace_put("NULL"); return true;
    case RANGE_BAD: trace_put("bad"); return true;
    case RANGE_PARTLY_BAD: trace_put("partly-bad"); return true;
    default: return false;
    }
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
    trace_put("{");
    for (uint32_t i = 0; i < call->buffers_count; i++) {
        const struct call_buffer *buffer = &call->buffers[i];
        trace_put("%s", i == 0 ? "" : ", ");
        if (put_pointer_word(&buffer->range)) continue;
        if (input) trace_put_hexadecimal(call->bytes + buffer->range.bytes_offset, buffer->range.bytes_length);
        else trace_put("%" PRIu32, buffer->length);
        if (buffer->length > (input ? buffer->range.bytes_length : 512u))
            trace_give_up("data is longer than a trace can have");
    }
    trace_put("}");
}

/* Is an output said to be of another size than the language takes? Then that size is said. */
static bool has_odd_size(const struct call *call, const struct parameter *partner, const struct range *size) {
    bool output = partner->kind == PARAMETER_OUT && partner->ordinary != 0;
    return output && size->bytes_length >= 4 && load_u32(call->bytes + size->bytes_offset) != partner->ordinary;
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
        const struct signature *signature = signature_of((enum function)call->function);
        if (has_odd_size(call, &signature->parameters[parameter->pair], range)) return false;
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
    if (length > TOLD_MAX * POINTER_SIZE) trace_give_up("it waits for more handles at once than a trace can have");
    for (uint32_t at = 0; at < length; at += POINTER_SIZE) {
        trace_put(at == 0 ? "{" : ", ");
        trace_put_handle(load_u64(bytes + at));
    }
    trace_put("}");
}

static void put_value(const struct call *call, const struct parameter *parameter, unsigned i) {
    const struct range *range = &call->ranges[i];
    uint64_t value = call->arguments[i];
    const uint8_t *bytes = call->bytes + range->bytes_offset;
    if (is_pointer((enum parameter_kind)parameter->kind) && put_pointer_word(range)) return;
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_OBJECT: trace_put_handle(value); return; /* a thread of a program is none of the model's */
    case PARAMETER_PROCESS: trace_put("app"); return;       /* a program is one process */
    case PARAMETER_CODE: put_code((uint32_t)value); return;
    case PARAMETER_THREAD: trace_put_thread((unsigned)(value - THREAD_HANDLE_FIRST)); return;
    case PARAMETER_I32:
    case PARAMETER_SIZE: trace_put("%" PRId64, (int64_t)value); return;
    case PARAMETER_CONDITION:
        trace_put(value == CONDITION_ACCEPT ? "CF_ACCEPT" : value == CONDITION_REJECT ? "CF_REJECT" : "CF_DEFER");
        return;
    case PARAMETER_BOOL: trace_put(value != 0 ? "TRUE" : "FALSE"); return;
    case PARAMETER_MILLISECONDS:
        if ((uint32_t)value == INFINITE) trace_put("INFINITE");
        else trace_put("%" PRIu64, value);
        return;
    case PARAMETER_PORT: trace_put("%u", (unsigned)((value & 0xff) << 8 | (value >> 8 & 0xff))); return;
    case PARAMETER_IN: put_input(call, i); return;
    case PARAMETER_ADDRESS:
        trace_put_address(bytes, range->bytes_length);
        if (range->bytes_length >= 4) trace_put(":%u", load_u16_network(bytes + 2));
        return;
    case PARAMETER_SIZE_POINTER:
        if (range->bytes_length >= 4) trace_put("%" PRIu32, load_u32(bytes));
        else trace_put("good");
        return;
    case PARAMETER_FLAG_OUT:
    case PARAMETER_FLAGS: trace_put("%" PRIu32, load_u32(bytes)); return;
    case PARAMETER_BUFFERS_IN: put_buffers(call, true); return;
    case PARAMETER_BUFFERS_OUT: put_buffers(call, false); return;
    case PARAMETER_HANDLES: put_handles(bytes, range->bytes_length); return;
    case PARAMETER_OVERLAPPED: trace_put_named(NAMED_OVERLAPPED, value); return;
    case PARAMETER_PARTS_OUT:
    case PARAMETER_PARTS_IN: trace_put_named(NAMED_BUFFER, value); return;
    default:
        if (is_pointer((enum parameter_kind)parameter->kind)) trace_put("good");
        else trace_put("%" PRIu64, value);
    }
}

void trace_put_arguments(const struct call *call, const struct signature *signature) {
    const char *between = "";
    bool by_name = false;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const struct parameter *parameter = &signature->parameters[i];
        if (is_ordinary(call, parameter, i)) {
            by_name = true;
            continue;
        }
        trace_put("%s", between);
        if (by_name) trace_put("%s=", parameter->name);
        put_value(call, parameter, i);
        between = ", ";
    }
}
