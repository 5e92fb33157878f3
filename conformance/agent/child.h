/* A process of the agent's own that plays one scenario process after another.
 *
 * Parent and child share a piece of memory that holds one question and its answer, and two events that say whose turn
 * it is. Unlike a pipe that gives every wait a limit, and a child that dies is seen at once. Nothing else of the agent
 * is inherited: its sockets are no handles of the child. A child whose agent is gone ends by itself.
 *
 * The agent creates children itself, or a step of a scenario does: then what a child needs to talk to the agent is put
 * into the process that makes the call (`caller`: the agent, or another child) before, and taken out of it
 * afterwards. */
#ifndef RESERVOIR_CONFORMANCE_AGENT_CHILD_H
#define RESERVOIR_CONFORMANCE_AGENT_CHILD_H

#include "conformance/agent/system/windows_headers.h"

#include <stdbool.h>

#include "conformance/agent/accounts.h"
#include "conformance/agent/program_start.h"
#include "conformance/base/files.h"
#include "conformance/base/reason.h"
#include "conformance/session/executor.h"

struct native_executor;

enum child_operation { CHILD_START, CHILD_CALL, CHILD_RETURNS, CHILD_SHOW, CHILD_THREAD_END, CHILD_END, CHILD_EXIT };

/* Question and answer, as they stand in the shared memory. Both sides are the same program file. */
struct child_frame {
    /* What the parent was started with, until the child's first answer: --provider FILE ("": none), and --level spi. */
    char provider[FOLDER_PATH_MAX];
    bool base_provider;
    uint32_t operation;         /* enum child_operation */
    uint32_t process;           /* START: the scenario's index */
    uint32_t thread;            /* START: the main thread; RETURNS, THREAD_END */
    uint32_t startup;           /* START: WSAStartup version, 0 for none */
    uint32_t restricted;        /* START: 1: the child's token must not have Administrators enabled */
    uint32_t limit_ms;          /* CALL, RETURNS, SHOW */
    uint32_t success;           /* answer to START, THREAD_END and END */
    uint64_t address;           /* SHOW */
    uint64_t event;             /* SHOW */
    struct program_start start; /* CALL of CreateProcess: question and answer; START: what it has inherited */
    struct call call;
    struct result result;
    struct reason reason; /* answer: why not, or why RESULT_BROKEN */
};

/* Exit statuses from here on are codes of exceptions that no one took. */
#define EXCEPTION_FIRST 0x80000000u

/* Of a child that ended by itself in the middle of a call: the code that Windows' debuggers are given for that. */
#define ENDED_ITSELF 0x40010004u

struct child {
    uint64_t process;                  /* a handle on Windows, an id elsewhere; 0: there is no child */
    uint64_t section, request, answer; /* what the two talk through: handles, or descriptors */
    struct child_frame *frame;
    struct account_start as; /* how it was started */
    bool playing;            /* a scenario process lives in it */
    /* After an answer that never came: the code of the exception that it ended with; 0: it was ended from outside. */
    uint32_t died_of;
};

/* Starts the child process, with this manifest and token, and waits until it is there. One that ends before
 * that is started once more. False with `reason`. */
bool child_create(struct child *child, struct account_start as, struct reason *reason);

/* The same in steps, for a CreateProcess by `caller`, another child, or NULL for the agent itself: fills *start, whose
 * plumbing are handles in the caller. False with `reason`; there is no child then. Only on Windows can a call of a
 * scenario create one. */
bool child_prepare(struct child *child, struct account_start as, const struct child *caller,
                   struct program_start *start, struct reason *reason);

/* Closes in the caller what was put there, after the call, whatever came of it. */
void child_withdraw(const struct child *caller, const struct program_start *start);

/* Takes over the process that the call has made (start->process), and waits until it is there. False with `reason`;
 * there is no child then. */
bool child_adopt(struct child *child, const struct child *caller, const struct program_start *start,
                 struct reason *reason);

/* Puts child->frame as the question and waits for its answer, the frame's limit and some seconds. False with `reason`
 * when the child died (with its exit status) or does not answer; it is gone then. */
bool child_ask(struct child *child, struct reason *reason);

/* Ends the child by force and frees all; a child that is not there is allowed. */
void child_destroy(struct child *child);

/* Waits for a child that ends by itself (after CHILD_EXIT), then frees all. False when it had to be ended by force. */
bool child_await_exit(struct child *child);

/* The id that the system gave it. */
uint64_t child_process_id(const struct child *child);

/* The child's side: `agent.exe child ...`. Returns the exit status. */
int child_main(int arguments_count, char **arguments);

/* --- for child.c and its two halves by system --------------------------------------------------------------------- */

enum {
    CHILD_GRACE_MS = 10000, /* in addition to a question's own limit, before a child counts as hung */
    CHILD_END_MS = 2000,
};

/* Says that the question is there. */
void child_give_question(struct child *child);

/* Waits for the answer; false with a reason when none comes. */
bool child_await_answer(struct child *child, uint32_t limit_ms, struct reason *reason);

/* In the child: answers the question in the frame. */
void child_answer(struct child_frame *frame, struct native_executor *executor);

#endif
