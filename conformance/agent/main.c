/* The host agent: plays scenarios on the Windows machine that it runs on. */
#include "conformance/agent/functions.h"

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/child.h"
#include "conformance/agent/faults.h"
#include "conformance/agent/files.h"
#include "conformance/agent/host_block.h"
#include "conformance/agent/native_host.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/run.h"
#include "conformance/agent/serve.h"

static const char usage[] =
    "Plays scenarios on this machine through its own Winsock and says what it answered.\n"
    "\n"
    "  agent.exe [serve] [--approximate]                commands on standard input, answers on standard output\n"
    "  agent.exe run DIR --record OUT [--approximate]   plays every *.scn below DIR, writes traces below OUT\n"
    "  agent.exe --help | --version\n"
    "\n"
    "  --approximate   where a scenario names another account than this one, an elevated agent stands for it: with its own\n"
    "                  token for an administrator, with a restricted one for anybody else\n"
    "  --read-only     scenarios that create or delete persistent reservations are not played: nothing else that a scenario\n"
    "                  does outlives it\n"
    "\n"
    "What a run creates and cannot delete, because it crashed, is deleted by the next one: of `run`, with the same OUT.\n"
    "\n"
    "Examples:\n"
    "  agent.exe run scenarios --record traces\n"
    "  reservoir run --on host --host 'ssh MACHINE agent.exe'\n"
    "\n"
    "Exit status: 0; 2 for a wrong command line, when nothing was found, or when something broke.\n";

static int wrong_usage(const char *what) {
    fprintf(stderr, "agent: %s\n%s", what, usage);
    return 2;
}

static bool narrow(const wchar_t *text, char out[PATH_BYTES_MAX]) {
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, PATH_BYTES_MAX, NULL, NULL) != 0;
}

/* Beside the program. */
static void keep_own_journal(const struct windows_functions *functions) {
    wchar_t program[PATH_BYTES_MAX / 4];
    char path[PATH_BYTES_MAX];
    DWORD length = GetModuleFileNameW(NULL, program, PATH_BYTES_MAX / 4 - 24);
    if (length == 0 || length >= PATH_BYTES_MAX / 4 - 24) return;
    wcscat(program, L".persistent.journal");
    if (narrow(program, path)) persistent_keep_journal(functions, path);
}

static int main_serve(void) {
    static struct native_host host;
    native_host_create(&host);
    keep_own_journal(host.functions);
    int status = serve(&host);
    native_host_destroy(&host);
    return status;
}

static int main_run(int count, wchar_t **arguments) {
    char folder[PATH_BYTES_MAX] = "", out[PATH_BYTES_MAX] = "";
    for (int i = 0; i < count; i++) {
        if (wcscmp(arguments[i], L"--approximate") == 0) {
            accounts_approximate();
            continue;
        }
        bool is_record = wcscmp(arguments[i], L"--record") == 0;
        if (is_record && i + 1 == count) return wrong_usage("--record wants a folder");
        char *into = is_record ? out : folder;
        if (is_record) i++;
        if (into[0] != '\0') return wrong_usage("one folder of scenarios and one --record, please");
        if (!is_record && arguments[i][0] == L'-') return wrong_usage("run DIR --record OUT has no option but --approximate");
        if (!narrow(arguments[i], into) || into[0] == '\0') return wrong_usage("a path is empty or too long");
    }
    if (folder[0] == '\0' || out[0] == '\0') return wrong_usage("run wants DIR and --record OUT");
    char path[PATH_BYTES_MAX + 24];
    snprintf(path, sizeof path, "%s/persistent.journal", out);
    if (strlen(path) >= PATH_BYTES_MAX) return wrong_usage("a path is empty or too long");
    static struct native_host host;
    native_host_create(&host);
    persistent_keep_journal(host.functions, path);
    int status = run(&host, folder, out);
    native_host_destroy(&host);
    return status;
}

static int main_with(int count, wchar_t **arguments) {
    bool approximate = count > 1 && wcscmp(arguments[count - 1], L"--approximate") == 0;
    if (approximate && count <= 3) accounts_approximate();
    if (count - approximate == 1 || (count - approximate == 2 && wcscmp(arguments[1], L"serve") == 0)) return main_serve();
    if (count == 2 && wcscmp(arguments[1], L"nothing") == 0) return 0; /* accounts_start_program() wants it to start */
    if (wcscmp(arguments[1], L"child") == 0) return child_main(count - 2, arguments + 2);
    if (wcscmp(arguments[1], L"run") == 0) return main_run(count - 2, arguments + 2);
    if (count == 2 && wcscmp(arguments[1], L"--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (count == 2 && wcscmp(arguments[1], L"--version") == 0) {
        printf("agent %s (%s functions)\n", RESERVOIR_VERSION, windows_functions()->kind);
        return 0;
    }
    return wrong_usage("unknown command");
}

/* Takes --read-only out of the command line, wherever it stands. Returns how many words are left. */
static int take_read_only(int count, wchar_t **arguments) {
    int left = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && wcscmp(arguments[i], L"--read-only") == 0) persistent_read_only();
        else arguments[left++] = arguments[i];
    }
    return left;
}

int main(void) {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    faults_install();
    int count = 0;
    wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
    if (arguments == NULL) return wrong_usage("the command line cannot be read");
    int status = main_with(take_read_only(count, arguments), arguments);
    LocalFree(arguments);
    fflush(stdout);
    return status;
}
