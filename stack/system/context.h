/* What a modelled function has at hand while it runs, and the two ways to end it: succeed or fail.
 *
 * CHECKS. Documentation lists conditions and their errors, seldom their order. A function therefore gathers the
 * violated conditions of one stage and reports one of them: which one is a choice (CHOICE_CHECK) unless they all give
 * the same error. Stages are ordered, because a later one needs what an earlier one established, or because the order
 * was observed; the comment at each stage says which. */
#ifndef RESERVOIR_STACK_CONTEXT_H
#define RESERVOIR_STACK_CONTEXT_H

#include "stack/choice.h"
#include "stack/call/call.h"
#include "stack/world.h"

struct context {
    struct world *world;
    struct chooser *chooser;
    const struct call *call;
    struct result *result;
    unsigned thread;
    unsigned process;
    /* of a provider's function: the place of lpErrno in the call; 0: the error is the thread's last one */
    unsigned error_argument;
};

/* The handler of each function of the catalogue: call_sendto and the like. Each reads context->call, ends in succeed()
 * or fail() or parks the thread, and has its errors above it in the .c file, in the order of its checks. */
#define FUNCTION(result, name, ...) void call_##name(struct context *context);
#include "stack/call/functions.def"

/* The reading of an open question in this world: one of its candidates (readings.h). */
unsigned reading(struct context *context, enum question question);

/* The last error of a call that succeeds: 0, or ERROR_UNTOUCHED (CHOICE_LAST_ERROR; W71, W76). In an internal step it
 * is that of a parked call, which may return while another thread's call is made: each has an answer of its own. */
uint32_t last_error_of_success(struct context *context);

/* The same of a call that returns while another thread's is made: each has an answer of its own. */
uint32_t last_error_of_later_success(struct context *context);

/* Ends the call with this value; the last error becomes 0 or stays (CHOICE_LAST_ERROR; W71, W76). */
void succeed(struct context *context, uint64_t value);

/* Ends the call with its failure value and this last error. */
void fail(struct context *context, uint64_t failure, uint32_t error);

/* fail() for functions whose failure value is SOCKET_ERROR. */
void fail_socket(struct context *context, uint32_t error);

/* Ends the call with this value; the last error stays, whatever the build (W113). */
void succeed_untouched(struct context *context, uint64_t value);

/* Ends the call with an access violation inside it. */
void fault(struct context *context);

/* Ends the call with RESULT_NOT_MODELLED, about `what` (call/catalogue.h). The world must be as it was before. */
void not_modelled(struct context *context, uint64_t what);

/* May the call block? False: its thread is inside another one that does, and calls from a routine that runs there;
 * what becomes of that is undefined on Windows (T9.4.5). Then the call has ended as not modelled. Asked before any
 * effect. */
bool may_block(struct context *context);

enum { VIOLATIONS_MAX = 12 };

struct violations {
    uint32_t errors[VIOLATIONS_MAX];
    unsigned count;
};

/* Adds a violated condition's error; the same error twice counts once. */
void violate(struct violations *violations, uint32_t error);
void violate_if(struct violations *violations, bool violated, uint32_t error);

/* The error to report; 0 when nothing is violated. */
uint32_t violation_chosen(struct context *context, const struct violations *violations);

/* Has the calling process done its WSAStartup? */
bool winsock_started(const struct context *context);

/* Does Winsock know a socket by this handle of it? Of one that DuplicateHandle made: Q137. */
bool winsock_knows(struct context *context, uint64_t number);

/* The socket, which Winsock knows, / the event of handle argument `argument` (sendto_s, SetEvent_hEvent), or NO_ROW. */
unsigned context_socket(struct context *context, unsigned argument);
/* The same of a handle that stands somewhere else than in an argument of its own. */
unsigned context_socket_of(struct context *context, uint64_t number);
unsigned context_event(const struct context *context, unsigned argument);

#endif
