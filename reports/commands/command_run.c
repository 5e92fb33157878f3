/* `reservoir run`: scenarios on subjects, and reports of it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "reports/commands/commands.h"
#include "reports/commands/options.h"
#include "reports/commands/players.h"
#include "reports/commands/run_ahead.h"
#include "reports/commands/run_work.h"
#include "reports/formats/terminal.h"

/* What is needed to resume what stops is written before anything is played: whatever dies, it is there. */
static bool begin_recording(const struct run_options *options) {
    struct path_list words = { 0 };
    if (options->record == NULL) return true;
    if (recording_waits(options->record)) {
        errors_say(
            "reservoir run: %s: a run that was recorded there waits for a restart of the machine; `reservoir resume %s` continues "
            "with it, or gives it up with --abandon\n",
            options->record, options->record);
        return false;
    }
    if (options->commands_count == 0) return true;
    run_options_words(options, &words);
    bool written = recording_write_words(options->record, &words);
    if (!written) errors_say("reservoir run: %s: cannot write there: %s\n", options->record, strerror(errno));
    path_list_free(&words);
    return written;
}

/* The names of what would be played: words that `run` understands. */
static int list(const struct run_work *work) {
    struct path_list ids = { 0 };
    scenario_set_ids(&work->set, &ids);
    for (size_t i = 0; i < ids.count; i++) output_say("%s\n", ids.paths[i]);
    path_list_free(&ids);
    return work->set.broken_count > 0 ? EXIT_STATUS_BROKEN : EXIT_STATUS_GOOD;
}

/* A store and a capture are one thing after the other. */
static struct run_ahead *begin_ahead(struct run_work *work) {
    const struct run_options *options = &work->options;
    if (options->store != NULL || options->capture != NULL) return NULL;
    return run_ahead_begin(&work->plan, &work->set, (unsigned)options->jobs);
}

/* One that cannot ask its host leaves everything to the others. */
static const struct subject *unusable_host(const struct run_plan *plan) {
    for (unsigned i = 0; i < plan->subjects_count; i++)
        if (plan->subjects[i]->kind == SUBJECT_HOST && plan->subjects[i]->unusable_reason.text[0] != '\0')
            return plan->subjects[i];
    return NULL;
}

/* This process of --agents: it asks the host, and reports to the run alone. */
static int play_for_run(struct run_work *work) {
    struct run_plan *plan = &work->plan;
    if (!run_work_select(work) || !run_work_plan(work)) return EXIT_STATUS_BROKEN;
    plan->record = plan->restart = NULL;
    plan->progress = NULL;
    const struct subject *unusable = unusable_host(plan);
    if (unusable == NULL) return players_play(plan, &work->set) ? EXIT_STATUS_GOOD : EXIT_STATUS_BROKEN;
    errors_say("reservoir run: number %u of --agents: %s\n", work->player, unusable->unusable_reason.text);
    return EXIT_STATUS_BROKEN;
}

static struct players *begin_players(struct run_work *work, char *const *words, int words_count) {
    const struct run_options *options = &work->options;
    const struct players_wanted wanted = { (unsigned)options->agents, options->agents_in, words, (size_t)words_count };
    struct reason reason = { "" };
    if (options->agents < 2 || unusable_host(&work->plan) != NULL) return NULL;
    struct players *players = players_begin(&work->plan, &work->set, &wanted, &reason);
    if (players == NULL) errors_say("reservoir run: --agents: %s; the run plays alone\n", reason.text);
    return players;
}

static int run(struct run_work *work, char *const *words, int words_count) {
    const struct run_options *options = &work->options;
    if (!run_work_select(work)) return EXIT_STATUS_BROKEN;
    if (options->list) return list(work);
    if (!begin_recording(options) || !run_work_plan(work)) return EXIT_STATUS_BROKEN;
    struct players *players = begin_players(work, words, words_count);
    struct run_ahead *ahead = begin_ahead(work);
    runner_run(&work->plan, &work->set, &work->record);
    run_ahead_end(ahead);
    players_end(players);
    if (options->record != NULL && options->commands_count > 0) recording_end(options->record);
    return run_work_finish(work);
}

int command_run(int count, char **arguments) {
    struct run_work work = { .command = "run" };
    work.player = players_number();
    int status = run_options_read(&work.options, count, arguments);
    run_options_number(&work.options, work.player);
    if (status == 0) status = work.player != 0 ? play_for_run(&work) : run(&work, arguments, count);
    run_work_free(&work);
    return status < 0 ? 0 : status;
}
