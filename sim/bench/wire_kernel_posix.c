#define _DEFAULT_SOURCE

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#undef IOC_OUT /* Linux has a macro of that name too; the model's headers have the SDK's */

#include "sim/bench/benchmark.h"
#include "sim/bench/wire_peers.h"

enum { CLIENT, SERVER };

static uint8_t chunk[CHUNK], heard[TAKEN_CHUNK];

static struct { int ends[2]; } kernel;

void kernel_begin(void) {
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof here;
    int mss = MSS, window = WINDOW;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    demand(bind(listener, (struct sockaddr *)&here, sizeof here) == 0 && listen(listener, 1) == 0 &&
               getsockname(listener, (struct sockaddr *)&here, &length) == 0,
           "the kernel does not listen");
    kernel.ends[CLIENT] = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(kernel.ends[CLIENT], IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
    setsockopt(kernel.ends[CLIENT], SOL_SOCKET, SO_SNDBUF, &window, sizeof window);
    demand(connect(kernel.ends[CLIENT], (struct sockaddr *)&here, sizeof here) == 0, "the kernel does not connect");
    kernel.ends[SERVER] = accept(listener, NULL, NULL);
    demand(kernel.ends[SERVER] >= 0, "the kernel accepts no connection");
    close(listener);
}

double kernel_bulk(void *self) {
    (void)self;
    uint32_t said = 0, taken = 0;
    while (taken < BULK_BYTES) {
        while (said < BULK_BYTES && send(kernel.ends[CLIENT], chunk, CHUNK, MSG_DONTWAIT) == CHUNK) said += CHUNK;
        ssize_t count;
        while ((count = recv(kernel.ends[SERVER], heard, TAKEN_CHUNK, MSG_DONTWAIT)) > 0) taken += (uint32_t)count;
    }
    return taken;
}
