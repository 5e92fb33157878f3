/* A hash of bytes, for tables in memory: quick, the same in every run, and no protection against who chooses bytes. */
#ifndef RESERVOIR_CONFORMANCE_HASH_H
#define RESERVOIR_CONFORMANCE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes at a time; what is left of them counts as if zeros followed. Here, because texts are short. */
static inline uint64_t hash_bytes(const void *bytes, size_t length) {
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    const uint8_t *at = bytes;
    uint64_t hash = length, word;
    size_t i = 0;
    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, at + i, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, at + i, length - i);
    hash = (hash ^ word) * odd;
    return hash ^ hash >> 32;
}

#endif
