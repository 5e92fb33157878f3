/* One call with real arguments: from numbers to the exact C types of a function and back. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NATIVE_CALL_H
#define RESERVOIR_CONFORMANCE_AGENT_NATIVE_CALL_H

#include "conformance/agent/functions.h"
#include "stack/call/signature.h"

struct native_call {
    enum function function;
    uint32_t last_error; /* what WSAGetLastError finds: the scenario's own last error on this thread */
    uint64_t arguments[CALL_ARGUMENTS_MAX]; /* scalars, handles, and real addresses */
    WCHAR text[CALL_BYTES_MAX + 1];         /* behind a PARAMETER_TEXT argument */
    WSABUF buffers[CALL_BUFFERS_MAX];       /* behind an argument that is an array of them */
};

struct native_answer {
    uint64_t value;      /* sign-extended, as struct result has it */
    uint32_t last_error; /* of the calling thread afterwards; ERROR_UNTOUCHED when the call left it alone */
    uint32_t fault;      /* exception code, or 0 */
    bool no_answer;      /* it is about something that whoever answers does not have: */
    struct reason about; /* what */
    uint16_t port; /* host order: local port of the socket after a call that binds (signature_binds); 0 otherwise */
};

/* Calls on the calling thread, behind a guard against faults. The last error is poisoned before (POISON_LAST_ERROR),
 * except for WSAGetLastError, which is there to read it. */
void native_call(const struct windows_functions *functions, const struct native_call *call,
                 struct native_answer *answer);

#endif
