#include "reports/commands/run_options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "reports/formats/json.h"
#include "reports/formats/junit.h"
#include "stack/readings.h"

static const char help[] =
    "reservoir run [OPTION...] [PATH...]\n"
    "\n"
    "Plays scenarios (a file, or all *.scn below a folder; `scenarios` when none is named), compares every step with what\n"
    "its line allows, and judges every step of a host by the model. A trace can be run like a scenario.\n"
    "\n"
    "Who answers:\n"
    "  --on model|host            repeatable; the model when not said\n"
    "  --host 'COMMAND'           starts the host's agent; it speaks lines on its standard input and output\n"
    "  --host-as ACCOUNT='COMMAND'  the agent for scenarios whose first process runs as ACCOUNT; repeatable\n"
    "  --host-trace DIR           what a host answered once: DIR/THEME/NAME.trace\n"
    "  --host-name NAME           whose deviations are known: those in scenarios/hosts/NAME/deviations; when not said, what\n"
    "                             the host says of itself, such as wine-8.0\n"
    "  --scenarios DIR            the tree in which hosts/ stands (scenarios)\n"
    "  --profile NAME             documented, windows or any. The model answers open questions so (windows when not said);\n"
    "                             a host is held to it only when it is said, otherwise every reading is open\n"
    "  --store FILE               the model's persistent reservations and exclusions, kept from one run to the next\n"
    "  --seed N                   0 is an ordinary machine; others draw what the profile leaves open (0)\n"
    "\n"
    "What is run:\n"
    "  --filter clause=ID         scenarios that cite a clause; reading=Q38, name=GLOB likewise; all filters have to hold\n"
    "  --repeat N                 each instance N times; runs that disagree are flaky. What stops for a restart runs once\n"
    "  --twice                    each instance twice; the traces have to be the same bytes (on a host: live values aside)\n"
    "\n"
    "What comes out:\n"
    "  --report KIND[=FILE]       text, tap, junit, json or markdown; repeatable; text on standard output when not said\n"
    "  --reason TEXT              why this is run, for the reports; `CI` or `by hand` when not said\n"
    "  --record DIR               keeps a trace of each instance: DIR/THEME/NAME.trace, or DIR/SUBJECT/... with several\n"
    "                             subjects; written step by step\n"
    "  --restart COMMAND          restarts the host's machine and returns when that is up and its agent can be started.\n"
    "                             When all else is played the agents quit, this is run once, and all that stopped at a\n"
    "                             `reboot` goes on; again for a second `reboot`. Nobody else restarts the machine. Without\n"
    "                             it, what stops is inconclusive; recorded, it can go on later: `reservoir resume DIR`\n"
    "  --accept FILE              appends new deviations of the host as rules to be reviewed\n"
    "  --fail-on LIST             these verdicts also end with status 1: unsupported,inconclusive,deviate-known\n"
    "\n"
    "Examples:\n"
    "  reservoir run\n"
    "  reservoir run scenarios/associate/after-bind.scn --profile documented\n"
    "  reservoir run --filter reading=Q38 --record build/traces\n"
    "  reservoir run --on model --on host --host 'ssh MACHINE agent.exe' --report text --report tap=result.tap\n"
    "  reservoir run scenarios/persistent --on host --host 'ssh VM agent.exe' --restart 'restart-vm-and-wait VM'\n"
    "  reservoir run --on host --host-trace scenarios/hosts/wine-8.0/traces\n"
    "\n"
    "Exit status: 0 nothing new; 1 a new deviation, a recorded one that did not happen, or flaky runs; 2 wrong usage, a\n"
    "broken scenario, a broken host, or nothing selected.\n";

static const char *const known[] = {
    "--on", "--host", "--host-as", "--host-trace", "--host-name", "--scenarios", "--profile", "--store", "--seed", "--filter", "--repeat",
    "--twice", "--report", "--reason", "--record", "--restart", "--accept", "--fail-on", "--help", NULL
};

const struct profile *profile_for(const char *name) {
    static const struct profile any = { .name = "any", .answers = { 0 } };
    assert(name != NULL);
    return strcmp(name, "any") == 0 ? &any : profile_named(name);
}

/* --- options that need more than a line --------------------------------------------------------------------------- */

static int take_on(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    bool model = strcmp(value, "model") == 0, host = strcmp(value, "host") == 0;
    if (!model && !host) return options_wrong(options, "--on wants model or host, not %s", value);
    run->on_model |= model;
    run->on_host |= host;
    return 0;
}

static int take_host(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    if (run->commands_count > 0 && run->commands[0].account == NULL) return options_wrong(options, "--host was given twice");
    if (run->commands_count == HOST_ACCOUNTS_MAX + 1) return options_wrong(options, "too many agents");
    memmove(run->commands + 1, run->commands, run->commands_count * sizeof *run->commands);
    run->commands[0] = (struct host_command){ .account = NULL, .command = value };
    run->commands_count++;
    return 0;
}

static int take_host_as(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
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

static int take_profile(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    run->profile = profile_for(value);
    if (run->profile != NULL) return 0;
    return options_wrong(options, "no profile %s; expected documented, windows or any", value);
}

static int take_filter(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    if (run->filters_count == FILTERS_MAX) return options_wrong(options, "more than %d filters", FILTERS_MAX);
    if (filter_read(value, &run->filters[run->filters_count])) {
        run->filters_count++;
        return 0;
    }
    return options_wrong(options, "--filter wants clause=ID, reading=Q38 or name=GLOB, not %s", value);
}

/* The kind of this name (`length` bytes); false when there is none. */
static bool report_kind_named(const char *name, size_t length, enum report_kind *kind) {
    static const char *const names[] = {
        [REPORT_TEXT] = "text", [REPORT_TAP] = "tap", [REPORT_JUNIT] = "junit", [REPORT_JSON] = "json", [REPORT_MARKDOWN] = "markdown",
        [REPORT_TABLE] = "table",
    };
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) != length || memcmp(names[i], name, length) != 0) continue;
        *kind = (enum report_kind)i;
        return true;
    }
    return false;
}

static int take_report(struct run_options *run, struct options *options) {
    const char *value = options_value(options);
    if (value == NULL) return 2;
    if (run->reports_count == REPORTS_MAX) return options_wrong(options, "more than %d reports", REPORTS_MAX);
    size_t length = strcspn(value, "=");
    struct report_request *report = &run->reports[run->reports_count++];
    if (!report_kind_named(value, length, &report->kind))
        return options_wrong(options, "--report wants text, tap, junit, json, markdown or table, with =FILE if need be, not %s", value);
    if (report->kind == REPORT_JSON && !json_is_built_in())
        return options_wrong(options, "this build has no JSON: it was made without jansson");
    if (report->kind == REPORT_JUNIT && !junit_is_built_in())
        return options_wrong(options, "this build has no JUnit XML: it was made without libxml2");
    report->path = value[length] == '=' ? value + length + 1 : NULL;
    if (report->path != NULL && report->path[0] == '\0') return options_wrong(options, "--report %s lacks the file's name", value);
    return 0;
}

static int take_fail_on(struct run_options *run, struct options *options) {
    const char *value = options_value(options), *unknown = NULL;
    unsigned length = 0, set = 0;
    if (value == NULL) return 2;
    if (!verdict_set_read(value, &set, &unknown, &length))
        return options_wrong(options, "--fail-on: no verdict %.*s; expected conform, unsupported, inconclusive, deviate-known, "
                             "conform-unexpected, flaky, deviate-new or harness-broken, with commas between", (int)length, unknown);
    run->fail_on |= set;
    return 0;
}

static int take_text(struct options *options, const char **text) {
    *text = options_value(options);
    return *text == NULL ? 2 : 0;
}

int run_options_take(struct run_options *run, struct options *options, const char *const *offered) {
    assert(run != NULL && options->is_option);
    if (options_is(options, "--on")) return take_on(run, options);
    if (options_is(options, "--host")) return take_host(run, options);
    if (options_is(options, "--host-as")) return take_host_as(run, options);
    if (options_is(options, "--host-trace")) return take_text(options, &run->traces);
    if (options_is(options, "--host-name")) return take_text(options, &run->host_name);
    if (options_is(options, "--scenarios")) return take_text(options, &run->scenarios);
    if (options_is(options, "--profile")) return take_profile(run, options);
    if (options_is(options, "--store")) return take_text(options, &run->store);
    if (options_is(options, "--seed")) return options_number(options, UINT64_C(999999999999999999), &run->seed) ? 0 : 2;
    if (options_is(options, "--filter")) return take_filter(run, options);
    if (options_is(options, "--repeat")) return options_number(options, 1000000, &run->repeat) ? 0 : 2;
    if (options_is(options, "--report")) return take_report(run, options);
    if (options_is(options, "--reason")) return take_text(options, &run->reason);
    if (options_is(options, "--record")) return take_text(options, &run->record);
    if (options_is(options, "--restart")) return take_text(options, &run->restart);
    if (options_is(options, "--accept")) return take_text(options, &run->accept);
    if (options_is(options, "--fail-on")) return take_fail_on(run, options);
    if (!options_is(options, "--twice") || options->value != NULL) return options_unknown(options, offered);
    run->twice = true;
    return 0;
}

/* --- all together --------------------------------------------------------------------------------------------------- */

static int check(struct run_options *run, const struct options *options) {
    bool named = run->commands_count > 0 || run->traces != NULL;
    bool has_host = run->commands_count > 0 && run->commands[0].account == NULL;
    if (run->repeat == 0) return options_wrong(options, "--repeat wants a number from 1 on");
    if (run->on_host && !named) return options_wrong(options, "--on host wants --host 'COMMAND' or --host-trace DIR");
    if (named && !run->on_host) return options_wrong(options, "a host is named, but not --on host");
    if (run->commands_count > 0 && !has_host) return options_wrong(options, "--host-as wants --host for everybody else");
    if (run->accept != NULL && !run->on_host) return options_wrong(options, "--accept is about a host; say --on host");
    if (run->restart != NULL && !has_host) return options_wrong(options, "--restart is about a host behind --host 'COMMAND'");
    if (!run->on_model && !run->on_host) run->on_model = true;
    if (run->store != NULL && !run->on_model) return options_wrong(options, "--store is about the model; say --on model as well");
    if (run->twice && run->repeat < 2) run->repeat = 2;
    if (run->paths.count == 0) path_list_add(&run->paths, run->scenarios);
    if (run->reports_count == 0) run->reports[run->reports_count++] = (struct report_request){ REPORT_TEXT, NULL };
    return 0;
}

int run_options_read(struct run_options *run, int count, char **arguments) {
    struct options options = { .command = "run", .help = help, .count = count, .arguments = arguments };
    int status = 0;
    assert(run != NULL && run->paths.count == 0);
    run->scenarios = "scenarios";
    run->repeat = 1;
    while (status == 0 && options_next(&options)) {
        if (options_helped(&options)) return -1;
        if (options.is_option) status = run_options_take(run, &options, known);
        else path_list_add(&run->paths, options.word);
    }
    return status != 0 ? status : check(run, &options);
}

static void add_word(struct path_list *words, const char *option, const char *account, const char *value) {
    struct text word = { 0 };
    if (value == NULL) return;
    text_add(&word, "%s=%s%s%s", option, account == NULL ? "" : account, account == NULL ? "" : "=", value);
    path_list_add(words, word.bytes);
    text_free(&word);
}

void run_options_words(const struct run_options *run, struct path_list *words) {
    assert(run != NULL && words != NULL);
    for (unsigned i = 0; i < run->commands_count; i++) {
        const struct host_command *command = &run->commands[i];
        add_word(words, command->account == NULL ? "--host" : "--host-as", command->account, command->command);
    }
    add_word(words, "--host-name", NULL, run->host_name);
    add_word(words, "--scenarios", NULL, run->scenarios);
    add_word(words, "--profile", NULL, run->profile == NULL ? NULL : run->profile->name);
    path_list_add(words, "--");
    for (size_t i = 0; i < run->paths.count; i++) path_list_add(words, run->paths.paths[i]);
}

const struct profile *run_options_profile(const struct run_options *run) {
    const struct profile *profile = run->profile != NULL ? run->profile : profile_named("windows");
    assert(profile != NULL);
    return profile;
}

void run_options_free(struct run_options *run) {
    assert(run != NULL);
    path_list_free(&run->paths);
    for (unsigned i = 0; i < HOST_ACCOUNTS_MAX + 1; i++) free(run->accounts[i]);
    memset(run, 0, sizeof *run);
}
