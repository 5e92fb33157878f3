/* Control codes that set or tell something of a socket, beside the reservation codes and those of control.c.
 *
 *   SIO_UDP_CONNRESET, SIO_UDP_NETRESET     one byte of a BOOL is enough (F09); not UDP: WSAEOPNOTSUPP (as W33)
 *   SIO_LOOPBACK_FAST_PATH                  a DWORD; Windows 8 and later (F10); not TCP: WSAEOPNOTSUPP (as W33)
 *   SIO_BASE_HANDLE                         the handle itself: there are no layered providers (F12, W34)
 *   SIO_GET_EXTENSION_FUNCTION_POINTER      a pointer for a GUID that is known, else WSAEINVAL (W29, W30)
 *   SIO_GET_INTERFACE_LIST                  76 bytes for each interface; IPv4 sockets only (F13, F14, W52-W56)
 *
 * Input that is short or not there is WSAEFAULT (W22), and so is output without room (W11, W54). */
#ifndef RESERVOIR_STACK_TRANSPORT_SOCKET_CODES_H
#define RESERVOIR_STACK_TRANSPORT_SOCKET_CODES_H

#include "stack/system/context.h"

/* Is this call answered in user mode, at once, overlapped or not? False also for a code that the machine's build does
 * not have, and for SIO_BASE_HANDLE with an OVERLAPPED, which then goes the way of unknown codes (W35). */
bool socket_code_is_immediate(const struct context *context, uint32_t code, bool overlapped);

/* Answers such a call: 0 with *bytes and the output stored, or the Winsock error. */
uint32_t socket_code_answer(struct context *context, unsigned socket, uint32_t code, uint32_t *bytes);

/* SIO_GET_INTERFACE_LIST, which the transport answers: 0 with request->information, or the Winsock error. */
uint32_t decide_interface_list(struct context *context, struct request *request);

#endif
