#include "conformance/agent/lies_model.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "conformance/agent/system/threads.h"

static struct windows_functions honest;
static uint64_t seed;
static atomic_uint calls;

/* A lie of one call. What is there is never said to be absent: there would be no other proof. */
enum lie { TRUE_WORD, SLOW, REFUSED_YET_DONE, REFUSED, DONE_IN_WORDS, LIES_COUNT };

static enum lie draw(uint32_t *error) {
    static const uint32_t errors[] = { /* 31: ERROR_GEN_FAILURE */ ERROR_ACCESS_DENIED,
                                       31,
                                       ERROR_SHARING_VIOLATION,
                                       ERROR_NOT_ENOUGH_MEMORY,
                                       ERROR_INVALID_PARAMETER,
                                       0xDEADBEEF };
    uint64_t drawn = seed * 1000003 + atomic_fetch_add(&calls, 1) * UINT64_C(7919);
    for (unsigned i = 0; i < 4; i++) drawn = drawn * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    *error = errors[(drawn >> 40) % (sizeof errors / sizeof errors[0])];
    return (drawn >> 33) % 3 == 0 ? (enum lie)((drawn >> 48) % LIES_COUNT) : TRUE_WORD;
}

/* A call that makes or deletes. */
static ULONG change(ULONG(WINAPI *function)(USHORT, USHORT, PULONG64), ULONG(WINAPI *other)(USHORT, USHORT),
                    USHORT first, USHORT count, PULONG64 token) {
    uint32_t error = 0;
    enum lie lie = draw(&error);
    if (lie == SLOW) sleep_ms(30);
    if (lie == REFUSED) return error;
    if (lie == DONE_IN_WORDS) return NO_ERROR;
    ULONG said = function != NULL ? function(first, count, token) : other(first, count);
    return lie == REFUSED_YET_DONE ? error : said;
}

/* It says that the block is there, that it is not, or that it does not know. */
static ULONG look_up(ULONG(WINAPI *function)(USHORT, USHORT, PULONG64), USHORT first, USHORT count, PULONG64 token) {
    uint32_t error = 0;
    enum lie lie = draw(&error);
    if (lie == SLOW) sleep_ms(30);
    return lie == REFUSED || lie == REFUSED_YET_DONE ? error : function(first, count, token);
}

#define LIARS(protocol) \
    static ULONG WINAPI create_##protocol(USHORT first, USHORT count, PULONG64 token) { \
        return change(honest.CreatePersistent##protocol##PortReservation, NULL, first, count, token); \
    } \
    static ULONG WINAPI delete_##protocol(USHORT first, USHORT count) { \
        return change(NULL, honest.DeletePersistent##protocol##PortReservation, first, count, NULL); \
    } \
    static ULONG WINAPI look_up_##protocol(USHORT first, USHORT count, PULONG64 token) { \
        return look_up(honest.LookupPersistent##protocol##PortReservation, first, count, token); \
    }
LIARS(Tcp)
LIARS(Udp)

void lies_model_install(struct windows_functions *table) {
    const char *drawn_from = getenv("IPHLPAPI_SEED");
    seed = drawn_from == NULL ? 0 : strtoull(drawn_from, NULL, 10);
    if (seed == 0) return;
    honest = *table;
    table->CreatePersistentTcpPortReservation = create_Tcp;
    table->CreatePersistentUdpPortReservation = create_Udp;
    table->DeletePersistentTcpPortReservation = delete_Tcp;
    table->DeletePersistentUdpPortReservation = delete_Udp;
    table->LookupPersistentTcpPortReservation = look_up_Tcp;
    table->LookupPersistentUdpPortReservation = look_up_Udp;
}
