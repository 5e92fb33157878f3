/* `expect packet`: which packets are meant, and what can be said of them. */
#include <assert.h>
#include <string.h>

#include "conformance/language/parser_parts.h"

static const char *place_of(const struct parser *parser, struct position position) {
    return parser->lexer.line + position.column - 1;
}

static bool take_transport(struct parser *parser, struct packet_pattern *packet) {
    struct lexer *lexer = &parser->lexer;
    if (lexer_peek(lexer) == '$') {
        lexer->at++;
        struct word word = lexer_peek_word(lexer);
        if (!word_is(word, "transport")) return lexer_fail(lexer, "expected tcp, udp or $transport");
        if (!parser_check_variant(parser, word)) return false;
        lexer_take_word(lexer);
        return true;
    }
    struct word word = lexer_peek_word(lexer);
    if (!word_is(word, "tcp") && !word_is(word, "udp")) return lexer_expected(lexer, "tcp, udp or $transport");
    lexer_take_word(lexer);
    packet->transport = word_is(word, "udp") ? TRANSPORT_UDP : TRANSPORT_TCP;
    return true;
}

/* p, r+1, 5000, or an address: $loopback:p */
static bool take_end(struct parser *parser, struct expression **end, const char *word) {
    struct lexer *lexer = &parser->lexer;
    if (*end != NULL) return lexer_fail(lexer, "%s is said twice", word);
    lexer_peek(lexer);
    const char *place = lexer->at;
    *end = parser_expression(parser);
    if (*end == NULL) return false;
    bool is_port =
        (*end)->kind == EXPRESSION_NUMBER && !(*end)->negative && (*end)->number > 0 && (*end)->number <= 65535;
    bool is_name = (*end)->kind == EXPRESSION_NAME && (parser_classes(parser, *end) & CLASS_PORT) != 0;
    return is_port || is_name || (*end)->kind == EXPRESSION_ADDRESS ||
           lexer_fail_at(lexer, place, "%s: expected a port such as p, r+1 or 5000, or an address such as 127.0.0.1:p",
                         word);
}

/* flags=SYN,ACK, the cursor after the word */
static bool take_flags(struct parser *parser, struct packet_pattern *packet) {
    static const struct {
        const char *name;
        enum packet_flag flag;
    } flags[] = {
        { "SYN", PACKET_SYN },
        { "FIN", PACKET_FIN },
        { "RST", PACKET_RST },
        { "ACK", PACKET_ACK },
    };
    struct lexer *lexer = &parser->lexer;
    if (packet->flags_said) return lexer_fail(lexer, "flags is said twice");
    if (packet->transport != TRANSPORT_TCP) return lexer_fail(lexer, "flags are TCP's; expected `expect packet tcp`");
    packet->flags_said = true;
    if (!lexer_expect(lexer, "=")) return false;
    do {
        struct word word = lexer_peek_word(lexer);
        unsigned found = 0;
        for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
            if (word_is(word, flags[i].name)) found = flags[i].flag;
        if (found == 0) return lexer_expected(lexer, "flags: SYN, ACK, FIN or RST, with commas between");
        if ((packet->flags & found) != 0) return lexer_fail(lexer, "this flag is said twice");
        packet->flags |= found;
        lexer_take_word(lexer);
    } while (lexer_take_adjacent(lexer, ','));
    return true;
}

static bool take_data(struct parser *parser, struct packet_pattern *packet) {
    if (packet->data) return lexer_fail(&parser->lexer, "data is said twice");
    packet->data = true;
    return true;
}

/* One of the words that say which packets; they may stand in any order. */
static bool take_word(struct parser *parser, struct packet_pattern *packet, struct word word) {
    if (word_is(word, "from")) return take_end(parser, &packet->from, "from");
    if (word_is(word, "to")) return take_end(parser, &packet->to, "to");
    if (word_is(word, "flags")) return take_flags(parser, packet);
    if (word_is(word, "data")) return take_data(parser, packet);
    return lexer_fail_at(&parser->lexer, word.start,
                         "expected from, to, flags=, data, or '->' and an outcome, found %.*s",
                         word.length > 60 ? 60 : (int)word.length, word.start);
}

bool parser_packet(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct packet_pattern *packet = arena_allocate(parser->arena, sizeof *packet);
    step->kind = STEP_EXPECT;
    step->packet = packet;
    if (parser->in_together)
        return lexer_fail(lexer, "packets are expected one after another; `expect` cannot stand inside `together`");
    if (!word_is(lexer_peek_word(lexer), "packet")) return lexer_expected(lexer, "packet");
    lexer_take_word(lexer);
    if (!take_transport(parser, packet)) return false;
    while (lexer_peek_word(lexer).length > 0) {
        if (!take_word(parser, packet, lexer_take_word(lexer))) return false;
    }
    return true;
}

static bool is_of_packets(enum observable observable) {
    return observable == OBSERVABLE_value || observable == OBSERVABLE_address || observable == OBSERVABLE_port ||
           observable == OBSERVABLE_out;
}

static bool check_packet_outcome(struct parser *parser, const struct outcome *outcome) {
    bool fits = outcome->word == OUTCOME_OK || outcome->word == OUTCOME_NONE || outcome->word == OUTCOME_ANY;
    if (!fits)
        return lexer_fail_at(&parser->lexer, place_of(parser, outcome->position),
                             "of a packet: expected ok (there is one), none or ..., found %s",
                             outcome_word_name(outcome->word));
    for (uint32_t i = 0; i < outcome->predicates_count; i++) {
        const struct predicate *predicate = &outcome->predicates[i];
        if (is_of_packets(predicate->observable) && outcome->word != OUTCOME_NONE) continue;
        return lexer_fail_at(&parser->lexer, place_of(parser, predicate->position),
                             "%s is not observed of %s; expected port, address, value or out, after ok",
                             observable_name(predicate->observable),
                             outcome->word == OUTCOME_NONE ? "no packet" : "a packet");
    }
    return true;
}

bool parser_check_outcomes(struct parser *parser, const struct step *step) {
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        const struct outcome *outcome = &step->outcomes[i];
        if (step->kind == STEP_EXPECT && !check_packet_outcome(parser, outcome)) return false;
        if (step->kind != STEP_EXPECT && outcome->word == OUTCOME_NONE)
            return lexer_fail_at(&parser->lexer, place_of(parser, outcome->position),
                                 "none is an outcome of `expect packet`");
    }
    return true;
}
