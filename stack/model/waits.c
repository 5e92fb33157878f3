#include "stack/model/waits.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/errors.h"
#include "stack/io/event_waits.h"
#include "stack/io/events.h"
#include "stack/io/handle_events.h"
#include "stack/io/requests.h"
#include "stack/model/completion_calls.h"
#include "stack/model/overlapped_result.h"
#include "stack/model/park.h"
#include "stack/model/readiness_calls.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/handles.h"
#include "stack/transport/transfers.h"

/* The event that a handle stands for in a wait: an event, or a socket whose state is known; or NO_ROW. */
static unsigned event_of_handle(const struct context *context, uint64_t number) {
    unsigned event = handle_find(context->world, context->process, HANDLE_EVENT, number);
    unsigned socket = handle_find(context->world, context->process, HANDLE_SOCKET, number);
    return socket == NO_ROW ? event : handle_event_of(context->world, socket);
}

/* Files, threads and other sockets can be waited for on Windows: what signals them is not modelled, and no answer is
 * given. */
static bool is_waitable_elsewhere(const struct context *context, uint64_t number) {
    enum handle_kind kind = handle_kind_of(context->world, context->process, number);
    return kind != HANDLE_EVENT && kind != HANDLE_FREE;
}

/* What a call waits for, and how. */
struct event_set {
    uint16_t events[MAXIMUM_WAIT_OBJECTS];
    unsigned count;
    bool all;
    bool alertable;
    uint32_t milliseconds;
};

static bool has_copies(const struct event_set *set) {
    for (unsigned i = 0; i < set->count; i++)
        for (unsigned j = 0; j < i; j++)
            if (set->events[i] == set->events[j]) return true;
    return false;
}

static void park(struct context *context, const struct event_set *set) {
    struct wait wait = { .awaited = set->all ? AWAITED_ALL_OF : AWAITED_ONE_OF,
                         .object = NO_ROW,
                         .alertable = set->alertable };
    bool single = set->count == 1;
    if (single) wait.awaited = AWAITED_EVENT;
    if (single) wait.object = set->events[0];
    if (!single && !event_wait_has_room(context->world, set->count)) {
        fail(context, WAIT_FAILED, ERROR_NOT_ENOUGH_MEMORY);
        return;
    }
    bool parked = wait_park(context, &wait, set->milliseconds);
    for (unsigned i = 0; parked && !single && i < set->count; i++)
        event_wait_add(context->world, context->thread, set->events[i]);
}

static void wait_for_events(struct context *context, const struct event_set *set) {
    unsigned place = events_come(context->world, set->events, set->count, set->all);
    if (place != NO_ROW) {
        events_take(context->world, set->events, set->count, set->all, place);
        succeed(context, WAIT_OBJECT_0 + place);
    } else if (set->alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        succeed(context, WAIT_IO_COMPLETION);
    } else if (set->milliseconds == 0) {
        succeed(context, WAIT_TIMEOUT);
    } else {
        park(context, set);
    }
}

/* --- one event ---------------------------------------------------------------------------------------------------- */

static void wait_for_object(struct context *context, uint64_t number, uint32_t milliseconds, bool alertable) {
    unsigned event = event_of_handle(context, number);
    if (event == NO_ROW && is_waitable_elsewhere(context, number)) {
        not_modelled(context, not_modelled_function(context->call->function));
    } else if (event == NO_ROW) {
        fail(context, WAIT_FAILED, ERROR_INVALID_HANDLE);
    } else {
        wait_for_events(context, &(struct event_set){ .events = { (uint16_t)event },
                                                      .count = 1,
                                                      .alertable = alertable,
                                                      .milliseconds = milliseconds });
    }
}

/* WAIT_FAILED with ERROR_INVALID_HANDLE; WAIT_TIMEOUT; blocks. */
void call_WaitForSingleObject(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    wait_for_object(context, arguments[WaitForSingleObject_hHandle],
                    (uint32_t)arguments[WaitForSingleObject_dwMilliseconds], false);
}

/* The same, and WAIT_IO_COMPLETION when routines ran. */
void call_WaitForSingleObjectEx(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    wait_for_object(context, arguments[WaitForSingleObjectEx_hHandle],
                    (uint32_t)arguments[WaitForSingleObjectEx_dwMilliseconds],
                    arguments[WaitForSingleObjectEx_bAlertable] != 0);
}

/* --- several events ----------------------------------------------------------------------------------------------- */

/* Finds the events of the array. False where one of its handles names none; *elsewhere: one names what the model knows
 * and cannot wait for. */
static bool find_events(const struct context *context, const uint8_t *handles, struct event_set *set, bool *elsewhere) {
    bool found = true;
    for (unsigned i = 0; i < set->count; i++) {
        uint64_t number = load_u64(handles + i * POINTER_SIZE);
        unsigned event = event_of_handle(context, number);
        set->events[i] = (uint16_t)event;
        *elsewhere = *elsewhere || (event == NO_ROW && is_waitable_elsewhere(context, number));
        found = found && event != NO_ROW;
    }
    return found;
}

/* Copies are refused where all are waited for (T9.9.5); where one is, Q134. */
static bool refuses_copies(struct context *context, const struct event_set *set) {
    if (!has_copies(set)) return false;
    return set->all || reading(context, Q134_HANDLE_TWICE) == Q134_REFUSED;
}

/* The four functions have the same first four parameters. The numbers of the errors are those of Winsock, too. What
 * becomes of an array that is not there no source tells. */
static void wait_for_several(struct context *context, bool alertable, uint32_t gate_error) {
    const struct call *call = context->call;
    const uint64_t *arguments = call->arguments;
    uint32_t count = (uint32_t)arguments[WaitForMultipleObjectsEx_nCount];
    bool counted = count > 0 && count <= MAXIMUM_WAIT_OBJECTS, elsewhere = false;
    struct event_set set = { .count = counted ? count : 0,
                             .all = arguments[WaitForMultipleObjectsEx_bWaitAll] != 0,
                             .alertable = alertable,
                             .milliseconds = (uint32_t)arguments[WaitForMultipleObjectsEx_dwMilliseconds] };
    const uint8_t *handles = call_read(call, WaitForMultipleObjectsEx_lpHandles, set.count * POINTER_SIZE);
    bool there = handles != NULL || !counted;
    bool found = !there || !counted || find_events(context, handles, &set, &elsewhere);
    struct violations violations = { 0 };
    violate_if(&violations, gate_error != 0, gate_error);
    violate_if(&violations, !counted, ERROR_INVALID_PARAMETER);
    violate_if(&violations, !found && !elsewhere, ERROR_INVALID_HANDLE);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0 && (!there || elsewhere)) {
        not_modelled(context, not_modelled_function(call->function));
        return;
    }
    if (error == 0 && refuses_copies(context, &set)) error = ERROR_INVALID_PARAMETER;
    if (error != 0) fail(context, WAIT_FAILED, error);
    else wait_for_events(context, &set);
}

/* ERROR_INVALID_PARAMETER for no handles or more than 64 (T9.9.1), for one object twice; ERROR_INVALID_HANDLE. The
 * place of what is set, the lowest (T9.9.2); all, and 0 (T9.9.3); WAIT_TIMEOUT; blocks. */
void call_WaitForMultipleObjects(struct context *context) { wait_for_several(context, false, 0); }

/* The same, and WAIT_IO_COMPLETION when routines ran (T9.9.4). */
void call_WaitForMultipleObjectsEx(struct context *context) {
    wait_for_several(context, context->call->arguments[WaitForMultipleObjectsEx_bAlertable] != 0, 0);
}

/* The same with Winsock's errors: WSANOTINITIALISED, WSAENETDOWN, WSA_INVALID_HANDLE, WSA_INVALID_PARAMETER
 * (T9.9.6). */
void call_WSAWaitForMultipleEvents(struct context *context) {
    uint32_t gate = !winsock_started(context) ? WSANOTINITIALISED : context->world->network_down ? WSAENETDOWN : 0;
    wait_for_several(context, context->call->arguments[WSAWaitForMultipleEvents_fAlertable] != 0, gate);
}

/* --- nothing but time and routines -------------------------------------------------------------------------------- */

/* WAIT_IO_COMPLETION when routines ran; blocks. */
void call_SleepEx(struct context *context) {
    uint32_t milliseconds = (uint32_t)context->call->arguments[SleepEx_dwMilliseconds];
    bool alertable = context->call->arguments[SleepEx_bAlertable] != 0;
    if (alertable && routine_is_queued(context->world, context->thread)) {
        routine_deliver_all(context->world, context->thread, context->result);
        succeed(context, WAIT_IO_COMPLETION);
    } else if (milliseconds == 0) {
        succeed(context, 0);
    } else {
        (void)wait_park(context, &(struct wait){ .object = NO_ROW, .alertable = alertable }, milliseconds);
    }
}

/* --- the end of a wait -------------------------------------------------------------------------------------------- */

/* What a parked thread waits for when it is events. */
static void list_events(const struct world *world, unsigned thread, struct event_set *set) {
    const struct thread *row = world_thread_at(world, thread);
    set->all = row->awaited == AWAITED_ALL_OF;
    set->events[0] = row->object;
    set->count = row->awaited == AWAITED_EVENT ? 1 : event_wait_list(world, thread, set->events);
}

static unsigned place_come(const struct world *world, unsigned thread) {
    struct event_set set;
    list_events(world, thread, &set);
    return set.count == 0 ? (unsigned)NO_ROW : events_come(world, set.events, set.count, set.all);
}

/* Has come what the thread waits for, apart from time and routines? */
static bool has_come(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    switch ((enum awaited)row->awaited) {
    case AWAITED_EVENT: return world_event_at(world, row->object)->set;
    case AWAITED_ONE_OF:
    case AWAITED_ALL_OF: return place_come(world, thread) != NO_ROW;
    case AWAITED_PORT: return world_completion_port_at(world, row->object)->closed || packet_has_come(world, thread);
    case AWAITED_RESULT: return true;
    case AWAITED_SOCKETS: return readiness_has_come(world, thread);
    case AWAITED_REQUEST: return result_wait_ends_by_event(world, thread);
    case AWAITED_NOTHING: break;
    }
    return false;
}

bool wait_is_over(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    if (row->state != THREAD_WAITING) return false;
    if (row->deadline_ns <= world->now_ns || has_come(world, thread)) return true;
    return row->alertable && routine_is_queued(world, thread);
}

/* A wait of Windows' own kind: for events, or for nothing. */
static void finish_wait(struct world *world, unsigned thread, struct result *result) {
    struct thread row = *world_thread(world, thread);
    struct result_return back = { .thread = (uint16_t)thread, .status = RESULT_RETURNED, .error = ERROR_UNTOUCHED };
    struct event_set set = { .count = 0 };
    if (row.awaited != AWAITED_NOTHING) list_events(world, thread, &set);
    unsigned place = set.count == 0 ? (unsigned)NO_ROW : events_come(world, set.events, set.count, set.all);
    if (row.alertable && routine_is_queued(world, thread)) {
        routine_deliver_all(world, thread, result);
        back.value = WAIT_IO_COMPLETION;
    } else if (place != NO_ROW) {
        events_take(world, set.events, set.count, set.all, place);
        back.value = WAIT_OBJECT_0 + place;
    } else {
        back.value = row.function == FUNCTION_SleepEx ? 0 : WAIT_TIMEOUT;
    }
    thread_resume(world, thread);
    if (row.awaited == AWAITED_EVENT) event_release(world, row.object);
    event_wait_end(world, thread);
    result_return(result, &back);
}

void wait_finish(struct context *context, unsigned thread) {
    assert(wait_is_over(context->world, thread));
    const struct thread *row = world_thread(context->world, thread);
    switch ((enum awaited)row->awaited) {
    case AWAITED_NOTHING:
        if (row->request != NO_ROW) transfer_time_out(context, row->request);
        else finish_wait(context->world, thread, context->result);
        break;
    case AWAITED_PORT: packet_wait_finish(context, thread); break;
    case AWAITED_REQUEST:
    case AWAITED_RESULT: result_wait_finish(context, thread); break;
    case AWAITED_SOCKETS: readiness_wait_finish(context, thread); break;
    default: finish_wait(context->world, thread, context->result); break;
    }
}
