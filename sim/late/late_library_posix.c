#include "sim/late/late_library.h"

#include <assert.h>
#include <dlfcn.h>
#include <string.h>

enum { FUNCTIONS_MAX = 32 };

static void *open_first(const char *const *names) {
    void *library = NULL;
    for (; *names != NULL && library == NULL; names++) library = dlopen(*names, RTLD_NOW | RTLD_LOCAL);
    return library;
}

bool late_library_load(const char *const *names, const char *const *functions, unsigned count, void *addresses) {
    void *found[FUNCTIONS_MAX] = { NULL };
    assert(names != NULL && count > 0 && count <= FUNCTIONS_MAX && addresses != NULL);
    memcpy(found, addresses, sizeof found[0]);
    if (found[0] != NULL) return true;
    void *library = open_first(names);
    if (library == NULL) return false;
    for (unsigned i = 0; i < count; i++) {
        found[i] = dlsym(library, functions[i]);
        if (found[i] == NULL) {
            dlclose(library);
            return false;
        }
    }
    memcpy(addresses, found, count * sizeof found[0]);
    return true;
}
