/* libFuzzer's entry: the JSON of a run, as `reservoir diff` reads it. */
#include <stdio.h>

#include "conformance/base/folders.h"
#include "reports/formats/run_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not file_write(), which waits for the disk. */
static bool write_input(const char *path, const uint8_t *data, size_t size) {
    FILE *file = file_create(path);
    if (file == NULL) return false;
    bool written = fwrite(data, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const path = "build/fuzz/run-file/x.json";
    struct run_file file = { .arena = NULL };
    struct text trouble = { 0 };
    if (!write_input(path, data, size)) return 0;
    (void)run_file_read(&file, path, &trouble);
    run_file_free(&file);
    text_free(&trouble);
    return 0;
}
