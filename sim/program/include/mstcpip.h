/* mstcpip.h for programs that are compiled for the model: port reservations, keep-alives. */
#ifndef RESERVOIR_PROGRAM_MSTCPIP_H
#define RESERVOIR_PROGRAM_MSTCPIP_H

#include "sim/program/include/winsock2.h"

#include "stack/sdk/mstcpip.h"

#define RCVALL_OFF 0
#define RCVALL_ON 1

#endif
