/* The door to the stack: every function of the catalogue (stack/call/functions.def) as a pointer with its exact Win32
 * signature.
 *
 * The agent calls the stack under test through this table and through nothing else, so that there can be two:
 * functions_real.c takes ws2_32's and kernel32's own functions; functions_model.c (the test build) answers with the
 * model, so that success paths which Wine lacks run under Wine as well. Static memory; filled once, before threads. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_FUNCTIONS_H
#define RESERVOIR_CONFORMANCE_AGENT_FUNCTIONS_H

#include "conformance/agent/system/windows_headers.h"

#include <stdbool.h>

#include "conformance/agent/boot_mark.h"
#include "conformance/agent/netsh.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/call/functions.h"

struct windows_functions {
    const char *kind; /* "real", "model" or "provider" */

    /* True: all processes of a scenario live in this one Windows process, and enter() tells which of them calls.
     * False: each scenario process needs a Windows process of its own. */
    bool processes_share_host;

    /* True: a provider answers that has a machine of its own, with ports and ranges of its own. What this system's
     * netsh and kernel say is then about another machine, and neither is asked. */
    bool has_own_machine;

    /* True: every scenario process is a child of the agent, the first one too, because what it calls may take its
     * process along. */
    bool processes_apart;

    /* True: a thread's handle is the record's own number of it (THREAD_HANDLE_FIRST). False: it is the real one. */
    bool threads_by_number;

    /* What the language calls CreateProcess starts a program of ours: its first argument is the record's own number of
     * a process that has steps, 0 for a program that ends at once. ImpersonateLoggedOnUser takes an account of the
     * scenario; where processes do not share the host, its kind (enum account_kind). netsh's commands return the error
     * that netsh reports, or NETSH_SAYS_NOTHING.
     *
     * Functions of iphlpapi and netsh's commands are NULL where the system has none: persistent_allow() keeps them from
     * being called. */
#define PARAMETER_TYPE(function, type, ...) type
#define FUNCTION(result, name, module, family, returns, product, traits, lasting, ...) \
    result(WINAPI *name)(EACH(PARAMETER_TYPE, COMMA, void, name, __VA_ARGS__));
#include "stack/call/functions.def"

    /* --- what the agent needs besides; not part of the modelled API ---------------------------------------------- */

    /* A scenario begins, or is resumed after a restart (`resumed`: then what its world lines say of the active store
     * was true of the machine before). `scenario` is an expanded instance, borrowed until end(). True when every world
     * line and process line holds here; else `reason` names the first that does not. */
    bool (*begin)(const struct scenario *scenario, bool resumed, struct reason *reason);
    void (*end)(void);

    /* A scenario process comes and goes. process_ends() makes calls that are parked in it return. */
    void (*process_starts)(unsigned process, unsigned main_thread);
    void (*process_ends)(unsigned process);

    /* A thread of the scenario has ended, while its process still runs. */
    void (*thread_ends)(unsigned thread);

    /* The calling Windows thread is from now on this thread of this scenario process. */
    void (*enter)(unsigned process, unsigned thread);

    /* 1 set, 0 not set, -1 no such event. Changes neither the event nor the last error. Calls of a process that has
     * been entered by this thread. */
    int (*event_state)(HANDLE event);

    /* Names the calling thread to WPUQueueApc. NULL where no provider is asked. */
    void (*name_thread)(LPWSATHREADID id);

    /* Was a call of the calling thread's, since this was last asked, about something that whoever answers does not
     * have? Then its return stands for no answer, and *what says what it was about. NULL where all are answers. */
    bool (*not_modelled)(struct reason *what);

    /* Lets time pass. */
    void (*advance)(uint64_t nanoseconds);

    /* When this machine booted. */
    struct boot (*boot)(void);

    /* Restarts the machine, whose processes have ended. NULL where only the machine itself can do that. */
    bool (*reboot)(void);

    /* What a `fault` line names happens to the machine; false: it has no such fault. NULL where none can be
     * switched. */
    bool (*fault)(const char *name);

    /* What a store of netsh's lists of the ports from `first` on: at most `room` ranges that meet them. False: no whole
     * listing was to be had, or there are more, so nothing is known. NULL where netsh's commands are. */
    bool (*exclusions)(enum transport transport, enum netsh_store store, struct port_range ports,
                       struct host_exclusion *out, unsigned room, unsigned *count);

    /* Of the model's machine: keeps its persistent reservations in this file from now on. False when that cannot be
     * read.
     * NULL where the machine has a store of its own. */
    bool (*keep_store)(const char *path);

    /* Of the model's machine: its netsh is the program of that name from now on, as everywhere else, and knows nothing
     * of what the model holds. NULL where that is so anyway. */
    bool (*run_netsh)(void);
};

/* The table of this build. Ends the program with a message when a function that every system has is missing. */
const struct windows_functions *windows_functions(void);

/* Is this function there on this system? True for all but those of iphlpapi and netsh, and for FUNCTION_NONE. */
bool windows_function_is_there(const struct windows_functions *functions, enum function function);

/* netsh was run, and what it said cannot be read: no answer. */
#define NETSH_SAYS_NOTHING 0xFFFFFFFFu

enum {
    /* The process and thread that the agent itself is while it looks for free ports: none of the scenario's. */
    AGENT_PROCESS = PROCESSES_MAX,
    AGENT_THREAD = THREADS_MAX,
};

#endif
