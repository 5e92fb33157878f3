/* `reservoir resume`: runs that stopped at a restart of the machine. */
#include <assert.h>
#include <stdio.h>

#include "conformance/base/reason.h"
#include "reports/commands/commands.h"
#include "reports/commands/place.h"
#include "reports/commands/resume_options.h"
#include "reports/commands/run_work.h"
#include "reports/formats/terminal.h"

/* What stopped, of the scenarios that the recording names. False, having said why, when there is nothing to do. */
static bool find_stopped(struct run_work *work, const char *folder, struct stopped_list *stopped) {
    for (size_t i = 0; i < work->options.paths.count; i++)
        place_add_named(&work->set, work->options.scenarios, work->options.paths.paths[i]);
    errors_print(&work->set.errors);
    recording_find_stopped(folder, &work->set, stopped);
    errors_print(&stopped->errors);
    work->set.broken_count += stopped->strange_count;
    if (stopped->count > 0) return true;
    errors_say("reservoir resume: %s: nothing to resume: no trace of these scenarios stops there at a restart\n",
               folder);
    return false;
}

static bool has_host(const struct run_work *work, const char *folder) {
    const struct run_options *options = &work->options;
    if (options->commands_count > 0 && options->commands[0].account == NULL) return true;
    errors_say("reservoir resume: which host? %s/resume names none; say --host 'COMMAND'\n", folder);
    return false;
}

/* Removes what they left on the machine. */
static int abandon(const struct run_work *work, const struct stopped_list *stopped) {
    unsigned left = 0;
    struct reason detail;
    for (size_t i = 0; i < stopped->count; i++) {
        const struct stopped_instance *instance = &stopped->instances[i];
        bool done = runner_abandon(&work->plan, instance, &detail);
        left += !done;
        if (done) output_say("%s: given up; what it left on the machine is removed\n", instance->path);
        else output_say("%s: not given up: %s\n", instance->path, detail.text);
    }
    output_say("%u given up, %u not\n", (unsigned)stopped->count - left, left);
    return left > 0 || work->set.broken_count > 0 ? EXIT_STATUS_BROKEN : EXIT_STATUS_GOOD;
}

static int resume(struct run_work *work, const struct resume_options *options, struct stopped_list *stopped) {
    const char *folder = options->folder;
    int status = EXIT_STATUS_BROKEN;
    assert(folder != NULL);
    if (find_stopped(work, folder, stopped)) {
        if (!has_host(work, folder) || !run_work_plan(work)) return EXIT_STATUS_BROKEN;
        if (work->options.abandon) status = abandon(work, stopped);
        else runner_resume(&work->plan, stopped, &work->record);
    }
    recording_end(folder);
    return work->record.count > 0 ? run_work_finish(work) : status;
}

int command_resume(int count, char **arguments) {
    struct run_work work = { .command = "resume" };
    struct resume_options options = { .folder = NULL };
    struct stopped_list stopped = { .count = 0 };
    int status = resume_options_read(&options, &work.options, count, arguments);
    if (status == 0) status = resume(&work, &options, &stopped);
    run_work_free(&work);
    stopped_list_free(&stopped);
    resume_options_free(&options);
    return status < 0 ? 0 : status;
}
