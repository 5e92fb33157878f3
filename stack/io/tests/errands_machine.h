/* The machine under the random errands (errands.h), and what all errands share: drawing, calling, picking, and seeing
 * what the model did. Whatever is wrong is noted once, the first of it; a sequence ends then.
 *
 *   errands.c          a sequence: issuing, cancelling, closing, duplicating; threads and processes that end
 *   errands_data.c     datagrams, and receives that wait for them
 *   errands_waits.c    waits for packets, events, routines, results; what is queued and set
 *   errands_seen.c     what the model did, for the ledger (owed.h)
 *   errands_machine.c  the rest of this header */
#ifndef RESERVOIR_STACK_IO_TESTS_ERRANDS_MACHINE_H
#define RESERVOIR_STACK_IO_TESTS_ERRANDS_MACHINE_H

#include "stack/call/call.h"
#include "stack/choice.h"
#include "stack/io/tests/errands_tally.h"
#include "stack/io/tests/held.h"
#include "stack/io/tests/owed.h"
#include "stack/world.h"

enum {
    PROCESSES = OWED_PROCESSES,
    THREADS_OF_ONE = 3,
    THREADS = PROCESSES * THREADS_OF_ONE,
    COLLECTOR = THREADS, /* COLLECTOR + process: the thread that takes what is left, at the end */
    EVENTS_OF_ONE = 2,
    PENDING_MAX = 6, /* of the 8 requests that a world has: one is a call that blocks, one any other call */
    QUEUED_MAX = 24,
    DATAGRAMS_MAX = 6, /* that wait to be received, of all sockets together */
    PROVIDER_DELAY_NS = 5000000,
    WORLD_BYTES = 65536,
};

/* User addresses; each thread has a page of its own for what its wait stores. */
enum {
    IN_AT = 0x1000,
    BYTES_AT = 0x2000,
    INFO_AT = 0x3000,
    OUT_AT = 0x4000,
    ROUTINE_AT = 0x5000,
    APC_AT = 0x6000,
    EVENTS_AT = 0x7000,
    NAME_AT = 0x8000,
    PAGES_AT = 0x10000,
    PAGE = 0x100,
    BUFFERS_AT = 0x60000, /* a buffer for each request that receives */
    BUFFER_STRIDE = 0x20,
};
enum { COUNT_IN_PAGE = 0, KEY_IN_PAGE = 0x10, OVERLAPPED_IN_PAGE = 0x20, FLAGS_IN_PAGE = 0x30, ENTRIES_IN_PAGE = 0x40 };

enum doing { RUNS, WAITS_AT_PORT, WAITS_FOR_ROUTINES, WAITS_FOR_EVENTS, WAITS_FOR_RESULT, BLOCKS };

/* What ends a call that blocks. */
enum released { NOT_RELEASED, SOCKET_CLOSED, SOCKET_CANCELLED, THREAD_CANCELLED };

struct errands_thread {
    enum doing doing;
    enum function function; /* that it waits in, for a result */
    unsigned object;        /* the port, the socket, or the request whose result is waited for */
    enum released released; /* what it blocks on was closed, or cancelled */
    unsigned room;          /* of a wait at a port by GetQueuedCompletionStatusEx, else 0 */
    bool alertable;         /* a wait, other than GetQueuedCompletionStatus and WSAGetOverlappedResult, is */
    unsigned count;         /* of the events of its process that it waits for */
    uint8_t waited[2];      /* which they are, in the order of the call */
    bool all;               /* it waits for both */
    uint64_t deadline_ns;   /* of a wait; UINT64_MAX: none */
    unsigned served;        /* 1 + the port that it took its last packet from; 0: none, or it was closed */
};

struct errands {
    _Alignas(8) uint8_t memory[WORLD_BYTES];
    struct world *world;
    struct profile profile;
    struct simulating_chooser chooser;
    uint64_t random;
    struct result result;
    struct owed owed;
    struct errands_thread threads[THREADS + PROCESSES];
    struct held sockets[OWED_SOCKETS], ports[OWED_PORTS];
    bool udp[OWED_SOCKETS];       /* it is bound to an address of its own on the loopback, and receives datagrams */
    uint16_t names[OWED_SOCKETS]; /* the port of that */
    uint64_t events[OWED_EVENTS]; /* the first EVENTS_OF_ONE are of process 0 */
    bool auto_reset[OWED_EVENTS_ALL];
    bool selected[OWED_SOCKETS]; /* it has a selection of network events, and blocks no one */
    bool tight;                  /* the world has hardly room for what is to be told */
    struct {
        uint64_t internal, internal_high; /* what the OVERLAPPED says, as the program that owns it could read */
    } overlapped[OWED_REQUESTS];
    unsigned requests_count, datagrams_count, names_count;
    struct errands_tally *tally;
    const char *wrong;
};

/* A number below `count`. */
unsigned errands_draw(struct errands *e, unsigned count);

void errands_note(struct errands *e, const char *wrong); /* NULL: nothing is */
void errands_note_if(struct errands *e, bool is_wrong, const char *wrong);

unsigned errands_process_of(unsigned thread);

/* --- calling --- */

struct call errands_call_of(unsigned thread, enum function function);
void errands_point(struct call *call, unsigned argument, uint64_t address, uint32_t length);
void errands_point_in(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length);

/* Makes the call; `issuing`: the request that it issues, or OWED_REQUESTS. */
uint64_t errands_make(struct errands *e, const struct call *call, unsigned issuing);

/* The same with these arguments and no memory. */
uint64_t errands_plain(struct errands *e, unsigned thread, enum function function, uint64_t first, uint64_t second,
                       uint64_t third);

/* One of the handles that a thread's process has of an object. */
uint64_t errands_handle_of(struct errands *e, const struct held *held, unsigned thread);

/* WSAIoctl on a socket, without input and output. */
struct call errands_control_of(struct errands *e, unsigned thread, unsigned socket, uint32_t code);

/* --- issuing --- */

/* May there be one request more? A tight world has room for it all the same, or refuses it. */
bool errands_may_issue(const struct errands *e);

/* Has the world a row for what one more request, APC or packet needs? */
bool errands_world_has_room(const struct errands *e, bool by_routine);

/* What does not depend on what is asked for: who asks, and how the end is to be learnt. */
struct owed_request errands_new_request(struct errands *e, unsigned thread, unsigned socket);

/* Which arguments of a function are the OVERLAPPED and the routine. */
struct errands_places {
    unsigned overlapped, routine;
};

/* Makes the call that issues a request, which is the next one. */
void errands_issue(struct errands *e, struct call *call, const struct errands_places *places,
                   const struct owed_request *request);

/* --- picking: OWED_NONE where there is none --- */

unsigned errands_pick_socket(struct errands *e, unsigned process, bool open);
unsigned errands_pick_port(struct errands *e, unsigned process);
unsigned errands_pick_thread(struct errands *e);

/* Packets that wait at all ports; rows that routines need and may need. */
unsigned errands_queued(const struct errands *e);
unsigned errands_routines_needed(const struct errands *e);

/* --- what the model did --- */

/* What was stored last at an address in this length, or NULL. */
const uint8_t *errands_written(const struct errands *e, uint64_t address, uint32_t length);

/* The place that ends a thread's wait for events now; OWED_NONE: none does. */
unsigned errands_events_there(const struct errands *e, unsigned thread);

/* Of packets that wait at a port: is there one that this thread would get? */
bool errands_packet_is_there(const struct errands *e, unsigned port, unsigned thread, bool waited);

/* Would an alertable wait of this thread end by a routine? */
bool errands_routine_is_there(const struct errands *e, unsigned thread);

/* What a call has given that has returned, at once or later (`waited`). */
void errands_see_routines(struct errands *e, unsigned thread);
void errands_see_wait(struct errands *e, unsigned thread, uint64_t value);
void errands_see_packet(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value, uint32_t error);
void errands_see_packets(struct errands *e, unsigned port, unsigned thread, bool waited, uint64_t value,
                         uint32_t error);
void errands_see_overlapped_result(struct errands *e, unsigned thread, bool waited, uint64_t value, uint32_t error);
void errands_see_result(struct errands *e, unsigned issuing);

/* Lets the model do what it can at this instant, in an order that is drawn, and looks whether all that had to happen
 * has happened. */
void errands_settle(struct errands *e);

/* --- errands: each by a thread that runs --- */

void errands_receive(struct errands *e, unsigned thread);
void errands_send_datagram(struct errands *e, unsigned thread);
void errands_select_event(struct errands *e, unsigned thread);

/* Gives a new UDP socket an address of its own. */
void errands_bind(struct errands *e, unsigned thread, unsigned socket);

/* Takes a packet; where there is none, waits for so long or not. True when it took one. */
bool errands_take(struct errands *e, unsigned thread, unsigned port, uint32_t milliseconds);
void errands_take_packet(struct errands *e, unsigned thread);
void errands_take_several(struct errands *e, unsigned thread);
void errands_sleep(struct errands *e, unsigned thread, uint32_t milliseconds, bool alertable);
void errands_sleep_a_while(struct errands *e, unsigned thread);
void errands_wait_for_events(struct errands *e, unsigned thread);
void errands_wait_for_result(struct errands *e, unsigned thread);
void errands_ask_beside_other(struct errands *e, unsigned thread);
void errands_set_event(struct errands *e, unsigned thread, unsigned event);
void errands_set_some_event(struct errands *e, unsigned thread);
void errands_reset_some_event(struct errands *e, unsigned thread);
void errands_replace_event(struct errands *e, unsigned thread);
void errands_queue_apc(struct errands *e, unsigned thread);
void errands_cancel_synchronous(struct errands *e, unsigned thread);

#endif
