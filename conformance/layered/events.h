/* Network events: WSPEventSelect, WSPEnumNetworkEvents. What holds of a socket is looked at: when something is
 * selected, when a call was made that enables an event again, and every few milliseconds by pump.c.
 *
 *   N1  An event that was recorded waits, and is not recorded again, until its call has enabled it: a receive FD_READ
 *       and FD_OOB, an accept FD_ACCEPT, a send that would have blocked FD_WRITE, a connect FD_CONNECT and FD_WRITE.
 *       FD_CLOSE comes once. A new selection enables all.
 *   N2  The event object is set when something selected is recorded, and never reset but by WSPEnumNetworkEvents.
 *   N3  FD_CLOSE comes after the last byte was received. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_EVENTS_H
#define RESERVOIR_CONFORMANCE_LAYERED_EVENTS_H

#include "conformance/layered/windows_headers.h"

#include "conformance/layered/sockets.h"

/* All these with the lock. Selects (0: nothing), and looks. */
void events_select(struct layered_socket *socket, void *object, uint32_t selected);

/* Records what holds and does not wait. */
void events_look(struct layered_socket *socket);

/* These may be recorded again: at once, where they hold. */
void events_enable(struct layered_socket *socket, uint32_t events);

/* What the host has to be asked about for the events that do not wait: a set of LOWER_... */
uint8_t events_wanted(const struct layered_socket *socket);

int WSPAPI layered_event_select(SOCKET s, WSAEVENT event, LONG_OF_EVENTS events, LPINT error);
int WSPAPI layered_event_list(SOCKET s, WSAEVENT event, LPWSANETWORKEVENTS events, LPINT error);

#endif
