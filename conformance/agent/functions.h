/* The door to the stack: every function of the modelled API as a pointer with its exact Win32 signature.
 *
 * The agent calls the stack under test through this table and through nothing else, so that there can be two:
 * functions_real.c takes ws2_32's and kernel32's own functions; functions_model.c (the test build) answers with the
 * model, so that success paths which Wine lacks run under Wine as well. Static memory; filled once, before threads. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_FUNCTIONS_H
#define RESERVOIR_CONFORMANCE_AGENT_FUNCTIONS_H

#include "conformance/agent/windows_headers.h"

#include <stdbool.h>

#include "conformance/agent/boot_mark.h"
#include "conformance/language/tree.h"

struct windows_functions {
    const char *kind; /* "real" or "model" */

    /* True: all processes of a scenario live in this one Windows process, and enter() tells which of them calls.
     * False: each scenario process needs a Windows process of its own. */
    bool processes_share_host;

    int (WSAAPI *WSAStartup)(WORD, LPWSADATA);
    int (WSAAPI *WSACleanup)(void);
    int (WSAAPI *WSAGetLastError)(void);
    SOCKET (WSAAPI *socket)(int, int, int);
    SOCKET (WSAAPI *WSASocketA)(int, int, int, LPWSAPROTOCOL_INFOA, GROUP, DWORD);
    SOCKET (WSAAPI *WSASocketW)(int, int, int, LPWSAPROTOCOL_INFOW, GROUP, DWORD);
    int (WSAAPI *WSADuplicateSocketW)(SOCKET, DWORD, LPWSAPROTOCOL_INFOW);
    int (WSAAPI *closesocket)(SOCKET);
    int (WSAAPI *bind)(SOCKET, const struct sockaddr *, int);
    int (WSAAPI *getsockname)(SOCKET, struct sockaddr *, int *);
    int (WSAAPI *listen)(SOCKET, int);
    int (WSAAPI *connect)(SOCKET, const struct sockaddr *, int);
    int (WSAAPI *sendto)(SOCKET, const char *, int, int, const struct sockaddr *, int);
    int (WSAAPI *ioctlsocket)(SOCKET, LONG, u_long *);
    int (WSAAPI *getsockopt)(SOCKET, int, int, char *, int *);
    int (WSAAPI *setsockopt)(SOCKET, int, int, const char *, int);
    int (WSAAPI *WSAIoctl)(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED,
                           LPWSAOVERLAPPED_COMPLETION_ROUTINE);
    BOOL (WSAAPI *WSAGetOverlappedResult)(SOCKET, LPWSAOVERLAPPED, LPDWORD, BOOL, LPDWORD);
    HANDLE (WINAPI *CreateEventW)(LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR);
    BOOL (WINAPI *SetEvent)(HANDLE);
    BOOL (WINAPI *ResetEvent)(HANDLE);
    DWORD (WINAPI *WaitForSingleObject)(HANDLE, DWORD);
    DWORD (WINAPI *SleepEx)(DWORD, BOOL);
    HANDLE (WINAPI *CreateFileW)(LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE);
    BOOL (WINAPI *CloseHandle)(HANDLE);
    /* What the language calls CreateProcess: `child` is the record's own number of a process that has steps, 0 for a program
     * that ends at once. */
    BOOL (WINAPI *start_program)(uint64_t child, BOOL inherits, uint32_t manifest);
    BOOL (WINAPI *ImpersonateLoggedOnUser)(uint64_t account); /* an account of the scenario; where processes do not share
                                                                 the host, its kind (enum account_kind) */
    BOOL (WINAPI *RevertToSelf)(void);

    /* iphlpapi's functions for tcp and udp. NULL where the system has none: persistent_allow() keeps them from being
     * called. */
    struct {
        ULONG (WINAPI *create[2])(USHORT, USHORT, PULONG64);
        ULONG (WINAPI *remove[2])(USHORT, USHORT);
        ULONG (WINAPI *lookup[2])(USHORT, USHORT, PULONG64);
    } persistent;

    /* netsh's commands about excluded port ranges: protocol 6 or 17, ports in host order, enum netsh_store; `row` receives
     * NETSH_ROW_SIZE bytes. The value is the error that netsh tells, or NETSH_SAYS_NOTHING. NULL where they cannot be run:
     * persistent_allow() keeps them from being called. */
    struct {
        ULONG (*add)(uint32_t protocol, unsigned first, unsigned count, unsigned store);
        ULONG (*remove)(uint32_t protocol, unsigned first, unsigned count, unsigned store);
        ULONG (*show)(uint32_t protocol, unsigned port, unsigned store, uint8_t *row);
    } netsh;

    /* --- what the agent needs besides; not part of the modelled API ---------------------------------------------- */

    /* A scenario begins, or goes on behind a restart (`resumed`: then what its world lines say of the active store was true of
     * the machine before). `scenario` is an expanded instance, borrowed until end(). True when every world line and process
     * line holds here; else `reason` (EXECUTOR_REASON_MAX bytes) names the first that does not. */
    bool (*begin)(const struct scenario *scenario, bool resumed, char *reason);
    void (*end)(void);

    /* A scenario process comes and goes. process_ends() makes calls that are parked in it return. */
    void (*process_starts)(unsigned process, unsigned main_thread);
    void (*process_ends)(unsigned process);

    /* The calling Windows thread is from now on this thread of this scenario process. */
    void (*enter)(unsigned process, unsigned thread);

    /* 1 set, 0 not set, -1 no such event. Changes neither the event nor the last error. Calls of a process that has
     * been entered by this thread. */
    int (*event_state)(HANDLE event);

    /* Lets time pass. */
    void (*advance)(uint64_t nanoseconds);

    /* When this machine booted. */
    struct boot (*boot)(void);

    /* Of the model's machine: keeps its persistent reservations in this file from now on. False when that cannot be read.
     * NULL where the machine has a store of its own. */
    bool (*keep_store)(const char *path);
};

/* The table of this build. Asserts that every entry could be found. */
const struct windows_functions *windows_functions(void);

/* netsh was run, and what it said cannot be read: no answer. */
#define NETSH_SAYS_NOTHING 0xFFFFFFFFu

enum {
    /* The process and thread that the agent itself is while it looks for free ports: none of the scenario's. */
    AGENT_PROCESS = PROCESSES_MAX,
    AGENT_THREAD = THREADS_MAX,
};

#endif
