/* A capture: what crossed the links of a machine while scenarios were played, in a file that Wireshark and tcpdump
 * read.
 *
 * All forms hold IP packets, and the same frames give the same bytes everywhere. One file takes many scenarios, one
 * after another: by the virtual clock the first begins at 0 and each further one at the next whole second after what
 * came before; by the wall clock times are those of the day.
 *
 * A CALL is a record of its own, on an interface of its own: an IPv4 packet of protocol 253 (RFC 3692: for experiments)
 * with a text as its payload, a line `key: value` each. libpcap refuses files whose interfaces are of different kinds,
 * and readers of packets pass over a protocol that they do not know. (By the virtual clock, and with calls, a file may
 * have several interfaces, and has Ethernet frames: pcapng.h.)
 * The packet's comment has the same text in one line; reservoir.lua shows the fields in Wireshark. */
#ifndef RESERVOIR_SIM_CAPTURE_CAPTURE_H
#define RESERVOIR_SIM_CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/capture/frames_pcap.h"

enum capture_form {
    CAPTURE_PCAP,   /* .pcap: classic, with times in nanoseconds; written by libpcap, in builds that have it */
    CAPTURE_PCAPNG, /* .pcapng: written here, in every build; the one that takes calls */
    CAPTURE_TEXT,   /* .txt: a line for each packet, in every build */
    CAPTURE_FORMS_COUNT
};

/* The form that the end of a file's name says; CAPTURE_FORMS_COUNT: none. */
enum capture_form capture_form_of(const char *path);

enum capture_clock { CAPTURE_VIRTUAL_CLOCK, CAPTURE_WALL_CLOCK };

struct capture;

/* Begins a capture in `file`, which it takes over, also when it answers NULL, with an error. */
struct capture *capture_begin(FILE *file, enum capture_form form, enum capture_clock clock, bool calls,
                              struct frames_error *error);

/* The same for packets of several links by the virtual clock, without calls. Their numbers are 0, 1... */
struct capture *capture_begin_links(FILE *file, enum capture_form form, const char *const *links, unsigned count,
                                    struct frames_error *error);

/* A scenario begins. */
void capture_scenario(struct capture *capture, const char *id);

/* A packet, `at_ns` after the beginning of the scenario (or of 1970, by the wall clock). */
void capture_packet(struct capture *capture, uint64_t at_ns, const uint8_t *bytes, uint32_t length);

/* The number of the link with this name, which is copied; of a capture by the virtual clock. In pcapng each is an
 * interface of its name, in text the name stands before the packet, a classic file has one interface. Number 0 is the
 * link without a name, where the capture was begun without links. */
unsigned capture_link(struct capture *capture, const char *name);

/* A packet on a link by its number. */
void capture_packet_on(struct capture *capture, unsigned link, uint64_t at_ns, const uint8_t *bytes, uint32_t length);

struct captured_call {
    uint64_t at_ns;
    uint64_t handle; /* that the call is about; 0: none */
    const char *scenario, *process, *thread;
    const char *call;   /* connect(c, 127.0.0.1:p) */
    const char *answer; /* what it answered; NULL: it begins */
};

/* A call. Only of a capture that was begun with calls, in pcapng or text. */
void capture_call(struct capture *capture, const struct captured_call *call);

/* Ends it. False with errno when something could not be written. */
bool capture_end(struct capture *capture);

#endif
