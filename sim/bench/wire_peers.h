/* Whom the model's bulk transfer is compared with: lwIP, and the kernel's loopback. Each side sends BULK_BYTES over one
 * connection, CHUNK at a time, and takes up to TAKEN_CHUNK at a time, from memory of a program to memory of a program,
 * in one thread, with the same MSS and the same window; all compute checksums and look at them (the kernel's loopback
 * leaves both out). */
#ifndef RESERVOIR_SIM_BENCH_WIRE_PEERS_H
#define RESERVOIR_SIM_BENCH_WIRE_PEERS_H

#define LWIP_LIBRARY "build/bench/wire_lwip.so"

/* The largest segment that Ethernet carries, and a window of what a header can say without scaling. */
enum { MSS = 1460, WINDOW = 65535, CHUNK = 990, TAKEN_CHUNK = 700, BULK_BYTES = 17000 * CHUNK };

/* Makes the connection. Those of lwIP stand in a library, LWIP_LIBRARY, that is only there where lwIP is. */
void lwip_begin(void);
void kernel_begin(void);

/* One transfer: the bytes that arrived (benchmark.h). */
double lwip_bulk(void *unused);
double kernel_bulk(void *unused);

#endif
