/* The declarations between header and steps: world, ports, user, process and thread lines. */
#include <assert.h>
#include <string.h>

#include "conformance/base/nearest.h"
#include "conformance/language/parser_parts.h"

bool parser_is_declaration(struct word word) {
    return word_is(word, "world") || word_is(word, "ports") || word_is(word, "user") || word_is(word, "process") ||
           word_is(word, "thread") || word_is(word, "machine") || word_is(word, "link");
}

/* --- world -------------------------------------------------------------------------------------------------------- */

/* tcp, udp or $transport; NULL after an error. */
static const char *take_transport(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    bool variant = lexer_take(lexer, "$");
    struct word word = lexer_take_word(lexer);
    if (!variant && word_is(word, "tcp")) return "tcp";
    if (!variant && word_is(word, "udp")) return "udp";
    if (!variant || !word_is(word, "transport")) {
        lexer_fail_at(lexer, word.start, "expected tcp, udp or $transport");
        return NULL;
    }
    return parser_check_variant(parser, word) ? "$transport" : NULL;
}

/* TRANSPORT FIRST-LAST */
static bool take_port_range(struct parser *parser, struct world_line *line) {
    struct lexer *lexer = &parser->lexer;
    uint64_t first = 0, last = 0;
    const char *transport = take_transport(parser);
    if (transport == NULL) return false;
    if (strcmp(transport, "$transport") != 0)
        line->transport = strcmp(transport, "tcp") == 0 ? TRANSPORT_TCP : TRANSPORT_UDP;
    lexer_peek(lexer);
    const char *place = lexer->at;
    if (!lexer_number_up_to(lexer, 65535, "a port", &first) || !lexer_expect(lexer, "-")) return false;
    if (!lexer_number_up_to(lexer, 65535, "a port", &last)) return false;
    line->first = (uint32_t)first;
    line->last = (uint32_t)last;
    return first <= last || lexer_fail_at(lexer, place, "the first port of a range is not above its last");
}

static bool add_world_line(struct parser *parser, const struct world_line *line) {
    struct scenario *scenario = parser->scenario;
    if (scenario->world_lines_count == WORLD_LINES_MAX)
        return lexer_fail(&parser->lexer, "more than %d world lines", WORLD_LINES_MAX);
    scenario->world_lines =
        arena_append(parser->arena, scenario->world_lines, scenario->world_lines_count, sizeof *line);
    scenario->world_lines[scenario->world_lines_count++] = *line;
    return true;
}

/* uac EnableLUA=1 FilterAdministratorToken=0: each setting is a line of its own in the tree. */
static bool take_uac(struct parser *parser, struct world_line *line) {
    struct lexer *lexer = &parser->lexer;
    line->kind = WORLD_UAC;
    do {
        struct word word = lexer_peek_word(lexer);
        uint64_t number = 0;
        if (!word_is(word, "EnableLUA") && !word_is(word, "FilterAdministratorToken"))
            return lexer_expected(lexer, "EnableLUA=0|1 or FilterAdministratorToken=0|1");
        line->text = parser_keep(parser, lexer_take_word(lexer));
        if (!lexer_expect(lexer, "=") || !lexer_number_up_to(lexer, 1, "the setting", &number)) return false;
        line->number = (uint32_t)number;
        if (!add_world_line(parser, line)) return false;
    } while (!lexer_at_end(lexer));
    return true;
}

/* at-once, later, never, or after 50ms */
static bool take_pace(struct parser *parser, struct world_line *line) {
    struct lexer *lexer = &parser->lexer;
    struct word word = lexer_take_word(lexer);
    while (line->number < PACES_COUNT && !word_is(word, provider_pace_name((enum provider_pace)line->number)))
        line->number++;
    if (line->number == PACES_COUNT) return lexer_fail_at(lexer, word.start, "expected at-once, later, never or after");
    return line->number != PACE_AFTER || parser_duration(parser, &line->duration_ns);
}

/* Of a scenario with one machine. Those of others stand in their lines. */
static bool take_address(struct parser *parser, struct world_line *line) {
    struct lexer *lexer = &parser->lexer;
    const struct scenario *scenario = parser->scenario;
    unsigned addresses = 0;
    lexer_peek(lexer);
    const char *place = lexer->at;
    if (scenario->machines_count > 0)
        return lexer_fail_at(lexer, place, "where machines have lines, their addresses stand in these");
    struct expression *address = parser_host(parser);
    if (address == NULL || !parser_check_own_address(parser, address, place)) return false;
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        if (scenario->world_lines[i].kind != WORLD_ADDRESS) continue;
        if (parser_same_host(scenario->world_lines[i].address, address))
            return lexer_fail_at(lexer, place, "this address is said twice");
        addresses++;
    }
    if (addresses == MACHINE_ADDRESSES_MAX)
        return lexer_fail_at(lexer, place, "more than %d addresses of a machine", MACHINE_ADDRESSES_MAX);
    line->kind = WORLD_ADDRESS;
    line->address = address;
    return add_world_line(parser, line);
}

static bool take_world(struct parser *parser, struct world_line *line) {
    struct lexer *lexer = &parser->lexer;
    uint64_t number = 0;
    struct word word = lexer_peek_word(lexer);
    lexer_take_word(lexer);
    if (word_is(word, "uac")) return take_uac(parser, line);
    if (word_is(word, "dynamic-range") || word_is(word, "dynamic-range-ipv6")) {
        line->kind = word_is(word, "dynamic-range") ? WORLD_DYNAMIC_RANGE : WORLD_DYNAMIC_RANGE_V6;
        return take_port_range(parser, line) && add_world_line(parser, line);
    }
    if (word_is(word, "exclusion")) {
        line->kind = WORLD_EXCLUSION;
        if (!take_port_range(parser, line)) return false;
        line->administered = word_is(lexer_peek_word(lexer), "administered");
        if (line->administered) lexer_take_word(lexer);
        line->active = line->administered && word_is(lexer_peek_word(lexer), "active");
        if (line->active) lexer_take_word(lexer);
        return add_world_line(parser, line);
    }
    if (word_is(word, "address")) return take_address(parser, line);
    if (word_is(word, "build")) {
        line->kind = WORLD_BUILD;
        if (!lexer_number_up_to(lexer, UINT32_MAX, "a build number", &number)) return false;
        line->number = (uint32_t)number;
        return add_world_line(parser, line);
    }
    if (word_is(word, "implements")) {
        line->kind = WORLD_IMPLEMENTED;
        struct word answer = lexer_take_word(lexer);
        if (!word_is(answer, "yes") && !word_is(answer, "no"))
            return lexer_fail_at(lexer, answer.start, "expected yes or no");
        line->number = word_is(answer, "yes");
        return add_world_line(parser, line);
    }
    if (word_is(word, "completes")) {
        line->kind = WORLD_COMPLETES;
        return take_pace(parser, line) && add_world_line(parser, line);
    }
    return lexer_fail_at(
        lexer, word.start,
        "expected dynamic-range, dynamic-range-ipv6, exclusion, address, uac, build, implements or completes after world");
}

/* --- ports, users ------------------------------------------------------------------------------------------------- */

/* p = 20 tcp */
static bool take_ports(struct parser *parser, struct ports_line *line) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct word word = { NULL, 0 };
    uint64_t count = 0;
    if (scenario->ports_count == PORTS_MAX) return lexer_fail(lexer, "more than %d ports lines", PORTS_MAX);
    if (!parser_take_name(parser, "a name for the ports", &word) || !lexer_expect(lexer, "=")) return false;
    if (!lexer_number_up_to(lexer, 16384, "the number of ports", &count)) return false;
    if (count == 0) return lexer_fail(lexer, "expected at least one port");
    struct name name = { .kind = NAME_PORTS, .process = NO_NAME };
    line->count = (uint32_t)count;
    line->transport = take_transport(parser);
    if (line->transport == NULL) return false;
    line->name = parser_give_name(parser, word, &name);
    return line->name != NO_NAME;
}

static bool take_user(struct parser *parser, struct user_line *line) {
    static const struct {
        const char *text;
        enum account_kind kind;
    } kinds[] = {
        { "standard-user", ACCOUNT_STANDARD_USER },
        { "administrator", ACCOUNT_ADMINISTRATOR },
        { "builtin-administrator", ACCOUNT_BUILTIN_ADMINISTRATOR },
        { "local-system", ACCOUNT_LOCAL_SYSTEM },
    };
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct word name = { NULL, 0 };
    if (scenario->users_count == USERS_MAX) return lexer_fail(lexer, "more than %d users", USERS_MAX);
    if (!parser_take_name(parser, "a name for the user", &name)) return false;
    for (uint32_t i = 0; i < scenario->users_count; i++) {
        if (word_is(name, scenario->users[i].name))
            return lexer_fail_at(lexer, name.start, "the user %s was given already", scenario->users[i].name);
    }
    line->name = parser_keep(parser, name);
    if (!word_is(lexer_peek_word(lexer), "is")) return lexer_expected(lexer, "`is` and an account");
    lexer_take_word(lexer);
    struct word account = lexer_peek_word(lexer);
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!word_is(account, kinds[i].text)) continue;
        lexer_take_word(lexer);
        line->kind = kinds[i].kind;
        return true;
    }
    return lexer_expected(lexer, "standard-user, administrator, builtin-administrator or local-system");
}

/* --- processes and threads ---------------------------------------------------------------------------------------- */

static bool take_startup(struct parser *parser, struct process_line *line) {
    struct lexer *lexer = &parser->lexer;
    static const char *const values[] = { "none", "1.1", "2.2" };
    if (lexer_take(lexer, "$")) {
        struct word variant = lexer_take_word(lexer);
        if (!word_is(variant, "startup")) return lexer_fail_at(lexer, variant.start, "expected $startup");
        line->startup = "$startup";
        return parser_check_variant(parser, variant);
    }
    struct word word = lexer_take_until_blank(lexer);
    for (unsigned i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (!word_is(word, values[i])) continue;
        line->startup = values[i];
        return true;
    }
    return lexer_fail_at(lexer, word.start, "expected startup=none, startup=1.1, startup=2.2 or startup=$startup");
}

/* clang-format off */
static const char *const manifests[] = {
    [MANIFEST_AS_INVOKER] = "asInvoker",
    [MANIFEST_HIGHEST_AVAILABLE] = "highestAvailable",
    [MANIFEST_REQUIRE_ADMINISTRATOR] = "requireAdministrator",
};
/* clang-format on */

int parser_find_manifest(struct parser *parser, struct word word) {
    for (unsigned i = 0; i < sizeof manifests / sizeof manifests[0]; i++)
        if (word_is(word, manifests[i])) return (int)i;
    lexer_expected(&parser->lexer, "asInvoker, highestAvailable or requireAdministrator");
    return NO_NAME;
}

static bool take_manifest(struct parser *parser, struct process_line *line) {
    int manifest = parser_find_manifest(parser, lexer_peek_word(&parser->lexer));
    if (manifest == NO_NAME) return false;
    lexer_take_word(&parser->lexer);
    line->manifest = manifests[manifest];
    return true;
}

int parser_find_user(struct parser *parser, struct word word) {
    const struct scenario *scenario = parser->scenario;
    for (uint32_t i = 0; i < scenario->users_count; i++)
        if (word_is(word, scenario->users[i].name)) return (int)i;
    struct nearest nearest = nearest_to(word.start, word.length);
    for (uint32_t i = 0; i < scenario->users_count; i++) nearest_offer(&nearest, scenario->users[i].name);
    if (nearest.best != NULL) lexer_fail(&parser->lexer, "unknown user; the nearest is %s", nearest.best);
    else lexer_expected(&parser->lexer, "a user that a line `user` above gives");
    return NO_NAME;
}

static bool take_as_user(struct parser *parser, struct process_line *line) {
    int user = parser_find_user(parser, lexer_peek_word(&parser->lexer));
    if (user == NO_NAME) return false;
    lexer_take_word(&parser->lexer);
    line->user = parser->scenario->users[user].name;
    return true;
}

/* The parent is a process of a line above, wherever this one is. */
static bool take_parent(struct parser *parser, struct process_line *line) {
    int parent = parser_use_process(parser, lexer_peek_word(&parser->lexer), "a process that a line above gives");
    if (parent == NO_NAME) return false;
    lexer_take_word(&parser->lexer);
    line->parent = parser->scenario->processes[parent].name;
    line->machine = parser->scenario->processes[parent].machine;
    return true;
}

/* on MACHINE */
static bool take_machine(struct parser *parser, struct process_line *line) {
    struct word name = lexer_take_word(&parser->lexer);
    line->machine = parser_use_machine(parser, name);
    if (line->machine == NO_NAME) return false;
    return !parser->scenario->machines[line->machine].bare ||
           lexer_fail_at(&parser->lexer, name.start, "machine %s is bare: no process runs on it",
                         parser->scenario->machines[line->machine].name);
}

/* Where machines have lines, a process is on one of them: the one that its line names, or its parent's. */
static bool check_machine(struct parser *parser, const struct process_line *line, const char *machine_place) {
    struct lexer *lexer = &parser->lexer;
    if (line->parent != NULL && machine_place != NULL)
        return lexer_fail_at(lexer, machine_place, "a process of another one runs on that one's machine");
    return line->machine != NO_NAME || parser->scenario->machines_count == 0 ||
           lexer_fail(lexer, "expected `on` and the machine that this process runs on");
}

static bool take_process_words(struct parser *parser, struct process_line *line) {
    struct lexer *lexer = &parser->lexer;
    bool startup_seen = false;
    const char *token_place = NULL; /* of the last word that says whose token it has */
    const char *machine_place = NULL;
    line->startup = "2.2";
    line->machine = NO_NAME;
    while (!lexer_at_end(lexer)) {
        struct word word = lexer_take_word(lexer);
        bool value = word_is(word, "manifest") || word_is(word, "startup");
        bool twice = (word_is(word, "of") && line->parent != NULL) || (word_is(word, "as") && line->user != NULL) ||
                     (word_is(word, "elevated") && line->elevated) || (word_is(word, "on") && machine_place != NULL) ||
                     (word_is(word, "manifest") && line->manifest != NULL) ||
                     (word_is(word, "startup") && startup_seen);
        if (twice) return lexer_fail_at(lexer, word.start, "%.*s is said twice", (int)word.length, word.start);
        if (value && !lexer_expect(lexer, "=")) return false;
        if (word_is(word, "on")) machine_place = word.start;
        else if (!value) token_place = word.start;
        if (word_is(word, "of")) {
            if (!take_parent(parser, line)) return false;
        } else if (word_is(word, "on")) {
            if (!take_machine(parser, line)) return false;
        } else if (word_is(word, "as")) {
            if (!take_as_user(parser, line)) return false;
        } else if (word_is(word, "elevated")) {
            line->elevated = true;
        } else if (word_is(word, "manifest")) {
            if (!take_manifest(parser, line)) return false;
        } else if (word_is(word, "startup")) {
            startup_seen = true;
            if (!take_startup(parser, line)) return false;
        } else {
            return lexer_fail_at(
                lexer, word.start,
                "expected of PROCESS, as USER, on MACHINE, elevated, manifest=, startup= or the end of the line");
        }
    }
    if (!check_machine(parser, line, machine_place)) return false;
    bool own_token = line->user != NULL || line->elevated;
    return line->parent == NULL || !own_token ||
           lexer_fail_at(lexer, token_place,
                         "a process of another one has that one's token; expected neither `as` nor `elevated`");
}

static bool add_thread(struct parser *parser, const char *name, int process, bool is_main) {
    struct scenario *scenario = parser->scenario;
    if (scenario->threads_count == THREADS_MAX)
        return lexer_fail(&parser->lexer, "more than %d threads in all, the first of each process included",
                          THREADS_MAX);
    scenario->threads[scenario->threads_count++] =
        (struct thread_line){ lexer_position(&parser->lexer, parser->lexer.line), name, process, is_main };
    return true;
}

/* A process may be given once for each guard; steps use the first line, which stands for all. */
static bool take_process(struct parser *parser, struct process_line *line) {
    struct scenario *scenario = parser->scenario;
    struct lexer *lexer = &parser->lexer;
    struct word name = { NULL, 0 };
    if (!parser_take_name(parser, "a name for the process", &name)) return false;
    if (scenario->processes_count == PROCESSES_MAX)
        return lexer_fail_at(lexer, name.start, "more than %d process lines", PROCESSES_MAX);
    for (uint32_t i = 0; i < scenario->threads_count; i++) {
        if (!scenario->threads[i].is_main)
            return lexer_fail_at(lexer, name.start, "process lines stand before thread lines");
    }
    int first = parser_find_process(parser, name);
    if (first != NO_NAME && (parser->processes_given[first] & parser->mask) != 0)
        return lexer_fail_at(lexer, name.start, "the process %s was given already", scenario->processes[first].name);
    line->name = parser_keep(parser, name);
    if (!take_process_words(parser, line)) return false;
    scenario->processes = arena_append(parser->arena, scenario->processes, scenario->processes_count, sizeof *line);
    int index = (int)scenario->processes_count++;
    scenario->processes[index] = *line;
    parser->process_lines[index] = parser->mask;
    parser->processes_given[first == NO_NAME ? index : first] |= parser->mask;
    if (line->parent == NULL) parser->processes_started[first == NO_NAME ? index : first] |= parser->mask;
    return first != NO_NAME || add_thread(parser, line->name, index, true);
}

/* app.t2 */
static bool take_thread(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    lexer_peek(lexer);
    const char *place = lexer->at;
    struct word process = lexer_take_word(lexer);
    int index = parser_find_process(parser, process);
    if (index == NO_NAME)
        return lexer_fail_at(lexer, place, "expected PROCESS.THREAD with a process that a line above gives");
    if (!lexer_take_adjacent(lexer, '.')) return lexer_expected(lexer, "'.' and the name of the thread");
    struct word thread = lexer_take_word(lexer);
    if (thread.start != process.start + process.length + 1 || !word_is_name(thread))
        return lexer_fail_at(lexer, thread.start,
                             "expected the name of the thread after the dot (small letters, digits and _)");
    if (parser_find_thread(parser, process, thread) != NO_NAME)
        return lexer_fail_at(lexer, place, "the thread %.*s was given already", (int)(lexer->at - place), place);
    struct word whole = { place, (unsigned)(lexer->at - place) };
    return add_thread(parser, parser_keep(parser, whole), index, false);
}

/* --- any declaration ---------------------------------------------------------------------------------------------- */

static bool ports_declaration(struct parser *parser, struct position position) {
    struct scenario *scenario = parser->scenario;
    struct ports_line line = { .position = position };
    const char *comment = NULL;
    if (!take_ports(parser, &line)) return false;
    const char *end = parser->lexer.at;
    if (!parser_end_with_live(parser, &comment, &line.live)) return false;
    if (line.live == NULL) parser->lexer.at = end; /* the comment belongs to the margin */
    scenario->ports = arena_append(parser->arena, scenario->ports, scenario->ports_count, sizeof line);
    scenario->ports[scenario->ports_count++] = line;
    return parser_end_line(parser, MARGIN_PORTS, scenario->ports_count - 1);
}

static bool machine_declaration(struct parser *parser, struct position position) {
    struct scenario *scenario = parser->scenario;
    struct machine_line line = { .position = position };
    if (!parser_machine(parser, &line)) return false;
    scenario->machines = arena_append(parser->arena, scenario->machines, scenario->machines_count, sizeof line);
    scenario->machines[scenario->machines_count++] = line;
    return parser_end_line(parser, MARGIN_MACHINE, scenario->machines_count - 1);
}

static bool link_declaration(struct parser *parser, struct position position) {
    struct scenario *scenario = parser->scenario;
    struct link_line line = { .position = position };
    if (!parser_link(parser, &line)) return false;
    scenario->links = arena_append(parser->arena, scenario->links, scenario->links_count, sizeof line);
    scenario->links[scenario->links_count++] = line;
    return parser_end_line(parser, MARGIN_LINK, scenario->links_count - 1);
}

static bool user_declaration(struct parser *parser, struct position position) {
    struct scenario *scenario = parser->scenario;
    struct user_line line = { .position = position };
    if (!take_user(parser, &line)) return false;
    scenario->users = arena_append(parser->arena, scenario->users, scenario->users_count, sizeof line);
    scenario->users[scenario->users_count++] = line;
    return parser_end_line(parser, MARGIN_USER, scenario->users_count - 1);
}

bool parser_declaration(struct parser *parser) {
    struct lexer *lexer = &parser->lexer;
    struct scenario *scenario = parser->scenario;
    struct guard guard;
    parser->mask = parser->all;
    if (!parser_take_guard(parser, &guard)) return false;
    lexer_peek(lexer);
    struct position position = lexer_position(lexer, lexer->at);
    struct word word = lexer_take_word(lexer);
    assert(parser_is_declaration(word));
    bool guarded = guard.values_count > 0;
    if (guarded && !word_is(word, "world") && !word_is(word, "process"))
        return lexer_fail_at(lexer, word.start, "a guard goes with world and process lines, steps and alternatives");
    if (word_is(word, "world")) {
        struct world_line line = { .position = position, .guard = guard };
        uint32_t first = scenario->world_lines_count;
        return take_world(parser, &line) && parser_end_line(parser, MARGIN_WORLD, first);
    }
    if (word_is(word, "ports")) return ports_declaration(parser, position);
    if (word_is(word, "user")) return user_declaration(parser, position);
    if (word_is(word, "machine")) return machine_declaration(parser, position);
    if (word_is(word, "link")) return link_declaration(parser, position);
    if (word_is(word, "process")) {
        struct process_line line = { .position = position, .guard = guard };
        return take_process(parser, &line) && parser_end_line(parser, MARGIN_PROCESS, scenario->processes_count - 1);
    }
    return take_thread(parser) && parser_end_line(parser, MARGIN_THREAD, scenario->threads_count - 1);
}
