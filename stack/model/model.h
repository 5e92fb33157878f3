/* The model as a provider of records: three kinds of event change a world, and nothing else does.
 *
 *   a call by a thread           -> model_call
 *   one internal step            -> model_step      (a request completes, a routine is delivered, a thread wakes)
 *   a tick of the virtual clock  -> model_tick
 *
 * Besides these there are the events of whoever drives the machine: processes and threads start and end, faults are
 * switched on and off, the machine reboots. Every function takes a chooser and may ask it; none allocates, none reads a
 * clock, none keeps a pointer. */
#ifndef RESERVOIR_STACK_PROVIDER_MODEL_H
#define RESERVOIR_STACK_PROVIDER_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/choice.h"
#include "stack/call/call.h"
#include "stack/system/store.h"
#include "stack/world.h"

/* Executes a call. call->thread must be a running thread that is not parked, or one inside a call of Winsock that
 * blocks (asserted): then its blocking hook calls, or a routine that model_step() said to run there. Everything that is
 * wrong with the call is answered as Windows would: with an error in the result. RESULT_BLOCKED when the thread was
 * parked. */
void model_call(struct world *world, struct chooser *chooser, const struct call *call, struct result *result);

/* The user address of the blocking hook that runs now in a parked thread, or 0. While it runs, the thread may call. */
uint64_t model_blocking_hook(struct world *world, struct chooser *chooser, unsigned thread);

/* How many internal steps are enabled now. */
unsigned model_steps_enabled(const struct world *world);

/* Does a step come before any other event? A thread that waits inside a call is woken by what is queued to it before
 * anything else can end that call. A driver that puts off what could happen does not put off this. */
bool model_step_cannot_wait(const struct world *world);

/* Takes one enabled internal step (which one: CHOICE_STEP), appending its writes, routines and returns to *result.
 * Routines without a return of their thread run inside the call that it is parked in, which goes on waiting. */
void model_step(struct world *world, struct chooser *chooser, struct result *result);

/* Runs internal steps until none is enabled at this instant. */
void model_settle(struct world *world, struct chooser *chooser, struct result *result);

/* Moves the clock. Time-outs that fall due become enabled steps; the caller settles. */
void model_tick(struct world *world, uint64_t nanoseconds);

/* Nanoseconds until the next time-out falls due, or UINT64_MAX: a driver may skip to it. */
uint64_t model_next_timeout(const struct world *world);

/* A new process of account `account` (0: unnamed), with its main thread. `startup` is 0 (no WSAStartup), 0x0101 or
 * 0x0202. The two are indices in the world, given by the caller and not in use (asserted). */
void model_process_start(struct world *world, unsigned process, unsigned main_thread, unsigned account,
                         unsigned startup);
void model_thread_start(struct world *world, unsigned thread, unsigned process);

/* A thread that is in no call (asserted) ends; what it has issued is cancelled, with the exceptions that requests.h
 * names. */
void model_thread_end(struct world *world, unsigned thread, struct result *result);

/* A process that CreateProcess has started (argument 0 of the call names it: call.h, PROCESS_ID_FIRST; its index was
 * not in use) begins: its main thread, by WSAStartup as above. Whoever makes such a call lets this follow at once. */
void model_process_begin(struct world *world, unsigned process, unsigned main_thread, unsigned startup);

/* The process ends: its handles close, what hangs on them goes. `crashes` differs in nothing that the model knows. */
void model_process_end(struct world *world, struct chooser *chooser, unsigned process, struct result *result);

/* The network subsystem fails, or comes back. */
void model_network_down(struct world *world, bool down);

/* The machine is out of buffers (Winsock: WSAENOBUFS), of socket handles (WSAEMFILE), of memory (Win32:
 * ERROR_NOT_ENOUGH_MEMORY), or has them again. What exists already stays. */
void model_no_buffers(struct world *world, bool out);
void model_no_handles(struct world *world, bool out);
void model_no_memory(struct world *world, bool out);

/* The machine restarts: all processes, runtime reservations, requests and sockets are gone; settings and the store
 * stay, and what the store holds is reserved again. */
void model_reboot(struct world *world);

/* The machine starts for the first time with a store that came from elsewhere (world_store(): the caller has put its
 * bytes there). No process may be alive (asserted). What is wrong with it is added to `findings`, which may be NULL. */
void model_boot(struct world *world, struct store_findings *findings);

/* From now on the power may fail at each sector that is written to the store, or it is stable again. When it does, the
 * call does not return (RESULT_BLOCKED), world->power is POWER_LOST, and nothing but model_reboot may follow. */
void model_power_fails(struct world *world, bool failing);

/* The machine gets an address (`family` 4 or 6) on a link that leads to all other machines. True, or false when it has
 * as many as a world holds. What is sent to others waits for the driver: model_packet(). */
bool model_add_address(struct world *world, unsigned family, const uint8_t *address);

/* The packet that has waited longest for the link, or NULL; valid until the next event. The driver takes it from here,
 * and what comes later may then happen. A packet for this machine that stands before it arrives first. */
const uint8_t *model_packet(struct world *world, uint32_t *bytes);
void model_packet_taken(struct world *world);

/* Event: the link brings a packet. It arrives as an internal step. False: there is no room, it is lost. */
bool model_packet_arrives(struct world *world, const uint8_t *packet, uint32_t bytes);

/* The state of an event handle of a process: 1 set, 0 not, -1 no such event. */
int model_event_state(const struct world *world, unsigned process, uint64_t handle);

/* Asserts every invariant of every module on this world; for tests, the `check` step and the explorer. Returns NULL, or
 * the text of the first invariant that is broken. */
const char *model_check(const struct world *world);

#endif
