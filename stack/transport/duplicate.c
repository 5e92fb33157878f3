#include "stack/transport/duplicate.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/system/handles.h"
#include "stack/transport/wire/address.h"
#include "stack/transport/sockets.h"

/* Members of WSAPROTOCOL_INFOW that are filled in. */
enum { INFO_VERSION = 72, INFO_FAMILY = 76, INFO_TYPE = 88, INFO_PROTOCOL = 92, INFO_PROVIDER_RESERVED = 112 };

static void write_info(struct context *context, const struct socket_row *row, uint32_t serial) {
    uint8_t info[PROTOCOL_INFO_SIZE] = { 0 };
    assert(serial != 0);
    bool stream = row->protocol == PROTOCOL_TCP;
    store_u32(info + INFO_VERSION, 2);
    store_u32(info + INFO_FAMILY, row->family == 4 ? AF_INET : AF_INET6);
    store_u32(info + INFO_TYPE, stream ? 1 : row->protocol == PROTOCOL_UDP ? 2 : 3);
    store_u32(info + INFO_PROTOCOL, stream ? 6 : row->protocol == PROTOCOL_UDP ? 17 : 0);
    store_u32(info + INFO_PROVIDER_RESERVED, serial);
    result_write(context->result, context->call->arguments[WSADuplicateSocketW_lpProtocolInfo], info, sizeof info);
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAENETDOWN, or WSAEINVAL (no such process) and then WSAEFAULT (W130); then
 * WSAEMFILE, WSAENOBUFS. */
void call_WSADuplicateSocketW(struct context *context) {
    struct world *world = context->world;
    unsigned socket = begin_socket_call(context, WSADuplicateSocketW_s);
    if (socket == NO_ROW) return;
    unsigned process = process_of_id(world, context->call->arguments[WSADuplicateSocketW_dwProcessId]);
    bool writable = call_range_holds(context->call, WSADuplicateSocketW_lpProtocolInfo, PROTOCOL_INFO_SIZE);
    struct violations violations = { 0 };
    violate_if(&violations, world->network_down, WSAENETDOWN);
    violate_if(&violations, process == NO_ROW, WSAEINVAL);
    violate_if(&violations, process != NO_ROW && !writable, WSAEFAULT); /* looked at after the process (W130) */
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && world->no_handles) error = WSAEMFILE;
    if (error == 0 && world->no_buffers) error = WSAENOBUFS;
    uint32_t serial = error == 0 ? duplicate_make(world, process, socket) : 0;
    if (error == 0 && serial == 0) error = WSAENOBUFS;
    if (error != 0) {
        fail_socket(context, error);
        return;
    }
    write_info(context, world_socket(world, socket), serial);
    succeed(context, 0);
}

/* WSANOTINITIALISED; in any order WSAENETDOWN, WSAEFAULT, WSAEINVAL (nothing of the kind was promised to this process,
 * or it was opened already); then WSAEMFILE. Family, type and protocol come from the structure: what the caller says of
 * them beside FROM_PROTOCOL_INFO is not looked at, and the flags are those of the socket. */
void open_duplicate(struct context *context) {
    struct world *world = context->world;
    if (!winsock_started(context)) {
        fail(context, NO_SOCKET, WSANOTINITIALISED);
        return;
    }
    const uint8_t *info = call_read(context->call, WSASocketW_lpProtocolInfo, PROTOCOL_INFO_SIZE);
    uint32_t serial = info == NULL ? 0 : load_u32(info + INFO_PROVIDER_RESERVED);
    unsigned duplicate = duplicate_find(world, context->process, serial);
    struct violations violations = { 0 };
    violate_if(&violations, world->network_down, WSAENETDOWN);
    violate_if(&violations, info == NULL, WSAEFAULT);
    violate_if(&violations, info != NULL && duplicate == NO_ROW, WSAEINVAL);
    uint32_t error = violation_chosen(context, &violations);
    uint32_t number = 0;
    if (error == 0 && !world->no_handles) {
        unsigned socket = world_duplicate(world, duplicate)->socket;
        number = handle_open(world, context->chooser, context->process, HANDLE_SOCKET, socket);
    }
    if (error == 0 && number == 0) error = WSAEMFILE; /* the promise stands */
    if (error != 0) {
        fail(context, NO_SOCKET, error);
        return;
    }
    duplicate_drop(world, duplicate);
    handle_set_inheritable(world, context->process, number,
                           (context->call->arguments[WSASocketW_dwFlags] & WSA_FLAG_NO_HANDLE_INHERIT) == 0);
    succeed(context, number);
}

void duplicates_abandon(struct world *world, struct chooser *chooser, unsigned process, struct result *result) {
    for (unsigned i = duplicate_of_process(world, process); i != NO_ROW; i = duplicate_of_process(world, process)) {
        unsigned socket = duplicate_drop(world, i);
        if (world_socket(world, socket)->references == 0) socket_end(world, chooser, socket, result);
    }
    assert(duplicate_of_process(world, process) == NO_ROW);
}
