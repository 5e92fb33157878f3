/* A program on the modelled machine that talks to the kernel through a TUN device, for tests. */
#ifndef RESERVOIR_SIM_LINK_TESTS_MODEL_PEER_H
#define RESERVOIR_SIM_LINK_TESTS_MODEL_PEER_H

#include "sim/link/tests/kernel_peer.h"
#include "sim/link/tun.h"

/* Does its part of the task (datagrams: as the side that says them back), over this device. */
bool model_peer_run(const struct peer_task *task, int device, const struct link_faults *faults);

#endif
