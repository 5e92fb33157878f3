/* Completion ports for a provider's sockets, which no kernel32 can serve: its sockets are none of the system's files.
 * An open file carries each port, so that its number is no one else's.
 *
 *   P1  Packets come out in the order in which they went in; of the threads that wait, who came last is served first
 *       (T9.6.4).
 *   P2  A packet goes to one thread. What a packet says of an error is what its taker gets.
 *   P3  Who waits at a port when it is closed, or when its process ends, returns with ERROR_ABANDONED_WAIT_0
 *   (T9.6.5). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PROVIDER_PORTS_H
#define RESERVOIR_CONFORMANCE_AGENT_PROVIDER_PORTS_H

#include "conformance/agent/functions.h"

struct port_packet {
    DWORD bytes;
    ULONG_PTR key;
    LPOVERLAPPED overlapped;
    ULONG_PTR status; /* Internal of the request */
    DWORD error;      /* the same in Win32's words, 0: a success */
};

/* Before there are threads. `below` (borrowed) makes and closes the files. */
void provider_ports_use(const struct windows_functions *below);

/* The calling thread is one of this process: it knows the ports of that one. The process ends. */
void provider_ports_enter(unsigned process);
void provider_ports_process_ends(unsigned process);

/* NULL with the last error ERROR_NOT_ENOUGH_MEMORY: there is no room. */
HANDLE provider_port_create(void);
bool provider_port_is(HANDLE port);

/* False: that is no port. */
bool provider_port_close(HANDLE port);

/* From whichever thread: 0, ERROR_INVALID_HANDLE, or ERROR_NO_SYSTEM_RESOURCES. */
DWORD provider_port_queue(HANDLE port, const struct port_packet *packet);

/* 0 with a packet; ERROR_INVALID_HANDLE, WAIT_TIMEOUT, ERROR_ABANDONED_WAIT_0. */
DWORD provider_port_take(HANDLE port, DWORD limit_ms, struct port_packet *packet);

#endif
