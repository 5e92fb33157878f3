/* What is cited can be followed: every fact, clause, client and question that is named anywhere in the tree, in a
 * scenario, a comment, a page, a question's evidence or a table of facts, is there, and `show` finds it. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/citations/citations.h"
#include "stack/readings.h"

enum { WORD_MAX = 64, TREE_FILE_MAX = 4 << 20 };

enum citing { CITES_FACT, CITES_CLAUSE, CITES_CLIENT, CITES_QUESTION, CITES_KINDS };

/* What tests cite because it is not there. */
static const char *const slips[] = {
    "W0",     "W999",  "W022",   "W208", "W9999",  "T8.2.9", "T8.2.99", "T8.2.1.1", "N4.9",    "ASC-99",
    "ASC-20", "ASC-0", "MINE-1", "Q999", "Q999=a", "Q38=z",  "Q38=A",   "unheard",  "msquick",
};

/* How we cited what was not in the tree. */
static const char *const strangers[] = { "real"
                                         "-world ",
                                         "W"
                                         "-facts",
                                         "fact"
                                         " pack",
                                         "facts"
                                         " 1.",
                                         "facts"
                                         " 7.",
                                         "facts"
                                         " 8.",
                                         "facts"
                                         " 9.",
                                         "facts"
                                         " 11." };

static unsigned found[CITES_KINDS];

/* --- words -------------------------------------------------------------------------------------------------------- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_of_word(char c) { return is_digit(c) || is_upper(c) || is_lower(c) || c == '_'; }

static size_t digits_at(const char *text) {
    size_t length = 0;
    while (is_digit(text[length])) length++;
    return length;
}

/* W22, F16, T8.2.1, N4.3: how long, or 0. A dot that ends a sentence is none of ours. */
static size_t fact_at(const char *text) {
    size_t length = 1, parts = 0;
    if (text[0] == '\0' || strchr("FNRTW", text[0]) == NULL || !is_digit(text[1])) return 0;
    for (;; parts++) {
        length += digits_at(text + length);
        if (text[length] != '.' || !is_digit(text[length + 1])) break;
        length++;
    }
    bool counted = text[0] == 'W' || text[0] == 'F';
    if (counted ? parts > 0 : parts == 0) return 0;
    if (text[0] == 'F' && length != 3) return 0;
    return length;
}

/* Q38, Q38=a */
static size_t question_at(const char *text) {
    size_t length = 1 + digits_at(text + 1);
    if (text[0] != 'Q' || length == 1) return 0;
    bool candidate = text[length] == '=' && (is_lower(text[length + 1]) || is_upper(text[length + 1])) &&
                     !is_of_word(text[length + 2]);
    return candidate ? length + 2 : length;
}

static size_t clause_at(const char *text) {
    size_t length = 0, parts = 0;
    while (is_upper(text[length])) length++;
    while (length > 0 && text[length] == '-' && (is_upper(text[length + 1]) || is_digit(text[length + 1]))) {
        for (length++; is_upper(text[length]) || is_digit(text[length]);) length++;
        parts++;
    }
    return parts == 0 ? 0 : length;
}

/* Does it begin as a clause does? UTF-8 does not. */
static bool is_clause_like(const char *word) {
    unsigned count = 0;
    size_t length = strcspn(word, "-") + 1;
    const struct clause *rows = known_clauses(&count);
    for (unsigned i = 0; i < count; i++)
        if (strncmp(rows[i].id, word, length) == 0) return true;
    return false;
}

/* --- does it resolve? --------------------------------------------------------------------------------------------- */

static bool question_is_there(const char *word) {
    const struct reading *reading = reading_of((enum question)strtoul(word + 1, NULL, 10));
    const char *equals = strchr(word, '=');
    if (reading == NULL) return false;
    return equals == NULL || (is_lower(equals[1]) && equals[1] - 'a' < reading->candidates_count);
}

static bool is_there(enum citing kind, const char *word) {
    switch (kind) {
    case CITES_FACT: return fact_named(word) != NULL || fact_group_exists(word);
    case CITES_CLAUSE: return clause_of(word, strlen(word)) != NULL;
    case CITES_CLIENT: return client_of(word, strlen(word)) != NULL;
    case CITES_QUESTION: return question_is_there(word);
    case CITES_KINDS: break;
    }
    return false;
}

static bool is_slip_of_test(const char *path, const char *word) {
    if (strstr(path, "/tests/") == NULL) return false;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (strcmp(slips[i], word) == 0) return true;
    return false;
}

static unsigned line_of(const char *bytes, const char *at) {
    unsigned line = 1;
    for (; bytes < at; bytes++) line += *bytes == '\n';
    return line;
}

static void check(const char *path, const char *bytes, enum citing kind, const char *at, size_t length) {
    char word[WORD_MAX];
    if (length >= sizeof word) return;
    memcpy(word, at, length);
    word[length] = '\0';
    if (kind == CITES_CLAUSE && at > bytes && at[-1] != '@' && !is_clause_like(word)) return;
    if (is_slip_of_test(path, word)) return;
    found[kind]++;
    bool good = is_there(kind, word);
    if (!good) printf("\n    %s:%u: there is no %s", path, line_of(bytes, at), word);
    if (!good) CU_FAIL("a citation that cannot be followed");
}

/* --- the tree ----------------------------------------------------------------------------------------------------- */

/* `question 72`: how long the words before the number are, or 0. */
static size_t written_question(const char *at) {
    static const char *const words[] = { "question ", "Question ", "questions ", "Questions ", "reading " };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0 && is_digit(at[strlen(words[i])])) return strlen(words[i]);
    return 0;
}

static void check_number(const char *path, const char *bytes, const char *digits) {
    char word[WORD_MAX];
    snprintf(word, sizeof word, "Q%.*s", (int)digits_at(digits), digits);
    found[CITES_QUESTION]++;
    if (is_there(CITES_QUESTION, word)) return;
    printf("\n    %s:%u: there is no %s", path, line_of(bytes, digits), word);
    CU_FAIL("a question that cannot be followed");
}

/* Whatever begins at a place before which no word stands; returns how much of it was looked at. */
static size_t check_word(const char *path, const char *bytes, const char *at) {
    static const char client[] = "client:";
    size_t length = fact_at(at);
    if (length > 0 && !is_of_word(at[length])) return check(path, bytes, CITES_FACT, at, length), length;
    length = question_at(at);
    if (length > 0 && !is_of_word(at[length])) return check(path, bytes, CITES_QUESTION, at, length), length;
    length = clause_at(at);
    if (length > 0 && !is_of_word(at[length])) return check(path, bytes, CITES_CLAUSE, at, length), length;
    if (written_question(at) > 0) check_number(path, bytes, at + written_question(at));
    if (strncmp(at, client, sizeof client - 1) != 0) return 0;
    const char *name = at + sizeof client - 1;
    length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    if (length > 0 && !is_of_word(name[length])) check(path, bytes, CITES_CLIENT, name, length);
    return 0;
}

static void check_text(const char *path, const char *bytes) {
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        const char *at = strstr(bytes, strangers[i]);
        if (at != NULL) printf("\n    %s:%u: %s", path, line_of(bytes, at), strangers[i]);
        CU_ASSERT_PTR_NULL(at);
    }
    for (const char *at = bytes; *at != '\0';) {
        size_t length = at > bytes && is_of_word(at[-1]) ? 0 : check_word(path, bytes, at);
        at += length > 0 ? length : 1;
    }
}

static bool is_text(const char *path) {
    static const char *const endings[] = { ".c",  ".h",   ".def",        ".md",   ".scn", ".tsv", ".txt",   ".sh",
                                           ".mk", ".awk", "/deviations", ".json", ".xsd", ".trc", ".ci/run" };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (path_ends(path, endings[i])) return true;
    return false;
}

static unsigned check_folder(const char *folder) {
    char trouble[FOLDER_PATH_MAX];
    struct path_list list = { 0 };
    unsigned count = 0;
    CU_ASSERT_TRUE_FATAL(folder_find(folder, "", &list, trouble));
    path_list_sort(&list);
    for (size_t i = 0; i < list.count; i++) {
        size_t length = 0;
        if (!is_text(list.paths[i])) continue;
        char *bytes = file_read(list.paths[i], TREE_FILE_MAX, &length);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        check_text(list.paths[i], bytes);
        free(bytes);
        count++;
    }
    path_list_free(&list);
    return count;
}

static void every_citation_of_the_tree_resolves(void) {
    static const char *const folders[] = { "stack", "sim", "conformance", "reports", "scenarios", ".make", ".ci" };
    static const char *const pages[] = { "README.md", "Makefile" };
    unsigned files = 0;
    size_t length = 0;
    memset(found, 0, sizeof found);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) files += check_folder(folders[i]);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++, files++) {
        char *page = file_read(pages[i], TREE_FILE_MAX, &length);
        CU_ASSERT_PTR_NOT_NULL_FATAL(page);
        check_text(pages[i], page);
        free(page);
    }
    printf("\n    %u files: facts are cited %u times, clauses %u, clients %u, questions %u", files, found[CITES_FACT],
           found[CITES_CLAUSE], found[CITES_CLIENT], found[CITES_QUESTION]);
    CU_ASSERT_TRUE(found[CITES_FACT] > 500 && found[CITES_CLAUSE] > 300 && found[CITES_CLIENT] > 100 &&
                   found[CITES_QUESTION] > 1000);
}

/* The walk itself: given a text, what does it take for a citation? */
static void the_walk_knows_a_citation_when_it_sees_one(void) {
    CU_ASSERT_EQUAL(fact_at("W22."), 3);
    CU_ASSERT_EQUAL(fact_at("T8.2.1, and"), 6);
    CU_ASSERT_EQUAL(fact_at("N4.3."), 4);
    CU_ASSERT_EQUAL(fact_at("F16"), 3);
    CU_ASSERT_EQUAL(fact_at("F1"), 0);
    CU_ASSERT_EQUAL(fact_at("T8"), 0);
    CU_ASSERT_EQUAL(fact_at("Win32"), 0);
    CU_ASSERT_EQUAL(question_at("Q38=a |"), 5);
    CU_ASSERT_EQUAL(question_at("Q38=abc"), 3);
    CU_ASSERT_EQUAL(clause_at("ERR-INTR-ANY)"), 12);
    CU_ASSERT_EQUAL(clause_at("SEE-*"), 0);
    CU_ASSERT_TRUE(is_clause_like("ASC-99"));
    CU_ASSERT_FALSE(is_clause_like("UTF-8"));
    CU_ASSERT_FALSE(is_there(CITES_FACT, "W9999"));
    CU_ASSERT_FALSE(is_there(CITES_CLAUSE, "ASC-99"));
    CU_ASSERT_FALSE(is_there(CITES_CLIENT, "unheard"));
    CU_ASSERT_FALSE(is_there(CITES_QUESTION, "Q38=z"));
    CU_ASSERT_FALSE(is_slip_of_test("stack/world.h", "W9999"));
}

void register_citations_resolve_tests(void);
void register_citations_resolve_tests(void) {
    CU_pSuite suite = CU_add_suite("citations of the tree", NULL, NULL);
    CU_add_test(suite, "the walk knows a citation when it sees one", the_walk_knows_a_citation_when_it_sees_one);
    CU_add_test(suite, "every citation of the tree resolves", every_citation_of_the_tree_resolves);
}
