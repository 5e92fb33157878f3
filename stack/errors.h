/* Every error code that the model knows, in one table: Winsock errors, Win32 errors and NTSTATUS values, their
 * numbers, what they mean in our words, and how a kernel status surfaces as a Winsock or a Win32 error.
 *
 * Sources: facts 1.3 and 1.4; W58-W72 (status translation as Windows was seen to do it). */
#ifndef RESERVOIR_STACK_ERRORS_H
#define RESERVOIR_STACK_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

/*  X(name, value, meaning) */
#define WINSOCK_ERRORS(X) \
    X(WSAEINTR, 10004, "a blocking call was interrupted") \
    X(WSAEBADF, 10009, "the handle is not valid") \
    X(WSAEACCES, 10013, "access in a way that the permissions forbid") \
    X(WSAEFAULT, 10014, "a pointer is not wholly in valid user memory, or a buffer is too small") \
    X(WSAEINVAL, 10022, "an argument is not acceptable, or the socket's state forbids the call") \
    X(WSAEMFILE, 10024, "no more socket handles") \
    X(WSAEWOULDBLOCK, 10035, "the call would block on a non-blocking socket") \
    X(WSAEINPROGRESS, 10036, "a blocking call or a callback is in progress") \
    X(WSAEALREADY, 10037, "an operation is already under way on this socket") \
    X(WSAENOTSOCK, 10038, "the handle is not a socket") \
    X(WSAEDESTADDRREQ, 10039, "a destination address is needed") \
    X(WSAEMSGSIZE, 10040, "the message does not fit the buffer") \
    X(WSAEPROTOTYPE, 10041, "the protocol is of the wrong type for this socket") \
    X(WSAENOPROTOOPT, 10042, "the option is not known at this level") \
    X(WSAEPROTONOSUPPORT, 10043, "the protocol is not supported") \
    X(WSAESOCKTNOSUPPORT, 10044, "the socket type is not supported in this family") \
    X(WSAEOPNOTSUPP, 10045, "the operation is not supported on this kind of socket, or not by this provider") \
    X(WSAEAFNOSUPPORT, 10047, "the address family is not supported") \
    X(WSAEADDRINUSE, 10048, "the address and port are in use") \
    X(WSAEADDRNOTAVAIL, 10049, "the address is not one of this machine's") \
    X(WSAENETDOWN, 10050, "the network subsystem has failed") \
    X(WSAENETUNREACH, 10051, "no route to the network") \
    X(WSAECONNABORTED, 10053, "the connection was aborted locally") \
    X(WSAECONNRESET, 10054, "the peer reset the connection") \
    X(WSAENOBUFS, 10055, "no buffer space or ports left") \
    X(WSAEISCONN, 10056, "the socket is connected already") \
    X(WSAENOTCONN, 10057, "the socket is not connected") \
    X(WSAESHUTDOWN, 10058, "the socket was shut down") \
    X(WSAETIMEDOUT, 10060, "the connection attempt timed out") \
    X(WSAECONNREFUSED, 10061, "nobody listens there") \
    X(WSAEHOSTUNREACH, 10065, "no route to the host") \
    X(WSAEPROCLIM, 10067, "too many tasks use Winsock") \
    X(WSASYSNOTREADY, 10091, "the network subsystem is not ready") \
    X(WSAVERNOTSUPPORTED, 10092, "this Winsock version is not supported") \
    X(WSANOTINITIALISED, 10093, "WSAStartup was not called successfully") \
    X(WSAEINVALIDPROCTABLE, 10104, "the provider's procedure table is invalid") \
    X(WSAEINVALIDPROVIDER, 10105, "the provider's version is not 2.2") \
    X(WSAEPROVIDERFAILEDINIT, 10106, "the provider failed to initialise") \
    X(WSA_INVALID_HANDLE, 6, "the event handle is not valid") \
    X(WSA_NOT_ENOUGH_MEMORY, 8, "not enough memory") \
    X(WSA_INVALID_PARAMETER, 87, "a parameter is not valid") \
    X(WSA_OPERATION_ABORTED, 995, "the overlapped operation was cancelled") \
    X(WSA_IO_INCOMPLETE, 996, "the overlapped operation is not complete") \
    X(WSA_IO_PENDING, 997, "the overlapped operation will complete later")

#define WIN32_ERRORS(X) \
    X(NO_ERROR, 0, "success") \
    X(ERROR_FILE_NOT_FOUND, 2, "no such file") \
    X(ERROR_ACCESS_DENIED, 5, "access is denied") \
    X(ERROR_INVALID_HANDLE, 6, "the handle is not valid") \
    X(ERROR_NOT_ENOUGH_MEMORY, 8, "not enough memory") \
    X(ERROR_SHARING_VIOLATION, 32, "somebody else uses it") \
    X(ERROR_NOT_SUPPORTED, 50, "not supported") \
    X(ERROR_NETNAME_DELETED, 64, "the network name is gone") \
    X(ERROR_INVALID_PARAMETER, 87, "a parameter is not valid") \
    X(ERROR_INSUFFICIENT_BUFFER, 122, "the buffer is too small") \
    X(ERROR_PROC_NOT_FOUND, 127, "the function is not there") \
    X(ERROR_ABANDONED_WAIT_0, 735, "the completion port was closed while waiting") \
    X(ERROR_ELEVATION_REQUIRED, 740, "the program needs elevation") \
    X(ERROR_OPERATION_ABORTED, 995, "the operation was cancelled") \
    X(ERROR_IO_INCOMPLETE, 996, "the operation is not complete") \
    X(ERROR_IO_PENDING, 997, "the operation will complete later") \
    X(ERROR_NOACCESS, 998, "invalid access to a memory location") \
    X(ERROR_NOT_FOUND, 1168, "not found") \
    X(ERROR_ADDRESS_ALREADY_ASSOCIATED, 1227, "the endpoint has an address already") \
    X(ERROR_CONNECTION_ABORTED, 1236, "the connection was aborted") \
    X(ERROR_PRIVILEGE_NOT_HELD, 1314, "the caller lacks a privilege") \
    X(ERROR_NO_SYSTEM_RESOURCES, 1450, "system resources are exhausted") \
    X(ERROR_OBJECT_ALREADY_EXISTS, 5010, "it is there already")

/*  X(name, value, Winsock error, Win32 error) */
#define NT_STATUSES(X) \
    X(STATUS_SUCCESS, 0x00000000u, NO_ERROR, NO_ERROR) \
    X(STATUS_PENDING, 0x00000103u, WSA_IO_INCOMPLETE, ERROR_IO_INCOMPLETE) \
    X(STATUS_BUFFER_OVERFLOW, 0x80000005u, WSAEMSGSIZE, ERROR_INSUFFICIENT_BUFFER) \
    X(STATUS_NOT_IMPLEMENTED, 0xC0000002u, WSAEOPNOTSUPP, ERROR_NOT_SUPPORTED) \
    X(STATUS_ACCESS_VIOLATION, 0xC0000005u, WSAEFAULT, ERROR_NOACCESS) \
    X(STATUS_INVALID_HANDLE, 0xC0000008u, WSAENOTSOCK, ERROR_INVALID_HANDLE) \
    X(STATUS_INVALID_PARAMETER, 0xC000000Du, WSAEINVAL, ERROR_INVALID_PARAMETER) \
    X(STATUS_NO_SUCH_DEVICE, 0xC000000Eu, WSAENETDOWN, ERROR_FILE_NOT_FOUND) \
    X(STATUS_NO_MEMORY, 0xC0000017u, WSAENOBUFS, ERROR_NOT_ENOUGH_MEMORY) \
    X(STATUS_ACCESS_DENIED, 0xC0000022u, WSAEACCES, ERROR_ACCESS_DENIED) \
    X(STATUS_BUFFER_TOO_SMALL, 0xC0000023u, WSAEFAULT, ERROR_INSUFFICIENT_BUFFER) \
    X(STATUS_OBJECT_TYPE_MISMATCH, 0xC0000024u, WSAENOTSOCK, ERROR_INVALID_HANDLE) \
    X(STATUS_OBJECT_NAME_NOT_FOUND, 0xC0000034u, WSAENETDOWN, ERROR_FILE_NOT_FOUND) \
    X(STATUS_SHARING_VIOLATION, 0xC0000043u, WSAEADDRINUSE, ERROR_SHARING_VIOLATION) \
    X(STATUS_QUOTA_EXCEEDED, 0xC0000044u, WSAENOBUFS, ERROR_NOT_ENOUGH_MEMORY) \
    X(STATUS_INSUFFICIENT_RESOURCES, 0xC000009Au, WSAENOBUFS, ERROR_NO_SYSTEM_RESOURCES) \
    X(STATUS_DEVICE_NOT_READY, 0xC00000A3u, WSAEWOULDBLOCK, ERROR_INVALID_PARAMETER) \
    X(STATUS_NOT_SUPPORTED, 0xC00000BBu, WSAEOPNOTSUPP, ERROR_NOT_SUPPORTED) \
    X(STATUS_NETWORK_BUSY, 0xC00000BFu, WSAENETDOWN, ERROR_INVALID_PARAMETER) \
    X(STATUS_CANCELLED, 0xC0000120u, WSA_OPERATION_ABORTED, ERROR_OPERATION_ABORTED) \
    X(STATUS_INVALID_ADDRESS, 0xC0000141u, WSAEADDRNOTAVAIL, ERROR_INVALID_PARAMETER) \
    X(STATUS_INVALID_BUFFER_SIZE, 0xC0000206u, WSAEMSGSIZE, ERROR_INVALID_PARAMETER) \
    X(STATUS_INVALID_ADDRESS_COMPONENT, 0xC0000207u, WSAEADDRNOTAVAIL, ERROR_INVALID_PARAMETER) \
    X(STATUS_TOO_MANY_ADDRESSES, 0xC0000209u, WSAENOBUFS, ERROR_NO_SYSTEM_RESOURCES) \
    X(STATUS_ADDRESS_ALREADY_EXISTS, 0xC000020Au, WSAEADDRINUSE, ERROR_SHARING_VIOLATION) \
    X(STATUS_NOT_FOUND, 0xC0000225u, WSAEINVAL, ERROR_NOT_FOUND) \
    X(STATUS_ADDRESS_ALREADY_ASSOCIATED, 0xC0000238u, WSAEINVAL, ERROR_ADDRESS_ALREADY_ASSOCIATED) \
    X(STATUS_REQUEST_ABORTED, 0xC0000240u, WSAEINTR, ERROR_OPERATION_ABORTED) \
    X(STATUS_CONNECTION_ABORTED, 0xC0000241u, WSAECONNABORTED, ERROR_CONNECTION_ABORTED) \
    X(STATUS_DATATYPE_MISALIGNMENT_ERROR, 0xC00002C5u, WSAEFAULT, ERROR_NOACCESS)

#ifndef _WINDOWS_ /* the agent includes the SDK's own names; there it uses error_name() and error_value() alone */
#define ERROR_ENUMERATOR(name, value, meaning) name = value,
enum winsock_error { WINSOCK_ERRORS(ERROR_ENUMERATOR) };
enum win32_error { WIN32_ERRORS(ERROR_ENUMERATOR) };
#undef ERROR_ENUMERATOR
#define STATUS_ENUMERATOR(name, value, winsock, win32) static const uint32_t name = value;
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#endif
NT_STATUSES(STATUS_ENUMERATOR)
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
#undef STATUS_ENUMERATOR
#endif

enum error_family { ERROR_FAMILY_WINSOCK, ERROR_FAMILY_WIN32, ERROR_FAMILY_STATUS };

struct error_row {
    const char *name;
    unsigned name_length;
    uint32_t value;
    enum error_family family;
    const char *meaning; /* "" for statuses */
};

/* All rows in the order above; *count receives their number. Static memory. */
const struct error_row *error_rows(unsigned *count);

/* The row with this name (`length` bytes), or NULL. */
const struct error_row *error_named(const char *name, unsigned length);

/* The name of a value in a family, or NULL. For values that two families share (6, 8, 87, 995-997) the family decides;
 * Winsock and Win32 fall back on each other when their own family has no name for it. */
const char *error_name(uint32_t value, enum error_family family);

/* How a kernel status surfaces through Winsock (WSAGetLastError, WSAGetOverlappedResult, a completion routine: W58-W70)
 * and through Win32 (GetQueuedCompletionStatus: W5, W55, W114). A status that is not in the table and is a failure
 * surfaces as WSAEINVAL (W70) and as ERROR_INVALID_PARAMETER. */
uint32_t winsock_error_of_status(uint32_t status);
uint32_t win32_error_of_status(uint32_t status);

#endif
