/* One scenario process, played by the Windows process that this code runs in: its threads, its memory, its handles.
 *
 * Every scenario thread is a real thread with one request slot; the control thread (which calls this interface) fills
 * the slot, waits at most a limit, and reads the answer. A thread that has not returned within its limit is parked: its
 * call goes on, and native_executor_returns() waits for it.
 *
 *   ABSENT --first call--> IDLE --call--> BUSY --returns in time--> IDLE
 *                                          |--limit--> BUSY, and the result says RESULT_BLOCKED
 *
 * A thread with a blocking hook (WSASetBlockingHook) that is BUSY calls from that hook, if Winsock runs it: its call
 * then goes through a second slot. The hook looks there for HOOK_LOOKS_MS each time it runs.
 *
 * The executor keeps account of all that the scenario made (handles, WSAStartup calls) and takes it away at the end.
 * All functions are for the control thread alone. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NATIVE_EXECUTOR_H
#define RESERVOIR_CONFORMANCE_AGENT_NATIVE_EXECUTOR_H

#include <stdatomic.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/native_call.h"
#include "conformance/agent/program_start.h"
#include "conformance/agent/system/threads.h"
#include "conformance/agent/user_memory.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"

enum { CREATED_MAX = 1024, ROUTINES_MAX = 8, HOOK_LOOKS_MS = 2 };

enum native_thread_state { NATIVE_THREAD_ABSENT, NATIVE_THREAD_IDLE, NATIVE_THREAD_BUSY };

struct native_executor;

struct native_thread {
    struct native_executor *executor;
    unsigned index; /* of the scenario's thread */
    enum native_thread_state state;
    bool leave; /* asks the real thread to end */
    struct thread *real;
    struct wakeup *request;      /* the slot is filled */
    struct wakeup *done;         /* the answer is there */
    bool hooked;                 /* has a blocking hook: while BUSY it may serve a second slot */
    struct wakeup *hook_request; /* that slot is filled */
    struct wakeup *hook_done;
    struct native_call hook_call;
    struct native_answer hook_answer;
    struct native_call call;
    struct native_answer answer;
    uint32_t last_error;                                 /* of the scenario's calls on this thread */
    atomic_uint routines_count;                          /* that ran in the call; written by the real thread */
    unsigned routines_reported;                          /* of them */
    bool routines_lost;                                  /* more ran than the record holds */
    struct result_routine routines[RESULT_ROUTINES_MAX]; /* overlapped holds a real address until it is reported */
};

/* A handle that the scenario made, in the order of making. */
struct created_handle {
    uint64_t number;
    enum product product; /* PRODUCT_SOCKET, PRODUCT_EVENT or PRODUCT_FILE */
};

struct native_executor {
    const struct windows_functions *functions;
    unsigned process;
    unsigned main_thread;
    struct user_memory memory;
    struct native_thread threads[THREADS_MAX];
    struct created_handle created[CREATED_MAX];
    unsigned created_count;
    bool hook_was_set;           /* a blocking hook, which some hosts keep for the process and not for the thread */
    unsigned startups;           /* WSAStartup calls not yet matched */
    bool others_started;         /* Winsock was initialised before: native_executor_others_started() */
    struct program_start *start; /* for the next CreateProcess of a process that has steps; borrowed */
    uint64_t routine_addresses[ROUTINES_MAX]; /* user address behind trampoline i; 0 free */
    bool tainted;         /* something cannot be taken back: this Windows process must not be used again */
    struct reason reason; /* of the last RESULT_BROKEN */
};

/* The scenario process starts, with its main thread, and calls WSAStartup(startup); 0: it does not. False with a reason
 * when WSAStartup fails. native_executor_end() is called in both cases. */
bool native_executor_start(struct native_executor *self, const struct windows_functions *functions, unsigned process,
                           unsigned main_thread, unsigned startup);

/* Has someone else initialised Winsock in the calling process, such as a library of a security product that is loaded
 * into each? Asked where nothing of ours has, on a thread that has entered: a socket can be made then. */
bool native_executor_others_started(const struct windows_functions *functions);

/* The process has been born with this handle. */
void native_executor_inherit(struct native_executor *self, const struct inherited_handle *handle);

/* As the operations of the same names in executor.h. RESULT_BROKEN leaves why in self->reason. */
void native_executor_call(struct native_executor *self, const struct call *call, unsigned limit_ms,
                          struct result *result);
void native_executor_returns(struct native_executor *self, unsigned thread, unsigned limit_ms, struct result *result);
void native_executor_show(struct native_executor *self, uint64_t address, uint64_t event, unsigned limit_ms,
                          struct result *result);

/* Ends a thread, and waits until it is gone; the next call on it begins another. False with self->reason when it is
 * inside a call, or does not end. */
bool native_executor_thread_end(struct native_executor *self, unsigned thread);

/* Ends the process: closes what the scenario left, ends its threads, frees its memory. `abruptly`: nothing is closed
 * call by call, as when a process ends by itself; for tables whose processes share this Windows process. False with
 * self->reason when something could not be taken back; the Windows process is tainted then, as it is after a fault. */
bool native_executor_end(struct native_executor *self, bool abruptly);

#endif
