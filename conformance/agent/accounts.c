#include "conformance/agent/accounts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/session/executor.h"
#include "conformance/stage/model_stage.h"
#include "conformance/base/reason.h"
#include "conformance/language/process_line.h"
#include "stack/system/security.h"

/* --- the agent's own account -------------------------------------------------------------------------------------- */

static struct own_account own_account;
static bool own_account_is_known;

const struct own_account *accounts_own(void) {
    if (!own_account_is_known) accounts_find_own(&own_account);
    own_account_is_known = true;
    return &own_account;
}

void accounts_assume(const struct own_account *assumed) {
    own_account = *assumed;
    own_account_is_known = true;
}

static bool approximated;

void accounts_approximate(void) { approximated = true; }
bool accounts_are_approximated(void) { return approximated; }

/* --- what a scenario wants ---------------------------------------------------------------------------------------- */

/* Whose account and token a process has: a child has its parent's. */
static unsigned owner_of(const struct scenario *scenario, unsigned process) {
    return process_ancestor(scenario, process);
}

/* What the model says of a process's token: with the scenario's accounts and UAC settings. */
static bool wants_administrators(const struct scenario *scenario, unsigned process) {
    struct world_limits limits = world_limits_small();
    limits.processes = PROCESSES_MAX;
    limits.exclusions = limits.stored = (uint16_t)(scenario->world_lines_count + 1);
    void *memory = malloc(world_bytes(&limits));
    assert(memory != NULL);
    struct world *world = world_create(memory, &limits);
    struct reason reason;
    bool wants = false;
    if (world_apply_lines(world, scenario, &reason)) {
        unsigned owner = owner_of(scenario, process);
        stage_log_on(world, scenario, owner, 0, 0);
        wants = security_process_is_administrator(world, owner);
    }
    free(memory);
    return wants;
}

static enum account_kind kind_named(const struct scenario *scenario, const char *user) {
    for (uint32_t i = 0; user != NULL && i < scenario->users_count; i++)
        if (strcmp(scenario->users[i].name, user) == 0) return scenario->users[i].kind;
    return ACCOUNT_UNNAMED;
}

struct account_start accounts_start_of(const struct scenario *scenario, unsigned process) {
    assert(process < scenario->processes_count);
    const struct process_line *line = &scenario->processes[process];
    bool named = scenario->processes[owner_of(scenario, process)].user != NULL;
    bool restricted = named && accounts_own()->administrators_enabled && !wants_administrators(scenario, process);
    return (struct account_start){ .manifest = process_line_manifest(line), .restricted = restricted };
}

/* A stand-in differs in its token, never in its user. So one agent cannot be two users whose tokens are alike, and not
 * another user beside a process without an account, which is the agent itself. */
static bool needs_two_users(const struct scenario *scenario, const struct process_line *line) {
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        const char *user = scenario->processes[owner_of(scenario, i)].user;
        if (user == NULL) return true;
        if (strcmp(user, line->user) != 0 && kind_named(scenario, user) == kind_named(scenario, line->user))
            return true;
    }
    return false;
}

/* Another account than the agent's can only be approximated. */
static const char *account_trouble(const struct scenario *scenario, const struct process_line *line, bool wants) {
    const struct own_account *own = accounts_own();
    if (own->unknown) return "this agent cannot read its own token, so whose it is is unknown";
    if (wants && !own->administrators_enabled) return "this agent is not elevated";
    if (accounts_are_approximated())
        return needs_two_users(scenario, line) ? "this agent is one user, and two are needed" : NULL;
    if (kind_named(scenario, line->user) != own->kind)
        return "this agent has an account of another kind; see --approximate";
    if (strcmp(line->user, scenario->processes[0].user == NULL ? "" : scenario->processes[0].user) != 0)
        return "this agent has one account; see --approximate";
    return wants == own->administrators_enabled ? NULL : "this agent is elevated; see --approximate";
}

static bool process_allowed(const struct scenario *scenario, unsigned process, struct reason *reason) {
    const struct process_line *line = &scenario->processes[process];
    const struct process_line *owner = &scenario->processes[owner_of(scenario, process)];
    const char *trouble = NULL;
    if (owner->user != NULL) trouble = account_trouble(scenario, owner, wants_administrators(scenario, process));
    else if (owner->elevated && !accounts_own()->administrators_enabled) trouble = "this agent is not elevated";
    if (trouble == NULL && !accounts_program_is_there(process_line_manifest(line)))
        trouble = "the agent's program with this manifest is not beside it";
    bool needs_token = trouble == NULL && accounts_start_of(scenario, process).restricted;
    if (needs_token && !accounts_have_restricted_token()) trouble = "no restricted token can be made here";
    if (trouble == NULL) return true;
    reason_set(reason, "process %.60s: %s", line->name, trouble);
    return false;
}

static bool steps_impersonate(const struct step *steps, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        bool here = steps[i].kind == STEP_CALL && steps[i].signature->function == FUNCTION_ImpersonateLoggedOnUser;
        if (here || steps_impersonate(steps[i].children, steps[i].children_count)) return true;
    }
    return false;
}

bool accounts_allow(const struct scenario *scenario, struct reason *reason) {
    assert(scenario != NULL && reason != NULL);
    for (uint32_t i = 0; i < scenario->processes_count; i++)
        if (!process_allowed(scenario, i, reason)) return false;
    if (!steps_impersonate(scenario->steps, scenario->steps_count)) return true;
    if (accounts_are_approximated() && accounts_have_restricted_token()) return true;
    reason_set(reason, "ImpersonateLoggedOnUser: this agent has no passwords; see --approximate");
    return false;
}
