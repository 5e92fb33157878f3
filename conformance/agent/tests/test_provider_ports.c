/* Completion ports and blocking hooks beside a provider that does what it should not: it completes twice and without
 * end, names ports that are gone, and calls back when no one waits. Each test has a table of functions whose files are
 * numbers. */
#include <CUnit/CUnit.h>
#include <string.h>

#include "conformance/agent/provider_hooks.h"
#include "conformance/agent/provider_ports.h"
#include "conformance/agent/system/threads.h"

enum { LIMIT_MS = 5000, ROOM = 256, PORTS = 64 };

static uintptr_t last_file;
static unsigned open_files;
static bool no_more_files;

static HANDLE WINAPI open_file(const WCHAR *name) {
    (void)name;
    if (no_more_files) return INVALID_HANDLE_VALUE;
    open_files++;
    return (HANDLE)(last_file += 4);
}

static BOOL WINAPI close_file(HANDLE file) {
    (void)file;
    open_files--;
    return TRUE;
}

static void begin(void) {
    static struct windows_functions below;
    static bool used;
    below.CreateFileW = open_file;
    below.CloseHandle = close_file;
    if (!used) provider_ports_use(&below);
    used = true;
    no_more_files = false;
    provider_ports_enter(0);
}

static DWORD queue(HANDLE port, DWORD bytes) {
    const struct port_packet packet = { .bytes = bytes };
    return provider_port_queue(port, &packet);
}

static void packets_come_out_in_the_order_in_which_they_went_in(void) {
    struct port_packet packet;
    begin();
    HANDLE port = provider_port_create();
    CU_ASSERT_EQUAL(queue(port, 1), 0);
    CU_ASSERT_EQUAL(queue(port, 2), 0);
    CU_ASSERT_EQUAL(provider_port_take(port, 0, &packet), 0);
    CU_ASSERT_EQUAL(packet.bytes, 1);
    CU_ASSERT_EQUAL(provider_port_take(port, 0, &packet), 0);
    CU_ASSERT_EQUAL(packet.bytes, 2);
    CU_ASSERT_EQUAL(provider_port_take(port, 1, &packet), WAIT_TIMEOUT);
    CU_ASSERT_TRUE(provider_port_close(port));
}

static void a_provider_that_completes_without_end_is_refused(void) {
    begin();
    HANDLE port = provider_port_create();
    for (DWORD i = 0; i < ROOM; i++) CU_ASSERT_EQUAL(queue(port, i), 0);
    CU_ASSERT_EQUAL(queue(port, ROOM), ERROR_NO_SYSTEM_RESOURCES);
    CU_ASSERT_TRUE(provider_port_close(port));
}

static void a_port_that_is_gone_takes_no_packet(void) {
    struct port_packet packet;
    begin();
    HANDLE port = provider_port_create();
    CU_ASSERT_TRUE(provider_port_close(port));
    CU_ASSERT_EQUAL(queue(port, 1), ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(queue(NULL, 1), ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(provider_port_take(port, 0, &packet), ERROR_INVALID_HANDLE);
    CU_ASSERT_FALSE(provider_port_close(port));
}

static void a_port_is_of_one_process_and_reached_from_all(void) {
    struct port_packet packet;
    begin();
    HANDLE port = provider_port_create();
    provider_ports_enter(1);
    CU_ASSERT_FALSE(provider_port_is(port));
    CU_ASSERT_FALSE(provider_port_close(port));
    CU_ASSERT_EQUAL(provider_port_take(port, 0, &packet), ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(queue(port, 7), 0); /* a thread of the provider's, inside a call of another process */
    provider_ports_enter(0);
    CU_ASSERT_EQUAL(provider_port_take(port, 0, &packet), 0);
    CU_ASSERT_EQUAL(packet.bytes, 7);
    provider_ports_process_ends(0);
    CU_ASSERT_FALSE(provider_port_is(port));
}

static void without_room_no_file_stays_open(void) {
    HANDLE ports[PORTS];
    begin();
    unsigned before = open_files;
    for (unsigned i = 0; i < PORTS; i++) CU_ASSERT_PTR_NOT_NULL(ports[i] = provider_port_create());
    CU_ASSERT_PTR_NULL(provider_port_create());
    CU_ASSERT_EQUAL(GetLastError(), ERROR_NOT_ENOUGH_MEMORY);
    CU_ASSERT_EQUAL(open_files, before + PORTS);
    for (unsigned i = 0; i < PORTS; i++) CU_ASSERT_TRUE(provider_port_close(ports[i]));
    CU_ASSERT_EQUAL(open_files, before);
    no_more_files = true;
    CU_ASSERT_PTR_NULL(provider_port_create());
    CU_ASSERT_EQUAL(open_files, before);
}

/* --- a thread that waits ------------------------------------------------------------------------------------------ */

struct waiter {
    HANDLE port;
    struct wakeup *begins;
    DWORD answer;
    struct port_packet packet;
};

static void wait_for_packet(void *argument) {
    struct waiter *waiter = argument;
    provider_ports_enter(0);
    wakeup_give(waiter->begins);
    waiter->answer = provider_port_take(waiter->port, LIMIT_MS, &waiter->packet);
}

static struct thread *begin_waiter(struct waiter *waiter, HANDLE port) {
    memset(waiter, 0, sizeof *waiter);
    waiter->port = port;
    waiter->begins = wakeup_create();
    struct thread *thread = thread_begin(wait_for_packet, waiter);
    CU_ASSERT_TRUE(wakeup_await(waiter->begins, LIMIT_MS));
    sleep_ms(20); /* into its wait; were it not there yet, it would find the packet all the same */
    return thread;
}

static void who_waits_gets_a_packet_with_its_error(void) {
    struct waiter waiter;
    const struct port_packet failed = { .bytes = 3, .key = 9, .error = ERROR_OPERATION_ABORTED };
    begin();
    HANDLE port = provider_port_create();
    struct thread *thread = begin_waiter(&waiter, port);
    CU_ASSERT_EQUAL(provider_port_queue(port, &failed), 0);
    CU_ASSERT_TRUE(thread_join(thread, LIMIT_MS));
    CU_ASSERT_EQUAL(waiter.answer, 0);
    CU_ASSERT_EQUAL(waiter.packet.key, 9);
    CU_ASSERT_EQUAL(waiter.packet.error, ERROR_OPERATION_ABORTED);
    CU_ASSERT_TRUE(provider_port_close(port));
    wakeup_destroy(waiter.begins);
}

static void who_waits_at_a_port_that_goes_is_let_go(void) {
    struct waiter waiter;
    begin();
    HANDLE port = provider_port_create();
    struct thread *thread = begin_waiter(&waiter, port);
    provider_ports_process_ends(0);
    CU_ASSERT_TRUE(thread_join(thread, LIMIT_MS));
    CU_ASSERT_TRUE(waiter.answer == ERROR_ABANDONED_WAIT_0 || waiter.answer == ERROR_INVALID_HANDLE);
    wakeup_destroy(waiter.begins);
}

/* --- hooks -------------------------------------------------------------------------------------------------------- */

static unsigned hook_runs;

static INT_PTR WINAPI three_messages(void) {
    CU_ASSERT_TRUE(provider_hook_runs());
    return ++hook_runs < 3;
}

static INT_PTR WINAPI endless_until_cancelled(void) {
    if (++hook_runs == 5) provider_hook_cancelled();
    return TRUE;
}

static void a_hook_runs_until_it_has_nothing_to_do(void) {
    hook_runs = 0;
    CU_ASSERT_TRUE(provider_hook_callback() == NULL);
    FARPROC ordinary = provider_hook_set((FARPROC)three_messages);
    CU_ASSERT_TRUE(ordinary != NULL);
    LPBLOCKINGCALLBACK callback = provider_hook_callback();
    CU_ASSERT_TRUE(callback(0));
    CU_ASSERT_EQUAL(hook_runs, 3);
    CU_ASSERT_FALSE(provider_hook_runs());
    provider_hook_unset();
}

static void a_cancelled_call_is_over_and_the_next_is_not(void) {
    hook_runs = 0;
    provider_hook_set((FARPROC)endless_until_cancelled);
    CU_ASSERT_FALSE(provider_hook_callback()(0));
    CU_ASSERT_EQUAL(hook_runs, 5);
    provider_hook_set((FARPROC)three_messages);
    hook_runs = 0;
    CU_ASSERT_TRUE(provider_hook_callback()(0));
    provider_hook_unset();
}

static void a_provider_that_kept_the_callback_gets_no_hook_from_it(void) {
    provider_hook_set((FARPROC)three_messages);
    LPBLOCKINGCALLBACK kept = provider_hook_callback();
    provider_hook_unset();
    hook_runs = 0;
    CU_ASSERT_TRUE(kept(0));
    CU_ASSERT_EQUAL(hook_runs, 0);
}

void register_agent_provider_ports_tests(void);

void register_agent_provider_ports_tests(void) {
    CU_pSuite suite = CU_add_suite("agent: ports and hooks beside a provider", NULL, NULL);
    CU_add_test(suite, "packets come out in the order in which they went in",
                packets_come_out_in_the_order_in_which_they_went_in);
    CU_add_test(suite, "a provider that completes without end is refused",
                a_provider_that_completes_without_end_is_refused);
    CU_add_test(suite, "a port that is gone takes no packet", a_port_that_is_gone_takes_no_packet);
    CU_add_test(suite, "a port is of one process and reached from all", a_port_is_of_one_process_and_reached_from_all);
    CU_add_test(suite, "without room no file stays open", without_room_no_file_stays_open);
    CU_add_test(suite, "who waits gets a packet with its error", who_waits_gets_a_packet_with_its_error);
    CU_add_test(suite, "who waits at a port that goes is let go", who_waits_at_a_port_that_goes_is_let_go);
    CU_add_test(suite, "a hook runs until it has nothing to do", a_hook_runs_until_it_has_nothing_to_do);
    CU_add_test(suite, "a cancelled call is over and the next is not", a_cancelled_call_is_over_and_the_next_is_not);
    CU_add_test(suite, "a provider that kept the callback gets no hook from it",
                a_provider_that_kept_the_callback_gets_no_hook_from_it);
}
