#include "sim/program/trace_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/program/options.h"
#include "sim/program/stop.h"
#include "stack/call/call.h"
#include "stack/sdk/socket_values.h"

enum {
    NAMES_MAX = 90,
    STEPS_MAX = 500,
    THREADS_MAX = 8,
    LINE_BYTES = 3800,
};

static struct {
    char *text;
    size_t used, size;
    struct trace_name names[NAMES_MAX];
    unsigned names_count, steps_count, threads_count;
    const char *over; /* why it ended */
    bool seen[PROGRAM_THREADS_MAX];
    char line[LINE_BYTES];
    size_t line_used;
} trace;

/* --- lines -------------------------------------------------------------------------------------------------------- */

void trace_put(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(trace.line + trace.line_used, sizeof trace.line - trace.line_used, format, arguments);
    va_end(arguments);
    trace.line_used += (size_t)length;
    if (trace.line_used < sizeof trace.line) return;
    trace.line_used = sizeof trace.line - 1;
    trace.over = "a line would be too long";
}

void trace_end_line(void) {
    bool fits = trace.used + trace.line_used + 2 < trace.size;
    if (!fits) {
        trace.size = (trace.used + trace.line_used + 2) * 2;
        trace.text = realloc(trace.text, trace.size);
        if (trace.text == NULL) stop(STOP_NO_ROOM, "there is no memory for the trace");
    }
    if (trace.over == NULL) {
        memcpy(trace.text + trace.used, trace.line, trace.line_used);
        trace.used += trace.line_used;
        trace.text[trace.used++] = '\n';
        if (++trace.steps_count == STEPS_MAX) trace.over = "it has more steps than a trace can have";
    }
    trace.line_used = 0;
}

void trace_give_up(const char *why) {
    if (trace.over == NULL) trace.over = why;
}

const char *trace_why_over(void) { return trace.over; }

const char *trace_text(size_t *length) {
    *length = trace.used;
    return trace.text;
}

/* --- names and values --------------------------------------------------------------------------------------------- */

struct trace_name *trace_name_of(enum named kind, uint64_t value) {
    for (unsigned i = trace.names_count; i > 0; i--)
        if (trace.names[i - 1].kind == kind && trace.names[i - 1].value == value) return &trace.names[i - 1];
    return NULL;
}

struct trace_name *trace_new_name(enum named kind, uint64_t value, char letter) {
    static struct trace_name none;
    if (trace.names_count == NAMES_MAX) {
        trace_give_up("it has more names than a trace can have");
        return &none;
    }
    struct trace_name *name = &trace.names[trace.names_count++];
    *name = (struct trace_name){ .kind = kind, .value = value };
    snprintf(name->text, sizeof name->text, "%c%u", letter, trace.names_count);
    return name;
}

static void note_thread(unsigned thread) {
    if (!trace.seen[thread] && ++trace.threads_count > THREADS_MAX)
        trace_give_up("it has more threads than a trace can have");
    trace.seen[thread] = true;
}

void trace_put_thread(unsigned thread) {
    note_thread(thread);
    if (thread == 0) trace_put("app");
    else trace_put("app.t%u", thread + 1);
}

bool trace_has_thread(unsigned thread) { return trace.seen[thread]; }

void trace_put_handle(uint64_t handle) {
    const struct trace_name *name = trace_name_of(NAMED_HANDLE, handle);
    if (name != NULL) trace_put("%s", name->text);
    else if (handle == UINT64_MAX) trace_put("INVALID_HANDLE_VALUE");
    else trace_put("0x%" PRIx64, handle);
}

void trace_put_hexadecimal(const uint8_t *bytes, uint32_t length) {
    if (length > TRACE_DATA_MAX) trace_give_up("data is longer than a trace can have");
    trace_put("hex(");
    for (uint32_t i = 0; i < length && i < TRACE_DATA_MAX; i++) trace_put(i > 0 ? " %02x" : "%02x", bytes[i]);
    trace_put(")");
}

void trace_put_address(const uint8_t *bytes, uint32_t length) {
    if (length >= SOCKADDR_IN6_SIZE && load_u16(bytes) == AF_INET6) {
        trace_put("[");
        for (unsigned i = 0; i < 8; i++) trace_put(i > 0 ? ":%x" : "%x", load_u16_network(bytes + 8 + 2 * i));
        trace_put("]");
    } else if (length >= SOCKADDR_IN_SIZE && load_u16(bytes) == AF_INET)
        trace_put("%u.%u.%u.%u", bytes[4], bytes[5], bytes[6], bytes[7]);
    else trace_give_up("an address of another family");
}

void trace_put_token(uint64_t token) {
    const struct trace_name *name = trace_name_of(NAMED_TOKEN, token);
    if (name != NULL) trace_put("%s.Token", name->text);
    else trace_put("0x%" PRIx64, token);
}
void trace_put_named(enum named kind, uint64_t address) {
    const struct trace_name *name = trace_name_of(kind, address);
    trace_put("%s", name != NULL ? name->text : "good");
}
