#include "conformance/agent/journal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[JOURNAL_KINDS_COUNT][2] = { { "tcp", "udp" },
                                                           { "tcp-exclusion", "udp-exclusion" },
                                                           { "tcp-ports", "udp-ports" } };

const char *journal_block_kind(const struct journal_block *block) {
    assert(block->kind < JOURNAL_KINDS_COUNT && block->protocol < 2);
    return kinds[block->kind][block->protocol];
}

/* --- what the lines say ------------------------------------------------------------------------------------------- */

static bool is_same(const struct journal_block *one, const struct journal_block *other) {
    return one->kind == other->kind && one->protocol == other->protocol && one->first == other->first &&
           one->count == other->count;
}

/* The row of a block that is ours, or journal->count. */
static unsigned place_of(const struct journal *journal, const struct journal_block *block) {
    unsigned place = 0;
    while (place < journal->count &&
           (journal->rows[place].mark[0] != '\0' || !is_same(&journal->rows[place].block, block)))
        place++;
    return place;
}

bool journal_owns(const struct journal *journal, const struct journal_block *block) {
    assert(journal->count <= JOURNAL_BLOCKS_MAX);
    return place_of(journal, block) < journal->count;
}

bool journal_left_under(const struct journal *journal, const char *mark) {
    assert(mark[0] != '\0');
    for (unsigned i = 0; i < journal->count; i++) {
        if (strcmp(journal->rows[i].mark, mark) == 0) return true;
    }
    return false;
}

bool journal_meets(const struct journal *journal, unsigned first, unsigned count) {
    for (unsigned i = 0; i < journal->count; i++) {
        const struct journal_block *block = &journal->rows[i].block;
        if (first < block->first + block->count && block->first < first + count) return true;
    }
    return false;
}

bool journal_covers(const struct journal *journal, unsigned protocol, unsigned first, unsigned last) {
    for (unsigned i = 0; i < journal->count; i++) {
        const struct journal_row *row = &journal->rows[i];
        bool is_ours = row->mark[0] == '\0' && row->block.kind != JOURNAL_PORTS && row->block.protocol == protocol;
        if (is_ours && first >= row->block.first && last < row->block.first + row->block.count) return true;
    }
    return false;
}

bool journal_add(struct journal *journal, const struct journal_block *block) {
    assert(block->protocol < 2);
    if (journal_owns(journal, block)) return true;
    if (journal->count == JOURNAL_BLOCKS_MAX) return false;
    journal->rows[journal->count++] = (struct journal_row){ .block = *block };
    return true;
}

void journal_remove(struct journal *journal, const struct journal_block *block) {
    unsigned place = place_of(journal, block);
    if (place == journal->count) return;
    journal->count--;
    memmove(&journal->rows[place], &journal->rows[place + 1], (journal->count - place) * sizeof journal->rows[0]);
}

/* Blocks with one mark get another; "" is ours. */
static void mark_again(struct journal *journal, const char *from, const char *to) {
    assert(strlen(to) <= RESTART_MARK_MAX);
    for (unsigned i = 0; i < journal->count; i++) {
        if (strcmp(journal->rows[i].mark, from) == 0) memcpy(journal->rows[i].mark, to, strlen(to) + 1);
    }
}

void journal_leave(struct journal *journal, const char *mark) { mark_again(journal, "", mark); }

void journal_take_back(struct journal *journal, const char *mark) { mark_again(journal, mark, ""); }

unsigned journal_ours(const struct journal *journal, unsigned ours[JOURNAL_BLOCKS_MAX]) {
    unsigned count = 0;
    for (unsigned i = 0; i < journal->count; i++) {
        if (journal->rows[i].mark[0] == '\0') ours[count++] = i;
    }
    return count;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

void journal_print_block(char sign, const struct journal_block *block, char line[JOURNAL_LINE_MAX]) {
    assert(sign == '+' || sign == '-');
    snprintf(line, JOURNAL_LINE_MAX, "%c%s %u %u\n", sign, journal_block_kind(block), block->first, block->count);
}

void journal_print_mark(const char *verb, const char *mark, char line[JOURNAL_LINE_MAX]) {
    assert(restart_mark_is_good(mark));
    snprintf(line, JOURNAL_LINE_MAX, "%s %s\n", verb, mark);
}

/* `+tcp 20000 4` */
static bool read_block(const char *line, struct journal_block *block) {
    char name[16] = "", more = 0;
    if (sscanf(line + 1, "%15s %5u %5u%c", name, &block->first, &block->count, &more) != 3) return false;
    if (block->first < 1 || block->first > 65535 || block->count < 1 || block->count > 65535) return false;
    for (block->kind = 0; block->kind < JOURNAL_KINDS_COUNT; block->kind++)
        for (block->protocol = 0; block->protocol < 2; block->protocol++)
            if (strcmp(name, kinds[block->kind][block->protocol]) == 0) return true;
    return false;
}

/* The word behind a verb; NULL when the line is none of this verb's. */
static const char *word_of(const char *line, const char *verb) {
    size_t length = strlen(verb);
    bool is_its = strncmp(line, verb, length) == 0 && line[length] == ' ' && restart_mark_is_good(line + length + 1);
    return is_its ? line + length + 1 : NULL;
}

static bool is_torn(const char *line) {
    size_t length = strlen(line), end = strlen(JOURNAL_TORN_END) - 1;
    return length >= end && strncmp(line + length - end, JOURNAL_TORN_END, end) == 0;
}

static bool follow_block(struct journal *journal, const char *line) {
    struct journal_block block = { 0, 0, 0, 0 };
    if (journal->machine[0] == '\0' || !read_block(line, &block)) return false;
    if (line[0] == '+') return journal_add(journal, &block);
    journal_remove(journal, &block);
    return true;
}

/* False: the line is none of a journal's. */
static bool follow(struct journal *journal, const char *line) {
    const char *word = NULL;
    if (is_torn(line)) return true;
    if (line[0] == '+' || line[0] == '-') return follow_block(journal, line);
    if ((word = word_of(line, "machine")) != NULL) {
        bool is_same = journal->machine[0] == '\0' || strcmp(journal->machine, word) == 0;
        snprintf(journal->machine, sizeof journal->machine, "%s", word);
        return is_same;
    }
    if ((word = word_of(line, "boot")) != NULL) snprintf(journal->boot, sizeof journal->boot, "%s", word);
    else if ((word = word_of(line, "left")) != NULL) journal_leave(journal, word);
    else if ((word = word_of(line, "back")) != NULL) journal_take_back(journal, word);
    return word != NULL;
}

unsigned journal_read(struct journal *journal, const char *bytes) {
    unsigned number = 1;
    assert(journal != NULL && bytes != NULL);
    for (const char *end; (end = strchr(bytes, '\n')) != NULL; bytes = end + 1, number++) {
        char line[JOURNAL_LINE_MAX];
        size_t length = (size_t)(end - bytes);
        if (length >= sizeof line) return number;
        memcpy(line, bytes, length);
        line[length] = '\0';
        if (length > 0 && line[length - 1] == '\r') line[length - 1] = '\0';
        if (!follow(journal, line)) return number;
    }
    return 0;
}
