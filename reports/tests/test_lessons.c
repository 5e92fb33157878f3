/* The lessons' page, scenarios/lessons/README.md: every command that it shows is run, and answers what stands below it,
 * word by word. The tree: RESERVOIR_SCENARIOS, else "scenarios".
 *
 *     ```console
 *     $ reservoir ports lessons/1-pool
 *     1-pool
 *     [...]
 *     ```
 *
 * Lines may be broken anywhere between two words. A line `[...]` stands for words that are left out.
 *
 * With LESSONS_WRITE=FILE what was answered is written there as the page with new transcripts; those with `[...]` stay,
 * for somebody to look at. The tests fail all the same while the page is not what was answered: .make/lessons.sh. */
#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/text.h"
#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

static const char fence[] = "```console\n$ reservoir ", fence_end[] = "```\n", left_out[] = "[...]";

enum { LINE_WIDTH = 112, COMMANDS_LEAST = 30, QUESTIONS_LEAST = 4 };

static char *page;
static struct text rewritten;
static unsigned wrong_count, rewritten_count;

static int read_page(void) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    const char *folder = getenv("RESERVOIR_SCENARIOS");
    snprintf(path, sizeof path, "%s/lessons/README.md", folder == NULL ? "scenarios" : folder);
    page = file_read(path, 1 << 20, &length);
    return page == NULL ? 1 : command_begin();
}

static int free_page(void) {
    free(page);
    text_free(&rewritten);
    return command_end();
}

/* --- words -------------------------------------------------------------------------------------------------------- */

static const char *skip_blanks(const char *at) { return at + strspn(at, " \n"); }
static size_t word_at(const char *at) { return strcspn(at, " \n"); }

static bool same_word(const char *one, const char *other) {
    size_t length = word_at(one);
    return length == word_at(other) && strncmp(one, other, length) == 0;
}

static bool is_left_out(const char *at) {
    return word_at(at) == strlen(left_out) && strncmp(at, left_out, strlen(left_out)) == 0;
}

/* How far the answer goes that agrees with what was shown, up to its end or to what it leaves out; NULL when it does
 * not.
 * *shown moves on likewise. */
static const char *agree(const char **shown, const char *answer) {
    const char *at = skip_blanks(*shown);
    for (answer = skip_blanks(answer); *at != '\0' && !is_left_out(at); at = skip_blanks(at + word_at(at))) {
        if (*answer == '\0' || !same_word(at, answer)) return NULL;
        answer = skip_blanks(answer + word_at(answer));
    }
    *shown = at;
    return answer;
}

/* Does the answer have these words, in this order, and no others except where `[...]` stands? */
static bool is_answer(const char *shown, const char *answer) {
    answer = agree(&shown, answer);
    while (answer != NULL && is_left_out(shown)) {
        const char *segment = skip_blanks(shown + word_at(shown)), *found = NULL;
        if (*segment == '\0') return true;
        for (const char *at = skip_blanks(answer); *at != '\0' && found == NULL; at = skip_blanks(at + word_at(at))) {
            shown = segment;
            found = agree(&shown, at);
            bool at_end = found != NULL && *skip_blanks(found) == '\0';
            if (found != NULL && *shown == '\0' && !at_end) found = NULL; /* the last words, and more after them */
        }
        answer = found;
    }
    return answer != NULL && *skip_blanks(answer) == '\0';
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

/* Adds a line, broken between words, its continuations further in. */
static void add_broken(const char *line, size_t length, struct text *out) {
    size_t indent = strspn(line, " ") + 4;
    while (length > LINE_WIDTH) {
        size_t end = LINE_WIDTH;
        while (end > indent && line[end] != ' ') end--;
        if (end <= indent) break;
        text_add(out, "%.*s\n%*s", (int)end, line, (int)indent, "");
        line += end + 1;
        length -= end + 1;
    }
    text_add(out, "%.*s\n", (int)length, line);
}

static void add_answer(const char *answer, struct text *out) {
    while (*answer != '\0') {
        size_t length = strcspn(answer, "\n");
        add_broken(answer, length, out);
        answer += length + (answer[length] == '\n');
    }
}

/* Runs the command of a block; false when there is none of that name. */
static bool run_block(const char *command) {
    char name[32];
    size_t length = strcspn(command, " ");
    if (length >= sizeof name) return false;
    snprintf(name, sizeof name, "%.*s", (int)length, command);
    const struct command *found = command_named(name);
    if (found == NULL) return false;
    run_command(found->run, command + length + strspn(command + length, " "));
    return true;
}

/* One block, from its first line on to its end: `shown` is what stands below the command. */
static void check_block(const char *command, const char *shown) {
    bool known = run_block(command);
    bool good = known && is_answer(shown, command_output());
    if (!good) printf("\n    reservoir %s: %s", command, known ? "answers something else" : "there is no such command");
    CU_ASSERT_TRUE(good);
    wrong_count += !good;
    bool fixed = strstr(shown, left_out) != NULL || good || !known;
    rewritten_count += !fixed;
    text_add(&rewritten, "%s%s\n", fence, command);
    if (fixed) text_add(&rewritten, "%s", shown);
    else add_answer(command_output(), &rewritten);
    text_add(&rewritten, "%s", fence_end);
}

/* A copy of the bytes. */
static char *cut(const char *bytes, size_t length) {
    struct text text = { 0 };
    text_add(&text, "%.*s", (int)length, bytes);
    return text.bytes;
}

static void write_page(void) {
    const char *path = getenv("LESSONS_WRITE");
    if (path == NULL) return;
    CU_ASSERT_TRUE(file_write(path, rewritten.bytes, rewritten.length));
    printf("\n    %s: %u transcripts written anew, %u to be looked at", path, rewritten_count,
           wrong_count - rewritten_count);
}

static void every_command_answers_what_is_shown(void) {
    unsigned count = 0;
    const char *at = page, *block = NULL;
    for (; (block = strstr(at, fence)) != NULL; count++) {
        const char *command = block + strlen(fence), *shown = strchr(command, '\n'), *end = strstr(command, "\n```\n");
        CU_ASSERT_FATAL(shown != NULL && end != NULL);
        char *words = cut(command, (size_t)(shown - command)), *text = cut(shown + 1, (size_t)(end - shown));
        text_add(&rewritten, "%.*s", (int)(block - at), at);
        check_block(words, text);
        free(words);
        free(text);
        at = end + strlen("\n```\n");
    }
    text_add(&rewritten, "%s", at);
    printf("\n    %u commands of the lessons answer as their page shows", count - wrong_count);
    CU_ASSERT_TRUE(count >= COMMANDS_LEAST);
    write_page();
}

/* The comparison can fail. */
static void words_that_differ_are_found(void) {
    CU_ASSERT_TRUE(is_answer("one two\n   three\n", "one  two three\n"));
    CU_ASSERT_FALSE(is_answer("one two\n", "one two three\n"));
    CU_ASSERT_FALSE(is_answer("one two three\n", "one two\n"));
    CU_ASSERT_FALSE(is_answer("one three\n", "one two\n"));
    CU_ASSERT_TRUE(is_answer("[...]\ntwo three\n", "one two\nthree\n"));
    CU_ASSERT_TRUE(is_answer("[...]\ntwo\n", "one two three two\n"));
    CU_ASSERT_TRUE(is_answer("one\n[...]\nthree\n[...]\n", "one two three four\n"));
    CU_ASSERT_FALSE(is_answer("one\n[...]\nfour\n", "one two three\n"));
    CU_ASSERT_FALSE(is_answer("[...]\nthree\n", "two three four\n"));
    CU_ASSERT_FALSE(is_answer("one\n[...]\n", "two one\n"));
}

/* Each of the six has questions, and a command below each of them. */
static void every_lesson_has_questions(void) {
    const char *lesson = strstr(page, "\n## ");
    for (unsigned number = 1; number <= 6; number++) {
        char heading[16];
        snprintf(heading, sizeof heading, "\n## %u. ", number);
        lesson = strstr(page, heading);
        CU_ASSERT_PTR_NOT_NULL_FATAL(lesson);
        const char *next = strstr(lesson + 1, "\n## ");
        unsigned questions = 0;
        for (const char *at = strstr(lesson, "\n**"); at != NULL && (next == NULL || at < next);
             at = strstr(at + 1, "\n**")) {
            const char *command = strstr(at + 1, fence), *another = strstr(at + 1, "\n**");
            bool answered = command != NULL && (another == NULL || command < another);
            if (!answered) printf("\n    lesson %u: a question without a command: %.60s", number, at + 1);
            CU_ASSERT_TRUE(answered);
            questions++;
        }
        CU_ASSERT_TRUE(questions >= QUESTIONS_LEAST);
    }
}

void register_lessons_tests(void);
void register_lessons_tests(void) {
    CU_pSuite suite = CU_add_suite("lessons", read_page, free_page);
    CU_add_test(suite, "every command answers what is shown", every_command_answers_what_is_shown);
    CU_add_test(suite, "words that differ are found", words_that_differ_are_found);
    CU_add_test(suite, "every lesson has questions", every_lesson_has_questions);
}
