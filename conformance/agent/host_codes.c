#include "conformance/agent/host_codes.h"

#include <assert.h>
#include <string.h>

#include "conformance/agent/functions.h"
#include "conformance/agent/system/faults.h"
#include "conformance/agent/system/threads.h"
#include "stack/sdk/control_values.h"

/* What is asked of the provider, on a thread of its own, and what it gave. */
struct question {
    const struct windows_functions *functions;
    int (*ask)(const struct question *question);
    const struct sockaddr *address;
    int length;
    int answer;         /* what it is to be where the provider breaks, or does not answer */
    int without_answer; /* and where there is no Winsock */
};

static int ask_codes(const struct question *question) {
    const struct windows_functions *functions = question->functions;
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

/* Of TCP: Wine binds sockets of UDP to any address. */
static int ask_address(const struct question *question) {
    const struct windows_functions *functions = question->functions;
    SOCKET s = functions->socket(question->address->sa_family, SOCK_STREAM, IPPROTO_TCP);
    if (s == INVALID_SOCKET) return false;
    bool bound = functions->bind(s, question->address, question->length) == 0;
    functions->closesocket(s);
    return bound;
}

static void ask_guarded(void *argument) {
    static __thread struct fault_guard guard;
    struct question *question = argument;
    const struct windows_functions *functions = question->functions;
    WSADATA data;
    functions->enter(AGENT_PROCESS, AGENT_THREAD);
    if (!FAULTS_GUARDED(&guard)) return;
    if (functions->WSAStartup(0x0202, &data) == 0) {
        question->answer = question->ask(question);
        functions->WSACleanup();
    } else {
        question->answer = question->without_answer;
    }
    faults_disarm(&guard);
}

/* A provider that does not answer does not hold up the agent: what it may still touch stays. */
static int ask_with_patience(const struct question *wanted) {
    enum { PATIENCE_MS = 2000 };
    static struct question question;
    static bool abandoned;
    const struct windows_functions *functions = windows_functions();
    if (abandoned) return wanted->answer;
    question = *wanted;
    question.functions = functions;
    functions->process_starts(AGENT_PROCESS, AGENT_THREAD);
    struct thread *thread = thread_begin(ask_guarded, &question);
    bool answered = thread_join(thread, PATIENCE_MS);
    abandoned = !answered;
    if (abandoned) thread_abandon(thread);
    functions->process_ends(AGENT_PROCESS);
    return answered ? question.answer : wanted->answer;
}

/* One that breaks when it is asked has the codes: something happened. */
enum host_codes host_codes(void) {
    static enum host_codes known;
    static bool asked;
    if (asked) return known;
    asked = true;
    const struct question question = { .ask = ask_codes,
                                       .answer = HOST_CODES_THERE,
                                       .without_answer = HOST_CODES_UNKNOWN };
    known = (enum host_codes)ask_with_patience(&question);
    return known;
}

bool host_has_address(const uint8_t *bytes, unsigned count) {
    struct sockaddr_in v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    struct question question = { .ask = ask_address, .address = (const struct sockaddr *)&v6, .length = sizeof v6 };
    assert(bytes != NULL && (count == 4 || count == 16));
    memcpy(&v6.sin6_addr, bytes, count);
    if (count == 4) {
        memcpy(&v4.sin_addr, bytes, count);
        question.address = (const struct sockaddr *)&v4;
        question.length = sizeof v4;
    }
    return ask_with_patience(&question) != 0;
}
