#include "conformance/agent/host_codes.h"

#include "conformance/agent/functions.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/threads.h"
#include "stack/sdk/control_values.h"

static enum host_codes ask(const struct windows_functions *functions) {
    uint64_t token = 0;
    DWORD bytes = 0;
    SOCKET s = functions->socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET) return HOST_CODES_UNKNOWN;
    int status =
        functions->WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof token, NULL, 0, &bytes, NULL, NULL);
    bool missing = status != 0 && GetLastError() == WSAEOPNOTSUPP;
    functions->closesocket(s);
    return missing ? HOST_CODES_MISSING : HOST_CODES_THERE;
}

/* What asking gave, on a thread of its own. */
struct question {
    const struct windows_functions *functions;
    enum host_codes answer;
};

/* A provider that breaks when it is asked has the codes: something happened. */
static void ask_guarded(void *argument) {
    static __thread struct fault_guard guard;
    struct question *question = argument;
    const struct windows_functions *functions = question->functions;
    WSADATA data;
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    if (!FAULTS_GUARDED(&guard)) return;
    if (functions->WSAStartup(0x0202, &data) == 0) {
        question->answer = ask(functions);
        functions->WSACleanup();
    } else {
        question->answer = HOST_CODES_UNKNOWN;
    }
    faults_disarm(&guard);
}

/* Nor does one that does not answer hold up the agent: what it may still touch stays. */
static enum host_codes ask_with_patience(const struct windows_functions *functions) {
    enum { PATIENCE_MS = 2000 };
    static struct question question;
    question = (struct question){ .functions = functions, .answer = HOST_CODES_THERE };
    struct thread *thread = thread_begin(ask_guarded, &question);
    if (!thread_join(thread, PATIENCE_MS)) {
        thread_abandon(thread);
        return HOST_CODES_THERE;
    }
    return question.answer;
}

enum host_codes host_codes(void) {
    static enum host_codes known;
    static bool asked;
    const struct windows_functions *functions = windows_functions();
    if (asked) return known;
    asked = true;
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    known = ask_with_patience(functions);
    functions->process_ends(AGENT_PROCESS);
    return known;
}
