/* `try`: lines without outcomes are answered at once, with the reason; and what `ports` says of who holds what. */
#include <CUnit/CUnit.h>

#include <string.h>

#include "reports/commands/commands.h"
#include "reports/tests/command_fixture.h"

#define SOCKET(name) "app: " name " = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)\n"
#define ACQUIRE "app: r = WSAIoctl(keeper, SIO_ACQUIRE_PORT_RESERVATION, in={any, 1}, cbOut=16)\n"

static void tries(const char *lines, int status) {
    command_text("lines.txt", lines);
    CU_ASSERT_EQUAL(run_command(command_try, "@/lines.txt"), status);
}

static void a_line_is_answered_with_the_reason(void) {
    tries(SOCKET("s") "app: bind(s, 0.0.0.0:0)\n"
                      "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1})\n",
          0);
    says(command_output(), "app: bind(s, 0.0.0.0:0)\n  -> ok error=0 port=s.port  # s.port=49152\n");
    says(command_output(), "in={1})\n  -> WSAEINVAL bytes=0\n       WSAEINVAL: ");
    says(command_output(), "       Q38, open: ASSOCIATE after bind. Taken is a, WSAEINVAL.\n         b, WSAEISCONN");
    says(command_output(), "       ASC-02, the page: It must be issued before the socket is bound.\n");
}

static void after_a_conflict_the_holders_are_named(void) {
    tries(SOCKET("keeper") ACQUIRE SOCKET("s") "app: bind(s, 0.0.0.0:r)\n", 0);
    says(command_output(), "  -> WSAEACCES\n");
    says(command_output(), "       tcp 49152        block of app, acquired on keeper, token t1\n");
}

/* What it says of the candidates is what the model answers under them. */
static void a_switched_reading_shows_the_difference(void) {
    command_text("lines.txt", SOCKET("s") "app: bind(s, 0.0.0.0:0)\n"
                                          "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in={1})\n");
    CU_ASSERT_EQUAL(run_command(command_try, "@/lines.txt --reading Q38=b"), 0);
    says(command_output(), "  -> WSAEISCONN bytes=0\n  without --reading -> WSAEINVAL bytes=0\n");
    says(command_output(), "Taken is b, WSAEISCONN.\n         a, WSAEINVAL");
    CU_ASSERT_EQUAL(run_command(command_try, "@/lines.txt --reading q38=a --profile documented"), 0);
    CU_ASSERT_PTR_NULL(strstr(command_output(), "without --reading"));
}

static void outcomes_and_comments_are_not_looked_at(void) {
    tries(
        "# a remark\n\n" SOCKET("s") "app: bind(s, 0.0.0.0:0) -> WSAEFAULT  # no\n  routine(o) error=0\nadvance 10ms\n",
        0);
    says(command_output(), "app: bind(s, 0.0.0.0:0)\n  -> ok");
    says(command_output(), "advance 10ms\n");
}

static void a_wrong_line_is_left_out_and_the_others_count(void) {
    tries(SOCKET("s") "app: bend(s, 0.0.0.0:0)\napp: bind(z, 0.0.0.0:0)\napp: bind(s, 0.0.0.0:0)\n", 2);
    says(command_errors(), "lines.txt:2:6: unknown function bend; the nearest is bind\n    app: bend(s, 0.0.0.0:0)\n");
    says(command_errors(), "lines.txt:3:");
    says(command_output(), "app: bind(s, 0.0.0.0:0)\n  -> ok");
}

static void declarations_come_first(void) {
    tries("ports p = 4 udp\nprocess other\n" SOCKET("s") "other: t = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)\n"
                                                         "other: bind(t, 0.0.0.0:p+1)\nuser bob is standard-user\n",
          2);
    says(command_output(), "  -> ok error=0 port=p+1\n");
    says(command_errors(), "lines.txt:6: declarations come before the first step\n");
}

static void a_scenario_is_explained(void) {
    command_text("named/two.scn", "scenario two\n  variants family=v4|v6\n\nprocess app\n\n"
                                  "app: s = socket($family, SOCK_DGRAM, IPPROTO_UDP) -> ok\n"
                                  "app: getsockname(s) -> WSAEINVAL @W80\n");
    CU_ASSERT_EQUAL(run_command(command_try, "@/named/two.scn"), 0);
    says(command_output(), "two[v4]\n\napp: s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP)\n");
    says(command_output(), "app: getsockname(s)\n  -> WSAEINVAL\n");
    CU_ASSERT_EQUAL(run_command(command_try, "@/nowhere"), 2);
    says(command_errors(), "/nowhere: no such file or folder");
}

static void what_cannot_be_played_says_so(void) {
    tries(SOCKET("s") "app: closesocket(s)\napp: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 1}, cbOut=16)\n"
                      "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token)\n",
          2);
    says(command_output(), "in=r.Token)\n  # not sent: there is no r\n");
}

static void readings_are_checked(void) {
    CU_ASSERT_EQUAL(run_command(command_try, "--reading Q38"), 2);
    says(command_errors(), "--reading wants a question and a candidate, as in Q38=b, not Q38");
    CU_ASSERT_EQUAL(run_command(command_try, "--reading Q38=z"), 2);
    says(command_errors(), "Q38 has the candidates a to c, not z");
    CU_ASSERT_EQUAL(run_command(command_try, "--reading Q999=a"), 2);
    says(command_errors(), "there is no question Q999=a");
    CU_ASSERT_EQUAL(run_command(command_try, "--reading Q38=b --reading Q5=a --reading 38=c"), 2);
    says(command_errors(), "Q38 is given two answers, b and c");
    CU_ASSERT_EQUAL(run_command(command_try, "one two"), 2);
    says(command_errors(), "one file or scenario at a time, not two as well");
}

/* A bound socket is refused an association by Q38=a and b, and gets it by c. */
static void a_run_and_a_judge_are_given_readings(void) {
    command_text("bound.scn",
                 "scenario bound\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                 "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16) -> ok\n"
                 "app: bind(s, 0.0.0.0:0) -> ok\n"
                 "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> WSAEINVAL @Q38=a | ok @Q38=c\n");
    CU_ASSERT_EQUAL(run_command(command_run, "@/bound.scn -q --reading Q38=b"), 1);
    CU_ASSERT_EQUAL(run_command(command_run, "@/bound.scn -q --reading Q38=c --record @/given"), 0);
    CU_ASSERT_EQUAL(run_command(command_judge, "@/given"), 0);
    CU_ASSERT_EQUAL(run_command(command_judge, "--reading Q38=c --profile windows @/given"), 0);
    CU_ASSERT_EQUAL(run_command(command_judge, "--reading Q38=a @/given"), 1);
    CU_ASSERT_EQUAL(run_command(command_run, "@/bound.scn -q --on windows --reading Q38=c"), 2);
    says(command_errors(), "--reading changes what --profile says; --on a profile asks it as it is");
}

static void ports_say_who_holds_what(void) {
    command_text("held.scn", "scenario held\n\nworld exclusion udp 50000-50001 administered\nprocess app\n\n"
                             "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\napp: bind(s, 0.0.0.0:0) -> ok\n"
                             "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 2}, cbOut=16) -> ok\n"
                             "app: a = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\n"
                             "app: WSAIoctl(a, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ok\n"
                             "app: bind(a, 0.0.0.0:0) -> ok\napp: closesocket(s) -> ok\napp: closesocket(a) -> ok\n");
    CU_ASSERT_EQUAL(run_command(command_ports, "@/held.scn"), 0);
    says(command_output(), "held\n    udp 50000-50001  excluded, administered\n");
    says(command_output(), "# s.port=49152\n    tcp 49152        bound by s\n");
    says(command_output(), "    tcp 49153-49154  block of app, acquired on s, token t1; 49153 bound by a\n");
    says(command_output(),
         "app: closesocket(s) -> ok error=0\n    tcp 49152        free\n    tcp 49153-49154  no longer reserved\n"
         "    tcp 49153        bound by a\n");
}

void register_command_try_tests(void);
void register_command_try_tests(void) {
    CU_pSuite suite = CU_add_suite("try and ports", command_begin, command_end);
    CU_add_test(suite, "a line is answered with the reason", a_line_is_answered_with_the_reason);
    CU_add_test(suite, "after a conflict the holders are named", after_a_conflict_the_holders_are_named);
    CU_add_test(suite, "a switched reading shows the difference", a_switched_reading_shows_the_difference);
    CU_add_test(suite, "outcomes and comments are not looked at", outcomes_and_comments_are_not_looked_at);
    CU_add_test(suite, "a wrong line is left out and the others count", a_wrong_line_is_left_out_and_the_others_count);
    CU_add_test(suite, "declarations come first", declarations_come_first);
    CU_add_test(suite, "a scenario is explained", a_scenario_is_explained);
    CU_add_test(suite, "what cannot be played says so", what_cannot_be_played_says_so);
    CU_add_test(suite, "readings are checked", readings_are_checked);
    CU_add_test(suite, "a run and a judge are given readings", a_run_and_a_judge_are_given_readings);
    CU_add_test(suite, "ports say who holds what", ports_say_who_holds_what);
}
