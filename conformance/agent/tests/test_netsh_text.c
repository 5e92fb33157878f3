/* netsh's tables in the words of several editions: only the numbers count. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/netsh.h"

static void the_dynamic_range_is_read_in_any_language(void) {
    uint32_t first = 0, last = 0;
    CU_ASSERT_TRUE(
        netsh_read_dynamic_range("\r\nProtocol tcp Dynamic Port Range\r\n---------------------------------\r\n"
                                 "Start Port      : 49152\r\nNumber of Ports : 16384\r\n\r\n",
                                 &first, &last));
    CU_ASSERT_EQUAL(first, 49152);
    CU_ASSERT_EQUAL(last, 65535);
    CU_ASSERT_TRUE(netsh_read_dynamic_range("---------\nStartport : 1025\nAnzahl von Ports : 255\n", &first, &last));
    CU_ASSERT_EQUAL(first, 1025);
    CU_ASSERT_EQUAL(last, 1279);
}

static void what_is_no_whole_listing_is_no_dynamic_range(void) {
    static const char *const texts[] = {
        "",
        "The command was not found: netsh int ipv4\n",
        "Start Port : 49152\nNumber of Ports : 16384\n",
        "----\nStart Port : 49152\n",
        "----\nStart Port : 65000\nNumber of Ports : 16384\n",
        "----\nStart Port : 0\nNumber of Ports : 10\n",
        "----\nStart Port : 49152\nNumber of Ports : 163",
        "----\nStart Port : 49152\nNumber of Ports : 16384\nAnd : 3\n",
        "----\nError 5 : 49152\nNumber of Ports : 16384\n",
        "----\nStart Port : -49152\nNumber of Ports : 16384\n",
        "----\nStart Port : +49152\nNumber of Ports : 16384\n",
        "----\nStart Port : x49152\nNumber of Ports : 16384\n",
        "----\nStart Port : 0xC000\nNumber of Ports : 16384\n",
        "----\nStart Port : 49\xC2\xA0"
        "152\nNumber of Ports : 16384\n",
        "----\nStart Port : 49,152\nNumber of Ports : .384\n",
        "----\nStart Port : 65536\nNumber of Ports : 0\n",
        "----\nStart Port : 1\nNumber of Ports : 65536\n",
        "----\nStart Port : 49152\nNumber of Ports :\n16384\n",
        "----\nStart Port : 49152\nNumber of Ports : 18446744073709551617\n",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t first = 7, last = 7;
        CU_ASSERT_FALSE(netsh_read_dynamic_range(texts[i], &first, &last));
        CU_ASSERT_EQUAL(first, 7);
        CU_ASSERT_EQUAL(last, 7);
    }
}

/* Rows need not be in order, nor be different ones, nor apart. */
static void rows_may_meet(void) {
    struct host_exclusion found[4];
    unsigned count = 0;
    CU_ASSERT_TRUE(
        netsh_read_exclusions("----------    --------\n  50000   50059   *\n  20   30\n  20   30\n  25   40\n\n",
                              TRANSPORT_TCP, found, 4, &count));
    CU_ASSERT_EQUAL_FATAL(count, 4);
    CU_ASSERT_TRUE(found[0].administered && !found[1].administered);
    CU_ASSERT_EQUAL(found[2].first, 20);
    CU_ASSERT_EQUAL(found[3].last, 40);
}

static const char table[] =
    "\r\nProtocol tcp Port Exclusion Ranges\r\n\r\nStart Port    End Port\r\n----------    --------\r\n"
    "      5357        5357\r\n     50000       50059     *\r\n\r\n* - Administered port exclusions.\r\n\r\n";

static void exclusions_are_read_with_their_star(void) {
    struct host_exclusion found[4];
    unsigned count = 0;
    CU_ASSERT_TRUE(netsh_read_exclusions(table, TRANSPORT_UDP, found, 4, &count));
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_EQUAL(found[0].first, 5357);
    CU_ASSERT_EQUAL(found[0].last, 5357);
    CU_ASSERT_FALSE(found[0].administered);
    CU_ASSERT_EQUAL(found[1].first, 50000);
    CU_ASSERT_EQUAL(found[1].last, 50059);
    CU_ASSERT_TRUE(found[1].administered);
    CU_ASSERT_EQUAL(found[1].transport, TRANSPORT_UDP);
}

static void an_empty_table_is_an_answer_and_silence_is_not(void) {
    struct host_exclusion found[1];
    unsigned count = 9;
    CU_ASSERT_TRUE(
        netsh_read_exclusions("Start Port    End Port\n----------    --------\n\n", TRANSPORT_TCP, found, 1, &count));
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_FALSE(netsh_read_exclusions("", TRANSPORT_TCP, found, 1, &count));
}

static void more_exclusions_than_there_is_room_for_are_not_known(void) {
    struct host_exclusion found[1];
    unsigned count = 0;
    CU_ASSERT_FALSE(netsh_read_exclusions(table, TRANSPORT_TCP, found, 1, &count));
    CU_ASSERT_EQUAL(count, 1);
}

/* Each of them would pass for "nothing is excluded", or for less than is, and what is not listed is forgotten. */
static void what_is_no_whole_listing_tells_no_exclusions(void) {
    static const char *const texts[] = {
        "Usage: show excludedportrange [protocol=]tcp|udp\n\nParameters:\n  protocol - one of the following values:\n",
        "The TCP/IP-driver does not answer.\n",
        "Start Port    End Port\n      5357        5357\n\n",                               /* no rule */
        "Start Port    End Port\n----------    --------\n      5357        5357\n     470", /* cut within a row */
        "Start Port    End Port\n----------    --------\n      5357        5357",           /* or behind one */
        "Start Port    End Port\n----------    ----",                                       /* or within the rule */
        "----------    --------\n     70000       70001\n\n",
        "----------    --------\n        20          10\n\n",
        "----------    --------\n        20\n\n",
        "----------    --------\n        20          30          40\n\n",
        "----------    --------\n         0           0\n\n",
        "----------    --------\n     65535       65536\n\n",
        "----------    --------\n       +20          30\n\n",
        "----------    --------\n        20         -30\n\n",
        "----------    --------\n      0x20        0x30\n\n",
        "----------    --------\n        20          30     **\n\n",
        "----------    --------\n        20          30     *     2\n\n",
        "----------    --------\n     1\xC2\xA0"
        "024     1\xC2\xA0"
        "123\n\n",
        "----------    --------\n     1,024       1,123\n\n",
        "----------    --------\n        20\n        30\n\n",
        "----------    --------    --------\n        20          30\n\n",
        "----------    --------\n        20          30\n?\n        40          50\n\n",
        "----------    --------\n        20          30 denied\n\n",
        "----------    --------\nAccess is denied.\n",
        "----------    --------\n        20          30\n\n        40          50\n\n",
        "----------    --------\n\n----------    --------\n\n",
        "----------\n        20          30\n\n",
        "- -\n        20          30\n\n",
        "----------    --------\n 99999999999999999999999 99999999999999999999999\n\n",
    };
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct host_exclusion found[4];
        unsigned count = 0;
        CU_ASSERT_FALSE(netsh_read_exclusions(texts[i], TRANSPORT_TCP, found, 4, &count));
    }
}

static bool says(const char *text, const char *words) { return netsh_says(text, words) > 0; }

static void an_error_is_known_by_the_words_of_the_system(void) {
    static const char used[] = "The process cannot access the file because it is being used by another process.\r\n";
    CU_ASSERT_TRUE(
        says("\r\nThe process cannot access the file because it is being used by another process.\r\n\r\n", used));
    CU_ASSERT_TRUE(says("The process cannot access the file\r\nbecause it is  being used by another process", used));
    CU_ASSERT_TRUE(says("The requested operation requires elevation (Run as administrator).\r\n",
                        "The requested operation requires elevation.\r\n"));
    /* zh-CN: full-width stop and bracket; fr: an apostrophe that a code page made plain */
    CU_ASSERT_TRUE(says("\xE8\xAF\xB7\xE6\xB1\x82\xEF\xBC\x88\xE4\xBD\x9C\xEF\xBC\x89\xE3\x80\x82\r\n",
                        "\xE8\xAF\xB7\xE6\xB1\x82\xE3\x80\x82\r\n"));
    CU_ASSERT_TRUE(says("n'est pas permis (en administrateur).", "n\xE2\x80\x99"
                                                                 "est\xC2\xA0pas permis."));
    CU_ASSERT_FALSE(says("\xE8\xAF\xB7", "\xE3\x80\x82"));
    CU_ASSERT_TRUE(says("L'acc\xe8s refus\xe9: acc\xe8s refus\xe9.", "acc\xe8s refus\xe9.\r\n"));
    CU_ASSERT_FALSE(says("The process cannot access the file.", used));
    CU_ASSERT_FALSE(says("Ok.\r\n", "Access is denied.\r\n"));
    CU_ASSERT_FALSE(says("", "Access is denied."));
    CU_ASSERT_FALSE(says("anything", " .\r\n"));
}

void register_agent_netsh_tests(void);

void register_agent_netsh_tests(void) {
    CU_pSuite suite = CU_add_suite("the agent reads netsh", NULL, NULL);
    CU_add_test(suite, "the dynamic range is read in any language", the_dynamic_range_is_read_in_any_language);
    CU_add_test(suite, "what is no whole listing is no dynamic range", what_is_no_whole_listing_is_no_dynamic_range);
    CU_add_test(suite, "exclusions are read with their star", exclusions_are_read_with_their_star);
    CU_add_test(suite, "rows may meet", rows_may_meet);
    CU_add_test(suite, "an empty table is an answer and silence is not",
                an_empty_table_is_an_answer_and_silence_is_not);
    CU_add_test(suite, "more exclusions than there is room for are not known",
                more_exclusions_than_there_is_room_for_are_not_known);
    CU_add_test(suite, "what is no whole listing tells no exclusions", what_is_no_whole_listing_tells_no_exclusions);
    CU_add_test(suite, "an error is known by the words of the system", an_error_is_known_by_the_words_of_the_system);
}
