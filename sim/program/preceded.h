/* Requests of which a part was done before (pieces.h): the program sees one request, with the bytes of all. */
#ifndef RESERVOIR_SIM_PROGRAM_PRECEDED_H
#define RESERVOIR_SIM_PROGRAM_PRECEDED_H

#include <stdint.h>

#include "stack/call/call.h"

/* The request that is begun next with this OVERLAPPED was preceded by so many bytes. */
void preceded_by(uint64_t overlapped, uint32_t bytes);

/* How many bytes went before the request that has this OVERLAPPED, or had it last. */
uint32_t preceded_bytes(uint64_t overlapped);

/* A call is about to be made: an OVERLAPPED that begins another request has no bytes before it any more. */
void preceded_call(const struct call *call);

/* A request has stored its end at `address`: the count in an OVERLAPPED becomes the program's. */
void preceded_stored(uint64_t address, uint32_t length);

#endif
