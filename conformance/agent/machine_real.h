/* The machine that the agent runs on: what of struct windows_functions (functions.h) is no function of the catalogue.
 * Each scenario process is a Windows process of its own here, so that there is nothing to do when one starts or
 * ends. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_MACHINE_REAL_H
#define RESERVOIR_CONFORMANCE_AGENT_MACHINE_REAL_H

#include "conformance/agent/system/windows_headers.h"

#include <stdint.h>

#include "conformance/agent/boot_mark.h"

void machine_real_end(void);
void machine_real_process_starts(unsigned process, unsigned main_thread);
void machine_real_process_ends(unsigned process);
void machine_real_thread_ends(unsigned thread);
void machine_real_enter(unsigned process, unsigned thread);

/* 1 set, 0 not set, -1 no such event: by NtQueryEvent, which changes nothing. */
int machine_real_event_state(HANDLE event);

void machine_real_advance(uint64_t nanoseconds);
struct boot machine_real_boot(void);

#endif
