/* A library that is loaded by its full path, and privately: nothing else of the process finds its names. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_MODULE_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_MODULE_H

#include <stddef.h>

#include "conformance/base/reason.h"

struct module;

/* From now on libraries of the system find others in its own folder only, and none beside this program. First of
 * all. */
void modules_of_the_system_only(void);

/* NULL with a reason that names the file. Never unloaded: threads may be inside. */
struct module *module_load(const char *path, struct reason *reason);

/* Stores the address of an exported function in *pointer, or NULL where there is none. */
void module_find(struct module *module, const char *name, void *pointer, size_t pointer_bytes);

/* What this library imports by `name` from `from` (a DLL's file name) is this function from now on. A library of a
 * POSIX system finds the program's own export of that name by itself, so that there is nothing to do. */
void module_redirect(struct module *module, const char *from, const char *name, void (*function)(void));

#endif
