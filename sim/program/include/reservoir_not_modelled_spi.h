/* Functions of ws2spi.h that programs may name and that have no answer here: a program that calls one is stopped,
 * with status 120. Of the WPU... functions Windows exports WPUCompleteOverlappedRequest only; a provider gets the
 * others in a table. */
RESERVOIR_BEGIN
/* clang-format off */
RESERVOIR_NOT_MODELLED(int, WSCEnumProtocols, LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                       LPDWORD lpdwBufferLength, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCDeinstallProvider, LPGUID lpProviderId, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCInstallProvider, LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                       const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCGetProviderPath, LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                       LPINT lpProviderDllPathLen, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCUpdateProvider, LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                       const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCInstallQOSTemplate, const LPGUID Guid, LPWSABUF QosName, LPQOS Qos)
RESERVOIR_NOT_MODELLED(int, WSCRemoveQOSTemplate, const LPGUID Guid, LPWSABUF QosName)
RESERVOIR_NOT_MODELLED(int, WSCEnumProtocols32, LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                       LPDWORD lpdwBufferLength, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCDeinstallProvider32, LPGUID lpProviderId, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCInstallProvider64_32, LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                       const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCGetProviderPath32, LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                       LPINT lpProviderDllPathLen, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCUpdateProvider32, LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                       const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(BOOL, WPUCloseEvent, HANDLE hEvent, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUCloseSocketHandle, SOCKET s, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(HANDLE, WPUCreateEvent, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(SOCKET, WPUCreateSocketHandle, DWORD dwCatalogEntryId, DWORD_PTR dwContext, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUFDIsSet, SOCKET s, fd_set *fdset)
RESERVOIR_NOT_MODELLED(int, WPUGetProviderPath, LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                       LPINT lpProviderDllPathLen, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(SOCKET, WPUModifyIFSHandle, DWORD dwCatalogEntryId, SOCKET ProposedHandle, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(BOOL, WPUPostMessage, HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam)
RESERVOIR_NOT_MODELLED(int, WPUQueryBlockingCallback, DWORD dwCatalogEntryId, LPBLOCKINGCALLBACK *lplpfnCallback,
                       PDWORD_PTR lpdwContext, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUQuerySocketHandleContext, SOCKET s, PDWORD_PTR lpContext, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUQueueApc, LPWSATHREADID lpThreadId, LPWSAUSERAPC lpfnUserApc, DWORD_PTR dwContext,
                       LPINT lpErrno)
RESERVOIR_NOT_MODELLED(BOOL, WPUResetEvent, HANDLE hEvent, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(BOOL, WPUSetEvent, HANDLE hEvent, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUOpenCurrentThread, LPWSATHREADID lpThreadId, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WPUCloseThread, LPWSATHREADID lpThreadId, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(INT, WSCEnumNameSpaceProviders32, LPDWORD lpdwBufferLength, LPWSANAMESPACE_INFOW lpnspBuffer)
RESERVOIR_NOT_MODELLED(INT, WSCInstallNameSpace, LPWSTR lpszIdentifier, LPWSTR lpszPathName, DWORD dwNameSpace,
                       DWORD dwVersion, LPGUID lpProviderId)
RESERVOIR_NOT_MODELLED(INT, WSCUnInstallNameSpace, LPGUID lpProviderId)
RESERVOIR_NOT_MODELLED(INT, WSCEnableNSProvider, LPGUID lpProviderId, BOOL fEnable)
RESERVOIR_NOT_MODELLED(INT, WSCInstallNameSpace32, LPWSTR lpszIdentifier, LPWSTR lpszPathName, DWORD dwNameSpace,
                       DWORD dwVersion, LPGUID lpProviderId)
RESERVOIR_NOT_MODELLED(INT, WSCUnInstallNameSpace32, LPGUID lpProviderId)
RESERVOIR_NOT_MODELLED(INT, WSCEnableNSProvider32, LPGUID lpProviderId, BOOL fEnable)
RESERVOIR_NOT_MODELLED(INT, WSAAdvertiseProvider, const GUID *puuidProviderId, const LPCNSPV2_ROUTINE *pNSPv2Routine)
RESERVOIR_NOT_MODELLED(INT, WSAProviderCompleteAsyncCall, HANDLE hAsyncCall, INT iRetCode)
RESERVOIR_NOT_MODELLED(int, WSCGetApplicationCategory, LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                       DWORD ExtraLength, DWORD *pPermittedLspCategories, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCGetProviderInfo, LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                       size_t *InfoSize, DWORD Flags, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCSetApplicationCategory, LPCWSTR Path, DWORD PathLength, LPCWSTR Extra,
                       DWORD ExtraLength, DWORD PermittedLspCategories, DWORD *pPrevPermLspCat, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCSetProviderInfo, LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                       size_t InfoSize, DWORD Flags, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCInstallNameSpaceEx, LPWSTR lpszIdentifier, LPWSTR lpszPathName, DWORD dwNameSpace,
                       DWORD dwVersion, LPGUID lpProviderId, LPBLOB lpProviderInfo)
RESERVOIR_NOT_MODELLED(INT, WSCEnumNameSpaceProvidersEx32, LPDWORD lpdwBufferLength,
                       LPWSANAMESPACE_INFOEXW lpnspBuffer)
RESERVOIR_NOT_MODELLED(int, WSCGetProviderInfo32, LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                       size_t *InfoSize, DWORD Flags, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCInstallNameSpaceEx32, LPWSTR lpszIdentifier, LPWSTR lpszPathName, DWORD dwNameSpace,
                       DWORD dwVersion, LPGUID lpProviderId, LPBLOB lpProviderInfo)
RESERVOIR_NOT_MODELLED(int, WSCInstallProviderAndChains64_32, const LPGUID lpProviderId,
                       const LPWSTR lpszProviderDllPath, const LPWSTR lpszProviderDllPath32,
                       const LPWSTR lpszLspName, DWORD dwServiceFlags, const LPWSAPROTOCOL_INFO lpProtocolInfoList,
                       DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId, LPINT lpErrno)
RESERVOIR_NOT_MODELLED(int, WSCSetProviderInfo32, LPGUID lpProviderId, WSC_PROVIDER_INFO_TYPE InfoType, PBYTE Info,
                       size_t InfoSize, DWORD Flags, LPINT lpErrno)
/* clang-format on */
RESERVOIR_END
