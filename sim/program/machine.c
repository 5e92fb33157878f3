#include "sim/program/machine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/memory/pages.h"
#include "sim/program/owned.h"
#include "sim/program/preceded.h"
#include "sim/program/stop.h"
#include "sim/program/trace.h"
#include "sim/store/store_file.h"
#include "stack/call/catalogue.h"
#include "stack/call/signature.h"
#include "stack/model/model.h"
#include "stack/ports/exclusions.h"

static struct {
    struct world *world;
    struct simulating_chooser chooser;
    uint64_t (*choose_member)(struct chooser *chooser, enum choice what, const struct choice_set *set); /* its own */
    uint64_t port_next; /* that comes after the one that was given last */
    struct program_options options;
    uint64_t random;
} machine;

static struct world_limits limits(void) {
    struct world_limits limits = world_limits_small();
    limits.processes = 1;
    limits.threads = PROGRAM_THREADS_MAX;
    limits.handles = 4096;
    limits.sockets = 2048;
    limits.events = 1024 + 2048; /* each socket's handle may have one of its own */
    limits.requests = 2048;
    limits.routines = 256;
    limits.reservations = 512;
    limits.exclusions = 64;
    limits.stored = STORE_FILE_CAPACITY;
    limits.connections = 512;
    limits.packets = 512;
    limits.datagrams = 512;
    limits.packet_bytes = 65535; /* of loopback; in memory that no one uses there is none */
    limits.more_bytes = MACHINE_MORE_BYTES;
    limits.stream_bytes = 65536;
    limits.completion_ports = 32;
    limits.associations = 1024;
    limits.selections = 1024;
    limits.completions = 2048;
    limits.event_waits = 4096;
    limits.numbers = (uint16_t)(4 * limits.sockets);
    limits.addresses = OWN_ADDRESSES_MAX;
    return limits;
}

static void must_be_done(enum store_file_answer answer) {
    char text[160];
    if (answer == STORE_FILE_DONE) return;
    store_file_text(answer, text, sizeof text);
    stop(STOP_OPTIONS, "store=%s: %s", machine.options.store, text);
}

/* What the options say of the machine, before there is a process. */
static void set_up(void) {
    const struct program_options *options = &machine.options;
    security_set_uac(machine.world, !options->lua_off, false);
    for (unsigned i = 0; options->dynamic_first != 0 && i < PROTOCOLS_COUNT; i++) {
        machine.world->dynamic_first[i] = options->dynamic_first;
        machine.world->dynamic_last[i] = options->dynamic_last;
    }
    if (options->store[0] != '\0') must_be_done(store_file_load(options->store, machine.world));
    for (unsigned i = 0; i < options->ranges_count; i++) {
        const struct option_range *range = &options->ranges[i];
        (void)exclusion_add(machine.world, (enum protocol)range->protocol, range->first, range->last,
                            range->administered);
    }
    machine.world->provider_delay_ns = options->delay_ns;
}

/* Any port is allowed. One that was just given back is not given again soon: a client that looks for a listener that is
 * gone would get its port, and be connected to itself. */
static uint64_t choose_port_later(struct chooser *chooser, enum choice what, const struct choice_set *set) {
    struct choice_set later = *set;
    if (what != CHOICE_PORT) return machine.choose_member(chooser, what, set);
    if (machine.port_next > set->start && machine.port_next <= set->last) later.start = machine.port_next;
    uint64_t port = machine.choose_member(chooser, what, &later);
    machine.port_next = port + 1;
    return port;
}

void machine_create(void) {
    enum { ACCOUNT = 1 };
    assert(machine.world == NULL);
    program_options_read(getenv("RESERVOIR_PROGRAM"), &machine.options);
    struct world_limits all = limits();
    void *memory = malloc(world_bytes(&all));
    if (memory == NULL) stop(STOP_NO_ROOM, "there is no memory for the machine");
    machine.world = world_create(memory, &all);
    simulating_chooser_init(&machine.chooser, &machine.options.profile, machine.options.seed);
    machine.choose_member = machine.chooser.chooser.choose_member;
    machine.chooser.chooser.choose_member = choose_port_later;
    machine.random = machine.options.seed;
    set_up();
    if (machine.options.trace[0] != '\0') trace_begin(&machine.options, machine.world);
    stop_calls(trace_end);
    security_name_account(machine.world, ACCOUNT, machine.options.account);
    model_process_start(machine.world, PROGRAM_PROCESS, 0, ACCOUNT, 0);
    uint32_t error = security_launch(machine.world, PROGRAM_PROCESS, MANIFEST_AS_INVOKER, machine.options.elevated);
    if (error != 0) stop(STOP_OPTIONS, "elevated=yes: this account cannot be elevated");
}

void machine_end(void) {
    if (machine.world == NULL) return;
    trace_end();
    struct result result;
    result_clear(&result);
    model_process_end(machine.world, &machine.chooser.chooser, PROGRAM_PROCESS, &result);
    const char *broken = model_check(machine.world);
    if (broken != NULL) stop(STOP_NO_ROOM, "an error of Reservoir's: this does not hold: %s", broken);
    if (machine.options.store[0] != '\0') must_be_done(store_file_save(machine.options.store, machine.world));
}

const struct program_options *machine_options(void) { return &machine.options; }
struct world *machine_world(void) {
    return machine.world;
}

/* --- what the model does ------------------------------------------------------------------------------------------ */

/* What the model answered last. */
static struct {
    struct result result;
    uint8_t more[MACHINE_MORE_BYTES];
} large;

/* For the caller, all but what was stored. */
static void hand_over(struct result *result) {
    const struct result *from = &large.result;
    memcpy(result, from, offsetof(struct result, writes));
    memcpy(result->routines, from->routines, from->routines_count * sizeof from->routines[0]);
    memcpy(result->returns, from->returns, from->returns_count * sizeof from->returns[0]);
    result->writes_count = 0;
    result->bytes_used = result->more_bytes = 0;
}

static void store_writes(const struct result *result) {
    for (unsigned i = 0; i < result->writes_count; i++) {
        const struct result_write *write = &result->writes[i];
        const uint8_t *bytes = result_bytes(result, write->bytes_offset);
        owned_written(write->address, write->length);
        trace_stored(write->address, bytes, write->length);
        memcpy((void *)(uintptr_t)write->address, bytes, write->length);
        preceded_stored(write->address, write->length);
    }
}

/* An answer that comes of a full table would be one of this world only. */
static void must_have_room(void) {
    if (machine.world->full == 0) return;
    enum table table = (enum table)(machine.world->full - 1);
    stop(STOP_NO_ROOM, "the program wants more %s than the %u that a machine of Reservoir has here",
         world_table_words(table), world_table_limit(machine.world, table));
}

void machine_call(const struct call *call, struct result *result) {
    const char *name = signature_of((enum function)call->function)->name;
    model_call(machine.world, &machine.chooser.chooser, call, &large.result);
    hand_over(result);
    if (result->status == RESULT_NOT_MODELLED) stop_not_modelled(name, not_modelled_words(result->value));
    must_have_room();
    if (result->status == RESULT_FAULT)
        stop(STOP_FAULT, "%s: on Windows an exception is raised inside the call, 0x%08X", name,
             (unsigned)result->error);
    store_writes(&large.result);
}

bool machine_step(struct result *result) {
    if (model_steps_enabled(machine.world) == 0) return false;
    result_clear(&large.result);
    model_step(machine.world, &machine.chooser.chooser, &large.result);
    hand_over(result);
    must_have_room();
    store_writes(&large.result);
    return true;
}

void machine_thread_starts(unsigned thread) { model_thread_start(machine.world, thread, PROGRAM_PROCESS); }

void machine_thread_ends(unsigned thread, struct result *result) {
    result_clear(result);
    model_thread_end(machine.world, thread, result);
    store_writes(result);
}

void machine_tick(uint64_t nanoseconds) {
    trace_time(nanoseconds);
    model_tick(machine.world, nanoseconds);
}

unsigned machine_reading(enum question question) {
    return world_reading(machine.world, &machine.chooser.chooser, question);
}

/* splitmix64 */
unsigned machine_draw(unsigned count) {
    if (machine.options.seed == 0 || count < 2) return 0;
    uint64_t mixed = machine.random += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return (unsigned)((mixed ^ (mixed >> 31)) % count);
}
