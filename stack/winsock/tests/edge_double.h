/* The two that the edge stands between, played by its tests: the machine that it asks (machine.h), and the client whose
 * upcalls it has. Both answer what a test has said, and write what they are asked into one journal, in the order in
 * which it came:
 *
 *   bind                        a call of the program's, by its name; its record is played.last
 *   CreateEventW 0 1 1 0 = 302  one for the edge itself, with its arguments, and what it returned
 *   routines 2.5                routines are to run: of which process and thread
 *   not modelled                words, in played.words
 *   open 7 = 1007               WPUCreateSocketHandle: the context, and the handle
 *   close 1007                  WPUCloseSocketHandle
 *   set 51, reset 51            WPUSetEvent, WPUResetEvent
 *   thread = 801                WPUOpenCurrentThread
 *   thread 801 closed           WPUCloseThread
 *   apc 801                     WPUQueueApc
 *   complete 1007 0 16          WPUCompleteOverlappedRequest: socket, error, bytes; its OVERLAPPED is played.completed
 *   last error 10022            WSASetLastError
 *
 * Whatever breaks a rule of machine.h, such as to ask for the edge itself without the lock, fails the test. */
#ifndef RESERVOIR_STACK_WINSOCK_TESTS_EDGE_DOUBLE_H
#define RESERVOIR_STACK_WINSOCK_TESTS_EDGE_DOUBLE_H

#include "stack/winsock/headers.h"

#include <stdbool.h>

#include "stack/call/call.h"
#include "stack/winsock/machine.h"

enum {
    PLAYED_HANDLES = 1000, /* the client's handle of a socket is the model's and so much more */
    PLAYED_SOCKETS_MAX = 200,
    PLAYED_EVENTS = 300, /* the model's events are 302, 304 and so on: the low bit of a handle is free */
    PLAYED_EVENTS_MAX = 600,
    PLAYED_PORTS = 200, /* and its ports */
    PLAYED_PORTS_MAX = 16,
    PLAYED_PROCESSES_MAX = 128,
    PLAYED_THREADS = 800,   /* the client's threads, as WPUOpenCurrentThread names them */
    PLAYED_OWN_THREAD = 99, /* of each process: winsock_machine_own */
    PLAYED_QUEUE_MAX = 600,
    UNTOUCHED = 0x5A5A, /* what stands where an error may be stored */
};

struct played_answer {
    uint64_t value;
    uint32_t error;
    void (*meanwhile)(const struct call *call); /* what else the call does, or NULL */
};

/* A routine that is due in the machine, or a packet that waits at a port of it. */
struct played_routine {
    uint64_t routine, overlapped;
    uint32_t error, bytes, flags;
    struct machine_thread who;
};
struct played_packet {
    uint64_t port, key, overlapped;
};

struct played_apc {
    WSATHREADID thread;
    LPWSAUSERAPC function;
    DWORD_PTR context;
};

extern struct played {
    /* what a test says: of the machine, */
    struct played_answer answers[FUNCTION_COUNT]; /* 0, and the error left alone, where nothing was said */
    struct machine_thread self;
    uint16_t version;
    bool has_no_event, has_no_port; /* CreateEventW, CreateIoCompletionPort return 0 */
    struct played_routine due[PLAYED_QUEUE_MAX];
    unsigned due_count;
    struct played_packet packets[PLAYED_QUEUE_MAX];
    unsigned packets_count;
    /* and of the client; errors are what the upcall fails with, 0: it succeeds */
    int error_of_handle, error_of_queue, error_of_thread, error_of_hook;
    LPBLOCKINGCALLBACK hook;
    DWORD_PTR hook_context;
    bool lacks_complete; /* nothing may ask for WPUCompleteOverlappedRequest */

    /* what it sees */
    struct call last;              /* of the program's calls */
    struct machine_thread last_by; /* who made it */
    const char *words;             /* not modelled */
    void *completed;
    uint64_t hook_of_edge; /* the last one that WSASetBlockingHook was given */
    struct played_apc apcs[PLAYED_QUEUE_MAX];
    unsigned apcs_count;
    unsigned locked;
} played;

/* The provider's table, after played_begin. */
extern WSPPROC_TABLE edge;

/* Nothing was ever asked; process 2, thread 5 calls. Sockets 1 to 99 of the model have handles. Then the provider is
 * started. */
void played_begin(void);
/* The same, of the edge whose client has no WPUCompleteOverlappedRequest and no WSASetLastError. */
void played_begin_silent(void);

/* Only the double: the provider is not started. */
void played_clear(void);
WSPUPCALLTABLE played_upcalls(void);

void played_says(enum function function, uint64_t value, uint32_t error);

/* The model's event is set, or is not. */
void played_set_event(uint64_t own, bool set);

/* The journal since this was last asked, entries with "; " between, has to be this. */
#define EXPECT_JOURNAL(text) played_journal_is(text, __FILE__, __LINE__)
void played_journal_is(const char *expected, const char *file, int line);
/* It was of no interest. */
void played_skip(void);

/* The last call of the program's was this one, with these arguments: as many as the function has. */
#define EXPECT_CALL(function, ...) \
    played_call_is(FUNCTION_##function, (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ }, __FILE__, __LINE__)
void played_call_is(enum function function, const uint64_t expected[CALL_ARGUMENTS_MAX], const char *file, int line);

/* The handle that the client has of a socket of the model's; an event of the client's. */
#define CLIENTS(own) ((SOCKET)(PLAYED_HANDLES + (own)))
#define EVENT(number) ((HANDLE)(uintptr_t)(number))
#define ADDRESS(pointer) ((uint64_t)(uintptr_t)(pointer))
#define SIGNED(number) ((uint64_t)(int64_t)(number))

/* The edge whose client has neither of the two functions. */
int WSPAPI silent_WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls,
                             LPWSPPROC_TABLE functions);
uint64_t silent_handle_own(SOCKET s);

#endif
