#include "reports/formats/markdown.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "reports/formats/deviation_text.h"
#include "reports/formats/markdown_text.h"

static void add_label(const struct report *report, unsigned subject, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    markdown_add_prose(report_label(report, subject, label), out);
}

/* Of one step; the other reports show all. */
enum { ALLOWED_SHOWN_MAX = 6 };

/* --- headline and table ------------------------------------------------------------------------------------------- */

static void add_headline_count(unsigned count, const char *one, const char *many, bool *any, struct text *out) {
    if (count == 0) return;
    text_add(out, "%s%u %s", *any ? ", " : "", count, count == 1 ? one : many);
    *any = true;
}

static void add_headline(const struct report *report, struct text *out) {
    static const char *const marks[] = { "✅", "❌", "💥" };
    struct run_counts counts;
    bool any = false;
    assert(report->status >= 0 && report->status <= 2);
    run_record_count(report->record, SUBJECTS_MAX, &counts);
    text_add(out, "## %s Reservoir: ", marks[report->status]);
    add_headline_count(counts.verdicts[VERDICT_HARNESS_BROKEN], "run broken", "runs broken", &any, out);
    add_headline_count(report->files_broken, "scenario file unusable", "scenario files unusable", &any, out);
    add_headline_count(counts.verdicts[VERDICT_DEVIATE_NEW], "run with a new deviation", "runs with new deviations",
                       &any, out);
    add_headline_count(counts.verdicts[VERDICT_UNSEEN_NEW], "run no longer seen", "runs no longer seen", &any, out);
    add_headline_count(counts.verdicts[VERDICT_CONFORM_UNEXPECTED], "stale record", "stale records", &any, out);
    add_headline_count(counts.verdicts[VERDICT_FLAKY], "flaky run", "flaky runs", &any, out);
    for (unsigned i = 0; i < VERDICT_UNSEEN_NEW; i++) {
        bool asked = report->fail_on >> i & 1;
        if (asked)
            add_headline_count(counts.verdicts[i], verdict_name((enum verdict)i), verdict_name((enum verdict)i), &any,
                               out);
    }
    if (!any)
        text_add(out, "%s", report->status == 0 ? "nothing new" : counts.instances == 0 ? "nothing was run" : "failed");
    text_add(out, "\n\n");
}

/* A verdict that no instance has gets no column. */
static bool has_column(const struct run_counts *all, unsigned verdict) {
    return verdict == VERDICT_CONFORM || all->verdicts[verdict] > 0;
}

static void add_table_row(const struct report *report, unsigned subject, const struct run_counts *all,
                          struct text *out) {
    struct run_counts counts;
    run_record_count(report->record, subject, &counts);
    text_add(out, "| ");
    add_label(report, subject, out);
    text_add(out, " | %u |", counts.instances);
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (has_column(all, i)) text_add(out, " %u |", counts.verdicts[i]);
    }
    text_add(out, " %u of %u |\n", counts.steps_sent, counts.steps);
}

static void add_table(const struct report *report, struct text *out) {
    struct run_counts all;
    run_record_count(report->record, SUBJECTS_MAX, &all);
    text_add(out, "| subject | runs |");
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (has_column(&all, i)) text_add(out, " %s |", verdict_name((enum verdict)i));
    }
    text_add(out, " steps sent |\n|---|--:|");
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (has_column(&all, i)) text_add(out, "--:|");
    }
    text_add(out, "--:|\n");
    for (unsigned i = 0; i < report->record->subjects_count; i++) add_table_row(report, i, &all, out);
}

/* --- what is new -------------------------------------------------------------------------------------------------- */

/* A step and where it stands. */
struct place {
    const struct instance_record *instance;
    const struct step_record *step;
};

/* The same line of the same scenario on the same subject answered the same: reported once for all its instances. */
static bool same_place(const struct place *one, const struct place *other) {
    return one->instance->subject == other->instance->subject &&
           strcmp(one->instance->path, other->instance->path) == 0 &&
           one->step->step->position.line == other->step->step->position.line &&
           one->step->verdict == other->step->verdict && deviations_teach_the_same(one->step, other->step);
}

/* All steps with a verdict, in order. The caller frees it. */
static struct place *places_with(const struct report *report, enum verdict verdict, size_t *count) {
    struct place *places = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < report->record->count; i++) {
        const struct instance_record *instance = report->record->instances[i];
        for (unsigned j = 0; j < instance->steps_count; j++) {
            const struct step_record *step = &instance->steps[j];
            if (step->verdict != verdict || step->outcome == NULL) continue;
            places = memory_grow(places, *count, &capacity, sizeof *places);
            places[(*count)++] = (struct place){ instance, step };
        }
    }
    return places;
}

/* The suffixes of all instances in which the same was seen. */
static void add_suffixes(const struct place *places, size_t count, size_t first, struct text *out) {
    for (size_t i = first; i < count; i++) {
        const char *suffix = places[i].instance->id + strlen(places[i].instance->scenario);
        if (!same_place(&places[first], &places[i]) || suffix[0] == '\0') continue;
        text_add(out, " ");
        markdown_add_code(suffix, false, out);
    }
}

/* Answers are code; as prose, @Q38 would call a person of that name. `label` is the label of the row or of the one
 * above. */
static void add_lesson_row(const struct deviation_row *row, const char *label, struct text *out) {
    bool answer = strcmp(label, "observed") == 0 || (strcmp(label, "allowed") == 0 && row->text[0] != '(');
    text_add(out, "  - %s%s ", label, strcmp(label, "went on") == 0 ? "" : ":");
    if (answer) markdown_add_code(row->text, false, out);
    else markdown_add_prose(row->text, out);
    if (row->source[0] != '\0') {
        text_add(out, ", by ");
        markdown_add_code(row->source, false, out);
    }
    text_add(out, "\n");
}

static void add_place(const struct report *report, const struct place *places, size_t count, size_t index,
                      struct text *out) {
    const struct place *place = &places[index];
    text_add(out, "- **");
    markdown_add_prose(place->instance->scenario, out);
    text_add(out, "** on ");
    add_label(report, place->instance->subject, out);
    add_suffixes(places, count, index, out);
    text_add(out, "\n  - ");
    markdown_add_prose(place->instance->path, out);
    text_add(out, ", line %u: ", (unsigned)place->step->step->position.line);
    markdown_add_code(place->step->call, false, out);
    text_add(out, "\n");
    struct deviation_rows rows;
    deviation_rows_fill(report->record, place->instance, place->step, ALLOWED_SHOWN_MAX, &rows);
    const char *label = "";
    for (unsigned i = 0; i < rows.count; i++) {
        if (rows.rows[i].label[0] != '\0') label = rows.rows[i].label;
        add_lesson_row(&rows.rows[i], label, out);
    }
}

static bool shown_before(const struct place *places, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (same_place(&places[i], &places[index])) return true;
    return false;
}

static void add_rest(unsigned entries, struct text *out) {
    if (entries <= MARKDOWN_ENTRIES_MAX) return;
    unsigned more = entries - MARKDOWN_ENTRIES_MAX;
    text_add(out, "- and %u more; the JSON report has them all\n", more);
}

static void add_new(const struct report *report, struct text *out) {
    size_t count = 0;
    unsigned entries = 0;
    struct place *places = places_with(report, VERDICT_DEVIATE_NEW, &count);
    if (count > 0) text_add(out, "\n### New deviations\n\n");
    for (size_t i = 0; i < count; i++) {
        if (shown_before(places, i)) continue;
        if (++entries <= MARKDOWN_ENTRIES_MAX) add_place(report, places, count, i, out);
    }
    add_rest(entries, out);
    free(places);
}

/* --- instances by verdict ----------------------------------------------------------------------------------------- */

static void add_instances(const struct report *report, enum verdict verdict, struct text *out) {
    unsigned entries = 0;
    for (size_t i = 0; i < report->record->count; i++) {
        const struct instance_record *instance = report->record->instances[i];
        struct text why = { 0 };
        if (instance->verdict != verdict || ++entries > MARKDOWN_ENTRIES_MAX) continue;
        report_add_why(instance, &why);
        text_add(out, "- **");
        markdown_add_prose(instance->id, out);
        text_add(out, "** on ");
        add_label(report, instance->subject, out);
        text_add(out, ": ");
        markdown_add_prose(why.bytes, out);
        text_add(out, "\n");
        text_free(&why);
    }
    add_rest(entries, out);
}

static unsigned instances_with(const struct report *report, enum verdict verdict) {
    struct run_counts counts;
    run_record_count(report->record, SUBJECTS_MAX, &counts);
    return counts.verdicts[verdict];
}

static void add_section(const struct report *report, enum verdict verdict, const char *title, struct text *out) {
    if (instances_with(report, verdict) == 0) return;
    text_add(out, "\n### %s\n\n", title);
    add_instances(report, verdict, out);
}

/* HTML blocks need an empty line before Markdown is Markdown again. */
static void begin_folded(struct text *out) { text_add(out, "\n<details>\n<summary>"); }
static void begin_folded_body(struct text *out) { text_add(out, "</summary>\n\n"); }
static void end_folded(struct text *out) { text_add(out, "\n</details>\n"); }

static void add_folded(const struct report *report, enum verdict verdict, const char *what, struct text *out) {
    unsigned count = instances_with(report, verdict);
    if (count == 0) return;
    begin_folded(out);
    text_add(out, "%u run%s %s", count, plural(count), what);
    begin_folded_body(out);
    add_instances(report, verdict, out);
    end_folded(out);
}

/* --- what is known ------------------------------------------------------------------------------------------------ */

static void add_rule(const struct report *report, const struct place *places, size_t count, size_t index,
                     struct text *out) {
    const struct deviation_rule *rule = places[index].step->rule;
    unsigned steps = 0;
    for (size_t i = index; i < count; i++) steps += places[i].step->rule == rule;
    text_add(out, "| ");
    add_label(report, places[index].instance->subject, out);
    text_add(out, " | ");
    markdown_add_prose(rule->name, out);
    text_add(out, "%s | %u | ", rule->reviewed ? "" : " (unreviewed)", steps);
    markdown_add_code(places[index].step->call, true, out);
    text_add(out, " → ");
    markdown_add_code(places[index].step->outcome, true, out);
    text_add(out, " | ");
    markdown_add_prose(rule->reason, out);
    text_add(out, " |\n");
}

static bool rule_shown_before(const struct place *places, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (places[i].step->rule == places[index].step->rule) return true;
    return false;
}

static void add_known(const struct report *report, struct text *out) {
    size_t count = 0;
    unsigned rules = 0, unreviewed = 0;
    struct place *places = places_with(report, VERDICT_DEVIATE_KNOWN, &count);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (places[i].step->rule != NULL) places[kept++] = places[i];
    for (size_t i = 0; i < kept; i++) {
        unreviewed += !places[i].step->rule->reviewed;
        rules += !rule_shown_before(places, i);
    }
    if (kept > 0) {
        begin_folded(out);
        text_add(out, "%u step%s deviate%s as recorded, by %u rule%s", (unsigned)kept, plural((unsigned)kept),
                 kept == 1 ? "s" : "", rules, plural(rules));
        if (unreviewed > 0) text_add(out, "; %u of them by rules that were not reviewed", unreviewed);
        begin_folded_body(out);
        text_add(out, "| subject | rule | steps | for example | reason |\n|---|---|--:|---|---|\n");
        for (size_t i = 0; i < kept; i++)
            if (!rule_shown_before(places, i)) add_rule(report, places, kept, i, out);
        end_folded(out);
    }
    free(places);
}

/* --- what is not implemented -------------------------------------------------------------------------------------- */

/* Calls to one thing that a subject refused. The name is a step's. */
struct refusal {
    const char *name;
    unsigned calls;
};

static struct refusal *refusals_of(const struct report *report, unsigned subject, size_t *count) {
    struct refusal *refusals = NULL;
    size_t capacity = 0, at = 0;
    *count = 0;
    for (size_t i = 0; i < report->record->count; i++) {
        const struct instance_record *instance = report->record->instances[i];
        for (unsigned j = 0; instance->subject == subject && j < instance->steps_count; j++) {
            if (!instance->steps[j].not_implemented) continue;
            const char *name = step_subject_matter(instance->steps[j].step);
            for (at = 0; at < *count && strcmp(refusals[at].name, name) != 0; at++) continue;
            if (at == *count) {
                refusals = memory_grow(refusals, *count, &capacity, sizeof *refusals);
                refusals[(*count)++] = (struct refusal){ name, 0 };
            }
            refusals[at].calls++;
        }
    }
    return refusals;
}

static void add_not_implemented(const struct report *report, struct text *out) {
    bool any = false;
    for (unsigned subject = 0; subject < report->record->subjects_count; subject++) {
        size_t count = 0;
        if (report->record->subjects[subject]->kind == SUBJECT_MODEL) continue; /* it does what the scenario says */
        struct refusal *refusals = refusals_of(report, subject, &count);
        if (count > 0 && !any)
            text_add(
                out,
                "\n### Not implemented\n\nA provider that does not have a code and says so conforms to the page.\n\n");
        any |= count > 0;
        for (size_t i = 0; i < count; i++) {
            text_add(out, "- ");
            add_label(report, subject, out);
            text_add(out, ": ");
            markdown_add_code(refusals[i].name, false, out);
            text_add(out, ", refused %u time%s\n", refusals[i].calls, plural(refusals[i].calls));
        }
        free(refusals);
    }
}

/* --- how to repeat it --------------------------------------------------------------------------------------------- */

static void add_row(const char *key, const char *value, struct text *out) {
    text_add(out, "| ");
    markdown_add_prose(key, out);
    text_add(out, " | ");
    markdown_add_prose(value, out);
    text_add(out, " |\n");
}

static void add_subject_row(const struct report *report, unsigned subject, struct text *out) {
    const struct subject *described = report->record->subjects[subject];
    struct text facts = { 0 };
    char label[SUBJECT_LABEL_MAX];
    for (uint32_t i = 0; i < described->facts.count; i++)
        text_add(&facts, "%s%s %s", i == 0 ? "" : ", ", described->facts.facts[i].key, described->facts.facts[i].value);
    if (described->unusable_reason.text[0] != '\0')
        text_add(&facts, "%strouble: %s", facts.length > 0 ? "; " : "", described->unusable_reason.text);
    add_row(report_label(report, subject, label), facts.length == 0 ? "" : facts.bytes, out);
    text_free(&facts);
}

static void add_context(const struct report *report, struct text *out) {
    struct text text = { 0 };
    text_add(out, "\n| this run | |\n|---|---|\n");
    add_row("reason", report->reason, out);
    add_row("Reservoir", report->version, out);
    text_add(&text, "%s; hosts are held to %s", report->profile,
             report->judged_by == NULL ? "any reading" : report->judged_by);
    add_row("profile", text.bytes, out);
    text_add(out, "| seed | %llu |\n", (unsigned long long)report->seed);
    if (report->repeat > 1) text_add(out, "| repeated | %u times |\n", report->repeat);
    text.length = 0;
    text_add(&text, "%s, %s, %s", report->environment.system, report->environment.machine,
             report->environment.compiler);
    add_row("environment", text.bytes, out);
    text_free(&text);
    for (unsigned i = 0; i < report->record->subjects_count; i++) add_subject_row(report, i, out);
    text_add(out, "| exit status | %d |\n", report->status);
}

void markdown_report(const struct report *report, struct text *out) {
    assert(report != NULL && report->record != NULL);
    assert(out != NULL);
    add_headline(report, out);
    add_table(report, out);
    add_section(report, VERDICT_HARNESS_BROKEN, "Broken", out);
    add_new(report, out);
    add_section(report, VERDICT_UNSEEN_NEW, "Not seen, which is not recorded", out);
    add_section(report, VERDICT_CONFORM_UNEXPECTED, "Recorded, and did not happen", out);
    add_section(report, VERDICT_FLAKY, "Flaky", out);
    add_known(report, out);
    add_folded(report, VERDICT_UNSUPPORTED, "unsupported", out);
    add_folded(report, VERDICT_NOT_MODELLED, "not modelled", out);
    add_folded(report, VERDICT_INCONCLUSIVE, "inconclusive", out);
    add_not_implemented(report, out);
    add_context(report, out);
}
