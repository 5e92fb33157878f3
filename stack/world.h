/* The world: everything that the model knows, in one contiguous block.
 *
 * Indices instead of pointers, limits fixed at creation: memcpy clones a world, two worlds of equal limits can be
 * compared byte by byte, and a world can be moved or written to a file. State records facts (who, when, family,
 * address); readings apply in checks only.
 *
 * LAYOUT. struct world (the fixed part), then the tables one after another, each aligned to 8, in the order of
 * struct world_limits. world_create() computes the offsets; the accessors below are the only way in.
 *
 * INVARIANTS
 *   V1  Every byte of the block is defined; a free row is all zero. Only bytes of packets, datagrams and rings that no
 *       row counts mean nothing: they may be what they were, in a clone what they were there.
 *   V2  A row's index is its identity while it lives; a row is taken by the lowest free index.
 *   V3  No row refers to a free row, except reservation indices of sockets whose reservation is gone (they keep its
 *   serial).
 *   V4  readings[q] is 0 until question q was asked, then candidate+1 for ever; so is readings[READING_ACCOUNT].
 * Each module adds its own at the head of its header; model_check() asserts them all. */
#ifndef RESERVOIR_STACK_WORLD_H
#define RESERVOIR_STACK_WORLD_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stack/choice.h"
#include "stack/wire_rows.h"
#include "stack/readings.h"

enum { NO_ROW = 0xffff }; /* the index of no row */

enum protocol { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOLS_COUNT };

enum { ACCOUNTS_MAX = 20 }; /* accounts by number; 0 is the one without a name */

struct world_limits {
    uint16_t processes;
    uint16_t threads;
    uint16_t handles; /* of all processes together */
    uint16_t sockets;
    uint16_t events;
    uint16_t files;
    uint16_t requests;
    uint16_t routines; /* queued completion routines */
    uint16_t reservations;
    uint16_t exclusions;
    uint16_t duplicates;  /* made by WSADuplicateSocketW and not opened yet */
    uint16_t indexed;     /* 1: with indexes of ports and handles (ports/port_index.h, system/handle_index.h), chains */
    uint16_t stored;      /* entries that the persistent store of one protocol has room for (system/store.h) */
    uint16_t connections; /* TCP; 0, like the next two: a world without a wire */
    uint16_t packets;     /* on their way at one instant */
    uint16_t datagrams;   /* received and not read, of all sockets together */
    uint16_t packet_bytes; /* the longest packet */
    uint16_t completion_ports;
    uint16_t associations; /* sockets with a completion port, or with skip modes */
    uint16_t completions;  /* packets queued at completion ports, and pending requests that may need one */
    uint16_t numbers;      /* options that are a number and were set, of all sockets together */
    uint16_t addresses;    /* of its own, besides loopback */
    uint16_t selections;   /* sockets for which WSAEventSelect was called */
    uint16_t event_waits;  /* events of all waits for several together */
    uint16_t socket_waits; /* sockets of all threads in select and WSAPoll together */
    uint16_t more_bytes; /* that results have room for beyond RESULT_BYTES_MAX: who calls hands it such (call/call.h) */
    uint32_t stream_bytes; /* of each of a connection's two rings */
};

/* What scenarios and the judge use: at most 7,064 bytes, which it had before there was a wire (a unit test asserts
 * it). */
struct world_limits world_limits_small(void);
/* Adds a wire for a few connections at a time: what scenarios that connect use beside the small limits. */
void world_limits_add_wire(struct world_limits *limits);
/* A whole machine: as many sockets and handles as 16-bit indices name. Requests stay few: one result record holds the
 * writes of all that may complete at one instant. */
struct world_limits world_limits_full(void);

/* What the two indices of a large world take, known here so that the ground floor needs nothing above it. */
enum { PORT_INDEX_BYTES = 1430016, HANDLE_INDEX_BYTES = 262144 };

/* What a store is made of (system/store.h), known here for the same reason: two copies, each whole sectors. A sector is
 * smaller than any disk's: a disk that writes more at once has fewer moments at which it can be torn. */
enum { STORE_SECTOR_BYTES = 64, STORE_HEADER_BYTES = 16, STORE_ENTRY_BYTES = 12, STORE_COPIES = 2 };

/* What the index of connections has (transport/connection_index.h), known here for the same reason: chains by local
 * port, and what is most urgent in each block of rows. */
enum { CONNECTION_BLOCK_ROWS = 64 };
uint32_t connection_blocks(const struct world_limits *limits);

/* Bytes of a store with room for so many entries: a multiple of STORE_SECTOR_BYTES. 0 for capacity 0. */
uint32_t store_bytes(unsigned capacity);

enum table {
    TABLE_PROCESSES,
    TABLE_THREADS,
    TABLE_HANDLES,
    TABLE_SOCKETS,
    TABLE_EVENTS,
    TABLE_FILES,
    TABLE_REQUESTS,
    TABLE_ROUTINES,
    TABLE_RESERVATIONS,
    TABLE_EXCLUSIONS,
    TABLE_DUPLICATES,
    TABLE_CONNECTIONS,
    TABLE_DATAGRAMS,
    TABLE_COMPLETION_PORTS,
    TABLE_ASSOCIATIONS,
    TABLE_COMPLETIONS,
    TABLE_NUMBERS,
    TABLE_ADDRESSES,
    TABLE_SELECTIONS,
    TABLE_TRANSFERS, /* in a world with a wire as many as requests, else none */
    TABLE_EVENT_WAITS,
    TABLE_SOCKET_WAITS,
    TABLES_COUNT
};

/* Rows that belong to one row (chains.h). */
enum chain { CHAIN_HANDLES, CHAIN_ASSOCIATED, CHAIN_ACQUIRED, CHAIN_TOKENS, CHAIN_TOMBSTONES, CHAINS_COUNT };

struct chain_tables {
    enum table owners, members;
};
extern const struct chain_tables world_chain_tables[CHAINS_COUNT];

/* Where the links of owners and those of rows begin in the block. */
struct chain_offsets {
    uint32_t of[CHAINS_COUNT][2];
};

/* --- rows ----------------------------------------------------------------------------------------------------- */

struct process {
    bool alive;
    uint8_t startup_count;    /* successful WSAStartup calls not yet matched by WSACleanup; saturates at 255 */
    uint16_t startup_version; /* 0x0101 or 0x0202, of the last successful one */
    uint16_t account;
    uint8_t token;        /* enum token (system/security.h) */
    uint8_t manifest;     /* enum manifest */
    uint32_t handle_next; /* lowest handle number never given so far */
};

enum thread_state { THREAD_FREE, THREAD_RUNNING, THREAD_WAITING /* parked in a wait */ };

/* What a parked thread waits for, besides its time-out and, when it is alertable, routines. */
enum awaited {
    AWAITED_NOTHING, /* or its own synchronous request */
    AWAITED_EVENT,
    AWAITED_PORT,    /* a packet of a completion port */
    AWAITED_REQUEST, /* the end of an overlapped request (WSAGetOverlappedResult with wait), or its event:
                        outputs[THREAD_STATUS] has the InternalHigh of its OVERLAPPED */
    AWAITED_RESULT,  /* that request has ended: outputs[THREAD_STATUS] has its status above its information */
    AWAITED_ONE_OF,  /* several events, of which one has to be set (io/event_waits.h) */
    AWAITED_ALL_OF,  /* all of them */
    AWAITED_SOCKETS, /* sockets (transport/socket_waits.h) */
};

enum { THREAD_OUTPUTS = 3, THREAD_STATUS = 2 };

struct thread {
    uint8_t state;  /* enum thread_state */
    bool alertable; /* WAITING: routines may be delivered */
    uint16_t process;
    uint16_t function;      /* WAITING: enum function */
    uint16_t object;        /* WAITING: index of the event or the completion port, else NO_ROW */
    uint16_t request;       /* WAITING for a request (WSAGetOverlappedResult with wait): its index, else NO_ROW */
    uint16_t impersonated;  /* the account whose token the thread acts with; 0: its process's */
    uint32_t last_error;    /* as the model last set it */
    uint64_t deadline_ns;   /* WAITING: UINT64_MAX without a time-out */
    uint32_t parked_serial; /* WAITING: of two threads, the one with the greater serial was parked later */
    uint8_t awaited;        /* WAITING: enum awaited */
    uint8_t padding;
    uint16_t served_port; /* 1 + the completion port that it took its last packet from; 0: none, or it has gone */
    uint64_t outputs[THREAD_OUTPUTS]; /* WAITING: user addresses of what the call stores when it returns */
    uint64_t blocking_hook;           /* user address of the function that WSASetBlockingHook was given, or 0 */
};

enum handle_kind {
    HANDLE_FREE,
    HANDLE_SOCKET,
    HANDLE_EVENT,
    HANDLE_FILE,
    HANDLE_PORT,   /* a completion port */
    HANDLE_THREAD, /* made by DuplicateHandle; its object is NO_ROW when the thread has ended */
};

enum { HANDLE_PROCESSES_MAX = 1024 }; /* what a handle can name; asserted when a world is created */

struct handle {
    uint16_t kind : 3;        /* enum handle_kind */
    uint16_t inheritable : 1; /* a child that the process creates gets it too */
    uint16_t duplicated : 1;  /* made by DuplicateHandle, or inherited from such a one: Q137, Q138 */
    uint16_t unaware : 1;     /* its socket was bound by another handle of it after this one was opened: Q150 */
    uint16_t process : 10;
    uint16_t object; /* index in the table of its kind */
    uint32_t number; /* what the process sees; a multiple of 4, never 0 */
};

enum socket_state {
    SOCKET_FREE,
    SOCKET_OPEN,
    SOCKET_PUT_OFF, /* bound to an address; its port is chosen when it connects (Q124) */
    SOCKET_BOUND,   /* from here on it has a port */
    SOCKET_LISTENING,
    SOCKET_CONNECTED
};

struct local_address {
    uint8_t bytes[16]; /* IPv4 in the first 4; a mapped address as it was given */
};

/* A socket with PROTOCOLS_COUNT for its protocol. None of them can be bound here. */
enum other_kind {
    OTHER_NONE, /* it is TCP or UDP */
    OTHER_RAW,
    OTHER_RAW_OF_TRANSPORT, /* raw, and its protocol is TCP or UDP: Q102 */
    OTHER_UNIX              /* a stream of AF_UNIX; `family` means nothing */
};

enum { SOCKET_NUMBERS = 10 }; /* options of a socket that are a number (asserted in call/catalogue.c) */

/* One that was set, or asked for where the machine has its own. Those of a socket are linked, in
 * the order of their options. */
struct kept_number {
    uint32_t number;
    uint16_t next;  /* row of the socket's next one, or NO_ROW */
    bool used;      /* 0: the row is free */
    uint8_t option; /* its place in the catalogue (call/catalogue.h) */
};

/* Of its facts those that are yes or no are bits: most of a small world are sockets. */
struct socket_row {
    uint8_t state;        /* enum socket_state */
    uint8_t account;      /* of the process that created it, for the sharing rules */
    uint8_t affinity;     /* SIO_CPU_AFFINITY: processor + 1; 0: none */
    uint8_t backlog;      /* LISTENING: connections that may wait */
    uint8_t family : 3;   /* 4 or 6 */
    uint8_t protocol : 2; /* enum protocol; PROTOCOLS_COUNT for raw */
    uint8_t other : 2;    /* enum other_kind: what it is when it is neither TCP nor UDP */
    bool overlapped : 1;  /* has the overlapped attribute */
    bool nonblocking : 1;
    bool reuse : 1;     /* SO_REUSEADDR */
    bool exclusive : 1; /* SO_EXCLUSIVEADDRUSE */
    bool v6only : 1;
    bool randomize : 1;           /* SO_RANDOMIZE_PORT */
    bool port_scalability : 1;    /* SO_PORT_SCALABILITY */
    bool reuse_unicastport : 1;   /* SO_REUSE_UNICASTPORT: bind may put off the choice of a port (Q124) */
    bool port_shared : 1;         /* that choice was put off: others may have the port for other peers */
    bool reuse_multicastport : 1; /* SO_REUSE_MULTICASTPORT: stored */
    bool broadcast : 1;           /* SO_BROADCAST */
    bool shut_receive : 1;        /* shutdown(SD_RECEIVE) */
    bool shut_send : 1;           /* shutdown(SD_SEND) */
    bool udp_connreset : 1;       /* SIO_UDP_CONNRESET: a receive learns that a datagram reached no one */
    bool accepted : 1;            /* it has the port of a listener: made by accept(), or AcceptEx has connected it */
    bool no_delay : 1;            /* TCP_NODELAY */
    bool reused : 1;              /* DisconnectEx has made it ready for another AcceptEx or ConnectEx */
    bool handle_unknown : 1;      /* no source tells whether its handle is signalled (io/handle_events.h) */
    uint8_t padding : 7;
    uint16_t process;      /* that created it */
    uint16_t port;         /* host order; 0 while not bound */
    uint16_t reservation;  /* index of the associated reservation, or NO_ROW */
    uint16_t references;   /* handles that name it, and duplicates that are on their way */
    uint16_t connection;   /* TCP: its connection; UDP: who it is connected to (transport/connections.h); or NO_ROW */
    uint16_t flags;        /* options that are a bit, by their place in the catalogue (call/catalogue.h) */
    uint16_t numbers;      /* first of its numbers (transport/kept_options.h), or NO_ROW */
    uint16_t handle_event; /* 1 + the event of its handle (io/handle_events.h); 0: it has none yet */
    uint32_t reservation_serial; /* of it when it was associated: a reused row is not the same reservation */
    struct local_address address;
};

struct event {
    bool used : 1;
    bool manual_reset : 1;
    bool set : 1;
    uint8_t padding : 5;
    uint8_t padding2;
    uint16_t references;
};

struct file {
    uint16_t references; /* 0: free */
};

enum request_state { REQUEST_FREE, REQUEST_PENDING };

/* Who learns of a request's end, and how. */
enum notice {
    NOTICE_CALLER,         /* it is synchronous: its caller waits */
    NOTICE_OVERLAPPED,     /* routine, or event and completion port */
    NOTICE_WITHOUT_PACKET, /* the same, but the low bit of hEvent keeps it from the port (W123) */
};

enum operation {
    OPERATION_IOCTL,
    OPERATION_CONNECT,
    OPERATION_ACCEPT,
    OPERATION_RECEIVE,
    OPERATION_SEND,
    OPERATION_CLOSE, /* closesocket that lingers */
    OPERATION_DISCONNECT,
    OPERATION_ACCEPT_EX,
};

/* One call on its way through the stack. A synchronous call lives in one from its start to its return. */
struct request {
    uint8_t state;      /* enum request_state */
    uint8_t overlapped; /* enum notice: NOTICE_CALLER, and only that, is 0 */
    bool decided;       /* its effects have taken place; status is final */
    uint8_t operation;  /* enum operation */
    uint16_t thread;    /* that issued it; NO_ROW when that has ended and the request outlived it (W110) */
    uint16_t socket;    /* index */
    uint16_t event;     /* index of hEvent's event, or NO_ROW */
    uint16_t process;   /* of the thread */
    /* IOCTL: the control code; RECEIVE, DISCONNECT: flags; ACCEPT: enum condition; ACCEPT_EX: the accept socket */
    uint32_t code;
    union {
        uint64_t due_ns; /* IOCTL that is not decided: when the provider gets to it; UINT64_MAX: never by itself */
        struct {
            uint32_t status;      /* NTSTATUS once decided */
            uint32_t information; /* bytes stored once decided */
        };
    };
    union {
        uint32_t range_first; /* ACQUIRE: requested first port */
        uint32_t transfer;    /* ACCEPT, RECEIVE, SEND: index of its transfer + 1; 0: it has none yet */
    };
    uint32_t range_count;   /* ACQUIRE: ports; ACCEPT_EX: bytes for the local address */
    uint32_t input_length;  /* cbInBuffer; ACCEPT_EX: bytes for the remote address */
    uint32_t output_length; /* bytes of output that the caller offers; ACCEPT_EX: for data */
    union {
        uint64_t token;           /* ASSOCIATE, RELEASE: input; CLOSE: the handle */
        uint64_t address_address; /* ACCEPT, RECEIVE: where the peer's address goes, or 0 */
    };
    uint64_t overlapped_address;
    uint64_t output_address;
    uint64_t routine_address;
};

/* Of a WSABUF: where it is, and how much goes there. */
struct buffer {
    uint64_t address;
    uint32_t length;
    uint32_t padding;
};

enum { BUFFERS_MAX = 4 }; /* WSABUFs of one call (asserted to be CALL_BUFFERS_MAX in io/requests.c) */

/* What a request of the wire has besides: its place among those that wait for the same, and where data goes. */
struct transfer {
    bool used;
    uint8_t buffers_count;
    uint16_t control_bytes; /* RECEIVE of a message: so much control data fits */
    uint32_t serial;        /* of two that wait for the same, the one with the lower serial was issued earlier */
    uint64_t address_length_address; /* ACCEPT, RECEIVE: where the length of the peer's address goes, or 0 */
    struct buffer buffers[BUFFERS_MAX];
    uint64_t control_address; /* RECEIVE of a message: where control data goes, its length, and flags */
    uint64_t control_length_address;
    uint64_t message_flags_address; /* 0: it is no message (WSARecvMsg) */
};

/* A completion routine, or what QueueUserAPC was given, that waits for an alertable wait of its thread. FIFO per thread
 * by serial. */
struct routine_row {
    bool used;
    uint8_t kind; /* enum ran: an APC has its number in overlapped_address, and neither error nor bytes */
    uint16_t thread;
    uint32_t serial;
    uint32_t error;
    uint32_t bytes;
    uint64_t routine_address;
    uint64_t overlapped_address;
};

/* A completion port. Its packets are rows of their own. */
struct completion_port {
    bool used;
    bool closed; /* its last handle was closed; it lasts only until those who wait there have left */
    uint16_t references;
};

enum {
    PORT_GONE = 0xfffe
}; /* the completion port of a socket has no handle any more; the socket keeps none but that */

/* What a socket owes to CreateIoCompletionPort and SetFileCompletionNotificationModes. */
struct association {
    bool used;
    uint8_t modes; /* FILE_SKIP_... */
    uint16_t socket;
    uint16_t port; /* index, PORT_GONE, or NO_ROW: modes alone */
    uint16_t padding;
    uint64_t key;
};

/* A packet that waits at a completion port. First in, first out by serial. */
struct completion {
    bool used;
    uint8_t padding;
    uint16_t port;
    uint32_t serial;
    uint32_t status;
    uint32_t information;
    uint64_t key;
    uint64_t overlapped_address;
};

/* What WSAEventSelect was asked of a socket, and what has happened there (transport/network_events.h), as sets of
 * FD_... */
struct selection {
    bool used;
    bool send_blocked; /* a send failed with WSAEWOULDBLOCK, and there has been no room since */
    uint16_t socket;
    uint16_t event;         /* that is signalled; NO_ROW while nothing is selected */
    uint16_t mask;          /* what is selected */
    uint16_t recorded;      /* what has happened and was not taken */
    uint16_t disabled;      /* what was recorded since it was last enabled */
    uint16_t connect_error; /* Winsock error of the FD_CONNECT recorded last, of FD_CLOSE; 0: none */
    uint16_t close_error;
};

/* One of several events that a thread waits for (io/event_waits.h). */
struct event_wait {
    bool used;
    uint8_t place; /* in the array that the caller gave */
    uint16_t thread;
    uint16_t event;
};

enum socket_wait_state {
    SOCKET_WAIT_FREE,
    SOCKET_WAIT_LIVE,
    SOCKET_WAIT_GONE,    /* the socket was closed meanwhile */
    SOCKET_WAIT_OF_NONE, /* WSAPoll: it never was a socket, which is reported and not counted (W177) */
};

/* One socket that a thread waits for in select or WSAPoll (transport/socket_waits.h). */
struct socket_wait {
    uint8_t state; /* enum socket_wait_state */
    uint8_t set;   /* select: 0 to be read, 1 to be written, 2 exceptions; WSAPoll: 0 */
    uint8_t place; /* in that set */
    uint8_t padding;
    uint16_t thread;
    uint16_t socket; /* NO_ROW when there is none, or none any more */
    uint32_t handle; /* select: the number that stays in the set */
    uint32_t events; /* WSAPoll: what is asked */
};

enum reservation_kind {
    RESERVATION_FREE,
    RESERVATION_RUNTIME,
    RESERVATION_RELEASED,   /* only token, protocol and process are left, on which a second RELEASE depends (Q60) */
    RESERVATION_PERSISTENT, /* in the store; of no process, no socket and both families */
};

/* What is known of a persistent reservation's token. */
enum token_state {
    TOKEN_REPORTED, /* it is the token; all others' are of this kind */
    TOKEN_OLD,      /* from before the restart: whether it still holds has not been asked (Q93) */
    TOKEN_CHANGED,  /* not this one any more (0: it has had none); the new one has not been reported */
};

struct reservation {
    uint8_t kind;        /* enum reservation_kind */
    uint8_t protocol;    /* enum protocol */
    uint8_t family;      /* of the acquiring socket: 4 or 6 (a fact; whether it matters is a reading) */
    uint8_t families;    /* of the acquiring socket then: a set of FAMILY_*, both when it was dual-stack */
    uint16_t first;      /* host order */
    uint8_t token_state; /* enum token_state */
    uint8_t padding2;
    uint32_t count;   /* 0 (reading Q13=b only) to 65535 */
    uint16_t process; /* on whose socket it was granted; NO_ROW once it ended and a duplicate kept the socket (Q62=a) */
    uint16_t socket;  /* the acquirer; NO_ROW: persistent */
    uint16_t cursor;  /* offset after the port last taken, for the reading 'next fit' */
    uint16_t padding3;
    uint32_t serial; /* never 0 while live, never used twice in a world */
    uint64_t token;  /* never 0 while live, unique among live ones */
};

enum exclusion_state {
    EXCLUSION_FREE,
    EXCLUSION_ACTIVE,  /* in effect */
    EXCLUSION_DORMANT, /* only in the persistent store: in effect after the next restart */
};

/* A range of ports that is kept from programs: an administered exclusion (netsh), or one of something outside the
 * modelled processes, who takes it again after a restart. */
struct exclusion {
    uint8_t state; /* enum exclusion_state */
    uint8_t protocol;
    uint8_t administered; /* 1: bind allowed, ACQUIRE refused; 0: both refused (T8.4.5, T8.4.6) */
    uint8_t stored;       /* in the persistent store, so that a restart finds it; only administered ones */
    uint16_t first;
    uint16_t last;
};

/* A socket that WSADuplicateSocketW has promised to a process, until that process opens it. The bytes that travel
 * between the two processes hold only the serial. */
struct duplicate {
    uint16_t process; /* that may open it */
    uint16_t socket;  /* index */
    uint32_t serial;  /* never 0 while in use, never used twice in a world */
};

/* The store is written sector by sector, and the power may fail at each of them. */
enum power {
    POWER_ON,
    POWER_FAILING, /* whether it fails is asked at every sector (CHOICE_CRASH) */
    POWER_LOST,    /* it did: nothing can happen but a restart */
};

/* An address that the machine has beside the wildcard and the loopback ones. It is on a link that leads to all other
 * machines. */
struct own_address {
    uint8_t family; /* 4 or 6 */
    uint8_t padding[3];
    struct local_address address;
};

enum { OWN_ADDRESSES_MAX = 4 }; /* of a machine with a wire */

/* What else is asked once and remembered like a reading, at the number of no question: the account without a name has
 * Administrators enabled, or has not (CHOICE_ACCOUNT). */
enum { READING_ACCOUNT = 0, ACCOUNT_CANDIDATES = 2 };

/* --- the block ------------------------------------------------------------------------------------------------- */

struct world {
    struct world_limits limits;
    uint32_t bytes;                     /* of the whole block */
    uint32_t offsets[TABLES_COUNT + 1]; /* of the tables, and the end of the last */
    uint16_t tops[TABLES_COUNT];        /* rows from here on are free: loops end here instead of at the limit */
    uint16_t lows[TABLES_COUNT];        /* rows before this one are in use: the search for a free row begins here */
    uint32_t index_offset;              /* of the port index; 0: none */
    uint32_t handle_index_offset;       /* of the handle index; 0: none */
    uint32_t chains_offset;             /* of struct chain_offsets; 0: none */
    uint32_t store_offset;              /* of the two stores, TCP's first; 0: none */
    uint32_t wire_offset;               /* of packets and the index of connections */
    uint32_t slots_offset;              /* of the bytes of packets, then of datagrams */
    uint32_t rings_offset;
    uint32_t connection_chains;           /* a power of two */
    uint16_t waiting;                     /* threads that are parked */
    uint16_t bound[PROTOCOLS_COUNT][2];   /* bound sockets that belong to IPv4 alone, to IPv6 alone */
    uint16_t granted[PROTOCOLS_COUNT][2]; /* runtime reservations that belong to IPv4 alone, to IPv6 alone */
    uint16_t live_reservations[PROTOCOLS_COUNT];
    uint16_t packets_head; /* the ring of packets: the oldest, and how many */
    uint16_t packets_count;
    uint16_t dynamic_first[PROTOCOLS_COUNT]; /* from here on what is true of the machine */
    uint16_t dynamic_last[PROTOCOLS_COUNT];
    uint16_t dynamic_v6_first[PROTOCOLS_COUNT]; /* IPv6's own range; 0: the same as IPv4's */
    uint16_t dynamic_v6_last[PROTOCOLS_COUNT];
    /* what the next restart brings back, of IPv4 and of IPv6; 0: what is active (ports/dynamic_range.h) */
    uint16_t dynamic_stored_first[PROTOCOLS_COUNT][2];
    uint16_t dynamic_stored_last[PROTOCOLS_COUNT][2];
    uint32_t build;    /* Windows build number; 0 when it is not known */
    bool network_down; /* faults of the whole machine: 1 while they last */
    bool no_buffers;
    bool no_handles;
    bool no_memory;
    bool enable_lua; /* UAC is on; 1 unless a world line says otherwise */
    bool filter_administrator_token;
    uint8_t power;                       /* enum power */
    uint8_t interfaces;                  /* network interfaces of the machine; 0: not asked yet (CHOICE_INTERFACES) */
    uint8_t account_kinds[ACCOUNTS_MAX]; /* enum account_kind */
    uint32_t block_cursor
        [PROTOCOLS_COUNT]; /* the port after the block granted last, for the reading 'next fit'; 0: none was */
    /* how long a control call of the transport waits before it is decided; UINT64_MAX: for ever */
    uint64_t provider_delay_ns;
    uint8_t readings[READINGS_MAX]; /* the machine ends here (model/encode.c) */
    uint8_t full; /* 0, or enum table + 1 of the first table in which a row was wanted and none was left */
    uint8_t padding2[3];
    uint32_t reservation_serial;
    uint32_t routine_serial;
    uint32_t completion_serial;
    uint32_t parked_serial;
    uint32_t duplicate_serial;
    uint32_t packet_serial;
    uint32_t connection_serial;
    uint32_t transfer_serial;
    uint64_t now_ns;
};

/* Bytes that a world of these limits needs; a multiple of 8. */
size_t world_bytes(const struct world_limits *limits);

/* Makes an empty world in `memory` (8-aligned, world_bytes() long, owned by the caller): no process, dynamic range
 * 49152-65535 for both protocols, no reading asked. What means nothing yet (V1) stays as it was there. */
struct world *world_create(void *memory, const struct world_limits *limits);

/* Copies source over destination (8-aligned, at least source->bytes long), without the bytes that mean nothing (V1): of
 * a world with a wire they are most. */
void world_clone(void *destination, const struct world *source);

/* Are two worlds of the same limits, but for their readings, the same bytes wherever these mean something? Then they
 * encode alike, and all that happens to one can happen to the other; the reverse does not hold. */
bool world_is_copy_but_readings(const struct world *one, const struct world *other);

/* The canonical encoding: equal worlds encode to equal bytes whatever order they were built in. Handles, tokens,
 * serials and rows are renamed by first use or by an order of their own, instants are counted from now; the readings
 * are left out: who compares worlds compares world->readings beside them. User addresses are what they are. Returns the
 * number of bytes written; `out` (8-aligned) must hold world->bytes * 2, the rest of which is scratch. */
size_t world_encode(const struct world *world, uint8_t *out);

/* Windows Vista: the first build with reservations. A build that is not known is taken as newer. */
enum { BUILD_VISTA = 6000 };

/* The store of a protocol: world_store_bytes() bytes of the world. NULL in a world without one. */
uint8_t *world_store(struct world *world, enum protocol protocol);
const uint8_t *world_store_at(const struct world *world, enum protocol protocol);
uint32_t world_store_bytes(const struct world *world);

/* The remembered reading of a question, asked of the chooser the first time: one of its candidates, Qn_*. */
unsigned world_reading(struct world *world, struct chooser *chooser, enum question question);

/* Is this the reading that the world remembers? Was the question asked at all? Neither asks. */
bool world_remembers(const struct world *world, enum question question, unsigned candidate);
bool world_asked(const struct world *world, enum question question);

/* Settles a reading without asking (world lines, tests). Asserts that it was not settled otherwise. */
void world_settle_reading(struct world *world, enum question question, unsigned candidate);

/* Settles each reading that the profile answers and the model asks, where it is not settled yet. */
void world_settle_profile(struct world *world, const struct profile *profile);

/* Rows of a table that may be in use: indices 0..world_top-1. */
static inline unsigned world_top(const struct world *world, enum table table) { return world->tops[table]; }

/* Takes the lowest free row of a table, zeroed; NO_ROW when the table is full, which is noted. The caller marks it used
 * at once. */
unsigned world_take(struct world *world, enum table table);

/* Notes that a row was wanted in a table that has no room. Windows has larger tables: an answer that comes of it,
 * WSAENOBUFS as a rule, is one of this world. */
void world_note_full(struct world *world, enum table table);

/* The rows of a table in words, such as "sockets"; how many there is room for. */
const char *world_table_words(enum table table);
unsigned world_table_limit(const struct world *world, enum table table);

/* How long a row of a table is. */
unsigned world_row_bytes(enum table table);

/* Takes this row, which must be free (asserted). */
void world_take_at(struct world *world, enum table table, unsigned index);

/* Are all bytes of a row zero? */
bool world_row_is_free(const struct world *world, enum table table, unsigned index);

/* Frees a row: all bytes zero. */
void world_free(struct world *world, enum table table, unsigned index);

/* A row of a table, to change or (world_process_at) to look at. Its index is good (asserted): below the table's top,
 * for no row from there on is in use, and so a walk that goes one too far is noticed in every table and not only in a
 * full one. Rows that are named by what may outlive them (a process that a caller asks about, the socket of a request,
 * a reservation with its serial) have to lie below the table's limit only. Inline, because nearly everything that the
 * model does is looking at rows. */
#define WORLD_ROW(type, name, table, is_good) \
    static inline struct type *world_##name(struct world *world, unsigned index) { \
        assert(is_good(world, struct type, table, index)); \
        return (struct type *)(void *)((uint8_t *)world + world->offsets[table]) + index; \
    } \
    static inline const struct type *world_##name##_at(const struct world *world, unsigned index) { \
        assert(is_good(world, struct type, table, index)); \
        return (const struct type *)(const void *)((const uint8_t *)world + world->offsets[table]) + index; \
    }
#define BELOW_TOP(world, type, table, index) ((index) < (world)->tops[table])
#define BELOW_LIMIT(world, type, table, index) \
    ((world)->offsets[table] + ((index) + 1) * sizeof(type) <= (world)->offsets[(table) + 1])
WORLD_ROW(process, process, TABLE_PROCESSES, BELOW_LIMIT)
WORLD_ROW(thread, thread, TABLE_THREADS, BELOW_LIMIT)
WORLD_ROW(handle, handle, TABLE_HANDLES, BELOW_TOP)
WORLD_ROW(socket_row, socket, TABLE_SOCKETS, BELOW_LIMIT)
WORLD_ROW(event, event, TABLE_EVENTS, BELOW_LIMIT)
WORLD_ROW(file, file, TABLE_FILES, BELOW_TOP)
WORLD_ROW(request, request, TABLE_REQUESTS, BELOW_TOP)
WORLD_ROW(routine_row, routine, TABLE_ROUTINES, BELOW_TOP)
WORLD_ROW(reservation, reservation, TABLE_RESERVATIONS, BELOW_LIMIT)
WORLD_ROW(exclusion, exclusion, TABLE_EXCLUSIONS, BELOW_TOP)
WORLD_ROW(duplicate, duplicate, TABLE_DUPLICATES, BELOW_TOP)
WORLD_ROW(connection_row, connection, TABLE_CONNECTIONS, BELOW_TOP)
WORLD_ROW(datagram_row, datagram, TABLE_DATAGRAMS, BELOW_TOP)
WORLD_ROW(completion_port, completion_port, TABLE_COMPLETION_PORTS, BELOW_LIMIT)
WORLD_ROW(association, association, TABLE_ASSOCIATIONS, BELOW_TOP)
WORLD_ROW(completion, completion, TABLE_COMPLETIONS, BELOW_TOP)
WORLD_ROW(kept_number, number, TABLE_NUMBERS, BELOW_TOP)
WORLD_ROW(own_address, own_address, TABLE_ADDRESSES, BELOW_TOP)
WORLD_ROW(selection, selection, TABLE_SELECTIONS, BELOW_TOP)
WORLD_ROW(transfer, transfer, TABLE_TRANSFERS, BELOW_TOP)
WORLD_ROW(event_wait, event_wait, TABLE_EVENT_WAITS, BELOW_TOP)
WORLD_ROW(socket_wait, socket_wait, TABLE_SOCKET_WAITS, BELOW_TOP)
#undef BELOW_LIMIT
#undef BELOW_TOP
#undef WORLD_ROW

/* The wire of a world that has one (asserted). `position` is a place in the ring of packets, 0..limits.packets-1; a
 * slot holds limits.packet_bytes; `ring` is 0 (send) or 1 (receive). */
static inline struct packet_row *world_packet(struct world *world, unsigned position) {
    assert(position < world->limits.packets);
    return (struct packet_row *)(void *)((uint8_t *)world + world->wire_offset) + position;
}

static inline const struct packet_row *world_packet_at(const struct world *world, unsigned position) {
    assert(position < world->limits.packets);
    return (const struct packet_row *)(const void *)((const uint8_t *)world + world->wire_offset) + position;
}

static inline uint8_t *world_packet_slot(struct world *world, unsigned position) {
    assert(position < world->limits.packets);
    return (uint8_t *)world + world->slots_offset + (size_t)position * world->limits.packet_bytes;
}

static inline uint8_t *world_datagram_slot(struct world *world, unsigned index) {
    assert(index < world->limits.datagrams);
    size_t slot = (size_t)world->limits.packets + index;
    return (uint8_t *)world + world->slots_offset + slot * world->limits.packet_bytes;
}

static inline uint8_t *world_stream(struct world *world, unsigned connection, unsigned ring) {
    assert(connection < world->limits.connections && ring < 2);
    return (uint8_t *)world + world->rings_offset + ((size_t)connection * 2 + ring) * world->limits.stream_bytes;
}

/* The index of connections: connection_blocks() urgencies, world->connection_chains chains. */
uint64_t *world_connection_urgencies(struct world *world);
uint16_t *world_connection_chains(struct world *world);
const uint64_t *world_connection_urgencies_at(const struct world *world);
const uint16_t *world_connection_chains_at(const struct world *world);
const uint8_t *world_packet_slot_at(const struct world *world, unsigned position);
const uint8_t *world_datagram_slot_at(const struct world *world, unsigned index);
const uint8_t *world_stream_at(const struct world *world, unsigned connection, unsigned ring);

#endif
