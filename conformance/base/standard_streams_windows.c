#include "conformance/base/standard_streams.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>

void standard_streams_prepare(void) {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    _setmode(_fileno(stderr), _O_BINARY);
}
