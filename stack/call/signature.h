/* The catalogue (functions.def) as a table: every function with its parameters in documented order, how it reports
 * failure, what it produces, what is observed of it and what it leaves on a machine. The language (argument order,
 * names, defaults), the observing session, the host agent (marshalling, journal) and the model (dispatch) ask this
 * table, and none of them names a function where a column answers. */
#ifndef RESERVOIR_STACK_PROVIDER_SIGNATURE_H
#define RESERVOIR_STACK_PROVIDER_SIGNATURE_H

#include "stack/call/call.h"

enum parameter_kind {
    PARAMETER_HANDLE, /* SOCKET or HANDLE */
    PARAMETER_KEY,    /* ULONG_PTR: any number of 64 bits */
    PARAMETER_CODE,   /* control code, DWORD */
    PARAMETER_U32,
    PARAMETER_I32,
    PARAMETER_BOOL,         /* TRUE or FALSE */
    PARAMETER_MILLISECONDS, /* DWORD; INFINITE is 0xffffffff */
    PARAMETER_PORT,         /* USHORT whose bytes are in network order; written as people write ports */
    PARAMETER_U16,          /* USHORT */
    PARAMETER_PORT_NUMBER,  /* a port as a number in host order (netsh) */
    PARAMETER_TRANSPORT,    /* tcp or udp, as IPPROTO_TCP or IPPROTO_UDP */
    PARAMETER_STORE,        /* enum netsh_store */
    PARAMETER_FAMILY,       /* enum netsh_family */
    PARAMETER_ACCOUNT,      /* whose token it is: the number of an account in the world */
    PARAMETER_MANIFEST,     /* which program: enum manifest (system/security.h) */
    PARAMETER_CONDITION,    /* enum condition */
    PARAMETER_CHILD,        /* the process that is to be: call.h, PROCESS_ID_FIRST; 0: one that ends at once */
    PARAMETER_THREAD,       /* HANDLE of a thread: call.h, THREAD_HANDLE_FIRST */
    PARAMETER_OBJECT,       /* HANDLE of anything: one like PARAMETER_HANDLE, or like PARAMETER_THREAD */
    PARAMETER_PROCESS,      /* process id, DWORD: call.h, PROCESS_ID_FIRST */
    PARAMETER_IN,           /* pointer to input bytes; `pair` is the parameter with their size */
    PARAMETER_OUT,          /* pointer to output bytes; `pair` is the parameter with their size, if there is one */
    /* pointer to output / input bytes in parts, whose sizes are the three parameters from `pair` on: AcceptEx's data,
     * local and remote address, of which the two addresses are opaque */
    PARAMETER_PARTS_OUT,
    PARAMETER_PARTS_IN,
    PARAMETER_SIZE,         /* int, size of parameter `pair` */
    PARAMETER_SIZE_DWORD,   /* DWORD, size of parameter `pair` */
    PARAMETER_SIZE_POINTER, /* int * that holds the size of parameter `pair`, in and out */
    PARAMETER_ADDRESS,      /* sockaddr, input; `pair` is its size */
    PARAMETER_ADDRESS_OUT,  /* sockaddr, output; `pair` is the pointer to its size */
    PARAMETER_COUNT_OUT,    /* DWORD * that receives a count; ordinarily a valid pointer */
    /* int * that receives the error in place of the thread's last one; ordinarily a valid pointer */
    PARAMETER_ERROR_OUT,
    /* WSATHREADID of the calling thread, which whoever executes the call fills in; ordinarily there */
    PARAMETER_THREAD_ID,
    PARAMETER_TOKEN_OUT,      /* ULONG64 * that receives a token; ordinarily a valid pointer */
    PARAMETER_KEY_OUT,        /* ULONG_PTR * that receives a key; ordinarily a valid pointer */
    PARAMETER_OVERLAPPED_OUT, /* OVERLAPPED ** that receives a pointer; ordinarily a valid pointer */
    PARAMETER_ENTRIES_OUT,    /* OVERLAPPED_ENTRY[] that receives packets; `pair` is how many there is room for */
    PARAMETER_ROW_OUT,        /* where a command's row goes: NETSH_ROW_SIZE bytes; no scenario says it */
    PARAMETER_RANGE_OUT,      /* where its dynamic range goes: NETSH_RANGE_SIZE bytes; no scenario says it */
    PARAMETER_FLAG_OUT,       /* u_long * in and out (ioctlsocket) */
    PARAMETER_FLAGS,          /* DWORD * in and out: the flags of a receive; ordinarily a valid pointer to 0 */
    PARAMETER_BUFFERS_IN,     /* an array of WSABUFs to be read; `pair` is the parameter with their number */
    PARAMETER_BUFFERS_OUT,    /* the same, to be stored to */
    PARAMETER_HANDLES,        /* an array of HANDLEs to be read; `pair` is the parameter with their number */
    PARAMETER_SOCKETS,        /* a set of sockets, in and out (call.h, struct socket_set); ordinarily NULL */
    PARAMETER_POLLED,         /* u_long[] in and out: what is asked of each socket of the set `pair`, what was found */
    PARAMETER_OVERLAPPED,     /* ordinarily NULL */
    PARAMETER_ROUTINE,        /* completion routine, ordinarily NULL */
    PARAMETER_APC,            /* a function for QueueUserAPC */
    PARAMETER_HOOK,           /* blocking hook of Winsock 1.1 */
    PARAMETER_NULL,           /* a pointer that scenarios pass as NULL only, or bad */
    PARAMETER_TEXT,           /* wide string */
    PARAMETER_PROTOCOL_INFO,  /* WSAPROTOCOL_INFOW, input: one that WSADuplicateSocketW filled; ordinarily NULL */
};

enum returns {
    RETURNS_STATUS,  /* int: 0, or SOCKET_ERROR and a last error */
    RETURNS_SOCKET,  /* a handle, or INVALID_SOCKET and a last error */
    RETURNS_HANDLE,  /* a handle, or NULL and a last error */
    RETURNS_POINTER, /* a pointer that means nothing here, or NULL and a last error */
    RETURNS_FILE,    /* a handle, or INVALID_HANDLE_VALUE and a last error */
    RETURNS_BOOL,    /* TRUE, or FALSE and a last error */
    RETURNS_ERROR,   /* the error itself; 0 is success */
    RETURNS_WAIT, /* WAIT_OBJECT_0 is success; WAIT_TIMEOUT, WAIT_IO_COMPLETION as numbers; WAIT_FAILED and an error */
    RETURNS_NUMBER, /* just a number; cannot fail */
    RETURNS_COUNT,  /* int: a count of bytes, or SOCKET_ERROR and a last error */
};

enum product {
    PRODUCT_NONE,
    PRODUCT_SOCKET,
    PRODUCT_EVENT,
    PRODUCT_FILE,
    PRODUCT_PORT,          /* a completion port */
    PRODUCT_COPY,          /* DuplicateHandle: a handle of what its source names */
    PRODUCT_OUTPUT,        /* WSAIoctl: the output buffer; its fields follow from the control code */
    PRODUCT_ADDRESS,       /* what is stored in PARAMETER_ADDRESS_OUT: .port */
    PRODUCT_VALUE,         /* the number stored in PARAMETER_OUT or PARAMETER_FLAG_OUT */
    PRODUCT_TOKEN,         /* Create and Lookup of persistent reservations: .Token */
    PRODUCT_PROTOCOL_INFO, /* WSADuplicateSocketW: PROTOCOL_INFO_SIZE opaque bytes */
};

/* Is it a new handle, to be closed by closesocket or CloseHandle? */
bool product_is_handle(enum product product);

/* What is observed of a call, and what it does with its first handle. */
enum trait {
    TRAIT_NONE = 0,
    TRAIT_SHOWS_VALUE = 1,     /* the returned number is observed when the call succeeds */
    TRAIT_BINDS = 2,           /* a socket that was not bound is bound after success: its port is observed */
    TRAIT_BINDS_IF_FAILED = 4, /* and, as a rule, after failure too */
    TRAIT_CLOSES = 8,          /* success closes the handle */
    TRAIT_OWN_ADDRESS = 16,    /* PRODUCT_ADDRESS is the socket's own: its port is known from here on */
    TRAIT_UDP = 32,            /* about UDP's ports; without it and without PARAMETER_TRANSPORT, TCP's */
    TRAIT_WIRE = 64,           /* needs a world with a wire: packets, connections */
    TRAIT_SHOWS_EVENTS = 128,  /* PARAMETER_OUT is a WSANETWORKEVENTS: its events are observed, and their error code */
    TRAIT_STARTS = 256,        /* starts a request, which may pend: its failure with 997 is `pending` */
};

/* What a call changes on a machine for longer than its process lives: ports by PARAMETER_PORT or PARAMETER_PORT_NUMBER,
 * their count by PARAMETER_U16. */
enum lasting {
    LASTS_NOT,
    LASTS_MAKES_RESERVATION,
    LASTS_DELETES_RESERVATION,
    LASTS_MAKES_EXCLUSION,
    LASTS_DELETES_EXCLUSION,
    LASTS_MOVES_DYNAMIC_RANGE, /* no host is asked for it: whoever works there would notice */
};

struct parameter {
    const char *name;  /* as documented, or the language's short name for WSAIoctl's */
    uint8_t kind;      /* enum parameter_kind */
    uint8_t pair;      /* index of the partner parameter, for the kinds that have one */
    bool optional;     /* has an ordinary value when it is not said */
    uint32_t ordinary; /* that value; of PARAMETER_IN and PARAMETER_OUT the bytes there, 0: as the control code says */
};

enum { BY_NAME = 0 }; /* ws2_32's ordinals begin at 1 */

struct signature {
    const char *name;
    const char *module;   /* the DLL that exports it; or `agent`, `provider`, `netsh` (functions.def) */
    const char *provider; /* of ws2_32: the function of a provider's table that it is handed to, or NULL */
    uint16_t ordinal;     /* of ws2_32: by which every version exports it, or BY_NAME */
    uint8_t name_length;
    uint8_t function; /* enum function */
    uint8_t family;   /* enum error_family (stack/errors.h) */
    uint8_t returns;  /* enum returns */
    uint8_t product;  /* enum product */
    uint16_t traits;  /* enum trait */
    uint8_t lasting;  /* enum lasting */
    uint8_t parameters_count;
    uint64_t kinds; /* of its parameters: bit k for enum parameter_kind k */
    struct parameter parameters[CALL_ARGUMENTS_MAX];
};

/* The row of a function; never NULL for 0 < function < FUNCTION_COUNT. Static memory. */
const struct signature *signature_of(enum function function);

/* The row with this name, or NULL. */
const struct signature *signature_named(const char *name, unsigned length);

/* Is this a function of Windows that is known and not modelled (known_functions.def)? */
bool function_is_known(const char *name, unsigned length);

/* Index of the parameter with this name, or -1. */
int signature_parameter(const struct signature *signature, const char *name, unsigned length);

/* Index of the first parameter of this kind, which there is (asserted). */
int signature_first_of_kind(const struct signature *signature, enum parameter_kind kind);

/* The same, or -1. Most functions have few kinds, and this is asked a dozen times a call. */
static inline int signature_parameter_of_kind(const struct signature *signature, enum parameter_kind kind) {
    return (signature->kinds >> kind & 1) == 0 ? -1 : signature_first_of_kind(signature, kind);
}

/* The index of the thread that a call names by THREAD_HANDLE_FIRST, as a parameter of either kind; -1: it names
 * none. */
int call_named_thread(const struct call *call);

/* Is it one of the two that take a control code and what belongs to it? Their first nine parameters are the same. */
bool signature_is_control(const struct signature *signature);

/* Does it start a request that its OVERLAPPED, if one is given, is of? The others with an OVERLAPPED name a request
 * that there is. */
bool signature_starts_request(const struct signature *signature);

/* May a call that has returned so have bound the socket that it was called with? Then its port is looked at. */
bool signature_binds(const struct signature *signature, bool succeeded);

/* May a call that has returned so have stored an address that is to be seen? A getsockname and its kin that succeeded;
 * an accept of its peer; a receive of its sender, also of a datagram that was cut short. `error`: 0 for a success. */
bool signature_shows_address(const struct signature *signature, uint32_t error);

/* What a call returns that fails with `error`: 0, -1, or the error itself. */
uint64_t signature_failure(const struct signature *signature, uint32_t error);

/* Does a call succeed that returns this value? Only the low 32 bits count where the type has no more. */
bool signature_succeeds(const struct signature *signature, uint64_t value);

#endif
