/* What Windows knows: socket options and control codes, modelled or not, as data (socket_options.def,
 * control_codes.def).
 *
 * A call that is about something known and not modelled ends with RESULT_NOT_MODELLED and changes nothing: no answer of
 * Windows is made up, and none that a host gives is judged. */
#ifndef RESERVOIR_STACK_CALL_CATALOGUE_H
#define RESERVOIR_STACK_CALL_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

enum socket_option {
    OPTION_NONE,
#define OPTION(level, name, ...) OPTION_##name,
#define KNOWN_OPTION(level, name) OPTION_##name,
#include "stack/call/socket_options.def"
    OPTIONS_END
};

enum option_value {
    VALUE_NONE,
    VALUE_BOOLEAN, /* a BOOL, of which one byte is enough */
    VALUE_NUMBER,  /* a DWORD */
    VALUE_BYTE,    /* a DWORD from 1 to 255, of which one byte is enough */
    VALUE_LINGER   /* struct linger: l_onoff @0 (2), l_linger @2 (2) */
};

/* The sockets that know an option, and conditions; a set. */
enum option_sockets {
    SOCKETS_TCP = 1,
    SOCKETS_UDP = 2,
    SOCKETS_OTHER = 4,
    SOCKETS_ALL = 7,
    ONLY_V4 = 8,
    ONLY_V6 = 16,
    SINCE_VISTA = 32 /* a build known to be older does not know it (F07) */
};

enum option_kept {
    KEPT_NOT,
    KEPT_AS_FACT,   /* can only be read: setting it is WSAENOPROTOOPT (W137) */
    KEPT_AS_FLAG,   /* a bit of socket_row.flags */
    KEPT_AS_NUMBER, /* one of socket_row.numbers */
    KEPT_BY_RULES   /* setting it may be refused, or it is kept elsewhere (options.c) */
};

#define ORDINARY_OPEN 0xffffffffu

struct option_row {
    const char *text; /* "SO_RCVBUF" */
    const char *level_text;
    int32_t level, name;
    uint32_t ordinary;
    uint8_t value;   /* enum option_value */
    uint8_t sockets; /* set of enum option_sockets */
    uint8_t kept;    /* enum option_kept; KEPT_NOT: not modelled */
};

struct code_row {
    const char *text;
    uint32_t code;
    bool modelled;
};

/* The row of an option (1..OPTIONS_END-1). */
const struct option_row *option_row(enum socket_option option);

/* The option of this number at this level; OPTION_NONE when Windows knows none. */
enum socket_option option_of(int32_t level, int32_t name);

/* Its place among the options that are kept in the same way: the bit in socket_row.flags, the index in .numbers. */
unsigned option_place(enum socket_option option);

/* Is this a level at which Windows has options? */
bool option_level_is_known(int32_t level);

/* All control codes. */
const struct code_row *code_rows(unsigned *count);

/* The row of a control code, or NULL when Windows does not know it. */
const struct code_row *code_row(uint32_t code);

/* What result.value of RESULT_NOT_MODELLED holds, and its words: "SO_RCVLOWAT", "SIO_TCP_INFO"; or, where it is neither
 * an option nor a code, "what WaitForSingleObject does here". */
uint64_t not_modelled_option(enum socket_option option);
uint64_t not_modelled_code(const struct code_row *row);
uint64_t not_modelled_function(unsigned function);
const char *not_modelled_words(uint64_t value);

#endif
