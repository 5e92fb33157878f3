#include "conformance/agent/native_call.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conformance/agent/system/faults.h"
#include "sim/memory/pages.h"
#include "conformance/session/executor.h"

enum { CALLS_NESTED_MAX = 2 }; /* a call, and one that its blocking hook makes */

/* The exact call of each function: arguments become its C types, and what it returns becomes 64 bits, sign-extended. */
#define ARGUMENT(function, type, name, ...) (type)(uintptr_t) arguments[function##_##name]
#define FUNCTION(result, name, module, family, returns, product, traits, lasting, ...) \
    static uint64_t native_##name(const struct windows_functions *functions, const uint64_t *arguments) { \
        (void)arguments; \
        return (uint64_t)(int64_t)functions->name(EACH(ARGUMENT, COMMA, , name, __VA_ARGS__)); \
    }
#include "stack/call/functions.def"

typedef uint64_t native_function(const struct windows_functions *functions, const uint64_t *arguments);

/* clang-format off */
static native_function *const natives[FUNCTION_COUNT] = {
#define FUNCTION(result, name, ...) [FUNCTION_##name] = native_##name,
#include "stack/call/functions.def"
};
/* clang-format on */

/* Where a function's pointer is in the table. */
/* clang-format off */
static const size_t places[FUNCTION_COUNT] = {
#define FUNCTION(result, name, ...) [FUNCTION_##name] = offsetof(struct windows_functions, name),
#include "stack/call/functions.def"
};
/* clang-format on */

bool windows_function_is_there(const struct windows_functions *functions, enum function function) {
    void (*pointer)(void) = NULL;
    assert(function < FUNCTION_COUNT);
    if (function == FUNCTION_NONE) return true;
    memcpy(&pointer, (const char *)functions + places[function], sizeof pointer);
    return pointer != NULL;
}

/* The local port of a socket, asked through the same stack. 0 when it has none to show. */
static uint16_t local_port(const struct windows_functions *functions, SOCKET socket) {
    SOCKADDR_STORAGE address;
    int length = sizeof address;
    memset(&address, 0, sizeof address);
    if (functions->getsockname(socket, (struct sockaddr *)&address, &length) != 0) return 0;
    /* The port stands at the same place in both families. */
    return load_u16_network((const uint8_t *)&address + 2);
}

/* The memory of a WSATHREADID as it was before the call; NULL: there is none to fill in. */
struct thread_id_memory {
    void *place;
    WSATHREADID before;
};

static struct thread_id_memory name_thread(const struct windows_functions *functions, const struct native_call *call) {
    struct thread_id_memory memory = { .place = NULL };
    int argument = signature_parameter_of_kind(signature_of(call->function), PARAMETER_THREAD_ID);
    uint64_t address = argument < 0 ? 0 : call->arguments[argument];
    if (address == 0 || functions->name_thread == NULL) return memory;
    if (pages_readable(address, sizeof memory.before) < sizeof memory.before) return memory;
    memory.place = (void *)(uintptr_t)address;
    memcpy(&memory.before, memory.place, sizeof memory.before);
    functions->name_thread(memory.place);
    return memory;
}

/* The caller's structure is none any more: who kept the pointer to it finds rubbish (PAR-19). */
static void forget_thread(const struct thread_id_memory *memory) {
    if (memory->place != NULL) memcpy(memory->place, &memory->before, sizeof memory->before);
}

void native_call(const struct windows_functions *functions, const struct native_call *call,
                 struct native_answer *answer) {
    assert(functions != NULL);
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    static __thread struct fault_guard guards[CALLS_NESTED_MAX];
    static __thread unsigned nested;
    assert(nested < CALLS_NESTED_MAX);
    struct fault_guard *guard = &guards[nested];
    uint32_t before = call->function == FUNCTION_WSAGetLastError ? call->last_error : (uint32_t)POISON_LAST_ERROR;
    memset(answer, 0, sizeof *answer);
    const struct thread_id_memory named = name_thread(functions, call);
    nested++;
    if (FAULTS_GUARDED(guard)) {
        SetLastError(before);
        answer->value = natives[call->function](functions, call->arguments);
        answer->last_error = GetLastError();
        faults_disarm(guard);
        nested--;
        if (answer->last_error == before) answer->last_error = ERROR_UNTOUCHED;
        forget_thread(&named);
    } else {
        nested--;
        answer->fault = guard->code;
        answer->last_error = ERROR_UNTOUCHED;
        return;
    }
    answer->no_answer = functions->not_modelled != NULL && functions->not_modelled(&answer->about);
    if (answer->no_answer) return;
    const struct signature *signature = signature_of(call->function);
    if (!signature_binds(signature, signature_succeeds(signature, answer->value))) return;
    int socket = signature_parameter_of_kind(signature, PARAMETER_HANDLE);
    assert(socket >= 0);
    answer->port = local_port(functions, (SOCKET)call->arguments[socket]);
}
