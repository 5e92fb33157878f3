/* What has handles and is not the model's: threads, the program itself, mutexes, semaphores, files. Their handles lie
 * above all that the model gives. */
#ifndef RESERVOIR_SIM_PROGRAM_OBJECTS_H
#define RESERVOIR_SIM_PROGRAM_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

enum object_kind {
    OBJECT_FREE,
    OBJECT_THREAD,
    OBJECT_PROCESS, /* the program itself, of which there is one */
    OBJECT_MUTEX,
    OBJECT_SEMAPHORE,
    OBJECT_TOKEN,
    OBJECT_FILE,
    OBJECT_KINDS
};

struct object {
    uint8_t kind;
    uint32_t references; /* handles */
    uint32_t thread;     /* THREAD: its number; MUTEX: who owns it, while count > 0 */
    int32_t count;       /* MUTEX: how often it is owned; SEMAPHORE; FILE: its descriptor */
    int32_t most;        /* SEMAPHORE */
};

/* A new object with one handle, or NULL: there are too many. */
struct object *object_create(enum object_kind kind, uint64_t *handle);

/* The object of a handle of ours; NULL for any other number. */
struct object *object_of(uint64_t handle);

/* Another handle for it; 0: there are too many. */
uint64_t object_open(struct object *object);

/* Closes a handle. False: it is none of ours. */
bool object_close(uint64_t handle);

/* Can a thread that waits for it continue? And it does: a mutex is then the thread's, a semaphore has one less. */
bool object_is_signalled(const struct object *object, unsigned thread);
void object_take(struct object *object, unsigned thread);

/* The object of a thread, made where no handle of ours has named it yet; of the program itself. NULL: there are too
 * many. */
struct object *object_of_thread(unsigned thread);
struct object *object_of_process(void);

#endif
