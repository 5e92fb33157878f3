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
RESERVOIR_NOT_MODELLED(DWORD, GetTcp6Table, PMIB_TCP6TABLE table, PULONG size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetTcpTable2, PMIB_TCPTABLE2 table, PULONG size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetTcpStatistics, PMIB_TCPSTATS statistics)
RESERVOIR_NOT_MODELLED(DWORD, GetUdpStatistics, PMIB_UDPSTATS statistics)
RESERVOIR_NOT_MODELLED(DWORD, GetIpForwardTable, PMIB_IPFORWARDTABLE table, PULONG size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetBestRoute, DWORD destination, DWORD source, PMIB_IPFORWARDROW row)
RESERVOIR_NOT_MODELLED(DWORD, GetFriendlyIfIndex, DWORD index)
RESERVOIR_NOT_MODELLED(DWORD, NotifyRouteChange, PHANDLE handle, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, CancelIPChangeNotify, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(VOID, FreeMibTable, PVOID table)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceLuidToIndex, const NET_LUID *luid, PNET_IFINDEX index)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceIndexToLuid, NET_IFINDEX index, PNET_LUID luid)
/* clang-format on */
RESERVOIR_END
