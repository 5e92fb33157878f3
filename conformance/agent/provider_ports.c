#include "conformance/agent/provider_ports.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/system/threads.h"

enum { PORTS_KNOWN_MAX = 64, PACKETS_QUEUED_MAX = 256, WAIT_SLICE_MS = 1000 };

/* A thread that waits at a port, on its own stack. */
struct port_waiter {
    bool given, abandoned;
    struct port_packet packet;
    struct port_waiter *below; /* who came before */
};

struct port {
    HANDLE handle; /* NULL: free */
    unsigned process;
    unsigned packets_count;
    struct port_packet packets[PACKETS_QUEUED_MAX];
    struct port_waiter *waiters; /* who came last stands first */
};

static struct {
    const struct windows_functions *below;
    struct monitor *lock;
    struct port ports[PORTS_KNOWN_MAX];
} known;

static __thread unsigned current_process = AGENT_PROCESS;

void provider_ports_use(const struct windows_functions *below) {
    known.below = below;
    if (known.lock == NULL) known.lock = monitor_create();
}

void provider_ports_enter(unsigned process) { current_process = process; }

/* The rest under the lock. */
static struct port *find_anywhere(HANDLE handle) {
    for (unsigned i = 0; i < PORTS_KNOWN_MAX && handle != NULL; i++)
        if (known.ports[i].handle == handle) return &known.ports[i];
    return NULL;
}

static struct port *find(HANDLE handle) {
    struct port *port = find_anywhere(handle);
    return port != NULL && port->process == current_process ? port : NULL;
}

static void abandon(struct port *port) {
    for (struct port_waiter *waiter = port->waiters; waiter != NULL; waiter = waiter->below) waiter->abandoned = true;
    port->waiters = NULL;
    (void)known.below->CloseHandle(port->handle);
    port->handle = NULL;
    monitor_wake_all(known.lock);
}

void provider_ports_process_ends(unsigned process) {
    monitor_enter(known.lock);
    for (unsigned i = 0; i < PORTS_KNOWN_MAX; i++)
        if (known.ports[i].handle != NULL && known.ports[i].process == process) abandon(&known.ports[i]);
    monitor_leave(known.lock);
}

HANDLE provider_port_create(void) {
    static const WCHAR null_device[] = { 'N', 'U', 'L', 0 };
    unsigned i = 0;
    HANDLE handle = known.below->CreateFileW(null_device);
    monitor_enter(known.lock);
    while (i < PORTS_KNOWN_MAX && known.ports[i].handle != NULL) i++;
    bool room = handle != INVALID_HANDLE_VALUE && i < PORTS_KNOWN_MAX;
    if (room) {
        known.ports[i].handle = handle;
        known.ports[i].process = current_process;
        known.ports[i].packets_count = 0;
        known.ports[i].waiters = NULL;
    }
    monitor_leave(known.lock);
    if (room) return handle;
    if (handle != INVALID_HANDLE_VALUE) (void)known.below->CloseHandle(handle);
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return NULL;
}

bool provider_port_is(HANDLE handle) {
    monitor_enter(known.lock);
    bool is = find(handle) != NULL;
    monitor_leave(known.lock);
    return is;
}

bool provider_port_close(HANDLE handle) {
    monitor_enter(known.lock);
    struct port *port = find(handle);
    if (port != NULL) abandon(port);
    monitor_leave(known.lock);
    return port != NULL;
}

DWORD provider_port_queue(HANDLE handle, const struct port_packet *packet) {
    DWORD error = 0;
    monitor_enter(known.lock);
    struct port *port = find_anywhere(handle);
    struct port_waiter *last = port == NULL ? NULL : port->waiters;
    if (last != NULL) {
        last->packet = *packet;
        last->given = true;
        port->waiters = last->below;
        monitor_wake_all(known.lock);
    } else if (port != NULL && port->packets_count < PACKETS_QUEUED_MAX) {
        port->packets[port->packets_count++] = *packet;
    } else {
        error = port == NULL ? ERROR_INVALID_HANDLE : ERROR_NO_SYSTEM_RESOURCES;
    }
    monitor_leave(known.lock);
    return error;
}

/* Waits in the line of a port. */
static DWORD await_packet(struct port *port, DWORD limit_ms, struct port_packet *packet) {
    const uint64_t until_ms = limit_ms == INFINITE ? UINT64_MAX : clock_ms() + limit_ms;
    struct port_waiter self = { .below = port->waiters };
    port->waiters = &self;
    for (uint64_t now_ms; !self.given && !self.abandoned && (now_ms = clock_ms()) < until_ms;) {
        uint64_t left_ms = until_ms - now_ms;
        monitor_wait(known.lock, left_ms < WAIT_SLICE_MS ? (uint32_t)left_ms : WAIT_SLICE_MS);
    }
    *packet = self.packet;
    if (self.given) return 0;
    if (self.abandoned) return ERROR_ABANDONED_WAIT_0;
    struct port_waiter **link = &port->waiters;
    while (*link != &self) link = &(*link)->below;
    *link = self.below;
    return WAIT_TIMEOUT;
}

DWORD provider_port_take(HANDLE handle, DWORD limit_ms, struct port_packet *packet) {
    DWORD error = 0;
    memset(packet, 0, sizeof *packet);
    monitor_enter(known.lock);
    struct port *port = find(handle);
    if (port == NULL) {
        error = ERROR_INVALID_HANDLE;
    } else if (port->packets_count > 0) {
        *packet = port->packets[0];
        port->packets_count--;
        memmove(&port->packets[0], &port->packets[1], port->packets_count * sizeof *packet);
    } else {
        error = await_packet(port, limit_ms, packet);
    }
    monitor_leave(known.lock);
    return error;
}
