#include "reports/formats/markdown_text.h"

#include <assert.h>
#include <string.h>

#include "reports/formats/clean_text.h"

void markdown_add_prose(const char *text, struct text *out) {
    struct text clean = { 0 };
    assert(text != NULL && out != NULL);
    text_add_clean(&clean, text, CLEAN_ONE_LINE);
    for (size_t i = 0; i < clean.length; i++) {
        if (strchr("\\`*_[]<>#|&~", clean.bytes[i]) != NULL) text_add_byte(out, '\\');
        text_add_byte(out, clean.bytes[i]);
    }
    text_free(&clean);
}

static size_t longest_run(const struct text *text, char byte) {
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text->length; i++) {
        run = text->bytes[i] == byte ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    return longest;
}

static void add_fence(size_t length, struct text *out) {
    for (size_t i = 0; i < length; i++) text_add_byte(out, '`');
}

/* Nothing in a code span is escaped; its fence is longer than any run of backticks inside. */
void markdown_add_code(const char *text, bool in_table, struct text *out) {
    struct text clean = { 0 };
    assert(text != NULL && out != NULL);
    text_add_clean(&clean, text, CLEAN_ONE_LINE);
    size_t ticks = longest_run(&clean, '`');
    if (clean.length == 0) text_add(&clean, " ");
    add_fence(ticks + 1, out);
    if (ticks > 0) text_add(out, " ");
    for (size_t i = 0; i < clean.length; i++) {
        if (in_table && clean.bytes[i] == '|') text_add_byte(out, '\\');
        text_add_byte(out, clean.bytes[i]);
    }
    if (ticks > 0) text_add(out, " ");
    add_fence(ticks + 1, out);
    text_free(&clean);
}
