#include "stack/tests/fixture_messages.h"

#include "stack/call/signature.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"

enum {
    BUFFERS_AT = 0x30000,
    DATA_AT = 0x31000,
    COUNT_AT = 0x32000,
    FLAGS_AT = 0x33000,
    NAME_AT = 0x34000,
    NAME_LENGTH_AT = 0x35000,
    CONTROL_AT = 0x36000,
    CONTROL_LENGTH_AT = 0x37000,
    OVERLAPPED_AT = 0x38000,
    DATA_BYTES = 8,
};

static uint32_t outcome(const struct machine *machine) {
    if (machine->result.status == RESULT_BLOCKED) return STILL_INSIDE;
    return machine->result.value == UINT64_MAX ? machine->result.error : 0;
}

static void point_at_number(struct call *call, unsigned argument, uint64_t address, uint32_t number) {
    uint8_t bytes[4];
    store_u32(bytes, number);
    point_at_contents(call, argument, address, bytes, sizeof bytes);
}

static void point_at_nothing(struct call *call, unsigned argument) {
    call->arguments[argument] = 0;
    call->ranges[argument] = (struct range){ .state = RANGE_NULL };
}

static void point_at_room(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = address;
    call->ranges[argument] = (struct range){ .address = address, .length = length, .state = RANGE_GOOD };
}

static void put_one_buffer(struct call *call, unsigned buffers, uint32_t length) {
    point_at_room(call, buffers, BUFFERS_AT, WSABUF_SIZE);
    call->arguments[signature_of((enum function)call->function)->parameters[buffers].pair] = 1;
    call->buffers_count = 1;
    call->buffers[0].range = (struct range){ .address = DATA_AT, .length = length, .state = RANGE_GOOD };
    call->buffers[0].length = length;
}

static uint32_t number_at(const struct machine *machine, uint64_t address) {
    const uint8_t *bytes = written(machine, address, 4);
    return bytes == NULL ? UINT32_MAX : load_u32(bytes);
}

void look_at_message(const struct machine *machine, struct message *message) {
    message->bytes = number_at(machine, COUNT_AT);
    message->control_length = number_at(machine, CONTROL_LENGTH_AT);
    message->flags_after = number_at(machine, FLAGS_AT);
    bool none = message->control_length == UINT32_MAX || message->control_length == 0;
    message->control = none ? NULL : written(machine, CONTROL_AT, 1);
}

uint32_t receive_message(struct machine *machine, uint64_t socket, struct message *message) {
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSARecvMsg;
    call.arguments[WSARecvMsg_s] = socket;
    put_one_buffer(&call, WSARecvMsg_lpBuffers, DATA_BYTES);
    point_at_room(&call, WSARecvMsg_lpdwNumberOfBytesRecvd, COUNT_AT, 4);
    point_at_number(&call, WSARecvMsg_dwFlags, FLAGS_AT, message->flags);
    point_at_room(&call, WSARecvMsg_name, NAME_AT, SOCKADDR_IN6_SIZE);
    if (message->nameless) point_at_nothing(&call, WSARecvMsg_name);
    point_at_number(&call, WSARecvMsg_namelen, NAME_LENGTH_AT, message->name_length);
    point_at_room(&call, WSARecvMsg_Control, CONTROL_AT, message->control_room);
    if (message->without_control) point_at_nothing(&call, WSARecvMsg_Control);
    point_at_number(&call, WSARecvMsg_ControlLen, CONTROL_LENGTH_AT, message->control_room);
    if (message->without_name_length) point_at_nothing(&call, WSARecvMsg_namelen);
    if (message->without_control_length) point_at_nothing(&call, WSARecvMsg_ControlLen);
    point_at_nothing(&call, WSARecvMsg_lpOverlapped);
    if (message->overlapped)
        point_at_contents(&call, WSARecvMsg_lpOverlapped, OVERLAPPED_AT + message->which * 0x40u, overlapped,
                          sizeof overlapped);
    point_at_nothing(&call, WSARecvMsg_lpCompletionRoutine);
    run_call(machine, &call);
    look_at_message(machine, message);
    return outcome(machine);
}

uint32_t send_message(struct machine *machine, uint64_t socket, unsigned port, const void *control, uint32_t length) {
    uint8_t name[SOCKADDR_IN_SIZE] = { AF_INET, 0, (uint8_t)(port >> 8), (uint8_t)port, 127, 0, 0, 1 };
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSASendMsg;
    call.arguments[WSASendMsg_s] = socket;
    put_one_buffer(&call, WSASendMsg_lpBuffers, 1);
    CU_ASSERT(call_put_buffer_bytes(&call, 0, "x", 1));
    point_at_room(&call, WSASendMsg_lpNumberOfBytesSent, COUNT_AT, 4);
    point_at_nothing(&call, WSASendMsg_name);
    if (port != 0) {
        point_at_contents(&call, WSASendMsg_name, NAME_AT, name, sizeof name);
        call.arguments[WSASendMsg_namelen] = sizeof name;
    }
    point_at_nothing(&call, WSASendMsg_Control);
    if (control != NULL) point_at_contents(&call, WSASendMsg_Control, CONTROL_AT, control, length);
    call.arguments[WSASendMsg_ControlLen] = length;
    point_at_nothing(&call, WSASendMsg_lpOverlapped);
    point_at_nothing(&call, WSASendMsg_lpCompletionRoutine);
    run_call(machine, &call);
    return outcome(machine);
}

uint32_t want_packet_information(struct machine *machine, uint64_t socket, unsigned family) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_setsockopt;
    call.arguments[setsockopt_s] = socket;
    call.arguments[setsockopt_level] = family == 4 ? IPPROTO_IP : IPPROTO_IPV6;
    call.arguments[setsockopt_optname] = family == 4 ? IP_PKTINFO : IPV6_PKTINFO;
    call.arguments[setsockopt_optlen] = 4;
    point_at_contents(&call, setsockopt_optval, NAME_AT, (const uint8_t[4]){ 1 }, 4);
    run_call(machine, &call);
    return outcome(machine);
}
