/* Files, as far as a handle that is no socket is needed: the null device. */
#include <string.h>

#include "stack/errors.h"
#include "stack/model/handle_calls.h"
#include "stack/system/handles.h"

/* The one file that there is, is the null device. ERROR_FILE_NOT_FOUND for any other name; ERROR_NOT_ENOUGH_MEMORY. */
void call_CreateFileW(struct context *context) {
    const uint8_t *name = call_read(context->call, CreateFileW_lpFileName, 3);
    uint32_t length = context->call->ranges[CreateFileW_lpFileName].length;
    bool is_null_device = name != NULL && length == 3 && memcmp(name, "NUL", 3) == 0;
    if (!is_null_device) {
        fail(context, UINT64_MAX, ERROR_FILE_NOT_FOUND);
        return;
    }
    unsigned file = context->world->no_memory ? (unsigned)NO_ROW : world_take(context->world, TABLE_FILES);
    return_new_handle(context, HANDLE_FILE, file, UINT64_MAX);
    if (file != NO_ROW && world_file(context->world, file)->references == 0)
        world_free(context->world, TABLE_FILES, file);
}
