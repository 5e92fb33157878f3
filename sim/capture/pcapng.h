/* Blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), as many as captures of ours have: a section header,
 * interfaces, packets. libpcap reads such files and writes none, so these are written here. All numbers are
 * little-endian on every machine, and times are nanoseconds: the same frames give the same bytes everywhere.
 *
 * Each function says whether all was written. */
#ifndef RESERVOIR_SIM_CAPTURE_PCAPNG_H
#define RESERVOIR_SIM_CAPTURE_PCAPNG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What a file's interfaces are: of one kind, or libpcap refuses it. With one interface raw IP. libpcap up to 1.10 takes
 * no second interface of raw IP (it compares the number that the file has with its own), so a file with several is
 * Ethernet with addresses of zeros, as Linux' loopback is. */
enum pcapng_link { PCAPNG_RAW_IP = 101, PCAPNG_ETHERNET = 1 };

/* The file begins. Interfaces are numbered from 0 in the order in which they are added. */
bool pcapng_begin(FILE *file);
bool pcapng_interface(FILE *file, enum pcapng_link link, const char *name, const char *description);

/* One IP packet on an interface, with a comment (UTF-8, or NULL). */
bool pcapng_packet(FILE *file, enum pcapng_link link, uint32_t interface, uint64_t at_ns, const uint8_t *bytes,
                   uint32_t length, const char *comment);

#endif
