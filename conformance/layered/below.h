/* What lower_windows.c stands on: a table of functions as WSPStartup fills it, and the entries of the catalogue that
 * sockets are opened with. Two things fill it: the host's base provider (below_base_windows.c), and, where that cannot
 * be started, ws2_32 itself (below_winsock_windows.c). On Wine it cannot: its WSPStartup is there in name only.
 *
 * The way through a base provider was never run on Windows. LAYERED_BELOW=FILE names a provider's DLL in the place of
 * the base provider, so that it can be run without: tests/below.sh does, with the model's. */
#ifndef RESERVOIR_CONFORMANCE_LAYERED_BELOW_H
#define RESERVOIR_CONFORMANCE_LAYERED_BELOW_H

#include <stdbool.h>

#include "conformance/layered/windows_headers.h"

struct below {
    WSPPROC_TABLE table;
    WSAPROTOCOL_INFOW entries[2][2]; /* by "IPv6?" and "stream?" */
};

/* 0 or an error code. To be undone with lpWSPCleanup of the table. */
int below_open_base(struct below *below, const WSPUPCALLTABLE *upcalls);
int below_open_winsock(struct below *below);

#endif
