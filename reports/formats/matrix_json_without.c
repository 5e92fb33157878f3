#include "reports/formats/matrix.h"

bool matrix_json(const struct matrix *matrix, struct text *out) {
    (void)matrix, (void)out;
    return false;
}
