/* The six functions of iphlpapi, of the same machine. */
#include "stack/winsock/headers.h"

#include "stack/winsock/machine.h"

static ULONG ask(enum function function, USHORT first, USHORT count, PULONG64 token) {
    const uint64_t arguments[CALL_ARGUMENTS_MAX] = { first, count, (uint64_t)(uintptr_t)token, 0 };
    struct call call;
    uint32_t error = 0;
    winsock_machine_record(&call, function, arguments);
    return (ULONG)winsock_machine_call(&call, &error);
}

#define WITH_TOKEN(name) \
    PROVIDER_EXPORT ULONG WINAPI name(USHORT first, USHORT count, PULONG64 token); \
    ULONG WINAPI name(USHORT first, USHORT count, PULONG64 token) { return ask(FUNCTION_##name, first, count, token); }
#define WITHOUT_TOKEN(name) \
    PROVIDER_EXPORT ULONG WINAPI name(USHORT first, USHORT count); \
    ULONG WINAPI name(USHORT first, USHORT count) { return ask(FUNCTION_##name, first, count, NULL); }

WITH_TOKEN(CreatePersistentTcpPortReservation)
WITH_TOKEN(CreatePersistentUdpPortReservation)
WITHOUT_TOKEN(DeletePersistentTcpPortReservation)
WITHOUT_TOKEN(DeletePersistentUdpPortReservation)
WITH_TOKEN(LookupPersistentTcpPortReservation)
WITH_TOKEN(LookupPersistentUdpPortReservation)
