/* ws2spi.h for programs that are compiled for the model: what a provider and its caller say to each other. */
#ifndef RESERVOIR_PROGRAM_WS2SPI_H
#define RESERVOIR_PROGRAM_WS2SPI_H

#include "sim/program/include/winsock2.h"

#include "stack/sdk/ws2spi.h"

#include "sim/program/include/name_providers.h"

#endif
