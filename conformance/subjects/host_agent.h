/* One agent of a host: a command that was started, and the lines that are spoken with it (agent/README.md has the
 * protocol). It knows nothing of what an answer means; subject_host.c does.
 *
 * Whatever it says that is not in the protocol, or does not say in time, ends it: what it would say next could not be
 * trusted either. It is started again when it is next needed, unless it failed several times in a row. */
#ifndef RESERVOIR_CONFORMANCE_HOST_AGENT_H
#define RESERVOIR_CONFORMANCE_HOST_AGENT_H

#include "conformance/base/reason.h"
#include "conformance/subjects/host_process.h"
#include "conformance/subjects/subject.h"

/* Zero-initialise, set account and command; free with host_agent_end. */
struct host_agent {
    const char *account;          /* NULL: for instances that name none; borrowed */
    const char *command;          /* borrowed */
    struct host_process *process; /* NULL: not running */
    struct fact_list facts; /* `by agent`, what it said of itself when it was last started, a date of a real host */
    unsigned failures;      /* in a row */
};

/* Starts an agent that is not running; one that ends before it is ready gets a second try. False with `detail`. */
bool host_agent_start(struct host_agent *agent, const struct host_limits *limits, struct reason *detail);

/* Begins an instance, as the text `body`: STEP_DONE with its ports; STEP_UNSUPPORTED or STEP_BROKEN with `detail`,
 * nothing being begun then. Of a STEP_BROKEN the agent may be gone (process NULL). */
enum step_result host_agent_begin(struct host_agent *agent, const struct host_limits *limits,
                                  const struct scenario *instance, const struct text *body, uint16_t *ports_first,
                                  struct reason *detail);

/* Resumes an instance that stopped at a restart of the machine, from its trace so far and the mark that it got then;
 * otherwise as host_agent_begin. */
enum step_result host_agent_resume(struct host_agent *agent, const struct host_limits *limits,
                                   const struct scenario *instance, const struct text *body, const struct text *so_far,
                                   const char *mark, uint16_t *ports_first, struct reason *detail);

/* Sends a step and adds the lines of its answer. STEP_DONE, or STEP_BROKEN and the agent is gone. */
enum step_result host_agent_step(struct host_agent *agent, unsigned index, unsigned limit_ms, struct text *lines,
                                 struct reason *detail);

/* Ends the instance; with `leave` what a restart would not take away stays on the machine, to be resumed. STEP_DONE
 * when the agent is clean, else STEP_BROKEN. */
enum step_result host_agent_finish(struct host_agent *agent, const struct host_limits *limits, bool leave,
                                   struct reason *detail);

/* It cannot be trusted any more: kills it. Returns STEP_BROKEN. */
enum step_result host_agent_give_up(struct host_agent *agent);

/* Lets it quit, if it runs. It can be started again. */
void host_agent_quit(struct host_agent *agent, const struct host_limits *limits);

/* Lets it quit and frees what it holds. */
void host_agent_end(struct host_agent *agent, const struct host_limits *limits);

/* What stands after `word ` at the start of a line, "" when the line is just the word, or NULL. */
const char *host_line_behind(const char *line, const char *word);

/* A reason: the host said this line, something else was expected. */
void host_line_unexpected(const char *line, const char *expected, struct reason *detail);

#endif
