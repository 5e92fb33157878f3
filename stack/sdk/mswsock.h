/* Winsock's extensions, for programs that are compiled against the model: so far their constants only.
 *
 * The guard is the real header's: whichever is included first stands for both. */
#ifndef _MSWSOCK_

#include "stack/sdk/winsock2.h"

#define _MSWSOCK_

#endif
