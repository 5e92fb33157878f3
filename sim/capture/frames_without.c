/* A build without libpcap. */
#include <assert.h>

#include "sim/capture/frames_pcap.h"

static void refuse(struct frames_error *error) {
    snprintf(error->text, sizeof error->text, "this build has no libpcap");
}

bool frames_pcap_is_there(void) { return false; }

struct frame_writer *frame_writer_begin(FILE *file, struct frames_error *error) {
    fclose(file);
    refuse(error);
    return NULL;
}

void frame_writer_add(struct frame_writer *writer, uint64_t at_ns, const uint8_t *bytes, uint32_t length) {
    (void)writer, (void)at_ns, (void)bytes, (void)length;
    assert(!"there is no writer");
}

bool frame_writer_end(struct frame_writer *writer) {
    (void)writer;
    assert(!"there is no writer");
    return false;
}

bool frames_read_file(const char *path, struct frames *frames, struct frames_error *error) {
    (void)path, (void)frames;
    refuse(error);
    return false;
}

struct frame_recorder *frame_recorder_begin(const char *interface, struct frames_error *error) {
    (void)interface;
    refuse(error);
    return NULL;
}

bool frame_recorder_take(struct frame_recorder *recorder, unsigned wait_ms, struct frames *frames,
                         struct frames_error *error) {
    (void)recorder, (void)wait_ms, (void)frames;
    refuse(error);
    return false;
}

uint64_t frame_recorder_now_ns(void) { return 0; }

uint64_t frame_recorder_lost(struct frame_recorder *recorder) {
    (void)recorder;
    return 0;
}

void frame_recorder_end(struct frame_recorder *recorder) {
    (void)recorder;
    assert(recorder == NULL);
}
