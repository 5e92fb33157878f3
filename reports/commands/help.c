#include "reports/commands/help.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conformance/base/version.h"
#include "reports/commands/commands.h"
#include "reports/formats/fit.h"
#include "reports/formats/report.h"
#include "reports/formats/terminal.h"

enum { HELP_COLUMNS = 100, NAMES_COLUMNS = 26 };

/* --- one command -------------------------------------------------------------------------------------------------- */

/* `-k, --filter EXPR` */
static void add_names(const struct option_row *row, struct text *out) {
    if (row->letter != '\0') text_add(out, "-%c, ", row->letter);
    text_add(out, "%s%s%s", row->name, row->value == NULL ? "" : " ", row->value == NULL ? "" : row->value);
}

static void add_row(const struct option_row *row, struct text *out) {
    struct text names = { 0 };
    if (row->kind == OPTION_TITLE) {
        text_add(out, "\n%s:\n", row->help);
        return;
    }
    add_names(row, &names);
    if (names.length <= NAMES_COLUMNS) text_add(out, "  %-*s  %s\n", NAMES_COLUMNS, names.bytes, row->help);
    else text_add(out, "  %s\n  %-*s  %s\n", names.bytes, NAMES_COLUMNS, "", row->help);
    text_free(&names);
}

/* Paragraphs are lines; between them is an empty one. */
static void add_paragraphs(const char *text, struct text *out) {
    for (; *text != '\0'; text++) {
        if (*text == '\n') text_add(out, "\n\n");
        else text_add(out, "%c", *text);
    }
    text_add(out, "\n");
}

void help_add(const struct command *command, struct text *out) {
    assert(command != NULL && out != NULL);
    text_add(out, "reservoir %s%s%s\n\n", command->name, command->synopsis[0] == '\0' ? "" : " ", command->synopsis);
    add_paragraphs(command->description, out);
    bool titled = false;
    for (unsigned i = 0; i < command->rows_count; i++) {
        if (!command_has(command, &command->rows[i])) continue;
        if (!titled && command->rows[i].kind != OPTION_TITLE) text_add(out, "\n");
        titled = true;
        add_row(&command->rows[i], out);
    }
    text_add(out, "\nExamples:\n");
    text_add_indented(out, "  ", command->examples);
    text_add(out, "\nExit status: %s\n", command->status);
}

void help_print_text(const struct text *text) {
    struct text fitted = { 0 };
    unsigned columns = terminal_columns(stdout);
    text_fit(text->bytes, columns == 0 ? HELP_COLUMNS : columns, &fitted);
    fputs(fitted.bytes, stdout);
    text_free(&fitted);
}

void help_print(const struct command *command) {
    struct text text = { 0 };
    help_add(command, &text);
    help_print_text(&text);
    text_free(&text);
}

/* --- all commands ------------------------------------------------------------------------------------------------- */

static const char about[] =
    "Reservoir: what Windows answers to programs that reserve ports, on a model of Windows and on a real host.";
static const char all_examples[] = "reservoir run\n"
                                   "reservoir run after-bind --profile documented\n"
                                   "reservoir run --on model --on host --host 'ssh MACHINE agent.exe'\n"
                                   "reservoir show reading Q38";
static const char all_status[] =
    "0 nothing new; 1 a new deviation or a stale record; 2 wrong usage, a broken host, lost output, or "
    "nothing to do.";
static const char data_text[] =
    "Scenarios, clauses and what is known of hosts are looked for in RESERVOIR_DATA/scenarios, where that variable is set; else in "
    "./scenarios; else beside the executable: ../share/reservoir/scenarios, or the tree that it was built in.";

void help_add_all(struct text *out) {
    text_add(out, "%s\n\n", about);
    for (unsigned i = 0; i < commands_count; i++)
        text_add(out, "  reservoir %-10s  %s\n", commands_all[i]->name, commands_all[i]->summary);
    text_add(out, "  reservoir --version\n\n`reservoir help COMMAND` explains one of them.\n\nExamples:\n");
    text_add_indented(out, "  ", all_examples);
    text_add(out, "\n%s\n\nExit status: %s\n", data_text, all_status);
}

/* --- manual pages ------------------------------------------------------------------------------------------------- */

/* A line that begins with a dot or a quote would be a request, a backslash an escape; a hyphen is to stay one. */
static void add_roff(const char *text, struct text *out) {
    if (*text == '.' || *text == '\'') text_add(out, "\\&");
    for (; *text != '\0'; text++) {
        if (*text == '\\') text_add(out, "\\e");
        else if (*text == '-') text_add(out, "\\-");
        else if (*text == '\n') text_add(out, "\n.PP\n%s", text[1] == '.' || text[1] == '\'' ? "\\&" : "");
        else text_add(out, "%c", *text);
    }
    text_add(out, "\n");
}

static void add_roff_lines(const char *lines, struct text *out) {
    text_add(out, ".nf\n");
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        struct text line = { 0 };
        text_add(&line, "%.*s", (int)length, lines);
        add_roff(line.bytes, out);
        text_free(&line);
        lines += length + (lines[length] == '\n');
    }
    text_add(out, ".fi\n");
}

static void add_roff_row(const struct option_row *row, struct text *out) {
    if (row->kind == OPTION_TITLE) {
        text_add(out, ".SS \"");
        add_roff(row->help, out);
        out->bytes[out->length - 1] = '"'; /* in place of the line end */
        text_add(out, "\n");
        return;
    }
    struct text names = { 0 };
    add_names(row, &names);
    text_add(out, ".TP\n.B ");
    add_roff(names.bytes, out);
    add_roff(row->help, out);
    text_free(&names);
}

static void add_roff_status(const char *examples, const char *status, struct text *out) {
    text_add(out, ".SH EXAMPLES\n");
    add_roff_lines(examples, out);
    text_add(out, ".SH EXIT STATUS\n");
    add_roff(status, out);
}

static void add_man_of_all(struct text *out) {
    text_add(
        out,
        ".TH RESERVOIR 1 \"\" \"Reservoir %s\"\n.SH NAME\nreservoir \\- ports reserved on a model of Windows and on a real host\n"
        ".SH SYNOPSIS\n.B reservoir\nCOMMAND [OPTION...] [WORD...]\n.SH DESCRIPTION\n",
        RESERVOIR_VERSION);
    add_roff(about, out);
    text_add(out, ".SH COMMANDS\n");
    for (unsigned i = 0; i < commands_count; i++) {
        text_add(out, ".TP\n.BR reservoir\\-%s (1)\n", commands_all[i]->name);
        add_roff(commands_all[i]->summary, out);
    }
    text_add(out, ".SH ENVIRONMENT\n.TP\n.B RESERVOIR_DATA\n");
    add_roff(data_text, out);
    text_add(
        out,
        ".TP\n.B NO_COLOR, FORCE_COLOR, TERM, COLUMNS\nno colours; colours even where output is no terminal; `dumb` has "
        "neither colours nor progress; the width that text is fitted to\n");
    add_roff_status(all_examples, all_status, out);
}

void man_add(const struct command *command, struct text *out) {
    assert(out != NULL);
    if (command == NULL) {
        add_man_of_all(out);
        return;
    }
    text_add(out, ".TH RESERVOIR\\-%s 1 \"\" \"Reservoir %s\"\n.SH NAME\nreservoir\\-%s \\- ", command->name,
             RESERVOIR_VERSION, command->name);
    add_roff(command->summary, out);
    text_add(out, ".SH SYNOPSIS\n.B reservoir %s\n", command->name);
    add_roff(command->synopsis, out);
    text_add(out, ".SH DESCRIPTION\n");
    add_roff(command->description, out);
    text_add(out, ".SH OPTIONS\n");
    for (unsigned i = 0; i < command->rows_count; i++) {
        if (command_has(command, &command->rows[i])) add_roff_row(&command->rows[i], out);
    }
    text_add(out, ".TP\n.B \\-h, \\-\\-help\nprints this as help\n");
    add_roff_status(command->examples, command->status, out);
    text_add(out, ".SH SEE ALSO\n.BR reservoir (1)\n");
}
