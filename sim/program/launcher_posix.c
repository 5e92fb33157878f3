/* reservoir-program: starts a program that was compiled for the model, in the world that its options say. They reach it
 * in the environment variable RESERVOIR_PROGRAM (options.h), which people may set themselves instead. */
#define _DEFAULT_SOURCE /* setenv */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_BYTES = 16384, USAGE_STATUS = 2 };

static const char help[] =
    "usage: reservoir-program [OPTION...] PROGRAM [ARGUMENT...]\n"
    "\n"
    "Runs a Windows program that was compiled for the model, on a modelled Windows machine of its own:\n"
    "\n"
    "    gcc program.c $(pkg-config --cflags --libs reservoir-program) -o program\n"
    "    reservoir-program --account standard ./program\n"
    "\n"
    "  --profile documented|windows    how open questions are answered (windows)\n"
    "  --reading Q38=c                 this one so; may be said several times\n"
    "  --seed NUMBER                   0: the ordinary machine; another draws what is left open, and whose turn it is\n"
    "  --account standard|administrator|builtin|system    who runs it (administrator)\n"
    "  --elevated                      as administrator\n"
    "  --lua off                       User Account Control is off\n"
    "  --completes MS|never            overlapped control codes complete so much later (at once)\n"
    "  --dynamic FIRST-LAST            the dynamic port range (49152-65535)\n"
    "  --exclude tcp:FIRST-LAST        an administered exclusion, as netsh makes it; udp: likewise\n"
    "  --reserved tcp:FIRST-LAST       ports that something else on the machine holds reserved; udp: likewise\n"
    "  --store FILE                    keeps persistent reservations from one run to the next\n"
    "  --trace FILE                    writes there each call with its answer; `reservoir judge FILE` reads it\n"
    "  --loop SECONDS                  of processor time without a call are a loop; 0: never (10)\n"
    "\n"
    "Without the launcher: RESERVOIR_PROGRAM='account=standard seed=3' ./program\n"
    "\n"
    "Exit status: the program's own, and\n"
    "  2    a usage error, or the program cannot be started\n"
    "  119  a call raises an exception on Windows\n"
    "  120  it called for something that is not modelled\n"
    "  121  all its threads wait, and nothing can wake them\n"
    "  122  a loop without a call, while other threads wait for their turn\n"
    "  123  it touched memory that belongs to the kernel: an OVERLAPPED or a buffer of a request that is pending\n"
    "  124  a thread has used up its stack\n"
    "  125  an option cannot be understood, or a file cannot be used\n"
    "  126  the machine has no room for what it wants\n";

static char words[WORDS_BYTES];

static _Noreturn void refuse(const char *what, const char *word) {
    fprintf(stderr, "reservoir-program: %s: %s\n`reservoir-program --help` lists the options.\n", word, what);
    exit(USAGE_STATUS);
}

static void add(const char *name, size_t name_length, const char *value) {
    size_t used = strlen(words);
    if (strchr(value, ' ') != NULL) refuse("blanks are not possible here", value);
    int length =
        snprintf(words + used, sizeof words - used, "%s%.*s=%s", used > 0 ? " " : "", (int)name_length, name, value);
    if (length < 0 || (size_t)length >= sizeof words - used) refuse("the options are too long", value);
}

/* --name VALUE, --name=VALUE; --elevated alone. Returns how many arguments it took. */
static int take_option(char **given) {
    const char *name = given[0] + 2, *equals = strchr(name, '=');
    if (strcmp(name, "elevated") == 0) {
        add(name, strlen(name), "yes");
        return 1;
    }
    if (equals != NULL) {
        add(name, (size_t)(equals - name), equals + 1);
        return 1;
    }
    if (given[1] == NULL) refuse("a value was expected after it", given[0]);
    add(name, strlen(name), given[1]);
    return 2;
}

int main(int argc, char **argv) {
    int at = 1;
    while (at < argc && strncmp(argv[at], "--", 2) == 0) {
        if (strcmp(argv[at], "--help") == 0) return fputs(help, stdout) < 0;
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        at += take_option(argv + at);
    }
    if (at >= argc) refuse("a program was expected", argc > 1 ? argv[argc - 1] : "nothing was said");
    if (words[0] != '\0' && setenv("RESERVOIR_PROGRAM", words, 1) != 0) refuse(strerror(errno), "RESERVOIR_PROGRAM");
    execvp(argv[at], argv + at);
    refuse(strerror(errno), argv[at]);
}
