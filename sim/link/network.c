#include "sim/link/network.h"

#include <assert.h>
#include <string.h>

#include "stack/model/model.h"
#include "stack/transport/wire/address.h"

/* A packet under way. Its bytes stand in a slot: rows move in the ring, slots do not. */
struct flight {
    uint64_t arrives_ns;
    uint32_t serial;
    uint16_t bytes, slot;
    uint8_t link, to; /* machine */
    uint8_t padding[6];
};

static size_t aligned(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

/* --- layout ------------------------------------------------------------------------------------------------------- */

size_t network_bytes(const struct network_limits *limits) {
    assert(limits->machines >= 1 && limits->machines <= NETWORK_MACHINES_MAX);
    assert(limits->machine.packets > 0 && limits->flights > 0);
    size_t bytes = aligned(sizeof(struct network)) + limits->machines * world_bytes(&limits->machine);
    return bytes + limits->flights * sizeof(struct flight) +
           aligned((size_t)limits->flights * limits->machine.packet_bytes);
}

static struct flight *flight_at(const struct network *network, unsigned nth) {
    assert(nth < network->flights_max);
    unsigned position = (network->flights_head + nth) % network->flights_max;
    uint8_t *flights = (uint8_t *)(uintptr_t)network + network->flights_offset;
    return (struct flight *)(void *)flights + position;
}

static uint8_t *slot(const struct network *network, unsigned index) {
    assert(index < network->flights_max);
    return (uint8_t *)(uintptr_t)network + network->slots_offset + (size_t)index * network->packet_bytes;
}

struct network *network_create(void *memory, const struct network_limits *limits) {
    size_t bytes = network_bytes(limits);
    assert((uintptr_t)memory % 8 == 0 && bytes <= UINT32_MAX);
    struct network *network = memory;
    memset(network, 0, sizeof *network);
    network->bytes = (uint32_t)bytes;
    network->machines_count = limits->machines;
    network->flights_max = limits->flights;
    network->packet_bytes = limits->machine.packet_bytes;
    size_t offset = aligned(sizeof *network);
    for (unsigned i = 0; i < limits->machines; i++) {
        network->world_offsets[i] = (uint32_t)offset;
        world_create((uint8_t *)memory + offset, &limits->machine);
        offset += world_bytes(&limits->machine);
    }
    network->flights_offset = (uint32_t)offset;
    network->slots_offset = (uint32_t)(offset + limits->flights * sizeof(struct flight));
    for (unsigned i = 0; i < limits->flights; i++) *flight_at(network, i) = (struct flight){ .slot = (uint16_t)i };
    return network;
}

static const struct world *network_machine_at(const struct network *network, unsigned machine) {
    assert(machine < network->machines_count);
    return (const struct world *)(const void *)((const uint8_t *)network + network->world_offsets[machine]);
}

struct world *network_machine(struct network *network, unsigned machine) {
    assert(machine < network->machines_count);
    return (struct world *)(void *)((uint8_t *)network + network->world_offsets[machine]);
}

/* --- links -------------------------------------------------------------------------------------------------------- */

unsigned network_join(struct network *network, unsigned one, unsigned other, const struct link_settings *settings) {
    assert(one < network->machines_count && other < network->machines_count && one != other);
    if (network->links_count == NETWORK_LINKS_MAX) return LINK_NONE;
    unsigned link = network->links_count++;
    network->links[link].machines[0] = (uint8_t)one;
    network->links[link].machines[1] = (uint8_t)other;
    network_set(network, link, settings);
    return link;
}

void network_set(struct network *network, unsigned link, const struct link_settings *settings) {
    assert(link < network->links_count);
    assert(settings->lost <= LINK_DRAWS && settings->repeated <= LINK_DRAWS);
    assert(settings->overtaken <= LINK_DRAWS && settings->damaged <= LINK_DRAWS);
    network->links[link].settings = *settings;
}

void network_make_bare(struct network *network, unsigned machine) {
    assert(machine < network->machines_count);
    network->bare |= UINT32_C(1) << machine;
}

static bool is_bare(const struct network *network, unsigned machine) { return (network->bare >> machine & 1) != 0; }

unsigned network_bare_link(const struct network *network, unsigned machine) {
    unsigned found = LINK_NONE;
    assert(is_bare(network, machine));
    for (unsigned link = 0; link < network->links_count; link++) {
        const uint8_t *ends = network->links[link].machines;
        if (ends[0] != machine && ends[1] != machine) continue;
        assert(found == LINK_NONE);
        found = link;
    }
    assert(found != LINK_NONE);
    return found;
}

/* The link by which a packet of `from` leaves, and the machine that it leads to. */
static unsigned link_for(const struct network *network, unsigned from, const uint8_t *packet, unsigned *to) {
    bool is_v4 = packet[0] >> 4 == 4;
    const uint8_t *destination = packet + (is_v4 ? 16 : 24);
    for (unsigned link = 0; link < network->links_count; link++) {
        const uint8_t *ends = network->links[link].machines;
        if (ends[0] != from && ends[1] != from) continue;
        *to = ends[0] == from ? ends[1] : ends[0];
        if (address_is_own(network_machine_at(network, *to), is_v4 ? 4 : 6, destination)) return link;
    }
    return LINK_NONE;
}

unsigned network_link_of(const struct network *network, unsigned machine, const uint8_t *packet) {
    unsigned to;
    return link_for(network, machine, packet, &to);
}

/* --- what is drawn ------------------------------------------------------------------------------------------------ */

static bool is_below_count(const struct choice_set *set, uint64_t member) { return member <= set->last; }

static bool next_below_count(const struct choice_set *set, uint64_t from, uint64_t *member) {
    *member = from;
    return from <= set->last;
}

/* 0..count-1. Where an ordinary link would begin follows from the packet and from what is asked of it. */
static uint64_t draw(struct chooser *chooser, uint32_t serial, unsigned question, uint64_t count) {
    uint64_t mixed = ((uint64_t)serial * 8 + question + 1) * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
    mixed ^= mixed >> 31;
    const struct choice_set set = {
        .contains = is_below_count, .next = next_below_count, .last = count - 1, .start = mixed % count, .floor = 1
    };
    return choose_member(chooser, CHOICE_LINK, &set);
}

enum draw_of { IS_LOST, IS_REPEATED, IS_OVERTAKEN, IS_DAMAGED, HOW_LATE, WHICH_BIT };

/* Nothing is asked where the answer is certain. */
static bool is_drawn(struct chooser *chooser, uint32_t serial, enum draw_of question, uint32_t of_draws) {
    if (of_draws == 0) return false;
    return of_draws == LINK_DRAWS || draw(chooser, serial, question, LINK_DRAWS) < of_draws;
}

/* --- on the link -------------------------------------------------------------------------------------------------- */

/* Puts a packet among those under way, behind all that arrive no later. Its bytes, to be filled; NULL: no room. */
static uint8_t *take_off(struct network *network, unsigned link, unsigned to, uint64_t arrives_ns, uint32_t bytes) {
    if (network->flights_count == network->flights_max) return NULL;
    unsigned at = network->flights_count;
    uint16_t own = flight_at(network, at)->slot;
    for (; at > 0 && flight_at(network, at - 1)->arrives_ns > arrives_ns; at--)
        *flight_at(network, at) = *flight_at(network, at - 1);
    *flight_at(network, at) = (struct flight){ .arrives_ns = arrives_ns,
                                               .serial = ++network->packet_serial,
                                               .bytes = (uint16_t)bytes,
                                               .slot = own,
                                               .link = (uint8_t)link,
                                               .to = (uint8_t)to };
    network->flights_count++;
    return slot(network, own);
}

static void change_a_bit(struct chooser *chooser, uint32_t serial, uint8_t *packet, uint32_t bytes) {
    uint64_t bit = draw(chooser, serial, WHICH_BIT, (uint64_t)bytes * 8);
    packet[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* One copy of a packet, which left at `left_ns`. */
static void launch(struct network *network, struct chooser *chooser, unsigned link, unsigned to, uint64_t left_ns,
                   const uint8_t *packet, uint32_t bytes) {
    const struct link_settings *settings = &network->links[link].settings;
    uint32_t serial = network->packet_serial + 1;
    uint64_t arrives_ns = left_ns + settings->delay_ns;
    if (settings->late_ns > 0 && is_drawn(chooser, serial, IS_OVERTAKEN, settings->overtaken)) {
        arrives_ns += 1 + draw(chooser, serial, HOW_LATE, settings->late_ns);
        network->counts.overtaken++;
    }
    uint8_t *copy = take_off(network, link, to, arrives_ns, bytes);
    if (copy == NULL) {
        network->counts.lost++;
        return;
    }
    memcpy(copy, packet, bytes);
    if (!is_drawn(chooser, serial, IS_DAMAGED, settings->damaged)) return;
    change_a_bit(chooser, serial, copy, bytes);
    network->counts.damaged++;
}

/* When the last bit has left: one packet after the other. */
static uint64_t sent_at(struct network *network, unsigned link, unsigned to, uint32_t bytes) {
    struct link_row *row = &network->links[link];
    uint64_t now_ns = network_now_ns(network);
    if (row->settings.bits_per_second == 0) return now_ns;
    uint64_t *idle_ns = &row->idle_ns[row->machines[0] == to];
    uint64_t begins_ns = *idle_ns > now_ns ? *idle_ns : now_ns;
    *idle_ns = begins_ns + (uint64_t)bytes * 8 * 1000000000u / row->settings.bits_per_second;
    return *idle_ns;
}

/* A packet goes on a link, towards this end. */
static void carry(struct network *network, struct chooser *chooser, unsigned link, unsigned to, const uint8_t *packet,
                  uint32_t bytes) {
    const struct link_settings *settings = &network->links[link].settings;
    network->counts.sent++;
    uint64_t left_ns = sent_at(network, link, to, bytes);
    uint32_t serial = network->packet_serial + 1;
    if (settings->cut || is_drawn(chooser, serial, IS_LOST, settings->lost)) {
        network->packet_serial++; /* the next one is drawn for anew */
        network->counts.lost++;
        return;
    }
    bool twice = is_drawn(chooser, serial, IS_REPEATED, settings->repeated);
    launch(network, chooser, link, to, left_ns, packet, bytes);
    if (!twice) return;
    network->counts.repeated++;
    launch(network, chooser, link, to, left_ns, packet, bytes);
}

void network_transmit(struct network *network, struct chooser *chooser, unsigned machine, const uint8_t *bytes,
                      uint32_t count) {
    unsigned link = network_bare_link(network, machine);
    const uint8_t *ends = network->links[link].machines;
    assert(count > 0 && count <= network->packet_bytes);
    carry(network, chooser, link, ends[0] == machine ? ends[1] : ends[0], bytes, count);
}

static void send_packet(struct network *network, struct chooser *chooser, const struct network_tap *tap, unsigned from,
                        const uint8_t *packet, uint32_t bytes) {
    unsigned to = 0;
    unsigned link = link_for(network, from, packet, &to);
    if (link == LINK_NONE) {
        network->counts.nowhere++;
        return;
    }
    if (tap != NULL) tap->packet(tap->self, link, network_now_ns(network), packet, bytes);
    carry(network, chooser, link, to, packet, bytes);
}

static bool send_one(struct network *network, struct chooser *chooser, const struct network_tap *tap) {
    for (unsigned i = 0; i < network->machines_count; i++) {
        struct world *world = network_machine(network, i);
        uint32_t bytes = 0;
        const uint8_t *packet = model_packet(world, &bytes);
        if (packet == NULL) continue;
        send_packet(network, chooser, tap, i, packet, bytes);
        model_packet_taken(world);
        return true;
    }
    return false;
}

static bool land_one(struct network *network) {
    if (network->flights_count == 0) return false;
    struct flight *first = flight_at(network, 0);
    if (first->arrives_ns > network_now_ns(network)) return false;
    bool taken = is_bare(network, first->to) ||
                 model_packet_arrives(network_machine(network, first->to), slot(network, first->slot), first->bytes);
    if (taken) network->counts.arrived++;
    else network->counts.lost++;
    *first = (struct flight){ .slot = first->slot };
    network->flights_head = (uint16_t)((network->flights_head + 1u) % network->flights_max);
    network->flights_count--;
    return true;
}

/* --- driving ------------------------------------------------------------------------------------------------------ */

bool network_step(struct network *network, struct chooser *chooser, const struct network_tap *tap,
                  struct result *result, unsigned *machine) {
    *machine = NETWORK_MACHINES_MAX;
    if (send_one(network, chooser, tap) || land_one(network)) return true;
    for (unsigned i = 0; i < network->machines_count; i++) {
        struct world *world = network_machine(network, i);
        if (model_steps_enabled(world) == 0) continue;
        *machine = i;
        model_step(world, chooser, result);
        return true;
    }
    return false;
}

uint64_t network_next_ns(const struct network *network) {
    uint64_t next_ns = UINT64_MAX, now_ns = network_now_ns(network);
    if (network->flights_count > 0) {
        uint64_t arrives_ns = flight_at(network, 0)->arrives_ns;
        next_ns = arrives_ns <= now_ns ? 0 : arrives_ns - now_ns;
    }
    for (unsigned i = 0; i < network->machines_count; i++) {
        uint64_t own_ns = model_next_timeout(network_machine_at(network, i));
        if (own_ns < next_ns) next_ns = own_ns;
    }
    return next_ns;
}

void network_tick(struct network *network, uint64_t nanoseconds) {
    for (unsigned i = 0; i < network->machines_count; i++) model_tick(network_machine(network, i), nanoseconds);
}

uint64_t network_now_ns(const struct network *network) { return network_machine_at(network, 0)->now_ns; }

/* --- invariants --------------------------------------------------------------------------------------------------- */

const char *network_check(const struct network *network) {
    for (unsigned i = 0; i < network->flights_count; i++) {
        const struct flight *one = flight_at(network, i);
        if (one->bytes == 0 || one->bytes > network->packet_bytes || one->link >= network->links_count)
            return "L2: a packet of an impossible length, or on no link";
        if (i == 0) continue;
        const struct flight *before = flight_at(network, i - 1);
        bool in_order = before->arrives_ns < one->arrives_ns ||
                        (before->arrives_ns == one->arrives_ns && before->serial < one->serial);
        if (!in_order) return "L1: packets under way are not in the order in which they arrive";
    }
    for (unsigned i = 0; i < network->machines_count; i++) {
        const char *broken = model_check(network_machine_at(network, i));
        if (broken != NULL) return broken;
        if (network_machine_at(network, i)->now_ns != network_now_ns(network))
            return "L3: two machines have different times";
    }
    return NULL;
}
