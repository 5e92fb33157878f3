/* The table of excluded ports, as an administrator would see it. */
#include <CUnit/CUnit.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/stage/port_view.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/system/handles.h"

void register_port_view_tests(void);

static struct world *world;
static struct simulating_chooser chooser;

static int make_world(void) {
    struct world_limits limits = world_limits_small();
    void *memory = malloc(world_bytes(&limits));
    if (memory == NULL) return 1;
    world = world_create(memory, &limits);
    return 0;
}

static int free_world(void) {
    free(world);
    return 0;
}

static void begin_again(void) {
    struct world_limits limits = world_limits_small();
    world_create(world, &limits);
    simulating_chooser_init(&chooser, profile_named("windows"), 0);
    model_process_start(world, 0, 0, 0, 0x0202);
}

/* A block of this process on a socket of its own. */
static unsigned reserve(enum protocol protocol, unsigned family, unsigned first, unsigned count) {
    unsigned socket = world_take(world, TABLE_SOCKETS);
    *world_socket(world, socket) = (struct socket_row){ .state = SOCKET_OPEN,
                                                        .family = family & 7u,
                                                        .protocol = protocol & 3u,
                                                        .reservation = NO_ROW,
                                                        .connection = NO_ROW };
    CU_ASSERT_NOT_EQUAL(handle_open(world, &chooser.chooser, 0, HANDLE_SOCKET, socket), 0);
    return reservation_grant(world, &chooser.chooser, 0, socket, first, count);
}

static void check_view(const char *expected, unsigned line) {
    struct text text = { 0 };
    port_view_print(world, &text);
    CU_assertImplementation(strcmp(text.bytes, expected) == 0, line, text.bytes, __FILE__, "", CU_FALSE);
    text_free(&text);
}

#define TCP_HEADING "Protocol tcp Port Exclusion Ranges\n\nStart Port    End Port\n----------    --------\n"
#define UDP_HEADING "\nProtocol udp Port Exclusion Ranges\n\nStart Port    End Port\n----------    --------\n"
#define FOOTNOTE "\n* - Administered port exclusions.\n"

static void a_machine_without_rows(void) {
    begin_again();
    check_view(TCP_HEADING UDP_HEADING FOOTNOTE, __LINE__);
}

static void rows_of_both_kinds_are_sorted(void) {
    begin_again();
    reserve(PROTOCOL_TCP, 4, 49152, 64);
    exclusion_add(world, PROTOCOL_TCP, 50000, 50059, true);
    exclusion_add(world, PROTOCOL_TCP, 80, 80, false);
    reserve(PROTOCOL_UDP, 6, 5353, 1);
    reserve(PROTOCOL_TCP, 4, 65535, 1);
    check_view(TCP_HEADING "        80          80\n"
                           "     49152       49215\n"
                           "     50000       50059     *\n"
                           "     65535       65535\n" UDP_HEADING "      5353        5353\n" FOOTNOTE,
               __LINE__);
}

static void persistent_blocks_are_listed_as_question_36_says(void) {
    begin_again();
    reservation_persist(world, PROTOCOL_UDP, 7000, 2);
    unsigned sleeping = exclusion_add(world, PROTOCOL_UDP, 8000, 8000, true);
    exclusion_change(world, sleeping, EXCLUSION_DORMANT, true); /* in the store alone */
    reserve(PROTOCOL_UDP, 4, 9000, 1);
    check_view(TCP_HEADING UDP_HEADING "      7000        7001\n      9000        9000\n" FOOTNOTE, __LINE__);
    world_settle_reading(world, Q36_NETSH_LIST, Q36_PERSISTENT_MARKED);
    check_view(TCP_HEADING UDP_HEADING "      7000        7001     *\n      9000        9000\n" FOOTNOTE, __LINE__);
    begin_again();
    world_settle_reading(world, Q36_NETSH_LIST, Q36_RUNTIME_HIDDEN);
    reservation_persist(world, PROTOCOL_TCP, 7000, 2);
    reserve(PROTOCOL_TCP, 4, 9000, 1);
    check_view(TCP_HEADING "      7000        7001\n" UDP_HEADING FOOTNOTE, __LINE__);
}

static void what_is_released_or_merely_bound_is_not_listed(void) {
    begin_again();
    reservation_release(world, reserve(PROTOCOL_TCP, 4, 50000, 10));
    reserve(PROTOCOL_TCP, 4, 0, 0); /* an empty block: Q13=b */
    check_view(TCP_HEADING UDP_HEADING FOOTNOTE, __LINE__);
}

static void equal_blocks_of_two_families_are_two_rows(void) {
    begin_again();
    reserve(PROTOCOL_UDP, 4, 6000, 2);
    reserve(PROTOCOL_UDP, 6, 6000, 2);
    check_view(TCP_HEADING UDP_HEADING "      6000        6001\n      6000        6001\n" FOOTNOTE, __LINE__);
}

void register_port_view_tests(void) {
    CU_pSuite suite = CU_add_suite("conformance/port view", make_world, free_world);
    CU_add_test(suite, "a machine without rows", a_machine_without_rows);
    CU_add_test(suite, "rows of both kinds are sorted", rows_of_both_kinds_are_sorted);
    CU_add_test(suite, "persistent blocks are listed as question 36 says",
                persistent_blocks_are_listed_as_question_36_says);
    CU_add_test(suite, "what is released or merely bound is not listed",
                what_is_released_or_merely_bound_is_not_listed);
    CU_add_test(suite, "equal blocks of two families are two rows", equal_blocks_of_two_families_are_two_rows);
}
