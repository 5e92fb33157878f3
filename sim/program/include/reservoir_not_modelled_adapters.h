/* Functions of iphlpapi and its echo requests that programs may name and that have no answer here: a program that
 * calls one is stopped, with status 120. */
#ifndef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) RESERVOIR_API(result, name, __VA_ARGS__);
#endif

RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(DWORD, GetNetworkParams, PFIXED_INFO info, PULONG size)
RESERVOIR_NOT_MODELLED(DWORD, SetTcpEntry, PMIB_TCPROW row)
RESERVOIR_NOT_MODELLED(DWORD, SendARP, ULONG destination, ULONG source, PVOID address, PULONG size)
RESERVOIR_NOT_MODELLED(DWORD, NotifyAddrChange, PHANDLE handle, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(ULONG, if_nametoindex, PCSTR name)
RESERVOIR_NOT_MODELLED(PCHAR, if_indextoname, ULONG index, PCHAR name)
RESERVOIR_NOT_MODELLED(DWORD, GetTcpStatistics, PMIB_TCPSTATS statistics)
RESERVOIR_NOT_MODELLED(DWORD, GetUdpStatistics, PMIB_UDPSTATS statistics)
RESERVOIR_NOT_MODELLED(DWORD, GetIpForwardTable, PMIB_IPFORWARDTABLE table, PULONG size, BOOL sorted)
RESERVOIR_NOT_MODELLED(DWORD, GetBestRoute, DWORD destination, DWORD source, PMIB_IPFORWARDROW row)
RESERVOIR_NOT_MODELLED(DWORD, GetFriendlyIfIndex, DWORD index)
RESERVOIR_NOT_MODELLED(DWORD, NotifyRouteChange, PHANDLE handle, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(BOOL, CancelIPChangeNotify, LPOVERLAPPED overlapped)
RESERVOIR_NOT_MODELLED(DWORD, GetIfEntry, PMIB_IFROW pIfRow)
RESERVOIR_NOT_MODELLED(DWORD, GetIfTable, PMIB_IFTABLE pIfTable, PULONG pdwSize, BOOL bOrder)
RESERVOIR_NOT_MODELLED(ULONG, GetIpNetTable, PMIB_IPNETTABLE IpNetTable, PULONG SizePointer, BOOL Order)
RESERVOIR_NOT_MODELLED(DWORD, GetOwnerModuleFromTcpEntry, PMIB_TCPROW_OWNER_MODULE pTcpEntry,
                       TCPIP_OWNER_MODULE_INFO_CLASS Class, PVOID pBuffer, PDWORD pdwSize)
RESERVOIR_NOT_MODELLED(DWORD, GetOwnerModuleFromUdpEntry, PMIB_UDPROW_OWNER_MODULE pUdpEntry,
                       TCPIP_OWNER_MODULE_INFO_CLASS Class, PVOID pBuffer, PDWORD pdwSize)
RESERVOIR_NOT_MODELLED(ULONG, GetPerTcpConnectionEStats, PMIB_TCPROW Row, TCP_ESTATS_TYPE EstatsType, PUCHAR Rw,
                       ULONG RwVersion, ULONG RwSize, PUCHAR Ros, ULONG RosVersion, ULONG RosSize, PUCHAR Rod,
                       ULONG RodVersion, ULONG RodSize)
RESERVOIR_NOT_MODELLED(ULONG, SetPerTcpConnectionEStats, PMIB_TCPROW Row, TCP_ESTATS_TYPE EstatsType, PUCHAR Rw,
                       ULONG RwVersion, ULONG RwSize, ULONG Offset)
RESERVOIR_NOT_MODELLED(ULONG, GetPerTcp6ConnectionEStats, PMIB_TCP6ROW Row, TCP_ESTATS_TYPE EstatsType, PUCHAR Rw,
                       ULONG RwVersion, ULONG RwSize, PUCHAR Ros, ULONG RosVersion, ULONG RosSize, PUCHAR Rod,
                       ULONG RodVersion, ULONG RodSize)
RESERVOIR_NOT_MODELLED(ULONG, SetPerTcp6ConnectionEStats, PMIB_TCP6ROW Row, TCP_ESTATS_TYPE EstatsType, PUCHAR Rw,
                       ULONG RwVersion, ULONG RwSize, ULONG Offset)
RESERVOIR_NOT_MODELLED(DWORD, GetOwnerModuleFromTcp6Entry, PMIB_TCP6ROW_OWNER_MODULE pTcpEntry,
                       TCPIP_OWNER_MODULE_INFO_CLASS Class, PVOID pBuffer, PDWORD pdwSize)
RESERVOIR_NOT_MODELLED(DWORD, GetOwnerModuleFromUdp6Entry, PMIB_UDP6ROW_OWNER_MODULE pUdpEntry,
                       TCPIP_OWNER_MODULE_INFO_CLASS Class, PVOID pBuffer, PDWORD pdwSize)
RESERVOIR_NOT_MODELLED(DWORD, GetOwnerModuleFromPidAndInfo, ULONG ulPid, ULONGLONG *pInfo,
                       TCPIP_OWNER_MODULE_INFO_CLASS Class, PVOID pBuffer, PDWORD pdwSize)
RESERVOIR_NOT_MODELLED(ULONG, GetIpStatistics, PMIB_IPSTATS Statistics)
RESERVOIR_NOT_MODELLED(ULONG, GetIcmpStatistics, PMIB_ICMP Statistics)
RESERVOIR_NOT_MODELLED(ULONG, GetIpStatisticsEx, PMIB_IPSTATS Statistics, ULONG Family)
RESERVOIR_NOT_MODELLED(ULONG, SetIpStatisticsEx, PMIB_IPSTATS Statistics, ULONG Family)
RESERVOIR_NOT_MODELLED(ULONG, GetIcmpStatisticsEx, PMIB_ICMP_EX Statistics, ULONG Family)
RESERVOIR_NOT_MODELLED(ULONG, GetTcpStatisticsEx, PMIB_TCPSTATS Statistics, ULONG Family)
RESERVOIR_NOT_MODELLED(ULONG, GetUdpStatisticsEx, PMIB_UDPSTATS Statistics, ULONG Family)
RESERVOIR_NOT_MODELLED(DWORD, SetIfEntry, PMIB_IFROW pIfRow)
RESERVOIR_NOT_MODELLED(DWORD, CreateIpForwardEntry, PMIB_IPFORWARDROW pRoute)
RESERVOIR_NOT_MODELLED(DWORD, SetIpForwardEntry, PMIB_IPFORWARDROW pRoute)
RESERVOIR_NOT_MODELLED(DWORD, DeleteIpForwardEntry, PMIB_IPFORWARDROW pRoute)
RESERVOIR_NOT_MODELLED(DWORD, SetIpStatistics, PMIB_IPSTATS pIpStats)
RESERVOIR_NOT_MODELLED(DWORD, SetIpTTL, UINT nTTL)
RESERVOIR_NOT_MODELLED(DWORD, CreateIpNetEntry, PMIB_IPNETROW pArpEntry)
RESERVOIR_NOT_MODELLED(DWORD, SetIpNetEntry, PMIB_IPNETROW pArpEntry)
RESERVOIR_NOT_MODELLED(DWORD, DeleteIpNetEntry, PMIB_IPNETROW pArpEntry)
RESERVOIR_NOT_MODELLED(DWORD, FlushIpNetTable, DWORD dwIfIndex)
RESERVOIR_NOT_MODELLED(DWORD, CreateProxyArpEntry, DWORD dwAddress, DWORD dwMask, DWORD dwIfIndex)
RESERVOIR_NOT_MODELLED(DWORD, DeleteProxyArpEntry, DWORD dwAddress, DWORD dwMask, DWORD dwIfIndex)
RESERVOIR_NOT_MODELLED(DWORD, GetInterfaceInfo, PIP_INTERFACE_INFO pIfTable, PULONG dwOutBufLen)
RESERVOIR_NOT_MODELLED(DWORD, GetUniDirectionalAdapterInfo, PIP_UNIDIRECTIONAL_ADAPTER_ADDRESS pIPIfInfo,
                       PULONG dwOutBufLen)
RESERVOIR_NOT_MODELLED(DWORD, NhpAllocateAndGetInterfaceInfoFromStack, IP_INTERFACE_NAME_INFO **ppTable,
                       PDWORD pdwCount, BOOL bOrder, HANDLE hHeap, DWORD dwFlags)
RESERVOIR_NOT_MODELLED(DWORD, GetAdapterIndex, LPWSTR AdapterName, PULONG IfIndex)
RESERVOIR_NOT_MODELLED(DWORD, AddIPAddress, IPAddr Address, IPMask IpMask, DWORD IfIndex, PULONG NTEContext,
                       PULONG NTEInstance)
RESERVOIR_NOT_MODELLED(DWORD, DeleteIPAddress, ULONG NTEContext)
RESERVOIR_NOT_MODELLED(PIP_ADAPTER_ORDER_MAP, GetAdapterOrderMap, void)
RESERVOIR_NOT_MODELLED(DWORD, GetPerAdapterInfo, ULONG IfIndex, PIP_PER_ADAPTER_INFO pPerAdapterInfo,
                       PULONG pOutBufLen)
RESERVOIR_NOT_MODELLED(DWORD, IpReleaseAddress, PIP_ADAPTER_INDEX_MAP AdapterInfo)
RESERVOIR_NOT_MODELLED(DWORD, IpRenewAddress, PIP_ADAPTER_INDEX_MAP AdapterInfo)
RESERVOIR_NOT_MODELLED(BOOL, GetRTTAndHopCount, IPAddr DestIpAddress, PULONG HopCount, ULONG MaxHops, PULONG RTT)
RESERVOIR_NOT_MODELLED(DWORD, EnableRouter, HANDLE *pHandle, OVERLAPPED *pOverlapped)
RESERVOIR_NOT_MODELLED(DWORD, UnenableRouter, OVERLAPPED *pOverlapped, LPDWORD lpdwEnableCount)
RESERVOIR_NOT_MODELLED(DWORD, DisableMediaSense, HANDLE *pHandle, OVERLAPPED *pOverLapped)
RESERVOIR_NOT_MODELLED(DWORD, RestoreMediaSense, OVERLAPPED *pOverlapped, LPDWORD lpdwEnableCount)
RESERVOIR_NOT_MODELLED(DWORD, GetIpErrorString, IP_STATUS ErrorCode, PWSTR Buffer, PDWORD Size)
RESERVOIR_NOT_MODELLED(ULONG, ResolveNeighbor, SOCKADDR *NetworkAddress, PVOID PhysicalAddress,
                       PULONG PhysicalAddressLength)
RESERVOIR_NOT_MODELLED(DWORD, GetIfEntry2, PMIB_IF_ROW2 Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIfTable2, PMIB_IF_TABLE2 *Table)
RESERVOIR_NOT_MODELLED(DWORD, GetIfTable2Ex, MIB_IF_TABLE_LEVEL Level, PMIB_IF_TABLE2 *Table)
RESERVOIR_NOT_MODELLED(DWORD, GetIfStackTable, PMIB_IFSTACK_TABLE *Table)
RESERVOIR_NOT_MODELLED(DWORD, GetInvertedIfStackTable, PMIB_INVERTEDIFSTACK_TABLE *Table)
RESERVOIR_NOT_MODELLED(DWORD, GetIpInterfaceEntry, PMIB_IPINTERFACE_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIpInterfaceTable, ADDRESS_FAMILY Family, PMIB_IPINTERFACE_TABLE *Table)
RESERVOIR_NOT_MODELLED(VOID, InitializeIpInterfaceEntry, PMIB_IPINTERFACE_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, NotifyIpInterfaceChange, ADDRESS_FAMILY Family, PIPINTERFACE_CHANGE_CALLBACK Callback,
                       PVOID CallerContext, BOOLEAN InitialNotification, HANDLE *NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, SetIpInterfaceEntry, PMIB_IPINTERFACE_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIpNetworkConnectionBandwidthEstimates, NET_IFINDEX InterfaceIndex,
                       ADDRESS_FAMILY AddressFamily,
                       PMIB_IP_NETWORK_CONNECTION_BANDWIDTH_ESTIMATES BandwidthEstimates)
RESERVOIR_NOT_MODELLED(DWORD, CreateUnicastIpAddressEntry, const MIB_UNICASTIPADDRESS_ROW *Row)
RESERVOIR_NOT_MODELLED(DWORD, DeleteUnicastIpAddressEntry, const MIB_UNICASTIPADDRESS_ROW *Row)
RESERVOIR_NOT_MODELLED(DWORD, NotifyUnicastIpAddressChange, ADDRESS_FAMILY Family,
                       PUNICAST_IPADDRESS_CHANGE_CALLBACK Callback, PVOID CallerContext, BOOLEAN InitialNotification,
                       HANDLE *NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, CreateAnycastIpAddressEntry, const MIB_ANYCASTIPADDRESS_ROW *Row)
RESERVOIR_NOT_MODELLED(DWORD, DeleteAnycastIpAddressEntry, const MIB_ANYCASTIPADDRESS_ROW *Row)
RESERVOIR_NOT_MODELLED(DWORD, GetAnycastIpAddressEntry, PMIB_ANYCASTIPADDRESS_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, GetAnycastIpAddressTable, ADDRESS_FAMILY Family, PMIB_ANYCASTIPADDRESS_TABLE *Table)
RESERVOIR_NOT_MODELLED(DWORD, NotifyStableUnicastIpAddressTable, ADDRESS_FAMILY Family,
                       PMIB_UNICASTIPADDRESS_TABLE *Table, PSTABLE_UNICAST_IPADDRESS_TABLE_CALLBACK CallerCallback,
                       PVOID CallerContext, HANDLE *NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, SetUnicastIpAddressEntry, const MIB_UNICASTIPADDRESS_ROW *Row)
RESERVOIR_NOT_MODELLED(DWORD, GetMulticastIpAddressEntry, PMIB_MULTICASTIPADDRESS_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, GetMulticastIpAddressTable, ADDRESS_FAMILY Family,
                       PMIB_MULTICASTIPADDRESS_TABLE *Table)
RESERVOIR_NOT_MODELLED(DWORD, CreateIpForwardEntry2, const MIB_IPFORWARD_ROW2 *Row)
RESERVOIR_NOT_MODELLED(DWORD, DeleteIpForwardEntry2, const MIB_IPFORWARD_ROW2 *Row)
RESERVOIR_NOT_MODELLED(DWORD, GetBestRoute2, NET_LUID *InterfaceLuid, NET_IFINDEX InterfaceIndex,
                       const SOCKADDR_INET *SourceAddress, const SOCKADDR_INET *DestinationAddress,
                       ULONG AddressSortOptions, PMIB_IPFORWARD_ROW2 BestRoute, SOCKADDR_INET *BestSourceAddress)
RESERVOIR_NOT_MODELLED(DWORD, GetIpForwardEntry2, PMIB_IPFORWARD_ROW2 Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIpForwardTable2, ADDRESS_FAMILY Family, PMIB_IPFORWARD_TABLE2 *Table)
RESERVOIR_NOT_MODELLED(VOID, InitializeIpForwardEntry, PMIB_IPFORWARD_ROW2 Row)
RESERVOIR_NOT_MODELLED(DWORD, NotifyRouteChange2, ADDRESS_FAMILY AddressFamily, PIPFORWARD_CHANGE_CALLBACK Callback,
                       PVOID CallerContext, BOOLEAN InitialNotification, HANDLE *NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, SetIpForwardEntry2, const MIB_IPFORWARD_ROW2 *Route)
RESERVOIR_NOT_MODELLED(DWORD, FlushIpPathTable, ADDRESS_FAMILY Family)
RESERVOIR_NOT_MODELLED(DWORD, GetIpPathEntry, PMIB_IPPATH_ROW Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIpPathTable, ADDRESS_FAMILY Family, PMIB_IPPATH_TABLE *Table)
RESERVOIR_NOT_MODELLED(DWORD, CreateIpNetEntry2, const MIB_IPNET_ROW2 *Row)
RESERVOIR_NOT_MODELLED(DWORD, DeleteIpNetEntry2, const MIB_IPNET_ROW2 *Row)
RESERVOIR_NOT_MODELLED(DWORD, FlushIpNetTable2, ADDRESS_FAMILY Family, NET_IFINDEX InterfaceIndex)
RESERVOIR_NOT_MODELLED(DWORD, GetIpNetEntry2, PMIB_IPNET_ROW2 Row)
RESERVOIR_NOT_MODELLED(DWORD, GetIpNetTable2, ADDRESS_FAMILY Family, PMIB_IPNET_TABLE2 *Table)
RESERVOIR_NOT_MODELLED(DWORD, ResolveIpNetEntry2, PMIB_IPNET_ROW2 Row, const SOCKADDR_INET *SourceAddress)
RESERVOIR_NOT_MODELLED(DWORD, SetIpNetEntry2, PMIB_IPNET_ROW2 Row)
RESERVOIR_NOT_MODELLED(DWORD, NotifyTeredoPortChange, PTEREDO_PORT_CHANGE_CALLBACK Callback, PVOID CallerContext,
                       BOOLEAN InitialNotification, HANDLE *NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, GetTeredoPort, USHORT *Port)
RESERVOIR_NOT_MODELLED(DWORD, CancelMibChangeNotify2, HANDLE NotificationHandle)
RESERVOIR_NOT_MODELLED(DWORD, CreateSortedAddressPairs, const PSOCKADDR_IN6 SourceAddressList,
                       ULONG SourceAddressCount, const PSOCKADDR_IN6 DestinationAddressList,
                       ULONG DestinationAddressCount, ULONG AddressSortOptions,
                       PSOCKADDR_IN6_PAIR *SortedAddressPairList, ULONG *SortedAddressPairCount)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceNameToLuidA, const CHAR *InterfaceName, NET_LUID *InterfaceLuid)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceNameToLuidW, const WCHAR *InterfaceName, NET_LUID *InterfaceLuid)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceLuidToNameA, const NET_LUID *InterfaceLuid, PSTR InterfaceName,
                       SIZE_T Length)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceLuidToNameW, const NET_LUID *InterfaceLuid, PWSTR InterfaceName,
                       SIZE_T Length)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceLuidToAlias, const NET_LUID *InterfaceLuid, PWSTR InterfaceAlias,
                       SIZE_T Length)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceAliasToLuid, const WCHAR *InterfaceAlias, PNET_LUID InterfaceLuid)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceLuidToGuid, const NET_LUID *InterfaceLuid, GUID *InterfaceGuid)
RESERVOIR_NOT_MODELLED(DWORD, ConvertInterfaceGuidToLuid, const GUID *InterfaceGuid, PNET_LUID InterfaceLuid)
RESERVOIR_NOT_MODELLED(NET_IF_COMPARTMENT_ID, GetCurrentThreadCompartmentId, void)
RESERVOIR_NOT_MODELLED(DWORD, SetCurrentThreadCompartmentId, NET_IF_COMPARTMENT_ID CompartmentId)
RESERVOIR_NOT_MODELLED(NET_IF_COMPARTMENT_ID, GetSessionCompartmentId, ULONG SessionId)
RESERVOIR_NOT_MODELLED(DWORD, SetSessionCompartmentId, ULONG SessionId, NET_IF_COMPARTMENT_ID CompartmentId)
RESERVOIR_NOT_MODELLED(DWORD, GetNetworkInformation, const NET_IF_NETWORK_GUID *NetworkGuid,
                       PNET_IF_COMPARTMENT_ID CompartmentId, PULONG SiteId, PWCHAR NetworkName, ULONG Length)
RESERVOIR_NOT_MODELLED(DWORD, SetNetworkInformation, const NET_IF_NETWORK_GUID *NetworkGuid,
                       NET_IF_COMPARTMENT_ID CompartmentId, const WCHAR *NetworkName)
RESERVOIR_NOT_MODELLED(HANDLE, IcmpCreateFile, void)
RESERVOIR_NOT_MODELLED(HANDLE, Icmp6CreateFile, void)
RESERVOIR_NOT_MODELLED(BOOL, IcmpCloseHandle, HANDLE IcmpHandle)
RESERVOIR_NOT_MODELLED(DWORD, IcmpSendEcho, HANDLE IcmpHandle, IPAddr DestinationAddress, LPVOID RequestData,
                       WORD RequestSize, PIP_OPTION_INFORMATION RequestOptions, LPVOID ReplyBuffer, DWORD ReplySize,
                       DWORD Timeout)
RESERVOIR_NOT_MODELLED(DWORD, IcmpSendEcho2, HANDLE IcmpHandle, HANDLE Event, FARPROC ApcRoutine, PVOID ApcContext,
                       IPAddr DestinationAddress, LPVOID RequestData, WORD RequestSize,
                       PIP_OPTION_INFORMATION RequestOptions, LPVOID ReplyBuffer, DWORD ReplySize, DWORD Timeout)
RESERVOIR_NOT_MODELLED(DWORD, Icmp6SendEcho2, HANDLE IcmpHandle, HANDLE Event, FARPROC ApcRoutine, PVOID ApcContext,
                       struct sockaddr_in6 *SourceAddress, struct sockaddr_in6 *DestinationAddress,
                       LPVOID RequestData, WORD RequestSize, PIP_OPTION_INFORMATION RequestOptions,
                       LPVOID ReplyBuffer, DWORD ReplySize, DWORD Timeout)
RESERVOIR_NOT_MODELLED(DWORD, IcmpParseReplies, LPVOID ReplyBuffer, DWORD ReplySize)
RESERVOIR_NOT_MODELLED(DWORD, Icmp6ParseReplies, LPVOID ReplyBuffer, DWORD ReplySize)
/* clang-format on */
RESERVOIR_END
