/* One scenario at a time on the host, as text: what serve.c says through the pipe and run.c writes into files. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_PLAY_TEXT_H
#define RESERVOIR_CONFORMANCE_AGENT_PLAY_TEXT_H

#include "conformance/agent/native_host.h"
#include "conformance/language/step_order.h"
#include "conformance/player/play.h"

struct play_text {
    struct native_host *host;  /* borrowed */
    struct scenario *scenario; /* between begin and end; borrowed, but its ports lines get their live values */
    struct step_order steps;
    struct player player;
    enum step_result last; /* what the last begin or step answered */
    char ports_live[PORTS_MAX][80];
};

void play_text_create(struct play_text *play, struct native_host *host);

/* Begins an expanded scenario. STEP_DONE, STEP_UNSUPPORTED or STEP_BROKEN (then `play_text_reason`). The scenario must
 * live until play_text_end(), which is called whatever this answered. */
enum step_result play_text_begin(struct play_text *play, struct scenario *scenario);

/* Resumes a scenario that stopped for a restart, from its trace so far and the mark of that stop (player_resume).
 * Otherwise as play_text_begin. *next is the number of the first step that is still to be played. */
enum step_result play_text_resume(struct play_text *play, struct scenario *scenario, const struct scenario *trace,
                                  const char *mark, unsigned *next);

/* Plays step `index` of play->steps and adds what there is to say to `out`: after STEP_SEEN the trace line with its
 * routine lines, after anything else nothing. */
enum step_result play_text_step(struct play_text *play, unsigned index, struct text *out);

/* Why the last answer was STEP_UNSUPPORTED or STEP_BROKEN; the missing name after STEP_NEEDS, the mark after
 * STEP_RESTART. One line. */
const char *play_text_reason(const struct play_text *play);

enum step_result play_text_end(struct play_text *play);

/* In its stead, after STEP_RESTART: what the scenario made stays, to be resumed. */
enum step_result play_text_leave(struct play_text *play);

/* The scenario's `ports` lines with their live values, as they stand in a trace; after a begin that was STEP_DONE. */
void play_text_ports(const struct play_text *play, struct text *out);

#endif
