/* The session: script values and live values side by side.
 *
 * A scenario names things (s, r, r.Token, p+1); a host answers with numbers. The session knows which number each name
 * has, builds the call record of a step from names, and turns the result record into an observation. It is plain data
 * without pointers: an assignment clones it, and session_copy() does so without the names and the memory that nobody has
 * taken, which is how the judge tries several worlds.
 *
 * All observations hold raw live values (the port 50123, the token 0x7f...). Printing makes them symbolic again (r, t1)
 * and lists the raw values behind `#~`; reading an answer resolves them back. */
#ifndef RESERVOIR_CONFORMANCE_SESSION_H
#define RESERVOIR_CONFORMANCE_SESSION_H

#include "conformance/base/text.h"
#include "conformance/language/language_error.h"
#include "conformance/language/tree.h"
#include "stack/call/call.h"

enum {
    SESSION_MEMORY_MAX = 4096, /* all images together; a buffer that does not fit gets what is left */
    SESSION_TOKENS_MAX = 32,
    SESSION_LATE_MAX = 8,
    OBSERVATION_OUT_MAX = 64,
};

struct observed_value {
    uint8_t present;
    uint8_t untouched;
    uint8_t padding[6];
    uint64_t number;
};

/* What was seen of one step. Plain data, all bytes defined: two equal observations are equal bytes. */
struct observation {
    uint32_t word;            /* enum outcome_word: OK, NUMBER, ERROR, PENDING, BLOCKS or FAULT */
    uint32_t code;            /* NUMBER: the return value; ERROR: the error; FAULT: the exception code */
    struct observed_value values[OBSERVABLE_COUNT];
    uint8_t address[16];      /* OBSERVABLE_address: network order, number is its length (4 or 16) */
    uint8_t out[OBSERVATION_OUT_MAX]; /* OBSERVABLE_out: number is the count of bytes that count here */
    uint32_t routines_count;
    uint32_t padding;
    struct observed_routine { int32_t overlapped; /* name index or NO_NAME */ uint32_t error; uint32_t bytes; uint32_t flags; }
        routines[RESULT_ROUTINES_MAX];
};

enum live_state {
    LIVE_ABSENT,
    LIVE_PRODUCED,
    LIVE_STALE, /* closed; the number is kept */
    LIVE_PAST,  /* a handle of a process that has ended: the number is kept, and by chance a new process may have it too */
};

struct live_value {
    uint8_t state;           /* enum live_state */
    uint8_t untold;          /* what no printed line has told yet (session_parts.h) */
    uint8_t passed;          /* OVERLAPPED: a call had it, so its contents are no longer fresh */
    uint8_t skew;            /* OUTPUT: the buffer starts so many bytes into its page */
    uint16_t port_first;     /* PORTS, ACQUIRE output, bound socket: host order; 0 unknown */
    uint16_t ports_count;
    uint64_t number;         /* handle; token; value; user address of an overlapped or a buffer */
    uint16_t memory_offset;  /* OVERLAPPED, BUFFER, OUTPUT, PROTOCOL_INFO: image in session.memory */
    uint16_t memory_length;
    uint8_t transport;       /* PORTS, SOCKET, OUTPUT, PROTOCOL_INFO: enum transport; 0 unknown */
    uint8_t padding[3];
    uint8_t address[16];     /* ADDRESS */
};

/* Memory of a parked call that was written before the call returned: kept until its `returns`. */
struct late_write {
    uint64_t address;
    uint32_t length;         /* 0: free */
    uint32_t padding;
    uint8_t bytes[OBSERVATION_OUT_MAX];
};

struct session {
    uint32_t memory_used;
    uint32_t tokens_count;   /* live tokens in the order they were first seen: t1, t2, ... */
    uint32_t tokens_told;    /* of these, how many a printed line has told */
    uint32_t steps_done;     /* makes user addresses unique */
    uint32_t running;        /* processes that have been started and have not ended: a bit set */
    uint32_t padding;
    uint32_t parked[THREADS_MAX]; /* steps_done of the call in which this thread is parked, or 0 */
    uint64_t tokens[SESSION_TOKENS_MAX];
    struct late_write late[SESSION_LATE_MAX];
    struct live_value live[NAMES_MAX];
    uint8_t memory[SESSION_MEMORY_MAX]; /* last: from memory_used on its bytes mean nothing */
};

enum session_answer {
    SESSION_READY,
    SESSION_NEEDS,  /* an input was never produced: *needed is the name (NO_NAME: a live name of a trace that nothing
                       explains); the step is not sent */
};

/* Starts with nothing produced but the ports lines (ports_first[i] as the executor found them), and with the processes
 * running that nobody else starts. */
void session_begin(struct session *session, const struct scenario *scenario, const uint16_t *ports_first);

/* Copies what means something in a scenario of so many names. / Do both mean the same? */
void session_copy(struct session *to, const struct session *from, unsigned names_count);
bool session_equal(const struct session *one, const struct session *other, unsigned names_count);

/* Does this process run? True for NO_NAME, whose steps are nobody's. Where it does not, nothing is to be asked of it: its
 * steps need the process, as others need names. */
bool session_runs(const struct session *session, int process);

/* The process that a call is to start, CreateProcess of one that has a line of its own; else NO_NAME. */
int session_child(const struct step *step);

/* Builds the call record of a STEP_CALL. For STEP_OVERLAPPED and STEP_BUFFER use session_declare. */
enum session_answer session_prepare(struct session *session, const struct scenario *scenario, const struct step *step,
                                    struct call *call, int *needed);

/* STEP_OVERLAPPED, STEP_BUFFER: gives the name its user address and poisoned image. */
enum session_answer session_declare(struct session *session, const struct scenario *scenario, const struct step *step, int *needed);

/* Takes the result of a prepared call (or of `returns`, `show`): applies writes, binds the product's name when there is
 * one to bind, fills *seen with every observable of the step in full. `step` is one of the scenario's steps. `call` is
 * what session_prepare built; for `returns` the record of the call in which the thread was parked (the caller keeps it);
 * NULL for `show` and for steps without an outcome (advance, exits...), of which only the writes count and *seen stays
 * empty. For `show` of an event result.value is its state: 1 set, 0 not, anything else no such event. */
void session_observe(struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct call *call, const struct result *result, struct observation *seen);

/* Learns from an observation that somebody else made (a trace, a host's answer) as if session_observe had made it:
 * binds the product's name, learns ports and tokens. */
void session_learn(struct session *session, const struct scenario *scenario, const struct step *step,
                   const struct observation *seen);

/* The user address and the event handle behind a `show` step's subject; false (with *needed) when not there. */
bool session_subject(const struct session *session, const struct scenario *scenario, const struct step *step,
                     uint64_t *address, uint64_t *event, int *needed);

/* Prints the step with what was seen as its one outcome, its routines indented below, and `#~ r=50123 t1=0x...` for the
 * live values that this line shows first: a trace line. */
void session_print_answer(struct session *session, const struct scenario *scenario, const struct step *step,
                          const struct observation *seen, struct text *out);

/* Just the outcome, symbolic, one line, no routines: `ok error=0 bytes=16 StartPort=r NumberOfPorts=20 Token=t1`. */
void session_print_outcome(const struct session *session, const struct scenario *scenario, const struct step *step,
                           const struct observation *seen, struct text *out);

/* The observation that a trace line tells: the step's single outcome and routines, with `live` resolving symbols.
 * False when a symbol cannot be resolved or the outcome is not a complete one; *error says where. */
bool session_read_answer(struct session *session, const struct scenario *scenario, const struct step *answered,
                         struct observation *seen, struct language_error *error);

/* Does what was seen satisfy the word and every predicate of this alternative? Readings are not looked at. When not,
 * `why` (if not NULL) receives the first part that differs, in words. Call after session_observe or session_learn. */
bool session_matches(const struct session *session, const struct scenario *scenario, const struct step *step,
                     const struct outcome *expected, const struct observation *seen, struct text *why);

/* Asserted routine lines against those that ran. A step without routine lines asserts that none ran. */
bool session_matches_routines(const struct session *session, const struct scenario *scenario, const struct step *step,
                              const struct observation *seen, struct text *why);

#endif
