/* A run as its JSON report has it, read back: as much of it as comparing two runs needs. */
#ifndef RESERVOIR_REPORTS_RUN_FILE_H
#define RESERVOIR_REPORTS_RUN_FILE_H

#include "conformance/subjects/subject.h"
#include "conformance/verdicts/verdict.h"

/* Texts live in the file's arena and are fit for a terminal (clean_text.h). */
struct run_file_step {
    unsigned line;
    const char *call;
    const char *answer; /* what was seen, with the routines that ran; else why nothing was */
    const char
        *shown; /* the same with the numbers that its symbols stand for, which differ from run to run; or `answer` */
    enum verdict verdict;
    bool seen;      /* `answer` is what was seen */
    bool sometimes; /* a rule explains it that happens by chance */
};

struct run_file_instance {
    const char *id;
    unsigned subject;  /* index */
    unsigned position; /* in the file */
    enum verdict verdict;
    const char *reason; /* of a verdict that no step has; or NULL */
    unsigned steps_count;
    struct run_file_step *steps;
};

enum { SUBJECTS_IN_FILE_MAX = 16, RUN_FILE_BYTES_MAX = 256 << 20 };

struct run_file_subject {
    const char *name;
    const char *kind;
};

/* Zero-initialise; free with run_file_free. */
struct run_file {
    struct arena *arena;
    const char *path;
    const char *version, *profile, *seed, *reason;
    unsigned subjects_count;
    struct run_file_subject subjects[SUBJECTS_IN_FILE_MAX];
    unsigned instances_count;
    struct run_file_instance *instances; /* in the file's order */
};

/* Reads a file that json_report made. False with a message in `trouble`, one line without its end, that begins with the
 * file, and with line and column where the text is no JSON: FILE:3:14: MESSAGE. */
bool run_file_read(struct run_file *file, const char *path, struct text *trouble);

void run_file_free(struct run_file *file);

#endif
