/* Rows of what crosses links: connections, packets, datagrams. They stand on the ground floor because the world lays
 * them out; what they mean is the business of transport/wire/. */
#ifndef RESERVOIR_STACK_WIRE_ROWS_H
#define RESERVOIR_STACK_WIRE_ROWS_H

#include <stdint.h>

/* --- TCP (transport/wire/tcp.h) ----------------------------------------------------------------------------------- */

enum { TCP_RANGES_MAX = 4 };

/* Positions first <= s < end. Empty: first == end. */
struct tcp_range {
    uint32_t first, end;
};

struct tcp_connection {
    /* Timers: the instant at which each falls due; UINT64_MAX while it does not run. */
    uint64_t retransmit_at;
    uint64_t persist_at;
    uint64_t acknowledge_at;
    uint64_t time_wait_at;
    uint64_t keepalive_at;
    uint64_t retry_at; /* SYN-SENT after a refusal */
    /* Round-trip times (RFC 6298). */
    uint64_t smoothed_ns; /* 0: nothing measured yet */
    uint64_t variation_ns;
    uint64_t retransmission_ns;  /* RTO */
    uint64_t measured_from_ns;   /* when the segment that is being measured was sent */
    uint64_t challenges_from_ns; /* when the first of `challenges` was sent */
    uint32_t measured_sequence;  /* its acknowledgement ends the measurement */
    /* Send side. */
    uint32_t send_initial; /* ISS */
    uint32_t send_unacknowledged;
    uint32_t send_next;    /* what is sent next; goes back at a retransmission */
    uint32_t send_highest; /* the end of all that was ever sent */
    uint32_t send_window;  /* in bytes, as the peer last announced it */
    uint32_t send_window_max;
    uint32_t window_sequence;        /* SND.WL1: of the segment that announced the window */
    uint32_t window_acknowledgement; /* SND.WL2 */
    uint32_t send_first;             /* the sequence of the first byte in the send buffer */
    uint32_t send_head;              /* where that byte stands in the ring */
    uint32_t send_queued;            /* bytes there */
    uint32_t congestion_window;
    uint32_t slow_start_threshold;
    uint32_t recover; /* NewReno: a fast recovery ends when this is acknowledged */
    /* Receive side. */
    uint32_t receive_initial; /* IRS */
    uint32_t receive_next;
    uint32_t receive_edge;     /* the right edge of the window that the peer knows of */
    uint32_t receive_head;     /* where the first byte for the program stands in the ring */
    uint32_t receive_buffered; /* bytes for the program */
    uint32_t finish_sequence;  /* of the peer's FIN, while it waits behind a hole */
    struct tcp_range ranges[TCP_RANGES_MAX];
    uint16_t segment_bytes;     /* the most payload that a segment to the peer may carry */
    uint16_t own_segment_bytes; /* what this side announces */
    uint16_t local_port, remote_port;
    uint8_t local_address[16], remote_address[16];
    uint8_t family; /* 4 or 6 */
    uint8_t state;  /* enum tcp_state */
    uint8_t error;  /* enum tcp_error */
    uint8_t ranges_count;
    uint8_t send_shift;      /* what the peer's window is shifted by */
    uint8_t receive_shift;   /* what ours is shifted by, once both sides have agreed */
    uint8_t retransmissions; /* in a row, of the oldest unacknowledged segment */
    uint8_t duplicates;      /* duplicate acknowledgements in a row */
    uint8_t refusals;        /* of this connect so far */
    uint8_t probes;          /* keep-alive probes in a row */
    bool passive;            /* came from tcp_accept() */
    bool scaling;            /* window scale: offered, and not refused yet */
    bool finish_asked;       /* the program sends no more */
    bool finish_waits;       /* finish_sequence is meaningful */
    bool finish_received;    /* the peer sends no more */
    bool reader_gone;        /* no one will read: data that arrives is answered by RST */
    bool no_delay;           /* TCP_NODELAY */
    bool keepalive;          /* SO_KEEPALIVE */
    bool measuring;
    bool recovering; /* fast recovery */
    bool acknowledge_now;
    uint8_t unacknowledged_segments; /* received since our last acknowledgement */
    bool resend_first;               /* send the oldest unacknowledged segment once more (fast retransmit) */
    bool probe_now;                  /* a window or keep-alive probe is due */
    bool reset_now;                  /* a RST is due */
    bool reset_acknowledges;         /* that RST carries an acknowledgement */
    uint8_t keepalive_probes;        /* without an answer: the connection is given up after them */
    uint8_t challenges;              /* RFC 5961 7: sent since then */
    /* Urgent data. One byte at a time: what a new pointer finds unread is lost (tcp_urgent.c). */
    bool urgent_sent;    /* send_urgent is meaningful: it is not acknowledged yet */
    bool urgent_waits;   /* receive_urgent is meaningful: its byte has not come yet */
    bool urgent_here;    /* urgent_byte waits for the program, apart from the stream */
    uint8_t urgent_byte; /* 0 while there is none */
    bool has_mark;       /* so many bytes as urgent_mark says stand before the urgent one, or its place */
    bool mark_in_line;   /* it stands there: SO_OOBINLINE was set when it came */
    bool urgent_in_line; /* SO_OOBINLINE */
    uint8_t padding[3];
    uint32_t send_urgent;    /* the sequence after the last urgent byte */
    uint32_t receive_urgent; /* the same, of the peer's */
    uint32_t urgent_mark;
    uint32_t reset_sequence;    /* its sequence number */
    uint32_t keepalive_idle_ms; /* silence before the first probe */
    uint32_t keepalive_interval_ms;
    uint32_t padding2; /* a multiple of 8 bytes on every machine */
};

/* A TCP connection in a world: of a socket, of a listener that has not handed it out yet, or of no socket any more,
 * while it closes. */
struct connection_row {
    struct tcp_connection tcp;
    uint32_t serial;   /* in the order of their establishment; 0 before */
    uint16_t socket;   /* index, or NO_ROW: waits for accept(), or closes alone */
    uint16_t listener; /* index of the listening socket that it waits at, or NO_ROW */
    bool used;
    uint8_t earlier_error; /* enum tcp_error: how the socket's last connect failed, which was not reported at once */
    bool second_time_wait; /* TIME_WAIT has gone on after two minutes */
    bool without_context;  /* made by ConnectEx or AcceptEx, and no option has updated its socket yet */
    uint16_t next;         /* connection_index.h: the next one in the chain of its local port, + 1; 0: it is the last */
    bool established;      /* it is, or has been */
    bool held;             /* its SYN is not answered before a condition accepts it (SO_CONDITIONAL_ACCEPT) */
    uint64_t since_ns;     /* when it was established */
    uint64_t urgency;      /* connection_index.h: UINT64_MAX less its deadline when that was last noted */
};

/* --- packets and datagrams (transport/wire/packets.h) ------------------------------------------------------------- */

/* A packet on its way. Its bytes stand in the slot of its row. */
struct packet_row {
    uint64_t arrives_ns;
    uint32_t serial; /* counts all packets of a world, from 1 */
    uint16_t bytes;
    bool outbound; /* for another machine: the driver takes it from here */
    bool inbound;  /* from another machine: the driver has put it here */
};

/* A datagram that waits in a socket. Its bytes stand in the slot of its row. */
struct datagram_row {
    uint32_t serial; /* of the packet that brought it: the order in which they are read */
    uint16_t socket;
    uint16_t bytes;
    uint16_t source_port;
    bool used;
    uint8_t family;   /* of the source: 4 or 6 */
    bool unreachable; /* no datagram: the report to its sender that no one receives there */
    uint8_t padding[3];
    uint8_t source_address[16];
    uint8_t destination_address[16];
};

#endif
