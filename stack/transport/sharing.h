/* Who may bind beside whom: SO_REUSEADDR, SO_EXCLUSIVEADDRUSE, wildcard and specific addresses, users, families.
 *
 * Source: the documented table for Windows Server 2003 and later (T8.1), which W84-W93 confirm cell by cell where
 * they look. A dual-stack wildcard stands to any IPv4 address as a wildcard stands to a specific address (W90, W91,
 * W93); a mapped address is the IPv4 address that it maps (W91, W93). */
#ifndef RESERVOIR_STACK_TRANSPORT_SHARING_H
#define RESERVOIR_STACK_TRANSPORT_SHARING_H

#include "stack/transport/wire/address.h"

/* What a second bind gets: 0, WSAEADDRINUSE or WSAEACCES. `second` has its options set and is about to be bound to
 * `wanted`; `first` is bound to the same port of the same protocol. */
uint32_t sharing_outcome(const struct socket_row *first, const struct socket_row *second,
                         const struct endpoint *wanted);

/* Is that the outcome of an IPv4 socket on its wildcard after a dual-stack one on its own, both exclusive (Q126)? */
bool sharing_is_v4_after_dual(const struct socket_row *first, const struct socket_row *second,
                              const struct endpoint *wanted);

#endif
