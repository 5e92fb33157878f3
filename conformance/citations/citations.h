/* What can be cited: clauses of the reference pages, facts about Windows, named clients.
 *
 * The tables are data, scenarios/clauses.tsv, scenarios/translations.tsv and scenarios/facts/ (with a README); the
 * build compiles them in. So a
 * citation means the same wherever a scenario is read: a file of the tree, a file from elsewhere, standard input, an
 * installed program far from its sources, the agent on a machine without files. Nothing is read, passed down or
 * forgotten to be passed. The price: who adds a row builds again. Open questions are the model's (stack/readings.h).
 *
 * All memory is static. A word is not NUL-terminated and compared as it is written; `*_named` takes any case. */
#ifndef RESERVOIR_CONFORMANCE_CITATIONS_H
#define RESERVOIR_CONFORMANCE_CITATIONS_H

#include <stdbool.h>
#include <stddef.h>

struct clause {
    const char *id;      /* ASC-02 */
    const char *section; /* of the page; or the theme, where the statement comes from another page */
    const char *statement;
    const char *contradicted; /* what contradicts it or which question it touches; "-" for none */
    const char *decidable;    /* "decidable", or "undecidable: why no run can decide it" */
    const char *about;        /* which call it is about: words of reports/catalogue/step_about.h, or "-" for any */
};

struct fact {
    const char *id; /* W22; T8.2.1, the first row of table 8.2; N4.3.6, a note; F16, a case; R9293.3.7.4, an RFC */
    const char *evidence; /* documented, standard (an RFC), header, sample, test, observed, client, implementation,
                             inferred, silent */
    const char *about;
    const char *statement;
    const char *seen;    /* where: project, document, build */
    const char *uncited; /* why no scenario cites it; "-" while one does */
};

struct client {
    const char *id; /* msquic */
    const char *name, *what, *seen, *meets;
    const char *facts; /* the fact about it, or the group of facts: N1.1 */
};

/* What a translation of the reference page makes its reader believe, where that is not what the clause says. Nothing
 * cites it: it belongs to its clause. */
struct translation {
    const char *clause;     /* ASC-02, a clause of the table */
    const char *language;   /* German, Portuguese, Russian, Spanish, Traditional Chinese */
    const char *belief;     /* in our own words */
    const char *refuted_by; /* a scenario, associate/after-bind; "-" while the clause has none */
    const char *seen;       /* which text, of when */
};

const struct clause *known_clauses(unsigned *count);
const struct fact *known_facts(unsigned *count);
const struct client *known_clients(unsigned *count);
const struct translation *known_translations(unsigned *count);

/* The row, or NULL. */
const struct clause *clause_of(const char *word, size_t length);
const struct fact *fact_of(const char *word, size_t length);
const struct client *client_of(const char *word, size_t length);
const struct clause *clause_named(const char *id);
const struct fact *fact_named(const char *id);
const struct client *client_named(const char *id);

/* Is there a group of facts such as T8.2 or N4: is it the beginning of an id, up to a dot? Any case. */
bool fact_is_in(const struct fact *fact, const char *group);
bool fact_group_exists(const char *group);

bool clause_is_decidable(const struct clause *clause);

/* What the writer of an unknown one probably meant: of clauses and clients the nearest spelling in any case; of
 * facts the row of that letter with the nearest number, or, where there is a dot, with the longest common beginning.
 * NULL when nothing is near. */
const char *clause_nearest(const char *word, size_t length);
const char *fact_nearest(const char *word, size_t length);
const char *client_nearest(const char *word, size_t length);

#endif
