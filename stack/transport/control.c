#include "stack/transport/control.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/io/completion_ports.h"
#include "stack/io/requests.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"
#include "stack/call/catalogue.h"
#include "stack/transport/network_events.h"
#include "stack/transport/reservation_control.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/overlapped.h"
#include "stack/transport/socket_codes.h"
#include "stack/transport/sockets.h"
#include "stack/transport/stream_state.h"
#include "stack/transport/wire/packets.h"
#include "stack/transport/wire/tcp.h"

enum { KEEPALIVE_SIZE = 12, AFFINITY_SIZE = 2, PROCESSORS_MAX = 254 };

static const uint64_t SOCKET_FAILED = UINT64_MAX; /* SOCKET_ERROR, as a record has it */

/* How a call is to be carried out, once the gate has let it pass. */
struct control {
    unsigned socket;
    uint32_t code;
    bool overlapped; /* an OVERLAPPED counts: given, and the socket has the attribute */
    bool with_routine;
};

/* --- what every call leaves in the caller's memory ------------------------------------------------------------ */

static void store_bytes_at(struct context *context, uint64_t address, uint32_t bytes) {
    uint8_t stored[4];
    store_u32(stored, bytes);
    result_write(context->result, address, stored, sizeof stored);
}

static void store_bytes_returned(struct context *context, uint32_t bytes) {
    if (!call_range_holds(context->call, WSAIoctl_bytes, 4)) return; /* nowhere to store it */
    store_bytes_at(context, context->call->arguments[WSAIoctl_bytes], bytes);
}

static uint32_t status_of_winsock_error(uint32_t error) {
    switch (error) {
    case WSAEACCES: return STATUS_ACCESS_DENIED;
    case WSAEADDRINUSE: return STATUS_SHARING_VIOLATION;
    case WSAEADDRNOTAVAIL: return STATUS_INVALID_ADDRESS_COMPONENT;
    case WSAEFAULT: return STATUS_ACCESS_VIOLATION;
    case WSAENETDOWN: return STATUS_NO_SUCH_DEVICE;
    case WSAENOBUFS: return STATUS_INSUFFICIENT_RESOURCES;
    case WSAEOPNOTSUPP: return STATUS_NOT_SUPPORTED;
    default: return STATUS_INVALID_PARAMETER; /* WSAEINVAL and whatever has no status of its own (W70) */
    }
}

/* --- what the provider knows --------------------------------------------------------------------------------- */

/* Supported from Windows Vista on (REM-01); a build that is not known is taken as newer. */
static bool known_by_provider(struct context *context, uint32_t code) {
    uint32_t build = context->world->build;
    if (build != 0 && build < BUILD_VISTA) return false;
    return is_reservation_code(code) && reading(context, Q89_IMPLEMENTED) == Q89_YES;
}

/* --- failing -------------------------------------------------------------------------------------------------- */

/* A call that fails before the code is looked at leaves *bytes, or zeroes it: seen both ways (W99, feasibility 2). */
static void fail_at_gate(struct context *context, uint32_t error) {
    enum { LEFT, ZEROED, OUTCOMES };
    bool storable = call_range_holds(context->call, WSAIoctl_bytes, 4);
    unsigned left = storable ? choose(context->chooser, CHOICE_BYTES, OUTCOMES) : (unsigned)LEFT;
    if (left == ZEROED) store_bytes_returned(context, 0);
    fail_socket(context, error);
}

/* A synchronous call of one of the three codes: Q8. Of any other code: zeroed (W3, W23, W21). */
static void fail_synchronous(struct context *context, const struct control *control, uint32_t error) {
    bool zeroed = !known_by_provider(context, control->code) || reading(context, Q8_BYTES_AFTER_FAILURE) == Q8_ZEROED;
    if (zeroed) store_bytes_returned(context, 0);
    fail_socket(context, error);
}

/* *bytes stays. */
static void fail_overlapped_at_once(struct context *context, uint32_t error) {
    overlapped_fail_at_once(context, WSAIoctl_ov, SOCKET_FAILED, error);
}

/* --- requests ------------------------------------------------------------------------------------------------- */

/* The addresses of this machine never change. What the transport decides takes as long as the world says. */
static uint64_t due_time(const struct world *world, uint32_t code) {
    uint64_t left = UINT64_MAX - world->now_ns;
    if (code == SIO_ADDRESS_LIST_CHANGE) return UINT64_MAX;
    if (!is_reservation_code(code)) return world->now_ns;
    return world->provider_delay_ns >= left ? UINT64_MAX : world->now_ns + world->provider_delay_ns;
}

static struct request request_of(const struct context *context, const struct control *control) {
    struct request request = { .thread = (uint16_t)context->thread,
                               .socket = (uint16_t)control->socket,
                               .event = NO_ROW,
                               .code = control->code,
                               .due_ns = due_time(context->world, control->code) };
    if (!control->overlapped) return request;
    overlapped_fill(context, WSAIoctl_ov, WSAIoctl_routine, &request);
    return request;
}

/* ERR-OPNOTSUPP-PROVIDER for the three codes where the provider lacks them; else ERR-OPNOTSUPP-CODE against
 * ERR-INVAL-CODE: Q77. */
static uint32_t unknown_code_error(struct context *context, uint32_t code) {
    if (is_reservation_code(code) && reading(context, Q89_IMPLEMENTED) == Q89_NO) return WSAEOPNOTSUPP;
    return reading(context, Q77_UNKNOWN_CODE) == Q77_OPNOTSUPP ? WSAEOPNOTSUPP : WSAEINVAL;
}

/* Decides a request: the one place where effects take place, synchronous or not. */
static uint32_t decide(struct context *context, struct request *request) {
    if (known_by_provider(context, request->code)) return decide_reservation_request(context, request);
    if (request->code == SIO_GET_INTERFACE_LIST) return decide_interface_list(context, request);
    return unknown_code_error(context, request->code);
}

/* Notes what was decided, for the completion. */
static void settle_request(struct request *request, uint32_t error) {
    assert(!request->decided);
    request->decided = 1;
    request->status = error == 0 ? STATUS_SUCCESS : status_of_winsock_error(error);
    if (request->code == SIO_GET_INTERFACE_LIST && error == WSAEFAULT)
        request->status = STATUS_BUFFER_TOO_SMALL; /* W55 */
    if (error != 0) request->information = 0;
}

void control_complete(struct context *context, unsigned index) {
    struct request request = *world_request(context->world, index);
    assert(request.state == REQUEST_PENDING);
    uint32_t error = 0;
    if (!request.decided) {
        error = decide(context, &request);
        settle_request(&request, error);
    }
    if (request.overlapped != NOTICE_CALLER) {
        request_complete(context->world, index, request.status, request.information, COMPLETED_LATER, context->result);
        return;
    }
    uint64_t bytes_address = world_thread(context->world, request.thread)->outputs[0];
    bool zeroed = reading(context, Q8_BYTES_AFTER_FAILURE) == Q8_ZEROED;
    if (error == 0 || zeroed) store_bytes_at(context, bytes_address, error == 0 ? request.information : 0);
    error = error != 0 ? error : last_error_of_success(context);
    request_return(context->world, index, request.status == STATUS_SUCCESS ? 0 : UINT64_MAX, error, context->result);
}

/* The provider gets to it later, or never by itself. */
static bool is_delayed(const struct world *world, const struct request *request) {
    return request->due_ns > world->now_ns;
}

/* --- synchronous and overlapped execution --------------------------------------------------------------------- */

static void execute_synchronously(struct context *context, const struct control *control,
                                  const struct request *wanted) {
    /* Q69: the three pages say that a non-blocking socket makes no difference, the generic page that it does. */
    bool nonblocking = world_socket(context->world, control->socket)->nonblocking;
    bool of_three = known_by_provider(context, control->code);
    bool has_nonblocking_mode = of_three ? nonblocking && reading(context, Q69_NONBLOCKING) == Q69_WOULDBLOCK
                                         : nonblocking && control->code == SIO_ADDRESS_LIST_CHANGE; /* W44 */
    if (has_nonblocking_mode) {
        if (of_three) fail_synchronous(context, control, WSAEWOULDBLOCK);
        else fail_at_gate(context, WSAEWOULDBLOCK); /* W44 does not say what becomes of *bytes */
        return;
    }
    if (is_delayed(context->world, wanted) && !may_block(context)) return;
    unsigned index = request_issue(context->world, wanted);
    if (index == NO_ROW) {
        fail_synchronous(context, control, WSAENOBUFS);
        return;
    }
    struct request request = *world_request(context->world, index);
    if (is_delayed(context->world, &request)) {
        request_park(context->world, index, context->call->function, UINT64_MAX);
        world_thread(context->world, context->thread)->outputs[0] = context->call->arguments[WSAIoctl_bytes];
        context->result->status = RESULT_BLOCKED;
        context->result->error = ERROR_UNTOUCHED;
        return;
    }
    uint32_t error = decide(context, &request);
    request_finish(context->world, index);
    if (error != 0) {
        fail_synchronous(context, control, error);
        return;
    }
    store_bytes_returned(context, request.information);
    succeed(context, 0);
}

/* Q71: is a packet left out where the socket says so? */
static enum completion_time time_of_success(struct context *context, unsigned socket) {
    unsigned association = association_of(context->world, socket);
    bool skips = association != NO_ROW &&
                 (world_association(context->world, association)->modes & FILE_SKIP_COMPLETION_PORT_ON_SUCCESS) != 0;
    return skips && reading(context, Q71_NOTICE_OF_SUCCESS) == Q71_ALWAYS ? COMPLETED_LATER : COMPLETED_AT_ONCE;
}

/* Immediate success: the completion (event, routine) happens all the same (W27, W28). Q73: is *bytes set? */
static void complete_at_once(struct context *context, unsigned index, uint32_t information) {
    if (reading(context, Q73_OVERLAPPED_BYTES) == Q73_SET) store_bytes_returned(context, information);
    enum completion_time time = time_of_success(context, world_request(context->world, index)->socket);
    request_complete(context->world, index, STATUS_SUCCESS, information, time, context->result);
    succeed(context, 0);
}

/* Q72: a request that was refused says so at once, as the siblings do (W26), or pends and fails in its completion. */
static void refuse_overlapped(struct context *context, unsigned index, uint32_t error) {
    assert(error != 0);
    if (reading(context, Q72_OVERLAPPED_FAILURE) == Q72_AT_ONCE) {
        request_withdraw(context->world, index);
        fail_overlapped_at_once(context, error);
    } else {
        settle_request(world_request(context->world, index), error);
        overlapped_return_pending(context, index, SOCKET_FAILED);
    }
}

/* Arguments that the transport refuses: for an overlapped call the transport had the request in its hands already. */
static void refuse_arguments(struct context *context, const struct control *control, const struct request *wanted,
                             uint32_t error) {
    if (!control->overlapped) {
        fail_synchronous(context, control, error);
        return;
    }
    unsigned index = request_issue(context->world, wanted);
    if (index == NO_ROW) fail_overlapped_at_once(context, WSAENOBUFS);
    else refuse_overlapped(context, index, error);
}

/* An unknown code pends always and fails in its completion (W4-W8). One of the three is decided at once; Q70 says
 * whether a success then returns 0 or pends, Q72 whether a failure returns its error or pends. */
static void execute_overlapped(struct context *context, const struct request *wanted) {
    unsigned index = request_issue(context->world, wanted);
    if (index == NO_ROW) {
        fail_overlapped_at_once(context, WSAENOBUFS);
        return;
    }
    if (!known_by_provider(context, wanted->code) || is_delayed(context->world, wanted)) {
        overlapped_return_pending(context, index, SOCKET_FAILED);
        return;
    }
    struct request *request = world_request(context->world, index);
    uint32_t error = decide(context, request);
    if (error != 0) {
        refuse_overlapped(context, index, error);
    } else if (reading(context, Q70_OVERLAPPED_SUCCESS) == Q70_AT_ONCE) {
        complete_at_once(context, index, request->information);
    } else {
        settle_request(request, error);
        overlapped_return_pending(context, index, SOCKET_FAILED);
    }
}

/* --- codes that are answered in user mode --------------------------------------------------------------------- */

/* 0 leaves the machine's own time. */
static bool set_keepalive_ms(struct world *world, unsigned socket, enum socket_option option, uint32_t milliseconds) {
    if (milliseconds >= KEEPALIVE_IN_MS) milliseconds = KEEPALIVE_IN_MS - 1;
    uint32_t number = milliseconds == 0 ? option_row(option)->ordinary : milliseconds | KEEPALIVE_IN_MS;
    return socket_keep_number(world, socket, option, number);
}

/* Switches keep-alives on, with these two times in milliseconds, or off: as SO_KEEPALIVE, for this connection. */
static uint32_t answer_keepalive(struct context *context, const struct control *control) {
    struct socket_row *row = world_socket(context->world, control->socket);
    if (row->protocol != PROTOCOL_TCP) return WSAEOPNOTSUPP; /* as W33 */
    bool readable = (uint32_t)context->call->arguments[WSAIoctl_cbIn] >= KEEPALIVE_SIZE;
    const uint8_t *values = readable ? call_read(context->call, WSAIoctl_in, KEEPALIVE_SIZE) : NULL;
    if (values == NULL) return WSAEFAULT; /* W22, W23 */
    bool on = load_u32(values) != 0;
    socket_set_flag(row, OPTION_SO_KEEPALIVE, on);
    if (on && (!set_keepalive_ms(context->world, control->socket, OPTION_TCP_KEEPALIVE, load_u32(values + 4)) ||
               !set_keepalive_ms(context->world, control->socket, OPTION_TCP_KEEPINTVL, load_u32(values + 8))))
        return WSAENOBUFS;
    connection_tune(context->world, control->socket);
    return 0;
}

/* FIONBIO. A socket with network events selected cannot be made to block (W21, N1.10.2). */
static uint32_t set_nonblocking(struct world *world, unsigned socket, bool nonblocking) {
    if (!nonblocking && network_events_are_selected(world, socket)) return WSAEINVAL;
    world_socket(world, socket)->nonblocking = nonblocking;
    return 0;
}

static uint32_t answer_fionbio(struct context *context, const struct control *control) {
    bool readable = (uint32_t)context->call->arguments[WSAIoctl_cbIn] >= 4; /* longer is accepted (W17) */
    const uint8_t *flag = readable ? call_read(context->call, WSAIoctl_in, 4) : NULL;
    if (flag == NULL) return WSAEFAULT; /* W16 */
    return set_nonblocking(context->world, control->socket, load_u32(flag) != 0);
}

/* One processor number, before bind, for UDP: what its one known user passes (N1.1.2). The errors are
 * inferred: short input as for the siblings (W16, W22), another protocol as W33, a bound socket as W77. */
static uint32_t answer_affinity(struct context *context, const struct control *control) {
    struct socket_row *row = world_socket(context->world, control->socket);
    bool readable = (uint32_t)context->call->arguments[WSAIoctl_cbIn] >= AFFINITY_SIZE;
    const uint8_t *processor = readable ? call_read(context->call, WSAIoctl_in, AFFINITY_SIZE) : NULL;
    if (row->protocol != PROTOCOL_UDP) return WSAEOPNOTSUPP;
    if (processor == NULL) return WSAEFAULT;
    if (row->state >= SOCKET_BOUND || load_u16(processor) >= PROCESSORS_MAX) return WSAEINVAL;
    row->affinity = (uint8_t)(load_u16(processor) + 1);
    return 0;
}

/* FIONREAD: what one receive can have of a stream; of datagrams all that waits, or the next one (Q146). */
static uint32_t waits_to_be_read(struct context *context, unsigned socket) {
    struct world *world = context->world;
    const struct connection_row *connection = connection_of_stream(world, socket);
    unsigned next = datagram_next(world, socket);
    uint32_t bytes = 0;
    if (connection != NULL) return tcp_readable(&connection->tcp);
    if (next == NO_ROW) return 0;
    if (reading(context, Q146_PENDING_DATAGRAMS) == Q146_NEXT_ONE) return world_datagram(world, next)->bytes;
    for (unsigned i = 0; i < world_top(world, TABLE_DATAGRAMS); i++)
        if (world_datagram(world, i)->used && world_datagram(world, i)->socket == socket)
            bytes += world_datagram(world, i)->bytes;
    return bytes;
}

/* SIOCATMARK: TRUE where no urgent data waits to be read; else Q145. */
static uint32_t is_at_mark(struct context *context, unsigned socket) {
    const struct connection_row *connection = connection_of_stream(context->world, socket);
    if (connection == NULL) return 1;
    const struct tcp_connection *tcp = &connection->tcp;
    bool in_line = tcp->has_mark && tcp->mark_in_line;
    if (!in_line && !tcp_has_urgent(tcp)) return 1;
    unsigned answer = reading(context, Q145_AT_MARK);
    if (answer == Q145_TRUE_AT_THE_MARK) return !tcp->has_mark || tcp->urgent_mark == 0;
    return answer == Q145_TRUE_IN_LINE && in_line;
}

/* What FIONREAD and SIOCATMARK store. */
static void store_pending(struct context *context, unsigned socket, uint32_t code, uint64_t address) {
    uint8_t stored[4];
    store_u32(stored, code == FIONREAD ? waits_to_be_read(context, socket) : is_at_mark(context, socket));
    result_write(context->result, address, stored, sizeof stored);
}

static uint32_t answer_pending(struct context *context, const struct control *control, uint32_t *bytes) {
    bool room =
        (uint32_t)context->call->arguments[WSAIoctl_cbOut] >= 4 && call_range_holds(context->call, WSAIoctl_out, 4);
    if (!room) return WSAEFAULT; /* W11 */
    store_pending(context, control->socket, control->code, context->call->arguments[WSAIoctl_out]);
    *bytes = 4;
    return 0;
}

/* SIO_FLUSH where it is supported: what is pending ends with WSA_OPERATION_ABORTED (ERR-ABORT-FLUSH), whoever issued
 * it. */
static void cancel_overlapped(struct context *context, unsigned socket) {
    for (unsigned i = 0; i < world_top(context->world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request(context->world, i);
        bool pends = row->state == REQUEST_PENDING && row->socket == socket && row->overlapped != NOTICE_CALLER;
        if (pends) request_cancel(context->world, i, WSA_OPERATION_ABORTED, context->result);
    }
}

static bool asks_for_pending(uint32_t code) { return code == FIONREAD || code == SIOCATMARK; }

/* Family A: what Winsock answers before the transport learns of the call. */
static bool is_answered_in_user_mode(struct context *context, const struct control *control) {
    switch (control->code) {
    case SIO_KEEPALIVE_VALS:
    case FIONBIO:
    case FIONREAD:
    case SIOCATMARK:
    case SIO_CPU_AFFINITY: return true;
    case SIO_FLUSH: return reading(context, Q110_FLUSH) == Q110_CANCELS;
    default: return socket_code_is_immediate(context, control->code, control->overlapped);
    }
}

/* Does it, and returns 0 or the error. */
static uint32_t do_in_user_mode(struct context *context, const struct control *control, uint32_t *bytes) {
    switch (control->code) {
    case SIO_KEEPALIVE_VALS: return answer_keepalive(context, control);
    case FIONBIO: return answer_fionbio(context, control);
    case FIONREAD:
    case SIOCATMARK: return answer_pending(context, control, bytes);
    case SIO_CPU_AFFINITY: return answer_affinity(context, control);
    case SIO_FLUSH: cancel_overlapped(context, control->socket); return 0;
    default: return socket_code_answer(context, control->socket, control->code, bytes);
    }
}

/* False when the code is none of family A. An overlapped call learns of its end as of any other, so that there must be
 * room for that before anything is done. */
static bool answer_in_user_mode(struct context *context, const struct control *control) {
    if (!is_answered_in_user_mode(context, control)) return false;
    struct request request = request_of(context, control);
    if (control->overlapped && !request_has_room(context->world, &request)) {
        fail_overlapped_at_once(context, WSAENOBUFS);
        return true;
    }
    uint32_t bytes = 0, error = do_in_user_mode(context, control, &bytes);
    if (error != 0) {
        if (control->overlapped) fail_overlapped_at_once(context, error);
        else if (asks_for_pending(control->code)) fail_socket(context, error); /* *bytes untouched (W11) */
        else if (control->code == FIONBIO && error == WSAEFAULT)
            fail_at_gate(context, error); /* W16 does not say what becomes of *bytes; W21 does */
        else fail_synchronous(context, control, error);
        return true;
    }
    bool keepalive_overlapped = control->code == SIO_KEEPALIVE_VALS && control->overlapped && !control->with_routine;
    if (!keepalive_overlapped) store_bytes_returned(context, bytes); /* W27 against W20, W28 */
    if (control->overlapped) {
        unsigned index = request_issue(context->world, &request);
        assert(index != NO_ROW);
        request_complete(context->world, index, STATUS_SUCCESS, 0, COMPLETED_AT_ONCE, context->result); /* W12, W27 */
    }
    succeed(context, 0);
    return true;
}

/* --- the gate ------------------------------------------------------------------------------------------------- */

/* Where the transport stores its answer. A buffer that is not there has no room. */
static void load_output(const struct context *context, struct request *request) {
    uint32_t length = (uint32_t)context->call->arguments[WSAIoctl_cbOut];
    request->output_address = context->call->arguments[WSAIoctl_out];
    request->output_length = call_range_holds(context->call, WSAIoctl_out, length) ? length : 0;
}

/* The gate's checks are parallel; that the bytes pointer is among them, before the code, is observed (W1, W10, W25). */
static void violate_gate(struct context *context, unsigned socket, struct violations *violations) {
    const struct call *call = context->call;
    bool counts = overlapped_counts(context, socket, WSAIoctl_ov);
    if (!winsock_started(context))
        violate(violations,
                reading(context, Q81_BEFORE_STARTUP) == Q81_NOTINITIALISED ? WSANOTINITIALISED : WSAENOTSOCK);
    else violate_if(violations, socket == NO_ROW, WSAENOTSOCK);
    if (!call_range_holds(call, WSAIoctl_bytes, 4)) {
        bool null_allowed = call->ranges[WSAIoctl_bytes].state == RANGE_NULL && counts &&
                            reading(context, Q7_NULL_BYTES) == Q7_ALLOWED_OVERLAPPED;
        violate_if(violations, !null_allowed, WSAEFAULT);
    }
    violate_if(violations, counts && !call_range_holds(call, WSAIoctl_ov, OVERLAPPED_SIZE), WSAEFAULT);
    enum range_state routine = (enum range_state)call->ranges[WSAIoctl_routine].state;
    violate_if(violations, counts && routine == RANGE_BAD, WSAEFAULT);
    if (!counts && routine == RANGE_GOOD && call->ranges[WSAIoctl_ov].state == RANGE_NULL &&
        reading(context, Q74_ROUTINE_ALONE) == Q74_INVAL)
        violate(violations, WSAEINVAL);
}

/* Gate (real errors: violate_gate) WSANOTINITIALISED, WSAENOTSOCK, WSAEFAULT, WSAEINVAL; the codes of family A:
 * WSAEFAULT, WSAEOPNOTSUPP; the three codes: reservation_control.h; any other code: WSAEOPNOTSUPP or WSAEINVAL
 * (Q77). */
void call_WSAIoctl(struct context *context) {
    struct violations violations = { 0 };
    struct control control = { .socket = context_socket(context, WSAIoctl_s),
                               .code = (uint32_t)context->call->arguments[WSAIoctl_code] };
    violate_gate(context, control.socket, &violations);
    uint32_t error = violation_chosen(context, &violations);
    if (error != 0) {
        fail_at_gate(context, error);
        return;
    }
    control.overlapped = overlapped_counts(context, control.socket, WSAIoctl_ov);
    control.with_routine = control.overlapped && context->call->ranges[WSAIoctl_routine].state == RANGE_GOOD;
    if (control.with_routine && has_completion_port(context->world, control.socket) &&
        reading(context, Q105_ROUTINE_BESIDE_PORT) == Q105_INVAL) {
        fail_overlapped_at_once(context, WSAEINVAL); /* W117 */
        return;
    }
    const struct code_row *known = code_row(control.code);
    if (known != NULL && !known->modelled) {
        not_modelled(context, not_modelled_code(known));
        return;
    }
    if (answer_in_user_mode(context, &control)) return;
    struct request request = request_of(context, &control);
    if (control.code == SIO_GET_INTERFACE_LIST) load_output(context, &request);
    if (known_by_provider(context, control.code)) {
        violate_reservation_arguments(context, control.socket, &violations);
        error = violation_chosen(context, &violations);
        if (error != 0) {
            refuse_arguments(context, &control, &request, error);
            return;
        }
        load_reservation_request(context, &request);
    }
    if (control.overlapped) execute_overlapped(context, &request);
    else execute_synchronously(context, &control, &request);
}

/* WSANOTINITIALISED, WSAENOTSOCK; WSAEFAULT for a bad argp (W9); WSAEOPNOTSUPP for another command (as W3); WSAEINVAL
 * for a socket with network events that is to block. */
void call_ioctlsocket(struct context *context) {
    unsigned socket = begin_socket_call(context, ioctlsocket_s);
    if (socket == NO_ROW) return;
    uint32_t command = (uint32_t)context->call->arguments[ioctlsocket_cmd];
    const uint8_t *flag = call_read(context->call, ioctlsocket_argp, 4);
    const struct code_row *known = code_row(command);
    bool as_unknown = known == NULL || is_reservation_code(command) || command == FIOASYNC || command == SIO_FLUSH;
    bool is_modelled = command == FIONBIO || asks_for_pending(command);
    if (!as_unknown && !is_modelled) {
        not_modelled(context, not_modelled_code(known));
        return;
    }
    if (!is_modelled) {
        fail_socket(context, WSAEOPNOTSUPP);
        return;
    }
    if (flag == NULL) {
        fail_socket(context, WSAEFAULT);
        return;
    }
    if (command == FIONBIO) {
        uint32_t error = set_nonblocking(context->world, socket, load_u32(flag) != 0);
        if (error != 0) {
            fail_socket(context, error);
            return;
        }
    } else {
        store_pending(context, socket, command, context->call->arguments[ioctlsocket_argp]);
    }
    succeed(context, 0);
}

/* As WSAIoctl, whose parameters come first; but its errors are in *lpErrno (PAR-21, Q84). lpThreadId is for the
 * provider's own use: a routine runs on the calling thread in any case (PAR-18, PAR-19). */
void call_WSPIoctl(struct context *context) {
    context->error_argument = WSPIoctl_lpErrno;
    call_WSAIoctl(context);
}
