/* Call and result records: the boundary between whoever calls (a scenario, the host agent, a program below the SDK
 * headers) and whoever answers (the model, a vendor's provider, a host's own ws2_32).
 *
 * Both are plain data: no pointers, so that they can be copied, compared, logged and sent through a pipe between two
 * processes of one build. Neither owns memory. A record of either kind is under 4 KiB and lives on the caller's stack.
 * One whose owner has more room right after it says so in more_bytes, and is not copied: a datagram of 65,507 bytes
 * needs it.
 *
 * USER ADDRESSES are opaque 64-bit numbers that the caller invents. The answering side never dereferences one: what
 * can be read there stands in the call's ranges, what it stores there comes back as writes. The numbers mean nothing
 * but identity and alignment (address % 8). 0 is NULL. */
#ifndef RESERVOIR_STACK_PROVIDER_CALL_H
#define RESERVOIR_STACK_PROVIDER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "stack/call/functions.h"

enum {
    CALL_ARGUMENTS_MAX = 11, /* WSPIoctl has eleven */
    CALL_BYTES_MAX = 1024,   /* all input bytes of one call together */
    PACKETS_TAKEN_MAX = 16,  /* GetQueuedCompletionStatusEx takes no more at once: who wants more calls again */
    CALL_BUFFERS_MAX = 4,    /* WSABUFs of one call */
    CALL_PARTS = 3,          /* of AcceptEx's buffer: data, local address, remote address */
    /* what 8 requests store that end at one instant: of the OVERLAPPED, an address and its length, buffers, control
     * data, its length and flags */
    RESULT_WRITES_MAX = 88,
    RESULT_BYTES_MAX = 2048, /* all written bytes of one result together */
    RESULT_ROUTINES_MAX = 8,
    RESULT_RETURNS_MAX = 8,
};

/* What the memory of a pointer argument is like. */
enum range_state {
    RANGE_NONE,       /* the argument is not a pointer */
    RANGE_NULL,       /* a NULL pointer */
    RANGE_GOOD,       /* `length` bytes are there */
    RANGE_BAD,        /* no page is there at all */
    RANGE_PARTLY_BAD, /* `length` bytes are there, then comes a page that is not */
};

struct range {
    uint64_t address;      /* user address; 0 only with RANGE_NULL and RANGE_NONE */
    uint32_t length;       /* bytes that are there, from address on */
    uint32_t bytes_offset; /* where the contents stand in call.bytes; meaningful when bytes_length > 0 */
    uint32_t bytes_length; /* contents that the callee can read: <= length; 0 for pure output */
    uint8_t state;         /* enum range_state */
    uint8_t fresh;         /* 1: the contents are to be stored before the call, even in memory that was seen before */
    uint8_t padding[2];
};

/* One WSABUF of an array: how long it says that its memory is, and what that memory is like. */
struct call_buffer {
    struct range range; /* its contents, where they are read, likewise stand in call.bytes */
    uint32_t length;    /* WSABUF.len */
    uint32_t padding;
};

/* One call by one thread. arguments[i] is the i-th documented parameter: a number (sign-extended where the parameter is
 * signed), a handle, or a user address. ranges[i] describes the memory when argument i is a pointer. The indices have
 * names, such as sendto_buf (functions.h). Of a parameter that is an array of WSABUFs the range describes the array
 * itself; `buffers` has as many of its elements as can be read there. */
struct call {
    uint16_t thread;     /* index of the calling thread in the world or in the executor */
    uint16_t function;   /* enum function */
    uint32_t bytes_used; /* of bytes */
    uint64_t arguments[CALL_ARGUMENTS_MAX];
    struct range ranges[CALL_ARGUMENTS_MAX];
    struct call_buffer buffers[CALL_BUFFERS_MAX];
    uint32_t buffers_count;
    uint32_t more_bytes; /* for contents beyond CALL_BYTES_MAX: right after the record; 0: there are none */
    uint8_t bytes[CALL_BYTES_MAX];
};

enum result_status {
    RESULT_RETURNED, /* value and error are valid */
    RESULT_BLOCKED,  /* the thread is parked; its return comes later in some result's returns */
    RESULT_FAULT,    /* an exception was raised inside the call; error is its NTSTATUS code */
    /* Windows has an answer, which the one who was asked does not know; nothing has happened. Of the model `value` is
     * what it is about (call/catalogue.h) */
    RESULT_NOT_MODELLED,
    RESULT_BROKEN, /* hosts only: the executor itself failed (harness-broken); never from the model */
    /* executors only: the model has no room for what the call wants, so that its answer would be no one else's */
    RESULT_NO_ROOM,
    /* executors only: the call was not made, and no other of its kind can be; why stands in the bytes */
    RESULT_NOT_MADE,
};

/* Memory that the callee stored. Overlapped results are writes that come with a later result. */
struct result_write {
    uint64_t address;
    uint32_t length;
    uint32_t bytes_offset; /* into result.bytes */
};

/* A completion routine, or a function that QueueUserAPC was given (an APC), that ran, in order. */
struct result_routine {
    uint64_t routine;    /* user address passed as lpCompletionRoutine, or as pfnAPC */
    uint64_t overlapped; /* user address handed to it, 0 for NULL; APC: dwData */
    uint32_t error;
    uint32_t bytes;
    uint32_t flags;
    uint16_t kind;   /* enum ran */
    uint16_t thread; /* it ran on this one: index as in struct call */
};

enum ran { RAN_ROUTINE, RAN_APC };

/* A parked thread whose call has returned. */
struct result_return {
    uint16_t thread;
    uint16_t status; /* enum result_status */
    uint32_t error;
    uint64_t value;
};

enum { ERROR_UNTOUCHED = 0xffffffffu }; /* result.error: the call left the thread's last error as it was */

struct result {
    uint8_t status; /* enum result_status */
    uint8_t writes_count;
    uint8_t routines_count;
    uint8_t returns_count;
    uint32_t error; /* the thread's last error afterwards, or ERROR_UNTOUCHED */
    uint64_t value; /* the return value, sign-extended to 64 bits */
    uint32_t bytes_used;
    uint32_t more_bytes; /* for contents beyond RESULT_BYTES_MAX: right after the record; 0: there are none */
    struct result_write writes[RESULT_WRITES_MAX];
    struct result_routine routines[RESULT_ROUTINES_MAX];
    struct result_return returns[RESULT_RETURNS_MAX];
    uint8_t bytes[RESULT_BYTES_MAX];
};

/* Layouts on the wire between both sides: those of 64-bit Windows, whatever the machine that runs this. */
enum {
    OVERLAPPED_SIZE = 32, /* Internal @0 (8), InternalHigh @8 (8), Offset @16, OffsetHigh @20, hEvent @24 (8) */
    OVERLAPPED_INTERNAL = 0,
    OVERLAPPED_INTERNAL_HIGH = 8,
    OVERLAPPED_EVENT = 24,
    OVERLAPPED_ENTRY_SIZE =
        32, /* what GetQueuedCompletionStatusEx stores of each packet; 4 bytes at its end are unused */
    ENTRY_KEY = 0,
    ENTRY_OVERLAPPED = 8,
    ENTRY_INTERNAL = 16, /* the status (8) */
    ENTRY_BYTES = 24,
    POINTER_SIZE = 8,
    WSABUF_SIZE = 16,    /* len @0 (4), buf @8 (8) */
    PORT_RANGE_SIZE = 4, /* StartPort @0 network order, NumberOfPorts @2 host order (little-endian) */
    PORT_TOKEN_SIZE = 8,
    PORT_INSTANCE_SIZE = 16, /* range @0, padding @4, Token @8 */
    SOCKADDR_IN_SIZE = 16,
    SOCKADDR_IN6_SIZE = 28,
    WSADATA_SIZE = 408,
    THREAD_ID_SIZE = 16,       /* WSATHREADID; opaque to the callee */
    ACCEPT_ADDRESS_OFFSET = 8, /* where the sockaddr stands in a part of AcceptEx's buffer; opaque to the caller */
    NETWORK_EVENTS_SIZE = 44,  /* WSANETWORKEVENTS: the events, and an error code for each of ten */
    PROTOCOL_INFO_SIZE = 628,  /* WSAPROTOCOL_INFOW; opaque to everybody but the provider that filled it */
};

/* A set of sockets in a record: how many @0 (8), then the sockets, 8 bytes each. What a call leaves in a set it stores
 * there in the same form. */
enum {
    SOCKET_SET_SOCKETS = 8, /* where they begin */
    SET_SOCKETS_MAX = 32,   /* more than so many in one set are not modelled */
};

/* What the condition of WSAAccept answers: CF_ACCEPT and kin, counted from 1. CONDITION_LOOK is for programs, which ask
 * their own function: it is as CONDITION_DEFER, and the address is stored. */
enum condition { CONDITION_NONE, CONDITION_ACCEPT, CONDITION_REJECT, CONDITION_DEFER, CONDITION_LOOK };

/* Which of its two stores a command of netsh is about. */
enum netsh_store { NETSH_ACTIVE, NETSH_PERSISTENT };

/* Whose dynamic range it shows or sets. */
enum netsh_family { NETSH_IPV4, NETSH_IPV6 };

/* What netsh lists a port under. */
enum netsh_row { NETSH_ROW_NONE, NETSH_ROW_UNMARKED, NETSH_ROW_ADMINISTERED, NETSH_ROWS_COUNT };

/* What `show` stores: enum netsh_row @0 (2), first port @2 (2), ports @4 (4), all little-endian. */
enum { NETSH_ROW_SIZE = 8 };

/* What it stores of a dynamic range: first port @0 (4), ports @4 (4), little-endian. */
enum { NETSH_RANGE_SIZE = 8 };

/* A process in a record is PROCESS_ID_FIRST + its index: an executor on a host puts the real id in its place, the model
 * takes these for its ids. Other numbers are passed as they are. */
enum { PROCESS_ID_FIRST = 0x7f000000 };

/* A thread of the caller's process in a record (hThread) is THREAD_HANDLE_FIRST + its index: an executor on a host puts
 * the real handle in its place, the model takes these for its handles. Other numbers are passed as they are. */
enum { THREAD_HANDLE_FIRST = 0x7e800000, THREAD_HANDLES = 0x10000 };

/* Empties a record. What its counts do not name, in the arrays and beyond bytes_used, means nothing and stays what it
 * was: a record of kilobytes is emptied for every call, and most calls use a few dozen of its bytes. */
void call_clear(struct call *call);
static inline void result_clear(struct result *result) { memset(result, 0, offsetof(struct result, writes)); }

/* How many bytes of contents can still be added. */
static inline uint32_t call_room(const struct call *call) {
    return CALL_BYTES_MAX + call->more_bytes - call->bytes_used;
}
static inline uint32_t result_room(const struct result *result) {
    return RESULT_BYTES_MAX + result->more_bytes - result->bytes_used;
}

/* The contents from `offset` on; more_bytes come right after the others. */
static inline const uint8_t *call_bytes(const struct call *call, uint32_t offset) {
    return (const uint8_t *)call + offsetof(struct call, bytes) + offset;
}
static inline const uint8_t *result_bytes(const struct result *result, uint32_t offset) {
    return (const uint8_t *)result + offsetof(struct result, bytes) + offset;
}

/* Adds input contents for pointer argument `argument`; true, or false when call_room() is less. */
bool call_put_bytes(struct call *call, unsigned argument, const void *bytes, uint32_t length);

/* The same for the contents of a buffer. */
bool call_put_buffer_bytes(struct call *call, unsigned buffer, const void *bytes, uint32_t length);

/* Is the whole of every buffer there that the array of pointer argument `argument` has, and so is the array, with
 * `count` elements? */
bool call_buffers_hold(const struct call *call, unsigned argument, uint32_t count);

/* Can `length` bytes be read or written at pointer argument `argument`? True for length 0 whatever the pointer. */
bool call_range_holds(const struct call *call, unsigned argument, uint32_t length);

/* The contents of pointer argument `argument`, or NULL when fewer than `length` bytes are readable there.
 * The pointer is valid as long as the record is not changed. */
const uint8_t *call_read(const struct call *call, unsigned argument, uint32_t length);

/* Are `length` bytes there, of which the record has fewer (a limit of ours)? */
bool call_range_is_cut(const struct range *range, uint32_t length);

/* Where the bytes of the next write will stand. Who makes them there spares a copy; they count once result_write() has
 * been called with this pointer, also in parts, one after the other. result_room() of them fit. */
uint8_t *result_next_bytes(struct result *result);

/* Adds a write / a routine / a return. A record that is full is our bug: asserted, never silently dropped. */
void result_write(struct result *result, uint64_t address, const void *bytes, uint32_t length);
void result_routine(struct result *result, const struct result_routine *routine);
void result_return(struct result *result, const struct result_return *back);

/* Little-endian and big-endian accessors, for records and packets. Inline, because packets are read and written by
 * them. */
static inline uint16_t load_u16_network(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }
static inline uint16_t load_u16(const uint8_t *bytes) { return (uint16_t)(bytes[1] << 8 | bytes[0]); }

static inline uint32_t load_u32(const uint8_t *bytes) { return (uint32_t)load_u16(bytes + 2) << 16 | load_u16(bytes); }

static inline uint64_t load_u64(const uint8_t *bytes) { return (uint64_t)load_u32(bytes + 4) << 32 | load_u32(bytes); }

static inline void store_u16_network(uint8_t *bytes, uint16_t value) {
    bytes[0] = (uint8_t)(value >> 8);
    bytes[1] = (uint8_t)value;
}

static inline void store_u16(uint8_t *bytes, uint16_t value) {
    bytes[0] = (uint8_t)value;
    bytes[1] = (uint8_t)(value >> 8);
}

static inline void store_u32(uint8_t *bytes, uint32_t value) {
    store_u16(bytes, (uint16_t)value);
    store_u16(bytes + 2, (uint16_t)(value >> 16));
}

static inline void store_u64(uint8_t *bytes, uint64_t value) {
    store_u32(bytes, (uint32_t)value);
    store_u32(bytes + 4, (uint32_t)(value >> 32));
}

#endif
