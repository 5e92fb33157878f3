#include "reports/catalogue/clause_table.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/citations/citations.h"
#include "conformance/language/step_order.h"
#include "reports/catalogue/cites.h"
#include "reports/catalogue/clause_shown.h"
#include "reports/catalogue/numbered_reasons.h"
#include "reports/catalogue/step_about.h"
#include "stack/call/signature.h"

enum { REASONS_SHOWN = 4 };

/* What became of the steps that cite a clause, on one subject. */
struct tally {
    unsigned played, as_said, deviating, forwarded, unsupported;
    unsigned reasons[REASONS_SHOWN], reasons_count; /* of the unsupported ones; the rest is not named */
};

enum clause_word { WORD_PLAYED, WORD_FORWARDED, WORD_UNSUPPORTED, WORD_ABSENT, WORD_UNDECIDABLE, WORDS_COUNT };

static const char *const words[WORDS_COUNT] = { "played", "forwarded", "unsupported", "no step in this run",
                                                "undecidable" };

/* --- one step ----------------------------------------------------------------------------------------------------- */

static bool is_about(const struct clause *clause, const char *word) {
    return strcmp(clause->about, "-") == 0 || words_hold_word(clause->about, word);
}

/* Who answers the call that this step shows something of: a provider, or its client by itself? What is no call, a look
 * at memory or a packet, shows what the calls before it did. */
static bool reaches_provider(const struct step_order *order, unsigned index) {
    const struct step *call = step_control_call(order, index);
    if (call == NULL) call = order->steps[index];
    if (call->kind != STEP_CALL) return true;
    const char *module = call->signature->module;
    return call->signature->provider != NULL || strcmp(module, "provider") == 0 || strcmp(module, "iphlpapi") == 0;
}

static void add_reason(struct tally *tally, unsigned number) {
    for (unsigned i = 0; i < tally->reasons_count; i++)
        if (tally->reasons[i] == number) return;
    if (tally->reasons_count < REASONS_SHOWN) tally->reasons[tally->reasons_count++] = number;
}

static void count_unsupported(struct tally *tally, struct path_list *reasons, const struct instance_record *instance,
                              const struct step_record *step) {
    const char *reason = step != NULL && step->note != NULL ? step->note : instance->reason;
    tally->unsupported++;
    add_reason(tally, number_of_reason(reasons, reason != NULL ? reason : "the scenario ended before it"));
}

static void count_answered(struct tally *tally, const struct step_record *step, const char *clause) {
    tally->played++;
    tally->as_said += clause_was_kept(step, clause);
    tally->deviating += step->verdict == VERDICT_DEVIATE_KNOWN || step->verdict == VERDICT_DEVIATE_NEW;
}

/* --- one clause --------------------------------------------------------------------------------------------------- */

static void look_in(const struct instance_record *instance, const struct clause *clause, bool has_client,
                    struct path_list *reasons, struct tally *tally) {
    struct step_order order;
    assert(instance->instance != NULL);
    step_order_fill(&order, instance->instance);
    for (unsigned i = 0; i < order.count; i++) {
        if (!step_cites(order.steps[i], clause->id) || !is_about(clause, step_about(&order, i))) continue;
        const struct step_record *step = i < instance->steps_count ? &instance->steps[i] : NULL;
        if (step == NULL || step->result != STEP_SEEN) count_unsupported(tally, reasons, instance, step);
        else if (has_client && !reaches_provider(&order, i)) tally->forwarded++;
        else count_answered(tally, step, clause->id);
    }
}

static struct tally tally_of(const struct run_record *record, unsigned subject, const struct clause *clause,
                             struct path_list *reasons) {
    struct tally tally = { .played = 0 };
    bool has_client = fact_list_value(&record->subjects[subject]->facts, "provider") != NULL;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        if (instance->subject == subject && instance->instance != NULL)
            look_in(instance, clause, has_client, reasons, &tally);
    }
    return tally;
}

static enum clause_word word_of(const struct clause *clause, const struct tally *tally) {
    if (!clause_is_decidable(clause)) return WORD_UNDECIDABLE;
    if (tally->played > 0) return WORD_PLAYED;
    if (tally->forwarded > 0) return WORD_FORWARDED;
    return tally->unsupported > 0 ? WORD_UNSUPPORTED : WORD_ABSENT;
}

static void add_number(struct text *out, unsigned number) {
    if (number == 0) text_add(out, "%12s", ".");
    else text_add(out, "%12u", number);
}

static void add_row(const struct clause *clause, const struct tally *tally, struct text *out) {
    text_add(out, "  %-23s %-19s", clause->id, words[word_of(clause, tally)]);
    add_number(out, tally->played);
    add_number(out, tally->as_said);
    add_number(out, tally->deviating);
    add_number(out, tally->forwarded);
    add_number(out, tally->unsupported);
    for (unsigned i = 0; i < tally->reasons_count; i++) text_add(out, "%s%u", i == 0 ? "  (" : " ", tally->reasons[i]);
    text_add(out, tally->reasons_count > 0 ? ")\n" : "\n");
}

/* --- one subject -------------------------------------------------------------------------------------------------- */

static void add_summary(const unsigned counts[WORDS_COUNT], struct text *out) {
    text_add(out, "\n  ");
    for (unsigned i = 0; i < WORDS_COUNT; i++) text_add(out, "%s%u %s", i == 0 ? "" : ", ", counts[i], words[i]);
    text_add(out, "\n\n");
}

static void add_subject(const struct report *report, unsigned subject, struct text *out) {
    char label[SUBJECT_LABEL_MAX];
    unsigned count = 0, counts[WORDS_COUNT] = { 0 };
    struct path_list reasons = { .count = 0 };
    const struct clause *clauses = known_clauses(&count);
    text_add(out, "Clauses as %s was asked about them, by steps that cite them\n\n",
             report_label(report, subject, label));
    text_add(out, "  %-23s %-19s%12s%12s%12s%12s%12s\n", "clause", "", "played", "as it says", "deviating", "forwarded",
             "unsupported");
    for (unsigned i = 0; i < count; i++) {
        struct tally tally = tally_of(report->record, subject, &clauses[i], &reasons);
        counts[word_of(&clauses[i], &tally)]++;
        add_row(&clauses[i], &tally, out);
    }
    add_numbered_reasons(&reasons, "  Unsupported, because", out);
    add_summary(counts, out);
    path_list_free(&reasons);
}

void clause_table_report(const struct report *report, struct text *out) {
    assert(report != NULL && out != NULL);
    for (unsigned i = 0; i < report->record->subjects_count; i++) add_subject(report, i, out);
}
