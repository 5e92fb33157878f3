/* The agent's journal as text: what its lines mean, and what a crash may have left of them. */
#include <CUnit/CUnit.h>
#include <stdio.h>
#include <string.h>

#include "conformance/agent/journal.h"

static const struct journal_block tcp = { JOURNAL_RESERVATION, 0, 20000, 4 },
                                  udp = { JOURNAL_RESERVATION, 1, 20000, 4 };

/* What this machine's journal says in these lines. Returns the number of the first of them that is none of a
 * journal's. */
static unsigned read_lines(struct journal *journal, const char *text) {
    memset(journal, 0, sizeof *journal);
    CU_ASSERT_EQUAL(journal_read(journal, "machine here\n"), 0);
    return journal_read(journal, text);
}

/* After `text`: how many blocks are listed, and how many of them are ours. */
static void after(const char *text, unsigned listed, unsigned ours) {
    struct journal journal;
    unsigned rows[JOURNAL_BLOCKS_MAX];
    CU_ASSERT_EQUAL(read_lines(&journal, text), 0);
    CU_ASSERT_EQUAL(journal.count, listed);
    CU_ASSERT_EQUAL(journal_ours(&journal, rows), ours);
}

static void a_block_is_ours_until_it_is_gone(void) {
    after("", 0, 0);
    after("+tcp 20000 4\n", 1, 1);
    after("+tcp 20000 4\r\n", 1, 1);
    after("+tcp 20000 4\n+tcp 20000 4\n", 1, 1);
    after("+tcp 20000 4\n-tcp 20000 4\n", 0, 0);
    after("-tcp 20000 4\n+tcp 20000 4\n", 1, 1);
}

static void what_was_left_is_not_ours_until_it_is_taken_back(void) {
    after("+tcp 20000 4\nleft a\n", 1, 0);
    after("+tcp 20000 4\nleft a\nback a\n", 1, 1);
    after("+tcp 20000 4\nleft a\nback b\n", 1, 0);
    after("+tcp 20000 4\nleft a\n+udp 20000 4\nleft b\nback a\n", 2, 1);
    after("+tcp 20000 4\nleft a\n-tcp 20000 4\n", 1, 0); /* a line about ours: this one is not */
    after("+tcp 20000 4\nleft a\n+tcp 20000 4\n", 2, 1);
}

static void blocks_differ_in_kind_protocol_place_and_size(void) {
    after("+tcp 20000 4\n+udp 20000 4\n+tcp 20001 4\n+tcp 20000 5\n+tcp-exclusion 20000 4\n+tcp-ports 20000 4\n", 6, 6);
    after("+tcp 20000 4\n-udp 20000 4\n-tcp 20000 5\n-tcp-exclusion 20000 4\n", 1, 1);
    after("+udp-exclusion 20000 4\n-udp-exclusion 20000 4\n", 0, 0);
}

static void one_that_goes_takes_no_other_with_it(void) {
    struct journal journal;
    read_lines(&journal, "+udp 20000 4\nleft a\n+tcp 20000 4\n-tcp 20000 4\n");
    CU_ASSERT_EQUAL_FATAL(journal.count, 1);
    CU_ASSERT_STRING_EQUAL(journal.rows[0].mark, "a");
    CU_ASSERT_FALSE(journal_owns(&journal, &udp));
    CU_ASSERT_TRUE(journal_left_under(&journal, "a"));
    CU_ASSERT_FALSE(journal_left_under(&journal, "b"));
    journal_take_back(&journal, "a");
    CU_ASSERT_TRUE(journal_owns(&journal, &udp));
    CU_ASSERT_FALSE(journal_owns(&journal, &tcp));
}

static void a_line_that_was_cut_short_says_nothing(void) {
    static const char text[] = "+tcp 20000 4\n+udp 20000 40\nleft mark\n";
    for (size_t length = 0; length < sizeof text; length++) {
        char cut[sizeof text + 8] = "";
        memcpy(cut, text, length);
        unsigned listed = length < 13 ? 0 : length < 27 ? 1 : 2, ours = length < 37 ? listed : 0;
        after(cut, listed, ours);
        if (length > 0 && cut[length - 1] == '\n') continue;
        strcat(cut, JOURNAL_TORN_END); /* nor does it when another line is written after it */
        after(cut, listed, ours);
    }
}

/* Passed over, what a damaged file answers for would be forgotten. */
static void what_is_no_line_of_a_journal_makes_it_none(void) {
    static const char *const lines[] = {
        "",
        "hello",
        "*tcp 20000 4",
        "+tcp 20000",
        "+sctp 20000 4",
        "+tcp 0 4",
        "+tcp 20000 0",
        "left",
        "left ",
        "left a b",
        "+tcp 65536 1",
        "+tcp 1 65536",
        "+tcp 20000 4 4",
        "+tcp 20000 4x",
        "+tcp -1 4",
        "machine",
        "machine elsewhere",
        "boot",
        "+tcp 20000 4                                                                                        ",
    };
    struct journal journal;
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "+tcp 20000 4\n%s\n+udp 20000 4\n", lines[i]);
        CU_ASSERT_EQUAL(read_lines(&journal, text), 2);
    }
}

static void a_head_says_which_machine_and_which_boot(void) {
    struct journal journal = { .count = 0 };
    CU_ASSERT_EQUAL(journal_read(&journal, "machine here\nboot 1+2.0\n+tcp 20000 4\nmachine here\nboot 3+4.0\n"), 0);
    CU_ASSERT_STRING_EQUAL(journal.machine, "here");
    CU_ASSERT_STRING_EQUAL(journal.boot, "3+4.0");
    memset(&journal, 0, sizeof journal);
    CU_ASSERT_EQUAL(journal_read(&journal, "+tcp 20000 4\n"), 1); /* whose block that is is unknown */
    memset(&journal, 0, sizeof journal);
    CU_ASSERT_EQUAL(journal_read(&journal, "machi ? ?\nmachine here\n"), 0);
    CU_ASSERT_STRING_EQUAL(journal.machine, "here");
}

static void a_range_is_covered_by_one_block_of_ours(void) {
    struct journal journal;
    CU_ASSERT_EQUAL(read_lines(&journal, "+tcp-ports 100 9\n+tcp 300 4\nleft a\n+tcp-exclusion 200 4\n+tcp 204 4\n"),
                    0);
    CU_ASSERT_TRUE(journal_covers(&journal, 0, 200, 203));
    CU_ASSERT_TRUE(journal_covers(&journal, 0, 205, 205));
    CU_ASSERT_FALSE(journal_covers(&journal, 0, 203, 204)); /* two blocks are not one */
    CU_ASSERT_FALSE(journal_covers(&journal, 1, 200, 203));
    CU_ASSERT_FALSE(journal_covers(&journal, 0, 100, 101)); /* ports are a note */
    CU_ASSERT_FALSE(journal_covers(&journal, 0, 300, 303)); /* left: another scenario's */
}

static void a_printed_line_is_read_back(void) {
    char line[JOURNAL_LINE_MAX];
    static const struct journal_block largest = { JOURNAL_EXCLUSION, 1, 65535, 65535 };
    struct journal journal;
    read_lines(&journal, "");
    journal_print_block('+', &largest, line);
    CU_ASSERT_STRING_EQUAL(line, "+udp-exclusion 65535 65535\n");
    journal_read(&journal, line);
    CU_ASSERT_TRUE(journal_owns(&journal, &largest));
    journal_print_mark("left", "1+2.3", line);
    CU_ASSERT_STRING_EQUAL(line, "left 1+2.3\n");
    journal_read(&journal, line);
    CU_ASSERT_TRUE(journal_left_under(&journal, "1+2.3"));
    journal_print_block('-', &tcp, line);
    CU_ASSERT_STRING_EQUAL(line, "-tcp 20000 4\n");
}

static void ports_that_the_journal_names_are_met(void) {
    struct journal journal;
    read_lines(&journal, "+udp-ports 20000 4\nleft a\n+tcp 30000 4\n");
    CU_ASSERT_FALSE(journal_meets(&journal, 19996, 4));
    CU_ASSERT_TRUE(journal_meets(&journal, 19996, 5));
    CU_ASSERT_TRUE(journal_meets(&journal, 20001, 1));
    CU_ASSERT_TRUE(journal_meets(&journal, 20003, 100));
    CU_ASSERT_FALSE(journal_meets(&journal, 20004, 100));
    CU_ASSERT_TRUE(journal_meets(&journal, 30003, 1)); /* ours, and not gone */
    CU_ASSERT_FALSE(journal_meets(&journal, 30004, 1));
}

static void a_full_journal_takes_no_more_and_forgets_nothing(void) {
    struct journal journal = { .count = 0 };
    for (unsigned i = 0; i < JOURNAL_BLOCKS_MAX; i++) {
        const struct journal_block block = { JOURNAL_RESERVATION, 0, 1000 + i, 1 };
        CU_ASSERT_TRUE(journal_add(&journal, &block));
    }
    CU_ASSERT_FALSE(journal_add(&journal, &tcp));
    CU_ASSERT_EQUAL(journal.count, JOURNAL_BLOCKS_MAX);
    const struct journal_block known = { JOURNAL_RESERVATION, 0, 1007, 1 };
    CU_ASSERT_TRUE(journal_add(&journal, &known));
    journal_remove(&journal, &known);
    CU_ASSERT_TRUE(journal_add(&journal, &tcp));
}

void register_agent_journal_tests(void);

void register_agent_journal_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: journal", NULL, NULL);
    CU_add_test(suite, "a block is ours until it is gone", a_block_is_ours_until_it_is_gone);
    CU_add_test(suite, "what was left is not ours until it is taken back",
                what_was_left_is_not_ours_until_it_is_taken_back);
    CU_add_test(suite, "blocks differ in kind, protocol, place and size",
                blocks_differ_in_kind_protocol_place_and_size);
    CU_add_test(suite, "one that goes takes no other with it", one_that_goes_takes_no_other_with_it);
    CU_add_test(suite, "a line that was cut short says nothing", a_line_that_was_cut_short_says_nothing);
    CU_add_test(suite, "what is no line of a journal makes it none", what_is_no_line_of_a_journal_makes_it_none);
    CU_add_test(suite, "a head says which machine and which boot", a_head_says_which_machine_and_which_boot);
    CU_add_test(suite, "a range is covered by one block of ours", a_range_is_covered_by_one_block_of_ours);
    CU_add_test(suite, "a printed line is read back", a_printed_line_is_read_back);
    CU_add_test(suite, "ports that the journal names are met", ports_that_the_journal_names_are_met);
    CU_add_test(suite, "a full journal takes no more and forgets nothing",
                a_full_journal_takes_no_more_and_forgets_nothing);
}
