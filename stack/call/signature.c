#include "stack/call/signature.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "stack/errors.h"
#include "stack/sdk/wait_values.h"

#define NO_PROVIDER NULL
#define PRESENCE_REQUIRED false, 0
#define PRESENCE_REQUIRED_BYTES(bytes) false, bytes
#define PRESENCE_ORDINARY(value) true, value

/* clang-format off */
#define PARAMETER_ROW(function, type, name, kind, presence, pair, ...) \
    { #name, kind, function##_##pair, PRESENCE_##presence },

#define KIND_BIT(function, type, name, kind, ...) | UINT64_C(1) << (kind)

#define SIGNATURE(name, module, ordinal, provider, family, returns, product, traits, lasting, ...) \
    [FUNCTION_##name] = { #name, module, provider, ordinal, sizeof #name - 1, FUNCTION_##name, family, returns, product, \
                          traits, lasting, name##_parameters_count, \
                          0 EACH(KIND_BIT, NOTHING, | 0, name, __VA_ARGS__), \
                          { EACH(PARAMETER_ROW, NOTHING, { 0 }, name, __VA_ARGS__) } },

static const struct signature signatures[FUNCTION_COUNT] = {
#define FUNCTION(result, name, module, ...) SIGNATURE(name, #module, BY_NAME, NULL, __VA_ARGS__)
#define WINSOCK_FUNCTION(result, name, ordinal, provider, ...) \
    SIGNATURE(name, "ws2_32", ordinal, provider, ERROR_FAMILY_WINSOCK, __VA_ARGS__)
#include "stack/call/functions.def"
};
/* clang-format on */

const struct signature *signature_of(enum function function) {
    assert(function > FUNCTION_NONE);
    assert(function < FUNCTION_COUNT);
    return &signatures[function];
}

/* The first byte rules out most names before they are measured. */
static bool is_named(const char *candidate, const char *name, unsigned length) {
    return length > 0 && candidate[0] == name[0] && strlen(candidate) == length && memcmp(candidate, name, length) == 0;
}

const struct signature *signature_named(const char *name, unsigned length) {
    assert(name != NULL);
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) {
        assert(signatures[i].function == i);
        if (signatures[i].name_length == length && memcmp(signatures[i].name, name, length) == 0) return &signatures[i];
    }
    return NULL;
}

bool function_is_known(const char *name, unsigned length) {
    static const char *const known[] = {
#define KNOWN_FUNCTION(name) #name,
#include "stack/call/known_functions.def"
    };
    for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
        if (is_named(known[i], name, length)) return true;
    return false;
}

int signature_parameter(const struct signature *signature, const char *name, unsigned length) {
    assert(signature != NULL);
    for (unsigned i = 0; i < signature->parameters_count; i++)
        if (is_named(signature->parameters[i].name, name, length)) return (int)i;
    return -1;
}

int signature_first_of_kind(const struct signature *signature, enum parameter_kind kind) {
    assert(signature != NULL && (signature->kinds >> kind & 1) != 0);
    unsigned i = 0;
    while (signature->parameters[i].kind != kind) i++;
    return (int)i;
}

int call_named_thread(const struct call *call) {
    const struct signature *signature = signature_of((enum function)call->function);
    int argument = signature_parameter_of_kind(signature, PARAMETER_THREAD);
    if (argument < 0) argument = signature_parameter_of_kind(signature, PARAMETER_OBJECT);
    uint64_t index = argument < 0 ? UINT64_MAX : call->arguments[argument] - THREAD_HANDLE_FIRST;
    return index < THREAD_HANDLES ? (int)index : -1;
}

bool signature_is_control(const struct signature *signature) {
    assert(signature != NULL);
    return signature->function == FUNCTION_WSAIoctl || signature->function == FUNCTION_WSPIoctl;
}

bool signature_starts_request(const struct signature *signature) {
    assert(signature != NULL);
    return (signature->traits & TRAIT_STARTS) != 0;
}

bool signature_binds(const struct signature *signature, bool succeeded) {
    assert(signature != NULL);
    return (signature->traits & (succeeded ? TRAIT_BINDS : TRAIT_BINDS_IF_FAILED)) != 0;
}

bool signature_shows_address(const struct signature *signature, uint32_t error) {
    assert(signature != NULL);
    if (signature_parameter_of_kind(signature, PARAMETER_ADDRESS_OUT) < 0) return false;
    return error == 0 || (error == WSAEMSGSIZE && signature->product != PRODUCT_ADDRESS);
}

bool signature_succeeds(const struct signature *signature, uint64_t value) {
    uint32_t low = (uint32_t)value;
    switch ((enum returns)signature->returns) {
    case RETURNS_STATUS:
    case RETURNS_COUNT:
    case RETURNS_SOCKET:
    case RETURNS_FILE:
    case RETURNS_WAIT: return low != UINT32_MAX;
    case RETURNS_POINTER:
    case RETURNS_HANDLE: return value != 0;
    case RETURNS_BOOL: return low != 0;
    case RETURNS_ERROR: return low == 0;
    case RETURNS_NUMBER: return true;
    }
    assert(!"a way of returning that signature.h lists");
    return false;
}

uint64_t signature_failure(const struct signature *signature, uint32_t error) {
    switch ((enum returns)signature->returns) {
    case RETURNS_POINTER:
    case RETURNS_HANDLE:
    case RETURNS_BOOL: return 0;
    case RETURNS_ERROR: return error;
    default: return UINT64_MAX;
    }
}

bool product_is_handle(enum product product) {
    return product == PRODUCT_SOCKET || product == PRODUCT_EVENT || product == PRODUCT_FILE ||
           product == PRODUCT_PORT || product == PRODUCT_COPY;
}
