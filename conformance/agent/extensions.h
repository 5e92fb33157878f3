/* Winsock's extensions, which have no place in any table: their addresses are asked for by
 * SIO_GET_EXTENSION_FUNCTION_POINTER, as a program does, of the socket that the call is about, or, where that is none,
 * of another one of TCP. Whose functions they are the host decides: its own, or those of a provider that was loaded in
 * its place. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_EXTENSIONS_H
#define RESERVOIR_CONFORMANCE_AGENT_EXTENSIONS_H

#include "conformance/agent/functions.h"

/* Whose WSAIoctl, WSASocketW and closesocket ask; borrowed. Before there are threads. */
void extensions_use(const struct windows_functions *table);

/* An extension that is not there returns FALSE with the error of the WSAIoctl that asked for it. */
BOOL WINAPI agent_ConnectEx(SOCKET s, const struct sockaddr *name, int length, PVOID data, DWORD data_size,
                            LPDWORD sent, LPOVERLAPPED overlapped);
BOOL WINAPI agent_DisconnectEx(SOCKET s, LPOVERLAPPED overlapped, DWORD flags, DWORD reserved);
BOOL WINAPI agent_AcceptEx(SOCKET listener, SOCKET acceptor, PVOID buffer, DWORD data_size, DWORD local_size,
                           DWORD remote_size, LPDWORD received, LPOVERLAPPED overlapped);

/* A WSAMSG is made of the members, and what it has afterwards is stored where they came from. Of a call that pends it
 * stays where it is. */
int WINAPI agent_WSARecvMsg(SOCKET s, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags,
                            struct sockaddr *name, LPINT name_length, char *control, LPINT control_length,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int WINAPI agent_WSASendMsg(SOCKET s, LPWSABUF buffers, DWORD count, DWORD flags, LPDWORD sent,
                            const struct sockaddr *name, int name_length, char *control, DWORD control_length,
                            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

/* Stores where the language wants to have it what the real one points at. */
ULONG WINAPI agent_GetAcceptExSockaddrs(PVOID buffer, DWORD data_size, DWORD local_size, DWORD remote_size,
                                        struct sockaddr *local, int *local_length, struct sockaddr *remote,
                                        int *remote_length);

/* Was the last call of this thread one of those, and its extension not there? Says which, once. */
bool extensions_lacked(struct reason *what);

#ifndef _WIN32
/* What an extension reports its errors by: ws2_32's, which a provider for this system finds here. */
void WSAAPI WSASetLastError(int error);
#endif

#endif
