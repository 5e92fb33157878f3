/* A sample of the random sequences, and the ledger itself: what it says when something is lost, doubled or
 * misdelivered. */
#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/io/tests/errands.h"
#include "stack/io/tests/owed.h"

void register_errands_tests(void);

enum { SAMPLE = 10000, SOCKET_A = 1, PORT_A = 2, PORT_B = 3, THREAD_A = 0, THREAD_B = 1, KEY_A = 70 };

static void nothing_is_lost_doubled_or_misdelivered(void) {
    struct errands_tally tally = { .sequences = 0 };
    for (uint64_t seed = 1; seed <= SAMPLE; seed++) {
        unsigned event = 0;
        const char *wrong = errands_play(seed, &tally, &event);
        if (wrong != NULL) printf("\n    seed %" PRIu64 ", after event %u: %s", seed, event, wrong);
        CU_ASSERT_PTR_NULL_FATAL(wrong);
    }
    printf("\n    %" PRIu64 " sequences of %" PRIu64 " events, %" PRIu64 " with a request pending: %" PRIu64
           " requests, %" PRIu64 " packets, %" PRIu64 " routines, %" PRIu64 " waits for events",
           tally.sequences, tally.events, tally.pending, tally.requests, tally.packets, tally.routines,
           tally.event_waits);
    CU_ASSERT_TRUE(tally.events >= tally.sequences * ERRANDS_MIN);
    CU_ASSERT_TRUE(tally.pending * 2 >= tally.sequences);
    CU_ASSERT_TRUE(tally.event_waits > 0 && tally.results > 0 && tally.datagrams > 0 && tally.duplicates > 0);
}

static void a_seed_gives_the_same_sequence(void) {
    struct errands_tally one = { .sequences = 0 }, other = { .sequences = 0 };
    unsigned event = 0;
    CU_ASSERT_PTR_NULL(errands_play(77, &one, &event));
    CU_ASSERT_PTR_NULL(errands_play(77, &other, &event));
    CU_ASSERT_EQUAL(memcmp(&one, &other, sizeof one), 0);
}

/* --- the ledger ------------------------------------------------------------------------------------------------- */

static struct owed_request by_packet(enum owed_kind kind) {
    return (struct owed_request){ .kind = (uint8_t)kind, .socket = SOCKET_A, .thread = THREAD_A, .event = OWED_NONE };
}

/* A socket with a port, and request 0 on it, which stays pending. */
static void ledger_with_pending_request(struct owed *owed) {
    owed_begin(owed);
    owed_open_port(owed, PORT_A);
    owed_open_port(owed, PORT_B);
    owed_associate(owed, SOCKET_A, PORT_A, KEY_A);
    struct owed_request request = by_packet(OWED_NEVER);
    owed_issue(owed, 0, &request);
}

static const char *ends_cancelled(struct owed *owed, unsigned number) {
    const struct owed_end end = { .status = STATUS_CANCELLED,
                                  .winsock_error = WSA_OPERATION_ABORTED,
                                  .win32_error = ERROR_OPERATION_ABORTED };
    return owed_ends(owed, number, &end);
}

static const char *packet_at(struct owed *owed, unsigned port, unsigned number, uint64_t key, uint32_t error) {
    const struct owed_notice packet = { .overlapped = owed_address(number), .key = key, .error = error };
    return owed_packet(owed, port, THREAD_B, false, &packet);
}

#define expect_text(expected, found) CU_ASSERT_STRING_EQUAL_FATAL(found, expected)

static void the_ledger_says_what_is_wrong_with_an_end(void) {
    static struct owed owed;
    ledger_with_pending_request(&owed);
    expect_text("a request was cancelled for no cause", ends_cancelled(&owed, 0));
    expect_text("a request has ended that was never issued", ends_cancelled(&owed, 1));
    const struct owed_end success = { .status = STATUS_SUCCESS };
    expect_text("a request has ended by itself that never does", owed_ends(&owed, 0, &success));
    CU_ASSERT_EQUAL(owed_cancel(&owed, SOCKET_A, OWED_NONE, THREAD_B, OWED_NONE), 0);
    CU_ASSERT_EQUAL(owed_cancel(&owed, SOCKET_A, OWED_NONE, THREAD_A, OWED_NONE), 1);
    expect_text("a request that was cancelled has not ended", owed_settled(&owed, OWED_NONE, 0));
    expect_text("a cancelled request has ended as if it were not", owed_ends(&owed, 0, &success));
    CU_ASSERT_PTR_NULL(ends_cancelled(&owed, 0));
    expect_text("a request has ended twice", ends_cancelled(&owed, 0));
    struct owed_request late = by_packet(OWED_LATER);
    late.due_ns = 5;
    owed_issue(&owed, 1, &late);
    expect_text("a request has ended before its time", owed_ends(&owed, 1, &success));
    expect_text("a request has not ended in its time", owed_settled(&owed, OWED_NONE, 5));
    expect_text("a request has never ended", owed_nothing(&owed));
}

static void the_ledger_says_what_is_wrong_with_a_packet(void) {
    static struct owed owed;
    ledger_with_pending_request(&owed);
    expect_text("a packet came that is owed to no one, or came before", packet_at(&owed, PORT_A, 0, KEY_A, 0));
    owed_cancel(&owed, SOCKET_A, OWED_NONE, OWED_NONE, OWED_NONE);
    CU_ASSERT_PTR_NULL(ends_cancelled(&owed, 0));
    expect_text("a packet was lost", owed_nothing(&owed));
    expect_text("a packet came that is owed to no one, or came before", packet_at(&owed, PORT_B, 0, KEY_A, 0));
    expect_text("a packet came out of its turn, or at another port", packet_at(&owed, PORT_A, 1, KEY_A, 0));
    expect_text("a packet came with another socket's key", packet_at(&owed, PORT_A, 0, KEY_A + 1, 0));
    expect_text("a packet came with another request's error", packet_at(&owed, PORT_A, 0, KEY_A, 0));
    owed_wait_at(&owed, PORT_A, THREAD_A);
    owed_wait_at(&owed, PORT_A, THREAD_B);
    const struct owed_notice packet = { owed_address(0), KEY_A, ERROR_OPERATION_ABORTED, 0 };
    expect_text("a packet came to a thread that was not the last in line",
                owed_packet(&owed, PORT_A, THREAD_A, true, &packet));
    CU_ASSERT_PTR_NULL(owed_packet(&owed, PORT_A, THREAD_B, true, &packet));
    CU_ASSERT_PTR_NULL(owed_nothing(&owed));
    owed_close_port(&owed, PORT_A);
    expect_text("a packet came from a port that is closed", packet_at(&owed, PORT_A, 0, KEY_A, 0));
}

static void the_ledger_says_what_is_wrong_with_a_routine(void) {
    static struct owed owed;
    owed_begin(&owed);
    struct owed_request request = by_packet(OWED_LATER);
    request.by_routine = true;
    for (unsigned i = 0; i < 2; i++) owed_issue(&owed, i, &request);
    const struct owed_end success = { .status = STATUS_SUCCESS };
    for (unsigned i = 0; i < 2; i++) CU_ASSERT_PTR_NULL(owed_ends(&owed, i, &success));
    const struct owed_notice first = { .overlapped = owed_address(0) }, second = { owed_address(1), 0, WSAEINVAL, 0 };
    expect_text("a routine ran that is owed to no one, ran before, or is another thread's",
                owed_routine(&owed, THREAD_B, &first));
    expect_text("a routine was lost", owed_nothing(&owed));
    CU_ASSERT_PTR_NULL(owed_routine(&owed, THREAD_A, &first));
    expect_text("a routine was given another error", owed_routine(&owed, THREAD_A, &second));
    CU_ASSERT_PTR_NULL(owed_nothing(&owed));
    for (unsigned i = 2; i < 4; i++) owed_issue(&owed, i, &request);
    for (unsigned i = 2; i < 4; i++) CU_ASSERT_PTR_NULL(owed_ends(&owed, i, &success));
    const struct owed_notice fourth = { .overlapped = owed_address(3) };
    expect_text("a routine ran out of its turn, or in another thread", owed_routine(&owed, THREAD_A, &fourth));
}

static void what_lives_on_without_its_thread(void) {
    static struct owed owed;
    ledger_with_pending_request(&owed);
    struct owed_request with_event = by_packet(OWED_NEVER);
    with_event.event = 0;
    owed_issue(&owed, 1, &with_event);
    owed_cancel_of_thread(&owed, THREAD_A, false);
    CU_ASSERT_FALSE(owed.requests[0].cancelled);
    CU_ASSERT_TRUE(owed.requests[1].cancelled);
}

void register_errands_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/io random errands", NULL, NULL);
    CU_add_test(suite, "nothing is lost, doubled or misdelivered", nothing_is_lost_doubled_or_misdelivered);
    CU_add_test(suite, "a seed gives the same sequence", a_seed_gives_the_same_sequence);
    CU_add_test(suite, "the ledger says what is wrong with an end", the_ledger_says_what_is_wrong_with_an_end);
    CU_add_test(suite, "the ledger says what is wrong with a packet", the_ledger_says_what_is_wrong_with_a_packet);
    CU_add_test(suite, "the ledger says what is wrong with a routine", the_ledger_says_what_is_wrong_with_a_routine);
    CU_add_test(suite, "what lives on without its thread", what_lives_on_without_its_thread);
}
