#include "conformance/packets/packet_watch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/arena.h"
#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/packets/packet_match.h"
#include "conformance/session/step_limit.h"

enum { WAIT_SLICE_MS = 20 };

/* A call among the packets of an instance: it stands before packet number `before`. */
struct watched_call {
    size_t before;
    struct captured_call call; /* its texts are in the arena */
};

struct packet_watch {
    struct frames frames; /* of the instance; of a file all */
    size_t next;          /* where the next line begins to look */
    bool is_file;
    char *read_from; /* a folder with a file for each instance; owned; NULL: there is none, or one file for all */
    struct frame_recorder *recorder;
    struct reason trouble; /* of the recording of this instance; "": none */
    /* What is kept. */
    struct capture *capture; /* one for all instances, or NULL */
    char *path;              /* of it, or of the folder; owned; NULL: nothing is kept */
    bool folder, calls;
    bool begun;          /* an instance has */
    struct arena *arena; /* of the instance, where something is kept; else NULL */
    const char *id;
    struct watched_call *calls_list;
    uint32_t calls_count;
    const char **links; /* names of the instance's links, in the arena */
    uint32_t links_count;
};

struct packet_watch *packet_watch_create(void) {
    struct packet_watch *watch = memory_resize(NULL, 1, sizeof *watch);
    memset(watch, 0, sizeof *watch);
    return watch;
}

void packet_watch_free(struct packet_watch *watch) {
    if (watch == NULL) return;
    if (watch->capture != NULL) capture_end(watch->capture);
    frame_recorder_end(watch->recorder);
    frames_free(&watch->frames);
    arena_free(watch->arena);
    free(watch->path);
    free(watch->read_from);
    free(watch);
}

/* --- where packets come from -------------------------------------------------------------------------------------- */

bool packet_watch_record(struct packet_watch *watch, const char *interface, struct reason *reason) {
    struct frames_error error;
    assert(watch->recorder == NULL && !watch->is_file && watch->path == NULL);
    watch->recorder = frame_recorder_begin(interface, &error);
    if (watch->recorder != NULL) return true;
    reason_set(reason, "interface %.60s cannot be recorded: %.200s", interface, error.text);
    return false;
}

static bool read_file(struct packet_watch *watch, const char *path, struct reason *reason) {
    struct frames_error error;
    if (frames_read_file(path, &watch->frames, &error)) return true;
    reason_set(reason, "%.100s: no capture that can be read: %.200s", path, error.text);
    return false;
}

static bool has_captures(const char *folder) {
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { .count = 0 };
    bool has = folder_find(folder, ".pcapng", &list, trouble) && list.count > 0;
    path_list_free(&list);
    return has;
}

bool packet_watch_read(struct packet_watch *watch, const char *path, struct reason *reason) {
    assert(watch->recorder == NULL && !watch->is_file);
    watch->is_file = true;
    if (path_kind_of(path) != PATH_FOLDER) return read_file(watch, path, reason);
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    watch->read_from = memory_copy_text(path, length);
    if (has_captures(path)) return true;
    reason_set(reason, "%.200s: no file below it ends with .pcapng; expected those that --capture %.200s/ leaves", path,
               watch->read_from);
    return false;
}

/* Of an instance without a packet there is no file. */
static void read_instance(struct packet_watch *watch, const char *id) {
    char path[FOLDER_PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s.pcapng", watch->read_from, id);
    frames_clear(&watch->frames);
    watch->next = 0;
    if (length < 0 || length >= (int)sizeof path)
        reason_set(&watch->trouble, "%.200s: the path is too long", watch->read_from);
    else if (path_kind_of(path) == PATH_FILE) read_file(watch, path, &watch->trouble);
}

/* Takes what has been recorded since; waits for the first packet if need be. */
static bool take_recorded(struct packet_watch *watch, unsigned wait_ms) {
    struct frames_error error;
    if (watch->recorder == NULL) return true;
    if (frame_recorder_take(watch->recorder, wait_ms, &watch->frames, &error)) return true;
    if (watch->trouble.text[0] == '\0')
        reason_set(&watch->trouble, "the recording of packets ended: %.200s", error.text);
    return false;
}

/* Which of the instance's links this is, from 1 on; 0: no name, or nothing is kept. */
static uint32_t number_of_link(struct packet_watch *watch, const char *link) {
    uint32_t number = 0;
    if (link == NULL || watch->arena == NULL) return 0;
    while (number < watch->links_count && strcmp(watch->links[number], link) != 0) number++;
    if (number == watch->links_count) {
        watch->links = arena_append(watch->arena, watch->links, watch->links_count, sizeof *watch->links);
        watch->links[watch->links_count++] = arena_text(watch->arena, link, strlen(link));
    }
    return number + 1;
}

void packet_watch_packet(struct packet_watch *watch, uint64_t now_ns, const char *link, const uint8_t *bytes,
                         uint32_t length) {
    assert(watch->recorder == NULL && !watch->is_file);
    size_t before = watch->frames.count;
    frames_add(&watch->frames, now_ns, bytes, length);
    if (watch->frames.count > before) watch->frames.list[before].link = number_of_link(watch, link);
}

/* --- calls -------------------------------------------------------------------------------------------------------- */

bool packet_watch_has_calls(const struct packet_watch *watch) { return watch->calls; }

static const char *keep_text(struct packet_watch *watch, const char *text) {
    return text == NULL ? NULL : arena_text(watch->arena, text, strlen(text));
}

void packet_watch_call(struct packet_watch *watch, uint64_t now_ns, const struct captured_call *call) {
    assert(watch->calls && watch->arena != NULL);
    take_recorded(watch, 0);
    struct watched_call kept = { .before = watch->frames.count, .call = *call };
    kept.call.at_ns = watch->recorder != NULL ? frame_recorder_now_ns() : now_ns;
    kept.call.scenario = watch->id;
    kept.call.process = keep_text(watch, call->process);
    kept.call.thread = keep_text(watch, call->thread);
    kept.call.call = keep_text(watch, call->call);
    kept.call.answer = keep_text(watch, call->answer);
    watch->calls_list = arena_append(watch->arena, watch->calls_list, watch->calls_count, sizeof kept);
    watch->calls_list[watch->calls_count++] = kept;
}

/* --- what is kept ------------------------------------------------------------------------------------------------- */

static struct capture *create(const struct packet_watch *watch, const char *path, struct reason *reason) {
    struct frames_error error;
    enum capture_clock clock = watch->recorder != NULL ? CAPTURE_WALL_CLOCK : CAPTURE_VIRTUAL_CLOCK;
    FILE *file = file_create(path);
    if (file == NULL) {
        reason_set(reason, "%.200s: cannot be written: %s", path, strerror(errno));
        return NULL;
    }
    struct capture *capture = capture_begin(file, capture_form_of(path), clock, watch->calls, &error);
    if (capture == NULL) reason_set(reason, "%.100s: %.200s", path, error.text);
    return capture;
}

/* Is a capture of this name one that can be written? */
static bool check_form(const char *path, bool calls, struct reason *reason) {
    enum capture_form form = capture_form_of(path);
    if (form == CAPTURE_FORMS_COUNT)
        reason_set(reason,
                   "%.100s: expected a name that ends with .pcap, .pcapng or .txt, or a folder, which ends with /",
                   path);
    else if (form == CAPTURE_PCAP && !frames_pcap_is_there())
        reason_set(reason, "%.100s: there is no libpcap here, so only .pcapng and .txt can be written", path);
    else if (form == CAPTURE_PCAP && calls)
        reason_set(reason, "%.100s: a .pcap file cannot hold calls; expected .pcapng or .txt", path);
    else return true;
    return false;
}

bool packet_watch_keep(struct packet_watch *watch, const char *path, bool calls, struct reason *reason) {
    size_t length = strlen(path);
    assert(watch->path == NULL && length > 0);
    watch->folder = path[length - 1] == '/' || path_kind_of(path) == PATH_FOLDER;
    watch->calls = calls;
    if (!watch->folder && !check_form(path, calls, reason)) return false;
    while (watch->folder && length > 1 && path[length - 1] == '/') length--;
    watch->path = memory_copy_text(path, length);
    if (!watch->folder) watch->capture = create(watch, path, reason);
    return watch->folder || watch->capture != NULL;
}

static void write_calls(const struct packet_watch *watch, struct capture *capture, uint32_t *next, size_t frame) {
    for (; *next < watch->calls_count; (*next)++) {
        const struct watched_call *call = &watch->calls_list[*next];
        bool earlier = frame < watch->frames.count && watch->recorder != NULL &&
                       call->call.at_ns > watch->frames.list[frame].at_ns;
        if (call->before > frame || earlier) return;
        capture_call(capture, &call->call);
    }
}

static void write_instance(const struct packet_watch *watch, struct capture *capture) {
    uint32_t call = 0;
    capture_scenario(capture, watch->id);
    for (size_t i = 0; i < watch->frames.count; i++) {
        write_calls(watch, capture, &call, i);
        const struct frame *frame = &watch->frames.list[i];
        unsigned link = frame->link == 0 ? 0 : capture_link(capture, watch->links[frame->link - 1]);
        capture_packet_on(capture, link, frame->at_ns, frame_bytes(&watch->frames, i), frame->length);
    }
    write_calls(watch, capture, &call, watch->frames.count);
}

static bool close_capture(struct capture *capture, const char *path, struct reason *reason) {
    if (capture_end(capture)) return true;
    reason_set(reason, "%.200s: cannot be written: %s", path, strerror(errno));
    return false;
}

static bool keep_instance(struct packet_watch *watch, struct reason *reason) {
    if (watch->path == NULL) return true;
    if (!watch->folder) {
        write_instance(watch, watch->capture);
        return true;
    }
    char path[FOLDER_PATH_MAX];
    if (watch->frames.count == 0) return true;
    int length = snprintf(path, sizeof path, "%s/%s.pcapng", watch->path, watch->id);
    if (length < 0 || length >= (int)sizeof path) {
        reason_set(reason, "%.200s: the path is too long", watch->path);
        return false;
    }
    struct capture *capture = create(watch, path, reason);
    if (capture == NULL) return false;
    write_instance(watch, capture);
    return close_capture(capture, path, reason);
}

bool packet_watch_finish(struct packet_watch *watch, struct reason *reason) {
    struct capture *capture = watch->capture;
    watch->capture = NULL;
    if (watch->recorder != NULL && frame_recorder_lost(watch->recorder) > 0) {
        reason_set(reason, "%lu packets came too fast to be recorded",
                   (unsigned long)frame_recorder_lost(watch->recorder));
        if (capture != NULL) capture_end(capture);
        return false;
    }
    return capture == NULL || close_capture(capture, watch->path, reason);
}

/* --- instances ---------------------------------------------------------------------------------------------------- */

void packet_watch_begin(struct packet_watch *watch, const char *id) {
    assert(!watch->begun && watch->arena == NULL);
    watch->begun = true;
    if (watch->path != NULL) watch->arena = arena_create();
    watch->id = watch->path == NULL ? NULL : arena_text(watch->arena, id, strlen(id));
    watch->calls_list = NULL;
    watch->links = NULL;
    watch->calls_count = watch->links_count = 0;
    watch->trouble.text[0] = '\0';
    if (watch->read_from != NULL) read_instance(watch, id);
    if (watch->is_file) return;
    take_recorded(watch, 0); /* what came before is of no instance */
    frames_clear(&watch->frames);
    watch->next = 0;
}

bool packet_watch_end(struct packet_watch *watch, struct reason *reason) {
    if (!watch->begun) return true;
    watch->begun = false;
    take_recorded(watch, 0);
    if (watch->frames.lost) reason_set(&watch->trouble, "more packets than there is memory for");
    bool good = watch->trouble.text[0] == '\0';
    if (!good) *reason = watch->trouble;
    good = good && (watch->is_file || keep_instance(watch, reason));
    arena_free(watch->arena);
    watch->arena = NULL;
    return good;
}

/* --- expect packet ------------------------------------------------------------------------------------------------ */

enum { NO_FRAME = -1 };

/* `other`: the first that crossed between these ends and is not meant, or NO_FRAME. */
static bool find(struct packet_watch *watch, const struct packet_sought *sought, size_t *from, struct observation *seen,
                 long *other) {
    for (; *from < watch->frames.count; (*from)++) {
        enum packet_fit fit =
            packet_fits(sought, frame_bytes(&watch->frames, *from), watch->frames.list[*from].length, seen);
        if (fit == PACKET_OTHER && *other == NO_FRAME) *other = (long)*from;
        if (fit == PACKET_OTHER && sought->pattern->next) return false;
        if (fit != PACKET_FITS) continue;
        watch->next = *from + 1;
        return true;
    }
    return false;
}

/* A line that allows none has not to wait as long. */
static unsigned limit_of(const struct step *step) {
    for (uint32_t i = 0; i < step->outcomes_count; i++)
        if (step->outcomes[i].word == OUTCOME_NONE) return LIMIT_BLOCKS_MS;
    return LIMIT_RETURN_MS;
}

/* What there was in its place. */
static void say_what_came(const struct packet_watch *watch, long other, struct reason *reason) {
    char text[FRAME_TEXT_MAX];
    if (other == NO_FRAME) {
        reason_set(reason, "no packet has crossed between these ends since the last that a line found");
        return;
    }
    frame_text(frame_bytes(&watch->frames, (size_t)other), watch->frames.list[other].length, text);
    reason_set(reason, "what crossed between these ends is %.200s", text);
}

enum step_result packet_watch_expect(struct packet_watch *watch, const struct session *session,
                                     const struct scenario *scenario, const struct step *step, struct observation *seen,
                                     struct reason *reason) {
    struct packet_sought sought = { .pattern = step->packet };
    int needed = NO_NAME;
    size_t from = watch->next;
    long other = NO_FRAME;
    assert(step->kind == STEP_EXPECT);
    if (!packet_values_of(session, scenario, step->packet, &sought.values, &needed)) {
        reason_set(reason, "%s", needed < 0 ? "a live value that nothing explains" : scenario->names[needed].text);
        return STEP_NEEDS;
    }
    unsigned left_ms = watch->recorder == NULL ? 0 : limit_of(step);
    bool good = take_recorded(watch, 0) && watch->trouble.text[0] == '\0',
         found = find(watch, &sought, &from, seen, &other);
    for (; good && !found && left_ms > 0; left_ms -= WAIT_SLICE_MS) {
        good = take_recorded(watch, WAIT_SLICE_MS);
        found = find(watch, &sought, &from, seen, &other);
    }
    if (!good && !found) {
        *reason = watch->trouble;
        return STEP_BROKEN;
    }
    if (found) return STEP_SEEN;
    memset(seen, 0, sizeof *seen);
    seen->word = OUTCOME_NONE;
    say_what_came(watch, other, reason);
    return STEP_SEEN;
}
