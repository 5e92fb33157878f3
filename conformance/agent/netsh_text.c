#include "conformance/agent/netsh.h"
#include "conformance/base/number.h"

#include <assert.h>
#include <string.h>

/* The numbers of one line and whether a '*' follows them. Returns how many numbers there are; 3 stands for more. */
static unsigned line_numbers(const char *line, size_t length, uint32_t numbers[2], bool *starred) {
    assert(line != NULL);
    unsigned count = 0;
    *starred = false;
    for (size_t i = 0; i < length && count < 3;) {
        if (line[i] == '*') *starred = true;
        if (line[i] < '0' || line[i] > '9') {
            i++;
            continue;
        }
        uint64_t number = 0;
        i += number_take(line + i, length - i, &number);
        if (count < 2) numbers[count] = number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
        count++;
    }
    return count;
}

static size_t line_length(const char *text) { return strcspn(text, "\r\n"); }

static const char *next_line(const char *text) {
    text += line_length(text);
    return text + strspn(text, "\r\n");
}

bool netsh_read_dynamic_range(const char *text, uint32_t *first, uint32_t *last) {
    assert(text != NULL);
    assert(first != NULL && last != NULL);
    uint32_t found[2] = { 0, 0 };
    unsigned found_count = 0;
    for (; *text != '\0' && found_count < 2; text = next_line(text)) {
        size_t length = line_length(text);
        const char *colon = memchr(text, ':', length);
        if (colon == NULL) continue;
        uint32_t numbers[2];
        bool starred;
        size_t rest = length - (size_t)(colon - text);
        if (line_numbers(colon, rest, numbers, &starred) == 1) found[found_count++] = numbers[0];
    }
    bool plausible = found_count == 2 && found[0] > 0 && found[1] > 0 && found[0] + found[1] - 1 <= 0xFFFF;
    if (!plausible) return false;
    *first = found[0];
    *last = found[0] + found[1] - 1;
    return true;
}

bool netsh_read_exclusions(const char *text, enum transport transport, struct host_exclusion *out, unsigned room,
                           unsigned *count) {
    assert(text != NULL);
    assert(count != NULL);
    *count = 0;
    bool has_text = false;
    for (; *text != '\0'; text = next_line(text)) {
        has_text |= memchr(text, '-', line_length(text)) != NULL; /* the rule below the table's head */
        uint32_t numbers[2];
        bool starred;
        if (line_numbers(text, line_length(text), numbers, &starred) != 2) continue;
        if (numbers[0] > numbers[1] || numbers[1] > 0xFFFF) continue;
        if (*count == room) return false;
        out[(*count)++] = (struct host_exclusion){ transport, numbers[0], numbers[1], starred, false };
    }
    return has_text;
}

static bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

/* Do the words stand here? */
static bool begins_with(const char *text, const char *words, size_t length) {
    size_t at = 0;
    while (at < length) {
        if (is_blank(words[at]) != is_blank(*text)) return false;
        if (!is_blank(words[at])) {
            if (words[at++] != *text++) return false;
            continue;
        }
        while (at < length && is_blank(words[at])) at++;
        while (is_blank(*text)) text++;
    }
    return true;
}

bool netsh_says(const char *text, const char *words) {
    assert(text != NULL && words != NULL);
    size_t length = strlen(words);
    while (length > 0 && (is_blank(words[length - 1]) || words[length - 1] == '.')) length--;
    for (; length > 0 && *text != '\0'; text++) {
        if (begins_with(text, words, length)) return true;
    }
    return false;
}
