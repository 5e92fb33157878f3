#include "conformance/agent/tests/agent_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"

struct scenario *agent_scenario(const char *text) {
    struct language_error error;
    struct scenario *parsed = scenario_parse("test", text, strlen(text), &error);
    if (parsed == NULL) {
        fprintf(stderr, "%u:%u: %s\n%s\n", (unsigned)error.position.line, (unsigned)error.position.column,
                error.message, text);
        exit(2);
    }
    struct scenario *expanded = scenario_expand(parsed, 0);
    scenario_free(parsed);
    return expanded;
}

struct agent_play *agent_play(bool own_processes) {
    struct agent_play *play = memory_zeroed(sizeof *play);
    native_host_create(&play->host);
    play->functions = *play->host.functions;
    play->functions.processes_share_host = !own_processes;
    play->host.functions = &play->functions;
    play_text_create(&play->play, &play->host);
    return play;
}

enum step_result agent_begin(struct agent_play *play, const char *text) {
    play->scenario = agent_scenario(text);
    return play_text_begin(&play->play, play->scenario);
}

const char *agent_step(struct agent_play *play, unsigned step) {
    static char said[1024];
    static const char *const results[] = {
        [STEP_DONE] = "done",     [STEP_SEEN] = "seen",      [STEP_NEEDS] = "needs", [STEP_UNSUPPORTED] = "unsupported",
        [STEP_BROKEN] = "broken", [STEP_RESTART] = "restart"
    };
    struct text out = { 0 };
    enum step_result result = play_text_step(&play->play, step, &out);
    if (result == STEP_DONE) {
        snprintf(said, sizeof said, "(done)");
    } else if (result != STEP_SEEN) {
        snprintf(said, sizeof said, "(%s: %s)", results[result], play_text_reason(&play->play));
    } else {
        snprintf(said, sizeof said, "%s", out.bytes);
        char *end = strstr(said, "  #~");
        if (end == NULL) end = strchr(said, '\n');
        if (end != NULL) *end = '\0';
    }
    text_free(&out);
    return said;
}

enum step_result agent_end(struct agent_play *play) {
    enum step_result result = play_text_end(&play->play);
    scenario_free(play->scenario);
    play->scenario = NULL;
    return result;
}

void agent_play_free(struct agent_play *play) {
    native_host_destroy(&play->host);
    free(play);
}
