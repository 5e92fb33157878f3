#include "stack/errors.h"
#include "stack/io/tests/errands_machine.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/wait_values.h"

const uint8_t *errands_written(const struct errands *e, uint64_t address, uint32_t length) {
    for (unsigned i = e->result.writes_count; i-- > 0;) {
        const struct result_write *write = &e->result.writes[i];
        if (write->address == address && write->length == length) return e->result.bytes + write->bytes_offset;
    }
    return NULL;
}

/* Threads that wait for the result of a request learn of it: one of them takes its event, where that resets itself. */
static void tell_waiting(struct errands *e, unsigned number) {
    unsigned event = e->owed.requests[number].event;
    for (unsigned i = 0; i < THREADS; i++) {
        bool waits = e->threads[i].doing == WAITS_FOR_RESULT && e->threads[i].object == number;
        if (waits && event != OWED_NONE && e->auto_reset[event]) e->owed.set_events[event] = false;
    }
}

static void see_end(struct errands *e, unsigned number, bool at_once, const uint8_t *internal) {
    uint32_t status = (uint32_t)load_u64(internal), bytes = (uint32_t)load_u64(internal + 8);
    const uint8_t *data = errands_written(e, BUFFERS_AT + (uint64_t)number * BUFFER_STRIDE, bytes);
    const struct owed_end end = { .status = status,
                                  .winsock_error = winsock_error_of_status(status),
                                  .win32_error = win32_error_of_status(status),
                                  .at_once = at_once,
                                  .bytes = bytes,
                                  .datagram = data == NULL ? 0 : data[0],
                                  .now_ns = e->world->now_ns };
    errands_note(e, owed_ends(&e->owed, number, &end));
    e->overlapped[number].internal = load_u64(internal);
    e->overlapped[number].internal_high = load_u64(internal + 8);
    tell_waiting(e, number);
}

/* Requests that have ended say so in their OVERLAPPED: status and count together. */
static void see_ends(struct errands *e, unsigned issuing) {
    for (unsigned i = 0; i < e->result.writes_count; i++) {
        const struct result_write *write = &e->result.writes[i];
        const uint8_t *stored = e->result.bytes + write->bytes_offset;
        unsigned number = owed_number(write->address);
        if (number >= OWED_REQUESTS) continue;
        if (write->length == 16) see_end(e, number, number == issuing, stored);
        else if (write->length == 8) e->overlapped[number].internal = load_u64(stored);
    }
}

void errands_see_routines(struct errands *e, unsigned thread) {
    for (unsigned i = 0; i < e->result.routines_count; i++) {
        const struct result_routine *ran = &e->result.routines[i];
        bool is_apc = ran->kind == RAN_APC;
        errands_note_if(e, is_apc != (ran->routine == APC_AT), "an APC ran as a routine, or the reverse");
        const struct owed_notice routine = { .overlapped = ran->overlapped,
                                             .error = ran->error,
                                             .bytes = is_apc ? 0 : ran->bytes };
        errands_note(e, owed_routine(&e->owed, thread, &routine));
        e->tally->routines++;
    }
    const struct owed_queue *left = &e->owed.routines[thread];
    errands_note_if(e, left->first != left->end, "an alertable wait has left a routine");
}

static bool is_set(const struct errands *e, unsigned thread, unsigned place) {
    return e->owed.set_events[e->threads[thread].waited[place]];
}

unsigned errands_events_there(const struct errands *e, unsigned thread) {
    bool first = is_set(e, thread, 0), second = is_set(e, thread, 1);
    if (e->threads[thread].count == 1) return first ? 0 : (unsigned)OWED_NONE;
    if (e->threads[thread].all) return first && second ? 0 : (unsigned)OWED_NONE;
    return first ? 0 : second ? 1 : (unsigned)OWED_NONE;
}

static void take_event(struct errands *e, unsigned thread, unsigned place) {
    unsigned event = e->threads[thread].waited[place];
    if (e->auto_reset[event]) e->owed.set_events[event] = false;
}

bool errands_routine_is_there(const struct errands *e, unsigned thread) {
    return e->threads[thread].alertable && !owed_is_empty(&e->owed.routines[thread]);
}

static bool time_is_over(const struct errands *e, unsigned thread) {
    return e->threads[thread].deadline_ns <= e->world->now_ns;
}

/* Routines ran in a wait, or did not: does it say so? */
static void see_whether_routines_ran(struct errands *e, unsigned thread, bool ran) {
    errands_note_if(e, ran != (e->result.routines_count > 0),
                    "a wait says that routines ran which did not, or the reverse");
    errands_note_if(e, ran && !e->threads[thread].alertable, "a routine ran in a wait that is not alertable");
    if (ran) errands_see_routines(e, thread);
}

void errands_see_wait(struct errands *e, unsigned thread, uint64_t value) {
    unsigned place = errands_events_there(e, thread);
    bool ran = value == WAIT_IO_COMPLETION;
    see_whether_routines_ran(e, thread, ran);
    if (ran) return;
    e->tally->event_waits++;
    if (value == WAIT_TIMEOUT) {
        bool comes = place != OWED_NONE || errands_routine_is_there(e, thread);
        errands_note_if(e, comes || !time_is_over(e, thread), "a wait is over too early");
        return;
    }
    errands_note_if(e, value != WAIT_OBJECT_0 + place, "a wait ended by events that are not set, or by another place");
    for (unsigned i = 0; i < e->threads[thread].count; i++)
        if (e->threads[thread].all || i == place) take_event(e, thread, i);
}

/* How a wait for nothing but time and routines has ended. */
static void see_sleep(struct errands *e, unsigned thread, uint64_t value) {
    bool ran = value == WAIT_IO_COMPLETION, comes = errands_routine_is_there(e, thread);
    see_whether_routines_ran(e, thread, ran);
    errands_note_if(e, !ran && (value != 0 || comes || !time_is_over(e, thread)), "a wait is over too early");
}

/* What an ended request says to whoever asks for its result: the count, unless it has failed. */
static void see_ended_result(struct errands *e, unsigned thread, uint64_t value, uint32_t error) {
    const struct errands_thread *asking = &e->threads[thread];
    bool winsock = asking->function == FUNCTION_WSAGetOverlappedResult;
    uint32_t status = (uint32_t)e->overlapped[asking->object].internal;
    uint32_t expected = winsock ? winsock_error_of_status(status) : win32_error_of_status(status);
    const uint8_t *count = errands_written(e, PAGES_AT + (uint64_t)thread * PAGE + COUNT_IN_PAGE, 4);
    errands_note_if(e, value != (expected == 0), "the result of a failure is a success, or the reverse");
    errands_note_if(e, expected != 0 && (error != expected || count != NULL),
                    "the result of a request is another one's");
    errands_note_if(e,
                    expected == 0 && (count == NULL || load_u32(count) != e->overlapped[asking->object].internal_high),
                    "the result of a request has another count");
}

/* The result of a request that pends, as its event is set (W72, and question 149): the count is what InternalHigh
 * has. */
static void see_result_by_event(struct errands *e, unsigned thread) {
    const struct errands_thread *asking = &e->threads[thread];
    const uint8_t *count = errands_written(e, PAGES_AT + (uint64_t)thread * PAGE + COUNT_IN_PAGE, 4);
    unsigned event = e->owed.requests[asking->object].event;
    errands_note_if(e, event == OWED_NONE || !e->owed.set_events[event], "the result of a request came before its end");
    errands_note_if(e, count == NULL || load_u32(count) != e->overlapped[asking->object].internal_high,
                    "the result of a request has another count");
    if (event != OWED_NONE && e->auto_reset[event]) e->owed.set_events[event] = false;
}

/* Would its event end a wait for this request? */
static bool ends_by_event(const struct errands *e, const struct errands_thread *asking) {
    unsigned event = e->owed.requests[asking->object].event;
    if (event == OWED_NONE || !e->owed.set_events[event]) return false;
    return asking->function == FUNCTION_WSAGetOverlappedResult ||
           !world_remembers(e->world, Q149_EVENT_BEFORE_END, Q149_WAITS);
}

void errands_see_overlapped_result(struct errands *e, unsigned thread, bool waited, uint64_t value, uint32_t error) {
    const struct errands_thread *asking = &e->threads[thread];
    bool pending = e->owed.requests[asking->object].state == OWED_PENDING;
    bool ran = value == FALSE && error == WAIT_IO_COMPLETION;
    see_whether_routines_ran(e, thread, ran);
    errands_note_if(e, ran && !pending, "a routine ran in a wait for a result that is there");
    if (ran) return;
    e->tally->results++;
    if (pending && value != FALSE) {
        see_result_by_event(e, thread);
        return;
    }
    if (!pending) {
        see_ended_result(e, thread, value, error);
        return;
    }
    bool early = waited && (errands_routine_is_there(e, thread) || !time_is_over(e, thread));
    errands_note_if(e, value != FALSE || error != (waited ? WAIT_TIMEOUT : ERROR_IO_INCOMPLETE),
                    "the result of a request came before its end");
    errands_note_if(e, early, "a wait is over too early");
}

void errands_see_packet(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value,
                        uint32_t error) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    const uint8_t *overlapped = errands_written(e, page + OVERLAPPED_IN_PAGE, 8);
    const uint8_t *key = errands_written(e, page + KEY_IN_PAGE, 8), *count = errands_written(e, page, 4);
    if (key == NULL) {
        bool closed = error == ERROR_ABANDONED_WAIT_0;
        errands_note_if(e, value != FALSE || overlapped == NULL || load_u64(overlapped) != 0,
                        "nothing was taken, and not said");
        errands_note_if(e, closed && e->owed.open_ports[port], "a wait ended for a port that is not closed");
        errands_note_if(e, errands_packet_is_there(e, port, thread, waited), "a packet that waits was not given");
        errands_note_if(e, waited && !closed && !time_is_over(e, thread), "a wait is over too early");
        if (waited) owed_leave_line(&e->owed, port, thread);
        return;
    }
    struct owed_notice packet = { .key = load_u64(key), .error = value != FALSE ? 0 : error };
    packet.overlapped = overlapped == NULL ? 0 : load_u64(overlapped);
    packet.bytes = count == NULL ? 0 : load_u32(count);
    errands_note(e, owed_packet(&e->owed, port, thread, waited, &packet));
    e->threads[thread].served = port + 1;
    e->tally->packets++;
}

/* Does a thread with a routine take a packet before it? Question 127. */
static bool packet_comes_first(const struct errands *e, unsigned port, unsigned thread) {
    return world_remembers(e->world, Q127_PACKET_OR_ROUTINE, Q127_PACKET) || e->threads[thread].served == port + 1;
}

/* Is there a packet that this thread would get: of those that wait it is the last in line, or it has just come? */
bool errands_packet_is_there(const struct errands *e, unsigned port, unsigned thread, bool waited) {
    unsigned count = e->owed.line_count[port];
    bool is_its = !waited || (count > 0 && e->owed.line[port][count - 1] == thread);
    return e->owed.open_ports[port] && !owed_is_empty(&e->owed.packets[port]) && is_its;
}

/* Nothing was taken. */
static void see_no_packets(struct errands *e, unsigned port, unsigned thread, bool waited, uint32_t error) {
    bool ran = error == WAIT_IO_COMPLETION, there = errands_packet_is_there(e, port, thread, waited);
    bool closed = error == ERROR_ABANDONED_WAIT_0;
    errands_note_if(e, ran && there && packet_comes_first(e, port, thread),
                    "a routine ran before a packet that comes first");
    errands_note_if(e, closed && e->owed.open_ports[port], "a wait ended for a port that is not closed");
    errands_note_if(e, !ran && there, "a packet that waits was not given");
    errands_note_if(e, waited && !ran && !closed && !time_is_over(e, thread), "a wait is over too early");
    see_whether_routines_ran(e, thread, ran);
    if (waited) owed_leave_line(&e->owed, port, thread);
}

void errands_see_packets(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value,
                         uint32_t error) {
    const uint64_t page = PAGES_AT + (uint64_t)thread * PAGE;
    const uint8_t *removed = errands_written(e, page + COUNT_IN_PAGE, 4);
    if (value == FALSE) {
        see_no_packets(e, port, thread, waited, error);
        return;
    }
    uint32_t count = removed == NULL ? 0 : load_u32(removed);
    const uint8_t *entries = errands_written(e, page + ENTRIES_IN_PAGE, count * OVERLAPPED_ENTRY_SIZE);
    errands_note_if(e, count == 0 || entries == NULL || count > e->threads[thread].room,
                    "packets were taken, and not said which");
    bool routine = errands_routine_is_there(e, thread);
    errands_note_if(e, routine && !packet_comes_first(e, port, thread),
                    "a packet came before a routine that comes first");
    errands_note_if(e, e->result.routines_count > 0, "routines ran, and packets were taken");
    for (uint32_t i = 0; entries != NULL && i < count && e->wrong == NULL; i++) {
        const uint8_t *entry = entries + i * OVERLAPPED_ENTRY_SIZE;
        const struct owed_notice packet = { .overlapped = load_u64(entry + ENTRY_OVERLAPPED),
                                            .key = load_u64(entry + ENTRY_KEY),
                                            .error = win32_error_of_status(load_u32(entry + ENTRY_INTERNAL)),
                                            .bytes = load_u32(entry + ENTRY_BYTES) };
        errands_note(e, owed_packet(&e->owed, port, thread, waited && i == 0, &packet));
        e->tally->packets++;
    }
    errands_note_if(e, count < e->threads[thread].room && !owed_is_empty(&e->owed.packets[port]),
                    "a packet that fits was left");
    e->threads[thread].served = port + 1;
}

/* What a blocked call that was ended has to fail with, by the readings that are answered by then. */
static uint32_t error_of_released(const struct errands *e, enum released released) {
    static const struct {
        enum question asked;
        unsigned candidate;
        uint32_t error;
        enum released released;
    } known[] = {
        { Q106_CLOSED_MEANWHILE, Q106_INTR, WSAEINTR, SOCKET_CLOSED },
        { Q106_CLOSED_MEANWHILE, Q106_OPERATION_ABORTED, WSA_OPERATION_ABORTED, SOCKET_CLOSED },
        { Q106_CLOSED_MEANWHILE, Q106_NOTSOCK, WSAENOTSOCK, SOCKET_CLOSED },
        { Q107_CANCELLED_MEANWHILE, Q107_INTR, WSAEINTR, SOCKET_CANCELLED },
        { Q107_CANCELLED_MEANWHILE, Q107_OPERATION_ABORTED, WSA_OPERATION_ABORTED, SOCKET_CANCELLED },
        { Q129_CANCEL_SYNCHRONOUS, Q129_INTR, WSAEINTR, THREAD_CANCELLED },
        { Q129_CANCEL_SYNCHRONOUS, Q129_OPERATION_ABORTED, WSA_OPERATION_ABORTED, THREAD_CANCELLED },
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].released == released && world_remembers(e->world, known[i].asked, known[i].candidate))
            return known[i].error;
    return 0;
}

static void see_released(struct errands *e, unsigned thread, uint64_t value, uint32_t error) {
    enum released released = e->threads[thread].released;
    errands_note_if(e, released == NOT_RELEASED, "a call that blocks has returned for no cause");
    errands_note_if(e, value != UINT64_MAX, "a call was cancelled and has succeeded");
    errands_note_if(e, error != error_of_released(e, released), "a call was ended with another error");
}

static void see_return(struct errands *e, const struct result_return *back) {
    unsigned thread = back->thread, port = e->threads[thread].object;
    enum doing doing = e->threads[thread].doing;
    e->threads[thread].doing = RUNS;
    switch (doing) {
    case WAITS_AT_PORT:
        if (e->threads[thread].room > 0) errands_see_packets(e, port, thread, true, back->value, back->error);
        else errands_see_packet(e, port, thread, true, back->value, back->error);
        break;
    case WAITS_FOR_ROUTINES: see_sleep(e, thread, back->value); break;
    case WAITS_FOR_EVENTS: errands_see_wait(e, thread, back->value); break;
    case WAITS_FOR_RESULT: errands_see_overlapped_result(e, thread, true, back->value, back->error); break;
    case BLOCKS: see_released(e, thread, back->value, back->error); break;
    case RUNS: errands_note(e, "a thread has returned that was in no call"); break;
    }
}

/* Routines ran inside a call that blocks, which has not returned. */
static void see_inside(struct errands *e) {
    if (e->result.routines_count == 0) return;
    unsigned thread = e->result.routines[0].thread;
    if (e->threads[thread].doing == BLOCKS) errands_see_routines(e, thread);
}

void errands_see_result(struct errands *e, unsigned issuing) {
    see_ends(e, issuing);
    for (unsigned i = 0; i < e->result.returns_count; i++) see_return(e, &e->result.returns[i]);
    see_inside(e);
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

static void look_at_thread(struct errands *e, unsigned thread) {
    const struct errands_thread *row = &e->threads[thread];
    if (row->doing == RUNS) return;
    errands_note_if(e, row->doing == BLOCKS && row->released != NOT_RELEASED, "a call that was ended has not returned");
    errands_note_if(e, row->doing == BLOCKS && !owed_is_empty(&e->owed.routines[thread]),
                    "a routine waits for a thread that blocks in a call of Winsock");
    if (row->doing == BLOCKS) return;
    errands_note_if(e, errands_routine_is_there(e, thread), "a routine and its thread wait for each other");
    errands_note_if(e, time_is_over(e, thread), "a wait has outlived its time");
    errands_note_if(e, row->doing == WAITS_FOR_EVENTS && errands_events_there(e, thread) != OWED_NONE,
                    "a thread waits for events that are set");
    errands_note_if(e, row->doing == WAITS_FOR_RESULT && e->owed.requests[row->object].state == OWED_ENDED,
                    "a thread waits for a result that is there");
    errands_note_if(e, row->doing == WAITS_FOR_RESULT && ends_by_event(e, row),
                    "a thread waits for a result whose event is set");
}

/* When the next thing happens by itself. */
static void look_at_time(struct errands *e) {
    uint64_t next_ns = UINT64_MAX, said_ns = model_next_timeout(e->world);
    for (unsigned i = 0; i < THREADS; i++) {
        bool waits = e->threads[i].doing != RUNS && e->threads[i].doing != BLOCKS;
        if (waits && e->threads[i].deadline_ns < next_ns) next_ns = e->threads[i].deadline_ns;
    }
    for (unsigned i = 0; i < e->requests_count; i++) {
        const struct owed_request *request = &e->owed.requests[i];
        bool due = request->state == OWED_PENDING && request->kind == OWED_LATER;
        if (due && request->due_ns < next_ns) next_ns = request->due_ns;
    }
    if (next_ns != UINT64_MAX) next_ns -= e->world->now_ns;
    errands_note_if(e, said_ns != next_ns, "the model waits for something else than the first that is due");
}

/* What holds when nothing can happen at this instant. */
static void look(struct errands *e) {
    errands_note(e, owed_settled(&e->owed, OWED_NONE, e->world->now_ns));
    for (unsigned i = 0; i < OWED_PORTS; i++) {
        bool waits = e->owed.open_ports[i] && !owed_is_empty(&e->owed.packets[i]) && e->owed.line_count[i] > 0;
        errands_note_if(e, waits, "a packet and a thread wait at one port");
    }
    for (unsigned i = 0; i < THREADS; i++) look_at_thread(e, i);
    for (unsigned i = 0; i < OWED_EVENTS; i++) {
        int state = model_event_state(e->world, i / EVENTS_OF_ONE, e->events[i]);
        errands_note_if(e, state != e->owed.set_events[i], "an event is set that should not be, or the reverse");
    }
    look_at_time(e);
    errands_note(e, model_check(e->world));
}

void errands_settle(struct errands *e) {
    while (e->wrong == NULL && model_steps_enabled(e->world) > 0) {
        result_clear(&e->result);
        model_step(e->world, &e->chooser.chooser, &e->result);
        errands_see_result(e, OWED_REQUESTS);
    }
    if (e->wrong == NULL) look(e);
}
