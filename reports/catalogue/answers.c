#include "reports/catalogue/answers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/judge/trace_judge.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/step_order.h"
#include "conformance/runner/scenario_set.h"
#include "conformance/subjects/trace_shelf.h"
#include "reports/catalogue/cites.h"

/* --- finding out -------------------------------------------------------------------------------------------------- */

static struct answerer *add_answerer(struct answers *answers, const char *name) {
    answers->answerers =
        memory_grow(answers->answerers, answers->count, &answers->capacity, sizeof *answers->answerers);
    struct answerer *answerer = &answers->answerers[answers->count++];
    memset(answerer, 0, sizeof *answerer);
    snprintf(answerer->name, sizeof answerer->name, "%s", name);
    return answerer;
}

/* The subject plays all scenarios; a host's answers are judged with every reading open. */
static void run(struct answerer *answerer, const struct scenario_set *set) {
    struct run_plan plan = { .subjects = { answerer->subject }, .subjects_count = 1, .repeat = 1 };
    assert(answerer->subject != NULL);
    runner_run(&plan, set, &answerer->record);
    answerer->cited = memory_zeroed((answerer->record.count + 1) * sizeof *answerer->cited);
    for (size_t i = 0; i < answerer->record.count; i++)
        answerer->cited[i] = instance_clause_bits(answerer->record.instances[i]->instance);
}

static void ask_profile(struct answers *answers, const struct scenario_set *set, const char *name) {
    struct answerer *answerer = add_answerer(answers, name);
    answerer->profile = profile_named(name);
    answerer->subject = subject_model(answerer->profile, 0);
    run(answerer, set);
}

/* What one trace leaves of each question; of one with deviations what it leaves before the first. */
static void intersect(struct answerer *answerer, const struct trace_shelf *shelf, const char *id) {
    struct trace_verdict verdict;
    struct reason ignored;
    bool broken = false;
    struct scenario *trace = trace_shelf_parse(shelf, id, &broken, &ignored);
    if (trace == NULL) {
        answerer->traces_unreadable++;
        return;
    }
    trace_judge(trace, NULL, &verdict);
    answerer->traces_allowed += verdict.answer == TRACE_ALLOWED;
    answerer->traces_rejected += verdict.answer == TRACE_REJECTED;
    answerer->traces_unreadable += verdict.answer == TRACE_UNREADABLE;
    bool judged = verdict.answer != TRACE_UNREADABLE && verdict.answer != TRACE_NOT_JUDGED;
    for (unsigned question = 1; judged && question < READINGS_MAX; question++)
        answerer->candidates[question] &= verdict.candidates[question];
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

static void judge_traces(struct answerer *answerer, const struct trace_shelf *shelf, const struct path_list *ids) {
    unsigned count = 0;
    const struct reading *rows = readings(&count);
    for (unsigned i = 0; i < count; i++) answerer->candidates[rows[i].question] = (1u << rows[i].candidates_count) - 1;
    for (size_t i = 0; i < ids->count; i++) intersect(answerer, shelf, ids->paths[i]);
}

static void ask_host(struct answers *answers, const struct scenario_set *set, const char *folder, const char *name,
                     enum answers_wanted wanted) {
    char path[FOLDER_PATH_MAX], trouble[FOLDER_PATH_MAX];
    struct path_list traces = { 0 };
    struct trace_shelf shelf = { .arena = NULL };
    struct reason reason;
    snprintf(path, sizeof path, "%s/hosts/%s/traces", folder, name);
    bool there = path_kind_of(path) == PATH_FOLDER && trace_shelf_open(&shelf, path, &reason);
    if (there && trace_shelf_list(&shelf, &traces, trouble) && traces.count > 0) {
        struct answerer *answerer = add_answerer(answers, name);
        if (wanted == ANSWERS_ABOUT_READINGS) {
            judge_traces(answerer, &shelf, &traces);
        } else {
            answerer->subject = subject_traces(path);
            run(answerer, set);
        }
    }
    path_list_free(&traces);
    trace_shelf_free(&shelf);
}

void answers_read_profiles(struct answers *answers, const struct scenario_set *set) {
    assert(answers != NULL && set != NULL);
    ask_profile(answers, set, "documented");
    ask_profile(answers, set, "windows");
}

void answers_read(struct answers *answers, const struct scenario_set *set, const char *folder,
                  enum answers_wanted wanted) {
    char path[FOLDER_PATH_MAX];
    struct path_list hosts = { 0 };
    assert(answers != NULL && set != NULL && folder != NULL);
    answers_read_profiles(answers, set);
    snprintf(path, sizeof path, "%s/hosts", folder);
    folder_children(path, &hosts);
    for (size_t i = 0; i < hosts.count; i++) ask_host(answers, set, folder, hosts.paths[i], wanted);
    path_list_free(&hosts);
}

void answers_read_about(struct answers *answers, const struct scenario_set *set, const char *folder,
                        const struct source *about) {
    struct scenario_set *citing = &answers->citing;
    assert(about->kind == SOURCE_CLAUSE || about->kind == SOURCE_READING);
    for (size_t i = 0; i < set->count; i++) {
        if (!scenario_cites(set->files[i].scenario, about)) continue;
        citing->files = memory_grow(citing->files, citing->count, &citing->capacity, sizeof *citing->files);
        citing->files[citing->count++] = set->files[i];
    }
    answers_read(answers, citing, folder,
                 about->kind == SOURCE_CLAUSE ? ANSWERS_ABOUT_CLAUSES : ANSWERS_ABOUT_READINGS);
}

void answers_free(struct answers *answers) {
    assert(answers != NULL);
    free(answers->citing.files);
    for (size_t i = 0; i < answers->count; i++) {
        free(answers->answerers[i].cited);
        run_record_free(&answers->answerers[i].record);
        subject_free(answers->answerers[i].subject);
    }
    free(answers->answerers);
    *answers = (struct answers){ .count = 0 };
}

/* --- clauses ------------------------------------------------------------------------------------------------------ */

/* Is `@CLAUSE` among these words? */
static bool words_hold(const char *words, const char *clause) {
    size_t length = strlen(clause);
    for (const char *at = strchr(words, '@'); at != NULL; at = strchr(at + 1, '@')) {
        if (strncmp(at + 1, clause, length) == 0 && (at[1 + length] == ' ' || at[1 + length] == '\0')) return true;
    }
    return false;
}

/* Would the clause have been kept by something that was allowed instead? */
static bool clause_was_allowed(const struct step_record *step, const char *clause) {
    for (unsigned i = 0; i < step->allowed_count; i++)
        if (words_hold(step->allowed[i].why, clause)) return true;
    return false;
}

static void count_step(const struct step_record *step, const char *clause, struct clause_tally *tally) {
    bool deviates = step->verdict == VERDICT_DEVIATE_KNOWN || step->verdict == VERDICT_DEVIATE_NEW;
    bool conforms = step->verdict == VERDICT_CONFORM && step->result == STEP_SEEN && step->alternative >= 0;
    if (conforms && outcome_cites(&step->step->outcomes[step->alternative], clause)) tally->conform++;
    else if (deviates && clause_was_allowed(step, clause)) tally->deviates++;
    else tally->undecided++;
}

/* Steps that were never reached, because the host could not give what the scenario asks for. */
static unsigned count_unplayed(const struct instance_record *instance, const char *clause) {
    struct step_order order;
    unsigned count = 0;
    step_order_fill(&order, instance->instance);
    for (unsigned i = instance->steps_count; i < order.count; i++) count += step_cites(order.steps[i], clause);
    return count;
}

struct clause_tally answers_to_clause(const struct answerer *answerer, const char *clause) {
    struct clause_tally tally = { 0 };
    assert(answerer != NULL && clause != NULL);
    uint64_t bit = clause_bit(clause);
    for (size_t i = 0; i < answerer->record.count; i++) {
        const struct instance_record *instance = answerer->record.instances[i];
        if ((answerer->cited[i] & bit) == 0) continue;
        for (unsigned j = 0; j < instance->steps_count; j++)
            if (step_cites(instance->steps[j].step, clause)) count_step(&instance->steps[j], clause, &tally);
        tally.undecided += count_unplayed(instance, clause);
    }
    return tally;
}

/* --- readings ----------------------------------------------------------------------------------------------------- */

static bool outcome_cites_reading(const struct outcome *outcome, unsigned question, unsigned *candidate) {
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        const struct source *source = &outcome->sources[i];
        if (source->kind != SOURCE_READING || source->number != question) continue;
        *candidate = source->candidate;
        return true;
    }
    return false;
}

static void print_bare(const struct scenario *scenario, const struct outcome *outcome, struct text *out) {
    struct outcome bare = *outcome;
    bare.sources_count = 0;
    outcome_print(scenario, &bare, out);
}

/* Does another candidate have another answer here? */
static bool tells_apart(const struct scenario *scenario, const struct step *step, unsigned question, unsigned candidate,
                        const char *answer) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        unsigned other = 0;
        struct text text = { 0 };
        if (!outcome_cites_reading(&step->outcomes[i], question, &other) || other == candidate) continue;
        print_bare(scenario, &step->outcomes[i], &text);
        bool differs = strcmp(text.bytes, answer) != 0;
        text_free(&text);
        if (differs) return true;
    }
    return false;
}

static bool step_asks(const struct step *step, unsigned question) {
    unsigned ignored = 0;
    for (uint32_t i = 0; i < step->outcomes_count; i++)
        if (outcome_cites_reading(&step->outcomes[i], question, &ignored)) return true;
    return false;
}

/* How well a step shows the candidate: best where nothing else decides; worst where the answer depends on others so
 * that the line does not mention it. 0: not at all. */
static unsigned showing(const struct instance_record *instance, const struct step_record *step, unsigned question,
                        unsigned candidate, struct text *answer) {
    enum { TELLS_APART = 1000, ANSWERS = 100, BESIDE = 1 };
    unsigned cited = 0, readings_count = 0;
    if (step->result != STEP_SEEN || step->alternative < 0) return 0;
    const struct outcome *outcome = &step->step->outcomes[step->alternative];
    if (outcome->word == OUTCOME_ANY) return 0;
    if (!outcome_cites_reading(outcome, question, &cited)) {
        if (!step_asks(step->step, question)) return 0;
        text_add(answer, "%s", step->outcome);
        return BESIDE;
    }
    if (cited != candidate) return 0;
    for (uint32_t i = 0; i < outcome->sources_count; i++) readings_count += outcome->sources[i].kind == SOURCE_READING;
    print_bare(instance->instance, outcome, answer);
    bool tells = tells_apart(instance->instance, step->step, question, candidate, answer->bytes);
    assert(readings_count < ANSWERS);
    return (tells ? (unsigned)TELLS_APART : (unsigned)ANSWERS) - readings_count;
}

/* What the model answered where the candidate shows best; the first of equals. */
static void add_answer_of_model(const struct run_record *record, unsigned question, unsigned candidate,
                                struct text *out) {
    struct text best = { 0 };
    unsigned best_showing = 0;
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        for (unsigned j = 0; j < instance->steps_count; j++) {
            struct text answer = { 0 };
            unsigned shows = showing(instance, &instance->steps[j], question, candidate, &answer);
            if (shows > best_showing) {
                struct text old = best;
                best = answer;
                answer = old;
                best_showing = shows;
            }
            text_free(&answer);
        }
    }
    if (best_showing > 0) text_add(out, " %s", best.bytes);
    text_free(&best);
}

static void add_candidates(unsigned left, unsigned count, struct text *out) {
    bool first = true;
    if (left == (1u << count) - 1) text_add(out, "open");
    if (left == 0) text_add(out, "none");
    for (unsigned i = 0; left != (1u << count) - 1 && i < count; i++) {
        if ((left & 1u << i) == 0) continue;
        text_add(out, "%s%c", first ? "" : "|", (char)('a' + i));
        first = false;
    }
}

void answers_add_reading(const struct answerer *answerer, const struct reading *reading, struct text *out) {
    assert(answerer != NULL && reading != NULL && out != NULL);
    if (!reading->modelled) {
        text_add(out, "-");
    } else if (answerer->profile == NULL) {
        add_candidates(answerer->candidates[reading->question], reading->candidates_count, out);
    } else {
        unsigned answer = answerer->profile->answers[reading->question];
        assert(answer > 0);
        text_add(out, "%c", (char)('a' + answer - 1));
        add_answer_of_model(&answerer->record, reading->question, answer - 1, out);
    }
}
