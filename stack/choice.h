/* choose(): the one door through which all that may go several ways enters the model.
 *
 * The model is a pure function of its world and of the answers given here. Simulating, judging and exploring differ in
 * nothing but the chooser. At most one choice stands in a full expression, and none in arguments or initialisers,
 * because compilers differ in their order of evaluation. */
#ifndef RESERVOIR_STACK_CHOICE_H
#define RESERVOIR_STACK_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

/* What is asked. Values 1..READINGS_MAX-1 are the readings of open questions, under their own numbers (readings.h). */
enum { READINGS_MAX = 160 };

enum choice {
    CHOICE_READING_FIRST = 1,
    CHOICE_READING_LAST = READINGS_MAX - 1,
    CHOICE_CHECK,       /* which of several violated parallel checks is reported */
    CHOICE_STEP,        /* which enabled internal step comes next */
    CHOICE_POSTPONE,    /* what can happen now does, or later (asked by explorers only) */
    CHOICE_ORDER,       /* which line of a `together` takes effect next (asked by players, not by the model) */
    CHOICE_LAST_ERROR,  /* a success sets the last error to 0, or leaves it (W71, W76: depends on the build) */
    CHOICE_LATER_ERROR, /* the same of a call that returns while another thread's is made */
    CHOICE_PADDING,     /* bytes 4..7 of INET_PORT_RESERVATION_INSTANCE: zeroed, left, or of any value (silent) */
    /* what a failed call leaves in *bytes where no reading says: left, or 0 (W3, W11, W99); of a receive whose datagram
     * did not fit: left, or the count (silent) */
    CHOICE_BYTES,
    CHOICE_TOKEN_LEFT, /* what a failed Create or Lookup leaves in *Token: left, or 0 (silent) */
    CHOICE_REMOVED,    /* *ulNumEntriesRemoved after a failure: left, 0 or 1 (W192) */
    CHOICE_INTERNAL,   /* OVERLAPPED.Internal after an immediate failure: left, or STATUS_PENDING (W26, W30, W50) */
    CHOICE_AF_UNIX,    /* on a machine whose build is not known: AF_UNIX is there, or is not */
    CHOICE_INTERFACES, /* how many network interfaces the machine has */
    CHOICE_ACCOUNT,    /* the account without a name has Administrators enabled, or has not (system/privilege.h) */
    CHOICE_RESTART, /* the token of a persistent reservation after a restart, where Q93 leaves it open: new, or kept */
    CHOICE_CRASH,   /* a sector of the store while the power is failing: written, not written, torn */
    CHOICE_PORT,    /* member: the port that a bind to port 0 or an implicit bind takes */
    CHOICE_BLOCK_START, /* member: the first port of a wildcard reservation */
    CHOICE_TOKEN,       /* member: the token of a new reservation */
    CHOICE_HANDLE,      /* member: the number of a new handle */
    CHOICE_OPTION,      /* member: the ordinary value of a socket option that each machine has its own of (SO_RCVBUF) */
    CHOICE_PADDING_BYTES, /* member: what is in bytes that are padding, as a little-endian number */
    CHOICE_CONNECT_TIME,  /* member: SO_CONNECT_TIME; between two calls of a host any time may pass */
    CHOICE_LINK,          /* member: the fate of a packet on a link (asked by sim/link, not by the model) */
    CHOICE_COUNT
};

/* A large domain, described instead of listed. No interior pointers survive the call of choose_member. */
struct choice_set {
    bool (*contains)(const struct choice_set *set, uint64_t member);
    /* The smallest member that is >= from; false when there is none. Repeated, it enumerates the set. */
    bool (*next)(const struct choice_set *set, uint64_t from, uint64_t *member);
    uint64_t first, last; /* bounds: no member lies outside */
    uint64_t start;       /* where an ordinary implementation would begin to look; within the bounds */
    /* What the model can continue with although it is no member here, for the repair of a deviation; none when floor is
     * above ceiling. */
    uint64_t floor, ceiling;
    bool swapped;        /* callers are shown a member with its two bytes exchanged (Q12=b) */
    const void *context; /* what the two functions look at: the world, and what they need besides; borrowed */
};

/* A chooser. Embed it as the first member of a larger struct for state of its own. */
struct chooser {
    unsigned (*choose)(struct chooser *chooser, enum choice what, unsigned count);
    uint64_t (*choose_member)(struct chooser *chooser, enum choice what, const struct choice_set *set);
};

/* 0..count-1. count >= 1; with count 1 nothing is asked. */
unsigned choose(struct chooser *chooser, enum choice what, unsigned count);

/* Is there a member at all? To be asked before choose_member. */
bool choice_set_empty(const struct choice_set *set);

/* A member of a set that is not empty (asserted). */
uint64_t choose_member(struct chooser *chooser, enum choice what, const struct choice_set *set);

/* --- simulating: a profile and a seed answer ------------------------------------------------------------------ */

/* Answers for readings: 0 = left open (the seed decides), 1 = candidate a, 2 = candidate b, ... */
struct profile {
    const char *name;
    uint8_t answers[READINGS_MAX];
};

struct simulating_chooser {
    struct chooser chooser;
    const struct profile *profile; /* borrowed */
    uint64_t seed;
    uint64_t state; /* splitmix64 */
    uint64_t asked_count;
};

/* Seed 0 is the ordinary machine: the first answer to each question that the profile leaves open, members looked for
 * from the set's start on. Any other seed draws them at random. */
void simulating_chooser_init(struct simulating_chooser *chooser, const struct profile *profile, uint64_t seed);

/* --- judging: an odometer over prefixes of answers ------------------------------------------------------------- */

enum { ODOMETER_DEPTH_MAX = 48 };

/* A member that the observation names: choose_member(what) has to answer it. */
struct named_member {
    uint16_t what; /* enum choice */
    bool named;
    uint64_t member;
};

/* Runs through every sequence of plain answers: run the model on a copy, call odometer_next(), repeat while it is true.
 * Large domains are not enumerated: they are answered by the observation (`members`), and where the observation names
 * one that the set does not contain, `refused` is set: that run contradicts what was seen, and the member goes no
 * further into the model. Only an odometer that `repairs` answers it all the same, as far as the set's floor and
 * ceiling allow, so that a run can be continued after a deviation. Where nothing names a member, every member is tried
 * if there are no more than `spread`; else the set's first is answered, and `guessed` says that others would have done
 * as well. (Of tokens and handles one is as good as another while nothing names it.) */
struct odometer {
    struct chooser chooser;
    bool repairs;
    uint8_t spread; /* members of a domain that nothing names: at most so many are tried, if these are all */
    struct named_member members[8]; /* from CHOICE_PORT to CHOICE_LINK: odometer_name() */
    uint8_t settled[CHOICE_COUNT];  /* 0: run through all answers; else answer+1, named by the observation too */
    uint16_t depth;                 /* answers given in the current run */
    uint16_t prefix;                /* answers that the current run replays */
    uint8_t answers[ODOMETER_DEPTH_MAX];
    uint8_t counts[ODOMETER_DEPTH_MAX];
    uint16_t whats[ODOMETER_DEPTH_MAX];
    bool refused;
    bool repaired;         /* and answered all the same */
    uint16_t refused_what; /* the first refused member of this run, and the bounds of the set it is not in */
    uint64_t refused_member, refused_first, refused_last;
    bool unnamed;  /* this run asked for a member that nothing names, other than a handle */
    bool guessed;  /* and it was one of many ports or blocks */
    bool overflow; /* deeper than ODOMETER_DEPTH_MAX: the enumeration is not exhaustive */
};

void odometer_init(struct odometer *odometer);
void odometer_name(struct odometer *odometer, enum choice what, uint64_t member);
/* Gives this answer to a plain question each time, because the observation shows it: no run is wasted on others. */
void odometer_settle(struct odometer *odometer, enum choice what, unsigned answer);
/* Prepares the next run; false when every sequence was tried. */
bool odometer_next(struct odometer *odometer);

#endif
