/* What is owed to a program for its overlapped calls: a ledger that knows the rules and nothing of the model's rows.
 *
 * Whoever drives a model tells the ledger what was called, and what the model then did: an OVERLAPPED was written, a
 * packet was taken, a routine ran, a wait returned. The ledger answers NULL, or says what is wrong with that: it was
 * owed to no one, it came twice, to another thread, port or key, out of its turn, or without a cause; or, at the end,
 * it never came. Objects go by numbers of the driver's own.
 *
 * The rules, each from a fact that scenarios cite: one end for each request that returned 0 or WSA_IO_PENDING and none
 * for another (W26, W112); a routine to the issuing thread, else an event and, where the socket has a port when the
 * request ends (W114), a packet with that socket's key (W134), unless the low bit of hEvent (W123) or a skip mode
 * (W124) forbids it; each with the count of its request; datagrams in the order in which they came, to receives in the
 * order in which they were issued (W121); first in, first out at a port and in a thread; a packet to the thread that
 * began to wait last (T9.6.4); what a thread or a process leaves behind (W109, W110, W194), and what the last handle of
 * a process (W111). */
#ifndef RESERVOIR_STACK_IO_TESTS_OWED_H
#define RESERVOIR_STACK_IO_TESTS_OWED_H

#include <stdbool.h>
#include <stdint.h>

enum {
    OWED_SOCKETS = 8,
    OWED_PORTS = 4,
    OWED_THREADS = 6,
    OWED_PROCESSES = 2,
    OWED_EVENTS = 4,
    OWED_EVENTS_ALL = 16, /* and those that no handle names any more */
    OWED_REQUESTS = 128,  /* of one sequence, ended ones included */
    OWED_QUEUE = 160,
    OWED_NONE = 0xff,
};

/* What the transport makes of a request that no one cancels. */
enum owed_kind {
    OWED_NEVER,   /* it stays pending */
    OWED_LATER,   /* it ends in a step to come, when its time has come */
    OWED_AT_ONCE, /* it has ended before its call returns */
    OWED_RECEIVE, /* it ends when a datagram is there that no earlier one takes */
};

enum owed_state { OWED_FREE, OWED_PENDING, OWED_ENDED };

struct owed_request {
    uint8_t state; /* enum owed_state */
    uint8_t kind;  /* enum owed_kind */
    uint8_t socket, thread, process, event;
    bool event_was_set; /* before it was issued */
    bool by_routine, without_packet;
    bool refused;   /* how it ends was decided when it was issued: no cancellation changes that (T10.2) */
    bool cancelled; /* something has happened that ends it with STATUS_CANCELLED */
    uint32_t bytes; /* that it gives when it succeeds; of a receive, the room that it has */
    uint64_t due_ns;
};

/* A packet or a routine that waits to be taken. */
struct owed_notice {
    uint64_t overlapped, key;
    uint32_t error; /* that the routine is given, or that comes with the packet; 0: it tells of a success */
    uint32_t bytes;
};

/* Datagrams that wait in a socket: each is filled with its own serial number. */
struct owed_data {
    unsigned first, end;
    struct {
        uint8_t serial;
        uint32_t length;
    } datagrams[OWED_QUEUE];
};

struct owed_queue {
    unsigned first, end;
    struct owed_notice notices[OWED_QUEUE];
};

struct owed {
    struct owed_request requests[OWED_REQUESTS]; /* by the number in their OVERLAPPED's address */
    struct owed_queue packets[OWED_PORTS], routines[OWED_THREADS];
    struct {
        uint8_t port; /* OWED_NONE: none */
        bool had_port, skips_success;
        uint64_t key;
    } sockets[OWED_SOCKETS];
    struct owed_data data[OWED_SOCKETS];
    bool open_ports[OWED_PORTS];
    bool set_events[OWED_EVENTS_ALL];
    uint8_t line[OWED_PORTS][OWED_THREADS]; /* threads that wait at a port, the last to come at the end */
    unsigned line_count[OWED_PORTS];
    unsigned pending_count;
};

bool owed_is_empty(const struct owed_queue *queue);

/* Nothing is owed yet. */
void owed_begin(struct owed *owed);

enum { OWED_ADDRESS_FIRST = 0x40000, OWED_ADDRESS_STRIDE = 0x40 };

/* The address of the OVERLAPPED of the n-th request; and back: OWED_NONE + 1 or more where it is none. */
uint64_t owed_address(unsigned number);
unsigned owed_number(uint64_t address);

/* A call is being made: it stays so when it returns 0 or WSA_IO_PENDING, and is withdrawn else. Where it has reached
 * the transport, its event stays reset all the same (W126). */
void owed_issue(struct owed *owed, unsigned number, const struct owed_request *request);
void owed_withdraw(struct owed *owed, unsigned number, bool reached_transport);

/* A socket gets a port and a key; or it is gone, with its association. */
void owed_associate(struct owed *owed, unsigned socket, unsigned port, uint64_t key);
void owed_forget_socket(struct owed *owed, unsigned socket);

/* What an OVERLAPPED says. */
struct owed_end {
    uint32_t status, winsock_error, win32_error;
    bool at_once;     /* its call has not returned yet */
    uint32_t bytes;   /* that it says it gave */
    uint8_t datagram; /* of a receive: the first byte that it stored */
    uint64_t now_ns;
};

/* A request has ended so. */
const char *owed_ends(struct owed *owed, unsigned number, const struct owed_end *end);

/* What a cancellation is about: OWED_NONE for any. Returns how many pending requests it meets, all of which are to end
 * from now on. */
unsigned owed_cancel(struct owed *owed, unsigned socket, unsigned process, unsigned thread, unsigned number);

/* A process closes its last handle to a socket that another one has too: what it has issued there is to end from now
 * on where a packet alone reports it (W111). Called before. */
void owed_leave_socket(struct owed *owed, unsigned socket, unsigned process);

/* A thread or a process ends: which requests are to end now. Called before the model does so; owed_forget_thread()
 * after. */
void owed_cancel_of_thread(struct owed *owed, unsigned thread, bool process_ends);
void owed_forget_thread(struct owed *owed, unsigned thread);

/* An event has lost its last handle and goes by another number from now on: what is pending with it will set it all the
 * same, and threads that wait for it can see that. */
void owed_move_event(struct owed *owed, unsigned event, unsigned to);

/* Is there a row for what a new request may need in a world with so many routines and packets? The same for an APC, and
 * for a packet that is posted. */
bool owed_has_room(const struct owed *owed, bool by_routine, unsigned rows);

/* A datagram is on its way to a socket; how many have not been received. */
void owed_send(struct owed *owed, unsigned socket, uint8_t serial, uint32_t length);
unsigned owed_datagrams(const struct owed *owed, unsigned socket);

/* A port opens or closes; a packet is posted to it. */
void owed_open_port(struct owed *owed, unsigned port);
void owed_close_port(struct owed *owed, unsigned port);
void owed_post(struct owed *owed, unsigned port, const struct owed_notice *packet);

/* A thread has taken this packet of a port; it waited for it or did not. */
const char *owed_packet(struct owed *owed, unsigned port, unsigned thread, bool waited,
                        const struct owed_notice *packet);
void owed_wait_at(struct owed *owed, unsigned port, unsigned thread);
void owed_leave_line(struct owed *owed, unsigned port, unsigned thread);

/* Something is queued to a thread that is no request's: its number stands in `overlapped`. */
void owed_queue_apc(struct owed *owed, unsigned thread, const struct owed_notice *apc);

/* A routine, or an APC, has run in a thread. */
const char *owed_routine(struct owed *owed, unsigned thread, const struct owed_notice *routine);

/* Nothing can happen at this instant any more: has all that had to end ended, on this socket (OWED_NONE: on all)? */
const char *owed_settled(const struct owed *owed, unsigned socket, uint64_t now_ns);

/* All has been taken that is there: is anything still owed? */
const char *owed_nothing(const struct owed *owed);

#endif
