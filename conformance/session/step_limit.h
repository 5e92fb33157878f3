/* How long an executor may take for a step. */
#ifndef RESERVOIR_CONFORMANCE_STEP_LIMIT_H
#define RESERVOIR_CONFORMANCE_STEP_LIMIT_H

#include "conformance/language/tree.h"

enum {
    LIMIT_BLOCKS_MS = 300,  /* where the line allows `blocks` */
    LIMIT_RETURN_MS = 5000, /* elsewhere */
};

/* The limit of a call or of `returns`: LIMIT_BLOCKS_MS where an alternative says `blocks`, else LIMIT_RETURN_MS. */
unsigned step_limit_ms(const struct step *step);

/* The limit of a `show`: shorter where an alternative allows a pending request. */
unsigned step_show_limit_ms(const struct step *step);

#endif
