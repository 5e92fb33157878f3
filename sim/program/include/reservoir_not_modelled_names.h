/* Functions of ws2_32 for names that programs may name and that have no answer here: a program that calls one is
 * stopped, with status 120. */
RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(INT, WSALookupServiceBeginA, LPWSAQUERYSETA lpqsRestrictions, DWORD dwControlFlags,
                       LPHANDLE lphLookup)
RESERVOIR_NOT_MODELLED(INT, WSALookupServiceBeginW, LPWSAQUERYSETW lpqsRestrictions, DWORD dwControlFlags,
                       LPHANDLE lphLookup)
RESERVOIR_NOT_MODELLED(INT, WSALookupServiceNextA, HANDLE hLookup, DWORD dwControlFlags, LPDWORD lpdwBufferLength,
                       LPWSAQUERYSETA lpqsResults)
RESERVOIR_NOT_MODELLED(INT, WSALookupServiceNextW, HANDLE hLookup, DWORD dwControlFlags, LPDWORD lpdwBufferLength,
                       LPWSAQUERYSETW lpqsResults)
RESERVOIR_NOT_MODELLED(INT, WSANSPIoctl, HANDLE hLookup, DWORD dwControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                       LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                       LPWSACOMPLETION lpCompletion)
RESERVOIR_NOT_MODELLED(INT, WSALookupServiceEnd, HANDLE hLookup)
RESERVOIR_NOT_MODELLED(INT, WSAInstallServiceClassA, LPWSASERVICECLASSINFOA lpServiceClassInfo)
RESERVOIR_NOT_MODELLED(INT, WSAInstallServiceClassW, LPWSASERVICECLASSINFOW lpServiceClassInfo)
RESERVOIR_NOT_MODELLED(INT, WSARemoveServiceClass, LPGUID lpServiceClassId)
RESERVOIR_NOT_MODELLED(INT, WSAGetServiceClassInfoA, LPGUID lpProviderId, LPGUID lpServiceClassId,
                       LPDWORD lpdwBufSize, LPWSASERVICECLASSINFOA lpServiceClassInfo)
RESERVOIR_NOT_MODELLED(INT, WSAGetServiceClassInfoW, LPGUID lpProviderId, LPGUID lpServiceClassId,
                       LPDWORD lpdwBufSize, LPWSASERVICECLASSINFOW lpServiceClassInfo)
RESERVOIR_NOT_MODELLED(INT, WSAEnumNameSpaceProvidersA, LPDWORD lpdwBufferLength, LPWSANAMESPACE_INFOA lpnspBuffer)
RESERVOIR_NOT_MODELLED(INT, WSAEnumNameSpaceProvidersW, LPDWORD lpdwBufferLength, LPWSANAMESPACE_INFOW lpnspBuffer)
RESERVOIR_NOT_MODELLED(INT, WSAGetServiceClassNameByClassIdA, LPGUID lpServiceClassId, LPSTR lpszServiceClassName,
                       LPDWORD lpdwBufferLength)
RESERVOIR_NOT_MODELLED(INT, WSAGetServiceClassNameByClassIdW, LPGUID lpServiceClassId, LPWSTR lpszServiceClassName,
                       LPDWORD lpdwBufferLength)
RESERVOIR_NOT_MODELLED(INT, WSASetServiceA, LPWSAQUERYSETA lpqsRegInfo, WSAESETSERVICEOP essoperation,
                       DWORD dwControlFlags)
RESERVOIR_NOT_MODELLED(INT, WSASetServiceW, LPWSAQUERYSETW lpqsRegInfo, WSAESETSERVICEOP essoperation,
                       DWORD dwControlFlags)
RESERVOIR_NOT_MODELLED(INT, WSAProviderConfigChange, LPHANDLE lpNotificationHandle, LPWSAOVERLAPPED lpOverlapped,
                       LPWSAOVERLAPPED_COMPLETION_ROUTINE lpCompletionRoutine)
RESERVOIR_NOT_MODELLED(INT, WSAEnumNameSpaceProvidersExA, LPDWORD lpdwBufferLength,
                       LPWSANAMESPACE_INFOEXA lpnspBuffer)
RESERVOIR_NOT_MODELLED(INT, WSAEnumNameSpaceProvidersExW, LPDWORD lpdwBufferLength,
                       LPWSANAMESPACE_INFOEXW lpnspBuffer)
RESERVOIR_NOT_MODELLED(int, SetAddrInfoExA, PCSTR pName, PCSTR pServiceName, SOCKET_ADDRESS *pAddresses,
                       DWORD dwAddressCount, LPBLOB lpBlob, DWORD dwFlags, DWORD dwNameSpace, LPGUID lpNspId,
                       PTIMEVAL timeout, LPOVERLAPPED lpOverlapped,
                       LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle)
RESERVOIR_NOT_MODELLED(int, SetAddrInfoExW, PCWSTR pName, PCWSTR pServiceName, SOCKET_ADDRESS *pAddresses,
                       DWORD dwAddressCount, LPBLOB lpBlob, DWORD dwFlags, DWORD dwNameSpace, LPGUID lpNspId,
                       PTIMEVAL timeout, LPOVERLAPPED lpOverlapped,
                       LPLOOKUPSERVICE_COMPLETION_ROUTINE lpCompletionRoutine, LPHANDLE lpNameHandle)
RESERVOIR_NOT_MODELLED(INT, WSAUnadvertiseProvider, const GUID *puuidProviderId)
/* clang-format on */
RESERVOIR_END
