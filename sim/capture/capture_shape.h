/* Is a capture file built as its format says? libpcap passes over much of what a file says of itself: lengths of
 * sections, reserved fields, options, blocks of a kind that it does not know. Whoever judges a host by a file should
 * not:
 * a file that was damaged on its way, or edited, is refused with the place.
 *
 *   pcap     the head of the file; libpcap looks at the records
 *   pcapng   every block (draft-ietf-opsawg-pcapng 3.1): both its lengths, what it has to begin with, its options, the
 *            interface that a packet names, the length that a section says of itself
 *
 * Texts and numbers in options are free, so are unknown options: the format has room for more of them. */
#ifndef RESERVOIR_SIM_CAPTURE_CAPTURE_SHAPE_H
#define RESERVOIR_SIM_CAPTURE_CAPTURE_SHAPE_H

#include <stdbool.h>
#include <stdio.h>

#include "sim/capture/frames_pcap.h"

/* Reads the file from where it stands to its end. False with an error: the place in bytes, what stands there, what was
 * expected. A file that begins like neither format is left to libpcap. */
bool capture_shape_check(FILE *file, struct frames_error *error);

#endif
