#include "reports/formats/json.h"

bool json_is_built_in(void) { return false; }

bool json_report(const struct report *report, struct text *out) {
    (void)report, (void)out;
    return false;
}
