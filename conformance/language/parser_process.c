/* Processes as steps use them: which one a step belongs to, which one it starts, which ones a restart ends. */
#include <assert.h>
#include <string.h>

#include "conformance/language/parser_parts.h"

static int shown(struct word word) { return word.length > 60 ? 60 : (int)word.length; }

int parser_use_process(struct parser *parser, struct word word, const char *expected) {
    int process = parser_find_process(parser, word);
    if (process == NO_NAME) {
        lexer_fail_at(&parser->lexer, word.start, "unknown process %.*s; expected %s", shown(word), word.start,
                      expected);
        return NO_NAME;
    }
    uint64_t missing = parser->mask & ~parser->processes_given[process];
    if (missing == 0 || parser->answering) return process;
    char text[128];
    lexer_fail_at(&parser->lexer, word.start, "there is no process %.*s in %s", shown(word), word.start,
                  parser_instance_text(parser, missing, text));
    return NO_NAME;
}

/* The line that gives the process of this name in the first instance of `mask`. */
static const struct process_line *line_of(const struct parser *parser, const char *name, uint64_t mask) {
    const struct scenario *scenario = parser->scenario;
    uint64_t first = mask & ~(mask - 1);
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        bool holds = (parser->process_lines[i] & first) != 0;
        if (holds && strcmp(scenario->processes[i].name, name) == 0) return &scenario->processes[i];
    }
    return NULL;
}

bool parser_check_started(struct parser *parser, struct word word, int process) {
    uint64_t missing = parser->mask & ~parser->processes_started[process];
    if (missing == 0 || parser->answering) return true;
    const struct process_line *line = line_of(parser, parser->scenario->processes[process].name, missing);
    assert(line != NULL && line->parent != NULL);
    char text[128];
    bool varies = parser->instances_count > 1;
    return lexer_fail_at(&parser->lexer, word.start, "no line above starts %s%s%s; expected %s: CreateProcess(%s)",
                         line->name, varies ? " in " : "", varies ? parser_instance_text(parser, missing, text) : "",
                         line->parent, line->name);
}

/* The process must be one that a step of the caller starts, in every instance of the line. */
static bool check_parent(struct parser *parser, const struct step *step, const struct expression *child) {
    const struct scenario *scenario = parser->scenario;
    const char *place = parser->lexer.line + child->position.column - 1;
    const char *caller = scenario->processes[step->process].name;
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        const struct process_line *line = &scenario->processes[i];
        if ((parser->process_lines[i] & parser->mask) == 0 || strcmp(line->name, child->text) != 0) continue;
        if (line->parent == NULL)
            return lexer_fail_at(&parser->lexer, place, "%s runs from the beginning; expected a process of %s",
                                 line->name, caller);
        if (strcmp(line->parent, caller) != 0)
            return lexer_fail_at(&parser->lexer, place, "%s is a process of %s, and only that one starts it",
                                 line->name, line->parent);
    }
    return true;
}

bool parser_start_child(struct parser *parser, const struct step *step) {
    const struct expression *values[CreateProcess_parameters_count] = { NULL };
    assert(step->signature->function == FUNCTION_CreateProcess &&
           step->arguments_count <= CreateProcess_parameters_count);
    for (uint32_t i = 0; i < step->arguments_count; i++)
        values[step->arguments[i].parameter] = step->arguments[i].value;
    const struct expression *child = values[CreateProcess_lpApplicationName];
    if ((child == NULL) == (values[CreateProcess_manifest] == NULL))
        return lexer_fail(&parser->lexer,
                          "CreateProcess starts a process, whose line has its manifest, or manifest=LEVEL");
    if (child == NULL)
        return values[CreateProcess_bInheritHandles] == NULL ||
               lexer_fail(&parser->lexer, "bInheritHandles goes with a process: what ends at once inherits nothing");
    if (!parser->answering && !check_parent(parser, step, child)) return false;
    parser->processes_started[child->number] |= parser->mask;
    return true;
}

void parser_end_children(struct parser *parser) {
    const struct scenario *scenario = parser->scenario;
    for (uint32_t i = 0; i < scenario->processes_count; i++) {
        if (scenario->processes[i].parent == NULL) continue;
        const char *name = scenario->processes[i].name;
        int first = parser_find_process(parser, (struct word){ name, (unsigned)strlen(name) });
        assert(first != NO_NAME);
        parser->processes_started[first] &= ~(parser->mask & parser->process_lines[i]);
    }
}
