/* More words of the dialogue (fixture.h): netsh's commands, about TCP where no protocol is said. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_NETSH_H
#define RESERVOIR_STACK_TESTS_FIXTURE_NETSH_H

#include "stack/tests/fixture_persistent.h"

uint32_t add_range(struct machine *machine, unsigned first, unsigned count, enum netsh_store store);
uint32_t delete_range(struct machine *machine, unsigned first, unsigned count, enum netsh_store store);
uint32_t add_range_of(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                      enum netsh_store store);

struct shown {
    enum netsh_row row;
    unsigned first, count; /* 0 without a row */
};

struct shown show_range(struct machine *machine, enum protocol protocol, unsigned port, enum netsh_store store);

/* The dynamic range of a family: set, and as it is shown (`row` is not used). */
uint32_t set_dynamic(struct machine *machine, unsigned first, unsigned count, enum netsh_family family,
                     enum netsh_store store);
struct shown show_dynamic(struct machine *machine, enum netsh_family family, enum netsh_store store);

/* The row alone. */
enum netsh_row row_of(struct machine *machine, unsigned port, enum netsh_store store);

#endif
