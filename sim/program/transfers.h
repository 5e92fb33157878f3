/* ReadFile and WriteFile of a socket. */
#ifndef RESERVOIR_SIM_PROGRAM_TRANSFERS_H
#define RESERVOIR_SIM_PROGRAM_TRANSFERS_H

#include <stdbool.h>

#include "sim/program/include/winsock2.h"

bool transfer_is_socket(HANDLE handle);
BOOL transfer_read(SOCKET s, LPVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped);
BOOL transfer_write(SOCKET s, LPCVOID data, DWORD size, LPDWORD count, LPOVERLAPPED overlapped);

#endif
