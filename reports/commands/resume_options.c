#include "reports/commands/resume_options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/runner/recording.h"
#include "reports/commands/commands.h"
#include "reports/commands/place.h"

/* --- what the recording keeps ------------------------------------------------------------------------------------- */

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
    options_inherit(&command_resume_is, run, kept);
    if (run->readings.count == 0) run->readings = kept->readings;
    for (size_t i = 0; i < kept->paths.count; i++) path_list_add(&run->paths, kept->paths.paths[i]);
}

/* Reads the words of the recording as options of a run. 0, or 2 having complained. */
static int take_kept(struct resume_options *resume, struct run_options *run) {
    struct run_options kept = { .repeat = 1 };
    char keeper[FOLDER_PATH_MAX + 8];
    snprintf(keeper, sizeof keeper, "%s/resume", resume->folder);
    int status = options_read_kept(&command_resume_is, &kept, &resume->words, keeper);
    if (status == 0) inherit(run, &kept);
    run_options_free(&kept);
    return status;
}

/* --- all together ------------------------------------------------------------------------------------------------- */

static int complete(struct resume_options *resume, struct run_options *run, const struct options *options) {
    if (resume->folder == NULL) return options_wrong(options, "which folder? That of `reservoir run --record DIR`");
    if (path_kind_of(resume->folder) != PATH_FOLDER)
        return options_wrong(options, "%s: no such folder", resume->folder);
    recording_read_words(resume->folder, &resume->words);
    if (take_kept(resume, run) != 0) return 2;
    if (run->scenarios == NULL) run->scenarios = place_of_scenarios();
    if (run->paths.count == 0) path_list_add(&run->paths, run->scenarios);
    if (run->reports_count == 0) run->reports[run->reports_count++] = (struct report_request){ REPORT_TEXT, NULL };
    run_options_switch(run);
    run->repeat = 1;
    run->on_host = true;
    return 0;
}

int resume_options_read(struct resume_options *resume, struct run_options *run, int count, char **arguments) {
    const struct options options = { .command = &command_resume_is };
    assert(resume != NULL && run != NULL && run->paths.count == 0);
    int status = options_read(&command_resume_is, run, count, arguments);
    resume->folder = run->record;
    return status != 0 ? status : complete(resume, run, &options);
}

void resume_options_free(struct resume_options *resume) {
    assert(resume != NULL);
    path_list_free(&resume->words);
}
