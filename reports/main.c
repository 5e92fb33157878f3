/* The command line. Its words and its exit statuses are relied upon by scripts. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/program.h"
#include "conformance/base/standard_streams.h"
#include "conformance/base/version.h"
#include "reports/commands/commands.h"
#include "reports/commands/help.h"
#include "reports/formats/report.h"

/* Every byte that was written has arrived, or the status says that not. */
static int end_output(int status) {
    bool output = fflush(stdout) == 0 && !ferror(stdout), errors = fflush(stderr) == 0 && !ferror(stderr);
    if (!output) fputs("reservoir: standard output cannot be written\n", stderr);
    return output && errors ? status : 2;
}

static int give_version(void) {
    printf("reservoir %s\n", RESERVOIR_VERSION);
    return 0;
}

static int run_command(const char *word, int count, char **arguments) {
    static const struct {
        const char *word;
        const char *command;
    } spellings[] = {
        { "--help", "help" },
        { "-h", "help" },
        { "--version", "version" },
        { "-V", "version" },
    };
    for (unsigned i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (strcmp(spellings[i].word, word) == 0) word = spellings[i].command;
    }
    if (strcmp(word, "version") == 0) return give_version();
    const struct command *command = command_named(word);
    return command == NULL ? command_unknown(word) : command->run(count, arguments);
}

int main(int main_count, char **main_words) {
    int count = 0;
    standard_streams_prepare();
    char **arguments = program_words(main_count, main_words, &count);
    if (arguments == NULL) {
        fputs("reservoir: the command line cannot be read\n", stderr);
        return 2;
    }
    if (count < 2) {
        struct text text = { 0 };
        help_add_all(&text);
        fputs(text.bytes, stderr);
        text_free(&text);
        return end_output(2);
    }
    return end_output(run_command(arguments[1], count - 2, arguments + 2));
}
