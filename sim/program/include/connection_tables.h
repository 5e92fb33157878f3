/* iphlpapi.h's tables of connections and endpoints. */
#ifndef RESERVOIR_PROGRAM_CONNECTION_TABLES_H
#define RESERVOIR_PROGRAM_CONNECTION_TABLES_H

#define ANY_SIZE 1
#define TCPIP_OWNING_MODULE_SIZE 16

typedef enum {
    MIB_TCP_STATE_CLOSED = 1,
    MIB_TCP_STATE_LISTEN,
    MIB_TCP_STATE_SYN_SENT,
    MIB_TCP_STATE_SYN_RCVD,
    MIB_TCP_STATE_ESTAB,
    MIB_TCP_STATE_FIN_WAIT1,
    MIB_TCP_STATE_FIN_WAIT2,
    MIB_TCP_STATE_CLOSE_WAIT,
    MIB_TCP_STATE_CLOSING,
    MIB_TCP_STATE_LAST_ACK,
    MIB_TCP_STATE_TIME_WAIT,
    MIB_TCP_STATE_DELETE_TCB
} MIB_TCP_STATE;
typedef enum {
    TCP_TABLE_BASIC_LISTENER,
    TCP_TABLE_BASIC_CONNECTIONS,
    TCP_TABLE_BASIC_ALL,
    TCP_TABLE_OWNER_PID_LISTENER,
    TCP_TABLE_OWNER_PID_CONNECTIONS,
    TCP_TABLE_OWNER_PID_ALL,
    TCP_TABLE_OWNER_MODULE_LISTENER,
    TCP_TABLE_OWNER_MODULE_CONNECTIONS,
    TCP_TABLE_OWNER_MODULE_ALL
} TCP_TABLE_CLASS;
typedef enum { UDP_TABLE_BASIC, UDP_TABLE_OWNER_PID, UDP_TABLE_OWNER_MODULE } UDP_TABLE_CLASS;

/* A table: how many rows, and the rows. */
#define RESERVOIR_TABLE(row, name) \
    typedef struct _##name { \
        DWORD dwNumEntries; \
        row table[ANY_SIZE]; \
    } name, *P##name

typedef struct _MIB_TCPROW {
    union {
        DWORD dwState;
        MIB_TCP_STATE State;
    };
    DWORD dwLocalAddr, dwLocalPort, dwRemoteAddr, dwRemotePort;
} MIB_TCPROW, *PMIB_TCPROW;
RESERVOIR_TABLE(MIB_TCPROW, MIB_TCPTABLE);
typedef struct _MIB_TCPROW2 {
    DWORD dwState, dwLocalAddr, dwLocalPort, dwRemoteAddr, dwRemotePort, dwOwningPid;
    INT dwOffloadState;
} MIB_TCPROW2, *PMIB_TCPROW2;
RESERVOIR_TABLE(MIB_TCPROW2, MIB_TCPTABLE2);
typedef struct _MIB_TCPROW_OWNER_PID {
    DWORD dwState, dwLocalAddr, dwLocalPort, dwRemoteAddr, dwRemotePort, dwOwningPid;
} MIB_TCPROW_OWNER_PID, *PMIB_TCPROW_OWNER_PID;
RESERVOIR_TABLE(MIB_TCPROW_OWNER_PID, MIB_TCPTABLE_OWNER_PID);
typedef struct _MIB_TCP6ROW {
    MIB_TCP_STATE State;
    IN6_ADDR LocalAddr;
    DWORD dwLocalScopeId, dwLocalPort;
    IN6_ADDR RemoteAddr;
    DWORD dwRemoteScopeId, dwRemotePort;
} MIB_TCP6ROW, *PMIB_TCP6ROW;
RESERVOIR_TABLE(MIB_TCP6ROW, MIB_TCP6TABLE);
typedef struct _MIB_TCP6ROW_OWNER_PID {
    UCHAR ucLocalAddr[16];
    DWORD dwLocalScopeId, dwLocalPort;
    UCHAR ucRemoteAddr[16];
    DWORD dwRemoteScopeId, dwRemotePort, dwState, dwOwningPid;
} MIB_TCP6ROW_OWNER_PID, *PMIB_TCP6ROW_OWNER_PID;
RESERVOIR_TABLE(MIB_TCP6ROW_OWNER_PID, MIB_TCP6TABLE_OWNER_PID);
typedef struct _MIB_UDPROW {
    DWORD dwLocalAddr, dwLocalPort;
} MIB_UDPROW, *PMIB_UDPROW;
RESERVOIR_TABLE(MIB_UDPROW, MIB_UDPTABLE);
typedef struct _MIB_UDPROW_OWNER_PID {
    DWORD dwLocalAddr, dwLocalPort, dwOwningPid;
} MIB_UDPROW_OWNER_PID, *PMIB_UDPROW_OWNER_PID;
RESERVOIR_TABLE(MIB_UDPROW_OWNER_PID, MIB_UDPTABLE_OWNER_PID);
typedef struct _MIB_UDP6ROW_OWNER_PID {
    UCHAR ucLocalAddr[16];
    DWORD dwLocalScopeId, dwLocalPort, dwOwningPid;
} MIB_UDP6ROW_OWNER_PID, *PMIB_UDP6ROW_OWNER_PID;
RESERVOIR_TABLE(MIB_UDP6ROW_OWNER_PID, MIB_UDP6TABLE_OWNER_PID);
typedef struct _MIB_TCPSTATS {
    DWORD dwRtoAlgorithm, dwRtoMin, dwRtoMax, dwMaxConn, dwActiveOpens, dwPassiveOpens, dwAttemptFails, dwEstabResets,
        dwCurrEstab, dwInSegs, dwOutSegs, dwRetransSegs, dwInErrs, dwOutRsts, dwNumConns;
} MIB_TCPSTATS, *PMIB_TCPSTATS;
typedef struct _MIB_UDPSTATS {
    DWORD dwInDatagrams, dwNoPorts, dwInErrors, dwOutDatagrams, dwNumAddrs;
} MIB_UDPSTATS, *PMIB_UDPSTATS;
typedef struct _MIB_IPFORWARDROW {
    DWORD dwForwardDest, dwForwardMask, dwForwardPolicy, dwForwardNextHop, dwForwardIfIndex, dwForwardType,
        dwForwardProto, dwForwardAge, dwForwardNextHopAS, dwForwardMetric1, dwForwardMetric2, dwForwardMetric3,
        dwForwardMetric4, dwForwardMetric5;
} MIB_IPFORWARDROW, *PMIB_IPFORWARDROW;
RESERVOIR_TABLE(MIB_IPFORWARDROW, MIB_IPFORWARDTABLE);
#undef RESERVOIR_TABLE

#endif
