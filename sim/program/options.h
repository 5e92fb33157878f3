/* What world a program runs in: RESERVOIR_PROGRAM, words with blanks between them. `reservoir-program` writes it from
 * its own options.
 *
 *   profile=documented|windows      how open questions are answered (windows)
 *   reading=Q38=c                   this one so; may be said several times
 *   seed=NUMBER                     0: the ordinary machine; any other draws what the profile leaves open, and whose
 *                                   turn it is
 *   account=standard|administrator|builtin|system     who runs the program (administrator)
 *   elevated=yes|no                 `run as administrator` (no)
 *   lua=on|off                      EnableLUA (on)
 *   completes=MILLISECONDS|never    an overlapped control code completes so much later (at once)
 *   dynamic=FIRST-LAST              the dynamic port range of both protocols (49152-65535)
 *   exclude=tcp:FIRST-LAST          an administered exclusion, as netsh makes it; udp: likewise
 *   reserved=tcp:FIRST-LAST         ports that something else on the machine holds reserved; udp: likewise
 *   store=FILE                      keeps persistent reservations from one run to the next
 *   trace=FILE                      writes each call with its answer there, as a trace
 *   loop=SECONDS                    of processor time without a call that are a loop; 0: never (10) */
#ifndef RESERVOIR_SIM_PROGRAM_OPTIONS_H
#define RESERVOIR_SIM_PROGRAM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "stack/readings.h"
#include "stack/system/security.h"

/* The program's own process, and how many threads it can have at a time: rows of the world. */
enum { PROGRAM_PROCESS = 0, PROGRAM_THREADS_MAX = 256 };

enum { OPTION_PATH_BYTES = 512, OPTION_RANGES_MAX = 32 };

struct option_range {
    uint8_t protocol; /* enum protocol */
    bool administered;
    uint16_t first, last;
};

struct program_options {
    struct profile profile;
    uint64_t seed;
    enum account_kind account;
    bool elevated;
    bool lua_off;
    uint64_t delay_ns;
    uint16_t dynamic_first, dynamic_last; /* 0: the ordinary ones */
    unsigned ranges_count;
    struct option_range ranges[OPTION_RANGES_MAX];
    char store[OPTION_PATH_BYTES]; /* "": none */
    char trace[OPTION_PATH_BYTES];
    unsigned loop_seconds;
};

/* Reads `text`, which may be NULL. Stops the process where it cannot be understood, and says which word and what was
 * expected. */
void program_options_read(const char *text, struct program_options *options);

#endif
