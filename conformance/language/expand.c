/* From a scenario with variants to one instance without. What depends on the instance is made anew; all else is the
 * scenario's, whose arena is kept: instances of one scenario are played one after another, and most of what they
 * look at is the same memory. The instance outlives the scenario that it came from all the same.
 * Nothing can go wrong here, because the parser looked at every guard and every $word as masks of instances. */
#include "conformance/language/expand.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/build.h"
#include "conformance/language/completion.h"
#include "conformance/language/variants.h"

struct expansion {
    const struct scenario *from;
    struct scenario *to;
    struct arena *arena;
    struct instance instance;
    struct completing completing;    /* what `by` becomes */
    unsigned completions;            /* `by` steps so far: numbers e_1, o_1, p_1 */
    int8_t processes[PROCESSES_MAX]; /* old index -> new index, or NO_NAME */
    int8_t threads[THREADS_MAX];
};

/* --- values ------------------------------------------------------------------------------------------------------- */

static bool value_is(const struct expansion *expansion, const char *dimension, const char *value) {
    const char *actual = variants_value(expansion->from, &expansion->instance, dimension);
    return actual != NULL && strcmp(actual, value) == 0;
}

static const char *family_constant(const struct expansion *expansion) {
    return value_is(expansion, "family", "v4") ? "AF_INET" : "AF_INET6";
}

static const char *type_constant(const struct expansion *expansion) {
    return value_is(expansion, "transport", "udp") ? "SOCK_DGRAM" : "SOCK_STREAM";
}

static const char *protocol_constant(const struct expansion *expansion) {
    return value_is(expansion, "transport", "udp") ? "IPPROTO_UDP" : "IPPROTO_TCP";
}

/* $any and $loopback */
static struct expression *host(struct expansion *expansion, const struct expression *variant) {
    static const uint8_t any[16], loopback4[4] = { 127, 0, 0, 1 }, loopback6[16] = { [15] = 1 };
    bool is_any = strcmp(variant->text, "any") == 0;
    bool is_ipv4 = value_is(expansion, "family", "v4");
    struct expression *expression = arena_allocate(expansion->arena, sizeof *expression);
    expression->position = variant->position;
    expression->kind = EXPRESSION_HOST;
    expression->name = NO_NAME;
    expression->text = is_ipv4 ? is_any ? "0.0.0.0" : "127.0.0.1" : is_any ? "::" : "::1";
    expression->bytes = is_any ? any : is_ipv4 ? loopback4 : loopback6;
    expression->bytes_count = is_ipv4 ? 4 : 16;
    return expression;
}

static struct expression *transport_word(struct expansion *expansion, struct position position) {
    bool udp = value_is(expansion, "transport", "udp");
    struct expression *expression = arena_allocate(expansion->arena, sizeof *expression);
    expression->position = position;
    expression->kind = EXPRESSION_WORD;
    expression->name = NO_NAME;
    expression->text = udp ? "udp" : "tcp";
    expression->number = udp ? TRANSPORT_UDP : TRANSPORT_TCP;
    return expression;
}

static struct expression *replace_variant(struct expansion *expansion, const struct expression *variant) {
    if (strcmp(variant->text, "family") == 0)
        return build_constant(expansion->to, variant->position, family_constant(expansion));
    if (strcmp(variant->text, "type") == 0)
        return build_constant(expansion->to, variant->position, type_constant(expansion));
    if (strcmp(variant->text, "protocol") == 0)
        return build_constant(expansion->to, variant->position, protocol_constant(expansion));
    if (strcmp(variant->text, "transport") == 0) return transport_word(expansion, variant->position);
    assert(strcmp(variant->text, "any") == 0 || strcmp(variant->text, "loopback") == 0);
    return host(expansion, variant);
}

static bool depends(const struct expression *expression) {
    if (expression == NULL) return false;
    bool renamed = expression->kind == EXPRESSION_PROCESS || expression->kind == EXPRESSION_THREAD;
    if (expression->kind == EXPRESSION_VARIANT || renamed) return true;
    for (uint32_t i = 0; i < expression->items_count; i++)
        if (depends(expression->items[i])) return true;
    return false;
}

static struct expression *copy_expression(struct expansion *expansion, struct expression *from) {
    if (!depends(from)) return from;
    if (from->kind == EXPRESSION_VARIANT) return replace_variant(expansion, from);
    struct expression *to = arena_allocate(expansion->arena, sizeof *to);
    *to = *from;
    if (from->kind == EXPRESSION_PROCESS) {
        assert(expansion->processes[from->number] != NO_NAME);
        to->number = (uint64_t)expansion->processes[from->number];
    }
    if (from->kind == EXPRESSION_THREAD) {
        assert(expansion->threads[from->number] != NO_NAME);
        to->number = (uint64_t)expansion->threads[from->number];
    }
    if (from->items_count > 0) to->items = arena_allocate(expansion->arena, from->items_count * sizeof *to->items);
    for (uint32_t i = 0; i < from->items_count; i++) to->items[i] = copy_expression(expansion, from->items[i]);
    return to;
}

/* --- outcomes ----------------------------------------------------------------------------------------------------- */

static bool outcome_depends(const struct outcome *outcome) {
    if (outcome->guard.values_count > 0 || depends(outcome->value)) return true;
    for (uint32_t i = 0; i < outcome->predicates_count; i++)
        if (depends(outcome->predicates[i].value)) return true;
    return false;
}

static struct outcome copy_outcome(struct expansion *expansion, const struct outcome *from) {
    struct outcome to = *from;
    to.guard = (struct guard){ 0 };
    to.value = copy_expression(expansion, from->value);
    to.predicates = arena_allocate(expansion->arena, from->predicates_count * sizeof *to.predicates);
    for (uint32_t i = 0; i < from->predicates_count; i++) {
        to.predicates[i] = from->predicates[i];
        to.predicates[i].value = copy_expression(expansion, from->predicates[i].value);
    }
    return to;
}

static void copy_outcomes(struct expansion *expansion, const struct step *from, struct step *to) {
    bool same = true;
    for (uint32_t i = 0; i < from->outcomes_count; i++) same = same && !outcome_depends(&from->outcomes[i]);
    if (same) return;
    to->outcomes = NULL;
    to->outcomes_count = 0;
    for (uint32_t i = 0; i < from->outcomes_count; i++) {
        if (!variants_guard_holds(expansion->from, &from->outcomes[i].guard, &expansion->instance)) continue;
        to->outcomes = arena_append(expansion->arena, to->outcomes, to->outcomes_count, sizeof *to->outcomes);
        to->outcomes[to->outcomes_count++] = copy_outcome(expansion, &from->outcomes[i]);
    }
    assert(to->outcomes_count > 0);
}

static void copy_routines(struct expansion *expansion, const struct step *from, struct step *to) {
    if (from->routines_count == 0) return;
    to->routines = arena_allocate(expansion->arena, from->routines_count * sizeof *to->routines);
    for (uint32_t i = 0; i < from->routines_count; i++) {
        to->routines[i] = from->routines[i];
        for (unsigned member = 0; member < MEMBERS_COUNT; member++)
            to->routines[i].values[member] = copy_expression(expansion, from->routines[i].values[member]);
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

static void copy_arguments(struct expansion *expansion, const struct step *from, struct step *to) {
    bool same = from->completion == 0; /* else there will be more */
    for (uint32_t i = 0; i < from->arguments_count; i++) same = same && !depends(from->arguments[i].value);
    if (same) return;
    to->arguments = NULL;
    to->arguments_count = 0;
    for (uint32_t i = 0; i < from->arguments_count; i++) {
        struct argument argument = from->arguments[i];
        struct expression *value = argument.value;
        if (value->kind == EXPRESSION_VARIANT && strcmp(value->text, "socket") == 0) {
            const char *names[3] = { family_constant(expansion), type_constant(expansion),
                                     protocol_constant(expansion) };
            for (int j = 0; j < 3; j++) {
                build_argument(expansion->to, to, j, false, build_constant(expansion->to, value->position, names[j]));
            }
            continue;
        }
        build_argument(expansion->to, to, argument.parameter, argument.named, copy_expression(expansion, value));
    }
}

static struct step copy_step(struct expansion *expansion, const struct step *from);

/* The layout brings the blank line above a first step. */
static void drop_first_blank_line(struct step *step) {
    if (step->comments_count == 0 || step->comments[0][0] != '\0') return;
    step->comments++;
    step->comments_count--;
}

static void copy_children(struct expansion *expansion, const struct step *from, struct step *to) {
    to->children = NULL;
    to->children_count = 0;
    for (uint32_t i = 0; i < from->children_count; i++) {
        if (!variants_guard_holds(expansion->from, &from->children[i].guard, &expansion->instance)) continue;
        to->children = arena_append(expansion->arena, to->children, to->children_count, sizeof *to->children);
        to->children[to->children_count++] = copy_step(expansion, &from->children[i]);
        if (to->children_count == 1) drop_first_blank_line(&to->children[0]);
    }
}

static const struct packet_pattern *copy_packet(struct expansion *expansion, const struct packet_pattern *from) {
    struct packet_pattern *to = arena_allocate(expansion->arena, sizeof *to);
    *to = *from;
    if (from->raw == NULL && from->transport != TRANSPORT_TCP && from->transport != TRANSPORT_UDP)
        to->transport = value_is(expansion, "transport", "udp") ? TRANSPORT_UDP : TRANSPORT_TCP;
    to->from = copy_expression(expansion, from->from);
    to->to = copy_expression(expansion, from->to);
    return to;
}

static struct step copy_step(struct expansion *expansion, const struct step *from) {
    struct step to = *from;
    to.guard = (struct guard){ 0 };
    to.completion = 0;
    if (from->process != NO_NAME) to.process = expansion->processes[from->process];
    if (from->thread != NO_NAME) to.thread = expansion->threads[from->thread];
    assert(from->process == NO_NAME || to.process != NO_NAME);
    if (from->kind == STEP_EXPECT || from->kind == STEP_PACKET) to.packet = copy_packet(expansion, from->packet);
    if (from->kind == STEP_TOGETHER) copy_children(expansion, from, &to);
    copy_arguments(expansion, from, &to);
    copy_outcomes(expansion, from, &to);
    copy_routines(expansion, from, &to);
    return to;
}

static void expand_steps(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    for (uint32_t i = 0; i < from->steps_count; i++) {
        const struct step *step = &from->steps[i];
        if (step->completion != 0) expansion->completions++;
        if (!variants_guard_holds(from, &step->guard, &expansion->instance)) continue;
        struct step copy = copy_step(expansion, step);
        bool is_empty = step->kind == STEP_TOGETHER && copy.children_count == 0;
        if (is_empty) continue;
        if (expansion->to->steps_count == 0) drop_first_blank_line(&copy);
        if (step->completion == 0) build_add_step(expansion->to, &copy);
        else completing_add_call(&expansion->completing, &copy, expansion->completions);
    }
}

/* --- header and declarations -------------------------------------------------------------------------------------- */

static const char *instance_name(struct expansion *expansion) {
    struct text text = { 0 };
    text_add(&text, "%s", expansion->from->name);
    for (uint32_t i = 0; i < expansion->from->dimensions_count; i++) {
        text_add(&text, "%s%s", i == 0 ? "[" : ".", expansion->instance.values[i]);
    }
    if (expansion->from->dimensions_count > 0) text_add(&text, "]");
    const char *name = arena_text(expansion->arena, text.bytes, text.length);
    text_free(&text);
    return name;
}

static void copy_margin(struct expansion *expansion, enum margin_line line, uint32_t from_index, uint32_t to_index) {
    const struct scenario *from = expansion->from;
    struct scenario *to = expansion->to;
    for (uint32_t i = 0; i < from->margins_count; i++) {
        const struct margin *margin = &from->margins[i];
        if (margin->line != line || margin->index != from_index) continue;
        to->margins = arena_append(expansion->arena, to->margins, to->margins_count, sizeof *margin);
        struct margin *copy = &to->margins[to->margins_count++];
        *copy = *margin;
        copy->index = to_index;
        return;
    }
}

static void copy_header(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    struct scenario *to = expansion->to;
    to->arena = expansion->arena;
    to->file = from->file;
    to->name = instance_name(expansion);
    to->is_trace = from->is_trace;
    to->title = from->title;
    to->notes_count = from->notes_count;
    to->notes = from->notes;
    to->needs_count = from->needs_count;
    to->needs = from->needs;
    to->facts_count = from->facts_count;
    to->facts = from->facts;
    for (uint32_t i = 0; i < from->facts_count; i++) copy_margin(expansion, MARGIN_FACT, i, i);
    to->comments_count = from->comments_count;
    to->comments = from->comments;
    to->trailing_comments_count = from->trailing_comments_count;
    to->trailing_comments = from->trailing_comments;
    copy_margin(expansion, MARGIN_FIRST_LINE, 0, 0);
    copy_margin(expansion, MARGIN_TITLE, 0, 0);
    for (uint32_t i = 0; i < from->notes_count; i++) copy_margin(expansion, MARGIN_NOTE, i, i);
    for (uint32_t i = 0; i < from->needs_count; i++) copy_margin(expansion, MARGIN_NEEDS, i, i);
}

static void copy_world(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    struct scenario *to = expansion->to;
    enum transport transport = value_is(expansion, "transport", "udp") ? TRANSPORT_UDP : TRANSPORT_TCP;
    for (uint32_t i = 0; i < from->world_lines_count; i++) {
        struct world_line line = from->world_lines[i];
        if (!variants_guard_holds(from, &line.guard, &expansion->instance)) continue;
        bool has_transport =
            line.kind == WORLD_DYNAMIC_RANGE || line.kind == WORLD_DYNAMIC_RANGE_V6 || line.kind == WORLD_EXCLUSION;
        if (has_transport && line.transport != TRANSPORT_TCP && line.transport != TRANSPORT_UDP)
            line.transport = transport;
        line.guard = (struct guard){ 0 };
        copy_margin(expansion, MARGIN_WORLD, i, to->world_lines_count);
        to->world_lines = arena_append(expansion->arena, to->world_lines, to->world_lines_count, sizeof line);
        to->world_lines[to->world_lines_count++] = line;
    }
    to->machines_count = from->machines_count;
    to->machines = from->machines;
    for (uint32_t i = 0; i < from->machines_count; i++) copy_margin(expansion, MARGIN_MACHINE, i, i);
    to->links_count = from->links_count;
    to->links = from->links;
    for (uint32_t i = 0; i < from->links_count; i++) copy_margin(expansion, MARGIN_LINK, i, i);
    to->ports_count = from->ports_count;
    to->ports = arena_allocate(expansion->arena, from->ports_count * sizeof *to->ports);
    for (uint32_t i = 0; i < from->ports_count; i++) {
        to->ports[i] = from->ports[i];
        if (from->ports[i].transport[0] == '$') to->ports[i].transport = transport == TRANSPORT_UDP ? "udp" : "tcp";
        copy_margin(expansion, MARGIN_PORTS, i, i);
    }
    to->users_count = from->users_count;
    to->users = from->users;
    for (uint32_t i = 0; i < from->users_count; i++) copy_margin(expansion, MARGIN_USER, i, i);
}

static int process_named(const struct scenario *scenario, const char *name) {
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        if (strcmp(scenario->processes[i].name, name) == 0) return (int)i;
    }
    return NO_NAME;
}

/* Of the lines that give one process under different guards, at most one holds; steps mean the first of them. */
static void copy_processes(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    struct scenario *to = expansion->to;
    for (uint32_t i = 0; i < from->processes_count; i++) {
        struct process_line line = from->processes[i];
        if (!variants_guard_holds(from, &line.guard, &expansion->instance)) continue;
        line.guard = (struct guard){ 0 };
        if (line.startup[0] == '$') line.startup = value_is(expansion, "startup", "1.1") ? "1.1" : "2.2";
        copy_margin(expansion, MARGIN_PROCESS, i, to->processes_count);
        to->processes = arena_append(expansion->arena, to->processes, to->processes_count, sizeof line);
        to->processes[to->processes_count++] = line;
    }
    for (uint32_t i = 0; i < from->processes_count; i++)
        expansion->processes[i] = (int8_t)process_named(to, from->processes[i].name);
}

/* The main threads come first, in the order of their processes, as the parser makes them. */
static void copy_thread(struct expansion *expansion, uint32_t index) {
    struct scenario *to = expansion->to;
    struct thread_line line = expansion->from->threads[index];
    line.process = expansion->processes[line.process];
    expansion->threads[index] = (int8_t)to->threads_count;
    copy_margin(expansion, MARGIN_THREAD, index, to->threads_count);
    to->threads[to->threads_count++] = line;
}

static void copy_threads(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    for (uint32_t i = 0; i < from->threads_count; i++) expansion->threads[i] = NO_NAME;
    for (uint32_t process = 0; process < expansion->to->processes_count; process++) {
        for (uint32_t i = 0; i < from->threads_count; i++) {
            bool own = from->threads[i].is_main && expansion->processes[from->threads[i].process] == (int)process;
            if (own) copy_thread(expansion, i);
        }
    }
    for (uint32_t i = 0; i < from->threads_count; i++) {
        bool there = expansion->processes[from->threads[i].process] != NO_NAME;
        if (there && !from->threads[i].is_main) copy_thread(expansion, i);
    }
}

/* The table of names keeps its indices; names that this instance never gives stay unused. */
static void copy_names(struct expansion *expansion) {
    const struct scenario *from = expansion->from;
    struct scenario *to = expansion->to;
    for (uint32_t i = 0; i < from->names_count; i++) {
        struct name name = from->names[i];
        if (name.process != NO_NAME) name.process = expansion->processes[name.process];
        to->names = arena_append(expansion->arena, to->names, to->names_count, sizeof name);
        to->names[to->names_count++] = name;
    }
}

unsigned scenario_instances_count(const struct scenario *scenario) { return variants_instances(scenario, NULL, 0); }

struct scenario *scenario_expand(const struct scenario *scenario, unsigned index) {
    struct instance instances[INSTANCES_MAX];
    assert(index < scenario_instances_count(scenario));
    variants_instances(scenario, instances, INSTANCES_MAX);
    struct expansion expansion = { .from = scenario, .arena = arena_create(), .instance = instances[index] };
    arena_keep(expansion.arena, scenario->arena);
    expansion.to = arena_allocate(expansion.arena, sizeof *expansion.to);
    const char *completion = variants_value(scenario, &expansion.instance, "completion");
    expansion.completing = (struct completing){ .to = expansion.to, .prefix = "", .prepared = OUTCOME_OK };
    if (completion != NULL) expansion.completing.completion = completion_named(completion);
    copy_header(&expansion);
    copy_world(&expansion);
    copy_processes(&expansion);
    copy_threads(&expansion);
    copy_names(&expansion);
    expand_steps(&expansion);
    return expansion.to;
}
