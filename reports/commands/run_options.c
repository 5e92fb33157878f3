#include "reports/commands/run_options.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/nearest.h"
#include "conformance/base/reason.h"
#include "reports/commands/commands.h"
#include "reports/commands/place.h"
#include "reports/commands/players.h"
#include "reports/commands/provider_command.h"
#include "reports/commands/workers.h"
#include "reports/formats/json.h"
#include "reports/formats/junit.h"
#include "stack/readings.h"

const struct profile *profile_for(const char *name) {
    static const struct profile any = { .name = "any", .answers = { 0 } };
    assert(name != NULL);
    return strcmp(name, "any") == 0 ? &any : profile_named(name);
}

/* --- options that need more than a line --------------------------------------------------------------------------- */

static int take_on(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    bool model = strcmp(value, "model") == 0, host = strcmp(value, "host") == 0;
    const struct profile *profile = profile_for(value);
    if (!model && !host && profile == NULL)
        return options_wrong(options, "--on wants model, host or the name of a profile, not %s", value);
    run->on_model |= model;
    run->on_host |= host;
    for (unsigned i = 0; i < run->on_profiles_count; i++)
        if (run->on_profiles[i] == profile) return 0;
    if (profile != NULL) run->on_profiles[run->on_profiles_count++] = profile;
    return 0;
}

static int take_host(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    if (run->commands_count > 0 && run->commands[0].account == NULL)
        return options_wrong(options, "--host was given twice");
    if (run->commands_count == HOST_ACCOUNTS_MAX + 1) return options_wrong(options, "too many agents");
    memmove(run->commands + 1, run->commands, run->commands_count * sizeof *run->commands);
    run->commands[0] = (struct host_command){ .account = NULL, .command = value };
    run->commands_count++;
    return 0;
}

static int take_host_as(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value || equals[1] == '\0')
        return options_wrong(options, "--host-as wants ACCOUNT='COMMAND', not %s", value);
    if (run->commands_count == HOST_ACCOUNTS_MAX + 1) return options_wrong(options, "too many agents");
    unsigned index = run->commands_count++;
    unsigned account = 0;
    while (run->accounts[account] != NULL) account++;
    run->accounts[account] = memory_copy_text(value, (size_t)(equals - value));
    run->commands[index] = (struct host_command){ .account = run->accounts[account], .command = equals + 1 };
    return 0;
}

/* The agent is started with it, whoever's scenarios are played. */
static int take_provider(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    struct reason reason = { "" };
    if (run->provider != NULL) return options_wrong(options, "--provider was given twice");
    run->provider = provider_command(value, &reason);
    if (run->provider == NULL) return options_wrong(options, "--provider %s", reason.text);
    run->on_host = true;
    return take_host(target, options, run->provider);
}

static int take_filter(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    if (run->filters_count == FILTERS_MAX) return options_wrong(options, "more than %d filters", FILTERS_MAX);
    struct reason reason;
    if (filter_read(value, &run->filters[run->filters_count], &reason)) {
        run->filters_count++;
        return 0;
    }
    return options_wrong(options, "--filter: %s", reason.text);
}

static int take_expression(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    char wrong[80];
    if (run->filters_count == FILTERS_MAX) return options_wrong(options, "more than %d filters", FILTERS_MAX);
    if (!filter_read_expression(value, &run->filters[run->filters_count], wrong))
        return options_wrong(options, "-k %s: %s", value, wrong);
    run->filters_count++;
    return 0;
}

/* I/N */
static int take_shard(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    unsigned index = 0, count = 0, length = 0;
    bool read = strspn(value, "0123456789/") == strlen(value) &&
                sscanf(value, "%5u/%5u%n", &index, &count, (int *)&length) == 2;
    if (!read || value[length] != '\0' || index < 1 || index > count)
        return options_wrong(options, "--shard wants I/N, the I-th of N parts, such as 1/4; not %s", value);
    run->shard = index - 1;
    run->shards = count;
    return 0;
}

static int take_shuffle(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    run->shuffled = true;
    return options_take_number(options, "--shuffle", value, 0, UINT64_MAX, &run->shuffle_seed);
}

/* The kind of this name (`length` bytes); false when there is none. */
static bool report_kind_named(const char *name, size_t length, enum report_kind *kind) {
    static const char *const names[] = {
        [REPORT_TEXT] = "text",     [REPORT_TAP] = "tap",           [REPORT_JUNIT] = "junit",
        [REPORT_JSON] = "json",     [REPORT_MARKDOWN] = "markdown", [REPORT_TABLE] = "table",
        [REPORT_GITHUB] = "github", [REPORT_ERRORS] = "errors",     [REPORT_CLAUSES] = "clauses",
    };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) != length || memcmp(names[i], name, length) != 0) continue;
        *kind = (enum report_kind)i;
        return true;
    }
    return false;
}

static int take_report(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    if (run->reports_count == REPORTS_MAX) return options_wrong(options, "more than %d reports", REPORTS_MAX);
    size_t length = strcspn(value, "=");
    struct report_request *report = &run->reports[run->reports_count++];
    if (!report_kind_named(value, length, &report->kind))
        return options_wrong(
            options,
            "--report wants text, tap, junit, json, markdown, table, errors, clauses or github, with =FILE if need be, not %s",
            value);
    if (report->kind == REPORT_JSON && !json_is_built_in())
        return options_wrong(options, "this build has no JSON: it was made without jansson");
    if (report->kind == REPORT_JUNIT && !junit_can_be_written())
        return options_wrong(options, "no JUnit XML here: that needs libxml2 (Debian's package of that name)");
    report->path = value[length] == '=' ? value + length + 1 : NULL;
    for (const struct report_request *other = run->reports; other < report; other++) {
        bool same = report->path == NULL || other->path == NULL ? report->path == other->path
                                                                : strcmp(report->path, other->path) == 0;
        if (same)
            return options_wrong(options, "two reports go to %s",
                                 report->path == NULL ? "standard output" : report->path);
    }
    if (report->path != NULL && report->path[0] == '\0')
        return options_wrong(options, "--report %s lacks the file's name", value);
    return 0;
}

static int refuse_fail_on(const struct options *options, const char *word, unsigned length) {
    struct nearest nearest = nearest_to(word, length);
    struct text all = { 0 };
    for (unsigned i = 0; i < VERDICTS_COUNT; i++) {
        nearest_offer(&nearest, verdict_name((enum verdict)i));
        text_add(&all, "%s, ", verdict_name((enum verdict)i));
    }
    nearest_offer(&nearest, "unreviewed");
    if (nearest.best != NULL)
        options_wrong(options, "--fail-on: no verdict %.*s; did you mean %s?", (int)length, word, nearest.best);
    else
        options_wrong(options, "--fail-on: no verdict %.*s; expected %sor unreviewed, with commas between", (int)length,
                      word, all.bytes);
    text_free(&all);
    return 2;
}

/* A verdict, or `unreviewed`. */
static int take_fail_on(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    for (const char *word = value;; word++) {
        unsigned length = (unsigned)strcspn(word, ",");
        enum verdict verdict = verdict_named(word, length);
        bool unreviewed = length == strlen("unreviewed") && memcmp(word, "unreviewed", length) == 0;
        if (unreviewed) run->fail_on_unreviewed = true;
        else if (verdict != VERDICTS_COUNT) run->fail_on |= 1u << verdict;
        else return refuse_fail_on(options, word, length);
        word += length;
        if (*word == '\0') return 0;
    }
}

static int take_deviations(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    if (run->deviations_count == DEVIATIONS_FILES_MAX)
        return options_wrong(options, "more than %d files", DEVIATIONS_FILES_MAX);
    run->deviations[run->deviations_count++] = value;
    return 0;
}

static int take_reading(void *target, struct options *options, const char *value) {
    struct run_options *run = target;
    return readings_given_take(&run->readings, options, value);
}

static void keep_readings(const void *target, struct path_list *words) {
    const struct run_options *run = target;
    readings_given_words(&run->readings, words);
}

/* What `resume` needs again: the agents, each with its account. */
static void keep_host(const void *target, struct path_list *words) {
    const struct run_options *run = target;
    for (unsigned i = 0; i < run->commands_count; i++) {
        const struct host_command *command = &run->commands[i];
        struct text word = { 0 };
        if (command->account == NULL) text_add(&word, "--host=%s", command->command);
        else text_add(&word, "--host-as=%s=%s", command->account, command->command);
        path_list_add(words, word.bytes);
        text_free(&word);
    }
}

/* keep_host wrote them all. */
static void keep_nothing(const void *target, struct path_list *words) {
    (void)target;
    (void)words;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

enum { IN_RUN = 1u << 1, IN_RESUME = 1u << 2, IN_BOTH = IN_RUN | IN_RESUME };

const char *const profile_names[] = { "documented", "windows", "any", NULL };

#define MEMBER(name) .member = offsetof(struct run_options, name)

/* clang-format off */
static const struct option_row option_rows[] = {
    { .kind = OPTION_TITLE, .help = "Who answers", .marks = IN_BOTH },
    { .kind = OPTION_TAKEN, .name = "--on", .value = "WHO",
      .help = "model, host, or a profile, by which the model answers under that name; repeatable; the model when not said", .take = take_on,
      .marks = IN_RUN },
    { .kind = OPTION_TAKEN, .name = "--host", .value = "'COMMAND'", .take = take_host, .keep = keep_host, .marks = IN_BOTH | OPTION_KEPT,
      .help = "starts the host's agent; it speaks lines on its standard input and output" },
    { .kind = OPTION_TAKEN, .name = "--host-as", .value = "ACCOUNT='COMMAND'", .take = take_host_as, .keep = keep_nothing,
      .marks = IN_BOTH | OPTION_KEPT, .help = "the agent for scenarios whose first process runs as ACCOUNT; repeatable" },
    { .kind = OPTION_NUMBER, .name = "--agents", .value = "N", MEMBER(agents), .least = 1, .most = PLAYERS_MAX, .marks = IN_RUN,
      .help = "so many processes ask the host, side by side, each with agents of its own, and a machine or network of its own: {} "
              "in --host, --host-as and --agents-in is the number of the process, from 1. What restarts the machine is played by the run itself, "
              "which is number 0. Reports are the same as from one (1)" },
    { .kind = OPTION_TEXT, .name = "--agents-in", .value = "'COMMAND'", MEMBER(agents_in), .marks = IN_RUN,
      .help = "the command that each process of --agents is started through, such as one that enters a network: `COMMAND WORD...`, which "
              "runs these words and leaves them its standard input and output" },
    { .kind = OPTION_TAKEN, .name = "--provider", .value = "FILE", .take = take_provider, .keep = keep_nothing, .offer = OFFER_FILES,
      .marks = IN_RUN, .help = "a Winsock provider as the host: a library for this system that exports WSPStartup" },
    { .kind = OPTION_NUMBER, .name = "--step-limit", .value = "SECONDS", MEMBER(step_limit_s), .least = 1, .most = 3600, .marks = IN_RUN,
      .help = "a host that has said nothing for so long, beside the time that a call may take, has hung: it is ended, and started "
              "again for the next scenario (15)" },
    { .kind = OPTION_TEXT, .name = "--host-trace", .value = "DIR", MEMBER(traces), .offer = OFFER_FOLDERS, .marks = IN_RUN,
      .help = "what a host answered once: DIR/THEME/NAME.trace" },
    { .kind = OPTION_TEXT, .name = "--host-name", .value = "NAME", MEMBER(host_name), .marks = IN_BOTH | OPTION_KEPT,
      .help = "whose deviations are known: those in scenarios/hosts/NAME/deviations; when not said, what the host says of itself, such "
              "as wine-8.0" },
    { .kind = OPTION_TAKEN, .name = "--deviations", .value = "FILE", .take = take_deviations, .offer = OFFER_FILES, .marks = IN_BOTH,
      .help = "further rules for the host, after those that are known by its name: what --accept wrote, or those of another host "
              "(scenarios/hosts/NAME/deviations) that it inherits from; repeatable" },
    { .kind = OPTION_TEXT, .name = "--scenarios", .value = "DIR", MEMBER(scenarios), .offer = OFFER_FOLDERS, .marks = IN_BOTH | OPTION_KEPT,
      .help = "the tree of scenarios, in which hosts/ stands; when not said, the one that `reservoir help` describes" },
    { .kind = OPTION_TEXT, .name = "--profile", .value = "NAME", MEMBER(profile_name), .choices = profile_names,
      .marks = IN_BOTH | OPTION_KEPT,
      .help = "documented, windows or any. The model answers open questions so (windows when not said); a host is held to it only "
              "when it is said, otherwise every reading is open" },
    { .kind = OPTION_TAKEN, .name = "--reading", .value = "Q38=b", .take = take_reading, .keep = keep_readings, .marks = IN_BOTH | OPTION_KEPT,
      .help = "the model answers this question so, whatever the profile says, and a host is held to it; repeatable" },
    { .kind = OPTION_TEXT, .name = "--store", .value = "FILE", MEMBER(store), .offer = OFFER_FILES, .marks = IN_RUN,
      .help = "the model's persistent reservations and exclusions, kept from one run to the next" },
    { .kind = OPTION_NUMBER, .name = "--seed", .value = "N", MEMBER(seed), .most = UINT64_MAX, .marks = IN_RUN,
      .help = "0 is an ordinary machine; others draw what the profile leaves open (0)" },

    { .kind = OPTION_TITLE, .help = "What is run", .marks = IN_RUN },
    { .kind = OPTION_TAKEN, .name = "--filter", .value = "WHAT", .take = take_filter, .marks = IN_RUN,
      .help = "clause=ID: scenarios that cite a clause, or one of several (ERR-*); fact=W22, client=msquic, reading=Q38, name=GLOB, theme=GLOB likewise; with `!=` those that do not. All "
              "filters have to hold" },
    { .kind = OPTION_TAKEN, .letter = 'k', .name = "--keyword", .value = "EXPR", .take = take_expression, .marks = IN_RUN,
      .help = "instances whose name has a word: -k after-bind, -k 'udp and not v6', -k '(pool or bind) and tcp'" },
    { .kind = OPTION_FLAG, .name = "--last-failed", MEMBER(last_failed), .marks = IN_RUN,
      .help = "what failed in the last run that was started in this folder; everything when nothing did" },
    { .kind = OPTION_TAKEN, .name = "--shard", .value = "I/N", .take = take_shard, .marks = IN_RUN,
      .help = "the I-th of N parts, by scenario, so that N machines share the work: --shard 1/4 to --shard 4/4" },
    { .kind = OPTION_FLAG, .name = "--list", MEMBER(list), .marks = IN_RUN,
      .help = "plays nothing: names the instances that would be played, a line each" },
    { .kind = OPTION_TAKEN, .name = "--shuffle", .value = "N", .take = take_shuffle, .marks = IN_RUN,
      .help = "plays in an order drawn from the number N; reports keep theirs, so that nothing may depend on the order" },
    { .kind = OPTION_FLAG, .letter = 'x', .name = "--exit-first", MEMBER(first_failure), .marks = IN_RUN,
      .help = "stops after the first failure; as --max-failures 1" },
    { .kind = OPTION_NUMBER, .name = "--max-failures", .value = "N", MEMBER(max_failures), .least = 1, .most = 1000000, .marks = IN_RUN,
      .help = "stops after N instances that fail, those of --fail-on among them; the rest is counted as not played" },
    { .kind = OPTION_NUMBER, .name = "--repeat", .value = "N", MEMBER(repeat), .least = 1, .most = 1000000, .marks = IN_RUN,
      .help = "each instance N times; runs that disagree are flaky. What stops for a restart runs once" },
    { .kind = OPTION_FLAG, .name = "--twice", MEMBER(twice), .marks = IN_RUN,
      .help = "each instance twice; the traces have to be the same bytes (on a host: live values aside)" },

    { .kind = OPTION_TITLE, .help = "What comes out", .marks = IN_BOTH },
    { .kind = OPTION_TAKEN, .name = "--report", .value = "KIND[=FILE]", .take = take_report, .marks = IN_BOTH,
      .help = "text, tap, junit, json, markdown, table, errors (the page's errors by their causes, which table has too), "
              "clauses (which of them were played, by whom), or github (annotations of a workflow); repeatable; text on standard output when not said" },
    { .kind = OPTION_FLAG, .letter = 'v', .name = "--verbose", MEMBER(verbose), .marks = IN_BOTH,
      .help = "text: every step of every instance with what was answered; of one scenario of up to 100 steps also when not said" },
    { .kind = OPTION_FLAG, .letter = 'q', .name = "--quiet", MEMBER(quiet), .marks = IN_BOTH,
      .help = "text: only what fails, and the summary" },
    { .kind = OPTION_NUMBER, .letter = 'j', .name = "--jobs", .value = "N", MEMBER(jobs), .least = 1, .most = WORKERS_MAX, .marks = IN_RUN,
      .help = "processes that share the work of a large suite on the model; when not said, one for each processor" },
    { .kind = OPTION_NUMBER, .name = "--durations", .value = "N", MEMBER(durations), .least = 1, .most = 1000000, .marks = IN_BOTH,
      .help = "text: the N instances that took longest" },
    { .kind = OPTION_FLAG, .name = "--no-times", MEMBER(no_times), .marks = IN_BOTH,
      .help = "no times in JUnit and JSON, so that two runs of the same give the same bytes" },
    { .kind = OPTION_TEXT, .name = "--reason", .value = "TEXT", MEMBER(reason), .marks = IN_BOTH,
      .help = "why this is run, for the reports; `CI` or `by hand` when not said" },
    { .kind = OPTION_TEXT, .name = "--record", .value = "DIR", MEMBER(record), .offer = OFFER_FOLDERS, .marks = IN_RUN,
      .help = "keeps a trace of each instance: DIR/THEME/NAME.trace, or DIR/SUBJECT/... with several subjects; written step by step" },
    { .kind = OPTION_TEXT, .name = "--capture", .value = "FILE", MEMBER(capture), .offer = OFFER_FILES, .marks = IN_RUN,
      .help = "keeps the packets of the model, or of --capture-live, for Wireshark: FILE.pcap, FILE.pcapng, or a line each in FILE.txt. "
              "One instance after another: each begins at the next whole second of the virtual clock. A folder (FOLDER/) gets a file for "
              "each instance in which there was a packet. In .pcapng and .txt each link of several machines has its name" },
    { .kind = OPTION_FLAG, .name = "--capture-calls", MEMBER(capture_calls), .marks = IN_RUN,
      .help = "the calls as well, in .pcapng on an interface of their own, with process, thread and handle; sim/capture/reservoir.lua "
              "shows them in Wireshark" },
    { .kind = OPTION_TEXT, .name = "--capture-live", .value = "INTERFACE", MEMBER(capture_live), .marks = IN_RUN,
      .help = "records this interface (lo) while the host's agent runs, so that its `expect packet` lines can be checked; wants root" },
    { .kind = OPTION_TEXT, .name = "--packets", .value = "FILE", MEMBER(packets), .offer = OFFER_FILES, .marks = IN_RUN,
      .help = "with --host-trace: a capture that was recorded beside the traces; their `expect packet` lines are checked in it. Of a folder "
              "each instance has its own, as --capture FOLDER/ leaves them" },
    { .kind = OPTION_TEXT, .name = "--restart", .value = "COMMAND", MEMBER(restart), .marks = IN_BOTH,
      .help = "restarts the host's machine and returns when that is up and its agent can be started. When all else is played the "
              "agents quit, this is run once, and all that stopped at a `reboot` is resumed; again for a second `reboot`. Nothing else "
              "restarts the machine. Without it, what stops is inconclusive; recorded, it can be resumed later: `reservoir resume DIR`" },
    { .kind = OPTION_FLAG, .name = "--abandon", MEMBER(abandon), .marks = IN_RESUME,
      .help = "plays nothing: removes what these instances left on the machine, and says of each whether that was possible. The "
              "machine has to have restarted for this too" },
    { .kind = OPTION_TEXT, .name = "--accept", .value = "FILE", MEMBER(accept), .offer = OFFER_FILES, .marks = IN_BOTH,
      .help = "appends new deviations of the host as rules to be reviewed" },
    { .kind = OPTION_TEXT, .name = "--unseen", .value = "FILE", MEMBER(unseen), .offer = OFFER_FILES, .marks = IN_BOTH,
      .help = "what the host is known not to show (scenarios/hosts/NAME/unseen): a run that is unsupported or inconclusive and not recorded there is "
              "unseen-new, one that is recorded and was seen conform-unexpected; both end with status 1" },
    { .kind = OPTION_TEXT, .name = "--accept-unseen", .value = "FILE", MEMBER(accept_unseen), .offer = OFFER_FILES, .marks = IN_BOTH,
      .help = "writes that record as this run has it; what FILE says of scenarios that were not played stays" },
    { .kind = OPTION_TAKEN, .name = "--fail-on", .value = "LIST", .take = take_fail_on, .marks = IN_BOTH,
      .help = "these verdicts also end with status 1: unsupported,not-modelled,inconclusive,deviate-known; `unreviewed` stands for deviations that are "
              "known by rules which are still to be reviewed" },
};
/* clang-format on */

static int take_path(void *target, struct options *options, const char *word) {
    struct run_options *run = target;
    (void)options;
    path_list_add(&run->paths, word);
    return 0;
}

static int take_folder(void *target, struct options *options, const char *word) {
    struct run_options *run = target;
    if (options->keeper != NULL) return take_path(target, options, word);
    if (run->record != NULL) return options_wrong(options, "one folder is resumed at a time, not %s as well", word);
    run->record = word;
    return 0;
}

const struct command command_run_is = {
    .name = "run",
    .synopsis = "[OPTION...] [SCENARIO...]",
    .summary = "play scenarios on the model, on a host, or both, and judge what they answer",
    .description =
        "Plays scenarios, compares every step with what its line allows, and judges every step of a host by the model. A trace can be "
        "run like a scenario.\n"
        "A SCENARIO is a file, `-` (standard input), a folder with *.scn in it or below it, or a name in the tree of scenarios: a theme (associate), a "
        "scenario (after-bind, associate/after-bind), or one instance of it (after-bind[udp.v6]). All of the tree when none is named.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .marks = IN_RUN,
    .examples =
        "reservoir run\n"
        "reservoir run associate/after-bind --profile documented\n"
        "reservoir run --filter reading=Q38 --record build/traces\n"
        "reservoir run --on model --on host --host 'ssh MACHINE agent.exe' --report text --report tap=result.tap\n"
        "reservoir run persistent --on host --host 'ssh VM agent.exe' --restart 'restart-vm-and-wait VM'\n"
        "reservoir run --on host --host-trace scenarios/hosts/wine-8.0/traces\n"
        "reservoir run errors --on documented --on windows --on host --host 'ssh MACHINE agent.exe' --report table\n"
        "reservoir run --filter 'clause=ERR-*'\n"
        "reservoir run connections --capture connections.pcap\n"
        "reservoir run connections --on host --host 'ssh MACHINE agent.exe' --capture-live eth0\n"
        "reservoir run plain-bind --on host --host-trace traces --packets recorded.pcapng",
    .status =
        "0 nothing new; 1 a new deviation, a recorded one that did not happen, or flaky runs; 2 wrong usage, a broken scenario, a "
        "broken host, or nothing selected.",
    .take_word = take_path,
    .run = command_run,
};

const struct command command_resume_is = {
    .name = "resume",
    .synopsis = "DIR [OPTION...]",
    .summary = "resume what stopped until the host's machine has restarted",
    .description =
        "Resumes the instances that stopped at a `reboot` in `reservoir run --record DIR`, when the host's machine has restarted. "
        "Their finished traces take the place of the stopped ones. Reports are as of `run`, of these instances only; their steps from "
        "before the restart are reported from their traces. One that needs a second restart stops again.\n"
        "Host, profile and scenarios are those of the run, which DIR/resume keeps; resume in the folder in which it was started. Where "
        "that file is not there, or something else is wanted, say so by the options; it has to be the same host.",
    .rows = option_rows,
    .rows_count = sizeof option_rows / sizeof option_rows[0],
    .marks = IN_RESUME,
    .examples = "reservoir run persistent --on host --host 'ssh MACHINE agent.exe' --record build/persistent\n"
                "ssh MACHINE shutdown /r /t 0; sleep 300; reservoir resume build/persistent\n"
                "reservoir resume build/persistent --report tap=result.tap\n"
                "reservoir resume build/persistent --abandon",
    .status = "as of `reservoir run`; 2 also when there is nothing to resume, or --abandon could not remove something.",
    .take_word = take_folder,
    .run = command_resume,
};

/* --- all together ------------------------------------------------------------------------------------------------- */

/* A capture is of one machine. */
static bool check_captures(const struct run_options *run, const struct options *options) {
    unsigned models = run->on_profiles_count + run->on_model;
    if (run->capture_live != NULL && run->commands_count == 0)
        options_wrong(options, "--capture-live records while an agent runs; say --on host --host 'COMMAND' as well");
    else if (run->packets != NULL && run->traces == NULL)
        options_wrong(options, "--packets belongs to recorded traces; say --on host --host-trace DIR as well");
    else if (run->capture_calls && run->capture == NULL)
        options_wrong(options, "--capture-calls wants --capture FILE.pcapng");
    else if (run->capture != NULL && run->capture_live == NULL && models == 0)
        options_wrong(options,
                      "--capture keeps packets of the model; of a host they come with --capture-live INTERFACE");
    else if (run->capture != NULL && run->capture_live == NULL && models > 1)
        options_wrong(options, "--capture keeps the packets of one model, and %u are asked", models);
    else return true;
    return false;
}

/* Two agents on one machine would be in each other's way: what one binds, the other is refused. */
static bool check_agents(const struct run_options *run, const struct options *options) {
    const char *host = run->commands_count > 0 ? run->commands[0].command : NULL;
    if (run->agents < 2 && run->agents_in != NULL) options_wrong(options, "--agents-in belongs to --agents N");
    else if (run->agents < 2) return true;
    else if (host == NULL) options_wrong(options, "--agents requires --host 'COMMAND'");
    else if (run->agents_in == NULL && strstr(host, "{}") == NULL)
        options_wrong(options,
                      "--agents wants --agents-in, or {} in --host for the number of each agent's own machine");
    else if (run->capture != NULL) options_wrong(options, "--capture keeps the packets of one agent, not of --agents");
    else if (run->capture_live != NULL && run->agents_in == NULL)
        options_wrong(options, "--capture-live with --agents wants --agents-in: each records a network of its own");
    else return true;
    return false;
}

/* The command with the number in it; itself where it has no place for one. */
static const char *numbered(struct run_options *run, const char *command, unsigned number) {
    struct text text = { 0 };
    if (command == NULL || strstr(command, "{}") == NULL) return command;
    text_add_numbered(&text, command, number);
    path_list_add(&run->numbered, text.bytes);
    text_free(&text);
    return run->numbered.paths[run->numbered.count - 1];
}

void run_options_number(struct run_options *run, unsigned number) {
    assert(run != NULL);
    if (run->agents < 2) return;
    for (unsigned i = 0; i < run->commands_count; i++)
        run->commands[i].command = numbered(run, run->commands[i].command, number);
    run->restart = numbered(run, run->restart, number);
}

void run_options_switch(struct run_options *run) {
    assert(run != NULL);
    const char *name = run->profile_name;
    readings_given_switch(&run->readings, profile_for(name == NULL ? "windows" : name), &run->answers_by);
    readings_given_switch(&run->readings, profile_for(name == NULL ? "any" : name), &run->held_to);
}

/* What is said of a host, and none is asked: an option that would do nothing is a mistake. */
static bool check_without_host(const struct run_options *run, const struct options *options) {
    const char *lost = run->accept != NULL          ? "--accept"
                       : run->unseen != NULL        ? "--unseen"
                       : run->accept_unseen != NULL ? "--accept-unseen"
                       : run->deviations_count > 0  ? "--deviations"
                       : run->host_name != NULL     ? "--host-name"
                       : run->step_limit_s != 0     ? "--step-limit"
                                                    : NULL;
    if (lost != NULL) options_wrong(options, "%s requires --on host", lost);
    return lost == NULL;
}

static int check(struct run_options *run, const struct options *options) {
    bool named = run->commands_count > 0 || run->traces != NULL;
    bool has_host = run->commands_count > 0 && run->commands[0].account == NULL;
    if (run->on_host && !named) return options_wrong(options, "--on host wants --host 'COMMAND' or --host-trace DIR");
    if (named && !run->on_host) return options_wrong(options, "a host is named, but not --on host");
    if (run->commands_count > 0 && !has_host)
        return options_wrong(options, "--host-as requires --host for all other accounts");
    if (!run->on_host && !check_without_host(run, options)) return 2;
    if (run->restart != NULL && !has_host) return options_wrong(options, "--restart requires --host 'COMMAND'");
    if (!run->on_model && !run->on_host && run->on_profiles_count == 0) run->on_model = true;
    unsigned subjects = run->on_profiles_count + run->on_model + (run->commands_count > 0) + (run->traces != NULL);
    if (subjects > SUBJECTS_MAX) return options_wrong(options, "at most %d can be asked in one run", SUBJECTS_MAX);
    if (run->store != NULL && !run->on_model)
        return options_wrong(options, "--store is about the model; say --on model as well");
    if (run->readings.count > 0 && run->on_profiles_count > 0)
        return options_wrong(options, "--reading changes what --profile says; --on a profile asks it as it is");
    if (!check_captures(run, options) || !check_agents(run, options)) return 2;
    for (size_t i = 0; i < run->paths.count && run->agents > 1; i++)
        if (strcmp(run->paths.paths[i], "-") == 0)
            return options_wrong(options, "--agents cannot play standard input, which can be read once");
    if (run->twice && run->repeat < 2) run->repeat = 2;
    if (run->verbose && run->quiet) return options_wrong(options, "--verbose or --quiet, not both");
    run_options_switch(run);
    if (run->first_failure) run->max_failures = 1;
    if (run->scenarios == NULL) run->scenarios = place_of_scenarios();
    if (run->paths.count == 0) path_list_add(&run->paths, run->scenarios);
    if (run->reports_count == 0) run->reports[run->reports_count++] = (struct report_request){ REPORT_TEXT, NULL };
    return 0;
}

int run_options_read(struct run_options *run, int count, char **arguments) {
    const struct options options = { .command = &command_run_is };
    assert(run != NULL && run->paths.count == 0);
    run->repeat = 1;
    run->jobs = workers_of_machine();
    int status = options_read(&command_run_is, run, count, arguments);
    return status != 0 ? status : check(run, &options);
}

void run_options_words(const struct run_options *run, struct path_list *words) {
    assert(run != NULL && words != NULL);
    options_keep(&command_run_is, run, words);
    path_list_add(words, "--");
    for (size_t i = 0; i < run->paths.count; i++) path_list_add(words, run->paths.paths[i]);
}

const struct profile *run_options_judged_by(const struct run_options *run) {
    return run->profile_name == NULL && run->readings.count == 0 ? NULL : &run->held_to.profile;
}

const struct profile *run_options_profile(const struct run_options *run) { return &run->answers_by.profile; }

void run_options_free(struct run_options *run) {
    assert(run != NULL);
    path_list_free(&run->paths);
    path_list_free(&run->numbered);
    for (unsigned i = 0; i < HOST_ACCOUNTS_MAX + 1; i++) free(run->accounts[i]);
    free(run->provider);
    memset(run, 0, sizeof *run);
}
