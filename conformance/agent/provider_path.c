#include "conformance/agent/provider_path.h"

#include <stddef.h>

static const char *used;

void provider_use(const char *path) { used = path; }

const char *provider_path(void) { return used; }
