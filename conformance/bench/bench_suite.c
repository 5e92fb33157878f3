/* What the whole suite costs as it is used: `reservoir run` over all scenarios on the model, and `reservoir judge` over
 * the traces that it records, each as a process of its own. Run from the top of the project, after `make bench` has
 * built build/bench/reservoir; the traces go to build/bench/traces. README.md says what each line means.
 *
 * Ends with status 1 when a run fails or takes more memory than is promised. */
#define _DEFAULT_SOURCE /* wait4, popen */

#include <assert.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/base/memory.h"
#include "sim/bench/benchmark.h"

enum { TIMES_OVER = 20, MEMORY_KIB_MAX = 64 * 1024, GOAL_TRACES_PER_SECOND = 50000 /* 100,000 in 2 s */ };

static const char reservoir[] = "build/bench/reservoir";
static const char traces[] = "build/bench/traces";

struct cost {
    double seconds, wall_s; /* its processors', ours and the kernel's; by the clock on the wall */
    long memory_kib;        /* at most at any time */
};

/* Runs reservoir, its words ending with NULL; what it prints goes to `output`. */
static struct cost run(const char *const *words, const char *output) {
    struct rusage usage;
    int status = 0;
    double begin = now_s();
    pid_t child = fork();
    demand(child >= 0, "no process can be started");
    if (child == 0) {
        int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (file >= 0 && dup2(file, STDOUT_FILENO) >= 0) execv(reservoir, (char *const *)(uintptr_t)words);
        _exit(127);
    }
    demand(wait4(child, &status, 0, &usage) == child, "a process is lost");
    demand(WIFEXITED(status) && WEXITSTATUS(status) == 0,
           "reservoir fails (is it built, and is this the top of the project?)");
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    return (struct cost){ cpu, now_s() - begin, usage.ru_maxrss };
}

struct cost_figure {
    struct figure time;
    long memory_kib; /* of the run that took most */
};

static struct cost_figure run_often(const char *const *words) {
    double seconds[RUNS], wall[RUNS];
    struct cost_figure figure = { .memory_kib = 0 };
    for (unsigned i = 0; i < RUNS; i++) {
        struct cost cost = run(words, "/dev/null");
        seconds[i] = cost.seconds;
        wall[i] = cost.wall_s;
        if (cost.memory_kib > figure.memory_kib) figure.memory_kib = cost.memory_kib;
    }
    qsort(seconds, RUNS, sizeof seconds[0], ascending);
    qsort(wall, RUNS, sizeof wall[0], ascending);
    figure.time = (struct figure){ seconds[0], seconds[RUNS / 2], wall[RUNS / 2] };
    return figure;
}

/* `reservoir judge` says one line with `allowed, N steps` for each trace. */
static unsigned count_traces(const char *verdicts, unsigned *steps) {
    char line[4096];
    unsigned count = 0;
    FILE *file = fopen(verdicts, "r");
    demand(file != NULL, "the verdicts cannot be read");
    *steps = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned of_this = 0;
        const char *verdict = strstr(line, ": allowed, ");
        if (verdict == NULL || sscanf(verdict, ": allowed, %u steps", &of_this) != 1) continue;
        count++;
        *steps += of_this;
    }
    fclose(file);
    demand(count > 0, "nothing was judged");
    return count;
}

static void print_run(const char *what, const struct cost_figure *figure) {
    char name[64];
    print_time(what, &figure->time, 1e6, "us", 0, NULL);
    snprintf(name, sizeof name, "%s, peak memory", what);
    print_line(name, (double)figure->memory_kib, (double)figure->memory_kib, "KiB",
               (double)figure->memory_kib / MEMORY_KIB_MAX, "the limit of 64 MiB");
    demand(figure->memory_kib < MEMORY_KIB_MAX, "that is more memory than promised");
}

/* The suite's traces so many times over: the goal is one of many traces, of which starting a process is no part. `jobs`
 * NULL: as many as the machine has processors. */
static void bench_judge(const char *profile, const char *jobs, unsigned times, unsigned count, unsigned steps) {
    const char *words[6 + TIMES_OVER + 1] = { reservoir, "judge", "--profile", profile };
    unsigned length = 4;
    assert(times <= TIMES_OVER);
    if (jobs != NULL) words[length++] = "--jobs";
    if (jobs != NULL) words[length++] = jobs;
    for (unsigned i = 0; i < times; i++) words[length++] = traces;
    struct cost_figure figure = run_often(words);
    char what[64];
    snprintf(what, sizeof what, "judge, %s, %u traces, jobs %s", profile, count * times, jobs == NULL ? "all" : jobs);
    print_run(what, &figure);
    /* Of one job the processor's time; of all at once the wall clock's. */
    double traces_judged = count * times, steps_judged = steps * times;
    double best_s = jobs == NULL ? figure.time.wall_s : figure.time.least_s;
    double median_s = jobs == NULL ? figure.time.wall_s : figure.time.median_s;
    print_line("  traces", traces_judged / best_s, traces_judged / median_s, "traces/s",
               traces_judged / median_s / GOAL_TRACES_PER_SECOND, "the goal");
    print_line("  steps", steps_judged / best_s, steps_judged / median_s, "steps/s", 0, NULL);
}

/* What no judge of files can be faster than: each is opened, read and closed. */
struct paths {
    char **all;
    size_t count, capacity;
};

static double work_read(void *context) {
    const struct paths *paths = context;
    static char bytes[1 << 16];
    for (size_t i = 0; i < paths->count; i++) {
        int file = open(paths->all[i], O_RDONLY);
        demand(file >= 0, "a trace cannot be opened");
        while (read(file, bytes, sizeof bytes) > 0) continue;
        close(file);
    }
    return (double)paths->count;
}

static void bench_reading(void) {
    char line[4096];
    struct paths paths = { .count = 0 };
    FILE *found = popen("find build/bench/traces -name '*.trace'", "r");
    demand(found != NULL, "the traces cannot be listed");
    while (fgets(line, sizeof line, found) != NULL) {
        paths.all = memory_grow(paths.all, paths.count, &paths.capacity, sizeof *paths.all);
        paths.all[paths.count++] = memory_copy_text(line, strcspn(line, "\n"));
    }
    pclose(found);
    struct figure figure = measure(work_read, &paths);
    print_rate("open, read, close of the traces", &figure, 1, "traces/s", 0, NULL);
    for (size_t i = 0; i < paths.count; i++) free(paths.all[i]);
    free(paths.all);
}

int main(void) {
    static const char verdicts[] = "build/bench/verdicts";
    const char *const play[] = { reservoir, "run", "scenarios", "--on", "model", NULL };
    const char *const record[] = { reservoir, "run", "scenarios", "--on", "model", "--record", traces, NULL };
    const char *const judge[] = { reservoir, "judge", traces, NULL };
    unsigned steps = 0;
    demand(system("rm -rf build/bench/traces") == 0,
           "old traces cannot be removed"); /* of scenarios that are gone, too */
    print_heading();
    struct cost_figure played = run_often(play);
    struct cost_figure recorded = run_often(record);
    run(judge, verdicts);
    unsigned count = count_traces(verdicts, &steps);
    printf("  %u traces, %u steps with an outcome\n", count, steps);
    print_run("run", &played);
    print_run("run --record", &recorded);
    bench_reading();
    bench_judge("windows", "1", 1, count, steps);
    bench_judge("windows", "1", TIMES_OVER, count, steps);
    bench_judge("windows", NULL, TIMES_OVER, count, steps);
    bench_judge("any", "1", TIMES_OVER, count, steps);
    bench_judge("any", NULL, TIMES_OVER, count, steps);
    return 0;
}
