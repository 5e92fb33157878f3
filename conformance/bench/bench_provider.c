/* What a provider costs a call: the layered one beside the system's own calls, the model as a plug-in beside the model
 * inside. Both are loaded as a host loads them, from build/, which `make bench` builds before. README.md (sim/bench/)
 * says what each line means. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include <dlfcn.h>

#include "sim/bench/benchmark.h"
#include "stack/choice.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/winsock/headers.h"

enum { ROUNDS = 2000 };

/* The system's own, declared here: its header has the SDK's names with other values. */
int socket(int family, int type, int protocol);
int bind(int socket, const struct sockaddr *name, unsigned length);
int getsockname(int socket, struct sockaddr *name, unsigned *length);
int close(int file);

static const uint8_t loopback[4] = { 127, 0, 0, 1 };

static struct sockaddr_in any_port(void) {
    struct sockaddr_in name;
    memset(&name, 0, sizeof name);
    name.sin_family = AF_INET;
    memcpy(&name.sin_addr, loopback, sizeof loopback);
    return name;
}

/* --- providers ---------------------------------------------------------------------------------------------------- */

struct provider {
    WSPPROC_TABLE table;
};

/* No thread of this program has a blocking hook. */
static int WSPAPI no_hook(DWORD catalog_entry, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context, LPINT error) {
    (void)catalog_entry;
    (void)context;
    (void)error;
    *callback = NULL;
    return 0;
}

/* A socket's handle is the number that the provider knows it by. */
static SOCKET WSPAPI create_handle(DWORD catalog_entry, DWORD_PTR context, LPINT error) {
    (void)catalog_entry;
    (void)error;
    return (SOCKET)context;
}

static int WSPAPI query_context(SOCKET s, PDWORD_PTR context, LPINT error) {
    (void)error;
    *context = (DWORD_PTR)s;
    return 0;
}

static int WSPAPI close_handle(SOCKET s, LPINT error) {
    (void)s;
    (void)error;
    return 0;
}

/* What only does what is at once needs no other upcall. */
static void load(struct provider *provider, const char *path) {
    WSPUPCALLTABLE upcalls;
    WSPDATA data;
    WSAPROTOCOL_INFOW info;
    LPWSPSTARTUP startup = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    demand(library != NULL, "a provider cannot be loaded (is it built, and is this the top of the project?)");
    void *symbol = dlsym(library, "WSPStartup");
    demand(symbol != NULL, "a provider exports no WSPStartup");
    memcpy(&startup, &symbol, sizeof startup);
    memset(&upcalls, 0, sizeof upcalls);
    upcalls.lpWPUQueryBlockingCallback = no_hook;
    upcalls.lpWPUCreateSocketHandle = create_handle;
    upcalls.lpWPUQuerySocketHandleContext = query_context;
    upcalls.lpWPUCloseSocketHandle = close_handle;
    memset(&info, 0, sizeof info);
    demand(startup(0x0202, &data, &info, upcalls, &provider->table) == 0, "WSPStartup fails");
}

/* A socket comes, is bound, shows its port, and goes: four calls. */
static double socket_by_provider(void *context) {
    const WSPPROC_TABLE *table = &((const struct provider *)context)->table;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct sockaddr_in name = any_port();
        int error = 0, length = sizeof name;
        SOCKET s = table->lpWSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error);
        demand(s != INVALID_SOCKET, "WSPSocket fails");
        demand(table->lpWSPBind(s, (struct sockaddr *)&name, sizeof name, &error) == 0, "WSPBind fails");
        demand(table->lpWSPGetSockName(s, (struct sockaddr *)&name, &length, &error) == 0, "WSPGetSockName fails");
        demand(table->lpWSPCloseSocket(s, &error) == 0, "WSPCloseSocket fails");
    }
    return 4.0 * ROUNDS;
}

static double socket_by_system(void *context) {
    (void)context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct sockaddr_in name = any_port();
        unsigned length = sizeof name;
        int s = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
        demand(s >= 0, "socket fails");
        demand(bind(s, (struct sockaddr *)&name, sizeof name) == 0, "bind fails");
        demand(getsockname(s, (struct sockaddr *)&name, &length) == 0, "getsockname fails");
        close(s);
    }
    return 4.0 * ROUNDS;
}

/* A port is reserved and released: two calls. */
static double reserve_by_provider(void *context) {
    const WSPPROC_TABLE *table = &((const struct provider *)context)->table;
    int error = 0;
    SOCKET s = table->lpWSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, 0, &error);
    for (unsigned i = 0; i < ROUNDS; i++) {
        const uint16_t range[2] = { 0, 1 };
        uint64_t instance[2] = { 0, 0 };
        DWORD bytes = 0;
        int status = table->lpWSPIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, (LPVOID)(uintptr_t)range, sizeof range,
                                       instance, sizeof instance, &bytes, NULL, NULL, NULL, &error);
        demand(status == 0, "SIO_ACQUIRE_PORT_RESERVATION fails");
        status = table->lpWSPIoctl(s, SIO_RELEASE_PORT_RESERVATION, &instance[1], sizeof instance[1], NULL, 0, &bytes,
                                   NULL, NULL, NULL, &error);
        demand(status == 0, "SIO_RELEASE_PORT_RESERVATION fails");
    }
    table->lpWSPCloseSocket(s, &error);
    return 2.0 * ROUNDS;
}

/* --- the model inside --------------------------------------------------------------------------------------------- */

struct inside {
    struct world *world;
    struct simulating_chooser chooser;
    struct call call;
    struct result result;
};

static void begin(struct inside *inside) {
    struct world_limits limits = world_limits_small();
    limits.sockets = 512; /* as the plug-in's machine has */
    limits.handles = 576;
    world_limits_add_wire(&limits);
    inside->world = world_create(memory_of(world_bytes(&limits)), &limits);
    simulating_chooser_init(&inside->chooser, profile_named("windows"), 0);
    model_process_start(inside->world, 0, 0, 0, 0x0202);
}

static uint64_t ask(struct inside *inside, enum function function) {
    inside->call.function = (uint16_t)function;
    result_clear(&inside->result);
    model_call(inside->world, &inside->chooser.chooser, &inside->call, &inside->result);
    return inside->result.value;
}

static uint64_t new_socket(struct inside *inside) {
    call_clear(&inside->call);
    inside->call.arguments[socket_af] = AF_INET;
    inside->call.arguments[socket_type] = SOCK_DGRAM;
    inside->call.arguments[socket_protocol] = IPPROTO_UDP;
    return ask(inside, FUNCTION_socket);
}

static double socket_inside(void *context) {
    struct inside *inside = context;
    const struct sockaddr_in name = any_port();
    const uint8_t length[4] = { sizeof name };
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t s = new_socket(inside);
        call_clear(&inside->call);
        inside->call.arguments[bind_s] = s;
        point_at(&inside->call, bind_name, &name, sizeof name);
        inside->call.arguments[bind_namelen] = sizeof name;
        demand(ask(inside, FUNCTION_bind) == 0, "bind fails");
        call_clear(&inside->call);
        inside->call.arguments[getsockname_s] = s;
        point(&inside->call, getsockname_name, sizeof name);
        point_at(&inside->call, getsockname_namelen, length, sizeof length);
        demand(ask(inside, FUNCTION_getsockname) == 0, "getsockname fails");
        call_clear(&inside->call);
        inside->call.arguments[closesocket_s] = s;
        demand(ask(inside, FUNCTION_closesocket) == 0, "closesocket fails");
    }
    return 4.0 * ROUNDS;
}

static double reserve_inside(void *context) {
    struct inside *inside = context;
    const uint8_t range[PORT_RANGE_SIZE] = { 0, 0, 1, 0 };
    uint64_t s = new_socket(inside);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t token[PORT_TOKEN_SIZE];
        call_clear(&inside->call);
        inside->call.arguments[WSAIoctl_s] = s;
        prepare_control(&inside->call, SIO_ACQUIRE_PORT_RESERVATION, range, sizeof range, PORT_INSTANCE_SIZE);
        demand(ask(inside, FUNCTION_WSAIoctl) == 0, "SIO_ACQUIRE_PORT_RESERVATION fails");
        bool found = false;
        for (unsigned w = 0; w < inside->result.writes_count; w++) {
            const struct result_write *write = &inside->result.writes[w];
            uint64_t offset = inside->call.arguments[WSAIoctl_out] + 8 - write->address;
            if (offset + sizeof token > write->length) continue;
            memcpy(token, inside->result.bytes + write->bytes_offset + offset, sizeof token);
            found = true;
        }
        demand(found, "no token");
        call_clear(&inside->call);
        inside->call.arguments[WSAIoctl_s] = s;
        prepare_control(&inside->call, SIO_RELEASE_PORT_RESERVATION, token, sizeof token, 0);
        demand(ask(inside, FUNCTION_WSAIoctl) == 0, "SIO_RELEASE_PORT_RESERVATION fails");
    }
    call_clear(&inside->call);
    inside->call.arguments[closesocket_s] = s;
    demand(ask(inside, FUNCTION_closesocket) == 0, "closesocket fails");
    return 2.0 * ROUNDS;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static double line(const char *what, work_function *work, void *context, double peer_s, const char *peer) {
    struct figure figure = measure(work, context);
    print_time(what, &figure, 1e9, "ns/call", peer_s > 0 ? figure.median_s / peer_s : 0, peer);
    return figure.median_s;
}

int main(void) {
    static struct provider layered, plugin;
    static struct inside inside;
    load(&layered, "build/layered-provider.so");
    load(&plugin, "build/reservoir-provider.so");
    begin(&inside);
    print_heading();
    double system_s = line("system, a socket", socket_by_system, NULL, 0, "");
    line("layered, a socket", socket_by_provider, &layered, system_s, "system");
    line("layered, a reservation", reserve_by_provider, &layered, system_s, "system, a socket");
    double socket_s = line("model inside, a socket", socket_inside, &inside, 0, "");
    line("model as plug-in, a socket", socket_by_provider, &plugin, socket_s, "model inside");
    double reserve_s = line("model inside, a reservation", reserve_inside, &inside, 0, "");
    line("model as plug-in, a reservation", reserve_by_provider, &plugin, reserve_s, "model inside");
    return 0;
}
