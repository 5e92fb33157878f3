/* AcceptEx and GetAcceptExSockaddrs: a connection for a socket that is there already. */
#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/ports/pool.h"
#include "stack/transport/accepting.h"
#include "stack/transport/acceptors.h"
#include "stack/transport/connections.h"
#include "stack/transport/extensions.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/transfers.h"

/* --- AcceptEx ----------------------------------------------------------------------------------------------------- */

/* Q132: what becomes of an accept socket that was associated with a block, as one may not be bound (W168). */
static bool association_refuses(struct context *context, const struct socket_row *acceptor) {
    if (pool_association(context->world, acceptor) == NO_ROW) return false;
    return reading(context, Q132_ACCEPT_ASSOCIATED) == Q132_INVAL;
}

static void violate_acceptor(struct context *context, const struct socket_row *listener, unsigned socket,
                             struct violations *violations) {
    const struct socket_row *acceptor = world_socket(context->world, socket);
    bool fresh = acceptor->state == SOCKET_OPEN && acceptor->connection == NO_ROW;
    violate_if(violations, acceptor->protocol != PROTOCOL_TCP || !fresh, WSAEINVAL);       /* W168 */
    violate_if(violations, acceptor_request(context->world, socket) != NO_ROW, WSAEINVAL); /* W168 */
    violate_if(violations, acceptor->family != listener->family, WSAEINVAL);               /* inferred */
    violate_if(violations, violations->count == 0 && association_refuses(context, acceptor), WSAEINVAL);
}

/* All parts of the buffer, in bytes. */
static uint64_t bytes_needed(const struct call *call) {
    return (uint64_t)(uint32_t)call->arguments[AcceptEx_dwReceiveDataLength] +
           (uint32_t)call->arguments[AcceptEx_dwLocalAddressLength] +
           (uint32_t)call->arguments[AcceptEx_dwRemoteAddressLength];
}

static uint32_t accept_ex_unfit(struct context *context, unsigned socket, unsigned acceptor) {
    const struct call *call = context->call;
    const struct socket_row *row = world_socket(context->world, socket);
    struct violations violations = { 0 };
    bool nothing = call->ranges[AcceptEx_lpOverlapped].state == RANGE_NULL;
    uint64_t needed = bytes_needed(call);
    bool holds = needed <= UINT32_MAX && call_range_holds(call, AcceptEx_lpOutputBuffer, (uint32_t)needed);
    violate_if(&violations, context->world->network_down, WSAENETDOWN);
    violate_if(&violations, nothing, ERROR_INVALID_PARAMETER); /* W168 */
    violate_if(&violations, !nothing && call_read(call, AcceptEx_lpOverlapped, OVERLAPPED_SIZE) == NULL, WSAEFAULT);
    violate_if(&violations, acceptor == NO_ROW, WSAENOTSOCK);
    violate_if(&violations, row->state != SOCKET_LISTENING, WSAEINVAL);                                 /* W168 */
    violate_if(&violations, !holds || call->arguments[AcceptEx_dwRemoteAddressLength] == 0, WSAEFAULT); /* W168 */
    if (acceptor != NO_ROW) violate_acceptor(context, row, acceptor, &violations);
    return violation_chosen(context, &violations);
}

/* Q131: a connection waits already, and what else is wanted is there. */
static bool pends(struct context *context, unsigned listener) {
    if (connection_waiting(context->world, listener) == NO_ROW) return true;
    return reading(context, Q131_ACCEPT_EX_AT_ONCE) == Q131_PENDING;
}

/* WSANOTINITIALISED, WSAENOTSOCK (the listener); in any order WSAENETDOWN, ERROR_INVALID_PARAMETER (no OVERLAPPED),
 * WSAENOTSOCK (the accept socket), WSAEINVAL (not listening; an accept socket that is no stream, bound, connected or in
 * use already), WSAEFAULT (no buffer, or no room for the remote address). Then ERROR_IO_PENDING, or TRUE (Q131). It
 * ends with ERROR_INSUFFICIENT_BUFFER where an address does not fit (W169), and as a receive does where data is
 * wanted. What it does, having no condition, at a listener with SO_CONDITIONAL_ACCEPT, no page says. */
void call_AcceptEx(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    unsigned socket = begin_extension_call(context, AcceptEx_sListenSocket, AcceptEx_lpOverlapped);
    if (socket == NO_ROW) return;
    unsigned acceptor = context_socket(context, AcceptEx_sAcceptSocket);
    uint32_t error = accept_ex_unfit(context, socket, acceptor);
    if (error != 0) {
        extension_fail(context, AcceptEx_lpOverlapped, error);
        return;
    }
    if (socket_flag(world_socket(context->world, socket), OPTION_SO_CONDITIONAL_ACCEPT)) {
        not_modelled(context, not_modelled_option(OPTION_SO_CONDITIONAL_ACCEPT));
        return;
    }
    uint32_t data = (uint32_t)arguments[AcceptEx_dwReceiveDataLength];
    struct transfer_call call = { .request = { .thread = (uint16_t)context->thread,
                                               .socket = (uint16_t)socket,
                                               .event = NO_ROW,
                                               .operation = OPERATION_ACCEPT_EX,
                                               .code = acceptor,
                                               .range_count = (uint32_t)arguments[AcceptEx_dwLocalAddressLength],
                                               .input_length = (uint32_t)arguments[AcceptEx_dwRemoteAddressLength],
                                               .output_length = data,
                                               .output_address = arguments[AcceptEx_lpOutputBuffer] },
                                  .transfer = { .buffers_count = 1,
                                                .buffers[0] = { .address = arguments[AcceptEx_lpOutputBuffer],
                                                                .length = data } },
                                  .overlapped = AcceptEx_lpOverlapped,
                                  .bytes_address = arguments[AcceptEx_lpdwBytesReceived],
                                  .of_extension = true };
    overlapped_fill(context, AcceptEx_lpOverlapped, NO_PARAMETER, &call.request);
    call.pends = pends(context, socket);
    transfer_begin(context, &call);
}

/* --- GetAcceptExSockaddrs ----------------------------------------------------------------------------------------- */

static void give_sockaddr(struct context *context, const uint8_t *sockaddr, uint32_t size, unsigned name,
                          unsigned length) {
    uint8_t stored[4];
    const uint8_t *given = call_read(context->call, length, 4);
    if (given == NULL || load_u32(given) < size || !call_range_holds(context->call, name, size)) return;
    store_u32(stored, size);
    result_write(context->result, context->call->arguments[name], sockaddr, size);
    result_write(context->result, context->call->arguments[length], stored, sizeof stored);
}

/* Has no errors. What it gives of a buffer that no AcceptEx has filled is not modelled; an address of no length gives
 * none. */
void call_GetAcceptExSockaddrs(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    uint32_t data = (uint32_t)arguments[GetAcceptExSockaddrs_dwReceiveDataLength];
    uint32_t local = (uint32_t)arguments[GetAcceptExSockaddrs_dwLocalAddressLength];
    uint32_t remote = (uint32_t)arguments[GetAcceptExSockaddrs_dwRemoteAddressLength];
    uint64_t all = (uint64_t)data + local + remote;
    uint32_t local_size = 0, remote_size = 0;
    const uint8_t *bytes =
        all > CALL_BYTES_MAX ? NULL : call_read(context->call, GetAcceptExSockaddrs_lpOutputBuffer, (uint32_t)all);
    const uint8_t *local_name = bytes == NULL ? NULL : accepted_sockaddr(bytes + data, local, &local_size);
    const uint8_t *remote_name = bytes == NULL ? NULL : accepted_sockaddr(bytes + data + local, remote, &remote_size);
    if (remote_name == NULL || (local > 0 && local_name == NULL)) {
        not_modelled(context, not_modelled_function(context->call->function));
        return;
    }
    if (local_name != NULL)
        give_sockaddr(context, local_name, local_size, GetAcceptExSockaddrs_LocalSockaddr,
                      GetAcceptExSockaddrs_LocalSockaddrLength);
    give_sockaddr(context, remote_name, remote_size, GetAcceptExSockaddrs_RemoteSockaddr,
                  GetAcceptExSockaddrs_RemoteSockaddrLength);
    succeed_untouched(context, 0);
}
