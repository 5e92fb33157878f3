/* Services by name and port, for getaddrinfo and getnameinfo. */
#ifndef RESERVOIR_SIM_PROGRAM_SERVICE_NAMES_H
#define RESERVOIR_SIM_PROGRAM_SERVICE_NAMES_H

#include <stdbool.h>

/* The port of a service that every host knows, or -1. */
int service_port(const char *name);

/* The name of one, or NULL. */
const char *service_name(unsigned port, bool is_datagram);

#endif
