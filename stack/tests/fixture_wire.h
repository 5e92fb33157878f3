/* Words of the dialogue (fixture.h) for connections and data. Each gives the Winsock error of the call, 0 when it
 * succeeded, or STILL_INSIDE when its thread is parked: nothing that the clock could bring ends the call. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_WIRE_H
#define RESERVOIR_STACK_TESTS_FIXTURE_WIRE_H

#include "stack/tests/fixture_calls.h"

enum { STILL_INSIDE = 0x5717 };

/* *accepted receives the new socket. */
uint32_t accept_on(struct machine *machine, uint64_t listener, uint64_t *accepted);
uint32_t send_text(struct machine *machine, uint64_t socket, const char *text);
uint32_t send_urgent(struct machine *machine, uint64_t socket, const char *text); /* MSG_OOB */

/* What came, as a string, in `text` (64 bytes). */
uint32_t receive_text(struct machine *machine, uint64_t socket, char *text);
uint32_t receive_at_most(struct machine *machine, uint64_t socket, uint32_t bytes, char *text);
uint32_t shut_down(struct machine *machine, uint64_t socket, uint32_t how);
/* SO_LINGER, on, with so many seconds. */
uint32_t linger_for(struct machine *machine, uint64_t socket, unsigned seconds);
uint32_t set_nonblocking(struct machine *machine, uint64_t socket);

/* A client and the server's socket for it, connected over 127.0.0.1, all of the speaker's process. */
struct talk {
    uint64_t listener, client, server;
    unsigned port;
};

struct talk talking(struct machine *machine);

/* AcceptEx with an OVERLAPPED of the fixture's and room for so many bytes of data: its error, 0 when it returned
 * TRUE. */
uint32_t accept_ex(struct machine *machine, uint64_t listener, uint64_t acceptor, uint32_t data_room);
/* SO_UPDATE_ACCEPT_CONTEXT. */
uint32_t update_accept_context(struct machine *machine, uint64_t acceptor, uint64_t listener);

/* The error of a thread's call that has returned since the last call, or STILL_INSIDE. */
uint32_t returned_to(const struct machine *machine, unsigned thread);

#endif
