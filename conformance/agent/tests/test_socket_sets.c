/* Sets of a record become Windows' own, and back. */
#include "conformance/agent/system/windows_headers.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/socket_sets.h"
#include "sim/memory/pages.h"
#include "stack/call/call.h"

void register_agent_socket_sets_tests(void);

/* What the function in the place of select was given, and what it leaves. */
static struct {
    fd_set *sets[3];
    fd_set seen[3];
    struct timeval limit;
    bool has_limit;
    fd_set left;
} asked;

static int answer_select(fd_set *reading, fd_set *writing, fd_set *failing, struct timeval *limit) {
    fd_set *const sets[] = { reading, writing, failing };
    asked.has_limit = limit != NULL;
    if (limit != NULL) asked.limit = *limit;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t address = (uint64_t)(uintptr_t)sets[i];
        asked.sets[i] = sets[i];
        bool there = sets[i] != NULL && pages_readable(address, sizeof *sets[i]) == sizeof *sets[i];
        if (there) asked.seen[i] = *sets[i];
        if (there) *sets[i] = asked.left;
    }
    SetLastError(WSAENOTSOCK);
    return 2;
}

static void sets_are_handed_over_and_come_back(void) {
    uint64_t reading[] = { 3, 0x84, 0x88, 0x8C }, failing[] = { 1, 0x90 };
    memset(&asked, 0, sizeof asked);
    asked.left.fd_count = 1;
    asked.left.fd_array[0] = 0x88;
    CU_ASSERT_EQUAL(socket_sets_select(answer_select, (uint64_t *const[]){ reading, NULL, failing }, 1500), 2);
    CU_ASSERT_EQUAL(GetLastError(), WSAENOTSOCK);
    CU_ASSERT_EQUAL(asked.seen[0].fd_count, 3);
    CU_ASSERT_EQUAL(asked.seen[0].fd_array[2], 0x8C);
    CU_ASSERT_PTR_NULL(asked.sets[1]);
    CU_ASSERT_EQUAL(asked.limit.tv_sec, 1);
    CU_ASSERT_EQUAL(asked.limit.tv_usec, 500000);
    CU_ASSERT_EQUAL(reading[0], 1);
    CU_ASSERT_EQUAL(reading[1], 0x88);
    CU_ASSERT_EQUAL(reading[2], 0x88); /* what is no longer in the set stays as it was */
    CU_ASSERT_EQUAL(failing[1], 0x88);
}

static void no_time_out_is_none(void) {
    uint64_t reading[] = { 1, 0x84 };
    memset(&asked, 0, sizeof asked);
    (void)socket_sets_select(answer_select, (uint64_t *const[]){ reading, NULL, NULL }, INFINITE);
    CU_ASSERT_FALSE(asked.has_limit);
    CU_ASSERT_EQUAL(reading[0], 0);
}

/* A provider that says that it left more than it was given: nothing is stored past the set. */
static void more_than_there_was_is_not_stored(void) {
    uint64_t reading[] = { 1, 0x84, 0x1111 };
    memset(&asked, 0, sizeof asked);
    asked.left.fd_count = 0xFFFFFFFF;
    asked.left.fd_array[1] = 0x99;
    (void)socket_sets_select(answer_select, (uint64_t *const[]){ reading, NULL, NULL }, 0);
    CU_ASSERT_EQUAL(reading[0], 0xFFFFFFFF);
    CU_ASSERT_EQUAL(reading[2], 0x1111);
}

/* Whoever is asked finds out by itself. */
static void memory_that_is_not_there_is_handed_over(void) {
    uint8_t *pages = pages_create(PAGE_BYTES, PAGE_BYTES);
    uint64_t *nowhere = (uint64_t *)(void *)(pages + PAGE_BYTES);
    uint64_t *partly = nowhere - 1;
    memset(&asked, 0, sizeof asked);
    *partly = 1; /* a set of one, of which the head alone is there */
    (void)socket_sets_select(answer_select, (uint64_t *const[]){ nowhere, partly, NULL }, 0);
    CU_ASSERT_PTR_EQUAL(asked.sets[0], nowhere);
    CU_ASSERT_PTR_EQUAL(asked.sets[1], partly);
    pages_free(pages, 2 * PAGE_BYTES);
}

void register_agent_socket_sets_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: sets of sockets", NULL, NULL);
    CU_add_test(suite, "sets are handed over and come back", sets_are_handed_over_and_come_back);
    CU_add_test(suite, "no time-out is none", no_time_out_is_none);
    CU_add_test(suite, "more than there was is not stored", more_than_there_was_is_not_stored);
    CU_add_test(suite, "memory that is not there is handed over", memory_that_is_not_there_is_handed_over);
}
