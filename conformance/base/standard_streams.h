/* The three standard streams of a program, whatever its parent left open.
 *
 * A parent may start a program with a standard stream closed; services and CI systems do. The next file or pipe that
 * the program opens then gets that number, and whoever redirects the standard streams of a child closes the end of his
 * own pipe with it. */
#ifndef RESERVOIR_STANDARD_STREAMS_H
#define RESERVOIR_STANDARD_STREAMS_H

/* To be called first in main.
 *
 * A stream that is closed gets a stand-in on which every call fails: input cannot be read, output and errors cannot be
 * written, so that a lost byte is still noticed. Streams that are open stay as they are. (Windows does not give the
 * numbers of standard streams to files.)
 *
 * On Windows the streams carry bytes from then on: a report is the same bytes on every system. */
void standard_streams_prepare(void);

#endif
