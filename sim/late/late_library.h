/* A shared library that is loaded when it is first needed. Most runs of reservoir write no capture and no XML; libpcap
 * and libxml2, with the fifteen libraries that they bring, took more memory and more of the start than all that is
 * ours.
 *
 * Whoever uses one lists its functions once:
 *
 *     #define FUNCTIONS(take) take(pcap_close) take(pcap_dump)
 *     static struct { FUNCTIONS(LATE_MEMBER) } library;
 *     static const char *const functions[] = { FUNCTIONS(LATE_NAME) };
 *
 * and calls library.pcap_close(...) after late_library_load() has answered true. The types are those of the library's
 * own header, so a wrong argument is found by the compiler as ever. */
#ifndef RESERVOIR_SIM_LATE_LATE_LIBRARY_H
#define RESERVOIR_SIM_LATE_LATE_LIBRARY_H

#include <stdbool.h>

#define LATE_MEMBER(function) __typeof__(function) *function;
#define LATE_NAME(function) #function,

/* Loads the first of `names` that is there (file names such as "libpcap.so.1", the last one followed by NULL) and finds
 * `functions` in it. `addresses` points to a structure of as many function pointers, in the same order; all of them are
 * set, or none. A library that was loaded stays until this process ends; a second call finds the first pointer set and
 * does nothing. False when no such library is there, or it lacks a function. */
bool late_library_load(const char *const *names, const char *const *functions, unsigned count, void *addresses);

#endif
