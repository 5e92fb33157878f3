#include "stack/provider/tokens.h"

#include <assert.h>

#include "stack/errors.h"
#include "stack/system/privilege.h"
#include "stack/system/security.h"

enum { FALSE_VALUE, TRUE_VALUE };

/* ERROR_ELEVATION_REQUIRED (facts 11.1). The child is a program that ends at once: what it leaves is that it started.
 * Whom the calling thread impersonates does not matter: a child gets its token from the process. */
void call_CreateProcess(struct context *context) {
    uint64_t manifest = context->call->arguments[0];
    if (manifest > MANIFEST_REQUIRE_ADMINISTRATOR) {
        fail(context, FALSE_VALUE, ERROR_FILE_NOT_FOUND); /* no program has such a manifest */
        return;
    }
    if (may_start(context, (enum manifest)manifest)) succeed(context, TRUE_VALUE);
    else fail(context, FALSE_VALUE, ERROR_ELEVATION_REQUIRED);
}

/* ERROR_INVALID_HANDLE for an account that nobody knows. A token that comes from a logon may be impersonated by anyone. */
void call_ImpersonateLoggedOnUser(struct context *context) {
    uint64_t account = context->call->arguments[0];
    if (account >= ACCOUNTS_MAX || security_account_kind(context->world, (unsigned)account) == ACCOUNT_UNNAMED) {
        fail(context, FALSE_VALUE, ERROR_INVALID_HANDLE);
        return;
    }
    security_impersonate(context->world, context->thread, (unsigned)account);
    assert(security_effective_account(context->world, context->thread) == account);
    succeed(context, TRUE_VALUE);
}

/* Cannot fail; a thread that impersonates nobody stays as it is. */
void call_RevertToSelf(struct context *context) {
    security_revert(context->world, context->thread);
    succeed(context, TRUE_VALUE);
}
