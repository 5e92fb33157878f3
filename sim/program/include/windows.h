/* windows.h for programs that are compiled for the model. As the real one does, it brings Winsock along, unless it is
 * asked not to. */
#ifndef RESERVOIR_PROGRAM_WINDOWS_H
#define RESERVOIR_PROGRAM_WINDOWS_H

#include "sim/program/include/win32.h"

#ifndef WIN32_LEAN_AND_MEAN
#include "sim/program/include/winsock2.h"
#endif

#endif
