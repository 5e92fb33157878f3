#include "stack/model/model.h"

#include <assert.h>

#include "stack/io/completion_ports.h"
#include "stack/io/event_waits.h"
#include "stack/io/events.h"
#include "stack/io/handle_events.h"
#include "stack/io/requests.h"
#include "stack/model/blocking.h"
#include "stack/model/inside.h"
#include "stack/model/waits.h"
#include "stack/ports/pool.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"
#include "stack/system/security.h"
#include "stack/transport/arrivals.h"
#include "stack/transport/connections.h"
#include "stack/transport/kept_options.h"
#include "stack/transport/control.h"
#include "stack/transport/network_events.h"
#include "stack/transport/socket_waits.h"
#include "stack/transport/sockets.h"
#include "stack/transport/transfers.h"
#include "stack/transport/wire/packets.h"

/* --- calls ----------------------------------------------------------------------------------------------------- */

typedef void call_handler(struct context *context);

/* clang-format off */
static call_handler *const handlers[FUNCTION_COUNT] = {
#define FUNCTION(result, name, ...) [FUNCTION_##name] = call_##name,
#include "stack/call/functions.def"
};
/* clang-format on */

static struct context context_of(struct world *world, struct chooser *chooser, unsigned thread, struct result *result) {
    assert(world_thread(world, thread)->state != THREAD_FREE);
    return (struct context){ .world = world,
                             .chooser = chooser,
                             .result = result,
                             .thread = thread,
                             .process = world_thread(world, thread)->process };
}

/* No error has this number. It stands in result.error until the handler answers, so that a call whose handler forgets
 * to is our bug, and no success by silence. */
enum { UNANSWERED = 0xfffffffeu };

void model_call(struct world *world, struct chooser *chooser, const struct call *call, struct result *result) {
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    assert(world_thread(world, call->thread)->state == THREAD_RUNNING || thread_is_inside_winsock(world, call->thread));
    assert(handlers[call->function] != NULL);
    assert(world->power != POWER_LOST);
    result_clear(result);
    result->error = UNANSWERED;
    result->more_bytes = world->limits.more_bytes;
    struct context context = context_of(world, chooser, call->thread, result);
    context.call = call;
    if (!blocking_refuses(&context)) handlers[call->function](&context);
    assert(result->status != RESULT_RETURNED || result->error != UNANSWERED);
    if (result->error == UNANSWERED) result->error = 0;
}

uint64_t model_blocking_hook(struct world *world, struct chooser *chooser, unsigned thread) {
    assert(thread < world->limits.threads);
    return blocking_hook_running(world, chooser, thread);
}

/* --- internal steps -------------------------------------------------------------------------------------------- */

/* A control call completes when it is decided, or due to be; a transfer, when the wire has brought what it waits
 * for. */
static bool request_step_is_enabled(const struct world *world, unsigned request) {
    const struct request *row = world_request_at(world, request);
    if (row->state != REQUEST_PENDING) return false;
    if (row->operation != OPERATION_IOCTL) return transfer_is_ready(world, request);
    return row->decided || row->due_ns <= world->now_ns;
}

/* Threads inside a call of Winsock whose routines run before all else: each is woken when one is queued to it, and no
 * call begins to wait while one is. */
static unsigned threads_with_routines_inside(const struct world *world) {
    unsigned count = 0;
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i))
        count += routines_can_run_inside(world, i);
    return count;
}

bool model_step_cannot_wait(const struct world *world) { return threads_with_routines_inside(world) > 0; }

unsigned model_steps_enabled(const struct world *world) {
    unsigned enabled = threads_with_routines_inside(world);
    if (enabled > 0) return enabled;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) enabled += request_step_is_enabled(world, i);
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i))
        enabled += wait_is_over(world, i);
    return enabled + wire_step_is_enabled(world);
}

/* One of the threads whose routines run inside a call. False: there is none. */
static bool run_routines_inside(struct world *world, unsigned which, struct result *result) {
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        if (!routines_can_run_inside(world, i) || which-- > 0) continue;
        routines_run_inside(world, i, result);
        return true;
    }
    return false;
}

void model_step(struct world *world, struct chooser *chooser, struct result *result) {
    unsigned enabled = model_steps_enabled(world);
    assert(enabled > 0);
    result->more_bytes = world->limits.more_bytes;
    unsigned which = choose(chooser, CHOICE_STEP, enabled);
    if (run_routines_inside(world, which, result)) return;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        if (!request_step_is_enabled(world, i) || which-- > 0) continue;
        const struct request *row = world_request(world, i);
        struct context context = {
            .world = world, .chooser = chooser, .result = result, .thread = row->thread, .process = row->process
        };
        if (row->operation == OPERATION_IOCTL) control_complete(&context, i);
        else transfer_finish(&context, i);
        return;
    }
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        if (!wait_is_over(world, i) || which-- > 0) continue;
        struct context context = context_of(world, chooser, i, result);
        wait_finish(&context, i);
        return;
    }
    assert(which == 0 && wire_step_is_enabled(world));
    wire_step(world, chooser);
}

void model_settle(struct world *world, struct chooser *chooser, struct result *result) {
    while (model_steps_enabled(world) > 0) model_step(world, chooser, result);
    assert(model_steps_enabled(world) == 0);
}

void model_tick(struct world *world, uint64_t nanoseconds) {
    assert(nanoseconds <= UINT64_MAX - world->now_ns);
    world->now_ns += nanoseconds;
}

uint64_t model_next_timeout(const struct world *world) {
    uint64_t earliest = UINT64_MAX;
    for (unsigned i = thread_next_waiting(world, NO_ROW); i != NO_ROW; i = thread_next_waiting(world, i)) {
        const struct thread *row = world_thread_at(world, i);
        if (row->deadline_ns < earliest) earliest = row->deadline_ns;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        const struct request *row = world_request_at(world, i);
        bool due = row->state == REQUEST_PENDING && row->operation == OPERATION_IOCTL && !row->decided;
        if (due && row->due_ns < earliest) earliest = row->due_ns;
    }
    uint64_t wire_ns = wire_next_in_ns(world);
    if (earliest == UINT64_MAX) return wire_ns;
    uint64_t timeout_ns = earliest <= world->now_ns ? 0 : earliest - world->now_ns;
    return timeout_ns < wire_ns ? timeout_ns : wire_ns;
}

/* --- faults, and looking ------------------------------------------------------------------------------------------ */

void model_network_down(struct world *world, bool down) { world->network_down = down; }
void model_no_buffers(struct world *world, bool out) { world->no_buffers = out; }
void model_no_handles(struct world *world, bool out) { world->no_handles = out; }
void model_no_memory(struct world *world, bool out) { world->no_memory = out; }

void model_power_fails(struct world *world, bool failing) {
    assert(world->power != POWER_LOST);
    world->power = failing ? POWER_FAILING : POWER_ON;
}

int model_event_state(const struct world *world, unsigned process, uint64_t handle) {
    unsigned event = handle_find(world, process, HANDLE_EVENT, handle);
    if (event == NO_ROW) return -1;
    assert(world_event_at(world, event)->used);
    return world_event_at(world, event)->set;
}

bool model_add_address(struct world *world, unsigned family, const uint8_t *address) {
    assert(family == 4 || family == 6);
    if (world_top(world, TABLE_ADDRESSES) == world->limits.addresses) return false;
    struct own_address *row = world_own_address(world, world_take(world, TABLE_ADDRESSES));
    row->family = (uint8_t)family;
    for (unsigned i = 0; i < (family == 4 ? 4u : 16u); i++) row->address.bytes[i] = address[i];
    return true;
}

const uint8_t *model_packet(struct world *world, uint32_t *bytes) {
    const struct packet_row *oldest = packet_oldest(world);
    if (oldest == NULL || !oldest->outbound) return NULL;
    *bytes = oldest->bytes;
    return packet_oldest_bytes(world);
}

void model_packet_taken(struct world *world) {
    assert(packet_oldest(world) != NULL && packet_oldest(world)->outbound);
    packet_drop_oldest(world);
}

bool model_packet_arrives(struct world *world, const uint8_t *packet, uint32_t bytes) {
    return packet_put(world, packet, bytes);
}

const char *model_check(const struct world *world) {
    assert(world != NULL);
    const char *broken = handles_check(world);
    if (broken == NULL) broken = security_check(world);
    if (broken == NULL) broken = requests_check(world);
    if (broken == NULL) broken = events_check(world);
    if (broken == NULL) broken = handle_events_check(world);
    if (broken == NULL) broken = event_waits_check(world);
    if (broken == NULL) broken = completion_ports_check(world);
    if (broken == NULL) broken = pool_check(world);
    if (broken == NULL) broken = sockets_check(world);
    if (broken == NULL) broken = socket_waits_check(world);
    if (broken == NULL) broken = connections_check(world);
    if (broken == NULL) broken = kept_options_check(world);
    if (broken == NULL) broken = packets_check(world);
    if (broken == NULL) broken = network_events_check(world);
    return broken;
}
