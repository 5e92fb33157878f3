/* An overlapped send of more than a record holds, on a stream: all but its last piece are sent before, and the program
 * sees one request, with the bytes of all pieces.
 *
 * Where the connection has no room, a piece is a request of its own, with an OVERLAPPED that is none of the program's:
 * its packet never reaches the program. */
#ifndef RESERVOIR_SIM_PROGRAM_PIECES_H
#define RESERVOIR_SIM_PROGRAM_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a record can carry at once. */
enum { PIECE_BYTES = 768 };

/* Sends all of `data` but its last piece. The number of bytes sent, or -1 with the thread's last error. */
int64_t pieces_send(uint64_t socket, const char *data, size_t length);

/* Does this OVERLAPPED belong to a piece? Then what comes of it is not for the program. */
bool pieces_own(uint64_t overlapped);

#endif
