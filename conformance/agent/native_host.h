/* A Windows host as an executor: scenario processes played by this Windows process and by its children.
 *
 * The first process of a scenario is played here, unless it exits or crashes in the scenario, the scenario is about
 * WSAStartup or WSACleanup, or this process is tainted; all others, and those, by children that are kept for the next
 * scenario as long as they are clean. A scenario about startup has new ones. With a
 * table whose processes share the host (the model's), all are played here. What a step starts is a child that the
 * scenario's own call creates, wherever the caller is played; it ends with the scenario. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_NATIVE_HOST_H
#define RESERVOIR_CONFORMANCE_AGENT_NATIVE_HOST_H

#include "conformance/agent/child.h"
#include "conformance/agent/native_executor.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"
#include "conformance/player/play.h"

struct host_process {
    struct native_executor *local; /* played here; owned by the host */
    struct child *child;           /* or there; of the pool */
    bool promised_a_socket;        /* WSADuplicateSocketW or DuplicateHandle of another process named it: it may hold
                                    * a handle that is never closed here */
    bool born_in_the_scenario;     /* a step has started it: it is used for nothing else afterwards */
    uint32_t died_of;              /* a call took it along: the exception code of all further calls; 0: none did */
};

struct native_host {
    const struct windows_functions *functions;
    const struct scenario *scenario; /* between begin and end; borrowed */
    struct host_process processes[PROCESSES_MAX];
    struct child pool[PROCESSES_MAX];
    struct program_start start;      /* of the child that a step is about to start */
    bool tainted;                    /* this Windows process plays no scenario process any more */
    bool cut_off;                    /* native_host_is_cut_off() */
    bool about_startup;              /* the scenario: only a process in which nothing was played shows its answers */
    uint64_t stops;                  /* how often a scenario stopped for a restart */
    char mark[RESTART_MARK_MAX + 1]; /* the scenario stopped, under this mark; "": it did not */
    uint16_t ports_first[PORTS_MAX];
    bool resumed;         /* after a restart: its ports are noted already */
    bool leaving;         /* what it made stays on the machine until it is resumed */
    struct reason reason; /* why the last RESULT_BROKEN; "" when there was none since begin() */
};

/* Can this expanded scenario be played here? False: `reason` says what stands against it. Changes nothing, on the
 * machine or here; finds out, once each, what the machine says of itself. */
bool native_host_allows(const struct windows_functions *functions, const struct scenario *scenario, bool resumed,
                        struct reason *reason);

/* From now on every scenario process is a child: a call that takes its process along then ends no more than that. */
void native_host_keep_apart(void);

/* Starts nothing. */
void native_host_create(struct native_host *host);

/* Ends all children. Between scenarios only. */
void native_host_destroy(struct native_host *host);

/* `host` as an executor; borrowed. */
struct executor native_host_executor(struct native_host *host);

/* The scenario that stopped for a restart is to be resumed: what it made and a restart would not take away stays on the
 * machine when it is ended. */
void native_host_leave(struct native_host *host);

/* An exception has cut off a call of a scenario whose processes all live here. Whatever the one who was asked held
 * then, a lock among it, is held for ever: another call might never return. So none is made, the rest of the scenario
 * is unsupported, its end calls nothing, and this program has to be started anew. */
bool native_host_is_cut_off(const struct native_host *host);

/* Why the last result was RESULT_BROKEN, which a result record cannot say itself; "" when none was since begin(). */
const char *native_host_reason(const struct native_host *host);

#endif
