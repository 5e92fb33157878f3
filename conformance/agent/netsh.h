/* What netsh says about ports on a real Windows. Its words are translated in each edition, its numbers are not: of what
 * it lists only those are read. A listing is one when netsh ended in time and with status 0, and the text is whole: one
 * rule below a head, rows of the known shape, a line end after the last line. What a listing lacks is absent; what
 * anything else lacks is unknown. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NETSH_H
#define RESERVOIR_CONFORMANCE_AGENT_NETSH_H

#include <stdbool.h>
#include <stdint.h>

#include "conformance/language/tree.h"

enum {
    HOST_EXCLUSIONS_MAX = 256,
    NETSH_LIMIT_MS = 10000, /* of one run, which is ended then */
};

/* `count` ports from `first` on. */
struct port_range {
    unsigned first, count;
};

/* A range of ports that netsh lists as excluded. */
struct host_exclusion {
    enum transport transport;
    uint32_t first, last;
    bool administered;
};

/* `netsh int ipv4 show dynamicport`, or ipv6, of the active store where none is named. False when it does not tell.
 * `said` gets what it said, and has room for NETSH_TEXT_MAX bytes. May be called by several threads. */
enum { NETSH_TEXT_MAX = 32 * 1024 };
bool netsh_dynamic_range_in(enum netsh_family family, enum transport transport, enum netsh_store store, char *said,
                            uint32_t *first, uint32_t *last);
bool netsh_dynamic_range(enum transport transport, uint32_t *first, uint32_t *last);

/* `netsh int ipv4 show excludedportrange`, of one of its stores: at most `room` of them. False when it does not tell,
 * or has more. `said` as above. May be called by several threads. */
bool netsh_exclusions_in(enum netsh_family family, enum transport transport, enum netsh_store store, char *said,
                         struct host_exclusion *out, unsigned room, unsigned *count);
bool netsh_exclusions(enum transport transport, enum netsh_store store, struct host_exclusion *out, unsigned room,
                      unsigned *count);

/* Of such a listing, those that meet the ports. */
bool netsh_exclusions_of(enum transport transport, enum netsh_store store, struct port_range ports,
                         struct host_exclusion *out, unsigned room, unsigned *count);

/* `netsh int ipv4 VERB excludedportrange`, VERB being add or delete: what it said (NETSH_TEXT_MAX bytes), and whether
 * it succeeded. False when it cannot be run, or did not end in time. May be called by several threads. */
bool netsh_change(const char *verb, enum transport transport, unsigned first, unsigned count, const char *store,
                  char *said, bool *succeeded);

/* Does netsh's text hold these words of the system's? How many bytes of them, 0 when not. Line ends and blanks count as
 * one blank, and a full stop at the end of the words not at all: netsh may read on where the system stops. Both are
 * UTF-8; full-width forms, typographic apostrophes, dashes and hard blanks count as their plain likenesses, marks of
 * direction not at all. */
size_t netsh_says(const char *text, const char *words);

/* The two readers of its listings, which know nothing of processes, and take characters as netsh_says() does. False:
 * what it said is no whole listing. */
bool netsh_read_dynamic_range(const char *said, uint32_t *first, uint32_t *last);
bool netsh_read_exclusions(const char *said, enum transport transport, struct host_exclusion *out, unsigned room,
                           unsigned *count);

#endif
