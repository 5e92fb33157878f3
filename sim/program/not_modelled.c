/* What programs may name and the model has no answer to: each stops the program. */
#include "sim/program/include/winsock2.h"

#include "sim/program/include/iphlpapi.h"
#include "sim/program/include/mswsock.h"
#include "sim/program/include/ws2spi.h"
#include "sim/program/stop.h"

#pragma GCC diagnostic ignored "-Wunused-parameter"

#undef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) \
    _Noreturn result name(__VA_ARGS__); \
    result name(__VA_ARGS__) { stop_not_modelled(#name, ""); }
#include "sim/program/include/reservoir_not_modelled.h"
#include "sim/program/include/reservoir_not_modelled_names.h"
#include "sim/program/include/reservoir_not_modelled_settings.h"
#include "sim/program/include/reservoir_not_modelled_spi.h"
#include "sim/program/include/reservoir_not_modelled_winsock.h"

#include "sim/program/include/reservoir_not_modelled_adapters.h"
