/* Services by name, for getaddrinfo. */
#ifndef RESERVOIR_SIM_PROGRAM_SERVICE_NAMES_H
#define RESERVOIR_SIM_PROGRAM_SERVICE_NAMES_H

/* The port of a service that every host knows, or -1. */
int service_port(const char *name);

#endif
