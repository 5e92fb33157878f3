#include "stack/transport/sharing.h"

#include <assert.h>

#include "stack/errors.h"

enum option { DEFAULT, REUSE, EXCLUSIVE, OPTIONS };
enum breadth { WILDCARD, SPECIFIC, BREADTHS };

enum { OK = 0, IN_USE = WSAEADDRINUSE, DENIED = WSAEACCES };

/* [first option][first breadth][second option][second breadth], same user. */
/* clang-format off */
static const uint16_t same_user[OPTIONS][BREADTHS][OPTIONS][BREADTHS] = {
    /*              second: default W, S       reuse W, S          exclusive W, S */
    [DEFAULT] = {
        [WILDCARD] = { { IN_USE, OK },     { DENIED, OK },     { IN_USE, OK } },
        [SPECIFIC] = { { OK, IN_USE },     { OK, DENIED },     { IN_USE, IN_USE } } },
    [REUSE] = {
        [WILDCARD] = { { IN_USE, OK },     { OK, OK },         { IN_USE, OK } },
        [SPECIFIC] = { { OK, IN_USE },     { OK, OK },         { IN_USE, IN_USE } } },
    [EXCLUSIVE] = {
        [WILDCARD] = { { IN_USE, DENIED }, { DENIED, DENIED }, { IN_USE, DENIED } },
        [SPECIFIC] = { { OK, IN_USE },     { OK, DENIED },     { IN_USE, IN_USE } } },
};
/* clang-format on */

/* The two rows that differ when the sockets belong to different users. */
static const uint16_t default_wildcard_of_another[OPTIONS][BREADTHS] = { { IN_USE, DENIED },
                                                                         { DENIED, DENIED },
                                                                         { IN_USE, DENIED } };
static const uint16_t reuse_wildcard_of_another[OPTIONS][BREADTHS] = { { IN_USE, DENIED },
                                                                       { OK, OK },
                                                                       { IN_USE, DENIED } };

static enum option option_of(const struct socket_row *socket) {
    assert(!socket->reuse || !socket->exclusive); /* W89 */
    if (socket->exclusive) return EXCLUSIVE;
    return socket->reuse ? REUSE : DEFAULT;
}

static uint16_t cell(const struct socket_row *first, enum breadth first_breadth, const struct socket_row *second,
                     enum breadth second_breadth) {
    enum option first_option = option_of(first);
    enum option second_option = option_of(second);
    if (first->account != second->account && first_breadth == WILDCARD) {
        if (first_option == DEFAULT) return default_wildcard_of_another[second_option][second_breadth];
        if (first_option == REUSE) return reuse_wildcard_of_another[second_option][second_breadth];
    }
    return same_user[first_option][first_breadth][second_option][second_breadth];
}

/* A dual-stack socket on `::` takes both families; anything else lives in the family of its (unmapped) address. */
static bool is_dual_wildcard(const struct socket_row *socket, const struct endpoint *endpoint) {
    return socket->family == 6 && !socket->v6only && endpoint_is_wildcard(endpoint) && !endpoint_is_mapped(endpoint);
}

bool sharing_is_v4_after_dual(const struct socket_row *first, const struct socket_row *second,
                              const struct endpoint *wanted) {
    struct endpoint held = socket_endpoint(first);
    bool both_exclusive = first->exclusive && second->exclusive;
    return both_exclusive && is_dual_wildcard(first, &held) && second->family == 4 && endpoint_is_wildcard(wanted);
}

uint32_t sharing_outcome(const struct socket_row *first, const struct socket_row *second,
                         const struct endpoint *wanted) {
    assert(first->port == wanted->port);
    struct endpoint held = socket_endpoint(first);
    unsigned held_family = endpoint_unmapped(&held).family;
    unsigned wanted_family = endpoint_unmapped(wanted).family;
    bool held_dual = is_dual_wildcard(first, &held);
    bool wanted_dual = is_dual_wildcard(second, wanted);
    enum breadth held_breadth = endpoint_is_wildcard(&held) ? WILDCARD : SPECIFIC;
    enum breadth wanted_breadth = endpoint_is_wildcard(wanted) ? WILDCARD : SPECIFIC;
    if (held_dual != wanted_dual) {
        if (held_dual && wanted_family == 4) wanted_breadth = SPECIFIC;
        if (wanted_dual && held_family == 4) held_breadth = SPECIFIC;
    } else if (!held_dual && held_family != wanted_family) {
        return 0;
    }
    bool different = held_breadth == SPECIFIC && wanted_breadth == SPECIFIC && !endpoint_same_address(&held, wanted);
    return different ? 0 : cell(first, held_breadth, second, wanted_breadth);
}
