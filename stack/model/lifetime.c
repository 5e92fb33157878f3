/* Processes, threads and the machine itself: how they start and end (model.h). */
#include <assert.h>

#include "stack/io/completion_ports.h"
#include "stack/io/event_waits.h"
#include "stack/io/events.h"
#include "stack/io/requests.h"
#include "stack/model/handle_calls.h"
#include "stack/model/model.h"
#include "stack/ports/dynamic_range.h"
#include "stack/ports/pool.h"
#include "stack/ports/port_store.h"
#include "stack/system/handles.h"
#include "stack/transport/arrivals.h"
#include "stack/transport/duplicate.h"
#include "stack/transport/socket_waits.h"

void model_process_start(struct world *world, unsigned process, unsigned main_thread, unsigned account,
                         unsigned startup) {
    assert(process < world->limits.processes);
    process_start(world, process, account);
    model_process_begin(world, process, main_thread, startup);
}

void model_process_begin(struct world *world, unsigned process, unsigned main_thread, unsigned startup) {
    assert(startup == 0 || startup == 0x0101 || startup == 0x0202);
    assert(main_thread < world->limits.threads);
    process_begin(world, process, main_thread, startup);
}

void model_thread_start(struct world *world, unsigned thread, unsigned process) {
    assert(thread < world->limits.threads);
    thread_start(world, thread, process);
}

static void end_thread(struct world *world, unsigned thread, struct result *result) {
    struct thread ended = *world_thread(world, thread);
    request_cancel_of_thread(world, thread, result);
    routine_drop_of_thread(world, thread);
    thread_end(world, thread);
    if (ended.awaited == AWAITED_EVENT && world_event(world, ended.object)->used) event_release(world, ended.object);
    event_wait_end(world, thread);
    socket_wait_end(world, thread);
    if (ended.awaited == AWAITED_PORT) completion_port_leave(world, ended.object);
}

void model_thread_end(struct world *world, unsigned thread, struct result *result) {
    assert(world_thread(world, thread)->state == THREAD_RUNNING);
    end_thread(world, thread, result);
}

/* `chooser` is NULL when the machine restarts: socket_close_handle(). */
static void end_process(struct world *world, struct chooser *chooser, unsigned process, struct result *result) {
    assert(world_process(world, process)->alive);
    duplicates_abandon(world, chooser, process, result);
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++)
        if (world_thread(world, i)->state != THREAD_FREE && world_thread(world, i)->process == process)
            end_thread(world, i, result);
    request_cancel_of_process(world, process, result);
    for (unsigned row = handle_after(world, process, NO_ROW); row != NO_ROW; row = handle_after(world, process, NO_ROW))
        handle_release(world, chooser, process, world_handle(world, row)->number, result);
    reservation_drop_of_process(world, process);
    world_free(world, TABLE_PROCESSES, process);
}

void model_process_end(struct world *world, struct chooser *chooser, unsigned process, struct result *result) {
    assert(chooser != NULL);
    end_process(world, chooser, process, result);
}

void model_reboot(struct world *world) {
    for (unsigned process = 0; process < world_top(world, TABLE_PROCESSES); process++) {
        struct result unseen; /* whose memory it was is gone as well */
        result_clear(&unseen);
        if (world_process(world, process)->alive) end_process(world, NULL, process, &unseen);
    }
    wire_forget(world);
    assert(world_top(world, TABLE_HANDLES) == 0 && world_top(world, TABLE_SOCKETS) == 0);
    assert(world_top(world, TABLE_REQUESTS) == 0);
    world->network_down = world->no_buffers = world->no_handles = world->no_memory = 0;
    for (unsigned protocol = 0; protocol < PROTOCOLS_COUNT; protocol++) world->block_cursor[protocol] = 0;
    world->now_ns = 0;
    world->power = POWER_ON;
    dynamic_range_boot(world);
    port_store_boot(world, NULL);
}

void model_boot(struct world *world, struct store_findings *findings) {
    assert(world_top(world, TABLE_PROCESSES) == 0);
    port_store_boot(world, findings);
}
