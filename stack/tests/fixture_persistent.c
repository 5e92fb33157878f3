#include "stack/tests/fixture_persistent.h"

#include <assert.h>

enum { TOKEN_ADDRESS = 0xc000 };

/* Arguments: the same of all six functions. */
enum {
    START_PORT = CreatePersistentTcpPortReservation_StartPort,
    NUMBER_OF_PORTS = CreatePersistentTcpPortReservation_NumberOfPorts,
    TOKEN = CreatePersistentTcpPortReservation_Token,
};

static uint32_t ask(struct machine *machine, enum function function, uint16_t start_port, unsigned count,
                    enum range_state state) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    call.arguments[START_PORT] = start_port;
    call.arguments[NUMBER_OF_PORTS] = count;
    uint64_t address = state == RANGE_NULL ? 0 : TOKEN_ADDRESS;
    call.arguments[TOKEN] = address;
    call.ranges[TOKEN] = (struct range){ .state = (uint8_t)state,
                                         .address = address,
                                         .length = state == RANGE_GOOD         ? PORT_TOKEN_SIZE
                                                   : state == RANGE_PARTLY_BAD ? 4
                                                                               : 0 };
    run_call(machine, &call);
    if (machine->result.status == RESULT_FAULT) return FAULTED;
    CU_ASSERT_EQUAL(machine->result.status, RESULT_RETURNED);
    if (machine->result.value != 0)
        CU_ASSERT_EQUAL(machine->result.error, ERROR_UNTOUCHED); /* the error is the value */
    return (uint32_t)machine->result.value;
}

static uint16_t network(unsigned port) {
    uint8_t bytes[2];
    assert(port <= 65535);
    store_u16_network(bytes, (uint16_t)port);
    return load_u16(bytes);
}

static uint32_t ask_for_token(struct machine *machine, enum function function, unsigned first, unsigned count,
                              uint64_t *token) {
    uint32_t error = ask(machine, function, network(first), count, RANGE_GOOD);
    const uint8_t *stored = written(machine, TOKEN_ADDRESS, PORT_TOKEN_SIZE);
    *token = stored == NULL ? (uint64_t)NOTHING_STORED : load_u64(stored);
    CU_ASSERT_EQUAL(stored != NULL, error == 0);
    return error;
}

uint32_t create_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                      uint64_t *token) {
    bool tcp_block = protocol == PROTOCOL_TCP;
    return ask_for_token(
        machine, tcp_block ? FUNCTION_CreatePersistentTcpPortReservation : FUNCTION_CreatePersistentUdpPortReservation,
        first, count, token);
}

uint32_t look_up_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                       uint64_t *token) {
    bool tcp_block = protocol == PROTOCOL_TCP;
    return ask_for_token(
        machine, tcp_block ? FUNCTION_LookupPersistentTcpPortReservation : FUNCTION_LookupPersistentUdpPortReservation,
        first, count, token);
}

uint32_t delete_block(struct machine *machine, enum protocol protocol, unsigned first, unsigned count) {
    bool tcp_block = protocol == PROTOCOL_TCP;
    return ask(machine,
               tcp_block ? FUNCTION_DeletePersistentTcpPortReservation : FUNCTION_DeletePersistentUdpPortReservation,
               network(first), count, RANGE_NULL);
}

uint64_t created(struct machine *machine, enum protocol protocol, unsigned first, unsigned count) {
    uint64_t token = 0;
    expect_ok(create_block(machine, protocol, first, count, &token));
    CU_ASSERT_NOT_EQUAL(token, 0);
    return token;
}

uint64_t looked_up(struct machine *machine, enum protocol protocol, unsigned first, unsigned count) {
    uint64_t token = 0;
    expect_ok(look_up_block(machine, protocol, first, count, &token));
    return token;
}

uint32_t ask_oddly(struct machine *machine, enum function function, uint16_t start_port, unsigned count,
                   enum range_state state) {
    return ask(machine, function, start_port, count, state);
}

void restart(struct machine *machine) {
    model_reboot(machine->world);
    model_process_start(machine->world, PROCESS_APP, APP, 0, 0x0202);
    model_thread_start(machine->world, APP_SECOND, PROCESS_APP);
    speak_as(machine, APP);
    CU_ASSERT_PTR_NULL(model_check(machine->world));
}

void start_as_user(struct machine *machine) {
    start_tool_as(machine, ACCOUNT_STANDARD_USER, MANIFEST_AS_INVOKER, false);
}

void start_as_administrator(struct machine *machine) {
    start_tool_as(machine, ACCOUNT_ADMINISTRATOR, MANIFEST_REQUIRE_ADMINISTRATOR, true);
}
