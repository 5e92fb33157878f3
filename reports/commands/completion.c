/* Shell completion, from the same rows as the help. The scripts are data and one function: no call of `reservoir` for
 * each key. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "reports/commands/commands.h"
#include "reports/commands/help.h"

static bool offers(const struct command *command, const struct option_row *row, enum option_kind kind) {
    if (!command_has(command, row) || row->kind == OPTION_TITLE) return false;
    return (row->kind == OPTION_WORD) == (kind == OPTION_WORD);
}

/* What may stand where the command wants a word of its own. */
static void add_words(const struct command *command, struct text *out) {
    for (unsigned i = 0; i < command->rows_count; i++) {
        if (offers(command, &command->rows[i], OPTION_WORD)) text_add(out, " %s", command->rows[i].name);
    }
}

static void add_options(const struct command *command, struct text *out) {
    for (unsigned i = 0; i < command->rows_count; i++) {
        const struct option_row *row = &command->rows[i];
        if (!offers(command, row, OPTION_FLAG)) continue;
        if (row->letter != '\0') text_add(out, " -%c", row->letter);
        text_add(out, " %s", row->name);
    }
    text_add(out, " -h --help");
}

static void add_choices(const struct option_row *row, struct text *out) {
    for (unsigned i = 0; row->choices != NULL && row->choices[i] != NULL; i++) text_add(out, " %s", row->choices[i]);
}

static bool command_has_words(const struct command *command) {
    struct text words = { 0 };
    add_words(command, &words);
    bool any = words.length > 0;
    text_free(&words);
    return any;
}

/* --- bash, and zsh by its bashcompinit ---------------------------------------------------------------------------- */

/* After an option with a value: what that may be. */
static void add_bash_value(const struct command *command, const struct option_row *row, struct text *out) {
    if (!offers(command, row, OPTION_FLAG) || row->value == NULL) return;
    text_add(out, "    %s:%s", command->name, row->name);
    if (row->letter != '\0') text_add(out, "|%s:-%c", command->name, row->letter);
    text_add(out, ") ");
    if (row->choices != NULL) {
        text_add(out, "words='");
        add_choices(row, out);
        text_add(out, "'");
    } else if (row->offer == OFFER_FILES) {
        text_add(out, "COMPREPLY=($(compgen -f -- \"$word\")); return");
    } else if (row->offer == OFFER_FOLDERS) {
        text_add(out, "COMPREPLY=($(compgen -d -- \"$word\")); return");
    } else {
        text_add(out, "return");
    }
    text_add(out, " ;;\n");
}

static void add_bash_command(const struct command *command, struct text *out) {
    text_add(out, "    %s:*) words='", command->name);
    add_options(command, out);
    add_words(command, out);
    text_add(out, "'%s ;;\n", command_has_words(command) ? "" : "; files=yes");
}

static void add_all_names(struct text *out) {
    for (unsigned i = 0; i < commands_count; i++) text_add(out, " %s", commands_all[i]->name);
}

static void add_bash(struct text *out) {
    text_add(
        out,
        "# Completion of reservoir's words, made by `reservoir completion bash`.\n"
        "_reservoir() {\n"
        "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" command=\"${COMP_WORDS[1]}\" words= files=\n"
        "  COMPREPLY=()\n"
        "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "    COMPREPLY=($(compgen -W '");
    add_all_names(out);
    text_add(out, " --help --version' -- \"$word\")); return\n  fi\n  case \"$command:$before\" in\n");
    for (unsigned i = 0; i < commands_count; i++) {
        const struct command *command = commands_all[i];
        for (unsigned j = 0; j < command->rows_count; j++) add_bash_value(command, &command->rows[j], out);
    }
    for (unsigned i = 0; i < commands_count; i++) add_bash_command(commands_all[i], out);
    text_add(
        out,
        "  esac\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "  if [ -n \"$files\" ] && [ \"${word#-}\" = \"$word\" ]; then COMPREPLY+=($(compgen -f -- \"$word\")); fi\n"
        "}\n"
        "complete -o filenames -F _reservoir reservoir\n");
}

/* --- fish --------------------------------------------------------------------------------------------------------- */

/* Within single quotes fish knows \' and \\ only. */
static void add_fish_quoted(const char *text, struct text *out) {
    text_add(out, "'");
    for (; *text != '\0'; text++) text_add(out, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
    text_add(out, "'");
}

static void add_fish_row(const struct command *command, const struct option_row *row, struct text *out) {
    if (!command_has(command, row) || row->kind == OPTION_TITLE) return;
    text_add(out, "complete -c reservoir -n '__fish_seen_subcommand_from %s'", command->name);
    if (row->kind == OPTION_WORD) {
        text_add(out, " -f -a %s", row->name);
    } else {
        text_add(out, " -l %s", row->name + 2);
        if (row->letter != '\0') text_add(out, " -s %c", row->letter);
        if (row->value != NULL) text_add(out, row->offer == OFFER_FILES || row->offer == OFFER_FOLDERS ? " -r" : " -x");
        if (row->choices != NULL) {
            text_add(out, " -a '");
            add_choices(row, out);
            text_add(out, "'");
        }
    }
    text_add(out, " -d ");
    add_fish_quoted(row->help, out);
    text_add(out, "\n");
}

static void add_fish(struct text *out) {
    text_add(out, "# Completion of reservoir's words, made by `reservoir completion fish`.\n");
    for (unsigned i = 0; i < commands_count; i++) {
        const struct command *command = commands_all[i];
        text_add(out, "complete -c reservoir -n __fish_use_subcommand -f -a %s -d ", command->name);
        add_fish_quoted(command->summary, out);
        text_add(out, "\n");
        for (unsigned j = 0; j < command->rows_count; j++) add_fish_row(command, &command->rows[j], out);
    }
}

bool completion_add(const char *shell, struct text *out) {
    assert(shell != NULL && out != NULL);
    if (strcmp(shell, "bash") == 0) {
        add_bash(out);
    } else if (strcmp(shell, "zsh") == 0) {
        text_add(out, "#compdef reservoir\nautoload -U +X bashcompinit && bashcompinit\n");
        add_bash(out);
    } else if (strcmp(shell, "fish") == 0) {
        add_fish(out);
    } else {
        return false;
    }
    return true;
}
