#include "conformance/agent/changes.h"

#include <assert.h>

#include "stack/call/call.h"

enum { TCP, UDP };

/* --- calls ------------------------------------------------------------------------------------------------------------ */

enum change_verb change_verb_of(unsigned function) {
    switch (function) {
    case FUNCTION_CreatePersistentTcpPortReservation:
    case FUNCTION_CreatePersistentUdpPortReservation:
    case FUNCTION_netsh_add_excludedportrange: return CHANGE_MAKE;
    case FUNCTION_DeletePersistentTcpPortReservation:
    case FUNCTION_DeletePersistentUdpPortReservation:
    case FUNCTION_netsh_delete_excludedportrange: return CHANGE_DELETE;
    default: return CHANGE_NONE;
    }
}

/* StartPort's bytes lie in network order. */
static USHORT swapped(unsigned port) { return (USHORT)((port & 0xff) << 8 | (port >> 8 & 0xff)); }

struct journal_block change_block_of(const struct call *call) {
    const uint64_t *arguments = call->arguments;
    assert(change_verb_of(call->function) != CHANGE_NONE);
    switch (call->function) {
    case FUNCTION_netsh_add_excludedportrange:
    case FUNCTION_netsh_delete_excludedportrange:
        return (struct journal_block){ JOURNAL_EXCLUSION, arguments[0] == TRANSPORT_UDP ? UDP : TCP, (unsigned)arguments[1],
                                       (unsigned)arguments[2] };
    case FUNCTION_CreatePersistentUdpPortReservation:
    case FUNCTION_DeletePersistentUdpPortReservation:
        return (struct journal_block){ JOURNAL_RESERVATION, UDP, swapped((unsigned)arguments[0]), (USHORT)arguments[1] };
    default: return (struct journal_block){ JOURNAL_RESERVATION, TCP, swapped((unsigned)arguments[0]), (USHORT)arguments[1] };
    }
}

bool change_function_is_there(const struct windows_functions *functions, unsigned function) {
    switch (function) {
    case FUNCTION_CreatePersistentTcpPortReservation: return functions->persistent.create[TCP] != NULL;
    case FUNCTION_CreatePersistentUdpPortReservation: return functions->persistent.create[UDP] != NULL;
    case FUNCTION_DeletePersistentTcpPortReservation: return functions->persistent.remove[TCP] != NULL;
    case FUNCTION_DeletePersistentUdpPortReservation: return functions->persistent.remove[UDP] != NULL;
    case FUNCTION_LookupPersistentTcpPortReservation: return functions->persistent.lookup[TCP] != NULL;
    case FUNCTION_LookupPersistentUdpPortReservation: return functions->persistent.lookup[UDP] != NULL;
    case FUNCTION_netsh_add_excludedportrange: return functions->netsh.add != NULL;
    case FUNCTION_netsh_delete_excludedportrange: return functions->netsh.remove != NULL;
    case FUNCTION_netsh_show_excludedportrange: return functions->netsh.show != NULL;
    default: return true;
    }
}

/* --- asking and deleting ---------------------------------------------------------------------------------------------- */

static uint32_t transport_of(const struct journal_block *block) { return block->protocol == UDP ? TRANSPORT_UDP : TRANSPORT_TCP; }

/* Does this store list the very range, with netsh's mark? */
static ULONG look_up_exclusion(const struct windows_functions *functions, const struct journal_block *block, unsigned store) {
    uint8_t row[NETSH_ROW_SIZE];
    ULONG error = functions->netsh.show(transport_of(block), block->first, store, row);
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
    ULONG error = functions->netsh.remove(transport_of(block), block->first, block->count, NETSH_PERSISTENT);
    if (look_up_exclusions(functions, block) == ERROR_NOT_FOUND) return NO_ERROR;
    ULONG other = functions->netsh.remove(transport_of(block), block->first, block->count, NETSH_ACTIVE);
    if (look_up_exclusions(functions, block) == ERROR_NOT_FOUND) return NO_ERROR;
    return error != NO_ERROR ? error : other != NO_ERROR ? other : ERROR_ACCESS_DENIED;
}

static ULONG look_up_reservation(const struct windows_functions *functions, const struct journal_block *block) {
    ULONG64 token = 0;
    return functions->persistent.lookup[block->protocol](swapped(block->first), (USHORT)block->count, &token);
}

static ULONG delete_reservation(const struct windows_functions *functions, const struct journal_block *block) {
    return functions->persistent.remove[block->protocol](swapped(block->first), (USHORT)block->count);
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
