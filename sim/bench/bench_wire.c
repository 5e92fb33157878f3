/* What the wire costs: bytes from one modelled machine to another, beside lwIP (where Debian's liblwip-dev is there)
 * and the Linux kernel's loopback; connections from SYN to closed; and what a connection takes of a world. README.md
 * says what each line means. */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>

#include "sim/bench/benchmark.h"
#include "sim/bench/wire_peers.h"
#include "sim/link/network.h"
#include "sim/link/program.h"
#include "stack/errors.h"
#include "stack/model/model.h"

enum { PORT = 7000, CLIENT = 0, SERVER = 1 };

/* --- two modelled machines ---------------------------------------------------------------------------------------- */

static const struct endpoint places[2] = {
    { .family = 4, .address = { { 10, 0, 0, 1 } } },
    { .family = 4, .port = PORT, .address = { { 10, 0, 0, 2 } } },
};

struct pair {
    struct network *network;
    struct simulating_chooser chooser;
    struct program programs[2];
    int64_t listener, ends[2];
};

static struct pair *pair_create(const struct world_limits *machine, const struct link_settings *link) {
    struct pair *pair = memory_of(sizeof *pair);
    const struct network_limits limits = { .machine = *machine, .machines = 2, .flights = 256 };
    pair->network = network_create(memory_of(network_bytes(&limits)), &limits);
    simulating_chooser_init(&pair->chooser, profile_named("windows"), 1);
    for (unsigned i = 0; i < 2; i++) {
        struct world *world = network_machine(pair->network, i);
        model_add_address(world, 4, places[i].address.bytes);
        program_start(&pair->programs[i], world, &pair->chooser.chooser);
    }
    network_join(pair->network, CLIENT, SERVER, link);
    pair->listener = program_socket(&pair->programs[SERVER], 4, PROTOCOL_TCP);
    demand(program_bind(&pair->programs[SERVER], pair->listener, &places[SERVER]) == 0, "the model refuses a port");
    demand(program_listen(&pair->programs[SERVER], pair->listener, 200) == 0, "the model does not listen");
    return pair;
}

/* A machine with room for so many connections of programs, and rings of so many bytes. */
static struct world_limits machine_for(unsigned connections, uint32_t stream_bytes) {
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.connections = limits.sockets = limits.handles = (uint16_t)(connections + 4);
    limits.packets = 256;
    limits.stream_bytes = stream_bytes;
    return limits;
}

static void pair_free(struct pair *pair) {
    free(pair->network);
    free(pair);
}

static bool pair_step(struct pair *pair) {
    unsigned machine;
    return network_step(pair->network, &pair->chooser.chooser, NULL, &pair->programs[CLIENT].result, &machine);
}

static void pair_settle(struct pair *pair) {
    pair->programs[CLIENT].result.writes_count = 0;
    while (pair_step(pair)) {
    }
}

static bool pair_skip(struct pair *pair) {
    uint64_t next_ns = network_next_ns(pair->network);
    if (next_ns == UINT64_MAX) return false;
    network_tick(pair->network, next_ns);
    return true;
}

/* False where the client has no port left. */
static bool pair_connects(struct pair *pair) {
    struct program *client = &pair->programs[CLIENT], *server = &pair->programs[SERVER];
    pair->ends[CLIENT] = program_socket(client, 4, PROTOCOL_TCP);
    demand(pair->ends[CLIENT] != -1, "the model gives no socket");
    program_connect(client, pair->ends[CLIENT], &places[SERVER]);
    if (client->error == WSAENOBUFS || client->error == WSAEADDRINUSE) {
        program_close(client, pair->ends[CLIENT]);
        return false;
    }
    demand(client->error == WSAEWOULDBLOCK, "the model does not connect");
    do {
        pair_settle(pair);
        pair->ends[SERVER] = program_accept(server, pair->listener);
    } while (pair->ends[SERVER] == -1 && pair_skip(pair));
    demand(pair->ends[SERVER] != -1, "the model accepts no connection");
    return true;
}

static void pair_connect(struct pair *pair) { demand(pair_connects(pair), "the model has no port left"); }

static double pair_bulk(void *self) {
    struct pair *pair = self;
    uint8_t chunk[CHUNK] = { 0 }, heard[TAKEN_CHUNK];
    uint32_t said = 0, taken = 0;
    while (taken < BULK_BYTES) {
        while (said < BULK_BYTES && program_send(&pair->programs[CLIENT], pair->ends[CLIENT], chunk, CHUNK) == CHUNK)
            said += CHUNK;
        pair_settle(pair);
        int64_t count;
        while ((count = program_receive(&pair->programs[SERVER], pair->ends[SERVER], heard, TAKEN_CHUNK)) > 0)
            taken += (uint32_t)count;
        pair_settle(pair);
        demand(pair_skip(pair) || taken >= BULK_BYTES, "the model's transfer stands still");
    }
    return taken;
}

/* --- bulk --------------------------------------------------------------------------------------------------------- */

/* Runs of all sides in turns, so that what else the machine does hits all alike. */
struct side {
    const char *name;
    work_function *bulk;
    void *self;
    double seconds[RUNS], wall[RUNS];
};

static struct figure median_of(struct side *side) {
    qsort(side->seconds, RUNS, sizeof side->seconds[0], ascending);
    qsort(side->wall, RUNS, sizeof side->wall[0], ascending);
    return (struct figure){ side->seconds[0], side->seconds[RUNS / 2], side->wall[RUNS / 2] };
}

static void run_in_turns(struct side *sides, unsigned count) {
    for (unsigned i = 0; i < count; i++) sides[i].bulk(sides[i].self); /* warms up */
    for (unsigned run = 0; run < RUNS; run++)
        for (unsigned i = 0; i < count; i++) {
            double begin = cpu_s(), begin_s = now_s();
            double bytes = sides[i].bulk(sides[i].self);
            sides[i].seconds[run] = (cpu_s() - begin) / bytes;
            sides[i].wall[run] = (now_s() - begin_s) / bytes;
        }
}

/* NULL where lwIP is not there. */
static work_function *lwip_side(void) {
    void (*begin)(void);
    work_function *bulk;
    void *library = dlopen(LWIP_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return NULL;
    *(void **)&begin = dlsym(library, "lwip_begin");
    *(void **)&bulk = dlsym(library, "lwip_bulk");
    demand(begin != NULL && bulk != NULL, LWIP_LIBRARY " is not what it should be");
    begin();
    return bulk;
}

static void bench_bulk(void) {
    const struct link_settings at_once = { 0 };
    const struct world_limits limits = machine_for(4, WINDOW);
    struct pair *pair = pair_create(&limits, &at_once);
    struct side sides[] = { { .name = "model, bulk", .bulk = pair_bulk, .self = pair },
                            { .name = "kernel's loopback, bulk", .bulk = kernel_bulk },
                            { .name = "lwIP, bulk", .bulk = lwip_side() } };
    unsigned count = sides[2].bulk != NULL ? 3 : 2;
    pair_connect(pair);
    kernel_begin();
    run_in_turns(sides, count);
    struct figure model = median_of(&sides[0]);
    print_rate(sides[0].name, &model, 1e-6, "MB/s", 0, "");
    for (unsigned i = 1; i < count; i++) {
        struct figure other = median_of(&sides[i]);
        print_rate(sides[i].name, &other, 1e-6, "MB/s", model.median_s / other.median_s, "the model's");
    }
    if (count == 2) puts("  lwIP: not run, because Debian's liblwip-dev is not here");
    pair_free(pair);
}

/* How much faster than the clock a simulated gigabit is. */
static void bench_gigabit(void) {
    const struct link_settings gigabit = { .delay_ns = 50000, .bits_per_second = 1000000000 };
    const struct world_limits limits = machine_for(4, WINDOW);
    struct pair *pair = pair_create(&limits, &gigabit);
    pair_connect(pair);
    uint64_t began_ns = network_now_ns(pair->network);
    double began_s = cpu_s();
    struct figure model = measure(pair_bulk, pair);
    double spent_s = cpu_s() - began_s, simulated_s = (double)(network_now_ns(pair->network) - began_ns) * 1e-9;
    print_rate("model, bulk at 1 Gbit/s, 50 us", &model, 1e-6, "MB/s", 0, "");
    print_line("the same, simulated in a second", simulated_s / spent_s * 1e3, simulated_s / spent_s * 1e3, "ms", 0,
               "");
    pair_free(pair);
}

/* --- connections -------------------------------------------------------------------------------------------------- */

enum { CONNECTIONS = 2000, MANY = 1000, SMALL_RING = 1100 };

/* Both close, the client first: it is in TIME_WAIT afterwards, until the clock has moved on. */
static void pair_close(struct pair *pair) {
    program_close(&pair->programs[CLIENT], pair->ends[CLIENT]);
    do {
        pair_settle(pair);
    } while (program_receive(&pair->programs[SERVER], pair->ends[SERVER], (uint8_t[1]){ 0 }, 1) != 0 &&
             pair_skip(pair));
    program_close(&pair->programs[SERVER], pair->ends[SERVER]);
    pair_settle(pair);
}

static double pair_connections(void *self) {
    struct pair *pair = self;
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        pair_connect(pair);
        pair_close(pair);
        while (pair_skip(pair)) pair_settle(pair); /* TIME_WAIT */
    }
    return CONNECTIONS;
}

static void bench_connections(void) {
    const struct link_settings at_once = { 0 };
    const struct world_limits limits = machine_for(4, SMALL_RING);
    struct pair *pair = pair_create(&limits, &at_once);
    struct figure figure = measure(pair_connections, pair);
    print_rate("connections, SYN to closed", &figure, 1, "a second", 0, "");
    pair_free(pair);
}

/* What connections take of a world besides their rings: the difference between one with room for MANY and one with room
 * for none, sockets and handles included. All are opened, so that the room is shown to be enough. */
static void bench_memory(void) {
    const struct link_settings at_once = { 0 };
    const struct world_limits none = machine_for(0, SMALL_RING), many = machine_for(MANY, SMALL_RING);
    struct pair *pair = pair_create(&many, &at_once);
    for (unsigned i = 0; i < MANY; i++) pair_connect(pair);
    double bytes = (double)(world_bytes(&many) - world_bytes(&none)) / MANY - 2.0 * SMALL_RING;
    print_line("a connection of 1000, besides rings", bytes, bytes, "bytes", bytes / 1024, "1 KiB");
    demand(bytes < 1024, "a connection takes more than 1 KiB");
    demand(network_check(pair->network) == NULL, "an invariant is broken");
    pair_free(pair);
}

/* --- ports run out ------------------------------------------------------------------------------------------------ */

enum { DYNAMIC_PORTS = 1024, HOURS = 2, ATTEMPTS_A_SECOND = 20 };

/* A client connects and closes at a steady pace, faster than TIME_WAIT gives ports back: 1024 ports of which each is
 * held for two minutes are eight and a half a second. */
static void bench_exhaustion(void) {
    const struct link_settings at_once = { 0 };
    const struct world_limits limits = machine_for(DYNAMIC_PORTS, SMALL_RING);
    struct pair *pair = pair_create(&limits, &at_once);
    const uint64_t pace_ns = 1000000000 / ATTEMPTS_A_SECOND;
    unsigned connected = 0, refused = 0;
    network_machine(pair->network, CLIENT)->dynamic_last[PROTOCOL_TCP] =
        (uint16_t)(network_machine(pair->network, CLIENT)->dynamic_first[PROTOCOL_TCP] + DYNAMIC_PORTS - 1);
    double began_s = cpu_s();
    for (uint64_t begins_ns = 0; begins_ns < HOURS * 3600 * UINT64_C(1000000000); begins_ns += pace_ns) {
        while (network_now_ns(pair->network) < begins_ns) {
            uint64_t next_ns = network_next_ns(pair->network), left_ns = begins_ns - network_now_ns(pair->network);
            network_tick(pair->network, next_ns < left_ns ? next_ns : left_ns);
            pair_settle(pair);
        }
        bool connects = pair_connects(pair);
        if (connects) pair_close(pair);
        connected += connects;
        refused += !connects;
    }
    double spent_s = cpu_s() - began_s;
    print_line("1024 ports run out, two hours", spent_s * 1e3, spent_s * 1e3, "ms", 0, "");
    printf("    (TIME_WAIT of 120 s, %d attempts a second: %u connected, %u without a port)\n", ATTEMPTS_A_SECOND,
           connected, refused);
    demand(refused > connected / 4 && connected > HOURS * 3600 * 8, "ports did not run out as they must");
    pair_free(pair);
}

int main(void) {
    print_heading();
    bench_bulk();
    bench_gigabit();
    bench_connections();
    bench_memory();
    bench_exhaustion();
    return 0;
}
