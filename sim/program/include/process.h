/* process.h for programs that are compiled for the model: threads by the C library, which windows.h has as well. */
#ifndef RESERVOIR_PROGRAM_PROCESS_H
#define RESERVOIR_PROGRAM_PROCESS_H

#include "sim/program/include/win32.h"

#endif
