/* Known deviations of a host, by rule: call, condition, outcome, and a reason. conformance/deviations.md describes the
 * file format.
 *
 * A rule matches a step that deviates. The first rule of the file that matches is the one that explains it. The
 * scenarios that a rule lists are its witnesses: where one of them sent the rule's call and nothing deviated as the
 * rule says, the record is stale (conform-unexpected). Of a rule that happens sometimes this is asked of the run as a
 * whole. */
#ifndef RESERVOIR_CONFORMANCE_DEVIATIONS_H
#define RESERVOIR_CONFORMANCE_DEVIATIONS_H

#include "conformance/session/session.h"

enum {
    RULE_CALLS_MAX = 8,
    RULE_CONDITIONS_MAX = 8,
    RULE_OBSERVED_MAX = 8,
    RULE_WORDS_MAX = 8,
    RULE_SCENARIOS_MAX = 64,
    RULES_MAX = 512,
    EXCEPTIONS_RULES_MAX = 64
};

enum condition_kind {
    CONDITION_ALLOWED,  /* one of the allowed outcomes has the word `value` */
    CONDITION_INSTANCE, /* the instance has this value of a variant */
    CONDITION_ARGUMENT, /* argument `name` was written as `value`; `given` for any but NULL; NULL also when left out */
};

struct rule_condition {
    enum condition_kind kind;
    const char *name;
    const char *value;
};

/* Words that all have to be there: an outcome word, an error, predicates as traces print them, or a class:
 * port=outside-dynamic-range, routine-ran, fails. */
struct rule_observed {
    unsigned words_count;
    const char *words[RULE_WORDS_MAX];
};

struct deviation_rule {
    struct position position;
    const char *name;
    unsigned calls_count;
    const char *calls[RULE_CALLS_MAX]; /* names of functions, or `show` */
    unsigned conditions_count;
    struct rule_condition conditions[RULE_CONDITIONS_MAX];
    unsigned observed_count; /* any of them */
    struct rule_observed observed[RULE_OBSERVED_MAX];
    unsigned scenarios_count;
    const char *scenarios[RULE_SCENARIOS_MAX];
    unsigned scenario_columns[RULE_SCENARIOS_MAX];
    unsigned scenarios_line;
    bool reviewed;
    bool sometimes; /* it does not happen every time; one witness of a whole run is enough */
    bool seldom;    /* nor in every run: a race; it is not asked whether it happened */
    const char *reason;
};

/* `inherits NAME`, and the rules of that host that are not this one's. */
struct inheritance {
    struct position position;
    const char *name; /* NULL: nothing is inherited */
    unsigned exceptions_count;
    const char *exceptions[EXCEPTIONS_RULES_MAX];
    struct position exception_positions[EXCEPTIONS_RULES_MAX];
};

/* The rules of one host: its own, then those that it inherits. Zero-initialise; free with deviations_free. */
struct deviations {
    struct arena *arena;
    struct deviation_rule *rules;
    uint32_t rules_count;
    struct inheritance inheritance;
    struct deviations *inherited; /* what its inherited rules live in; owned */
};

/* What a rule is asked about: a step that was sent. */
struct deviating_step {
    const struct scenario *instance;
    const struct step *step;
    const struct observation *seen;
    const char *outcome; /* as a trace prints it, without routines */
    unsigned allowed_count;
    const char *const *allowed; /* what was allowed, printed likewise */
    bool port_is_outside;       /* the machine chose a port, in none of the dynamic ranges that it tells */
};

/* Adds the rules of a text; what it inherits is only noted. False with *error filled. */
bool deviations_parse(struct deviations *deviations, const char *file, const char *text, size_t length,
                      struct language_error *error);

/* Adds the rules of a file, and of TREE/hosts/NAME/deviations where it says `inherits NAME`, except those that it says
 * and those whose names it has itself. A file that is not there is an error, and so is a circle. Names of scenarios are
 * checked when the file stands in the tree of scenarios, as TREE/hosts/NAME/deviations. */
bool deviations_read(struct deviations *deviations, const char *path, struct language_error *error);

void deviations_free(struct deviations *deviations);

/* The first rule that matches, or -1. */
int deviations_match(const struct deviations *deviations, const struct deviating_step *deviating);

/* Has the outcome this word: as a trace prints it, or as a class? */
bool deviating_has_word(const struct deviating_step *deviating, const char *word);

/* Could this rule have matched a step: are the call, its arguments and the instance the rule's? */
bool rule_concerns(const struct deviation_rule *rule, const struct scenario *instance, const struct step *step);

/* Is it known that the host lets us wait in vain here: that it is still inside the call when the time is up, or that no
 * such packet has been seen, where the line does not say so? It is when a rule that this scenario is a witness of
 * observes `blocks`, or `none`. `id` is the scenario's, without a suffix. */
bool deviations_expect_vain_wait(const struct deviations *deviations, const char *id, const struct scenario *instance,
                                 const struct step *step);

/* Is this scenario (associate/after-bind, no suffix) one of the rule's witnesses? */
bool rule_lists(const struct deviation_rule *rule, const char *scenario);

/* The name under which rules know the call of a step: the function, `show`, or for `returns` the function that was
 * waiting. */
const char *rule_call_name(const struct scenario *instance, const struct step *step);

/* --- accepting ------------------------------------------------------------------------------------------------- */

/* New rules for what deviates, in the making. Zero-initialise; free with accepted_free. */
struct accepted {
    struct accepted_rule *rules;
    size_t count, capacity;
};

/* Adds a deviating step of a scenario (without suffix): to the rule that it shares call, outcome and allowed outcomes
 * with, or to a new one. */
void accepted_add(struct accepted *accepted, const char *scenario, const struct deviating_step *deviating);

/* Prints the rules as text for a file of deviations, with the status `unreviewed`. `taken` are the rules whose names
 * are given already. */
void accepted_print(const struct accepted *accepted, const struct deviations *taken, struct text *out);

void accepted_free(struct accepted *accepted);

#endif
