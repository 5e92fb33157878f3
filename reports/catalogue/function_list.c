#include "reports/catalogue/function_list.h"

#include <assert.h>
#include <stdio.h>

#include "stack/call/signature.h"
#include "stack/errors.h"

static void add_function(const struct signature *signature, struct text *out) {
    static const char *const families[] = { "Winsock", "Win32" };
    char ordinal[8] = "";
    assert(signature->family < sizeof families / sizeof families[0]);
    if (signature->ordinal != BY_NAME) snprintf(ordinal, sizeof ordinal, "%u", signature->ordinal);
    text_add(out, "%-36s  %-8s  %7s  %s", signature->name, signature->module, ordinal, families[signature->family]);
    text_add(out, signature->provider == NULL ? "\n" : "  %s\n", signature->provider);
}

bool list_functions(const char *folder, struct text *out) {
    (void)folder;
    assert(out != NULL);
    text_add(out, "%-36s  %-8s  %7s  %-7s  %s\n", "function", "module", "ordinal", "errors", "of a provider");
    for (unsigned i = 1; i < FUNCTION_COUNT; i++) add_function(signature_of((enum function)i), out);
    text_add(
        out,
        "\nws2_32 exports by the same ordinal in every version what Winsock 1.1 had, and by name whatever else it has.\n"
        "Of a provider: the function of its table to which ws2_32 hands the call. conformance/language.md has the\n"
        "parameters. `agent` is the host agent, which has a function of its own; `provider` is called at its table.\n");
    return true;
}
