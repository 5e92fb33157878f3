#include "reports/formats/diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"

enum { NO_SUBJECT = SUBJECTS_IN_FILE_MAX };

/* One instance, on either side or on both. */
struct pair {
    const struct run_file_instance *before, *after; /* one of them may be NULL */
    enum change change;
};

struct comparison {
    const struct run_file *before, *after;
    unsigned subject_after[SUBJECTS_IN_FILE_MAX]; /* the partner of each earlier subject, or NO_SUBJECT */
    struct pair *pairs;                           /* in the later file's order, then what is gone */
    size_t count, capacity;
};

/* --- subjects ----------------------------------------------------------------------------------------------------- */

static bool is_taken(const struct comparison *comparison, unsigned after) {
    for (unsigned i = 0; i < comparison->before->subjects_count; i++) {
        if (comparison->subject_after[i] == after) return true;
    }
    return false;
}

/* The first later subject without a partner that is alike: by name, or by kind. */
static unsigned find_partner(const struct comparison *comparison, const struct run_file_subject *subject,
                             bool by_name) {
    const struct run_file *after = comparison->after;
    for (unsigned i = 0; i < after->subjects_count; i++) {
        const struct run_file_subject *other = &after->subjects[i];
        const char *one = by_name ? subject->name : subject->kind, *two = by_name ? other->name : other->kind;
        if (strcmp(one, two) == 0 && !is_taken(comparison, i)) return i;
    }
    return NO_SUBJECT;
}

static void pair_subjects(struct comparison *comparison) {
    const struct run_file *before = comparison->before;
    for (unsigned i = 0; i < SUBJECTS_IN_FILE_MAX; i++) comparison->subject_after[i] = NO_SUBJECT;
    for (unsigned i = 0; i < before->subjects_count; i++)
        comparison->subject_after[i] = find_partner(comparison, &before->subjects[i], true);
    for (unsigned i = 0; i < before->subjects_count; i++) {
        if (comparison->subject_after[i] == NO_SUBJECT)
            comparison->subject_after[i] = find_partner(comparison, &before->subjects[i], false);
    }
}

/* --- what came of an instance ------------------------------------------------------------------------------------- */

static bool same_steps(const struct run_file_instance *before, const struct run_file_instance *after) {
    if (before->steps_count != after->steps_count) return false;
    for (unsigned i = 0; i < before->steps_count; i++) {
        if (strcmp(before->steps[i].call, after->steps[i].call) != 0) return false;
    }
    return true;
}

static bool same_text(const char *one, const char *other) {
    if (one == NULL || other == NULL) return one == other;
    return strcmp(one, other) == 0;
}

/* The length of `port=` and the digits after it at `at`; 0 when there is none. */
static size_t port_length(const char *at) {
    size_t digits = strncmp(at, "port=", 5) == 0 ? strspn(at + 5, "0123456789") : 0;
    return digits == 0 ? 0 : 5 + digits;
}

/* Two answers that differ in numbers of ports only. */
bool diff_same_but_ports(const char *one, const char *other) {
    while (*one != '\0' && *other != '\0') {
        size_t length = port_length(one), other_length = port_length(other);
        bool ports = length > 0 && other_length > 0;
        if (!ports && *one != *other) return false;
        one += ports ? length : 1;
        other += ports ? other_length : 1;
    }
    return *one == *other;
}

/* A port without a name, such as a peer's, is the host's choice when both runs were judged and conform: a line that
 * asks for one number conforms only with that. */
static bool same_answer(const struct run_file_step *before, const struct run_file_step *after) {
    if (strcmp(before->answer, after->answer) == 0) return true;
    bool conform = before->verdict == VERDICT_CONFORM && after->verdict == VERDICT_CONFORM;
    return conform && diff_same_but_ports(before->answer, after->answer);
}

/* Of two steps with the same call. */
static enum change step_change(const struct run_file_step *before, const struct run_file_step *after) {
    if (after->verdict > before->verdict) return CHANGE_WORSE;
    if (after->verdict < before->verdict) return CHANGE_FIXED;
    return same_answer(before, after) ? CHANGE_SAME : CHANGE_CHANGED;
}

/* Is the difference of these steps known to be chance? A rule that happens `sometimes` explains one of them; or it
 * explains an earlier step (`before_it`), and one of these could then decide nothing. */
static bool is_chance(const struct run_file_step *before, const struct run_file_step *after, bool before_it) {
    bool inconclusive = before->verdict == VERDICT_INCONCLUSIVE || after->verdict == VERDICT_INCONCLUSIVE;
    bool harmless = before->verdict <= VERDICT_DEVIATE_KNOWN && after->verdict <= VERDICT_DEVIATE_KNOWN;
    return harmless && (before->sometimes || after->sometimes || (before_it && inconclusive));
}

/* Do two runs of an instance differ only by such chance? */
static bool differ_by_chance(const struct run_file_instance *before, const struct run_file_instance *after) {
    bool any = false;
    if (before->verdict > VERDICT_DEVIATE_KNOWN || after->verdict > VERDICT_DEVIATE_KNOWN) return false;
    if (!same_steps(before, after)) return false;
    for (unsigned i = 0; i < before->steps_count; i++) {
        const struct run_file_step *one = &before->steps[i], *other = &after->steps[i];
        if (step_change(one, other) != CHANGE_SAME && !is_chance(one, other, any)) return false;
        any |= one->sometimes || other->sometimes;
    }
    return any;
}

/* The gravest change of any step: the enumeration begins with the worst. */
static enum change steps_change(const struct run_file_instance *before, const struct run_file_instance *after) {
    enum change worst = CHANGE_SAME;
    if (!same_steps(before, after)) return CHANGE_CHANGED;
    for (unsigned i = 0; i < before->steps_count; i++) {
        enum change change = step_change(&before->steps[i], &after->steps[i]);
        if (change < worst) worst = change;
    }
    return worst;
}

static enum change instance_change(const struct run_file_instance *before, const struct run_file_instance *after) {
    if (before == NULL) return CHANGE_ADDED;
    if (after == NULL) return CHANGE_GONE;
    if (differ_by_chance(before, after)) return CHANGE_SAME;
    if (after->verdict > before->verdict) return CHANGE_WORSE;
    if (after->verdict < before->verdict) return CHANGE_FIXED;
    enum change change = steps_change(before, after);
    return change == CHANGE_SAME && !same_text(before->reason, after->reason) ? CHANGE_CHANGED : change;
}

/* --- instances ---------------------------------------------------------------------------------------------------- */

/* An instance under the later run's number for its subject. */
struct entry {
    const struct run_file_instance *instance;
    unsigned subject;
};

/* What was run twice keeps its order. */
static int compare_entries(const void *one, const void *other) {
    const struct entry *a = one, *b = other;
    if (a->subject != b->subject) return a->subject < b->subject ? -1 : 1;
    int by_id = strcmp(a->instance->id, b->instance->id);
    if (by_id != 0) return by_id;
    return a->instance->position < b->instance->position ? -1 : a->instance->position > b->instance->position;
}

static struct entry *sorted_entries(const struct run_file *file, const unsigned *subject_numbers) {
    struct entry *entries = memory_resize(NULL, file->instances_count + 1, sizeof *entries);
    for (unsigned i = 0; i < file->instances_count; i++) {
        const struct run_file_instance *instance = &file->instances[i];
        assert(instance->subject < file->subjects_count);
        entries[i] = (struct entry){ instance,
                                     subject_numbers == NULL ? instance->subject : subject_numbers[instance->subject] };
    }
    qsort(entries, file->instances_count, sizeof *entries, compare_entries);
    return entries;
}

static void add_pair(struct comparison *comparison, const struct run_file_instance *before,
                     const struct run_file_instance *after) {
    assert(before != NULL || after != NULL);
    comparison->pairs =
        memory_grow(comparison->pairs, comparison->count, &comparison->capacity, sizeof *comparison->pairs);
    comparison->pairs[comparison->count++] = (struct pair){ before, after, instance_change(before, after) };
}

static int compare_pairs(const void *one, const void *other) {
    const struct pair *a = one, *b = other;
    bool a_gone = a->after == NULL, b_gone = b->after == NULL;
    if (a_gone != b_gone) return a_gone ? 1 : -1;
    unsigned a_position = a_gone ? a->before->position : a->after->position;
    unsigned b_position = b_gone ? b->before->position : b->after->position;
    return a_position < b_position ? -1 : a_position > b_position;
}

static void pair_instances(struct comparison *comparison) {
    struct entry *before = sorted_entries(comparison->before, comparison->subject_after);
    struct entry *after = sorted_entries(comparison->after, NULL);
    unsigned i = 0, j = 0, before_count = comparison->before->instances_count,
             after_count = comparison->after->instances_count;
    while (i < before_count || j < after_count) {
        int order = i == before_count ? 1 : j == after_count ? -1 : 0;
        if (order == 0 && before[i].subject != after[j].subject) order = before[i].subject < after[j].subject ? -1 : 1;
        if (order == 0) order = strcmp(before[i].instance->id, after[j].instance->id);
        add_pair(comparison, order <= 0 ? before[i].instance : NULL, order >= 0 ? after[j].instance : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    free(before);
    free(after);
    if (comparison->count > 0) qsort(comparison->pairs, comparison->count, sizeof *comparison->pairs, compare_pairs);
}

/* --- the report --------------------------------------------------------------------------------------------------- */

static void add_run(const char *letter, const struct run_file *file, struct text *out) {
    text_add(out, "%s  %s: Reservoir %s, profile %s, seed %s, %s\n", letter, file->path, file->version, file->profile,
             file->seed, file->reason);
}

static void add_renamed(const struct comparison *comparison, struct text *out) {
    for (unsigned i = 0; i < comparison->before->subjects_count; i++) {
        unsigned partner = comparison->subject_after[i];
        if (partner == NO_SUBJECT) continue;
        const char *before = comparison->before->subjects[i].name, *after = comparison->after->subjects[partner].name;
        if (strcmp(before, after) != 0) text_add(out, "   %s of A is compared with %s of B\n", before, after);
    }
}

static void add_side(const char *when, const char *answer, enum verdict verdict, struct text *out) {
    text_add(out, "      %s  %s  (%s)\n", when, answer, verdict_name(verdict));
}

static void add_steps(const struct run_file_instance *before, const struct run_file_instance *after, struct text *out) {
    for (unsigned i = 0; i < before->steps_count && i < after->steps_count; i++) {
        const struct run_file_step *was = &before->steps[i], *now = &after->steps[i];
        if (strcmp(was->call, now->call) != 0) {
            text_add(out, "    from line %u on other steps are played than were\n", now->line);
            return;
        }
        if (step_change(was, now) == CHANGE_SAME) continue;
        text_add(out, "    line %u: %s\n", now->line, now->call);
        add_side("was", was->shown, was->verdict, out);
        add_side("now", now->shown, now->verdict, out);
    }
    if (before->steps_count != after->steps_count)
        text_add(out, "    %u steps were played, now %u\n", before->steps_count, after->steps_count);
}

static void add_reasons(const struct run_file_instance *before, const struct run_file_instance *after,
                        struct text *out) {
    if (same_text(before->reason, after->reason)) return;
    text_add(out, "    reason was  %s\n", before->reason == NULL ? "none" : before->reason);
    text_add(out, "    reason now  %s\n", after->reason == NULL ? "none" : after->reason);
}

static void add_changed(const struct comparison *comparison, const struct pair *pair, struct text *out) {
    const struct run_file_instance *before = pair->before, *after = pair->after;
    const struct run_file *file = after != NULL ? comparison->after : comparison->before;
    const struct run_file_instance *named = after != NULL ? after : before;
    text_add(out, "  %s on %s: ", named->id, file->subjects[named->subject].name);
    if (before != NULL && after != NULL && before->verdict != after->verdict)
        text_add(out, "%s -> %s\n", verdict_name(before->verdict), verdict_name(after->verdict));
    else text_add(out, "%s\n", verdict_name(named->verdict));
    if (before == NULL || after == NULL) return;
    add_steps(before, after, out);
    add_reasons(before, after, out);
}

static void add_section(const struct comparison *comparison, enum change change, const char *title, struct text *out) {
    bool any = false;
    for (size_t i = 0; i < comparison->count; i++) {
        if (comparison->pairs[i].change != change) continue;
        if (!any) text_add(out, "\n%s\n", title);
        any = true;
        add_changed(comparison, &comparison->pairs[i], out);
    }
}

static bool fails(enum verdict verdict) {
    unsigned counts[VERDICTS_COUNT] = { 0 };
    counts[verdict] = 1;
    return verdict_exit_status(counts, 0) != EXIT_STATUS_GOOD;
}

static void count_changes(const struct comparison *comparison, struct diff_counts *counts) {
    memset(counts, 0, sizeof *counts);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct pair *pair = &comparison->pairs[i];
        counts->changes[pair->change]++;
        counts->added_failing += pair->change == CHANGE_ADDED && fails(pair->after->verdict);
    }
}

static void add_counts(const struct diff_counts *counts, struct text *out) {
    const unsigned *changes = counts->changes;
    text_add(out, "\n%u added", changes[CHANGE_ADDED]);
    if (counts->added_failing > 0) text_add(out, " (%u of them failing)", counts->added_failing);
    text_add(out, ", %u gone, %u worse, %u fixed, %u changed, %u the same\n", changes[CHANGE_GONE],
             changes[CHANGE_WORSE], changes[CHANGE_FIXED], changes[CHANGE_CHANGED], changes[CHANGE_SAME]);
}

void diff_report(const struct run_file *before, const struct run_file *after, struct text *out,
                 struct diff_counts *counts) {
    static const char *const titles[CHANGES_COUNT] = {
        [CHANGE_WORSE] = "Worse", [CHANGE_FIXED] = "Fixed", [CHANGE_CHANGED] = "Changed",
        [CHANGE_ADDED] = "Added", [CHANGE_GONE] = "Gone",
    };
    struct comparison comparison = { .before = before, .after = after };
    assert(before != NULL && after != NULL);
    assert(out != NULL && counts != NULL);
    pair_subjects(&comparison);
    pair_instances(&comparison);
    count_changes(&comparison, counts);
    add_run("A", before, out);
    add_run("B", after, out);
    add_renamed(&comparison, out);
    for (unsigned i = 0; i < CHANGE_SAME; i++) add_section(&comparison, (enum change)i, titles[i], out);
    add_counts(counts, out);
    free(comparison.pairs);
}

int diff_exit_status(const struct diff_counts *counts) {
    assert(counts != NULL);
    return counts->changes[CHANGE_WORSE] > 0 || counts->added_failing > 0 ? EXIT_STATUS_DEVIATES : EXIT_STATUS_GOOD;
}
