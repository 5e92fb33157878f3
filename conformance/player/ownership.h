/* Whose memory it is, line by line of a scenario: from the line that begins a request to the line that learns of its
 * end, its OVERLAPPED and its output buffer are the system's. What a scenario does to them meanwhile is said with both
 * lines:
 *
 *   used again     another request with the same OVERLAPPED
 *   read           its output buffer, as input or by `show`. A look at the OVERLAPPED itself is allowed: Internal says
 *                  whether the request has ended
 *   freed          its OVERLAPPED or its output buffer is freed
 *   event closed   its event is closed
 *   forgotten      its socket is closed, and no line learns of the end
 *   stale          a socket that is closed is used when another handle was made since: the system gives values again
 *   used freed     an OVERLAPPED or a buffer that was freed is used, or looked at
 *   misread        a packet of a failed request is taken for a time-out: the line allows no failure but that
 *
 * The end is learnt of by what reports it: the routine that runs; the packet that is taken, where the socket has a
 * completion port; else the event, or an answer of WSAGetOverlappedResult other than that it is not complete.
 *
 * TRANSITIONS (request)
 *   free --ownership_after (it pends, or ended at once and is still to be reported)--> owned
 *   owned --ownership_after (its end is learnt of), ownership_event--> free */
#ifndef RESERVOIR_CONFORMANCE_OWNERSHIP_H
#define RESERVOIR_CONFORMANCE_OWNERSHIP_H

#include "conformance/base/reason.h"
#include "conformance/session/session.h"
#include "stack/call/kernel_memory.h"

enum { OWNED_MAX = 16, ATTACHED_MAX = 16 };

/* Plain data, so that it can be part of a state. Where it follows nothing, its members from `owned` on are
 * undefined. */
struct ownership {
    uint32_t follows;                   /* the scenario has lines that can misuse memory: 0 or 1 */
    uint32_t owned_used, attached_used; /* from these rows on all are free, and before them the last is not */
    uint32_t misuse_line;               /* the first misuse: its line, 0: there was none */
    struct owned_memory {
        struct kernel_memory memory;
        uint64_t socket, event;
        uint32_t line;        /* that began it; 0: free */
        uint32_t closed_line; /* that closed its socket */
        uint16_t process;
        uint8_t by_routine, by_packet; /* how its end is reported */
        uint8_t padding[4];
    } owned[OWNED_MAX];
    struct attached_socket {
        uint64_t socket; /* that was attached to a completion port */
        uint16_t process;
        uint8_t skips; /* no packet for a success at once */
        uint8_t there;
        uint8_t padding[4];
    } attached[ATTACHED_MAX];
    uint32_t closed_lines[NAMES_MAX]; /* that closed the socket of this name, or 0 */
    uint32_t freed_lines[NAMES_MAX];  /* that freed the memory of this name, or 0 */
    struct reason misuse;             /* what misuse_line does, with the other line */
};

/* An instance begins. Most have no line that could misuse memory, in whatever order they are played: no request with an
 * OVERLAPPED, no `free`, no closed socket that is used again. Then nothing is followed, and what is below returns at
 * once. */
void ownership_begin(struct ownership *ownership, const struct scenario *scenario);

/* A line is about to make a call, with the names as the session has them. */
void ownership_before(struct ownership *ownership, const struct session *session, const struct scenario *scenario,
                      const struct step *step, const struct call *call);

/* The call has returned (RESULT_RETURNED), there or in the line `returns`, which is `step` then. */
void ownership_after(struct ownership *ownership, const struct step *step, const struct call *call,
                     const struct result *result);

/* These have run while the line's call blocks, or when it returned. */
void ownership_ran(struct ownership *ownership, const struct step *step, const struct result *result);

/* A line looks at a buffer or an OVERLAPPED at this address; `pending`: it is an OVERLAPPED that is not complete. */
void ownership_look(struct ownership *ownership, const struct step *step, uint64_t address, bool pending);

/* A line frees the OVERLAPPED or the buffer at this address. */
void ownership_free(struct ownership *ownership, const struct step *step, uint64_t address);

/* A process, a thread or the machine ends: what they have issued is no one's any more. */
void ownership_event(struct ownership *ownership, const struct step *step);

/* The scenario is over: what was closed and never learnt of is forgotten. */
void ownership_end(struct ownership *ownership);

#endif
