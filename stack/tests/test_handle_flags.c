/* The flags of WSASocketW and of SetHandleInformation, each combination of them: what of a socket they decide, and
 * nothing else. */
#include "stack/model/model.h"
#include "stack/system/handles.h"
#include "stack/tests/fixture_calls.h"

void register_handle_flags_tests(void);

static const struct handle *handle_of(const struct machine *m, uint64_t number) {
    for (unsigned i = 0; i < world_top(m->world, TABLE_HANDLES); i++)
        if (world_handle_at(m->world, i)->number == number) return world_handle_at(m->world, i);
    return NULL;
}

static uint64_t open_with(struct machine *m, enum function function, uint64_t flags) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    call.arguments[WSASocketW_af] = AF_V4;
    call.arguments[WSASocketW_type] = STREAM;
    call.arguments[WSASocketW_protocol] = TCP;
    call.arguments[WSASocketW_dwFlags] = flags;
    run_call(m, &call);
    CU_ASSERT_EQUAL(m->result.status, RESULT_RETURNED);
    return m->result.value;
}

/* The page of WSASocket: WSA_FLAG_OVERLAPPED gives the overlapped attribute, WSA_FLAG_NO_HANDLE_INHERIT keeps the
 * handle from children; socket() has the one and not the other. */
static void each_flag_of_creation_decides_one_thing(void) {
    static const enum function functions[] = { FUNCTION_WSASocketW, FUNCTION_WSASocketA };
    struct machine m;
    for (unsigned i = 0; i < 2; i++)
        for (uint64_t flags = 0; flags <= 0x1ff; flags++) {
            machine_begin(&m);
            uint64_t socket = open_with(&m, functions[i], flags);
            const struct handle *handle = handle_of(&m, socket);
            CU_ASSERT_PTR_NOT_NULL_FATAL(handle);
            CU_ASSERT_EQUAL(handle->inheritable, (flags & WSA_FLAG_NO_HANDLE_INHERIT) == 0);
            CU_ASSERT_EQUAL(world_socket(m.world, handle->object)->overlapped, (flags & WSA_FLAG_OVERLAPPED) != 0);
            CU_ASSERT_EQUAL(world_socket(m.world, handle->object)->nonblocking, false);
        }
    machine_begin(&m);
    const struct handle *plain = handle_of(&m, tcp(&m));
    CU_ASSERT(plain->inheritable);
    CU_ASSERT(world_socket(m.world, plain->object)->overlapped);
}

/* The page of SetHandleInformation: the mask says which flags are set, the flags how. */
static void the_mask_says_which_flags_change(void) {
    struct machine m;
    for (unsigned was = 0; was < 2; was++)
        for (uint64_t mask = 0; mask < 4; mask++)
            for (uint64_t flags = 0; flags < 4; flags++) {
                machine_begin(&m);
                uint64_t other = tcp(&m),
                         socket = open_with(&m, FUNCTION_WSASocketW, was ? 0 : WSA_FLAG_NO_HANDLE_INHERIT);
                plain_call(&m, FUNCTION_SetHandleInformation, socket, mask, flags);
                bool modelled = (mask & HANDLE_FLAG_PROTECT_FROM_CLOSE) == 0;
                CU_ASSERT_EQUAL(m.result.status, modelled ? RESULT_RETURNED : RESULT_NOT_MODELLED);
                if (modelled) CU_ASSERT_EQUAL(m.result.value, TRUE);
                bool changes = modelled && (mask & HANDLE_FLAG_INHERIT) != 0;
                bool is = changes ? (flags & HANDLE_FLAG_INHERIT) != 0 : was != 0;
                CU_ASSERT_EQUAL(handle_of(&m, socket)->inheritable, is);
                CU_ASSERT(handle_of(&m, other)->inheritable);
            }
}

/* Events and files that children inherit are not modelled; that they do not is what they are. */
static void of_other_handles_only_what_they_are_is_modelled(void) {
    struct machine m;
    uint64_t file = 0;
    machine_begin(&m);
    uint64_t event = new_event(&m, true, false);
    expect_ok(open_file(&m, "NUL", &file));
    const uint64_t handles[] = { event, file };
    for (unsigned i = 0; i < 2; i++) {
        plain_call(&m, FUNCTION_SetHandleInformation, handles[i], HANDLE_FLAG_INHERIT, 0);
        CU_ASSERT_EQUAL(m.result.value, TRUE);
        plain_call(&m, FUNCTION_SetHandleInformation, handles[i], 0, HANDLE_FLAG_INHERIT);
        CU_ASSERT_EQUAL(m.result.value, TRUE);
        plain_call(&m, FUNCTION_SetHandleInformation, handles[i], HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
        CU_ASSERT_FALSE(handle_of(&m, handles[i])->inheritable);
        expect_ok(close_handle(&m, handles[i]));
        plain_call(&m, FUNCTION_SetHandleInformation, handles[i], HANDLE_FLAG_INHERIT, 0);
        CU_ASSERT_EQUAL(m.result.error, ERROR_INVALID_HANDLE);
    }
}

/* Numbers go up to the last one, which is no place to count on from. */
static void the_last_number_is_followed_by_a_low_one(void) {
    struct machine m;
    machine_begin(&m);
    world_process(m.world, PROCESS_APP)->handle_next = HANDLE_LAST - 4;
    CU_ASSERT_EQUAL(tcp(&m), HANDLE_LAST - 4);
    CU_ASSERT_EQUAL(tcp(&m), HANDLE_LAST);
    CU_ASSERT_EQUAL(world_process(m.world, PROCESS_APP)->handle_next, HANDLE_LAST);
    CU_ASSERT_EQUAL(tcp(&m), 4);
    CU_ASSERT_EQUAL(tcp(&m), 8);
}

/* Whose other handle the socket was bound by, does not know it (T9.10); handles to other sockets are none of these. */
static void a_bind_concerns_handles_to_the_same_socket(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t binder = tcp(&m), other = tcp(&m);
    unsigned socket = handle_find(m.world, PROCESS_APP, HANDLE_SOCKET, binder);
    uint64_t second = handle_open(m.world, m.chooser, PROCESS_APP, HANDLE_SOCKET, socket),
             copy = handle_open(m.world, m.chooser, PROCESS_APP, HANDLE_SOCKET, socket);
    handle_set_duplicated(m.world, PROCESS_APP, copy);
    handle_bound_by(m.world, PROCESS_APP, binder);
    CU_ASSERT_TRUE(handle_is_unaware(m.world, PROCESS_APP, second));
    CU_ASSERT_FALSE(handle_is_unaware(m.world, PROCESS_APP, copy));
    CU_ASSERT_FALSE(handle_is_unaware(m.world, PROCESS_APP, binder));
    CU_ASSERT_FALSE(handle_is_unaware(m.world, PROCESS_APP, other));
    CU_ASSERT_PTR_NULL(model_check(m.world));
}

void register_handle_flags_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model flags of handles", NULL, NULL);
    CU_add_test(suite, "each flag of creation decides one thing", each_flag_of_creation_decides_one_thing);
    CU_add_test(suite, "the mask says which flags change", the_mask_says_which_flags_change);
    CU_add_test(suite, "of other handles only what they are", of_other_handles_only_what_they_are_is_modelled);
    CU_add_test(suite, "the last number is followed by a low one", the_last_number_is_followed_by_a_low_one);
    CU_add_test(suite, "a bind concerns handles to the same socket", a_bind_concerns_handles_to_the_same_socket);
}
