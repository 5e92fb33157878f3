/* The session: script values and live values side by side.
 *
 * A scenario names things (s, r, r.Token, p+1); a host answers with numbers. The session knows which number each name
 * has, builds the call record of a step from names, and turns the result record into an observation. It is plain data
 * without pointers: an assignment clones it, and session_copy() does so copying only names and memory in use, which is
 * how the judge tries several worlds.
 *
 * All observations hold raw live values (the port 50123, the token 0x7f...). Printing makes them symbolic again (r, t1)
 * and lists the raw values after `#~`; reading an answer resolves them back.
 *
 *   session.h            the state: which value each name has
 *   observation.h        what was seen of a step
 *   session_addresses.h  user addresses: which one belongs to which argument, output or object
 *   session_evaluate.h   the value of an expression
 *   session_refer.h      what a step refers to
 *   session_objects.h    overlapped(), buffer(), and what `show` looks at
 *   session_prepare.h    a step becomes a call record
 *   session_observe.h    a result record becomes an observation
 *   session_bind.h       names get the values that were observed
 *   session_print.h      an observation becomes text
 *   session_read.h       that text becomes the observation again
 *   session_packet.h     packets that lines speak of, and their bytes
 *   session_match.h      an observation against what a scenario asserts */
#ifndef RESERVOIR_CONFORMANCE_SESSION_H
#define RESERVOIR_CONFORMANCE_SESSION_H

#include "conformance/session/observation.h"

enum {
    SESSION_MEMORY_MAX = 4096, /* all images together; a buffer that does not fit gets what is left */
    SESSION_TOKENS_MAX = 32,
    SESSION_LATE_MAX = 8,
    LATE_BYTES_MAX = RESULT_ROUTINES_MAX * OVERLAPPED_ENTRY_SIZE, /* the longest that is stored late: packets */
};

/* What may be relied upon of a name's value, by its state:
 *
 *   absent    nothing: a step that needs the name is not sent. Only a name of ports is never absent
 *   produced  every field that its kind has; of a socket the port once it is not 0
 *   stale     the number, so that a scenario can use a handle that was closed; the rest as it was last
 *   past      the number, which a new process may have by chance; the rest as it was last
 *
 *   absent --session_begin (ports), session_declare (objects), session_bind--> produced
 *   produced --session_bind of a successful close--> stale
 *   produced, stale --session_note_event: its process ended, or the machine restarted--> past     (handles only) */
enum live_state {
    LIVE_ABSENT,
    LIVE_PRODUCED,
    LIVE_STALE,
    LIVE_PAST,
};

/* live_value.unprinted: what the next printed line still has to report after `#~`. */
enum unprinted {
    UNPRINTED_NOTHING,
    UNPRINTED_PORT,
    UNPRINTED_LATE /* bound by a late write: no observable has shown it */
};

struct live_value {
    uint8_t state;       /* enum live_state */
    uint8_t unprinted;   /* enum unprinted */
    uint8_t passed;      /* OVERLAPPED: a call had it, so its contents are no longer fresh */
    uint8_t skew;        /* OUTPUT: the buffer starts so many bytes into its page */
    uint16_t port_first; /* PORTS, ACQUIRE output, bound socket, PACKET: host order; 0 unknown */
    uint16_t ports_count;
    uint64_t number;        /* handle; token; value; user address of an overlapped or a buffer; PACKET: ack, then seq */
    uint16_t memory_offset; /* OVERLAPPED, BUFFER, OUTPUT, PROTOCOL_INFO: image in session.memory */
    uint16_t memory_length;
    uint8_t transport;   /* PORTS, SOCKET, OUTPUT, PROTOCOL_INFO: enum transport; 0 unknown */
    uint8_t has_address; /* BUFFER: a call was given it to store an address in, which `show` then reads */
    uint16_t shown;      /* BUFFER: `show` looks at so many of its bytes; what follows is opaque */
    uint8_t address[16]; /* ADDRESS */
};

/* Memory of a parked call that was written before the call returned: kept until its `returns`. */
struct late_write {
    uint64_t address;
    uint32_t length; /* 0: free */
    uint32_t padding;
    uint8_t bytes[LATE_BYTES_MAX];
};

struct session {
    uint32_t memory_used;
    uint32_t tokens_count;        /* live tokens in the order they were first seen: t1, t2, ... */
    uint32_t tokens_printed;      /* of these, how many a printed line has reported */
    uint32_t steps_done;          /* makes user addresses unique */
    uint32_t running;             /* processes that have been started and have not ended: a bit set */
    uint32_t late_used;           /* places of `late` that may be in use; those after them mean nothing */
    uint32_t parked[THREADS_MAX]; /* steps_done of the call in which this thread is parked, or 0 */
    uint64_t tokens[SESSION_TOKENS_MAX];
    struct live_value live[NAMES_MAX];
    struct late_write late[SESSION_LATE_MAX]; /* after what is always copied: few scenarios have any */
    uint8_t memory[SESSION_MEMORY_MAX];       /* last: from memory_used on its bytes mean nothing */
};

enum session_answer {
    SESSION_READY,
    SESSION_NEEDS,     /* an input was never produced: *needed is the name (NO_NAME: a live name of a trace that nothing
                       explains); the step is not sent */
    SESSION_TOO_LARGE, /* the arguments bring more bytes than a record holds (CALL_BYTES_MAX): likewise */
};

/* Starts with nothing produced but the ports lines (ports_first[i] as the executor found them). Those processes run
 * that no step starts. */
void session_begin(struct session *session, const struct scenario *scenario, const uint16_t *ports_first);

/* Copies the names and the memory in use by a scenario with so many names. / Are both equal there? Images of names may
 * have been taken in another order. */
void session_copy(struct session *to, const struct session *from, unsigned names_count);
bool session_equal(const struct session *one, const struct session *other, unsigned names_count);

/* Does this process run? True for NO_NAME: the step belongs to no process. While a process does not run its steps are
 * not sent: they need it as other steps need names. */
bool session_runs(const struct session *session, int process);

/* --- for the other files of the session ------------------------------------------------------------------------ */

/* Notes which processes end with this step, and with them their handles. */
void session_note_event(struct session *session, const struct scenario *scenario, const struct step *step);

/* Gives a name `wanted` bytes of session.memory as its image, filled with poison, or as many as are left. */
void session_memory_take(struct session *session, struct live_value *live, uint32_t wanted);

/* Number of a token, from 1 on, in order of first sight; 0 when it was never seen. */
unsigned session_token_number(const struct session *session, uint64_t token);
void session_token_add(struct session *session, uint64_t token);

#endif
