/* bcrypt and advapi32: random bytes, drawn as rand_s draws them. */
#include "sim/program/include/win32.h"

#include "sim/program/stop.h"
#include "sim/program/threads.h"

/* What a program has of an algorithm and of a context: there is one of each, and it has no state. */
static const ULONG_PTR the_algorithm = 0x0A16, the_context = 0x0C09;

static void draw(BYTE *bytes, DWORD count) {
    for (DWORD i = 0; i < count; i++) {
        unsigned drawn = 0;
        (void)rand_s(&drawn);
        bytes[i] = (BYTE)drawn;
    }
}

NTSTATUS BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, LPCWSTR provider, ULONG flags) {
    static const WCHAR random_bytes[] = { 'R', 'N', 'G', 0 }; /* BCRYPT_RNG_ALGORITHM, where L"" has 32 bits */
    threads_enter();
    if (algorithm == NULL || name == NULL) return (NTSTATUS)STATUS_INVALID_PARAMETER;
    if (lstrcmpW(name, random_bytes) != 0 || provider != NULL || flags != 0)
        stop_not_modelled("BCryptOpenAlgorithmProvider", "of another algorithm than RNG, or with a provider or flags");
    *algorithm = (BCRYPT_ALG_HANDLE)the_algorithm;
    return (NTSTATUS)STATUS_SUCCESS;
}

static bool is_algorithm(BCRYPT_ALG_HANDLE algorithm) { return (ULONG_PTR)algorithm == the_algorithm; }

NTSTATUS BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE algorithm, ULONG flags) {
    threads_enter();
    (void)flags;
    return (NTSTATUS)(is_algorithm(algorithm) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE);
}

NTSTATUS BCryptGenRandom(BCRYPT_ALG_HANDLE algorithm, PUCHAR bytes, ULONG count, ULONG flags) {
    threads_enter();
    bool preferred = algorithm == NULL && (flags & BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0;
    if (!preferred && !is_algorithm(algorithm)) return (NTSTATUS)STATUS_INVALID_HANDLE;
    if (bytes == NULL && count > 0) return (NTSTATUS)STATUS_INVALID_PARAMETER;
    draw(bytes, count);
    return (NTSTATUS)STATUS_SUCCESS;
}

static BOOL acquire(HCRYPTPROV *context, bool named, DWORD flags, const char *function) {
    threads_enter();
    if (named || (flags & CRYPT_VERIFYCONTEXT) != CRYPT_VERIFYCONTEXT)
        stop_not_modelled(function, "with keys of one's own");
    *context = the_context;
    return TRUE;
}

BOOL CryptAcquireContextA(HCRYPTPROV *context, LPCSTR container, LPCSTR provider, DWORD type, DWORD flags) {
    (void)provider, (void)type;
    return acquire(context, container != NULL, flags, "CryptAcquireContextA");
}

BOOL CryptAcquireContextW(HCRYPTPROV *context, LPCWSTR container, LPCWSTR provider, DWORD type, DWORD flags) {
    (void)provider, (void)type;
    return acquire(context, container != NULL, flags, "CryptAcquireContextW");
}

/* Of a foreign context the documents name two errors, and do not say which. */
static void expect_ours(HCRYPTPROV context, const char *function) {
    threads_enter();
    if (context != the_context) stop_not_modelled(function, "of a context that CryptAcquireContext did not give");
}

BOOL CryptGenRandom(HCRYPTPROV context, DWORD count, BYTE *bytes) {
    expect_ours(context, "CryptGenRandom");
    draw(bytes, count);
    return TRUE;
}

BOOL CryptReleaseContext(HCRYPTPROV context, DWORD flags) {
    (void)flags;
    expect_ours(context, "CryptReleaseContext");
    return TRUE;
}
