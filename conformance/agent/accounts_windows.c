#include "conformance/agent/accounts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/program_start.h"

enum { SID_BYTES_MAX = 68, PROGRAM_LIMIT_MS = 10000, BUILT_IN_ADMINISTRATOR = 500 };

/* --- the agent's own account -------------------------------------------------------------------------------------- */

static HANDLE own_token(DWORD access) {
    HANDLE token = NULL;
    return OpenProcessToken(GetCurrentProcess(), access, &token) ? token : NULL;
}

/* To look at. The list of rights on a restricted token comes from the elevated process that made it, and may name
 * Administrators only; since Windows 8 this pseudo handle needs no rights. Closing it does nothing. */
static HANDLE token_to_read(void) {
    HANDLE token = own_token(TOKEN_QUERY);
    return token != NULL ? token : (HANDLE)(intptr_t)-4;
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

/* Is the group in the token at all, enabled or for denying only? NULL: it is not. */
static const SID_AND_ATTRIBUTES *find_group(const TOKEN_GROUPS *groups, PSID sid) {
    assert(groups != NULL && sid != NULL);
    for (DWORD i = 0; i < groups->GroupCount; i++)
        if (EqualSid(groups->Groups[i].Sid, sid)) return &groups->Groups[i];
    return NULL;
}

static enum account_kind kind_of(PSID user, const TOKEN_GROUPS *groups, PSID administrators) {
    assert(user != NULL);
    if (IsWellKnownSid(user, WinLocalSystemSid)) return ACCOUNT_LOCAL_SYSTEM;
    DWORD last = *GetSidSubAuthority(user, (DWORD)*GetSidSubAuthorityCount(user) - 1);
    if (last == BUILT_IN_ADMINISTRATOR) return ACCOUNT_BUILTIN_ADMINISTRATOR;
    return find_group(groups, administrators) != NULL ? ACCOUNT_ADMINISTRATOR : ACCOUNT_STANDARD_USER;
}

/* A restricted token has the group still, for denying only. */
static bool is_enabled(const SID_AND_ATTRIBUTES *group) {
    return group != NULL && (group->Attributes & SE_GROUP_ENABLED) != 0 &&
           (group->Attributes & SE_GROUP_USE_FOR_DENY_ONLY) == 0;
}

void accounts_find_own(struct own_account *own) {
    BYTE administrators[SID_BYTES_MAX];
    HANDLE token = token_to_read();
    TOKEN_USER *user = token_information(token, TokenUser);
    TOKEN_GROUPS *groups = token_information(token, TokenGroups);
    own->unknown = user == NULL || groups == NULL || !well_known_sid(WinBuiltinAdministratorsSid, administrators);
    if (!own->unknown) {
        own->kind = kind_of(user->User.Sid, groups, administrators);
        own->administrators_enabled = is_enabled(find_group(groups, administrators));
    }
    free(user);
    free(groups);
    CloseHandle(token);
}

/* --- the restricted token ----------------------------------------------------------------------------------------- */

static void lower_integrity(HANDLE token) {
    BYTE medium[SID_BYTES_MAX];
    TOKEN_MANDATORY_LABEL label = { { medium, SE_GROUP_INTEGRITY } };
    if (!well_known_sid(WinMediumLabelSid, medium)) return;
    SetTokenInformation(token, TokenIntegrityLevel, &label, sizeof label + GetLengthSid(medium));
}

/* Some versions of Wine copy the token as it is. */
static bool is_restricted(HANDLE token, PSID administrators) {
    TOKEN_GROUPS *groups = token_information(token, TokenGroups);
    bool restricted = groups != NULL && !is_enabled(find_group(groups, administrators));
    free(groups);
    return restricted;
}

/* NULL: none with any effect can be made. */
static HANDLE make_restricted(void) {
    HANDLE restricted = NULL;
    BYTE administrators[SID_BYTES_MAX];
    HANDLE token = own_token(TOKEN_DUPLICATE | TOKEN_ASSIGN_PRIMARY | TOKEN_QUERY | TOKEN_ADJUST_DEFAULT);
    if (token == NULL || !well_known_sid(WinBuiltinAdministratorsSid, administrators)) return NULL;
    SID_AND_ATTRIBUTES denied = { administrators, 0 };
    if (!CreateRestrictedToken(token, DISABLE_MAX_PRIVILEGE, 1, &denied, 0, NULL, 0, NULL, &restricted))
        restricted = NULL;
    CloseHandle(token);
    if (restricted == NULL || is_restricted(restricted, administrators)) return restricted;
    CloseHandle(restricted);
    return NULL;
}

HANDLE accounts_restricted_token(void) {
    static HANDLE restricted;
    static bool made;
    if (made) return restricted;
    made = true;
    restricted = make_restricted();
    if (restricted == NULL) return NULL;
    lower_integrity(restricted);
    SetHandleInformation(restricted, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    return restricted;
}

bool accounts_have_restricted_token(void) { return accounts_restricted_token() != NULL; }

/* --- programs ----------------------------------------------------------------------------------------------------- */

/* clang-format off */
static const wchar_t *const suffixes[] = {
    [MANIFEST_AS_INVOKER] = L"",
    [MANIFEST_HIGHEST_AVAILABLE] = L"-highest-available",
    [MANIFEST_REQUIRE_ADMINISTRATOR] = L"-require-administrator",
};
/* clang-format on */

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

bool accounts_program(enum manifest manifest, WCHAR path[MAX_PATH]) {
    assert(manifest <= MANIFEST_REQUIRE_ADMINISTRATOR);
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    if (length == 0 || length == MAX_PATH) return false;
    cut_program(path);
    if (wcslen(path) + wcslen(suffixes[manifest]) + wcslen(L".exe") >= MAX_PATH) return false;
    wcscat(path, suffixes[manifest]);
    wcscat(path, L".exe");
    return true;
}

bool accounts_program_is_there(enum manifest manifest) {
    wchar_t path[MAX_PATH];
    return accounts_program(manifest, path) && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
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
    if (kind == ACCOUNT_BUILTIN_ADMINISTRATOR || kind == ACCOUNT_LOCAL_SYSTEM)
        return ImpersonateSelf(SecurityImpersonation);
    DWORD error = GetLastError(); /* the token is made when it is first needed, and that is no part of the call */
    HANDLE restricted = accounts_restricted_token();
    SetLastError(error);
    return ImpersonateLoggedOnUser(restricted);
}
