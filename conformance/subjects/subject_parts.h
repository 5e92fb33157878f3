/* What the files of the subjects share; no other file includes this. */
#ifndef RESERVOIR_CONFORMANCE_SUBJECT_PARTS_H
#define RESERVOIR_CONFORMANCE_SUBJECT_PARTS_H

#include "conformance/subjects/subject.h"

/* A new subject without facts; the caller sets `self`. */
struct subject *subject_create(enum subject_kind kind, const struct subject_operations *operations);

/* Begins the session of a subject that learns. */
void subject_session_begin(struct subject *subject, const uint16_t *ports_first);

/* Takes an answer as text: fills `answer`. False (and STEP_BROKEN) when it cannot be read. */
bool subject_take_answer(struct subject *subject, const struct step *step, const char *text, size_t length,
                         struct step_answer *answer);

/* Takes `done`: STEP_DONE, or STEP_NEEDS when a declaration lacks its event. */
void subject_take_done(struct subject *subject, const struct step *step, struct step_answer *answer);

/* Plays a line `expect packet`, where packets are recorded. */
void subject_expect(struct subject *subject, const struct step *step, struct step_answer *answer);

/* Tells the watch that a step begins, and what it has answered; nothing where calls are not kept. (subject_calls.c) */
void subject_call_begins(struct subject *subject, const struct step *step);
void subject_call_ends(struct subject *subject, const struct step *step, const struct step_answer *answer);

/* Names a host by its facts: wine-8.0, windows-22621; else by its fact `host`, or `host`. */
void subject_name_by_facts(struct subject *subject);

#endif
