/* Exceptions inside a guard become a code, also under a sanitizer, which has to leave the signals to us. */
#define _POSIX_C_SOURCE 200809L

#include <CUnit/CUnit.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/agent/system/faults.h"
#include "sim/memory/pages.h"

enum { ACCESS_VIOLATION = (int)0xC0000005u };

static struct sigaction before;
static volatile uint8_t *nowhere;

static int install(void) {
    sigaction(SIGSEGV, NULL, &before);
    nowhere = pages_create(0, PAGE_BYTES);
    faults_install();
    return 0;
}

/* A fault of a test elsewhere is that test's. */
static int uninstall(void) {
    pages_free((void *)(uintptr_t)nowhere, PAGE_BYTES);
    return sigaction(SIGSEGV, &before, NULL);
}

/* The code of a write to nowhere; 0 when there was none. */
static uint32_t fault(void) {
    static struct fault_guard guard;
    if (FAULTS_GUARDED(&guard)) {
        *nowhere = 1;
        faults_disarm(&guard);
        return 0;
    }
    return guard.code;
}

static void a_write_to_nowhere_becomes_its_code(void) { CU_ASSERT_EQUAL((int)fault(), ACCESS_VIOLATION); }

static void the_guard_works_as_often_as_it_is_wanted(void) {
    for (unsigned i = 0; i < 100; i++) CU_ASSERT_EQUAL((int)fault(), ACCESS_VIOLATION);
}

static void a_call_without_a_fault_passes(void) {
    static struct fault_guard guard;
    bool passed = false;
    if (FAULTS_GUARDED(&guard)) {
        faults_disarm(&guard);
        passed = true;
    }
    CU_ASSERT_TRUE(passed);
    CU_ASSERT_EQUAL(guard.code, 0);
}

static void the_innermost_guard_takes_it_and_the_outer_one_goes_on(void) {
    static struct fault_guard outer;
    volatile uint32_t inner_code = 0;
    volatile bool went_on = false;
    if (FAULTS_GUARDED(&outer)) {
        inner_code = fault();
        went_on = true;
        faults_disarm(&outer);
    }
    CU_ASSERT_EQUAL((int)inner_code, ACCESS_VIOLATION);
    CU_ASSERT_TRUE(went_on);
    CU_ASSERT_EQUAL(outer.code, 0);
}

static void other_exceptions_have_codes_of_their_own(void) {
    static struct fault_guard guard;
    if (FAULTS_GUARDED(&guard)) {
        raise(SIGFPE);
        faults_disarm(&guard);
    }
    CU_ASSERT_EQUAL(guard.code, 0xC0000094u);
}

/* What a process ends with that does this outside every guard. */
static void outside_every_guard_the_process_ends_and_says_why(void) {
    int ends[2], status = 0;
    char said[128] = "";
    CU_ASSERT_EQUAL(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        *nowhere = 1;
        _exit(0);
    }
    close(ends[1]);
    ssize_t length = read(ends[0], said, sizeof said - 1);
    close(ends[0]);
    waitpid(child, &status, 0);
    CU_ASSERT_TRUE(length > 0 && WIFEXITED(status));
    CU_ASSERT_EQUAL(WEXITSTATUS(status), FAULTS_EXIT_STATUS);
    CU_ASSERT_STRING_EQUAL(said, "agent: exception 0xc0000005 outside a call\n");
}

void register_agent_faults_tests(void);

void register_agent_faults_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: exceptions", install, uninstall);
    CU_add_test(suite, "a write to nowhere becomes its code", a_write_to_nowhere_becomes_its_code);
    CU_add_test(suite, "the guard works as often as it is wanted", the_guard_works_as_often_as_it_is_wanted);
    CU_add_test(suite, "a call without a fault passes", a_call_without_a_fault_passes);
    CU_add_test(suite, "the innermost guard takes it and the outer one stays",
                the_innermost_guard_takes_it_and_the_outer_one_goes_on);
    CU_add_test(suite, "other exceptions have codes of their own", other_exceptions_have_codes_of_their_own);
    CU_add_test(suite, "outside every guard the process ends and says why",
                outside_every_guard_the_process_ends_and_says_why);
}
