/* Threads and what they wait for. */
#include <CUnit/CUnit.h>

#include "conformance/agent/system/threads.h"

static struct wakeup *there, *back;
static struct monitor *monitor;
static volatile unsigned count;
static struct thread *given_up; /* its memory stays */

static void answer_once(void *unused) {
    (void)unused;
    wakeup_await(there, NO_LIMIT);
    count++;
    wakeup_give(back);
}

static void a_wakeup_that_comes_first_is_kept(void) {
    there = wakeup_create();
    wakeup_give(there);
    wakeup_give(there); /* two are one */
    CU_ASSERT_TRUE(wakeup_await(there, 0));
    CU_ASSERT_FALSE(wakeup_await(there, 1));
    wakeup_destroy(there);
}

static void two_threads_take_turns(void) {
    there = wakeup_create();
    back = wakeup_create();
    count = 0;
    struct thread *thread = thread_begin(answer_once, NULL);
    CU_ASSERT_FALSE(wakeup_await(back, 1));
    CU_ASSERT_FALSE(thread_join(thread, 1));
    thread_wake(thread); /* its wait is not alertable */
    wakeup_give(there);
    CU_ASSERT_TRUE(wakeup_await(back, 5000));
    CU_ASSERT_TRUE(thread_join(thread, 5000));
    CU_ASSERT_EQUAL(count, 1);
    wakeup_destroy(there);
    wakeup_destroy(back);
}

static void change_it(void *unused) {
    (void)unused;
    monitor_enter(monitor);
    count++;
    monitor_wake_all(monitor);
    monitor_leave(monitor);
}

static void a_monitor_lets_go_of_its_lock_while_it_waits(void) {
    if (monitor == NULL) monitor = monitor_create();
    count = 0;
    monitor_enter(monitor);
    struct thread *thread = thread_begin(change_it, NULL);
    for (unsigned i = 0; i < 1000 && count == 0; i++) monitor_wait(monitor, 5);
    CU_ASSERT_EQUAL(count, 1);
    monitor_leave(monitor);
    CU_ASSERT_TRUE(thread_join(thread, 5000));
}

/* There is no way to end it, so it has to be able to run on: here it is let out afterwards. */
static void a_thread_that_is_given_up_harms_no_one(void) {
    there = wakeup_create();
    back = wakeup_create();
    given_up = thread_begin(answer_once, NULL);
    CU_ASSERT_FALSE(thread_join(given_up, 1));
    thread_abandon(given_up);
    wakeup_give(there);
    CU_ASSERT_TRUE(wakeup_await(back, 5000));
}

static uint64_t ended_by; /* the thread that said it, by the address of a variable of its own */
static _Thread_local char own_place;

static void note_end(void *noted) {
    *(unsigned *)noted += 1;
    ended_by = (uint64_t)(uintptr_t)&own_place;
}

/* What a thread says of its own end: `first` and then `last`, or only the latter. */
struct ending {
    unsigned first, last;
    bool says_both;
    uint64_t thread;
};

static void end_with_words(void *argument) {
    struct ending *ending = argument;
    ending->thread = (uint64_t)(uintptr_t)&own_place;
    if (ending->says_both) thread_at_end(note_end, &ending->first);
    thread_at_end(note_end, &ending->last);
    CU_ASSERT_EQUAL(ending->last, 0);
}

static void a_thread_that_ends_calls_what_it_said_last(void) {
    struct ending one = { .says_both = false }, both = { .says_both = true };
    ended_by = 0;
    CU_ASSERT_TRUE(thread_join(thread_begin(end_with_words, &one), 5000));
    CU_ASSERT_EQUAL(one.last, 1);
    CU_ASSERT_EQUAL(ended_by, one.thread); /* on that thread */
    CU_ASSERT_TRUE(thread_join(thread_begin(end_with_words, &both), 5000));
    CU_ASSERT_EQUAL(both.last, 1);
    CU_ASSERT_EQUAL(both.first, 0);
    CU_ASSERT_EQUAL(one.last, 1); /* it is of its own thread */
}

static void the_clock_runs_while_one_sleeps(void) {
    uint64_t start_ns = clock_ns(), start_ms = clock_ms();
    sleep_ms(3);
    CU_ASSERT_TRUE(clock_ns() - start_ns >= 3000000);
    CU_ASSERT_TRUE(clock_ms() >= start_ms + 2);
}

void register_agent_threads_tests(void);

void register_agent_threads_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: threads", NULL, NULL);
    CU_add_test(suite, "a wakeup that comes first is kept", a_wakeup_that_comes_first_is_kept);
    CU_add_test(suite, "two threads take turns", two_threads_take_turns);
    CU_add_test(suite, "a monitor lets go of its lock while it waits", a_monitor_lets_go_of_its_lock_while_it_waits);
    CU_add_test(suite, "a thread that is given up harms no one", a_thread_that_is_given_up_harms_no_one);
    CU_add_test(suite, "a thread that ends calls what it said last", a_thread_that_ends_calls_what_it_said_last);
    CU_add_test(suite, "the clock runs while one sleeps", the_clock_runs_while_one_sleeps);
}
