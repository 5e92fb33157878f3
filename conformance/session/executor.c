#include "conformance/session/executor.h"

#include <assert.h>
#include <string.h>

#include "stack/call/catalogue.h"
#include "stack/world.h"

void executor_tell_no_room(const struct result *result, struct reason *reason) {
    assert(result->status == RESULT_NO_ROOM && result->error < TABLES_COUNT);
    reason_set(reason, "a limit of the model, not of Windows: it has room for %u %s", (unsigned)result->value,
               world_table_words((enum table)result->error));
}

void executor_say(struct result *result, enum result_status status, const char *words) {
    size_t length = strlen(words);
    result_clear(result);
    result->status = (uint8_t)status;
    result->bytes_used = (uint32_t)(length < RESULT_BYTES_MAX ? length : RESULT_BYTES_MAX);
    memcpy(result->bytes, words, result->bytes_used);
}

void executor_tell_not_made(const struct result *result, struct reason *reason) {
    assert(result->status == RESULT_NOT_MADE && result->bytes_used > 0);
    reason_set(reason, "%.*s", (int)result->bytes_used, (const char *)result->bytes);
}

void executor_tell_not_modelled(const struct result *result, struct reason *reason) {
    assert(result->status == RESULT_NOT_MODELLED);
    if (result->bytes_used == 0) reason_set(reason, "not modelled: %s", not_modelled_words(result->value));
    else reason_set(reason, "not modelled: %.*s", (int)result->bytes_used, (const char *)result->bytes);
}
