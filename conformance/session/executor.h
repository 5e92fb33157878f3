/* What answers call records for a scenario: the model (model_executor.h), real Windows functions in this process or in
 * a child (agent/), anything else that speaks records. The player (play.h) drives one of these, step by step.
 *
 * An executor owns its processes and threads and the memory at user addresses. All indices are those of the scenario
 * (scenario.processes, scenario.threads). No call of this interface blocks longer than its limit plus the time that a
 * dying process needs; an executor that cannot continue answers RESULT_BROKEN (harness-broken), never guesses. call(),
 * returns() and show() fill their result wholly, whatever it held. */
#ifndef RESERVOIR_CONFORMANCE_EXECUTOR_H
#define RESERVOIR_CONFORMANCE_EXECUTOR_H

#include "conformance/base/reason.h"
#include "conformance/language/tree.h"
#include "stack/call/call.h"

enum executor_answer {
    EXECUTOR_READY,
    EXECUTOR_UNSUPPORTED, /* this executor cannot give what the scenario's header asks for; reason says which line */
    EXECUTOR_BROKEN,      /* harness-broken; reason says what happened */
    EXECUTOR_RESTART, /* of the event `reboot`: the real machine must restart first; reason is the mark of this boot */
};

/* MEMORY. A range with a user address that the executor has not seen since begin() gets fresh memory: the range's
 * contents first, then poison_byte(i) for every byte i beyond them. An address that it has seen keeps its memory and
 * its contents, unless range.fresh is set: then the contents are stored anew. Memory lives until end(). Writes are
 * reported once: with the result during which, or before which, they were noticed. */
struct executor_operations {
    /* A scenario instance begins (expanded, no variants). Sets or checks its world lines; finds its ports: fills
     * ports_first[i] (host order) for scenario->ports[i]. Starts no process. */
    enum executor_answer (*begin)(void *self, const struct scenario *scenario, uint16_t *ports_first,
                                  struct reason *reason);

    /* Resumes a scenario after a `reboot`. Like begin(), but keeps the ports it had. `mark` is the reason that came
     * with EXECUTOR_RESTART. UNSUPPORTED also when the machine has not restarted since. On any answer but READY the
     * machine is unchanged. NULL in an executor that never answers EXECUTOR_RESTART. */
    enum executor_answer (*resume)(void *self, const struct scenario *scenario, const char *mark,
                                   struct reason *reason);

    /* Starts process `process`, which then does its WSAStartup as its line says. Called before the first step, in
     * order, for each process that no step of another one starts: those are started by their call. */
    enum executor_answer (*process_start)(void *self, unsigned process, struct reason *reason);

    /* Executes one call on call->thread. Waits for its return at most limit_ms (a model: not at all), then answers
     * RESULT_BLOCKED and leaves the thread parked. Here and below: RESULT_NOT_MADE where nothing but a restart can
     * follow. */
    void (*call)(void *self, const struct call *call, unsigned limit_ms, struct result *result);

    /* Waits at most limit_ms for the parked thread to return. RESULT_RETURNED with its return value and error, or
     * RESULT_BLOCKED when it is still parked. */
    void (*returns)(void *self, unsigned thread, unsigned limit_ms, struct result *result);

    /* What has been written since (result.writes), waiting at most limit_ms until the OVERLAPPED at `address` (0: none)
     * no longer says STATUS_PENDING. For `event` != 0 result.value is its state, 1 set or 0 not. */
    void (*show)(void *self, unsigned process, uint64_t address, uint64_t event, unsigned limit_ms,
                 struct result *result);

    /* advance, exits, crashes, fault, reboot, check: result.status RETURNED; returns hold threads made ready.
     * A step that this executor cannot do answers EXECUTOR_UNSUPPORTED with a reason. */
    enum executor_answer (*event)(void *self, const struct step *step, struct result *result, struct reason *reason);

    /* A bare machine of the scenario puts these bytes on its link. NULL in an executor that plays one machine. */
    enum executor_answer (*packet)(void *self, unsigned machine, const uint8_t *bytes, uint32_t count,
                                   struct result *result, struct reason *reason);

    /* The scenario is over: ends its processes, frees its memory, and says whether all is clean again. Called once
     * after every begin(), whatever begin() answered. */
    enum executor_answer (*end)(void *self, struct reason *reason);
};

struct executor {
    void *self;
    const struct executor_operations *operations;
};

/* What was too little, of a result that is RESULT_NO_ROOM: its error is an enum table, its value that table's limit. */
void executor_tell_no_room(const struct result *result, struct reason *reason);

/* Makes *result one that has words, in its bytes: RESULT_NOT_MADE, whose words say why; or the RESULT_NOT_MODELLED of
 * an executor that knows no value of the catalogue, whose words say what it is about. */
void executor_say(struct result *result, enum result_status status, const char *words);

/* Why a call was not made. */
void executor_tell_not_made(const struct result *result, struct reason *reason);

/* Says in *reason what a result of RESULT_NOT_MODELLED is about: "not modelled: SO_CONNECT_TIME". */
void executor_tell_not_modelled(const struct result *result, struct reason *reason);

/* The filler of memory that was not written yet: never 0, different for neighbours. */
static inline uint8_t poison_byte(uint32_t index) { return (uint8_t)(0xA5u ^ (index * 7u & 0x3Fu)); }

/* What the thread's last error is set to before each call, so that an untouched one is recognised. */
enum { POISON_LAST_ERROR = 0x5EADBEEF };

/* After a successful bind, and after a connect or sendto that left the socket bound, be it a failure, the result holds
 * one write more: at this address, which belongs to no memory, the local port of the socket, 2 bytes in network order.
 * An executor on a host asks getsockname for it. */
#define OBSERVED_PORT_ADDRESS UINT64_C(0xFFFFFFFF00000001)

#endif
