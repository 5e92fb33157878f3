#include "reports/commands/command.h"

#include <assert.h>
#include <string.h>

bool command_has(const struct command *command, const struct option_row *row) {
    assert(command != NULL && row != NULL);
    return command->marks == 0 || (row->marks & command->marks) != 0;
}

bool option_row_is_option(const struct option_row *row) {
    return row->kind != OPTION_WORD && row->kind != OPTION_TITLE;
}

const struct option_row *command_option(const struct command *command, const char *name, size_t length) {
    assert(command != NULL && name != NULL);
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if (!option_row_is_option(row) || !command_has(command, row)) continue;
        if (strlen(row->name) == length && memcmp(row->name, name, length) == 0) return row;
    }
    return NULL;
}

const struct option_row *command_letter(const struct command *command, char letter) {
    assert(command != NULL && letter != '\0');
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if (option_row_is_option(row) && command_has(command, row) && row->letter == letter) return row;
    }
    return NULL;
}

const struct option_row *command_word(const struct command *command, const char *word) {
    assert(command != NULL && word != NULL);
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if (row->kind == OPTION_WORD && command_has(command, row) && strcmp(row->name, word) == 0) return row;
    }
    return NULL;
}
