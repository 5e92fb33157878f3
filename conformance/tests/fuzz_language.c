/* libFuzzer's entry: whatever parses must print to a text that parses to the same print; so must all of its instances,
 * and each of their steps as an answer. Build with -fsanitize=fuzzer,address,undefined; start with tests/corpus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/text.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/language/printer.h"
#include "conformance/language/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void stop(const char *why, const struct text *text, const struct language_error *error) {
    struct text message = { 0 };
    if (error != NULL) language_error_print(error, &message);
    fprintf(stderr, "%s\n%s\n%s\n", why, text->bytes != NULL ? text->bytes : "",
            message.bytes != NULL ? message.bytes : "");
    abort();
}

/* Parses what was printed and prints it again: the bytes must be equal. */
static void check_printed(const struct scenario *scenario) {
    struct language_error error;
    struct text once = { 0 };
    struct text twice = { 0 };
    scenario_print(scenario, &once);
    struct scenario *again = scenario_parse("printed", once.bytes, once.length, &error);
    if (again == NULL) stop("what was printed does not parse", &once, &error);
    scenario_print(again, &twice);
    bool equal = once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0;
    if (!equal) {
        stop("what was printed prints differently: first", &once, NULL);
    }
    scenario_free(again);
    text_free(&once);
    text_free(&twice);
}

static void check_steps(struct scenario *scenario) {
    struct language_error error;
    for (uint32_t i = 0; i < scenario->steps_count; i++) {
        const struct step *step = &scenario->steps[i];
        struct step answer;
        struct text line = { 0 };
        if (step->kind == STEP_TOGETHER) continue;
        step_print(scenario, step, &line);
        bool one = step->outcomes_count <= 1;
        if (!step_parse_answer(scenario, one ? step : NULL, line.bytes, line.length, &answer, &error))
            stop("a step is not its own answer", &line, &error);
        text_free(&line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct language_error error;
    struct scenario *scenario = scenario_parse("fuzz", (const char *)data, size, &error);
    if (scenario == NULL) {
        struct text message = { 0 };
        language_error_print(&error, &message);
        text_free(&message);
        return 0;
    }
    check_printed(scenario);
    unsigned count = scenario_instances_count(scenario);
    for (unsigned i = 0; i < count; i++) {
        struct scenario *instance = scenario_expand(scenario, i);
        check_printed(instance);
        check_steps(instance);
        scenario_free(instance);
    }
    scenario_free(scenario);
    return 0;
}
