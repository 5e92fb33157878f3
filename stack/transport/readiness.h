/* What a socket is ready for, as select and as WSAPoll say it. */
#ifndef RESERVOIR_STACK_TRANSPORT_READINESS_H
#define RESERVOIR_STACK_TRANSPORT_READINESS_H

#include "stack/world.h"

enum readiness { READY_READ = 1, READY_WRITE = 2, READY_EXCEPT = 4 };

/* For select: a set of enum readiness. Read: a connection waits, data, the end or an error of a connection. Write: what
 * is sent would not wait. Except: a connect has failed, or urgent data waits apart from the stream. A stream that is
 * not connected is ready for nothing (W175). */
unsigned socket_readiness(const struct world *world, unsigned socket);

/* For WSAPoll: POLLRDNORM, POLLRDBAND (urgent data), POLLWRNORM, POLLERR and POLLHUP, asked for or not. */
uint32_t socket_events(const struct world *world, unsigned socket);

#endif
