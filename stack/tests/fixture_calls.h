/* More words of the dialogue (fixture.h): sharing a socket with another process, and sending a datagram. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_CALLS_H
#define RESERVOIR_STACK_TESTS_FIXTURE_CALLS_H

#include "stack/tests/fixture.h"

/* What WSADuplicateSocketW gave: it travels as bytes. */
struct protocol_info {
    uint8_t bytes[PROTOCOL_INFO_SIZE];
};

uint32_t duplicate_socket(struct machine *machine, uint64_t socket, unsigned process, struct protocol_info *info);
/* The same for any process id, with the memory for the answer in this state. */
uint32_t duplicate_socket_oddly(struct machine *machine, uint64_t socket, uint64_t process_id, enum range_state state);
/* WSASocketW(FROM_PROTOCOL_INFO, ...), not called yet. */
void call_to_open(struct call *call, const struct protocol_info *info);
/* The same called by the speaker. */
uint32_t open_duplicate_of(struct machine *machine, const struct protocol_info *info, uint64_t *handle);
/* duplicate_socket() and open_duplicate_of() by that process's thread, which must succeed; the speaker stays the
 * same. */
uint64_t shared_with_tool(struct machine *machine, uint64_t socket);

/* DuplicateHandle by the speaker, from its process to any. */
struct duplicating {
    uint64_t source;
    unsigned target;  /* a process */
    uint32_t options; /* besides DUPLICATE_SAME_ACCESS */
    bool inherits;
};
uint32_t duplicate_handle(struct machine *machine, const struct duplicating *how, uint64_t *handle);
/* The same for the speaker's own process, with no options; it must succeed. */
uint64_t copy_of(struct machine *machine, uint64_t source);

/* GetQueuedCompletionStatus by the speaker, who gets a packet at once or is blocked, as is expected. */
void call_for_packet(struct machine *machine, uint64_t port, uint32_t milliseconds, enum result_status expected);

/* Points an argument of a call at good memory with these bytes. */
void point_at_contents(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length);

/* Points argument `argument` of a call at a set of sockets (call.h), each argument at memory of its own:
 * set_address(). */
void put_set(struct call *call, unsigned argument, const uint64_t *handles, unsigned count);
uint64_t set_address(unsigned argument);
/* The sockets that the last call left in that set, at most SET_SOCKETS_MAX; returns how many, UINT32_MAX: nothing was
 * stored there. */
unsigned left_in_set(const struct machine *machine, unsigned argument, uint64_t *handles);

/* One byte to 127.0.0.1, to another place, or nowhere. *sent receives the count. */
enum destination { TO_LOOPBACK, TO_ELSEWHERE, TO_BROADCAST, TO_WILDCARD, TO_NULL, TO_SHORT };
uint32_t send_byte(struct machine *machine, uint64_t socket, enum destination destination, unsigned port,
                   uint32_t *sent);

/* WSAStartup(0x0101), once more: the speaker's process is a Winsock 1.1 program from here on. */
void negotiate_1_1(struct machine *machine);
enum { HOOK_AT = 0x6000 }; /* where the tests' blocking hook is */
uint32_t set_blocking_hook(struct machine *machine, enum range_state state);
/* The speaker is inside a synchronous SIO_ADDRESS_LIST_CHANGE, which blocks. */
void block_on(struct machine *machine, uint64_t socket);

#endif
