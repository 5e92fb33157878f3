#include "conformance/player/trace_file.h"

#include <assert.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/number.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"

static const char not_sent[] = "# not sent: needs ";
static const char ended_unsupported[] = "# unsupported: ";
static const char ended_not_modelled[] = "# not modelled: "; /* the reason begins with these words */
static const char comment_start[] = "# ";
static const char ended_broken[] = "# broken: ";
static const char ended_restart[] = "# restart: ";

/* --- facts ---------------------------------------------------------------------------------------------------- */

void fact_list_add(struct fact_list *list, const char *key, const char *value) {
    assert(list != NULL);
    assert(key != NULL && value != NULL);
    if (list->count == FACTS_MAX) return;
    if (list->arena == NULL) list->arena = arena_create();
    list->facts[list->count++] = (struct key_value){ .key = arena_text(list->arena, key, strlen(key)),
                                                     .value = arena_text(list->arena, value, strlen(value)) };
}

void fact_list_copy(struct fact_list *list, const struct fact_list *source) {
    assert(source != NULL && list != source);
    for (uint32_t i = 0; i < source->count; i++) fact_list_add(list, source->facts[i].key, source->facts[i].value);
}

const char *fact_list_value(const struct fact_list *list, const char *key) {
    assert(list != NULL && key != NULL);
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->facts[i].key, key) == 0) return list->facts[i].value;
    }
    return NULL;
}

void fact_list_free(struct fact_list *list) {
    assert(list != NULL);
    arena_free(list->arena);
    *list = (struct fact_list){ .count = 0 };
}

/* --- writing -------------------------------------------------------------------------------------------------- */

bool trace_path(const char *folder, const char *id, char *path) {
    assert(folder != NULL && id != NULL && path != NULL);
    int length = snprintf(path, FOLDER_PATH_MAX, "%s/%s.trace", folder, id);
    return length > 0 && length < FOLDER_PATH_MAX;
}

/* Adds to the text, and to the file at once. */
static void write_out(struct trace *trace, const char *bytes, size_t length) {
    assert(bytes != NULL);
    text_add_bytes(&trace->text, bytes, length);
    if (trace->file == NULL) return;
    if (fwrite(bytes, 1, length, trace->file) != length || fflush(trace->file) != 0) trace->failed = true;
}

/* The instance as a trace without its steps. */
static void print_head(const struct scenario *instance, const struct fact_list *facts, const uint16_t *ports_first,
                       struct text *out) {
    struct scenario head = *instance;
    struct ports_line lines[PORTS_MAX];
    char live[PORTS_MAX][96];
    struct key_value copies[FACTS_MAX];
    assert(instance->ports_count <= PORTS_MAX);
    for (uint32_t i = 0; i < instance->ports_count; i++) {
        lines[i] = instance->ports[i];
        snprintf(live[i], sizeof live[i], "%.80s=%u", instance->names[lines[i].name].text, (unsigned)ports_first[i]);
        lines[i].live = live[i];
    }
    memcpy(copies, facts->facts, sizeof copies);
    head.is_trace = true;
    head.facts = copies;
    head.facts_count = facts->count;
    head.ports = lines;
    head.steps_count = 0;
    head.trailing_comments_count = 0;
    scenario_print(&head, out);
    if (instance->steps_count > 0) text_add(out, "\n");
}

bool trace_begin(struct trace *trace, const char *path, const struct scenario *instance, const struct fact_list *facts,
                 const uint16_t *ports_first) {
    assert(trace != NULL && trace->file == NULL);
    assert(instance->dimensions_count == 0);
    if (path != NULL) {
        trace->file = file_create(path);
        if (trace->file == NULL) return false;
    }
    struct text head = { 0 };
    print_head(instance, facts, ports_first, &head);
    write_out(trace, head.bytes, head.length);
    text_free(&head);
    return true;
}

void trace_step(struct trace *trace, const struct scenario *instance, const struct step *step,
                const struct step *together, enum step_result result, const char *line, const char *detail) {
    struct text lines = { 0 }, out = { 0 };
    assert(trace != NULL && step != NULL);
    assert(result != STEP_SEEN || line != NULL);
    if (result == STEP_UNSUPPORTED || result == STEP_BROKEN || result == STEP_NOT_MODELLED) {
        trace_ended_early(trace, result, detail);
        return;
    }
    if (result == STEP_SEEN) text_add(&lines, "%s", line);
    else step_print_call(instance, step, &lines);
    if (result == STEP_NEEDS) text_add(&lines, "%s  %s%s", step_has_answer(step) ? " -> ..." : "", not_sent, detail);
    if (result == STEP_RESTART) text_add(&lines, "\n%s%s", ended_restart, detail); /* both in one write */
    if (together != NULL && step == together->children) text_add(&out, "together\n");
    text_add_indented(&out, together == NULL ? "" : "  ", lines.bytes);
    write_out(trace, out.bytes, out.length);
    text_free(&lines);
    text_free(&out);
}

void trace_ended_early(struct trace *trace, enum step_result result, const char *reason) {
    struct text out = { 0 };
    assert(result == STEP_UNSUPPORTED || result == STEP_BROKEN || result == STEP_NOT_MODELLED);
    assert(reason != NULL);
    const char *ended = result == STEP_BROKEN        ? ended_broken
                        : result == STEP_UNSUPPORTED ? ended_unsupported
                                                     : comment_start;
    text_add(&out, "%s%s\n", ended, reason);
    for (size_t i = 0; i + 1 < out.length; i++) {
        if ((unsigned char)out.bytes[i] < 0x20) out.bytes[i] = ' ';
    }
    write_out(trace, out.bytes, out.length);
    text_free(&out);
}

bool trace_end(struct trace *trace) {
    assert(trace != NULL);
    if (trace->file != NULL && fclose(trace->file) != 0) trace->failed = true;
    trace->file = NULL;
    return !trace->failed;
}

void trace_free(struct trace *trace) {
    assert(trace != NULL);
    if (trace->file != NULL) trace_end(trace);
    text_free(&trace->text);
    *trace = (struct trace){ .file = NULL };
}

/* --- reading -------------------------------------------------------------------------------------------------- */

bool live_port(const char *live, uint16_t *port) {
    assert(live != NULL && port != NULL);
    const char *equals = strchr(live, '=');
    uint64_t number = 0;
    bool is_port =
        equals != NULL && number_take(equals + 1, strlen(equals + 1), &number) > 0 && number > 0 && number <= 65535;
    if (is_port) *port = (uint16_t)number;
    return is_port;
}

bool trace_ports(const struct scenario *trace, uint16_t *ports_first) {
    assert(trace != NULL && ports_first != NULL);
    assert(trace->ports_count <= PORTS_MAX);
    for (uint32_t i = 0; i < trace->ports_count; i++) {
        if (trace->ports[i].live == NULL || !live_port(trace->ports[i].live, &ports_first[i])) return false;
    }
    return true;
}

bool trace_same_call(const struct scenario *instance, const struct step *step, const struct scenario *trace,
                     const struct step *answered) {
    assert(step != NULL && answered != NULL);
    struct text one = { 0 }, other = { 0 };
    step_print_call(instance, step, &one);
    step_print_call(trace, answered, &other);
    bool same = one.length == other.length && memcmp(one.bytes, other.bytes, one.length) == 0;
    text_free(&one);
    text_free(&other);
    return same;
}

enum step_result trace_step_result(const struct step *step, const char **needed) {
    assert(step != NULL && needed != NULL);
    assert(step->kind != STEP_TOGETHER);
    *needed = "an earlier step";
    bool not_played = step->comment != NULL && strncmp(step->comment, not_sent, sizeof not_sent - 1) == 0;
    if (not_played) *needed = step->comment + sizeof not_sent - 1;
    if (!step_has_answer(step)) return not_played ? STEP_NEEDS : STEP_DONE;
    const struct outcome *answer = step->outcomes_count == 1 ? &step->outcomes[0] : NULL;
    bool open = answer != NULL && answer->word == OUTCOME_ANY && answer->predicates_count == 0;
    return not_played && open ? STEP_NEEDS : STEP_SEEN; /* what was answered counts, whatever a comment says */
}

/* What stands after `start` in a comment, or NULL. */
static const char *comment_behind(const char *comment, const char *start) {
    size_t length = strlen(start);
    return strncmp(comment, start, length) == 0 ? comment + length : NULL;
}

enum step_result trace_ending(const struct scenario *trace, const char **reason) {
    static const struct {
        const char *start;
        enum step_result result;
    } endings[] = {
        { ended_unsupported, STEP_UNSUPPORTED },
        { ended_not_modelled, STEP_NOT_MODELLED },
        { ended_broken, STEP_BROKEN },
        { ended_restart, STEP_RESTART },
    };
    enum step_result ending = STEP_DONE;
    assert(trace != NULL && reason != NULL);
    bool rebooted = trace->steps_count > 0 && trace->steps[trace->steps_count - 1].kind == STEP_REBOOT;
    for (uint32_t i = 0; i < trace->trailing_comments_count; i++) {
        for (unsigned j = 0; j < sizeof endings / sizeof endings[0]; j++) {
            const char *rest = comment_behind(trace->trailing_comments[i], endings[j].start);
            if (rest == NULL || (endings[j].result == STEP_RESTART && !rebooted)) continue;
            ending = endings[j].result;
            *reason = ending == STEP_NOT_MODELLED ? trace->trailing_comments[i] + strlen(comment_start) : rest;
        }
    }
    return ending;
}
