/* What a process line says, in numbers, and who starts whom. */
#ifndef RESERVOIR_CONFORMANCE_PROCESS_LINE_H
#define RESERVOIR_CONFORMANCE_PROCESS_LINE_H

#include "conformance/language/tree.h"

/* asInvoker where the line says no level. */
enum manifest process_line_manifest(const struct process_line *line);

/* The version of the WSAStartup that its program does first: 0x0202 or 0x0101; 0: it does none. */
unsigned process_line_startup(const struct process_line *line);

/* The process of an expanded scenario that starts this one, or NO_NAME: the runner does, before the first step. */
int process_parent(const struct scenario *scenario, unsigned process);

/* The process at the beginning of the line of parents: whose account and token this one has. */
unsigned process_ancestor(const struct scenario *scenario, unsigned process);

/* The thread in which its program begins. */
unsigned process_main_thread(const struct scenario *scenario, unsigned process);

#endif
