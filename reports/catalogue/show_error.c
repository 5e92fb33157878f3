#include "reports/catalogue/show_error.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "conformance/base/nearest.h"
#include "conformance/citations/citations.h"
#include "conformance/language/step_order.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/show_facts.h"
#include "reports/catalogue/step_about.h"
#include "stack/errors.h"

enum { ANSWERERS_MAX = 16, CALL_NAME_MAX = 48, SCENARIOS_SHOWN = 3 };

/* A call that was answered with the error. */
struct answered_call {
    char name[CALL_NAME_MAX];
    unsigned counts[ANSWERERS_MAX];
    const char *scenarios[SCENARIOS_SHOWN]; /* the first ones */
    unsigned scenarios_count;
    const char *last_scenario;
};

struct answered {
    struct answered_call *calls;
    size_t count, capacity;
};

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool is_name_of(const struct error_row *row, const char *id) {
    static const char *const beginnings[] = { "", "WSA", "ERROR_", "WSA_", "STATUS_" };
    for (unsigned i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t length = strlen(beginnings[i]);
        if (strncmp(row->name, beginnings[i], length) == 0 && words_are_alike(row->name + length, id)) return true;
    }
    return false;
}

bool error_is_named(const char *id) {
    unsigned count = 0;
    const struct error_row *rows = error_rows(&count);
    for (unsigned i = 0; i < count; i++)
        if (is_name_of(&rows[i], id)) return true;
    return false;
}

/* Is the word in the text, and no part of a longer one? */
static bool mentions(const char *text, const char *word) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t length = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == text || strchr(letters, at[-1]) == NULL;
        if (begins && (at[length] == '\0' || strchr(letters, at[length]) == NULL)) return true;
    }
    return false;
}

/* --- who answers it ----------------------------------------------------------------------------------------------- */

/* Was the step answered with it? A request that pends has a word of its own. */
static bool answers_it(const struct step_record *step, const struct error_row *row) {
    if (step->outcome == NULL) return false;
    size_t length = strcspn(step->outcome, " ");
    const char *name = strcmp(row->name, "WSA_IO_PENDING") == 0 ? "pending" : row->name;
    return length == strlen(name) && strncmp(step->outcome, name, length) == 0;
}

/* ASSOCIATE, ACQUIRE, RELEASE, or the function as the line has it: `bind` of `app: bind(s, ...)`. */
static void name_call(const struct step_order *order, unsigned index, const char *line, char name[CALL_NAME_MAX]) {
    const char *about = step_about(order, index);
    if (strcmp(about, "ASSOCIATE") == 0 || strcmp(about, "ACQUIRE") == 0 || strcmp(about, "RELEASE") == 0) {
        snprintf(name, CALL_NAME_MAX, "%s", about);
        return;
    }
    size_t end = strcspn(line, "("), begin = end;
    while (begin > 0 && line[begin - 1] != ' ') begin--;
    snprintf(name, CALL_NAME_MAX, "%.*s", (int)(end - begin), line + begin);
}

static struct answered_call *find_call(struct answered *answered, const char *name) {
    for (size_t i = 0; i < answered->count; i++)
        if (strcmp(answered->calls[i].name, name) == 0) return &answered->calls[i];
    answered->calls = memory_grow(answered->calls, answered->count, &answered->capacity, sizeof *answered->calls);
    struct answered_call *call = &answered->calls[answered->count++];
    memset(call, 0, sizeof *call);
    snprintf(call->name, sizeof call->name, "%s", name);
    return call;
}

static void note_scenario(struct answered_call *call, const char *scenario) {
    if (call->last_scenario != NULL && strcmp(call->last_scenario, scenario) == 0) return;
    for (unsigned i = 0; i < call->scenarios_count && i < SCENARIOS_SHOWN; i++)
        if (strcmp(call->scenarios[i], scenario) == 0) return;
    if (call->scenarios_count < SCENARIOS_SHOWN) call->scenarios[call->scenarios_count] = scenario;
    call->scenarios_count++;
    call->last_scenario = scenario;
}

static void count_instance(struct answered *answered, unsigned who, const struct instance_record *instance,
                           const struct error_row *row) {
    struct step_order order;
    step_order_fill(&order, instance->instance);
    for (unsigned i = 0; i < instance->steps_count; i++) {
        char name[CALL_NAME_MAX];
        if (!answers_it(&instance->steps[i], row)) continue;
        name_call(&order, i, instance->steps[i].call, name);
        struct answered_call *call = find_call(answered, name);
        call->counts[who]++;
        note_scenario(call, instance->scenario);
    }
}

static unsigned total(const struct answered_call *call) {
    unsigned sum = 0;
    for (unsigned i = 0; i < ANSWERERS_MAX; i++) sum += call->counts[i];
    return sum;
}

static int compare_calls(const void *one, const void *other) {
    unsigned a = total(one), b = total(other);
    return a != b ? (a > b ? -1 : 1)
                  : strcmp(((const struct answered_call *)one)->name, ((const struct answered_call *)other)->name);
}

static void add_call(const struct answers *answers, const struct answered_call *call, struct text *out) {
    bool any = false;
    text_add(out, "    %s: ", call->name);
    for (size_t i = 0; i < answers->count && i < ANSWERERS_MAX; i++) {
        if (call->counts[i] == 0) continue;
        text_add(out, "%s%s %u", any ? ", " : "", answers->answerers[i].name, call->counts[i]);
        any = true;
    }
    text_add(out, "\n     ");
    for (unsigned i = 0; i < call->scenarios_count && i < SCENARIOS_SHOWN; i++)
        text_add(out, " %s", call->scenarios[i]);
    text_add(out, "%s\n", call->scenarios_count > SCENARIOS_SHOWN ? " ..." : "");
}

/* Who answers it when: the calls, those that are answered so most often first. */
static void add_answered(const struct answers *answers, const struct error_row *row, struct text *out) {
    struct answered answered = { .count = 0 };
    for (size_t i = 0; i < answers->count && i < ANSWERERS_MAX; i++) {
        const struct run_record *record = &answers->answerers[i].record;
        for (size_t j = 0; j < record->count; j++) count_instance(&answered, (unsigned)i, record->instances[j], row);
    }
    if (answered.count > 0) qsort(answered.calls, answered.count, sizeof *answered.calls, compare_calls);
    text_add(out, "  answered to%s\n",
             answered.count == 0 ? " nothing, in any scenario" : ", by whom how often, and where");
    for (size_t i = 0; i < answered.count; i++) add_call(answers, &answered.calls[i], out);
    free(answered.calls);
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

static void add_head(const struct error_row *row, struct text *out) {
    static const char *const families[] = { "Winsock error", "Win32 error", "NTSTATUS" };
    assert(row->family <= ERROR_FAMILY_STATUS);
    text_add(out, row->family == ERROR_FAMILY_STATUS ? "%s  0x%08X  %s\n" : "%s  %u  %s\n", row->name,
             (unsigned)row->value, families[row->family]);
    if (row->meaning[0] != '\0') text_add(out, "  %s\n", row->meaning);
    if (row->family != ERROR_FAMILY_STATUS) return;
    const char *winsock = error_name(winsock_error_of_status(row->value), ERROR_FAMILY_WINSOCK);
    const char *win32 = error_name(win32_error_of_status(row->value), ERROR_FAMILY_WIN32);
    text_add(out, "  surfaces as %s through Winsock, as %s through Win32\n", winsock == NULL ? "?" : winsock,
             win32 == NULL ? "?" : win32);
}

static void add_clauses(const struct error_row *row, struct text *out) {
    unsigned count = 0, found = 0;
    const struct clause *clauses = known_clauses(&count);
    for (unsigned i = 0; i < count; i++) {
        if (!mentions(clauses[i].statement, row->name)) continue;
        if (found++ == 0) text_add(out, "  clauses\n");
        text_add(out, "    %s\n", clauses[i].id);
        text_add_wrapped(out, "      ", clauses[i].statement);
    }
}

int show_error(const char *folder, const char *id, struct text *out) {
    struct data data = { .folder = NULL };
    struct answers answers = { .count = 0 };
    unsigned count = 0;
    char *end = NULL;
    bool good = true, numeric = id[0] >= '0' && id[0] <= '9';
    unsigned long long number = strtoull(id, &end, 0);
    numeric &= *end == '\0';
    const struct error_row *rows = error_rows(&count);
    struct nearest nearest = nearest_to(id, (unsigned)strlen(id));
    for (unsigned i = 0; i < count; i++) {
        nearest_offer(&nearest, rows[i].name);
        if (numeric ? rows[i].value != number : !is_name_of(&rows[i], id)) continue;
        add_head(&rows[i], out);
        if (rows[i].family == ERROR_FAMILY_STATUS) continue;
        if (answers.count == 0) good = data_read_scenarios(&data, folder);
        if (answers.count == 0) answers_read(&answers, &data.set, folder, ANSWERS_ABOUT_CLAUSES);
        add_clauses(&rows[i], out);
        add_answered(&answers, &rows[i], out);
    }
    answers_free(&answers);
    data_free(&data);
    if (out->length == 0) return show_missing("error", id, nearest.best);
    return good ? 0 : 2;
}
