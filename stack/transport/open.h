/* Opening a socket: socket(), WSASocketA, WSASocketW. Which kinds there are, and who inherits them.
 *
 * Each call reads context->call and ends in succeed() or fail(); its errors stand above it in the .c file, in the order
 * of its checks. A socket opened here is in the state `open` of sockets.h; WSASocketW may instead open a further descriptor
 * of one that is there (duplicate.h). */
#ifndef RESERVOIR_STACK_TRANSPORT_OPEN_H
#define RESERVOIR_STACK_TRANSPORT_OPEN_H

#include "stack/system/context.h"

void call_socket(struct context *context);
void call_WSASocketA(struct context *context);
void call_WSASocketW(struct context *context);

#endif
