/* scenarios/twins.tsv: each clause and question about pending, blocking and cancelling is shown on ASSOCIATE, and on a
 * call that any host can be asked to leave pending. The tree: RESERVOIR_SCENARIOS, else "scenarios". */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/citations/citations.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/runner/scenario_set.h"
#include "reports/catalogue/clause_shown.h"
#include "reports/catalogue/data.h"
#include "reports/catalogue/step_about.h"
#include "stack/readings.h"

void register_twins_tests(void);

enum { FIELDS = 5, ROWS_MAX = 100, FIELD_MAX = 64 };

struct row {
    char id[FIELD_MAX];
    char associate[FIELD_MAX], how[FIELD_MAX]; /* the scenario; pending, blocks or answered */
    char twin[FIELD_MAX], twin_how[FIELD_MAX];
};

/* What the issue of these calls is about, name by name. */
static const char *const wanted[] = {
    "PAR-09",
    "PAR-10",
    "PAR-11",
    "PAR-12",
    "PAR-13",
    "PAR-14",
    "PAR-15",
    "PAR-16",
    "PAR-17",
    "ERR-PENDING",
    "ERR-ABORT-THREAD",
    "ERR-ABORT-REQUEST",
    "ERR-ABORT-CLOSE",
    "ERR-ABORT-FLUSH",
    "ERR-FAULT-OVERLAPPED",
    "ERR-FAULT-ROUTINE",
    "ERR-INPROGRESS",
    "ERR-INPROGRESS-BLOCKING",
    "ERR-INTR",
    "ERR-INTR-ANY",
    "REM-14",
    "REM-15",
    "REM-16",
    "REM-17",
    "REM-18",
    "REM-19",
    "REM-20",
    "REM-21",
    "SEE-13",
    "SEE-15",
    "Q69",
    "Q70",
    "Q71",
    "Q72",
    "Q73",
    "Q74",
    "Q75",
    "Q76",
    "Q77",
    "Q78",
    "Q79",
    "Q80",
    "Q81",
};

static struct data data;
static struct row rows[ROWS_MAX];
static unsigned rows_count;
static char hosts_folder[FOLDER_PATH_MAX];

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* False when the line is no row. */
static bool read_row(const char *line, size_t length, struct row *row) {
    char *const fields[FIELDS] = { row->id, row->associate, row->how, row->twin, row->twin_how };
    const char *end = line + length;
    for (unsigned i = 0; i < FIELDS; i++) {
        const char *tab = memchr(line, '\t', (size_t)(end - line));
        const char *stop = tab == NULL ? end : tab;
        if ((tab == NULL) != (i == FIELDS - 1) || stop == line || stop - line >= FIELD_MAX) return false;
        snprintf(fields[i], FIELD_MAX, "%.*s", (int)(stop - line), line);
        line = stop + 1;
    }
    return true;
}

static bool read_rows(const char *path) {
    size_t length = 0;
    char *bytes = file_read(path, FILE_BYTES_MAX, &length);
    bool good = bytes != NULL;
    for (size_t start = 0; good && start < length;) {
        const char *newline = memchr(bytes + start, '\n', length - start);
        size_t end = newline == NULL ? length : (size_t)(newline - bytes);
        bool comment = bytes[start] == '#' || end == start;
        good = comment || (rows_count < ROWS_MAX && read_row(bytes + start, end - start, &rows[rows_count]));
        rows_count += good && !comment;
        start = end + 1;
    }
    free(bytes);
    return good;
}

static int read_tree(void) {
    const char *folder = getenv("RESERVOIR_SCENARIOS");
    char path[FOLDER_PATH_MAX];
    if (folder == NULL) folder = "scenarios";
    snprintf(hosts_folder, sizeof hosts_folder, "%s/hosts/wine-8.0/traces", folder);
    snprintf(path, sizeof path, "%s/twins.tsv", folder);
    return data_read_scenarios(&data, folder) && read_rows(path) ? 0 : 1;
}

static int free_tree(void) {
    data_free(&data);
    rows_count = 0;
    return 0;
}

/* --- one side of a row -------------------------------------------------------------------------------------------- */

static const struct scenario_file *file_of(const char *id) {
    for (size_t i = 0; i < data.set.count; i++)
        if (strcmp(data.set.files[i].id, id) == 0) return &data.set.files[i];
    return NULL;
}

static bool ends_so(const struct outcome *outcome, const char *how) {
    if (strcmp(how, "pending") == 0) return outcome->word == OUTCOME_PENDING;
    if (strcmp(how, "blocks") == 0) return outcome->word == OUTCOME_BLOCKS;
    return outcome->word != OUTCOME_PENDING && outcome->word != OUTCOME_BLOCKS;
}

/* A step of a WSAIoctl, with ASSOCIATE or with a code that is none of the three, which may end so. */
static bool has_call(const struct scenario *instance, bool associate, const char *how) {
    static struct step_order order;
    step_order_fill(&order, instance);
    for (unsigned i = 0; i < order.count; i++) {
        const struct step *step = order.steps[i];
        bool wanted_call = strcmp(step_about(&order, i), associate ? "ASSOCIATE" : "WSAIoctl") == 0;
        for (uint32_t j = 0; wanted_call && j < step->outcomes_count; j++)
            if (ends_so(&step->outcomes[j], how)) return true;
    }
    return false;
}

static struct source source_named(const char *id) {
    bool question = id[0] == 'Q';
    return (struct source){ .kind = question ? SOURCE_READING : SOURCE_CLAUSE,
                            .number = question ? (unsigned)strtoul(id + 1, NULL, 10) : 0,
                            .text = id };
}

/* A question that the model never asks is cited nowhere. */
static bool is_cited(const struct row *row, const struct scenario_file *file) {
    const struct source source = source_named(row->id);
    bool asked = source.kind == SOURCE_CLAUSE || reading_of(source.number)->modelled;
    return !asked || scenario_cites(file->scenario, &source);
}

static const char *wrong_with_associate(const struct row *row) {
    const struct scenario_file *file = file_of(row->associate);
    if (file == NULL) return "there is no such scenario of ASSOCIATE";
    if (!is_cited(row, file)) return "the scenario of ASSOCIATE does not cite it";
    bool found = false;
    for (unsigned i = 0; i < file->instances_count && !found; i++) {
        struct scenario *instance = scenario_expand(file->scenario, i);
        found = has_call(instance, true, row->how);
        scenario_free(instance);
    }
    return found ? NULL : "its ASSOCIATE does not end so";
}

/* What a host was recorded to answer to this instance of a file, or NULL. The caller frees it. */
static struct scenario *recorded(const struct scenario_file *file, const struct scenario *instance) {
    struct language_error error;
    struct text path = { 0 };
    size_t length = 0;
    int folder = (int)(strrchr(file->id, '/') - file->id);
    text_add(&path, "%s/%.*s/%s.trace", hosts_folder, folder, file->id, instance->name);
    char *bytes = file_read(path.bytes, FILE_BYTES_MAX, &length);
    struct scenario *trace = bytes == NULL ? NULL : scenario_parse(path.bytes, bytes, length, &error);
    free(bytes);
    text_free(&path);
    return trace;
}

/* Can a host be asked to play it, was one, and did its call end so? A twin that is answered need not be a WSAIoctl. */
static const char *wrong_with_instance(const struct row *row, const struct scenario_file *file,
                                       const struct scenario *instance) {
    bool answered = strcmp(row->twin_how, "answered") == 0;
    if (instance->world_lines_count > 0) return "no host can play the twin: it has world lines";
    if (!answered && !has_call(instance, false, row->twin_how)) return "no other call of the twin ends so";
    struct scenario *trace = recorded(file, instance);
    bool ended = trace != NULL && (answered || has_call(trace, false, row->twin_how));
    scenario_free(trace);
    return ended ? NULL : "no host was recorded to answer so to the twin";
}

static const char *wrong_with_twin(const struct row *row) {
    const struct scenario_file *file = file_of(row->twin);
    const char *wrong = "there is no such twin";
    for (unsigned i = 0; file != NULL && wrong != NULL && i < file->instances_count; i++) {
        struct scenario *instance = scenario_expand(file->scenario, i);
        wrong = wrong_with_instance(row, file, instance);
        scenario_free(instance);
    }
    return wrong;
}

/* NULL: nothing is wrong with the row. */
static const char *wrong_with(const struct row *row) {
    const struct source source = source_named(row->id);
    bool known = source.kind == SOURCE_CLAUSE ? clause_named(row->id) != NULL : reading_of(source.number) != NULL;
    const char *wrong = known ? wrong_with_associate(row) : "there is no such clause or question";
    return wrong != NULL ? wrong : wrong_with_twin(row);
}

static bool has_row(const char *id) {
    for (unsigned i = 0; i < rows_count; i++)
        if (strcmp(rows[i].id, id) == 0) return true;
    return false;
}

/* --- the tree ----------------------------------------------------------------------------------------------------- */

static void each_statement_has_its_row(void) {
    for (unsigned i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!has_row(wanted[i])) printf("\n    %s has no row in twins.tsv", wanted[i]);
        CU_ASSERT_TRUE(has_row(wanted[i]));
    }
}

static void each_row_holds_on_both_sides(void) {
    for (unsigned i = 0; i < rows_count; i++) {
        const char *wrong = wrong_with(&rows[i]);
        if (wrong != NULL) printf("\n    %s, %s and %s: %s", rows[i].id, rows[i].associate, rows[i].twin, wrong);
        CU_ASSERT_PTR_NULL(wrong);
    }
    printf("\n    %u rows", rows_count);
}

/* --- the test of the test --------------------------------------------------------------------------------------- */

static const struct row good = { "ERR-PENDING", "cancel/associate-pending", "pending", "cancel/packet", "pending" };

static void expect_wrong(const struct row *row, const char *expected) {
    const char *wrong = wrong_with(row);
    CU_ASSERT_PTR_NOT_NULL_FATAL(wrong);
    CU_ASSERT_STRING_EQUAL(wrong, expected);
}

static void a_row_fails_whose_associate_is_gone_or_another(void) {
    struct row row = good;
    CU_ASSERT_PTR_NULL(wrong_with(&row));
    snprintf(row.associate, sizeof row.associate, "cancel/associate-gone");
    expect_wrong(&row, "there is no such scenario of ASSOCIATE");
    snprintf(row.associate, sizeof row.associate, "associate/twice");
    expect_wrong(&row, "the scenario of ASSOCIATE does not cite it");
    snprintf(row.id, sizeof row.id, "PAR-14");
    snprintf(row.associate, sizeof row.associate, "associate/at-once");
    expect_wrong(&row, "its ASSOCIATE does not end so");
    snprintf(row.id, sizeof row.id, "no-clause");
    expect_wrong(&row, "there is no such clause or question");
}

static void a_row_fails_whose_twin_is_gone_or_does_not_pend(void) {
    struct row row = good;
    snprintf(row.twin, sizeof row.twin, "cancel/gone");
    expect_wrong(&row, "there is no such twin");
    snprintf(row.twin, sizeof row.twin, "cancel/associate-undone");
    expect_wrong(&row, "no host can play the twin: it has world lines");
    snprintf(row.twin, sizeof row.twin, "control/keepalive");
    expect_wrong(&row, "no other call of the twin ends so");
    snprintf(row.twin, sizeof row.twin, "cancel/packet");
    snprintf(row.twin_how, sizeof row.twin_how, "blocks");
    expect_wrong(&row, "no other call of the twin ends so");
}

static void a_row_fails_whose_twin_no_host_has_played(void) {
    char kept[sizeof hosts_folder];
    memcpy(kept, hosts_folder, sizeof kept);
    snprintf(hosts_folder, sizeof hosts_folder, "no/such/host");
    expect_wrong(&good, "no host was recorded to answer so to the twin");
    memcpy(hosts_folder, kept, sizeof kept);
}

static void a_line_with_other_fields_is_no_row(void) {
    struct row row;
    static const char whole[] = "REM-14\ta/b\tpending\tc/d\tblocks", few[] = "REM-14\ta/b\tpending\tc/d",
                      empty[] = "REM-14\t\tpending\tc/d\tblocks", many[] = "REM-14\ta/b\tpending\tc/d\tblocks\tx";
    CU_ASSERT_TRUE(read_row(whole, strlen(whole), &row));
    CU_ASSERT_STRING_EQUAL(row.twin_how, "blocks");
    CU_ASSERT_FALSE(read_row(few, strlen(few), &row));
    CU_ASSERT_FALSE(read_row(empty, strlen(empty), &row));
    CU_ASSERT_FALSE(read_row(many, strlen(many), &row));
}

void register_twins_tests(void) {
    CU_pSuite suite = CU_add_suite("reports twins of ASSOCIATE", read_tree, free_tree);
    CU_add_test(suite, "each statement has its row", each_statement_has_its_row);
    CU_add_test(suite, "each row holds on both sides", each_row_holds_on_both_sides);
    CU_add_test(suite, "a row fails whose ASSOCIATE is gone or another",
                a_row_fails_whose_associate_is_gone_or_another);
    CU_add_test(suite, "a row fails whose twin is gone or does not pend",
                a_row_fails_whose_twin_is_gone_or_does_not_pend);
    CU_add_test(suite, "a row fails whose twin no host has played", a_row_fails_whose_twin_no_host_has_played);
    CU_add_test(suite, "a line with other fields is no row", a_line_with_other_fields_is_no_row);
}
