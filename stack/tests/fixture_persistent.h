/* More words of the dialogue (fixture.h): persistent reservations. Each returns the function's own value, the error. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_PERSISTENT_H
#define RESERVOIR_STACK_TESTS_FIXTURE_PERSISTENT_H

#include "stack/tests/fixture.h"

enum { FAULTED = 0x7ffffffe, NOTHING_STORED = 0x7fffffff };

/* Ports as people write them. *token receives what was stored, or NOTHING_STORED; FAULTED: an exception. */
uint32_t create_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count, uint64_t *token);
uint32_t look_up_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                       uint64_t *token);
uint32_t delete_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count);

/* create_block and look_up_block that must succeed: the token. */
uint64_t created(struct machine *machine, enum protocol protocol, unsigned first, unsigned count);
uint64_t looked_up(struct machine *machine, enum protocol protocol, unsigned first, unsigned count);

/* Create or Lookup with a StartPort as it lies in memory, and memory for the token in this state. */
uint32_t ask_oddly(struct machine *machine, enum function function, uint16_t start_port, unsigned count,
                   enum range_state state);

/* The machine restarts, and process 0 runs again. */
void restart(struct machine *machine);

/* Another process (1, thread TOOL), of a standard user, of an elevated administrator. */
void start_as_user(struct machine *machine);
void start_as_administrator(struct machine *machine);

#endif
