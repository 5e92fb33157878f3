/* libFuzzer's entry: the JSON of a run, as `reservoir diff` reads it. */
#include <stdio.h>

#include "conformance/base/folders.h"
#include "reports/formats/run_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const path = "build/fuzz/run-file/x.json";
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    if (!file_write_at_once(path, (const char *)data, size)) return 0;
    (void)run_file_read(&file, path, &trouble);
    run_file_free(&file);
    text_free(&trouble);
    return 0;
}
