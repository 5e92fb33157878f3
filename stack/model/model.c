#include "stack/model/model.h"

#include <assert.h>

#include "stack/system/context.h"
#include "stack/errors.h"
#include "stack/io/requests.h"
#include "stack/ports/persistent.h"
#include "stack/ports/port_store.h"
#include "stack/model/waits.h"
#include "stack/system/handles.h"
#include "stack/system/security.h"
#include "stack/transport/bind.h"
#include "stack/transport/control.h"
#include "stack/transport/duplicate.h"
#include "stack/transport/sockets.h"

/* --- startup --------------------------------------------------------------------------------------------------- */

enum { VERSION_1_1 = 0x0101, VERSION_2_2 = 0x0202, STARTUP_COUNT_MAX = 255 };

/* The error is the return value: WSAVERNOTSUPPORTED, WSAEFAULT, WSASYSNOTREADY, WSAEPROCLIM. */
void call_WSAStartup(struct context *context) {
    struct process *process = world_process(context->world, context->process);
    uint32_t wanted = (uint32_t)context->call->arguments[0] & 0xffff;
    uint32_t major = wanted & 0xff;
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSASYSNOTREADY);
    violate_if(&violations, major == 0, WSAVERNOTSUPPORTED);
    violate_if(&violations, !call_range_holds(context->call, 1, 4), WSAEFAULT);
    violate_if(&violations, process->startup_count == STARTUP_COUNT_MAX, WSAEPROCLIM);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0) {
        uint8_t data[4];
        uint32_t granted = major == 1 ? (wanted >> 8 == 0 ? 0x0001u : (uint32_t)VERSION_1_1) : (uint32_t)VERSION_2_2;
        store_u16(data, (uint16_t)granted);
        store_u16(data + 2, VERSION_2_2);
        result_write(context->result, context->call->arguments[1], data, sizeof data);
        process->startup_count++;
        process->startup_version = (uint16_t)granted;
    }
    context->result->value = error;
    context->result->error = ERROR_UNTOUCHED;
}

/* WSANOTINITIALISED. The last one closes all sockets of the process (W98). */
void call_WSACleanup(struct context *context) {
    struct world *world = context->world;
    if (!winsock_started(context)) {
        fail_socket(context, WSANOTINITIALISED);
        return;
    }
    if (--world_process(world, context->process)->startup_count == 0) {
        for (uint32_t number = handle_lowest(world, context->process, HANDLE_SOCKET); number != 0;
             number = handle_lowest(world, context->process, HANDLE_SOCKET))
            socket_close_handle(world, context->chooser, context->process, number, context->result);
    }
    succeed(context, 0);
}

void call_WSAGetLastError(struct context *context) {
    context->result->value = world_thread(context->world, context->thread)->last_error;
    context->result->error = ERROR_UNTOUCHED;
    assert(context->result->status == RESULT_RETURNED);
}

/* --- calls ----------------------------------------------------------------------------------------------------- */

typedef void call_handler(struct context *context);

static call_handler *const handlers[FUNCTION_COUNT] = {
#define FUNCTION(result, name, ...) [FUNCTION_##name] = call_##name,
#include "stack/call/functions.def"
};

static struct context context_of(struct world *world, struct chooser *chooser, unsigned thread, struct result *result) {
    assert(world_thread(world, thread)->state != THREAD_FREE);
    return (struct context){ .world = world, .chooser = chooser, .result = result, .thread = thread,
                             .process = world_thread(world, thread)->process };
}

void model_call(struct world *world, struct chooser *chooser, const struct call *call, struct result *result) {
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    assert(world_thread(world, call->thread)->state == THREAD_RUNNING);
    assert(handlers[call->function] != NULL);
    assert(world->power != POWER_LOST);
    result_clear(result);
    struct context context = context_of(world, chooser, call->thread, result);
    context.call = call;
    handlers[call->function](&context);
}

/* --- internal steps -------------------------------------------------------------------------------------------- */

unsigned model_steps_enabled(const struct world *world) {
    unsigned enabled = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++)
        enabled += world_request_at(world, i)->state == REQUEST_PENDING;
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) enabled += wait_is_over(world, i);
    return enabled;
}

void model_step(struct world *world, struct chooser *chooser, struct result *result) {
    unsigned enabled = model_steps_enabled(world);
    assert(enabled > 0);
    unsigned which = choose(chooser, CHOICE_STEP, enabled);
    for (unsigned i = 0; i < world_top(world, TABLE_REQUESTS); i++) {
        if (world_request(world, i)->state != REQUEST_PENDING || which-- > 0) continue;
        struct context context = context_of(world, chooser, world_request(world, i)->thread, result);
        control_complete(&context, i);
        return;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        if (!wait_is_over(world, i) || which-- > 0) continue;
        wait_finish(world, i, result);
        return;
    }
    assert(!"an enabled step was not found");
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
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        const struct thread *row = world_thread_at(world, i);
        if (row->state == THREAD_WAITING && row->deadline_ns < earliest) earliest = row->deadline_ns;
    }
    if (earliest == UINT64_MAX) return UINT64_MAX;
    return earliest <= world->now_ns ? 0 : earliest - world->now_ns;
}

/* --- processes and the machine --------------------------------------------------------------------------------- */

void model_process_start(struct world *world, unsigned process, unsigned main_thread, unsigned account, unsigned startup) {
    assert(process < world->limits.processes);
    process_start(world, process, account);
    model_process_begin(world, process, main_thread, startup);
}

void model_process_begin(struct world *world, unsigned process, unsigned main_thread, unsigned startup) {
    assert(startup == 0 || startup == VERSION_1_1 || startup == VERSION_2_2);
    assert(main_thread < world->limits.threads);
    process_begin(world, process, main_thread, startup);
}

void model_thread_start(struct world *world, unsigned thread, unsigned process) {
    assert(thread < world->limits.threads);
    thread_start(world, thread, process);
}

static void close_any_handle(struct world *world, struct chooser *chooser, unsigned process, uint32_t number,
                             struct result *result) {
    enum handle_kind kind = handle_kind_of(world, process, number);
    unsigned object = NO_ROW;
    if (kind == HANDLE_SOCKET) {
        socket_close_handle(world, chooser, process, number, result);
        return;
    }
    unsigned left = handle_close(world, process, number, &object);
    assert(object != NO_ROW);
    if (left > 0) return;
    if (kind == HANDLE_EVENT) event_release(world, object);
    else world_free(world, TABLE_FILES, object);
}

static void end_thread(struct world *world, unsigned thread, struct result *result) {
    unsigned awaited = world_thread(world, thread)->object;
    request_cancel_of_thread(world, thread, result);
    routine_drop_of_thread(world, thread);
    world_free(world, TABLE_THREADS, thread);
    if (awaited != NO_ROW && world_event(world, awaited)->used) event_release(world, awaited);
}

/* `chooser` is NULL when the machine restarts: socket_close_handle(). */
static void end_process(struct world *world, struct chooser *chooser, unsigned process, struct result *result) {
    assert(world_process(world, process)->alive);
    duplicates_abandon(world, process, result);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (world_thread(world, i)->state != THREAD_FREE && world_thread(world, i)->process == process) end_thread(world, i, result);
    for (uint32_t number = handle_lowest(world, process, HANDLE_FREE); number != 0; number = handle_lowest(world, process, HANDLE_FREE))
        close_any_handle(world, chooser, process, number, result);
    reservation_drop_of_process(world, process);
    world_free(world, TABLE_PROCESSES, process);
}

void model_process_end(struct world *world, struct chooser *chooser, unsigned process, struct result *result) {
    assert(chooser != NULL);
    end_process(world, chooser, process, result);
}

void model_network_down(struct world *world, bool down) { world->network_down = down; }
void model_no_buffers(struct world *world, bool out) { world->no_buffers = out; }
void model_no_handles(struct world *world, bool out) { world->no_handles = out; }
void model_no_memory(struct world *world, bool out) { world->no_memory = out; }

void model_reboot(struct world *world) {
    for (unsigned process = 0; process < world_top(world, TABLE_PROCESSES); process++) {
        struct result unseen; /* whose memory it was is gone as well */
        result_clear(&unseen);
        if (world_process(world, process)->alive) end_process(world, NULL, process, &unseen);
    }
    assert(world_top(world, TABLE_HANDLES) == 0 && world_top(world, TABLE_SOCKETS) == 0);
    assert(world_top(world, TABLE_REQUESTS) == 0);
    world->network_down = world->no_buffers = world->no_handles = world->no_memory = 0;
    world->now_ns = 0;
    world->power = POWER_ON;
    port_store_boot(world, NULL);
}

void model_boot(struct world *world, struct store_findings *findings) {
    assert(world_top(world, TABLE_PROCESSES) == 0);
    port_store_boot(world, findings);
}

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

const char *model_check(const struct world *world) {
    assert(world != NULL);
    const char *broken = handles_check(world);
    if (broken == NULL) broken = security_check(world);
    if (broken == NULL) broken = requests_check(world);
    if (broken == NULL) broken = pool_check(world);
    if (broken == NULL) broken = sockets_check(world);
    return broken;
}
