#include "conformance/subjects/said.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/tree.h"

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* Numbers have four bytes; a text has its length before it, and a NUL after it. */
static void keep_number(struct said *said, uint32_t number) {
    text_add_bytes(&said->bytes, (const char *)&number, sizeof number);
}

static void keep_text(struct said *said, const char *bytes, size_t length) {
    keep_number(said, (uint32_t)length);
    text_add_bytes(&said->bytes, bytes, length);
    text_add_byte(&said->bytes, '\0');
}

static void keep_reason(struct said *said, const struct reason *reason) {
    keep_text(said, reason->text, strlen(reason->text));
}

static bool take_number(struct said *said, uint32_t *number) {
    if (said->bytes.length - said->at < sizeof *number) return false;
    memcpy(number, said->bytes.bytes + said->at, sizeof *number);
    said->at += sizeof *number;
    return true;
}

/* NULL: there is none. */
static const char *take_text(struct said *said, uint32_t *length) {
    if (!take_number(said, length) || said->bytes.length - said->at <= *length) return NULL;
    const char *text = said->bytes.bytes + said->at;
    said->at += *length + 1;
    return text;
}

static bool take_reason(struct said *said, struct reason *reason) {
    uint32_t length = 0;
    const char *text = take_text(said, &length);
    if (text != NULL) reason_set(reason, "%s", text);
    return text != NULL;
}

/* The process that played asked for less than this one does: it was another build, or its bytes were cut. */
static enum step_result fail_short(struct reason *detail) {
    reason_set(detail, "the process that played it has not said what came next");
    return STEP_BROKEN;
}

/* --- an instance begins ------------------------------------------------------------------------------------------- */

static void keep_facts(struct said *said, const struct fact_list *facts) {
    keep_number(said, facts->count);
    for (uint32_t i = 0; i < facts->count; i++) {
        keep_text(said, facts->facts[i].key, strlen(facts->facts[i].key));
        keep_text(said, facts->facts[i].value, strlen(facts->facts[i].value));
    }
}

static bool take_facts(struct said *said) {
    uint32_t count = 0, length = 0;
    fact_list_free(&said->facts);
    if (!take_number(said, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        const char *key = take_text(said, &length), *value = key == NULL ? NULL : take_text(said, &length);
        if (value == NULL) return false;
        fact_list_add(&said->facts, key, value);
    }
    return true;
}

void said_keep_begin(struct said *said, const char *name, enum step_result result, const uint16_t *ports_first,
                     const struct fact_list *facts, const struct reason *detail) {
    assert(said != NULL && name != NULL);
    keep_text(said, name, strlen(name));
    keep_number(said, (uint32_t)result);
    keep_reason(said, detail);
    for (unsigned i = 0; i < PORTS_MAX; i++) keep_number(said, ports_first[i]);
    keep_facts(said, facts);
}

enum step_result said_take_begin(struct said *said, const char *name, uint16_t *ports_first, struct reason *detail) {
    uint32_t result = 0, port = 0, length = 0;
    const char *played = take_text(said, &length);
    if (played != NULL && strcmp(played, name) != 0) {
        reason_set(detail, "the process that played it played %.100s: scenarios were changed during the run", played);
        return STEP_BROKEN;
    }
    bool whole = played != NULL && take_number(said, &result) && take_reason(said, detail);
    for (unsigned i = 0; i < PORTS_MAX && whole; i++) {
        whole = take_number(said, &port);
        ports_first[i] = (uint16_t)port;
    }
    return whole && take_facts(said) ? (enum step_result)result : fail_short(detail);
}

/* --- a step, and the end ------------------------------------------------------------------------------------------ */

void said_keep_step(struct said *said, enum step_result result, const struct text *line, const struct reason *detail) {
    assert(said != NULL && line != NULL);
    keep_number(said, (uint32_t)result);
    keep_reason(said, detail);
    keep_text(said, line->length == 0 ? "" : line->bytes, line->length);
}

enum step_result said_take_step(struct said *said, const char **line, size_t *length, struct reason *detail) {
    uint32_t result = 0, line_length = 0;
    bool whole = take_number(said, &result) && take_reason(said, detail);
    *line = whole ? take_text(said, &line_length) : NULL;
    *length = line_length;
    return *line != NULL ? (enum step_result)result : fail_short(detail);
}

void said_keep_end(struct said *said, enum step_result result, const struct reason *detail) {
    assert(said != NULL && detail != NULL);
    keep_number(said, (uint32_t)result);
    keep_reason(said, detail);
}

enum step_result said_take_end(struct said *said, struct reason *detail) {
    uint32_t result = 0;
    bool whole = take_number(said, &result) && take_reason(said, detail);
    return whole ? (enum step_result)result : fail_short(detail);
}

void said_free(struct said *said) {
    text_free(&said->bytes);
    fact_list_free(&said->facts);
    said->at = 0;
}
