#include "sim/program/program_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "stack/call/signature.h"
#include "stack/sdk/wait_values.h"

static size_t append(char *text, size_t used, size_t text_size, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static size_t append(char *text, size_t used, size_t text_size, const char *format, ...) {
    va_list arguments;
    if (used >= text_size) return used;
    va_start(arguments, format);
    int length = vsnprintf(text + used, text_size - used, format, arguments);
    va_end(arguments);
    return used + (length > 0 ? (size_t)length : 0);
}

/* How a value is written; NULL: not at all. */
static const char *format_of(const struct parameter *parameter, uint64_t value) {
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_HANDLE:
    case PARAMETER_OBJECT:
    case PARAMETER_CODE: return "0x%" PRIx64;
    case PARAMETER_MILLISECONDS: return (uint32_t)value == INFINITE ? "INFINITE" : "%" PRIu64;
    case PARAMETER_U32:
    case PARAMETER_SIZE_DWORD: return "%" PRIu64;
    case PARAMETER_I32:
    case PARAMETER_BOOL:
    case PARAMETER_SIZE: return "%" PRId64;
    default: return NULL;
    }
}

void program_call_text(const struct call *call, char *text, size_t text_size) {
    const struct signature *signature = signature_of((enum function)call->function);
    const char *between = "";
    size_t used = append(text, 0, text_size, "waits in %s(", signature->name);
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const char *format = format_of(&signature->parameters[i], call->arguments[i]);
        if (format == NULL) continue;
        char value[40];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(value, sizeof value, format, call->arguments[i]);
#pragma GCC diagnostic pop
        used = append(text, used, text_size, "%s%s=%s", between, signature->parameters[i].name, value);
        between = ", ";
    }
    append(text, used, text_size, ")");
}
