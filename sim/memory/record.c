#include "sim/memory/record.h"

#include <string.h>

#include "stack/call/signature.h"
#include "stack/sdk/wait_values.h"
#include "sim/memory/utf16.h"

/* What is being filled, and who knows the memory. */
struct recording {
    struct call *call;
    const struct memory_view *memory;
};

static void put_range(const struct recording *recording, unsigned argument, uint64_t address, uint32_t wanted,
                      bool written) {
    struct call *call = recording->call;
    struct range *range = &call->ranges[argument];
    call->arguments[argument] = range->address = address;
    if (address == 0) {
        range->state = RANGE_NULL;
        return;
    }
    bool looks_further = written && wanted > 0;
    uint32_t there = looks_further ? recording->memory->writable(address, wanted)
                                   : recording->memory->readable(address, wanted > 0 ? wanted : 1);
    range->state = there == 0 ? RANGE_BAD : there < wanted ? RANGE_PARTLY_BAD : RANGE_GOOD;
    range->length = there < wanted ? there : wanted;
}

/* A pointer to what the callee reads. */
static void put_input(const struct recording *recording, unsigned argument, uint64_t address, uint32_t wanted,
                      bool written) {
    struct call *call = recording->call;
    put_range(recording, argument, address, wanted, written);
    const struct range *range = &call->ranges[argument];
    if (range->state != RANGE_GOOD && range->state != RANGE_PARTLY_BAD) return;
    uint32_t room = call_room(call);
    call_put_bytes(call, argument, (const void *)(uintptr_t)address, range->length < room ? range->length : room);
}

/* The record holds a text as UTF-8 without a terminator, under the address of the wide one. What is no UTF-16 becomes
 * U+FFFD. */
static void put_text(const struct recording *recording, unsigned argument, uint64_t address) {
    struct call *call = recording->call;
    put_range(recording, argument, address, sizeof(uint16_t), false);
    if (call->ranges[argument].state != RANGE_GOOD) return;
    const uint16_t *units = (const uint16_t *)(uintptr_t)address;
    char text[CALL_BYTES_MAX];
    unsigned length = 0;
    while (length < CALL_BYTES_MAX && units[length] != 0) length++;
    call->ranges[argument].length = utf8_from_utf16(units, length, text, sizeof text);
    call_put_bytes(call, argument, text, call->ranges[argument].length);
}

/* The size that the partner of a buffer gives; without one, the ordinary size. A size below nothing says nothing of the
 * memory: what a value needs is looked for where the function has such a size (setsockopt: W195). */
static uint32_t buffer_size(const struct recording *recording, const struct signature *signature,
                            const struct parameter *parameter, const uint64_t *arguments) {
    const struct parameter *partner = &signature->parameters[parameter->pair];
    uint64_t given = arguments[parameter->pair];
    int32_t size = (int32_t)(uint32_t)given;
    switch (partner->kind) {
    case PARAMETER_SIZE: return size < 0 ? parameter->ordinary : (uint32_t)size;
    case PARAMETER_SIZE_DWORD: return (uint32_t)given;
    case PARAMETER_SIZE_POINTER:
        if (given == 0 || recording->memory->readable(given, sizeof size) < sizeof size) return 0;
        memcpy(&size, (const void *)(uintptr_t)given, sizeof size);
        return size > 0 ? (uint32_t)size : 0;
    default: return parameter->ordinary;
    }
}

/* Of AcceptEx: its three sizes follow one another. */
static uint32_t parts_size(const struct parameter *parameter, const uint64_t *arguments) {
    uint64_t all = 0;
    for (unsigned i = 0; i < CALL_PARTS; i++) all += (uint32_t)arguments[parameter->pair + i];
    return all > UINT32_MAX ? UINT32_MAX : (uint32_t)all;
}

/* Of so many entries; what the model takes at once has to be there; nothing after it is read. */
static uint32_t entries_size(uint64_t count) {
    uint32_t wanted = (uint32_t)count;
    return (wanted < PACKETS_TAKEN_MAX ? wanted : (uint32_t)PACKETS_TAKEN_MAX) * OVERLAPPED_ENTRY_SIZE;
}

/* Of an array that no function waits for nothing is looked at. */
static uint32_t handles_size(uint64_t count) {
    return (uint32_t)count <= MAXIMUM_WAIT_OBJECTS ? (uint32_t)count * POINTER_SIZE : 0;
}

/* One element of an array of WSABUFs, and the memory that it names. */
static void put_buffer(const struct recording *recording, const uint8_t *element, bool is_input) {
    struct call *call = recording->call;
    struct call_buffer *buffer = &call->buffers[call->buffers_count++];
    struct range *range = &buffer->range;
    buffer->length = load_u32(element);
    range->address = load_u64(element + 8);
    uint32_t wanted = buffer->length;
    if (range->address == 0) {
        range->state = RANGE_NULL;
        return;
    }
    uint32_t there = is_input ? recording->memory->readable(range->address, wanted > 0 ? wanted : 1)
                              : recording->memory->writable(range->address, wanted > 0 ? wanted : 1);
    range->state = there == 0 ? RANGE_BAD : there < wanted ? RANGE_PARTLY_BAD : RANGE_GOOD;
    range->length = there < wanted ? there : wanted;
    if (!is_input || there == 0) return;
    uint32_t room = call_room(call);
    call_put_buffer_bytes(call, call->buffers_count - 1, (const void *)(uintptr_t)range->address,
                          range->length < room ? range->length : room);
}

static void put_buffers(const struct recording *recording, unsigned argument, uint64_t address, uint64_t count,
                        bool is_input) {
    uint64_t elements = count > CALL_BUFFERS_MAX ? CALL_BUFFERS_MAX : count;
    put_range(recording, argument, address, (uint32_t)elements * WSABUF_SIZE, false);
    const struct range *range = &recording->call->ranges[argument];
    bool there = range->state == RANGE_GOOD || range->state == RANGE_PARTLY_BAD;
    for (uint32_t i = 0; there && i < elements && (i + 1) * WSABUF_SIZE <= range->length; i++)
        put_buffer(recording, (const uint8_t *)(uintptr_t)address + (size_t)i * WSABUF_SIZE, is_input);
}

/* A set of sockets, of whose number only its head tells; of more than the model takes, the head alone. */
static void put_set(const struct recording *recording, unsigned argument, uint64_t address) {
    uint64_t count = 0;
    bool has_head = address != 0 && recording->memory->readable(address, sizeof count) == sizeof count;
    if (has_head) memcpy(&count, (const void *)(uintptr_t)address, sizeof count);
    if (count > SET_SOCKETS_MAX) count = 0;
    put_input(recording, argument, address, SOCKET_SET_SOCKETS + (uint32_t)count * POINTER_SIZE, true);
}

/* As many u_longs as the set has sockets. */
static uint32_t polled_size(const struct recording *recording, uint64_t set) {
    uint64_t count = 0;
    if (set == 0 || recording->memory->readable(set, sizeof count) < sizeof count) return 0;
    memcpy(&count, (const void *)(uintptr_t)set, sizeof count);
    return count > SET_SOCKETS_MAX ? 0 : (uint32_t)count * (uint32_t)sizeof(uint32_t);
}

static void put_argument(const struct recording *recording, const struct signature *signature, unsigned i,
                         const uint64_t *arguments) {
    struct call *call = recording->call;
    const struct parameter *parameter = &signature->parameters[i];
    uint64_t value = arguments[i];
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_KEY:
    case PARAMETER_THREAD:
    case PARAMETER_OBJECT:
    case PARAMETER_ACCOUNT:
    case PARAMETER_CHILD: call->arguments[i] = value; return;
    case PARAMETER_I32:
    case PARAMETER_BOOL:
    case PARAMETER_SIZE: call->arguments[i] = (uint64_t)(int64_t)(int32_t)(uint32_t)value; return;
    case PARAMETER_IN:
    case PARAMETER_ADDRESS:
        put_input(recording, i, value, buffer_size(recording, signature, parameter, arguments), false);
        return;
    case PARAMETER_OUT:
    case PARAMETER_ADDRESS_OUT:
        put_range(recording, i, value, buffer_size(recording, signature, parameter, arguments), true);
        return;
    case PARAMETER_PARTS_OUT: put_range(recording, i, value, parts_size(parameter, arguments), true); return;
    case PARAMETER_PARTS_IN: put_input(recording, i, value, parts_size(parameter, arguments), false); return;
    case PARAMETER_SIZE_POINTER:
    case PARAMETER_FLAG_OUT: put_input(recording, i, value, sizeof(uint32_t), true); return;
    case PARAMETER_FLAGS: put_input(recording, i, value, sizeof(uint32_t), true); return;
    case PARAMETER_BUFFERS_IN:
    case PARAMETER_BUFFERS_OUT:
        put_buffers(recording, i, value, arguments[parameter->pair], parameter->kind == PARAMETER_BUFFERS_IN);
        return;
    case PARAMETER_HANDLES: put_input(recording, i, value, handles_size(arguments[parameter->pair]), false); return;
    case PARAMETER_SOCKETS: put_set(recording, i, value); return;
    case PARAMETER_POLLED:
        put_input(recording, i, value, polled_size(recording, arguments[parameter->pair]), true);
        return;
    case PARAMETER_COUNT_OUT: put_range(recording, i, value, sizeof(uint32_t), true); return;
    case PARAMETER_ERROR_OUT: put_range(recording, i, value, sizeof(uint32_t), true); return;
    case PARAMETER_THREAD_ID: put_range(recording, i, value, THREAD_ID_SIZE, false); return;
    case PARAMETER_TOKEN_OUT: put_range(recording, i, value, PORT_TOKEN_SIZE, true); return;
    case PARAMETER_KEY_OUT:
    case PARAMETER_OVERLAPPED_OUT: put_range(recording, i, value, POINTER_SIZE, true); return;
    case PARAMETER_ENTRIES_OUT: put_range(recording, i, value, entries_size(arguments[parameter->pair]), true); return;
    case PARAMETER_ROW_OUT: put_range(recording, i, value, NETSH_ROW_SIZE, true); return;
    case PARAMETER_RANGE_OUT: put_range(recording, i, value, NETSH_RANGE_SIZE, true); return;
    case PARAMETER_OVERLAPPED: put_input(recording, i, value, OVERLAPPED_SIZE, true); return;
    case PARAMETER_PROTOCOL_INFO: put_input(recording, i, value, PROTOCOL_INFO_SIZE, false); return;
    case PARAMETER_ROUTINE:
    case PARAMETER_APC:
    case PARAMETER_HOOK: put_range(recording, i, value, 1, false); return;
    case PARAMETER_NULL: put_input(recording, i, value, 1, false); return;
    case PARAMETER_TEXT: put_text(recording, i, value); return;
    default: call->arguments[i] = (uint32_t)value; return; /* unsigned numbers of at most 32 bits */
    }
}

void record_of_arguments(struct call *call, enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX],
                         const struct memory_view *memory) {
    const struct recording recording = { .call = call, .memory = memory };
    const struct signature *signature = signature_of(function);
    static const bool data_last[2] = { false, true }; /* a long buffer must not take the room of an address */
    call_clear(call);
    call->function = (uint16_t)function;
    call->more_bytes = memory->more_bytes;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < signature->parameters_count; i++) {
            bool is_data =
                signature->parameters[i].kind == PARAMETER_IN || signature->parameters[i].kind == PARAMETER_BUFFERS_IN;
            if (is_data == data_last[pass]) put_argument(&recording, signature, i, arguments);
        }
    }
}
