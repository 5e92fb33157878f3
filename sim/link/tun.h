/* A link to the kernel of this machine: a TUN device, through which a modelled machine talks to real TCP and UDP.
 *
 * Linux only. The caller sees to where the device appears: in a network namespace of its own, it disturbs no one. */
#ifndef RESERVOIR_SIM_LINK_TUN_H
#define RESERVOIR_SIM_LINK_TUN_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/call/call.h"
#include "stack/choice.h"
#include "stack/world.h"

/* What the link does to packets, each way, of a thousand. */
struct link_faults {
    unsigned lost;
    unsigned overtaken; /* kept back until the next packet has passed */
};

/* A link between one world and one device. The caller owns the world, the chooser and the record. */
struct tun_link {
    int device; /* descriptor of the device */
    struct world *world;
    struct chooser *chooser;
    struct link_faults faults;
    uint64_t random;   /* the seed: what is lost follows from it */
    uint64_t began_ns; /* real time at which the world's clock stood at clock_ns */
    uint64_t clock_ns;
    uint64_t packets_out, packets_in, lost;
    uint32_t kept_bytes[2]; /* overtaken packets: on their way out, on their way in */
    uint8_t kept[2][65536];
};

/* Opens a TUN device and gives the kernel's end of it an IPv4 address, in network order: packets to others of its /24
 * come out of the device. A descriptor, or -1 with errno: EPERM or EACCES without the right, ENOENT without TUN. */
int tun_open(const uint8_t kernel_address[4]);

/* Joins a world to the device. The world has its address already (model_add_address). */
void tun_link_begin(struct tun_link *link, int device, struct world *world, struct chooser *chooser);

/* The world's clock follows real time; packets pass in both directions, until nothing is left to do now. Then waits up
 * to `wait_ms` for the device or the next timer. False: the device failed, errno says how. What calls return meanwhile
 * is added to `result`, as model_step() does. */
bool tun_link_pass(struct tun_link *link, struct result *result, int wait_ms);

#endif
