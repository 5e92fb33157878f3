#include "reports/commands/resume_options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/runner/recording.h"

static const char help[] =
    "reservoir resume DIR [OPTION...]\n"
    "\n"
    "Goes on with the instances that stopped at a `reboot` in `reservoir run --record DIR`, when the host's machine has\n"
    "restarted. Their finished traces take the place of the stopped ones. Reports are as of `run`, of these alone;\n"
    "their steps from before the restart are told by their traces. One that needs a second restart stops again.\n"
    "\n"
    "Host, profile and scenarios are those of the run, which DIR/resume keeps; go on in the folder in which it was started.\n"
    "Where that file is not there, or something else is wanted:\n"
    "  --host 'COMMAND', --host-as ACCOUNT='COMMAND', --host-name NAME, --scenarios DIR, --profile NAME\n"
    "                             as in `reservoir run`; it has to be the same host\n"
    "\n"
    "What comes out:\n"
    "  --report KIND[=FILE], --reason TEXT, --accept FILE, --fail-on LIST\n"
    "                             as in `reservoir run`\n"
    "  --restart COMMAND          restarts the machine when one stops again, and goes on\n"
    "  --abandon                  plays nothing: removes what these instances left on the machine, and says of each whether\n"
    "                             that was possible. The machine has to have restarted for this too\n"
    "\n"
    "Examples:\n"
    "  reservoir run scenarios/persistent --on host --host 'ssh MACHINE agent.exe' --record build/persistent\n"
    "  ssh MACHINE shutdown /r /t 0; sleep 300; reservoir resume build/persistent\n"
    "  reservoir resume build/persistent --report tap=result.tap\n"
    "  reservoir resume build/persistent --abandon\n"
    "\n"
    "Exit status: as of `reservoir run`; 2 also when there is nothing to resume, or --abandon could not remove something.\n";

static const char *const known[] = {
    "--host", "--host-as", "--host-name", "--scenarios", "--profile", "--report", "--reason", "--accept", "--fail-on", "--restart",
    "--abandon", "--help", NULL
};

static bool is_known(const struct options *options) {
    for (unsigned i = 0; known[i] != NULL; i++) {
        if (options_is(options, known[i])) return true;
    }
    return false;
}

static int take_word(struct resume_options *resume, struct run_options *run, struct options *options) {
    if (!options->is_option) {
        if (resume->folder != NULL) return options_wrong(options, "one folder is resumed at a time, not %s as well", options->word);
        resume->folder = options->word;
        return 0;
    }
    if (!is_known(options)) return options_unknown(options, known);
    if (!options_is(options, "--abandon") || options->value != NULL) return run_options_take(run, options, known);
    resume->abandon = true;
    return 0;
}

/* --- what the recording keeps ---------------------------------------------------------------------------------------- */

static bool has_account(const struct run_options *run, const char *account) {
    for (unsigned i = 0; i < run->commands_count; i++) {
        const char *own = run->commands[i].account;
        if (account == NULL ? own == NULL : own != NULL && strcmp(own, account) == 0) return true;
    }
    return false;
}

/* An agent of the recording, for an account that the command line has none for. */
static void inherit_command(struct run_options *run, const struct host_command *command) {
    if (has_account(run, command->account) || run->commands_count == HOST_ACCOUNTS_MAX + 1) return;
    unsigned index = command->account == NULL ? 0 : run->commands_count, account = 0;
    memmove(run->commands + index + 1, run->commands + index, (run->commands_count - index) * sizeof *run->commands);
    run->commands[index] = *command;
    run->commands_count++;
    if (command->account == NULL) return;
    while (run->accounts[account] != NULL) account++;
    run->accounts[account] = memory_copy_text(command->account, strlen(command->account));
    run->commands[index].account = run->accounts[account];
}

static void inherit(struct run_options *run, const struct run_options *kept) {
    for (unsigned i = 0; i < kept->commands_count; i++) inherit_command(run, &kept->commands[i]);
    if (run->host_name == NULL) run->host_name = kept->host_name;
    if (run->scenarios == NULL) run->scenarios = kept->scenarios;
    if (run->profile == NULL) run->profile = kept->profile;
    for (size_t i = 0; i < kept->paths.count; i++) path_list_add(&run->paths, kept->paths.paths[i]);
}

/* Reads the words as options of a run. 0, or 2 having complained. */
static int take_kept(struct resume_options *resume, struct run_options *run) {
    struct run_options kept = { .repeat = 1 };
    struct options options = { .command = "resume", .help = help, .count = (int)resume->words.count, .arguments = resume->words.paths };
    int status = 0;
    while (status == 0 && options_next(&options)) {
        if (options.is_option) status = is_known(&options) ? run_options_take(&kept, &options, known) : options_unknown(&options, known);
        else path_list_add(&kept.paths, options.word);
    }
    if (status != 0) fprintf(stderr, "reservoir resume: that was in %s/resume\n", resume->folder);
    else inherit(run, &kept);
    run_options_free(&kept);
    return status;
}

/* --- all together ---------------------------------------------------------------------------------------------------- */

static int complete(struct resume_options *resume, struct run_options *run, const struct options *options) {
    if (resume->folder == NULL) return options_wrong(options, "which folder? That of `reservoir run --record DIR`");
    if (path_kind_of(resume->folder) != PATH_FOLDER) return options_wrong(options, "%s: no such folder", resume->folder);
    recording_read_words(resume->folder, &resume->words);
    if (take_kept(resume, run) != 0) return 2;
    if (run->scenarios == NULL) run->scenarios = "scenarios";
    if (run->paths.count == 0) path_list_add(&run->paths, run->scenarios);
    if (run->reports_count == 0) run->reports[run->reports_count++] = (struct report_request){ REPORT_TEXT, NULL };
    run->repeat = 1;
    run->on_host = true;
    run->record = resume->folder;
    return 0;
}

int resume_options_read(struct resume_options *resume, struct run_options *run, int count, char **arguments) {
    struct options options = { .command = "resume", .help = help, .count = count, .arguments = arguments };
    int status = 0;
    assert(resume != NULL && run != NULL && run->paths.count == 0);
    while (status == 0 && options_next(&options)) {
        if (options_helped(&options)) return -1;
        status = take_word(resume, run, &options);
    }
    return status != 0 ? status : complete(resume, run, &options);
}

void resume_options_free(struct resume_options *resume) {
    assert(resume != NULL);
    path_list_free(&resume->words);
}
