#include "reports/formats/tap.h"

#include <assert.h>
#include <string.h>

/* --- words ----------------------------------------------------------------------------------------------------- */

/* Descriptions and directives: '#' and '\' are escaped, line ends become blanks. */
static void add_escaped(const char *text, struct text *out) {
    assert(text != NULL);
    for (const char *at = text; *at != '\0'; at++) {
        char byte = *at;
        if (byte == '#' || byte == '\\') text_add(out, "\\");
        text_add(out, "%c", (unsigned char)byte < 0x20 ? ' ' : byte);
    }
}

/* A double-quoted YAML scalar. */
static void add_quoted(const char *text, struct text *out) {
    assert(text != NULL);
    text_add(out, "\"");
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '"' || byte == '\\') text_add(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7F) text_add(out, "\\x%02X", byte);
        else text_add(out, "%c", byte);
    }
    text_add(out, "\"");
}

static void add_pair(const char *indent, const char *key, const char *value, struct text *out) {
    text_add(out, "%s%s: ", indent, key);
    add_quoted(value, out);
    text_add(out, "\n");
}

/* --- diagnostics ------------------------------------------------------------------------------------------------ */

static void add_allowed(const struct step_record *step, struct text *out) {
    if (step->allowed_count == 0) return;
    text_add(out, "      allowed:\n");
    for (unsigned i = 0; i < step->allowed_count; i++) {
        text_add(out, "        - outcome: ");
        add_quoted(step->allowed[i].outcome, out);
        text_add(out, "\n");
        if (step->allowed[i].why[0] != '\0') add_pair("          ", "source", step->allowed[i].why, out);
    }
}

static void add_step(const struct step_record *step, struct text *out) {
    assert(step->verdict != VERDICT_CONFORM);
    text_add(out, "    - line: %u\n", (unsigned)step->step->position.line);
    add_pair("      ", "verdict", verdict_name(step->verdict), out);
    add_pair("      ", "call", step->call, out);
    if (step->outcome != NULL) add_pair("      ", "observed", step->outcome, out);
    add_allowed(step, out);
    if (step->differs != NULL) add_pair("      ", "differs", step->differs, out);
    if (step->says != NULL) add_pair("      ", "says", step->says, out);
    if (step->follows != NULL) text_add(out, "      follows-from-line: %u\n", (unsigned)step->follows->position.line);
    if (step->rule != NULL) add_pair("      ", "rule", step->rule->name, out);
    if (step->rule != NULL) add_pair("      ", "reason", step->rule->reason, out);
    if (step->note != NULL) add_pair("      ", "note", step->note, out);
}

static void add_diagnostics(const struct instance_record *instance, struct text *out) {
    if (instance->verdict == VERDICT_CONFORM) return;
    bool any = false;
    text_add(out, "  ---\n");
    add_pair("  ", "verdict", verdict_name(instance->verdict), out);
    add_pair("  ", "file", instance->path, out);
    if (instance->reason != NULL) add_pair("  ", "reason", instance->reason, out);
    if (instance->runs > 1) text_add(out, "  runs: %u\n  runs-that-differ: %u\n", instance->runs, instance->runs_other);
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (instance->steps[i].verdict == VERDICT_CONFORM) continue;
        if (!any) text_add(out, "  steps:\n");
        any = true;
        add_step(&instance->steps[i], out);
    }
    text_add(out, "  ...\n");
}

/* --- points ------------------------------------------------------------------------------------------------------ */

static const char *known_rule(const struct instance_record *instance) {
    for (unsigned i = 0; i < instance->steps_count; i++) {
        if (instance->steps[i].rule != NULL) return instance->steps[i].rule->name;
    }
    return "";
}

static void add_directive(const struct instance_record *instance, struct text *out) {
    const char *reason = instance->reason == NULL ? "" : instance->reason;
    switch (instance->verdict) {
    case VERDICT_UNSUPPORTED: text_add(out, " # SKIP unsupported: "); break;
    case VERDICT_NOT_MODELLED: text_add(out, " # SKIP "); break; /* the reason says so */
    case VERDICT_INCONCLUSIVE: text_add(out, " # SKIP inconclusive: "); break;
    case VERDICT_DEVIATE_KNOWN:
        text_add(out, " # TODO known deviation ");
        reason = known_rule(instance);
        break;
    default: return;
    }
    add_escaped(reason, out);
}

void tap_report(const struct run_record *record, struct text *out) {
    assert(record != NULL && out != NULL);
    text_add(out, "TAP version 13\n1..%u\n", (unsigned)record->count);
    for (size_t i = 0; i < record->count; i++) {
        const struct instance_record *instance = record->instances[i];
        bool good = instance->verdict <= VERDICT_INCONCLUSIVE;
        assert(instance->subject < record->subjects_count);
        text_add(out, "%s %u - ", good ? "ok" : "not ok", (unsigned)i + 1);
        add_escaped(record->subjects[instance->subject]->name, out);
        text_add(out, " ");
        add_escaped(instance->id, out);
        add_directive(instance, out);
        text_add(out, "\n");
        add_diagnostics(instance, out);
    }
}
