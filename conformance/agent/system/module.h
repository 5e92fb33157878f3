/* A library that is loaded by its full path, and privately: nothing else of the process finds its names. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_MODULE_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_MODULE_H

#include <stddef.h>

#include "conformance/base/reason.h"

struct module;

/* NULL with a reason that names the file. Never unloaded: threads may be inside. */
struct module *module_load(const char *path, struct reason *reason);

/* Stores the address of an exported function in *pointer, or NULL where there is none. */
void module_find(struct module *module, const char *name, void *pointer, size_t pointer_bytes);

#endif
