/* Lines of a scenario that no one wrote: steps, arguments and values as the parser would have made them. They live in
 * the arena of the tree that they are for, and stand at the place of the line for whose sake they are there. */
#ifndef RESERVOIR_CONFORMANCE_BUILD_H
#define RESERVOIR_CONFORMANCE_BUILD_H

#include "conformance/language/tree.h"

/* A constant that the language knows (asserted). */
struct expression *build_constant(struct scenario *to, struct position position, const char *name);
struct expression *build_number(struct scenario *to, struct position position, uint64_t number);
/* The value of a name of the tree. */
struct expression *build_name(struct scenario *to, struct position position, int name);
/* A valid pointer of whatever is needed. */
struct expression *build_good(struct scenario *to, struct position position);

/* The name with this text, added where the tree does not have it; the caller has counted names (asserted). */
int build_give_name(struct scenario *to, const char *text, enum name_kind kind, const struct step *like);

/* A step of the thread that makes the step `like`, without product and subject. */
struct step build_step(const struct step *like, enum step_kind kind);
/* A call of that thread without arguments, with this one outcome word and no source. */
struct step build_call(struct scenario *to, const struct step *like, enum function function, enum outcome_word word);

/* Adds an argument to a call: `parameter` is its index, `named` how it is written. */
void build_argument(struct scenario *to, struct step *call, int parameter, bool named, struct expression *value);

/* The value of a call's argument, or NULL where it is not written. */
const struct expression *argument_value(const struct step *call, int parameter);

/* Adds a step to the tree's. */
void build_add_step(struct scenario *to, const struct step *step);

#endif
