#include "conformance/base/nearest.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { WORD_BYTES_MAX = 64 }; /* longer words have no nearest spelling: the table below stays small */

struct nearest nearest_to(const char *written, unsigned length) {
    assert(written != NULL);
    return (struct nearest){ .written = written, .length = length, .distance = length / 3 + 1, .best = NULL };
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* The case of a letter makes no difference: who wrote wsaeinval meant WSAEINVAL. */
static bool same_letter(char a, char b) { return a == b || tolower((unsigned char)a) == tolower((unsigned char)b); }

/* How many letters have to be changed, added, dropped or swapped with their neighbour (optimal string alignment). Three
 * rows of the table are enough: the current one, the one above, and that above it, for swaps. */
static unsigned distance_between(const char *a, unsigned a_length, const char *b, unsigned b_length) {
    unsigned rows[3][WORD_BYTES_MAX + 1];
    assert(a_length <= WORD_BYTES_MAX);
    assert(b_length <= WORD_BYTES_MAX);
    for (unsigned j = 0; j <= b_length; j++) rows[0][j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3], *above_that = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            row[j] = least(above[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1), least(above[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]);
            if (swapped) row[j] = least(row[j], above_that[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void nearest_offer(struct nearest *nearest, const char *candidate) {
    assert(nearest != NULL && nearest->written != NULL);
    assert(candidate != NULL);
    size_t length = strlen(candidate);
    if (nearest->length > WORD_BYTES_MAX || length > WORD_BYTES_MAX) return;
    unsigned distance = distance_between(nearest->written, nearest->length, candidate, (unsigned)length);
    if (distance >= nearest->distance) return;
    nearest->distance = distance;
    nearest->best = candidate;
}
