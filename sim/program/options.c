#include "sim/program/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/program/stop.h"
#include "stack/world.h"

enum { NANOSECONDS_PER_MILLISECOND = 1000000, WORD_BYTES = 600 };

static _Noreturn void refuse(const char *word, const char *expected) {
    stop(STOP_OPTIONS, "RESERVOIR_PROGRAM: '%s': %s", word, expected);
}

/* A number that ends with its text or at `end`, which is then past it. */
static uint64_t number(const char *word, const char **text, char end, uint64_t limit) {
    char *after = NULL;
    bool begins = **text >= '0' && **text <= '9';
    uint64_t value = begins ? strtoull(*text, &after, 10) : 0;
    if (!begins || *after != end || value > limit) refuse(word, "a number was expected, within its limits");
    *text = end == '\0' ? after : after + 1;
    return value;
}

/* One of the words of a list that a NULL ends. */
static unsigned one_of(const char *word, const char *value, const char *const *words, const char *expected) {
    for (unsigned i = 0; words[i] != NULL; i++)
        if (strcmp(value, words[i]) == 0) return i;
    refuse(word, expected);
}

static void read_profile(const char *word, const char *value, struct program_options *options) {
    const struct profile *profile = profile_named(value);
    if (profile == NULL) refuse(word, "the profiles are `documented` and `windows`");
    options->profile = *profile;
}

/* Q38=c */
static void read_reading(const char *word, const char *value, struct program_options *options) {
    const char *expected = "a question and its answer were expected, such as reading=Q38=c";
    if (value[0] != 'Q') refuse(word, expected);
    const char *text = value + 1;
    unsigned question = (unsigned)number(word, &text, '=', READINGS_MAX - 1);
    const struct reading *reading = reading_of((enum question)question);
    if (reading == NULL || text[0] < 'a' || text[1] != '\0') refuse(word, expected);
    unsigned candidate = (unsigned)(text[0] - 'a');
    if (candidate >= reading->candidates_count) refuse(word, "the question has no such answer");
    options->profile.answers[question] = (uint8_t)(candidate + 1);
}

static void read_account(const char *word, const char *value, struct program_options *options) {
    static const char *const words[] = { "standard", "administrator", "builtin", "system", NULL };
    static const enum account_kind kinds[] = { ACCOUNT_STANDARD_USER, ACCOUNT_ADMINISTRATOR,
                                               ACCOUNT_BUILTIN_ADMINISTRATOR, ACCOUNT_LOCAL_SYSTEM };
    options->account = kinds[one_of(word, value, words, "standard, administrator, builtin or system")];
}

static void read_elevated(const char *word, const char *value, struct program_options *options) {
    static const char *const words[] = { "no", "yes", NULL };
    options->elevated = one_of(word, value, words, "yes or no") == 1;
}

static void read_lua(const char *word, const char *value, struct program_options *options) {
    static const char *const words[] = { "on", "off", NULL };
    options->lua_off = one_of(word, value, words, "on or off") == 1;
}

static void read_completes(const char *word, const char *value, struct program_options *options) {
    if (strcmp(value, "never") == 0) options->delay_ns = UINT64_MAX;
    else options->delay_ns = number(word, &value, '\0', UINT32_MAX) * NANOSECONDS_PER_MILLISECOND;
}

static void read_ports(const char *word, const char *value, uint16_t *first, uint16_t *last) {
    *first = (uint16_t)number(word, &value, '-', UINT16_MAX);
    *last = (uint16_t)number(word, &value, '\0', UINT16_MAX);
    if (*first == 0 || *first > *last) refuse(word, "FIRST-LAST was expected, from 1 to 65535");
}

static void read_dynamic(const char *word, const char *value, struct program_options *options) {
    read_ports(word, value, &options->dynamic_first, &options->dynamic_last);
}

static void read_range(const char *word, const char *value, struct program_options *options, bool administered) {
    if (options->ranges_count == OPTION_RANGES_MAX) refuse(word, "there are too many ranges");
    struct option_range *range = &options->ranges[options->ranges_count++];
    bool is_udp = strncmp(value, "udp:", 4) == 0;
    if (!is_udp && strncmp(value, "tcp:", 4) != 0) refuse(word, "tcp:FIRST-LAST or udp:FIRST-LAST was expected");
    range->protocol = is_udp ? PROTOCOL_UDP : PROTOCOL_TCP;
    range->administered = administered;
    read_ports(word, value + 4, &range->first, &range->last);
}

static void read_exclude(const char *word, const char *value, struct program_options *options) {
    read_range(word, value, options, true);
}

static void read_reserved(const char *word, const char *value, struct program_options *options) {
    read_range(word, value, options, false);
}

static void read_seed(const char *word, const char *value, struct program_options *options) {
    options->seed = number(word, &value, '\0', UINT64_MAX - 1);
}

/* A program may go to another folder before its file is written: it is named from the root. */
static void read_path(const char *word, const char *value, char path[OPTION_PATH_BYTES]) {
    char folder[OPTION_PATH_BYTES] = "";
    bool is_whole = value[0] == '/';
    if (value[0] == '\0') refuse(word, "a file was expected");
    if (!is_whole && getcwd(folder, sizeof folder) == NULL)
        refuse(word, "the folder that the program is in has too long a path");
    if (strlen(folder) + 1 + strlen(value) >= OPTION_PATH_BYTES) refuse(word, "the path is too long");
    snprintf(path, OPTION_PATH_BYTES, "%s%s%s", folder, is_whole ? "" : "/", value);
}

static void read_store(const char *word, const char *value, struct program_options *options) {
    read_path(word, value, options->store);
}

static void read_trace(const char *word, const char *value, struct program_options *options) {
    read_path(word, value, options->trace);
}

static void read_loop(const char *word, const char *value, struct program_options *options) {
    options->loop_seconds = (unsigned)number(word, &value, '\0', 86400);
}

static const struct {
    const char *name;
    void (*read)(const char *word, const char *value, struct program_options *options);
} words[] = {
    { "profile", read_profile },     { "reading", read_reading },   { "seed", read_seed },
    { "account", read_account },     { "elevated", read_elevated }, { "lua", read_lua },
    { "dynamic", read_dynamic },     { "exclude", read_exclude },   { "reserved", read_reserved },
    { "completes", read_completes }, { "store", read_store },       { "trace", read_trace },
    { "loop", read_loop },
};

static void read_word(const char *word, struct program_options *options) {
    const char *value = strchr(word, '=');
    for (unsigned i = 0; value != NULL && i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i].name);
        if ((size_t)(value - word) != length || strncmp(word, words[i].name, length) != 0) continue;
        words[i].read(word, value + 1, options);
        return;
    }
    refuse(word, "there is no such option; `reservoir-program --help` lists them");
}

void program_options_read(const char *text, struct program_options *options) {
    memset(options, 0, sizeof *options);
    options->profile = *profile_named("windows");
    options->account = ACCOUNT_ADMINISTRATOR;
    options->loop_seconds = 10;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, " ");
        char word[WORD_BYTES];
        if (length >= sizeof word) refuse(text, "the word is too long");
        memcpy(word, text, length);
        word[length] = '\0';
        if (length > 0) read_word(word, options);
        text += length + strspn(text + length, " ");
    }
}
