/* libFuzzer's entry: what netsh prints, in whatever language. */
#include <stdlib.h>
#include <string.h>

#include "conformance/agent/netsh.h"
#include "conformance/base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct host_exclusion exclusions[8];
    uint32_t first = 0, last = 0;
    unsigned count = 0;
    char *text = memory_copy_text((const char *)data, size), *words = memory_copy_text((const char *)data, size / 2);
    (void)netsh_read_dynamic_range(text, &first, &last);
    (void)netsh_read_exclusions(text, TRANSPORT_TCP, exclusions, 8, &count);
    if (count > 8) abort();
    (void)netsh_says(text, words);
    free(text);
    free(words);
    return 0;
}
