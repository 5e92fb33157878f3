#include "conformance/language/build.h"

#include <assert.h>
#include <string.h>

#include "conformance/language/constants.h"

static struct expression *new_expression(struct scenario *to, struct position position, enum expression_kind kind) {
    struct expression *expression = arena_allocate(to->arena, sizeof *expression);
    expression->position = position;
    expression->kind = kind;
    expression->name = NO_NAME;
    return expression;
}

struct expression *build_constant(struct scenario *to, struct position position, const char *name) {
    const struct constant *row = constant_named(name, (unsigned)strlen(name));
    assert(row != NULL);
    struct expression *expression = new_expression(to, position, EXPRESSION_CONSTANT);
    expression->text = row->name;
    expression->number = (uint64_t)row->value;
    return expression;
}

struct expression *build_number(struct scenario *to, struct position position, uint64_t number) {
    struct expression *expression = new_expression(to, position, EXPRESSION_NUMBER);
    expression->number = number;
    return expression;
}

struct expression *build_name(struct scenario *to, struct position position, int name) {
    assert(name >= 0 && (uint32_t)name < to->names_count);
    struct expression *expression = new_expression(to, position, EXPRESSION_NAME);
    expression->name = (int16_t)name;
    expression->text = to->names[name].text;
    return expression;
}

struct expression *build_good(struct scenario *to, struct position position) {
    struct expression *expression = new_expression(to, position, EXPRESSION_POINTER);
    expression->number = POINTER_GOOD;
    return expression;
}

int build_give_name(struct scenario *to, const char *text, enum name_kind kind, const struct step *like) {
    for (uint32_t i = 0; i < to->names_count; i++)
        if (strcmp(to->names[i].text, text) == 0) return (int)i;
    assert(to->names_count < NAMES_MAX);
    to->names = arena_append(to->arena, to->names, to->names_count, sizeof *to->names);
    struct name *name = &to->names[to->names_count];
    *name = (struct name){ .kind = kind, .process = like->process, .line = like->position.line };
    name->text = arena_text(to->arena, text, strlen(text));
    return (int)to->names_count++;
}

struct step build_step(const struct step *like, enum step_kind kind) {
    return (struct step){ .position = like->position,
                          .kind = kind,
                          .process = like->process,
                          .thread = like->thread,
                          .product = NO_NAME,
                          .subject = NO_NAME };
}

struct step build_call(struct scenario *to, const struct step *like, enum function function, enum outcome_word word) {
    struct step call = build_step(like, STEP_CALL);
    call.signature = signature_of(function);
    call.outcomes = arena_allocate(to->arena, sizeof *call.outcomes);
    call.outcomes[0] = (struct outcome){ .position = like->position, .word = word };
    call.outcomes_count = 1;
    return call;
}

void build_argument(struct scenario *to, struct step *call, int parameter, bool named, struct expression *value) {
    assert(parameter >= 0 && parameter < call->signature->parameters_count);
    struct argument argument = { .value = value, .parameter = (int8_t)parameter, .named = named };
    call->arguments = arena_append(to->arena, call->arguments, call->arguments_count, sizeof argument);
    call->arguments[call->arguments_count++] = argument;
}

const struct expression *argument_value(const struct step *call, int parameter) {
    for (uint32_t i = 0; i < call->arguments_count; i++)
        if (call->arguments[i].parameter == parameter) return call->arguments[i].value;
    return NULL;
}

void build_add_step(struct scenario *to, const struct step *step) {
    to->steps = arena_append(to->arena, to->steps, to->steps_count, sizeof *step);
    to->steps[to->steps_count++] = *step;
}
