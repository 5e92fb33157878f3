/* iphlpapi.h for programs that are compiled for the model: persistent port reservations, tables of endpoints. */
#ifndef RESERVOIR_PROGRAM_IPHLPAPI_H
#define RESERVOIR_PROGRAM_IPHLPAPI_H

#include "sim/program/include/ws2tcpip.h"

#include "sim/program/include/adapter_types.h"

RESERVOIR_BEGIN
/* The endpoints of the machine (table_entries.c): NO_ERROR; ERROR_INSUFFICIENT_BUFFER, with the size in bytes that the
 * table needs in *size, also when `table` is NULL; ERROR_INVALID_PARAMETER: no size, another family, another class. The
 * classes with modules stop their caller: they are not modelled. */
RESERVOIR_API(DWORD, GetTcpTable, PMIB_TCPTABLE table, PDWORD size, BOOL sorted);
RESERVOIR_API(DWORD, GetTcpTable2, PMIB_TCPTABLE2 table, PULONG size, BOOL sorted);
RESERVOIR_API(DWORD, GetTcp6Table, PMIB_TCP6TABLE table, PULONG size, BOOL sorted);
RESERVOIR_API(ULONG, GetTcp6Table2, PMIB_TCP6TABLE2 table, PULONG size, BOOL sorted);
RESERVOIR_API(DWORD, GetUdpTable, PMIB_UDPTABLE table, PDWORD size, BOOL sorted);
RESERVOIR_API(ULONG, GetUdp6Table, PMIB_UDP6TABLE table, PULONG size, BOOL sorted);
RESERVOIR_API(DWORD, GetExtendedTcpTable, PVOID table, PDWORD size, BOOL sorted, ULONG family, TCP_TABLE_CLASS what,
              ULONG reserved);
RESERVOIR_API(DWORD, GetExtendedUdpTable, PVOID table, PDWORD size, BOOL sorted, ULONG family, UDP_TABLE_CLASS what,
              ULONG reserved);
/* The adapters of the machine and its addresses: loopback (adapter_entries.c). */
RESERVOIR_API(ULONG, GetAdaptersAddresses, ULONG family, ULONG flags, PVOID reserved, PIP_ADAPTER_ADDRESSES addresses,
              PULONG size);
RESERVOIR_API(DWORD, GetAdaptersInfo, PIP_ADAPTER_INFO info, PULONG size);
RESERVOIR_API(DWORD, GetIpAddrTable, PMIB_IPADDRTABLE table, PULONG size, BOOL sorted);
RESERVOIR_API(DWORD, GetBestInterface, DWORD address, PDWORD index);
RESERVOIR_API(DWORD, GetBestInterfaceEx, struct sockaddr *address, PDWORD index);
RESERVOIR_API(DWORD, GetNumberOfInterfaces, PDWORD count);
RESERVOIR_API(DWORD, GetUnicastIpAddressTable, ADDRESS_FAMILY Family, PMIB_UNICASTIPADDRESS_TABLE *Table);
RESERVOIR_API(DWORD, GetUnicastIpAddressEntry, PMIB_UNICASTIPADDRESS_ROW Row);
RESERVOIR_API(VOID, InitializeUnicastIpAddressEntry, PMIB_UNICASTIPADDRESS_ROW Row);
RESERVOIR_API(VOID, FreeMibTable, PVOID table);
RESERVOIR_API(DWORD, ConvertInterfaceLuidToIndex, const NET_LUID *luid, PNET_IFINDEX index);
RESERVOIR_API(DWORD, ConvertInterfaceIndexToLuid, NET_IFINDEX index, PNET_LUID luid);

/* A mask in network order, and how many of its leading bits are set (netioapi.h). NO_ERROR, or
 * ERROR_INVALID_PARAMETER. */
RESERVOIR_API(DWORD, ConvertLengthToIpv4Mask, ULONG length, PULONG mask);
RESERVOIR_API(DWORD, ConvertIpv4MaskToLength, ULONG mask, PUINT8 length);

RESERVOIR_API(ULONG, CreatePersistentTcpPortReservation, USHORT StartPort, USHORT NumberOfPorts, PULONG64 Token);
RESERVOIR_API(ULONG, CreatePersistentUdpPortReservation, USHORT StartPort, USHORT NumberOfPorts, PULONG64 Token);
RESERVOIR_API(ULONG, DeletePersistentTcpPortReservation, USHORT StartPort, USHORT NumberOfPorts);
RESERVOIR_API(ULONG, DeletePersistentUdpPortReservation, USHORT StartPort, USHORT NumberOfPorts);
RESERVOIR_API(ULONG, LookupPersistentTcpPortReservation, USHORT StartPort, USHORT NumberOfPorts, PULONG64 Token);
RESERVOIR_API(ULONG, LookupPersistentUdpPortReservation, USHORT StartPort, USHORT NumberOfPorts, PULONG64 Token);
RESERVOIR_END

/* uint64_t is `unsigned long` here and `unsigned long long` on Windows, as ULONG64 is: both are taken. */
#ifdef __cplusplus
#define RESERVOIR_TOKEN(name) \
    inline ULONG name(USHORT first, USHORT count, uint64_t *token) { \
        return name(first, count, reinterpret_cast<PULONG64>(token)); \
    }
RESERVOIR_TOKEN(CreatePersistentTcpPortReservation)
RESERVOIR_TOKEN(CreatePersistentUdpPortReservation)
RESERVOIR_TOKEN(LookupPersistentTcpPortReservation)
RESERVOIR_TOKEN(LookupPersistentUdpPortReservation)
#undef RESERVOIR_TOKEN
#else
#define CreatePersistentTcpPortReservation(first, count, token) \
    CreatePersistentTcpPortReservation((first), (count), (PULONG64)(token))
#define CreatePersistentUdpPortReservation(first, count, token) \
    CreatePersistentUdpPortReservation((first), (count), (PULONG64)(token))
#define LookupPersistentTcpPortReservation(first, count, token) \
    LookupPersistentTcpPortReservation((first), (count), (PULONG64)(token))
#define LookupPersistentUdpPortReservation(first, count, token) \
    LookupPersistentUdpPortReservation((first), (count), (PULONG64)(token))
#endif

#endif
