/* A program on a modelled machine, for whoever drives machines from C: calls by their plain arguments instead of by
 * records. Its sockets do not block, so that no thread of it is ever parked; it has one thread, number 0 of its world.
 *
 * Each function makes one call (program_socket two) and returns what Winsock does: 0, a count, a handle, or -1 with the
 * error in program->error. */
#ifndef RESERVOIR_SIM_LINK_PROGRAM_H
#define RESERVOIR_SIM_LINK_PROGRAM_H

#include <stdint.h>

#include "stack/call/call.h"
#include "stack/choice.h"
#include "stack/transport/wire/address.h"
#include "stack/world.h"

/* The most bytes that one call takes or gives. */
enum { PROGRAM_SEND_MAX = CALL_BYTES_MAX - SOCKADDR_IN6_SIZE, PROGRAM_RECEIVE_MAX = RESULT_BYTES_MAX - 64 };

struct program {
    struct world *world; /* borrowed, as the chooser */
    struct chooser *chooser;
    uint32_t error; /* of the last call; 0 when it succeeded */
    struct call call;
    struct result result;
};

/* Starts the one process of a machine, which has done WSAStartup. */
void program_start(struct program *program, struct world *world, struct chooser *chooser);

/* `family` 4 or 6. Winsock's SOCKET is a number; failure is -1, as everywhere. */
int64_t program_socket(struct program *program, unsigned family, enum protocol protocol);

int64_t program_bind(struct program *program, int64_t socket, const struct endpoint *local);
int64_t program_listen(struct program *program, int64_t socket, int backlog);
int64_t program_connect(struct program *program, int64_t socket, const struct endpoint *remote);
/* SO_ERROR: what became of a connect that was not waited for; 0 while that is not known, and when it succeeded. */
uint32_t program_late_error(struct program *program, int64_t socket);
int64_t program_accept(struct program *program, int64_t listener);
int64_t program_keep_alive(struct program *program, int64_t socket); /* SO_KEEPALIVE */
int64_t program_shutdown(struct program *program, int64_t socket, int how);
int64_t program_close(struct program *program, int64_t socket);

/* At most PROGRAM_SEND_MAX bytes (asserted), and at most PROGRAM_RECEIVE_MAX of `count`. */
int64_t program_send(struct program *program, int64_t socket, const uint8_t *bytes, uint32_t count);
int64_t program_receive(struct program *program, int64_t socket, uint8_t *bytes, uint32_t count);

/* Datagrams; `*from` is who sent it. */
int64_t program_send_to(struct program *program, int64_t socket, const uint8_t *bytes, uint32_t count,
                        const struct endpoint *to);
int64_t program_receive_from(struct program *program, int64_t socket, uint8_t *bytes, uint32_t count,
                             struct endpoint *from);

#endif
