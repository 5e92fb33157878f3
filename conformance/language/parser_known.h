/* Parts of lines that were parsed before, and what they were parsed to.
 *
 * Whoever reads thousands of traces reads few different calls and fewer different outcomes: `app: s = socket(AF_INET,
 * SOCK_STREAM, IPPROTO_TCP)` and `ok error=0` stand in nearly every one. A part that is known is not parsed again: the
 * trees that have it share its arguments and outcomes. A part is only known where parsing it would give the same: the
 * same bytes, among the same processes, threads, users and machines, and with every name that it looks up being what it
 * was then.
 * So a tree prints, plays and is judged as if it had been parsed alone.
 *
 * Two things differ from such a tree: what is shared may not be changed, and the places of values, predicates and
 * outcomes are those of the line where the part was first read. (The place of a step is always its own.) */
#ifndef RESERVOIR_CONFORMANCE_PARSER_KNOWN_H
#define RESERVOIR_CONFORMANCE_PARSER_KNOWN_H

/* Grows to a few megabytes, and is then emptied before the next text. Trees may outlive it. */
struct known_parts;

struct known_parts *known_parts_create(void);
void known_parts_free(struct known_parts *known); /* NULL is allowed */

/* How many parts were known when they were asked for, and how many not, since the beginning. */
struct known_parts_counts {
    unsigned long long hits, misses;
};
struct known_parts_counts known_parts_counts(const struct known_parts *known);

#endif
