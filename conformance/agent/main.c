/* The host agent: plays scenarios on the Windows machine that it runs on. */
#include "conformance/agent/functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/base_provider.h"
#include "conformance/agent/check.h"
#include "conformance/agent/child.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/module.h"
#include "conformance/agent/system/process.h"
#include "conformance/agent/host_block.h"
#include "conformance/agent/listens.h"
#include "conformance/agent/native_host.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/provider_path.h"
#include "conformance/agent/run.h"
#include "conformance/agent/serve.h"
#include "conformance/base/memory.h"
#include "conformance/base/number.h"
#include "conformance/base/program.h"
#include "conformance/base/standard_streams.h"
#include "conformance/base/version.h"

static const char usage[] =
    "Plays scenarios on this machine through its own Winsock and says what it answered.\n"
    "\n"
    "  agent.exe check [DIR] [--record OUT] what it would do here, what it may not, who it is; changes nothing\n"
    "  agent.exe [serve]                    commands on standard input, answers on standard output\n"
    "  agent.exe run DIR --record OUT       plays every *.scn below DIR, writes traces below OUT\n"
    "  agent.exe resume DIR --record OUT    resumes those that stopped for a restart of the machine\n"
    "  agent.exe abandon DIR --record OUT   gives those up, and deletes what they left on the machine\n"
    "  agent.exe --help | -h | /? | --version\n"
    "\n"
    "  --approximate   where a scenario names another account than this one, an elevated agent stands for it: with its own\n"
    "                  token for an administrator, with a restricted one for anyone else\n"
    "  --read-only     scenarios that create or delete persistent reservations are not played: nothing else that a scenario\n"
    "                  does outlives it\n"
    "  --loopback-only scenarios that listen where other machines can reach are not played: Windows Firewall asks about those,\n"
    "                  and keeps a rule for this program whatever is answered\n"
    "  --apart         the agent plays no scenario process itself: a call that takes its process along ends no more than that\n"
    "  --provider FILE the functions of a Winsock provider in the place of ws2_32's: a library that exports WSPStartup, loaded\n"
    "                  privately and by its full path only\n"
    "  --level spi     (agent.exe only) the functions of the host's own base provider, asked at its WSPStartup\n"
    "  --restarts      scenarios that restart the machine are played up to there; what they made stays until `resume` or\n"
    "                  `abandon`. Without it `run` passes them over\n"
    "  --idle-limit S  `serve` cleans up and leaves when no command has come for S seconds (900; 0: it waits for ever)\n"
    "  --by-name NAME  plays a scenario of this name although it asks to delete what it has not made: on a machine that is\n"
    "                  thrown away\n"
    "  --store FILE    (agent-model.exe only) the modelled machine keeps its persistent reservations there\n"
    "  --netsh         (agent-model.exe only) its netsh is the program of that name, for tests\n"
    "\n"
    "What a run creates and cannot delete, because it crashed, is deleted by the next one: of all but `serve`, with the same OUT.\n"
    "\n"
    "Examples:\n"
    "  agent.exe check scenarios\n"
    "  agent.exe run scenarios --record traces\n"
    "  shutdown /r /t 0, and then: agent.exe resume scenarios --record traces\n"
    "  reservoir run --on host --host 'ssh MACHINE agent.exe'\n"
    "\n"
    "Exit status: 0; 2 for a wrong command line, when nothing was found, or when something broke.\n";

enum { IDLE_LIMIT_S = 900, IDLE_LIMIT_MAX_S = 1000000 };

/* The words of the command line; "" what is not given. */
struct command_line {
    char command[16], folder[FOLDER_PATH_MAX], out[FOLDER_PATH_MAX], store[FOLDER_PATH_MAX], provider[FOLDER_PATH_MAX];
    unsigned words_count;
    bool restarts;
    uint32_t idle_limit_s;
};

static int wrong_usage(const char *what) {
    fprintf(stderr, "agent: %s; agent.exe --help says more\n", what);
    return 2;
}

/* --- playing ------------------------------------------------------------------------------------------------------ */

/* Beside the program; of a machine in a file, beside that. */
static void name_own_journal(const struct command_line *line, char path[FOLDER_PATH_MAX + 24]) {
    if (line->store[0] != '\0') snprintf(path, FOLDER_PATH_MAX + 24, "%s.journal", line->store);
    else if (program_path(path)) strcat(path, ".persistent.journal");
}

/* The journal of this command line. False: its path is empty or too long. */
static bool name_journal(const struct command_line *line, char path[FOLDER_PATH_MAX + 24]) {
    if (line->out[0] != '\0') snprintf(path, FOLDER_PATH_MAX + 24, "%s/persistent.journal", line->out);
    else name_own_journal(line, path);
    return path[0] != '\0' && strlen(path) < FOLDER_PATH_MAX;
}

/* False, having said why, when nothing may be played. */
static bool keep_journal(const struct windows_functions *functions, const struct command_line *line) {
    char path[FOLDER_PATH_MAX + 24] = "";
    struct reason reason = { "the path of its journal is empty or too long" };
    if (name_journal(line, path) && persistent_keep_journal(functions, path, &reason)) return true;
    fprintf(stderr, "agent: %s\n", reason.text);
    return false;
}

/* Does what a scenario makes outlive it here? The model's machine goes with its scenario unless its store is kept. */
static bool machine_stays(const struct windows_functions *functions, const struct command_line *line) {
    return functions->keep_store == NULL || line->store[0] != '\0';
}

/* Of a command that is none of run's: RUN_MODES_NONE. */
static enum run_mode mode_of(const char *command) {
    static const char *const names[] = { [RUN_ALL] = "run", [RUN_RESUMED] = "resume", [RUN_ABANDONED] = "abandon" };
    unsigned mode = 0;
    while (mode < RUN_MODES_NONE && strcmp(command, names[mode]) != 0) mode++;
    return (enum run_mode)mode;
}

/* 2, having complained, when an option is for another build. */
static int options_fit(const struct windows_functions *functions, const struct command_line *line) {
    if (provider_path() != NULL && strcmp(functions->kind, "model") == 0)
        return wrong_usage("--provider is not for agent-model.exe, whose functions are the model's");
    if (line->store[0] != '\0' && functions->keep_store == NULL)
        return wrong_usage("--store is for agent-model.exe: this machine has a store of its own");
    return 0;
}

/* Would scenarios that restart the machine be played? */
static bool plays_restarts(const struct windows_functions *functions, const struct command_line *line) {
    return line->restarts || functions->reboot != NULL || !machine_stays(functions, line);
}

static int look(const struct command_line *line) {
    char path[FOLDER_PATH_MAX + 24] = "";
    const struct windows_functions *functions = windows_functions();
    if (options_fit(functions, line) != 0) return 2;
    persistent_look_only(functions);
    const struct check check = { .functions = functions,
                                 .folder = line->folder[0] == '\0' ? NULL : line->folder,
                                 .journal = name_journal(line, path) ? path : NULL,
                                 .restarts = plays_restarts(functions, line) };
    return check_run(&check);
}

static int play(const struct command_line *line) {
    bool serves = line->out[0] == '\0';
    const struct windows_functions *functions = windows_functions();
    if (options_fit(functions, line) != 0) return 2;
    if (line->store[0] != '\0' && !functions->keep_store(line->store)) return 2;
    if (machine_stays(functions, line) && !keep_journal(functions, line)) return 2;
    struct native_host *host = memory_zeroed(sizeof *host);
    native_host_create(host);
    bool restarts = plays_restarts(functions, line);
    int status =
        serves ? serve(host, line->idle_limit_s) : run(host, line->folder, line->out, mode_of(line->command), restarts);
    native_host_destroy(host);
    free(host);
    persistent_tell_remains();
    return status;
}

/* --- the command line --------------------------------------------------------------------------------------------- */

/* The word behind an option into `value`. False, having complained. */
static bool take_value(const char *option, const char *word, char value[FOLDER_PATH_MAX]) {
    size_t length = word == NULL ? 0 : strlen(word);
    if (length > 0 && length < FOLDER_PATH_MAX && value[0] == '\0') {
        memcpy(value, word, length + 1);
        return true;
    }
    fprintf(stderr, "agent: %s wants one path, neither empty nor too long\n", option);
    return false;
}

/* A word that is no option: the command, then the folder. */
static bool take_word(struct command_line *line, const char *text) {
    if (text[0] == '-' || text[0] == '\0') return false;
    char *into = line->words_count == 0 ? line->command : line->folder;
    size_t room = line->words_count == 0 ? sizeof line->command : sizeof line->folder;
    if (line->words_count++ >= 2 || strlen(text) >= room) return false;
    strcpy(into, text);
    return true;
}

static bool wrong_level(const char *word) {
    fprintf(stderr, "agent: --level wants spi, the host's base provider, not %s\n", word == NULL ? "nothing" : word);
    return false;
}

static bool read_line(struct command_line *line, int count, char **words) {
    for (int i = 1; i < count; i++) {
        const char *next = i + 1 < count ? words[i + 1] : NULL;
        if (strcmp(words[i], "--approximate") == 0) {
            accounts_approximate();
        } else if (strcmp(words[i], "--read-only") == 0) {
            persistent_read_only();
        } else if (strcmp(words[i], "--apart") == 0) {
            native_host_keep_apart();
        } else if (strcmp(words[i], "--loopback-only") == 0) {
            listens_loopback_only();
        } else if (strcmp(words[i], "--netsh") == 0) {
            if (windows_functions()->run_netsh == NULL || !windows_functions()->run_netsh()) return false;
        } else if (strcmp(words[i], "--restarts") == 0) {
            line->restarts = true;
        } else if (strcmp(words[i], "--idle-limit") == 0) {
            uint64_t seconds = 0;
            if (next == NULL || !number_read(next, IDLE_LIMIT_MAX_S, &seconds)) return false;
            line->idle_limit_s = (uint32_t)seconds;
            i++;
        } else if (strcmp(words[i], "--by-name") == 0) {
            if (next == NULL || !persistent_by_name(next)) return false;
            i++;
        } else if (strcmp(words[i], "--record") == 0) {
            if (!take_value("--record", next, line->out)) return false;
            i++;
        } else if (strcmp(words[i], "--provider") == 0) {
            if (!take_value("--provider", next, line->provider)) return false;
            provider_use(line->provider);
            i++;
        } else if (strcmp(words[i], "--level") == 0) {
            if (next == NULL || strcmp(next, "spi") != 0) return wrong_level(next);
            base_provider_use();
            i++;
        } else if (strcmp(words[i], "--store") == 0) {
            if (!take_value("--store", next, line->store)) return false;
            i++;
        } else if (!take_word(line, words[i])) {
            fprintf(stderr, "agent: %s is neither an option nor a word that belongs there\n", words[i]);
            return false;
        }
    }
    return true;
}

static int main_with(int count, char **words) {
    struct command_line line = { .command = "", .idle_limit_s = IDLE_LIMIT_S };
    if (count == 2 && strcmp(words[1], "nothing") == 0) return 0; /* agent_CreateProcess() wants it to start */
    if (count >= 2 && strcmp(words[1], "child") == 0) return child_main(count - 2, words + 2);
    bool asks_help =
        count == 2 && (strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0 || strcmp(words[1], "/?") == 0);
    if (asks_help) {
        fputs(usage, stdout);
        return 0;
    }
    if (count == 2 && strcmp(words[1], "--version") == 0) {
        printf("agent %s (%s functions)\n", RESERVOIR_VERSION, windows_functions()->kind);
        return 0;
    }
    if (!read_line(&line, count, words)) return wrong_usage("wrong command line");
    if (strcmp(line.command, "check") == 0) return look(&line);
    bool serves = line.words_count == 0 || strcmp(line.command, "serve") == 0;
    bool runs = mode_of(line.command) != RUN_MODES_NONE;
    if (!serves && !runs) return wrong_usage("unknown command");
    if (serves && (line.folder[0] != '\0' || line.out[0] != '\0')) return wrong_usage("serve takes no folder");
    if (runs && (line.folder[0] == '\0' || line.out[0] == '\0'))
        return wrong_usage("run, resume and abandon want DIR and --record OUT");
    return play(&line);
}

int main(int main_count, char **main_words) {
    modules_of_the_system_only();
    standard_streams_prepare();
    process_started_ms(); /* on POSIX, the first call takes the time */
    faults_install();
    int count = 0;
    char **words = program_words(main_count, main_words, &count);
    if (words == NULL) return wrong_usage("the command line cannot be read");
    int status = main_with(count, words);
    fflush(stdout);
    return status;
}
