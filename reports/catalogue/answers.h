/* What each profile and each host answered: for a clause how many steps agree with it, for an open question which
 * candidates are left.
 *
 * Profiles answer by the model, which is run for the purpose. Hosts answer by their recorded traces,
 * FOLDER/hosts/NAME/traces:
 * these are judged again each time, so that nothing is kept that could go stale. A host without traces has no
 * column. */
#ifndef RESERVOIR_REPORTS_ANSWERS_H
#define RESERVOIR_REPORTS_ANSWERS_H

#include "conformance/runner/runner.h"
#include "conformance/runner/scenario_set.h"
#include "stack/readings.h"

/* What is to be found out; each costs a run of its own. */
enum answers_wanted { ANSWERS_ABOUT_CLAUSES, ANSWERS_ABOUT_READINGS };

struct answerer {
    char name[SUBJECT_NAME_MAX];
    const struct profile *profile; /* NULL: a host */
    struct subject *subject;       /* owned */
    struct run_record record;      /* of a profile; of a host when clauses are wanted */
    uint64_t *cited;               /* by each instance of the record: instance_clause_bits(). Owned */
    unsigned
        candidates[READINGS_MAX]; /* of a host when readings are wanted: what all its traces leave, as a set of bits */
    unsigned traces_allowed, traces_rejected, traces_unreadable; /* likewise */
};

/* Zero-initialise; free with answers_free. */
struct answers {
    struct answerer *answerers; /* documented, windows, then hosts by name */
    size_t count, capacity;
    struct scenario_set citing; /* of answers_read_about(); its files are those of the set that was given */
};

/* Runs and judges. The set and the folder must outlive `answers`. */
void answers_read(struct answers *answers, const struct scenario_set *set, const char *folder,
                  enum answers_wanted wanted);
/* The same about one clause or one question: only scenarios that cite it are played. What hosts leave of a question all
 * their traces say. */
void answers_read_about(struct answers *answers, const struct scenario_set *set, const char *folder,
                        const struct source *about);
/* The two named profiles alone, about clauses. */
void answers_read_profiles(struct answers *answers, const struct scenario_set *set);
void answers_free(struct answers *answers);

/* Steps that cite a clause. Conform: what was answered is an alternative that cites it. Deviate: an alternative that
 * cites it was allowed, and something else was answered that was not. Undecided: not sent, not supported by the host,
 * refused because the provider does not implement the three codes, or answered as another alternative says, which shows
 * nothing of the clause. */
struct clause_tally {
    unsigned conform, deviates, undecided;
};
struct clause_tally answers_to_clause(const struct answerer *answerer, const char *clause);

/* A profile: its candidate, and what the model answers where a scenario shows how it differs from the others: `a
 * WSAEINVAL`. A host: the candidates that are left: `a`, `a|c`, `open`; `none` when its traces contradict each other.
 * `-`: the model never asks. */
void answers_add_reading(const struct answerer *answerer, const struct reading *reading, struct text *out);

#endif
