#include "reports/commands/holders.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/base/memory.h"
#include "stack/ports/pool.h"

enum { RANGE_WIDTH = 12 };

/* A line to be, with what it is sorted by. */
struct row {
    unsigned protocol, first, last;
    struct text text;
};

struct rows {
    const struct world *world;
    const struct scenario *scenario;
    const struct session *session;
    struct row *rows;
    size_t count, capacity;
};

static struct text *add_row(struct rows *rows, unsigned protocol, unsigned first, unsigned last) {
    rows->rows = memory_grow(rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    struct row *row = &rows->rows[rows->count++];
    *row = (struct row){ .protocol = protocol, .first = first, .last = last };
    return &row->text;
}

/* The name by which a scenario knows a socket: the name of the first of its open handles. NULL when it has none. */
static const char *socket_name(const struct rows *rows, unsigned socket) {
    for (unsigned i = 0; i < world_top(rows->world, TABLE_HANDLES); i++) {
        const struct handle *handle = world_handle_at(rows->world, i);
        if (handle->kind != HANDLE_SOCKET || handle->object != socket) continue;
        for (uint32_t j = 0; j < rows->scenario->names_count; j++) {
            const struct name *name = &rows->scenario->names[j];
            const struct live_value *live = &rows->session->live[j];
            bool is_it = name->kind == NAME_SOCKET && name->process == (int)handle->process &&
                         live->state == LIVE_PRODUCED && live->number == handle->number;
            if (is_it) return name->text;
        }
    }
    return NULL;
}

static void add_socket(const struct rows *rows, unsigned socket, struct text *out) {
    const char *name = socket_name(rows, socket);
    text_add(out, "%s", name == NULL ? "a socket without a name" : name);
}

/* Is the socket bound to a port of the range? What accept() made has its listener's port without holding it. */
static bool is_bound_in(const struct socket_row *socket, const struct row *row) {
    if (socket->state == SOCKET_FREE || socket->accepted || socket->protocol != row->protocol) return false;
    return socket->port != 0 && socket->port >= row->first && socket->port <= row->last;
}

/* `49153 bound by a, 49154 bound by b`, with `before` in front of the first; a single port is not repeated. */
static void add_bound(const struct rows *rows, const struct row *row, const char *before, struct text *out) {
    for (unsigned i = 0; i < world_top(rows->world, TABLE_SOCKETS); i++) {
        const struct socket_row *socket = world_socket_at(rows->world, i);
        if (!is_bound_in(socket, row)) continue;
        text_add(out, "%s", before);
        if (row->first < row->last) text_add(out, "%u ", (unsigned)socket->port);
        text_add(out, "bound by ");
        add_socket(rows, i, out);
        before = ", ";
    }
}

static void add_token(const struct rows *rows, const struct reservation *block, struct text *out) {
    unsigned number = block->token_state != TOKEN_REPORTED ? 0 : session_token_number(rows->session, block->token);
    if (number > 0) text_add(out, ", token t%u", number);
}

static void add_block(struct rows *rows, const struct reservation *block) {
    bool persistent = block->kind == RESERVATION_PERSISTENT;
    if (block->count == 0) return;
    struct text *text = add_row(rows, block->protocol, block->first, block->first + block->count - 1);
    if (persistent) {
        text_add(text, "persistent block");
    } else if (block->process == NO_ROW) {
        text_add(text, "block of a process that ended");
    } else {
        assert(block->process < rows->scenario->processes_count);
        text_add(text, "block of %s, acquired on ", rows->scenario->processes[block->process].name);
        add_socket(rows, block->socket, text);
    }
    add_token(rows, block, text);
    add_bound(rows, &rows->rows[rows->count - 1], "; ", text);
}

static void add_exclusion(struct rows *rows, const struct exclusion *exclusion) {
    if (exclusion->state != EXCLUSION_ACTIVE) return;
    struct text *text = add_row(rows, exclusion->protocol, exclusion->first, exclusion->last);
    text_add(text, exclusion->administered ? "excluded, administered" : "excluded");
    add_bound(rows, &rows->rows[rows->count - 1], "; ", text);
}

/* Does an earlier row have the port? */
static bool is_covered(const struct rows *rows, unsigned protocol, unsigned port) {
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->rows[i];
        if (row->protocol == protocol && port >= row->first && port <= row->last) return true;
    }
    return false;
}

static void add_bound_outside(struct rows *rows) {
    for (unsigned i = 0; i < world_top(rows->world, TABLE_SOCKETS); i++) {
        const struct socket_row *socket = world_socket_at(rows->world, i);
        bool bound = socket->state != SOCKET_FREE && !socket->accepted && socket->port != 0 &&
                     socket->protocol < PROTOCOLS_COUNT;
        if (!bound || is_covered(rows, socket->protocol, socket->port)) continue;
        struct text *text = add_row(rows, socket->protocol, socket->port, socket->port);
        add_bound(rows, &rows->rows[rows->count - 1], "", text);
    }
}

static int compare(const void *one, const void *other) {
    const struct row *a = one, *b = other;
    if (a->protocol != b->protocol) return a->protocol < b->protocol ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static void print_row(const struct row *row, struct text *out) {
    char range[RANGE_WIDTH + 1];
    if (row->first == row->last) snprintf(range, sizeof range, "%u", row->first);
    else snprintf(range, sizeof range, "%u-%u", row->first, row->last);
    text_add(out, "%s %-*s  %s\n", row->protocol == PROTOCOL_TCP ? "tcp" : "udp", RANGE_WIDTH - 1, range,
             row->text.bytes);
}

void holders_add(const struct world *world, const struct scenario *scenario, const struct session *session,
                 struct text *out) {
    struct rows rows = { .world = world, .scenario = scenario, .session = session };
    assert(world != NULL && scenario != NULL && session != NULL && out != NULL);
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *block = world_reservation_at(world, i);
        if (block->kind == RESERVATION_RUNTIME || block->kind == RESERVATION_PERSISTENT) add_block(&rows, block);
    }
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++)
        add_exclusion(&rows, world_exclusion_at(world, i));
    add_bound_outside(&rows);
    if (rows.count > 0) qsort(rows.rows, rows.count, sizeof *rows.rows, compare);
    for (size_t i = 0; i < rows.count; i++) {
        print_row(&rows.rows[i], out);
        text_free(&rows.rows[i].text);
    }
    free(rows.rows);
}

/* --- changes ------------------------------------------------------------------------------------------------------ */

/* Has the text this line, up to `length` bytes of it? */
static bool has_line(const char *text, const char *line, size_t length) {
    for (const char *at = text; at != NULL && *at != '\0';) {
        if (strncmp(at, line, length) == 0) return true;
        at = strchr(at, '\n');
        if (at != NULL) at++;
    }
    return false;
}

enum { RANGE_END = 4 + RANGE_WIDTH - 1 }; /* `tcp 49153-49154`: what a line begins with */

/* What a line says when its range is not there any more. */
static const char *parting(const char *line) {
    const char *what = line + RANGE_END + 2;
    if (strncmp(what, "bound", strlen("bound")) == 0) return "free";
    return strncmp(what, "excluded", strlen("excluded")) == 0 ? "no longer excluded" : "no longer reserved";
}

void holders_add_changes(const char *before, const char *now, const char *indent, struct text *out) {
    const char *texts[] = { before, now };
    assert(indent != NULL && out != NULL);
    for (unsigned is_now = 0; is_now < 2; is_now++) {
        for (const char *at = texts[is_now]; at != NULL && *at != '\0';) {
            size_t length = strcspn(at, "\n");
            if (is_now && !has_line(before, at, length + 1)) text_add(out, "%s%.*s\n", indent, (int)length, at);
            if (!is_now && !has_line(now, at, RANGE_END))
                text_add(out, "%s%.*s  %s\n", indent, RANGE_END, at, parting(at));
            at += length + (at[length] == '\n');
        }
    }
}
