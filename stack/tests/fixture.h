/* What the tests of the model share: a machine to talk to, worlds named by their state, and a dialogue.
 *
 * A struct machine holds a small world, who answers its choices, and the call that is being put together. A test speaks
 * for one thread at a time (speak_as). After every call the machine settles, model_check() must hold, and what the call
 * stored can be looked at: written(), bytes_returned(), internal_of(). Every word of the dialogue that names an API
 * function returns the Winsock or Win32 error, 0 for success; it asserts that value and error fit each other. */
#ifndef RESERVOIR_STACK_TESTS_FIXTURE_H
#define RESERVOIR_STACK_TESTS_FIXTURE_H

#include <CUnit/CUnit.h>

#include "stack/choice.h"
#include "stack/errors.h"
#include "stack/model/model.h"
#include "stack/readings.h"
#include "stack/sdk/socket_values.h"
#include "stack/sdk/wait_values.h"
#include "stack/system/security.h"
#include "stack/transport/reservation_control.h"

enum {
    AF_V4 = AF_INET,
    AF_V6 = AF_INET6,
    STREAM = SOCK_STREAM,
    DATAGRAM = SOCK_DGRAM,
    RAW = SOCK_RAW,
    TCP = IPPROTO_TCP,
    UDP = IPPROTO_UDP,
    ICMP = IPPROTO_ICMP
};
/* Threads and processes. Who speaks first has no number 0: a row that names no one by mistake would name it. */
enum { APP_SECOND, APP, TOOL_SECOND, TOOL, THREADS_OF_TWO };
enum { PROCESS_TOOL, PROCESS_APP };
enum { OVERLAPPEDS_MAX = 4, MACHINE_WORLD_BYTES = 102400 };

#define UNTOUCHED UINT32_C(0xfffffffe)       /* bytes_returned(): nothing was stored */
#define OVERLAPPED_ADDRESS UINT64_C(0x40000) /* of the OVERLAPPEDs, one behind the other */
#define NOT_GIVEN UINT64_C(0xdead0000)       /* a handle that no one was given */
#define CODE_FIONBIO FIONBIO
#define CODE_FIONREAD FIONREAD
#define CODE_KEEPALIVE SIO_KEEPALIVE_VALS
#define CODE_UNKNOWN UINT32_C(0x98000fff)

struct machine {
    _Alignas(8) uint64_t memory[MACHINE_WORLD_BYTES / 8]; /* i386 would align it at 4 */
    struct world *world;                                  /* in memory */
    struct profile profile;                               /* a copy, so that a test may switch a reading */
    struct simulating_chooser simulating;
    struct chooser *chooser; /* &simulating.chooser, or what a test puts here */
    unsigned thread;         /* who speaks */
    struct call call;        /* the WSAIoctl that is being put together */
    bool unchecked;          /* leave the invariants alone: for tests that check them more seldom */
    struct result result;    /* of the last call, with all that settled after it */
    uint8_t overlapped[OVERLAPPEDS_MAX][OVERLAPPED_SIZE];
};

/* Do both results say the same, byte for byte of what means something? */
bool same_result(const struct result *one, const struct result *other);

/* --- machines by state. Each begins a new one, under the profile `windows` with seed 0, with process PROCESS_APP
 * running. - */

void machine_begin(struct machine *machine);
/* The same with the reading of one question switched. */
void machine_with_reading(struct machine *machine, enum question question, unsigned candidate);
/* Switches one more, before anything asked for it. */
void also_read(struct machine *machine, enum question question, unsigned candidate);
void machine_with_two_processes(struct machine *machine);
/* Another process, with its main thread TOOL. */
void start_tool(struct machine *machine, unsigned account);
/* The same as account 1, of this kind, started so: it must be able to start. */
void start_tool_as(struct machine *machine, enum account_kind kind, enum manifest manifest, bool elevated);
uint64_t world_with_open_socket(struct machine *machine);
/* The same, and an SIO_ADDRESS_LIST_CHANGE with an OVERLAPPED pends on the socket. */
uint64_t world_with_pending_address_change(struct machine *machine);
uint64_t world_with_bound_socket(struct machine *machine, unsigned port);

void speak_as(struct machine *machine, unsigned thread);

/* --- sockets ---------------------------------------------------------------------------------------------------- */

enum address {
    ANY_V4,
    LOOPBACK_V4,
    OTHER_LOOPBACK_V4,
    ELSEWHERE_V4,
    BROADCAST_V4,
    ANY_V6,
    LOOPBACK_V6,
    MAPPED_ANY,
    MAPPED_LOOPBACK
};

uint32_t make_socket(struct machine *machine, int family, int type, int protocol, uint64_t *handle);
uint64_t tcp(struct machine *machine);
uint64_t udp(struct machine *machine);
uint64_t tcp_v6(struct machine *machine);
uint64_t dual_stack_tcp(struct machine *machine);
uint64_t dual_stack_udp(struct machine *machine);
uint32_t close_socket(struct machine *machine, uint64_t socket);
uint32_t bind_at(struct machine *machine, uint64_t socket, enum address address, unsigned port);
uint32_t bind_port(struct machine *machine, uint64_t socket, unsigned port); /* at the wildcard of its family */
uint32_t listen_on(struct machine *machine, uint64_t socket);
uint32_t connect_to(struct machine *machine, uint64_t socket, enum address address, unsigned port);
/* By getsockname; 0 when that fails. */
unsigned port_of(struct machine *machine, uint64_t socket);

enum option {
    REUSE_ADDRESS = 0x0004,
    EXCLUSIVE_ADDRESS = -5,
    RANDOMIZE_PORT = 0x3005,
    V6_ONLY = 27,
    SOCKET_TYPE = 0x1008
};
uint32_t set_option(struct machine *machine, uint64_t socket, int option, uint32_t value);
uint32_t get_option(struct machine *machine, uint64_t socket, int option, uint32_t *value);

/* --- the three codes, plain and simple ---------------------------------------------------------------------------- */

struct grant {
    unsigned first, count;
    uint64_t token;
};

uint32_t acquire(struct machine *machine, uint64_t socket, unsigned first, unsigned count, struct grant *grant);
/* acquire() that must succeed. */
struct grant granted(struct machine *machine, uint64_t socket, unsigned first, unsigned count);
uint32_t associate(struct machine *machine, uint64_t socket, uint64_t token);
uint32_t release(struct machine *machine, uint64_t socket, uint64_t token);
/* A new TCP socket, associated and bound to port 0: its port. */
unsigned take_port(struct machine *machine, uint64_t token);

/* --- the same call in pieces: begin with control(), change what is to be odd, then perform() ---------------------- */

void control(struct machine *machine, uint64_t socket, uint32_t code);
void control_acquire(struct machine *machine, uint64_t socket, unsigned first, unsigned count);
void control_token(struct machine *machine, uint64_t socket, uint32_t code, uint64_t token);
void with_input(struct machine *machine, const void *bytes, uint32_t length);
void with_input_state(struct machine *machine, enum range_state state, uint32_t size);
void with_input_at(struct machine *machine, uint64_t address);
void with_output_room(struct machine *machine, uint32_t size);
void with_output_state(struct machine *machine, enum range_state state, uint32_t size);
void with_output_at(struct machine *machine, uint64_t address);
void with_bytes_state(struct machine *machine, enum range_state state);
void with_overlapped(struct machine *machine, unsigned which, uint64_t event);
void with_overlapped_state(struct machine *machine, enum range_state state);
void with_routine(struct machine *machine, enum range_state state);
uint32_t perform(struct machine *machine);
/* The same, but what can happen at this instant has not happened yet: settle() lets it. */
uint32_t issue(struct machine *machine);
void settle(struct machine *machine);

/* --- events and waits --------------------------------------------------------------------------------------------- */

enum {
    WAIT_OK = WAIT_OBJECT_0,
    WAIT_ROUTINES_RAN = WAIT_IO_COMPLETION,
    WAIT_RAN_OUT = WAIT_TIMEOUT,
    WAIT_BLOCKS = 100000,
    WAIT_FAILS = 100001
};

uint64_t new_event(struct machine *machine, bool manual_reset, bool set);
/* CreateFileW of a file by this name; only NUL is there. */
uint32_t open_file(struct machine *machine, const char *name, uint64_t *handle);
uint32_t close_handle(struct machine *machine, uint64_t handle);
unsigned wait_for(struct machine *machine, uint64_t event, uint32_t milliseconds); /* a WAIT_ value */
unsigned sleep_for(struct machine *machine, uint32_t milliseconds, bool alertable);
uint32_t overlapped_result(struct machine *machine, uint64_t socket, unsigned which, bool wait);
uint64_t internal_of(const struct machine *machine, unsigned which);
uint64_t internal_high_of(const struct machine *machine, unsigned which);
/* Do both machines encode to the same bytes? */
bool same_world(const struct machine *one, const struct machine *other);
/* Lets time pass, then settles. */
void pass_time(struct machine *machine, unsigned milliseconds);

/* Answers CHOICE_CRASH: so many sectors are written, the next comes to `answer`, 1 not written or 2 torn. All else is
 * left to another chooser, which it borrows. */
struct failing_chooser {
    struct chooser chooser;
    struct chooser *inner;
    unsigned good_sectors, answer;
};
void failing_chooser_init(struct failing_chooser *failing, struct chooser *inner, unsigned good_sectors,
                          unsigned answer);

/* --- any call, and what came of it -------------------------------------------------------------------------------- */

/* One call with scalar arguments; no memory. Returns the value. */
uint64_t plain_call(struct machine *machine, enum function function, uint64_t first, uint64_t second, uint64_t third);
/* Executes `call` as the speaker, settles, checks the invariants. */
void run_call(struct machine *machine, struct call *call);
/* The same for a call that may park its thread: the clock runs until it returns. It stays RESULT_BLOCKED when
 * nothing that the clock could bring is left. */
void run_to_return(struct machine *machine, struct call *call);
/* The bytes stored at a user address by the last call, or NULL. */
const uint8_t *written(const struct machine *machine, uint64_t address, uint32_t length);
/* *lpcbBytesReturned, or UNTOUCHED. */
uint32_t bytes_returned(const struct machine *machine);
bool output_written(const struct machine *machine);

void check_error(const char *what, uint32_t expected, uint32_t actual, const char *file, unsigned line);
#define expect_error(expected, call) check_error(#call, expected, call, __FILE__, __LINE__)
#define expect_ok(call) check_error(#call, 0, call, __FILE__, __LINE__)

#endif
