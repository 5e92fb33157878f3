/* The options of `reservoir run` and, some of them, of `reservoir resume`: one table. */
#ifndef RESERVOIR_REPORTS_RUN_OPTIONS_H
#define RESERVOIR_REPORTS_RUN_OPTIONS_H

#include "conformance/base/folders.h"
#include "conformance/runner/runner.h"
#include "reports/commands/options.h"
#include "reports/commands/readings_given.h"

enum { REPORTS_MAX = 8, FILTERS_MAX = 8, DEVIATIONS_FILES_MAX = 8, PROFILE_NAMES_COUNT = 3 };

enum report_kind {
    REPORT_TEXT,
    REPORT_TAP,
    REPORT_JUNIT,
    REPORT_JSON,
    REPORT_MARKDOWN,
    REPORT_TABLE,
    REPORT_ERRORS,
    REPORT_CLAUSES,
    REPORT_GITHUB
};

struct report_request {
    enum report_kind kind;
    const char *path; /* NULL: standard output */
};

/* Strings are the command line's own. Zero-initialise; free with run_options_free. */
struct run_options {
    struct path_list paths;
    bool on_model, on_host;
    const struct profile *on_profiles[PROFILE_NAMES_COUNT]; /* --on documented: the model by that profile */
    unsigned on_profiles_count;
    struct host_command commands[HOST_ACCOUNTS_MAX + 1]; /* [0] is --host, when there is one */
    unsigned commands_count;
    char *accounts[HOST_ACCOUNTS_MAX + 1]; /* owned */
    char *provider;                        /* --provider: its agent's command; owned */
    const char *traces;                    /* --host-trace */
    const char *host_name;
    const char *scenarios;    /* the tree with hosts/ in it */
    const char *profile_name; /* NULL: none was named */
    struct readings_given readings;
    struct switched_profile answers_by, held_to; /* with those readings, where any are given: the model, a host */
    const char *store;                           /* --store: the model's persistent store */
    uint64_t seed, repeat, jobs;
    uint64_t agents;           /* --agents: so many processes ask the host */
    const char *agents_in;     /* --agents-in: each through this command */
    struct path_list numbered; /* commands with the number of such a process; owned */
    bool twice;
    struct report_request reports[REPORTS_MAX];
    unsigned reports_count;
    const char *reason; /* of the run; NULL: not said */
    const char *record, *accept;
    const char *unseen, *accept_unseen; /* the record of what the host does not show: read, written */
    const char *capture;                /* --capture: a file, or a folder */
    const char *capture_live, *packets; /* an interface; a file that was captured before */
    bool capture_calls;
    bool abandon;        /* of resume */
    const char *restart; /* --restart: a command that restarts the host's machine */
    struct filter filters[FILTERS_MAX];
    unsigned filters_count;
    unsigned fail_on; /* a set of verdicts */
    bool fail_on_unreviewed;
    bool verbose, quiet, list, first_failure, last_failed, shuffled, no_times;
    uint64_t max_failures, durations, shuffle_seed;
    uint64_t step_limit_s;                        /* --step-limit, or 0 */
    unsigned shard, shards;                       /* --shard: number `shard` (0 is the first) of `shards`; 0: all */
    const char *deviations[DEVIATIONS_FILES_MAX]; /* --deviations: besides those of the host's name */
    unsigned deviations_count;
};

/* Reads the words of `run`. 0, or 2 having complained; -1 after --help. */
int run_options_read(struct run_options *options, int count, char **arguments);
void run_options_free(struct run_options *options);

/* The words that `reservoir resume` needs of these options: hosts, profile, scenarios. */
void run_options_words(const struct run_options *options, struct path_list *words);

/* Once all words are read: makes the two profiles that follow from --profile and --reading. */
void run_options_switch(struct run_options *options);

/* Puts the number of the process that asks the host (players.h) into the commands that have {}. */
void run_options_number(struct run_options *options, unsigned number);

/* What the model answers by. */
const struct profile *run_options_profile(const struct run_options *options);
/* What a host is held to; NULL: every reading is open. */
const struct profile *run_options_judged_by(const struct run_options *options);

/* documented, windows, any; NULL at the end: the choices of every --profile. */
extern const char *const profile_names[];

/* documented, windows, or any (every reading open). NULL for another name. */
const struct profile *profile_for(const char *name);

#endif
