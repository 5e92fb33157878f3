/* Calls as messages say them. */
#ifndef RESERVOIR_SIM_PROGRAM_PROGRAM_TEXT_H
#define RESERVOIR_SIM_PROGRAM_PROGRAM_TEXT_H

#include <stddef.h>

#include "stack/call/call.h"

/* "recv(s=0x44, len=512, flags=0)": addresses are left out, because they differ from run to run. */
void program_call_text(const struct call *call, char *text, size_t text_size);

#endif
