/* What the two halves of the plug-in share: its machine, and the orders that it takes. */
#ifndef RESERVOIR_CONFORMANCE_PROVIDER_PLUGIN_H
#define RESERVOIR_CONFORMANCE_PROVIDER_PLUGIN_H

#include <stdint.h>

/* Which version of Winsock this process asks for; 0: that is not known, and 2.2 is meant. */
void plugin_version(uint32_t process, uint16_t version);

/* The first order has come: whoever gives it asks what is not modelled. Before there are threads. */
void plugin_ordered(void);

#endif
