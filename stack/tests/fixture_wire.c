#include "stack/tests/fixture_wire.h"

#include <assert.h>
#include <string.h>

#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"

enum { DATA_ADDRESS = 0xc000, TEXT_MAX = 64 };

static uint32_t outcome(const struct machine *machine) {
    if (machine->result.status == RESULT_BLOCKED) return STILL_INSIDE;
    return machine->result.value == UINT64_MAX ? machine->result.error : 0;
}

static struct call call_on(enum function function, uint64_t socket) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    memcpy(call.arguments, &socket, sizeof socket); /* the first of all */
    return call;
}

uint32_t accept_on(struct machine *machine, uint64_t listener, uint64_t *accepted) {
    struct call call = call_on(FUNCTION_accept, listener);
    call.ranges[accept_addr].state = call.ranges[accept_addrlen].state = RANGE_NULL;
    run_to_return(machine, &call);
    *accepted = machine->result.value;
    return outcome(machine);
}

static uint32_t send_flagged(struct machine *machine, uint64_t socket, const char *text, uint32_t flags) {
    struct call call = call_on(FUNCTION_send, socket);
    uint32_t length = (uint32_t)strlen(text);
    call.arguments[send_buf] = DATA_ADDRESS;
    call.arguments[send_len] = length;
    call.arguments[send_flags] = flags;
    call.ranges[send_buf] = (struct range){ .state = RANGE_GOOD, .address = DATA_ADDRESS, .length = length };
    bool put = call_put_bytes(&call, send_buf, text, length);
    assert(put);
    (void)put;
    run_to_return(machine, &call);
    return outcome(machine);
}

uint32_t send_text(struct machine *machine, uint64_t socket, const char *text) {
    return send_flagged(machine, socket, text, 0);
}

uint32_t send_urgent(struct machine *machine, uint64_t socket, const char *text) {
    return send_flagged(machine, socket, text, MSG_OOB);
}

uint32_t receive_at_most(struct machine *machine, uint64_t socket, uint32_t bytes, char *text) {
    struct call call = call_on(FUNCTION_recv, socket);
    assert(bytes < TEXT_MAX);
    call.arguments[recv_buf] = DATA_ADDRESS;
    call.arguments[recv_len] = bytes;
    call.ranges[recv_buf] = (struct range){ .state = RANGE_GOOD, .address = DATA_ADDRESS, .length = bytes };
    run_to_return(machine, &call);
    memset(text, 0, TEXT_MAX);
    for (unsigned i = 0; i < machine->result.writes_count; i++) {
        const struct result_write *write = &machine->result.writes[i];
        if (write->address == DATA_ADDRESS) memcpy(text, machine->result.bytes + write->bytes_offset, write->length);
    }
    return outcome(machine);
}

uint32_t receive_text(struct machine *machine, uint64_t socket, char *text) {
    return receive_at_most(machine, socket, TEXT_MAX - 1, text);
}

uint32_t shut_down(struct machine *machine, uint64_t socket, uint32_t how) {
    plain_call(machine, FUNCTION_shutdown, socket, how, 0);
    return outcome(machine);
}

uint32_t set_nonblocking(struct machine *machine, uint64_t socket) {
    struct call call = call_on(FUNCTION_ioctlsocket, socket);
    const uint8_t on[4] = { 1, 0, 0, 0 };
    call.arguments[ioctlsocket_cmd] = FIONBIO;
    call.arguments[ioctlsocket_argp] = DATA_ADDRESS;
    call.ranges[ioctlsocket_argp] = (struct range){ .state = RANGE_GOOD, .address = DATA_ADDRESS, .length = sizeof on };
    bool put = call_put_bytes(&call, ioctlsocket_argp, on, sizeof on);
    assert(put);
    (void)put;
    run_call(machine, &call);
    return outcome(machine);
}

/* A buffer for the next call. */
static void put_range(struct call *call, unsigned argument, uint64_t address, uint32_t length, const void *contents) {
    call->arguments[argument] = address;
    call->ranges[argument] = (struct range){ .state = RANGE_GOOD, .address = address, .length = length };
    bool put = contents == NULL || call_put_bytes(call, argument, contents, length);
    assert(put);
    (void)put;
}

uint32_t accept_ex(struct machine *machine, uint64_t listener, uint64_t acceptor, uint32_t data_room) {
    enum { ROOM = SOCKADDR_IN_SIZE + 16, OVERLAPPED_AT = 0xd000 };
    static const uint8_t overlapped[OVERLAPPED_SIZE];
    struct call call = call_on(FUNCTION_AcceptEx, listener);
    call.arguments[AcceptEx_sAcceptSocket] = acceptor;
    call.arguments[AcceptEx_dwReceiveDataLength] = data_room;
    call.arguments[AcceptEx_dwLocalAddressLength] = call.arguments[AcceptEx_dwRemoteAddressLength] = ROOM;
    put_range(&call, AcceptEx_lpOutputBuffer, DATA_ADDRESS, data_room + 2 * ROOM, NULL);
    call.ranges[AcceptEx_lpdwBytesReceived].state = RANGE_NULL;
    put_range(&call, AcceptEx_lpOverlapped, OVERLAPPED_AT + (acceptor << 8), OVERLAPPED_SIZE, overlapped);
    run_call(machine, &call);
    return machine->result.value != 0 ? 0 : machine->result.error;
}

uint32_t update_accept_context(struct machine *machine, uint64_t acceptor, uint64_t listener) {
    struct call call = call_on(FUNCTION_setsockopt, acceptor);
    uint8_t handle[8];
    store_u64(handle, listener);
    call.arguments[setsockopt_level] = SOL_SOCKET;
    call.arguments[setsockopt_optname] = SO_UPDATE_ACCEPT_CONTEXT;
    call.arguments[setsockopt_optlen] = sizeof handle;
    put_range(&call, setsockopt_optval, DATA_ADDRESS, sizeof handle, handle);
    run_call(machine, &call);
    return outcome(machine);
}

uint32_t linger_for(struct machine *machine, uint64_t socket, unsigned seconds) {
    struct call call = call_on(FUNCTION_setsockopt, socket);
    const uint8_t linger[4] = { 1, 0, (uint8_t)seconds, 0 };
    call.arguments[setsockopt_level] = SOL_SOCKET;
    call.arguments[setsockopt_optname] = SO_LINGER;
    call.arguments[setsockopt_optval] = DATA_ADDRESS;
    call.arguments[setsockopt_optlen] = sizeof linger;
    call.ranges[setsockopt_optval] =
        (struct range){ .state = RANGE_GOOD, .address = DATA_ADDRESS, .length = sizeof linger };
    bool put = call_put_bytes(&call, setsockopt_optval, linger, sizeof linger);
    assert(put);
    (void)put;
    run_call(machine, &call);
    return outcome(machine);
}

struct talk talking(struct machine *machine) {
    udp(machine); /* as machine_with_two_processes() */
    new_event(machine, false, false);
    struct talk talk = { .listener = tcp(machine), .client = tcp(machine) };
    expect_ok(bind_at(machine, talk.listener, LOOPBACK_V4, 0));
    expect_ok(listen_on(machine, talk.listener));
    talk.port = port_of(machine, talk.listener);
    expect_ok(connect_to(machine, talk.client, LOOPBACK_V4, talk.port));
    expect_ok(accept_on(machine, talk.listener, &talk.server));
    return talk;
}

uint32_t returned_to(const struct machine *machine, unsigned thread) {
    const struct result *result = &machine->result;
    for (unsigned i = 0; i < result->returns_count; i++)
        if (result->returns[i].thread == thread)
            return result->returns[i].value == UINT64_MAX ? result->returns[i].error : 0;
    return STILL_INSIDE;
}
