#include "stack/system/security.h"

#include <assert.h>
#include <stddef.h>

#include "stack/errors.h"
#include "stack/world.h"

/* --- accounts and settings ------------------------------------------------------------------------------------ */

void security_name_account(struct world *world, unsigned account, enum account_kind kind) {
    assert(account > 0 && account < ACCOUNTS_MAX);
    assert(kind != ACCOUNT_UNNAMED && world->account_kinds[account] == ACCOUNT_UNNAMED);
    world->account_kinds[account] = (uint8_t)kind;
}

void security_set_uac(struct world *world, bool enable_lua, bool filter_administrator_token) {
    assert(world != NULL);
    assert(world_top(world, TABLE_PROCESSES) == 0);
    world->enable_lua = enable_lua;
    world->filter_administrator_token = filter_administrator_token;
}

enum account_kind security_account_kind(const struct world *world, unsigned account) {
    assert(world != NULL);
    return account < ACCOUNTS_MAX ? (enum account_kind)world->account_kinds[account] : ACCOUNT_UNNAMED;
}

enum token security_logon_token(const struct world *world, unsigned account) {
    if (!world->enable_lua) return TOKEN_FULL;
    switch (security_account_kind(world, account)) {
    case ACCOUNT_ADMINISTRATOR: return TOKEN_FILTERED;
    case ACCOUNT_BUILTIN_ADMINISTRATOR: return world->filter_administrator_token ? TOKEN_FILTERED : TOKEN_FULL;
    case ACCOUNT_UNNAMED:
    case ACCOUNT_STANDARD_USER:
    case ACCOUNT_LOCAL_SYSTEM: return TOKEN_FULL;
    }
    assert(!"an account of no kind");
    return TOKEN_FULL;
}

static bool has_administrators(const struct world *world, unsigned account, enum token token) {
    return token == TOKEN_FULL && security_account_kind(world, account) != ACCOUNT_STANDARD_USER;
}

/* --- processes ------------------------------------------------------------------------------------------------ */

void security_log_on(struct world *world, unsigned process) {
    struct process *row = world_process(world, process);
    assert(row->alive);
    row->token = (uint8_t)security_logon_token(world, row->account);
    row->manifest = MANIFEST_AS_INVOKER;
}

bool security_process_is_administrator(const struct world *world, unsigned process) {
    const struct process *row = world_process_at(world, process);
    assert(row->alive);
    return has_administrators(world, row->account, (enum token)row->token);
}

uint32_t security_launch_error(const struct world *world, unsigned account, enum token token, enum manifest manifest,
                               bool elevated) {
    assert(manifest <= MANIFEST_REQUIRE_ADMINISTRATOR);
    if (!world->enable_lua) return 0;
    if (has_administrators(world, account, elevated ? TOKEN_FULL : token)) return 0;
    bool wants_more = elevated || manifest == MANIFEST_REQUIRE_ADMINISTRATOR ||
                      (manifest == MANIFEST_HIGHEST_AVAILABLE && token == TOKEN_FILTERED);
    return wants_more ? (uint32_t)ERROR_ELEVATION_REQUIRED : 0;
}

uint32_t security_launch(struct world *world, unsigned process, enum manifest manifest, bool elevated) {
    struct process *row = world_process(world, process);
    assert(row->alive);
    uint32_t error = security_launch_error(world, row->account, (enum token)row->token, manifest, elevated);
    if (error != 0) return error;
    if (elevated) row->token = TOKEN_FULL;
    row->manifest = (uint8_t)manifest;
    return 0;
}

void security_inherit(struct world *world, unsigned process, unsigned parent, enum manifest manifest) {
    struct process *child = world_process(world, process);
    const struct process *from = world_process_at(world, parent);
    assert(child->alive && from->alive && child->account == from->account);
    assert(security_launch_error(world, from->account, (enum token)from->token, manifest, false) == 0);
    child->token = from->token;
    child->manifest = (uint8_t)manifest;
}

/* --- threads -------------------------------------------------------------------------------------------------- */

void security_impersonate(struct world *world, unsigned thread, unsigned account) {
    assert(world_thread(world, thread)->state == THREAD_RUNNING);
    assert(security_account_kind(world, account) != ACCOUNT_UNNAMED);
    world_thread(world, thread)->impersonated = (uint16_t)account;
}

void security_revert(struct world *world, unsigned thread) {
    assert(world_thread(world, thread)->state == THREAD_RUNNING);
    world_thread(world, thread)->impersonated = 0;
}

unsigned security_effective_account(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    assert(row->state != THREAD_FREE);
    return row->impersonated != 0 ? row->impersonated : world_process_at(world, row->process)->account;
}

bool security_is_administrator(const struct world *world, unsigned thread) {
    const struct thread *row = world_thread_at(world, thread);
    assert(row->state != THREAD_FREE);
    if (row->impersonated == 0) return security_process_is_administrator(world, row->process);
    return has_administrators(world, row->impersonated, security_logon_token(world, row->impersonated));
}

/* --- invariants ----------------------------------------------------------------------------------------------- */

static const char *check_process(const struct world *world, unsigned process) {
    const struct process *row = world_process_at(world, process);
    bool named = security_account_kind(world, row->account) != ACCOUNT_UNNAMED;
    if (row->token > TOKEN_FILTERED || row->manifest > MANIFEST_REQUIRE_ADMINISTRATOR)
        return "A1: a process's token or manifest is of no kind";
    if (row->token == TOKEN_FILTERED && security_logon_token(world, row->account) != TOKEN_FILTERED)
        return "A2: a filtered token of an account that has none";
    bool requires = world->enable_lua && row->manifest == MANIFEST_REQUIRE_ADMINISTRATOR;
    if (requires && named && !security_process_is_administrator(world, process))
        return "A3: a process requires an administrator and runs without";
    return NULL;
}

const char *security_check(const struct world *world) {
    assert(world != NULL);
    for (unsigned i = 0; i < world_top(world, TABLE_PROCESSES); i++) {
        const char *broken = world_process_at(world, i)->alive ? check_process(world, i) : NULL;
        if (broken != NULL) return broken;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_THREADS); i++) {
        unsigned account = world_thread_at(world, i)->impersonated;
        if (account != 0 && security_account_kind(world, account) == ACCOUNT_UNNAMED)
            return "A4: a thread impersonates an account that is not known";
    }
    return NULL;
}
