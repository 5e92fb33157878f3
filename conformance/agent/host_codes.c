#include "conformance/agent/host_codes.h"

#include "conformance/agent/functions.h"
#include "stack/sdk/control_values.h"

static enum host_codes ask(const struct windows_functions *functions) {
    uint64_t token = 0;
    DWORD bytes = 0;
    SOCKET s = functions->socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET) return HOST_CODES_UNKNOWN;
    int status = functions->WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof token, NULL, 0, &bytes, NULL, NULL);
    bool missing = status != 0 && GetLastError() == WSAEOPNOTSUPP;
    functions->closesocket(s);
    return missing ? HOST_CODES_MISSING : HOST_CODES_THERE;
}

enum host_codes host_codes(void) {
    static enum host_codes known;
    static bool asked;
    const struct windows_functions *functions = windows_functions();
    WSADATA data;
    if (asked) return known;
    asked = true;
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    if (functions->WSAStartup(0x0202, &data) == 0) {
        known = ask(functions);
        functions->WSACleanup();
    }
    functions->process_ends(AGENT_PROCESS);
    return known;
}
