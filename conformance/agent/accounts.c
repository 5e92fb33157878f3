#include "conformance/agent/accounts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/program_start.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"
#include "conformance/stage/model_stage.h"
#include "conformance/language/process_line.h"
#include "stack/system/security.h"

enum { SID_BYTES_MAX = 68, PROGRAM_LIMIT_MS = 10000, BUILT_IN_ADMINISTRATOR = 500 };

/* --- the agent's own account ---------------------------------------------------------------------------------------- */

static HANDLE own_token(DWORD access) {
    HANDLE token = NULL;
    return OpenProcessToken(GetCurrentProcess(), access, &token) ? token : NULL;
}

/* Information about a token, to be freed; NULL when it cannot be had. */
static void *token_information(HANDLE token, TOKEN_INFORMATION_CLASS what) {
    DWORD length = 0;
    GetTokenInformation(token, what, NULL, 0, &length);
    void *information = length == 0 ? NULL : malloc(length);
    if (information == NULL || GetTokenInformation(token, what, information, length, &length)) return information;
    free(information);
    return NULL;
}

static bool well_known_sid(WELL_KNOWN_SID_TYPE which, BYTE sid[SID_BYTES_MAX]) {
    DWORD length = SID_BYTES_MAX;
    return CreateWellKnownSid(which, NULL, sid, &length) != FALSE;
}

/* Is the group in the token at all, enabled or for denying only? */
static bool has_group(const TOKEN_GROUPS *groups, PSID sid) {
    assert(sid != NULL);
    for (DWORD i = 0; groups != NULL && i < groups->GroupCount; i++)
        if (EqualSid(groups->Groups[i].Sid, sid)) return true;
    return false;
}

static enum account_kind kind_of(PSID user, const TOKEN_GROUPS *groups, PSID administrators) {
    assert(user != NULL);
    if (IsWellKnownSid(user, WinLocalSystemSid)) return ACCOUNT_LOCAL_SYSTEM;
    DWORD last = *GetSidSubAuthority(user, (DWORD)*GetSidSubAuthorityCount(user) - 1);
    if (last == BUILT_IN_ADMINISTRATOR) return ACCOUNT_BUILTIN_ADMINISTRATOR;
    return has_group(groups, administrators) ? ACCOUNT_ADMINISTRATOR : ACCOUNT_STANDARD_USER;
}

static void find_own_account(struct own_account *own) {
    BYTE administrators[SID_BYTES_MAX];
    HANDLE token = own_token(TOKEN_QUERY);
    if (token == NULL || !well_known_sid(WinBuiltinAdministratorsSid, administrators)) return;
    TOKEN_USER *user = token_information(token, TokenUser);
    TOKEN_GROUPS *groups = token_information(token, TokenGroups);
    if (user != NULL) own->kind = kind_of(user->User.Sid, groups, administrators);
    BOOL enabled = FALSE;
    own->administrators_enabled = CheckTokenMembership(NULL, administrators, &enabled) && enabled;
    free(user);
    free(groups);
    CloseHandle(token);
}

const struct own_account *accounts_own(void) {
    static struct own_account own;
    static bool found;
    if (!found) find_own_account(&own);
    found = true;
    return &own;
}

static bool approximated;

void accounts_approximate(void) { approximated = true; }
bool accounts_are_approximated(void) { return approximated; }

/* --- the restricted token --------------------------------------------------------------------------------------------- */

static void lower_integrity(HANDLE token) {
    BYTE medium[SID_BYTES_MAX];
    TOKEN_MANDATORY_LABEL label = { { medium, SE_GROUP_INTEGRITY } };
    if (!well_known_sid(WinMediumLabelSid, medium)) return;
    SetTokenInformation(token, TokenIntegrityLevel, &label, sizeof label + GetLengthSid(medium));
}

HANDLE accounts_restricted_token(void) {
    static HANDLE restricted;
    if (restricted != NULL) return restricted;
    BYTE administrators[SID_BYTES_MAX];
    HANDLE token = own_token(TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY | TOKEN_QUERY | TOKEN_ADJUST_DEFAULT);
    if (token == NULL || !well_known_sid(WinBuiltinAdministratorsSid, administrators)) return NULL;
    SID_AND_ATTRIBUTES denied = { administrators, 0 };
    if (!CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 1, &denied, 0, NULL, 0, NULL, &restricted)) restricted = NULL;
    CloseHandle(token);
    if (restricted == NULL) return NULL;
    lower_integrity(restricted);
    SetHandleInformation(restricted, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    return restricted;
}

/* --- programs --------------------------------------------------------------------------------------------------------- */

static const wchar_t *const suffixes[] = {
    [MANIFEST_AS_INVOKER] = L"",
    [MANIFEST_HIGHEST_AVAILABLE] = L"-highest-available",
    [MANIFEST_REQUIRE_ADMINISTRATOR] = L"-require-administrator",
};

/* Cuts a path behind the common beginning of the programs' names: ".exe" goes, and a suffix of the table. */
static void cut_program(wchar_t *path) {
    size_t length = wcslen(path);
    if (length > 4 && _wcsicmp(path + length - 4, L".exe") == 0) path[length -= 4] = L'\0';
    for (unsigned i = MANIFEST_HIGHEST_AVAILABLE; i <= MANIFEST_REQUIRE_ADMINISTRATOR; i++) {
        size_t suffix = wcslen(suffixes[i]);
        if (length <= suffix || _wcsicmp(path + length - suffix, suffixes[i]) != 0) continue;
        path[length - suffix] = L'\0';
        return;
    }
}

bool accounts_program(enum manifest manifest, wchar_t path[MAX_PATH]) {
    assert(manifest <= MANIFEST_REQUIRE_ADMINISTRATOR);
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    if (length == 0 || length == MAX_PATH) return false;
    cut_program(path);
    if (wcslen(path) + wcslen(suffixes[manifest]) + wcslen(L".exe") >= MAX_PATH) return false;
    wcscat(path, suffixes[manifest]);
    wcscat(path, L".exe");
    return true;
}

static BOOL start_nothing(uint32_t manifest) {
    wchar_t path[MAX_PATH], command[MAX_PATH + 16];
    if (manifest > MANIFEST_REQUIRE_ADMINISTRATOR || !accounts_program((enum manifest)manifest, path)) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return FALSE;
    }
    swprintf(command, sizeof command / sizeof command[0], L"\"%ls\" nothing", path);
    STARTUPINFOW startup = { .cb = sizeof startup };
    PROCESS_INFORMATION made;
    BOOL started = CreateProcessW(path, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &startup, &made);
    DWORD error = GetLastError();
    if (started) {
        WaitForSingleObject(made.hProcess, PROGRAM_LIMIT_MS);
        CloseHandle(made.hThread);
        CloseHandle(made.hProcess);
    }
    SetLastError(error);
    return started;
}

BOOL WINAPI agent_CreateProcess(uint64_t child, BOOL inherits, uint32_t manifest) {
    (void)inherits; /* what is offered holds what is to be inherited, and the program of this level */
    return child != 0 ? program_start_offered() : start_nothing(manifest);
}

BOOL WINAPI agent_ImpersonateLoggedOnUser(uint64_t kind) {
    if (kind == ACCOUNT_BUILTIN_ADMINISTRATOR || kind == ACCOUNT_LOCAL_SYSTEM) return ImpersonateSelf(SecurityImpersonation);
    return ImpersonateLoggedOnUser(accounts_restricted_token());
}

/* --- what a scenario wants -------------------------------------------------------------------------------------------- */

/* Whose account and token a process has: a child has its parent's. */
static unsigned owner_of(const struct scenario *scenario, unsigned process) { return process_ancestor(scenario, process); }

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
 * somebody else beside a process without an account, which is the agent itself. */
static bool needs_two_users(const struct scenario *scenario, const struct process_line *line) {
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        const char *user = scenario->processes[owner_of(scenario, i)].user;
        if (user == NULL) return true;
        if (strcmp(user, line->user) != 0 && kind_named(scenario, user) == kind_named(scenario, line->user)) return true;
    }
    return false;
}

/* Another account than the agent's can only be approximated. */
static const char *account_trouble(const struct scenario *scenario, const struct process_line *line, bool wants) {
    const struct own_account *own = accounts_own();
    if (wants && !own->administrators_enabled) return "this agent is not elevated";
    if (accounts_are_approximated()) return needs_two_users(scenario, line) ? "this agent is one user, and two are needed" : NULL;
    if (kind_named(scenario, line->user) != own->kind) return "this agent has an account of another kind; see --approximate";
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
    wchar_t path[MAX_PATH];
    bool there = accounts_program(process_line_manifest(line), path) && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
    if (trouble == NULL && !there) trouble = "the agent's program with this manifest is not beside it";
    bool needs_token = trouble == NULL && accounts_start_of(scenario, process).restricted;
    if (needs_token && accounts_restricted_token() == NULL) trouble = "no restricted token can be made here";
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
    if (accounts_are_approximated() && accounts_restricted_token() != NULL) return true;
    reason_set(reason, "ImpersonateLoggedOnUser: this agent has nobody's password; see --approximate");
    return false;
}
