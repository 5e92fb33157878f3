/* What the provider's thread does in each round: whatever pends (transfers.h), whatever is selected (events.h). */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_ROUNDS_H
#define RESERVOIR_CONFORMANCE_LAYERED_ROUNDS_H

/* Before there are sockets. */
void rounds_use(void);

#endif
