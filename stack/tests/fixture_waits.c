#include "stack/tests/fixture_waits.h"

enum { ENTRIES_AT = 0x7000, REMOVED_AT = 0x7800, COUNT_AT = 0x7900, APC_AT = 0x7a00, HANDLES_AT = 0x7b00 };

static void point_out(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = address;
    call->ranges[argument].length = length;
    call->ranges[argument].state = RANGE_GOOD;
}

static uint32_t error_of(struct machine *machine, struct call *call) {
    run_call(machine, call);
    if (machine->result.status == RESULT_BLOCKED) return WAIT_BLOCKS;
    CU_ASSERT_EQUAL(machine->result.status, RESULT_RETURNED);
    return machine->result.value != FALSE ? 0 : machine->result.error;
}

uint32_t take_packets(struct machine *machine, uint64_t port, const struct taking *taking) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_GetQueuedCompletionStatusEx;
    call.arguments[GetQueuedCompletionStatusEx_CompletionPort] = port;
    call.arguments[GetQueuedCompletionStatusEx_ulCount] = taking->room;
    call.arguments[GetQueuedCompletionStatusEx_dwMilliseconds] = taking->milliseconds;
    call.arguments[GetQueuedCompletionStatusEx_fAlertable] = taking->alertable;
    point_out(&call, GetQueuedCompletionStatusEx_lpCompletionPortEntries, ENTRIES_AT,
              taking->room * OVERLAPPED_ENTRY_SIZE);
    point_out(&call, GetQueuedCompletionStatusEx_ulNumEntriesRemoved, REMOVED_AT, 4);
    return error_of(machine, &call);
}

uint32_t packets_taken(const struct machine *machine) {
    const uint8_t *removed = written(machine, REMOVED_AT, 4);
    return removed == NULL ? (uint32_t)UNTOUCHED : load_u32(removed);
}

struct entry packet_taken(const struct machine *machine, unsigned n) {
    const uint8_t *entries = written(machine, ENTRIES_AT, packets_taken(machine) * OVERLAPPED_ENTRY_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(entries);
    CU_ASSERT_TRUE_FATAL(n < packets_taken(machine));
    const uint8_t *entry = entries + n * OVERLAPPED_ENTRY_SIZE;
    return (struct entry){ .key = load_u64(entry + ENTRY_KEY),
                           .overlapped = load_u64(entry + ENTRY_OVERLAPPED),
                           .status = load_u64(entry + ENTRY_INTERNAL),
                           .bytes = load_u32(entry + ENTRY_BYTES) };
}

uint32_t result_within(struct machine *machine, uint64_t file, unsigned which, uint32_t milliseconds, bool alertable) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_GetOverlappedResultEx;
    call.arguments[GetOverlappedResultEx_hFile] = file;
    call.arguments[GetOverlappedResultEx_dwMilliseconds] = milliseconds;
    call.arguments[GetOverlappedResultEx_bAlertable] = alertable;
    point_out(&call, GetOverlappedResultEx_lpOverlapped, OVERLAPPED_ADDRESS + which * OVERLAPPED_SIZE, OVERLAPPED_SIZE);
    call_put_bytes(&call, GetOverlappedResultEx_lpOverlapped, machine->overlapped[which], OVERLAPPED_SIZE);
    point_out(&call, GetOverlappedResultEx_lpNumberOfBytesTransferred, COUNT_AT, 4);
    return error_of(machine, &call);
}

void queue_routine(struct machine *machine, uint64_t socket, unsigned which) {
    control(machine, socket, CODE_UNKNOWN);
    with_overlapped(machine, which, 0);
    with_routine(machine, RANGE_GOOD);
    expect_error(WSA_IO_PENDING, perform(machine));
}

uint32_t queue_apc(struct machine *machine, unsigned thread, uint64_t number) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_QueueUserAPC;
    point_out(&call, QueueUserAPC_pfnAPC, APC_AT, 1);
    call.arguments[QueueUserAPC_hThread] = THREAD_HANDLE_FIRST + thread;
    call.arguments[QueueUserAPC_dwData] = number;
    return error_of(machine, &call);
}

static uint32_t wait_by(struct machine *machine, enum function function, const uint64_t *events,
                        const struct several *several) {
    struct call call;
    uint8_t handles[MAXIMUM_WAIT_OBJECTS * POINTER_SIZE];
    unsigned there = several->count > 3 && several->count <= MAXIMUM_WAIT_OBJECTS ? several->count : 3;
    for (unsigned i = 0; i < there; i++) store_u64(handles + i * POINTER_SIZE, events[i]);
    call_clear(&call);
    call.function = (uint16_t)function;
    call.arguments[WaitForMultipleObjectsEx_nCount] = several->count;
    call.arguments[WaitForMultipleObjectsEx_bWaitAll] = several->all;
    call.arguments[WaitForMultipleObjectsEx_dwMilliseconds] = several->milliseconds;
    call.arguments[WaitForMultipleObjectsEx_bAlertable] = several->alertable;
    point_out(&call, WaitForMultipleObjectsEx_lpHandles, HANDLES_AT, there * POINTER_SIZE);
    call_put_bytes(&call, WaitForMultipleObjectsEx_lpHandles, handles, there * POINTER_SIZE);
    run_call(machine, &call);
    return machine->result.status == RESULT_BLOCKED ? (uint32_t)WAIT_BLOCKS : (uint32_t)machine->result.value;
}

uint32_t wait_for_several(struct machine *machine, const uint64_t *events, const struct several *several) {
    return wait_by(machine, FUNCTION_WaitForMultipleObjectsEx, events, several);
}

uint32_t wait_error(struct machine *machine, const uint64_t *events, const struct several *several) {
    CU_ASSERT_EQUAL(wait_for_several(machine, events, several), WAIT_FAILED);
    return machine->result.error;
}

uint32_t wait_for_winsock_events(struct machine *machine, const uint64_t *events, const struct several *several) {
    return wait_by(machine, FUNCTION_WSAWaitForMultipleEvents, events, several);
}
