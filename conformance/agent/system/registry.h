/* What the system's registry says. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_SYSTEM_REGISTRY_H
#define RESERVOIR_CONFORMANCE_AGENT_SYSTEM_REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

/* Below HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft. */
enum registry_key {
    REGISTRY_VERSION, /* Windows NT\CurrentVersion */
    REGISTRY_UAC,     /* Windows\CurrentVersion\Policies\System */
};

/* Is there one? Off Windows only a stand-in, for tests: the file that SYSTEM_REGISTRY names, with a name and a number
 * on a line. */
bool registry_is_there(void);

/* A number of the registry. False: there is none of that name, or what stands there is no number. */
bool registry_number(enum registry_key key, const char *name, uint32_t *value);

#endif
