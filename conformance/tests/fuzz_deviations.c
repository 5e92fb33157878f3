/* libFuzzer's entry: rules of known deviations. */
#include "conformance/language/language_error.h"
#include "conformance/verdicts/deviations.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct language_error error;
    struct deviations deviations = { 0 };
    (void)deviations_parse(&deviations, "deviations", (const char *)data, size, &error);
    deviations_free(&deviations);
    return 0;
}
