#include "conformance/agent/base_provider.h"

static bool used;

void base_provider_use(void) { used = true; }

bool base_provider_is_used(void) { return used; }
