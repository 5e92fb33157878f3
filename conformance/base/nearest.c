#include "conformance/base/nearest.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { WORD_BYTES_MAX = 64 }; /* longer words have no nearest spelling: the table below stays small */

struct nearest nearest_to(const char *written, unsigned length) {
    assert(written != NULL);
    return (struct nearest){ .written = written, .length = length, .distance = length / 3 + 1, .best = NULL };
}

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* Levenshtein's distance, one row at a time. */
static unsigned distance_between(const char *a, unsigned a_length, const char *b, unsigned b_length) {
    unsigned row[WORD_BYTES_MAX + 1];
    assert(a_length <= WORD_BYTES_MAX);
    assert(b_length <= WORD_BYTES_MAX);
    for (unsigned j = 0; j <= b_length; j++) row[j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            unsigned above = row[j];
            unsigned change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = least(change, least(above, row[j - 1]) + 1);
            diagonal = above;
        }
    }
    return row[b_length];
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
