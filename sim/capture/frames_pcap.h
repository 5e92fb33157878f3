/* What libpcap does for captures: writes classic files, reads files of both kinds, records from an interface. It is
 * loaded when it is first needed. Where it is not installed all of this is refused with an error; so it is by builds
 * without it, which have frames_without.c.
 *
 * Frames are handed on as IP packets, whatever link layer they were recorded with; frames that carry no IP are left
 * out. */
#ifndef RESERVOIR_SIM_CAPTURE_FRAMES_PCAP_H
#define RESERVOIR_SIM_CAPTURE_FRAMES_PCAP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/capture/frames.h"

enum { FRAMES_ERROR_MAX = 300 };

/* Why something did not succeed, for people; in libpcap's own words where it has some. */
struct frames_error {
    char text[FRAMES_ERROR_MAX];
};

/* Is libpcap there? */
bool frames_pcap_is_there(void);

/* A classic file with times in nanoseconds and the link type raw IP. Takes over `file`, also when it answers NULL, with
 * an error. */
struct frame_writer;
struct frame_writer *frame_writer_begin(FILE *file, struct frames_error *error);
void frame_writer_add(struct frame_writer *writer, uint64_t at_ns, const uint8_t *bytes, uint32_t length);
/* False with errno when not everything could be written. */
bool frame_writer_end(struct frame_writer *writer);

/* Adds the frames of a file (pcap or pcapng) to the list. False with an error; what was read of it until then is in the
 * list. */
bool frames_read_file(const char *path, struct frames *frames, struct frames_error *error);

/* Records from an interface from now on. NULL with an error: it is not there, this wants root, its link layer is
 * unknown. */
struct frame_recorder;
struct frame_recorder *frame_recorder_begin(const char *interface, struct frames_error *error);
/* Adds what has come since, having waited at most wait_ms for the first. False with an error. */
bool frame_recorder_take(struct frame_recorder *recorder, unsigned wait_ms, struct frames *frames,
                         struct frames_error *error);
/* The clock by which they are recorded: nanoseconds since 1970. */
uint64_t frame_recorder_now_ns(void);
/* How many frames came too fast to be kept. */
uint64_t frame_recorder_lost(struct frame_recorder *recorder);
void frame_recorder_end(struct frame_recorder *recorder); /* NULL is allowed */

#endif
