/* For GetProcAddress. */
#ifndef RESERVOIR_SIM_PROGRAM_FUNCTIONS_BY_NAME_H
#define RESERVOIR_SIM_PROGRAM_FUNCTIONS_BY_NAME_H

/* The function of Windows with this name, as a program can call it; NULL: it is not here. */
void (*function_by_name(const char *name))(void);

#endif
