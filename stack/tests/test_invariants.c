/* The invariants themselves: each is broken in each row that can break it, and its check has to say so, in its own
 * words. A busy world (fixture_busy.h) keeps them all. */
#include <stdio.h>
#include <string.h>

#include "stack/io/completion_ports.h"
#include "stack/io/event_waits.h"
#include "stack/io/events.h"
#include "stack/io/handle_events.h"
#include "stack/io/requests.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_busy.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/network_events.h"
#include "stack/transport/socket_waits.h"
#include "stack/transport/sockets.h"
#include "stack/transport/wire/packets.h"

void register_invariants_tests(void);

typedef const char *check_function(const struct world *world);

/* Breaks it in this row of the table; false where that row cannot. */
typedef bool break_function(struct world *world, unsigned row);

#define BREAKS(name) static bool name(struct world *world, unsigned row)

/* --- handles ------------------------------------------------------------------------------------------------------ */

static struct handle *handle_of_kind(struct world *world, unsigned row, enum handle_kind kind) {
    struct handle *handle = world_handle(world, row);
    return handle->kind == kind ? handle : NULL;
}

BREAKS(handle_of_dead_process) {
    if (world_handle(world, row)->kind == HANDLE_FREE) return false;
    world_process(world, world_handle(world, row)->process)->alive = 0;
    return true;
}
BREAKS(handle_zero) {
    if (world_handle(world, row)->kind == HANDLE_FREE) return false;
    world_handle(world, row)->number = 0;
    return true;
}
BREAKS(handle_odd) {
    if (world_handle(world, row)->kind == HANDLE_FREE) return false;
    world_handle(world, row)->number += 2;
    return true;
}
BREAKS(handle_twice) {
    struct handle *handle = world_handle(world, row);
    if (row == 0 || handle->kind == HANDLE_FREE || handle->process != world_handle(world, 0)->process) return false;
    handle->number = world_handle(world, 0)->number;
    return true;
}
BREAKS(handle_of_free_socket) {
    struct handle *handle = handle_of_kind(world, row, HANDLE_SOCKET);
    if (handle != NULL) world_socket(world, handle->object)->state = SOCKET_FREE;
    return handle != NULL;
}
BREAKS(handle_of_free_event) {
    struct handle *handle = handle_of_kind(world, row, HANDLE_EVENT);
    if (handle != NULL) world_event(world, handle->object)->used = 0;
    return handle != NULL;
}
BREAKS(handle_of_free_port) {
    struct handle *handle = handle_of_kind(world, row, HANDLE_PORT);
    if (handle != NULL) world_completion_port(world, handle->object)->used = 0;
    return handle != NULL;
}
BREAKS(handle_of_a_thread_that_ended) {
    struct handle *handle = handle_of_kind(world, row, HANDLE_THREAD);
    if (handle == NULL || handle->object == NO_ROW) return false;
    world_thread(world, handle->object)->state = THREAD_FREE;
    return true;
}
BREAKS(socket_with_one_reference_more) {
    if (world_socket(world, row)->state == SOCKET_FREE) return false;
    world_socket(world, row)->references++;
    return true;
}
BREAKS(event_with_one_reference_more) {
    if (!world_event(world, row)->used) return false;
    world_event(world, row)->references++;
    return true;
}
BREAKS(port_with_one_reference_more) {
    if (!world_completion_port(world, row)->used) return false;
    world_completion_port(world, row)->references++;
    return true;
}
BREAKS(duplicate_for_the_dead) {
    if (world_duplicate(world, row)->serial == 0) return false;
    world_duplicate(world, row)->process = 2;
    return true;
}
BREAKS(duplicate_of_nothing) {
    if (world_duplicate(world, row)->serial == 0) return false;
    unsigned nothing = world_take(world, TABLE_SOCKETS); /* taken, and no socket made of it */
    world_socket(world, world_duplicate(world, row)->socket)->references--;
    world_socket(world, nothing)->references++;
    world_duplicate(world, row)->socket = (uint16_t)nothing;
    return true;
}
BREAKS(thread_of_dead_process) {
    if (world_thread(world, row)->state == THREAD_FREE) return false;
    world_thread(world, row)->process = 2;
    return true;
}
BREAKS(thread_waits_for_no_event) {
    struct thread *thread = world_thread(world, row);
    if (thread->state != THREAD_WAITING) return false;
    thread->awaited = AWAITED_EVENT;
    thread->object = (uint16_t)world_top(world, TABLE_EVENTS);
    return true;
}
BREAKS(thread_waits_at_no_port) {
    struct thread *thread = world_thread(world, row);
    if (thread->state != THREAD_WAITING) return false;
    thread->awaited = AWAITED_PORT;
    thread->object = (uint16_t)world_top(world, TABLE_COMPLETION_PORTS);
    return true;
}
BREAKS(thread_waits_uncounted) {
    struct thread *thread = world_thread(world, row);
    if (thread->state == THREAD_FREE) return false;
    thread->state = thread->state == THREAD_WAITING ? THREAD_RUNNING : THREAD_WAITING;
    return true;
}

BREAKS(event_waited_for_by_no_one) {
    if (!world_event_wait(world, row)->used) return false;
    world_event_wait(world, row)->thread = APP;
    return true;
}
BREAKS(event_waited_for_is_gone) {
    if (!world_event_wait(world, row)->used) return false;
    world_event_wait(world, row)->event = (uint16_t)world_top(world, TABLE_EVENTS);
    return true;
}
BREAKS(event_in_no_place) {
    if (!world_event_wait(world, row)->used) return false;
    world_event_wait(world, row)->place += 2;
    return true;
}
BREAKS(socket_waited_for_by_no_one) {
    if (world_socket_wait(world, row)->state == SOCKET_WAIT_FREE) return false;
    world_socket_wait(world, row)->thread = APP;
    return true;
}
BREAKS(socket_waited_for_is_gone) {
    if (world_socket_wait(world, row)->state != SOCKET_WAIT_LIVE) return false;
    world_socket_wait(world, row)->state = SOCKET_WAIT_GONE;
    return true;
}
BREAKS(socket_in_no_place) {
    if (world_socket_wait(world, row)->state == SOCKET_WAIT_FREE) return false;
    world_socket_wait(world, row)->place += 2;
    return true;
}
BREAKS(waits_for_no_socket) {
    struct thread *thread = world_thread(world, row);
    if (thread->state != THREAD_WAITING || thread->awaited == AWAITED_SOCKETS) return false;
    thread->awaited = AWAITED_SOCKETS;
    return true;
}
BREAKS(waits_for_none_of_several) {
    struct thread *thread = world_thread(world, row);
    if (thread->state != THREAD_WAITING || thread->awaited == AWAITED_ALL_OF) return false;
    thread->awaited = AWAITED_ALL_OF;
    return true;
}

/* --- accounts ----------------------------------------------------------------------------------------------------- */

BREAKS(token_of_no_kind) {
    if (!world_process(world, row)->alive) return false;
    world_process(world, row)->token = TOKEN_FILTERED + 1;
    return true;
}
BREAKS(manifest_of_no_kind) {
    if (!world_process(world, row)->alive) return false;
    world_process(world, row)->manifest = MANIFEST_REQUIRE_ADMINISTRATOR + 1;
    return true;
}
BREAKS(token_filtered_for_nothing) {
    if (!world_process(world, row)->alive) return false;
    world_process(world, row)->token = TOKEN_FILTERED;
    return true;
}
BREAKS(user_where_an_administrator_is_required) {
    if (!world_process(world, row)->alive) return false;
    world->account_kinds[1] = ACCOUNT_STANDARD_USER;
    world_process(world, row)->account = 1;
    world_process(world, row)->manifest = MANIFEST_REQUIRE_ADMINISTRATOR;
    return true;
}
BREAKS(impersonation_of_a_stranger) {
    world_thread(world, row)->impersonated = 2;
    return true;
}

/* --- requests and completion ports -------------------------------------------------------------------------------- */

static struct request *pending(struct world *world, unsigned row) {
    struct request *request = world_request(world, row);
    return request->state == REQUEST_PENDING ? request : NULL;
}

BREAKS(request_without_socket) {
    if (pending(world, row) != NULL) world_request(world, row)->socket = (uint16_t)world_top(world, TABLE_SOCKETS);
    return pending(world, row) != NULL;
}
BREAKS(request_without_thread) {
    if (pending(world, row) != NULL) world_request(world, row)->thread = (uint16_t)world_top(world, TABLE_THREADS);
    return pending(world, row) != NULL;
}
BREAKS(request_of_another_process) {
    struct request *request = pending(world, row);
    if (request == NULL || request->thread == NO_ROW) return false;
    request->process = request->process == PROCESS_APP ? PROCESS_TOOL : PROCESS_APP;
    return true;
}
BREAKS(orphan_of_a_dead_process) {
    struct request *request = pending(world, row);
    if (request == NULL || request->thread != NO_ROW) return false;
    request->process = 2;
    return true;
}
BREAKS(orphan_without_a_port) {
    struct request *request = pending(world, row);
    if (request == NULL || request->thread == NO_ROW) return false;
    request->thread = NO_ROW;
    request->routine_address = 4;
    return true;
}
BREAKS(call_that_has_returned) {
    struct request *request = pending(world, row);
    if (request == NULL || request->thread == NO_ROW) return false;
    request->overlapped = NOTICE_CALLER;
    return true;
}
BREAKS(request_without_accept_socket) {
    struct request *request = pending(world, row);
    if (request == NULL || request->operation != OPERATION_ACCEPT_EX) return false;
    request->code = world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(request_without_transfer) {
    struct request *request = pending(world, row);
    if (request == NULL || request->operation == OPERATION_IOCTL || request->transfer == 0) return false;
    world_transfer(world, request->transfer - 1)->used = 0;
    return true;
}
BREAKS(transfer_without_request) {
    if (!world_transfer(world, row)->used) return false;
    world_transfer(world, world_take(world, TABLE_TRANSFERS))->used = 1;
    return true;
}
BREAKS(routine_without_thread) {
    if (!world_routine(world, row)->used) return false;
    world_routine(world, row)->thread = (uint16_t)world_top(world, TABLE_THREADS);
    return true;
}
BREAKS(event_without_name) {
    unsigned free_row = world_top(world, TABLE_EVENTS);
    if (row > 0 || free_row == world->limits.events) return false;
    world_event(world, world_take(world, TABLE_EVENTS))->used = 1;
    return true;
}
BREAKS(handle_event_is_gone) {
    if (world_socket(world, row)->state == SOCKET_FREE) return false;
    world_socket(world, row)->handle_event = (uint16_t)(world_top(world, TABLE_EVENTS) + 1);
    return true;
}
BREAKS(handle_event_is_anothers) {
    if (world_socket(world, row)->state == SOCKET_FREE) return false;
    unsigned event = world_take(world, TABLE_EVENTS);
    *world_event(world, event) = (struct event){ .used = 1, .references = 2 };
    world_socket(world, row)->handle_event = (uint16_t)(event + 1);
    return true;
}
static bool has_no_handle_event(const struct world *world, unsigned row) {
    const struct socket_row *socket = world_socket_at(world, row);
    return socket->state != SOCKET_FREE && socket->handle_event == 0;
}
BREAKS(handle_event_of_two) {
    unsigned other = 0;
    if (!has_no_handle_event(world, row)) return false;
    while (other < world_top(world, TABLE_SOCKETS) && (other == row || !has_no_handle_event(world, other))) other++;
    if (other == world_top(world, TABLE_SOCKETS)) return false;
    unsigned event = world_take(world, TABLE_EVENTS);
    *world_event(world, event) = (struct event){ .used = 1, .references = 2 };
    world_socket(world, row)->handle_event = world_socket(world, other)->handle_event = (uint16_t)(event + 1);
    return true;
}
BREAKS(packet_at_no_port) {
    if (!world_completion(world, row)->used) return false;
    world_completion(world, row)->port = (uint16_t)world_top(world, TABLE_COMPLETION_PORTS);
    return true;
}
BREAKS(packet_at_a_closed_port) {
    if (!world_completion(world, row)->used) return false;
    world_completion_port(world, world_completion(world, row)->port)->references = 0;
    return true;
}
BREAKS(port_closed_with_a_handle) {
    if (!world_completion_port(world, row)->used) return false;
    world_completion_port(world, row)->closed = 1;
    return true;
}
BREAKS(port_closed_for_no_one) {
    if (row > 0) return false;
    struct completion_port *port = world_completion_port(world, world_take(world, TABLE_COMPLETION_PORTS));
    port->used = port->closed = 1;
    return true;
}
BREAKS(served_by_a_port_that_is_gone) {
    if (world_thread(world, row)->state == THREAD_FREE) return false;
    world_thread(world, row)->served_port = (uint16_t)(world_top(world, TABLE_COMPLETION_PORTS) + 1);
    return true;
}
BREAKS(association_with_a_closed_port) {
    struct association *one = world_association(world, row);
    if (!one->used || one->port >= PORT_GONE) return false;
    /* A closed port with a thread that waits at it. */
    struct completion_port *port = world_completion_port(world, one->port);
    for (unsigned i = 0; i < world_top(world, TABLE_COMPLETIONS); i++)
        if (world_completion(world, i)->port == one->port) return false;
    for (unsigned i = 0; i < world_top(world, TABLE_HANDLES); i++)
        if (world_handle(world, i)->kind == HANDLE_PORT && world_handle(world, i)->object == one->port)
            world_free(world, TABLE_HANDLES, i);
    port->references = 0;
    port->closed = 1;
    return true;
}
BREAKS(association_twice) {
    struct association *one = world_association(world, row);
    if (row == 0 || !one->used) return false;
    one->socket = world_association(world, 0)->socket;
    return true;
}
BREAKS(association_without_socket) {
    if (!world_association(world, row)->used) return false;
    world_association(world, row)->socket = (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(association_without_port) {
    struct association *one = world_association(world, row);
    if (!one->used || one->port >= PORT_GONE) return false;
    one->port = (uint16_t)world_top(world, TABLE_COMPLETION_PORTS);
    return true;
}
BREAKS(too_many_packets) {
    world->limits.completions = (uint16_t)row;
    return true;
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

static struct reservation *live(struct world *world, unsigned row) {
    struct reservation *one = world_reservation(world, row);
    return one->kind == RESERVATION_RUNTIME || one->kind == RESERVATION_PERSISTENT ? one : NULL;
}

BREAKS(reservation_past_the_end) {
    if (live(world, row) == NULL) return false;
    world_reservation(world, row)->first = (uint16_t)(65537 - world_reservation(world, row)->count);
    return true;
}
BREAKS(reservation_of_port_zero) {
    if (live(world, row) == NULL) return false;
    world_reservation(world, row)->first = 0;
    if (row % 2 == 0) world_reservation(world, row)->count = 1;
    return true;
}
BREAKS(reservation_of_the_dead) {
    struct reservation *one = live(world, row);
    if (one == NULL) return false;
    one->process = one->kind == RESERVATION_PERSISTENT ? PROCESS_APP : 2;
    return true;
}
BREAKS(reservation_of_no_socket) {
    struct reservation *one = live(world, row);
    if (one == NULL) return false;
    one->socket = one->kind == RESERVATION_PERSISTENT ? 0 : (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(token_zero) {
    struct reservation *one = live(world, row);
    if (one == NULL || one->token_state != TOKEN_REPORTED) return false;
    one->token = 0;
    return true;
}
BREAKS(token_twice) {
    struct reservation *one = live(world, row);
    if (row == 0 || one == NULL) return false;
    one->token = world_reservation(world, 0)->token;
    return true;
}
BREAKS(serial_zero) {
    if (live(world, row) == NULL) return false;
    world_reservation(world, row)->serial = 0;
    return true;
}
BREAKS(serial_never_given) {
    if (live(world, row) == NULL) return false;
    world_reservation(world, row)->serial = world->reservation_serial + 1;
    return true;
}
BREAKS(serial_twice) {
    if (row == 0 || live(world, row) == NULL || live(world, 0) == NULL) return false;
    world_reservation(world, row)->serial = world_reservation(world, 0)->serial;
    return true;
}
/* This block begins at the last port of block 0, or ends at its first: the least overlap on each side. Or either is one
 * port of the other. */
BREAKS(overlap) {
    struct reservation *one = live(world, row), *first = live(world, 0);
    if (row == 0 || one == NULL || first == NULL) return false;
    world->live_reservations[one->protocol]--;
    one->protocol = first->protocol;
    world->live_reservations[one->protocol]++;
    one->families = first->families;
    one->count = 3;
    one->first = (uint16_t)(row % 2 == 0 ? first->first + first->count - 1 : first->first - 2u);
    if (row % 4 >= 2) one->count = 1;
    if (row % 4 == 1) first->count = 1;
    if (row % 4 == 3) one->first = first->first;
    return true;
}
/* One port in two blocks of no common family: as Q34_FAMILIES is read, they share one space of ports. */
BREAKS(overlap_across_families) {
    struct reservation *one = live(world, row), *first = live(world, 0);
    if (!overlap(world, row)) return false;
    first->families = 1;
    one->families = 2;
    world->readings[Q34_FAMILIES] = Q34_SHARE_SPACE + 1;
    return true;
}
/* Or each family has one of its own. */
BREAKS(overlap_within_a_family) {
    if (!overlap(world, row)) return false;
    world->readings[Q34_FAMILIES] = Q34_APART + 1;
    return true;
}
BREAKS(live_reservations_miscounted) {
    if (row >= PROTOCOLS_COUNT) return false;
    world->live_reservations[row]++;
    return true;
}
BREAKS(granted_miscounted) {
    if (row >= PROTOCOLS_COUNT * 2) return false;
    world->granted[row / 2][row % 2]++;
    return true;
}
BREAKS(exclusion_stored_for_no_one) {
    struct exclusion *one = world_exclusion(world, row);
    if (one->state == EXCLUSION_FREE) return false;
    one->stored = 1;
    one->administered = 0;
    return true;
}
BREAKS(exclusion_dormant_nowhere) {
    struct exclusion *one = world_exclusion(world, row);
    if (one->state == EXCLUSION_FREE) return false;
    one->state = EXCLUSION_DORMANT;
    one->stored = 0;
    return true;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

static struct socket_row *in_use(struct world *world, unsigned row) {
    struct socket_row *socket = world_socket(world, row);
    return socket->state != SOCKET_FREE ? socket : NULL;
}

BREAKS(socket_bound_without_port) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL) return false;
    socket->port = socket->port == 0 ? 1 : 0;
    return true;
}
BREAKS(socket_open_with_port) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state < SOCKET_BOUND) return false;
    socket->state = SOCKET_OPEN;
    return true;
}
BREAKS(socket_with_both_options) {
    struct socket_row *socket = in_use(world, row);
    if (socket != NULL) socket->reuse = socket->exclusive = 1;
    return socket != NULL;
}
BREAKS(datagrams_that_listen) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state < SOCKET_BOUND || socket->protocol != PROTOCOL_UDP) return false;
    socket->state = SOCKET_LISTENING;
    return true;
}
BREAKS(raw_that_is_bound) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state != SOCKET_BOUND) return false;
    socket->protocol = PROTOCOLS_COUNT;
    return true;
}
BREAKS(connected_to_no_one) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state < SOCKET_BOUND) return false;
    socket->state = SOCKET_CONNECTED;
    socket->connection = NO_ROW;
    return true;
}
BREAKS(socket_without_name) {
    if (in_use(world, row) != NULL) world_socket(world, row)->references = 0;
    return in_use(world, row) != NULL;
}
BREAKS(bound_miscounted) {
    if (row >= PROTOCOLS_COUNT * 2) return false;
    world->bound[row / 2][row % 2]++;
    return true;
}
BREAKS(socket_bound_uncounted) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state < SOCKET_BOUND || socket->family != 4) return false;
    socket->protocol =
        socket->protocol == PROTOCOL_TCP && socket->state == SOCKET_BOUND ? PROTOCOL_UDP : socket->protocol;
    if (socket->protocol == PROTOCOL_TCP) return false;
    world->bound[PROTOCOL_UDP][0]--;
    return true;
}

BREAKS(datagrams_put_off) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->state != SOCKET_OPEN || socket->protocol != PROTOCOL_UDP) return false;
    socket->state = SOCKET_PUT_OFF;
    return true;
}
BREAKS(number_of_no_option) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->numbers == NO_ROW) return false;
    world_number(world, socket->numbers)->option = SOCKET_NUMBERS;
    return true;
}
BREAKS(number_not_used) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->numbers == NO_ROW) return false;
    world_number(world, socket->numbers)->used = 0;
    return true;
}
BREAKS(number_twice) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->numbers == NO_ROW) return false;
    unsigned copy = world_take(world, TABLE_NUMBERS);
    *world_number(world, copy) = *world_number(world, socket->numbers);
    world_number(world, socket->numbers)->next = (uint16_t)copy;
    return true;
}
BREAKS(numbers_of_no_one) {
    struct socket_row *socket = in_use(world, row);
    if (socket == NULL || socket->numbers == NO_ROW) return false;
    socket->numbers = NO_ROW;
    return true;
}
BREAKS(selection_of_no_socket) {
    if (!world_selection(world, row)->used) return false;
    world_selection(world, row)->socket = (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(selection_twice) {
    const struct selection *one = world_selection(world, row);
    if (!one->used) return false;
    *world_selection(world, world_take(world, TABLE_SELECTIONS)) = *one;
    return true;
}
BREAKS(selection_without_event) {
    struct selection *one = world_selection(world, row);
    if (!one->used || one->mask == 0) return false;
    one->event = NO_ROW;
    return true;
}
BREAKS(event_of_no_selection) {
    struct selection *one = world_selection(world, row);
    if (!one->used || one->mask == 0) return false;
    one->mask = 0;
    return true;
}
BREAKS(selected_event_is_gone) {
    struct selection *one = world_selection(world, row);
    if (!one->used || one->mask == 0) return false;
    one->event = (uint16_t)world_top(world, TABLE_EVENTS);
    return true;
}
BREAKS(selected_socket_blocks) {
    const struct selection *one = world_selection(world, row);
    if (!one->used || one->mask == 0) return false;
    world_socket(world, one->socket)->nonblocking = 0;
    return true;
}

/* --- the wire ----------------------------------------------------------------------------------------------------- */

static struct connection_row *connection(struct world *world, unsigned row) {
    struct connection_row *one = world_connection(world, row);
    return one->used ? one : NULL;
}

BREAKS(connection_of_a_free_socket) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->socket == NO_ROW) return false;
    one->socket = (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(connection_that_its_socket_forgot) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->socket == NO_ROW) return false;
    world_socket(world, one->socket)->connection = NO_ROW;
    return true;
}
BREAKS(connection_that_waits_twice) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->socket == NO_ROW) return false;
    one->listener = 0;
    return true;
}
BREAKS(connection_at_no_listener) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->listener == NO_ROW) return false;
    one->listener = (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(connection_closed_for_no_one) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->listener == NO_ROW) return false;
    one->listener = NO_ROW;
    one->tcp.state = TCP_CLOSED;
    return true;
}
BREAKS(held_by_a_socket) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->socket == NO_ROW) return false;
    one->held = 1;
    return true;
}
BREAKS(held_though_established) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->listener == NO_ROW || one->tcp.state == TCP_SYN_RECEIVED) return false;
    one->held = 1;
    return true;
}
BREAKS(held_out_of_line) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->listener == NO_ROW) return false;
    one->tcp.state = TCP_SYN_RECEIVED;
    one->held = 1;
    one->serial = 0;
    return true;
}
BREAKS(held_at_no_listener) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->listener == NO_ROW) return false;
    one->tcp.state = TCP_SYN_RECEIVED;
    one->held = 1;
    one->listener = NO_ROW;
    return true;
}
BREAKS(acknowledged_too_much) {
    struct connection_row *one = connection(world, row);
    if (one != NULL) one->tcp.send_unacknowledged = one->tcp.send_highest + 1;
    return one != NULL;
}
BREAKS(next_outside) {
    struct connection_row *one = connection(world, row);
    if (one != NULL) one->tcp.send_next = one->tcp.send_highest + 1;
    return one != NULL;
}
BREAKS(too_much_queued) {
    struct connection_row *one = connection(world, row);
    if (one != NULL) one->tcp.send_queued = world->limits.stream_bytes + 1;
    return one != NULL;
}
BREAKS(flying_unqueued) {
    struct connection_row *one = connection(world, row);
    if (one == NULL) return false;
    one->tcp.send_highest = one->tcp.send_unacknowledged + one->tcp.send_queued + 2;
    one->tcp.send_next = one->tcp.send_highest;
    return true;
}
BREAKS(too_much_buffered) {
    struct connection_row *one = connection(world, row);
    if (one != NULL) one->tcp.receive_buffered = world->limits.stream_bytes + 1;
    return one != NULL;
}

/* A range of so many positions, so far from what is expected; the last of so many. */
static bool give_range(struct world *world, unsigned row, uint32_t first, uint32_t bytes, uint8_t count) {
    struct connection_row *one = connection(world, row);
    if (one == NULL) return false;
    for (unsigned i = 0; i < count; i++) {
        uint32_t at = one->tcp.receive_next + 10 * (i + 1);
        one->tcp.ranges[i] = (struct tcp_range){ at, at + 1 };
    }
    uint32_t at = one->tcp.receive_next + first;
    one->tcp.ranges[count - 1] = (struct tcp_range){ at, at + bytes };
    one->tcp.ranges_count = count;
    return true;
}

BREAKS(range_outside) {
    uint32_t room = world->limits.stream_bytes - world_connection(world, row)->tcp.receive_buffered;
    return give_range(world, row, room, 1, (uint8_t)(1 + row % 2));
}
BREAKS(range_at_what_is_expected) { return give_range(world, row, 0, 5, 1); }
BREAKS(ranges_that_touch) { return give_range(world, row, 11, 2, 2); }
BREAKS(range_of_nothing) { return give_range(world, row, 50, 0, 2); }
BREAKS(closed_with_a_timer) {
    struct connection_row *one = connection(world, row);
    if (one == NULL) return false;
    one->tcp.state = TCP_CLOSED;
    one->tcp.time_wait_at = 1;
    return true;
}
BREAKS(timer_for_nothing) {
    struct connection_row *one = connection(world, row);
    if (one == NULL) return false;
    one->tcp.retransmit_at = one->tcp.send_highest == one->tcp.send_unacknowledged ? 1 : UINT64_MAX;
    return true;
}
BREAKS(two_timers) {
    struct connection_row *one = connection(world, row);
    if (one == NULL || one->tcp.retransmit_at == UINT64_MAX) return false;
    one->tcp.persist_at = 1;
    return true;
}
BREAKS(timer_unnoted) {
    struct connection_row *one = connection(world, row);
    if (one == NULL) return false;
    one->tcp.keepalive_at = 1;
    return true;
}
BREAKS(urgency_of_a_block) {
    if (row >= connection_blocks(&world->limits)) return false;
    world_connection_urgencies(world)[row]++;
    return true;
}
BREAKS(chain_with_a_stranger) {
    struct connection_row *one = connection(world, row);
    if (one != NULL) one->tcp.local_port++;
    return one != NULL;
}
BREAKS(chain_cut_off) {
    if (row >= world->connection_chains || world_connection_chains(world)[row] == 0) return false;
    world_connection_chains(world)[row] = 0;
    return true;
}
BREAKS(chain_in_a_ring) {
    if (row >= world->connection_chains || world_connection_chains(world)[row] == 0) return false;
    uint16_t first = world_connection_chains(world)[row];
    unsigned last = first - 1u;
    while (world_connection(world, last)->next != 0) last = world_connection(world, last)->next - 1u;
    world_connection(world, last)->next = first;
    return true;
}
BREAKS(packet_of_nothing) {
    if (row >= world->packets_count) return false;
    world_packet(world, (world->packets_head + row) % world->limits.packets)->bytes = 0;
    return true;
}
BREAKS(packet_too_long) {
    if (row >= world->packets_count) return false;
    world_packet(world, (world->packets_head + row) % world->limits.packets)->bytes =
        (uint16_t)(world->limits.packet_bytes + 1);
    return true;
}
BREAKS(packet_out_of_order) {
    if (row == 0 || row >= world->packets_count) return false;
    world_packet(world, (world->packets_head + row) % world->limits.packets)->serial++;
    return true;
}
BREAKS(datagram_in_no_socket) {
    if (!world_datagram(world, row)->used) return false;
    world_datagram(world, row)->socket = (uint16_t)world_top(world, TABLE_SOCKETS);
    return true;
}
BREAKS(datagram_in_a_stream) {
    if (!world_datagram(world, row)->used) return false;
    world_socket(world, world_datagram(world, row)->socket)->protocol = PROTOCOL_TCP;
    return true;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

enum { OF_THE_WORLD = TABLES_COUNT }; /* no rows of a table: a few numbers of the world, packets or chains */

static const struct {
    check_function *check;
    unsigned table;
    break_function *breaks;
    const char *text;
} ways[] = {
    { handles_check, TABLE_HANDLES, handle_of_dead_process, "H1: a handle names a dead process" },
    { handles_check, TABLE_HANDLES, handle_zero, "H2: a handle number is 0 or no multiple of 4" },
    { handles_check, TABLE_HANDLES, handle_odd, "H2: a handle number is 0 or no multiple of 4" },
    { handles_check, TABLE_HANDLES, handle_twice, "H2: two handles of a process share a number" },
    { handles_check, TABLE_HANDLES, handle_of_free_socket, "H1: a handle names a free socket" },
    { handles_check, TABLE_HANDLES, handle_of_free_event, "H1: a handle names a free event" },
    { handles_check, TABLE_HANDLES, handle_of_free_port, "H1: a handle names a free completion port" },
    { handles_check, TABLE_HANDLES, handle_of_a_thread_that_ended, "H1: a handle names a thread that has ended" },
    { handles_check, TABLE_SOCKETS, socket_with_one_reference_more, "H3: an object's references" },
    { handles_check, TABLE_EVENTS, event_with_one_reference_more, "H3: an object's references" },
    { handles_check, TABLE_COMPLETION_PORTS, port_with_one_reference_more, "H3: an object's references" },
    { handles_check, TABLE_DUPLICATES, duplicate_for_the_dead, "H5: a duplicate is promised to a dead process" },
    { handles_check, TABLE_DUPLICATES, duplicate_of_nothing, "H5: a duplicate names a free socket" },
    { handles_check, TABLE_THREADS, thread_of_dead_process, "H4: a thread belongs to a dead process" },
    { handles_check, TABLE_THREADS, thread_waits_for_no_event, "H4: a thread waits for an event that is gone" },
    { handles_check, TABLE_THREADS, thread_waits_at_no_port, "H4: a thread waits at a completion port that is gone" },
    { handles_check, TABLE_THREADS, thread_waits_uncounted, "H7: the number of waiting threads is wrong" },
    { security_check, TABLE_PROCESSES, token_of_no_kind, "A1: a process's token or manifest is of no kind" },
    { security_check, TABLE_PROCESSES, manifest_of_no_kind, "A1: a process's token or manifest is of no kind" },
    { security_check, TABLE_PROCESSES, token_filtered_for_nothing, "A2: a filtered token" },
    { security_check, TABLE_PROCESSES, user_where_an_administrator_is_required, "A3: a process requires" },
    { security_check, TABLE_THREADS, impersonation_of_a_stranger, "A4: a thread impersonates" },
    { requests_check, TABLE_REQUESTS, request_without_socket, "R1: a request outlived its socket" },
    { requests_check, TABLE_REQUESTS, request_without_thread, "R1: a request outlived its thread" },
    { requests_check, TABLE_REQUESTS, request_of_another_process, "R1: a request outlived its thread" },
    { requests_check, TABLE_REQUESTS, orphan_of_a_dead_process, "R1: a request outlived its thread" },
    { requests_check, TABLE_REQUESTS, orphan_without_a_port, "R1: a request outlived its thread" },
    { requests_check, TABLE_REQUESTS, call_that_has_returned, "R2: a synchronous request outlived its call" },
    { requests_check, TABLE_REQUESTS, request_without_accept_socket, "R1: a request outlived its accept socket" },
    { requests_check, TABLE_REQUESTS, request_without_transfer, "R5: a request names no transfer" },
    { requests_check, TABLE_TRANSFERS, transfer_without_request, "R5: a transfer that no request names" },
    { requests_check, TABLE_ROUTINES, routine_without_thread, "R3: a queued routine outlived its thread" },
    { events_check, TABLE_EVENTS, event_without_name, "R4: an event that nothing names" },
    { handle_events_check, TABLE_SOCKETS, handle_event_is_gone, "R7: the event of a handle is gone" },
    { handle_events_check, TABLE_SOCKETS, handle_event_is_anothers, "R7: a handle's event is not used, or another's" },
    { handle_events_check, TABLE_SOCKETS, handle_event_of_two, "R7: a handle's event is not used, or another's" },
    { event_waits_check, TABLE_EVENT_WAITS, event_waited_for_by_no_one, "R6: an event is waited for by a thread" },
    { event_waits_check, TABLE_EVENT_WAITS, event_waited_for_is_gone, "R6: a thread waits for one of several events" },
    { event_waits_check, TABLE_EVENT_WAITS, event_in_no_place, "R6: the events of a wait are not in their places" },
    { event_waits_check, TABLE_THREADS, waits_for_none_of_several, "R6: a thread waits for none of several" },
    { socket_waits_check, TABLE_SOCKET_WAITS, socket_waited_for_by_no_one, "S7: a socket is waited for by a thread" },
    { socket_waits_check, TABLE_SOCKET_WAITS, socket_waited_for_is_gone,
      "S7: a thread waits for a socket that is gone" },
    { socket_waits_check, TABLE_SOCKET_WAITS, socket_in_no_place, "S7: the sockets of a wait are not in their places" },
    { socket_waits_check, TABLE_THREADS, waits_for_no_socket, "S7: a thread waits for no socket" },
    { completion_ports_check, TABLE_COMPLETIONS, packet_at_no_port, "C1: a packet waits at a port" },
    { completion_ports_check, TABLE_COMPLETIONS, packet_at_a_closed_port, "C1: a packet waits at a port" },
    { completion_ports_check, TABLE_COMPLETIONS, too_many_packets, "C3: a pending request may find no row" },
    { completion_ports_check, TABLE_COMPLETION_PORTS, port_closed_with_a_handle, "C4: a port is closed and has" },
    { completion_ports_check, OF_THE_WORLD, port_closed_for_no_one, "C4: a closed port that no thread waits at" },
    { completion_ports_check, TABLE_THREADS, served_by_a_port_that_is_gone, "C5: a thread was served by a completion" },
    { completion_ports_check, TABLE_ASSOCIATIONS, association_with_a_closed_port, "C2: an association with a port" },
    { completion_ports_check, TABLE_ASSOCIATIONS, association_twice, "C2: a socket has two associations" },
    { completion_ports_check, TABLE_ASSOCIATIONS, association_without_socket, "C2: an association outlived" },
    { completion_ports_check, TABLE_ASSOCIATIONS, association_without_port, "C2: an association with a port" },
    { pool_check, TABLE_RESERVATIONS, reservation_past_the_end, "P1: a reservation ends after port 65535" },
    { pool_check, TABLE_RESERVATIONS, reservation_of_port_zero, "P1: a reservation begins at port 0" },
    { pool_check, TABLE_RESERVATIONS, reservation_of_the_dead, "P1: a reservation's process is dead" },
    { pool_check, TABLE_RESERVATIONS, reservation_of_no_socket, "P1: a reservation's socket is closed" },
    { pool_check, TABLE_RESERVATIONS, token_zero, "P3: a live token is 0" },
    { pool_check, TABLE_RESERVATIONS, token_twice, "P3: two reservations have the same token" },
    { pool_check, TABLE_RESERVATIONS, serial_zero, "P4: a serial was never given" },
    { pool_check, TABLE_RESERVATIONS, serial_never_given, "P4: a serial was never given" },
    { pool_check, TABLE_RESERVATIONS, serial_twice, "P4: two live reservations have the same serial" },
    { pool_check, TABLE_RESERVATIONS, overlap, "P2: two live reservations overlap" },
    { pool_check, TABLE_RESERVATIONS, overlap_across_families, "P2: two live reservations overlap" },
    { pool_check, TABLE_RESERVATIONS, overlap_within_a_family, "P2: two live reservations overlap" },
    { pool_check, OF_THE_WORLD, granted_miscounted, "P6: world.granted is wrong" },
    { pool_check, OF_THE_WORLD, live_reservations_miscounted, "P6: world.live_reservations is wrong" },
    { pool_check, TABLE_EXCLUSIONS, exclusion_stored_for_no_one, "P5: the store has an exclusion" },
    { pool_check, TABLE_EXCLUSIONS, exclusion_dormant_nowhere, "P5: a dormant exclusion is not in the store" },
    { sockets_check, TABLE_SOCKETS, socket_bound_without_port, "S1: a socket has a port and is not bound" },
    { sockets_check, TABLE_SOCKETS, socket_open_with_port, "S1: a socket has a port and is not bound" },
    { sockets_check, TABLE_SOCKETS, socket_with_both_options, "S2: a socket has both sharing options" },
    { sockets_check, TABLE_SOCKETS, datagrams_that_listen, "S3: a listener that is no TCP socket" },
    { sockets_check, TABLE_SOCKETS, raw_that_is_bound, "S3: a raw socket is bound" },
    { sockets_check, TABLE_SOCKETS, connected_to_no_one, "S5: a connected socket has no peer" },
    { sockets_check, TABLE_SOCKETS, socket_without_name, "S4: a socket that no handle names" },
    { sockets_check, TABLE_SOCKETS, datagrams_put_off, "S1: a port that is put off, of UDP" },
    { kept_options_check, TABLE_SOCKETS, number_of_no_option, "N1: a socket names numbers that are not its own" },
    { kept_options_check, TABLE_SOCKETS, number_not_used, "N1: a socket names numbers that are not its own" },
    { kept_options_check, TABLE_SOCKETS, number_twice, "N1: a socket names numbers that are not its own" },
    { kept_options_check, TABLE_SOCKETS, numbers_of_no_one, "N1: numbers belong to no socket" },
    { network_events_check, TABLE_SELECTIONS, selection_of_no_socket, "E1: a selection of no socket" },
    { network_events_check, TABLE_SELECTIONS, selection_twice, "E1: a selection of no socket, or a second one" },
    { network_events_check, TABLE_SELECTIONS, selection_without_event, "E2: a selection without an event" },
    { network_events_check, TABLE_SELECTIONS, event_of_no_selection, "E2: a selection without an event" },
    { network_events_check, TABLE_SELECTIONS, selected_event_is_gone, "E2: a selected event is not there" },
    { network_events_check, TABLE_SELECTIONS, selected_socket_blocks, "E2: a socket with a selection blocks" },
    { sockets_check, OF_THE_WORLD, bound_miscounted, "S6: world.bound is wrong" },
    { sockets_check, TABLE_SOCKETS, socket_bound_uncounted, "S6: world.bound is wrong" },
    { connections_check, TABLE_CONNECTIONS, connection_of_a_free_socket, "C1: a connection and its socket disagree" },
    { connections_check, TABLE_CONNECTIONS, connection_that_its_socket_forgot, "C1: a connection and its socket" },
    { connections_check, TABLE_CONNECTIONS, connection_that_waits_twice, "C2: a connection of a socket waits" },
    { connections_check, TABLE_CONNECTIONS, connection_at_no_listener, "C2: a connection waits at no listener" },
    { connections_check, TABLE_CONNECTIONS, connection_closed_for_no_one, "C3: a closed connection without a socket" },
    { connections_check, TABLE_CONNECTIONS, held_by_a_socket, "C5: a connection of a socket is held" },
    { connections_check, TABLE_CONNECTIONS, held_though_established, "C5: a held connection does not wait" },
    { connections_check, TABLE_CONNECTIONS, held_out_of_line, "C5: a held connection does not wait" },
    { connections_check, TABLE_CONNECTIONS, held_at_no_listener, "C5: a held connection does not wait" },
    { connections_check, TABLE_CONNECTIONS, acknowledged_too_much, "T1: more is acknowledged than was sent" },
    { connections_check, TABLE_CONNECTIONS, next_outside, "T1: send_next lies outside what was sent" },
    { connections_check, TABLE_CONNECTIONS, too_much_queued, "T2: more is queued than the send buffer holds" },
    { connections_check, TABLE_CONNECTIONS, flying_unqueued, "T2: bytes in flight are not queued" },
    { connections_check, TABLE_CONNECTIONS, too_much_buffered, "T3: more is buffered than the receive buffer holds" },
    { connections_check, TABLE_CONNECTIONS, range_outside, "T3: a range behind a hole lies outside" },
    { connections_check, TABLE_CONNECTIONS, range_at_what_is_expected, "T4: ranges behind a hole touch" },
    { connections_check, TABLE_CONNECTIONS, ranges_that_touch, "T4: ranges behind a hole touch" },
    { connections_check, TABLE_CONNECTIONS, range_of_nothing, "T4: ranges behind a hole touch" },
    { connections_check, TABLE_CONNECTIONS, closed_with_a_timer, "T6: a closed connection has a timer" },
    { connections_check, TABLE_CONNECTIONS, timer_for_nothing, "T5: the retransmission timer does not run exactly" },
    { connections_check, TABLE_CONNECTIONS, two_timers, "T5: the persist timer runs beside" },
    { connections_check, TABLE_CONNECTIONS, timer_unnoted, "D3: a timer was changed, and no one noted it" },
    { connections_check, OF_THE_WORLD, urgency_of_a_block, "D2: a block of rows has a wrong urgency" },
    { connections_check, TABLE_CONNECTIONS, chain_with_a_stranger, "D1: a chain has what is not of it" },
    { connections_check, OF_THE_WORLD, chain_cut_off, "D1: a connection is in no chain, or in two" },
    { connections_check, OF_THE_WORLD, chain_in_a_ring, "D1: a connection is in no chain, or in two" },
    { packets_check, OF_THE_WORLD, packet_of_nothing, "N1: a packet of an impossible length" },
    { packets_check, OF_THE_WORLD, packet_too_long, "N1: a packet of an impossible length" },
    { packets_check, OF_THE_WORLD, packet_out_of_order, "N1: packets are not in the order" },
    { packets_check, TABLE_DATAGRAMS, datagram_in_no_socket, "N2: a datagram waits in no datagram socket" },
    { packets_check, TABLE_DATAGRAMS, datagram_in_a_stream, "N2: a datagram waits in no datagram socket" },
};

static void expect_text(const char *said, const char *wanted, unsigned row) {
    char text[300];
    bool is_it = said != NULL && strncmp(said, wanted, strlen(wanted)) == 0;
    snprintf(text, sizeof text, "row %u: the check says \"%s\", expected \"%s\"", row,
             said == NULL ? "all is well" : said, wanted);
    CU_assertImplementation(is_it, __LINE__, text, __FILE__, "", CU_FALSE);
}

static bool says_the_same(const char *one, const char *other) {
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

/* Does the check of the whole model say what this one says, of anything that breaks it? Else it does not ask it. */
static bool is_asked_by_the_model(const struct world *whole, struct world *broken,
                                  const char *(*check)(const struct world *)) {
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        unsigned rows = ways[i].table == OF_THE_WORLD ? 256 : world_top(whole, (enum table)ways[i].table);
        for (unsigned row = 0; ways[i].check == check && row < rows; row++) {
            world_clone(broken, whole);
            if (ways[i].breaks(broken, row) && says_the_same(model_check(broken), check(broken))) return true;
        }
    }
    return false;
}

static void the_model_asks_each_check(void) {
    static struct machine machine;
    static _Alignas(8) uint8_t kept[BUSY_BYTES], memory[BUSY_BYTES];
    busy_world(&machine, false);
    const struct world *whole = world_with_spare_rows(machine.world, kept, 1, TABLES_COUNT);
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        bool asked = is_asked_by_the_model(whole, (void *)memory, ways[i].check);
        if (!asked) printf("\n    model_check() never says what the check of \"%s\" says", ways[i].text);
        CU_ASSERT(asked);
    }
}

static void each_is_broken_in_each_row(void) {
    static struct machine machine;
    static _Alignas(8) uint8_t kept[BUSY_BYTES], memory[BUSY_BYTES];
    busy_world(&machine, false);
    const struct world *whole = world_with_spare_rows(machine.world, kept, 1, TABLES_COUNT);
    struct world *broken = (void *)memory;
    CU_ASSERT_PTR_NULL_FATAL(model_check(whole));
    for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        unsigned rows = ways[i].table == OF_THE_WORLD ? 256 : world_top(whole, (enum table)ways[i].table);
        unsigned broken_rows = 0;
        for (unsigned row = 0; row < rows; row++) {
            world_clone(broken, whole);
            if (!ways[i].breaks(broken, row)) continue;
            broken_rows++;
            expect_text(ways[i].check(broken), ways[i].text, row);
            CU_ASSERT_PTR_NOT_NULL(model_check(broken));
        }
        if (broken_rows == 0) printf("\n    nothing can break \"%s\"", ways[i].text);
        CU_ASSERT(broken_rows > 0);
    }
}

void register_invariants_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model invariants", NULL, NULL);
    CU_add_test(suite, "the model asks each check", the_model_asks_each_check);
    CU_add_test(suite, "each is broken in each row", each_is_broken_in_each_row);
}
