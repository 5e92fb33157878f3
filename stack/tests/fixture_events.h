/* Words of the dialogue (fixture.h) for network events. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_EVENTS_H
#define RESERVOIR_STACK_TESTS_FIXTURE_EVENTS_H

#include "stack/sdk/network_event_values.h"
#include "stack/tests/fixture_wire.h"

/* WSAEventSelect. Gives the Winsock error, 0 when it succeeded. */
uint32_t select_events(struct machine *machine, uint64_t socket, uint64_t event, unsigned events);

/* What WSAEnumNetworkEvents takes from the record, and resets the event (0: none); UINT32_MAX when it failed.
 * machine->result has its error then. */
uint32_t take_events(struct machine *machine, uint64_t socket, uint64_t event);

/* The error code that the call before stored for this event; UINT32_MAX where it stored none. */
uint32_t code_of(const struct machine *machine, unsigned event_bit);

/* Has the event been signalled? */
bool is_signalled(struct machine *machine, uint64_t event);

#endif
