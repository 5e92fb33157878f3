/* netsh's two commands about the dynamic range (`netsh interface ipv4|ipv6 show|set dynamicport`), run by the calling
 * process with its token, as those about excluded ranges are (netsh.c).
 *
 * ONE REASON FOR EACH ERROR. set: ERROR_INVALID_PARAMETER for a range that ends past port 65535, has fewer than 255
 * ports (T8.3.4), or begins too low (Q141); ERROR_ELEVATION_REQUIRED or ERROR_ACCESS_DENIED for a process without the
 * privilege (Q101). Which of the two kinds comes first is unknown. Whether it sets both families' ranges is Q142. show
 * cannot fail: it stores the first port (4) and how many there are (4), little-endian. */
#include "stack/errors.h"
#include "stack/ports/dynamic_range.h"
#include "stack/ports/pool.h"
#include "stack/system/context.h"
#include "stack/system/privilege.h"

enum {
    IPPROTO_NUMBER_OF_UDP = 17,
    PORTS_MIN = 255,
    START_MIN = 1024, /* where the registered ports begin; no source has a range below them */
};

static enum protocol protocol_of(uint64_t argument) {
    return argument == IPPROTO_NUMBER_OF_UDP ? PROTOCOL_UDP : PROTOCOL_TCP;
}

/* netsh is a program of its own: the caller's last error stays as it is. */
static void end(struct context *context, uint32_t error) {
    context->result->value = error;
    context->result->error = ERROR_UNTOUCHED;
}

void call_netsh_show_dynamicport(struct context *context) {
    const struct call *call = context->call;
    const enum protocol protocol = protocol_of(call->arguments[netsh_show_dynamicport_protocol]);
    const bool v6 = call->arguments[netsh_show_dynamicport_family] == NETSH_IPV6;
    const struct dynamic_range range = call->arguments[netsh_show_dynamicport_store] == NETSH_ACTIVE
                                           ? dynamic_range_shown(context->world, protocol, v6)
                                           : dynamic_range_stored(context->world, protocol, v6);
    uint8_t bytes[NETSH_RANGE_SIZE];
    store_u32(bytes, range.first);
    store_u32(bytes + 4, range.last - range.first + 1);
    result_write(context->result, call->arguments[netsh_show_dynamicport_range], bytes, sizeof bytes);
    end(context, 0);
}

/* Q141 matters for one number alone. */
static bool begins_too_low(struct context *context, unsigned first) {
    if (first != START_MIN) return first < START_MIN;
    return reading(context, Q141_DYNAMIC_START) == Q141_FROM_1025;
}

/* ERROR_INVALID_PARAMETER; ERROR_ELEVATION_REQUIRED or ERROR_ACCESS_DENIED (Q101): parallel. */
static uint32_t unfit(struct context *context, unsigned first, unsigned count) {
    struct violations violations = { 0 };
    bool fits = count >= PORTS_MIN && first + count <= PORTS_END && !begins_too_low(context, first);
    violate_if(&violations, !fits, ERROR_INVALID_PARAMETER);
    if (!may_run_netsh(context))
        violate(&violations, reading(context, Q101_NETSH_PRIVILEGE) == Q101_ELEVATION_REQUIRED
                                 ? ERROR_ELEVATION_REQUIRED
                                 : ERROR_ACCESS_DENIED);
    return violation_chosen(context, &violations);
}

static bool has_range(const struct world *world, enum protocol protocol, bool v6, struct dynamic_range range) {
    const struct dynamic_range shown = dynamic_range_shown(world, protocol, v6),
                               stored = dynamic_range_stored(world, protocol, v6);
    return shown.first == range.first && shown.last == range.last && stored.first == range.first &&
           stored.last == range.last;
}

void call_netsh_set_dynamicport(struct context *context) {
    const uint64_t *arguments = context->call->arguments;
    const enum protocol protocol = protocol_of(arguments[netsh_set_dynamicport_protocol]);
    const bool v6 = arguments[netsh_set_dynamicport_family] == NETSH_IPV6;
    const bool stores = arguments[netsh_set_dynamicport_store] == NETSH_PERSISTENT;
    unsigned first = (uint16_t)arguments[netsh_set_dynamicport_startport],
             count = (uint16_t)arguments[netsh_set_dynamicport_numberofports];
    uint32_t error = unfit(context, first, count);
    if (error == 0) {
        const struct dynamic_range range = { first, first + count - 1 };
        dynamic_range_move(context->world, protocol, v6, range, stores);
        if (!has_range(context->world, protocol, !v6, range) && reading(context, Q142_DYNAMIC_FAMILIES) == Q142_BOTH)
            dynamic_range_move(context->world, protocol, !v6, range, stores);
    }
    end(context, error);
}
