/* What became of one step, and what was seen of it. */
#ifndef RESERVOIR_CONFORMANCE_OBSERVATION_H
#define RESERVOIR_CONFORMANCE_OBSERVATION_H

#include "conformance/language/tree.h"
#include "stack/call/call.h"

enum { OBSERVATION_OUT_MAX = 64 };

/* OBSERVABLE_overlapped as a number: 0 is NULL, a name its index + 1. */
enum { OVERLAPPED_WITHOUT_NAME = NAMES_MAX + 1 };

/* What became of a step that was to be played. */
enum step_result {
    STEP_SEEN,        /* the observation is valid */
    STEP_DONE,        /* a step without an outcome was carried out (overlapped, buffer, advance, exits, check...) */
    STEP_NEEDS,       /* not sent: needs a name that was never produced, or its process, which does not run
                          (the player says which) */
    STEP_UNSUPPORTED, /* it cannot be done here (also: a call on a thread that is still inside another one, `returns` on
                          one that is not, anything but reboot after the power was lost); the player says why; the
                          rest of the scenario is not played */
    /* the model, and a provider that says so: it has no answer to this call; the player says what it is about; the rest
     * is not played */
    STEP_NOT_MODELLED,
    STEP_BROKEN,  /* harness-broken, the player says why; the rest is not played */
    STEP_RESTART, /* `reboot` on a real host: the machine has to restart before the next step; the player has the mark
                          of this boot; the rest is not played until then */
};

struct observed_value {
    uint8_t present;
    uint8_t untouched;
    uint8_t padding[6];
    uint64_t number;
};

/* What was seen of one step. Plain data, all bytes defined: two equal observations are equal bytes. */
struct observation {
    uint32_t word; /* enum outcome_word: OK, NUMBER, ERROR, PENDING, BLOCKS or FAULT */
    uint32_t code; /* NUMBER: the return value; ERROR: the error; FAULT: the exception code */
    struct observed_value values[OBSERVABLE_COUNT];
    uint8_t address[16]; /* OBSERVABLE_address: network order, number is its length: 4 or 16; 0: no address */
    uint8_t out[OBSERVATION_OUT_MAX]; /* OBSERVABLE_out: number is the count of bytes that count here */
    uint32_t sequence;                /* of a packet of TCP that was found: its numbers, for those who name it */
    uint32_t acknowledgement;
    uint32_t routines_count;
    uint32_t padding;
    struct observed_routine {
        uint32_t delivery;  /* enum delivery */
        int32_t overlapped; /* name index, NO_NAME or NAME_OF_NONE */
        uint64_t number;    /* APC: what it was given */
        uint64_t values[MEMBERS_COUNT];
    } routines[RESULT_ROUTINES_MAX];
};

#endif
