/* Rules made from what was seen: what --accept writes. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/verdicts/deviations.h"
#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/language/outcome_text.h"

struct accepted_rule {
    char *call;
    char *observed;             /* words for the line `observed` */
    char *allowed;              /* words that `allowed=` names, one for each outcome that was allowed */
    struct path_list scenarios; /* identifiers */
};

static const char outside[] = "port=outside-dynamic-range";

static size_t word_length(const char *text) { return strcspn(text, " "); }

/* Is a predicate of the outcome one that no allowed outcome with the same first word has? */
static bool differs(const struct deviating_step *deviating, const char *word, size_t length) {
    size_t first = word_length(deviating->outcome);
    for (unsigned i = 0; i < deviating->allowed_count; i++) {
        const char *allowed = deviating->allowed[i];
        if (word_length(allowed) != first || memcmp(allowed, deviating->outcome, first) != 0) continue;
        struct text copy = { 0 };
        text_add(&copy, "%.*s", (int)length, word);
        bool has = outcome_text_has(allowed, copy.bytes);
        text_free(&copy);
        if (has) return false;
    }
    return true;
}

static bool first_word_is_allowed(const struct deviating_step *deviating) {
    size_t first = word_length(deviating->outcome);
    for (unsigned i = 0; i < deviating->allowed_count; i++) {
        const char *allowed = deviating->allowed[i];
        if (word_length(allowed) == first && memcmp(allowed, deviating->outcome, first) == 0) return true;
    }
    return false;
}

/* The word of the outcome; after it what differs, when the word itself was allowed. */
static void add_observed(const struct deviating_step *deviating, struct text *out) {
    const char *outcome = deviating->outcome;
    size_t first = word_length(outcome);
    bool fault = deviating->seen->word == OUTCOME_FAULT;
    text_add(out, "%.*s", fault ? 5 : (int)first, fault ? "fault" : outcome);
    if (!first_word_is_allowed(deviating)) return;
    unsigned words = 1;
    for (const char *at = outcome + first; *at == ' ' && words < RULE_WORDS_MAX;) {
        size_t length = word_length(at + 1);
        bool port = length > 5 && memcmp(at + 1, "port=", 5) == 0;
        if (!port && differs(deviating, at + 1, length)) {
            text_add(out, " %.*s", (int)length, at + 1);
            words++;
        }
        at += length + 1;
    }
    if (deviating_has_word(deviating, outside)) text_add(out, " %s", outside);
    if (words == 1 && deviating->seen->routines_count > 0) text_add(out, " routine-ran");
}

static void add_allowed(const struct deviating_step *deviating, struct text *out) {
    text_add(out, "%s", "");
    for (unsigned i = 0; i < deviating->allowed_count; i++) {
        const char *allowed = deviating->allowed[i];
        size_t length = word_length(allowed);
        struct text word = { 0 };
        text_add(&word, "%.*s", (int)length, allowed);
        if (!outcome_text_has(out->bytes, word.bytes)) text_add(out, "%s%s", out->length == 0 ? "" : " ", word.bytes);
        text_free(&word);
    }
}

static struct accepted_rule *find(struct accepted *accepted, const char *call, const struct text *observed,
                                  const struct text *allowed) {
    for (size_t i = 0; i < accepted->count; i++) {
        struct accepted_rule *rule = &accepted->rules[i];
        bool same = strcmp(rule->call, call) == 0 && strcmp(rule->observed, observed->bytes) == 0 &&
                    strcmp(rule->allowed, allowed->bytes) == 0;
        if (same) return rule;
    }
    return NULL;
}

void accepted_add(struct accepted *accepted, const char *scenario, const struct deviating_step *deviating) {
    struct text observed = { 0 }, allowed = { 0 };
    assert(accepted != NULL && scenario != NULL && deviating != NULL);
    const char *call = rule_call_name(deviating->instance, deviating->step);
    add_observed(deviating, &observed);
    add_allowed(deviating, &allowed);
    struct accepted_rule *rule = find(accepted, call, &observed, &allowed);
    if (rule == NULL) {
        accepted->rules = memory_grow(accepted->rules, accepted->count, &accepted->capacity, sizeof *accepted->rules);
        rule = &accepted->rules[accepted->count++];
        *rule = (struct accepted_rule){ .call = memory_copy_text(call, strlen(call)),
                                        .observed = memory_copy_text(observed.bytes, observed.length),
                                        .allowed = memory_copy_text(allowed.bytes, allowed.length) };
    }
    bool listed = false;
    for (size_t i = 0; i < rule->scenarios.count; i++) listed |= strcmp(rule->scenarios.paths[i], scenario) == 0;
    if (!listed && rule->scenarios.count < RULE_SCENARIOS_MAX) path_list_add(&rule->scenarios, scenario);
    text_free(&observed);
    text_free(&allowed);
}

/* --- printing ----------------------------------------------------------------------------------------------------- */

static bool name_taken(const struct deviations *taken, const char *name) {
    for (uint32_t i = 0; i < taken->rules_count; i++) {
        if (strcmp(taken->rules[i].name, name) == 0) return true;
    }
    return false;
}

/* unreviewed-wsaioctl-1: the first number that is free. */
static void print_name(const struct accepted_rule *rule, const struct deviations *taken, unsigned *number,
                       struct text *out) {
    char name[80], call[40];
    size_t length = strlen(rule->call);
    assert(length < sizeof call);
    for (size_t i = 0; i <= length; i++) {
        char byte = rule->call[i];
        call[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    do {
        snprintf(name, sizeof name, "unreviewed-%s-%u", call, ++*number);
    } while (name_taken(taken, name));
    text_add(out, "\ndeviation %s\n", name);
}

/* A rule names a fault without its code. */
static size_t rule_word_length(const char *allowed) {
    static const char fault[] = "fault";
    bool is_fault = strncmp(allowed, fault, strlen(fault)) == 0;
    return is_fault ? strlen(fault) : word_length(allowed);
}

/* `allowed=` for each word that was allowed, as far as a rule has room. */
static void print_conditions(const struct accepted_rule *rule, struct text *out) {
    const char *word = rule->allowed;
    for (unsigned i = 0; *word != '\0' && i < RULE_CONDITIONS_MAX; i++) {
        text_add(out, "%sallowed=%.*s", i == 0 ? "  when       " : " ", (int)rule_word_length(word), word);
        word += word_length(word);
        if (*word == ' ') word++;
    }
    if (rule->allowed[0] != '\0') text_add(out, "\n");
}

static void print_rule(const struct accepted_rule *rule, struct text *out) {
    text_add(out, "  call       %s\n", rule->call);
    print_conditions(rule, out);
    text_add(out, "  observed   %s\n", rule->observed);
    if (strstr(rule->observed, outside) != NULL) text_add(out, "  happens    sometimes\n");
    text_add(out, "  scenarios ");
    for (size_t i = 0; i < rule->scenarios.count; i++) text_add(out, " %s", rule->scenarios.paths[i]);
    text_add(out, "\n  status     unreviewed\n");
    text_add(out, "  reason     unreviewed: observed %s, allowed were %s\n", rule->observed,
             rule->allowed[0] == '\0' ? "others" : rule->allowed);
}

static size_t words(const char *text) {
    size_t count = *text != '\0';
    for (; *text != '\0'; text++) count += *text == ' ';
    return count;
}

/* The first rule that matches explains a step: one that asks for more stands before one that asks for less. */
static bool is_narrower(const struct accepted_rule *one, const struct accepted_rule *other) {
    size_t allowed = words(one->allowed), other_allowed = words(other->allowed);
    return allowed != other_allowed ? allowed > other_allowed : words(one->observed) > words(other->observed);
}

static void order(const struct accepted *accepted) {
    for (size_t i = 1; i < accepted->count; i++) {
        const struct accepted_rule rule = accepted->rules[i];
        size_t at = i;
        for (; at > 0 && is_narrower(&rule, &accepted->rules[at - 1]); at--)
            accepted->rules[at] = accepted->rules[at - 1];
        accepted->rules[at] = rule;
    }
}

void accepted_print(const struct accepted *accepted, const struct deviations *taken, struct text *out) {
    unsigned number = 0;
    assert(accepted != NULL && taken != NULL && out != NULL);
    order(accepted);
    for (size_t i = 0; i < accepted->count; i++) {
        print_name(&accepted->rules[i], taken, &number, out);
        print_rule(&accepted->rules[i], out);
    }
}

void accepted_free(struct accepted *accepted) {
    assert(accepted != NULL);
    for (size_t i = 0; i < accepted->count; i++) {
        struct accepted_rule *rule = &accepted->rules[i];
        free(rule->call);
        free(rule->observed);
        free(rule->allowed);
        path_list_free(&rule->scenarios);
    }
    free(accepted->rules);
    *accepted = (struct accepted){ .count = 0 };
}
