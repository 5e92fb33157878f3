/* What the catalogue of protocols says of a socket: options that getsockopt answers from it. */
#ifndef RESERVOIR_SIM_PROGRAM_PROTOCOLS_H
#define RESERVOIR_SIM_PROGRAM_PROTOCOLS_H

#include <stdbool.h>

#include "sim/program/include/winsock2.h"

/* SO_PROTOCOL_INFOA, SO_PROTOCOL_INFOW, and of datagrams SO_MAX_MSG_SIZE, of an open socket. Everything else, errors
 * too, is the model's to answer. */
bool protocol_option_is_known(SOCKET s, int level, int option);

/* As getsockopt: 0, or WSAEFAULT for a value or a length that is not there, or too short. */
int protocol_option(SOCKET s, int option, void *value, int *length);

#endif
