/* Overlapped requests on their way through the edge.
 *
 * The caller's events, completion ports and routines are none of the model's: an event is a handle that only upcalls
 * reach, a port is one that only WPUCompleteOverlappedRequest reaches, and a routine runs on the thread that
 * WPUQueueApc names. So a request is made in the model with an event of its own or with a routine of the edge, and what
 * becomes of these is passed on. Where the client has no WPUCompleteOverlappedRequest, the event alone is set, by
 * WPUSetEvent.
 *
 *   free --request_begin--> begun --request_end: refused--> free
 *                            begun --request_end: pending; or at once, and the OVERLAPPED was stored to--> open
 *   open --its event is set, its packet came--> free, after the client was informed
 *   open --its routine ran--> queued --the caller's thread runs it--> free
 *
 *   Q1  An open request has a copy of its WSATHREADID, not the pointer to it (PAR-19).
 *   Q2  A request with a routine signals no event.
 *   Q3  Of a begun request the client hears nothing until its call has returned, whichever thread sees it complete.
 *   Q4  Whatever the edge asks the model of itself is asked in the name of a thread of its own, under one lock, and
 *       never waits: threads and processes of the client may be inside calls, or end between requests_pause and
 *       requests_resume. */
#ifndef RESERVOIR_STACK_WINSOCK_REQUESTS_H
#define RESERVOIR_STACK_WINSOCK_REQUESTS_H

#include "stack/winsock/headers.h"

#include "stack/call/call.h"

enum { EDGE_REQUESTS_MAX = 256 };

/* What WSPIoctl was given. */
struct edge_request {
    SOCKET socket;
    LPWSAOVERLAPPED overlapped;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
    LPWSATHREADID thread; /* borrowed: copied at once; NULL: the calling thread, opened by an upcall */
};

/* The upcalls of the provider's client; kept from the first WSPStartup on. */
void requests_use(const WSPUPCALLTABLE *upcalls);

/* Puts an event of the model in the place of the caller's into the record of a call, and a routine of the edge in the
 * place of the caller's.
 * `overlapped`, `routine`: their places in the record. Returns a number for request_end; EDGE_REQUESTS_MAX when there
 * is nothing to replace; -1 when there is no room, after which request_end is not called. */
int request_begin(struct call *call, unsigned overlapped, unsigned routine, const struct edge_request *request);

/* The call has returned: it succeeded, it is pending, or neither. Passes on what has become of all requests, this one
 * among them, before any other thread does. */
void request_end(int number, bool succeeded, bool pending);

/* Passes on what has become of all open requests, and network events (selections.h). After every other call. */
void requests_pass_on(void);

/* In between nothing is passed on, so that processes and threads may end. */
void requests_pause(void);
void requests_resume(void);

/* The model's event in the place of the caller's, for a call that waits for the request of this OVERLAPPED. */
void request_translate(struct call *call, unsigned overlapped);

/* A socket of the calling process has a completion port, which is none of the model's. The model gives it one of its
 * own, so that it knows; the packets of that one are how requests without an event are known to be done. */
void requests_associate(SOCKET s);

/* Closes, while nothing is passed on, the model's objects that the edge has for the calling process, which has cleaned
 * up, and forgets its requests. Of a process that is gone they are gone with it. */
void requests_give_back(void);

/* Forgets, while nothing is passed on: the requests of a process that is gone; those whose routines only a thread could
 * have run that is gone; all. */
void requests_forget(uint32_t process);
void requests_forget_thread(uint32_t thread);
void requests_forget_all(void);

#endif
