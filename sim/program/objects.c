#include "sim/program/objects.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "sim/program/threads.h"

enum { OBJECTS_MAX = 2048, HANDLES_MAX = 4096, HANDLE_FIRST = 0x40000000, HANDLE_STEP = 4 };

static struct object objects[OBJECTS_MAX];
static struct object *handles[HANDLES_MAX]; /* NULL: closed */
static unsigned handles_next;               /* a closed one is not given again soon */

uint64_t object_open(struct object *object) {
    for (unsigned tried = 0; tried < HANDLES_MAX; tried++) {
        unsigned place = handles_next++ % HANDLES_MAX;
        if (handles[place] != NULL) continue;
        handles[place] = object;
        object->references++;
        return HANDLE_FIRST + (uint64_t)place * HANDLE_STEP;
    }
    return 0;
}

struct object *object_create(enum object_kind kind, uint64_t *handle) {
    for (unsigned i = 0; i < OBJECTS_MAX; i++) {
        if (objects[i].kind != OBJECT_FREE) continue;
        memset(&objects[i], 0, sizeof objects[i]);
        *handle = object_open(&objects[i]);
        if (*handle == 0) return NULL;
        objects[i].kind = (uint8_t)kind;
        return &objects[i];
    }
    return NULL;
}

static struct object **place_of(uint64_t handle) {
    uint64_t place = (handle - HANDLE_FIRST) / HANDLE_STEP;
    return handle < HANDLE_FIRST || handle % HANDLE_STEP != 0 || place >= HANDLES_MAX ? NULL : &handles[place];
}

struct object *object_of(uint64_t handle) {
    struct object **place = place_of(handle);
    return place == NULL ? NULL : *place;
}

bool object_close(uint64_t handle) {
    struct object **place = place_of(handle);
    if (place == NULL || *place == NULL) return false;
    struct object *object = *place;
    *place = NULL;
    if (--object->references > 0) return true;
    if (object->kind == OBJECT_THREAD) thread_give_back(object->thread);
    if (object->kind == OBJECT_FILE) (void)close(object->count);
    object->kind = OBJECT_FREE;
    return true;
}

bool object_is_signalled(const struct object *object, unsigned thread) {
    switch ((enum object_kind)object->kind) {
    case OBJECT_THREAD: return thread_has_ended(object->thread, NULL);
    case OBJECT_MUTEX: return object->count == 0 || object->thread == thread;
    case OBJECT_SEMAPHORE: return object->count > 0;
    default: return false;
    }
}

void object_take(struct object *object, unsigned thread) {
    if (object->kind == OBJECT_SEMAPHORE) object->count--;
    if (object->kind != OBJECT_MUTEX) return;
    object->thread = thread;
    object->count++;
}

/* The one object of this kind and thread, made where there is none. */
static struct object *object_kept(enum object_kind kind, unsigned thread) {
    for (unsigned i = 0; i < OBJECTS_MAX; i++)
        if (objects[i].kind == kind && objects[i].thread == thread) return &objects[i];
    uint64_t handle = 0; /* no one closes it: the thread keeps its object, the process too */
    struct object *object = object_create(kind, &handle);
    if (object != NULL) object->thread = thread;
    return object;
}

struct object *object_of_thread(unsigned thread) {
    return object_kept(OBJECT_THREAD, thread);
}
struct object *object_of_process(void) {
    return object_kept(OBJECT_PROCESS, 0);
}
