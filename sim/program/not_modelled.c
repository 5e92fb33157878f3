/* What programs may name and the model has no answer to: each stops the program. */
#include "sim/program/include/winsock2.h"

#include "sim/program/include/mswsock.h"
#include "sim/program/stop.h"

#pragma GCC diagnostic ignored "-Wunused-parameter"

#undef RESERVOIR_NOT_MODELLED
#define RESERVOIR_NOT_MODELLED(result, name, ...) \
    _Noreturn result name(__VA_ARGS__); \
    result name(__VA_ARGS__) { stop_not_modelled(#name, ""); }
#include "sim/program/include/reservoir_not_modelled.h"
#include "sim/program/include/reservoir_not_modelled_winsock.h"

BOOL AcceptEx(SOCKET listener, SOCKET accepted, PVOID output, DWORD data_size, DWORD local_size, DWORD remote_size,
              LPDWORD received, LPOVERLAPPED overlapped) {
    stop_not_modelled("AcceptEx", "");
}
