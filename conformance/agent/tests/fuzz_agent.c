/* libFuzzer's entry: commands to the agent's side of its protocol, whose functions are the model's. Its first process
 * is played in this program; a scenario with others finds no child here, and says so. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/agent/serve.h"
#include "conformance/base/folders.h"
#include "conformance/base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const path = "build/fuzz/agent/commands";
    if (!file_write_at_once(path, (const char *)data, size)) return 0;
    if (freopen(path, "rb", stdin) == NULL || freopen("/dev/null", "wb", stdout) == NULL) return 0;
    struct native_host *host = memory_zeroed(sizeof *host);
    native_host_create(host);
    (void)serve(host, 0);
    native_host_destroy(host);
    free(host);
    return 0;
}
