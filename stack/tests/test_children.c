/* Processes that CreateProcess starts: their token, what they inherit, and that they stand alone afterwards. */
#include "stack/system/handles.h"
#include "stack/tests/fixture_calls.h"

void register_children_tests(void);

enum { CHILD_PROCESS = 2, CHILD = 4, OTHER_ACCOUNT = 2, FIRST = 50000 };

static uint32_t start_child(struct machine *m, enum manifest manifest, bool inherits) {
    bool started = plain_call(m, FUNCTION_CreateProcess, PROCESS_ID_FIRST + CHILD_PROCESS, inherits, manifest) != 0;
    if (started) model_process_begin(m->world, CHILD_PROCESS, CHILD, 0x0202);
    CU_ASSERT_EQUAL(started, world_process(m->world, CHILD_PROCESS)->alive);
    CU_ASSERT_PTR_NULL(model_check(m->world));
    return started ? 0 : m->result.error;
}

static bool child_is_administrator(const struct machine *m) {
    return security_process_is_administrator(m->world, CHILD_PROCESS);
}

static void a_child_has_its_parents_token(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    speak_as(&m, TOOL);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, false));
    CU_ASSERT_FALSE(child_is_administrator(&m));
    CU_ASSERT_EQUAL(world_process(m.world, CHILD_PROCESS)->account, 1);
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_REQUIRE_ADMINISTRATOR, true);
    speak_as(&m, TOOL);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, false));
    CU_ASSERT_TRUE(child_is_administrator(&m));
    CU_ASSERT_EQUAL(world_process(m.world, CHILD_PROCESS)->manifest,
                    MANIFEST_AS_INVOKER); /* the program's, not the parent's */
}

static void impersonation_is_not_handed_on(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, true);
    security_name_account(m.world, OTHER_ACCOUNT, ACCOUNT_STANDARD_USER);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ImpersonateLoggedOnUser, OTHER_ACCOUNT, 0, 0), 1);
    expect_ok(start_child(&m, MANIFEST_REQUIRE_ADMINISTRATOR, false));
    CU_ASSERT_TRUE(child_is_administrator(&m));
    CU_ASSERT_EQUAL(security_effective_account(m.world, CHILD), 1);
}

static void what_must_not_start_leaves_nothing(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    speak_as(&m, TOOL);
    tcp(&m);
    expect_error(ERROR_ELEVATION_REQUIRED, start_child(&m, MANIFEST_REQUIRE_ADMINISTRATOR, true));
    model_no_memory(m.world, true);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, start_child(&m, MANIFEST_AS_INVOKER, true));
    model_no_memory(m.world, false);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, true));
}

/* F23: the usual cure for a socket that a child keeps. */
static void a_handle_can_be_made_not_inheritable(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = tcp(&m), kept = tcp(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, s, HANDLE_FLAG_INHERIT, 0), TRUE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, kept, HANDLE_FLAG_INHERIT, 0), TRUE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, kept, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT),
                    TRUE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, kept, 0, 0), TRUE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_SetHandleInformation, NOT_GIVEN, HANDLE_FLAG_INHERIT, 0), FALSE);
    CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, true));
    CU_ASSERT_EQUAL(handle_kind_of(m.world, CHILD_PROCESS, s), HANDLE_FREE);
    CU_ASSERT_EQUAL(handle_kind_of(m.world, CHILD_PROCESS, kept), HANDLE_SOCKET);
}

static void a_child_inherits_where_it_is_asked_to(void) {
    struct machine m;
    uint64_t s = world_with_bound_socket(&m, FIRST), event = new_event(&m, true, false);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, false));
    speak_as(&m, CHILD);
    expect_error(WSAENOTSOCK, close_socket(&m, s));
    s = world_with_bound_socket(&m, FIRST);
    event = new_event(&m, true, false);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, true));
    expect_ok(close_socket(&m, s));
    speak_as(&m, CHILD);
    CU_ASSERT_EQUAL(port_of(&m, s), FIRST);
    expect_error(ERROR_INVALID_HANDLE, close_handle(&m, event));
    CU_ASSERT_TRUE(tcp(&m) > s); /* a number of its own beside the inherited ones */
    expect_ok(close_socket(&m, s));
    expect_ok(bind_port(&m, tcp(&m), FIRST));
}

/* A number that its parent gave away and closed is not the child's first. */
static void a_child_counts_on_where_its_parent_is(void) {
    struct machine m;
    machine_begin(&m);
    tcp(&m);
    uint64_t last = tcp(&m);
    expect_ok(close_socket(&m, last));
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, true));
    speak_as(&m, CHILD);
    CU_ASSERT_EQUAL(tcp(&m), last + 4);
}

static void a_full_table_refuses_what_would_inherit(void) {
    struct machine m;
    machine_begin(&m);
    for (unsigned i = 0; i < m.world->limits.handles / 2 + 1u; i++) tcp(&m);
    expect_error(ERROR_NOT_ENOUGH_MEMORY, start_child(&m, MANIFEST_AS_INVOKER, true));
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, false));
}

static void a_child_outlives_its_parent(void) {
    struct machine m;
    struct result unseen;
    machine_begin(&m);
    start_tool(&m, 0);
    speak_as(&m, TOOL);
    uint64_t keeper = tcp(&m);
    granted(&m, keeper, FIRST, 1);
    expect_ok(start_child(&m, MANIFEST_AS_INVOKER, true));
    result_clear(&unseen);
    model_process_end(m.world, m.chooser, PROCESS_TOOL, &unseen);
    CU_ASSERT_PTR_NULL(model_check(m.world));
    speak_as(&m, CHILD);
    uint64_t s = tcp(&m);
    expect_error(WSAEACCES, bind_port(&m, s, FIRST)); /* the socket is open, and so the block is reserved */
    expect_ok(close_socket(&m, keeper));
    expect_ok(bind_port(&m, s, FIRST));
}

static void a_child_begins_as_its_program_does(void) {
    struct machine m;
    uint64_t s = 0;
    machine_begin(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_CreateProcess, PROCESS_ID_FIRST + CHILD_PROCESS, 0, MANIFEST_AS_INVOKER),
                    1);
    model_process_begin(m.world, CHILD_PROCESS, CHILD, 0);
    speak_as(&m, CHILD);
    expect_error(WSANOTINITIALISED, make_socket(&m, AF_V4, STREAM, TCP, &s));
}

void register_children_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/children", NULL, NULL);
    CU_add_test(suite, "a child has its parent's token", a_child_has_its_parents_token);
    CU_add_test(suite, "impersonation is not handed on", impersonation_is_not_handed_on);
    CU_add_test(suite, "what must not start leaves nothing", what_must_not_start_leaves_nothing);
    CU_add_test(suite, "a child inherits where it is asked to", a_child_inherits_where_it_is_asked_to);
    CU_add_test(suite, "a handle can be made not inheritable", a_handle_can_be_made_not_inheritable);
    CU_add_test(suite, "a child counts on where its parent is", a_child_counts_on_where_its_parent_is);
    CU_add_test(suite, "a full table refuses what would inherit", a_full_table_refuses_what_would_inherit);
    CU_add_test(suite, "a child outlives its parent", a_child_outlives_its_parent);
    CU_add_test(suite, "a child begins as its program does", a_child_begins_as_its_program_does);
}
