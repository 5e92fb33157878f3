/* What waits and truth values are in the SDK's headers (windef.h, winbase.h).
 *
 * Where the real windows.h was included before, its own stay. */
#ifndef RESERVOIR_STACK_SDK_WAIT_VALUES_H
#define RESERVOIR_STACK_SDK_WAIT_VALUES_H

#ifndef _WINDOWS_

#define FALSE 0
#define TRUE 1

#define INFINITE 0xFFFFFFFFu
#define MAXIMUM_WAIT_OBJECTS 64
#define WAIT_OBJECT_0 0u
#define WAIT_ABANDONED 0x80u
#define WAIT_IO_COMPLETION 0xC0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu

#define HANDLE_FLAG_INHERIT 0x1
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x2

#define DUPLICATE_CLOSE_SOURCE 0x1
#define DUPLICATE_SAME_ACCESS 0x2

#define FILE_SKIP_COMPLETION_PORT_ON_SUCCESS 0x1
#define FILE_SKIP_SET_EVENT_ON_HANDLE 0x2

#endif

#endif
