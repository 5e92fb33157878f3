/* For tests of the agent: a scenario from a string, played on a host that the test describes. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_TESTS_AGENT_FIXTURE_H
#define RESERVOIR_CONFORMANCE_AGENT_TESTS_AGENT_FIXTURE_H

#include "conformance/agent/native_host.h"
#include "conformance/agent/play_text.h"

/* An expanded scenario of this text; one that does not parse ends the program. scenario_free() it. */
struct scenario *agent_scenario(const char *text);

/* A host whose scenario processes are the model's; `own_processes`: the first is played here, and each other one by a
 * child with a machine of its own. */
struct agent_play {
    struct windows_functions functions;
    struct native_host host;
    struct play_text play;
    struct scenario *scenario;
};
struct agent_play *agent_play(bool own_processes);

/* Begins a scenario of this text; what it answered. */
enum step_result agent_begin(struct agent_play *play, const char *text);

/* What a step says, without its live values; "(done)", or "(RESULT: REASON)" when it was not seen. Static memory. */
const char *agent_step(struct agent_play *play, unsigned step);

/* Ends what was begun; what it answered. The play can begin again, or be freed. */
enum step_result agent_end(struct agent_play *play);
void agent_play_free(struct agent_play *play);

#endif
