#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/host_facts.h"

#include <unistd.h>

/* Where only the test build runs, whose machine is the model's: no build of Windows, and nothing that netsh could
 * tell. */
void host_facts_find(struct host_facts *facts) {
    facts->system = "posix";
    facts->elevated = geteuid() == 0;
}
