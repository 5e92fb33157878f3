/* Machines, and the links between them. */
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/language/parser_parts.h"

/* --- machines ----------------------------------------------------------------------------------------------------- */

int parser_use_machine(struct parser *parser, struct word word) {
    const struct scenario *scenario = parser->scenario;
    for (uint32_t i = 0; i < scenario->machines_count; i++)
        if (word_is(word, scenario->machines[i].name)) return (int)i;
    struct nearest nearest = nearest_to(word.start, word.length);
    for (uint32_t i = 0; i < scenario->machines_count; i++) nearest_offer(&nearest, scenario->machines[i].name);
    if (nearest.best != NULL)
        lexer_fail_at(&parser->lexer, word.start, "unknown machine; the nearest is %s", nearest.best);
    else lexer_fail_at(&parser->lexer, word.start, "expected a machine that a line `machine` above gives");
    return NO_NAME;
}

/* An address of one machine alone: no wildcard, no loopback, no broadcast or multicast. */
static bool is_of_a_machine(const struct expression *host) {
    static const uint8_t zero[16], one[16] = { [15] = 1 };
    if (host->bytes_count == 4) return host->bytes[0] != 0 && host->bytes[0] != 127 && host->bytes[0] < 224;
    bool mapped = memcmp(host->bytes, zero, 10) == 0 && host->bytes[10] == 0xff && host->bytes[11] == 0xff;
    return !mapped && memcmp(host->bytes, zero, 16) != 0 && memcmp(host->bytes, one, 16) != 0 && host->bytes[0] != 0xff;
}

bool parser_same_host(const struct expression *one, const struct expression *other) {
    return one->bytes_count == other->bytes_count && memcmp(one->bytes, other->bytes, one->bytes_count) == 0;
}

bool parser_check_own_address(struct parser *parser, const struct expression *address, const char *place) {
    return is_of_a_machine(address) ||
           lexer_fail_at(&parser->lexer, place,
                         "no machine has this address for its own; expected one such as 10.0.0.1");
}

static bool check_address(struct parser *parser, const struct machine_line *line, const struct expression *address,
                          const char *place) {
    struct lexer *lexer = &parser->lexer;
    const struct scenario *scenario = parser->scenario;
    if (!parser_check_own_address(parser, address, place)) return false;
    for (uint32_t i = 0; i < line->addresses_count; i++)
        if (parser_same_host(line->addresses[i], address))
            return lexer_fail_at(lexer, place, "this address is said twice");
    for (uint32_t i = 0; i < scenario->machines_count; i++)
        for (uint32_t k = 0; k < scenario->machines[i].addresses_count; k++)
            if (parser_same_host(scenario->machines[i].addresses[k], address))
                return lexer_fail_at(lexer, place, "machine %s has this address already", scenario->machines[i].name);
    return true;
}

bool parser_machine(struct parser *parser, struct machine_line *line) {
    struct lexer *lexer = &parser->lexer;
    const struct scenario *scenario = parser->scenario;
    struct word name = { NULL, 0 };
    lexer_peek(lexer); /* refusals are about the name */
    if (scenario->machines_count == MACHINES_MAX) return lexer_fail(lexer, "more than %d machine lines", MACHINES_MAX);
    if (scenario->processes_count > 0) return lexer_fail(lexer, "machine lines stand before process lines");
    for (uint32_t i = 0; i < scenario->world_lines_count; i++)
        if (scenario->world_lines[i].kind == WORLD_ADDRESS)
            return lexer_fail(lexer,
                              "a line `world address` is of the only machine; a machine's addresses stand in its line");
    if (!parser_take_name(parser, "a name for the machine", &name)) return false;
    for (uint32_t i = 0; i < scenario->machines_count; i++)
        if (word_is(name, scenario->machines[i].name))
            return lexer_fail_at(lexer, name.start, "the machine %s was given already", scenario->machines[i].name);
    line->name = parser_keep(parser, name);
    do {
        lexer_peek(lexer);
        const char *place = lexer->at;
        if (line->addresses_count > 0 && word_is(lexer_peek_word(lexer), "bare")) {
            lexer_take_word(lexer);
            line->bare = true;
            return true;
        }
        if (line->addresses_count == MACHINE_ADDRESSES_MAX)
            return lexer_fail(lexer, "more than %d addresses of a machine", MACHINE_ADDRESSES_MAX);
        struct expression *address = parser_host(parser);
        if (address == NULL || !check_address(parser, line, address, place)) return false;
        line->addresses[line->addresses_count++] = address;
    } while (!lexer_at_end(lexer));
    return true;
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

/* 10%, 0.5%, up to four digits after the point, as millionths. */
static bool take_share(struct lexer *lexer, uint64_t *share) {
    enum { OF_A_PERCENT = LINK_SHARES / 100, DIGITS = 4 };
    uint64_t percent = 0, part = 0;
    lexer_peek(lexer);
    const char *place = lexer->at;
    if (!lexer_number_up_to(lexer, 100, "a share of packets, in percent", &percent)) return false;
    if (lexer_take_adjacent(lexer, '.')) {
        unsigned scale = OF_A_PERCENT, digits = 0;
        for (; lexer->at < lexer->line_end && *lexer->at >= '0' && *lexer->at <= '9'; lexer->at++, digits++) {
            scale /= 10;
            part += (uint64_t)(*lexer->at - '0') * scale;
        }
        if (digits == 0 || digits > DIGITS)
            return lexer_fail_at(lexer, place,
                                 "expected a share such as 10%% or 0.5%%, with at most %d digits after "
                                 "the point",
                                 DIGITS);
    }
    if (!lexer_take_adjacent(lexer, '%')) return lexer_expected(lexer, "'%' right after the number");
    *share = percent * OF_A_PERCENT + part;
    return *share <= LINK_SHARES || lexer_fail_at(lexer, place, "more than 100%%");
}

static bool take_rate(struct lexer *lexer, uint64_t *rate) {
    const uint64_t fastest = UINT64_C(1000000000000);
    lexer_peek(lexer);
    const char *place = lexer->at;
    if (!lexer_number_up_to(lexer, fastest, "bits a second", rate)) return false;
    return *rate > 0 ||
           lexer_fail_at(lexer, place, "expected at least one bit a second; partition lets nothing through");
}

/* A packet that would arrive after more than an hour has no use, and the sums of times must not run over. */
static bool take_time(struct parser *parser, uint64_t *nanoseconds) {
    const uint64_t longest = UINT64_C(3600000000000);
    lexer_peek(&parser->lexer);
    const char *place = parser->lexer.at;
    if (!parser_duration(parser, nanoseconds)) return false;
    return *nanoseconds <= longest || lexer_fail_at(&parser->lexer, place, "expected at most 3600s");
}

static bool take_value(struct parser *parser, enum link_setting setting, uint64_t *value) {
    struct lexer *lexer = &parser->lexer;
    if (setting == LINK_PARTITION) return true;
    if (!lexer_expect(lexer, "=")) return false;
    if (setting == LINK_DELAY || setting == LINK_LATE) return take_time(parser, value);
    return setting == LINK_RATE ? take_rate(lexer, value) : take_share(lexer, value);
}

/* Of the words that say what a link is like, whole is the other side of partition. */
static bool take_setting(struct parser *parser, struct link_settings_said *settings) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_peek_word(lexer);
    unsigned setting = 0;
    bool whole = word_is(word, "whole");
    while (setting < LINK_SETTINGS_COUNT && !word_is(word, link_setting_name((enum link_setting)setting))) setting++;
    if (whole) setting = LINK_PARTITION;
    if (setting == LINK_SETTINGS_COUNT)
        return lexer_expected(lexer, "delay=, rate=, loss=, duplicate=, reorder=, late=, corrupt=, partition or whole");
    if ((settings->said >> setting & 1) != 0)
        return lexer_fail(lexer, "%s is said twice", link_setting_name((enum link_setting)setting));
    lexer_take_word(lexer);
    settings->said |= 1u << setting;
    settings->values[setting] = setting == LINK_PARTITION && !whole;
    return take_value(parser, (enum link_setting)setting, &settings->values[setting]);
}

/* What arrives late needs to know how late. */
static bool check_settings(struct parser *parser, const struct link_settings_said *settings, uint32_t known) {
    bool reorders = (settings->said >> LINK_REORDER & 1) != 0 && settings->values[LINK_REORDER] > 0;
    bool late = ((settings->said | known) >> LINK_LATE & 1) != 0;
    return !reorders || late ||
           lexer_fail(&parser->lexer, "reorder= needs late=: how late a packet that is overtaken arrives at most");
}

/* a-b: two machines. The cursor stands after it. */
static bool take_ends(struct parser *parser, int ends[2], const char **place) {
    struct lexer *lexer = &parser->lexer;
    lexer_peek(lexer);
    *place = lexer->at;
    struct word whole = lexer_take_until_blank(lexer);
    const char *dash = whole.length == 0 ? NULL : memchr(whole.start, '-', whole.length);
    if (dash == NULL) return lexer_fail_at(lexer, *place, "expected two machines with a dash between, such as a-b");
    struct word one = { whole.start, (unsigned)(dash - whole.start) };
    struct word other = { dash + 1, whole.length - one.length - 1 };
    ends[0] = parser_use_machine(parser, one);
    ends[1] = ends[0] == NO_NAME ? NO_NAME : parser_use_machine(parser, other);
    if (ends[1] == NO_NAME) return false;
    return ends[0] != ends[1] || lexer_fail_at(lexer, *place, "a link joins two machines, not one with itself");
}

static int link_between(const struct scenario *scenario, const int ends[2]) {
    for (uint32_t i = 0; i < scenario->links_count; i++) {
        const int *joined = scenario->links[i].machines;
        if ((joined[0] == ends[0] && joined[1] == ends[1]) || (joined[0] == ends[1] && joined[1] == ends[0]))
            return (int)i;
    }
    return NO_NAME;
}

bool parser_link(struct parser *parser, struct link_line *line) {
    struct lexer *lexer = &parser->lexer;
    const char *place;
    if (parser->scenario->links_count == LINKS_MAX) return lexer_fail(lexer, "more than %d link lines", LINKS_MAX);
    if (!take_ends(parser, line->machines, &place)) return false;
    if (link_between(parser->scenario, line->machines) != NO_NAME)
        return lexer_fail_at(
            lexer, place,
            "a line above joins these two machines already; what a link is like at first stands in one line");
    while (!lexer_at_end(lexer))
        if (!take_setting(parser, &line->settings)) return false;
    return check_settings(parser, &line->settings, 0);
}

bool parser_link_step(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct link_settings_said *settings = arena_allocate(parser->arena, sizeof *settings);
    int ends[2];
    const char *place;
    lexer_peek(lexer);
    if (parser->in_together)
        return lexer_fail(lexer, "links change at one instant; `link` cannot stand inside `together`");
    if (!take_ends(parser, ends, &place)) return false;
    step->kind = STEP_LINK;
    step->link = settings;
    int link = link_between(parser->scenario, ends);
    if (link == NO_NAME)
        return lexer_fail_at(lexer, place, "no link line before the first step joins these two machines");
    step->number = (uint64_t)link;
    do {
        if (!take_setting(parser, settings)) return false;
    } while (!lexer_at_end(lexer));
    return check_settings(parser, settings, parser->scenario->links[link].settings.said);
}
