#include "conformance/agent/changes.h"

#include <assert.h>

#include "stack/call/signature.h"

enum { TCP, UDP, PORT_MAX = 0xFFFF };

/* --- calls -------------------------------------------------------------------------------------------------------- */

static enum lasting lasting_of(unsigned function) {
    return function == FUNCTION_NONE ? LASTS_NOT : (enum lasting)signature_of((enum function)function)->lasting;
}

enum change_verb change_verb_of(unsigned function) {
    switch (lasting_of(function)) {
    case LASTS_MAKES_RESERVATION:
    case LASTS_MAKES_EXCLUSION: return CHANGE_MAKE;
    case LASTS_DELETES_RESERVATION:
    case LASTS_DELETES_EXCLUSION: return CHANGE_DELETE;
    case LASTS_NOT:
    case LASTS_MOVES_DYNAMIC_RANGE: break;
    }
    return CHANGE_NONE;
}

/* StartPort's bytes lie in network order. */
static USHORT swapped(unsigned port) { return (USHORT)((port & 0xff) << 8 | (port >> 8 & 0xff)); }

/* The argument of this kind, which such a function has. */
static unsigned argument_of(const struct call *call, enum parameter_kind kind) {
    int parameter = signature_parameter_of_kind(signature_of((enum function)call->function), kind);
    assert(parameter >= 0);
    return (unsigned)call->arguments[parameter];
}

struct journal_block change_block_of(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    enum lasting lasting = lasting_of(call->function);
    assert(change_verb_of(call->function) != CHANGE_NONE);
    unsigned count = argument_of(call, PARAMETER_U16);
    if (lasting == LASTS_MAKES_EXCLUSION || lasting == LASTS_DELETES_EXCLUSION) {
        unsigned protocol = argument_of(call, PARAMETER_TRANSPORT) == TRANSPORT_UDP ? UDP : TCP;
        unsigned first = argument_of(call, PARAMETER_PORT_NUMBER);
        if (first <= PORT_MAX && count > PORT_MAX + 1 - first)
            count = PORT_MAX + 1 - first; /* there are no more ports */
        return (struct journal_block){ JOURNAL_EXCLUSION, protocol, first, count };
    }
    unsigned protocol = (signature->traits & TRAIT_UDP) != 0 ? UDP : TCP;
    return (struct journal_block){ JOURNAL_RESERVATION, protocol, swapped(argument_of(call, PARAMETER_PORT)),
                                   (USHORT)count };
}

/* --- asking and deleting ------------------------------------------------------------------------------------------ */

enum { STORES = 2, ROWS_MAX = CHANGE_ROWS_MAX / STORES };
static const enum netsh_store stores[STORES] = { NETSH_PERSISTENT,
                                                 NETSH_ACTIVE }; /* what is deleted there goes from the other */

static enum transport transport_of(const struct journal_block *block) {
    return block->protocol == UDP ? TRANSPORT_UDP : TRANSPORT_TCP;
}

static bool lies_within(const struct host_exclusion *row, const struct journal_block *block) {
    return row->first >= block->first && row->last < block->first + block->count;
}

static bool list(const struct windows_functions *functions, const struct journal_block *block, unsigned store,
                 struct host_exclusion rows[ROWS_MAX], unsigned *count) {
    const struct port_range ports = { block->first, block->count };
    return functions->exclusions != NULL &&
           functions->exclusions(transport_of(block), stores[store], ports, rows, ROWS_MAX, count);
}

static enum change_presence look_up_exclusion(const struct windows_functions *functions,
                                              const struct journal_block *block) {
    bool within = false, beyond = false;
    for (unsigned store = 0; store < STORES; store++) {
        struct host_exclusion rows[ROWS_MAX];
        unsigned count = 0;
        if (!list(functions, block, store, rows, &count)) return CHANGE_UNKNOWN;
        for (unsigned i = 0; i < count; i++) {
            within |= rows[i].administered && lies_within(&rows[i], block);
            beyond |= rows[i].administered && !lies_within(&rows[i], block);
        }
    }
    return beyond ? CHANGE_BEYOND : within ? CHANGE_THERE : CHANGE_ABSENT;
}

/* Row by row, as the listing has them: part of an exclusion may have been deleted. What netsh says to each is not
 * asked, the listing that follows decides. */
static void delete_exclusion(const struct windows_functions *functions, const struct journal_block *block) {
    for (unsigned store = 0; store < STORES; store++) {
        struct host_exclusion rows[ROWS_MAX];
        unsigned count = 0;
        if (!list(functions, block, store, rows, &count)) return;
        for (unsigned i = 0; i < count; i++) {
            if (!rows[i].administered || !lies_within(&rows[i], block)) continue;
            functions->netsh_delete_excludedportrange(transport_of(block), rows[i].first,
                                                      rows[i].last - rows[i].first + 1, stores[store]);
        }
    }
}

static enum change_presence presence_of(ULONG error) {
    switch (error) {
    case NO_ERROR: return CHANGE_THERE;
    case ERROR_NOT_FOUND: return CHANGE_ABSENT;
    case ERROR_PROC_NOT_FOUND: return CHANGE_MISSING;
    default: return CHANGE_UNKNOWN;
    }
}

/* Asks a few times: a failure may pass, and what is unknown before a call cannot be distinguished
 * from what it makes. */
static enum change_presence look_up_reservation(const struct windows_functions *functions,
                                                const struct journal_block *block) {
    enum { ASKS_MAX = 5 };
    ULONG64 token = 0;
    USHORT first = swapped(block->first), count = (USHORT)block->count;
    enum change_presence there = CHANGE_UNKNOWN;
    for (unsigned asks = 0; there == CHANGE_UNKNOWN && asks < ASKS_MAX; asks++)
        there =
            presence_of(block->protocol == UDP ? functions->LookupPersistentUdpPortReservation(first, count, &token)
                                               : functions->LookupPersistentTcpPortReservation(first, count, &token));
    return there;
}

static void delete_reservation(const struct windows_functions *functions, const struct journal_block *block) {
    USHORT first = swapped(block->first), count = (USHORT)block->count;
    if (block->protocol == UDP) functions->DeletePersistentUdpPortReservation(first, count);
    else functions->DeletePersistentTcpPortReservation(first, count);
}

static enum change_presence look_up(const struct windows_functions *functions, const struct journal_block *block) {
    switch ((enum journal_kind)block->kind) {
    case JOURNAL_RESERVATION: return look_up_reservation(functions, block);
    case JOURNAL_EXCLUSION: return look_up_exclusion(functions, block);
    case JOURNAL_PORTS: return CHANGE_ABSENT; /* of a stopped scenario: a note alone */
    case JOURNAL_KINDS_COUNT: break;
    }
    assert(!"a block of no kind");
    return CHANGE_UNKNOWN;
}

static void begin_as_agent(const struct windows_functions *functions) {
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
}

enum change_presence change_look_up(const struct windows_functions *functions, const struct journal_block *block) {
    begin_as_agent(functions);
    enum change_presence there = look_up(functions, block);
    functions->process_ends(AGENT_PROCESS);
    return there;
}

enum change_presence change_undo(const struct windows_functions *functions, const struct journal_block *block) {
    begin_as_agent(functions);
    enum change_presence there = look_up(functions, block);
    if (there == CHANGE_THERE) {
        if (block->kind == JOURNAL_EXCLUSION) delete_exclusion(functions, block);
        else delete_reservation(functions, block);
        there = look_up(functions, block);
    }
    functions->process_ends(AGENT_PROCESS);
    return there;
}

bool change_lists(const struct windows_functions *functions, const struct journal_block *block,
                  struct host_exclusion rows[CHANGE_ROWS_MAX], unsigned *count) {
    bool known = true;
    *count = 0;
    begin_as_agent(functions);
    for (unsigned store = 0; store < STORES && known; store++) {
        unsigned found = 0;
        known = list(functions, block, store, rows + *count, &found);
        *count += found;
    }
    functions->process_ends(AGENT_PROCESS);
    return known;
}
