#include "conformance/agent/functions.h"

#include "conformance/agent/check.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/host_block.h"
#include "conformance/agent/journal.h"
#include "conformance/agent/listens.h"
#include "conformance/agent/native_host.h"
#include "conformance/agent/persistent.h"
#include "conformance/agent/run.h"
#include "conformance/agent/system/process.h"
#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/base/program.h"
#include "conformance/base/text.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"

/* Why instances would not be played: one reason, how often, and where first. */
struct hindrance {
    struct reason reason;
    unsigned count;
    char first[96];
};

struct tally {
    const struct check *check;
    unsigned played, broken;
    unsigned changing, listening; /* of those that are played */
    struct hindrance *hindrances;
    size_t count, capacity;
};

/* --- who, and where ----------------------------------------------------------------------------------------------- */

static const char *account_text(const struct own_account *own) {
    if (own->unknown) return "unknown: its token cannot be read";
    switch (own->kind) {
    case ACCOUNT_LOCAL_SYSTEM: return "LocalSystem";
    case ACCOUNT_BUILTIN_ADMINISTRATOR: return "the built-in administrator";
    case ACCOUNT_ADMINISTRATOR: return "a member of Administrators";
    case ACCOUNT_UNNAMED:
    case ACCOUNT_STANDARD_USER: break;
    }
    return "a standard user";
}

static void tell_program(const char *name, enum manifest manifest) {
    bool there = accounts_program_is_there(manifest);
    printf("  program     agent-%s.exe is %s\n", name,
           there ? "there" : "not there: scenarios that start such a program are not played");
}

static void tell_who(void) {
    struct text block = { 0 };
    const struct own_account *own = accounts_own();
    host_block_print(&block);
    printf("This machine, as the head of each trace will say:\n");
    for (char *line = block.bytes, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        printf("  %s\n", line);
    }
    text_free(&block);
    printf("\nWho plays:\n  account     %s; Administrators %s in its token\n", account_text(own),
           own->administrators_enabled ? "is enabled" : "is not enabled");
    printf("  others      %s\n", accounts_are_approximated() ? "it stands for other accounts (--approximate)"
                                                             : "it stands for no other account (see --approximate)");
    tell_program("highest-available", MANIFEST_HIGHEST_AVAILABLE);
    tell_program("require-administrator", MANIFEST_REQUIRE_ADMINISTRATOR);
}

/* --- what an earlier run left ------------------------------------------------------------------------------------- */

enum { JOURNAL_LOOK_MAX = 1 << 20 };

static void tell_blocks(const struct journal *journal) {
    for (unsigned i = 0; i < journal->count; i++) {
        const struct journal_row *row = &journal->rows[i];
        printf("  %s %u-%u: %s\n", journal_block_kind(&row->block), row->block.first,
               row->block.first + row->block.count - 1,
               row->mark[0] == '\0' ? "the next start deletes it" : "waits until its scenario is resumed or abandoned");
    }
}

/* Without the lock: another agent may be at work there. False when a run would not begin. */
static bool tell_journal(const char *path) {
    static struct journal journal;
    char machine[MACHINE_WORD_MAX + 1];
    size_t length = 0;
    printf("\nWhat an earlier run left:\n");
    if (path == NULL || path_kind_of(path) == PATH_MISSING) {
        printf("  nothing that is known%s%s\n", path == NULL ? "" : ": there is no ", path == NULL ? "" : path);
        return path != NULL;
    }
    char *bytes = file_read(path, JOURNAL_LOOK_MAX, &length);
    bool good = bytes != NULL && strlen(bytes) == length && journal_read(&journal, bytes) == 0;
    free(bytes);
    process_machine(machine);
    bool own = journal.machine[0] == '\0' || strcmp(journal.machine, machine) == 0;
    if (good && own) tell_blocks(&journal);
    else
        printf("  unknown: %s %s; no run begins\n", path,
               good ? "is the journal of another machine" : "cannot be read");
    return good && own;
}

/* --- scenarios ---------------------------------------------------------------------------------------------------- */

static void hinder(struct tally *tally, const struct reason *reason, const char *path,
                   const struct scenario *instance) {
    size_t at = 0;
    while (at < tally->count && strcmp(tally->hindrances[at].reason.text, reason->text) != 0) at++;
    if (at == tally->count) {
        const char *base = strrchr(instance->name, '/');
        const char *slash = strrchr(path, '/');
        tally->hindrances = memory_grow(tally->hindrances, tally->count, &tally->capacity, sizeof *tally->hindrances);
        struct hindrance *hindrance = &tally->hindrances[tally->count++];
        *hindrance = (struct hindrance){ .reason = *reason };
        snprintf(hindrance->first, sizeof hindrance->first, "%.*s%.60s", slash == NULL ? 0 : (int)(slash - path) + 1,
                 path, base == NULL ? instance->name : base + 1);
    }
    tally->hindrances[at].count++;
}

static void count_instance(struct tally *tally, const char *path, const struct scenario *instance) {
    struct reason reason = { "" };
    bool allowed = tally->check->restarts || !steps_restart_machine(instance->steps, instance->steps_count);
    if (!allowed) reason_set(&reason, "%s", RUN_RESTARTS_ONLY_WHEN_ASKED);
    allowed = allowed && native_host_allows(tally->check->functions, instance, false, &reason);
    tally->check->functions->end();
    if (!allowed) {
        hinder(tally, &reason, path, instance);
        return;
    }
    tally->played++;
    tally->changing += persistent_changes(instance->steps, instance->steps_count);
    tally->listening += listens_widely(instance);
}

static void count_file(struct tally *tally, const char *full) {
    const char *path = path_below(tally->check->folder, full);
    struct language_error error;
    size_t length = 0;
    char *bytes = file_read(full, FILE_BYTES_MAX, &length);
    struct scenario *scenario = bytes == NULL ? NULL : scenario_parse(full, bytes, length, &error);
    free(bytes);
    if (scenario == NULL) {
        printf("  broken: %s\n", full);
        tally->broken++;
        return;
    }
    unsigned instances = scenario_instances_count(scenario);
    for (unsigned i = 0; i < instances; i++) {
        struct scenario *instance = scenario_expand(scenario, i);
        assert(instance != NULL);
        count_instance(tally, path, instance);
        scenario_free(instance);
    }
    scenario_free(scenario);
}

static int compare_hindrances(const void *left, const void *right) {
    const struct hindrance *one = left, *other = right;
    if (one->count != other->count) return one->count < other->count ? 1 : -1;
    return strcmp(one->reason.text, other->reason.text);
}

static void tell_tally(struct tally *tally) {
    unsigned hindered = 0;
    char program[FOLDER_PATH_MAX] = "agent.exe";
    for (size_t i = 0; i < tally->count; i++) hindered += tally->hindrances[i].count;
    printf("  %5u are played, so that all they make is gone when each ends\n", tally->played);
    printf("  %5u of these make or delete persistent reservations, or exclusions of netsh's\n", tally->changing);
    printf("  %5u of these listen where other machines can reach\n", tally->listening);
    printf("  %5u are not played\n", hindered);
    if (tally->count > 0) qsort(tally->hindrances, tally->count, sizeof *tally->hindrances, compare_hindrances);
    for (size_t i = 0; i < tally->count; i++)
        printf("        %5u  %s (%s)\n", tally->hindrances[i].count, tally->hindrances[i].reason.text,
               tally->hindrances[i].first);
    if (tally->listening == 0) return;
    program_path(program);
    printf(
        "\nAt a desktop, Windows Firewall asks about a program that listens, and keeps a rule for it whatever is answered. To\n"
        "play nothing that it asks about: --loopback-only. To remove the rules afterwards, elevated:\n"
        "  netsh advfirewall firewall delete rule name=all program=\"%s\"\n",
        program);
}

static bool tell_scenarios(const struct check *check) {
    struct path_list files = { 0 }, links = { 0 };
    char trouble[FOLDER_PATH_MAX];
    struct tally tally = { .check = check };
    printf("\nOf the scenarios below %s:\n", check->folder);
    bool found = folder_find_unlinked(check->folder, ".scn", &files, &links, trouble) && files.count > 0;
    if (!found) printf("  there is none, or the folder cannot be read\n");
    path_list_sort(&files);
    for (size_t i = 0; i < files.count; i++) count_file(&tally, files.paths[i]);
    if (found) tell_tally(&tally);
    if (links.count > 0) printf("  links to folders are passed over: %zu, the first %s\n", links.count, links.paths[0]);
    path_list_free(&files);
    path_list_free(&links);
    free(tally.hindrances);
    return found && tally.broken == 0;
}

int check_run(const struct check *check) {
    assert(check != NULL && check->functions != NULL);
    tell_who();
    bool good = tell_journal(check->journal);
    if (check->folder != NULL) good &= tell_scenarios(check);
    printf("\nNothing was changed.\n");
    return good ? 0 : 2;
}
