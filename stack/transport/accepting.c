#include "stack/transport/accepting.h"

#include <assert.h>

#include "stack/sdk/socket_values.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/sockets.h"

/* What the page wants of each address length beyond an address itself. */
enum { ROOM_BESIDE_ADDRESS = 16 };

/* How an address stands in the buffer is no program's business: a count of addresses @0 (4), the length of the sockaddr
 * @4 (4), the sockaddr @8. */
enum { BLOCK_COUNT = 0, BLOCK_LENGTH = 4, BLOCK_BYTES = ACCEPT_ADDRESS_OFFSET + SOCKADDR_IN6_SIZE };

bool acceptor_addresses_fit(const struct world *world, const struct request *request) {
    uint32_t needed = sockaddr_size(world_socket_at(world, request->socket)->family) + ROOM_BESIDE_ADDRESS;
    uint32_t local = request->range_count, remote = request->input_length;
    return (local == 0 || local >= needed) && remote >= needed;
}

void acceptor_connect(struct world *world, const struct request *request, unsigned connection) {
    struct endpoint local = connection_local(world, connection);
    assert(!acceptor_has_connection(world, request));
    socket_take_port_of(world, request->code, request->socket, &local);
    connection_take(world, connection, request->code);
    world_connection(world, connection)->without_context = true;
}

/* An address into its part of the buffer. */
static void store_block(struct result *result, uint64_t address, const struct endpoint *endpoint) {
    uint8_t block[BLOCK_BYTES] = { 0 };
    unsigned size = sockaddr_size(endpoint->family);
    store_u32(block + BLOCK_COUNT, 1);
    store_u32(block + BLOCK_LENGTH, size);
    endpoint_store(endpoint, block + ACCEPT_ADDRESS_OFFSET);
    result_write(result, address, block, ACCEPT_ADDRESS_OFFSET + size);
}

void acceptor_store_addresses(struct context *context, const struct request *request) {
    const struct world *world = context->world;
    const struct socket_row *row = world_socket_at(world, request->code);
    struct endpoint local = connection_local(world, row->connection);
    struct endpoint remote = connection_remote(world, row->connection);
    uint64_t at = request->output_address + request->output_length;
    local = endpoint_for_family(&local, row->family);
    remote = endpoint_for_family(&remote, row->family);
    if (request->range_count > 0) store_block(context->result, at, &local);
    store_block(context->result, at + request->range_count, &remote);
}

const uint8_t *accepted_sockaddr(const uint8_t *part, uint32_t length, uint32_t *size) {
    if (length < ACCEPT_ADDRESS_OFFSET + SOCKADDR_IN_SIZE || load_u32(part + BLOCK_COUNT) != 1) return NULL;
    uint16_t family = load_u16(part + ACCEPT_ADDRESS_OFFSET);
    if (family != AF_INET && family != AF_INET6) return NULL;
    *size = sockaddr_size(family == AF_INET ? 4 : 6);
    bool whole = length >= ACCEPT_ADDRESS_OFFSET + *size && load_u32(part + BLOCK_LENGTH) == *size;
    return whole ? part + ACCEPT_ADDRESS_OFFSET : NULL;
}
