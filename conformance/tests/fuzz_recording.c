/* libFuzzer's entry: a trace is played as the recording of a host, `run --host-trace`, of the scenario that it is of.
 * Every instance has to have its verdict. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/folders.h"
#include "conformance/base/memory.h"
#include "conformance/language/language_error.h"
#include "conformance/language/expand.h"
#include "conformance/language/parser.h"
#include "conformance/runner/runner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const FOLDER = "build/fuzz/recording";

/* The trace as a scenario: each outcome is `...`. */
static void add_scenario(const char *trace, size_t size, struct text *out) {
    text_add(out, "scenario x\n");
    const char *end = trace + size, *line = memchr(trace, '\n', size);
    while (line != NULL && ++line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line)), *stop = next == NULL ? end : next, *arrow = line;
        while (arrow + 4 <= stop && memcmp(arrow, " -> ", 4) != 0) arrow++;
        bool head = line[0] == ' ' && line[1] == ' ' && arrow + 4 > stop;
        if (!head && arrow + 4 <= stop) text_add(out, "%.*s -> ...\n", (int)(arrow - line), line);
        else if (!head) text_add(out, "%.*s\n", (int)(stop - line), line);
        line = next;
    }
}

static void play(struct scenario *scenario) {
    struct scenario_file file = { .path = memory_copy_text("x.scn", 5),
                                  .id = memory_copy_text("x/x", 3),
                                  .scenario = scenario,
                                  .instances_count = scenario_instances_count(scenario) };
    struct scenario_set set = { .files = &file, .count = 1 };
    struct run_record record = { .count = 0 };
    struct run_plan plan = { .subjects = { subject_traces(FOLDER) }, .subjects_count = 1, .repeat = 1 };
    runner_run(&plan, &set, &record);
    assert(record.count == 1);
    run_record_free(&record);
    subject_free(plan.subjects[0]);
    free(file.path);
    free(file.id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct language_error error;
    struct text text = { 0 };
    if (size == 0 || memchr(data, 0, size) != NULL) return 0;
    add_scenario((const char *)data, size, &text);
    struct scenario *scenario = scenario_parse("x.scn", text.bytes, text.length, &error);
    if (scenario != NULL && file_write_at_once("build/fuzz/recording/x/x.trace", (const char *)data, size))
        play(scenario);
    scenario_free(scenario);
    text_free(&text);
    return 0;
}
