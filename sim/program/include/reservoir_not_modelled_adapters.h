/* Functions of iphlpapi that programs may name and that have no answer here: a program that calls one is stopped, with
 * status 120. */
#ifndef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) RESERVOIR_API(result, name, __VA_ARGS__);
#endif

RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(DWORD, GetAdaptersInfo, PIP_ADAPTER_INFO info, PULONG size)
RESERVOIR_NOT_MODELLED(DWORD, GetNetworkParams, PFIXED_INFO info, PULONG size)
RESERVOIR_NOT_MODELLED(DWORD, GetTcpTable, PMIB_TCPTABLE table, PDWORD size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetUdpTable, PMIB_UDPTABLE table, PDWORD size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetIpAddrTable, PMIB_IPADDRTABLE table, PULONG size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetBestInterface, DWORD address, PDWORD index)
RESERVOIR_NOT_MODELLED(DWORD, GetBestInterfaceEx, struct sockaddr *address, PDWORD index)
RESERVOIR_NOT_MODELLED(DWORD, GetNumberOfInterfaces, PDWORD count)
RESERVOIR_NOT_MODELLED(DWORD, SetTcpEntry, PMIB_TCPROW row)
RESERVOIR_NOT_MODELLED(DWORD, SendARP, ULONG destination, ULONG source, PVOID address, PULONG size)
RESERVOIR_NOT_MODELLED(DWORD, NotifyAddrChange, PHANDLE handle, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(ULONG, if_nametoindex, PCSTR name)
RESERVOIR_NOT_MODELLED(PCHAR, if_indextoname, ULONG index, PCHAR name)
/* clang-format on */
RESERVOIR_END
