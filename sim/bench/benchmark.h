/* What the benchmarks share: runs against the clock, lines of figures, call records. Everything is static: each program
 * is one file. Define _POSIX_C_SOURCE (clock_gettime) before the first include. */
#ifndef RESERVOIR_SIM_BENCH_BENCHMARK_H
#define RESERVOIR_SIM_BENCH_BENCHMARK_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "stack/call/call.h"

enum { RUNS = 9 };

/* A fault of the benchmark itself must not look like speed. */
static inline void demand(bool condition, const char *what) {
    if (condition) return;
    fprintf(stderr, "benchmark: %s\n", what);
    exit(1);
}

static inline void *memory_of(size_t bytes) {
    void *memory = calloc(1, bytes);
    demand(memory != NULL, "out of memory");
    return memory;
}

/* --- time ------------------------------------------------------------------------------------------------------ */

static inline double seconds_of(clockid_t clock) {
    struct timespec time;
    demand(clock_gettime(clock, &time) == 0, "a clock is missing");
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static inline double now_s(void) { return seconds_of(CLOCK_MONOTONIC); }

/* What a processor spent on us, ours and the kernel's: a machine that others use too takes longer by the wall clock. */
static inline double cpu_s(void) { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

struct figure {
    double least_s, median_s; /* of one unit of work: CPU seconds */
    double wall_s;            /* the median by the wall clock */
};

/* One run: does its work and returns how many units it was. */
typedef double work_function(void *context);

static inline int ascending(const void *one, const void *other) {
    double first = *(const double *)one, second = *(const double *)other;
    return (first > second) - (first < second);
}

static inline struct figure measure(work_function *work, void *context) {
    double seconds[RUNS], wall[RUNS];
    work(context); /* warms up */
    for (unsigned run = 0; run < RUNS; run++) {
        double begin_s = now_s(), begin = cpu_s();
        double units = work(context);
        assert(units > 0);
        seconds[run] = (cpu_s() - begin) / units;
        wall[run] = (now_s() - begin_s) / units;
    }
    qsort(seconds, RUNS, sizeof seconds[0], ascending);
    qsort(wall, RUNS, sizeof wall[0], ascending);
    return (struct figure){ seconds[0], seconds[RUNS / 2], wall[RUNS / 2] };
}

/* `ratio` 0: there is nothing to compare with. */
static inline void print_line(const char *what, double best, double median, const char *unit, double ratio,
                              const char *peer) {
    printf("  %-34s %14.0f %14.0f  %-10s", what, best, median, unit);
    if (ratio > 0) printf(" %6.2f x %s", ratio, peer);
    putchar('\n');
}

static inline void print_heading(void) {
    printf("  %-34s %14s %14s  %-10s  ratio of medians\n", "by CPU seconds", "best", "median", "unit");
}

/* --- call records ---------------------------------------------------------------------------------------------- */

static inline void point(struct call *call, unsigned argument, uint32_t length) {
    call->arguments[argument] = call->ranges[argument].address = 0x10000u * (argument + 1);
    call->ranges[argument].state = RANGE_GOOD;
    call->ranges[argument].length = length;
}

static inline void point_at(struct call *call, unsigned argument, const void *bytes, uint32_t length) {
    point(call, argument, length);
    demand(call_put_bytes(call, argument, bytes, length), "a call record is full");
}

static inline void prepare_control(struct call *call, uint32_t code, const void *input, uint32_t size,
                                   uint32_t output) {
    call->function = FUNCTION_WSAIoctl;
    call->arguments[WSAIoctl_code] = code;
    point_at(call, WSAIoctl_in, input, size);
    call->arguments[WSAIoctl_cbIn] = size;
    call->ranges[WSAIoctl_out].state = RANGE_NULL;
    if (output > 0) point(call, WSAIoctl_out, output);
    call->arguments[WSAIoctl_cbOut] = output;
    point(call, WSAIoctl_bytes, 4);
    call->ranges[WSAIoctl_ov].state = RANGE_NULL;
    call->ranges[WSAIoctl_routine].state = RANGE_NULL;
}

#endif
