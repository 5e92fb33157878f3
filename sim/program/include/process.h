/* process.h for programs that are compiled for the model: threads by the C library. */
#ifndef RESERVOIR_PROGRAM_PROCESS_H
#define RESERVOIR_PROGRAM_PROCESS_H

#include "sim/program/include/win32.h"

typedef unsigned(__stdcall *_beginthreadex_proc_type)(void *parameter);
typedef void(__cdecl *_beginthread_proc_type)(void *parameter);

RESERVOIR_BEGIN
RESERVOIR_API(uintptr_t, _beginthreadex, void *attributes, unsigned stack,
              unsigned(__stdcall *routine)(void *parameter), void *parameter, unsigned flags, unsigned *id);
RESERVOIR_API(void, _endthreadex, unsigned code) __attribute__((noreturn));
RESERVOIR_API(uintptr_t, _beginthread, void(__cdecl *routine)(void *parameter), unsigned stack, void *parameter);
RESERVOIR_API(void, _endthread, void) __attribute__((noreturn));
RESERVOIR_END

#endif
