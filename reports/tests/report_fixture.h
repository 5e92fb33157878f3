/* For tests of reports: records of runs that were never run, named by what came of them. */
#ifndef RESERVOIR_REPORTS_TESTS_REPORT_FIXTURE_H
#define RESERVOIR_REPORTS_TESTS_REPORT_FIXTURE_H

#include "reports/formats/report.h"

/* Zero-initialise, give it one state, and end with report_done. */
struct report_fixture {
    struct run_record record;
    struct report report;
    struct subject model, host;
    struct deviation_rule reviewed_rule, unreviewed_rule;
    struct text out;
};

/* The model and wine-8.0, and no instance. */
void given_empty_run(struct report_fixture *fixture);
/* Two themes, on both; all conform. */
void given_nothing_new(struct report_fixture *fixture);
/* associate/after-bind[udp.v4] and [udp.v6] deviate on wine-8.0 in their last step. */
void given_new_deviation(struct report_fixture *fixture);
/* On wine-8.0 an instance for each verdict: verdicts/NAME. */
void given_every_verdict(struct report_fixture *fixture);
/* Its texts hold markup, quotes, bars, backticks, control characters and bytes that are no UTF-8. */
void given_hostile_texts(struct report_fixture *fixture);

/* One more instance, of two steps that conform. `suffix` may be "". Subject 0 is the model, 1 is wine-8.0. */
struct instance_record *add_instance(struct report_fixture *fixture, const char *scenario, const char *suffix,
                                     unsigned subject);
/* Its last step deviates: two outcomes were allowed, the judge went on from the first. */
void deviates(struct instance_record *instance, const struct deviation_rule *rule);

void report_done(struct report_fixture *fixture);

/* Fails the test unless the text holds the words; says what it holds. */
void check_holds(const struct text *text, const char *words, bool wanted, const char *file, unsigned line);
#define holds(text, words) check_holds(text, words, true, __FILE__, __LINE__)
#define lacks(text, words) check_holds(text, words, false, __FILE__, __LINE__)

#endif
