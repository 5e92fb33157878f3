/* Providers of names, and the catalogue of providers, of ws2spi.h. No call of the model takes one of these types. */
#ifndef RESERVOIR_PROGRAM_NAME_PROVIDERS_H
#define RESERVOIR_PROGRAM_NAME_PROVIDERS_H

typedef int(WINAPI *LPWSCENUMPROTOCOLS)(LPINT lpiProtocols, LPWSAPROTOCOL_INFOW lpProtocolBuffer,
                                        LPDWORD lpdwBufferLength, LPINT lpErrno);
typedef int(WINAPI *LPWSCDEINSTALLPROVIDER)(LPGUID lpProviderId, LPINT lpErrno);
typedef int(WINAPI *LPWSCINSTALLPROVIDER)(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                                          const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                                          LPINT lpErrno);
typedef int(WINAPI *LPWSCGETPROVIDERPATH)(LPGUID lpProviderId, WCHAR *lpszProviderDllPath, LPINT lpProviderDllPathLen,
                                          LPINT lpErrno);
typedef int(WINAPI *LPWSCUPDATEPROVIDER)(LPGUID lpProviderId, const WCHAR *lpszProviderDllPath,
                                         const LPWSAPROTOCOL_INFOW lpProtocolInfoList, DWORD dwNumberOfEntries,
                                         LPINT lpErrno);
typedef int(WINAPI *LPWSCINSTALLQOSTEMPLATE)(const LPGUID Guid, LPWSABUF QosName, LPQOS Qos);
typedef int(WINAPI *LPWSCREMOVEQOSTEMPLATE)(const LPGUID Guid, LPWSABUF QosName);
typedef INT(WINAPI *LPWSCINSTALLNAMESPACE)(LPWSTR lpszIdentifier, LPWSTR lpszPathName, DWORD dwNameSpace,
                                           DWORD dwVersion, LPGUID lpProviderId);
typedef INT(WINAPI *LPWSCUNINSTALLNAMESPACE)(LPGUID lpProviderId);
typedef INT(WINAPI *LPWSCENABLENSPROVIDER)(LPGUID lpProviderId, BOOL fEnable);
typedef INT(WINAPI *LPNSPCLEANUP)(LPGUID lpProviderId);
typedef INT(WINAPI *LPNSPLOOKUPSERVICEBEGIN)(LPGUID lpProviderId, LPWSAQUERYSETW lpqsRestrictions,
                                             LPWSASERVICECLASSINFOW lpServiceClassInfo, DWORD dwControlFlags,
                                             LPHANDLE lphLookup);
typedef INT(WINAPI *LPNSPLOOKUPSERVICENEXT)(HANDLE hLookup, DWORD dwControlFlags, LPDWORD lpdwBufferLength,
                                            LPWSAQUERYSETW lpqsResults);
typedef INT(WINAPI *LPNSPIOCTL)(HANDLE hLookup, DWORD dwControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                                LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                                LPWSACOMPLETION lpCompletion, LPWSATHREADID lpThreadId);
typedef INT(WINAPI *LPNSPLOOKUPSERVICEEND)(HANDLE hLookup);
typedef INT(WINAPI *LPNSPSETSERVICE)(LPGUID lpProviderId, LPWSASERVICECLASSINFOW lpServiceClassInfo,
                                     LPWSAQUERYSETW lpqsRegInfo, WSAESETSERVICEOP essOperation, DWORD dwControlFlags);
typedef INT(WINAPI *LPNSPINSTALLSERVICECLASS)(LPGUID lpProviderId, LPWSASERVICECLASSINFOW lpServiceClassInfo);
typedef INT(WINAPI *LPNSPREMOVESERVICECLASS)(LPGUID lpProviderId, LPGUID lpServiceClassId);
typedef INT(WINAPI *LPNSPGETSERVICECLASSINFO)(LPGUID lpProviderId, LPDWORD lpdwBufSize,
                                              LPWSASERVICECLASSINFOW lpServiceClassInfo);
typedef struct _NSP_ROUTINE {
    DWORD cbSize, dwMajorVersion, dwMinorVersion;
    LPNSPCLEANUP NSPCleanup;
    LPNSPLOOKUPSERVICEBEGIN NSPLookupServiceBegin;
    LPNSPLOOKUPSERVICENEXT NSPLookupServiceNext;
    LPNSPLOOKUPSERVICEEND NSPLookupServiceEnd;
    LPNSPSETSERVICE NSPSetService;
    LPNSPINSTALLSERVICECLASS NSPInstallServiceClass;
    LPNSPREMOVESERVICECLASS NSPRemoveServiceClass;
    LPNSPGETSERVICECLASSINFO NSPGetServiceClassInfo;
    LPNSPIOCTL NSPIoctl;
} NSP_ROUTINE, *LPNSP_ROUTINE;
typedef INT(WINAPI *LPNSPSTARTUP)(LPGUID lpProviderId, LPNSP_ROUTINE lpnspRoutines);
typedef int(WINAPI *LPNSPV2CLEANUP)(LPGUID lpProviderId, LPVOID pvClientSessionArg);
typedef int(WINAPI *LPNSPV2CLIENTSESSIONRUNDOWN)(LPGUID lpProviderId, LPVOID pvClientSessionArg);
typedef int(WINAPI *LPNSPV2LOOKUPSERVICEBEGIN)(LPGUID lpProviderId, LPWSAQUERYSET2W lpqsRestrictions,
                                               DWORD dwControlFlags, LPVOID lpvClientSessionArg, LPHANDLE lphLookup);
typedef int(WINAPI *LPNSPV2LOOKUPSERVICEEND)(HANDLE hLookup);
typedef int(WINAPI *LPNSPV2LOOKUPSERVICENEXTEX)(HANDLE hAsyncCall, HANDLE hLookup, DWORD dwControlFlags,
                                                LPDWORD lpdwBufferLength, LPWSAQUERYSET2W lpqsResults);
typedef int(WINAPI *LPNSPV2SETSERVICEEX)(HANDLE hAsyncCall, LPGUID lpProviderId, LPWSAQUERYSET2W lpqsRegInfo,
                                         WSAESETSERVICEOP essOperation, DWORD dwControlFlags,
                                         LPVOID lpvClientSessionArg);
typedef int(WINAPI *LPNSPV2STARTUP)(LPGUID lpProviderId, LPVOID *ppvClientSessionArg);
typedef struct _NSPV2_ROUTINE {
    DWORD cbSize, dwMajorVersion, dwMinorVersion;
    LPNSPV2STARTUP NSPv2Startup;
    LPNSPV2CLEANUP NSPv2Cleanup;
    LPNSPV2LOOKUPSERVICEBEGIN NSPv2LookupServiceBegin;
    LPNSPV2LOOKUPSERVICENEXTEX NSPv2LookupServiceNextEx;
    LPNSPV2LOOKUPSERVICEEND NSPv2LookupServiceEnd;
    LPNSPV2SETSERVICEEX NSPv2SetServiceEx;
    LPNSPV2CLIENTSESSIONRUNDOWN NSPv2ClientSessionRundown;
} NSPV2_ROUTINE, *PNSPV2_ROUTINE, *LPCNSPV2_ROUTINE;
typedef enum _WSC_PROVIDER_INFO_TYPE { ProviderInfoLspCategories = 0, ProviderInfoAudit } WSC_PROVIDER_INFO_TYPE;
typedef struct _WSC_PROVIDER_AUDIT_INFO {
    DWORD RecordSize;
    PVOID Reserved;
} WSC_PROVIDER_AUDIT_INFO, *PWSC_PROVIDER_AUDIT_INFO;
#ifdef UNICODE
typedef WSAQUERYSETW WSAQUERYSET;
typedef PWSAQUERYSETW PWSAQUERYSET;
typedef LPWSAQUERYSETW LPWSAQUERYSET;
typedef WSANSCLASSINFOW WSANSCLASSINFO;
typedef PWSANSCLASSINFOW PWSANSCLASSINFO;
typedef LPWSANSCLASSINFOW LPWSANSCLASSINFO;
typedef WSASERVICECLASSINFOW WSASERVICECLASSINFO;
typedef PWSASERVICECLASSINFOW PWSASERVICECLASSINFO;
typedef LPWSASERVICECLASSINFOW LPWSASERVICECLASSINFO;
typedef WSANAMESPACE_INFOW WSANAMESPACE_INFO;
typedef PWSANAMESPACE_INFOW PWSANAMESPACE_INFO;
typedef LPWSANAMESPACE_INFOW LPWSANAMESPACE_INFO;
typedef WSANAMESPACE_INFOEXW WSANAMESPACE_INFOEX;
typedef PWSANAMESPACE_INFOEXW PWSANAMESPACE_INFOEX;
typedef LPWSANAMESPACE_INFOEXW LPWSANAMESPACE_INFOEX;
#else
typedef WSAQUERYSETA WSAQUERYSET;
typedef PWSAQUERYSETA PWSAQUERYSET;
typedef LPWSAQUERYSETA LPWSAQUERYSET;
typedef WSANSCLASSINFOA WSANSCLASSINFO;
typedef PWSANSCLASSINFOA PWSANSCLASSINFO;
typedef LPWSANSCLASSINFOA LPWSANSCLASSINFO;
typedef WSASERVICECLASSINFOA WSASERVICECLASSINFO;
typedef PWSASERVICECLASSINFOA PWSASERVICECLASSINFO;
typedef LPWSASERVICECLASSINFOA LPWSASERVICECLASSINFO;
typedef WSANAMESPACE_INFOA WSANAMESPACE_INFO;
typedef PWSANAMESPACE_INFOA PWSANAMESPACE_INFO;
typedef LPWSANAMESPACE_INFOA LPWSANAMESPACE_INFO;
typedef WSANAMESPACE_INFOEXA WSANAMESPACE_INFOEX;
typedef PWSANAMESPACE_INFOEXA PWSANAMESPACE_INFOEX;
typedef LPWSANAMESPACE_INFOEXA LPWSANAMESPACE_INFOEX;
#endif

/* A provider of names defines it. */
RESERVOIR_BEGIN
INT WINAPI NSPStartup(LPGUID lpProviderId, LPNSP_ROUTINE lpnspRoutines);
RESERVOIR_END

#include "sim/program/include/reservoir_not_modelled_spi.h"

#define WSCEnumNameSpaceProviders WSAEnumNameSpaceProvidersW
#define WSCEnumNameSpaceProvidersEx WSAEnumNameSpaceProvidersExW

#endif
