/* libFuzzer's entry: the agent's journal, written by whom you like. */
#include <stdlib.h>

#include "conformance/agent/journal.h"
#include "conformance/base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct journal journal;
    unsigned ours[JOURNAL_BLOCKS_MAX];
    char line[JOURNAL_LINE_MAX];
    char *text = memory_copy_text((const char *)data, size);
    journal = (struct journal){ .count = 0 };
    journal_read(&journal, text);
    unsigned count = journal_ours(&journal, ours);
    if (count > journal.count || journal.count > JOURNAL_BLOCKS_MAX) abort();
    for (unsigned i = 0; i < count; i++) {
        const struct journal_block block = journal.rows[ours[i]].block;
        journal_print_block('-', &block, line);
        if (!journal_owns(&journal, &block)) abort();
    }
    journal_leave(&journal, "mark");
    (void)journal_meets(&journal, 1, 65535);
    journal_take_back(&journal, "mark");
    free(text);
    return 0;
}
