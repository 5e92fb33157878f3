#define _DEFAULT_SOURCE /* u_char and the like, which libpcap's header uses */

#include "sim/capture/frames_pcap.h"

#include "sim/capture/capture_shape.h"
#include "sim/late/late_library.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdarg.h>
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

static unsigned version_of(const struct link_layer *layer, const uint8_t *bytes) {
    if (layer->type == DLT_IPV4) return 4;
    if (layer->type == DLT_IPV6) return 6;
    if (layer->type_at < 0) return FRAME_VERSION_ANY;
    unsigned carries = (unsigned)(bytes[layer->type_at] << 8 | bytes[layer->type_at + 1]);
    return carries == ETHERTYPE_IPV4 ? 4 : carries == ETHERTYPE_IPV6 ? 6 : FRAME_VERSION_NONE;
}

/* What goes along while libpcap hands on frames. */
struct taking {
    const struct link_layer *layer;
    struct frames *frames;
    struct frames_error *error; /* of a file: the first frame that cannot have been seen so; NULL: none is looked at */
    uint64_t count;             /* of frames, whatever they carry */
    uint64_t latest_ns;
};

static uint64_t time_of(const struct pcap_pkthdr *header) {
    return (uint64_t)header->ts.tv_sec * NANOSECONDS_PER_SECOND + (uint64_t)header->ts.tv_usec; /* nanoseconds there */
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
doubt(struct taking *taking, const char *format, ...) {
    char *text = taking->error->text;
    va_list arguments;
    if (text[0] != '\0') return false; /* the first one says it */
    int used = snprintf(text, FRAMES_ERROR_MAX, "frame %" PRIu64 ": ", taking->count);
    assert(used > 0 && used < FRAMES_ERROR_MAX);
    va_start(arguments, format);
    vsnprintf(text + used, (size_t)(FRAMES_ERROR_MAX - used), format, arguments);
    va_end(arguments);
    return false;
}

/* Frames of several processors are not always written in their order, but nearly. */
static bool look_at_time(struct taking *taking, const struct pcap_pkthdr *header) {
    if (header->ts.tv_sec < 0 || header->ts.tv_usec < 0 || (uint64_t)header->ts.tv_usec >= NANOSECONDS_PER_SECOND)
        return doubt(taking, "its time is none");
    if (time_of(header) + NANOSECONDS_PER_SECOND < taking->latest_ns)
        return doubt(taking, "it is more than a second earlier than one before it");
    if (time_of(header) > taking->latest_ns) taking->latest_ns = time_of(header);
    return true;
}

/* Can this frame of a file have been seen so on a link? */
static bool look_at(struct taking *taking, const struct pcap_pkthdr *header, const uint8_t *bytes) {
    const struct link_layer *layer = taking->layer;
    if (!look_at_time(taking, header)) return false;
    if (header->caplen != header->len)
        return doubt(taking, "%lu of its %lu bytes are there; expected whole packets (tcpdump -s 0)",
                     (unsigned long)header->caplen, (unsigned long)header->len);
    if (header->caplen < layer->header_bytes) return doubt(taking, "it is shorter than the header of its link layer");
    const char *why =
        frame_doubt(bytes + layer->header_bytes, header->caplen - layer->header_bytes, version_of(layer, bytes));
    return why == NULL || doubt(taking, "%s", why);
}

static void take(uint8_t *self, const struct pcap_pkthdr *header, const uint8_t *bytes) {
    struct taking *taking = (struct taking *)(void *)self;
    const struct link_layer *layer = taking->layer;
    taking->count++;
    if (taking->error != NULL && !look_at(taking, header, bytes)) return;
    if (header->caplen <= layer->header_bytes || version_of(layer, bytes) == FRAME_VERSION_NONE) return;
    frames_add(taking->frames, time_of(header), bytes + layer->header_bytes, header->caplen - layer->header_bytes);
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

/* A file that is not there, and what is none of either format, libpcap says. */
static bool is_built_as_it_says(const char *path, struct frames_error *error) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return true;
    bool built = capture_shape_check(file, error);
    fclose(file);
    return built;
}

bool frames_read_file(const char *path, struct frames *frames, struct frames_error *error) {
    if (!need_library(error) || !is_built_as_it_says(path, error)) return false;
    char why[PCAP_ERRBUF_SIZE] = "";
    size_t before = frames->count;
    error->text[0] = '\0';
    pcap_t *pcap = library.pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap == NULL) {
        snprintf(error->text, sizeof error->text, "%s", why);
        return false;
    }
    struct taking taking = { link_layer_of(library.pcap_datalink(pcap)), frames, error, 0, 0 };
    int result = taking.layer == NULL ? PCAP_ERROR : library.pcap_dispatch(pcap, -1, take, (uint8_t *)(void *)&taking);
    if (taking.layer == NULL)
        snprintf(error->text, sizeof error->text,
                 "its link layer is %s; expected raw IP, Ethernet, loopback or Linux cooked",
                 link_name(library.pcap_datalink(pcap)));
    else if (result < 0)
        snprintf(error->text, sizeof error->text, "after %zu frames: %s", frames->count, library.pcap_geterr(pcap));
    else if (frames->lost) snprintf(error->text, sizeof error->text, "more frames than there is memory for");
    else if (error->text[0] == '\0' && taking.count > 0 && frames->count == before)
        snprintf(error->text, sizeof error->text, "none of its %" PRIu64 " frames carries IP", taking.count);
    library.pcap_close(pcap);
    return error->text[0] == '\0';
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
    struct taking taking = { recorder->layer, frames, NULL, 0, 0 };
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
