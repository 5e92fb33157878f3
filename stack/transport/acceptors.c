#include "stack/transport/acceptors.h"

#include <assert.h>

#include "stack/transport/connections.h"

unsigned acceptor_request(const struct world *world, unsigned socket) {
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        bool accepts = row->state == REQUEST_PENDING && row->operation == OPERATION_ACCEPT_EX;
        if (accepts && row->code == socket) return i;
    }
    return NO_ROW;
}

bool acceptor_waits_for_data(const struct world *world, unsigned socket) {
    return connection_is_hidden(world, socket) && acceptor_request(world, socket) != NO_ROW;
}

bool acceptor_has_connection(const struct world *world, const struct request *request) {
    assert(request->operation == OPERATION_ACCEPT_EX);
    return world_socket_at(world, request->code)->connection != NO_ROW;
}
