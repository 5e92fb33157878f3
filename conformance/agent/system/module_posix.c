#define _POSIX_C_SOURCE 200809L

#include "conformance/agent/system/module.h"

#include <assert.h>
#include <dlfcn.h>
#include <string.h>

void modules_of_the_system_only(void) {}

struct module *module_load(const char *path, struct reason *reason) {
    if (path[0] != '/') {
        reason_set(reason, "%.180s: a provider is loaded by its full path only, which begins with /", path);
        return NULL;
    }
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) reason_set(reason, "%.200s", dlerror());
    return handle;
}

void module_find(struct module *module, const char *name, void *pointer, size_t pointer_bytes) {
    void *address = dlsym(module, name);
    assert(pointer_bytes == sizeof address);
    memcpy(pointer, &address, sizeof address);
}

void module_redirect(struct module *module, const char *from, const char *name, void (*function)(void)) {
    (void)module, (void)from, (void)name, (void)function;
}
