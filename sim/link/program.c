#include "sim/link/program.h"

#include <assert.h>
#include <string.h>

#include "stack/call/functions.h"
#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"

/* User addresses: numbers that mean nothing but identity. */
enum { BUFFER = 0x1000, NAME = 0x2000, LENGTH = 0x3000, WINSOCK_2_2 = 0x0202 };

void program_start(struct program *program, struct world *world, struct chooser *chooser) {
    *program = (struct program){ .world = world, .chooser = chooser };
    model_process_start(world, 0, 0, 0, WINSOCK_2_2);
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/* `argument` is the socket, or of the function that makes one the address family; `value` is what it gets. */
static void begin(struct program *program, enum function function, unsigned argument, int64_t value) {
    call_clear(&program->call);
    program->call.function = (uint16_t)function;
    program->call.arguments[argument] = (uint64_t)value;
}

/* Memory of `length` bytes; `bytes` is what stands there, NULL for pure output. */
static void give(struct program *program, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    program->call.arguments[argument] = address;
    program->call.ranges[argument] = (struct range){ .address = address, .length = length, .state = RANGE_GOOD };
    if (bytes == NULL) return;
    bool fits = call_put_bytes(&program->call, argument, bytes, length);
    assert(fits);
    (void)fits;
}

static void give_endpoint(struct program *program, unsigned argument, unsigned length_argument,
                          const struct endpoint *endpoint) {
    uint8_t name[SOCKADDR_IN6_SIZE];
    endpoint_store(endpoint, name);
    give(program, argument, NAME, name, sockaddr_size(endpoint->family));
    program->call.arguments[length_argument] = sockaddr_size(endpoint->family);
}

static int64_t perform(struct program *program) {
    model_call(program->world, program->chooser, &program->call, &program->result);
    assert(program->result.status == RESULT_RETURNED);
    int64_t value = (int64_t)program->result.value;
    program->error = value == -1 ? program->result.error : 0;
    return value;
}

/* What the call has stored at an address; NULL: nothing. */
static const uint8_t *stored(const struct program *program, uint64_t address) {
    for (unsigned i = 0; i < program->result.writes_count; i++)
        if (program->result.writes[i].address == address)
            return program->result.bytes + program->result.writes[i].bytes_offset;
    return NULL;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

int64_t program_socket(struct program *program, unsigned family, enum protocol protocol) {
    const uint8_t on[4] = { 1 };
    begin(program, FUNCTION_socket, socket_af, family == 4 ? AF_INET : AF_INET6);
    program->call.arguments[socket_type] = protocol == PROTOCOL_TCP ? SOCK_STREAM : SOCK_DGRAM;
    int64_t socket = perform(program);
    if (socket == -1) return -1;
    begin(program, FUNCTION_ioctlsocket, ioctlsocket_s, socket);
    program->call.arguments[ioctlsocket_cmd] = FIONBIO;
    give(program, ioctlsocket_argp, LENGTH, on, sizeof on);
    return perform(program) == 0 ? socket : -1;
}

int64_t program_bind(struct program *program, int64_t socket, const struct endpoint *local) {
    begin(program, FUNCTION_bind, bind_s, socket);
    give_endpoint(program, bind_name, bind_namelen, local);
    return perform(program);
}

int64_t program_listen(struct program *program, int64_t socket, int backlog) {
    begin(program, FUNCTION_listen, listen_s, socket);
    program->call.arguments[listen_backlog] = (uint64_t)backlog;
    return perform(program);
}

int64_t program_connect(struct program *program, int64_t socket, const struct endpoint *remote) {
    begin(program, FUNCTION_connect, connect_s, socket);
    give_endpoint(program, connect_name, connect_namelen, remote);
    return perform(program);
}

uint32_t program_late_error(struct program *program, int64_t socket) {
    uint8_t length[4];
    store_u32(length, sizeof length);
    begin(program, FUNCTION_getsockopt, getsockopt_s, socket);
    program->call.arguments[getsockopt_level] = SOL_SOCKET;
    program->call.arguments[getsockopt_optname] = SO_ERROR;
    give(program, getsockopt_optval, BUFFER, NULL, 4);
    give(program, getsockopt_optlen, LENGTH, length, sizeof length);
    return perform(program) == 0 ? load_u32(stored(program, BUFFER)) : program->error;
}

int64_t program_accept(struct program *program, int64_t listener) {
    begin(program, FUNCTION_accept, accept_s, listener);
    program->call.ranges[accept_addr].state = program->call.ranges[accept_addrlen].state = RANGE_NULL;
    return perform(program);
}

int64_t program_keep_alive(struct program *program, int64_t socket) {
    const uint8_t on[4] = { 1 };
    begin(program, FUNCTION_setsockopt, setsockopt_s, socket);
    program->call.arguments[setsockopt_level] = SOL_SOCKET;
    program->call.arguments[setsockopt_optname] = SO_KEEPALIVE;
    give(program, setsockopt_optval, BUFFER, on, sizeof on);
    program->call.arguments[setsockopt_optlen] = sizeof on;
    return perform(program);
}

int64_t program_shutdown(struct program *program, int64_t socket, int how) {
    begin(program, FUNCTION_shutdown, shutdown_s, socket);
    program->call.arguments[shutdown_how] = (uint64_t)how;
    return perform(program);
}

int64_t program_close(struct program *program, int64_t socket) {
    begin(program, FUNCTION_closesocket, closesocket_s, socket);
    return perform(program);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

int64_t program_send(struct program *program, int64_t socket, const uint8_t *bytes, uint32_t count) {
    assert(count <= PROGRAM_SEND_MAX);
    begin(program, FUNCTION_send, send_s, socket);
    give(program, send_buf, BUFFER, bytes, count);
    program->call.arguments[send_len] = count;
    return perform(program);
}

int64_t program_receive(struct program *program, int64_t socket, uint8_t *bytes, uint32_t count) {
    if (count > PROGRAM_RECEIVE_MAX) count = PROGRAM_RECEIVE_MAX;
    begin(program, FUNCTION_recv, recv_s, socket);
    give(program, recv_buf, BUFFER, NULL, count);
    program->call.arguments[recv_len] = count;
    int64_t received = perform(program);
    if (received > 0) memcpy(bytes, stored(program, BUFFER), (size_t)received);
    return received;
}

int64_t program_send_to(struct program *program, int64_t socket, const uint8_t *bytes, uint32_t count,
                        const struct endpoint *to) {
    assert(count <= PROGRAM_SEND_MAX);
    begin(program, FUNCTION_sendto, sendto_s, socket);
    give(program, sendto_buf, BUFFER, bytes, count);
    program->call.arguments[sendto_len] = count;
    give_endpoint(program, sendto_to, sendto_tolen, to);
    return perform(program);
}

int64_t program_receive_from(struct program *program, int64_t socket, uint8_t *bytes, uint32_t count,
                             struct endpoint *from) {
    uint8_t length[4];
    if (count > PROGRAM_RECEIVE_MAX) count = PROGRAM_RECEIVE_MAX;
    store_u32(length, SOCKADDR_IN6_SIZE);
    begin(program, FUNCTION_recvfrom, recvfrom_s, socket);
    give(program, recvfrom_buf, BUFFER, NULL, count);
    program->call.arguments[recvfrom_len] = count;
    give(program, recvfrom_from, NAME, NULL, SOCKADDR_IN6_SIZE);
    give(program, recvfrom_fromlen, LENGTH, length, sizeof length);
    int64_t received = perform(program);
    const uint8_t *name = stored(program, NAME);
    if (received > 0) memcpy(bytes, stored(program, BUFFER), (size_t)received);
    if (received >= 0 && name != NULL) *from = endpoint_load(name, load_u16(name) == AF_INET ? 4 : 6);
    return received;
}
