#include "reports/catalogue/known_lists.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "stack/call/catalogue.h"

static const char *modelled_word(bool modelled) { return modelled ? "modelled" : "not modelled"; }

static void add_total(unsigned modelled, unsigned count, const char *more, struct text *out) {
    text_add(
        out,
        "\n%u of %u are modelled. A scenario that uses another one is `not-modelled`, and what a host answers to it\n"
        "is inconclusive. %s\n",
        modelled, count, more);
}

bool list_codes(const char *folder, struct text *out) {
    (void)folder;
    assert(out != NULL);
    unsigned count = 0, modelled = 0;
    const struct code_row *rows = code_rows(&count);
    text_add(out, "%-40s  %-10s\n", "control code", "value");
    for (unsigned i = 0; i < count; i++) {
        modelled += rows[i].modelled;
        text_add(out, "%-40s  0x%08" PRIX32 "  %s\n", rows[i].text, rows[i].code, modelled_word(rows[i].modelled));
    }
    add_total(modelled, count, "How Windows answers to a code that it does not know: Q77.", out);
    return true;
}

/* The sockets that know it: `tcp, udp, IPv6 only`. */
static void add_sockets(unsigned sockets, struct text *out) {
    static const struct {
        unsigned set;
        const char *word;
    } words[] = {
        { SOCKETS_TCP, "tcp" },   { SOCKETS_UDP, "udp" },   { SOCKETS_OTHER, "others" },
        { ONLY_V4, "IPv4 only" }, { ONLY_V6, "IPv6 only" }, { SINCE_VISTA, "since Vista" },
    };
    const char *between = "";
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((sockets & words[i].set) == 0) continue;
        text_add(out, "%s%s", between, words[i].word);
        between = ", ";
    }
}

bool list_options(const char *folder, struct text *out) {
    static const char *const kept[] = {
        [KEPT_NOT] = "not modelled",
        [KEPT_AS_FACT] = "can only be read",
        [KEPT_AS_FLAG] = "modelled",
        [KEPT_AS_NUMBER] = "modelled",
        [KEPT_BY_RULES] = "modelled, with rules of its own",
    };
    (void)folder;
    assert(out != NULL);
    unsigned modelled = 0;
    text_add(out, "%-14s  %-26s  %-10s  %-32s  %s\n", "level", "option", "number", "", "sockets that know it");
    for (unsigned i = OPTION_NONE + 1; i < OPTIONS_END; i++) {
        const struct option_row *row = option_row((enum socket_option)i);
        struct text sockets = { 0 };
        modelled += row->kept != KEPT_NOT;
        if (row->kept != KEPT_NOT) add_sockets(row->sockets, &sockets);
        text_add(out, "%-14s  %-26s  0x%08" PRIX32 "  %s", row->level_text, row->text, (uint32_t)row->name,
                 kept[row->kept]);
        if (sockets.length > 0) text_add(out, "%*s  %s", 32 - (int)strlen(kept[row->kept]), "", sockets.bytes);
        text_add(out, "\n");
        text_free(&sockets);
    }
    add_total(modelled, OPTIONS_END - 1, "To what Windows does not know it answers WSAENOPROTOOPT.", out);
    return true;
}
