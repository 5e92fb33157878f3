/* Does this machine's provider implement the three reservation codes? It is asked, once: by an ASSOCIATE with token 0,
 * which names no reservation, on a TCP socket of the agent's own that is closed again. It cannot change anything. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_HOST_CODES_H
#define RESERVOIR_CONFORMANCE_AGENT_HOST_CODES_H

#include <stdbool.h>
#include <stdint.h>

enum host_codes { HOST_CODES_UNKNOWN, HOST_CODES_MISSING, HOST_CODES_THERE };

/* MISSING when the answer is WSAEOPNOTSUPP, THERE when it is any other; UNKNOWN when no socket can be had. */
enum host_codes host_codes(void);

/* Is this one of the machine's own addresses, of 4 or 16 bytes? A socket of TCP that is closed again is bound to it. */
bool host_has_address(const uint8_t *bytes, unsigned count);

#endif
