/* Which call a step of a scenario shows something of.
 *
 *   ASSOCIATE        a WSAIoctl or WSPIoctl with SIO_ASSOCIATE_PORT_RESERVATION, by its name or by its number
 *   ACQUIRE RELEASE  likewise
 *   its-completion   of an overlapped ASSOCIATE above: its result, its event, its routine, a look at its OVERLAPPED
 *   its-error        WSAGetLastError, the next call of the thread that made an ASSOCIATE
 *   its-socket       bind, connect, sendto or getsockname of a socket that an ASSOCIATE above was about
 *   anything else    the function's own name
 *
 * scenarios/clauses.tsv says by these words which call each sentence of the page is about. */
#ifndef RESERVOIR_REPORTS_STEP_ABOUT_H
#define RESERVOIR_REPORTS_STEP_ABOUT_H

#include <stdbool.h>

#include "conformance/language/step_order.h"

/* The word for step `index` of an instance's order; "" for a step that is no call and no look. Static. */
const char *step_about(const struct step_order *order, unsigned index);

/* The call with one of the three codes that the step is, or the ASSOCIATE whose completion, error or socket it shows:
 * its function is the door by which it was issued. NULL for any other step. */
const struct step *step_control_call(const struct step_order *order, unsigned index);

/* Is `word` among these words with blanks between? */
bool words_hold_word(const char *words, const char *word);

/* Is it a word that some step can have? A function counts when it is in the catalogue of functions. */
bool is_step_word(const char *word, size_t length);

#endif
