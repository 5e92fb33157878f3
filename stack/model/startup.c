/* WSAStartup, WSACleanup, and the last error. */
#include <assert.h>

#include "stack/errors.h"
#include "stack/system/context.h"
#include "stack/system/handles.h"
#include "stack/transport/sockets.h"

enum { VERSION_1_1 = 0x0101, VERSION_2_2 = 0x0202, STARTUP_COUNT_MAX = 255 };

/* The error is the return value: WSAVERNOTSUPPORTED, WSAEFAULT, WSASYSNOTREADY, WSAEPROCLIM. */
void call_WSAStartup(struct context *context) {
    struct process *process = world_process(context->world, context->process);
    uint32_t wanted = (uint32_t)context->call->arguments[WSAStartup_wVersionRequested] & 0xffff;
    uint32_t major = wanted & 0xff;
    struct violations violations = { 0 };
    violate_if(&violations, context->world->network_down, WSASYSNOTREADY);
    violate_if(&violations, major == 0, WSAVERNOTSUPPORTED);
    violate_if(&violations, !call_range_holds(context->call, WSAStartup_lpWSAData, 4), WSAEFAULT);
    violate_if(&violations, process->startup_count == STARTUP_COUNT_MAX, WSAEPROCLIM);
    uint32_t error = violation_chosen(context, &violations);
    if (error == 0) {
        uint8_t data[4];
        uint32_t granted = major == 1 ? (wanted >> 8 == 0 ? 0x0001u : (uint32_t)VERSION_1_1) : (uint32_t)VERSION_2_2;
        store_u16(data, (uint16_t)granted);
        store_u16(data + 2, VERSION_2_2);
        result_write(context->result, context->call->arguments[WSAStartup_lpWSAData], data, sizeof data);
        process->startup_count++;
        process->startup_version = (uint16_t)granted;
    }
    context->result->value = error;
    context->result->error = ERROR_UNTOUCHED;
}

/* WSANOTINITIALISED. The last one closes all sockets of the process (W98). */
void call_WSACleanup(struct context *context) {
    struct world *world = context->world;
    if (!winsock_started(context)) {
        fail_socket(context, WSANOTINITIALISED);
        return;
    }
    if (--world_process(world, context->process)->startup_count == 0) {
        for (unsigned row = handle_after(world, context->process, NO_ROW), after; row != NO_ROW; row = after) {
            const struct handle handle = *world_handle(world, row);
            after = handle_after(world, context->process, row);
            if (handle.kind == HANDLE_SOCKET && winsock_knows(context, handle.number))
                socket_close_handle(world, context->chooser, context->process, handle.number, context->result);
        }
    }
    succeed(context, 0);
}

void call_WSAGetLastError(struct context *context) {
    context->result->value = world_thread(context->world, context->thread)->last_error;
    context->result->error = ERROR_UNTOUCHED;
    assert(context->result->status == RESULT_RETURNED);
}
