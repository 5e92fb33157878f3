/* Functions of ws2_32 for the security of sockets that programs may name and that have no answer here: a program that
 * calls one is stopped, with status 120. */
RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(int, WSAImpersonateSocketPeer, SOCKET Socket, const struct sockaddr *PeerAddress,
                       ULONG peerAddressLen)
RESERVOIR_NOT_MODELLED(int, WSAQuerySocketSecurity, SOCKET Socket,
                       const SOCKET_SECURITY_QUERY_TEMPLATE *SecurityQueryTemplate, ULONG SecurityQueryTemplateLen,
                       SOCKET_SECURITY_QUERY_INFO *SecurityQueryInfo, ULONG *SecurityQueryInfoLen,
                       LPWSAOVERLAPPED Overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
RESERVOIR_NOT_MODELLED(int, WSARevertImpersonation, void)
RESERVOIR_NOT_MODELLED(int, WSASetSocketPeerTargetName, SOCKET Socket, const SOCKET_PEER_TARGET_NAME *PeerTargetName,
                       ULONG PeerTargetNameLen, LPWSAOVERLAPPED Overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
RESERVOIR_NOT_MODELLED(int, WSASetSocketSecurity, SOCKET Socket, const SOCKET_SECURITY_SETTINGS *SecuritySettings,
                       ULONG SecuritySettingsLen, LPWSAOVERLAPPED Overlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE CompletionRoutine)
/* clang-format on */
RESERVOIR_END
