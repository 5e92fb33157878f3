#include "stack/tests/fixture.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* User addresses of everything that a call may point to. */
#define IN_ADDRESS UINT64_C(0x10000)
#define OUT_ADDRESS UINT64_C(0x20000)
#define BYTES_ADDRESS UINT64_C(0x30000)
#define ROUTINE_ADDRESS UINT64_C(0x50000)
#define NAME_ADDRESS UINT64_C(0x60000)
#define LENGTH_ADDRESS UINT64_C(0x70000)

enum { LEVEL_SOCKET = 0xffff, LEVEL_IPV6 = 41 };

bool same_result(const struct result *one, const struct result *other) {
    return memcmp(one, other, offsetof(struct result, writes)) == 0 &&
           memcmp(one->writes, other->writes, one->writes_count * sizeof one->writes[0]) == 0 &&
           memcmp(one->routines, other->routines, one->routines_count * sizeof one->routines[0]) == 0 &&
           memcmp(one->returns, other->returns, one->returns_count * sizeof one->returns[0]) == 0 &&
           memcmp(one->bytes, other->bytes, one->bytes_used) == 0;
}

/* --- machines --- */

void machine_begin(struct machine *machine) {
    memset(machine, 0, sizeof *machine);
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    assert(world_bytes(&limits) <= sizeof machine->memory);
    machine->world = world_create(machine->memory, &limits);
    machine->profile = *profile_named("windows");
    simulating_chooser_init(&machine->simulating, &machine->profile, 0);
    machine->chooser = &machine->simulating.chooser;
    model_process_start(machine->world, PROCESS_APP, APP, 0, 0x0202);
    model_thread_start(machine->world, APP_SECOND, PROCESS_APP);
    speak_as(machine, APP);
}

void also_read(struct machine *machine, enum question question, unsigned candidate) {
    assert(reading_of(question) != NULL);
    assert(candidate < reading_of(question)->candidates_count);
    machine->profile.answers[question] = (uint8_t)(candidate + 1);
}

void machine_with_reading(struct machine *machine, enum question question, unsigned candidate) {
    machine_begin(machine);
    also_read(machine, question, candidate);
}

void start_tool(struct machine *machine, unsigned account) {
    model_process_start(machine->world, PROCESS_TOOL, TOOL, account, 0x0202);
    model_thread_start(machine->world, TOOL_SECOND, PROCESS_TOOL);
}

void start_tool_as(struct machine *machine, enum account_kind kind, enum manifest manifest, bool elevated) {
    security_name_account(machine->world, 1, kind);
    start_tool(machine, 1);
    uint32_t error = security_launch(machine->world, PROCESS_TOOL, manifest, elevated);
    assert(error == 0);
    (void)error;
}

void machine_with_two_processes(struct machine *machine) {
    machine_begin(machine);
    udp(machine); /* socket and event 0 are no one's by mistake */
    new_event(machine, false, false);
    start_tool(machine, 0);
}

uint64_t world_with_open_socket(struct machine *machine) {
    machine_begin(machine);
    return tcp(machine);
}

uint64_t world_with_pending_address_change(struct machine *machine) {
    uint64_t s = world_with_open_socket(machine);
    control(machine, s, SIO_ADDRESS_LIST_CHANGE);
    with_overlapped(machine, 0, 0);
    expect_error(WSA_IO_PENDING, perform(machine));
    return s;
}

uint64_t world_with_bound_socket(struct machine *machine, unsigned port) {
    uint64_t socket = world_with_open_socket(machine);
    expect_ok(bind_port(machine, socket, port));
    return socket;
}

void speak_as(struct machine *machine, unsigned thread) {
    assert(thread < machine->world->limits.threads);
    machine->thread = thread;
}

/* --- any call --- */

static void see_writes(struct machine *machine) {
    for (unsigned i = 0; i < machine->result.writes_count; i++) {
        const struct result_write *write = &machine->result.writes[i];
        uint64_t offset = write->address - OVERLAPPED_ADDRESS;
        if (offset >= sizeof machine->overlapped) continue;
        assert(offset + write->length <= sizeof machine->overlapped);
        memcpy((uint8_t *)machine->overlapped + offset, machine->result.bytes + write->bytes_offset, write->length);
    }
}

static void check_invariants(const struct machine *machine) {
    if (machine->unchecked) return;
    const char *broken = model_check(machine->world);
    CU_assertImplementation(broken == NULL, __LINE__, broken == NULL ? "invariants" : broken, __FILE__, "", CU_FALSE);
}

static bool begins_in(const struct result_write *write, const struct range *range) {
    return range->state == RANGE_GOOD && write->address - range->address < range->length;
}

/* What is stored where the call has memory ends before that memory does. */
static void check_bounds(const struct machine *machine, const struct call *call) {
    for (unsigned i = 0; i < machine->result.writes_count; i++) {
        const struct result_write *write = &machine->result.writes[i];
        bool begins = false, ends = false;
        for (unsigned j = 0; j < CALL_ARGUMENTS_MAX + call->buffers_count; j++) {
            const struct range *range =
                j < CALL_ARGUMENTS_MAX ? &call->ranges[j] : &call->buffers[j - CALL_ARGUMENTS_MAX].range;
            if (!begins_in(write, range)) continue;
            begins = true;
            ends = ends || write->length <= range->length - (write->address - range->address);
        }
        CU_ASSERT(begins == ends);
    }
}

static void run_unsettled(struct machine *machine, struct call *call) {
    call->thread = (uint16_t)machine->thread;
    model_call(machine->world, machine->chooser, call, &machine->result);
    /* what has not returned has left the last error alone */
    if (machine->result.status == RESULT_BLOCKED) CU_ASSERT_EQUAL(machine->result.error, ERROR_UNTOUCHED);
    see_writes(machine);
    check_invariants(machine);
}

void settle(struct machine *machine) {
    model_settle(machine->world, machine->chooser, &machine->result);
    see_writes(machine);
    check_invariants(machine);
}

void run_call(struct machine *machine, struct call *call) {
    run_unsettled(machine, call);
    settle(machine);
    check_bounds(machine, call);
}

/* The return of the speaker's parked call, if it is there: it becomes the result. */
static bool take_return(struct machine *machine) {
    struct result *result = &machine->result;
    for (unsigned i = 0; i < result->returns_count; i++) {
        if (result->returns[i].thread != machine->thread) continue;
        result->status = (uint8_t)result->returns[i].status;
        result->value = result->returns[i].value;
        result->error = result->returns[i].error;
        return true;
    }
    return false;
}

void run_to_return(struct machine *machine, struct call *call) {
    run_call(machine, call);
    while (machine->result.status == RESULT_BLOCKED && !take_return(machine)) {
        uint64_t next_ns = model_next_timeout(machine->world);
        if (next_ns == UINT64_MAX) return;
        model_tick(machine->world, next_ns);
        settle(machine);
    }
}

uint64_t plain_call(struct machine *machine, enum function function, uint64_t first, uint64_t second, uint64_t third) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    const uint64_t arguments[] = { first, second, third };
    memcpy(call.arguments, arguments, sizeof arguments);
    run_call(machine, &call);
    return machine->result.value;
}

/* The error of the last call; value and error must tell the same story. */
static uint32_t error_after(const struct machine *machine, uint64_t failure) {
    const struct result *result = &machine->result;
    CU_ASSERT_EQUAL(result->status, RESULT_RETURNED);
    bool failed = result->value == failure;
    if (failed) CU_ASSERT(result->error != 0 && result->error != ERROR_UNTOUCHED);
    if (!failed) CU_ASSERT(result->error == 0 || result->error == ERROR_UNTOUCHED);
    return failed ? result->error : 0;
}

const uint8_t *written(const struct machine *machine, uint64_t address, uint32_t length) {
    const struct result *result = &machine->result;
    for (unsigned i = result->writes_count; i-- > 0;) {
        const struct result_write *write = &result->writes[i];
        if (write->address == address && write->length >= length) return result->bytes + write->bytes_offset;
    }
    return NULL;
}

uint32_t bytes_returned(const struct machine *machine) {
    const uint8_t *bytes = written(machine, BYTES_ADDRESS, 4);
    return bytes == NULL ? UNTOUCHED : load_u32(bytes);
}

bool output_written(const struct machine *machine) {
    return written(machine, machine->call.arguments[WSAIoctl_out], 1) != NULL;
}

/* --- memory of a call --- */

static void point(struct call *call, unsigned argument, enum range_state state, uint64_t address, uint32_t length) {
    assert(argument < CALL_ARGUMENTS_MAX);
    if (state == RANGE_NULL) address = 0;
    call->arguments[argument] = address;
    call->ranges[argument].address = address;
    call->ranges[argument].state = (uint8_t)state;
    call->ranges[argument].length = state == RANGE_GOOD || state == RANGE_PARTLY_BAD ? length : 0;
}

static void point_at_bytes(struct call *call, unsigned argument, uint64_t address, const void *bytes, uint32_t length) {
    point(call, argument, RANGE_GOOD, address, length);
    bool fits = call_put_bytes(call, argument, bytes, length);
    assert(fits);
    (void)fits;
}

static struct call call_of(enum function function, uint64_t first) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    memcpy(call.arguments, &first, sizeof first);
    return call;
}

/* --- sockets --- */

uint32_t make_socket(struct machine *machine, int family, int type, int protocol, uint64_t *handle) {
    struct call call = call_of(FUNCTION_socket, (uint64_t)(int64_t)family);
    call.arguments[socket_type] = (uint64_t)(int64_t)type;
    call.arguments[socket_protocol] = (uint64_t)(int64_t)protocol;
    run_call(machine, &call);
    *handle = machine->result.value;
    return error_after(machine, UINT64_MAX);
}

static uint64_t socket_of(struct machine *machine, int family, int type, int protocol) {
    uint64_t handle = 0;
    expect_ok(make_socket(machine, family, type, protocol, &handle));
    return handle;
}

uint64_t tcp(struct machine *machine) { return socket_of(machine, AF_V4, STREAM, TCP); }
uint64_t udp(struct machine *machine) { return socket_of(machine, AF_V4, DATAGRAM, UDP); }
uint64_t tcp_v6(struct machine *machine) { return socket_of(machine, AF_V6, STREAM, TCP); }

uint64_t dual_stack_tcp(struct machine *machine) {
    uint64_t socket = tcp_v6(machine);
    expect_ok(set_option(machine, socket, V6_ONLY, 0));
    return socket;
}

uint64_t dual_stack_udp(struct machine *machine) {
    uint64_t socket = socket_of(machine, AF_V6, DATAGRAM, UDP);
    expect_ok(set_option(machine, socket, V6_ONLY, 0));
    return socket;
}

uint32_t close_socket(struct machine *machine, uint64_t socket) {
    plain_call(machine, FUNCTION_closesocket, socket, 0, 0);
    return error_after(machine, UINT64_MAX);
}

static uint32_t sockaddr_of(enum address address, unsigned port, uint8_t *sockaddr) {
    static const uint8_t loopback[4] = { 127, 0, 0, 1 }, other[4] = { 127, 0, 0, 2 }, elsewhere[4] = { 192, 0, 2, 1 };
    bool v6 = address >= ANY_V6;
    memset(sockaddr, 0, SOCKADDR_IN6_SIZE);
    store_u16(sockaddr, v6 ? AF_V6 : AF_V4);
    store_u16_network(sockaddr + 2, (uint16_t)port);
    if (address == LOOPBACK_V4) memcpy(sockaddr + 4, loopback, 4);
    if (address == OTHER_LOOPBACK_V4) memcpy(sockaddr + 4, other, 4);
    if (address == ELSEWHERE_V4) memcpy(sockaddr + 4, elsewhere, 4);
    if (address == BROADCAST_V4) memset(sockaddr + 4, 0xff, 4);
    if (address == LOOPBACK_V6) sockaddr[23] = 1;
    if (address >= MAPPED_ANY) memset(sockaddr + 18, 0xff, 2);
    if (address == MAPPED_LOOPBACK) memcpy(sockaddr + 20, loopback, 4);
    return v6 ? SOCKADDR_IN6_SIZE : SOCKADDR_IN_SIZE;
}

/* bind or connect, which have the same parameters. */
_Static_assert((int)connect_name == (int)bind_name && (int)connect_namelen == (int)bind_namelen, "connect as bind");

static uint32_t call_with_address(struct machine *machine, enum function function, uint64_t socket,
                                  enum address address, unsigned port) {
    uint8_t sockaddr[SOCKADDR_IN6_SIZE];
    uint32_t size = sockaddr_of(address, port, sockaddr);
    struct call call = call_of(function, socket);
    point_at_bytes(&call, bind_name, NAME_ADDRESS, sockaddr, size);
    call.arguments[bind_namelen] = size;
    run_to_return(machine, &call);
    return error_after(machine, UINT64_MAX);
}

uint32_t bind_at(struct machine *machine, uint64_t socket, enum address address, unsigned port) {
    return call_with_address(machine, FUNCTION_bind, socket, address, port);
}

static const struct socket_row *row_of(const struct machine *machine, uint64_t number) {
    unsigned process = world_thread_at(machine->world, machine->thread)->process;
    for (unsigned i = 0; i < world_top(machine->world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(machine->world, i);
        if (handle->kind == HANDLE_SOCKET && handle->process == process && handle->number == number)
            return world_socket_at(machine->world, handle->object);
    }
    return NULL;
}

uint32_t bind_port(struct machine *machine, uint64_t socket, unsigned port) {
    const struct socket_row *row = row_of(machine, socket);
    return bind_at(machine, socket, row != NULL && row->family == 6 ? ANY_V6 : ANY_V4, port);
}

uint32_t listen_on(struct machine *machine, uint64_t socket) {
    plain_call(machine, FUNCTION_listen, socket, 5, 0);
    return error_after(machine, UINT64_MAX);
}

uint32_t connect_to(struct machine *machine, uint64_t socket, enum address address, unsigned port) {
    return call_with_address(machine, FUNCTION_connect, socket, address, port);
}

unsigned port_of(struct machine *machine, uint64_t socket) {
    uint8_t length[4];
    store_u32(length, SOCKADDR_IN6_SIZE);
    struct call call = call_of(FUNCTION_getsockname, socket);
    point(&call, getsockname_name, RANGE_GOOD, NAME_ADDRESS, SOCKADDR_IN6_SIZE);
    point_at_bytes(&call, getsockname_namelen, LENGTH_ADDRESS, length, sizeof length);
    run_call(machine, &call);
    const uint8_t *name = written(machine, NAME_ADDRESS, SOCKADDR_IN_SIZE);
    if (error_after(machine, UINT64_MAX) != 0 || name == NULL) return 0;
    return load_u16_network(name + 2);
}

static uint64_t level_of(int option) { return option == V6_ONLY ? LEVEL_IPV6 : LEVEL_SOCKET; }

uint32_t set_option(struct machine *machine, uint64_t socket, int option, uint32_t value) {
    uint8_t bytes[4];
    store_u32(bytes, value);
    struct call call = call_of(FUNCTION_setsockopt, socket);
    call.arguments[setsockopt_level] = level_of(option);
    call.arguments[setsockopt_optname] = (uint64_t)(int64_t)option;
    point_at_bytes(&call, setsockopt_optval, NAME_ADDRESS, bytes, sizeof bytes);
    call.arguments[setsockopt_optlen] = sizeof bytes;
    run_call(machine, &call);
    return error_after(machine, UINT64_MAX);
}

uint32_t get_option(struct machine *machine, uint64_t socket, int option, uint32_t *value) {
    uint8_t length[4];
    store_u32(length, 4);
    struct call call = call_of(FUNCTION_getsockopt, socket);
    call.arguments[getsockopt_level] = level_of(option);
    call.arguments[getsockopt_optname] = (uint64_t)(int64_t)option;
    point(&call, getsockopt_optval, RANGE_GOOD, NAME_ADDRESS, 4);
    point_at_bytes(&call, getsockopt_optlen, LENGTH_ADDRESS, length, sizeof length);
    run_call(machine, &call);
    const uint8_t *bytes = written(machine, NAME_ADDRESS, 4);
    if (bytes != NULL) *value = load_u32(bytes);
    return error_after(machine, UINT64_MAX);
}

/* --- control calls in pieces --- */

void control(struct machine *machine, uint64_t socket, uint32_t code) {
    machine->call = call_of(FUNCTION_WSAIoctl, socket);
    machine->call.arguments[WSAIoctl_code] = code;
    point(&machine->call, WSAIoctl_in, RANGE_NULL, 0, 0);
    point(&machine->call, WSAIoctl_out, RANGE_NULL, 0, 0);
    point(&machine->call, WSAIoctl_bytes, RANGE_GOOD, BYTES_ADDRESS, 4);
    point(&machine->call, WSAIoctl_ov, RANGE_NULL, 0, 0);
    point(&machine->call, WSAIoctl_routine, RANGE_NULL, 0, 0);
}

void with_input(struct machine *machine, const void *bytes, uint32_t length) {
    machine->call.ranges[WSAIoctl_in].bytes_length = 0;
    machine->call.bytes_used = 0;
    point_at_bytes(&machine->call, WSAIoctl_in, IN_ADDRESS, bytes, length);
    machine->call.arguments[WSAIoctl_cbIn] = length;
}

/* Partly bad: all but the last byte is there. */
static uint32_t length_there(enum range_state state, uint32_t size) {
    return state == RANGE_PARTLY_BAD && size > 0 ? size - 1 : size;
}

void with_input_state(struct machine *machine, enum range_state state, uint32_t size) {
    assert(state != RANGE_GOOD);
    machine->call.ranges[WSAIoctl_in].bytes_length = 0;
    machine->call.bytes_used = 0;
    point(&machine->call, WSAIoctl_in, state, IN_ADDRESS, length_there(state, size));
    machine->call.arguments[WSAIoctl_cbIn] = size;
}

void with_input_at(struct machine *machine, uint64_t address) {
    machine->call.arguments[WSAIoctl_in] = address;
    machine->call.ranges[WSAIoctl_in].address = address;
}

void with_output_room(struct machine *machine, uint32_t size) { with_output_state(machine, RANGE_GOOD, size); }

void with_output_state(struct machine *machine, enum range_state state, uint32_t size) {
    point(&machine->call, WSAIoctl_out, state, OUT_ADDRESS, length_there(state, size));
    machine->call.arguments[WSAIoctl_cbOut] = size;
}

void with_output_at(struct machine *machine, uint64_t address) {
    machine->call.arguments[WSAIoctl_out] = address;
    machine->call.ranges[WSAIoctl_out].address = address;
}

void with_bytes_state(struct machine *machine, enum range_state state) {
    point(&machine->call, WSAIoctl_bytes, state, BYTES_ADDRESS, length_there(state, 4));
}

void with_overlapped(struct machine *machine, unsigned which, uint64_t event) {
    assert(which < OVERLAPPEDS_MAX);
    uint8_t *image = machine->overlapped[which];
    memset(image, 0xA5, OVERLAPPED_SIZE);
    store_u64(image + OVERLAPPED_EVENT, event);
    point_at_bytes(&machine->call, WSAIoctl_ov, OVERLAPPED_ADDRESS + which * OVERLAPPED_SIZE, image, OVERLAPPED_SIZE);
}

void with_overlapped_state(struct machine *machine, enum range_state state) {
    point(&machine->call, WSAIoctl_ov, state, OVERLAPPED_ADDRESS, length_there(state, OVERLAPPED_SIZE));
}

void with_routine(struct machine *machine, enum range_state state) {
    point(&machine->call, WSAIoctl_routine, state, ROUTINE_ADDRESS, 1);
}

uint32_t perform(struct machine *machine) {
    run_call(machine, &machine->call);
    return error_after(machine, UINT64_MAX);
}

uint32_t issue(struct machine *machine) {
    run_unsettled(machine, &machine->call);
    return error_after(machine, UINT64_MAX);
}

/* --- the three codes --- */

void control_acquire(struct machine *machine, uint64_t socket, unsigned first, unsigned count) {
    uint8_t range[PORT_RANGE_SIZE];
    store_u16_network(range, (uint16_t)first);
    store_u16(range + 2, (uint16_t)count);
    control(machine, socket, SIO_ACQUIRE_PORT_RESERVATION);
    with_input(machine, range, sizeof range);
    with_output_room(machine, PORT_INSTANCE_SIZE);
}

void control_token(struct machine *machine, uint64_t socket, uint32_t code, uint64_t token) {
    uint8_t bytes[PORT_TOKEN_SIZE];
    store_u64(bytes, token);
    control(machine, socket, code);
    with_input(machine, bytes, sizeof bytes);
}

uint32_t acquire(struct machine *machine, uint64_t socket, unsigned first, unsigned count, struct grant *grant) {
    control_acquire(machine, socket, first, count);
    uint32_t error = perform(machine);
    *grant = (struct grant){ 0, 0, 0 };
    if (error != 0) return error;
    const uint8_t *instance = written(machine, OUT_ADDRESS, 4);
    const uint8_t *token = written(machine, OUT_ADDRESS + 8, 8);
    if (token == NULL && written(machine, OUT_ADDRESS, PORT_INSTANCE_SIZE) != NULL) token = instance + 8;
    CU_ASSERT(instance != NULL && token != NULL);
    if (instance == NULL || token == NULL) return 0;
    *grant = (struct grant){ load_u16_network(instance), load_u16(instance + 2), load_u64(token) };
    CU_ASSERT_NOT_EQUAL(grant->token, 0);
    return 0;
}

struct grant granted(struct machine *machine, uint64_t socket, unsigned first, unsigned count) {
    struct grant grant;
    expect_ok(acquire(machine, socket, first, count, &grant));
    return grant;
}

uint32_t associate(struct machine *machine, uint64_t socket, uint64_t token) {
    control_token(machine, socket, SIO_ASSOCIATE_PORT_RESERVATION, token);
    return perform(machine);
}

uint32_t release(struct machine *machine, uint64_t socket, uint64_t token) {
    control_token(machine, socket, SIO_RELEASE_PORT_RESERVATION, token);
    return perform(machine);
}

unsigned take_port(struct machine *machine, uint64_t token) {
    uint64_t socket = tcp(machine);
    expect_ok(associate(machine, socket, token));
    expect_ok(bind_port(machine, socket, 0));
    return port_of(machine, socket);
}

/* --- events and waits --- */

uint64_t new_event(struct machine *machine, bool manual_reset, bool set) {
    uint64_t event = plain_call(machine, FUNCTION_CreateEventW, 0, manual_reset, set);
    CU_ASSERT_NOT_EQUAL(event, 0);
    return event;
}

uint32_t open_file(struct machine *machine, const char *name, uint64_t *handle) {
    struct call call = call_of(FUNCTION_CreateFileW, 0);
    point_at_bytes(&call, CreateFileW_lpFileName, NAME_ADDRESS, name, (uint32_t)strlen(name));
    run_call(machine, &call);
    *handle = machine->result.value;
    return error_after(machine, UINT64_MAX);
}

uint32_t close_handle(struct machine *machine, uint64_t handle) {
    plain_call(machine, FUNCTION_CloseHandle, handle, 0, 0);
    return error_after(machine, 0);
}

static unsigned wait_outcome(const struct machine *machine) {
    if (machine->result.status == RESULT_BLOCKED) return WAIT_BLOCKS;
    return machine->result.value == UINT32_MAX ? (unsigned)WAIT_FAILS : (unsigned)machine->result.value;
}

unsigned wait_for(struct machine *machine, uint64_t event, uint32_t milliseconds) {
    plain_call(machine, FUNCTION_WaitForSingleObject, event, milliseconds, 0);
    return wait_outcome(machine);
}

unsigned sleep_for(struct machine *machine, uint32_t milliseconds, bool alertable) {
    plain_call(machine, FUNCTION_SleepEx, milliseconds, alertable, 0);
    return wait_outcome(machine);
}

uint32_t overlapped_result(struct machine *machine, uint64_t socket, unsigned which, bool wait) {
    struct call call = call_of(FUNCTION_WSAGetOverlappedResult, socket);
    point_at_bytes(&call, WSAGetOverlappedResult_ov, OVERLAPPED_ADDRESS + which * OVERLAPPED_SIZE,
                   machine->overlapped[which], OVERLAPPED_SIZE);
    point(&call, WSAGetOverlappedResult_bytes, RANGE_GOOD, BYTES_ADDRESS, 4);
    call.arguments[WSAGetOverlappedResult_wait] = wait;
    point(&call, WSAGetOverlappedResult_flags, RANGE_GOOD, LENGTH_ADDRESS, 4);
    run_to_return(machine, &call);
    return error_after(machine, 0);
}

uint64_t internal_of(const struct machine *machine, unsigned which) {
    return load_u64(machine->overlapped[which] + OVERLAPPED_INTERNAL);
}

uint64_t internal_high_of(const struct machine *machine, unsigned which) {
    return load_u64(machine->overlapped[which] + OVERLAPPED_INTERNAL_HIGH);
}

void pass_time(struct machine *machine, unsigned milliseconds) {
    result_clear(&machine->result);
    model_tick(machine->world, milliseconds * UINT64_C(1000000));
    settle(machine);
}

bool same_world(const struct machine *one, const struct machine *other) {
    static _Alignas(8) uint64_t first[2 * MACHINE_WORLD_BYTES / 8], second[2 * MACHINE_WORLD_BYTES / 8];
    size_t first_length = world_encode((const void *)one->memory, (uint8_t *)first);
    size_t second_length = world_encode((const void *)other->memory, (uint8_t *)second);
    return first_length == second_length && memcmp(first, second, first_length) == 0;
}

/* --- what a failed expectation says --- */

/* "WSAEINVAL", "ok", or a number. Static memory for names; numbers share one buffer. */
static const char *error_text(uint32_t error) {
    static char number[32];
    const char *name = error == 0 ? "ok" : error_name(error, ERROR_FAMILY_WINSOCK);
    if (name != NULL) return name;
    snprintf(number, sizeof number, "%lu", (unsigned long)error);
    return number;
}

void check_error(const char *what, uint32_t expected, uint32_t actual, const char *file, unsigned line) {
    char text[400];
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%s", error_text(expected));
    snprintf(text, sizeof text, "%s answered %s, expected %s", what, error_text(actual), wanted);
    CU_assertImplementation(expected == actual, line, text, file, "", CU_FALSE);
}

/* --- a power that fails ----------------------------------------------------------------------------------------- */

static unsigned choose_failing(struct chooser *chooser, enum choice what, unsigned count) {
    struct failing_chooser *self = (struct failing_chooser *)chooser;
    if (what != CHOICE_CRASH) return choose(self->inner, what, count);
    if (self->good_sectors == 0) return self->answer;
    self->good_sectors--;
    return 0;
}

static uint64_t choose_failing_member(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    return choose_member(((struct failing_chooser *)chooser)->inner, what, set);
}

void failing_chooser_init(struct failing_chooser *failing, struct chooser *inner, unsigned good_sectors,
                          unsigned answer) {
    *failing = (struct failing_chooser){ { choose_failing, choose_failing_member }, inner, good_sectors, answer };
}
