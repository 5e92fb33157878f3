/* TEST BUILD ONLY. One modelled machine that real threads call: a world behind a lock.
 *
 * A call that the model parks waits here on a condition variable until some other call, or the clock, gives it its
 * return. The model's clock follows the real one. User addresses of its records are real addresses: all scenario
 * processes live in this Windows process, so what the model stores can be stored as it comes. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_MODEL_MACHINE_H
#define RESERVOIR_CONFORMANCE_AGENT_MODEL_MACHINE_H

#include "conformance/agent/boot_mark.h"
#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/call/call.h"

/* A new machine with the world lines of `scenario`, borrowed until the end; with `resumed` one that has restarted
 * since. Between scenarios the agent may call the last one, or an ordinary one before the first. False with `reason`
 * when the model cannot give what a line asks for. */
bool machine_model_begin(const struct scenario *scenario, bool resumed, struct reason *reason);
void machine_model_end(void);

/* Is there a machine yet? A process that starts makes one. */
bool machine_model_is_there(void);

void machine_model_process_starts(unsigned process, unsigned main_thread);

/* The process ends in the model; calls of it that are parked here return with WSA_OPERATION_ABORTED. */
void machine_model_process_ends(unsigned process);

/* The calling real thread is from now on this modelled thread, which starts if it has not yet. Where its process has
 * ended already, its calls return with WSA_OPERATION_ABORTED. */
void machine_model_thread_ends(unsigned thread);
void machine_model_enter(unsigned process, unsigned thread);

/* A thread of this process that is no real one and none of a scenario's, for calls that whoever stands between them and
 * the model makes of itself. To be entered like the others. */
unsigned machine_model_own_thread(unsigned process);

/* Executes a record (its thread is filled in) for the calling thread: stores what is to be stored, runs completion
 * routines, sets the real last error. Returns the value.
 * A call that raises an exception on Windows raises it on the calling thread (faults_raise).
 * Of what is not modelled it returns a failure with WSAEOPNOTSUPP, which stands for no answer. */
uint64_t machine_model_call(struct call *call);

/* Runs the completion routines that are due on this modelled thread, as functions on the calling real one. Nothing
 * happens while it is inside a call, or when it has ended. */
void machine_model_run_routines(unsigned thread);

/* What calls of the calling real thread were about, since this was last asked, that is not modelled: words that stay,
 * such as "SIO_TCP_INFO", or NULL. The other one says it, for calls that never come to the model. */
const char *machine_model_not_modelled(void);
void machine_model_say_not_modelled(const char *what);

/* As model_event_state, for the process that the calling thread is in. */
int machine_model_event_state(uint64_t handle);

void machine_model_advance(uint64_t nanoseconds);

/* Nothing more happens until a call is made or time passes. */
bool machine_model_quiescent(void);

/* The machine restarts: its processes have ended, its persistent reservations stay. */
void machine_model_reboot(void);

/* What a `fault` line names happens to the machine. False: it knows no such fault, or its power would fail, after which
 * real threads could not be given any answer. */
bool machine_model_fault(const char *name);

/* The machine boots when this program starts. */
struct boot machine_model_boot(void);

/* From now on the machine's persistent reservations are in this file (sim/store/store_file.h): read when a machine is
 * made, written when a call has changed them. False when it cannot be read; says why on standard error. */
bool machine_model_keep_store(const char *path);

#endif
