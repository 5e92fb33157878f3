#define _POSIX_C_SOURCE 200809L

#include "reports/tests/command_fixture.h"

#include <CUnit/CUnit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char pattern[] = "build/test-XXXXXX";
static char made[sizeof pattern];
static char *output, *errors;

void command_path(const char *name, char path[FOLDER_PATH_MAX]) {
    snprintf(path, FOLDER_PATH_MAX, "%s/%s", made, name);
}

void command_file(const char *name, const char *bytes, size_t length) {
    char path[FOLDER_PATH_MAX];
    command_path(name, path);
    FILE *file = file_create(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

void command_text(const char *name, const char *text) { command_file(name, text, strlen(text)); }

int command_begin(void) {
    memcpy(made, pattern, sizeof made);
    return mkdtemp(made) == NULL;
}

int command_end(void) {
    char removal[FOLDER_PATH_MAX];
    free(output);
    free(errors);
    output = errors = NULL;
    snprintf(removal, sizeof removal, "rm -r '%s'", made);
    return system(removal) == 0 ? 0 : 1;
}

/* --- running a command -------------------------------------------------------------------------------------------- */

static int send_to_file(FILE *stream, const char *name) {
    char path[FOLDER_PATH_MAX];
    command_path(name, path);
    fflush(stream);
    int kept = dup(fileno(stream));
    FILE *file = fopen(path, "wb");
    CU_ASSERT_TRUE_FATAL(kept >= 0 && file != NULL);
    CU_ASSERT_TRUE_FATAL(dup2(fileno(file), fileno(stream)) >= 0);
    fclose(file);
    return kept;
}

static char *take_back(FILE *stream, int kept, const char *name) {
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    command_path(name, path);
    fflush(stream);
    dup2(kept, fileno(stream));
    close(kept);
    return file_read(path, 1 << 24, &length);
}

int run_command(int (*command)(int, char **), const char *line) {
    static char words[4096];
    char *arguments[32];
    int count = 0;
    size_t length = 0;
    for (const char *at = line; *at != '\0'; at++)
        length +=
            (size_t)snprintf(words + length, sizeof words - length, *at == '@' ? "%s" : "%.1s", *at == '@' ? made : at);
    words[length] = '\0';
    for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) arguments[count++] = word;
    free(output);
    free(errors);
    int kept_output = send_to_file(stdout, "output"), kept_errors = send_to_file(stderr, "errors");
    int status = command(count, arguments);
    output = take_back(stdout, kept_output, "output");
    errors = take_back(stderr, kept_errors, "errors");
    return status;
}

const char *command_output(void) { return output; }

const char *command_errors(void) { return errors; }

void says(const char *where, const char *expected) {
    CU_ASSERT_PTR_NOT_NULL_FATAL(where);
    CU_ASSERT_PTR_NOT_NULL(strstr(where, expected));
    if (strstr(where, expected) == NULL) printf("\n    wanted: %s\n    said: %.600s", expected, where);
}
