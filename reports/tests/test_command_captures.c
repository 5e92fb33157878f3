/* `reservoir run` with captures: what is kept, what is checked in what was kept, what is refused. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"
#include "sim/capture/frames_pcap.h"

void register_command_captures_tests(void);

/* --- dialogue ----------------------------------------------------------------------------------------------------- */

static const char talk[] = "scenario talk\n\nports   p = 1 tcp\nports   q = 1 tcp\nprocess app\n\n"
                           "app: l = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                           "app: bind(l, 127.0.0.1:p) -> ok\n"
                           "app: listen(l) -> ok\n"
                           "app: c = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                           "app: bind(c, 127.0.0.1:q) -> ok\n"
                           "app: connect(c, 127.0.0.1:p) -> ok\n";

/* The scenario with lines below it, as talk.scn. */
static void given_talk(const char *lines) {
    char text[2048];
    int length = snprintf(text, sizeof text, "%s%s", talk, lines);
    CU_ASSERT_FATAL(length > 0 && length < (int)sizeof text);
    command_text("talk.scn", text);
}

/* The bytes of a file in the folder; NULL when it is not there. The caller frees them. */
static char *contents(const char *name, size_t *length) {
    char path[FOLDER_PATH_MAX];
    command_path(name, path);
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *bytes = calloc(1, 65536);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    *length = fread(bytes, 1, 65535, file);
    fclose(file);
    return bytes;
}

static void run_model(const char *more, int status) {
    char line[512];
    snprintf(line, sizeof line, "@/talk.scn -q %s", more);
    CU_ASSERT_EQUAL(run_command(command_run, line), status);
}

static void refused(const char *more, const char *words) {
    given_talk("");
    run_model(more, 2);
    says(command_errors(), words);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void packets_are_found_in_their_order(void) {
    given_talk("expect packet tcp flags=SYN -> ok port=q @inferred\n"
               "expect packet tcp flags=SYN,ACK -> ok port=p @inferred\n"
               "expect packet tcp from q to 127.0.0.1:p flags=ACK -> ok value=0 address=127.0.0.1 @inferred\n"
               "expect packet tcp -> none @inferred\n");
    run_model("", 0);
}

static void another_order_is_a_deviation(void) {
    given_talk("expect packet tcp flags=SYN,ACK -> ok\nexpect packet tcp flags=SYN -> ok\n");
    run_model("", 1);
    says(command_output(), "expect packet tcp flags=SYN");
    says(command_output(), "expected ok, saw none; what crossed between these ends is tcp 127.0.0.1:");
    says(command_output(), " ACK seq=");
}

static void another_port_is_a_deviation_that_names_it(void) {
    given_talk("expect packet tcp flags=SYN -> ok port=p @inferred\n");
    run_model("", 1);
    says(command_output(), "expected port=p, saw port=q");
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static void a_text_is_kept(void) {
    size_t length = 0;
    given_talk("");
    run_model("--capture @/a.txt", 0);
    char *text = contents("a.txt", &length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_EQUAL(strncmp(text, "# ", 2), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\n0.000000000 tcp 127.0.0.1:20100 > 127.0.0.1:20000 SYN "));
    free(text);
}

static void two_runs_keep_the_same_bytes(void) {
    size_t length = 0, again_length = 0;
    given_talk("");
    run_model("--capture @/a.pcapng --capture-calls --seed 5", 0);
    run_model("--capture @/b.pcapng --capture-calls --seed 5", 0);
    char *bytes = contents("a.pcapng", &length), *again = contents("b.pcapng", &again_length);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    CU_ASSERT(length == again_length && memcmp(bytes, again, length) == 0);
    free(bytes);
    free(again);
}

static void a_folder_gets_a_file_for_each_instance_with_packets(void) {
    size_t length = 0;
    command_text("themes/talk.scn", talk);
    command_text("themes/silent.scn", "scenario silent\n\nprocess app\n\napp: WSACleanup() -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/themes/talk.scn @/themes/silent.scn -q --capture @/kept/"), 0);
    char *bytes = contents("kept/themes/talk.pcapng", &length);
    CU_ASSERT_PTR_NOT_NULL(bytes);
    CU_ASSERT_PTR_NULL(contents("kept/themes/silent.pcapng", &length));
    free(bytes);
}

/* What the model's capture holds is found again when its traces are compared with it. */
static void lines_are_checked_in_a_file(void) {
    if (!frames_pcap_is_there()) return;
    given_talk("expect packet tcp flags=SYN -> ok port=q @inferred\nexpect packet tcp from p -> ok @inferred\n");
    run_model("--record @/traces --capture @/a.pcap", 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/a.pcap"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces"),
                    0); /* what they say themselves */
    run_model("--capture @/a.pcapng --capture-calls", 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/a.pcapng"), 0);
    command_text("none.scn", "scenario none\n\nprocess app\n\napp: WSACleanup() -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/none.scn -q --capture @/empty.pcap"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/empty.pcap"),
                    1);
    says(command_output(), "saw none; no packet has crossed between these ends since the last that a line found");
}

static const char packets_from_folder[] =
    "@/themes/talk.scn @/themes/silent.scn -q --on host --host-trace @/traces --packets @/kept";

/* Each instance has its own file; one without packets has none. */
static void lines_are_checked_in_a_folder(void) {
    if (!frames_pcap_is_there()) return;
    char text[2048];
    snprintf(text, sizeof text, "%sexpect packet tcp flags=SYN -> ok port=q @inferred\n", talk);
    command_text("themes/talk.scn", text);
    command_text("themes/silent.scn", "scenario silent\n\nprocess app\n\napp: WSACleanup() -> ok\n"
                                      "expect packet tcp flags=SYN -> none @inferred\n");
    CU_ASSERT_EQUAL(
        run_command(command_run, "@/themes/talk.scn @/themes/silent.scn -q --record @/traces --capture @/kept/"), 0);
    CU_ASSERT_EQUAL(run_command(command_run, packets_from_folder), 0);
    command_text("kept/themes/talk.pcapng", "no capture\n");
    CU_ASSERT_EQUAL(run_command(command_run, packets_from_folder), 2);
    says(command_output(), "kept/themes/talk.pcapng: no capture that can be read: ");
}

static void a_folder_without_captures_is_refused(void) {
    given_talk("");
    run_model("--record @/traces", 0);
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/traces"), 2);
    says(command_errors(), "no file below it ends with .pcapng; expected those that --capture ");
}

static void a_file_that_is_no_capture_is_refused(void) {
    given_talk("");
    run_model("--record @/traces", 0);
    command_text("a.pcap", "no capture\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/a.pcap"), 2);
    says(command_errors(),
         frames_pcap_is_there() ? "a.pcap: no capture that can be read: " : "this build has no libpcap");
    CU_ASSERT_EQUAL(run_command(command_run, "@/talk.scn -q --on host --host-trace @/traces --packets @/gone.pcap"), 2);
}

static void what_makes_no_sense_is_refused(void) {
    refused("--capture @/a.cap", "expected a name that ends with .pcap, .pcapng or .txt, or a folder");
    refused("--capture @/a.pcap --capture-calls",
            frames_pcap_is_there() ? "a .pcap file cannot hold calls" : "no libpcap");
    refused("--capture-calls", "--capture-calls wants --capture FILE.pcapng");
    refused("--capture @/a.txt --on documented --on windows",
            "--capture keeps the packets of one model, and 2 are asked");
    refused("--capture @/a.txt --on host --host-trace @/traces", "of a host they come with --capture-live INTERFACE");
    refused("--capture-live lo", "--capture-live records while an agent runs");
    refused("--packets @/a.pcap", "--packets belongs to recorded traces");
    command_text("file", "");
    refused("--capture @/file/a.txt", "cannot be written");
}

void register_command_captures_tests(void) {
    CU_pSuite suite = CU_add_suite("reservoir run with captures", command_begin, command_end);
    CU_add_test(suite, "packets are found in their order", packets_are_found_in_their_order);
    CU_add_test(suite, "another order is a deviation", another_order_is_a_deviation);
    CU_add_test(suite, "another port is a deviation that names it", another_port_is_a_deviation_that_names_it);
    CU_add_test(suite, "a text is kept", a_text_is_kept);
    CU_add_test(suite, "two runs keep the same bytes", two_runs_keep_the_same_bytes);
    CU_add_test(suite, "a folder gets a file for each instance", a_folder_gets_a_file_for_each_instance_with_packets);
    CU_add_test(suite, "lines are checked in a file", lines_are_checked_in_a_file);
    CU_add_test(suite, "lines are checked in a folder", lines_are_checked_in_a_folder);
    CU_add_test(suite, "a folder without captures is refused", a_folder_without_captures_is_refused);
    CU_add_test(suite, "a file that is no capture is refused", a_file_that_is_no_capture_is_refused);
    CU_add_test(suite, "what makes no sense is refused", what_makes_no_sense_is_refused);
}
