/* TEST BUILD ONLY. iphlpapi on a bad day: the six functions of persistent reservations, which do what they do and say
 * something else, drawn from IPHLPAPI_SEED (0, or not set: they are honest). */
#ifndef RESERVOIR_CONFORMANCE_AGENT_LIES_MODEL_H
#define RESERVOIR_CONFORMANCE_AGENT_LIES_MODEL_H

#include "conformance/agent/functions.h"

/* Puts the liars before the table's own functions. Call once, before threads. */
void lies_model_install(struct windows_functions *table);

#endif
