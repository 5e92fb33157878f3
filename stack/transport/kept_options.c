#include "stack/transport/kept_options.h"

#include <assert.h>

uint32_t socket_number(const struct socket_row *row, enum socket_option option) {
    assert(option_row(option)->kept == KEPT_AS_NUMBER);
    unsigned place = option_place(option);
    if ((row->numbers_set & 1u << place) != 0) return row->numbers[place];
    return option_row(option)->ordinary == ORDINARY_OPEN ? 0 : option_row(option)->ordinary;
}

void socket_set_flag(struct socket_row *row, enum socket_option option, bool on) {
    unsigned place = option_place(option);
    row->flags = (uint16_t)((row->flags & ~(1u << place)) | (unsigned)on << place);
}

void socket_set_number(struct socket_row *row, enum socket_option option, uint32_t number) {
    unsigned place = option_place(option);
    row->numbers[place] = number;
    row->numbers_set |= (uint16_t)(1u << place);
}

/* l_onoff is the low half, l_linger the high one. */
bool socket_lingers(const struct socket_row *row) { return (socket_number(row, OPTION_SO_LINGER) & 0xffff) != 0; }

unsigned socket_linger_seconds(const struct socket_row *row) { return socket_number(row, OPTION_SO_LINGER) >> 16; }
