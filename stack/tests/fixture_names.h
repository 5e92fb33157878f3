/* What only makes a name in a world, for the tests of its encoding: which numbers of rows stand where, and the same
 * world under other names. Written from world.h, without a look at the encoder. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_NAMES_H
#define RESERVOIR_STACK_TESTS_FIXTURE_NAMES_H

#include "stack/world.h"

/* A member that is the number of a row of `target`, with so much added, where it applies. */
struct reference {
    const char *name;
    enum table table, target;
    uint16_t offset;
    uint8_t bytes, above;
    bool derived; /* it says nothing that another reference does not say as well */
    bool (*applies)(const void *row);
};
extern const struct reference references[];
extern const unsigned references_count;

/* The row that it names, or NO_ROW. */
unsigned reference_get(const struct reference *reference, const void *row);
void reference_set(const struct reference *reference, void *row, unsigned target);

/* A row of any table. */
void *any_row(struct world *world, enum table table, unsigned index);

/* Does it encode as it does under names that the dice give? Rows stand in other places with free ones between them,
 * serials, tokens and handle numbers are others and in the same order, and so is the clock. It has no indexes
 * (asserted). */
bool encodes_alike_renamed(const struct world *world, uint64_t dice);

#endif
