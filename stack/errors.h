/* Every error code that the model knows, in one table: Winsock errors, Win32 errors and NTSTATUS values, what they
 * mean in our words, and how a kernel status surfaces as a Winsock or a Win32 error. Their numbers are in
 * stack/sdk/error_values.h.
 *
 * Sources: T1.3 and T1.4; W58-W72 (status translation as Windows was seen to do it). */
#ifndef RESERVOIR_STACK_ERRORS_H
#define RESERVOIR_STACK_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/sdk/error_values.h"

/*  X(name, meaning) */
#define WINSOCK_ERRORS(X) \
    X(WSAEINTR, "a blocking call was interrupted") \
    X(WSAEBADF, "the handle is not valid") \
    X(WSAEACCES, "access in a way that the permissions forbid") \
    X(WSAEFAULT, "a pointer is not wholly in valid user memory, or a buffer is too small") \
    X(WSAEINVAL, "an argument is not acceptable, or the socket's state forbids the call") \
    X(WSAEMFILE, "no more socket handles") \
    X(WSAEWOULDBLOCK, "the call would block on a non-blocking socket") \
    X(WSAEINPROGRESS, "a blocking call or a callback is in progress") \
    X(WSAEALREADY, "an operation is already under way on this socket") \
    X(WSAENOTSOCK, "the handle is not a socket") \
    X(WSAEDESTADDRREQ, "a destination address is needed") \
    X(WSAEMSGSIZE, "the message does not fit the buffer") \
    X(WSAEPROTOTYPE, "the protocol is of the wrong type for this socket") \
    X(WSAENOPROTOOPT, "the option is not known at this level") \
    X(WSAEPROTONOSUPPORT, "the protocol is not supported") \
    X(WSAESOCKTNOSUPPORT, "the socket type is not supported in this family") \
    X(WSAEOPNOTSUPP, "the operation is not supported on this kind of socket, or not by this provider") \
    X(WSAEAFNOSUPPORT, "the address family is not supported") \
    X(WSAEADDRINUSE, "the address and port are in use") \
    X(WSAEADDRNOTAVAIL, "the address is not one of this machine's") \
    X(WSAENETDOWN, "the network subsystem has failed") \
    X(WSAENETUNREACH, "no route to the network") \
    X(WSAENETRESET, "keep-alives found the connection broken") \
    X(WSAECONNABORTED, "the connection was aborted locally") \
    X(WSAECONNRESET, "the peer reset the connection") \
    X(WSAENOBUFS, "no buffer space or ports left") \
    X(WSAEISCONN, "the socket is connected already") \
    X(WSAENOTCONN, "the socket is not connected") \
    X(WSAESHUTDOWN, "the socket was shut down") \
    X(WSAETIMEDOUT, "the connection attempt timed out") \
    X(WSAECONNREFUSED, "no socket listens there") \
    X(WSAEHOSTUNREACH, "no route to the host") \
    X(WSAEPROCLIM, "too many tasks use Winsock") \
    X(WSASYSNOTREADY, "the network subsystem is not ready") \
    X(WSAVERNOTSUPPORTED, "this Winsock version is not supported") \
    X(WSANOTINITIALISED, "WSAStartup was not called successfully") \
    X(WSAEINVALIDPROCTABLE, "the provider's procedure table is invalid") \
    X(WSAEINVALIDPROVIDER, "the provider's version is not 2.2") \
    X(WSAEPROVIDERFAILEDINIT, "the provider failed to initialise") \
    X(WSATRY_AGAIN, "the condition of WSAAccept deferred its answer, or a name server did not answer") \
    X(WSA_INVALID_HANDLE, "the event handle is not valid") \
    X(WSA_NOT_ENOUGH_MEMORY, "not enough memory") \
    X(WSA_INVALID_PARAMETER, "a parameter is not valid") \
    X(WSA_OPERATION_ABORTED, "the overlapped operation was cancelled") \
    X(WSA_IO_INCOMPLETE, "the overlapped operation is not complete") \
    X(WSA_IO_PENDING, "the overlapped operation will complete later")

#define WIN32_ERRORS(X) \
    X(NO_ERROR, "success") \
    X(ERROR_FILE_NOT_FOUND, "no such file") \
    X(ERROR_ACCESS_DENIED, "access is denied") \
    X(ERROR_INVALID_HANDLE, "the handle is not valid") \
    X(ERROR_NOT_ENOUGH_MEMORY, "not enough memory") \
    X(ERROR_SHARING_VIOLATION, "another program uses it") \
    X(ERROR_NOT_SUPPORTED, "not supported") \
    X(ERROR_NETNAME_DELETED, "the network name is gone") \
    X(ERROR_INVALID_PARAMETER, "a parameter is not valid") \
    X(ERROR_SEM_TIMEOUT, "time was up") \
    X(ERROR_INSUFFICIENT_BUFFER, "the buffer is too small") \
    X(ERROR_PROC_NOT_FOUND, "the function is not there") \
    X(ERROR_MORE_DATA, "there is more than the buffer holds") \
    X(ERROR_ABANDONED_WAIT_0, "the completion port was closed while waiting") \
    X(ERROR_ELEVATION_REQUIRED, "the program needs elevation") \
    X(ERROR_OPERATION_ABORTED, "the operation was cancelled") \
    X(ERROR_IO_INCOMPLETE, "the operation is not complete") \
    X(ERROR_IO_PENDING, "the operation will complete later") \
    X(ERROR_NOACCESS, "invalid access to a memory location") \
    X(ERROR_NOT_FOUND, "not found") \
    X(ERROR_ADDRESS_ALREADY_ASSOCIATED, "the endpoint has an address already") \
    X(ERROR_CONNECTION_REFUSED, "the connection was refused") \
    X(ERROR_PORT_UNREACHABLE, "no one receives at that port") \
    X(ERROR_CONNECTION_ABORTED, "the connection was aborted") \
    X(ERROR_PRIVILEGE_NOT_HELD, "the caller lacks a privilege") \
    X(ERROR_INTERNAL_ERROR, "an internal error") \
    X(ERROR_NO_SYSTEM_RESOURCES, "system resources are exhausted") \
    X(ERROR_OBJECT_ALREADY_EXISTS, "it is there already")

/*  X(name, Winsock error, Win32 error) */
#define NT_STATUSES(X) \
    X(STATUS_SUCCESS, NO_ERROR, NO_ERROR) \
    X(STATUS_PENDING, WSA_IO_INCOMPLETE, ERROR_IO_INCOMPLETE) \
    X(STATUS_BUFFER_OVERFLOW, WSAEMSGSIZE, ERROR_MORE_DATA) \
    X(STATUS_NOT_IMPLEMENTED, WSAEOPNOTSUPP, ERROR_NOT_SUPPORTED) \
    X(STATUS_ACCESS_VIOLATION, WSAEFAULT, ERROR_NOACCESS) \
    X(STATUS_INVALID_HANDLE, WSAENOTSOCK, ERROR_INVALID_HANDLE) \
    X(STATUS_INVALID_PARAMETER, WSAEINVAL, ERROR_INVALID_PARAMETER) \
    X(STATUS_NO_SUCH_DEVICE, WSAENETDOWN, ERROR_FILE_NOT_FOUND) \
    X(STATUS_NO_MEMORY, WSAENOBUFS, ERROR_NOT_ENOUGH_MEMORY) \
    X(STATUS_ACCESS_DENIED, WSAEACCES, ERROR_ACCESS_DENIED) \
    X(STATUS_BUFFER_TOO_SMALL, WSAEFAULT, ERROR_INSUFFICIENT_BUFFER) \
    X(STATUS_OBJECT_TYPE_MISMATCH, WSAENOTSOCK, ERROR_INVALID_HANDLE) \
    X(STATUS_OBJECT_NAME_NOT_FOUND, WSAENETDOWN, ERROR_FILE_NOT_FOUND) \
    X(STATUS_SHARING_VIOLATION, WSAEADDRINUSE, ERROR_SHARING_VIOLATION) \
    X(STATUS_QUOTA_EXCEEDED, WSAENOBUFS, ERROR_NOT_ENOUGH_MEMORY) \
    X(STATUS_INSUFFICIENT_RESOURCES, WSAENOBUFS, ERROR_NO_SYSTEM_RESOURCES) \
    X(STATUS_IO_TIMEOUT, WSAETIMEDOUT, ERROR_SEM_TIMEOUT) \
    X(STATUS_NETWORK_NAME_DELETED, WSAENETRESET, ERROR_NETNAME_DELETED) \
    X(STATUS_DEVICE_NOT_READY, WSAEWOULDBLOCK, ERROR_INVALID_PARAMETER) \
    X(STATUS_NOT_SUPPORTED, WSAEOPNOTSUPP, ERROR_NOT_SUPPORTED) \
    X(STATUS_NETWORK_BUSY, WSAENETDOWN, ERROR_INVALID_PARAMETER) \
    X(STATUS_CANCELLED, WSA_OPERATION_ABORTED, ERROR_OPERATION_ABORTED) \
    X(STATUS_INVALID_ADDRESS, WSAEADDRNOTAVAIL, ERROR_INVALID_PARAMETER) \
    X(STATUS_INVALID_BUFFER_SIZE, WSAEMSGSIZE, ERROR_INVALID_PARAMETER) \
    X(STATUS_INVALID_ADDRESS_COMPONENT, WSAEADDRNOTAVAIL, ERROR_INVALID_PARAMETER) \
    X(STATUS_TOO_MANY_ADDRESSES, WSAENOBUFS, ERROR_NO_SYSTEM_RESOURCES) \
    X(STATUS_ADDRESS_ALREADY_EXISTS, WSAEADDRINUSE, ERROR_SHARING_VIOLATION) \
    X(STATUS_NOT_FOUND, WSAEINVAL, ERROR_NOT_FOUND) \
    X(STATUS_ADDRESS_ALREADY_ASSOCIATED, WSAEINVAL, ERROR_ADDRESS_ALREADY_ASSOCIATED) \
    X(STATUS_REQUEST_ABORTED, WSAEINTR, ERROR_OPERATION_ABORTED) \
    X(STATUS_CONNECTION_RESET, WSAECONNRESET, ERROR_NETNAME_DELETED) \
    X(STATUS_CONNECTION_REFUSED, WSAECONNREFUSED, ERROR_CONNECTION_REFUSED) \
    X(STATUS_PORT_UNREACHABLE, WSAECONNRESET, ERROR_PORT_UNREACHABLE) \
    X(STATUS_CONNECTION_ABORTED, WSAECONNABORTED, ERROR_CONNECTION_ABORTED) \
    X(STATUS_DATATYPE_MISALIGNMENT_ERROR, WSAEFAULT, ERROR_NOACCESS)

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
