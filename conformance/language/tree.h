/* The tree of a scenario or a trace: what the parser builds, the printer prints and the expansion copies.
 *
 * One grammar serves the scenario file, the trace file, the line sent to the host agent and the line that comes back
 * (conformance/language.md is normative). The tree is what was written, name for name: live values (handles, tokens,
 * port numbers) are the session's business (session.h), so that script values and live values stay two spaces.
 *
 * Ownership: everything in a tree lives in the tree's arena and is freed by scenario_free(). Strings are NUL-terminated
 * UTF-8 in that arena. A tree keeps no reference to the source text. Pure C17: the same sources are compiled for
 * Linux, for 32 bits, and by mingw-w64 into the agent. */
#ifndef RESERVOIR_CONFORMANCE_TREE_H
#define RESERVOIR_CONFORMANCE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/base/arena.h"
#include "conformance/language/language_error.h"
#include "stack/call/signature.h"
#include "stack/system/security.h"

enum {
    PORTS_MAX = 16,         /* ports lines */
    PROCESSES_MAX = 16,     /* process lines: one that is given once for each of several guards counts as often */
    THREADS_MAX = 8,        /* of all processes of a scenario together */
    NAMES_MAX = 96,         /* distinct names of one scenario */
    PROTOCOL_INFOS_MAX = 4, /* products of WSADuplicateSocketW of one scenario */
    STEPS_MAX = 512,
    ROUTINE_LINES_MAX = 8, /* routine, packet and apc lines of a step */
    DIMENSIONS_MAX = 5,    /* of variants */
    DIMENSION_VALUES_MAX = 8,
    INSTANCES_MAX = 64, /* of one scenario's variants, after exceptions */
    MACHINES_MAX = 8,   /* machine lines */
    LINKS_MAX = 16,     /* link lines among the declarations */
    MACHINE_ADDRESSES_MAX = 4,
    NO_NAME = -1,
    NAME_OF_NONE = -2, /* of an OVERLAPPED that a line below a step tells of: it has no name */
};

/* --- expressions --------------------------------------------------------------------------------------------- */

enum expression_kind {
    EXPRESSION_NUMBER,   /* number, negative */
    EXPRESSION_CONSTANT, /* text = AF_INET; number = its value */
    EXPRESSION_ERROR,    /* text = WSAEINVAL; number = its value (an error or status name used as a value) */
    EXPRESSION_NAME,     /* r, or r.Token with field; offset for p+2 (offset may be negative) */
    EXPRESSION_VARIANT,  /* $socket, $any, $loopback, $completion...: text without '$'; gone after expansion */
    EXPRESSION_RECORD,   /* {any, 4}: items */
    EXPRESSION_ADDRESS,  /* host:port; items[0] = host (EXPRESSION_HOST or EXPRESSION_VARIANT), items[1] = port */
    EXPRESSION_HOST,     /* text = 127.0.0.1 or ::1 as written, without brackets; bytes = 4 or 16 network-order bytes */
    EXPRESSION_HEX,      /* hex(88 13): bytes */
    EXPRESSION_TEXT,     /* "NUL": text */
    EXPRESSION_POINTER,  /* NULL, good, bad, partly-bad, unaligned; number = enum pointer_word;
                               items[0] (optional) for unaligned(r.Token) and partly-bad(r.Token) */
    EXPRESSION_ANY_PORT, /* any: port 0 */
    EXPRESSION_UNTOUCHED, /* untouched */
    EXPRESSION_SET,       /* set / unset of an event: number 1 / 0 */
    EXPRESSION_PROCESS,   /* a process as dwProcessId: text = its name; number = its index */
    EXPRESSION_THREAD,    /* a thread as hThread: text = app or app.t2; number = its index */
    EXPRESSION_WORD,      /* text and number: a user and its account, a manifest and enum manifest, tcp or udp and enum
                               transport, active or persistent and enum netsh_store, a kind of row and enum netsh_row */
};

enum pointer_word { POINTER_NULL, POINTER_GOOD, POINTER_BAD, POINTER_PARTLY_BAD, POINTER_UNALIGNED };

/* Most of a tree are these, and whoever plays thousands of scenarios waits for trees: so they are small. */
struct expression {
    struct position position;
    enum expression_kind kind : 8;
    bool negative;        /* NUMBER: written with a minus; number holds the absolute value */
    bool hexadecimal;     /* NUMBER: written as 0x...; printed so */
    int16_t name;         /* NAME: index into scenario.names; else NO_NAME */
    uint16_t items_count; /* 0 where the kind has none */
    uint64_t number;
    const char *text;     /* see kind; for NAME the name */
    int32_t offset;       /* NAME: +2 in p+2 */
    uint32_t bytes_count; /* 0 where the kind has none */
    union {
        const char *field;         /* NAME: "Token" in r.Token, or NULL */
        const uint8_t *bytes;      /* HOST, HEX */
        struct expression **items; /* RECORD, ADDRESS, POINTER */
    };
};

/* --- outcomes ------------------------------------------------------------------------------------------------ */

enum outcome_word {
    OUTCOME_OK,
    OUTCOME_NUMBER, /* exactly this return value (value) */
    OUTCOME_ERROR,  /* failure with this last error (value.number; value.text, or error(317) when it has no name) */
    OUTCOME_FAILS,  /* any failure */
    OUTCOME_PENDING,
    OUTCOME_BLOCKS,
    OUTCOME_FAULT, /* an exception inside the call */
    OUTCOME_NONE,  /* of `expect packet`: no such packet */
    OUTCOME_ANY,   /* ... */
};

/* What can be observed of a call. The order is the fixed order in which traces print it. */
enum observable {
    OBSERVABLE_error,      /* last error after a success: a number, or untouched */
    OBSERVABLE_bytes,      /* *lpcbBytesReturned and other counts: a number, or untouched */
    OBSERVABLE_flags,      /* *lpdwFlags */
    OBSERVABLE_key,        /* *lpCompletionKey: a number, or untouched */
    OBSERVABLE_overlapped, /* *lpOverlapped: the name of an overlapped, NULL, good (one without a name), or untouched */
    OBSERVABLE_value, /* number stored by getsockopt, ioctlsocket; returned by WSAGetLastError, sendto; of a packet the
                                 bytes of its payload */
    OBSERVABLE_readfds, /* what select leaves in each set, {a,b}, where the argument is written so */
    OBSERVABLE_writefds,
    OBSERVABLE_exceptfds,
    OBSERVABLE_revents,    /* what WSAPoll finds of each socket, {256,0}, likewise; or untouched */
    OBSERVABLE_iErrorCode, /* of the network events stored: the code that is not 0, else 0; or untouched */
    OBSERVABLE_address,    /* host part stored by getsockname, accept, recvfrom and kin; a packet's source */
    OBSERVABLE_port,       /* its port, or the one that a bind, a connect or a sendto showed; a packet's source port */
    OBSERVABLE_row,        /* which kind of row netsh lists a port under: enum netsh_row */
    OBSERVABLE_StartPort,  /* of what ACQUIRE stored; of that row */
    OBSERVABLE_NumberOfPorts,
    OBSERVABLE_padding, /* bytes 4..7 of what ACQUIRE stored: a number, or untouched */
    OBSERVABLE_Token,
    OBSERVABLE_out,      /* output bytes that are no product: untouched, or hex(...) */
    OBSERVABLE_Internal, /* NTSTATUS by name, or untouched */
    OBSERVABLE_InternalHigh,
    OBSERVABLE_event,  /* set or unset */
    OBSERVABLE_handle, /* a new handle has the stale number of this name */
    OBSERVABLE_COUNT
};

enum relation { RELATION_EQUALS, RELATION_IN /* port in r */ };

struct predicate {
    struct position position;
    enum observable observable;
    enum relation relation;
    struct expression *value; /* for IN: a NAME with a range of ports (ports line or reservation) */
};

enum source_kind {
    SOURCE_CLAUSE,   /* @ASC-02: text = ASC-02 */
    SOURCE_FACT,     /* @W22: text = W22 */
    SOURCE_CLIENT,   /* @client:msquic: text = msquic */
    SOURCE_INFERRED, /* @inferred */
    SOURCE_READING,  /* @Q38=a: number = 38, candidate = 0; the alternative holds only under this reading */
};

struct source {
    struct position position;
    enum source_kind kind;
    unsigned number;
    unsigned candidate; /* 0 for a, 1 for b, ... */
    const char *text;
};

/* [udp]: holds only under these values of the variants (all of them); empty: always. Gone after expansion. */
struct guard {
    uint32_t values_count; /* 0..DIMENSIONS_MAX */
    const char **values;
};

struct outcome {
    struct position position;
    struct guard guard;
    enum outcome_word word;
    struct expression *value; /* for NUMBER, ERROR */
    uint32_t predicates_count;
    uint32_t sources_count;
    struct predicate *predicates;
    struct source *sources;
};

/* What a line below a step tells: that something left a queue for the step's thread. */
enum delivery {
    DELIVERY_ROUTINE, /* a completion routine ran: routine(o1) error=WSAEOPNOTSUPP bytes=0 */
    DELIVERY_PACKET,  /* a packet was taken, one of several: packet(o1) key=7 bytes=0 Internal=STATUS_SUCCESS */
    DELIVERY_APC,     /* what QueueUserAPC was given ran: apc(5) */
    DELIVERIES_COUNT
};

/* What such a line says besides, in the order in which traces print it. */
enum member { MEMBER_ERROR, MEMBER_KEY, MEMBER_BYTES, MEMBER_INTERNAL, MEMBERS_COUNT };

/* The word that such a line begins with, and a member's word. Which members a delivery has: their set, 1 << member.
 * Static memory. */
const char *delivery_name(enum delivery delivery);
const char *member_name(enum member member);
unsigned delivery_members(enum delivery delivery);

struct routine_line {
    struct position position;
    enum delivery delivery;
    int overlapped;  /* ROUTINE, PACKET: name index; NO_NAME for NULL; NAME_OF_NONE for good: one without a name */
    uint64_t number; /* APC: what it was given */
    struct expression *values[MEMBERS_COUNT]; /* NULL: not asserted, or no member of this delivery */
    uint32_t sources_count; /* readings under which the line holds; lines with some that stand side by side for one */
    struct source *sources; /* OVERLAPPED are alternatives */
};

enum transport { TRANSPORT_TCP = 6, TRANSPORT_UDP = 17 };

/* --- steps --------------------------------------------------------------------------------------------------- */

enum step_kind {
    STEP_CALL,         /* app: r = WSAIoctl(...) -> ... */
    STEP_RETURNS,      /* app.t2: returns -> ... */
    STEP_OVERLAPPED,   /* app: o1 = overlapped(event=e1) : memory that outlives a call; no outcome */
    STEP_BUFFER,       /* app: b = buffer(16) : likewise */
    STEP_FREE,         /* app: free o1 : that memory is given back; no outcome */
    STEP_SHOW,         /* app: show o1 -> ok Internal=...; show e1 -> ok event=set */
    STEP_CHECK,        /* check INVARIANT: no outcome; text = the invariant's name */
    STEP_ADVANCE,      /* advance 10ms: number = nanoseconds */
    STEP_REBOOT,       /* reboot */
    STEP_EXITS,        /* app exits */
    STEP_CRASHES,      /* app crashes */
    STEP_THREAD_EXITS, /* app.t2 exits */
    STEP_FAULT,        /* fault network-down: text = the fault's name, or network-up: that it is over (parser_step.c) */
    STEP_LINK,         /* link a-b loss=10%: number = index of the link; it is so from now on */
    STEP_EXPECT,       /* y = expect packet tcp from r to p flags=SYN -> ok port in r: packet */
    STEP_PACKET,       /* packet tcp from 10.0.0.2:5000 to 10.0.0.1:p flags=SYN: packet; a bare machine sends it */
    STEP_TOGETHER,     /* together: children in any order */
};

/* TCP's flags of which lines speak, as they stand in the header. */
enum packet_flag {
    PACKET_FIN = 0x01,
    PACKET_SYN = 0x02,
    PACKET_RST = 0x04,
    PACKET_PSH = 0x08,
    PACKET_ACK = 0x10,
    PACKET_URG = 0x20,
};

/* Numbers of TCP's header and its options, in the order in which they are printed. */
enum packet_field {
    PACKET_SEQ,
    PACKET_ACK_NUMBER,
    PACKET_WINDOW, /* as it stands in the header, not shifted */
    PACKET_URGENT,
    PACKET_MSS, /* this and the next one: PACKET_WITHOUT where the packet has no such option */
    PACKET_SCALE,
    PACKET_FIELDS_COUNT
};

enum {
    PACKET_WITHOUT = 0x10000,
    PACKET_PAYLOAD_MAX = 1024,
    PACKET_OPTIONS_MAX = 32, /* bytes; what is left of the 40 that a header has room for is of mss and scale */
};

/* Which packets are meant, or what a packet is that is sent. */
struct packet_pattern {
    enum transport transport;     /* 0 while it is $transport, which is gone after expansion; and where raw is said */
    struct expression *from, *to; /* a port, or an address with one (0: any); NULL: any. PACKET: addresses */
    struct expression *fields[PACKET_FIELDS_COUNT]; /* NULL: any. PACKET: what language.md says */
    bool flags_said;
    unsigned flags;             /* EXPECT: exactly these of SYN, ACK, FIN and RST, and these at least of PSH and URG */
    bool data;                  /* EXPECT: only packets with a payload */
    bool next;                  /* EXPECT: the next one between these ends, or none */
    bool damaged;               /* PACKET, as all that follows: its checksum is wrong */
    struct expression *payload; /* hex(), a text, or a number of bytes that are 0; NULL: none */
    struct expression *options; /* hex(): TCP's options behind those of fields; NULL: none */
    struct expression *raw;     /* hex(): the whole packet; NULL: the other members say what it is */
    int machine;                /* a bare one, that sends it */
    bool by;                    /* the line names it */
};

/* What is said of a link. */
enum link_setting {
    LINK_DELAY,     /* delay=10ms: nanoseconds, from the last bit sent to the last bit received */
    LINK_RATE,      /* rate=1000000: bits a second */
    LINK_LOSS,      /* loss=10%: of LINK_SHARES, as the next ones are: packets that never arrive, */
    LINK_DUPLICATE, /* that arrive twice, */
    LINK_REORDER,   /* that arrive late, */
    LINK_CORRUPT,   /* with one bit changed */
    LINK_LATE,      /* late=5ms: nanoseconds: how late at most */
    LINK_PARTITION, /* partition: 1, nothing gets through; whole: 0 */
    LINK_SETTINGS_COUNT
};

enum { LINK_SHARES = 1000000 };

struct link_settings_said {
    uint32_t said; /* a set: bit s for enum link_setting s */
    uint32_t padding;
    uint64_t values[LINK_SETTINGS_COUNT];
};

struct argument {
    struct expression *value;
    int8_t parameter; /* index into the signature's parameters; resolved by the parser */
    bool named;       /* written as name=value */
};

/* What is needed to play it comes first: with all that is only parsed and printed it takes two lines of a cache. */
struct step {
    struct position position;
    enum step_kind kind : 8;
    int8_t process;     /* index, for kinds that have one; else NO_NAME */
    int8_t thread;      /* index into scenario.threads (each process has its main thread there); else NO_NAME */
    uint8_t completion; /* CALL: `by $completion`: 0 none, 1 written (see language.md); gone after expansion */
    int16_t product;    /* name index, or NO_NAME */
    int16_t subject;    /* SHOW: name index; OVERLAPPED: name of its event or NO_NAME */
    uint16_t arguments_count;
    uint16_t outcomes_count; /* alternatives */
    uint16_t routines_count;
    uint16_t children_count;
    const struct signature *signature; /* CALL */
    struct argument *arguments;
    struct outcome *outcomes;
    uint64_t
        number; /* ADVANCE: nanoseconds; BUFFER: bytes; OVERLAPPED: 1 for event=e+1, the bit that wants no packet */
    union {
        const char *text;                      /* CHECK, FAULT */
        const struct packet_pattern *packet;   /* EXPECT, PACKET */
        const struct link_settings_said *link; /* LINK */
        struct step *children;                 /* TOGETHER */
    };
    struct routine_line *routines;
    struct guard guard;
    uint32_t comments_count; /* full-line comments above this step, as written, without line end */
    const char **comments;
    const char *comment; /* at the end of the line, with '#', or NULL; `#~` comments stand in live instead */
    const char *live;    /* text after `#~`, or NULL: live values of a trace (language.md, Traces) */
};

/* --- header -------------------------------------------------------------------------------------------------- */

enum name_kind {
    NAME_PORTS,
    NAME_SOCKET,
    NAME_EVENT,
    NAME_FILE,
    NAME_OUTPUT,
    NAME_ADDRESS,
    NAME_VALUE,
    NAME_OVERLAPPED,
    NAME_BUFFER,
    NAME_PROTOCOL_INFO,
    NAME_TOKEN,  /* of a persistent reservation */
    NAME_PORT,   /* a completion port */
    NAME_THREAD, /* a handle to a thread, made by DuplicateHandle */
    NAME_PACKET, /* one that `expect packet` found */
};

/* Does the name stand for a handle? */
bool name_is_handle(enum name_kind kind);

struct name {
    const char *text;
    enum name_kind kind;
    uint32_t control_code; /* OUTPUT: the code whose output it is */
    int process;           /* that gave it; NO_NAME for PORTS */
    uint32_t line;
};

enum world_line_kind {
    WORLD_DYNAMIC_RANGE,    /* transport, first, last: of both families, where no line speaks of IPv6's */
    WORLD_DYNAMIC_RANGE_V6, /* the same, of IPv6 */
    WORLD_EXCLUSION,        /* transport, first, last, administered, active */
    WORLD_UAC,              /* text = EnableLUA or FilterAdministratorToken, number */
    WORLD_ADDRESS,          /* address: one of the machine's own */
    WORLD_BUILD,            /* number */
    WORLD_IMPLEMENTED, /* `world implements yes|no`: the provider's property (traces and profiles; number 1 or 0) */
    WORLD_COMPLETES,   /* how the provider deals with control calls: number = enum provider_pace; AFTER: duration_ns */
};

enum provider_pace { PACE_AT_ONCE, PACE_LATER, PACE_NEVER, PACE_AFTER, PACES_COUNT };

struct world_line {
    struct position position;
    struct guard guard;
    enum world_line_kind kind;
    enum transport transport; /* 0 while it is $transport: gone after expansion */
    uint32_t first, last;
    bool administered;
    bool active; /* administered, and not in the persistent store */
    uint32_t number;
    uint64_t duration_ns;
    const char *text;
    const struct expression *address;
};

struct ports_line {
    struct position position;
    int name;
    uint32_t count;
    const char *transport; /* "tcp", "udp", "$transport" (after expansion: tcp or udp) */
    const char *live;      /* as in struct step */
};

struct user_line {
    struct position position;
    const char *name;
    enum account_kind kind;
};

/* machine a 10.0.0.1 [fd00::1]: a machine of its own, with these addresses beside loopback. */
struct machine_line {
    struct position position;
    const char *name;
    bool bare; /* it has no stack: what it sends `packet` lines say, and nothing on it answers */
    uint32_t addresses_count;
    struct expression *addresses[MACHINE_ADDRESSES_MAX]; /* each EXPRESSION_HOST */
};

/* link a-b delay=10ms: joins two machines. */
struct link_line {
    struct position position;
    int machines[2];
    struct link_settings_said settings;
};

struct process_line {
    struct position position;
    struct guard guard;
    const char *name;
    int machine;        /* on MACHINE, or its parent's; NO_NAME where no line gives machines */
    const char *parent; /* of PARENT: a step of that process starts it; NULL: it runs from the beginning */
    const char *user;   /* as USER, or NULL */
    bool elevated;
    const char *manifest; /* asInvoker, highestAvailable, requireAdministrator, or NULL */
    const char *startup;  /* "2.2" unless startup=none ("none") or startup=1.1 ("1.1") is said */
};

struct thread_line {
    struct position position;
    const char *name;
    int process;
    bool is_main;
};

struct dimension {
    const char *name;
    uint32_t values_count;
    const char *values[DIMENSION_VALUES_MAX];
};

struct key_value {
    struct position position;
    const char *key;
    const char *value;
};

/* Comments that stand with a header line or a declaration; steps carry their own. `index` counts within its kind: the
 * second note has index 1. Lines without comments have no margin. */
enum margin_line {
    MARGIN_FIRST_LINE,
    MARGIN_TITLE,
    MARGIN_NOTE,
    MARGIN_VARIANTS,
    MARGIN_EXCEPT,
    MARGIN_NEEDS,
    MARGIN_FACT,
    MARGIN_WORLD,
    MARGIN_MACHINE,
    MARGIN_LINK,
    MARGIN_PORTS,
    MARGIN_USER,
    MARGIN_PROCESS,
    MARGIN_THREAD
};

struct margin {
    enum margin_line line;
    uint32_t index;
    uint32_t above_count; /* full-line comments above it */
    const char **above;
    const char *after; /* at the end of the line, with '#', or NULL */
};

struct scenario {
    struct arena *arena;
    const char *file; /* copied */
    const char *name; /* after-bind, or after-bind[udp.v6] for an instance or a trace */
    bool is_trace;
    const char *title; /* or NULL */
    uint32_t notes_count;
    const char **notes;
    uint32_t facts_count; /* traces: by, version, host, date... in order */
    struct key_value *facts;
    uint32_t needs_count;
    const char **needs; /* `needs NAME` lines */
    uint32_t dimensions_count;
    struct dimension dimensions[DIMENSIONS_MAX];
    uint32_t exceptions_count; /* except udp.dual: each a guard */
    struct guard exceptions[DIMENSION_VALUES_MAX];
    uint32_t world_lines_count;
    struct world_line *world_lines;
    uint32_t machines_count; /* 0: all run on one, which has no name */
    struct machine_line *machines;
    uint32_t links_count;
    struct link_line *links;
    uint32_t ports_count;
    struct ports_line *ports;
    uint32_t users_count;
    struct user_line *users;
    uint32_t processes_count;
    struct process_line *processes; /* at most PROCESSES_MAX */
    uint32_t threads_count;
    struct thread_line threads[THREADS_MAX];
    uint32_t names_count;
    struct name *names; /* at most NAMES_MAX */
    uint32_t steps_count;
    struct step *steps;
    uint32_t comments_count; /* full-line comments above the first line */
    const char **comments;
    uint32_t trailing_comments_count; /* below the last step */
    const char **trailing_comments;
    uint32_t margins_count;
    struct margin *margins;
};

/* Frees a tree of the parser or of the expansion. NULL is allowed. */
void scenario_free(struct scenario *scenario);

/* The word that stands for a value in the text. Static memory. */
const char *observable_name(enum observable observable);
const char *outcome_word_name(enum outcome_word word);
const char *netsh_row_name(enum netsh_row row);
const char *provider_pace_name(enum provider_pace pace);
const char *link_setting_name(enum link_setting setting);
const char *packet_field_name(enum packet_field field);

#endif
