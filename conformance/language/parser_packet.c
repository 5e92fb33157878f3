/* Packets: which ones `expect packet` means and what can be said of them; what `packet` sends. */
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

static bool is_tcp(struct parser *parser, const struct packet_pattern *packet, const char *words) {
    return packet->transport == TRANSPORT_TCP || lexer_fail(&parser->lexer, "%s TCP's; expected `packet tcp`", words);
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

/* --- numbers of the header ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum packet_flag flag;
} flags[] = {
    { "SYN", PACKET_SYN }, { "FIN", PACKET_FIN }, { "RST", PACKET_RST },
    { "ACK", PACKET_ACK }, { "PSH", PACKET_PSH }, { "URG", PACKET_URG },
};

/* flags=SYN,ACK or flags=none, the cursor after the word */
static bool take_flags(struct parser *parser, struct packet_pattern *packet) {
    struct lexer *lexer = &parser->lexer;
    if (packet->flags_said) return lexer_fail(lexer, "flags is said twice");
    if (!is_tcp(parser, packet, "flags are")) return false;
    packet->flags_said = true;
    if (!lexer_expect(lexer, "=")) return false;
    if (word_is(lexer_peek_word(lexer), "none")) {
        lexer_take_word(lexer);
        return true;
    }
    do {
        struct word word = lexer_peek_word(lexer);
        unsigned found = 0;
        for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
            if (word_is(word, flags[i].name)) found = flags[i].flag;
        if (found == 0)
            return lexer_expected(lexer, "flags: SYN, ACK, FIN, RST, PSH or URG, with commas between; or none");
        if ((packet->flags & found) != 0) return lexer_fail(lexer, "this flag is said twice");
        packet->flags |= found;
        lexer_take_word(lexer);
    } while (lexer_take_adjacent(lexer, ','));
    return true;
}

static bool is_option(enum packet_field field) { return field == PACKET_MSS || field == PACKET_SCALE; }

static uint64_t field_max(enum packet_field field) {
    if (field == PACKET_SEQ || field == PACKET_ACK_NUMBER) return UINT32_MAX;
    return field == PACKET_SCALE ? UINT8_MAX : UINT16_MAX;
}

static bool fits_field(struct parser *parser, enum packet_field field, const struct expression *value) {
    bool is_sequence = field == PACKET_SEQ || field == PACKET_ACK_NUMBER;
    if (value->kind == EXPRESSION_NAME) return is_sequence && (parser_classes(parser, value) & CLASS_SEQUENCE) != 0;
    return value->kind == EXPRESSION_NUMBER && !value->negative && value->number <= field_max(field);
}

/* seq=5000, ack=y.seq+1, mss=none, the cursor after the word */
static bool take_field(struct parser *parser, struct packet_pattern *packet, enum packet_field field) {
    struct lexer *lexer = &parser->lexer;
    const char *name = packet_field_name(field);
    if (packet->fields[field] != NULL) return lexer_fail(lexer, "%s is said twice", name);
    if (!is_tcp(parser, packet, "this number is") || !lexer_expect(lexer, "=")) return false;
    struct word word = lexer_peek_word(lexer);
    const char *place = lexer->at;
    if (is_option(field) && word_is(word, "none")) {
        struct expression *none = parser_new_expression(parser, EXPRESSION_WORD, word.start);
        none->text = parser_keep(parser, lexer_take_word(lexer));
        none->number = PACKET_WITHOUT;
        packet->fields[field] = none;
        return true;
    }
    struct expression *value = parser_expression(parser);
    packet->fields[field] = value;
    return value != NULL &&
           (fits_field(parser, field, value) ||
            lexer_fail_at(lexer, place, "%s: expected a number up to %lu%s", name, (unsigned long)field_max(field),
                          is_option(field)                                    ? ", or none"
                          : field == PACKET_SEQ || field == PACKET_ACK_NUMBER ? ", or one such as y.seq+1"
                                                                              : ""));
}

/* A word that says which packets, or what a packet is; such words may stand in any order. *known: it was one. */
static bool take_common_word(struct parser *parser, struct packet_pattern *packet, struct word word, bool *known) {
    *known = true;
    if (word_is(word, "from")) return take_end(parser, &packet->from, "from");
    if (word_is(word, "to")) return take_end(parser, &packet->to, "to");
    if (word_is(word, "flags")) return take_flags(parser, packet);
    for (unsigned i = 0; i < PACKET_FIELDS_COUNT; i++)
        if (word_is(word, packet_field_name((enum packet_field)i)))
            return take_field(parser, packet, (enum packet_field)i);
    *known = false;
    return true;
}

static bool fail_unknown_word(struct parser *parser, struct word word, const char *expected) {
    return lexer_fail_at(&parser->lexer, word.start, "expected %s, found %.*s", expected,
                         word.length > 60 ? 60 : (int)word.length, word.start);
}

/* --- expected ----------------------------------------------------------------------------------------------------- */

static bool take_expected_words(struct parser *parser, struct packet_pattern *packet) {
    struct lexer *lexer = &parser->lexer;
    while (lexer_peek_word(lexer).length > 0) {
        struct word word = lexer_take_word(lexer);
        bool known = false;
        if (!take_common_word(parser, packet, word, &known)) return false;
        if (known) continue;
        if (!word_is(word, "data"))
            return fail_unknown_word(parser, word,
                                     "from, to, flags=, seq=, ack=, window=, urgent=, mss=, scale=, data, or '->' and "
                                     "an outcome");
        if (packet->data) return lexer_fail(lexer, "data is said twice");
        packet->data = true;
    }
    return true;
}

bool parser_packet(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct packet_pattern *packet = arena_allocate(parser->arena, sizeof *packet);
    step->kind = STEP_EXPECT;
    step->packet = packet;
    packet->machine = NO_NAME;
    if (parser->in_together)
        return lexer_fail(lexer, "packets are expected one after another; `expect` cannot stand inside `together`");
    packet->next = word_is(lexer_peek_word(lexer), "next");
    if (packet->next) lexer_take_word(lexer);
    if (!word_is(lexer_peek_word(lexer), "packet"))
        return lexer_expected(lexer, packet->next ? "packet" : "packet or next packet");
    lexer_take_word(lexer);
    return take_transport(parser, packet) && take_expected_words(parser, packet);
}

bool parser_named_packet(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct word product = { NULL, 0 };
    const struct name name = { .kind = NAME_PACKET, .process = NO_NAME };
    if (!parser_take_name(parser, "a name", &product) || !lexer_expect(lexer, "=")) return false;
    if (!word_is(lexer_peek_word(lexer), "expect"))
        return lexer_expected(lexer, "`expect packet`, or a process before a call");
    lexer_take_word(lexer);
    if (!parser_packet(parser, step)) return false;
    step->product = (int16_t)parser_give_name(parser, product, &name);
    return step->product != NO_NAME;
}

/* --- sent --------------------------------------------------------------------------------------------------------- */

/* hex(...) of at most so many bytes. */
static bool take_bytes(struct parser *parser, struct expression **bytes, const char *what, uint32_t max) {
    struct lexer *lexer = &parser->lexer;
    if (*bytes != NULL) return lexer_fail(lexer, "%s is said twice", what);
    lexer_peek(lexer);
    const char *place = lexer->at;
    *bytes = parser_expression(parser);
    if (*bytes == NULL) return false;
    return ((*bytes)->kind == EXPRESSION_HEX && (*bytes)->bytes_count > 0 && (*bytes)->bytes_count <= max) ||
           lexer_fail_at(lexer, place, "%s: expected hex() of 1 to %u bytes", what, (unsigned)max);
}

/* data=hex(..), data="text" or data=1000, so many zeros; the cursor after the word */
static bool take_payload(struct parser *parser, struct packet_pattern *packet) {
    struct lexer *lexer = &parser->lexer;
    if (packet->payload != NULL) return lexer_fail(lexer, "data is said twice");
    if (!lexer_expect(lexer, "=")) return false;
    lexer_peek(lexer);
    const char *place = lexer->at;
    const struct expression *value = packet->payload = parser_expression(parser);
    if (value == NULL) return false;
    bool is_count = value->kind == EXPRESSION_NUMBER && !value->negative && value->number <= PACKET_PAYLOAD_MAX;
    bool is_text = value->kind == EXPRESSION_TEXT && strlen(value->text) <= PACKET_PAYLOAD_MAX;
    return is_count || is_text || value->kind == EXPRESSION_HEX ||
           lexer_fail_at(lexer, place, "data: expected hex(), a text, or a number of bytes up to %d",
                         PACKET_PAYLOAD_MAX);
}

static bool take_sender(struct parser *parser, struct packet_pattern *packet) {
    if (packet->by) return lexer_fail(&parser->lexer, "by is said twice");
    packet->by = true;
    packet->machine = parser_use_machine(parser, lexer_take_word(&parser->lexer));
    return packet->machine != NO_NAME;
}

static bool take_sent_word(struct parser *parser, struct packet_pattern *packet, struct word word) {
    bool known = false;
    if (word_is(word, "by")) return take_sender(parser, packet);
    if (packet->raw != NULL) return fail_unknown_word(parser, word, "by, or the end of the line");
    if (!take_common_word(parser, packet, word, &known)) return false;
    if (known) return true;
    if (word_is(word, "data")) return take_payload(parser, packet);
    if (word_is(word, "options"))
        return is_tcp(parser, packet, "options are") && lexer_expect(&parser->lexer, "=") &&
               take_bytes(parser, &packet->options, "options", PACKET_OPTIONS_MAX);
    if (!word_is(word, "damaged"))
        return fail_unknown_word(parser, word,
                                 "from, to, flags=, seq=, ack=, window=, urgent=, mss=, scale=, options=, data=, "
                                 "damaged or by");
    if (packet->damaged) return lexer_fail(&parser->lexer, "damaged is said twice");
    packet->damaged = true;
    return true;
}

/* A packet has two addresses of one family, written as they are. */
static bool check_ends(struct parser *parser, const struct packet_pattern *packet) {
    struct lexer *lexer = &parser->lexer;
    const struct expression *ends[] = { packet->from, packet->to };
    for (unsigned i = 0; i < 2; i++) {
        if (ends[i] == NULL) return lexer_expected(lexer, i == 0 ? "from and an address" : "to and an address");
        if (ends[i]->kind != EXPRESSION_ADDRESS || ends[i]->items[0]->kind != EXPRESSION_HOST)
            return lexer_fail_at(lexer, place_of(parser, ends[i]->position),
                                 "expected an address with a port, such as 10.0.0.2:5000");
    }
    if (ends[0]->items[0]->bytes_count != ends[1]->items[0]->bytes_count)
        return lexer_fail_at(lexer, place_of(parser, ends[1]->position),
                             "a packet has two addresses of one family; from is of the other one");
    return packet->transport != TRANSPORT_TCP || packet->flags_said || lexer_expected(lexer, "flags= of TCP");
}

static unsigned links_of(const struct scenario *scenario, int machine) {
    unsigned count = 0;
    for (uint32_t i = 0; i < scenario->links_count; i++)
        count += scenario->links[i].machines[0] == machine || scenario->links[i].machines[1] == machine;
    return count;
}

/* Who sends it: a bare machine, which needs no name where it is the only one. */
static bool find_sender(struct parser *parser, struct packet_pattern *packet, const char *place) {
    struct lexer *lexer = &parser->lexer;
    const struct scenario *scenario = parser->scenario;
    unsigned bare = 0;
    for (uint32_t i = 0; i < scenario->machines_count && !packet->by; i++) {
        if (!scenario->machines[i].bare) continue;
        bare++;
        packet->machine = (int)i;
    }
    if (!packet->by && bare == 0)
        return lexer_fail_at(lexer, place, "no machine is bare; expected a line such as `machine far 10.0.0.2 bare`");
    if (!packet->by && bare > 1) return lexer_fail_at(lexer, place, "several machines are bare; expected `by` and one");
    const char *name = scenario->machines[packet->machine].name;
    if (!scenario->machines[packet->machine].bare)
        return lexer_fail_at(lexer, place, "machine %s is not bare: what it sends is its stack's business", name);
    return links_of(scenario, packet->machine) == 1 ||
           lexer_fail_at(lexer, place, "machine %s sends over its link; expected one link line with it", name);
}

bool parser_sent_packet(struct parser *parser, struct step *step) {
    struct lexer *lexer = &parser->lexer;
    struct packet_pattern *packet = arena_allocate(parser->arena, sizeof *packet);
    const char *place = place_of(parser, step->position);
    step->kind = STEP_PACKET;
    step->packet = packet;
    packet->machine = NO_NAME;
    if (parser->in_together)
        return lexer_fail(lexer, "packets are sent one after another; `packet` cannot stand inside `together`");
    bool raw = word_is(lexer_peek_word(lexer), "hex");
    if (raw && !take_bytes(parser, &packet->raw, "packet", HEX_BYTES_MAX)) return false;
    if (!raw && !take_transport(parser, packet)) return false;
    while (lexer_peek_word(lexer).length > 0)
        if (!take_sent_word(parser, packet, lexer_take_word(lexer))) return false;
    return (raw || check_ends(parser, packet)) && find_sender(parser, packet, place);
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

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
