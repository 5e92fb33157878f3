/* The options of a socket that it keeps as a bit or a number (call/socket_options.def), for whoever heeds one. */
#ifndef RESERVOIR_STACK_TRANSPORT_KEPT_OPTIONS_H
#define RESERVOIR_STACK_TRANSPORT_KEPT_OPTIONS_H

#include <stdbool.h>

#include "stack/call/catalogue.h"
#include "stack/world.h"

/* In TCP_KEEPALIVE and TCP_KEEPINTVL, which are in seconds: SIO_KEEPALIVE_VALS has set it, and the rest of the number
 * is in milliseconds. */
#define KEEPALIVE_IN_MS 0x80000000u

/* Sets an option that is a bit, or a number. */
void socket_set_flag(struct socket_row *row, enum socket_option option, bool on);
void socket_set_number(struct socket_row *row, enum socket_option option, uint32_t number);

/* The value of an option that is a number, as it was set or as it is on a new socket; 0 where the machine has its
 * own. */
uint32_t socket_number(const struct socket_row *row, enum socket_option option);

/* SO_LINGER: is it on, and for how many seconds. */
bool socket_lingers(const struct socket_row *row);
unsigned socket_linger_seconds(const struct socket_row *row);

#endif
