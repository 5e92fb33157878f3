/* Functions of kernel32 and advapi32 about tokens: a start that may need elevation, and impersonation. Their parameters
 * are those of this project's language, since no one logs on here: a manifest level stands for the program that has it,
 * an account for the token that its logon gives. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"
#include "stack/system/privilege.h"
#include "stack/system/security.h"

/* The caller's child comes to be: of its account, with its token, and with its inheritable handles where it wants that.
 * False, with nothing changed, when there is no room for these. */
static bool start_child(struct context *context, unsigned child, enum manifest manifest) {
    struct world *world = context->world;
    assert(child < world->limits.processes);
    process_start(world, child, world_process(world, context->process)->account);
    security_inherit(world, child, context->process, manifest);
    if (context->call->arguments[CreateProcess_bInheritHandles] == FALSE) return true;
    if (handles_inherit(world, child, context->process)) return true;
    world_free(world, TABLE_PROCESSES, child);
    return false;
}

/* ERROR_ELEVATION_REQUIRED (T11.1.3); ERROR_NOT_ENOUGH_MEMORY; ERROR_FILE_NOT_FOUND: no program has such a manifest.
 * Without a process of the world's for it, the program ends at once: what it leaves is that it started. Whom the
 * calling thread impersonates does not matter: a child gets its token from the process. */
void call_CreateProcess(struct context *context) {
    uint64_t child = context->call->arguments[CreateProcess_lpApplicationName];
    uint64_t manifest = context->call->arguments[CreateProcess_manifest];
    assert(child == 0 || child >= PROCESS_ID_FIRST);
    if (manifest > MANIFEST_REQUIRE_ADMINISTRATOR) {
        fail(context, FALSE, ERROR_FILE_NOT_FOUND);
        return;
    }
    struct violations violations = { 0 };
    bool allowed = may_start(context, (enum manifest)manifest);
    violate_if(&violations, !allowed, ERROR_ELEVATION_REQUIRED);
    violate_if(&violations, context->world->no_memory, ERROR_NOT_ENOUGH_MEMORY);
    uint32_t error = violation_chosen(context, &violations);
    bool starts = error == 0 && child != 0;
    if (starts && !start_child(context, (unsigned)(child - PROCESS_ID_FIRST), (enum manifest)manifest))
        error = ERROR_NOT_ENOUGH_MEMORY;
    if (error == 0) succeed(context, TRUE);
    else fail(context, FALSE, error);
}

/* ERROR_INVALID_HANDLE for an unknown account. A token that comes from a logon may be impersonated by anyone. */
void call_ImpersonateLoggedOnUser(struct context *context) {
    uint64_t account = context->call->arguments[ImpersonateLoggedOnUser_hToken];
    if (account >= ACCOUNTS_MAX || security_account_kind(context->world, (unsigned)account) == ACCOUNT_UNNAMED) {
        fail(context, FALSE, ERROR_INVALID_HANDLE);
        return;
    }
    security_impersonate(context->world, context->thread, (unsigned)account);
    assert(security_effective_account(context->world, context->thread) == account);
    succeed(context, TRUE);
}

/* Cannot fail; a thread that impersonates no one stays as it is. */
void call_RevertToSelf(struct context *context) {
    security_revert(context->world, context->thread);
    succeed(context, TRUE);
}
