/* advapi32: security identifiers and descriptors as they lie in memory. Whose machine it is decides who is a member of
 * what; what a descriptor allows is not looked at, since there is no one else. */
#include "sim/program/include/win32.h"

#include "sim/program/machine.h"
#include "sim/program/stop.h"
#include "sim/program/threads.h"

#undef free

enum { SIDS_AUTHORITIES_MAX = 15 };

/* SID of winnt.h */
struct sid {
    BYTE revision, count;
    SID_IDENTIFIER_AUTHORITY authority;
    DWORD numbers[SIDS_AUTHORITIES_MAX]; /* `count` of them are there */
};

static BOOL fails(DWORD error) {
    thread_set_last_error(error);
    return FALSE;
}

static DWORD sid_bytes(unsigned count) { return (DWORD)(offsetof(struct sid, numbers) + count * sizeof(DWORD)); }

BOOL IsValidSid(PSID sid) {
    const struct sid *given = sid;
    threads_enter();
    return given != NULL && given->revision == SID_REVISION && given->count <= SIDS_AUTHORITIES_MAX;
}

DWORD GetLengthSid(PSID sid) { return sid_bytes(((const struct sid *)sid)->count); }

BOOL EqualSid(PSID one, PSID other) {
    threads_enter();
    return GetLengthSid(one) == GetLengthSid(other) && memcmp(one, other, GetLengthSid(one)) == 0;
}

BOOL CopySid(DWORD size, PSID to, PSID from) {
    threads_enter();
    if (size < GetLengthSid(from)) return fails(ERROR_INSUFFICIENT_BUFFER);
    memcpy(to, from, GetLengthSid(from));
    return TRUE;
}

BOOL AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD first, DWORD second, DWORD third,
                              DWORD fourth, DWORD fifth, DWORD sixth, DWORD seventh, DWORD eighth, PSID *sid) {
    const DWORD numbers[] = { first, second, third, fourth, fifth, sixth, seventh, eighth };
    threads_enter();
    if (count > _countof(numbers)) return fails(ERROR_INVALID_SID);
    struct sid *made = malloc(sizeof *made);
    if (made == NULL) return fails(ERROR_NOT_ENOUGH_MEMORY);
    made->revision = SID_REVISION;
    made->count = count;
    made->authority = *authority;
    memcpy(made->numbers, numbers, count * sizeof numbers[0]);
    *sid = made;
    return TRUE;
}

PVOID FreeSid(PSID sid) {
    free(sid);
    return NULL;
}

static bool is_sid(const struct sid *sid, BYTE authority, BYTE count, DWORD first, DWORD second) {
    return sid->authority.Value[5] == authority && sid->count == count && sid->numbers[0] == first &&
           (count < 2 || sid->numbers[1] == second);
}

BOOL CreateWellKnownSid(WELL_KNOWN_SID_TYPE which, PSID domain, PSID sid, DWORD *size) {
    static const struct {
        WELL_KNOWN_SID_TYPE which;
        struct sid sid;
    } rows[] = {
        { WinWorldSid, { 1, 1, SECURITY_WORLD_SID_AUTHORITY, { SECURITY_WORLD_RID } } },
        { WinLocalSystemSid, { 1, 1, SECURITY_NT_AUTHORITY, { SECURITY_LOCAL_SYSTEM_RID } } },
        { WinBuiltinAdministratorsSid,
          { 1, 2, SECURITY_NT_AUTHORITY, { SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS } } },
        { WinBuiltinUsersSid,
          { 1, 2, SECURITY_NT_AUTHORITY, { SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_USERS } } },
    };
    unsigned i = 0;
    threads_enter();
    while (i < _countof(rows) && rows[i].which != which) i++;
    if (i == _countof(rows) || domain != NULL) stop_not_modelled("CreateWellKnownSid", "of this kind");
    DWORD needed = sid_bytes(rows[i].sid.count), given = *size;
    *size = needed;
    if (sid == NULL || given < needed) return fails(ERROR_INSUFFICIENT_BUFFER);
    memcpy(sid, &rows[i].sid, needed);
    return TRUE;
}

/* Of the caller itself: Everyone, the users and the administrators of the machine. */
BOOL CheckTokenMembership(HANDLE token, PSID sid, LPBOOL is_member) {
    enum { WORLD = 1, NT = 5 };
    threads_enter();
    if (token != NULL) stop_not_modelled("CheckTokenMembership", "of a token");
    if (!IsValidSid(sid)) return fails(ERROR_INVALID_SID);
    if (is_sid(sid, NT, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_ADMINS)) *is_member = IsUserAnAdmin();
    else if (is_sid(sid, NT, 2, SECURITY_BUILTIN_DOMAIN_RID, DOMAIN_ALIAS_RID_USERS)) *is_member = TRUE;
    else if (is_sid(sid, WORLD, 1, SECURITY_WORLD_RID, 0)) *is_member = TRUE;
    else
        stop_not_modelled("CheckTokenMembership", "in a group that is neither Everyone, the users' nor the "
                                                  "administrators'");
    return TRUE;
}

BOOL InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision) {
    threads_enter();
    if (revision != SECURITY_DESCRIPTOR_REVISION) return fails(ERROR_UNKNOWN_REVISION);
    *(SECURITY_DESCRIPTOR *)descriptor = (SECURITY_DESCRIPTOR){ .Revision = SECURITY_DESCRIPTOR_REVISION };
    return TRUE;
}

BOOL SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL present, PACL list, BOOL defaulted) {
    SECURITY_DESCRIPTOR *given = descriptor;
    threads_enter();
    if (given->Revision != SECURITY_DESCRIPTOR_REVISION) return fails(ERROR_UNKNOWN_REVISION);
    given->Control &= (SECURITY_DESCRIPTOR_CONTROL) ~(SE_DACL_PRESENT | SE_DACL_DEFAULTED);
    if (!present) return TRUE;
    given->Control |= SE_DACL_PRESENT | (defaulted ? SE_DACL_DEFAULTED : 0);
    given->Dacl = list;
    return TRUE;
}
