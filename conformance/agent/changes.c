#include "conformance/agent/changes.h"

#include <assert.h>

#include "stack/call/signature.h"

enum { TCP, UDP };

/* --- calls ------------------------------------------------------------------------------------------------------------ */

static enum lasting lasting_of(unsigned function) {
    return function == FUNCTION_NONE ? LASTS_NOT : (enum lasting)signature_of((enum function)function)->lasting;
}

enum change_verb change_verb_of(unsigned function) {
    switch (lasting_of(function)) {
    case LASTS_MAKES_RESERVATION:
    case LASTS_MAKES_EXCLUSION: return CHANGE_MAKE;
    case LASTS_DELETES_RESERVATION:
    case LASTS_DELETES_EXCLUSION: return CHANGE_DELETE;
    case LASTS_NOT: break;
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
    assert(lasting != LASTS_NOT);
    unsigned count = argument_of(call, PARAMETER_U16);
    if (lasting == LASTS_MAKES_EXCLUSION || lasting == LASTS_DELETES_EXCLUSION) {
        unsigned protocol = argument_of(call, PARAMETER_TRANSPORT) == TRANSPORT_UDP ? UDP : TCP;
        return (struct journal_block){ JOURNAL_EXCLUSION, protocol, argument_of(call, PARAMETER_PORT_NUMBER), count };
    }
    unsigned protocol = (signature->traits & TRAIT_UDP) != 0 ? UDP : TCP;
    return (struct journal_block){ JOURNAL_RESERVATION, protocol, swapped(argument_of(call, PARAMETER_PORT)), (USHORT)count };
}

/* --- asking and deleting ---------------------------------------------------------------------------------------------- */

static uint32_t transport_of(const struct journal_block *block) { return block->protocol == UDP ? TRANSPORT_UDP : TRANSPORT_TCP; }

/* Does this store list the very range, with netsh's mark? */
static ULONG look_up_exclusion(const struct windows_functions *functions, const struct journal_block *block, unsigned store) {
    uint8_t row[NETSH_ROW_SIZE];
    ULONG error = functions->netsh_show_excludedportrange(transport_of(block), block->first, store, row);
    if (error != NO_ERROR) return error;
    bool same = load_u16(row) == NETSH_ROW_ADMINISTERED && load_u16(row + 2) == block->first && load_u32(row + 4) == block->count;
    return same ? NO_ERROR : ERROR_NOT_FOUND;
}

static ULONG look_up_exclusions(const struct windows_functions *functions, const struct journal_block *block) {
    ULONG error = look_up_exclusion(functions, block, NETSH_ACTIVE);
    return error == ERROR_NOT_FOUND ? look_up_exclusion(functions, block, NETSH_PERSISTENT) : error;
}

/* From both stores; what netsh says to a deletion of what is not there is an open question, so the listing decides. */
static ULONG delete_exclusion(const struct windows_functions *functions, const struct journal_block *block) {
    ULONG there = look_up_exclusions(functions, block);
    if (there != NO_ERROR) return there;
    ULONG error = functions->netsh_delete_excludedportrange(transport_of(block), block->first, block->count, NETSH_PERSISTENT);
    if (look_up_exclusions(functions, block) == ERROR_NOT_FOUND) return NO_ERROR;
    ULONG other = functions->netsh_delete_excludedportrange(transport_of(block), block->first, block->count, NETSH_ACTIVE);
    if (look_up_exclusions(functions, block) == ERROR_NOT_FOUND) return NO_ERROR;
    return error != NO_ERROR ? error : other != NO_ERROR ? other : ERROR_ACCESS_DENIED;
}

static ULONG look_up_reservation(const struct windows_functions *functions, const struct journal_block *block) {
    ULONG64 token = 0;
    USHORT first = swapped(block->first), count = (USHORT)block->count;
    return block->protocol == UDP ? functions->LookupPersistentUdpPortReservation(first, count, &token)
                                  : functions->LookupPersistentTcpPortReservation(first, count, &token);
}

static ULONG delete_reservation(const struct windows_functions *functions, const struct journal_block *block) {
    USHORT first = swapped(block->first), count = (USHORT)block->count;
    return block->protocol == UDP ? functions->DeletePersistentUdpPortReservation(first, count)
                                  : functions->DeletePersistentTcpPortReservation(first, count);
}

/* Ports of a stopped scenario are a note alone. */
static ULONG nothing_there(const struct windows_functions *functions, const struct journal_block *block) {
    (void)functions;
    (void)block;
    return ERROR_NOT_FOUND;
}

typedef ULONG (*ask_function)(const struct windows_functions *functions, const struct journal_block *block);

static ULONG as_agent(const struct windows_functions *functions, const struct journal_block *block, ask_function ask) {
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    ULONG error = ask(functions, block);
    functions->process_ends(AGENT_PROCESS);
    return error;
}

ULONG change_look_up(const struct windows_functions *functions, const struct journal_block *block) {
    static const ask_function look_up[] = {
        [JOURNAL_RESERVATION] = look_up_reservation, [JOURNAL_EXCLUSION] = look_up_exclusions, [JOURNAL_PORTS] = nothing_there
    };
    assert(block->kind < JOURNAL_KINDS_COUNT);
    return as_agent(functions, block, look_up[block->kind]);
}

ULONG change_undo(const struct windows_functions *functions, const struct journal_block *block) {
    static const ask_function undo[] = {
        [JOURNAL_RESERVATION] = delete_reservation, [JOURNAL_EXCLUSION] = delete_exclusion, [JOURNAL_PORTS] = nothing_there
    };
    assert(block->kind < JOURNAL_KINDS_COUNT);
    return as_agent(functions, block, undo[block->kind]);
}
