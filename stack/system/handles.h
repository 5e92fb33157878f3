/* Processes, threads and their handles.
 *
 * One handle space a process: sockets, events, files and completion ports share it, so a handle of the wrong kind is a
 * real thing that a caller can pass. Numbers are multiples of 4, never 0, per process: the number of one process means
 * nothing, or something else, in another.
 *
 * INVARIANTS
 *   H1  A handle row names a live process and a live row of its kind; of a thread that has ended, NO_ROW.
 *   H2  Two handles of one process have different numbers; each is a multiple of 4 and not 0.
 *   H3  An object's `references` is the number of handles that name it; for a socket, and of duplicates on their way.
 *       A thread has none: it ends whoever has a handle to it.
 *   H4  A thread that is not free belongs to a live process; a waiting one waits for something that can happen.
 *   H5  A duplicate on its way names a live process and an open socket.
 *   H6  In a large world the chain of a process has its handles in the order of their numbers.
 *   H7  world.waiting is the number of waiting threads.
 *
 * TRANSITIONS (thread)
 *   free --thread_start--> running --thread_park--> waiting --thread_resume--> running --process_end--> free */
#ifndef RESERVOIR_STACK_SYSTEM_HANDLES_H
#define RESERVOIR_STACK_SYSTEM_HANDLES_H

#include "stack/world.h"

#define NO_SOCKET UINT64_MAX /* INVALID_SOCKET, as a record has it whatever the width of a pointer */

enum { HANDLE_LAST = 0xfffffffc, HANDLE_FIRST_ORDINARY = 0x84 };

/* Makes a new handle of `process` for an object, raising the object's references. The number is CHOICE_HANDLE. Returns
 * the number, or 0 when the table is full. */
uint32_t handle_open(struct world *world, struct chooser *chooser, unsigned process, enum handle_kind kind,
                     unsigned object);

/* Children get this handle too, or not. A new handle is not inheritable. */
void handle_set_inheritable(struct world *world, unsigned process, uint64_t number, bool inheritable);

/* DuplicateHandle made this handle. */
void handle_set_duplicated(struct world *world, unsigned process, uint64_t number);
bool handle_is_duplicated(const struct world *world, unsigned process, uint64_t number);

/* Winsock has bound a socket by this handle of it: others that name it by now do not know. Those that DuplicateHandle
 * made are none of Winsock's. */
void handle_bound_by(struct world *world, unsigned process, uint64_t number);

/* Has the socket of this handle been bound by another one, after this one was opened? */
bool handle_is_unaware(const struct world *world, unsigned process, uint64_t number);

/* Gives `child`, which has no handles, the inheritable handles of `parent` under their numbers. False, with nothing
 * changed, when the child has handles or the table has no room. */
bool handles_inherit(struct world *world, unsigned child, unsigned parent);

/* The object of kind `kind` that a number names in `process`, or NO_ROW. */
unsigned handle_find(const struct world *world, unsigned process, enum handle_kind kind, uint64_t number);

/* The kind of what a number names in `process`: HANDLE_FREE when there is none. */
enum handle_kind handle_kind_of(const struct world *world, unsigned process, uint64_t number);

/* Closes a handle; returns how many references its object has left (the caller ends it at 0; a thread has always one).
 * The handle must be there (asserted). *object receives the object's index. */
unsigned handle_close(struct world *world, unsigned process, uint64_t number, unsigned *object);

/* The rows of a process's handles in the order of their numbers: the one after row `after`, which is one of them
 * (NO_ROW:
 * the first), or NO_ROW. */
unsigned handle_after(const struct world *world, unsigned process, unsigned after);

/* The live process with this id (call.h, PROCESS_ID_FIRST), or NO_ROW. */
unsigned process_of_id(const struct world *world, uint64_t id);

/* A process comes to be, of this account and with its logon token. It has no thread, and has called nothing. */
void process_start(struct world *world, unsigned process, unsigned account);

/* Its program begins, in its main thread, by WSAStartup with this version; 0: without. */
void process_begin(struct world *world, unsigned process, unsigned main_thread, unsigned startup_version);
void thread_start(struct world *world, unsigned thread, unsigned process);

/* The live thread of a process that a record's number stands for (call.h, THREAD_HANDLE_FIRST), or NO_ROW. */
unsigned thread_of_handle(const struct world *world, unsigned process, uint64_t number);

/* What a thread is parked for. */
struct wait {
    enum awaited awaited;
    unsigned object; /* an event or a completion port; else NO_ROW */
    bool alertable;
    uint64_t deadline_ns; /* UINT64_MAX: none */
    uint64_t outputs[THREAD_OUTPUTS];
};

/* Parks the running thread. */
void thread_park(struct world *world, unsigned thread, unsigned function, const struct wait *wait);
void thread_resume(struct world *world, unsigned thread);
void thread_end(struct world *world, unsigned thread);

/* The threads that are parked, in the order of their rows: the one after `after` (NO_ROW: the first), or NO_ROW. The
 * second looks at no thread when none is parked. */
unsigned thread_after(const struct world *world, unsigned after);
static inline unsigned thread_next_waiting(const struct world *world, unsigned after) {
    return world->waiting == 0 ? (unsigned)NO_ROW : thread_after(world, after);
}

/* Promises a socket to a process, raising the socket's references. Returns the serial, or 0 when the table is full. */
uint32_t duplicate_make(struct world *world, unsigned process, unsigned socket);

/* The duplicate with this serial that `process` may open, or NO_ROW. */
unsigned duplicate_find(const struct world *world, unsigned process, uint32_t serial);

/* Any duplicate that is promised to a process, or NO_ROW. */
unsigned duplicate_of_process(const struct world *world, unsigned process);

/* The promise is over; returns the socket, whose references have fallen by one (the caller ends it at 0). */
unsigned duplicate_drop(struct world *world, unsigned duplicate);

/* How many handles of a process name a socket. */
unsigned handles_to_socket(const struct world *world, unsigned process, unsigned socket);

/* The invariants H1-H7; NULL, or the text of the broken one. */
const char *handles_check(const struct world *world);

#endif
