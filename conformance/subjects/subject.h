/* A subject: what answers the steps of a scenario. The model; a host behind a command; traces recorded from a host.
 *
 * All three are used alike: begin an instance, play its steps in their order, end it. What a step yields is an
 * observation with the session that learnt from it, and the trace line that reports it.
 *
 * A host that dies, prints nonsense or hangs is STEP_BROKEN with a reason and is started again for the next instance;
 * one that fails several times in a row, or that never said `ready`, is not. */
#ifndef RESERVOIR_CONFORMANCE_SUBJECT_H
#define RESERVOIR_CONFORMANCE_SUBJECT_H

#include "conformance/base/reason.h"
#include "conformance/packets/packet_watch.h"
#include "conformance/player/memory_watch.h"
#include "conformance/player/trace_file.h"
#include "conformance/session/executor.h"
#include "conformance/session/session.h"
#include "stack/choice.h"

enum { SUBJECT_NAME_MAX = 64, HOST_ACCOUNTS_MAX = 8 };

enum subject_kind { SUBJECT_MODEL, SUBJECT_HOST, SUBJECT_TRACES };

/* What a step yielded. Zero-initialise once; the line's memory is used again. Free with step_answer_free. */
struct step_answer {
    enum step_result result;
    struct observation seen; /* after STEP_SEEN */
    struct text line;        /* after STEP_SEEN: the trace line, routines below it */
    struct reason detail;    /* NEEDS: the name; UNSUPPORTED, BROKEN: the reason */
};

void step_answer_free(struct step_answer *answer);

struct subject;
struct said;

struct subject_operations {
    enum step_result (*begin)(struct subject *subject, struct scenario *instance, const char *id, uint16_t *ports_first,
                              struct reason *detail);
    void (*step)(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer);
    enum step_result (*end)(struct subject *subject, struct reason *detail);
    void (*destroy)(struct subject *subject);
    /* Hosts only (a `reboot` restarts their machine); NULL for the rest. */
    enum step_result (*leave)(struct subject *subject, struct reason *detail);
    enum step_result (*resume)(struct subject *subject, struct scenario *trace, const struct text *so_far,
                               uint16_t *ports_first, struct reason *detail);
    void (*quit)(struct subject *subject);
    /* The model only: its virtual clock. */
    uint64_t (*now_ns)(const struct subject *subject);
};

/* Is the host known to let us wait in vain in this step of the instance that is played: still inside the call when the
 * time is up, or without the packet? */
typedef bool vain_wait_known(const void *known, const struct step *step);

struct subject {
    enum subject_kind kind;
    const struct subject_operations *operations;
    char name[SUBJECT_NAME_MAX]; /* model; wine-8.0, windows-22621: also its folder in scenarios/hosts */
    struct fact_list facts;      /* by, version, profile or host, build...; of a host what its first agent said */
    const struct fact_list
        *playing_facts;             /* of the agent that plays the instance, where they are not `facts`; or NULL */
    struct reason unusable_reason;  /* not empty: it cannot answer anything; why */
    struct scenario *instance;      /* between begin and end */
    struct session session;         /* of hosts and traces; see subject_session */
    vain_wait_known *waits_in_vain; /* of hosts, with what it is asked about; NULL: nothing is known */
    const void *known;
    struct memory_watch memory; /* of hosts and traces: what the instance does to memory that is not its own */
    struct packet_watch *watch; /* who looks at packets; owned; NULL: no one, so `expect packet` cannot be played */
    struct said *kept, *taken;  /* see subject_keep and subject_take; NULL: neither. Borrowed */
    void *self;
};

/* The model under a profile (borrowed), from a seed. */
struct subject *subject_model(const struct profile *profile, uint64_t seed);

/* From the next scenario on the model keeps its persistent reservations in this file (sim/store/store_file.h;
 * borrowed). */
void subject_model_keep_store(struct subject *subject, const char *path);

/* Time limits of a host; tests set shorter ones. Ordinary are two minutes for the first `ready`, which Wine needs where
 * a machine has much to do; for a step 15 s and the time of a call. */
struct host_limits {
    unsigned ready_ms, step_ms, call_ms, end_ms;
};
struct host_limits host_limits_ordinary(void);

/* One agent: started by `command`; `account` is NULL for the one that plays scenarios without accounts. Borrowed. */
struct host_command {
    const char *account;
    const char *command;
};

/* A host behind commands. Never NULL: one that does not come up has an `unusable_reason`. */
struct subject *subject_host(const struct host_command *commands, unsigned count, struct host_limits limits);

/* Traces below a folder (FOLDER/theme/name[suffix].trace). an `unusable_reason` when there are none. */
struct subject *subject_traces(const char *folder);

/* From the next instance on packets are looked at by this watch, which the subject owns from now on. The model has one
 * from the beginning; it fills whichever it has. */
void subject_watch(struct subject *subject, struct packet_watch *watch);

/* From the next instance on a host gets the time of `blocks` for calls that it is known to block in although their line
 * says otherwise, and as much for packets that never come: the answer is the same after 0.3 s as after 5. `known` is
 * borrowed. */
void subject_know_vain_waits(struct subject *subject, vain_wait_known *waits_in_vain, const void *known);

/* Between two instances, of a host: what it says from now on is kept there (said.h); or it has been asked by another
 * process, and what it said is taken from there. NULL ends that. Borrowed. An instance that is resumed is never taken:
 * only its host knows what it left on its machine. */
void subject_keep(struct subject *subject, struct said *said);
void subject_take(struct subject *subject, struct said *said);

void subject_free(struct subject *subject); /* NULL is allowed */

/* Begins an expanded instance, which must live until the end. STEP_DONE, STEP_UNSUPPORTED or STEP_BROKEN with `detail`.
 * subject_end() is to be called whatever it answered. */
enum step_result subject_begin(struct subject *subject, struct scenario *instance, const char *id,
                               uint16_t *ports_first, struct reason *detail);

/* Plays step number `index` of the instance (step_order.h). */
void subject_step(struct subject *subject, unsigned index, const struct step *step, struct step_answer *answer);

/* STEP_DONE, or STEP_BROKEN with `detail`. */
enum step_result subject_end(struct subject *subject, struct reason *detail);

/* Ends an instance that stopped with STEP_RESTART, to be resumed: on a host, what a restart would not take away stays
 * on the machine. Otherwise as subject_end, in whose place it is called. */
enum step_result subject_leave(struct subject *subject, struct reason *detail);

/* Resumes an instance of a host that stopped: `so_far` is the trace recorded so far; `path` names it in messages. The
 * steps up to its last `reboot` are answered from it, later ones by the host. Otherwise as subject_begin; on any answer
 * but STEP_DONE nothing has changed on the machine. STEP_UNSUPPORTED: the host refuses, above all because its machine
 * has not restarted yet. STEP_BROKEN: also a trace that does not end at a restart, of another version of the scenario,
 * or of another host. */
enum step_result subject_resume(struct subject *subject, struct scenario *instance, const char *path,
                                const struct text *so_far, uint16_t *ports_first, struct reason *detail);

/* Lets the programs of a host quit, between two instances; they are started again when they are next needed. */
void subject_quit(struct subject *subject);

/* The session of the instance that is being played. */
const struct session *subject_session(const struct subject *subject);

/* Facts for the head of its trace: those of the agent that plays it, which may belong to another account. */
const struct fact_list *subject_facts(const struct subject *subject);

/* After the last step: what the instance did to memory that was not its own, with both lines (player/ownership.h);
 * NULL:
 * nothing. Of hosts and traces as far as lines and answers tell (player/memory_watch.h). Valid until the instance
 * ends. */
const char *subject_misuse(struct subject *subject);

/* Of the model: do all readings among these sources hold, remembered by its world or answered by its profile? One that
 * neither has settled holds. */
bool subject_model_readings_hold(const struct subject *subject, const struct source *sources, unsigned count);
/* Of the model: the candidate of a question plus one, or 0 when it is open. */
unsigned subject_model_reading(const struct subject *subject, unsigned question);
/* Has any machine of the model asked this question while the instance was played? */
bool subject_model_asked(const struct subject *subject, unsigned question);

#endif
