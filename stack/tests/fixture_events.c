#include "stack/tests/fixture_events.h"

enum { EVENTS_ADDRESS = 0xd000, CODES_OFFSET = 4 };

uint32_t select_events(struct machine *machine, uint64_t socket, uint64_t event, unsigned events) {
    uint64_t value = plain_call(machine, FUNCTION_WSAEventSelect, socket, event, events);
    return value == UINT64_MAX ? machine->result.error : 0;
}

uint32_t take_events(struct machine *machine, uint64_t socket, uint64_t event) {
    struct call call;
    call_clear(&call);
    call.function = FUNCTION_WSAEnumNetworkEvents;
    call.arguments[WSAEnumNetworkEvents_s] = socket;
    call.arguments[WSAEnumNetworkEvents_hEventObject] = event;
    call.arguments[WSAEnumNetworkEvents_lpNetworkEvents] = EVENTS_ADDRESS;
    call.ranges[WSAEnumNetworkEvents_lpNetworkEvents] =
        (struct range){ .state = RANGE_GOOD, .address = EVENTS_ADDRESS, .length = NETWORK_EVENTS_SIZE };
    run_call(machine, &call);
    for (unsigned i = 0; i < machine->result.writes_count; i++) { /* a number each: what stands after it stays (W180) */
        const struct result_write *write = &machine->result.writes[i];
        if (write->address - EVENTS_ADDRESS < NETWORK_EVENTS_SIZE) CU_ASSERT_EQUAL(write->length, 4);
    }
    const uint8_t *events = machine->result.value == 0 ? written(machine, EVENTS_ADDRESS, 4) : NULL;
    return events == NULL ? UINT32_MAX : load_u32(events);
}

uint32_t code_of(const struct machine *machine, unsigned event_bit) {
    unsigned place = 0;
    while (1u << place < event_bit) place++;
    const uint8_t *code = written(machine, EVENTS_ADDRESS + CODES_OFFSET + 4 * place, 4);
    return code == NULL ? UINT32_MAX : load_u32(code);
}

bool is_signalled(struct machine *machine, uint64_t event) { return wait_for(machine, event, 0) == WAIT_OK; }
