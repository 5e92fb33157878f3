#include "stack/transport/kept_options.h"

#include <assert.h>

bool socket_flag(const struct socket_row *row, enum socket_option option) {
    return (row->flags >> option_place(option) & 1) != 0;
}

void socket_set_flag(struct socket_row *row, enum socket_option option, bool on) {
    unsigned place = option_place(option);
    row->flags = (uint16_t)((row->flags & ~(1u << place)) | (unsigned)on << place);
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

/* The row with the number of an option, or NO_ROW where it was not set. */
static unsigned row_of(const struct world *world, unsigned socket, unsigned place) {
    unsigned index = world_socket_at(world, socket)->numbers;
    while (index != NO_ROW && world_number_at(world, index)->option != place)
        index = world_number_at(world, index)->next;
    return index;
}

static bool add_number(struct world *world, unsigned socket, unsigned place, uint32_t number) {
    unsigned index = world_take(world, TABLE_NUMBERS);
    if (index == NO_ROW) return false;
    uint16_t *link = &world_socket(world, socket)->numbers;
    while (*link != NO_ROW && world_number(world, *link)->option < place) link = &world_number(world, *link)->next;
    *world_number(world, index) =
        (struct kept_number){ .number = number, .next = *link, .used = 1, .option = (uint8_t)place };
    *link = (uint16_t)index;
    return true;
}

bool socket_keep_number(struct world *world, unsigned socket, enum socket_option option, uint32_t number) {
    assert(option_row(option)->kept == KEPT_AS_NUMBER);
    unsigned index = row_of(world, socket, option_place(option));
    if (index == NO_ROW) return add_number(world, socket, option_place(option), number);
    world_number(world, index)->number = number;
    return true;
}

bool socket_has_number(const struct world *world, unsigned socket, enum socket_option option, uint32_t *number) {
    assert(option_row(option)->kept == KEPT_AS_NUMBER);
    unsigned index = row_of(world, socket, option_place(option));
    if (index == NO_ROW) return false;
    *number = world_number_at(world, index)->number;
    return true;
}

uint32_t socket_number(const struct world *world, unsigned socket, enum socket_option option) {
    uint32_t number;
    if (socket_has_number(world, socket, option, &number)) return number;
    return option_row(option)->ordinary == ORDINARY_OPEN ? 0 : option_row(option)->ordinary;
}

void socket_copy_numbers(struct world *world, unsigned socket, unsigned from) {
    assert(world_socket_at(world, socket)->numbers == NO_ROW);
    for (unsigned index = world_socket_at(world, from)->numbers; index != NO_ROW;) {
        const struct kept_number *row = world_number_at(world, index);
        index = add_number(world, socket, row->option, row->number) ? row->next : (unsigned)NO_ROW;
    }
}

void socket_drop_numbers(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    while (row->numbers != NO_ROW) {
        unsigned index = row->numbers;
        row->numbers = world_number(world, index)->next;
        world_free(world, TABLE_NUMBERS, index);
    }
}

/* l_onoff is the low half, l_linger the high one. */
bool socket_lingers(const struct world *world, unsigned socket) {
    return (socket_number(world, socket, OPTION_SO_LINGER) & 0xffff) != 0;
}

unsigned socket_linger_seconds(const struct world *world, unsigned socket) {
    return socket_number(world, socket, OPTION_SO_LINGER) >> 16;
}

/* --- invariants --------------------------------------------------------------------------------------------------- */

const char *kept_options_check(const struct world *world) {
    unsigned named = 0, in_use = 0;
    for (unsigned i = 0; i < world_top(world, TABLE_NUMBERS); i++) in_use += world_number_at(world, i)->used;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *socket = world_socket_at(world, i);
        unsigned from = 0, index = socket->state == SOCKET_FREE ? (unsigned)NO_ROW : socket->numbers;
        while (index != NO_ROW) {
            const struct kept_number *row = world_number_at(world, index);
            if (!row->used || row->option >= SOCKET_NUMBERS || row->option < from)
                return "N1: a socket names numbers that are not its own, or in another order than its options";
            from = row->option + 1u;
            named++;
            index = row->next;
        }
    }
    return named == in_use ? NULL : "N1: numbers belong to no socket";
}
