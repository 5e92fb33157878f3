/* A program on Linux's own sockets that talks to the modelled machine, for tests. */
#ifndef RESERVOIR_SIM_LINK_TESTS_KERNEL_PEER_H
#define RESERVOIR_SIM_LINK_TESTS_KERNEL_PEER_H

#include <stdbool.h>
#include <stdint.h>

enum peer_role { PEER_CONNECTS, PEER_LISTENS };

enum { PEER_PORT = 5000 };

/* Both sides say so many bytes and hear as many; then one closes, and the other hears the end. Of datagrams: the
 * connecting side says so many, one after the other, and the listening one says each back. */
struct peer_task {
    enum peer_role role;
    bool closes_first;
    bool datagrams;
    uint32_t bytes;
};

/* The byte at a position of what the kernel's side (or the model's) says. */
static inline uint8_t peer_byte(bool from_kernel, uint32_t position) {
    return (uint8_t)((position * 31u + position / 253u + (from_kernel ? 5u : 0u)) & 0xffu);
}

bool kernel_peer_run(const struct peer_task *task);

#endif
