/* ipmib.h, iprtrmib.h, tcpmib.h, udpmib.h and tcpestats.h: statistics, routes of multicasts, owners of connections,
 * as tables. No call of the model answers with one: programs declare them, and who calls for one is stopped. */
#ifndef RESERVOIR_PROGRAM_STATISTICS_TABLES_H
#define RESERVOIR_PROGRAM_STATISTICS_TABLES_H

#include "sim/program/include/connection_tables.h"

#define MAX_INTERFACE_NAME_LEN 256
#define ALIGN_SIZE 8

/* A table: how many rows, and the rows. */
#define RESERVOIR_TABLE(row, name) \
    typedef struct _##name { \
        DWORD dwNumEntries; \
        row table[ANY_SIZE]; \
    } name, *P##name

typedef struct _MIB_UDP6ROW {
    IN6_ADDR dwLocalAddr;
    DWORD dwLocalScopeId, dwLocalPort;
} MIB_UDP6ROW, *PMIB_UDP6ROW;
RESERVOIR_TABLE(MIB_UDP6ROW, MIB_UDP6TABLE);
typedef enum _TCP_CONNECTION_OFFLOAD_STATE {
    TcpConnectionOffloadStateInHost = 0,
    TcpConnectionOffloadStateOffloading = 1,
    TcpConnectionOffloadStateOffloaded = 2,
    TcpConnectionOffloadStateUploading = 3,
    TcpConnectionOffloadStateMax = 4
} TCP_CONNECTION_OFFLOAD_STATE;
typedef struct _MIB_TCP6ROW2 {
    IN6_ADDR LocalAddr;
    DWORD dwLocalScopeId, dwLocalPort;
    IN6_ADDR RemoteAddr;
    DWORD dwRemoteScopeId, dwRemotePort;
    MIB_TCP_STATE State;
    DWORD dwOwningPid;
    TCP_CONNECTION_OFFLOAD_STATE dwOffloadState;
} MIB_TCP6ROW2, *PMIB_TCP6ROW2;
RESERVOIR_TABLE(MIB_TCP6ROW2, MIB_TCP6TABLE2);
typedef struct _MIB_OPAQUE_QUERY {
    DWORD dwVarId, rgdwVarIndex[1];
} MIB_OPAQUE_QUERY, *PMIB_OPAQUE_QUERY;
typedef struct _MIB_IFNUMBER {
    DWORD dwValue;
} MIB_IFNUMBER, *PMIB_IFNUMBER;
typedef struct _MIB_IFROW {
    WCHAR wszName[MAX_INTERFACE_NAME_LEN];
    DWORD dwIndex, dwType, dwMtu, dwSpeed, dwPhysAddrLen;
    BYTE bPhysAddr[8];
    DWORD dwAdminStatus, dwOperStatus, dwLastChange, dwInOctets, dwInUcastPkts, dwInNUcastPkts, dwInDiscards,
        dwInErrors, dwInUnknownProtos, dwOutOctets, dwOutUcastPkts, dwOutNUcastPkts, dwOutDiscards, dwOutErrors,
        dwOutQLen, dwDescrLen;
    BYTE bDescr[MAXLEN_IFDESCR];
} MIB_IFROW, *PMIB_IFROW;
RESERVOIR_TABLE(MIB_IFROW, MIB_IFTABLE);
typedef struct _MIBICMPSTATS {
    DWORD dwMsgs, dwErrors, dwDestUnreachs, dwTimeExcds, dwParmProbs, dwSrcQuenchs, dwRedirects, dwEchos, dwEchoReps,
        dwTimestamps, dwTimestampReps, dwAddrMasks, dwAddrMaskReps;
} MIBICMPSTATS, *PMIBICMPSTATS;
typedef struct _MIBICMPINFO {
    MIBICMPSTATS icmpInStats, icmpOutStats;
} MIBICMPINFO;
typedef struct _MIB_ICMP {
    MIBICMPINFO stats;
} MIB_ICMP, *PMIB_ICMP;
typedef enum {
    ICMP6_DST_UNREACH = 1,
    ICMP6_PACKET_TOO_BIG = 2,
    ICMP6_TIME_EXCEEDED = 3,
    ICMP6_PARAM_PROB = 4,
    ICMP6_ECHO_REQUEST = 128,
    ICMP6_ECHO_REPLY = 129,
    ICMP6_MEMBERSHIP_QUERY = 130,
    ICMP6_MEMBERSHIP_REPORT = 131,
    ICMP6_MEMBERSHIP_REDUCTION = 132,
    ND_ROUTER_SOLICIT = 133,
    ND_ROUTER_ADVERT = 134,
    ND_NEIGHBOR_SOLICIT = 135,
    ND_NEIGHBOR_ADVERT = 136,
    ND_REDIRECT = 137
} ICMP6_TYPE,
    *PICMP6_TYPE;
typedef enum {
    ICMP4_ECHO_REPLY = 0,
    ICMP4_DST_UNREACH = 3,
    ICMP4_SOURCE_QUENCH = 4,
    ICMP4_REDIRECT = 5,
    ICMP4_ECHO_REQUEST = 8,
    ICMP4_ROUTER_ADVERT = 9,
    ICMP4_ROUTER_SOLICIT = 10,
    ICMP4_TIME_EXCEEDED = 11,
    ICMP4_PARAM_PROB = 12,
    ICMP4_TIMESTAMP_REQUEST = 13,
    ICMP4_TIMESTAMP_REPLY = 14,
    ICMP4_MASK_REQUEST = 17,
    ICMP4_MASK_REPLY = 18
} ICMP4_TYPE,
    *PICMP4_TYPE;
typedef struct _MIBICMPSTATS_EX {
    DWORD dwMsgs, dwErrors, rgdwTypeCount[256];
} MIBICMPSTATS_EX, *PMIBICMPSTATS_EX;
typedef struct _MIB_ICMP_EX {
    MIBICMPSTATS_EX icmpInStats, icmpOutStats;
} MIB_ICMP_EX, *PMIB_ICMP_EX;
typedef MIB_UDPROW MIB_UDPROW_BASIC, *PMIB_UDPROW_BASIC;
typedef struct _MIB_UDPROW_OWNER_MODULE {
    DWORD dwLocalAddr, dwLocalPort, dwOwningPid;
    LARGE_INTEGER liCreateTimestamp;
    union {
        struct {
            DWORD SpecificPortBind : 1;
        };
        DWORD dwFlags;
    };
    ULONGLONG OwningModuleInfo[TCPIP_OWNING_MODULE_SIZE];
} MIB_UDPROW_OWNER_MODULE, *PMIB_UDPROW_OWNER_MODULE;
typedef struct _MIB_UDP6ROW_OWNER_MODULE {
    UCHAR ucLocalAddr[16];
    DWORD dwLocalScopeId, dwLocalPort, dwOwningPid;
    LARGE_INTEGER liCreateTimestamp;
    union {
        struct {
            DWORD SpecificPortBind : 1;
        };
        DWORD dwFlags;
    };
    ULONGLONG OwningModuleInfo[TCPIP_OWNING_MODULE_SIZE];
} MIB_UDP6ROW_OWNER_MODULE, *PMIB_UDP6ROW_OWNER_MODULE;
typedef MIB_UDPTABLE MIB_UDPTABLE_BASIC, *PMIB_UDPTABLE_BASIC;
RESERVOIR_TABLE(MIB_UDPROW_OWNER_MODULE, MIB_UDPTABLE_OWNER_MODULE);
RESERVOIR_TABLE(MIB_UDP6ROW_OWNER_MODULE, MIB_UDP6TABLE_OWNER_MODULE);
typedef TCP_TABLE_CLASS *PTCP_TABLE_CLASS;
typedef MIB_TCPROW MIB_TCPROW_BASIC, *PMIB_TCPROW_BASIC;
typedef struct _MIB_TCPROW_OWNER_MODULE {
    DWORD dwState, dwLocalAddr, dwLocalPort, dwRemoteAddr, dwRemotePort, dwOwningPid;
    LARGE_INTEGER liCreateTimestamp;
    ULONGLONG OwningModuleInfo[TCPIP_OWNING_MODULE_SIZE];
} MIB_TCPROW_OWNER_MODULE, *PMIB_TCPROW_OWNER_MODULE;
typedef struct _MIB_TCP6ROW_OWNER_MODULE {
    UCHAR ucLocalAddr[16];
    DWORD dwLocalScopeId, dwLocalPort;
    UCHAR ucRemoteAddr[16];
    DWORD dwRemoteScopeId, dwRemotePort, dwState, dwOwningPid;
    LARGE_INTEGER liCreateTimestamp;
    ULONGLONG OwningModuleInfo[TCPIP_OWNING_MODULE_SIZE];
} MIB_TCP6ROW_OWNER_MODULE, *PMIB_TCP6ROW_OWNER_MODULE;
typedef MIB_TCPTABLE MIB_TCPTABLE_BASIC, *PMIB_TCPTABLE_BASIC;
RESERVOIR_TABLE(MIB_TCPROW_OWNER_MODULE, MIB_TCPTABLE_OWNER_MODULE);
RESERVOIR_TABLE(MIB_TCP6ROW_OWNER_MODULE, MIB_TCP6TABLE_OWNER_MODULE);
typedef struct _MIB_IPSTATS {
    DWORD dwForwarding, dwDefaultTTL, dwInReceives, dwInHdrErrors, dwInAddrErrors, dwForwDatagrams, dwInUnknownProtos,
        dwInDiscards, dwInDelivers, dwOutRequests, dwRoutingDiscards, dwOutDiscards, dwOutNoRoutes, dwReasmTimeout,
        dwReasmReqds, dwReasmOks, dwReasmFails, dwFragOks, dwFragFails, dwFragCreates, dwNumIf, dwNumAddr, dwNumRoutes;
} MIB_IPSTATS, *PMIB_IPSTATS;
typedef struct _MIB_IPFORWARDNUMBER {
    DWORD dwValue;
} MIB_IPFORWARDNUMBER, *PMIB_IPFORWARDNUMBER;
typedef struct _MIB_IPNETROW {
    DWORD dwIndex, dwPhysAddrLen;
    BYTE bPhysAddr[8];
    DWORD dwAddr, dwType;
} MIB_IPNETROW, *PMIB_IPNETROW;
RESERVOIR_TABLE(MIB_IPNETROW, MIB_IPNETTABLE);
typedef struct _MIB_IPMCAST_OIF {
    DWORD dwOutIfIndex, dwNextHopAddr, dwReserved, dwReserved1;
} MIB_IPMCAST_OIF, *PMIB_IPMCAST_OIF;
typedef struct _MIB_IPMCAST_MFE {
    DWORD dwGroup, dwSource, dwSrcMask, dwUpStrmNgbr, dwInIfIndex, dwInIfProtocol, dwRouteProtocol, dwRouteNetwork,
        dwRouteMask;
    ULONG ulUpTime, ulExpiryTime, ulTimeOut, ulNumOutIf;
    DWORD fFlags, dwReserved;
    MIB_IPMCAST_OIF rgmioOutInfo[1];
} MIB_IPMCAST_MFE, *PMIB_IPMCAST_MFE;
RESERVOIR_TABLE(MIB_IPMCAST_MFE, MIB_MFE_TABLE);
typedef struct _MIB_IPMCAST_OIF_STATS {
    DWORD dwOutIfIndex, dwNextHopAddr, dwDialContext;
    ULONG ulTtlTooLow, ulFragNeeded, ulOutPackets, ulOutDiscards;
} MIB_IPMCAST_OIF_STATS, *PMIB_IPMCAST_OIF_STATS;
typedef struct _MIB_IPMCAST_MFE_STATS {
    DWORD dwGroup, dwSource, dwSrcMask, dwUpStrmNgbr, dwInIfIndex, dwInIfProtocol, dwRouteProtocol, dwRouteNetwork,
        dwRouteMask;
    ULONG ulUpTime, ulExpiryTime, ulNumOutIf, ulInPkts, ulInOctets, ulPktsDifferentIf, ulQueueOverflow;
    MIB_IPMCAST_OIF_STATS rgmiosOutStats[1];
} MIB_IPMCAST_MFE_STATS, *PMIB_IPMCAST_MFE_STATS;
RESERVOIR_TABLE(MIB_IPMCAST_MFE_STATS, MIB_MFE_STATS_TABLE);
typedef struct _MIB_IPMCAST_MFE_STATS_EX {
    DWORD dwGroup, dwSource, dwSrcMask, dwUpStrmNgbr, dwInIfIndex, dwInIfProtocol, dwRouteProtocol, dwRouteNetwork,
        dwRouteMask;
    ULONG ulUpTime, ulExpiryTime, ulNumOutIf, ulInPkts, ulInOctets, ulPktsDifferentIf, ulQueueOverflow, ulUninitMfe,
        ulNegativeMfe, ulInDiscards, ulInHdrErrors, ulTotalOutPackets;
    MIB_IPMCAST_OIF_STATS rgmiosOutStats[1];
} MIB_IPMCAST_MFE_STATS_EX, *PMIB_IPMCAST_MFE_STATS_EX;
RESERVOIR_TABLE(MIB_IPMCAST_MFE_STATS_EX, MIB_MFE_STATS_TABLE_EX);
typedef struct _MIB_IPMCAST_GLOBAL {
    DWORD dwEnable;
} MIB_IPMCAST_GLOBAL, *PMIB_IPMCAST_GLOBAL;
typedef struct _MIB_IPMCAST_IF_ENTRY {
    DWORD dwIfIndex, dwTtl, dwProtocol, dwRateLimit;
    ULONG ulInMcastOctets, ulOutMcastOctets;
} MIB_IPMCAST_IF_ENTRY, *PMIB_IPMCAST_IF_ENTRY;
RESERVOIR_TABLE(MIB_IPMCAST_IF_ENTRY, MIB_IPMCAST_IF_TABLE);
typedef struct _MIB_IPMCAST_BOUNDARY {
    DWORD dwIfIndex, dwGroupAddress, dwGroupMask, dwStatus;
} MIB_IPMCAST_BOUNDARY, *PMIB_IPMCAST_BOUNDARY;
RESERVOIR_TABLE(MIB_IPMCAST_BOUNDARY, MIB_IPMCAST_BOUNDARY_TABLE);
typedef struct {
    DWORD dwGroupAddress, dwGroupMask;
} MIB_BOUNDARYROW, *PMIB_BOUNDARYROW;
typedef struct {
    DWORD dwTtl, dwRateLimit;
} MIB_MCAST_LIMIT_ROW, *PMIB_MCAST_LIMIT_ROW;
typedef WCHAR SN_CHAR;
typedef SN_CHAR SCOPE_NAME_BUFFER[255 + 1], *SCOPE_NAME;
typedef struct _MIB_IPMCAST_SCOPE {
    DWORD dwGroupAddress, dwGroupMask;
    SCOPE_NAME_BUFFER snNameBuffer;
    DWORD dwStatus;
} MIB_IPMCAST_SCOPE, *PMIB_IPMCAST_SCOPE;
typedef struct _MIB_IPDESTROW {
    union {
        DWORD dwForwardDest, dwForwardMask, dwForwardPolicy, dwForwardNextHop, dwForwardIfIndex, dwForwardType,
            dwForwardProto, dwForwardAge, dwForwardNextHopAS, dwForwardMetric1, dwForwardMetric2, dwForwardMetric3,
            dwForwardMetric4, dwForwardMetric5;
    };
    DWORD dwForwardPreference, dwForwardViewSet;
} MIB_IPDESTROW, *PMIB_IPDESTROW;
RESERVOIR_TABLE(MIB_IPDESTROW, MIB_IPDESTTABLE);
typedef struct _MIB_BEST_IF {
    DWORD dwDestAddr, dwIfIndex;
} MIB_BEST_IF, *PMIB_BEST_IF;
typedef struct _MIB_PROXYARP {
    DWORD dwAddress, dwMask, dwIfIndex;
} MIB_PROXYARP, *PMIB_PROXYARP;
typedef struct _MIB_IFSTATUS {
    DWORD dwIfIndex, dwAdminStatus, dwOperationalStatus;
    BOOL bMHbeatActive, bMHbeatAlive;
} MIB_IFSTATUS, *PMIB_IFSTATUS;
typedef struct _MIB_ROUTESTATE {
    BOOL bRoutesSetToStack;
} MIB_ROUTESTATE, *PMIB_ROUTESTATE;
typedef struct _MIB_OPAQUE_INFO {
    DWORD dwId;
    union {
        ULONGLONG ullAlign;
        BYTE rgbyData[1];
    };
} MIB_OPAQUE_INFO, *PMIB_OPAQUE_INFO;
typedef struct _TCPIP_OWNER_MODULE_BASIC_INFO {
    PWCHAR pModuleName, pModulePath;
} TCPIP_OWNER_MODULE_BASIC_INFO, *PTCPIP_OWNER_MODULE_BASIC_INFO;
typedef UDP_TABLE_CLASS *PUDP_TABLE_CLASS;
typedef enum _TCPIP_OWNER_MODULE_INFO_CLASS {
    TCPIP_OWNER_MODULE_INFO_BASIC
} TCPIP_OWNER_MODULE_INFO_CLASS,
    *PTCPIP_OWNER_MODULE_INFO_CLASS;
typedef struct _TCP_ESTATS_BANDWIDTH_ROD_v0 {
    ULONG64 OutboundBandwidth, InboundBandwidth, OutboundInstability, InboundInstability;
    BOOLEAN OutboundBandwidthPeaked, InboundBandwidthPeaked;
} TCP_ESTATS_BANDWIDTH_ROD_v0, *PTCP_ESTATS_BANDWIDTH_ROD_v0;
typedef enum _TCP_BOOLEAN_OPTIONAL {
    TcpBoolOptDisabled = 0,
    TcpBoolOptEnabled = 1,
    TcpBoolOptUnchanged = -1
} TCP_BOOLEAN_OPTIONAL;
typedef struct _TCP_ESTATS_BANDWIDTH_RW_v0 {
    TCP_BOOLEAN_OPTIONAL EnableCollectionOutbound, EnableCollectionInbound;
} TCP_ESTATS_BANDWIDTH_RW_v0, *PTCP_ESTATS_BANDWIDTH_RW_v0;
typedef struct _TCP_ESTATS_DATA_ROD_v0 {
    ULONG64 DataBytesOut, DataSegsOut, DataBytesIn, DataSegsIn, SegsOut, SegsIn;
    ULONG SoftErrors, SoftErrorReason, SndUna, SndNxt, SndMax;
    ULONG64 ThruBytesAcked;
    ULONG RcvNxt;
    ULONG64 ThruBytesReceived;
} TCP_ESTATS_DATA_ROD_v0, *PTCP_ESTATS_DATA_ROD_v0;
typedef struct _TCP_ESTATS_DATA_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_DATA_RW_v0, *PTCP_ESTATS_DATA_RW_v0;
typedef struct _TCP_ESTATS_FINE_RTT_ROD_v0 {
    ULONG RttVar, MaxRtt, MinRtt, SumRtt;
} TCP_ESTATS_FINE_RTT_ROD_v0, *PTCP_ESTATS_FINE_RTT_ROD_v0;
typedef struct _TCP_ESTATS_FINE_RTT_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_FINE_RTT_RW_v0, *PTCP_ESTATS_FINE_RTT_RW_v0;
typedef struct _TCP_ESTATS_OBS_REC_ROD_v0 {
    ULONG CurRwinRcvd, MaxRwinRcvd, MinRwinRcvd;
    UCHAR WinScaleRcvd;
} TCP_ESTATS_OBS_REC_ROD_v0, *PTCP_ESTATS_OBS_REC_ROD_v0;
typedef struct _TCP_ESTATS_OBS_REC_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_OBS_REC_RW_v0, *PTCP_ESTATS_OBS_REC_RW_v0;
typedef struct _TCP_ESTATS_PATH_ROD_v0 {
    ULONG FastRetran, Timeouts, SubsequentTimeouts, CurTimeoutCount, AbruptTimeouts, PktsRetrans, BytesRetrans,
        DupAcksIn, SacksRcvd, SackBlocksRcvd, CongSignals, PreCongSumCwnd, PreCongSumRtt, PostCongSumRtt,
        PostCongCountRtt, EcnSignals, EceRcvd, SendStall, QuenchRcvd, RetranThresh, SndDupAckEpisodes,
        SumBytesReordered, NonRecovDa, NonRecovDaEpisodes, AckAfterFr, DsackDups, SampleRtt, SmoothedRtt, RttVar,
        MaxRtt, MinRtt, SumRtt, CountRtt, CurRto, MaxRto, MinRto, CurMss, MaxMss, MinMss, SpuriousRtoDetections;
} TCP_ESTATS_PATH_ROD_v0, *PTCP_ESTATS_PATH_ROD_v0;
typedef struct _TCP_ESTATS_PATH_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_PATH_RW_v0, *PTCP_ESTATS_PATH_RW_v0;
typedef struct _TCP_ESTATS_REC_ROD_v0 {
    ULONG CurRwinSent, MaxRwinSent, MinRwinSent, LimRwin, DupAckEpisodes, DupAcksOut, CeRcvd, EcnSent, EcnNoncesRcvd,
        CurReasmQueue, MaxReasmQueue;
    SIZE_T CurAppRQueue, MaxAppRQueue;
    UCHAR WinScaleSent;
} TCP_ESTATS_REC_ROD_v0, *PTCP_ESTATS_REC_ROD_v0;
typedef struct _TCP_ESTATS_REC_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_REC_RW_v0, *PTCP_ESTATS_REC_RW_v0;
typedef struct _TCP_ESTATS_SEND_BUFF_ROD_v0 {
    SIZE_T CurRetxQueue, MaxRetxQueue, CurAppWQueue, MaxAppWQueue;
} TCP_ESTATS_SEND_BUFF_ROD_v0, *PTCP_ESTATS_SEND_BUFF_ROD_v0;
typedef struct _TCP_ESTATS_SEND_BUFF_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_SEND_BUFF_RW_v0, *PTCP_ESTATS_SEND_BUFF_RW_v0;
typedef struct _TCP_ESTATS_SND_CONG_ROD_v0 {
    ULONG SndLimTransRwin, SndLimTimeRwin;
    SIZE_T SndLimBytesRwin;
    ULONG SndLimTransCwnd, SndLimTimeCwnd;
    SIZE_T SndLimBytesCwnd;
    ULONG SndLimTransSnd, SndLimTimeSnd;
    SIZE_T SndLimBytesSnd;
    ULONG SlowStart, CongAvoid, OtherReductions, CurCwnd, MaxSsCwnd, MaxCaCwnd, CurSsthresh, MaxSsthresh, MinSsthresh;
} TCP_ESTATS_SND_CONG_ROD_v0, *PTCP_ESTATS_SND_CONG_ROD_v0;
typedef struct _TCP_ESTATS_SND_CONG_ROS_v0 {
    ULONG LimCwnd;
} TCP_ESTATS_SND_CONG_ROS_v0, *PTCP_ESTATS_SND_CONG_ROS_v0;
typedef struct _TCP_ESTATS_SND_CONG_RW_v0 {
    BOOLEAN EnableCollection;
} TCP_ESTATS_SND_CONG_RW_v0, *PTCP_ESTATS_SND_CONG_RW_v0;
typedef struct _TCP_ESTATS_SYN_OPTS_ROS_v0 {
    BOOLEAN ActiveOpen;
    ULONG MssRcvd, MssSent;
} TCP_ESTATS_SYN_OPTS_ROS_v0, *PTCP_ESTATS_SYN_OPTS_ROS_v0;
typedef enum _TCP_ESTATS_TYPE {
    TcpConnectionEstatsSynOpts,
    TcpConnectionEstatsData,
    TcpConnectionEstatsSndCong,
    TcpConnectionEstatsPath,
    TcpConnectionEstatsSendBuff,
    TcpConnectionEstatsRec,
    TcpConnectionEstatsObsRec,
    TcpConnectionEstatsBandwidth,
    TcpConnectionEstatsFineRtt,
    TcpConnectionEstatsMaximum
} TCP_ESTATS_TYPE;
#undef RESERVOIR_TABLE

/* How many bytes a table of so many rows has, with room to begin it at a multiple of eight. */
#define RESERVOIR_TABLE_BYTES(type, row, count) (FIELD_OFFSET(type, table[0]) + (count) * sizeof(row) + ALIGN_SIZE)
#define SIZEOF_IFTABLE(count) RESERVOIR_TABLE_BYTES(MIB_IFTABLE, MIB_IFROW, count)
#define SIZEOF_IPADDRTABLE(count) RESERVOIR_TABLE_BYTES(MIB_IPADDRTABLE, MIB_IPADDRROW, count)
#define SIZEOF_IPFORWARDTABLE(count) RESERVOIR_TABLE_BYTES(MIB_IPFORWARDTABLE, MIB_IPFORWARDROW, count)
#define SIZEOF_IPNETTABLE(count) RESERVOIR_TABLE_BYTES(MIB_IPNETTABLE, MIB_IPNETROW, count)
#define SIZEOF_TCPTABLE(count) RESERVOIR_TABLE_BYTES(MIB_TCPTABLE, MIB_TCPROW, count)
#define SIZEOF_TCPTABLE_OWNER_PID(count) RESERVOIR_TABLE_BYTES(MIB_TCPTABLE_OWNER_PID, MIB_TCPROW_OWNER_PID, count)
#define SIZEOF_TCP6TABLE_OWNER_PID(count) RESERVOIR_TABLE_BYTES(MIB_TCP6TABLE_OWNER_PID, MIB_TCP6ROW_OWNER_PID, count)
#define SIZEOF_TCPTABLE_BASIC(count) SIZEOF_TCPTABLE(count)
#define SIZEOF_TCPTABLE_OWNER_MODULE(count) \
    RESERVOIR_TABLE_BYTES(MIB_TCPTABLE_OWNER_MODULE, MIB_TCPROW_OWNER_MODULE, count)
#define SIZEOF_UDPTABLE_BASIC(count) SIZEOF_UDPTABLE(count)
#define SIZEOF_UDPTABLE_OWNER_MODULE(count) \
    RESERVOIR_TABLE_BYTES(MIB_UDPTABLE_OWNER_MODULE, MIB_UDPROW_OWNER_MODULE, count)
#define SIZEOF_UDP6TABLE_OWNER_MODULE(count) \
    RESERVOIR_TABLE_BYTES(MIB_UDP6TABLE_OWNER_MODULE, MIB_UDP6ROW_OWNER_MODULE, count)
#define SIZEOF_MCAST_IF_TABLE(count) RESERVOIR_TABLE_BYTES(MIB_IPMCAST_IF_TABLE, MIB_IPMCAST_IF_ENTRY, count)
#define SIZEOF_BOUNDARY_TABLE(count) RESERVOIR_TABLE_BYTES(MIB_IPMCAST_BOUNDARY_TABLE, MIB_IPMCAST_BOUNDARY, count)
#define MIB_INFO_SIZE(type) (MAX_MIB_OFFSET + sizeof(type))
#define MIB_INFO_SIZE_IN_DWORDS(type) (MIB_INFO_SIZE(type) / sizeof(DWORD) + 1)
#define SIZEOF_UDPTABLE(count) RESERVOIR_TABLE_BYTES(MIB_UDPTABLE, MIB_UDPROW, count)
#define SIZEOF_UDPTABLE_OWNER_PID(count) RESERVOIR_TABLE_BYTES(MIB_UDPTABLE_OWNER_PID, MIB_UDPROW_OWNER_PID, count)
#define SIZEOF_UDP6TABLE_OWNER_PID(count) RESERVOIR_TABLE_BYTES(MIB_UDP6TABLE_OWNER_PID, MIB_UDP6ROW_OWNER_PID, count)

#endif
