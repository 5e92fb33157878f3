/* The options of a socket that it keeps as a bit or a number (call/socket_options.def), for whoever heeds one.
 *
 * Most sockets keep no number: each that was set has a row of TABLE_NUMBERS, and those of a socket are linked.
 *
 * INVARIANTS (kept_options_check)
 *   N1  Each number in use is one socket's, which has no other of the same option, and has them in the order of their
 *       options.
 *
 * TRANSITIONS (row)
 *   free --socket_keep_number, socket_copy_numbers--> of a socket --socket_drop_numbers (it ends)--> free */
#ifndef RESERVOIR_STACK_TRANSPORT_KEPT_OPTIONS_H
#define RESERVOIR_STACK_TRANSPORT_KEPT_OPTIONS_H

#include <stdbool.h>

#include "stack/call/catalogue.h"
#include "stack/world.h"

/* In TCP_KEEPALIVE and TCP_KEEPINTVL, which are in seconds: SIO_KEEPALIVE_VALS has set it, and the rest of the number
 * is in milliseconds. */
#define KEEPALIVE_IN_MS 0x80000000u

/* Is an option on that is a bit? */
bool socket_flag(const struct socket_row *row, enum socket_option option);

/* Sets an option that is a bit. */
void socket_set_flag(struct socket_row *row, enum socket_option option, bool on);

/* Sets an option that is a number. False, and noted (world_note_full), where no more can be kept. */
bool socket_keep_number(struct world *world, unsigned socket, enum socket_option option, uint32_t number);

/* Was it set? Then `*number` is what it was set to. */
bool socket_has_number(const struct world *world, unsigned socket, enum socket_option option, uint32_t *number);

/* The value of an option that is a number, as it was set or as it is on a new socket; 0 where the machine has its
 * own. */
uint32_t socket_number(const struct world *world, unsigned socket, enum socket_option option);

/* A socket, which keeps none, gets those of another one, as many as there is room for: a want of it is noted. */
void socket_copy_numbers(struct world *world, unsigned socket, unsigned from);

/* The socket ends. */
void socket_drop_numbers(struct world *world, unsigned socket);

/* SO_LINGER: is it on, and for how many seconds. */
bool socket_lingers(const struct world *world, unsigned socket);
unsigned socket_linger_seconds(const struct world *world, unsigned socket);

/* The invariant N1; NULL, or its text when it is broken. */
const char *kept_options_check(const struct world *world);

#endif
