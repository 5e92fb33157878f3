/* Network events: what has happened to a socket, for a program that asked by WSAEventSelect.
 *
 * Each event is recorded when it happens (an edge), not looked up when someone asks. The record is kept for all
 * events, selected or not: WSAEnumNetworkEvents takes what is selected and leaves the rest (W180). A socket has a row
 * from its first selection to its end; what the row begins with follows from the state of the socket, since until then
 * no one can have taken anything (W182).
 *
 *   event       recorded when                              again after
 *   FD_READ     data or a datagram arrives                 a receive, at once if more is there
 *   FD_OOB      urgent data arrives, and none waited       a receive, at once if it still waits
 *   FD_WRITE    the connection is made; at the selection   WSAEWOULDBLOCK from a send, when there is room
 *               of a datagram socket
 *   FD_ACCEPT   a connection waits at a listener           an accept, at once if another waits
 *   FD_CONNECT  a connect has succeeded or failed          another connect
 *   FD_CLOSE    the peer has said its last word, or the    never
 *               connection has died
 *
 * The others (FD_QOS, FD_GROUP_QOS, FD_ROUTING_INTERFACE_CHANGE, FD_ADDRESS_LIST_CHANGE) can be selected, and do not
 * happen here: there is no quality of service, and no address comes or goes while programs run.
 *
 * Open questions: what a new selection does to the record (Q119), when FD_CLOSE comes while data waits (Q120), with
 * which error after a reset (Q121), whether more of the same signals again before it was taken (Q122), what taking it
 * does to a record that no one has looked at (Q123).
 *
 * INVARIANTS (network_events_check)
 *   E1  A selection names an open socket, and no two name the same.
 *   E2  It names an event exactly while something is selected; the event is there. Its socket does not block then.
 *
 * TRANSITIONS (selection)
 *   free --network_events_select, network_events_inherit--> in use --network_events_drop--> free */
#ifndef RESERVOIR_STACK_TRANSPORT_NETWORK_EVENTS_H
#define RESERVOIR_STACK_TRANSPORT_NETWORK_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/choice.h"
#include "stack/world.h"

/* WSAEventSelect: from now on these events (FD_...; 0: none) signal this event object, at once if one of them is
 * recorded. False, with nothing changed, when there is no room. The event is kept while it is selected. */
bool network_events_select(struct world *world, struct chooser *chooser, unsigned socket, unsigned event,
                           unsigned mask);

/* Is anything selected? Then the socket cannot be made to block. */
bool network_events_are_selected(const struct world *world, unsigned socket);

/* Takes the selected events out of the record: a set of FD_... */
unsigned network_events_take(struct world *world, unsigned socket);

/* The Winsock error that goes with an event that was recorded; 0 where it has none. */
unsigned network_event_error(const struct world *world, unsigned socket, unsigned event_bit);

/* A socket that was accepted has the selection of its listener (W143). False when there is no room. Its connection is
 * not its own yet; when it is, network_events_begin() records what holds. */
bool network_events_inherit(struct world *world, unsigned listener, unsigned socket);
void network_events_begin(struct world *world, struct chooser *chooser, unsigned socket);

/* The socket goes away: what is selected is no more. */
void network_events_drop(struct world *world, unsigned socket);

/* One of FD_READ, FD_OOB or FD_ACCEPT has happened. */
void network_event_happened(struct world *world, struct chooser *chooser, unsigned socket, unsigned event_bit);

/* FD_CONNECT has happened. `error` is a Winsock error, or 0. */
void network_event_connected(struct world *world, unsigned socket, unsigned error);

/* A function was called that lets FD_READ, FD_OOB or FD_ACCEPT be recorded again, whatever became of the call: at once,
 * if what it is about still holds. */
void network_event_reenabled(struct world *world, struct chooser *chooser, unsigned socket, unsigned event_bit);

/* A send has failed with WSAEWOULDBLOCK: FD_WRITE when there is room. */
void network_events_send_blocked(struct world *world, unsigned socket);

/* What of a connection's state is compared, before and after a segment or a timer. */
struct stream_state {
    uint32_t buffered;
    bool connected, finished, failed;
    bool urgent; /* an urgent byte waits */
};
struct stream_state stream_state_of(const struct world *world, unsigned connection);

/* A segment or a timer has changed the connection of a socket: whatever has happened since `before`. */
void network_events_of_stream(struct world *world, struct chooser *chooser, unsigned connection,
                              const struct stream_state *before);

/* The invariants E1 and E2; NULL, or the text of the broken one. */
const char *network_events_check(const struct world *world);

#endif
