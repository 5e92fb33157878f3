/* Accounts, tokens and UAC: table T11.3 row by row, then what starts, and impersonation. */
#include "stack/system/privilege.h"
#include "stack/tests/fixture.h"

void register_security_tests(void);

/* --- the table -------------------------------------------------------------------------------------------------- */

enum caller_kind { PLAIN, ELEVATED, IMPERSONATING };

/* DOC: the pages of Create, Delete and ASSOCIATE say so. INF: inferred from how tokens work. */
static const struct row {
    const char *caller; /* with its source */
    enum account_kind kind;
    enum manifest manifest;
    enum caller_kind how;
    bool lua_off, filter;
    bool persistent;               /* under the leans */
    bool persistent_to_the_letter; /* Q86=b */
    bool runtime_to_the_letter;    /* Q87=b */
} rows[] = {
    { "standard user (DOC: REM-22, ERR-ACCES-USER)", ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, PLAIN, false, false,
      false, false, false },
    { "member, filtered (DOC: REM-25, ERR-ACCES-ELEVATION)", ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, PLAIN, false,
      false, false, false, false },
    { "member, elevated, with the manifest (DOC: REM-25)", ACCOUNT_ADMINISTRATOR, MANIFEST_REQUIRE_ADMINISTRATOR,
      ELEVATED, false, false, true, true, true },
    { "member, elevated, without the manifest (DOC: REM-26)", ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, ELEVATED,
      false, false, true, false, true },
    { "member, elevated, highestAvailable (INF)", ACCOUNT_ADMINISTRATOR, MANIFEST_HIGHEST_AVAILABLE, ELEVATED, false,
      false, true, false, true },
    { "built-in Administrator (DOC: REM-25)", ACCOUNT_BUILTIN_ADMINISTRATOR, MANIFEST_AS_INVOKER, PLAIN, false, false,
      true, true, true },
    { "built-in Administrator, filtered (INF)", ACCOUNT_BUILTIN_ADMINISTRATOR, MANIFEST_AS_INVOKER, PLAIN, false, true,
      false, false, false },
    { "built-in Administrator, elevated (INF)", ACCOUNT_BUILTIN_ADMINISTRATOR, MANIFEST_AS_INVOKER, ELEVATED, false,
      true, true, true, true },
    { "member, EnableLUA=0 (INF)", ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, PLAIN, true, false, true, true, true },
    { "built-in Administrator, EnableLUA=0 and the filter on (INF)", ACCOUNT_BUILTIN_ADMINISTRATOR, MANIFEST_AS_INVOKER,
      PLAIN, true, true, true, true, true },
    { "standard user, EnableLUA=0 (DOC: REM-22)", ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, PLAIN, true, false, false,
      false, false },
    { "LocalSystem (INF)", ACCOUNT_LOCAL_SYSTEM, MANIFEST_AS_INVOKER, PLAIN, false, false, true, true, true },
    { "elevated thread that impersonates a standard user (SILENT: Q90)", ACCOUNT_ADMINISTRATOR,
      MANIFEST_REQUIRE_ADMINISTRATOR, IMPERSONATING, false, false, false, false, false },
};

enum { ROWS_COUNT = sizeof rows / sizeof rows[0], OTHER_ACCOUNT = 2 };

static void machine_of_row(struct machine *m, const struct row *row) {
    machine_begin(m);
    result_clear(&m->result);
    model_process_end(m->world, m->chooser, PROCESS_APP, &m->result);
    security_set_uac(m->world, !row->lua_off, row->filter);
    start_tool_as(m, row->kind, row->manifest, row->how != PLAIN);
    speak_as(m, TOOL);
    if (row->how != IMPERSONATING) return;
    security_name_account(m->world, OTHER_ACCOUNT, ACCOUNT_STANDARD_USER);
    CU_ASSERT_EQUAL(plain_call(m, FUNCTION_ImpersonateLoggedOnUser, OTHER_ACCOUNT, 0, 0), 1);
}

static struct context context_of(struct machine *m) {
    return (struct context){ .world = m->world,
                             .chooser = m->chooser,
                             .result = &m->result,
                             .thread = m->thread,
                             .process = world_thread_at(m->world, m->thread)->process };
}

static void check_row(const struct row *row, bool expected, bool seen) {
    CU_assertImplementation(expected == seen, (unsigned)(row - rows), row->caller, __FILE__, "", CU_FALSE);
}

static void each_caller_of_the_table_may_what_it_may(void) {
    for (unsigned i = 0; i < ROWS_COUNT; i++) {
        struct machine m;
        machine_of_row(&m, &rows[i]);
        struct context context = context_of(&m);
        check_row(&rows[i], rows[i].persistent, may_use_persistent(&context));
        check_row(&rows[i], rows[i].persistent, security_is_administrator(m.world, TOOL));
        check_row(&rows[i], true, may_use_runtime(&context));
        CU_ASSERT_PTR_NULL(model_check(m.world));
    }
}

static void to_the_letter_a_member_needs_the_manifest(void) {
    for (unsigned i = 0; i < ROWS_COUNT; i++) {
        struct machine m;
        machine_of_row(&m, &rows[i]);
        also_read(&m, Q86_ADMINISTRATOR, Q86_MANIFEST_TOO);
        struct context context = context_of(&m);
        check_row(&rows[i], rows[i].persistent_to_the_letter, may_use_persistent(&context));
    }
}

static void to_the_letter_runtime_tokens_need_an_administrator_too(void) {
    for (unsigned i = 0; i < ROWS_COUNT; i++) {
        struct machine m;
        machine_of_row(&m, &rows[i]);
        also_read(&m, Q87_ASSOCIATE_UNPRIVILEGED, Q87_ACCES);
        struct context context = context_of(&m);
        check_row(&rows[i], rows[i].runtime_to_the_letter, may_use_runtime(&context));
    }
}

/* --- questions ---------------------------------------------------------------------------------------------------- */

static void an_administrator_answers_no_question(void) {
    struct machine m;
    machine_of_row(&m, &rows[2]);
    struct context context = context_of(&m);
    CU_ASSERT_TRUE(may_use_persistent(&context));
    CU_ASSERT_TRUE(may_use_runtime(&context));
    CU_ASSERT_FALSE(world_asked(m.world, Q86_ADMINISTRATOR));
    CU_ASSERT_FALSE(world_asked(m.world, Q87_ASSOCIATE_UNPRIVILEGED));
    CU_ASSERT_FALSE(world_asked(m.world, Q90_IMPERSONATION));
}

/* Answers `no` to the account without a name, and counts how often it is asked. */
struct doubter {
    struct chooser chooser;
    unsigned asked;
};

static unsigned doubt(struct chooser *chooser, enum choice what, unsigned count) {
    struct doubter *self = (struct doubter *)chooser;
    self->asked += what == CHOICE_ACCOUNT;
    return what == CHOICE_ACCOUNT ? count - 1 : 0;
}

static void an_account_without_a_name_is_asked_about_once(void) {
    struct machine m;
    machine_begin(&m);
    struct context context = context_of(&m);
    CU_ASSERT_TRUE(may_use_persistent(&context)); /* the ordinary machine */
    CU_ASSERT_EQUAL(m.world->readings[READING_ACCOUNT], 1);

    struct doubter doubter = { .chooser = { .choose = doubt } };
    machine_begin(&m);
    context = context_of(&m);
    context.chooser = &doubter.chooser;
    CU_ASSERT_FALSE(may_use_persistent(&context));
    CU_ASSERT_FALSE(may_start(&context, MANIFEST_REQUIRE_ADMINISTRATOR));
    CU_ASSERT_TRUE(may_start(&context, MANIFEST_HIGHEST_AVAILABLE));
    CU_ASSERT_EQUAL(doubter.asked, 1);
}

/* --- starts ------------------------------------------------------------------------------------------------------- */

static uint64_t create_process(struct machine *m, enum manifest manifest) {
    return plain_call(m, FUNCTION_CreateProcess, 0, 0, manifest);
}

static void what_requires_an_administrator_does_not_start_without(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_REQUIRE_ADMINISTRATOR), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_ELEVATION_REQUIRED);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_HIGHEST_AVAILABLE), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_ELEVATION_REQUIRED);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_AS_INVOKER), 1);
}

static void a_standard_user_starts_the_highest_that_it_has(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, false);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_HIGHEST_AVAILABLE), 1);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_REQUIRE_ADMINISTRATOR), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_ELEVATION_REQUIRED);
}

static void a_failed_launch_changes_nothing(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, false);
    CU_ASSERT_EQUAL(security_launch(m.world, PROCESS_TOOL, MANIFEST_AS_INVOKER, true), ERROR_ELEVATION_REQUIRED);
    CU_ASSERT_EQUAL(world_process(m.world, PROCESS_TOOL)->token, TOKEN_FULL);
    CU_ASSERT_EQUAL(security_launch(m.world, PROCESS_TOOL, MANIFEST_REQUIRE_ADMINISTRATOR, false),
                    ERROR_ELEVATION_REQUIRED);
    CU_ASSERT_EQUAL(world_process(m.world, PROCESS_TOOL)->manifest, MANIFEST_AS_INVOKER);
}

/* --- impersonation ------------------------------------------------------------------------------------------------ */

static void a_thread_impersonates_alone_and_reverts(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_ADMINISTRATOR, MANIFEST_REQUIRE_ADMINISTRATOR, true);
    security_name_account(m.world, OTHER_ACCOUNT, ACCOUNT_STANDARD_USER);
    speak_as(&m, TOOL);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ImpersonateLoggedOnUser, OTHER_ACCOUNT, 0, 0), 1);
    CU_ASSERT_FALSE(security_is_administrator(m.world, TOOL));
    CU_ASSERT_TRUE(security_is_administrator(m.world, TOOL_SECOND));
    CU_ASSERT_EQUAL(security_effective_account(m.world, TOOL), OTHER_ACCOUNT);
    CU_ASSERT_EQUAL(create_process(&m, MANIFEST_REQUIRE_ADMINISTRATOR), 1); /* by the process's token */
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_RevertToSelf, 0, 0, 0), 1);
    CU_ASSERT_TRUE(security_is_administrator(m.world, TOOL));
}

static void an_unknown_account_cannot_be_impersonated(void) {
    struct machine m;
    machine_begin(&m);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ImpersonateLoggedOnUser, 7, 0, 0), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    CU_ASSERT_EQUAL(plain_call(&m, FUNCTION_ImpersonateLoggedOnUser, UINT64_MAX, 0, 0), 0);
    CU_ASSERT_EQUAL(create_process(&m, (enum manifest)3), 0);
    CU_ASSERT_EQUAL(m.result.error, ERROR_FILE_NOT_FOUND);
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

static void broken_facts_are_named(void) {
    struct machine m;
    machine_begin(&m);
    start_tool_as(&m, ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, false);
    struct process *tool = world_process(m.world, PROCESS_TOOL);
    CU_ASSERT_PTR_NULL(security_check(m.world));
    tool->manifest = 3;
    CU_ASSERT_STRING_EQUAL(security_check(m.world), "A1: a process's token or manifest is of no kind");
    tool->manifest = MANIFEST_REQUIRE_ADMINISTRATOR;
    CU_ASSERT_STRING_EQUAL(security_check(m.world), "A3: a process requires an administrator and runs without");
    tool->token = TOKEN_FILTERED;
    CU_ASSERT_STRING_EQUAL(security_check(m.world), "A2: a filtered token of an account that has none");
    *tool = (struct process){ .alive = 1, .account = 1, .handle_next = tool->handle_next };
    world_thread(m.world, TOOL)->impersonated = 9;
    CU_ASSERT_STRING_EQUAL(security_check(m.world), "A4: a thread impersonates an account that is not known");
}

static void who_one_is_makes_a_difference_to_the_world(void) {
    struct machine one, other;
    machine_begin(&one);
    machine_begin(&other);
    start_tool_as(&one, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    start_tool_as(&other, ACCOUNT_ADMINISTRATOR, MANIFEST_AS_INVOKER, false);
    CU_ASSERT_TRUE(same_world(&one, &other));
    CU_ASSERT_EQUAL(security_launch(other.world, PROCESS_TOOL, MANIFEST_AS_INVOKER, true), 0);
    CU_ASSERT_FALSE(same_world(&one, &other));
    CU_ASSERT_EQUAL(security_launch(one.world, PROCESS_TOOL, MANIFEST_AS_INVOKER, true), 0);
    CU_ASSERT_TRUE(same_world(&one, &other));
    security_impersonate(one.world, TOOL, 1);
    CU_ASSERT_FALSE(same_world(&one, &other));
}

static void an_account_beyond_the_last_has_no_name(void) {
    struct machine m;
    machine_begin(&m);
    m.world->account_kinds[ACCOUNTS_MAX - 1] = ACCOUNT_STANDARD_USER;
    CU_ASSERT_EQUAL(security_account_kind(m.world, ACCOUNTS_MAX - 1), ACCOUNT_STANDARD_USER);
    CU_ASSERT_EQUAL(security_account_kind(m.world, ACCOUNTS_MAX), ACCOUNT_UNNAMED);
}

/* --- what starts -------------------------------------------------------------------------------------------------- */

/* How a program is started. ELEVATED_START: with the full token of its account. */
enum start { AS_INVOKER, HIGHEST, REQUIRES, ELEVATED_START, STARTS };

/* Which programs an account with this token cannot start without being elevated (the pages of application manifests and
 * of CreateProcess): whoever has Administrators enabled starts any; a filtered token is less than the highest that its
 * account has; a standard user has no more, and cannot be elevated. */
static void who_lacks_something_cannot_start_what_wants_it(void) {
    static const struct {
        enum account_kind kind;
        enum token token;
        bool refused[STARTS];
    } cases[] = {
        { ACCOUNT_STANDARD_USER, TOKEN_FULL, { false, false, true, true } },
        { ACCOUNT_ADMINISTRATOR, TOKEN_FILTERED, { false, true, true, false } },
        { ACCOUNT_ADMINISTRATOR, TOKEN_FULL, { false, false, false, false } },
        { ACCOUNT_BUILTIN_ADMINISTRATOR, TOKEN_FILTERED, { false, true, true, false } },
        { ACCOUNT_BUILTIN_ADMINISTRATOR, TOKEN_FULL, { false, false, false, false } },
        { ACCOUNT_LOCAL_SYSTEM, TOKEN_FULL, { false, false, false, false } },
    };
    static const enum manifest manifests[STARTS] = { MANIFEST_AS_INVOKER, MANIFEST_HIGHEST_AVAILABLE,
                                                     MANIFEST_REQUIRE_ADMINISTRATOR, MANIFEST_AS_INVOKER };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct machine m;
        machine_begin(&m);
        security_name_account(m.world, OTHER_ACCOUNT, cases[i].kind);
        for (unsigned start = 0; start < STARTS * 2; start++) {
            m.world->enable_lua = start < STARTS; /* without UAC no one is asked to be elevated */
            enum manifest manifest = manifests[start % STARTS];
            bool elevated = start % STARTS == ELEVATED_START, refused = start < STARTS && cases[i].refused[start];
            uint32_t error = security_launch_error(m.world, OTHER_ACCOUNT, cases[i].token, manifest, elevated);
            CU_ASSERT_EQUAL(error, refused ? ERROR_ELEVATION_REQUIRED : 0);
        }
    }
}

void register_security_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/security", NULL, NULL);
    CU_add_test(suite, "who lacks something cannot start what wants it",
                who_lacks_something_cannot_start_what_wants_it);
    CU_add_test(suite, "an account beyond the last has no name", an_account_beyond_the_last_has_no_name);
    CU_add_test(suite, "each caller of the table may what it may", each_caller_of_the_table_may_what_it_may);
    CU_add_test(suite, "to the letter a member needs the manifest", to_the_letter_a_member_needs_the_manifest);
    CU_add_test(suite, "to the letter runtime tokens need an administrator too",
                to_the_letter_runtime_tokens_need_an_administrator_too);
    CU_add_test(suite, "an administrator answers no question", an_administrator_answers_no_question);
    CU_add_test(suite, "an account without a name is asked about once", an_account_without_a_name_is_asked_about_once);
    CU_add_test(suite, "what requires an administrator does not start without",
                what_requires_an_administrator_does_not_start_without);
    CU_add_test(suite, "a standard user starts the highest that it has",
                a_standard_user_starts_the_highest_that_it_has);
    CU_add_test(suite, "a failed launch changes nothing", a_failed_launch_changes_nothing);
    CU_add_test(suite, "a thread impersonates alone and reverts", a_thread_impersonates_alone_and_reverts);
    CU_add_test(suite, "an unknown account cannot be impersonated", an_unknown_account_cannot_be_impersonated);
    CU_add_test(suite, "broken facts are named", broken_facts_are_named);
    CU_add_test(suite, "who one is makes a difference to the world", who_one_is_makes_a_difference_to_the_world);
}
