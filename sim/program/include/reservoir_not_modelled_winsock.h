/* Functions of Winsock that programs may name and that have no answer here: a program that calls one is stopped, with
 * status 120. */
RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(int, WSAAsyncSelect, SOCKET s, HWND window, u_int message, LONG events)
RESERVOIR_NOT_MODELLED(FARPROC, WSASetBlockingHook, FARPROC hook)
RESERVOIR_NOT_MODELLED(SOCKET, WSAJoinLeaf, SOCKET s, const struct sockaddr *name, int length, LPWSABUF caller,
                       LPWSABUF callee, LPQOS qos, LPQOS group_qos, DWORD flags)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetHostByName, HWND window, u_int message, const char *name, char *buffer, int size)
RESERVOIR_NOT_MODELLED(int, WSACancelAsyncRequest, HANDLE task)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetServByName, HWND hWnd, u_int wMsg, const char *name, const char *proto,
                       char *buf, int buflen)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetServByPort, HWND hWnd, u_int wMsg, int port, const char *proto, char *buf,
                       int buflen)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetProtoByName, HWND hWnd, u_int wMsg, const char *name, char *buf,
                       int buflen)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetProtoByNumber, HWND hWnd, u_int wMsg, int number, char *buf, int buflen)
RESERVOIR_NOT_MODELLED(HANDLE, WSAAsyncGetHostByAddr, HWND hWnd, u_int wMsg, const char *addr, int len, int type,
                       char *buf, int buflen)
RESERVOIR_NOT_MODELLED(BOOL, WSAGetQOSByName, SOCKET s, LPWSABUF lpQOSName, LPQOS lpQOS)
RESERVOIR_NOT_MODELLED(BOOL, WSAConnectByList, SOCKET s, PSOCKET_ADDRESS_LIST SocketAddressList,
                       LPDWORD LocalAddressLength, LPSOCKADDR LocalAddress, LPDWORD RemoteAddressLength,
                       LPSOCKADDR RemoteAddress, const PTIMEVAL timeout, LPWSAOVERLAPPED Reserved)
RESERVOIR_NOT_MODELLED(int, WSARecvEx, SOCKET s, char *buf, int len, int *flags)
/* clang-format on */
RESERVOIR_END
