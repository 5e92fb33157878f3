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

/* The row of a socket, taken where it has none; NULL: there is no room. */
static struct kept_numbers *numbers_of(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    if (row->numbers != NO_ROW) return world_numbers(world, row->numbers);
    unsigned index = world_take(world, TABLE_NUMBERS);
    if (index == NO_ROW) return NULL;
    row->numbers = (uint16_t)index;
    world_numbers(world, index)->socket = (uint16_t)socket;
    return world_numbers(world, index);
}

bool socket_keep_number(struct world *world, unsigned socket, enum socket_option option, uint32_t number) {
    assert(option_row(option)->kept == KEPT_AS_NUMBER);
    unsigned place = option_place(option);
    struct kept_numbers *row = numbers_of(world, socket);
    if (row == NULL) return false;
    row->numbers[place] = number;
    row->set |= (uint16_t)(1u << place);
    return true;
}

bool socket_has_number(const struct world *world, unsigned socket, enum socket_option option, uint32_t *number) {
    assert(option_row(option)->kept == KEPT_AS_NUMBER);
    unsigned place = option_place(option), index = world_socket_at(world, socket)->numbers;
    if (index == NO_ROW || (world_numbers_at(world, index)->set & 1u << place) == 0) return false;
    *number = world_numbers_at(world, index)->numbers[place];
    return true;
}

uint32_t socket_number(const struct world *world, unsigned socket, enum socket_option option) {
    uint32_t number;
    if (socket_has_number(world, socket, option, &number)) return number;
    return option_row(option)->ordinary == ORDINARY_OPEN ? 0 : option_row(option)->ordinary;
}

bool socket_copy_numbers(struct world *world, unsigned socket, unsigned from) {
    assert(world_socket_at(world, socket)->numbers == NO_ROW);
    unsigned source = world_socket_at(world, from)->numbers;
    if (source == NO_ROW) return true;
    struct kept_numbers *row = numbers_of(world, socket);
    if (row == NULL) return false;
    *row = *world_numbers(world, source);
    row->socket = (uint16_t)socket;
    return true;
}

void socket_drop_numbers(struct world *world, unsigned socket) {
    struct socket_row *row = world_socket(world, socket);
    if (row->numbers != NO_ROW) world_free(world, TABLE_NUMBERS, row->numbers);
    row->numbers = NO_ROW;
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
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state == SOCKET_FREE || row->numbers == NO_ROW) continue;
        const struct kept_numbers *numbers = world_numbers_at(world, row->numbers);
        if (numbers->set == 0 || numbers->socket != i) return "N1: a socket names numbers that are not its own";
        named++;
    }
    for (unsigned i = 0; i < world_top(world, TABLE_NUMBERS); i++) in_use += world_numbers_at(world, i)->set != 0;
    return named == in_use ? NULL : "N1: numbers belong to no socket";
}
