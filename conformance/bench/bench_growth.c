/* How cost grows: calls in a full world that is empty, and in one that is crowded in one way or in all. No call may
 * look at rows that do not concern it, so the goal is at most three times the cost in an empty world (larger worlds
 * miss caches). Then what is as long as what it touches: the end of a process, an encoding, a check of all invariants;
 * twice the rows should take twice the time. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, sockets */

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/bench/benchmark.h"
#include "stack/model/model.h"
#include "stack/ports/exclusions.h"
#include "stack/readings.h"
#include "stack/transport/reservation_control.h"

enum { MANY_SOCKETS = 60000, MANY_THREADS = 4000, MANY_RESERVATIONS = 4000, MANY_EXCLUSIONS = 1000 };
enum { ROUNDS = 2000, GOAL = 3 };

struct machine {
    struct world *world;
    struct simulating_chooser chooser;
    struct call socket, close, bind, acquire, release, associate;
    struct result result;
};

static struct machine *machine_create(void) {
    static const uint8_t any_four[4] = { 0, 0, 4, 0 }, no_token[8], name[16] = { 2 };
    struct world_limits limits = world_limits_full();
    struct machine *machine = memory_of(sizeof *machine);
    machine->world = world_create(memory_of(world_bytes(&limits)), &limits);
    simulating_chooser_init(&machine->chooser, profile_named("windows"), 0);
    model_process_start(machine->world, 0, 0, 0, 0x0202);
    machine->socket.function = FUNCTION_socket;
    machine->socket.arguments[socket_af] = 2;
    machine->socket.arguments[socket_type] = 1;
    machine->socket.arguments[socket_protocol] = 6;
    machine->close.function = FUNCTION_closesocket;
    machine->bind.function = FUNCTION_bind;
    point_at(&machine->bind, bind_name, name, sizeof name);
    machine->bind.arguments[bind_namelen] = sizeof name;
    prepare_control(&machine->acquire, SIO_ACQUIRE_PORT_RESERVATION, any_four, 4, PORT_INSTANCE_SIZE);
    prepare_control(&machine->release, SIO_RELEASE_PORT_RESERVATION, no_token, 8, 0);
    prepare_control(&machine->associate, SIO_ASSOCIATE_PORT_RESERVATION, no_token, 8, 0);
    return machine;
}

static void machine_free(struct machine *machine) {
    free(machine->world);
    free(machine);
}

static uint64_t perform(struct machine *machine, struct call *call, uint64_t socket) {
    if (call != &machine->socket) call->arguments[bind_s] = socket; /* the first of each of them */
    model_call(machine->world, &machine->chooser.chooser, call, &machine->result);
    model_settle(machine->world, &machine->chooser.chooser, &machine->result);
    demand(machine->result.error == ERROR_UNTOUCHED || machine->result.error == 0, "a call failed");
    return machine->result.value;
}

static void name_port(struct machine *machine, unsigned port) {
    machine->bind.bytes[2] = (uint8_t)(port >> 8);
    machine->bind.bytes[3] = (uint8_t)port;
}

static void set_block(struct machine *machine, unsigned first, unsigned count) {
    machine->acquire.bytes[0] = (uint8_t)(first >> 8);
    machine->acquire.bytes[1] = (uint8_t)first;
    machine->acquire.bytes[2] = (uint8_t)count;
}

static void acquire(struct machine *machine, uint64_t socket) {
    perform(machine, &machine->acquire, socket);
    const uint8_t *token = machine->result.bytes + machine->result.writes[0].bytes_offset + 8;
    memcpy(machine->release.bytes, token, 8);
    memcpy(machine->associate.bytes, token, 8);
}

/* --- crowds ----------------------------------------------------------------------------------------------------- */

static void add_sockets(struct machine *machine) {
    for (unsigned i = 0; i < MANY_SOCKETS; i++) perform(machine, &machine->socket, 0);
}

static void add_threads(struct machine *machine) {
    for (unsigned i = 1; i < MANY_THREADS; i++) model_thread_start(machine->world, i, 0);
}

static void add_reservations(struct machine *machine) {
    uint64_t socket = perform(machine, &machine->socket, 0);
    for (unsigned i = 0; i < MANY_RESERVATIONS; i++) {
        set_block(machine, 1024 + i, 1);
        acquire(machine, socket);
    }
    set_block(machine, 0, 4);
}

static void add_exclusions(struct machine *machine) {
    for (unsigned i = 0; i < MANY_EXCLUSIONS; i++)
        demand(exclusion_add(machine->world, PROTOCOL_TCP, 10000 + 2 * i, 10000 + 2 * i, false) != NO_ROW, "no room");
}

static void hold_every_second_port(struct machine *machine) {
    for (unsigned port = 49152; port < 65536 - 64; port += 2) {
        name_port(machine, port);
        perform(machine, &machine->bind, perform(machine, &machine->socket, 0));
    }
    name_port(machine, 0);
}

static void add_all(struct machine *machine) {
    hold_every_second_port(machine);
    add_threads(machine);
    add_reservations(machine);
    add_exclusions(machine);
    while (world_top(machine->world, TABLE_SOCKETS) < MANY_SOCKETS) perform(machine, &machine->socket, 0);
}

/* --- calls ------------------------------------------------------------------------------------------------------ */

static double work_open_close(void *context) {
    struct machine *machine = context;
    for (unsigned i = 0; i < ROUNDS; i++) perform(machine, &machine->close, perform(machine, &machine->socket, 0));
    return 2 * ROUNDS;
}

static double work_bind(void *context) {
    struct machine *machine = context;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t socket = perform(machine, &machine->socket, 0);
        perform(machine, &machine->bind, socket);
        perform(machine, &machine->close, socket);
    }
    return 3 * ROUNDS;
}

static double work_reserve(void *context) {
    struct machine *machine = context;
    uint64_t socket = perform(machine, &machine->socket, 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        acquire(machine, socket);
        perform(machine, &machine->release, socket);
    }
    perform(machine, &machine->close, socket);
    return 2 * ROUNDS;
}

static double work_associate(void *context) {
    struct machine *machine = context;
    uint64_t acquirer = perform(machine, &machine->socket, 0);
    acquire(machine, acquirer);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t socket = perform(machine, &machine->socket, 0);
        perform(machine, &machine->associate, socket);
        perform(machine, &machine->bind, socket);
        perform(machine, &machine->close, socket);
    }
    perform(machine, &machine->close, acquirer);
    return 4 * ROUNDS;
}

/* ACQUIRE of 64 ports beside RELEASE: the search for a run that is long enough. */
static double work_reserve_64(void *context) {
    struct machine *machine = context;
    set_block(machine, 0, 64);
    double calls = work_reserve(context);
    set_block(machine, 0, 4);
    return calls;
}

static const struct {
    const char *name;
    work_function *work;
} calls[] = {
    { "socket, closesocket", work_open_close },
    { "socket, bind(0), closesocket", work_bind },
    { "ACQUIRE 4, RELEASE", work_reserve },
    { "ACQUIRE 64, RELEASE", work_reserve_64 },
    { "socket, ASSOCIATE, bind, close", work_associate },
};

static const struct {
    const char *name;
    void (*add)(struct machine *machine);
} crowds[] = {
    { "60,000 open sockets", add_sockets },
    { "4,000 threads", add_threads },
    { "4,000 reservations", add_reservations },
    { "1,000 exclusions", add_exclusions },
    { "every second port held", hold_every_second_port },
    { "all of these", add_all },
};

enum { CALLS = sizeof calls / sizeof calls[0], CROWDS = sizeof crowds / sizeof crowds[0] };

static void bench_crowds(void) {
    double empty[CALLS];
    struct machine *machine = machine_create();
    printf("  an empty full world; a call\n");
    for (unsigned i = 0; i < CALLS; i++) {
        struct figure figure = measure(calls[i].work, machine);
        empty[i] = figure.median_s;
        print_time(calls[i].name, &figure, 1e9, "ns", 0, NULL);
    }
    machine_free(machine);
    for (unsigned k = 0; k < CROWDS; k++) {
        machine = machine_create();
        crowds[k].add(machine);
        printf("  %s\n", crowds[k].name);
        for (unsigned i = 0; i < CALLS; i++) {
            struct figure figure = measure(calls[i].work, machine);
            print_time(calls[i].name, &figure, 1e9, "ns", figure.median_s / empty[i], "an empty world; the goal is 3");
        }
        demand(model_check(machine->world) == NULL, "an invariant is broken");
        machine_free(machine);
    }
}

/* --- as long as what is touched ----------------------------------------------------------------------------------- */

static double seconds_to_end(unsigned sockets) {
    double least = 1e9;
    for (unsigned run = 0; run < 3; run++) {
        struct machine *machine = machine_create();
        for (unsigned i = 0; i < sockets; i++) perform(machine, &machine->socket, 0);
        double begin = cpu_s();
        model_process_end(machine->world, &machine->chooser.chooser, 0, &machine->result);
        if (cpu_s() - begin < least) least = cpu_s() - begin;
        demand(world_top(machine->world, TABLE_SOCKETS) == 0, "a socket outlived its process");
        machine_free(machine);
    }
    return least;
}

/* Linux closes as many as it lets us open: that number, and the seconds for MANY_SOCKETS of them at this rate. */
static unsigned linux_closes(double *seconds) {
    struct rlimit limit;
    demand(getrlimit(RLIMIT_NOFILE, &limit) == 0, "no limit of open files");
    limit.rlim_cur = limit.rlim_max < MANY_SOCKETS + 100 ? limit.rlim_max : MANY_SOCKETS + 100;
    demand(setrlimit(RLIMIT_NOFILE, &limit) == 0, "the limit of open files cannot be raised");
    int *all = memory_of(MANY_SOCKETS * sizeof *all);
    unsigned count = 0;
    while (count < MANY_SOCKETS && (all[count] = socket(AF_INET, SOCK_STREAM, 0)) >= 0) count++;
    demand(count > 0, "Linux opens no socket");
    double begin = cpu_s();
    for (unsigned i = 0; i < count; i++) close(all[i]);
    *seconds = (cpu_s() - begin) * MANY_SOCKETS / count;
    free(all);
    return count;
}

static void with_reservations(struct machine *machine, unsigned count) {
    uint64_t socket = perform(machine, &machine->socket, 0);
    for (unsigned i = 0; i < count; i++) {
        set_block(machine, 1024 + i, 1);
        acquire(machine, socket);
    }
}

static double seconds_to_encode(unsigned reservations) {
    struct machine *machine = machine_create();
    uint8_t *out = memory_of((size_t)machine->world->bytes * 2);
    double least = 1e9;
    with_reservations(machine, reservations);
    for (unsigned run = 0; run < RUNS; run++) {
        double begin = cpu_s();
        demand(world_encode(machine->world, out) > reservations, "an encoding without the reservations");
        if (cpu_s() - begin < least) least = cpu_s() - begin;
    }
    free(out);
    machine_free(machine);
    return least;
}

static double seconds_to_check(unsigned sockets) {
    struct machine *machine = machine_create();
    for (unsigned i = 0; i < sockets; i++) perform(machine, &machine->socket, 0);
    double begin = cpu_s();
    demand(model_check(machine->world) == NULL, "an invariant is broken");
    double seconds = cpu_s() - begin;
    machine_free(machine);
    return seconds;
}

static void bench_lengths(void) {
    static const struct {
        const char *name;
        double (*seconds)(unsigned rows);
        unsigned rows;
    } lengths[] = {
        { "end of a process, 30,000 sockets", seconds_to_end, 30000 },
        { "end of a process, 60,000 sockets", seconds_to_end, 60000 },
        { "encode, 1,000 reservations", seconds_to_encode, 1000 },
        { "encode, 2,000 reservations", seconds_to_encode, 2000 },
        { "model_check, 30,000 sockets", seconds_to_check, 30000 },
        { "model_check, 60,000 sockets", seconds_to_check, 60000 },
    };
    double seconds = 0;
    for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        double before = i % 2 == 0 ? 0 : seconds;
        seconds = lengths[i].seconds(lengths[i].rows);
        print_line(lengths[i].name, seconds * 1e6, seconds * 1e6, "us", before == 0 ? 0 : seconds / before,
                   "the line above; linear is 2");
    }
    double linux_s = 0;
    unsigned closed = linux_closes(&linux_s);
    print_line("Linux's close of 60,000 sockets", linux_s * 1e6, linux_s * 1e6, "us", 0, NULL);
    if (closed < MANY_SOCKETS) printf("    (at the rate of %u: more may not be open here)\n", closed);
}

int main(void) {
    print_heading();
    bench_crowds();
    bench_lengths();
    return 0;
}
