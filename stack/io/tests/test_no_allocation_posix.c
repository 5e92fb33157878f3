/* A request costs no allocation, however its end is reported: the C library's allocator is counted while random
 * sequences of overlapped errands are played. */

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "stack/io/tests/errands.h"

void register_no_allocation_tests(void);

/* The sanitizers have an allocator of their own, and do not like another one. */
#if defined(__SANITIZE_ADDRESS__)
#define COUNTS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTS 0
#endif
#endif
#if !defined(COUNTS) && defined(__GLIBC__)
#define COUNTS 1
#endif

#if COUNTS
enum { SEQUENCES = 7000, REQUESTS_LEAST = 10000 };

static volatile bool counting; /* volatile: to a compiler malloc() touches no variable of ours */
static volatile uint64_t allocations;

/* glibc's own names for what these replace. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size) {
    allocations += counting;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations += counting;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    allocations += counting;
    return __libc_realloc(memory, size);
}

static void an_allocation_is_counted(void) {
    allocations = 0;
    counting = true;
    void *volatile memory = malloc(1);
    counting = false;
    free(memory);
    CU_ASSERT_EQUAL(allocations, 1);
}

static void a_request_costs_none(void) {
    struct errands_tally tally = { .sequences = 0 };
    allocations = 0;
    counting = true;
    for (uint64_t seed = 1; seed <= SEQUENCES; seed++) {
        unsigned event = 0;
        const char *wrong = errands_play(seed, &tally, &event);
        if (wrong != NULL) break;
    }
    counting = false;
    uint64_t otherwise = tally.requests - tally.packets - tally.routines; /* by events, by asking, by nothing */
    printf("\n    %" PRIu64 " requests, %" PRIu64 " packets, %" PRIu64 " routines: %" PRIu64 " allocations",
           tally.requests, tally.packets, tally.routines, allocations);
    CU_ASSERT_EQUAL(tally.sequences, SEQUENCES);
    CU_ASSERT_TRUE(tally.packets >= REQUESTS_LEAST && tally.routines >= REQUESTS_LEAST && otherwise >= REQUESTS_LEAST);
    CU_ASSERT_EQUAL(allocations, 0);
}
#endif

void register_no_allocation_tests(void) {
    CU_pSuite suite = CU_add_suite("requests: allocations", NULL, NULL);
#if COUNTS
    CU_add_test(suite, "an allocation is counted", an_allocation_is_counted);
    CU_add_test(suite, "a request costs none", a_request_costs_none);
#else
    (void)suite;
#endif
}
