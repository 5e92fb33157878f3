#include "conformance/agent/program_start.h"

/* Elsewhere than on Windows scenario processes are the model's, and it is the model that gives a new one its
 * handles. */
bool program_start_inherits(uint64_t handle) {
    (void)handle;
    return false;
}

void program_start_offer(struct program_start *start) { (void)start; }
