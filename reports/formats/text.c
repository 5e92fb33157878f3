/* In order: who answered; a row for each scenario; what deviates newly; what is known to deviate; what was not seen and
 * why; a closing summary. */
#include "reports/formats/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/version.h"
#include "conformance/base/arena.h"
#include "conformance/language/printer.h"
#include "conformance/judge/difference.h"
#include "reports/formats/clean_text.h"
#include "reports/formats/deviation_text.h"
#include "reports/formats/report.h"
#include "reports/formats/terminal.h"

enum { ROW_NAME_WIDTH_MIN = 24, ALLOWED_SHOWN_MAX = 6, STEPS_SHOWN_MAX = 100 };

static enum colour colour_of(enum verdict verdict) {
    switch (verdict) {
    case VERDICT_CONFORM: return COLOUR_GOOD;
    case VERDICT_UNSUPPORTED:
    case VERDICT_NOT_MODELLED:
    case VERDICT_INCONCLUSIVE: return COLOUR_QUIET;
    case VERDICT_DEVIATE_KNOWN: return COLOUR_DOUBT;
    default: return COLOUR_BAD;
    }
}

static const char *begin(const struct text_report *report, enum colour colour) {
    return colour_begin(report->colourful, colour);
}
static const char *end(const struct text_report *report) { return colour_end(report->colourful); }

/* Text that a host or a file brought, fit for a terminal. Lives as long as the report. */
static const char *shown(const struct text_report *report, const char *text) {
    struct text clean = { 0 };
    text_add(&clean, "%s", "");
    text_add_clean(&clean, text, CLEAN_ONE_LINE);
    const char *kept = arena_text(report->arena, clean.bytes, clean.length);
    text_free(&clean);
    return kept;
}

static void add_title(const struct text_report *report, const char *title, struct text *out) {
    text_add(out, "\n%s%s%s\n", begin(report, COLOUR_TITLE), title, end(report));
}

/* --- who answered ------------------------------------------------------------------------------------------------- */

static int name_width(const struct run_record *record) {
    size_t width = 5;
    for (unsigned i = 0; i < record->subjects_count; i++) {
        size_t length = strlen(record->subjects[i]->name);
        if (length > width) width = length;
    }
    return (int)width;
}

static void add_subjects(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    text_add(out, "%sReservoir %s%s\n\n", begin(report, COLOUR_TITLE), RESERVOIR_VERSION, end(report));
    for (unsigned i = 0; i < record->subjects_count; i++) {
        const struct subject *subject = record->subjects[i];
        bool any = false;
        text_add(out, "  %-*s ", name_width(record), shown(report, subject->name));
        for (uint32_t j = 0; j < subject->facts.count; j++) {
            const struct key_value *fact = &subject->facts.facts[j];
            if (strcmp(fact->key, "version") == 0) continue;
            text_add(out, "%s%s %s", any ? ", " : " ", shown(report, fact->key), shown(report, fact->value));
            any = true;
        }
        if (subject->unusable_reason.text[0] != '\0')
            text_add(out, "%s %s%s%s", any ? ";" : "", begin(report, COLOUR_BAD),
                     shown(report, subject->unusable_reason.text), end(report));
        text_add(out, "\n");
    }
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static size_t scenario_end(const struct run_record *record, size_t first) {
    size_t last = first;
    while (last < record->count && strcmp(record->instances[last]->scenario, record->instances[first]->scenario) == 0 &&
           strcmp(record->instances[last]->path, record->instances[first]->path) == 0)
        last++;
    return last;
}

static size_t rows_width(const struct run_record *record) {
    size_t width = ROW_NAME_WIDTH_MIN;
    for (size_t i = 0; i < record->count; i++) {
        size_t length = strlen(record->instances[i]->scenario);
        if (length > width) width = length;
    }
    return width;
}

/* The worst verdict of a scenario on a subject. */
static enum verdict row_verdict(const struct run_record *record, size_t first, size_t last, unsigned subject) {
    enum verdict verdict = VERDICT_CONFORM;
    for (size_t i = first; i < last; i++) {
        if (record->instances[i]->subject == subject) verdict = verdict_worst(verdict, record->instances[i]->verdict);
    }
    return verdict;
}

static void add_cell(const struct text_report *report, enum verdict verdict, bool last, struct text *out) {
    const char *name = verdict_name(verdict);
    int padding = last ? 0 : 20 - (int)strlen(name);
    text_add(out, "%s%s%s%*s", begin(report, colour_of(verdict)), name, end(report), padding, "");
}

static void add_rows(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    int width = (int)rows_width(record);
    unsigned subjects = record->subjects_count;
    text_add(out, "\n%s  %-*s  runs  ", begin(report, COLOUR_TITLE), width, "scenario");
    for (unsigned i = 0; i < subjects; i++) {
        if (i + 1 < subjects) text_add(out, "%-20s", shown(report, record->subjects[i]->name));
        else text_add(out, "%s", shown(report, record->subjects[i]->name));
    }
    text_add(out, "%s\n", end(report));
    for (size_t first = 0; first < record->count;) {
        size_t last = scenario_end(record, first);
        text_add(out, "  %-*s  %4u  ", width, shown(report, record->instances[first]->scenario),
                 (unsigned)((last - first) / subjects));
        for (unsigned i = 0; i < subjects; i++)
            add_cell(report, row_verdict(record, first, last, i), i + 1 == subjects, out);
        text_add(out, "\n");
        first = last;
    }
}

/* --- deviations --------------------------------------------------------------------------------------------------- */

/* An answer with the words marked that the other does not have. */
static const char *marked(const struct text_report *report, const char *text, const char *other, enum colour colour) {
    struct text out = { 0 };
    if (!report->colourful || other == NULL) return text;
    difference_mark(text, other, begin(report, colour), end(report), &out);
    const char *kept = arena_text(report->arena, out.length == 0 ? "" : out.bytes, out.length);
    text_free(&out);
    return kept;
}

static void add_row(const struct text_report *report, const struct step_record *step, const struct deviation_row *row,
                    struct text *out) {
    const char *text = shown(report, row->text);
    const char *nearest = step->allowed_count > 0 ? shown(report, step->allowed[0].outcome) : NULL;
    if (strcmp(row->label, "observed") == 0) text = marked(report, text, nearest, COLOUR_BAD);
    if (strcmp(row->label, "allowed") == 0 && step->outcome != NULL)
        text = marked(report, text, shown(report, step->outcome), COLOUR_GOOD);
    text_add(out, "      %-9s %s", row->label, text);
    if (row->source[0] != '\0')
        text_add(out, "  %s%s%s", begin(report, COLOUR_QUIET), shown(report, row->source), end(report));
    text_add(out, "\n");
}

static void add_lesson(const struct text_report *report, const struct instance_record *instance,
                       const struct step_record *step, struct text *out) {
    struct deviation_rows rows;
    deviation_rows_fill(report->record, instance, step, ALLOWED_SHOWN_MAX, &rows);
    for (unsigned i = 0; i < rows.count; i++) add_row(report, step, &rows.rows[i], out);
}

static bool same_deviation(const struct instance_record *one, const struct step_record *a,
                           const struct instance_record *other, const struct step_record *b) {
    return one->subject == other->subject && strcmp(one->path, other->path) == 0 &&
           strcmp(one->scenario, other->scenario) == 0 && a->step->position.line == b->step->position.line &&
           a->verdict == b->verdict && deviations_teach_the_same(a, b);
}

/* Was the same seen in an earlier instance? */
static bool shown_before(const struct run_record *record, size_t instance, const struct step_record *step) {
    for (size_t i = 0; i < instance; i++) {
        const struct instance_record *earlier = record->instances[i];
        for (unsigned j = 0; j < earlier->steps_count; j++) {
            if (earlier->steps[j].outcome == NULL) continue;
            if (same_deviation(earlier, &earlier->steps[j], record->instances[instance], step)) return true;
        }
    }
    return false;
}

/* The suffixes of the instances in which the same was seen. */
static void add_instances(const struct text_report *report, size_t instance, const struct step_record *step,
                          struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *first = record->instances[instance];
    for (size_t i = instance; i < record->count; i++) {
        const struct instance_record *other = record->instances[i];
        for (unsigned j = 0; j < other->steps_count; j++) {
            if (other->steps[j].outcome == NULL || !same_deviation(first, step, other, &other->steps[j])) continue;
            text_add(out, "%s", shown(report, other->id + strlen(other->scenario)));
            break;
        }
    }
}

static void add_deviation(const struct text_report *report, size_t instance, const struct step_record *step,
                          struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *where = record->instances[instance];
    text_add(out, "  %s on %s", shown(report, where->scenario), shown(report, record->subjects[where->subject]->name));
    add_instances(report, instance, step, out);
    text_add(out, "\n    %s:%u: %s\n", shown(report, where->path), (unsigned)step->step->position.line,
             shown(report, step->call));
    add_lesson(report, where, step, out);
}

static void add_new(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    bool any = false;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        for (unsigned j = 0; j < instance->steps_count; j++) {
            const struct step_record *step = &instance->steps[j];
            if (step->verdict != VERDICT_DEVIATE_NEW || shown_before(record, i, step)) continue;
            if (!any) add_title(report, "New deviations", out);
            any = true;
            add_deviation(report, i, step, out);
        }
    }
}

/* --- known deviations --------------------------------------------------------------------------------------------- */

static void add_rule(const struct text_report *report, const struct deviation_rule *rule, struct text *out) {
    const struct run_record *record = report->record;
    const struct step_record *example = NULL;
    const struct instance_record *where = NULL;
    unsigned steps = 0;
    for (size_t i = 0; i < record->count; i++) {
        for (unsigned j = 0; j < record->instances[i]->steps_count; j++) {
            if (record->instances[i]->steps[j].rule != rule) continue;
            steps++;
            if (example != NULL) continue;
            example = &record->instances[i]->steps[j];
            where = record->instances[i];
        }
    }
    if (example == NULL) return;
    text_add(out, "  %s%s%s%s, %u step%s\n", begin(report, COLOUR_DOUBT), shown(report, rule->name), end(report),
             rule->reviewed ? "" : " (unreviewed)", steps, plural(steps));
    text_add(out, "    %s\n", shown(report, rule->reason));
    text_add(out, "    for example in %s, line %u: %s\n", shown(report, where->id),
             (unsigned)example->step->position.line, shown(report, example->call));
    add_lesson(report, where, example, out);
}

static void add_known(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    for (unsigned subject = 0; subject < record->subjects_count; subject++) {
        struct run_counts counts;
        run_record_count(record, subject, &counts);
        if (report->deviations[subject] == NULL || counts.steps_verdicts[VERDICT_DEVIATE_KNOWN] == 0) continue;
        struct text title = { 0 };
        text_add(&title, "Known deviations of %s", shown(report, record->subjects[subject]->name));
        add_title(report, title.bytes, out);
        text_free(&title);
        const struct deviations *deviations = report->deviations[subject];
        for (uint32_t i = 0; i < deviations->rules_count; i++) add_rule(report, &deviations->rules[i], out);
    }
}

/* --- what was not seen, and what is wrong ------------------------------------------------------------------------- */

static bool reason_shown_before(const struct run_record *record, size_t instance, enum verdict verdict) {
    const struct instance_record *this = record->instances[instance];
    for (size_t i = 0; i < instance; i++) {
        const struct instance_record *other = record->instances[i];
        if (other->verdict == verdict && other->subject == this->subject && strcmp(other->reason, this->reason) == 0)
            return true;
    }
    return false;
}

/* All instances with this verdict and reason: the first by name, the others by number. */
static void add_reason(const struct text_report *report, size_t instance, enum verdict verdict, struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *this = record->instances[instance];
    unsigned others = 0;
    for (size_t i = instance + 1; i < record->count; i++) {
        const struct instance_record *other = record->instances[i];
        others +=
            other->verdict == verdict && other->subject == this->subject && strcmp(other->reason, this->reason) == 0;
    }
    text_add(out, "  %s on %s", shown(report, this->id), shown(report, record->subjects[this->subject]->name));
    if (others > 0) text_add(out, " and %u more", others);
    text_add(out, ": %s\n", shown(report, this->reason));
}

static void add_reasons(const struct text_report *report, enum verdict verdict, const char *title, struct text *out) {
    const struct run_record *record = report->record;
    bool any = false;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        if (instance->verdict != verdict || instance->reason == NULL || reason_shown_before(record, i, verdict))
            continue;
        if (!any) add_title(report, title, out);
        any = true;
        add_reason(report, i, verdict, out);
    }
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void add_counts(const struct text_report *report, const struct run_counts *counts, struct text *out) {
    bool any = false;
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (counts->verdicts[i] == 0) continue;
        text_add(out, "%s%s%u %s%s", any ? ", " : "", begin(report, colour_of((enum verdict)i)), counts->verdicts[i],
                 verdict_name((enum verdict)i), end(report));
        any = true;
    }
}

static void add_not_implemented(const struct subject *subject, unsigned calls, int width, struct text *out) {
    bool model = subject->kind == SUBJECT_MODEL;
    text_add(out, "  %-*s  %s\n", width, "",
             model ? "Where a scenario takes the three reservation codes away from the model:"
                   : "It does not implement the three reservation codes, and says so:");
    text_add(out, "  %-*s  %u call%s refused with WSAEOPNOTSUPP, at once or by a request that pends.\n", width, "",
             calls, calls == 1 ? " was" : "s were");
    text_add(out, "  %-*s  That conforms to the page (@ERR-OPNOTSUPP-CODE).\n", width, "");
}

static void add_subject_summary(const struct text_report *report, unsigned subject, struct text *out) {
    const struct run_record *record = report->record;
    struct run_counts counts;
    int width = name_width(record);
    run_record_count(record, subject, &counts);
    text_add(out, "  %-*s  %u run%s: ", width, shown(report, record->subjects[subject]->name), counts.instances,
             plural(counts.instances));
    add_counts(report, &counts, out);
    text_add(out, "\n  %-*s  %u step%s", width, "", counts.steps_sent, plural(counts.steps_sent));
    unsigned unsent = counts.steps - counts.steps_sent;
    if (unsent > 0) text_add(out, ", %u more %s not sent", unsent, unsent == 1 ? "was" : "were");
    text_add(out, "\n");
    if (counts.not_implemented > 0) add_not_implemented(record->subjects[subject], counts.not_implemented, width, out);
    unsigned new = counts.steps_verdicts[VERDICT_DEVIATE_NEW];
    if (new > 0) text_add(out, "  %-*s  %u step%s newly", width, "", new, new == 1 ? " deviates" : "s deviate");
    if (counts.following > 0)
        text_add(out, ", %u of them following from an earlier one: %u cause%s", counts.following,
                 new - counts.following, plural(new - counts.following));
    if (new > 0) text_add(out, "\n");
    unsigned known = counts.steps_verdicts[VERDICT_DEVIATE_KNOWN];
    if (known > 0)
        text_add(out, "  %-*s  %u step%s as recorded", width, "", known, known == 1 ? " deviates" : "s deviate");
    if (known > 0 && counts.unreviewed > 0)
        text_add(out, "; %u of them by rules that were not reviewed", counts.unreviewed);
    if (known > 0) text_add(out, "\n");
}

/* What the words above mean; nothing when all conforms. */
static void add_legend(const struct text_report *report, struct text *out) {
    struct run_counts counts;
    run_record_count(report->record, SUBJECTS_MAX, &counts);
    if (counts.verdicts[VERDICT_CONFORM] == counts.instances) return;
    text_add(out, "\n");
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        if (counts.verdicts[i] == 0) continue;
        text_add(out, "  %s%-18s%s  %s\n", begin(report, colour_of((enum verdict)i)), verdict_name((enum verdict)i),
                 end(report), verdict_meaning((enum verdict)i));
    }
}

static void add_summary(const struct text_report *report, struct text *out) {
    add_title(report, "Summary", out);
    for (unsigned i = 0; i < report->record->subjects_count; i++) add_subject_summary(report, i, out);
    if (report->files_broken > 0)
        text_add(out, "  %s%u scenario file%s or path%s could not be used%s\n", begin(report, COLOUR_BAD),
                 report->files_broken, report->files_broken == 1 ? "" : "s", report->files_broken == 1 ? "" : "s",
                 end(report));
    if (report->record->unplayed > 0)
        text_add(out, "  %u run%s not played, because enough had failed\n", (unsigned)report->record->unplayed,
                 report->record->unplayed == 1 ? " was" : "s were");
    add_legend(report, out);
    const char *closing = report->status == EXIT_STATUS_GOOD       ? "Nothing new."
                          : report->status == EXIT_STATUS_DEVIATES ? "Something is new, or no longer as recorded."
                                                                   : "Something is broken.";
    text_add(out, "\n  %s%s%s Exit status %d.\n", begin(report, report->status == 0 ? COLOUR_GOOD : COLOUR_BAD),
             closing, end(report), report->status);
}

/* --- on request --------------------------------------------------------------------------------------------------- */

/* The numbers that the line shows first: `r=49152 t1=0x1` of `... StartPort=r Token=t1  #~ r=49152 t1=0x1`. */
static void add_numbers(const struct text_report *report, const char *line, size_t length, struct text *out) {
    static const char mark[] = "  #~ ";
    for (size_t i = 0; i + sizeof mark - 1 <= length; i++) {
        if (memcmp(line + i, mark, sizeof mark - 1) != 0) continue;
        const char *numbers = arena_text(report->arena, line + i + sizeof mark - 1, length - i - (sizeof mark - 1));
        text_add(out, "  %s# %s%s", begin(report, COLOUR_QUIET), shown(report, numbers), end(report));
        return;
    }
}

/* Who says that this answer is right: the sources of the alternative that was met. */
static void add_sources(const struct text_report *report, const struct step_record *step, struct text *out) {
    if (step->verdict != VERDICT_CONFORM || step->alternative < 0) return;
    const struct outcome *outcome = &step->step->outcomes[step->alternative];
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        text_add(out, "%s%s", i == 0 ? "  " : " ", i == 0 ? begin(report, COLOUR_QUIET) : "");
        source_print(&outcome->sources[i], out);
    }
    if (outcome->sources_count > 0) text_add(out, "%s", end(report));
}

/* The routines that ran in the call stand below it. */
static void add_routines(const struct text_report *report, const char *line, struct text *out) {
    for (const char *at = strchr(line, '\n'); at != NULL && at[1] != '\0'; at = strchr(at + 1, '\n')) {
        const char *routine = arena_text(report->arena, at + 1, strcspn(at + 1, "\n"));
        text_add(out, "          %s\n", shown(report, routine));
    }
}

static void add_step(const struct text_report *report, const struct step_record *step, struct text *out) {
    const char *answer = step->seen_as != NULL ? step->seen_as : step->outcome;
    text_add(out, "    %4u  %s", (unsigned)step->step->position.line, shown(report, step->call));
    if (answer != NULL) text_add(out, "  -> %s", shown(report, answer));
    else if (step->note != NULL) text_add(out, "  # %s", shown(report, step->note));
    add_sources(report, step, out);
    if (step->line != NULL) add_numbers(report, step->line, strcspn(step->line, "\n"), out);
    if (step->verdict != VERDICT_CONFORM)
        text_add(out, "  %s%s%s", begin(report, colour_of(step->verdict)), verdict_name(step->verdict), end(report));
    text_add(out, "\n");
    if (step->line != NULL) add_routines(report, step->line, out);
}

/* Of one scenario the answers are what one wants to see; of a long one, or of many, they are asked for. */
static bool steps_are_shown(const struct text_report *report) {
    const struct run_record *record = report->record;
    unsigned steps = 0;
    for (size_t i = 0; i < record->count; i++) steps += record->instances[i]->steps_count;
    bool one = record->count > 0 && scenario_end(record, 0) == record->count;
    return report->verbose || (one && steps <= STEPS_SHOWN_MAX);
}

static void add_all_steps(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    add_title(report, "Steps", out);
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        text_add(out, "  %s on %s: %s%s%s\n", shown(report, instance->id),
                 shown(report, record->subjects[instance->subject]->name), begin(report, colour_of(instance->verdict)),
                 verdict_name(instance->verdict), end(report));
        for (unsigned j = 0; j < instance->steps_count; j++) add_step(report, &instance->steps[j], out);
    }
}

/* Those that took longest, the longest first; equal ones in the record's order. */
static void add_durations(const struct text_report *report, struct text *out) {
    const struct run_record *record = report->record;
    const struct instance_record *before = NULL;
    size_t before_index = 0;
    if (report->durations > 0) add_title(report, "Longest", out);
    for (unsigned shown_count = 0; shown_count < report->durations && shown_count < record->count; shown_count++) {
        const struct instance_record *longest = NULL;
        size_t index = 0;
        for (size_t i = 0; i < record->count; i++) {
            const struct instance_record *instance = record->instances[i];
            bool later = before == NULL || instance->duration_us < before->duration_us ||
                         (instance->duration_us == before->duration_us && i > before_index);
            if (!later || (longest != NULL && instance->duration_us <= longest->duration_us)) continue;
            longest = instance;
            index = i;
        }
        assert(longest != NULL);
        text_add(out, "  %8.3f ms  %s on %s\n", (double)longest->duration_us / 1000, shown(report, longest->id),
                 shown(report, record->subjects[longest->subject]->name));
        before = longest;
        before_index = index;
    }
}

static void add_what_passed(const struct text_report *report, struct text *out) {
    add_subjects(report, out);
    add_rows(report, out);
    if (steps_are_shown(report)) add_all_steps(report, out);
    add_reasons(report, VERDICT_UNSUPPORTED, "Unsupported", out);
    add_reasons(report, VERDICT_NOT_MODELLED, "Not modelled", out);
    add_reasons(report, VERDICT_INCONCLUSIVE, "Inconclusive", out);
    add_known(report, out);
}

static void add_report(const struct text_report *report, struct text *out) {
    if (!report->quiet) add_what_passed(report, out);
    add_new(report, out);
    add_reasons(report, VERDICT_UNSEEN_NEW, "Not seen, which is not recorded", out);
    add_reasons(report, VERDICT_CONFORM_UNEXPECTED, "Recorded, and did not happen", out);
    add_reasons(report, VERDICT_FLAKY, "Flaky", out);
    add_reasons(report, VERDICT_HARNESS_BROKEN, "Broken", out);
    add_durations(report, out);
    add_summary(report, out);
}

void text_report(const struct text_report *report, struct text *out) {
    struct text_report with_arena = *report;
    assert(report->record != NULL && out != NULL);
    with_arena.arena = arena_create();
    add_report(&with_arena, out);
    arena_free(with_arena.arena);
}
