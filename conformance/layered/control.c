/* WSPIoctl: the three codes, and FIONBIO. */
#include "conformance/layered/layered.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/layered/completions.h"

/* One WSPIoctl, with what it was given. */
struct control {
    struct layered_socket *socket;
    DWORD code;
    const void *in;
    DWORD in_size;
    void *out;
    DWORD out_size;
    DWORD stored;
};

static int read_token(const struct control *control, ULONG64 *token) {
    static ULONG64 last;
    if (control->in == NULL && faulty(FAULT_null_input_accepted)) return *token = last, 0;
    DWORD least = faulty(FAULT_short_input_accepted) ? 7 : sizeof *token;
    if (control->in_size < least) return WSAEFAULT;
    if (!lower_readable(control->in, least)) return faulty(FAULT_bad_input_is_invalid) ? WSAEINVAL : WSAEFAULT;
    *token = 0;
    memcpy(token, control->in, least);
    last = *token;
    return control->out_size != 0 ? WSAEINVAL : 0; /* "must be set to zero" (PAR-06) */
}

static int acquire(struct control *control) {
    INET_PORT_RANGE range;
    uint64_t token = 0;
    if (control->in_size < sizeof range || !lower_readable(control->in, sizeof range)) return WSAEFAULT;
    if (control->out_size < sizeof(INET_PORT_RESERVATION_INSTANCE) && !faulty(FAULT_small_output_accepted))
        return WSAEINVAL;
    if (!lower_readable(control->out, sizeof(INET_PORT_RESERVATION_INSTANCE))) return WSAEFAULT;
    memcpy(&range, control->in, sizeof range);
    const uint8_t *network = (const uint8_t *)&range;
    uint16_t first = (uint16_t)(network[0] << 8 | network[1]);
    uint16_t count = range.NumberOfPorts;
    if (faulty(FAULT_one_port_less) && count > 1) count--;
    int error = block_acquire(control->socket, &first, count, &token);
    if (error != 0) return error;
    uint8_t instance[16] = { 0 };
    instance[0] = (uint8_t)(first >> 8);
    instance[1] = (uint8_t)first;
    memcpy(instance + 2, &count, sizeof count);
    memcpy(instance + 8, &token, sizeof token);
    if (faulty(FAULT_port_in_host_order)) memcpy(instance, &first, sizeof first);
    if (faulty(FAULT_output_garbled)) memset(instance + 2, 0xEE, sizeof count);
    memcpy(control->out, instance, control->out_size < sizeof instance ? control->out_size : sizeof instance);
    control->stored = faulty(FAULT_output_short) ? 3 : sizeof instance;
    return 0;
}

static int associate(struct control *control) {
    ULONG64 token = 0;
    int error = read_token(control, &token);
    if (faulty(FAULT_codes_denied)) return WSAEOPNOTSUPP;
    if (faulty(FAULT_dies)) abort();
    volatile uintptr_t nowhere = 16;
    if (faulty(FAULT_crashes)) return *(volatile int *)nowhere;
    if (faulty(FAULT_dawdles)) lower_sleep_ms(60000);
    if (faulty(FAULT_wouldblock) && control->socket->nonblocking) return WSAEWOULDBLOCK;
    if (error == 0) error = block_associate(control->socket, token);
    if (error == 0 && faulty(FAULT_bytes_eight)) control->stored = 77;
    return error;
}

static int nonblocking(struct control *control) {
    uint32_t on = 0;
    if (control->in_size < sizeof on || !lower_readable(control->in, sizeof on)) return WSAEFAULT;
    memcpy(&on, control->in, sizeof on);
    if (on == 0 && control->socket->events.selected != 0) return WSAEINVAL; /* N1.10.2 */
    control->socket->nonblocking = on != 0;
    return 0;
}

static int execute(struct control *control) {
    ULONG64 token = 0;
    int error = 0;
    switch (control->code) {
    case SIO_ACQUIRE_PORT_RESERVATION: return acquire(control);
    case SIO_ASSOCIATE_PORT_RESERVATION: return associate(control);
    case SIO_RELEASE_PORT_RESERVATION:
        error = read_token(control, &token);
        return error != 0 ? error : block_release(control->socket, token);
    case FIONBIO: return nonblocking(control);
    default: return WSAEOPNOTSUPP;
    }
}

int WSPAPI layered_ioctl(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                         LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                         LPINT error) {
    struct layered_socket seen;
    if (!layered_look_at(s, &seen, error)) return SOCKET_ERROR;
    bool counts = overlapped != NULL && seen.overlapped;
    bool bytes_there = lower_readable(bytes, sizeof *bytes);
    if (!bytes_there && !(bytes == NULL && faulty(FAULT_null_bytes_accepted)))
        return layered_fail(error, faulty(FAULT_bad_bytes_reported_late) ? WSAEINVAL : WSAEFAULT);
    if (counts && !lower_readable(overlapped, sizeof *overlapped)) {
        if (!faulty(FAULT_bad_overlapped_ignored)) return layered_fail(error, WSAEFAULT);
        counts = false;
    }
    if (counts && routine != NULL && !lower_readable((const void *)(uintptr_t)routine, 1))
        return layered_fail(error, WSAEFAULT);
    struct control control = { .code = code, .in = in, .in_size = in_size, .out = out, .out_size = out_size };
    int error_event = 0;
    if (counts && routine == NULL && overlapped->hEvent != NULL)
        layered_upcalls()->lpWPUResetEvent(overlapped->hEvent, &error_event);
    control.socket = layered_enter(s, error);
    if (control.socket == NULL) return SOCKET_ERROR;
    int failed = execute(&control);
    lower_unlock();
    bool stores = !counts && bytes_there && failed != WSAEFAULT && !faulty(FAULT_bytes_left_alone);
    if (stores) *bytes = failed == 0 ? control.stored : 0;
    if (failed != 0) return layered_fail(error, failed);
    const struct completion completion = completion_of(s, overlapped, routine, thread);
    if (counts) completion_report(&completion, 0, control.stored);
    else if (overlapped != NULL && faulty(FAULT_event_without_overlapped))
        layered_upcalls()->lpWPUSetEvent(overlapped->hEvent, &error_event);
    return code == SIO_ASSOCIATE_PORT_RESERVATION && faulty(FAULT_success_returns_one);
}
