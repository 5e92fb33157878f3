#include "reports/catalogue/show_error.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/citations/citations.h"
#include "reports/catalogue/answers.h"
#include "reports/catalogue/show_facts.h"
#include "reports/catalogue/step_about.h"
#include "reports/catalogue/tally.h"
#include "stack/errors.h"

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
    size_t length = strcspn(step->outcome, " ");
    const char *name = strcmp(row->name, "WSA_IO_PENDING") == 0 ? "pending" : row->name;
    return length == strlen(name) && strncmp(step->outcome, name, length) == 0;
}

/* ASSOCIATE, ACQUIRE, RELEASE, or the function as the line has it: `bind` of `app: bind(s, ...)`. */
static bool name_call(const struct step_order *order, unsigned index, const struct step_record *step, const void *row,
                      char key[TALLY_KEY_MAX]) {
    if (!answers_it(step, row)) return false;
    const char *about = step_about(order, index);
    if (strcmp(about, "ASSOCIATE") == 0 || strcmp(about, "ACQUIRE") == 0 || strcmp(about, "RELEASE") == 0) {
        snprintf(key, TALLY_KEY_MAX, "%s", about);
        return true;
    }
    size_t end = strcspn(step->call, "("), begin = end;
    while (begin > 0 && step->call[begin - 1] != ' ') begin--;
    snprintf(key, TALLY_KEY_MAX, "%.*s", (int)(end - begin), step->call + begin);
    return true;
}

/* Who answers it when: the calls, those that are answered so most often first. */
static void add_answered(const struct answers *answers, const struct error_row *row, struct text *out) {
    struct tally tally = { .count = 0 };
    tally_answers(&tally, answers, name_call, row);
    text_add(out, "  answered to%s\n",
             tally.count == 0 ? " nothing, in any scenario" : ", by whom how often, and where");
    tally_print(&tally, answers, out);
    tally_free(&tally);
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
