#include "stack/ports/persistent.h"

#include <assert.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/port_store.h"
#include "stack/system/handles.h"
#include "stack/system/privilege.h"

/* Arguments: the same of all six functions. */
enum {
    START_PORT = CreatePersistentTcpPortReservation_StartPort,
    NUMBER_OF_PORTS = CreatePersistentTcpPortReservation_NumberOfPorts,
    TOKEN_OUT = CreatePersistentTcpPortReservation_Token,
};
#define TAKES_A_BLOCK(function) \
    _Static_assert((int)function##_StartPort == START_PORT && (int)function##_NumberOfPorts == NUMBER_OF_PORTS, \
                   #function)
#define GIVES_A_TOKEN(function) _Static_assert((int)function##_Token == TOKEN_OUT, #function)
TAKES_A_BLOCK(CreatePersistentUdpPortReservation);
TAKES_A_BLOCK(DeletePersistentTcpPortReservation);
TAKES_A_BLOCK(DeletePersistentUdpPortReservation);
TAKES_A_BLOCK(LookupPersistentTcpPortReservation);
TAKES_A_BLOCK(LookupPersistentUdpPortReservation);
GIVES_A_TOKEN(CreatePersistentUdpPortReservation);
GIVES_A_TOKEN(LookupPersistentTcpPortReservation);
GIVES_A_TOKEN(LookupPersistentUdpPortReservation);

enum { TOKEN_BYTES = PORT_TOKEN_SIZE };

/* What a delay-loaded import raises that is not there: facility 0x6D, ERROR_PROC_NOT_FOUND. */
#define DELAY_LOAD_PROC_NOT_FOUND 0xC06D007F

/* What a call asks for. */
struct block {
    enum protocol protocol;
    unsigned first, count; /* host order */
};

/* StartPort is a number whose bytes, as they lie in memory, are in network order (T4.2.1). */
static struct block block_of(const struct call *call, enum protocol protocol) {
    uint8_t bytes[2];
    store_u16(bytes, (uint16_t)call->arguments[START_PORT]);
    return (struct block){ .protocol = protocol,
                           .first = load_u16_network(bytes),
                           .count = (uint16_t)call->arguments[NUMBER_OF_PORTS] };
}

/* --- finding ------------------------------------------------------------------------------------------------------ */

static bool is_persistent(const struct reservation *row, enum protocol protocol) {
    return row->kind == RESERVATION_PERSISTENT && row->protocol == protocol;
}

static bool overlaps(const struct reservation *row, const struct block *block) {
    return row->first < block->first + block->count && block->first < row->first + row->count;
}

static unsigned exact_block(const struct world *world, const struct block *block) {
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (is_persistent(row, block->protocol) && row->first == block->first && row->count == block->count) return i;
    }
    return NO_ROW;
}

static unsigned covering_block(const struct world *world, const struct block *block) {
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (!is_persistent(row, block->protocol)) continue;
        if (row->first <= block->first && block->first + block->count <= row->first + row->count) return i;
    }
    return NO_ROW;
}

/* The first persistent reservation from row `from` on that overlaps the block, or NO_ROW. */
static unsigned overlapping_block(const struct world *world, const struct block *block, unsigned from) {
    for (unsigned i = from; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        if (is_persistent(row, block->protocol) && overlaps(row, block)) return i;
    }
    return NO_ROW;
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

/* Q93: does a token from before the restart still hold? */
static bool old_token_holds(struct context *context) {
    enum { NEW, KEPT, OUTCOMES };
    unsigned which = reading(context, Q93_TOKENS_AFTER_RESTART);
    if (which != Q93_EITHER) return which == Q93_STAY;
    unsigned outcome = choose(context->chooser, CHOICE_RESTART, OUTCOMES);
    return outcome == KEPT;
}

unsigned persistent_find_token(struct context *context, enum protocol protocol, uint64_t token) {
    unsigned found = pool_find_token(context->world, protocol, token);
    if (found != NO_ROW || token == 0) return found;
    unsigned old = pool_find_old_token(context->world, protocol, token);
    if (old == NO_ROW) return NO_ROW;
    bool holds = old_token_holds(context);
    world_reservation(context->world, old)->token_state = holds ? TOKEN_REPORTED : TOKEN_CHANGED;
    return holds ? old : (unsigned)NO_ROW;
}

/* The token that Lookup reports: Q68 within one boot, Q93 after a restart. */
static void settle_token(struct context *context, unsigned reservation) {
    struct reservation *row = world_reservation(context->world, reservation);
    if (row->token_state == TOKEN_REPORTED) {
        if (reading(context, Q68_TOKENS_IN_ONE_BOOT) == Q68_CHANGING)
            reservation_give_token(context->world, context->chooser, reservation, true);
    } else if (row->token_state == TOKEN_CHANGED) {
        reservation_give_token(context->world, context->chooser, reservation, false);
    } else {
        unsigned which = reading(context, Q93_TOKENS_AFTER_RESTART);
        if (which == Q93_STAY) row->token_state = TOKEN_REPORTED;
        else reservation_give_token(context->world, context->chooser, reservation, which == Q93_EITHER);
    }
}

/* --- ends of a call ----------------------------------------------------------------------------------------------- */

static bool token_is_writable(const struct context *context) {
    return call_range_holds(context->call, TOKEN_OUT, TOKEN_BYTES) &&
           context->call->ranges[TOKEN_OUT].state != RANGE_NULL;
}

/* The error is the value; the thread's last error stays. `tells`: the function has a Token to store. */
static void refuse(struct context *context, uint32_t error, bool tells) {
    enum { LEFT, ZERO, OUTCOMES };
    static const uint8_t zero[TOKEN_BYTES] = { 0 };
    assert(error != 0);
    context->result->value = error;
    context->result->error = ERROR_UNTOUCHED;
    if (!tells || !token_is_writable(context)) return;
    unsigned left = choose(context->chooser, CHOICE_TOKEN_LEFT, OUTCOMES);
    if (left == ZERO) result_write(context->result, context->call->arguments[TOKEN_OUT], zero, sizeof zero);
}

static void raise_exception(struct context *context) {
    context->result->status = RESULT_FAULT;
    context->result->error = STATUS_ACCESS_VIOLATION;
}

/* REM-01, Q104: before Vista there are no such functions. The exception is the one that the delay loader raises. */
static bool refused_before_vista(struct context *context) {
    uint32_t build = context->world->build;
    if (build == 0 || build >= BUILD_VISTA) return false;
    if (reading(context, Q104_PERSISTENT_BEFORE_VISTA) == Q104_PROC_NOT_FOUND) {
        refuse(context, ERROR_PROC_NOT_FOUND, false);
    } else {
        context->result->status = RESULT_FAULT;
        context->result->error = DELAY_LOAD_PROC_NOT_FOUND;
    }
    return true;
}

static void tell_token(struct context *context, unsigned reservation) {
    const struct reservation *row = world_reservation(context->world, reservation);
    uint8_t bytes[TOKEN_BYTES];
    assert(row->token_state == TOKEN_REPORTED);
    store_u64(bytes, row->token);
    result_write(context->result, context->call->arguments[TOKEN_OUT], bytes, sizeof bytes);
    succeed(context, 0);
}

/* --- arguments and privilege -------------------------------------------------------------------------------------- */

/* Q21: where a block of Create may end. */
static void violate_end(struct context *context, const struct block *block, struct violations *violations) {
    unsigned end = block->first + block->count;
    bool past_dynamic = end > context->world->dynamic_last[block->protocol] + 1u;
    if (block->first == 0 || !past_dynamic) return;
    unsigned which = reading(context, Q21_PERSISTENT_TOO_LARGE);
    if (end > PORTS_END)
        violate(violations, which == Q21_SHARING_PAST_65535 ? ERROR_SHARING_VIOLATION : ERROR_INVALID_PARAMETER);
    else if (which == Q21_INVALID_PAST_DYNAMIC) violate(violations, ERROR_INVALID_PARAMETER);
}

static void violate_zeros(struct context *context, const struct block *block, bool creates,
                          struct violations *violations) {
    if (block->first == 0 && !(creates && reading(context, Q20_PERSISTENT_PORT_0) == Q20_WILDCARD))
        violate(violations, ERROR_INVALID_PARAMETER);
    violate_if(violations, block->count == 0, ERROR_INVALID_PARAMETER);
}

/* What is wrong with the arguments, or with the caller; 0. Q22 says which of the two is reported. */
static uint32_t first_error(struct context *context, const struct violations *arguments, bool allowed) {
    if (allowed) return violation_chosen(context, arguments);
    if (arguments->count == 0 || reading(context, Q22_ARGUMENT_OR_ACCESS) == Q22_ACCESS_FIRST)
        return ERROR_ACCESS_DENIED;
    return violation_chosen(context, arguments);
}

/* --- Create ------------------------------------------------------------------------------------------------------- */

bool persistent_port_is_bound(struct context *context, enum protocol protocol, unsigned port) {
    const struct port_space both = { .protocol = protocol, .families = FAMILY_BOTH };
    const struct port_space v4 = { .protocol = protocol, .families = FAMILY_V4 };
    const struct port_space v6 = { .protocol = protocol, .families = FAMILY_V6 };
    if (!pool_port_bound(context->world, both, port)) return false;
    bool in_both = pool_port_bound(context->world, v4, port) && pool_port_bound(context->world, v6, port);
    return in_both || reading(context, Q33_PERSISTENT_OVER_ONE_FAMILY) == Q33_SHARING_VIOLATION;
}

/* Q31, Q32: the port is held in another way. */
static bool holding_conflicts(struct context *context, struct port_space both, unsigned port) {
    const struct world *world = context->world;
    unsigned exclusion = pool_exclusion_at(world, both.protocol, port);
    unsigned reservation = pool_reservation_at(world, both, port);
    if (reservation != NO_ROW && reading(context, Q31_PERSISTENT_OVER_RUNTIME) == Q31_SHARING_VIOLATION) return true;
    if (exclusion == NO_ROW) return false;
    return !world_exclusion_at(world, exclusion)->administered ||
           reading(context, Q32_PERSISTENT_OVER_EXCLUSION) == Q32_SHARING_VIOLATION;
}

static uint32_t conflict_of(struct context *context, const struct block *block) {
    struct port_space both = { .protocol = block->protocol, .families = FAMILY_BOTH };
    if (overlapping_block(context->world, block, 0) != NO_ROW) return ERROR_SHARING_VIOLATION;
    for (unsigned port = block->first; port < block->first + block->count; port++)
        if (holding_conflicts(context, both, port) || persistent_port_is_bound(context, block->protocol, port))
            return ERROR_SHARING_VIOLATION;
    return 0;
}

/* Q20=b: StartPort 0 takes the lowest free block of the dynamic range. */
static uint32_t place(struct context *context, struct block *block) {
    const struct world *world = context->world;
    struct port_space both = { .protocol = block->protocol, .families = FAMILY_BOTH };
    if (block->first != 0) return conflict_of(context, block);
    unsigned last = world->dynamic_last[block->protocol];
    unsigned first = pool_next_run(world, both, world->dynamic_first[block->protocol], last, block->count);
    block->first = first == PORTS_END ? 0 : first;
    return first == PORTS_END ? ERROR_SHARING_VIOLATION : 0;
}

static uint32_t create_unfit(struct context *context, struct block *block) {
    struct violations violations = { 0 };
    violate_zeros(context, block, true, &violations);
    violate_end(context, block, &violations);
    if (!token_is_writable(context) && reading(context, Q91_BAD_TOKEN_POINTER) == Q91_INVALID_PARAMETER)
        violate(&violations, ERROR_INVALID_PARAMETER);
    bool may_create = may_use_persistent(context);
    uint32_t error = first_error(context, &violations, may_create);
    if (error != 0) return error;
    bool room = !context->world->no_memory && port_store_has_room(context->world, block->protocol, 1);
    return room ? place(context, block) : (uint32_t)ERROR_NOT_ENOUGH_MEMORY;
}

static void create(struct context *context, enum protocol protocol) {
    if (refused_before_vista(context)) return;
    struct block block = block_of(context->call, protocol);
    uint32_t error = create_unfit(context, &block);
    if (error == 0 && !token_is_writable(context)) {
        raise_exception(context);
        return;
    }
    unsigned made = NO_ROW;
    if (error == 0) {
        made = reservation_persist(context->world, protocol, block.first, block.count);
        if (made == NO_ROW) error = ERROR_NOT_ENOUGH_MEMORY;
    }
    if (error != 0) {
        refuse(context, error, true);
        return;
    }
    port_store_save(context->world, context->chooser, protocol);
    if (port_store_power_is_lost(context)) return;
    reservation_give_token(context->world, context->chooser, made, false);
    tell_token(context, made);
}

/* --- Delete ------------------------------------------------------------------------------------------------------- */

void persistent_delete(struct context *context, unsigned reservation) {
    const struct reservation row = *world_reservation(context->world, reservation);
    assert(row.kind == RESERVATION_PERSISTENT);
    reservation_drop(context->world, reservation);
    port_store_save(context->world, context->chooser, (enum protocol)row.protocol);
}

/* Q63=b: what is left of one block. The part before keeps the token, and so does the part after it when there is no
 * other; else that becomes a block of its own, as far as there is room. */
static void cut(struct context *context, unsigned reservation, const struct block *block) {
    struct world *world = context->world;
    const struct reservation row = *world_reservation(world, reservation);
    unsigned end = row.first + row.count, cut_end = block->first + block->count;
    unsigned before = block->first > row.first ? block->first - row.first : 0;
    unsigned behind = end > cut_end ? end - cut_end : 0;
    if (before > 0) reservation_narrow(world, reservation, row.first, before);
    else if (behind > 0) reservation_narrow(world, reservation, cut_end, behind);
    else reservation_drop(world, reservation);
    if (before == 0 || behind == 0 || !port_store_has_room(world, block->protocol, 1)) return;
    (void)reservation_persist(world, block->protocol, cut_end, behind);
}

static bool in_use(const struct world *world, const struct block *block) {
    for (unsigned i = overlapping_block(world, block, 0); i != NO_ROW; i = overlapping_block(world, block, i + 1))
        if (pool_reservation_associated(world, i)) return true;
    return false;
}

/* Q100: netsh's exclusion of exactly these ports, in the same store. */
static uint32_t delete_exclusion(struct context *context, const struct block *block) {
    struct world *world = context->world;
    unsigned last = block->first + block->count - 1;
    unsigned exclusion = exclusion_exact(world, block->protocol, block->first, last);
    bool stored = exclusion != NO_ROW && world_exclusion(world, exclusion)->stored;
    if (!stored || reading(context, Q100_EACH_OTHERS_ENTRIES) == Q100_KEPT) return ERROR_NOT_FOUND;
    exclusion_change(world, exclusion, EXCLUSION_FREE, false);
    port_store_save(world, context->chooser, block->protocol);
    return 0;
}

/* NO_ERROR, and the block is gone; or why not. */
static uint32_t delete_block(struct context *context, const struct block *block) {
    struct world *world = context->world;
    unsigned exact = exact_block(world, block);
    unsigned overlapping = overlapping_block(world, block, 0);
    if (overlapping == NO_ROW) return delete_exclusion(context, block);
    if (exact == NO_ROW && reading(context, Q63_DELETE_PART) == Q63_NOT_FOUND) return ERROR_NOT_FOUND;
    if (in_use(world, block) && reading(context, Q64_DELETE_IN_USE) == Q64_SHARING_VIOLATION)
        return ERROR_SHARING_VIOLATION;
    for (unsigned i = overlapping; i != NO_ROW; i = overlapping_block(world, block, 0)) cut(context, i, block);
    port_store_save(world, context->chooser, block->protocol);
    return 0;
}

uint32_t persistent_delete_ports(struct context *context, enum protocol protocol, unsigned first, unsigned count) {
    const struct block block = { .protocol = protocol, .first = first, .count = count };
    assert(first > 0 && count > 0);
    return delete_block(context, &block);
}

static void delete (struct context *context, enum protocol protocol) {
    if (refused_before_vista(context)) return;
    const struct block block = block_of(context->call, protocol);
    struct violations violations = { 0 };
    violate_zeros(context, &block, false, &violations);
    bool may_delete = may_use_persistent(context);
    uint32_t error = first_error(context, &violations, may_delete);
    if (error == 0) error = delete_block(context, &block);
    if (port_store_power_is_lost(context)) return;
    if (error != 0) refuse(context, error, false);
    else succeed(context, 0);
}

/* --- Lookup ------------------------------------------------------------------------------------------------------- */

static bool may_look_up(struct context *context) {
    return reading(context, Q66_LOOKUP_PRIVILEGE) == Q66_UNCHECKED || may_use_persistent(context);
}

static unsigned look_up(struct context *context, const struct block *block) {
    unsigned exact = exact_block(context->world, block);
    if (exact != NO_ROW) return exact;
    unsigned covering = covering_block(context->world, block);
    if (covering == NO_ROW || reading(context, Q67_LOOKUP_PART) == Q67_NOT_FOUND) return NO_ROW;
    return covering;
}

static void tell(struct context *context, enum protocol protocol) {
    if (refused_before_vista(context)) return;
    const struct block block = block_of(context->call, protocol);
    struct violations violations = { 0 };
    bool writable = token_is_writable(context);
    violate_zeros(context, &block, false, &violations);
    if (!writable && reading(context, Q91_BAD_TOKEN_POINTER) == Q91_INVALID_PARAMETER)
        violate(&violations, ERROR_INVALID_PARAMETER);
    uint32_t error = first_error(context, &violations, may_look_up(context));
    unsigned found = error == 0 ? look_up(context, &block) : (unsigned)NO_ROW;
    if (error == 0 && found == NO_ROW) error = ERROR_NOT_FOUND;
    if (error != 0) {
        refuse(context, error, true);
    } else if (!writable) {
        raise_exception(context);
    } else {
        settle_token(context, found);
        tell_token(context, found);
    }
}

/* --- the six ------------------------------------------------------------------------------------------------------ */

void call_CreatePersistentTcpPortReservation(struct context *context) { create(context, PROTOCOL_TCP); }
void call_CreatePersistentUdpPortReservation(struct context *context) { create(context, PROTOCOL_UDP); }
void call_DeletePersistentTcpPortReservation(struct context *context) { delete (context, PROTOCOL_TCP); }
void call_DeletePersistentUdpPortReservation(struct context *context) { delete (context, PROTOCOL_UDP); }
void call_LookupPersistentTcpPortReservation(struct context *context) { tell(context, PROTOCOL_TCP); }
void call_LookupPersistentUdpPortReservation(struct context *context) { tell(context, PROTOCOL_UDP); }
