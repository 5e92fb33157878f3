/* libFuzzer's entry: lines of an agent, as the host's side of its protocol reads them: each step of a scenario is
 * answered by the next line, what the agent says of its machine comes first. */
#include <string.h>

#include "conformance/judge/judge.h"
#include "conformance/language/expand.h"
#include "conformance/language/language_error.h"
#include "conformance/language/parser.h"
#include "conformance/language/step_order.h"
#include "conformance/player/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario_text[] =
    "scenario fuzz\n\nprocess app\nprocess b\nthread app.t2\n\n"
    "app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...\napp: e = CreateEventW() -> ...\napp: o = overlapped(event=e)\n"
    "app: r = WSAIoctl(s, SIO_ACQUIRE_PORT_RESERVATION, in={any, 4}, cbOut=16, ov=o) -> ...\n"
    "app.t2: WaitForSingleObject(e, INFINITE) -> ...\napp: WSAGetOverlappedResult(s, o) -> ...\n"
    "b: t = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) -> ...\nb: bind(t, [::]:0) -> ...\nb: n = getsockname(t) -> ...\n"
    "app: WSAIoctl(s, SIO_ASSOCIATE_PORT_RESERVATION, in=r.Token) -> ...\napp: bind(s, 0.0.0.0:0) -> ...\napp: show o -> ...\n"
    "app.t2: returns -> ...\napp: p = CreatePersistentTcpPortReservation(5000, 2) -> ...\n"
    "app: netsh_show_excludedportrange(tcp, 5000) -> ...\napp: WSAIoctl(s, SIO_RELEASE_PORT_RESERVATION, in=r.Token) -> ...\n"
    "app: connect(s, 127.0.0.1:n.port) -> ...\napp: closesocket(s) -> ...\n";

struct answering {
    struct scenario *instance;
    struct session session;
    struct judge *judge;
    const char *at, *end;
};

/* The next line, with routine lines below it. */
static size_t next_line(struct answering *answering) {
    const char *line = answering->at, *stop = line;
    do {
        const char *found = memchr(stop, '\n', (size_t)(answering->end - stop));
        stop = found == NULL ? answering->end : found + 1;
    } while (stop < answering->end && *stop == ' ');
    answering->at = stop;
    return (size_t)(stop - line);
}

static bool answer(struct answering *answering, const struct step *step) {
    static struct judgement judgement;
    struct observation seen;
    struct reason reason;
    const char *line = answering->at;
    memset(&seen, 0, sizeof seen);
    if (step->kind == STEP_OVERLAPPED) {
        judge_step(answering->judge, step, STEP_DONE, &seen, &answering->session, &judgement);
        return true;
    }
    size_t length = next_line(answering);
    if (!answer_read(answering->instance, &answering->session, step, line, length, &seen, &reason)) return false;
    judge_step(answering->judge, step, STEP_SEEN, &seen, &answering->session, &judgement);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct language_error error;
    struct reason reason;
    struct step_order order;
    static struct answering answering;
    struct scenario *scenario = scenario_parse("fuzz", scenario_text, sizeof scenario_text - 1, &error);
    if (scenario == NULL) __builtin_trap();
    answering = (struct answering){ .instance = scenario_expand(scenario, 0),
                                    .at = (const char *)data,
                                    .end = (const char *)data + size };
    scenario_free(scenario);
    session_begin(&answering.session, answering.instance, NULL);
    answering.judge = judge_create(answering.instance, NULL, (struct machine_facts){ 0 }, NULL, &reason);
    step_order_fill(&order, answering.instance);
    for (unsigned i = 0; i < order.count && answering.at < answering.end; i++)
        if (!answer(&answering, order.steps[i])) break;
    judge_free(answering.judge);
    scenario_free(answering.instance);
    return 0;
}
