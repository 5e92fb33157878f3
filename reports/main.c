/* The command line. Its words and its exit statuses are relied upon by scripts. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

#include "conformance/base/nearest.h"
#include "reports/commands/commands.h"

#ifndef RESERVOIR_VERSION
#define RESERVOIR_VERSION "0.1.0"
#endif

static const char usage[] =
    "Reservoir: what programs that reserve ports are told, on a model of Windows and on a real host.\n"
    "\n"
    "  reservoir run [PATH...]      play scenarios on the model, on a host, or both, and judge what they answer\n"
    "  reservoir resume DIR         go on with what stopped there until the host's machine has restarted\n"
    "  reservoir judge TRACE...     may a host answer this?\n"
    "  reservoir list [WHAT]        scenarios, clauses, readings, errors, profiles, hosts\n"
    "  reservoir show WHAT ID       one clause, reading, error or scenario in full\n"
    "  reservoir fmt FILE...        bring scenarios into the canonical layout\n"
    "  reservoir ports FILE...      what netsh would list after each step of a scenario on the model\n"
    "  reservoir diff RUN-A RUN-B   what got worse, was fixed or changed between two JSON reports\n"
    "  reservoir --version | --help; each command has its own --help\n"
    "\n"
    "Examples:\n"
    "  reservoir run\n"
    "  reservoir run scenarios/associate --profile documented\n"
    "  reservoir run --on model --on host --host 'ssh MACHINE agent.exe'\n"
    "  reservoir show reading Q38\n"
    "\n"
    "Exit status: 0; 1 a new deviation or a stale record; 2 wrong usage, a broken host, or nothing to do.\n";

struct command { const char *name; int (*run)(int count, char **arguments); };

static const struct command commands[] = {
    { "run", command_run }, { "resume", command_resume }, { "judge", command_judge }, { "list", command_list },
    { "show", command_show }, { "fmt", command_fmt }, { "ports", command_ports },
    { "diff", command_diff },
};

enum { COMMANDS_COUNT = sizeof commands / sizeof commands[0] };

static int unknown_command(const char *word) {
    struct nearest nearest = nearest_to(word, (unsigned)strlen(word));
    for (unsigned i = 0; i < COMMANDS_COUNT; i++) nearest_offer(&nearest, commands[i].name);
    fprintf(stderr, "reservoir: unknown command %s; expected run, resume, judge, list, show, fmt, ports or diff", word);
    if (nearest.best != NULL) fprintf(stderr, " (did you mean %s?)", nearest.best);
    fputs("\nTry `reservoir --help`.\n", stderr);
    return 2;
}

/* Reports are the same bytes on every system. */
static void use_binary_output(void) {
#ifdef _WIN32
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
#endif
}

int main(int count, char **arguments) {
    use_binary_output();
    if (count < 2) {
        fputs(usage, stderr);
        return 2;
    }
    const char *word = arguments[1];
    assert(word != NULL);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (strcmp(word, "--version") == 0) {
        printf("reservoir %s\n", RESERVOIR_VERSION);
        return 0;
    }
    for (unsigned i = 0; i < COMMANDS_COUNT; i++) {
        if (strcmp(commands[i].name, word) != 0) continue;
        int status = commands[i].run(count - 2, arguments + 2);
        if (fflush(stdout) == 0) return status;
        fputs("reservoir: standard output cannot be written\n", stderr);
        return 2;
    }
    return unknown_command(word);
}
