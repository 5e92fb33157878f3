/* What the test of the readings asks: a situation in which a question matters, and what each candidate makes of it. */
#ifndef RESERVOIR_STACK_TESTS_SITUATIONS_H
#define RESERVOIR_STACK_TESTS_SITUATIONS_H

#include "stack/tests/fixture.h"

struct situation {
    enum question question;
    uint32_t (*play)(struct machine *machine);
    uint32_t outcomes[CANDIDATES_MAX]; /* of candidates a, b, ... */
};

/* Those about persistent reservations, and about netsh. Static memory. */
const struct situation *persistent_situations(unsigned *count);
const struct situation *netsh_situations(unsigned *count);
const struct situation *overlapped_situations(unsigned *count);
/* Those on the wire. */
const struct situation *wire_situations(unsigned *count);
const struct situation *events_situations(unsigned *count);

#endif
