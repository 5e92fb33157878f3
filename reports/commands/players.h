/* Processes that ask a host side by side: `reservoir run --agents N`. The result is the same as from one.
 *
 * Each is this program, started again with the words of the run and a number; it has agents of its own, and takes from
 * one queue which instance it plays next. The run does everything else itself, in its own order: it takes what the
 * host said from whoever asked it (conformance/subjects/said.h), judges it, records it, reports it. So it makes no
 * difference who played what, nor how many there were.
 *
 * The run plays itself what restarts the machine, and what no other has played, because it died or could not be had. */
#ifndef RESERVOIR_REPORTS_PLAYERS_H
#define RESERVOIR_REPORTS_PLAYERS_H

#include "conformance/base/reason.h"
#include "conformance/runner/runner.h"

enum { PLAYERS_MAX = 64 };

struct players;

struct players_wanted {
    unsigned count;
    const char *in;     /* the shell command that each is started through, {} being its number; NULL: none */
    char *const *words; /* of `run` */
    size_t words_count;
};

/* Which of the processes this is: 1 and up; 0: the run itself. */
unsigned players_number(void);

/* Starts them, and makes the plan ask them. NULL with a reason: none was started, and nothing is changed. The plan is
 * borrowed until players_end(). */
struct players *players_begin(struct run_plan *plan, const struct scenario_set *set,
                              const struct players_wanted *wanted, struct reason *reason);
/* They play nothing more; waits until each has finished what it is at. */
void players_end(struct players *players); /* NULL is allowed */

/* In such a process: plays what the run has queued. False: the run is not there any more. */
bool players_play(const struct run_plan *plan, const struct scenario_set *set);

#endif
