/* How fast overlapped calls are, by the way in which the caller learns of their end, and how fast orders are explored.
 * Run from the top of the project: it plays what lies in conformance/explorer/.
 *
 * Each overlapped call is counted once, whatever calls it takes to learn of its end: none of a synchronous one; a look
 * at the event, WSAGetOverlappedResult, an alertable sleep or a packet taken of the others; and CancelIoEx of one that
 * pends. A call costs no allocation: the model has none. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "conformance/explorer/explore.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "sim/bench/benchmark.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/control_values.h"
#include "stack/sdk/wait_values.h"

enum { CALLS = 20000, ORDERS_MOST = 1000000, OVERLAPPED_AT = 0x90000, ROUTINE_AT = 0xA0000 };

/* --- overlapped calls --------------------------------------------------------------------------------------------- */

enum mode { SYNCHRONOUS, POLLING, EVENT, ROUTINE, PORT, MODES };

struct calling {
    struct world *world;
    struct simulating_chooser chooser;
    struct call control, learns, cancels;
    struct result result;
};

static uint64_t make(struct calling *calling, const struct call *call) {
    model_call(calling->world, &calling->chooser.chooser, call, &calling->result);
    model_settle(calling->world, &calling->chooser.chooser, &calling->result);
    return calling->result.value;
}

static uint64_t plain(struct calling *calling, enum function function, uint64_t first, uint64_t second,
                      uint64_t third) {
    struct call call = { .function = (uint16_t)function, .arguments = { first, second, third } };
    return make(calling, &call);
}

static void point_out(struct call *call, unsigned argument, uint64_t address, uint32_t length) {
    point(call, argument, length);
    call->arguments[argument] = call->ranges[argument].address = address;
}

/* The call by which the caller learns of the end. */
static void prepare_learning(struct calling *calling, enum mode mode, uint64_t socket, uint64_t event, uint64_t port) {
    struct call *learns = &calling->learns;
    if (mode == POLLING) {
        static const uint8_t ended[OVERLAPPED_SIZE];
        learns->function = FUNCTION_WSAGetOverlappedResult;
        learns->arguments[WSAGetOverlappedResult_s] = socket;
        point_at(learns, WSAGetOverlappedResult_ov, ended, sizeof ended);
        point(learns, WSAGetOverlappedResult_bytes, 4);
        point(learns, WSAGetOverlappedResult_flags, 4);
    } else if (mode == EVENT) {
        learns->function = FUNCTION_WaitForSingleObject;
        learns->arguments[WaitForSingleObject_hHandle] = event;
    } else if (mode == ROUTINE) {
        learns->function = FUNCTION_SleepEx;
        learns->arguments[SleepEx_bAlertable] = TRUE;
    } else if (mode == PORT) {
        learns->function = FUNCTION_GetQueuedCompletionStatus;
        learns->arguments[GetQueuedCompletionStatus_CompletionPort] = port;
        point(learns, GetQueuedCompletionStatus_lpNumberOfBytesTransferred, 4);
        point(learns, GetQueuedCompletionStatus_lpCompletionKey, 8);
        point(learns, GetQueuedCompletionStatus_lpOverlapped, 8);
    }
}

/* A socket in a fresh world, and the calls on it. One that pends is cancelled. */
static void prepare(struct calling *calling, void *memory, const struct world_limits *limits, enum mode mode,
                    bool pends) {
    static const uint8_t keepalive[12] = { 1 };
    memset(calling, 0, sizeof *calling);
    calling->world = world_create(memory, limits);
    simulating_chooser_init(&calling->chooser, profile_named("windows"), 0);
    model_process_start(calling->world, 0, 0, 0, 0x0202);
    uint64_t socket = plain(calling, FUNCTION_socket, 2, 1, 6);
    uint64_t event = plain(calling, FUNCTION_CreateEventW, 0, FALSE, 0), port = 0;
    if (mode == PORT) port = plain(calling, FUNCTION_CreateIoCompletionPort, socket, 0, 7);
    prepare_control(&calling->control, pends ? SIO_ADDRESS_LIST_CHANGE : SIO_KEEPALIVE_VALS, keepalive, 12, 0);
    calling->control.arguments[WSAIoctl_s] = socket;
    uint8_t overlapped[OVERLAPPED_SIZE] = { 0 };
    store_u64(overlapped + OVERLAPPED_EVENT, mode == EVENT ? event : 0);
    if (mode != SYNCHRONOUS) point_at(&calling->control, WSAIoctl_ov, overlapped, sizeof overlapped);
    if (mode != SYNCHRONOUS) point_out(&calling->control, WSAIoctl_ov, OVERLAPPED_AT, OVERLAPPED_SIZE);
    if (mode == ROUTINE) point_out(&calling->control, WSAIoctl_routine, ROUTINE_AT, 1);
    prepare_learning(calling, mode, socket, event, port);
    calling->cancels.function = pends ? FUNCTION_CancelIoEx : FUNCTION_NONE;
    calling->cancels.arguments[CancelIoEx_hFile] = socket;
    point_out(&calling->cancels, CancelIoEx_lpOverlapped, OVERLAPPED_AT, OVERLAPPED_SIZE);
}

static double work_calls(void *context) {
    struct calling *calling = context;
    for (unsigned i = 0; i < CALLS; i++) {
        uint64_t value = make(calling, &calling->control);
        bool pends = calling->cancels.function != FUNCTION_NONE;
        demand(pends ? calling->result.error == WSA_IO_PENDING : value == 0, "an overlapped call has failed");
        if (pends) demand(make(calling, &calling->cancels) == TRUE, "a request cannot be cancelled");
        if (calling->learns.function == FUNCTION_NONE) continue;
        value = make(calling, &calling->learns);
        bool learnt = calling->learns.function == FUNCTION_WaitForSingleObject ? value == WAIT_OBJECT_0
                      : calling->learns.function == FUNCTION_SleepEx           ? value == WAIT_IO_COMPLETION
                      : pends && calling->learns.function == FUNCTION_GetQueuedCompletionStatus
                          ? calling->result.error == ERROR_OPERATION_ABORTED
                          : value == TRUE;
        demand(learnt, "the end of a call was not seen");
    }
    return CALLS;
}

static void bench_calls(void) {
    static const char *const words[MODES] = { "synchronous", "by polling", "by event", "by routine", "by port" };
    struct world_limits limits = world_limits_small();
    void *memory = memory_of(world_bytes(&limits));
    struct calling *calling = memory_of(sizeof *calling);
    for (unsigned pends = 0; pends < 2; pends++) {
        for (unsigned mode = pends; mode < MODES; mode++) {
            char what[64];
            prepare(calling, memory, &limits, (enum mode)mode, pends);
            struct figure figure = measure(work_calls, calling);
            snprintf(what, sizeof what, "%s %s", pends ? "pending and cancelled," : "at once,", words[mode]);
            print_rate(what, &figure, 1, "calls/s", 0, NULL);
        }
    }
    free(calling);
    free(memory);
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

struct exploring {
    const struct scenario *instance;
    struct explore_limits limits;
    uint64_t orders, runs;
};

static double work_explore(void *context) {
    struct exploring *exploring = context;
    struct exploration exploration;
    explore(exploring->instance, profile_named("windows"), &exploring->limits, &exploration);
    demand(exploration.exhaustive && exploration.trouble.length == 0, "an exploration has failed");
    double orders = (double)exploration.orders;
    exploring->orders = exploration.orders;
    exploring->runs = exploration.runs;
    exploration_free(&exploration);
    return orders;
}

static void bench_explore(const char *path) {
    struct language_error error;
    struct scenario *scenario = scenario_parse_file(path, &error);
    demand(scenario != NULL, "a scenario of the explorer is not there: run this from the top of the project");
    struct scenario *instance = scenario_expand(scenario, 0);
    struct exploring one_by_one = { .instance = instance,
                                    .limits = { .orders_most = ORDERS_MOST, .one_by_one = true } };
    struct exploring merging = { .instance = instance, .limits = { .orders_most = ORDERS_MOST } };
    char what[64];
    struct figure plain_figure = measure(work_explore, &one_by_one), figure = measure(work_explore, &merging);
    snprintf(what, sizeof what, "%s, one by one", instance->name);
    print_rate(what, &plain_figure, 1, "orders/s", 0, NULL);
    snprintf(what, sizeof what, "%s, merging", instance->name);
    print_rate(what, &figure, 1, "orders/s", plain_figure.median_s / figure.median_s, "one by one");
    printf("  %-34s %14lu orders, %lu played\n", "", (unsigned long)merging.orders, (unsigned long)merging.runs);
    scenario_free(instance);
    scenario_free(scenario);
}

int main(void) {
    print_heading();
    bench_calls();
    bench_explore("conformance/explorer/bugs/failed-packet.scn");
    bench_explore("conformance/explorer/tests/independent.scn");
    return 0;
}
