/* Memory of a scenario as real pages: poisoned, as bad as it is said to be, and every change in it is noticed. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "conformance/agent/user_memory.h"
#include "conformance/session/executor.h"
#include "stack/sdk/error_values.h"

enum { ADDRESS = 0x10000003, OTHER_ADDRESS = 0x20000000 };

static struct user_memory memory;

enum { POINTER }; /* the argument, of no function in particular */

/* One pointer argument of a call. */
static struct call argument(uint64_t address, uint32_t length, enum range_state state, const void *bytes,
                            uint32_t bytes_length) {
    struct call call;
    call_clear(&call);
    call.ranges[POINTER] = (struct range){ .address = address, .length = length, .state = (uint8_t)state };
    if (bytes_length > 0) call_put_bytes(&call, POINTER, bytes, bytes_length);
    return call;
}

static uint8_t *mapped(const struct call *call) {
    struct reason reason = { "" };
    void *real = NULL;
    CU_ASSERT_TRUE(user_memory_map(&memory, call, &call->ranges[POINTER], &real, &reason));
    return real;
}

static struct result report(void) {
    struct result result;
    result_clear(&result);
    user_memory_report(&memory, &result);
    return result;
}

static void fresh_memory_is_poisoned_after_its_contents(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 10, RANGE_GOOD, "abc", 3);
    const uint8_t *real = mapped(&call);
    CU_ASSERT_EQUAL(memcmp(real, "abc", 3), 0);
    for (unsigned i = 3; i < 10; i++) CU_ASSERT_EQUAL(real[i], poison_byte(i));
    CU_ASSERT_EQUAL((uintptr_t)real % 8, ADDRESS % 8);
    CU_ASSERT_EQUAL(report().writes_count, 0);
    user_memory_destroy(&memory);
}

static void a_partly_bad_range_ends_where_the_pages_end(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 10, RANGE_PARTLY_BAD, NULL, 0);
    const uint8_t *real = mapped(&call);
    CU_ASSERT_EQUAL(pages_readable((uint64_t)(uintptr_t)real, 20), 10);
    user_memory_destroy(&memory);
}

static void a_bad_range_cannot_be_read_at_all(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 10, RANGE_BAD, NULL, 0);
    const uint8_t *real = mapped(&call);
    CU_ASSERT_EQUAL(pages_readable((uint64_t)(uintptr_t)real, 1), 0);
    CU_ASSERT_EQUAL((uintptr_t)real % 8, ADDRESS % 8);
    call = argument(0, 0, RANGE_NULL, NULL, 0);
    CU_ASSERT_PTR_NULL(mapped(&call));
    user_memory_destroy(&memory);
}

static void a_change_is_reported_once_from_its_first_byte_to_its_last(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 10, RANGE_GOOD, NULL, 0);
    uint8_t *real = mapped(&call);
    real[2] ^= 1;
    real[6] ^= 1;
    struct result result = report();
    CU_ASSERT_EQUAL(result.writes_count, 1);
    CU_ASSERT_EQUAL(result.writes[0].address, ADDRESS + 2);
    CU_ASSERT_EQUAL(result.writes[0].length, 5);
    CU_ASSERT_EQUAL(memcmp(result.bytes, real + 2, 5), 0);
    CU_ASSERT_EQUAL(report().writes_count, 0);
    user_memory_destroy(&memory);
}

static void what_does_not_fit_the_record_comes_with_the_next(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 2 * RESULT_BYTES_MAX, RANGE_GOOD, NULL, 0);
    uint8_t *real = mapped(&call);
    for (unsigned i = 0; i < 2 * RESULT_BYTES_MAX; i++) real[i] ^= 0xFF;
    CU_ASSERT_EQUAL(report().bytes_used, RESULT_BYTES_MAX);
    struct result rest = report();
    CU_ASSERT_EQUAL(rest.writes[0].address, ADDRESS + RESULT_BYTES_MAX);
    CU_ASSERT_EQUAL(report().writes_count, 0);
    user_memory_destroy(&memory);
}

static void known_memory_stays_and_fresh_contents_replace_it(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 8, RANGE_GOOD, "12345678", 8);
    const uint8_t *real = mapped(&call);
    struct call again = argument(ADDRESS + 4, 4, RANGE_GOOD, "abcd", 4);
    CU_ASSERT_PTR_EQUAL(mapped(&again), real + 4);
    CU_ASSERT_EQUAL(memcmp(real, "12345678", 8), 0);
    again.ranges[0].fresh = 1;
    mapped(&again);
    CU_ASSERT_EQUAL(memcmp(real, "1234abcd", 8), 0);
    CU_ASSERT_EQUAL(report().writes_count, 0);
    user_memory_destroy(&memory);
}

static void memory_does_not_grow(void) {
    struct reason reason = { "" };
    void *real = NULL;
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 8, RANGE_GOOD, NULL, 0);
    mapped(&call);
    call = argument(ADDRESS + 4, 8, RANGE_GOOD, NULL, 0);
    CU_ASSERT_FALSE(user_memory_map(&memory, &call, &call.ranges[POINTER], &real, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "memory of 4 bytes is said to be 8 bytes long now");
    user_memory_destroy(&memory);
}

static void a_table_that_is_full_says_so(void) {
    struct reason reason = { "" };
    void *real = NULL;
    user_memory_create(&memory);
    for (unsigned i = 0; i < USER_RANGES_MAX; i++) {
        struct call call = argument(OTHER_ADDRESS + 16 * i, 1, RANGE_GOOD, NULL, 0);
        mapped(&call);
    }
    struct call call = argument(ADDRESS, 1, RANGE_GOOD, NULL, 0);
    CU_ASSERT_FALSE(user_memory_map(&memory, &call, &call.ranges[POINTER], &real, &reason));
    CU_ASSERT_STRING_EQUAL(reason.text, "more than 1024 memory ranges in one process");
    user_memory_destroy(&memory);
}

static void real_addresses_are_translated_back(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS, 8, RANGE_GOOD, NULL, 0);
    const uint8_t *real = mapped(&call);
    CU_ASSERT_EQUAL(user_memory_address(&memory, real + 3), ADDRESS + 3);
    CU_ASSERT_EQUAL(user_memory_address(&memory, real + 8), 0);
    CU_ASSERT_EQUAL(user_memory_address(&memory, NULL), 0);
    CU_ASSERT_EQUAL(user_memory_address(&memory, &memory), 0);
    user_memory_destroy(&memory);
}

static void an_overlapped_that_waits_is_seen(void) {
    user_memory_create(&memory);
    struct call call = argument(ADDRESS + 5, OVERLAPPED_SIZE, RANGE_GOOD, NULL, 0);
    uint8_t *real = mapped(&call);
    store_u64(real + OVERLAPPED_INTERNAL, STATUS_PENDING);
    CU_ASSERT_FALSE(user_memory_pending(&memory)); /* it was never passed as one */
    user_memory_at(&memory, ADDRESS + 5)->overlapped = 1;
    CU_ASSERT_TRUE(user_memory_pending(&memory));
    store_u64(real + OVERLAPPED_INTERNAL, STATUS_SUCCESS);
    CU_ASSERT_FALSE(user_memory_pending(&memory));
    user_memory_destroy(&memory);
}

void register_agent_user_memory_tests(void);

void register_agent_user_memory_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: memory of a scenario", NULL, NULL);
    CU_add_test(suite, "fresh memory is poisoned after its contents", fresh_memory_is_poisoned_after_its_contents);
    CU_add_test(suite, "a partly bad range ends where the pages end", a_partly_bad_range_ends_where_the_pages_end);
    CU_add_test(suite, "a bad range cannot be read at all", a_bad_range_cannot_be_read_at_all);
    CU_add_test(suite, "a change is reported once, from its first byte to its last",
                a_change_is_reported_once_from_its_first_byte_to_its_last);
    CU_add_test(suite, "what does not fit the record comes with the next",
                what_does_not_fit_the_record_comes_with_the_next);
    CU_add_test(suite, "known memory stays, and fresh contents replace it",
                known_memory_stays_and_fresh_contents_replace_it);
    CU_add_test(suite, "memory does not grow", memory_does_not_grow);
    CU_add_test(suite, "a table that is full says so", a_table_that_is_full_says_so);
    CU_add_test(suite, "real addresses are translated back", real_addresses_are_translated_back);
    CU_add_test(suite, "an OVERLAPPED that waits is seen", an_overlapped_that_waits_is_seen);
}
