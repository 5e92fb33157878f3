/* lwIP as a peer: built as a library of its own, which bench_wire loads where it is there. */
#define _POSIX_C_SOURCE 200809L

#include "sim/bench/benchmark.h"
#include "sim/bench/wire_peers.h"

#if __has_include(<lwip/tcp.h>)

#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>

enum { PORT = 7000, CLIENT = 0, SERVER = 1 };

static uint8_t chunk[CHUNK], heard[TAKEN_CHUNK];

/* Two interfaces of one stack. Each socket is bound to its own, so that all packets cross from one to the other. */
static struct {
    struct netif netifs[2];
    struct pbuf *under_way[512]; /* a ring */
    uint8_t to[512];
    unsigned head, count;
    struct tcp_pcb *ends[2];
    uint32_t taken;
} lwip;

static err_t lwip_send(struct netif *netif, struct pbuf *packet, const ip4_addr_t *to) {
    (void)to;
    struct pbuf *copy = pbuf_clone(PBUF_RAW, PBUF_RAM, packet);
    demand(copy != NULL && lwip.count < 512, "lwIP has no room");
    unsigned at = (lwip.head + lwip.count++) % 512;
    lwip.under_way[at] = copy;
    lwip.to[at] = netif == &lwip.netifs[CLIENT] ? SERVER : CLIENT;
    return ERR_OK;
}

static err_t lwip_start(struct netif *netif) {
    netif->output = lwip_send;
    netif->mtu = 1500;
    return ERR_OK;
}

static err_t lwip_heard(void *self, struct tcp_pcb *pcb, struct pbuf *packet, err_t error) {
    (void)self;
    (void)error;
    if (packet == NULL) return ERR_OK;
    /* A program reads into memory of its own. */
    for (u16_t at = 0; at < packet->tot_len; at = (u16_t)(at + TAKEN_CHUNK))
        pbuf_copy_partial(packet, heard, TAKEN_CHUNK, at);
    lwip.taken += packet->tot_len;
    tcp_recved(pcb, packet->tot_len);
    pbuf_free(packet);
    return ERR_OK;
}

static err_t lwip_accepted(void *self, struct tcp_pcb *pcb, err_t error) {
    (void)self;
    (void)error;
    lwip.ends[SERVER] = pcb;
    tcp_recv(pcb, lwip_heard);
    return ERR_OK;
}

static void lwip_pass(void) {
    while (lwip.count > 0) {
        struct pbuf *packet = lwip.under_way[lwip.head];
        unsigned to = lwip.to[lwip.head];
        lwip.head = (lwip.head + 1) % 512;
        lwip.count--;
        ip_input(packet, &lwip.netifs[to]);
    }
}

static err_t lwip_connected(void *self, struct tcp_pcb *pcb, err_t error) {
    (void)self;
    (void)pcb;
    return error;
}

void lwip_begin(void) {
    ip4_addr_t addresses[2], mask;
    lwip_init();
    IP4_ADDR(&addresses[0], 10, 0, 1, 1);
    IP4_ADDR(&addresses[1], 10, 0, 2, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    for (unsigned i = 0; i < 2; i++) {
        netif_add(&lwip.netifs[i], &addresses[i], &mask, NULL, NULL, lwip_start, ip_input);
        netif_set_up(&lwip.netifs[i]);
        netif_set_link_up(&lwip.netifs[i]);
    }
    ip_addr_t server;
    ip_addr_copy_from_ip4(server, addresses[1]);
    struct tcp_pcb *listener = tcp_new();
    tcp_bind(listener, &server, PORT);
    tcp_bind_netif(listener, &lwip.netifs[SERVER]);
    listener = tcp_listen(listener);
    tcp_accept(listener, lwip_accepted);
    lwip.ends[CLIENT] = tcp_new();
    tcp_bind_netif(lwip.ends[CLIENT], &lwip.netifs[CLIENT]);
    tcp_connect(lwip.ends[CLIENT], &server, PORT, lwip_connected);
    lwip_pass();
    demand(lwip.ends[SERVER] != NULL, "lwIP accepts no connection");
    tcp_bind_netif(lwip.ends[SERVER], &lwip.netifs[SERVER]);
    demand(tcp_mss(lwip.ends[CLIENT]) == MSS, "lwIP has another MSS");
}

double lwip_bulk(void *self) {
    (void)self;
    uint32_t said = 0, begins = lwip.taken;
    while (lwip.taken - begins < BULK_BYTES) {
        uint32_t before = lwip.taken;
        while (said < BULK_BYTES && tcp_sndbuf(lwip.ends[CLIENT]) >= CHUNK &&
               tcp_write(lwip.ends[CLIENT], chunk, CHUNK, TCP_WRITE_FLAG_COPY) == ERR_OK)
            said += CHUNK;
        tcp_output(lwip.ends[CLIENT]);
        lwip_pass();
        if (lwip.taken == before) tcp_fasttmr(); /* a delayed acknowledgement */
        lwip_pass();
    }
    return lwip.taken - begins;
}

#endif
