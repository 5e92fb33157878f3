/* ipexport.h and icmpapi.h: echo requests, and old lists of adapters. No call of the model takes one. */
#ifndef RESERVOIR_PROGRAM_ECHO_REQUESTS_H
#define RESERVOIR_PROGRAM_ECHO_REQUESTS_H

typedef ULONG IPAddr;
typedef ULONG IPMask;
typedef ULONG IP_STATUS;
typedef struct in6_addr IPv6Addr;
typedef struct ip_option_information {
    UCHAR Ttl, Tos, Flags, OptionsSize;
    PUCHAR OptionsData;
} IP_OPTION_INFORMATION, *PIP_OPTION_INFORMATION;
typedef struct ip_option_information32 {
    UCHAR Ttl, Tos, Flags, OptionsSize;
    UCHAR *OptionsData;
} IP_OPTION_INFORMATION32, *PIP_OPTION_INFORMATION32;
typedef struct icmp_echo_reply {
    IPAddr Address;
    ULONG Status, RoundTripTime;
    USHORT DataSize, Reserved;
    PVOID Data;
    struct ip_option_information Options;
} ICMP_ECHO_REPLY, *PICMP_ECHO_REPLY;
typedef struct icmp_echo_reply32 {
    IPAddr Address;
    ULONG Status, RoundTripTime;
    USHORT DataSize, Reserved;
    void *Data;
    struct ip_option_information32 Options;
} ICMP_ECHO_REPLY32, *PICMP_ECHO_REPLY32;
typedef struct arp_send_reply {
    IPAddr DestAddress, SrcAddress;
} ARP_SEND_REPLY, *PARP_SEND_REPLY;
typedef struct tcp_reserve_port_range {
    USHORT UpperRange, LowerRange;
} TCP_RESERVE_PORT_RANGE, *PTCP_RESERVE_PORT_RANGE;
typedef struct _IP_ADAPTER_INDEX_MAP {
    ULONG Index;
    WCHAR Name[128];
} IP_ADAPTER_INDEX_MAP, *PIP_ADAPTER_INDEX_MAP;
typedef struct _IP_INTERFACE_INFO {
    LONG NumAdapters;
    IP_ADAPTER_INDEX_MAP Adapter[1];
} IP_INTERFACE_INFO, *PIP_INTERFACE_INFO;
typedef struct _IP_UNIDIRECTIONAL_ADAPTER_ADDRESS {
    ULONG NumAdapters;
    IPAddr Address[1];
} IP_UNIDIRECTIONAL_ADAPTER_ADDRESS, *PIP_UNIDIRECTIONAL_ADAPTER_ADDRESS;
typedef struct _IP_ADAPTER_ORDER_MAP {
    ULONG NumAdapters, AdapterOrder[1];
} IP_ADAPTER_ORDER_MAP, *PIP_ADAPTER_ORDER_MAP;
typedef struct _IP_MCAST_COUNTER_INFO {
    ULONG64 InMcastOctets, OutMcastOctets, InMcastPkts, OutMcastPkts;
} IP_MCAST_COUNTER_INFO, *PIP_MCAST_COUNTER_INFO;
typedef struct _IPV6_ADDRESS_EX {
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    USHORT sin6_addr[8];
    ULONG sin6_scope_id;
} IPV6_ADDRESS_EX, *PIPV6_ADDRESS_EX;

#endif
