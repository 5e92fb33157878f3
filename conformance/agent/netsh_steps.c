#include "conformance/agent/netsh_steps.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/netsh.h"
#include "conformance/agent/system/command.h"
#include "stack/sdk/error_values.h"

/* --- add, delete -------------------------------------------------------------------------------------------------- */

/* Errors that add and delete are known or thought to tell (stack/ports/netsh.c). */
static const DWORD known_errors[] = { ERROR_FILE_NOT_FOUND,     ERROR_ACCESS_DENIED,     ERROR_NOT_ENOUGH_MEMORY,
                                      ERROR_SHARING_VIOLATION,  ERROR_INVALID_PARAMETER, ERROR_ALREADY_EXISTS,
                                      ERROR_ELEVATION_REQUIRED, ERROR_NOT_FOUND,         ERROR_OBJECT_ALREADY_EXISTS };

typedef bool says_function(uint32_t error, enum system_words kind, char *text, size_t size);

/* The words of one error may stand in those of another, so the longest count. *any: some were found. */
static ULONG error_of(const char *said, says_function *says, bool *any) {
    enum { ERRORS = sizeof known_errors / sizeof known_errors[0] };
    char text[1024];
    ULONG best = NETSH_SAYS_NOTHING;
    size_t best_length = 0;
    for (unsigned i = 0; i < SYSTEM_WORDS_KINDS * ERRORS; i++) {
        DWORD error = known_errors[i % ERRORS];
        if (!says(error, (enum system_words)(i / ERRORS), text, sizeof text)) continue;
        size_t length = netsh_says(said, text);
        if (length > best_length) best = error;
        else if (length > 0 && length == best_length && best != error) best = NETSH_SAYS_NOTHING; /* either of two */
        if (length > best_length) best_length = length;
    }
    *any = best_length > 0;
    return best;
}

static bool has_several_lines(const char *said) {
    said += strspn(said, " \t\r\n");
    said += strcspn(said, "\r\n");
    return said[strspn(said, " \t\r\n")] != '\0';
}

/* Success is one word or none in each language. Usage text with the status of success is no answer, nor are an error's
 * words. */
ULONG netsh_steps_error(const char *said, bool succeeded, says_function *says) {
    bool any = false;
    ULONG error = error_of(said, says, &any);
    if (!succeeded) return error;
    return any || has_several_lines(said) ? NETSH_SAYS_NOTHING : (ULONG)NO_ERROR;
}

static char words[160];

const char *netsh_steps_words(void) { return words; }

/* On one line, cut between characters. */
static void keep_words(const char *said) {
    size_t used = 0, whole = 0;
    for (; *said != '\0' && used < sizeof words - 1; said++) {
        if (((unsigned char)*said & 0xC0) != 0x80) whole = used; /* a character begins */
        bool blank = (unsigned char)*said <= ' ';
        if (blank && (used == 0 || words[used - 1] == ' ')) continue;
        words[used++] = blank ? ' ' : *said;
    }
    words[*said == '\0' ? used : whole] = '\0';
}

static ULONG change(const char *verb, uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    static const char *const stores[] = { [NETSH_ACTIVE] = "active", [NETSH_PERSISTENT] = "persistent" };
    char said[NETSH_TEXT_MAX];
    DWORD last_error = GetLastError();
    bool succeeded = false;
    assert(store == NETSH_ACTIVE || store == NETSH_PERSISTENT);
    bool ran = netsh_change(verb, (enum transport)protocol, first, count, stores[store], said, &succeeded);
    ULONG error = ran ? netsh_steps_error(said, succeeded, system_says) : NETSH_SAYS_NOTHING;
    if (error == NETSH_SAYS_NOTHING) keep_words(ran ? said : "it did not end in time, or cannot be run");
    SetLastError(last_error);
    return error;
}

ULONG WINAPI agent_netsh_add_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change("add", protocol, first, count, store);
}

ULONG WINAPI agent_netsh_delete_excludedportrange(uint32_t protocol, unsigned first, unsigned count, unsigned store) {
    return change("delete", protocol, first, count, store);
}

/* No listing, or not a whole one. */
static ULONG shows_nothing(const char *said) {
    keep_words(said);
    if (words[0] == '\0') keep_words("it said nothing, did not end in time, or cannot be run");
    return NETSH_SAYS_NOTHING;
}

/* --- show dynamicport --------------------------------------------------------------------------------------------- */

ULONG WINAPI agent_netsh_show_dynamicport(uint32_t protocol, unsigned family, unsigned store, uint8_t *range) {
    char said[NETSH_TEXT_MAX] = "";
    uint32_t first = 0, last = 0;
    DWORD last_error = GetLastError();
    bool shown = netsh_dynamic_range_in((enum netsh_family)family, (enum transport)protocol, (enum netsh_store)store,
                                        said, &first, &last);
    SetLastError(last_error);
    if (!shown) return shows_nothing(said);
    store_u32(range, first);
    store_u32(range + 4, last - first + 1);
    return NO_ERROR;
}

/* --- show excludedportrange --------------------------------------------------------------------------------------- */

static void put_row(uint8_t *row, const struct host_exclusion *range) {
    store_u16(row, range->administered ? NETSH_ROW_ADMINISTERED : NETSH_ROW_UNMARKED);
    store_u16(row + 2, (uint16_t)range->first);
    store_u32(row + 4, range->last - range->first + 1);
}

ULONG WINAPI agent_netsh_show_excludedportrange(uint32_t protocol, unsigned port, unsigned store, uint8_t *row) {
    struct host_exclusion ranges[HOST_EXCLUSIONS_MAX];
    char said[NETSH_TEXT_MAX] = "";
    unsigned count = 0;
    DWORD last_error = GetLastError();
    bool listed = netsh_exclusions_in(NETSH_IPV4, (enum transport)protocol, (enum netsh_store)store, said, ranges,
                                      HOST_EXCLUSIONS_MAX, &count);
    SetLastError(last_error);
    if (!listed) return shows_nothing(said);
    memset(row, 0, NETSH_ROW_SIZE);
    for (unsigned i = count; i-- > 0;) /* the first that has the port is the last to be put */
        if (port >= ranges[i].first && port <= ranges[i].last) put_row(row, &ranges[i]);
    return NO_ERROR;
}
