#include "conformance/language/source_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/citations/citations.h"
#include "stack/readings.h"

static bool add_citation(const char *word, size_t length, struct text *out) {
    static const char client_prefix[] = "client:";
    size_t prefix = sizeof client_prefix - 1;
    const struct clause *clause = clause_of(word, length);
    const struct fact *fact = fact_of(word, length);
    const struct client *client = NULL;
    if (length > prefix && memcmp(word, client_prefix, prefix) == 0) client = client_of(word + prefix, length - prefix);
    /* The page's list of other pages has names and no sentences. */
    if (clause != NULL && strchr(clause->statement, ' ') == NULL) return false;
    if (clause != NULL) text_add(out, "%s: %s", clause->id, clause->statement);
    else if (fact != NULL) text_add(out, "%s: %s", fact->id, fact->statement);
    else if (client != NULL) text_add(out, "%s, %s: %s", client->id, client->what, client->meets);
    return clause != NULL || fact != NULL || client != NULL;
}

/* Q46=a */
static bool add_candidate(const char *word, size_t length, struct text *out) {
    if (length < 4 || word[0] != 'Q' || word[length - 2] != '=') return false;
    const struct reading *reading = reading_of((enum question)strtoul(word + 1, NULL, 10));
    unsigned candidate = (unsigned)(word[length - 1] - 'a');
    if (reading == NULL || candidate >= reading->candidates_count) return false;
    text_add(out, "Q%u is open, %s: %c, %s", (unsigned)reading->question, reading->title, word[length - 1],
             reading->candidates[candidate]);
    return true;
}

bool source_text_add(const char *sources, struct text *out) {
    assert(sources != NULL && out != NULL);
    for (const char *at = strchr(sources, '@'); at != NULL; at = strchr(at + 1, '@'))
        if (add_citation(at + 1, strcspn(at + 1, " "), out)) return true;
    for (const char *at = strchr(sources, '@'); at != NULL; at = strchr(at + 1, '@'))
        if (add_candidate(at + 1, strcspn(at + 1, " "), out)) return true;
    return false;
}
