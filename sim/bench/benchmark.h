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

/* LINES. Name, best, median, unit; then, where a clock was looked at, what the median is by the wall; then the ratio to
 * a peer or a goal (0: there is none). `.make/bench.sh` reads the first four: two blanks stand before the unit. */
static inline void print_walled(const char *what, double best, double median, const char *unit, double wall,
                                double ratio, const char *peer) {
    printf("  %-34s %14.0f %14.0f  %-10s", what, best, median, unit);
    if (wall > 0) printf(" %12.0f", wall);
    else if (ratio > 0) printf(" %12s", "");
    if (ratio > 0) printf(" %7.2f x %s", ratio, peer);
    putchar('\n');
}

static inline void print_line(const char *what, double best, double median, const char *unit, double ratio,
                              const char *peer) {
    print_walled(what, best, median, unit, 0, ratio, peer);
}

/* `scale` units in a second: of work, or of time (1e9: nanoseconds). */
static inline void print_rate(const char *what, const struct figure *figure, double scale, const char *unit,
                              double ratio, const char *peer) {
    double wall = figure->wall_s > 0 ? scale / figure->wall_s : 0;
    print_walled(what, scale / figure->least_s, scale / figure->median_s, unit, wall, ratio, peer);
}

static inline void print_time(const char *what, const struct figure *figure, double scale, const char *unit,
                              double ratio, const char *peer) {
    print_walled(what, figure->least_s * scale, figure->median_s * scale, unit, figure->wall_s * scale, ratio, peer);
}

static inline void print_heading(void) {
    printf("  %-34s %14s %14s  %-10s %12s    ratio of medians\n", "by CPU seconds", "best", "median", "unit",
           "by the wall");
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
