/* bcrypt.h and wincrypt.h, as far as programs ask them for random bytes. The bytes come from the run's seed, so that a
 * run is the same each time: nothing is to be kept secret by them. */
#ifndef RESERVOIR_PROGRAM_RANDOM_NUMBERS_H
#define RESERVOIR_PROGRAM_RANDOM_NUMBERS_H

#include "sim/program/include/win32_values.h"

typedef PVOID BCRYPT_HANDLE, BCRYPT_ALG_HANDLE;
typedef ULONG_PTR HCRYPTPROV;

#define BCRYPT_RNG_ALGORITHM L"RNG"
#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002
#ifndef BCRYPT_SUCCESS
#define BCRYPT_SUCCESS(status) ((NTSTATUS)(status) >= 0)
#endif
#define PROV_RSA_FULL 1
#define PROV_RSA_AES 24
#define CRYPT_VERIFYCONTEXT 0xF0000000
#define CRYPT_NEWKEYSET 0x00000008
#define CRYPT_SILENT 0x00000040

RESERVOIR_BEGIN
/* Only of random bytes: another algorithm is not modelled. */
RESERVOIR_API(NTSTATUS, BCryptOpenAlgorithmProvider, BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, LPCWSTR provider,
              ULONG flags);
RESERVOIR_API(NTSTATUS, BCryptCloseAlgorithmProvider, BCRYPT_ALG_HANDLE algorithm, ULONG flags);
/* STATUS_INVALID_HANDLE without an algorithm, unless the system's preferred one is asked for. */
RESERVOIR_API(NTSTATUS, BCryptGenRandom, BCRYPT_ALG_HANDLE algorithm, PUCHAR bytes, ULONG count, ULONG flags);
/* Only with CRYPT_VERIFYCONTEXT, which is without keys of one's own: else it is not modelled. */
RESERVOIR_API(BOOL, CryptAcquireContextA, HCRYPTPROV *context, LPCSTR container, LPCSTR provider, DWORD type,
              DWORD flags);
RESERVOIR_API(BOOL, CryptAcquireContextW, HCRYPTPROV *context, LPCWSTR container, LPCWSTR provider, DWORD type,
              DWORD flags);
/* Of the context that CryptAcquireContext gave: another one is not modelled. */
RESERVOIR_API(BOOL, CryptGenRandom, HCRYPTPROV context, DWORD count, BYTE *bytes);
RESERVOIR_API(BOOL, CryptReleaseContext, HCRYPTPROV context, DWORD flags);
RESERVOIR_END

#endif
