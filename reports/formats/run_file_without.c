#include "reports/formats/run_file.h"

bool run_file_read(struct run_file *file, const char *path, struct text *trouble) {
    (void)file;
    text_add(trouble, "%s: this build has no JSON: it was made without jansson", path);
    return false;
}

void run_file_free(struct run_file *file) { (void)file; }
