#include "conformance/agent/native_executor.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/netsh_steps.h"
#include "conformance/agent/provider_path.h"
#include "conformance/agent/system/process.h"
#include "sim/memory/utf16.h"
#include "conformance/base/reason.h"
#include "conformance/session/session_addresses.h"
#include "conformance/session/step_limit.h"

_Static_assert(sizeof(OVERLAPPED) == OVERLAPPED_SIZE, "records describe the memory of 64-bit Windows");
_Static_assert(sizeof(OVERLAPPED_ENTRY) == OVERLAPPED_ENTRY_SIZE, "likewise");

static __thread struct native_thread *current_thread;

/* --- completion routines --------------------------------------------------------------------------------------- */

/* The control thread may look at what ran while the call of this thread still blocks. */
static void note_routine(const struct result_routine *ran) {
    struct native_thread *thread = current_thread;
    assert(thread != NULL);
    unsigned count = atomic_load(&thread->routines_count);
    if (count == RESULT_ROUTINES_MAX) {
        thread->routines_lost = true;
        return;
    }
    thread->routines[count] = *ran;
    atomic_store(&thread->routines_count, count + 1);
}

/* Windows tells a routine nothing that names it, so each user address gets a function of its own. */
static void record_routine(unsigned trampoline, DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags) {
    const struct result_routine ran = { .routine = current_thread->executor->routine_addresses[trampoline],
                                        .overlapped = (uint64_t)(uintptr_t)overlapped,
                                        .error = error,
                                        .bytes = bytes,
                                        .flags = flags,
                                        .kind = RAN_ROUTINE,
                                        .thread = (uint16_t)current_thread->index };
    note_routine(&ran);
}

/* clang-format off */
#define TRAMPOLINE(n) \
    static void CALLBACK trampoline_##n(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags) { \
        record_routine(n, error, bytes, overlapped, flags); \
    }
TRAMPOLINE(0) TRAMPOLINE(1) TRAMPOLINE(2) TRAMPOLINE(3) TRAMPOLINE(4) TRAMPOLINE(5) TRAMPOLINE(6) TRAMPOLINE(7)
#undef TRAMPOLINE
    /* clang-format on */

    static const LPWSAOVERLAPPED_COMPLETION_ROUTINE trampolines[ROUTINES_MAX] = {
        trampoline_0, trampoline_1, trampoline_2, trampoline_3, trampoline_4, trampoline_5, trampoline_6, trampoline_7,
    };

/* The function that stands for a routine's user address; 0 when all are taken. */
static uint64_t trampoline_for(struct native_executor *self, uint64_t address) {
    assert(address != 0);
    for (unsigned i = 0; i < ROUTINES_MAX; i++) {
        if (self->routine_addresses[i] == 0) self->routine_addresses[i] = address;
        if (self->routine_addresses[i] == address) return (uint64_t)(uintptr_t)trampolines[i];
    }
    return 0;
}

/* What QueueUserAPC is given: one function for all, as its number says which it is. */
static void CALLBACK apc(ULONG_PTR number) {
    const struct result_routine ran = {
        .routine = APC_ADDRESS, .overlapped = number, .kind = RAN_APC, .thread = (uint16_t)current_thread->index
    };
    note_routine(&ran);
}

/* --- the blocking hook ------------------------------------------------------------------------------------------ */

/* Winsock runs it while the thread's call blocks. FALSE: it has seen no message. */
static INT_PTR WINAPI blocking_hook(void) {
    struct native_thread *thread = current_thread;
    assert(thread != NULL && thread->hook_request != NULL);
    if (!wakeup_await(thread->hook_request, HOOK_LOOKS_MS)) return FALSE;
    native_call(thread->executor->functions, &thread->hook_call, &thread->hook_answer);
    wakeup_give(thread->hook_done);
    return FALSE;
}

/* --- threads ---------------------------------------------------------------------------------------------------- */

static void thread_main(void *parameter) {
    struct native_thread *thread = parameter;
    assert(thread->executor != NULL);
    current_thread = thread;
    wakeup_give(thread->done);
    bool entered = false;
    for (;;) {
        /* Not alertable: routines run inside the scenario's own alertable calls only. */
        wakeup_await(thread->request, NO_LIMIT);
        if (thread->leave) return;
        /* Not before: a thread that nothing is asked of may get its first time slice when its process has ended. */
        if (!entered) thread->executor->functions->enter(thread->executor->process, thread->index);
        entered = true;
        native_call(thread->executor->functions, &thread->call, &thread->answer);
        wakeup_give(thread->done);
    }
}

static struct native_thread *thread_at(struct native_executor *self, unsigned index) {
    assert(index < THREADS_MAX);
    struct native_thread *thread = &self->threads[index];
    if (thread->state != NATIVE_THREAD_ABSENT) return thread;
    thread->executor = self;
    thread->index = index;
    thread->request = wakeup_create();
    thread->done = wakeup_create();
    thread->hook_request = wakeup_create();
    thread->hook_done = wakeup_create();
    thread->real = thread_begin(thread_main, thread);
    wakeup_await(thread->done, NO_LIMIT); /* what is queued to a thread that has not begun runs before all else */
    thread->state = NATIVE_THREAD_IDLE;
    return thread;
}

static void destroy_wakeups(struct native_thread *thread) {
    wakeup_destroy(thread->request);
    wakeup_destroy(thread->done);
    wakeup_destroy(thread->hook_request);
    wakeup_destroy(thread->hook_done);
}

/* Fills the slot and waits. True when the answer is there. */
static bool perform(struct native_thread *thread, unsigned limit_ms) {
    assert(thread->state == NATIVE_THREAD_IDLE);
    thread->call.last_error = thread->last_error;
    atomic_store(&thread->routines_count, 0);
    thread->routines_reported = 0;
    thread->state = NATIVE_THREAD_BUSY;
    wakeup_give(thread->request);
    if (!wakeup_await(thread->done, limit_ms)) return false;
    thread->state = NATIVE_THREAD_IDLE;
    return true;
}

/* The same for the slot of the hook. False: the hook did not run, or its call has not returned. */
static bool perform_in_hook(struct native_thread *thread, unsigned limit_ms) {
    assert(thread->state == NATIVE_THREAD_BUSY && thread->hooked);
    thread->hook_call.last_error = thread->last_error;
    wakeup_give(thread->hook_request);
    if (wakeup_await(thread->hook_done, limit_ms)) return true;
    if (wakeup_await(thread->hook_request, 0)) return false; /* taken back */
    return wakeup_await(thread->hook_done, LIMIT_RETURN_MS);
}

/* --- the account of what was made --------------------------------------------------------------------------------- */

static void forget_handle(struct native_executor *self, uint64_t number) {
    for (unsigned i = 0; i < self->created_count; i++) {
        if (self->created[i].number != number) continue;
        self->created_count--;
        memmove(&self->created[i], &self->created[i + 1], (self->created_count - i) * sizeof self->created[0]);
        return;
    }
}

static void remember_handle(struct native_executor *self, uint64_t number, enum product product) {
    assert(number != 0);
    forget_handle(self, number); /* given anew: what had this number before is gone */
    assert(self->created_count < CREATED_MAX);
    self->created[self->created_count].number = number;
    self->created[self->created_count].product = product;
    self->created_count++;
}

/* The id of this process, as a call has it. */
static uint64_t own_id(const struct native_executor *self) {
    return self->functions->processes_share_host ? PROCESS_ID_FIRST + (uint64_t)self->process : process_id();
}

/* What DuplicateHandle has put into another process ends with that. A socket is closed as any other handle, so that it
 * does not matter whether Winsock knows it. */
static void keep_account_of_copy(struct native_executor *self, const struct native_call *call,
                                 const struct native_answer *answer) {
    const uint64_t *arguments = call->arguments;
    bool closes = (arguments[DuplicateHandle_dwOptions] & DUPLICATE_CLOSE_SOURCE) != 0;
    if (closes && arguments[DuplicateHandle_hSourceProcessHandle] == own_id(self))
        forget_handle(self, arguments[DuplicateHandle_hSourceHandle]);
    if (answer->value != 0 && arguments[DuplicateHandle_hTargetProcessHandle] == own_id(self))
        remember_handle(self, answer->value, PRODUCT_COPY);
}

/* Takes note of what a call that has returned made or took away. */
static void keep_account(struct native_executor *self, struct native_thread *thread, const struct native_call *call,
                         const struct native_answer *answer) {
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    if (answer->fault != 0) {
        self->tainted = true; /* whatever the call held when it was cut off is held for ever */
        return;
    }
    const struct signature *signature = signature_of(call->function);
    bool copies = call->function == FUNCTION_DuplicateHandle;
    if (answer->no_answer || (!copies && !signature_succeeds(signature, answer->value))) return;
    enum product product = (enum product)signature->product;
    if (call->function == FUNCTION_DuplicateHandle) keep_account_of_copy(self, call, answer);
    else if (product_is_handle(product)) remember_handle(self, answer->value, product);
    if ((signature->traits & TRAIT_CLOSES) != 0) {
        int handle = signature_parameter_of_kind(signature, PARAMETER_HANDLE);
        assert(handle >= 0);
        forget_handle(self, call->arguments[handle]);
    }
    if (call->function == FUNCTION_WSASetBlockingHook) thread->hooked = self->hook_was_set = true;
    if (call->function == FUNCTION_WSAUnhookBlockingHook) thread->hooked = false;
    if (call->function == FUNCTION_WSAStartup) self->startups++;
    if (call->function == FUNCTION_WSACleanup && self->startups > 0) self->startups--;
}

void native_executor_inherit(struct native_executor *self, const struct inherited_handle *handle) {
    assert(handle->number != 0);
    remember_handle(self, handle->number, (enum product)handle->product);
}

/* Offers the scenario's handles to the child that a call is to start: those that Windows calls inheritable, where the
 * call wants that at all. False with self->reason. */
static bool offer_start(struct native_executor *self, const struct call *call) {
    struct program_start *start = self->start;
    if (call->function != FUNCTION_CreateProcess || start == NULL) return true;
    if (call->arguments[CreateProcess_lpApplicationName] == 0) return true;
    bool inherits = call->arguments[CreateProcess_bInheritHandles] != 0;
    start->inherited_count = 0;
    for (unsigned i = 0; inherits && i < self->created_count; i++) {
        if (!program_start_inherits(self->created[i].number)) continue;
        if (start->inherited_count == INHERITED_MAX) {
            reason_set(&self->reason, "more than %d handles to inherit", INHERITED_MAX);
            return false;
        }
        start->inherited[start->inherited_count++] =
            (struct inherited_handle){ .number = self->created[i].number, .product = self->created[i].product };
    }
    program_start_offer(start);
    return true;
}

/* --- calls ------------------------------------------------------------------------------------------------------- */

static void break_result(struct native_executor *self, struct result *result, const char *why) {
    assert(why != NULL);
    result_clear(result);
    result->status = RESULT_BROKEN;
    reason_set(&self->reason, "%s", why);
}

/* Records hold text as UTF-8 without a terminator; Windows wants it wide and terminated. */
static void widen(const struct call *call, unsigned argument, struct native_call *native) {
    const struct range *range = &call->ranges[argument];
    assert(range->bytes_length <= CALL_BYTES_MAX);
    const char *bytes = (const char *)call->bytes + range->bytes_offset;
    utf16_from_utf8(bytes, range->bytes_length, native->text, CALL_BYTES_MAX + 1);
    native->arguments[argument] = (uint64_t)(uintptr_t)native->text;
}

/* The array of WSABUFs, with real addresses in it. False with self->reason. */
static bool translate_buffers(struct native_executor *self, const struct call *call, struct native_call *native) {
    for (uint32_t i = 0; i < call->buffers_count; i++) {
        void *real = NULL;
        if (!user_memory_map(&self->memory, call, &call->buffers[i].range, &real, &self->reason)) return false;
        native->buffers[i].len = call->buffers[i].length;
        native->buffers[i].buf = real;
    }
    return true;
}

/* Turns user addresses into real ones. False with self->reason. */
static bool translate(struct native_executor *self, const struct call *call, struct native_call *native) {
    const struct signature *signature = signature_of((enum function)call->function);
    assert(signature->parameters_count <= CALL_ARGUMENTS_MAX);
    memset(native, 0, sizeof *native);
    native->function = (enum function)call->function;
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        enum parameter_kind kind = (enum parameter_kind)signature->parameters[i].kind;
        native->arguments[i] = call->arguments[i];
        bool wild = call->ranges[i].state == RANGE_BAD;
        if (kind == PARAMETER_ROUTINE && call->arguments[i] != 0 && !wild) {
            native->arguments[i] = trampoline_for(self, call->arguments[i]);
            if (native->arguments[i] != 0) continue;
            reason_set(&self->reason, "more than %d completion routines in one process", ROUTINES_MAX);
            return false;
        }
        if (kind == PARAMETER_APC && call->ranges[i].state == RANGE_GOOD) {
            native->arguments[i] = (uint64_t)(uintptr_t)apc;
            continue;
        }
        uint64_t index = call->arguments[i] - THREAD_HANDLE_FIRST;
        bool thread = kind == PARAMETER_THREAD || kind == PARAMETER_OBJECT;
        if (thread && index < THREADS_MAX && !self->functions->threads_by_number)
            native->arguments[i] = thread_handle(thread_at(self, (unsigned)index)->real);
        if (kind == PARAMETER_HOOK && call->ranges[i].state == RANGE_GOOD) {
            native->arguments[i] = (uint64_t)(uintptr_t)blocking_hook;
            continue;
        }
        if (call->ranges[i].state == RANGE_NONE) continue;
        if (kind == PARAMETER_TEXT && call->ranges[i].state == RANGE_GOOD) {
            widen(call, i, native);
            continue;
        }
        bool buffers = kind == PARAMETER_BUFFERS_IN || kind == PARAMETER_BUFFERS_OUT;
        if (buffers && call->ranges[i].state == RANGE_GOOD) {
            if (!translate_buffers(self, call, native)) return false;
            native->arguments[i] = (uint64_t)(uintptr_t)native->buffers;
            continue;
        }
        void *real = NULL;
        if (!user_memory_map(&self->memory, call, &call->ranges[i], &real, &self->reason)) return false;
        native->arguments[i] = (uint64_t)(uintptr_t)real;
        if (kind != PARAMETER_OVERLAPPED || real == NULL || wild) continue;
        struct user_range *range = user_memory_at(&self->memory, call->arguments[i]);
        if (range != NULL) range->overlapped = 1;
    }
    return true;
}

/* What the call stored as a pointer to an OVERLAPPED is real: the scenario knows user addresses only. */
static void name_overlapped(struct native_executor *self, const struct native_call *call) {
    int argument = signature_parameter_of_kind(signature_of(call->function), PARAMETER_OVERLAPPED_OUT);
    void *place = argument < 0 ? NULL : (void *)(uintptr_t)call->arguments[argument];
    uint64_t pointer;
    if (place == NULL || user_memory_address(&self->memory, place) == 0) return;
    memcpy(&pointer, place, sizeof pointer);
    uint64_t address = user_memory_address(&self->memory, (void *)(uintptr_t)pointer);
    if (address != 0) memcpy(place, &address, sizeof address);
}

/* Likewise in each entry that there is room for: rubbish in those that were not filled is no address. */
static void name_overlapped_of_entries(struct native_executor *self, const struct native_call *call) {
    const struct signature *signature = signature_of(call->function);
    int argument = signature_parameter_of_kind(signature, PARAMETER_ENTRIES_OUT);
    uint8_t *entries = argument < 0 ? NULL : (uint8_t *)(uintptr_t)call->arguments[argument];
    if (entries == NULL || user_memory_address(&self->memory, entries) == 0) return;
    uint32_t room = (uint32_t)call->arguments[signature->parameters[argument].pair];
    if (room > RANGE_LENGTH_MAX / OVERLAPPED_ENTRY_SIZE) room = RANGE_LENGTH_MAX / OVERLAPPED_ENTRY_SIZE;
    for (uint32_t i = 0; i < room; i++) {
        uint8_t *place = entries + i * OVERLAPPED_ENTRY_SIZE + ENTRY_OVERLAPPED;
        uint64_t address = user_memory_address(&self->memory, (void *)(uintptr_t)load_u64(place));
        if (address != 0) store_u64(place, address);
    }
}

/* What ran in the thread's call since it was last looked at. */
static void report_routines(struct native_executor *self, struct native_thread *thread, struct result *result) {
    unsigned count = atomic_load(&thread->routines_count);
    for (; thread->routines_reported < count; thread->routines_reported++) {
        struct result_routine routine = thread->routines[thread->routines_reported];
        if (routine.kind == RAN_ROUTINE)
            routine.overlapped = user_memory_address(&self->memory, (void *)(uintptr_t)routine.overlapped);
        result_routine(result, &routine);
    }
}

/* The record of a call that has not returned. */
static void tell_blocked(struct native_executor *self, struct native_thread *thread, struct result *result) {
    result->status = RESULT_BLOCKED;
    report_routines(self, thread, result);
    user_memory_report(&self->memory, result);
}

/* The record of a call that has returned. */
static void finish(struct native_executor *self, struct native_thread *thread, const struct native_call *call,
                   const struct native_answer *answer, struct result *result) {
    keep_account(self, thread, call, answer);
    if (answer->no_answer) {
        executor_say(result, RESULT_NOT_MODELLED, answer->about.text);
        return;
    }
    if (answer->fault == 0) name_overlapped(self, call);
    if (answer->fault == 0) name_overlapped_of_entries(self, call);
    result->status = answer->fault != 0 ? RESULT_FAULT : RESULT_RETURNED;
    result->value = answer->value;
    result->error = answer->fault != 0 ? answer->fault : answer->last_error;
    if (answer->last_error != ERROR_UNTOUCHED) thread->last_error = answer->last_error;
    report_routines(self, thread, result);
    if (thread->routines_lost) {
        break_result(self, result, "more completion routines ran in one call than a record holds");
        return;
    }
    bool netsh = signature_parameter_of_kind(signature_of(call->function), PARAMETER_STORE) >= 0;
    if (netsh && answer->value == NETSH_SAYS_NOTHING) {
        char why[sizeof self->reason.text];
        snprintf(why, sizeof why, "netsh did not answer in a way that can be read: %s", netsh_steps_words());
        break_result(self, result, why);
        return;
    }
    if (answer->port != 0) {
        uint8_t port[2];
        store_u16_network(port, answer->port);
        result_write(result, OBSERVED_PORT_ADDRESS, port, sizeof port);
    }
    user_memory_report(&self->memory, result);
}

void native_executor_call(struct native_executor *self, const struct call *call, unsigned limit_ms,
                          struct result *result) {
    assert(call->thread < THREADS_MAX);
    assert(call->function > FUNCTION_NONE && call->function < FUNCTION_COUNT);
    struct native_thread *thread = thread_at(self, call->thread);
    result_clear(result);
    bool in_hook = thread->state == NATIVE_THREAD_BUSY;
    if (in_hook && !thread->hooked) {
        break_result(self, result, "a call was made on a thread that has not returned from its last one");
        return;
    }
    struct native_call *slot = in_hook ? &thread->hook_call : &thread->call;
    if (!translate(self, call, slot) || !offer_start(self, call)) {
        break_result(self, result, self->reason.text);
        return;
    }
    if (in_hook ? perform_in_hook(thread, limit_ms) : perform(thread, limit_ms)) {
        finish(self, thread, slot, in_hook ? &thread->hook_answer : &thread->answer, result);
        return;
    }
    tell_blocked(self, thread, result);
}

void native_executor_returns(struct native_executor *self, unsigned thread_index, unsigned limit_ms,
                             struct result *result) {
    assert(thread_index < THREADS_MAX);
    struct native_thread *thread = &self->threads[thread_index];
    result_clear(result);
    if (thread->state != NATIVE_THREAD_BUSY) {
        break_result(self, result, "`returns` of a thread that is in no call");
        return;
    }
    if (wakeup_await(thread->done, limit_ms)) {
        thread->state = NATIVE_THREAD_IDLE;
        finish(self, thread, &thread->call, &thread->answer, result);
        return;
    }
    tell_blocked(self, thread, result);
}

static bool is_pending(struct native_executor *self, uint64_t address) {
    const struct user_range *range = user_memory_at(&self->memory, address);
    if (range == NULL || range->length < OVERLAPPED_SIZE) return false;
    return load_u64(range->real + OVERLAPPED_INTERNAL) == STATUS_PENDING;
}

void native_executor_show(struct native_executor *self, uint64_t address, uint64_t event, unsigned limit_ms,
                          struct result *result) {
    assert(self->functions != NULL);
    assert(address == 0 || event == 0 || limit_ms > 0);
    result_clear(result);
    uint64_t until_ms = clock_ms() + limit_ms;
    while (address != 0 && is_pending(self, address) && clock_ms() < until_ms) self->functions->advance(1000000);
    result->status = RESULT_RETURNED;
    result->error = ERROR_UNTOUCHED;
    if (event != 0) {
        self->functions->enter(self->process, self->main_thread);
        int state = self->functions->event_state((HANDLE)(uintptr_t)event);
        result->value = state < 0 ? UINT64_MAX : (uint64_t)state; /* UINT64_MAX: there is no such event */
    }
    user_memory_report(&self->memory, result);
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

bool native_executor_others_started(const struct windows_functions *functions) {
    if (provider_path() != NULL) return false; /* its count is its own, and no one else has it */
    SOCKET s = functions->socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    return s != INVALID_SOCKET && functions->closesocket(s) == 0;
}

bool native_executor_start(struct native_executor *self, const struct windows_functions *functions, unsigned process,
                           unsigned main_thread, unsigned startup) {
    assert(functions != NULL);
    assert(main_thread < THREADS_MAX);
    memset(self, 0, sizeof *self);
    self->functions = functions;
    self->process = process;
    self->main_thread = main_thread;
    user_memory_create(&self->memory);
    functions->process_starts(process, main_thread);
    functions->enter(process, main_thread);
    self->others_started = native_executor_others_started(functions);
    struct native_thread *thread = thread_at(self, main_thread);
    if (startup == 0) return true;
    WSADATA data;
    memset(&thread->call, 0, sizeof thread->call);
    thread->call.function = FUNCTION_WSAStartup;
    thread->call.arguments[WSAStartup_wVersionRequested] = startup;
    thread->call.arguments[WSAStartup_lpWSAData] = (uint64_t)(uintptr_t)&data;
    if (!perform(thread, LIMIT_RETURN_MS)) {
        /* `data` must not go while it may still be written. */
        reason_set(&self->reason, "WSAStartup does not return");
        fprintf(stderr, "agent: %s\n", self->reason.text);
        process_end(3);
    }
    keep_account(self, thread, &thread->call, &thread->answer);
    thread->last_error = 0;
    if (thread->answer.fault == 0 && thread->answer.value == 0) return true;
    reason_set(&self->reason, "WSAStartup(0x%04x) failed: %llu", startup, (unsigned long long)thread->answer.value);
    return false;
}

bool native_executor_thread_end(struct native_executor *self, unsigned index) {
    assert(index < THREADS_MAX);
    struct native_thread *thread = &self->threads[index];
    bool absent = thread->state == NATIVE_THREAD_ABSENT;
    if (thread->state == NATIVE_THREAD_BUSY) {
        reason_set(&self->reason, "a thread that is inside a call cannot end");
        return false;
    }
    if (!absent) {
        thread->leave = true;
        wakeup_give(thread->request);
        if (!thread_join(thread->real, LIMIT_RETURN_MS)) {
            reason_set(&self->reason, "a thread does not end");
            return false;
        }
        destroy_wakeups(thread);
        memset(thread, 0, sizeof *thread);
    }
    self->functions->thread_ends(index);
    return true;
}

/* Waits until no thread is inside a call, or the limit. */
static bool threads_return(struct native_executor *self, unsigned limit_ms) {
    bool all = true;
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        struct native_thread *thread = &self->threads[i];
        if (thread->state != NATIVE_THREAD_BUSY) continue;
        if (!wakeup_await(thread->done, limit_ms)) {
            all = false;
            continue;
        }
        thread->state = NATIVE_THREAD_IDLE;
        keep_account(self, thread, &thread->call, &thread->answer);
    }
    return all;
}

/* Frees threads that the scenario left in a wait. */
static void wake_threads(struct native_executor *self) {
    assert(self->functions != NULL);
    if (threads_return(self, 0)) return;
    for (unsigned i = 0; i < self->created_count; i++) {
        if (self->created[i].product == PRODUCT_EVENT)
            self->functions->SetEvent((HANDLE)(uintptr_t)self->created[i].number);
    }
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        if (self->threads[i].state == NATIVE_THREAD_BUSY) thread_wake(self->threads[i].real);
    }
    threads_return(self, 100);
}

static bool close_created(struct native_executor *self) {
    const struct windows_functions *functions = self->functions;
    bool clean = true;
    WSADATA data;
    bool starts = self->startups == 0 && self->created_count > 0;
    if (starts && functions->WSAStartup(0x0202, &data) == 0) self->startups++;
    while (self->created_count > 0) {
        struct created_handle last = self->created[--self->created_count];
        if (last.product == PRODUCT_SOCKET) {
            /* WSACleanup may have closed it already. */
            clean &= functions->closesocket((SOCKET)last.number) == 0 || GetLastError() == WSAENOTSOCK;
        } else {
            bool closed = functions->CloseHandle((HANDLE)(uintptr_t)last.number) != 0;
            clean &= closed || (last.product == PRODUCT_COPY && GetLastError() == ERROR_INVALID_HANDLE); /* likewise */
        }
    }
    if (!clean) reason_set(&self->reason, "a handle of the scenario cannot be closed");
    return clean;
}

/* Calls WSACleanup as often as it takes; once more must be refused, or a count is off. Where someone else has
 * initialised Winsock here that one would be theirs, and is not called. */
static bool clean_up_winsock(struct native_executor *self) {
    const struct windows_functions *functions = self->functions;
    bool clean = true;
    if (self->hook_was_set) functions->WSAUnhookBlockingHook(); /* refused where the thread that had it is gone */
    while (self->startups > 0) {
        self->startups--;
        clean &= functions->WSACleanup() == 0;
    }
    clean &= self->others_started || functions->WSACleanup() != 0;
    if (!clean) reason_set(&self->reason, "the WSAStartup count does not come back to where it was");
    return clean;
}

/* False when a thread had to be given up. What it may still touch stays: the process has to be thrown away. */
static bool end_threads(struct native_executor *self) {
    bool clean = threads_return(self, 500);
    for (unsigned i = 0; i < THREADS_MAX; i++) {
        struct native_thread *thread = &self->threads[i];
        if (thread->state == NATIVE_THREAD_ABSENT) continue;
        thread->leave = true;
        wakeup_give(thread->request);
        thread->state = NATIVE_THREAD_ABSENT;
        if (!thread_join(thread->real, clean ? 2000 : 100)) {
            clean = false;
            thread_abandon(thread->real);
            continue;
        }
        destroy_wakeups(thread);
    }
    if (!clean) reason_set(&self->reason, "a thread of the scenario does not return");
    return clean;
}

bool native_executor_end(struct native_executor *self, bool abruptly) {
    assert(self->functions != NULL);
    assert(!abruptly || self->functions->processes_share_host);
    self->functions->enter(self->process, self->main_thread);
    bool clean = true;
    /* A parked thread of the model accepts no calls, and these would come in its name; ending its process does it
     * all. */
    if (!abruptly && (!self->functions->processes_share_host || threads_return(self, 0))) {
        wake_threads(self);
        clean &= close_created(self);
        clean &= clean_up_winsock(self);
    }
    self->functions->process_ends(self->process);
    clean &= end_threads(self);
    bool shared = self->functions->processes_share_host; /* a model process that has ended stores nothing any more */
    for (unsigned i = 0; !shared && i < 200 && user_memory_pending(&self->memory); i++) sleep_ms(5);
    bool pending = !shared && user_memory_pending(&self->memory);
    if (pending) reason_set(&self->reason, "an overlapped request of the scenario never completes");
    if (clean && !pending) user_memory_destroy(&self->memory); /* else it may still be written to: it stays */
    clean &= !pending;
    self->tainted |= !clean;
    return clean;
}
