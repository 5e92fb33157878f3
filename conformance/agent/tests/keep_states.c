/* Runs a program that stops itself at each place where a test can kill it (process_may_die), and keeps what stands in a
 * folder there. That is what a kill at the place leaves, if the folder is all that outlives the program.
 *
 *     keep_states FOLDER STATES COMMAND ARGUMENT...
 *
 * STATES/1, STATES/2 and so on are copies of the folder, one for each state that is not the same, byte for byte, as an
 * earlier one. STATES/places has a line for each place: the number of its state, and `busy` where a child of the
 * program was at work, so that a kill may leave another state.
 * Exit status: the command's, 128 and the signal's number where one ended it; 2 when a state cannot be kept. */
#define _DEFAULT_SOURCE /* glob */

#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/base/text.h"

enum { FILE_MAX = 1 << 24, CANNOT = 2, EXIT_NOT_FOUND = 127 };

/* Each state as bytes: every folder's name, every file's name, length and contents. */
static struct text *states;
static size_t states_count, states_capacity;

static _Noreturn void cannot(const char *what, const char *path) {
    fprintf(stderr, "keep_states: %s cannot be %s\n", path, what);
    exit(CANNOT);
}

static void list_files(const char *folder, struct path_list *files) {
    char trouble[FOLDER_PATH_MAX];
    if (!folder_find(folder, "", files, trouble)) cannot("read", trouble);
    path_list_sort(files);
}

/* Adds the folders in `folder`, at any depth, each before those in it. */
static void list_folders(const char *folder, struct path_list *folders) {
    struct path_list children = { 0 };
    folder_children(folder, &children);
    for (size_t i = 0; i < children.count; i++) {
        char path[FOLDER_PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", folder, children.paths[i]) >= (int)sizeof path) cannot("read", folder);
        path_list_add(folders, path);
        list_folders(path, folders);
    }
    path_list_free(&children);
}

/* To be freed with text_free(). */
static struct text state_of(const char *folder) {
    struct text state = { 0 };
    struct path_list files = { 0 }, folders = { 0 };
    list_files(folder, &files);
    list_folders(folder, &folders);
    for (size_t i = 0; i < folders.count; i++) text_add(&state, "%s/\n", path_below(folder, folders.paths[i]));
    path_list_free(&folders);
    for (size_t i = 0; i < files.count; i++) {
        size_t length = 0;
        char *bytes = file_read(files.paths[i], FILE_MAX, &length);
        if (bytes == NULL) cannot("read", files.paths[i]);
        text_add(&state, "%s %zu\n", path_below(folder, files.paths[i]), length);
        text_add_bytes(&state, bytes, length);
        free(bytes);
    }
    path_list_free(&files);
    return state;
}

/* The place in `to` of what lies at `path` in `folder`. */
static void name_copy(char copy[FOLDER_PATH_MAX], const char *to, const char *folder, const char *path) {
    int printed = snprintf(copy, FOLDER_PATH_MAX, "%s/%s", to, path_below(folder, path));
    if (printed >= FOLDER_PATH_MAX) cannot("copied", path);
}

static void copy_all(const char *folder, const char *to) {
    struct path_list files = { 0 }, folders = { 0 };
    char copy[FOLDER_PATH_MAX];
    list_folders(folder, &folders);
    for (size_t i = 0; i < folders.count; i++) {
        name_copy(copy, to, folder, folders.paths[i]);
        file_make_folders(copy);
        if (mkdir(copy, 0777) != 0) cannot("made", copy);
    }
    list_files(folder, &files);
    for (size_t i = 0; i < files.count; i++) {
        size_t length = 0;
        char *bytes = file_read(files.paths[i], FILE_MAX, &length);
        name_copy(copy, to, folder, files.paths[i]);
        if (bytes == NULL) cannot("read", files.paths[i]);
        if (!file_write_at_once(copy, bytes, length)) cannot("written", copy);
        free(bytes);
    }
    path_list_free(&files);
    path_list_free(&folders);
}

/* The number of what stands in the folder now, from 1; a state that is new is kept. */
static size_t keep(const char *folder, const char *kept) {
    char to[FOLDER_PATH_MAX];
    struct text state = state_of(folder);
    for (size_t i = states_count; i-- > 0;) { /* mostly the last one */
        if (states[i].length != state.length || memcmp(states[i].bytes, state.bytes, state.length) != 0) continue;
        text_free(&state);
        return i + 1;
    }
    states = memory_grow(states, states_count, &states_capacity, sizeof states[0]);
    states[states_count++] = state;
    if (snprintf(to, sizeof to, "%s/%zu", kept, states_count) >= (int)sizeof to) cannot("written", kept);
    copy_all(folder, to);
    return states_count;
}

/* Has a thread of the process a child? */
static bool is_busy(pid_t process) {
    char pattern[64];
    glob_t found;
    bool busy = false;
    snprintf(pattern, sizeof pattern, "/proc/%d/task/*/children", (int)process);
    if (glob(pattern, 0, NULL, &found) != 0) cannot("read", pattern);
    for (size_t i = 0; i < found.gl_pathc && !busy; i++) {
        FILE *file = fopen(found.gl_pathv[i], "r");
        busy = file != NULL && getc(file) != EOF;
        if (file != NULL) fclose(file);
    }
    globfree(&found);
    return busy;
}

/* A program that waits in a stop would stay for ever, were we to end before it. */
static pid_t start(char **command) {
    pid_t process = fork();
    if (process != 0) return process;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setenv("AGENT_STOPS", "1", 1);
    execvp(command[0], command);
    _exit(EXIT_NOT_FOUND);
}

int main(int count, char **words) {
    char places_path[FOLDER_PATH_MAX];
    int status = 0;
    if (count < 4 || snprintf(places_path, sizeof places_path, "%s/places", words[2]) >= (int)sizeof places_path) {
        fprintf(stderr, "usage: keep_states FOLDER STATES COMMAND ARGUMENT...\n");
        return CANNOT;
    }
    FILE *places = file_create(places_path);
    if (places == NULL) cannot("written", places_path);
    fflush(NULL);
    pid_t process = start(words + 3);
    if (process < 0) cannot("started", words[3]);
    /* waitpid says so once every thread has stopped. */
    while (waitpid(process, &status, WUNTRACED) == process && WIFSTOPPED(status)) {
        fprintf(places, "%zu%s\n", keep(words[1], words[2]), is_busy(process) ? " busy" : "");
        kill(process, SIGCONT);
    }
    if (fclose(places) != 0) cannot("written", places_path);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
