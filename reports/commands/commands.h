/* The commands of the command line. Each gets the words behind its name and returns the exit status. */
#ifndef RESERVOIR_REPORTS_COMMANDS_H
#define RESERVOIR_REPORTS_COMMANDS_H

int command_run(int count, char **arguments);
int command_resume(int count, char **arguments);
int command_judge(int count, char **arguments);
int command_list(int count, char **arguments);
int command_show(int count, char **arguments);
int command_diff(int count, char **arguments);
int command_fmt(int count, char **arguments);
int command_ports(int count, char **arguments);

#endif
