#include "conformance/session/executor.h"

#include <assert.h>

#include "stack/call/catalogue.h"
#include "stack/world.h"

void executor_tell_no_room(const struct result *result, struct reason *reason) {
    assert(result->status == RESULT_NO_ROOM && result->error < TABLES_COUNT);
    reason_set(reason, "a limit of the model, not of Windows: it has room for %u %s", (unsigned)result->value,
               world_table_words((enum table)result->error));
}

void executor_tell_not_modelled(const struct result *result, struct reason *reason) {
    assert(result->status == RESULT_NOT_MODELLED);
    reason_set(reason, "not modelled: %s", not_modelled_words(result->value));
}
