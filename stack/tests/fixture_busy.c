#include "stack/tests/fixture_busy.h"

#include <assert.h>
#include <string.h>

#include "stack/model/model.h"
#include "stack/ports/exclusions.h"
#include "stack/sdk/option_values.h"
#include "stack/tests/fixture_events.h"
#include "stack/tests/fixture_persistent.h"
#include "stack/tests/fixture_waits.h"

static uint64_t port_of_completions(struct machine *m) {
    return plain_call(m, FUNCTION_CreateIoCompletionPort, UINT64_MAX, 0, 0);
}

/* The speaker waits for anything of a socket. */
static void wait_for_sockets(struct machine *m, uint64_t read, uint64_t write, uint64_t except) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_select;
    const uint64_t sockets[] = { read, write, except };
    for (unsigned i = 0; i < sizeof sockets / sizeof sockets[0]; i++)
        if (sockets[i] != 0) put_set(&call, i, &sockets[i], 1);
    call.arguments[select_timeout] = 9000;
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_BLOCKED);
}

/* The speaker waits for one event, for as long as it takes. */
static void wait_for_event(struct machine *m) {
    CU_ASSERT_EQUAL(wait_for(m, new_event(m, false, false), INFINITE), WAIT_BLOCKS);
}

static void pend(struct machine *m, uint64_t socket, unsigned which, uint64_t event) {
    control(m, socket, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(m, which, event);
    expect_error(WSA_IO_PENDING, perform(m));
}

static void give_number(struct machine *m, uint64_t socket) { expect_ok(set_option(m, socket, SO_RCVBUF, 4096)); }

/* A request that outlives its thread (W110): its end will be a packet. */
static void leave_an_orphan(struct machine *m, uint64_t socket) {
    model_thread_start(m->world, THIRD, PROCESS_APP);
    speak_as(m, THIRD);
    pend(m, socket, 2, 0);
    result_clear(&m->result);
    model_thread_end(m->world, THIRD, &m->result);
    settle(m);
    CU_ASSERT_EQUAL(world_thread(m->world, THIRD)->state, THREAD_FREE);
}

/* Two ports with packets and waiters, two requests that pend, a routine that waits for an alertable wait. */
static void keep_busy_with_requests(struct machine *m, uint64_t socket) {
    uint64_t full = port_of_completions(m), awaited = port_of_completions(m), other = udp(m);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_CreateIoCompletionPort, socket, full, 77), full);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_CreateIoCompletionPort, other, awaited, 78), awaited);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, full, 10, 20), TRUE);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, full, 11, 22), TRUE);
    pend(m, socket, 0, 0);
    pend(m, socket, 1, new_event(m, true, false));
    for (unsigned which = 2; which < 4; which++) {
        control(m, udp(m), CODE_UNKNOWN);
        with_overlapped(m, which, 0);
        with_routine(m, RANGE_GOOD);
        expect_error(WSA_IO_PENDING, perform(m));
    }
    speak_as(m, APP_SECOND);
    call_for_packet(m, awaited, 5000, RESULT_BLOCKED);
    leave_an_orphan(m, other);
    model_thread_start(m->world, THIRD, PROCESS_APP);
    speak_as(m, THIRD);
    call_for_packet(m, awaited, 5000, RESULT_BLOCKED);
    model_thread_start(m->world, FOURTH, PROCESS_APP);
    speak_as(m, FOURTH);
    const uint64_t events[3] = { new_event(m, true, false), new_event(m, false, false), new_event(m, true, true) };
    const struct several all = { .count = 3, .all = true, .milliseconds = INFINITE };
    CU_ASSERT_EQUAL(wait_for_several(m, events, &all), WAIT_BLOCKS);
}

static struct talk keep_busy_with_talk(struct machine *m, uint64_t *late) {
    struct talk talk = talking(m);
    uint32_t sent = 0;
    uint64_t receiver = udp(m), sender = udp(m);
    *late = tcp(m);
    expect_ok(send_text(m, talk.client, "not read yet"));
    expect_ok(bind_at(m, receiver, LOOPBACK_V4, 20001));
    expect_ok(send_byte(m, sender, TO_LOOPBACK, 20001, &sent));
    expect_ok(send_byte(m, sender, TO_LOOPBACK, 20001, &sent));
    expect_ok(send_byte(m, sender, TO_LOOPBACK, 9, &sent));  /* whose report waits */
    expect_ok(connect_to(m, *late, LOOPBACK_V4, talk.port)); /* waits to be accepted */
    expect_ok(set_nonblocking(m, talk.server));
    return talk;
}

/* A word of which nothing has arrived. */
static void leave_on_the_way(struct machine *m, uint64_t socket) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_send;
    call.thread = (uint16_t)m->thread;
    call.arguments[send_s] = socket;
    call.arguments[send_buf] = 0xc000;
    call.arguments[send_len] = 3;
    call.ranges[send_buf] = (struct range){ .state = RANGE_GOOD, .address = 0xc000, .length = 3 };
    CU_ASSERT(call_put_bytes(&call, send_buf, "one", 3));
    result_clear(&m->result);
    model_call(m->world, m->chooser, &call, &m->result);
    CU_ASSERT(m->world->packets_count > 0);
}

/* Things that were there and are gone: numbers, serials and rows that come later are others. What is returned is closed
 * at the end. */
static uint64_t live_through_something(struct machine *m) {
    uint32_t sent = 0;
    char heard[64];
    uint64_t kept = udp(m), gone = tcp(m), event = new_event(m, false, false), port = port_of_completions(m);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_PostQueuedCompletionStatus, port, 1, 2), TRUE);
    expect_ok(bind_at(m, kept, LOOPBACK_V4, 20009));
    expect_ok(send_byte(m, kept, TO_LOOPBACK, 20009, &sent));
    expect_ok(receive_text(m, kept, heard));
    CU_ASSERT_EQUAL(sleep_for(m, 20, false), WAIT_BLOCKS);
    pass_time(m, 20);
    expect_ok(close_handle(m, event));
    expect_ok(close_handle(m, port));
    expect_ok(close_socket(m, gone));
    /* Initial sequence numbers go round after so many times four microseconds. */
    model_tick(m->world, UINT64_C(4000) * UINT32_MAX + 4000 - m->world->now_ns);
    settle(m);
    return kept;
}

void busy_world(struct machine *m, bool has_past) {
    struct protocol_info info;
    uint64_t late = 0;
    machine_with_two_processes(m);
    static const struct own_address own = { .family = 4, .address = { { 192, 0, 2, 1 } } };
    *world_own_address(m->world, world_take(m->world, TABLE_ADDRESSES)) = own;
    uint64_t past = has_past ? live_through_something(m) : 0;
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_TCP, 40000, 40009, true), NO_ROW);
    CU_ASSERT_NOT_EQUAL(exclusion_add(m->world, PROTOCOL_UDP, 40000, 40001, false), NO_ROW);
    uint64_t acquirer = tcp(m), associated = tcp(m), released = tcp(m), shared = tcp(m);
    struct grant grant = granted(m, acquirer, 0, 4), gone = granted(m, released, 0, 2);
    expect_ok(associate(m, associated, grant.token));
    expect_ok(bind_port(m, associated, 0));
    expect_ok(release(m, released, gone.token));
    give_number(m, acquirer);
    copy_of(m, THREAD_HANDLE_FIRST + APP_SECOND);
    expect_ok(duplicate_socket(m, shared, PROCESS_TOOL, &info));
    expect_ok(duplicate_socket(m, shared, PROCESS_TOOL, &info));
    new_event(m, false, true);
    created(m, PROTOCOL_UDP, 30000, 3);
    const struct talk talk = keep_busy_with_talk(m, &late);
    expect_ok(select_events(m, talk.client, new_event(m, true, false), FD_READ | FD_CLOSE));
    keep_busy_with_requests(m, acquirer);
    speak_as(m, TOOL);
    uint64_t quiet = udp(m), listener = tcp(m);
    expect_ok(bind_port(m, quiet, 0));
    expect_ok(bind_port(m, listener, 0));
    expect_ok(listen_on(m, listener));
    expect_error(ERROR_IO_PENDING, accept_ex(m, listener, tcp(m), 8));
    wait_for_sockets(m, quiet, 0, listener);
    speak_as(m, TOOL_SECOND);
    wait_for_event(m);
    speak_as(m, APP);
    if (past != 0) expect_ok(close_socket(m, past));
    leave_on_the_way(m, talk.server);
    leave_on_the_way(m, late);
    CU_ASSERT_PTR_NULL(model_check(m->world));
}

struct world *world_with_spare_rows(const struct world *roomy, uint8_t *memory, unsigned spare, enum table full) {
    struct world_limits limits = roomy->limits;
    uint16_t *const counts[] = {
        &limits.processes,   &limits.threads,      &limits.handles,    &limits.sockets,    &limits.events,
        &limits.requests,    &limits.reservations, &limits.exclusions, &limits.duplicates, &limits.completion_ports,
        &limits.routines,    &limits.associations, &limits.numbers,    &limits.addresses,  &limits.selections,
        &limits.event_waits, &limits.socket_waits, &limits.files,
    };
    static const enum table tables[] = {
        TABLE_PROCESSES,   TABLE_THREADS,      TABLE_HANDLES,    TABLE_SOCKETS,    TABLE_EVENTS,
        TABLE_REQUESTS,    TABLE_RESERVATIONS, TABLE_EXCLUSIONS, TABLE_DUPLICATES, TABLE_COMPLETION_PORTS,
        TABLE_ROUTINES,    TABLE_ASSOCIATIONS, TABLE_NUMBERS,    TABLE_ADDRESSES,  TABLE_SELECTIONS,
        TABLE_EVENT_WAITS, TABLE_SOCKET_WAITS, TABLE_FILES,
    };
    for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++)
        *counts[i] = (uint16_t)(roomy->tops[tables[i]] + (tables[i] == full ? 0 : spare));
    assert(world_bytes(&limits) <= BUSY_BYTES);
    struct world *tight = world_create(memory, &limits);
    const struct world empty = *tight;
    *tight = *roomy;
    tight->limits = limits;
    memcpy(tight->offsets, empty.offsets, sizeof tight->offsets);
    tight->bytes = empty.bytes;
    tight->store_offset = empty.store_offset;
    tight->wire_offset = empty.wire_offset;
    tight->slots_offset = empty.slots_offset;
    tight->rings_offset = empty.rings_offset;
    for (unsigned i = 0; i < TABLES_COUNT; i++) {
        size_t room = tight->offsets[i + 1] - tight->offsets[i], had = roomy->offsets[i + 1] - roomy->offsets[i];
        memcpy(memory + tight->offsets[i], (const uint8_t *)roomy + roomy->offsets[i], room < had ? room : had);
    }
    size_t store = tight->wire_offset - tight->store_offset, wire = roomy->bytes - roomy->wire_offset;
    memcpy(memory + tight->store_offset, (const uint8_t *)roomy + roomy->store_offset, store);
    memcpy(memory + tight->wire_offset, (const uint8_t *)roomy + roomy->wire_offset, wire);
    return tight;
}
