/* netsh as a program: a stand-in on PATH answers what a Windows would. Then: files, and commands that misbehave. */
#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/agent/host_facts.h"
#include "conformance/agent/netsh.h"
#include "conformance/agent/netsh_steps.h"
#include "conformance/agent/tests/agent_fixture.h"
#include "conformance/agent/system/command.h"
#include "conformance/base/folders.h"

static char folder[] = "build/agent-netsh-XXXXXX";
static char path_before[4096];

static bool write_file(const char *name, const char *text) {
    char path[FOLDER_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = file_create(path);
    if (file == NULL) return false;
    bool written = fputs(text, file) >= 0 && file_commit(file);
    return fclose(file) == 0 && written && chmod(path, 0755) == 0;
}

/* Puts it before all other programs. */
static int make_folder(void) {
    char path[sizeof path_before + sizeof folder];
    const char *before = getenv("PATH");
    if (mkdtemp(folder) == NULL || before == NULL || strlen(before) >= sizeof path_before) return 1;
    strcpy(path_before, before);
    snprintf(path, sizeof path, "%s:%s", folder, before);
    return setenv("PATH", path, 1);
}

static void remove_file(const char *name) {
    char path[FOLDER_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_remove(path);
}

static int remove_folder(void) {
    remove_file("netsh");
    remove_file("words");
    rmdir(folder);
    return setenv("PATH", path_before, 1);
}

/* It says this, keeps the words that it was called with, and ends with this status. */
static void netsh_will_say(const char *text, int status) {
    char program[4096];
    snprintf(program, sizeof program, "#!/bin/sh\necho \"$*\" >%s/words\ncat <<'END'\n%s\nEND\nexit %d\n", folder, text,
             status);
    CU_ASSERT_TRUE(write_file("netsh", program));
}

static const char *words(void) {
    static char text[512];
    char path[FOLDER_PATH_MAX];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/words", folder);
    char *bytes = file_read(path, sizeof text - 1, &length);
    snprintf(text, sizeof text, "%s", bytes == NULL ? "" : bytes);
    text[strcspn(text, "\n")] = '\0';
    free(bytes);
    return text;
}

static void the_dynamic_range_is_asked_for(void) {
    uint32_t first = 0, last = 0;
    netsh_will_say("----\nStart Port      : 49152\nNumber of Ports : 16384", 0);
    CU_ASSERT_TRUE(netsh_dynamic_range(TRANSPORT_UDP, &first, &last));
    CU_ASSERT_STRING_EQUAL(words(), "int ipv4 show dynamicport udp");
    CU_ASSERT_EQUAL(first, 49152);
    CU_ASSERT_EQUAL(last, 65535);
    netsh_will_say("The service has not been started.", 0);
    CU_ASSERT_FALSE(netsh_dynamic_range(TRANSPORT_TCP, &first, &last));
}

/* The step of a scenario. What netsh said instead of a range is kept for the trace. */
static void the_dynamic_range_of_a_family_and_a_store_is_shown(void) {
    uint8_t range[NETSH_RANGE_SIZE];
    netsh_will_say("----\nStart Port      : 1024\nNumber of Ports : 13977", 0);
    SetLastError(77);
    CU_ASSERT_EQUAL(agent_netsh_show_dynamicport(TRANSPORT_UDP, NETSH_IPV6, NETSH_PERSISTENT, range), NO_ERROR);
    CU_ASSERT_STRING_EQUAL(words(), "int ipv6 show dynamicport udp store=persistent");
    CU_ASSERT_EQUAL(load_u32(range), 1024);
    CU_ASSERT_EQUAL(load_u32(range + 4), 13977);
    CU_ASSERT_EQUAL(GetLastError(), 77);
    netsh_will_say("The service has not been started.", 1);
    CU_ASSERT_EQUAL(agent_netsh_show_dynamicport(TRANSPORT_TCP, NETSH_IPV4, NETSH_ACTIVE, range), NETSH_SAYS_NOTHING);
    CU_ASSERT_STRING_EQUAL(words(), "int ipv4 show dynamicport tcp");
    CU_ASSERT_PTR_NOT_NULL(strstr(netsh_steps_words(), "The service has not been started."));
    netsh_will_say("", 0);
    CU_ASSERT_EQUAL(agent_netsh_show_dynamicport(TRANSPORT_TCP, NETSH_IPV4, NETSH_ACTIVE, range), NETSH_SAYS_NOTHING);
    CU_ASSERT_PTR_NOT_NULL(strstr(netsh_steps_words(), "it said nothing"));
}

static const char listing[] =
    "Start Port    End Port\n----------    --------\n     80          80\n  50000       50059     *\n\n"
    "* - Administered port exclusions.";

static void the_row_of_a_port_is_shown(void) {
    uint8_t row[NETSH_ROW_SIZE];
    netsh_will_say(listing, 0);
    SetLastError(77);
    CU_ASSERT_EQUAL(agent_netsh_show_excludedportrange(TRANSPORT_TCP, 50010, NETSH_PERSISTENT, row), NO_ERROR);
    CU_ASSERT_STRING_EQUAL(words(), "int ipv4 show excludedportrange protocol=tcp store=persistent");
    CU_ASSERT_EQUAL(load_u16(row), NETSH_ROW_ADMINISTERED);
    CU_ASSERT_EQUAL(load_u16(row + 2), 50000);
    CU_ASSERT_EQUAL(load_u32(row + 4), 60);
    CU_ASSERT_EQUAL(agent_netsh_show_excludedportrange(TRANSPORT_TCP, 81, NETSH_ACTIVE, row), NO_ERROR);
    CU_ASSERT_EQUAL(load_u16(row), NETSH_ROW_NONE);
    CU_ASSERT_EQUAL(GetLastError(), 77);
    netsh_will_say("Access is denied.", 1);
    CU_ASSERT_EQUAL(agent_netsh_show_excludedportrange(TRANSPORT_TCP, 81, NETSH_ACTIVE, row), NETSH_SAYS_NOTHING);
    CU_ASSERT_PTR_NOT_NULL(strstr(netsh_steps_words(), "Access is denied."));
}

static void ranges_that_meet_ports_are_listed(void) {
    struct host_exclusion rows[2];
    const struct port_range ports = { 50059, 10 }, beside = { 50060, 10 }, all = { 1, 65535 };
    unsigned count = 9;
    netsh_will_say(listing, 0);
    CU_ASSERT_TRUE(netsh_exclusions_of(TRANSPORT_TCP, NETSH_ACTIVE, ports, rows, 2, &count));
    CU_ASSERT_EQUAL_FATAL(count, 1);
    CU_ASSERT_EQUAL(rows[0].first, 50000);
    CU_ASSERT_TRUE(netsh_exclusions_of(TRANSPORT_TCP, NETSH_ACTIVE, beside, rows, 2, &count));
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_FALSE(
        netsh_exclusions_of(TRANSPORT_TCP, NETSH_ACTIVE, all, rows, 1, &count)); /* more than there is room for */
}

/* The same text that was a listing is none when netsh says that it failed, or is ended in the midst of it. */
static void a_listing_of_a_netsh_that_failed_is_none(void) {
    struct host_exclusion rows[8];
    unsigned count = 0;
    netsh_will_say(listing, 1);
    CU_ASSERT_FALSE(netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, rows, 8, &count));
    netsh_will_say(listing, 0);
    CU_ASSERT_TRUE(netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, rows, 8, &count));
    CU_ASSERT_EQUAL(count, 2);
    CU_ASSERT_TRUE(write_file("netsh", "#!/bin/sh\necho ---------- --------\nkill -9 $$\n"));
    CU_ASSERT_FALSE(netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, rows, 8, &count));
    CU_ASSERT_TRUE(write_file("netsh", "#!/bin/sh\necho '---------- --------'\nyes '  20  30' | head -n 9000\n"));
    CU_ASSERT_FALSE(
        netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, rows, 8, &count)); /* more rows than there is room for */
    /* more text than is kept, by a program that does not mind, and no row is lost as yet */
    CU_ASSERT_TRUE(write_file("netsh",
                              "#!/bin/sh\ntrap '' PIPE\necho '---------- --------'\necho '  20  30'\n"
                              "yes '' 2>/dev/null | head -n 40000 2>/dev/null\necho '  40  50' 2>/dev/null\nexit 0\n"));
    CU_ASSERT_FALSE(netsh_exclusions(TRANSPORT_TCP, NETSH_ACTIVE, rows, 8, &count));
}

/* What a machine tells of its dynamic ranges, tcp and udp alike, of both families. */
static struct host_facts machine_with(uint32_t first, uint32_t last, uint32_t other_first, uint32_t other_last) {
    struct host_facts facts = { .dynamic_range_known = true,
                                .other_ranges_known = true,
                                .dynamic_first = { first, first },
                                .dynamic_last = { last, last } };
    facts.has_other_ranges = other_first != 0;
    facts.other_first[0] = facts.other_first[1] = other_first;
    facts.other_last[0] = facts.other_last[1] = other_last;
    return facts;
}

/* What is the matter with the first line that does not hold on the machine. */
static const char *line_trouble(const struct host_facts *facts, const char *lines, const char *family) {
    char text[256];
    const char *trouble = NULL;
    snprintf(text, sizeof text,
             "scenario ranges\n\n%s\nprocess app\n\napp: s = socket(%s, SOCK_STREAM, IPPROTO_TCP) -> ok\n", lines,
             family);
    struct scenario *scenario = agent_scenario(text);
    for (uint32_t i = 0; i < scenario->world_lines_count && trouble == NULL; i++)
        trouble = host_facts_dynamic_range_trouble(facts, scenario, &scenario->world_lines[i]);
    scenario_free(scenario);
    return trouble == NULL ? "" : trouble;
}

/* Of a machine whose IPv6 has another range, a line of the dynamic range says IPv6's too where the scenario uses it. */
static void a_range_for_both_families_is_another_one(void) {
    static const char both[] = "world dynamic-range tcp 49152-65535",
                      each[] = "world dynamic-range tcp 49152-65535\nworld dynamic-range-ipv6 tcp 1025-5000",
                      other[] = "world dynamic-range tcp 40000-65535",
                      six[] = "world dynamic-range-ipv6 tcp 49152-65535";
    const struct host_facts two = machine_with(49152, 65535, 1025, 5000), one = machine_with(49152, 65535, 0, 0);
    const struct host_facts silent = { .dynamic_range_known = false };
    struct host_facts half = one;
    half.other_ranges_known = false;
    CU_ASSERT_STRING_EQUAL(line_trouble(&half, both, "AF_INET"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&half, both, "AF_INET6"), "this host does not tell the dynamic range of IPv6");
    CU_ASSERT_STRING_EQUAL(line_trouble(&half, six, "AF_INET"), "this host does not tell the dynamic range of IPv6");
    CU_ASSERT_STRING_EQUAL(line_trouble(&one, both, "AF_INET6"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&one, six, "AF_INET6"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&one, each, "AF_INET6"), "the dynamic range of IPv6 is another one here");
    CU_ASSERT_STRING_EQUAL(line_trouble(&one, other, "AF_INET"), "the dynamic range is another one here");
    CU_ASSERT_STRING_EQUAL(line_trouble(&two, both, "AF_INET"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&two, both, "AF_INET6"), "the dynamic range of IPv6 is another one here");
    CU_ASSERT_STRING_EQUAL(line_trouble(&two, each, "AF_INET6"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&two, six, "AF_INET"), "the dynamic range of IPv6 is another one here");
    struct host_facts moved = one;
    moved.stored_ranges_known = true;
    moved.stored_first[NETSH_IPV4][0] = 1024;
    moved.stored_last[NETSH_IPV4][0] = moved.stored_last[NETSH_IPV6][0] = 65535;
    moved.stored_first[NETSH_IPV6][0] = 49152;
    CU_ASSERT_STRING_EQUAL(line_trouble(&moved, both, "AF_INET"),
                           "the stored dynamic range is another one here, and comes with the next restart");
    CU_ASSERT_STRING_EQUAL(line_trouble(&moved, six, "AF_INET6"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&silent, both, "AF_INET"), "this host does not tell its dynamic range");
}

static bool takes(struct host_facts *facts, const char *text) {
    return host_facts_take_kernel_range(facts, text, strlen(text));
}

static void the_range_of_wine_s_kernel_is_the_machine_s(void) {
    struct host_facts facts = { .is_wine = true };
    CU_ASSERT_TRUE(takes(&facts, "50000\t50001\n"));
    CU_ASSERT_STRING_EQUAL(line_trouble(&facts, "world dynamic-range tcp 50000-50001", "AF_INET6"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&facts, "world dynamic-range udp 50000-50001", "AF_INET"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&facts, "world dynamic-range-ipv6 udp 50000-50001", "AF_INET"), "");
    CU_ASSERT_STRING_EQUAL(line_trouble(&facts, "world dynamic-range tcp 50000-50002", "AF_INET"),
                           "the dynamic range is another one here");
    CU_ASSERT_TRUE(takes(&facts, "1024 65535\n"));
    CU_ASSERT_EQUAL(facts.dynamic_first[1], 1024);
    CU_ASSERT_EQUAL(facts.dynamic_last[1], 65535);
}

static void what_is_no_range_of_a_kernel_is_left_alone(void) {
    static const char *const none[] = { "",
                                        "\n",
                                        "32768",
                                        "32768\n",
                                        "32768\t60999",
                                        "32768\t\n",
                                        "\t60999\n",
                                        "0\t60999\n",
                                        "32768\t65536\n",
                                        "60999\t32768\n",
                                        "32768\t60999\n\n",
                                        "32768\t60999 \n",
                                        "32768,60999\n",
                                        "32768\t99999999999999999999\n" };
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++) {
        struct host_facts facts = { .is_wine = true };
        CU_ASSERT_FALSE(takes(&facts, none[i]));
        CU_ASSERT_FALSE(facts.dynamic_range_known);
        CU_ASSERT_EQUAL(facts.dynamic_first[0], 0);
    }
}

/* What it has after a restart would be judged by what it had before. */
static void a_machine_that_hides_the_range_of_its_next_start_is_not_restarted(void) {
    struct host_facts facts = machine_with(49152, 65535, 0, 0);
    struct scenario *once = agent_scenario("scenario once\n\nprocess app\n\ncheck invariants\n"),
                    *twice = agent_scenario("scenario twice\n\nprocess app\n\nreboot\n");
    CU_ASSERT_PTR_NULL(host_facts_restart_trouble(&facts, twice)); /* it has no netsh, as Wine has none that answers */
    facts.has_netsh = true;
    CU_ASSERT_PTR_NULL(host_facts_restart_trouble(&facts, once));
    CU_ASSERT_PTR_NOT_NULL(host_facts_restart_trouble(&facts, twice));
    facts.stored_ranges_known = true;
    CU_ASSERT_PTR_NULL(host_facts_restart_trouble(&facts, twice));
    scenario_free(once);
    scenario_free(twice);
}

static void ports_are_sought_outside_the_dynamic_ranges(void) {
    const struct {
        uint32_t first, last, other_first, other_last, from, to;
        bool inside;
    } cases[] = {
        { 49152, 65535, 0, 0, 20000, 31999, false },
        { 1024, 15000, 0, 0, 20000, 31999, false },
        { 1024, 25000, 0, 0, 25001, 31999, false },
        { 1024, 31000, 0, 0, 32000, 43999, false }, /* what is left of the first place is too little */
        { 49152, 65535, 1024, 40000, 40001, 43999, false },
        { 1024, 65534, 0, 0, 20000, 31999, true },
        { 10000, 65535, 1024, 3000, 4000, 9999, false },
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct host_facts facts =
            machine_with(cases[i].first, cases[i].last, cases[i].other_first, cases[i].other_last);
        const struct trial_region region = host_facts_trial_region(&facts);
        CU_ASSERT_EQUAL(region.first, cases[i].from);
        CU_ASSERT_EQUAL(region.last, cases[i].to);
        CU_ASSERT_EQUAL(region.inside, cases[i].inside);
    }
}

/* One store of one family lists it. */
static void listed_ports_are_avoided(void) {
    static const struct host_exclusion one = { TRANSPORT_TCP, 25565, 25574, true };
    for (unsigned i = 0; i < 4; i++) {
        struct host_facts facts = { .has_netsh = true };
        struct host_listing *one_of = &(i < 2 ? facts.active : facts.stored)[i % 2][0];
        *one_of = (struct host_listing){ .known = true, .count = 1, .rows = { one } };
        CU_ASSERT_TRUE(host_facts_avoids(&facts, TRANSPORT_TCP, (struct port_range){ 25560, 6 }));
        CU_ASSERT_FALSE(host_facts_avoids(&facts, TRANSPORT_TCP, (struct port_range){ 25560, 5 }));
        CU_ASSERT_TRUE(host_facts_avoids(&facts, TRANSPORT_TCP, (struct port_range){ 25574, 1 }));
        CU_ASSERT_FALSE(host_facts_avoids(&facts, TRANSPORT_TCP, (struct port_range){ 25575, 4 }));
        CU_ASSERT_FALSE(host_facts_avoids(&facts, TRANSPORT_UDP, (struct port_range){ 25565, 1 }));
    }
}

/* What a listing lacks is absent only when that listing is whole. */
static void without_each_listing_nothing_is_known_to_be_absent(void) {
    struct host_facts facts = { .has_netsh = true };
    for (unsigned family = 0; family < HOST_FAMILIES; family++)
        for (unsigned i = 0; i < 2; i++) facts.active[family][i].known = facts.stored[family][i].known = true;
    CU_ASSERT_TRUE(host_facts_lists_all(&facts, TRANSPORT_TCP, true));
    for (unsigned i = 0; i < 4; i++) {
        struct host_listing *one_of = &(i < 2 ? facts.active : facts.stored)[i % 2][0];
        one_of->known = false;
        CU_ASSERT_FALSE(host_facts_lists_all(&facts, TRANSPORT_TCP, true));
        CU_ASSERT_EQUAL(host_facts_lists_all(&facts, TRANSPORT_TCP, false), i % 2 == NETSH_IPV6);
        CU_ASSERT_TRUE(host_facts_lists_all(&facts, TRANSPORT_UDP, true));
        one_of->known = true;
    }
    facts.active[NETSH_IPV4][0].known = false;
    facts.has_netsh = false;
    CU_ASSERT_TRUE(host_facts_lists_all(&facts, TRANSPORT_TCP, true)); /* there is none to ask */
}

static void either_family_is_asked(void) {
    struct host_exclusion rows[4];
    char said[NETSH_TEXT_MAX];
    unsigned count = 0;
    netsh_will_say(listing, 0);
    CU_ASSERT_TRUE(netsh_exclusions_in(NETSH_IPV6, TRANSPORT_UDP, NETSH_ACTIVE, said, rows, 4, &count));
    CU_ASSERT_STRING_EQUAL(words(), "int ipv6 show excludedportrange protocol=udp store=active");
}

static void a_range_is_added_and_deleted(void) {
    netsh_will_say("Ok.", 0);
    CU_ASSERT_EQUAL(agent_netsh_add_excludedportrange(TRANSPORT_TCP, 50000, 60, NETSH_ACTIVE), NO_ERROR);
    CU_ASSERT_STRING_EQUAL(words(),
                           "int ipv4 add excludedportrange protocol=tcp startport=50000 numberofports=60 store=active");
    CU_ASSERT_EQUAL(agent_netsh_delete_excludedportrange(TRANSPORT_UDP, 50000, 60, NETSH_PERSISTENT), NO_ERROR);
    CU_ASSERT_STRING_EQUAL(
        words(), "int ipv4 delete excludedportrange protocol=udp startport=50000 numberofports=60 store=persistent");
}

/* An edition's words for two of the errors. */
static bool german(uint32_t error, enum system_words kind, char *text, size_t size) {
    const char *says = kind == SYSTEM_WORDS_ENGLISH   ? (error == ERROR_ACCESS_DENIED ? "Access is denied.\r\n" : NULL)
                       : error == ERROR_ACCESS_DENIED ? "Zugriff verweigert.\r\n"
                       : error == ERROR_SHARING_VIOLATION ? "Der Prozess kann nicht auf die Datei zugreifen.\r\n"
                                                          : NULL;
    if (says == NULL) return false;
    snprintf(text, size, "%s", says);
    return true;
}

static void an_error_is_known_by_the_system_s_own_words(void) {
    CU_ASSERT_EQUAL(netsh_steps_error("Zugriff\r\nverweigert.\r\n", false, german), ERROR_ACCESS_DENIED);
    CU_ASSERT_EQUAL(
        netsh_steps_error("Der Prozess kann nicht auf die Datei zugreifen, da sie verwendet wird.", false, german),
        ERROR_SHARING_VIOLATION);
    CU_ASSERT_EQUAL(netsh_steps_error("Access is denied.\r\n\r\n", false, german),
                    ERROR_ACCESS_DENIED); /* netsh's language is another */
    CU_ASSERT_EQUAL(netsh_steps_error("Etwas anderes.", false, german), NETSH_SAYS_NOTHING);
    CU_ASSERT_EQUAL(netsh_steps_error("", false, german), NETSH_SAYS_NOTHING);
}

/* What it did then is for the listing to say. */
static void a_status_that_the_words_contradict_is_no_answer(void) {
    CU_ASSERT_EQUAL(netsh_steps_error("", true, german), NO_ERROR);
    CU_ASSERT_EQUAL(netsh_steps_error("\r\nOK.\r\n\r\n", true, german), NO_ERROR);
    CU_ASSERT_EQUAL(netsh_steps_error("Ok.\r\n", false, german), NETSH_SAYS_NOTHING);
    CU_ASSERT_EQUAL(netsh_steps_error("Zugriff verweigert.\r\n", true, german), NETSH_SAYS_NOTHING);
    CU_ASSERT_EQUAL(netsh_steps_error("Usage: add excludedportrange\r\n\r\nParameters:\r\n", true, german),
                    NETSH_SAYS_NOTHING);
}

/* They are what a reader of the trace has to go by. */
static void words_that_are_none_of_the_system_s_are_kept(void) {
    netsh_will_say("\\r\nUnbekannter\n   Fehler: \xC3\xBC", 1);
    CU_ASSERT_EQUAL(agent_netsh_add_excludedportrange(TRANSPORT_TCP, 50000, 60, NETSH_ACTIVE), NETSH_SAYS_NOTHING);
    CU_ASSERT_STRING_EQUAL(netsh_steps_words(), "\\r Unbekannter Fehler: \xC3\xBC ");
    char long_words[301] = "";
    for (unsigned i = 0; i < 150; i++) strcat(long_words, "\xC3\xBC");
    netsh_will_say(long_words, 1);
    CU_ASSERT_EQUAL(agent_netsh_add_excludedportrange(TRANSPORT_TCP, 50000, 60, NETSH_ACTIVE), NETSH_SAYS_NOTHING);
    CU_ASSERT_EQUAL(strlen(netsh_steps_words()), 158); /* whole characters */
}

/* --- commands, files ---------------------------------------------------------------------------------------------- */

static void a_command_s_status_and_both_its_streams_are_seen(void) {
    char text[64];
    struct system_end end = { 99, false };
    CU_ASSERT_TRUE(write_file("netsh", "#!/bin/sh\necho out\necho err >&2\nexit 3\n"));
    CU_ASSERT_TRUE(system_run("netsh", text, sizeof text, 5000, &end));
    CU_ASSERT_EQUAL(end.status, 3);
    CU_ASSERT_TRUE(end.whole);
    CU_ASSERT_STRING_EQUAL(text, "out\nerr\n");
}

static void a_command_that_is_not_there_cannot_be_run(void) {
    char text[64];
    struct system_end end = { 0, false };
    CU_ASSERT_FALSE(system_run("no-such-command-anywhere", text, sizeof text, 5000, &end));
    CU_ASSERT_FALSE(system_run("", text, sizeof text, 5000, &end));
}

static void a_command_that_says_more_is_cut(void) {
    char text[8];
    struct system_end end = { 0, false };
    CU_ASSERT_TRUE(write_file("netsh", "#!/bin/sh\necho 123456789012345\n"));
    CU_ASSERT_TRUE(system_run("netsh", text, sizeof text, 5000, &end));
    CU_ASSERT_STRING_EQUAL(text, "1234567");
    CU_ASSERT_FALSE(end.whole);
}

static void a_command_that_does_not_end_is_ended(void) {
    char text[64];
    struct system_end end = { 0, false };
    char program[256];
    snprintf(program, sizeof program, "#!/bin/sh\necho $$ >%s/words\nexec sleep 60\n", folder);
    CU_ASSERT_TRUE(write_file("netsh", program));
    CU_ASSERT_FALSE(system_run("netsh", text, sizeof text, 500, &end));
    CU_ASSERT_STRING_EQUAL(text, "");
    long process = strtol(words(), NULL, 10);
    CU_ASSERT_TRUE(process > 0 && kill((pid_t)process, 0) != 0); /* it is gone */
}

static void a_file_is_made_with_its_folders_found_replaced_and_removed(void) {
    char path[FOLDER_PATH_MAX], by[FOLDER_PATH_MAX];
    struct path_list files = { 0 }, links = { 0 };
    char trouble[FOLDER_PATH_MAX];
    size_t length = 0;
    snprintf(path, sizeof path, "%s/a/b/one.scn", folder);
    snprintf(by, sizeof by, "%s/a/two.scn", folder);
    CU_ASSERT_TRUE(write_file("a/b/one.scn", "one") && write_file("a/two.scn", "two") &&
                   write_file("a/.hidden.scn", ""));
    CU_ASSERT_TRUE(folder_find_unlinked(folder, ".scn", &files, &links, trouble));
    CU_ASSERT_EQUAL_FATAL(files.count, 2);
    CU_ASSERT_EQUAL(links.count, 0);
    path_list_sort(&files);
    CU_ASSERT_STRING_EQUAL(path_below(folder, files.paths[0]), "a/b/one.scn");
    CU_ASSERT_STRING_EQUAL(path_below(folder, files.paths[1]), "a/two.scn");
    path_list_free(&files);
    FILE *file = file_open(by, "a+b");
    CU_ASSERT_TRUE(file != NULL && fputs("!", file) >= 0 && fclose(file) == 0);
    CU_ASSERT_TRUE(file_replace(by, path));
    CU_ASSERT_FALSE(path_kind_of(by) != PATH_MISSING);
    char *bytes = file_read(path, 16, &length);
    CU_ASSERT_STRING_EQUAL(bytes, "two!");
    free(bytes);
    CU_ASSERT_PTR_NULL(file_read(path, 3, &length)); /* longer than allowed */
    CU_ASSERT_PTR_NULL(file_read(by, 16, &length));
    remove_file("a/.hidden.scn");
    CU_ASSERT_TRUE(file_remove(path));
    CU_ASSERT_FALSE(file_remove(path));
    CU_ASSERT_FALSE(folder_find_unlinked(path, ".scn", &files, &links, trouble));
    CU_ASSERT_STRING_EQUAL(trouble, path);
    snprintf(path, sizeof path, "%s/a/b", folder);
    rmdir(path);
    path[strlen(path) - 2] = '\0';
    rmdir(path);
}

void register_agent_netsh_program_tests(void);

void register_agent_netsh_program_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: netsh as a program, files", make_folder, remove_folder);
    CU_add_test(suite, "the dynamic range is asked for", the_dynamic_range_is_asked_for);
    CU_add_test(suite, "the dynamic range of a family and a store is shown",
                the_dynamic_range_of_a_family_and_a_store_is_shown);
    CU_add_test(suite, "the row of a port is shown", the_row_of_a_port_is_shown);
    CU_add_test(suite, "ranges that meet ports are listed", ranges_that_meet_ports_are_listed);
    CU_add_test(suite, "a listing of a netsh that failed is none", a_listing_of_a_netsh_that_failed_is_none);
    CU_add_test(suite, "a range for both families is another one", a_range_for_both_families_is_another_one);
    CU_add_test(suite, "a machine that hides the range of its next start is not restarted",
                a_machine_that_hides_the_range_of_its_next_start_is_not_restarted);
    CU_add_test(suite, "the range of Wine's kernel is the machine's", the_range_of_wine_s_kernel_is_the_machine_s);
    CU_add_test(suite, "what is no range of a kernel is left alone", what_is_no_range_of_a_kernel_is_left_alone);
    CU_add_test(suite, "ports are sought outside the dynamic ranges", ports_are_sought_outside_the_dynamic_ranges);
    CU_add_test(suite, "listed ports are avoided", listed_ports_are_avoided);
    CU_add_test(suite, "without each listing nothing is known to be absent",
                without_each_listing_nothing_is_known_to_be_absent);
    CU_add_test(suite, "either family is asked", either_family_is_asked);
    CU_add_test(suite, "a range is added and deleted", a_range_is_added_and_deleted);
    CU_add_test(suite, "an error is known by the system's own words", an_error_is_known_by_the_system_s_own_words);
    CU_add_test(suite, "a status that the words contradict is no answer",
                a_status_that_the_words_contradict_is_no_answer);
    CU_add_test(suite, "words that are none of the system's are kept", words_that_are_none_of_the_system_s_are_kept);
    CU_add_test(suite, "a command's status and both its streams are seen",
                a_command_s_status_and_both_its_streams_are_seen);
    CU_add_test(suite, "a command that is not there cannot be run", a_command_that_is_not_there_cannot_be_run);
    CU_add_test(suite, "a command that says more is cut", a_command_that_says_more_is_cut);
    CU_add_test(suite, "a command that does not end is ended", a_command_that_does_not_end_is_ended);
    CU_add_test(suite, "a file is made with its folders, found, replaced and removed",
                a_file_is_made_with_its_folders_found_replaced_and_removed);
}
