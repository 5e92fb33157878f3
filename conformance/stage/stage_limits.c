#include "conformance/stage/stage_limits.h"

#include <assert.h>

#include "stack/call/signature.h"
#include "stack/sdk/control_values.h"

enum { STORED_LEAST = 8 }; /* a store of less is of no sector more */

struct counts {
    unsigned sockets, events, files, duplicates, copies, acquires, connects, datagrams, children;
    unsigned ports, associations, requests, routines, posts, options, selections, event_waits, socket_waits;
    unsigned reservations_made, exclusions_made, changes; /* of the persistent store */
    unsigned packets;                                     /* that bare machines send */
    bool wire;
};

static const struct expression *argument_of_kind(const struct step *step, enum parameter_kind kind) {
    int parameter = signature_parameter_of_kind(step->signature, kind);
    for (uint32_t i = 0; parameter >= 0 && i < step->arguments_count; i++)
        if (step->arguments[i].parameter == parameter) return step->arguments[i].value;
    return NULL;
}

/* A code that is no plain number may be any. */
static bool may_control(const struct step *step, uint32_t wanted) {
    const struct expression *code = argument_of_kind(step, PARAMETER_CODE);
    return code != NULL && (code->kind == EXPRESSION_NAME || (uint32_t)code->number == wanted);
}

/* An option that is asked for may be one of the machine's own, which the socket then keeps. */
static bool may_keep_option(const struct step *step) {
    enum function function = (enum function)step->signature->function;
    return function == FUNCTION_setsockopt || function == FUNCTION_getsockopt || may_control(step, SIO_KEEPALIVE_VALS);
}

static void count_lasting(const struct step *step, struct counts *counts) {
    switch ((enum lasting)step->signature->lasting) {
    case LASTS_NOT:
    case LASTS_MOVES_DYNAMIC_RANGE: return;
    case LASTS_MAKES_RESERVATION: counts->reservations_made++; break;
    case LASTS_MAKES_EXCLUSION: counts->exclusions_made++; break;
    case LASTS_DELETES_RESERVATION: counts->reservations_made++; break; /* of a part: the rest may be two */
    case LASTS_DELETES_EXCLUSION: counts->exclusions_made++; break;
    }
    counts->changes++;
}

/* An unnamed association is not distinguished from a new port here: both are counted. */
static void count_overlapped(const struct step *step, struct counts *counts) {
    const struct signature *signature = step->signature;
    bool issues = signature_starts_request(signature);
    counts->ports += signature->product == PRODUCT_PORT;
    counts->associations +=
        signature->product == PRODUCT_PORT || signature->function == FUNCTION_SetFileCompletionNotificationModes;
    counts->posts += signature->function == FUNCTION_PostQueuedCompletionStatus;
    counts->requests += issues;
    counts->routines += issues && argument_of_kind(step, PARAMETER_ROUTINE) != NULL;
    counts->routines += signature->function == FUNCTION_QueueUserAPC;
}

/* Those that wait at one instant are few; but who is to say which. */
static unsigned sockets_waited_for(const struct step *step) {
    unsigned count = 0;
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct argument *argument = &step->arguments[i];
        if (step->signature->parameters[argument->parameter].kind != PARAMETER_SOCKETS) continue;
        count += argument->value->kind == EXPRESSION_RECORD ? argument->value->items_count : 1;
    }
    return count;
}

static void count_call(const struct step *step, struct counts *counts) {
    const struct signature *signature = step->signature;
    counts->sockets += signature->returns == RETURNS_SOCKET;
    counts->events += signature->product == PRODUCT_EVENT;
    count_overlapped(step, counts);
    const struct expression *handles = argument_of_kind(step, PARAMETER_HANDLES);
    if (handles != NULL) counts->event_waits += handles->items_count;
    counts->socket_waits += sockets_waited_for(step);
    counts->files += signature->returns == RETURNS_FILE;
    counts->duplicates += signature->product == PRODUCT_PROTOCOL_INFO;
    counts->copies += signature->product == PRODUCT_COPY;
    counts->acquires += may_control(step, SIO_ACQUIRE_PORT_RESERVATION);
    counts->options += may_keep_option(step);
    bool wire = (signature->traits & TRAIT_WIRE) != 0;
    bool to_peer = signature_parameter_of_kind(signature, PARAMETER_ADDRESS) >= 0;
    counts->connects += wire && to_peer;
    counts->datagrams += wire && (signature_parameter_of_kind(signature, PARAMETER_IN) >= 0 ||
                                  signature_parameter_of_kind(signature, PARAMETER_BUFFERS_IN) >= 0);
    counts->children += signature->function == FUNCTION_CreateProcess;
    counts->selections += signature->function == FUNCTION_WSAEventSelect;
    counts->wire = counts->wire || wire;
    count_lasting(step, counts);
}

/* All that a step points at is read when it is played, which is next: it is fetched while steps are counted. */
static void fetch(const struct step *step) {
    __builtin_prefetch(step->outcomes);
    for (uint32_t i = 0; i < step->arguments_count; i++) __builtin_prefetch(step->arguments[i].value);
}

static void count_steps(const struct step *steps, uint32_t count, struct counts *counts) {
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 < count) __builtin_prefetch(steps[i + 1].arguments);
        fetch(&steps[i]);
        if (steps[i].kind == STEP_TOGETHER) count_steps(steps[i].children, steps[i].children_count, counts);
        if (steps[i].kind == STEP_CALL) count_call(&steps[i], counts);
        counts->packets += steps[i].kind == STEP_PACKET;
    }
}

/* A connection has two ends, and one that closes alone stays for a while. */
static void add_wire(const struct counts *counts, struct world_limits *limits) {
    uint16_t numbers = limits->numbers;
    world_limits_add_wire(limits);
    limits->numbers = numbers;
    limits->connections = (uint16_t)(2 * counts->connects + counts->packets + 1); /* a packet begins one at most, */
    limits->datagrams = (uint16_t)(counts->datagrams + counts->packets + 1);      /* or is one */
    limits->socket_waits = (uint16_t)counts->socket_waits;
    limits->selections =
        (uint16_t)(counts->selections == 0 ? 0 : counts->sockets + 1); /* accepted ones have theirs too */
}

/* As exact as a count of steps can be, for two reasons: a world is made for each run, and a walk over rows that goes
 * one too far is noticed where a table is full. */
struct world_limits stage_limits(const struct scenario *scenario, unsigned exclusions) {
    struct counts counts = { 0 };
    struct world_limits limits = world_limits_small();
    assert(scenario->dimensions_count == 0);
    count_steps(scenario->steps, scenario->steps_count, &counts);
    unsigned lines = 0, addresses = 0;
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        lines += scenario->world_lines[i].kind == WORLD_EXCLUSION;
        addresses += scenario->world_lines[i].kind == WORLD_ADDRESS;
    }
    unsigned objects = counts.sockets + counts.events + counts.files + counts.ports + counts.duplicates + counts.copies;
    limits.processes = (uint16_t)scenario->processes_count;
    limits.threads = (uint16_t)scenario->threads_count;
    limits.handles = (uint16_t)(objects * (counts.children + 1) + 1);
    limits.sockets = (uint16_t)counts.sockets;
    limits.events = (uint16_t)(counts.events + limits.sockets); /* each socket's handle may have one of its own */
    limits.files = (uint16_t)(counts.files + 1);
    limits.completion_ports = (uint16_t)counts.ports;
    limits.associations = (uint16_t)(counts.associations + 1);
    unsigned requests = counts.requests + scenario->threads_count + 1;
    if (requests < limits.requests)
        limits.requests = (uint16_t)requests; /* no more: a result holds the writes of all */
    if (counts.routines < limits.routines) limits.routines = (uint16_t)(counts.routines + 1);
    /* Keep-alive times are two; an accepted socket has its listener's. */
    unsigned numbers = 2 * counts.options < SOCKET_NUMBERS ? 2 * counts.options : (unsigned)SOCKET_NUMBERS;
    limits.numbers = (uint16_t)(limits.sockets * numbers);
    limits.completions = (uint16_t)(counts.requests + counts.posts + 1);
    limits.event_waits = (uint16_t)counts.event_waits;
    limits.duplicates = (uint16_t)(counts.duplicates + 1);
    limits.reservations = (uint16_t)(counts.acquires + 2 * counts.reservations_made);
    limits.exclusions = (uint16_t)(lines + 2 * counts.exclusions_made + exclusions + 1);
    limits.addresses = (uint16_t)addresses;
    unsigned stored = lines + 2 * counts.changes;
    limits.stored = (uint16_t)(stored < STORED_LEAST ? STORED_LEAST : stored);
    if (counts.wire || scenario->machines_count > 0) add_wire(&counts, &limits);
    return limits;
}
