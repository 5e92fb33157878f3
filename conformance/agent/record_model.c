#include "conformance/agent/system/windows_headers.h"

#include "conformance/agent/record_model.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/system/pages.h"
#include "conformance/agent/utf16.h"
#include "stack/call/signature.h"

static void put_range(struct call *call, unsigned argument, uint64_t address, uint32_t wanted) {
    struct range *range = &call->ranges[argument];
    call->arguments[argument] = range->address = address;
    if (address == 0) {
        range->state = RANGE_NULL;
        return;
    }
    uint32_t there = pages_readable(address, wanted > 0 ? wanted : 1);
    range->state = there == 0 ? RANGE_BAD : there < wanted ? RANGE_PARTLY_BAD : RANGE_GOOD;
    range->length = there < wanted ? there : wanted;
}

/* A pointer to what the callee reads. */
static void put_input(struct call *call, unsigned argument, uint64_t address, uint32_t wanted) {
    put_range(call, argument, address, wanted);
    const struct range *range = &call->ranges[argument];
    if (range->state != RANGE_GOOD && range->state != RANGE_PARTLY_BAD) return;
    uint32_t room = CALL_BYTES_MAX - call->bytes_used;
    call_put_bytes(call, argument, (const void *)(uintptr_t)address, range->length < room ? range->length : room);
}

/* The record holds a text as UTF-8 without a terminator, under the address of the wide one. */
static void put_text(struct call *call, unsigned argument, uint64_t address) {
    put_range(call, argument, address, sizeof(WCHAR));
    if (call->ranges[argument].state != RANGE_GOOD) return;
    const WCHAR *units = (const WCHAR *)(uintptr_t)address;
    char text[CALL_BYTES_MAX];
    unsigned length = 0;
    while (length < CALL_BYTES_MAX && units[length] != 0) length++;
    call->ranges[argument].length = utf8_from_utf16(units, length, text, sizeof text);
    call_put_bytes(call, argument, text, call->ranges[argument].length);
}

/* The size that the partner of a buffer gives; without one, the ordinary size. */
static uint32_t buffer_size(const struct signature *signature, const struct parameter *parameter,
                            const uint64_t *arguments) {
    const struct parameter *partner = &signature->parameters[parameter->pair];
    uint64_t given = arguments[parameter->pair];
    int32_t size = (int32_t)(uint32_t)given;
    switch (partner->kind) {
    case PARAMETER_SIZE: return size > 0 ? (uint32_t)size : 0;
    case PARAMETER_SIZE_DWORD: return (uint32_t)given;
    case PARAMETER_SIZE_POINTER:
        if (given == 0 || pages_readable(given, sizeof size) < sizeof size) return 0;
        memcpy(&size, (const void *)(uintptr_t)given, sizeof size);
        return size > 0 ? (uint32_t)size : 0;
    default: return parameter->ordinary;
    }
}

static void put_argument(struct call *call, const struct signature *signature, unsigned i, const uint64_t *arguments) {
    const struct parameter *parameter = &signature->parameters[i];
    uint64_t value = arguments[i];
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_KEY:
    case PARAMETER_ACCOUNT:
    case PARAMETER_CHILD: call->arguments[i] = value; return;
    case PARAMETER_I32:
    case PARAMETER_BOOL:
    case PARAMETER_SIZE: call->arguments[i] = (uint64_t)(int64_t)(int32_t)(uint32_t)value; return;
    case PARAMETER_IN:
    case PARAMETER_ADDRESS: put_input(call, i, value, buffer_size(signature, parameter, arguments)); return;
    case PARAMETER_OUT:
    case PARAMETER_ADDRESS_OUT: put_range(call, i, value, buffer_size(signature, parameter, arguments)); return;
    case PARAMETER_SIZE_POINTER:
    case PARAMETER_FLAG_OUT: put_input(call, i, value, sizeof(uint32_t)); return;
    case PARAMETER_COUNT_OUT: put_range(call, i, value, sizeof(uint32_t)); return;
    case PARAMETER_ERROR_OUT: put_range(call, i, value, sizeof(uint32_t)); return;
    case PARAMETER_THREAD_ID: put_range(call, i, value, THREAD_ID_SIZE); return;
    case PARAMETER_TOKEN_OUT: put_range(call, i, value, PORT_TOKEN_SIZE); return;
    case PARAMETER_KEY_OUT:
    case PARAMETER_OVERLAPPED_OUT: put_range(call, i, value, POINTER_SIZE); return;
    case PARAMETER_ROW_OUT: put_range(call, i, value, NETSH_ROW_SIZE); return;
    case PARAMETER_OVERLAPPED: put_input(call, i, value, OVERLAPPED_SIZE); return;
    case PARAMETER_PROTOCOL_INFO: put_input(call, i, value, PROTOCOL_INFO_SIZE); return;
    case PARAMETER_ROUTINE:
    case PARAMETER_HOOK: put_range(call, i, value, 1); return;
    case PARAMETER_NULL: put_input(call, i, value, 1); return;
    case PARAMETER_TEXT: put_text(call, i, value); return;
    default: call->arguments[i] = (uint32_t)value; return; /* unsigned numbers of at most 32 bits */
    }
}

_Static_assert(sizeof(WSADATA) == WSADATA_SIZE, "records describe the structures of 64-bit Windows");
_Static_assert(sizeof(WSAPROTOCOL_INFOW) == PROTOCOL_INFO_SIZE, "records describe the structures of 64-bit Windows");

void record_of_arguments(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX]) {
    const struct signature *signature = signature_of(function);
    static const bool data_last[2] = { false, true }; /* a long buffer must not take the room of an address */
    call_clear(call);
    call->function = (uint16_t)function;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < signature->parameters_count; i++) {
            bool is_data = signature->parameters[i].kind == PARAMETER_IN;
            if (is_data == data_last[pass]) put_argument(call, signature, i, arguments);
        }
    }
}
