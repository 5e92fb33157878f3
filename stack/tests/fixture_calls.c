#include "stack/tests/fixture_calls.h"

#include <assert.h>
#include <string.h>

enum { INFO_ADDRESS = 0x9000, BUFFER_ADDRESS = 0xa000, TO_ADDRESS = 0xb000, SETS_ADDRESS = 0xe000, SET_STRIDE = 0x400 };

static uint32_t error_of(const struct machine *machine, uint64_t failure) {
    CU_ASSERT_EQUAL(machine->result.status, RESULT_RETURNED);
    return machine->result.value == failure ? machine->result.error : 0;
}

static void point_at(struct call *call, unsigned argument, enum range_state state, uint64_t address, uint32_t length) {
    call->ranges[argument] = (struct range){ .state = (uint8_t)state,
                                             .address = state == RANGE_NULL ? 0 : address,
                                             .length = state == RANGE_GOOD ? length : 0 };
    call->arguments[argument] = call->ranges[argument].address;
}

void call_for_packet(struct machine *machine, uint64_t port, uint32_t milliseconds, enum result_status expected) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_GetQueuedCompletionStatus;
    call.arguments[GetQueuedCompletionStatus_CompletionPort] = port;
    call.arguments[GetQueuedCompletionStatus_dwMilliseconds] = milliseconds;
    for (unsigned i = GetQueuedCompletionStatus_lpNumberOfBytesTransferred; i <= GetQueuedCompletionStatus_lpOverlapped;
         i++) {
        call.arguments[i] = 0x3000 + 0x100 * i;
        call.ranges[i] = (struct range){ .state = RANGE_GOOD, .address = call.arguments[i], .length = 8 };
    }
    run_call(machine, &call);
    CU_ASSERT_EQUAL(machine->result.status, expected);
}

void point_at_contents(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    point_at(call, argument, RANGE_GOOD, address, length);
    bool put = call_put_bytes(call, argument, bytes, length);
    assert(put);
    (void)put;
}

uint32_t duplicate_socket_oddly(struct machine *machine, uint64_t socket, uint64_t process_id, enum range_state state) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSADuplicateSocketW;
    call.arguments[WSADuplicateSocketW_s] = socket;
    call.arguments[WSADuplicateSocketW_dwProcessId] = process_id;
    point_at(&call, WSADuplicateSocketW_lpProtocolInfo, state, INFO_ADDRESS, PROTOCOL_INFO_SIZE);
    run_call(machine, &call);
    return error_of(machine, UINT64_MAX);
}

uint32_t duplicate_socket(struct machine *machine, uint64_t socket, unsigned process, struct protocol_info *info) {
    uint32_t error = duplicate_socket_oddly(machine, socket, PROCESS_ID_FIRST + process, RANGE_GOOD);
    const uint8_t *bytes = written(machine, INFO_ADDRESS, PROTOCOL_INFO_SIZE);
    CU_ASSERT_EQUAL(bytes != NULL, error == 0);
    memset(info, 0, sizeof *info);
    if (bytes != NULL) memcpy(info->bytes, bytes, sizeof info->bytes);
    return error;
}

uint32_t duplicate_handle(struct machine *machine, const struct duplicating *how, uint64_t *handle) {
    struct call call;
    call_clear(&call);
    unsigned own = world_thread(machine->world, machine->thread)->process;
    call.function = FUNCTION_DuplicateHandle;
    call.arguments[DuplicateHandle_hSourceProcessHandle] = PROCESS_ID_FIRST + own;
    call.arguments[DuplicateHandle_hSourceHandle] = how->source;
    call.arguments[DuplicateHandle_hTargetProcessHandle] = PROCESS_ID_FIRST + how->target;
    call.arguments[DuplicateHandle_bInheritHandle] = how->inherits;
    call.arguments[DuplicateHandle_dwOptions] = how->options | DUPLICATE_SAME_ACCESS;
    run_call(machine, &call);
    *handle = machine->result.value;
    return error_of(machine, 0);
}

uint64_t copy_of(struct machine *machine, uint64_t source) {
    uint64_t handle = 0;
    unsigned own = world_thread(machine->world, machine->thread)->process;
    expect_ok(duplicate_handle(machine, &(struct duplicating){ .source = source, .target = own }, &handle));
    return handle;
}

void call_to_open(struct call *call, const struct protocol_info *info) {
    const uint64_t from_protocol_info = UINT64_MAX;
    call_clear(call);
    call->function = FUNCTION_WSASocketW;
    call->arguments[WSASocketW_af] = call->arguments[WSASocketW_type] = call->arguments[WSASocketW_protocol] =
        from_protocol_info;
    point_at_contents(call, WSASocketW_lpProtocolInfo, INFO_ADDRESS, info->bytes, sizeof info->bytes);
}

uint32_t open_duplicate_of(struct machine *machine, const struct protocol_info *info, uint64_t *handle) {
    struct call call;
    call_to_open(&call, info);
    run_call(machine, &call);
    *handle = machine->result.value;
    return error_of(machine, UINT64_MAX);
}

uint64_t shared_with_tool(struct machine *machine, uint64_t socket) {
    struct protocol_info info;
    uint64_t shared = 0;
    unsigned speaker = machine->thread;
    expect_ok(duplicate_socket(machine, socket, PROCESS_TOOL, &info));
    speak_as(machine, TOOL);
    expect_ok(open_duplicate_of(machine, &info, &shared));
    speak_as(machine, speaker);
    return shared;
}

uint32_t send_byte(struct machine *machine, uint64_t socket, enum destination destination, unsigned port,
                   uint32_t *sent) {
    static const uint8_t addresses[][4] = { [TO_LOOPBACK] = { 127, 0, 0, 1 },
                                            [TO_ELSEWHERE] = { 192, 0, 2, 1 },
                                            [TO_BROADCAST] = { 255, 255, 255, 255 },
                                            [TO_WILDCARD] = { 0 },
                                            [TO_NULL] = { 0 },
                                            [TO_SHORT] = { 127, 0, 0, 1 } };
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_V4 };
    store_u16_network(name + 2, (uint16_t)port);
    memcpy(name + 4, addresses[destination], 4);
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_sendto;
    call.arguments[sendto_s] = socket;
    point_at_contents(&call, sendto_buf, BUFFER_ADDRESS, "x", 1);
    call.arguments[sendto_len] = 1;
    if (destination == TO_NULL) point_at(&call, sendto_to, RANGE_NULL, 0, 0);
    else point_at_contents(&call, sendto_to, TO_ADDRESS, name, sizeof name);
    call.arguments[sendto_tolen] = destination == TO_NULL    ? 0
                                   : destination == TO_SHORT ? SOCKADDR_IN_SIZE - 1
                                                             : SOCKADDR_IN_SIZE;
    run_call(machine, &call);
    *sent = (uint32_t)machine->result.value;
    return error_of(machine, UINT64_MAX);
}

void negotiate_1_1(struct machine *machine) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAStartup;
    call.arguments[WSAStartup_wVersionRequested] = 0x0101;
    point_at(&call, WSAStartup_lpWSAData, RANGE_GOOD, INFO_ADDRESS, WSADATA_SIZE);
    run_call(machine, &call);
    CU_ASSERT_EQUAL(machine->result.value, 0);
}

uint32_t set_blocking_hook(struct machine *machine, enum range_state state) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSASetBlockingHook;
    point_at(&call, WSASetBlockingHook_lpBlockFunc, state, state == RANGE_NULL ? 0 : HOOK_AT, state == RANGE_GOOD);
    run_call(machine, &call);
    return error_of(machine, 0);
}

void block_on(struct machine *machine, uint64_t socket) {
    control(machine, socket, SIO_ADDRESS_LIST_CHANGE);
    run_call(machine, &machine->call);
    CU_ASSERT_EQUAL(machine->result.status, RESULT_BLOCKED);
}

/* --- sets of sockets ---------------------------------------------------------------------------------------------- */

uint64_t set_address(unsigned argument) { return SETS_ADDRESS + (uint64_t)argument * SET_STRIDE; }

void put_set(struct call *call, unsigned argument, const uint64_t *handles, unsigned count) {
    uint8_t set[SOCKET_SET_SOCKETS + SET_SOCKETS_MAX * POINTER_SIZE];
    assert(count <= SET_SOCKETS_MAX);
    store_u64(set, count);
    for (unsigned i = 0; i < count; i++) store_u64(set + SOCKET_SET_SOCKETS + i * POINTER_SIZE, handles[i]);
    point_at_contents(call, argument, set_address(argument), set, SOCKET_SET_SOCKETS + count * POINTER_SIZE);
}

unsigned left_in_set(const struct machine *machine, unsigned argument, uint64_t *handles) {
    const uint8_t *head = written(machine, set_address(argument), SOCKET_SET_SOCKETS);
    if (head == NULL) return UINT32_MAX;
    unsigned count = (unsigned)load_u64(head);
    const uint8_t *set = written(machine, set_address(argument), SOCKET_SET_SOCKETS + count * POINTER_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    for (unsigned i = 0; i < count; i++) handles[i] = load_u64(set + SOCKET_SET_SOCKETS + i * POINTER_SIZE);
    return count;
}
