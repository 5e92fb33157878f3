/* ReservoirProviderControl: what a provider may export besides WSPStartup, so that more scenarios can be played on it.
 *
 * Without it each process of a scenario is a process of the system with the provider loaded anew, time is real, and a
 * machine cannot restart. With it all processes of a scenario share one, and the provider learns which of them calls.
 * A vendor who wants that implements this one function; all else of a provider stays as it is. */
#ifndef RESERVOIR_STACK_WINSOCK_CONTROL_H
#define RESERVOIR_STACK_WINSOCK_CONTROL_H

#include <stdint.h>

enum provider_control_code {
    /* A scenario begins, on a machine without sockets. text: the scenario in the language of scenarios, expanded. Its
     * `world`, `user` and `process` lines say what the machine has to be like. A provider that cannot give that
     * refuses. */
    PROVIDER_CONTROL_BEGIN = 1,
    /* It is over: all that is left of it goes. */
    PROVIDER_CONTROL_END = 2,
    /* Process `process` starts, with `thread` as its first one, under the account of its line. */
    PROVIDER_CONTROL_START = 3,
    /* It ends: what it left open is closed, and calls that wait in it return. */
    PROVIDER_CONTROL_STOP = 4,
    /* The calling thread is from now on thread `thread` of process `process`. */
    PROVIDER_CONTROL_ATTACH = 5,
    /* Time passes: `number` nanoseconds. */
    PROVIDER_CONTROL_ADVANCE = 6,
    /* number becomes 1 if nothing more happens until a call is made or time passes, else 0. */
    PROVIDER_CONTROL_QUIESCENT = 7,
    /* The machine restarts: no process and no socket is left, persistent reservations are. */
    PROVIDER_CONTROL_REBOOT = 8,
    /* Thread `thread` has ended, while its process still runs: what it issued and is pending is cancelled. */
    PROVIDER_CONTROL_THREAD_ENDS = 9,
    /* What `text` names happens to the machine, as a scenario's `fault` says: network-down, network-up, no-buffers,
     * buffers-back, no-handles, handles-back, no-memory, memory-back. */
    PROVIDER_CONTROL_FAULT = 10,
    /* CancelIo, which is kernel32's: what the calling thread has issued on socket `number` and is pending ends with
     * WSA_OPERATION_ABORTED. number becomes the error: 0, or ERROR_INVALID_HANDLE for what is no socket of the
     * provider's. */
    PROVIDER_CONTROL_CANCEL_OWN = 11,
    /* CancelIoEx, likewise: of any thread, and if `overlapped` is not 0 only the request with this one. number becomes
     * the error: 0, ERROR_NOT_FOUND where nothing was pending, ERROR_INVALID_HANDLE. */
    PROVIDER_CONTROL_CANCEL = 12,
    /* The calling process's first WSAStartup, before WSPStartup: it asked for version `number`, such as 0x0101, which
     * no provider learns otherwise. */
    PROVIDER_CONTROL_STARTUP = 13,
    /* Socket `number` was associated with a completion port. The port is the system's, and gets its packets by
     * WPUCompleteOverlappedRequest; but requests on the socket now outlive the thread that made them. */
    PROVIDER_CONTROL_ASSOCIATED = 14,
    /* Was one of the calling thread's calls, since this was last asked, about something that the provider does not have
     * and the system that it stands for has? Then the error that the call returned stands for no answer, and is judged
     * as none: number becomes 1, and reason says what it was about, such as "SIO_TCP_INFO". Else 0. Asked after each
     * call of a scenario. A provider that answers to everything refuses the order. */
    PROVIDER_CONTROL_NOT_MODELLED = 15,
};

enum { PROVIDER_CONTROL_REASON_BYTES = 256 };

struct provider_control {
    uint32_t size; /* of this structure, set by the caller */
    uint32_t process;
    uint32_t thread;
    uint32_t text_bytes;
    uint64_t number;
    uint64_t overlapped;                        /* an address */
    const char *text;                           /* not terminated */
    char reason[PROVIDER_CONTROL_REASON_BYTES]; /* why it was refused, or what is not modelled; terminated */
};

/* 1: done. 0: refused, or not known, with a reason; then nothing has changed. */
typedef int provider_control_function(uint32_t code, struct provider_control *control);

#define PROVIDER_CONTROL_NAME "ReservoirProviderControl"

#endif
