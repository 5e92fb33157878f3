/* WSADuplicateSocketW, and WSASocketW of what it made: one socket with descriptors in several processes.
 *
 * The documented way of a descriptor: the source process names the target and gets a WSAPROTOCOL_INFOW, hands its bytes
 * over by means of its own, and the target opens it, once. Between the two the socket is promised (struct duplicate):
 * it stays open although its source may close it meanwhile. That is inferred; the page speaks of closing afterwards
 * only. The bytes look like the structure that they are; what counts is the serial in dwProviderReserved. */
#ifndef RESERVOIR_STACK_TRANSPORT_DUPLICATE_H
#define RESERVOIR_STACK_TRANSPORT_DUPLICATE_H

#include "stack/system/context.h"

/* WSASocketW with an lpProtocolInfo that is not NULL. */
void open_duplicate(struct context *context);

/* The process ends: no one will open what was promised to it. */
void duplicates_abandon(struct world *world, struct chooser *chooser, unsigned process, struct result *result);

#endif
