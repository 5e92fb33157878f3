#define _DEFAULT_SOURCE /* u_char and the like, which libpcap's header uses */

#include "sim/capture/frames_pcap.h"

#include "sim/late/late_library.h"

#include <assert.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Without a delay each packet takes LENGTH_MAX bytes of the kernel's buffer, however short it is: room for 1000 of
 * them. */
enum { LENGTH_MAX = 65535, KERNEL_BUFFER_BYTES = 64 * 1024 * 1024, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

static const uint64_t NANOSECONDS_PER_SECOND = 1000000000;

/* --- the library -------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define FUNCTIONS(take) \
    take(pcap_activate) take(pcap_close) take(pcap_create) take(pcap_datalink) take(pcap_datalink_val_to_name) \
    take(pcap_dispatch) take(pcap_dump) take(pcap_dump_close) take(pcap_dump_file) take(pcap_dump_flush) \
    take(pcap_dump_fopen) take(pcap_get_selectable_fd) take(pcap_geterr) \
    take(pcap_open_dead_with_tstamp_precision) take(pcap_open_offline_with_tstamp_precision) \
    take(pcap_set_buffer_size) take(pcap_set_immediate_mode) take(pcap_set_snaplen) \
    take(pcap_set_tstamp_precision) take(pcap_setnonblock) take(pcap_stats) take(pcap_statustostr)
/* clang-format on */

static struct { FUNCTIONS(LATE_MEMBER) } library;

/* Debian's name, and everyone else's. */
static const char *const library_names[] = { "libpcap.so.0.8", "libpcap.so.1", NULL };
static const char *const function_names[] = { FUNCTIONS(LATE_NAME) };

static bool load(void) {
    return late_library_load(library_names, function_names, sizeof function_names / sizeof function_names[0], &library);
}

/* As load(), with an error. */
static bool need_library(struct frames_error *error) {
    if (load()) return true;
    snprintf(error->text, sizeof error->text, "libpcap is not installed here (Debian's package libpcap0.8)");
    return false;
}

bool frames_pcap_is_there(void) { return load(); }

/* --- link layers -------------------------------------------------------------------------------------------------- */

/* Where the packet begins in a frame, and where the type of what it carries stands; type_at < 0: always IP. */
struct link_layer {
    int type;
    uint32_t header_bytes;
    int type_at;
};

static const struct link_layer *link_layer_of(int type) {
    static const struct link_layer layers[] = {
        { DLT_RAW, 0, -1 },  { DLT_IPV4, 0, -1 },    { DLT_IPV6, 0, -1 },       { DLT_NULL, 4, -1 },
        { DLT_LOOP, 4, -1 }, { DLT_EN10MB, 14, 12 }, { DLT_LINUX_SLL, 16, 14 }, { DLT_LINUX_SLL2, 20, 0 },
    };
    for (unsigned i = 0; i < sizeof layers / sizeof layers[0]; i++)
        if (layers[i].type == type) return &layers[i];
    return NULL;
}

static const char *link_name(int type) {
    const char *name = library.pcap_datalink_val_to_name(type);
    return name == NULL ? "of an unknown kind" : name;
}

/* What goes along while libpcap hands on frames. */
struct taking {
    const struct link_layer *layer;
    struct frames *frames;
};

static void take(uint8_t *self, const struct pcap_pkthdr *header, const uint8_t *bytes) {
    const struct taking *taking = (const struct taking *)(void *)self;
    const struct link_layer *layer = taking->layer;
    if (header->caplen <= layer->header_bytes) return;
    unsigned carries = layer->type_at < 0 ? 0 : (unsigned)(bytes[layer->type_at] << 8 | bytes[layer->type_at + 1]);
    if (layer->type_at >= 0 && carries != ETHERTYPE_IPV4 && carries != ETHERTYPE_IPV6) return;
    uint64_t at_ns =
        (uint64_t)header->ts.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)header->ts.tv_usec; /* nanoseconds there */
    frames_add(taking->frames, at_ns, bytes + layer->header_bytes, header->caplen - layer->header_bytes);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

struct frame_writer {
    pcap_t *pcap;
    pcap_dumper_t *dumper;
};

struct frame_writer *frame_writer_begin(FILE *file, struct frames_error *error) {
    if (!need_library(error)) {
        fclose(file);
        return NULL;
    }
    struct frame_writer *writer = calloc(1, sizeof *writer);
    pcap_t *pcap = library.pcap_open_dead_with_tstamp_precision(DLT_RAW, LENGTH_MAX, PCAP_TSTAMP_PRECISION_NANO);
    pcap_dumper_t *dumper = writer == NULL || pcap == NULL ? NULL : library.pcap_dump_fopen(pcap, file);
    if (dumper != NULL) {
        *writer = (struct frame_writer){ .pcap = pcap, .dumper = dumper };
        return writer;
    }
    snprintf(error->text, sizeof error->text, "%s", pcap == NULL ? "no memory" : library.pcap_geterr(pcap));
    if (pcap != NULL) library.pcap_close(pcap);
    free(writer);
    fclose(file);
    return NULL;
}

void frame_writer_add(struct frame_writer *writer, uint64_t at_ns, const uint8_t *bytes, uint32_t length) {
    struct pcap_pkthdr header = { .caplen = length, .len = length };
    assert(length <= LENGTH_MAX);
    header.ts.tv_sec = (time_t)(at_ns / NANOSECONDS_PER_SECOND);
    header.ts.tv_usec = (suseconds_t)(at_ns % NANOSECONDS_PER_SECOND);
    library.pcap_dump((uint8_t *)writer->dumper, &header, bytes);
}

bool frame_writer_end(struct frame_writer *writer) {
    bool written = library.pcap_dump_flush(writer->dumper) == 0 && !ferror(library.pcap_dump_file(writer->dumper));
    library.pcap_dump_close(writer->dumper);
    library.pcap_close(writer->pcap);
    free(writer);
    return written;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

bool frames_read_file(const char *path, struct frames *frames, struct frames_error *error) {
    if (!need_library(error)) return false;
    char why[PCAP_ERRBUF_SIZE] = "";
    pcap_t *pcap = library.pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL) {
        snprintf(error->text, sizeof error->text, "%s", why);
        return false;
    }
    struct taking taking = { link_layer_of(library.pcap_datalink(pcap)), frames };
    int result = taking.layer == NULL ? PCAP_ERROR : library.pcap_dispatch(pcap, -1, take, (uint8_t *)(void *)&taking);
    if (taking.layer == NULL)
        snprintf(error->text, sizeof error->text,
                 "its link layer is %s; expected raw IP, Ethernet, loopback or Linux cooked",
                 link_name(library.pcap_datalink(pcap)));
    else if (result < 0)
        snprintf(error->text, sizeof error->text, "after %zu frames: %s", frames->count, library.pcap_geterr(pcap));
    else if (frames->lost) snprintf(error->text, sizeof error->text, "more frames than there is memory for");
    library.pcap_close(pcap);
    return result >= 0 && !frames->lost;
}

/* --- recording ---------------------------------------------------------------------------------------------------- */

struct frame_recorder {
    pcap_t *pcap;
    const struct link_layer *layer;
};

/* Frames are handed on as they come, and nothing waits for them inside libpcap. */
static bool set_up(pcap_t *pcap, struct frames_error *error) {
    char why[PCAP_ERRBUF_SIZE] = "";
    library.pcap_set_snaplen(pcap, LENGTH_MAX);
    library.pcap_set_immediate_mode(pcap, 1);
    library.pcap_set_buffer_size(pcap, KERNEL_BUFFER_BYTES);
    library.pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
    int result = library.pcap_activate(pcap);
    if (result < 0) {
        const char *more = library.pcap_geterr(pcap);
        snprintf(error->text, sizeof error->text, "%s%s%.200s", library.pcap_statustostr(result),
                 more[0] == '\0' ? "" : ": ", more);
        return false;
    }
    if (library.pcap_setnonblock(pcap, 1, why) == 0) return true;
    snprintf(error->text, sizeof error->text, "%s", why);
    return false;
}

struct frame_recorder *frame_recorder_begin(const char *interface, struct frames_error *error) {
    if (!need_library(error)) return NULL;
    char why[PCAP_ERRBUF_SIZE] = "";
    struct frame_recorder *recorder = calloc(1, sizeof *recorder);
    pcap_t *pcap = recorder == NULL ? NULL : library.pcap_create(interface, why);
    if (pcap == NULL) {
        snprintf(error->text, sizeof error->text, "%s", recorder == NULL ? "no memory" : why);
        free(recorder);
        return NULL;
    }
    bool good = set_up(pcap, error);
    const struct link_layer *layer = good ? link_layer_of(library.pcap_datalink(pcap)) : NULL;
    if (layer != NULL) {
        *recorder = (struct frame_recorder){ pcap, layer };
        return recorder;
    }
    if (good)
        snprintf(error->text, sizeof error->text, "its link layer, %s, is not one that is read here",
                 link_name(library.pcap_datalink(pcap)));
    library.pcap_close(pcap);
    free(recorder);
    return NULL;
}

bool frame_recorder_take(struct frame_recorder *recorder, unsigned wait_ms, struct frames *frames,
                         struct frames_error *error) {
    struct pollfd wait = { .fd = library.pcap_get_selectable_fd(recorder->pcap), .events = POLLIN };
    struct taking taking = { recorder->layer, frames };
    if (wait_ms > 0 && wait.fd >= 0) (void)poll(&wait, 1, (int)wait_ms); /* a signal only makes it shorter */
    if (library.pcap_dispatch(recorder->pcap, -1, take, (uint8_t *)(void *)&taking) >= 0) return true;
    snprintf(error->text, sizeof error->text, "%s", library.pcap_geterr(recorder->pcap));
    return false;
}

uint64_t frame_recorder_now_ns(void) {
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)now.tv_nsec;
}

uint64_t frame_recorder_lost(struct frame_recorder *recorder) {
    struct pcap_stat statistics = { 0 };
    return library.pcap_stats(recorder->pcap, &statistics) == 0 ? statistics.ps_drop : 0;
}

void frame_recorder_end(struct frame_recorder *recorder) {
    if (recorder == NULL) return;
    library.pcap_close(recorder->pcap);
    free(recorder);
}
