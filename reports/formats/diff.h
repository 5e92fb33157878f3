/* Two runs, instance by instance: what is new, what is gone, what got worse, better, or otherwise different.
 *
 * Verdicts have an order of severity (conformance/verdicts/verdict.h). An instance
 *   is added    when only the later run has it,
 *   is gone     when only the earlier one has it,
 *   got worse   when its verdict is more severe than it was, or, its verdict being the same, a step's is,
 *   is fixed    when it is less severe, likewise,
 *   is changed  when the verdicts are the same, but not what was answered,
 *   is the same otherwise.
 * Instances are paired by their identifiers, subjects by their names; subjects whose names have no partner are paired
 * by kind, in order, so that two versions of a host can be compared. */
#ifndef RESERVOIR_REPORTS_DIFF_H
#define RESERVOIR_REPORTS_DIFF_H

#include "reports/formats/run_file.h"

enum change { CHANGE_WORSE, CHANGE_FIXED, CHANGE_CHANGED, CHANGE_ADDED, CHANGE_GONE, CHANGE_SAME, CHANGES_COUNT };

struct diff_counts {
    unsigned changes[CHANGES_COUNT];
    unsigned added_failing; /* of the added ones, those whose verdict fails a run */
};

/* Compares and adds the report: the two runs, each instance that is not the same, and the counts. */
void diff_report(const struct run_file *before, const struct run_file *after, struct text *out,
                 struct diff_counts *counts);

/* Do two answers differ in numbers of ports only, or not at all? */
bool diff_same_but_ports(const char *one, const char *other);

/* 1 when something got worse, or was added and fails; else 0. */
int diff_exit_status(const struct diff_counts *counts);

#endif
