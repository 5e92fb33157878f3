#include "stack/system/privilege.h"

#include <assert.h>

enum { NOT_ASKED, IS_ADMINISTRATOR, IS_NOT };

/* Whoever runs the scenario either is an administrator or is not, and stays so. */
static bool unnamed_is_administrator(struct context *context) {
    uint8_t *known = &context->world->readings[READING_ACCOUNT];
    if (*known == NOT_ASKED) {
        unsigned answer = choose(context->chooser, CHOICE_ACCOUNT, ACCOUNT_CANDIDATES);
        *known = (uint8_t)(answer + IS_ADMINISTRATOR);
    }
    assert(*known == IS_ADMINISTRATOR || *known == IS_NOT);
    return *known == IS_ADMINISTRATOR;
}

/* Q86=b, the page's words one by one: of the members of Administrators, the built-in one needs nothing more; any other
 * needs the manifest while UAC is on. */
static bool needs_manifest(const struct context *context, unsigned account) {
    const struct world *world = context->world;
    if (!world->enable_lua || security_account_kind(world, account) != ACCOUNT_ADMINISTRATOR) return false;
    return world_process_at(world, context->process)->manifest != MANIFEST_REQUIRE_ADMINISTRATOR;
}

/* The token that counts: Q90. */
static bool acts_for_process(struct context *context) {
    if (world_thread_at(context->world, context->thread)->impersonated == 0) return true;
    return reading(context, Q90_IMPERSONATION) == Q90_PROCESS;
}

bool may_use_persistent(struct context *context) {
    const struct world *world = context->world;
    bool own = acts_for_process(context);
    unsigned account =
        own ? world_process_at(world, context->process)->account : security_effective_account(world, context->thread);
    if (security_account_kind(world, account) == ACCOUNT_UNNAMED) return unnamed_is_administrator(context);
    bool enabled = own ? security_process_is_administrator(world, context->process)
                       : security_is_administrator(world, context->thread);
    if (!enabled) return false;
    return !needs_manifest(context, account) || reading(context, Q86_ADMINISTRATOR) == Q86_ENABLED;
}

bool may_use_runtime(struct context *context) {
    assert(context->chooser != NULL);
    if (world_remembers(context->world, Q87_ASSOCIATE_UNPRIVILEGED, Q87_ALLOWED))
        return true; /* settled: nothing else matters */
    /* An administrator may in either reading, so that only the others ask. */
    bool may = may_use_persistent(context);
    return may || reading(context, Q87_ASSOCIATE_UNPRIVILEGED) == Q87_ALLOWED;
}

bool may_run_netsh(struct context *context) {
    const struct process *row = world_process_at(context->world, context->process);
    if (security_account_kind(context->world, row->account) == ACCOUNT_UNNAMED)
        return unnamed_is_administrator(context);
    return security_process_is_administrator(context->world, context->process);
}

bool may_start(struct context *context, enum manifest manifest) {
    const struct world *world = context->world;
    const struct process *row = world_process_at(world, context->process);
    if (security_launch_error(world, row->account, (enum token)row->token, manifest, false) != 0) return false;
    bool depends = world->enable_lua && manifest == MANIFEST_REQUIRE_ADMINISTRATOR;
    return !depends || security_account_kind(world, row->account) != ACCOUNT_UNNAMED ||
           unnamed_is_administrator(context);
}
