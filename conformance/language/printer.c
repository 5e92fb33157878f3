/* The canonical layout. Everything is a function of the tree, so printing twice gives equal bytes. */
#include "conformance/language/printer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

enum { ALIGNED_COLUMNS_MAX = 76 }; /* a longer call does not push the arrows of its neighbours to the right */

static void add(struct text *out, const char *text) { text_add_bytes(out, text, strlen(text)); }

static void add_blanks(struct text *out, size_t count) {
    for (size_t i = 0; i < count; i++) text_add_byte(out, ' ');
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

static void print_items(const struct scenario *scenario, const struct expression *expression, struct text *out) {
    for (uint32_t i = 0; i < expression->items_count; i++) {
        if (i > 0) add(out, ", ");
        expression_print(scenario, expression->items[i], out);
    }
}

static void print_number(const struct expression *expression, struct text *out) {
    if (expression->negative) text_add_byte(out, '-');
    if (expression->hexadecimal) text_add_hexadecimal(out, expression->number);
    else text_add_number(out, expression->number);
}

static void print_name(const struct expression *expression, struct text *out) {
    add(out, expression->text);
    if (expression->field != NULL) {
        text_add_byte(out, '.');
        add(out, expression->field);
    }
    if (expression->offset == 0) return;
    text_add_byte(out, expression->offset < 0 ? '-' : '+');
    text_add_number(out, (uint64_t)(expression->offset < 0 ? -expression->offset : expression->offset));
}

static void print_host(const struct expression *expression, struct text *out) {
    assert(expression->bytes_count == 4 || expression->bytes_count == 16 || strcmp(expression->text, "none") == 0);
    bool brackets = expression->bytes_count == 16;
    if (brackets) text_add_byte(out, '[');
    add(out, expression->text);
    if (brackets) text_add_byte(out, ']');
}

static void print_hex(const struct expression *expression, struct text *out) {
    add(out, "hex(");
    for (uint32_t i = 0; i < expression->bytes_count; i++)
        text_add(out, i == 0 ? "%02x" : " %02x", (unsigned)expression->bytes[i]);
    text_add_byte(out, ')');
}

static void print_text(const struct expression *expression, struct text *out) {
    text_add_byte(out, '"');
    for (const char *at = expression->text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '"' || byte == '\\') text_add_byte(out, '\\');
        if (byte < 0x20 || byte == 0x7F) text_add(out, "\\x%02x", byte);
        else text_add_byte(out, *at);
    }
    text_add_byte(out, '"');
}

static void print_pointer(const struct scenario *scenario, const struct expression *expression, struct text *out) {
    static const char *const words[] = { "NULL", "good", "bad", "partly-bad", "unaligned" };
    assert(expression->number < sizeof words / sizeof words[0]);
    add(out, words[expression->number]);
    if (expression->items_count == 0) return;
    text_add_byte(out, '(');
    print_items(scenario, expression, out);
    text_add_byte(out, ')');
}

void expression_print(const struct scenario *scenario, const struct expression *expression, struct text *out) {
    assert(expression != NULL && out != NULL);
    switch (expression->kind) {
    case EXPRESSION_NUMBER: print_number(expression, out); return;
    case EXPRESSION_CONSTANT: add(out, expression->text); return;
    case EXPRESSION_ERROR:
        if (expression->text != NULL) {
            add(out, expression->text);
            return;
        }
        add(out, "error(");
        text_add_number(out, expression->number);
        text_add_byte(out, ')');
        return;
    case EXPRESSION_NAME: print_name(expression, out); return;
    case EXPRESSION_VARIANT:
        text_add_byte(out, '$');
        add(out, expression->text);
        return;
    case EXPRESSION_RECORD:
        text_add_byte(out, '{');
        print_items(scenario, expression, out);
        text_add_byte(out, '}');
        return;
    case EXPRESSION_ADDRESS:
        assert(expression->items_count == 2);
        expression_print(scenario, expression->items[0], out);
        text_add_byte(out, ':');
        expression_print(scenario, expression->items[1], out);
        return;
    case EXPRESSION_HOST: print_host(expression, out); return;
    case EXPRESSION_HEX: print_hex(expression, out); return;
    case EXPRESSION_TEXT: print_text(expression, out); return;
    case EXPRESSION_POINTER: print_pointer(scenario, expression, out); return;
    case EXPRESSION_ANY_PORT: add(out, "any"); return;
    case EXPRESSION_UNTOUCHED: add(out, "untouched"); return;
    case EXPRESSION_SET: add(out, expression->number != 0 ? "set" : "unset"); return;
    case EXPRESSION_PROCESS:
    case EXPRESSION_THREAD:
    case EXPRESSION_WORD: add(out, expression->text); return;
    }
    assert(!"every kind is handled");
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

static void print_values(const struct guard *guard, struct text *out) {
    for (uint32_t i = 0; i < guard->values_count; i++) {
        if (i > 0) text_add_byte(out, '.');
        add(out, guard->values[i]);
    }
}

static void print_guard(const struct guard *guard, struct text *out) {
    if (guard->values_count == 0) return;
    text_add_byte(out, '[');
    print_values(guard, out);
    add(out, "] ");
}

void source_print(const struct source *source, struct text *out) {
    text_add_byte(out, '@');
    switch (source->kind) {
    case SOURCE_CLAUSE: add(out, source->text); return;
    case SOURCE_FACT: add(out, source->text); return;
    case SOURCE_CLIENT: text_add(out, "client:%s", source->text); return;
    case SOURCE_INFERRED: add(out, "inferred"); return;
    case SOURCE_READING: text_add(out, "Q%u=%c", source->number, (char)('a' + source->candidate)); return;
    }
    assert(!"every kind is handled");
}

/* What was observed is one word, whatever is in it. */
static void print_observed(const struct scenario *scenario, const struct expression *value, struct text *out) {
    if (value->kind != EXPRESSION_RECORD) {
        expression_print(scenario, value, out);
        return;
    }
    text_add_byte(out, '{');
    for (uint32_t i = 0; i < value->items_count; i++) {
        if (i > 0) text_add_byte(out, ',');
        expression_print(scenario, value->items[i], out);
    }
    text_add_byte(out, '}');
}

void outcome_print(const struct scenario *scenario, const struct outcome *outcome, struct text *out) {
    print_guard(&outcome->guard, out);
    bool valued = outcome->word == OUTCOME_NUMBER || outcome->word == OUTCOME_ERROR;
    if (!valued) add(out, outcome_word_name(outcome->word));
    if (valued) expression_print(scenario, outcome->value, out);
    if (outcome->word == OUTCOME_FAULT && outcome->value != NULL) {
        text_add_byte(out, '(');
        expression_print(scenario, outcome->value, out);
        text_add_byte(out, ')');
    }
    for (uint32_t i = 0; i < outcome->predicates_count; i++) {
        const struct predicate *predicate = &outcome->predicates[i];
        text_add_byte(out, ' ');
        add(out, observable_name(predicate->observable));
        add(out, predicate->relation == RELATION_IN ? " in " : "=");
        print_observed(scenario, predicate->value, out);
    }
    for (uint32_t i = 0; i < outcome->sources_count; i++) {
        text_add_byte(out, ' ');
        source_print(&outcome->sources[i], out);
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static void print_duration(uint64_t nanoseconds, struct text *out) {
    static const struct {
        const char *name;
        uint64_t nanoseconds;
    } units[] = {
        { "s", 1000000000 },
        { "ms", 1000000 },
        { "us", 1000 },
        { "ns", 1 },
    };
    unsigned unit = 0;
    while (nanoseconds % units[unit].nanoseconds != 0) unit++;
    text_add_number(out, nanoseconds / units[unit].nanoseconds);
    add(out, units[unit].name);
}

static void print_who(const struct scenario *scenario, const struct step *step, struct text *out) {
    assert(step->thread >= 0 && (uint32_t)step->thread < scenario->threads_count);
    add(out, scenario->threads[step->thread].name);
    add(out, ": ");
    if (step->product == NO_NAME) return;
    add(out, scenario->names[step->product].text);
    add(out, " = ");
}

static void print_call(const struct scenario *scenario, const struct step *step, struct text *out) {
    const struct signature *signature = step->signature;
    print_who(scenario, step, out);
    add(out, signature->name);
    text_add_byte(out, '(');
    for (uint32_t i = 0; i < step->arguments_count; i++) {
        const struct argument *argument = &step->arguments[i];
        if (i > 0) add(out, ", ");
        if (argument->named) text_add(out, "%s=", signature->parameters[argument->parameter].name);
        expression_print(scenario, argument->value, out);
    }
    text_add_byte(out, ')');
    if (step->completion != 0) add(out, " by $completion");
}

static void print_overlapped(const struct scenario *scenario, const struct step *step, struct text *out) {
    print_who(scenario, step, out);
    add(out, "overlapped(");
    if (step->subject != NO_NAME)
        text_add(out, "event=%s%s", scenario->names[step->subject].text, step->number != 0 ? "+1" : "");
    text_add_byte(out, ')');
}

static void print_flags(unsigned flags, struct text *out) {
    static const struct {
        enum packet_flag flag;
        const char *name;
    } names[] = {
        { PACKET_SYN, "SYN" }, { PACKET_FIN, "FIN" }, { PACKET_RST, "RST" },
        { PACKET_ACK, "ACK" }, { PACKET_PSH, "PSH" }, { PACKET_URG, "URG" },
    };
    const char *before = " flags=";
    if (flags == 0) add(out, " flags=none");
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((flags & names[i].flag) == 0) continue;
        text_add(out, "%s%s", before, names[i].name);
        before = ",";
    }
}

static void print_said(const struct scenario *scenario, const char *before, const struct expression *value,
                       struct text *out) {
    if (value == NULL) return;
    add(out, before);
    expression_print(scenario, value, out);
}

static void print_pattern(const struct scenario *scenario, const struct packet_pattern *packet, struct text *out) {
    add(out, packet->transport == TRANSPORT_TCP ? " tcp" : packet->transport == TRANSPORT_UDP ? " udp" : " $transport");
    print_said(scenario, " from ", packet->from, out);
    print_said(scenario, " to ", packet->to, out);
    if (packet->flags_said) print_flags(packet->flags, out);
    for (unsigned i = 0; i < PACKET_FIELDS_COUNT; i++) {
        if (packet->fields[i] == NULL) continue;
        text_add(out, " %s", packet_field_name((enum packet_field)i));
        print_said(scenario, "=", packet->fields[i], out);
    }
    if (packet->data) add(out, " data");
}

static void print_expect(const struct scenario *scenario, const struct step *step, struct text *out) {
    if (step->product != NO_NAME) text_add(out, "%s = ", scenario->names[step->product].text);
    add(out, step->packet->next ? "expect next packet" : "expect packet");
    print_pattern(scenario, step->packet, out);
}

static void print_sent(const struct scenario *scenario, const struct packet_pattern *packet, struct text *out) {
    add(out, "packet");
    if (packet->raw == NULL) print_pattern(scenario, packet, out);
    print_said(scenario, " ", packet->raw, out);
    print_said(scenario, " options=", packet->options, out);
    print_said(scenario, " data=", packet->payload, out);
    if (packet->damaged) add(out, " damaged");
    if (packet->by) text_add(out, " by %s", scenario->machines[packet->machine].name);
}

/* Millionths as a percentage: 10, 0.5. */
static void print_share(uint64_t share, struct text *out) {
    enum { OF_A_PERCENT = LINK_SHARES / 100 };
    unsigned part = (unsigned)(share % OF_A_PERCENT), digits = 4;
    text_add(out, "%u", (unsigned)(share / OF_A_PERCENT));
    for (; part != 0 && part % 10 == 0; digits--) part /= 10;
    if (part != 0) text_add(out, ".%0*u", (int)digits, part);
    text_add_byte(out, '%');
}

static void print_link_settings(const struct link_settings_said *settings, struct text *out) {
    for (unsigned i = 0; i < LINK_SETTINGS_COUNT; i++) {
        uint64_t value = settings->values[i];
        if ((settings->said >> i & 1) == 0) continue;
        bool whole = i == LINK_PARTITION && value == 0;
        text_add(out, " %s", whole ? "whole" : link_setting_name((enum link_setting)i));
        if (i == LINK_PARTITION) continue;
        text_add_byte(out, '=');
        if (i == LINK_DELAY || i == LINK_LATE) print_duration(value, out);
        else if (i == LINK_RATE) text_add_number(out, value);
        else print_share(value, out);
    }
}

static void print_ends(const struct scenario *scenario, const struct link_line *link, struct text *out) {
    text_add(out, "%s-%s", scenario->machines[link->machines[0]].name, scenario->machines[link->machines[1]].name);
}

static void print_link_step(const struct scenario *scenario, const struct step *step, struct text *out) {
    assert(step->number < scenario->links_count);
    add(out, "link ");
    print_ends(scenario, &scenario->links[step->number], out);
    print_link_settings(step->link, out);
}

void step_print_call(const struct scenario *scenario, const struct step *step, struct text *out) {
    assert(scenario != NULL && step != NULL);
    switch (step->kind) {
    case STEP_CALL: print_call(scenario, step, out); return;
    case STEP_RETURNS:
        print_who(scenario, step, out);
        add(out, "returns");
        return;
    case STEP_OVERLAPPED: print_overlapped(scenario, step, out); return;
    case STEP_BUFFER:
        print_who(scenario, step, out);
        text_add(out, "buffer(%u)", (unsigned)step->number);
        return;
    case STEP_FREE:
        print_who(scenario, step, out);
        text_add(out, "free %s", scenario->names[step->subject].text);
        return;
    case STEP_SHOW:
        print_who(scenario, step, out);
        text_add(out, "show %s", scenario->names[step->subject].text);
        return;
    case STEP_CHECK: text_add(out, "check %s", step->text); return;
    case STEP_ADVANCE:
        add(out, "advance ");
        print_duration(step->number, out);
        return;
    case STEP_REBOOT: add(out, "reboot"); return;
    case STEP_EXITS: text_add(out, "%s exits", scenario->processes[step->process].name); return;
    case STEP_CRASHES: text_add(out, "%s crashes", scenario->processes[step->process].name); return;
    case STEP_THREAD_EXITS: text_add(out, "%s exits", scenario->threads[step->thread].name); return;
    case STEP_FAULT: text_add(out, "fault %s", step->text); return;
    case STEP_LINK: print_link_step(scenario, step, out); return;
    case STEP_EXPECT: print_expect(scenario, step, out); return;
    case STEP_PACKET: print_sent(scenario, step->packet, out); return;
    case STEP_TOGETHER: add(out, "together"); return;
    }
    assert(!"every kind is handled");
}

void delivery_print(const struct scenario *scenario, enum delivery delivery, int overlapped, uint64_t number,
                    struct text *out) {
    const char *name = overlapped == NO_NAME        ? "NULL"
                       : overlapped == NAME_OF_NONE ? "good"
                                                    : scenario->names[overlapped].text;
    if (delivery == DELIVERY_APC) text_add(out, "%s(%" PRIu64 ")", delivery_name(delivery), number);
    else text_add(out, "%s(%s)", delivery_name(delivery), name);
}

static void print_routines(const struct scenario *scenario, const struct step *step, unsigned indent,
                           struct text *out) {
    for (uint32_t i = 0; i < step->routines_count; i++) {
        const struct routine_line *routine = &step->routines[i];
        add_blanks(out, indent + 2);
        delivery_print(scenario, routine->delivery, routine->overlapped, routine->number, out);
        for (unsigned member = 0; member < MEMBERS_COUNT; member++) {
            if (routine->values[member] == NULL) continue;
            text_add(out, " %s=", member_name((enum member)member));
            expression_print(scenario, routine->values[member], out);
        }
        for (uint32_t k = 0; k < routine->sources_count; k++) {
            text_add_byte(out, ' ');
            source_print(&routine->sources[k], out);
        }
        text_add_byte(out, '\n');
    }
}

static void print_after(const char *comment, const char *live, struct text *out) {
    if (live != NULL) text_add(out, "  #~ %s", live);
    else if (comment != NULL) text_add(out, "  %s", comment);
}

/* Guard and call, from `start` on; the arrow stands in `column` (counted in bytes from there) or right after the
 * call. */
static void print_step_line(const struct scenario *scenario, const struct step *step, size_t column, struct text *out) {
    size_t start = out->length;
    print_guard(&step->guard, out);
    step_print_call(scenario, step, out);
    size_t width = out->length - start;
    if (step->outcomes_count > 0 && width < column) add_blanks(out, column - width);
    for (uint32_t i = 0; i < step->outcomes_count; i++) {
        add(out, i == 0 ? " -> " : " | ");
        outcome_print(scenario, &step->outcomes[i], out);
    }
    print_after(step->comment, step->live, out);
    text_add_byte(out, '\n');
}

static size_t call_width(const struct scenario *scenario, const struct step *step) {
    struct text call = { 0 };
    print_guard(&step->guard, &call);
    step_print_call(scenario, step, &call);
    size_t width = call.length;
    text_free(&call);
    return width;
}

/* The column of the arrows in the run of steps that begins at `first`; *end is the step after the run. A comment or a
 * blank line begins a new run, so does whatever stands indented below a step. */
static size_t arrow_column(const struct scenario *scenario, const struct step *steps, uint32_t first, uint32_t count,
                           uint32_t *end) {
    size_t column = 0;
    uint32_t at = first;
    do {
        const struct step *step = &steps[at];
        if (step->outcomes_count > 0) {
            size_t width = call_width(scenario, step);
            if (width <= ALIGNED_COLUMNS_MAX && width > column) column = width;
        }
        at++;
        if (step->routines_count > 0 || step->kind == STEP_TOGETHER) break;
    } while (at < count && steps[at].comments_count == 0);
    *end = at;
    return column;
}

static void print_comments(const char **comments, uint32_t count, unsigned indent, struct text *out) {
    for (uint32_t i = 0; i < count; i++) {
        if (comments[i][0] != '\0') {
            add_blanks(out, indent);
            add(out, comments[i]);
        }
        text_add_byte(out, '\n');
    }
}

static void print_steps(const struct scenario *scenario, const struct step *steps, uint32_t count, unsigned indent,
                        struct text *out) {
    uint32_t run_end = 0;
    size_t column = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        if (i == run_end) column = arrow_column(scenario, steps, i, count, &run_end);
        print_comments(step->comments, step->comments_count, indent, out);
        add_blanks(out, indent);
        print_step_line(scenario, step, scenario->is_trace ? 0 : column, out);
        print_routines(scenario, step, indent, out);
        if (step->kind == STEP_TOGETHER) {
            assert(indent == 0);
            print_steps(scenario, step->children, step->children_count, 2, out);
        }
    }
}

void step_print(const struct scenario *scenario, const struct step *step, struct text *out) {
    assert(scenario != NULL && step != NULL && out != NULL);
    print_step_line(scenario, step, 0, out);
    print_routines(scenario, step, 0, out);
    for (uint32_t i = 0; i < step->children_count; i++) {
        add_blanks(out, 2);
        print_step_line(scenario, &step->children[i], 0, out);
        print_routines(scenario, &step->children[i], 2, out);
    }
}

/* --- header and declarations -------------------------------------------------------------------------------------- */

static const struct margin *margin_of(const struct scenario *scenario, enum margin_line line, uint32_t index) {
    for (uint32_t i = 0; i < scenario->margins_count; i++) {
        if (scenario->margins[i].line == line && scenario->margins[i].index == index) return &scenario->margins[i];
    }
    return NULL;
}

static void begin_line(const struct scenario *scenario, enum margin_line line, uint32_t index, unsigned indent,
                       struct text *out) {
    const struct margin *margin = margin_of(scenario, line, index);
    if (margin != NULL) print_comments(margin->above, margin->above_count, indent, out);
    add_blanks(out, indent);
}

static void end_line(const struct scenario *scenario, enum margin_line line, uint32_t index, struct text *out) {
    const struct margin *margin = margin_of(scenario, line, index);
    if (margin != NULL) print_after(margin->after, NULL, out);
    text_add_byte(out, '\n');
}

static size_t longer(size_t width, const char *word) {
    size_t length = strlen(word);
    return length > width ? length : width;
}

static void print_key(const char *key, size_t width, struct text *out) {
    add(out, key);
    assert(strlen(key) <= width);
    add_blanks(out, width + 1 - strlen(key));
}

static size_t header_width(const struct scenario *scenario) {
    size_t width = 0;
    if (scenario->title != NULL) width = longer(width, "title");
    if (scenario->notes_count > 0) width = longer(width, "note");
    if (scenario->dimensions_count > 0) width = longer(width, "variants");
    if (scenario->exceptions_count > 0) width = longer(width, "except");
    if (scenario->needs_count > 0) width = longer(width, "needs");
    for (uint32_t i = 0; i < scenario->facts_count; i++) width = longer(width, scenario->facts[i].key);
    return width;
}

static void print_header_line(const struct scenario *scenario, enum margin_line line, uint32_t index, const char *key,
                              const char *value, struct text *out) {
    begin_line(scenario, line, index, 2, out);
    if (value[0] == '\0') add(out, key);
    else print_key(key, header_width(scenario), out);
    add(out, value);
    end_line(scenario, line, index, out);
}

static void print_variants(const struct scenario *scenario, struct text *out) {
    struct text value = { 0 };
    for (uint32_t i = 0; i < scenario->dimensions_count; i++) {
        const struct dimension *dimension = &scenario->dimensions[i];
        text_add(&value, "%s%s=", i == 0 ? "" : " ", dimension->name);
        for (uint32_t j = 0; j < dimension->values_count; j++)
            text_add(&value, "%s%s", j == 0 ? "" : "|", dimension->values[j]);
    }
    if (value.length > 0) print_header_line(scenario, MARGIN_VARIANTS, 0, "variants", value.bytes, out);
    text_free(&value);
}

static void print_header(const struct scenario *scenario, struct text *out) {
    print_comments(scenario->comments, scenario->comments_count, 0, out);
    text_add(out, "%s %s", scenario->is_trace ? "trace" : "scenario", scenario->name);
    end_line(scenario, MARGIN_FIRST_LINE, 0, out);
    if (scenario->title != NULL) print_header_line(scenario, MARGIN_TITLE, 0, "title", scenario->title, out);
    for (uint32_t i = 0; i < scenario->notes_count; i++)
        print_header_line(scenario, MARGIN_NOTE, i, "note", scenario->notes[i], out);
    print_variants(scenario, out);
    for (uint32_t i = 0; i < scenario->exceptions_count; i++) {
        struct text value = { 0 };
        print_values(&scenario->exceptions[i], &value);
        print_header_line(scenario, MARGIN_EXCEPT, i, "except", value.bytes, out);
        text_free(&value);
    }
    for (uint32_t i = 0; i < scenario->needs_count; i++)
        print_header_line(scenario, MARGIN_NEEDS, i, "needs", scenario->needs[i], out);
    for (uint32_t i = 0; i < scenario->facts_count; i++)
        print_header_line(scenario, MARGIN_FACT, i, scenario->facts[i].key, scenario->facts[i].value, out);
}

static size_t declarations_width(const struct scenario *scenario) {
    size_t width = 0;
    if (scenario->world_lines_count > 0) width = longer(width, "world");
    if (scenario->machines_count > 0) width = longer(width, "machine");
    if (scenario->links_count > 0) width = longer(width, "link");
    if (scenario->ports_count > 0) width = longer(width, "ports");
    if (scenario->users_count > 0) width = longer(width, "user");
    if (scenario->processes_count > 0) width = longer(width, "process");
    for (uint32_t i = 0; i < scenario->threads_count; i++) {
        if (!scenario->threads[i].is_main) width = longer(width, "thread");
    }
    return width;
}

static void print_world_line(const struct world_line *line, struct text *out) {
    const char *transport = line->transport == TRANSPORT_TCP   ? "tcp"
                            : line->transport == TRANSPORT_UDP ? "udp"
                                                               : "$transport";
    unsigned first = (unsigned)line->first, last = (unsigned)line->last, number = (unsigned)line->number;
    switch (line->kind) {
    case WORLD_DYNAMIC_RANGE: text_add(out, "dynamic-range %s %u-%u", transport, first, last); return;
    case WORLD_DYNAMIC_RANGE_V6: text_add(out, "dynamic-range-ipv6 %s %u-%u", transport, first, last); return;
    case WORLD_EXCLUSION:
        text_add(out, "exclusion %s %u-%u%s", transport, first, last, line->administered ? " administered" : "");
        if (line->active) text_add(out, " active");
        return;
    case WORLD_ADDRESS:
        add(out, "address ");
        print_host(line->address, out);
        return;
    case WORLD_UAC: text_add(out, "uac %s=%u", line->text, number); return;
    case WORLD_BUILD: text_add(out, "build %u", number); return;
    case WORLD_IMPLEMENTED: text_add(out, "implements %s", number != 0 ? "yes" : "no"); return;
    case WORLD_COMPLETES:
        text_add(out, "completes %s", provider_pace_name((enum provider_pace)number));
        if (number == PACE_AFTER) add(out, " ");
        if (number == PACE_AFTER) print_duration(line->duration_ns, out);
        return;
    }
    assert(!"every kind is handled");
}

static const char *account_name(enum account_kind kind) {
    static const char *const names[] = { "unnamed", "standard-user", "administrator", "builtin-administrator",
                                         "local-system" };
    assert(kind > ACCOUNT_UNNAMED && kind <= ACCOUNT_LOCAL_SYSTEM);
    return names[kind];
}

static void print_process(const struct scenario *scenario, const struct process_line *line, struct text *out) {
    add(out, line->name);
    if (line->parent != NULL) text_add(out, " of %s", line->parent);
    else if (line->machine != NO_NAME) text_add(out, " on %s", scenario->machines[line->machine].name);
    if (line->user != NULL) text_add(out, " as %s", line->user);
    if (line->elevated) add(out, " elevated");
    if (line->manifest != NULL) text_add(out, " manifest=%s", line->manifest);
    if (line->startup != NULL && strcmp(line->startup, "2.2") != 0) text_add(out, " startup=%s", line->startup);
}

static void print_machines(const struct scenario *scenario, size_t width, struct text *out) {
    for (uint32_t i = 0; i < scenario->machines_count; i++) {
        const struct machine_line *line = &scenario->machines[i];
        begin_line(scenario, MARGIN_MACHINE, i, 0, out);
        print_key("machine", width, out);
        add(out, line->name);
        for (uint32_t k = 0; k < line->addresses_count; k++) {
            add(out, " ");
            print_host(line->addresses[k], out);
        }
        if (line->bare) add(out, " bare");
        end_line(scenario, MARGIN_MACHINE, i, out);
    }
    for (uint32_t i = 0; i < scenario->links_count; i++) {
        begin_line(scenario, MARGIN_LINK, i, 0, out);
        print_key("link", width, out);
        print_ends(scenario, &scenario->links[i], out);
        print_link_settings(&scenario->links[i].settings, out);
        end_line(scenario, MARGIN_LINK, i, out);
    }
}

static void print_declarations(const struct scenario *scenario, struct text *out) {
    size_t width = declarations_width(scenario);
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        begin_line(scenario, MARGIN_WORLD, i, 0, out);
        print_guard(&scenario->world_lines[i].guard, out);
        print_key("world", width, out);
        print_world_line(&scenario->world_lines[i], out);
        end_line(scenario, MARGIN_WORLD, i, out);
    }
    print_machines(scenario, width, out);
    for (uint32_t i = 0; i < scenario->ports_count; i++) {
        const struct ports_line *line = &scenario->ports[i];
        begin_line(scenario, MARGIN_PORTS, i, 0, out);
        print_key("ports", width, out);
        text_add(out, "%s = %u %s", scenario->names[line->name].text, (unsigned)line->count, line->transport);
        print_after(NULL, line->live, out);
        end_line(scenario, MARGIN_PORTS, i, out);
    }
    for (uint32_t i = 0; i < scenario->users_count; i++) {
        begin_line(scenario, MARGIN_USER, i, 0, out);
        print_key("user", width, out);
        text_add(out, "%s is %s", scenario->users[i].name, account_name(scenario->users[i].kind));
        end_line(scenario, MARGIN_USER, i, out);
    }
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        begin_line(scenario, MARGIN_PROCESS, i, 0, out);
        print_guard(&scenario->processes[i].guard, out);
        print_key("process", width, out);
        print_process(scenario, &scenario->processes[i], out);
        end_line(scenario, MARGIN_PROCESS, i, out);
    }
    for (uint32_t i = 0; i < scenario->threads_count; i++) {
        if (scenario->threads[i].is_main) continue;
        begin_line(scenario, MARGIN_THREAD, i, 0, out);
        print_key("thread", width, out);
        add(out, scenario->threads[i].name);
        end_line(scenario, MARGIN_THREAD, i, out);
    }
}

void scenario_print(const struct scenario *scenario, struct text *out) {
    assert(scenario != NULL && out != NULL);
    print_header(scenario, out);
    if (declarations_width(scenario) > 0) {
        text_add_byte(out, '\n');
        print_declarations(scenario, out);
    }
    if (scenario->steps_count > 0 || scenario->trailing_comments_count > 0) text_add_byte(out, '\n');
    print_steps(scenario, scenario->steps, scenario->steps_count, 0, out);
    print_comments(scenario->trailing_comments, scenario->trailing_comments_count, 0, out);
}
