/* The text of a trace while it grows: its lines, and the names that it gives. Kept in memory. What goes beyond a limit
 * of the language gives the trace up: what was written before stays, and nothing is added any more.
 *
 * Invariants: 1. no name is given twice; 2. trace_why_over() never changes once it is not NULL. */
#ifndef RESERVOIR_SIM_PROGRAM_TRACE_TEXT_H
#define RESERVOIR_SIM_PROGRAM_TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_DATA_MAX = 250 /* bytes that a line can show of what a call was given */ };

enum named { NAMED_HANDLE, NAMED_TOKEN, NAMED_OVERLAPPED, NAMED_BUFFER };

struct trace_name {
    enum named kind;
    uint64_t value; /* handle, token, address */
    char text[8];
};

/* Adds to the line. */
void trace_put(const char *format, ...) __attribute__((__format__(__printf__, 1, 2)));

/* Ends the line and begins another one. */
void trace_end_line(void);

/* Nothing is added after this line. Only the first reason is kept; it has to live as long as the process. */
void trace_give_up(const char *why);

/* Why it was given up, or NULL. */
const char *trace_why_over(void);

/* All whole lines so far; borrowed until the next trace_end_line(). */
const char *trace_text(size_t *length);

/* --- names and values --------------------------------------------------------------------------------------------- */

/* The last name of this kind with this value, or NULL. Names live as long as the process. */
struct trace_name *trace_name_of(enum named kind, uint64_t value);

/* A new one: the letter and a number. Gives up when there are too many. */
struct trace_name *trace_new_name(enum named kind, uint64_t value, char letter);

/* `app`, or `app.t2` and so on; the thread counts as one of the trace's then. */
void trace_put_thread(unsigned thread);

/* Has this thread a line? */
bool trace_has_thread(unsigned thread);

/* A handle by its name, or as a number. */
void trace_put_handle(uint64_t handle);

/* Tokens of reservations: `r1.Token`, or the number. */
void trace_put_token(uint64_t token);

/* An OVERLAPPED or a buffer that has a line of its own. */
void trace_put_named(enum named kind, uint64_t address);

/* hex(...) */
void trace_put_hexadecimal(const uint8_t *bytes, uint32_t length);

/* The address in a sockaddr_in or sockaddr_in6 of that many bytes, without its port. */
void trace_put_address(const uint8_t *bytes, uint32_t length);

#endif
