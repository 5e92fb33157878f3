/* How a scenario is staged on a world of the model: world lines, ports, processes, calls, events.
 *
 * The model executor and the judge share this, so that both see the same machine. A world decides by itself when a
 * parked thread resumes, but a scenario asks for it later, with `returns`: what was decided and not yet asked for
 * stands in struct stage. It is plain data; whoever clones a world clones its stage with it.
 *
 * Indices of processes and threads in the world are those of the scenario; account 0 is the unnamed one, account i + 1
 * is scenario->users[i].
 *
 * Of several machines each is a world of its own in a network (sim/link/network.h), with all world lines; a process is
 * in the world of its machine alone. `world` below then belongs to the process that the step is of, or of the first
 * machine; whatever can happen happens on all machines and links. */
#ifndef RESERVOIR_CONFORMANCE_MODEL_STAGE_H
#define RESERVOIR_CONFORMANCE_MODEL_STAGE_H

#include "conformance/base/reason.h"
#include "conformance/session/executor.h"
#include "sim/link/network.h"
#include "stack/choice.h"
#include "stack/world.h"

enum { STAGE_ROUTINES_MAX = 16 };

/* Who looks at packets. Each is shown once, with the instant at which it was sent, before anything becomes of it: what
 * a link loses is shown, and what it sends twice is shown once. `link`, of several machines, is the one by which it
 * leaves, LINK_NONE for what stays on the machine that sent it. */
struct stage_tap {
    void *self;
    void (*packet)(void *self, uint64_t now_ns, unsigned machine, unsigned link, const uint8_t *bytes, uint32_t length);
};

struct stage {
    const struct stage_tap *tap; /* NULL: no one looks. Borrowed; set after stage_begin */
    struct network *network;     /* of several machines; NULL: there is one. Borrowed; set after stage_begin */
    uint32_t packet_seen[NETWORK_MACHINES_MAX]; /* of each machine: serial of the last packet that was shown */
    uint8_t postpones; /* 1: what can happen after a call may wait (CHOICE_POSTPONE): explorer/ */
    uint8_t padding[3];
    uint8_t returned[THREADS_MAX]; /* 1: returns[i] is the return of thread i, not yet asked for */
    struct result_return returns[THREADS_MAX];
    uint32_t routines_count;
    uint32_t overflow; /* 1: more routines ran in parked threads than fit; the run cannot be judged */
    struct result_routine routines[STAGE_ROUTINES_MAX]; /* that no step has shown yet */
};

/* Puts the scenario's world lines into a fresh world. False with a reason that names the line
 * when the model cannot give what it asks for; also when the scenario has more processes than the world, or one that
 * could not start: without elevation, what requires an administrator. */
bool world_apply_lines(struct world *world, const struct scenario *scenario, struct reason *reason);

/* Chooses ports for the scenario's `ports` lines, the same in every run: blocks from 20000 upwards, lines 100 apart,
 * outside the dynamic range and the exclusions. Call after world_apply_lines. False with a reason when none are
 * left. */
bool stage_choose_ports(const struct world *world, const struct scenario *scenario, uint16_t *ports_first,
                        struct reason *reason);

/* Nothing decided, nothing asked. */
void stage_begin(struct stage *stage);

/* Starts one process with its main thread: its account, its manifest and its token are those of its line. `startup` as
 * in model_process_start. */
void stage_log_on(struct world *world, const struct scenario *scenario, unsigned process, unsigned main_thread,
                  unsigned startup);

/* Starts one process with all its threads, having done the WSAStartup that its line says. */
void stage_process_start(struct world *world, const struct scenario *scenario, unsigned process);

/* The same for all that run from the beginning. */
void stage_processes_start(struct world *world, const struct scenario *scenario);

/* Executes a call and everything that can happen at this instant; adds the observed port. While the call has not
 * returned, the clock advances to the next time-out, at most limit_ms: the virtual form of the patience of a host. A
 * call by a thread that is parked or not alive is RESULT_BROKEN: the scenario is in error. But one that has a blocking
 * hook calls from there; where the hook does not run, that call is RESULT_BLOCKED. result->returns names other
 * threads made ready. Here and in the two below: RESULT_NOT_MADE where the power was lost, so that nothing but `reboot`
 * can follow; RESULT_NO_ROOM from the moment on at which the world was
 * full: result->error is the table, result->value its limit. */
void stage_call(struct world *world, struct stage *stage, const struct scenario *scenario, struct chooser *chooser,
                const struct call *call, unsigned limit_ms, struct result *result);

/* The return of a parked thread, or RESULT_BLOCKED, with the routines that ran in it since it was last looked at; waits
 * as stage_call does. */
void stage_returns(struct world *world, struct stage *stage, struct chooser *chooser, unsigned thread,
                   unsigned limit_ms, struct result *result);

/* For `show`: result->value is the state of an event of the process, UINT64_MAX when there is no such event. */
void stage_show(const struct world *world, unsigned process, uint64_t event, struct result *result);

/* What a `fault` line names begins or is over; false: the model knows no such fault. */
bool stage_fault(struct world *world, const char *name);

/* The invariants of the model, of all machines and links; NULL, or the text of the broken one. */
const char *stage_check(const struct world *world, const struct stage *stage);

/* Performs advance, exits, crashes, fault, reboot, check or link, then everything that can happen at this instant.
 * After a reboot the processes are started again. EXECUTOR_BROKEN with its text when a checked invariant is broken. */
enum executor_answer stage_event(struct world *world, struct stage *stage, struct chooser *chooser,
                                 const struct scenario *scenario, const struct step *step, struct result *result,
                                 struct reason *reason);

/* A bare machine puts these bytes on its link, then everything that can happen at this instant happens. */
enum executor_answer stage_packet(struct world *world, struct stage *stage, struct chooser *chooser, unsigned machine,
                                  const uint8_t *bytes, uint32_t count, struct result *result, struct reason *reason);

#endif
