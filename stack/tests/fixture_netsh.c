#include "stack/tests/fixture_netsh.h"

enum { ROW_ADDRESS = 0xc100, RANGE_ADDRESS = 0xc200, TCP_NUMBER = 6, UDP_NUMBER = 17 };

static struct call command(enum function function, enum protocol protocol) {
    struct call call;
    call_clear(&call);
    call.function = (uint16_t)function;
    call.arguments[netsh_add_excludedportrange_protocol] = protocol == PROTOCOL_TCP ? TCP_NUMBER : UDP_NUMBER;
    return call;
}

static uint32_t change(struct machine *machine, enum function function, enum protocol protocol, unsigned first,
                       unsigned count, enum netsh_store store) {
    struct call call = command(function, protocol);
    call.arguments[netsh_add_excludedportrange_startport] = first;
    call.arguments[netsh_add_excludedportrange_numberofports] = count;
    call.arguments[netsh_add_excludedportrange_store] = store;
    run_call(machine, &call);
    CU_ASSERT_EQUAL(machine->result.status, RESULT_RETURNED);
    CU_ASSERT_EQUAL(machine->result.error, ERROR_UNTOUCHED);
    return (uint32_t)machine->result.value;
}

uint32_t add_range_of(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                      enum netsh_store store) {
    return change(machine, FUNCTION_netsh_add_excludedportrange, protocol, first, count, store);
}

static uint32_t delete_range_of(struct machine *machine, enum protocol protocol, unsigned first, unsigned count,
                                enum netsh_store store) {
    return change(machine, FUNCTION_netsh_delete_excludedportrange, protocol, first, count, store);
}

uint32_t add_range(struct machine *machine, unsigned first, unsigned count, enum netsh_store store) {
    return add_range_of(machine, PROTOCOL_TCP, first, count, store);
}

uint32_t delete_range(struct machine *machine, unsigned first, unsigned count, enum netsh_store store) {
    return delete_range_of(machine, PROTOCOL_TCP, first, count, store);
}

struct shown show_range(struct machine *machine, enum protocol protocol, unsigned port, enum netsh_store store) {
    struct call call = command(FUNCTION_netsh_show_excludedportrange, protocol);
    call.arguments[netsh_show_excludedportrange_port] = port;
    call.arguments[netsh_show_excludedportrange_store] = store;
    call.arguments[netsh_show_excludedportrange_row] = ROW_ADDRESS;
    call.ranges[netsh_show_excludedportrange_row] =
        (struct range){ .state = RANGE_GOOD, .address = ROW_ADDRESS, .length = NETSH_ROW_SIZE };
    run_call(machine, &call);
    const uint8_t *row = written(machine, ROW_ADDRESS, NETSH_ROW_SIZE);
    CU_ASSERT_EQUAL(machine->result.value, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(row);
    return (struct shown){ (enum netsh_row)load_u16(row), load_u16(row + 2), load_u32(row + 4) };
}

enum netsh_row row_of(struct machine *machine, unsigned port, enum netsh_store store) {
    return show_range(machine, PROTOCOL_TCP, port, store).row;
}

uint32_t set_dynamic(struct machine *machine, unsigned first, unsigned count, enum netsh_family family,
                     enum netsh_store store) {
    struct call call = command(FUNCTION_netsh_set_dynamicport, PROTOCOL_TCP);
    call.arguments[netsh_set_dynamicport_startport] = first;
    call.arguments[netsh_set_dynamicport_numberofports] = count;
    call.arguments[netsh_set_dynamicport_family] = family;
    call.arguments[netsh_set_dynamicport_store] = store;
    run_call(machine, &call);
    CU_ASSERT_EQUAL(machine->result.error, ERROR_UNTOUCHED);
    return (uint32_t)machine->result.value;
}

struct shown show_dynamic(struct machine *machine, enum netsh_family family, enum netsh_store store) {
    struct call call = command(FUNCTION_netsh_show_dynamicport, PROTOCOL_TCP);
    call.arguments[netsh_show_dynamicport_family] = family;
    call.arguments[netsh_show_dynamicport_store] = store;
    call.arguments[netsh_show_dynamicport_range] = RANGE_ADDRESS;
    call.ranges[netsh_show_dynamicport_range] =
        (struct range){ .state = RANGE_GOOD, .address = RANGE_ADDRESS, .length = NETSH_RANGE_SIZE };
    run_call(machine, &call);
    const uint8_t *range = written(machine, RANGE_ADDRESS, NETSH_RANGE_SIZE);
    CU_ASSERT_EQUAL(machine->result.value, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(range);
    return (struct shown){ NETSH_ROW_NONE, load_u32(range), load_u32(range + 4) };
}
