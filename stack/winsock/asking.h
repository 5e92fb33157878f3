/* From a function of the provider's to the model and back: arguments become a call record, an error goes where the
 * caller wants it. */
#ifndef RESERVOIR_STACK_WINSOCK_ASKING_H
#define RESERVOIR_STACK_WINSOCK_ASKING_H

#include "stack/winsock/headers.h"

#include "stack/call/call.h"
#include "stack/winsock/requests.h"

#define WORD_OF(value) (uint64_t)(int64_t)(value)
#define POINTER(value) (uint64_t)(uintptr_t)(value)
#define ASK(function, error, ...) \
    asking_ask(FUNCTION_##function, (const uint64_t[CALL_ARGUMENTS_MAX]){ __VA_ARGS__ }, error)

/* Stores a failure where lpErrno says. A provider's caller has to give one; NULL is none of our crashes. A call that
 * leaves its error alone (ERROR_UNTOUCHED) stores nothing. */
void asking_store_error(LPINT error_out, uint32_t error);

/* What the call returns, as 64 bits. */
uint64_t asking_ask(enum function function, const uint64_t arguments[CALL_ARGUMENTS_MAX], LPINT error_out);
uint64_t asking_finish_call(struct call *call, LPINT error_out);

/* A call that may leave a request: what the caller gave for its end is the edge's meanwhile (requests.h). */
struct requesting {
    enum function function;
    unsigned overlapped, routine; /* their places among the arguments; of a function without a routine the same place */
    int failure;                  /* what it returns when it fails: SOCKET_ERROR, or FALSE */
    struct edge_request request;
};
int asking_request(const struct requesting *asked, const uint64_t arguments[CALL_ARGUMENTS_MAX], LPINT error);

/* Is this the caller's memory, all of it? NULL is none. */
bool asking_is_memory(const void *memory, size_t bytes);

/* A provider has to return something: the error stands for no answer, and the machine says so aloud. SOCKET_ERROR. */
int asking_not_modelled(const char *what, LPINT error_out);

#endif
