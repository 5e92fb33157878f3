/* How long a port choice takes, on an empty machine and on a full one: bind() to port 0 with every port of the dynamic
 * range free and with one free, and bind() to a port that another socket holds, among few sockets and among many; on
 * the model and on the Linux kernel below, in turns in one run. Then ACQUIRE of 64 ports of any place among ports that
 * are held here and there.
 *
 * The kernel's part runs in a network namespace of its own, whose dynamic range is as large as the model's; without the
 * right to make one, in the range that the machine has. Nothing of the machine is changed: the namespace goes with this
 * program, and so do its sockets. README.md says what each line means. */
#define _GNU_SOURCE /* unshare */

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#undef IOC_OUT /* Linux has a macro of that name too; the model's headers have the SDK's */

#include "sim/bench/benchmark.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/transport/reservation_control.h"

enum { RANGE_FIRST = 49152, RANGE_LAST = 65535, RANGE_PORTS = RANGE_LAST - RANGE_FIRST + 1 };
enum { BINDS = 200, ACQUIRES = 200, BLOCK_PORTS = 64, SOCKETS_MAX = 65536, SPARE_FILES = 64 };

/* The model draws where it begins to look, as the kernel does. */
enum { SEED = 1 };

static const char range_file[] = "/proc/sys/net/ipv4/ip_local_port_range";

/* Who gives ports. A socket is the side's own number for it. */
struct side {
    const char *name;
    void *self;
    uint64_t (*open)(void *self);
    bool (*bind)(void *self, uint64_t socket, unsigned port); /* port 0: any; false: refused */
    void (*close)(void *self, uint64_t socket);
};

/* --- the model ------------------------------------------------------------------------------------------------- */

struct machine {
    struct world *world;
    struct simulating_chooser chooser;
    struct call socket, bind, acquire, close;
    struct result result;
};

static bool machine_call(struct machine *machine, const struct call *call) {
    model_call(machine->world, &machine->chooser.chooser, call, &machine->result);
    model_settle(machine->world, &machine->chooser.chooser, &machine->result);
    return machine->result.value != UINT64_MAX;
}

static uint64_t machine_open(void *self) {
    struct machine *machine = self;
    demand(machine_call(machine, &machine->socket), "the model gives no socket");
    return machine->result.value;
}

static bool machine_bind(void *self, uint64_t socket, unsigned port) {
    struct machine *machine = self;
    machine->bind.arguments[bind_s] = socket;
    store_u16_network(machine->bind.bytes + 2, (uint16_t)port);
    return machine_call(machine, &machine->bind);
}

static void machine_close(void *self, uint64_t socket) {
    struct machine *machine = self;
    machine->close.arguments[closesocket_s] = socket;
    demand(machine_call(machine, &machine->close), "the model does not close a socket");
}

static void machine_hold(struct machine *machine, unsigned port) {
    demand(machine_bind(machine, machine_open(machine), port), "the model refuses a free port");
}

/* A whole machine with one process, which has done its WSAStartup. */
static struct machine *machine_create(void) {
    static const uint8_t loopback[SOCKADDR_IN_SIZE] = { 2, 0, 0, 0, 127, 0, 0, 1 }, block[] = { 0, 0, BLOCK_PORTS, 0 };
    struct world_limits limits = world_limits_full();
    struct machine *machine = memory_of(sizeof *machine);
    machine->world = world_create(memory_of(world_bytes(&limits)), &limits);
    simulating_chooser_init(&machine->chooser, profile_named("windows"), SEED);
    model_process_start(machine->world, 0, 0, 0, 0x0202);
    machine->socket.function = FUNCTION_socket;
    machine->socket.arguments[socket_af] = 2;
    machine->socket.arguments[socket_type] = 1;
    machine->socket.arguments[socket_protocol] = 6;
    machine->bind.function = FUNCTION_bind;
    machine->bind.arguments[bind_namelen] = sizeof loopback;
    point_at(&machine->bind, bind_name, loopback, sizeof loopback);
    prepare_control(&machine->acquire, SIO_ACQUIRE_PORT_RESERVATION, block, sizeof block, PORT_INSTANCE_SIZE);
    machine->close.function = FUNCTION_closesocket;
    return machine;
}

static void machine_free(struct machine *machine) {
    demand(model_check(machine->world) == NULL, "an invariant of the model is broken");
    free(machine->world);
    free(machine);
}

/* --- the kernel ------------------------------------------------------------------------------------------------ */

static uint64_t kernel_open(void *self) {
    (void)self;
    int descriptor = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    demand(descriptor >= 0, "the kernel gives no socket");
    return (uint64_t)descriptor;
}

static bool kernel_bind(void *self, uint64_t socket, unsigned port) {
    (void)self;
    struct sockaddr_in name = { .sin_family = AF_INET,
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                .sin_port = htons((uint16_t)port) };
    return bind((int)socket, (const struct sockaddr *)&name, sizeof name) == 0;
}

static void kernel_close(void *self, uint64_t socket) {
    (void)self;
    demand(close((int)socket) == 0, "the kernel does not close a socket");
}

/* A loopback interface comes into the world down, and without an address. */
static bool loopback_up(void) {
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    if (any < 0) return false;
    bool up = ioctl(any, SIOCSIFFLAGS, &request) == 0;
    close(any);
    return up;
}

static bool write_range(unsigned first, unsigned last) {
    FILE *file = fopen(range_file, "w");
    if (file == NULL) return false;
    bool written = fprintf(file, "%u %u\n", first, last) > 0;
    return fclose(file) == 0 && written;
}

static unsigned kernel_ports(void) {
    unsigned first = 0, last = 0;
    FILE *file = fopen(range_file, "r");
    if (file == NULL) return 0;
    bool read = fscanf(file, "%u %u", &first, &last) == 2;
    fclose(file);
    return read && first <= last ? last - first + 1 : 0;
}

static bool allow_files(unsigned count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    if (limit.rlim_cur >= count) return true;
    limit.rlim_cur = count;
    if (limit.rlim_max < count) limit.rlim_max = count;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* False, with a line that says why, when the kernel cannot be asked. */
static bool kernel_prepare(void) {
    bool apart = unshare(CLONE_NEWNET) == 0;
    if (apart) demand(loopback_up() && write_range(RANGE_FIRST, RANGE_LAST), "the namespace cannot be set up");
    unsigned ports = kernel_ports();
    if (ports == 0 || !allow_files(ports + SPARE_FILES)) {
        const char *why = ports == 0 ? "its range of ports is unknown" : "too few files may be open";
        printf("  the kernel is not asked: %s\n", why);
        return false;
    }
    if (apart) printf("  the kernel in a namespace of its own, %u ports as the model\n", ports);
    else
        printf("  no right to a namespace: the kernel in the range of this machine, %u ports, the model %u\n", ports,
               RANGE_PORTS);
    return true;
}

/* --- bind ------------------------------------------------------------------------------------------------------ */

/* What reading the clock twice takes: it is taken off everything that is timed by itself. */
static double clock_cost_s(void) {
    double seconds[BINDS];
    for (unsigned i = 0; i < BINDS; i++) {
        double begin = now_s();
        seconds[i] = now_s() - begin;
    }
    qsort(seconds, BINDS, sizeof seconds[0], ascending);
    return seconds[BINDS / 2];
}

/* One run: so many sockets, each bound and closed; the median time of only the bind. */
static double bind_run(const struct side *side) {
    double seconds[BINDS], cost = clock_cost_s();
    for (unsigned i = 0; i < BINDS; i++) {
        uint64_t socket = side->open(side->self);
        double begin = now_s();
        bool bound = side->bind(side->self, socket, 0);
        seconds[i] = now_s() - begin - cost;
        demand(bound, "a free port is not found");
        side->close(side->self, socket);
    }
    qsort(seconds, BINDS, sizeof seconds[0], ascending);
    return seconds[BINDS / 2];
}

/* One run: binds to a port that another socket holds, which are refused; the median time of one. */
static double refused_run(const struct side *side, unsigned port) {
    double seconds[BINDS], cost = clock_cost_s();
    uint64_t socket = side->open(side->self);
    for (unsigned i = 0; i < BINDS; i++) {
        double begin = now_s();
        bool bound = side->bind(side->self, socket, port);
        seconds[i] = now_s() - begin - cost;
        demand(!bound, "two sockets are bound to one port");
    }
    side->close(side->self, socket);
    qsort(seconds, BINDS, sizeof seconds[0], ascending);
    return seconds[BINDS / 2];
}

/* Holds a port below the dynamic range; *port receives it. */
static uint64_t hold_below_range(const struct side *side, unsigned *port) {
    uint64_t socket = side->open(side->self);
    for (*port = RANGE_FIRST - 1; !side->bind(side->self, socket, *port); --*port)
        demand(*port > 1024, "no port can be held");
    return socket;
}

struct held_sockets {
    uint64_t sockets[SOCKETS_MAX];
    unsigned count;
};

static void hold_all(const struct side *side, struct held_sockets *held) {
    held->count = 0;
    for (;;) {
        uint64_t socket = side->open(side->self);
        if (!side->bind(side->self, socket, 0)) {
            side->close(side->self, socket);
            return;
        }
        demand(held->count < SOCKETS_MAX, "more ports than there are");
        held->sockets[held->count++] = socket;
    }
}

static void let_one_go(const struct side *side, struct held_sockets *held) {
    demand(held->count > 1, "there are no ports to hold");
    unsigned one = held->count / 2;
    side->close(side->self, held->sockets[one]);
    held->count--;
    held->sockets[one] = held->sockets[held->count];
}

static void let_all_go(const struct side *side, struct held_sockets *held) {
    while (held->count > 0) side->close(side->self, held->sockets[--held->count]);
}

static struct figure figure_of(double *seconds) {
    qsort(seconds, RUNS, sizeof seconds[0], ascending);
    return (struct figure){ seconds[0], seconds[RUNS / 2], seconds[RUNS / 2] };
}

/* What is timed of each side. */
enum measure { ANY_ALL_FREE, ANY_ONE_FREE, REFUSED_AMONG_FEW, REFUSED_AMONG_MANY, MEASURES };

/* All sides in turns, two measures at a time. */
static void take_turns(const struct side *sides, unsigned count, const unsigned *ports, enum measure any,
                       enum measure refused, struct figure figures[2][MEASURES]) {
    double any_seconds[2][RUNS], refused_seconds[2][RUNS];
    for (unsigned i = 0; i < count; i++) bind_run(&sides[i]); /* warms up */
    for (unsigned run = 0; run < RUNS; run++)
        for (unsigned i = 0; i < count; i++) {
            any_seconds[i][run] = bind_run(&sides[i]);
            refused_seconds[i][run] = refused_run(&sides[i], ports[i]);
        }
    for (unsigned i = 0; i < count; i++) {
        figures[i][any] = figure_of(any_seconds[i]);
        figures[i][refused] = figure_of(refused_seconds[i]);
    }
}

/* A port below the range is held all the time. What is held at the end stays held, but for that one. */
static void measure_binds(const struct side *sides, unsigned count, struct held_sockets *held,
                          struct figure figures[2][MEASURES]) {
    unsigned ports[2] = { 0, 0 };
    uint64_t holders[2] = { 0, 0 };
    for (unsigned i = 0; i < count; i++) holders[i] = hold_below_range(&sides[i], &ports[i]);
    take_turns(sides, count, ports, ANY_ALL_FREE, REFUSED_AMONG_FEW, figures);
    for (unsigned i = 0; i < count; i++) {
        hold_all(&sides[i], &held[i]);
        let_one_go(&sides[i], &held[i]);
    }
    take_turns(sides, count, ports, ANY_ONE_FREE, REFUSED_AMONG_MANY, figures);
    for (unsigned i = 0; i < count; i++) sides[i].close(sides[i].self, holders[i]);
}

static void print_measure(const char *what, const struct figure *figure, const struct figure *of, const char *peer) {
    print_time(what, figure, 1e9, "ns", of == NULL ? 0 : figure->median_s / of->median_s, peer);
}

static void print_side(const char *name, unsigned held, const struct figure *figures) {
    char what[64];
    snprintf(what, sizeof what, "%s, bind(0), all free", name);
    print_measure(what, &figures[ANY_ALL_FREE], NULL, NULL);
    snprintf(what, sizeof what, "%s, bind(0), %u held, 1 free", name, held);
    print_measure(what, &figures[ANY_ONE_FREE], &figures[ANY_ALL_FREE], "all free");
    snprintf(what, sizeof what, "%s, bind(held port), 1 held", name);
    print_measure(what, &figures[REFUSED_AMONG_FEW], NULL, NULL);
    snprintf(what, sizeof what, "%s, bind(held port), %u held", name, held + 1);
    print_measure(what, &figures[REFUSED_AMONG_MANY], &figures[REFUSED_AMONG_FEW], "1 held");
}

static void bench_binds(void) {
    struct machine *machine = machine_create();
    const struct side sides[] = { { "model", machine, machine_open, machine_bind, machine_close },
                                  { "kernel", NULL, kernel_open, kernel_bind, kernel_close } };
    struct held_sockets *held = memory_of(2 * sizeof *held);
    struct figure figures[2][MEASURES];
    unsigned count = kernel_prepare() ? 2 : 1;
    measure_binds(sides, count, held, figures);
    for (unsigned i = 0; i < count; i++) {
        print_side(sides[i].name, held[i].count, figures[i]);
        let_all_go(&sides[i], &held[i]);
    }
    if (count == 2)
        print_measure("model, bind(held port), many", &figures[0][REFUSED_AMONG_MANY], &figures[1][REFUSED_AMONG_MANY],
                      "the kernel's");
    demand(held[0].count == 0, "sockets are left");
    free(held);
    machine_free(machine);
}

/* --- ACQUIRE --------------------------------------------------------------------------------------------------- */

static double acquire_run(struct machine *machine) {
    double seconds[ACQUIRES], cost = clock_cost_s();
    for (unsigned i = 0; i < ACQUIRES; i++) {
        uint64_t socket = machine_open(machine);
        machine->acquire.arguments[WSAIoctl_s] = socket;
        double begin = now_s();
        bool granted = machine_call(machine, &machine->acquire);
        seconds[i] = now_s() - begin - cost;
        demand(granted, "a block that is free is not found");
        machine_close(machine, socket); /* which ends the reservation */
    }
    qsort(seconds, ACQUIRES, sizeof seconds[0], ascending);
    return seconds[ACQUIRES / 2];
}

/* Every `apart`th port of the range is held, but for a gap in the middle that one block fits into (0: none is held). */
static struct figure acquire_among(unsigned apart) {
    struct machine *machine = machine_create();
    double seconds[RUNS];
    unsigned gap = RANGE_FIRST + RANGE_PORTS / 2;
    for (unsigned port = RANGE_FIRST; apart > 0 && port <= RANGE_LAST; port += apart)
        if (port < gap || port >= gap + BLOCK_PORTS) machine_hold(machine, port);
    acquire_run(machine);
    for (unsigned run = 0; run < RUNS; run++) seconds[run] = acquire_run(machine);
    machine_free(machine);
    return figure_of(seconds);
}

static void bench_acquire(void) {
    static const unsigned apart[] = { 0, BLOCK_PORTS, 2 };
    static const char *const names[] = { "ACQUIRE 64, all free", "ACQUIRE 64, each 64th port held",
                                         "ACQUIRE 64, each 2nd port held" };
    struct figure figures[3];
    for (unsigned i = 0; i < 3; i++) {
        figures[i] = acquire_among(apart[i]);
        double ratio = i == 0 ? 0 : figures[i].median_s / figures[0].median_s;
        print_time(names[i], &figures[i], 1e9, "ns", ratio, "all free");
    }
}

int main(void) {
    print_heading();
    bench_binds();
    bench_acquire();
    return 0;
}
