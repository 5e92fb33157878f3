#include "conformance/agent/journal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const kinds[JOURNAL_KINDS_COUNT][2] = {
    { "tcp", "udp" }, { "tcp-exclusion", "udp-exclusion" }, { "tcp-ports", "udp-ports" }
};

const char *journal_block_kind(const struct journal_block *block) {
    assert(block->kind < JOURNAL_KINDS_COUNT && block->protocol < 2);
    return kinds[block->kind][block->protocol];
}

/* --- what the lines say ----------------------------------------------------------------------------------------------- */

static bool is_same(const struct journal_block *one, const struct journal_block *other) {
    return one->kind == other->kind && one->protocol == other->protocol && one->first == other->first && one->count == other->count;
}

/* The row of a block that is ours, or journal->count. */
static unsigned place_of(const struct journal *journal, const struct journal_block *block) {
    unsigned place = 0;
    while (place < journal->count && (journal->rows[place].mark[0] != '\0' || !is_same(&journal->rows[place].block, block))) place++;
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

bool journal_left_meets(const struct journal *journal, unsigned first, unsigned count) {
    for (unsigned i = 0; i < journal->count; i++) {
        const struct journal_row *row = &journal->rows[i];
        if (row->mark[0] == '\0') continue;
        if (first < row->block.first + row->block.count && row->block.first < first + count) return true;
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

/* --- lines ------------------------------------------------------------------------------------------------------------ */

void journal_print_block(char sign, const struct journal_block *block, char line[JOURNAL_LINE_MAX]) {
    assert(sign == '+' || sign == '-');
    snprintf(line, JOURNAL_LINE_MAX, "%c%s %u %u\n", sign, journal_block_kind(block), block->first, block->count);
}

void journal_print_mark(const char *verb, const char *mark, char line[JOURNAL_LINE_MAX]) {
    assert(strcmp(verb, "left") == 0 || strcmp(verb, "back") == 0);
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

static void follow(struct journal *journal, const char *line) {
    struct journal_block block = { 0, 0, 0, 0 };
    if ((line[0] == '+' || line[0] == '-') && read_block(line, &block)) {
        if (line[0] == '+') journal_add(journal, &block);
        else journal_remove(journal, &block);
    } else if (strncmp(line, "left ", 5) == 0 && restart_mark_is_good(line + 5)) {
        journal_leave(journal, line + 5);
    } else if (strncmp(line, "back ", 5) == 0 && restart_mark_is_good(line + 5)) {
        journal_take_back(journal, line + 5);
    }
}

void journal_read(struct journal *journal, const char *bytes) {
    assert(journal != NULL && bytes != NULL);
    for (const char *end; (end = strchr(bytes, '\n')) != NULL; bytes = end + 1) {
        char line[JOURNAL_LINE_MAX];
        size_t length = (size_t)(end - bytes);
        if (length >= sizeof line) continue; /* none of ours */
        memcpy(line, bytes, length);
        line[length] = '\0';
        if (length > 0 && line[length - 1] == '\r') line[length - 1] = '\0';
        follow(journal, line);
    }
}
