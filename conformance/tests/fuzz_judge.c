/* libFuzzer's entry: whatever reads as a trace is judged, with every question open and under a profile. Start with
 * tests/judged. */
#include "conformance/judge/trace_judge.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "stack/readings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge_under(const uint8_t *data, size_t size, const struct profile *profile) {
    struct language_error error;
    struct trace_verdict verdict;
    struct scenario *trace = scenario_parse("fuzz", (const char *)data, size, &error);
    if (trace == NULL) return;
    trace_judge(trace, profile, &verdict);
    trace_verdict_free(&verdict);
    scenario_free(trace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    judge_under(data, size, NULL);
    judge_under(data, size, profile_named("windows"));
    return 0;
}
