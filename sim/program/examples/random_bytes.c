/* Random bytes by both of Windows' ways, and a lock that spins with _mm_pause(). */
#include <winsock2.h>
#include <windows.h>
#include <bcrypt.h>
#include <intrin.h>
#include <stdio.h>
#include <string.h>
#include <wincrypt.h>
#pragma comment(lib, "bcrypt")

static volatile LONG lock = 1, ended;

static DWORD WINAPI worker(LPVOID counter) {
    while (InterlockedCompareExchange(&lock, 1, 0) != 0) _mm_pause();
    ++*(int *)counter;
    InterlockedExchange(&lock, 0);
    InterlockedIncrement(&ended);
    return 0;
}

int main(void) {
    UCHAR one[16] = { 0 }, other[16] = { 0 };
    BCRYPT_ALG_HANDLE algorithm;
    HCRYPTPROV context;
    int counter = 0;

    if (!BCRYPT_SUCCESS(BCryptGenRandom(NULL, one, sizeof one, BCRYPT_USE_SYSTEM_PREFERRED_RNG))) return 1;
    if (!CryptAcquireContext(&context, NULL, NULL, PROV_RSA_FULL, CRYPT_VERIFYCONTEXT)) return 2;
    if (!CryptGenRandom(context, sizeof other, other)) return 3;
    printf("twice the same: %d\n", memcmp(one, other, sizeof one) == 0);
    CryptReleaseContext(context, 0);

    if (!BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_RNG_ALGORITHM, NULL, 0))) return 4;
    printf("by its own handle: %ld\n", (long)BCryptGenRandom(algorithm, one, 4, 0));
    BCryptCloseAlgorithmProvider(algorithm, 0);
    printf("by none: %lx\n", (unsigned long)(ULONG)BCryptGenRandom(NULL, one, 4, 0));

    for (int i = 0; i < 2; i++) CloseHandle(CreateThread(NULL, 0, worker, &counter, 0, NULL));
    InterlockedExchange(&lock, 0);
    while (ended < 2) _mm_pause();
    printf("both had the lock: %d\n", counter);
    return 0;
}
