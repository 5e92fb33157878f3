/* The commands of the command line. Each gets the words after its name and returns the exit status. */
#ifndef RESERVOIR_REPORTS_COMMANDS_H
#define RESERVOIR_REPORTS_COMMANDS_H

#include "reports/commands/command.h"

int command_run(int count, char **arguments);
int command_resume(int count, char **arguments);
int command_judge(int count, char **arguments);
int command_list(int count, char **arguments);
int command_show(int count, char **arguments);
int command_diff(int count, char **arguments);
int command_matrix(int count, char **arguments);
int command_add_host(int count, char **arguments);
int command_pack(int count, char **arguments);
int command_fmt(int count, char **arguments);
int command_ports(int count, char **arguments);
int command_try(int count, char **arguments);
int command_explore(int count, char **arguments);
int command_modes(int count, char **arguments);
int command_help(int count, char **arguments);
int command_completion(int count, char **arguments);

extern const struct command command_run_is, command_resume_is, command_judge_is, command_list_is, command_show_is,
    command_diff_is, command_fmt_is, command_ports_is, command_try_is, command_explore_is, command_modes_is,
    command_matrix_is, command_add_host_is, command_pack_is;

/* All of them, in the order in which help lists them. */
extern const struct command *const commands_all[];
extern const unsigned commands_count;

/* NULL when there is none. */
const struct command *command_named(const char *name);
/* Complains that there is no such command; returns 2. */
int command_unknown(const char *word);

#endif
