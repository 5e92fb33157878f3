/* What the files of the parser share; no other file includes this.
 *
 *   parser.c             files, whole texts, answers
 *   parser_header.c      scenario and trace lines, the indented header, variants
 *   parser_world.c       world, ports, user, process, thread
 *   parser_link.c        machines and the links between them
 *   parser_names.c       names, guards, comments: what is known where
 *   parser_step.c        steps
 *   parser_packet.c      packets that are sent and expected
 *   parser_process.c     which process a step may be of, and which one it starts
 *   parser_call.c        a call and its arguments
 *   parser_outcome.c     outcomes, predicates
 *   parser_delivery.c    lines below a step: routines, packets, APCs
 *   parser_source.c      who says so: clauses, facts, clients, readings
 *   parser_expression.c  values
 *   parser_known.c        steps and outcomes that were parsed before
 *
 * GUARDS ARE MASKS. A scenario has at most 64 instances; a guard is parsed into the set of instances in which it holds,
 * and every name and process remembers the set in which it was given. So one pass finds what no instance may miss, and
 * the expansion can never fail. */
#ifndef RESERVOIR_CONFORMANCE_PARSER_PARTS_H
#define RESERVOIR_CONFORMANCE_PARSER_PARTS_H

#include "conformance/language/lexer.h"
#include "conformance/language/tree.h"
#include "conformance/language/variants.h"

enum {
    HEADER_LINES_MAX = 64, /* notes, facts, needs: of each kind */
    WORLD_LINES_MAX = 64,
    USERS_MAX = 16,
    OUTCOMES_MAX = 32, /* of a step */
    SOURCES_MAX = 16,  /* of an outcome */
    RECORD_ITEMS_MAX = 8,
    HEX_BYTES_MAX = 256,
    NOTED_NAMES_MAX = 16, /* of a part that can be known */
    BUFFER_BYTES_MAX = 512,
};

_Static_assert(INSTANCES_MAX <= 64, "a set of instances fits a mask");

/* What the value of a name can be used as. */
enum value_class {
    CLASS_HANDLE = 1,
    CLASS_EVENT = 2,
    CLASS_PORT = 4,
    CLASS_RANGE = 8,
    CLASS_TOKEN = 16,
    CLASS_NUMBER = 32,
    CLASS_OUTPUT = 64,
    CLASS_ADDRESS = 128,
    CLASS_OVERLAPPED = 256,
    CLASS_BUFFER = 512,
    CLASS_PROTOCOL_INFO = 1024,
    CLASS_THREAD = 2048,
    CLASS_SEQUENCE = 4096, /* a number of TCP's, with 32 bits */
};

/* What was looked for among the names while a part was parsed. */
struct noted_name {
    struct word word;
    int index; /* NO_NAME: there is none */
};

struct noted_names {
    struct noted_name names[NOTED_NAMES_MAX];
    unsigned count;
    bool too_many;
};

struct parser {
    struct lexer lexer;
    struct scenario *scenario;
    struct arena *arena;
    struct instance *instances; /* INSTANCES_MAX of them */
    unsigned instances_count;
    uint64_t all;  /* the mask of all instances */
    uint64_t mask; /* of the line, and of the alternative inside an outcome */
    uint64_t names_given[NAMES_MAX];
    uint64_t processes_given[PROCESSES_MAX];
    uint64_t process_lines[PROCESSES_MAX]; /* where each line holds; the two others are those of a name's first line */
    uint64_t processes_started[PROCESSES_MAX];
    uint64_t sockets_attached[NAMES_MAX]; /* by `by $completion`, to a completion port */
    uint64_t stepped;                     /* the instances that have a step */
    bool live_names;                      /* names that only a live value explains are allowed: traces and answers */
    bool answering;                       /* the names are all declared already */
    bool in_together;
    bool line_waits;           /* the header has read the first line after it */
    struct word required_name; /* of the scenario, from its file; length 0: any */
    uint32_t steps_total;      /* children included, and what the expansion adds */
    uint32_t completions;      /* lines `by $completion` so far */
    uint32_t comments_pending_count;
    const char **comments_pending; /* full-line comments above the next line; "" is a blank line */
    struct known_parts *known;     /* NULL: every part is parsed */
    const struct cast *cast;       /* see parser_known.c; NULL until cast_known, and where steps cannot be known */
    bool cast_known;
    struct noted_names *noted; /* while a part is parsed that may be known later; else NULL */
};

/* --- parser_names.c --- */
const char *parser_keep(struct parser *parser, struct word word);
bool parser_is_reserved(struct word word);
/* Takes a name of ours that is not a reserved word; `what` says whose name it is. */
bool parser_take_name(struct parser *parser, const char *what, struct word *name);
int parser_find_name(const struct parser *parser, struct word word);
/* Adds a name that is not there, under the current mask; its text is not copied. There must be room (asserted). */
int parser_add_name(struct parser *parser, const struct name *name);
int parser_find_process(const struct parser *parser, struct word word);
/* The index of a user, or of a manifest level in enum manifest; NO_NAME after saying what was expected. */
int parser_find_user(struct parser *parser, struct word word);
int parser_find_manifest(struct parser *parser, struct word word);
int parser_find_thread(const struct parser *parser, struct word process, struct word thread);
/* Declares a name under the current mask; returns its index, or NO_NAME after an error. */
int parser_give_name(struct parser *parser, struct word word, const struct name *name);
/* A name that must be known, and given wherever the current mask holds; NO_NAME after an error. */
int parser_use_name(struct parser *parser, struct word word);
/* [udp.v6], when there is one: fills *guard and narrows parser->mask. */
bool parser_take_guard(struct parser *parser, struct guard *guard);
/* udp.v6 at the cursor, added to *guard. */
bool parser_take_values(struct parser *parser, struct guard *guard);
/* Text such as [udp.v6] of the first instance in `mask`, for messages. `out` has 128 bytes. */
const char *parser_instance_text(const struct parser *parser, uint64_t mask, char *out);
/* Value of $word (without the dollar) known, and its dimension there? */
bool parser_check_variant(struct parser *parser, struct word word);
/* Comments above the next line are gathered, then taken by it. */
bool parser_gather_comment(struct parser *parser);
void parser_take_comments(struct parser *parser, bool blank_lines, uint32_t *count, const char ***comments);
/* Ends a header line or a declaration: nothing may be left but a comment. */
bool parser_end_line(struct parser *parser, enum margin_line line, uint32_t index);
/* The comment after a step or a ports line, split into comment and live values. */
bool parser_end_with_live(struct parser *parser, const char **comment, const char **live);

/* --- parser_header.c --- */
bool parser_header(struct parser *parser);

/* --- parser_world.c --- */
bool parser_is_declaration(struct word word);
bool parser_declaration(struct parser *parser);

/* --- parser_link.c --- */
/* The rest of a machine or link line among the declarations; of a step `link`. */
bool parser_machine(struct parser *parser, struct machine_line *line);
bool parser_link(struct parser *parser, struct link_line *line);
bool parser_link_step(struct parser *parser, struct step *step);
/* The machine of this name; NO_NAME after an error. */
int parser_use_machine(struct parser *parser, struct word word);

/* --- parser_known.c --- */
/* From now on the parser takes from `known` what it has, and adds to it. */
void parser_know(struct parser *parser, struct known_parts *known);
void parser_note_name(const struct parser *parser, struct word word, int index);
/* What `take` would do with a step, and with its outcomes. */
bool parser_step_or_known(struct parser *parser, struct step *step, bool (*take)(struct parser *, struct step *));
bool parser_outcomes_or_known(struct parser *parser, struct step *step, bool (*take)(struct parser *, struct step *));

/* --- parser_step.c --- */
/* One step on the current line, from the cursor on. A `together` is returned without its children. */
bool parser_step(struct parser *parser, struct step *step);
bool parser_top_step(struct parser *parser);
bool parser_indented(struct parser *parser);
bool parser_steps_finish(struct parser *parser);

/* --- parser_call.c --- */
bool parser_call(struct parser *parser, struct step *step, struct word product);

/* --- parser_outcome.c --- */
bool parser_outcomes(struct parser *parser, struct step *step);

/* --- parser_delivery.c --- */
/* Does the line begin as one that tells of a routine, a packet or an APC? */
bool parser_at_delivery(struct parser *parser);
bool parser_delivery_line(struct parser *parser, struct step *step);

/* --- parser_source.c --- */
/* One source, the cursor at its @. */
bool parser_take_source(struct parser *parser, struct outcome *outcome);

/* --- parser_packet.c --- */
/* What stands after `expect`; NAME = expect ..., from the name on; what stands after `packet`. */
bool parser_packet(struct parser *parser, struct step *step);
bool parser_named_packet(struct parser *parser, struct step *step);
bool parser_sent_packet(struct parser *parser, struct step *step);
/* Are these outcomes of a packet where they are of an `expect packet`, and of a call elsewhere? */
bool parser_check_outcomes(struct parser *parser, const struct step *step);

/* --- parser_process.c --- */
/* The process called `word`, known wherever the line holds, or NO_NAME after an error, which says what else was
 * expected. */
int parser_use_process(struct parser *parser, struct word word, const char *expected);
/* Is the process there for a step of its own, wherever the line holds? */
bool parser_check_started(struct parser *parser, struct word word, int process);
/* A CreateProcess whose arguments are known: which process it starts, if any. */
bool parser_start_child(struct parser *parser, const struct step *step);
/* After a restart those who are started by steps run no more. */
void parser_end_children(struct parser *parser);

/* --- parser_expression.c --- */
/* Any value by its form; NULL after an error. Names are resolved. */
struct expression *parser_expression(struct parser *parser);
struct expression *parser_new_expression(struct parser *parser, enum expression_kind kind, const char *place);
struct expression *parser_host(struct parser *parser);

/* Can a machine have this host for its own address? False with the error at `place`. */
bool parser_check_own_address(struct parser *parser, const struct expression *address, const char *place);
bool parser_same_host(const struct expression *one, const struct expression *other);
bool parser_at_host(struct parser *parser);
/* What a NAME expression can be used as: a set of enum value_class. */
unsigned parser_classes(const struct parser *parser, const struct expression *expression);
/* An upper-case word that is neither a constant nor an error. */
bool parser_fail_unknown_constant(struct parser *parser, struct word word);

/* 10ms, at the cursor. */
bool parser_duration(struct parser *parser, uint64_t *nanoseconds);

#endif
