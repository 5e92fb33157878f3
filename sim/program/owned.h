/* Memory that belongs to the kernel: from a call that returned WSA_IO_PENDING until its request ends, the OVERLAPPED
 * and the output buffer are the kernel's. A program that frees them, lets their stack frame go, or uses the OVERLAPPED
 * for another request works by luck on Windows. Here it is stopped, with a message that names the request. */
#ifndef RESERVOIR_SIM_PROGRAM_OWNED_H
#define RESERVOIR_SIM_PROGRAM_OWNED_H

#include <stddef.h>
#include <stdint.h>

#include "stack/call/call.h"

/* A call is about to be made: does it use an OVERLAPPED that a pending request has? */
void owned_before(const struct call *call);

/* It has returned; `pending`: with WSA_IO_PENDING. */
void owned_after(const struct call *call, bool pending);

/* Is all of it as the kernel left it? Looked at before each call and whenever threads take turns. */
void owned_check(void);

/* The kernel is about to store there, at the end of a request: is the memory still there? */
void owned_written(uint64_t address, uint32_t length);

/* The program frees memory from `address` on, by `function`. */
void owned_freed(const char *function, const void *address, size_t bytes);

#endif
