#include "conformance/agent/play_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/language/printer.h"
#include "conformance/session/session_print.h"

void play_text_create(struct play_text *play, struct native_host *host) {
    assert(play != NULL);
    assert(host != NULL);
    memset(play, 0, sizeof *play);
    play->host = host;
}

/* Puts `#~ p=50000` behind each ports line of the tree. */
static void tell_ports(struct play_text *play) {
    struct scenario *scenario = play->scenario;
    assert(scenario->ports_count <= PORTS_MAX);
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        struct ports_line *line = &scenario->ports[i];
        snprintf(play->ports_live[i], sizeof play->ports_live[i], "%.64s=%u", scenario->names[line->name].text,
                 (unsigned)play->player.ports_first[i]);
        line->live = play->ports_live[i];
    }
}

/* After the player has begun or resumed. */
static enum step_result begun(struct play_text *play, enum step_result result) {
    play->last = result;
    if (result != STEP_DONE) return result;
    step_order_fill(&play->steps, play->scenario);
    tell_ports(play);
    return STEP_DONE;
}

enum step_result play_text_begin(struct play_text *play, struct scenario *scenario) {
    assert(play->scenario == NULL);
    assert(scenario != NULL);
    play->scenario = scenario;
    return begun(play, player_begin(&play->player, scenario, native_host_executor(play->host)));
}

enum step_result play_text_resume(struct play_text *play, struct scenario *scenario, const struct scenario *trace,
                                  const char *mark, unsigned *next) {
    struct step_order recorded;
    assert(play->scenario == NULL);
    assert(scenario != NULL && trace != NULL);
    play->scenario = scenario;
    step_order_fill(&recorded, trace);
    *next = recorded.count;
    return begun(play, player_resume(&play->player, scenario, trace, mark, native_host_executor(play->host)));
}

enum step_result play_text_step(struct play_text *play, unsigned index, struct text *out) {
    assert(play->scenario != NULL);
    assert(index < play->steps.count);
    struct observation seen;
    memset(&seen, 0, sizeof seen);
    const struct step *step = play->steps.steps[index];
    enum step_result result = player_step(&play->player, step, &seen);
    play->last = result;
    if (result == STEP_SEEN) session_print_answer(&play->player.session, play->scenario, step, &seen, out);
    return result;
}

const char *play_text_reason(const struct play_text *play) {
    assert(play->scenario != NULL);
    const char *host_reason = native_host_reason(play->host); /* says more than the player can */
    if (play->last == STEP_BROKEN && host_reason[0] != '\0') return host_reason;
    if (play->player.reason.text[0] != '\0') return play->player.reason.text;
    if (play->player.needed != NULL) return play->player.needed;
    return "no reason is known";
}

enum step_result play_text_end(struct play_text *play) {
    assert(play->scenario != NULL);
    enum step_result result = player_end(&play->player);
    for (uint32_t i = 0; i < play->scenario->ports_count; i++) play->scenario->ports[i].live = NULL;
    play->scenario = NULL;
    return result;
}

enum step_result play_text_leave(struct play_text *play) {
    assert(play->last == STEP_RESTART);
    native_host_leave(play->host);
    return play_text_end(play);
}

void play_text_ports(const struct play_text *play, struct text *out) {
    assert(play->scenario != NULL);
    struct text whole = { 0 };
    scenario_print(play->scenario, &whole);
    const char *line = whole.bytes;
    const char *end = whole.bytes + whole.length;
    while (line != NULL && line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = newline == NULL ? (size_t)(end - line) : (size_t)(newline - line);
        size_t indent = 0;
        while (indent < length && line[indent] == ' ') indent++;
        bool is_ports = length - indent > 6 && memcmp(line + indent, "ports ", 6) == 0;
        if (is_ports) text_add(out, "%.*s\n", (int)(length - indent), line + indent);
        line = newline == NULL ? NULL : newline + 1;
    }
    text_free(&whole);
}
