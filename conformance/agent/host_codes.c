#include "conformance/agent/windows_headers.h"

#include "conformance/agent/host_codes.h"

#include <stdbool.h>
#include <stdint.h>

#define ASSOCIATE_PORT_RESERVATION 0x98000066

static enum host_codes ask(void) {
    uint64_t token = 0;
    DWORD bytes = 0;
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET) return HOST_CODES_UNKNOWN;
    int status = WSAIoctl(s, ASSOCIATE_PORT_RESERVATION, &token, sizeof token, NULL, 0, &bytes, NULL, NULL);
    bool missing = status != 0 && WSAGetLastError() == WSAEOPNOTSUPP;
    closesocket(s);
    return missing ? HOST_CODES_MISSING : HOST_CODES_THERE;
}

enum host_codes host_codes(void) {
    static enum host_codes known;
    static bool asked;
    WSADATA data;
    if (asked) return known;
    asked = true;
    if (WSAStartup(MAKEWORD(2, 2), &data) != 0) return known;
    known = ask();
    WSACleanup();
    return known;
}
