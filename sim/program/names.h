/* Objects with names: events, mutexes and semaphores. No other process runs here, so that a name is what this program
 * gave it; it lasts until the last handle of the object is closed. */
#ifndef RESERVOIR_SIM_PROGRAM_NAMES_H
#define RESERVOIR_SIM_PROGRAM_NAMES_H

#include "sim/program/include/win32.h"

enum named_kind { NAMED_EVENT, NAMED_MUTEX, NAMED_SEMAPHORE };

/* A name as the program gave it: one of the two, or neither. */
struct given_name {
    LPCSTR narrow;
    LPCWSTR wide;
};

/* A handle of the object that has this name, or else of one that `make` makes from `how`; without a name always of a
 * new one. NULL, with the thread's last error:
 *   ERROR_INVALID_HANDLE         an object of another kind has the name
 *   ERROR_PATH_NOT_FOUND         a backslash, after Global\ or Local\ if it begins so
 *   ERROR_FILENAME_EXCED_RANGE   more than MAX_PATH characters
 *   what `make` left
 * The last error is ERROR_ALREADY_EXISTS where the object was there before, and 0 where it is new and has a name. */
HANDLE named_create(enum named_kind kind, struct given_name name, HANDLE (*make)(const void *how), const void *how);

/* The same of an object that must be there: ERROR_FILE_NOT_FOUND. Without a name: ERROR_INVALID_PARAMETER. */
HANDLE named_open(enum named_kind kind, struct given_name name);

/* To be called when handles come and go; of a handle of an object without a name it does nothing. */
void named_duplicated(HANDLE from, HANDLE to);
void named_closed(HANDLE handle);

#endif
