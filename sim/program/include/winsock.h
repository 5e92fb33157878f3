/* winsock.h, of Winsock 1.1: a part of what winsock2.h has. */
#ifndef RESERVOIR_PROGRAM_WINSOCK_H
#define RESERVOIR_PROGRAM_WINSOCK_H

#include "sim/program/include/winsock2.h"

#endif
