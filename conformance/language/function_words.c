#include "conformance/language/function_words.h"

#include <assert.h>
#include <stdbool.h>

const char *function_success(const struct signature *signature) {
    static const char *const words[] = {
        [RETURNS_STATUS] = "0",
        [RETURNS_SOCKET] = "a socket",
        [RETURNS_HANDLE] = "a handle",
        [RETURNS_POINTER] = "a pointer",
        [RETURNS_FILE] = "a handle",
        [RETURNS_BOOL] = "TRUE",
        [RETURNS_ERROR] = "0, else the error",
        [RETURNS_WAIT] = "WAIT_...",
        [RETURNS_NUMBER] = "any number",
        [RETURNS_COUNT] = "a count",
    };
    return words[signature->returns];
}

const char *function_product(const struct signature *signature) {
    static const char *const words[] = {
        [PRODUCT_NONE] = "",        [PRODUCT_SOCKET] = "socket",      [PRODUCT_EVENT] = "event",
        [PRODUCT_FILE] = "file",    [PRODUCT_OUTPUT] = "output",      [PRODUCT_ADDRESS] = "address, `.port`",
        [PRODUCT_VALUE] = "number", [PRODUCT_TOKEN] = "`.Token`",     [PRODUCT_PROTOCOL_INFO] = "protocol info",
        [PRODUCT_PORT] = "port",    [PRODUCT_COPY] = "as its source",
    };
    return words[signature->product];
}

static void add_ordinary(const struct parameter *parameter, struct text *out) {
    switch ((enum parameter_kind)parameter->kind) {
    case PARAMETER_U32:
    case PARAMETER_I32: text_add(out, parameter->ordinary > 255 ? "=0x%04X" : "=%u", parameter->ordinary); return;
    case PARAMETER_BOOL: text_add(out, parameter->ordinary != 0 ? "=TRUE" : "=FALSE"); return;
    case PARAMETER_FLAGS: text_add(out, "=%u", parameter->ordinary); return;
    case PARAMETER_STORE: text_add(out, parameter->ordinary == NETSH_ACTIVE ? "=active" : "=persistent"); return;
    case PARAMETER_FAMILY: text_add(out, parameter->ordinary == NETSH_IPV4 ? "=ipv4" : "=ipv6"); return;
    case PARAMETER_NULL:
    case PARAMETER_OVERLAPPED:
    case PARAMETER_ROUTINE:
    case PARAMETER_PROTOCOL_INFO: text_add(out, "=NULL"); return;
    default: return; /* the size of what is passed, or a good pointer */
    }
}

void function_add_call(const struct signature *signature, struct text *out) {
    text_add(out, "%s(", signature->name);
    for (unsigned i = 0; i < signature->parameters_count; i++) {
        const struct parameter *parameter = &signature->parameters[i];
        if (parameter->kind == PARAMETER_ROW_OUT || parameter->kind == PARAMETER_RANGE_OUT)
            continue; /* no scenario says it */
        text_add(out, "%s%s%s", i == 0 ? "" : ", ", parameter->optional ? "[" : "", parameter->name);
        if (parameter->optional) add_ordinary(parameter, out);
        text_add(out, "%s", parameter->optional ? "]" : "");
    }
    text_add(out, ")");
}

static bool has(const struct signature *signature, enum parameter_kind kind) {
    return signature_parameter_of_kind(signature, kind) >= 0;
}

void function_add_observed(const struct signature *signature, struct text *out) {
    unsigned counts = 0;
    for (unsigned i = 0; i < signature->parameters_count; i++)
        counts += signature->parameters[i].kind == PARAMETER_COUNT_OUT;
    const struct {
        bool there;
        const char *word;
    } words[] = {
        { counts > 0, "bytes" },
        { counts > 1 || has(signature, PARAMETER_FLAGS), "flags" },
        { has(signature, PARAMETER_KEY_OUT), "key" },
        { has(signature, PARAMETER_OVERLAPPED_OUT), "overlapped" },
        { has(signature, PARAMETER_ENTRIES_OUT), "packets" },
        { (signature->traits & TRAIT_SHOWS_VALUE) != 0 || signature->product == PRODUCT_VALUE ||
              (has(signature, PARAMETER_BUFFERS_OUT) && has(signature, PARAMETER_OUT)),
          "value" },
        { has(signature, PARAMETER_SOCKETS) && !has(signature, PARAMETER_POLLED), "readfds, writefds, exceptfds" },
        { has(signature, PARAMETER_POLLED), "revents" },
        { (signature->traits & TRAIT_SHOWS_EVENTS) != 0, "value, iErrorCode" },
        { signature_shows_address(signature, 0), "address" },
        { (signature->traits & TRAIT_BINDS) != 0 || signature_shows_address(signature, 0), "port" },
        { has(signature, PARAMETER_ROW_OUT), "row, StartPort, NumberOfPorts" },
        { has(signature, PARAMETER_RANGE_OUT), "StartPort, NumberOfPorts" },
        { signature->product == PRODUCT_OUTPUT, "fields or out" },
        { has(signature, PARAMETER_BUFFERS_OUT), "out" },
        { has(signature, PARAMETER_TOKEN_OUT), "Token" },
        { signature_starts_request(signature), "Internal" },
        { signature_starts_request(signature), "InternalHigh" },
    };
    const char *between = "";
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!words[i].there) continue;
        text_add(out, "%s%s", between, words[i].word);
        between = ", ";
    }
    if ((signature->traits & TRAIT_BINDS_IF_FAILED) != 0) text_add(out, " (port after a failure too)");
}
