#include "stack/transport/wire/tests/reference.h"

#include <assert.h>
#include <string.h>

enum { RANGES_MAX = 4, ORDINARY_FULL = 536, MILLISECOND = 1000000 };

static int64_t least(int64_t one, int64_t other) { return one < other ? one : other; }
static int64_t most(int64_t one, int64_t other) { return one > other ? one : other; }
static bool runs(int64_t timer) { return timer != REFERENCE_NEVER; }

uint8_t reference_byte(int64_t position) { return (uint8_t)(position * 31 + position / 253); }

/* A position near one that is known, of a sequence number that counts from `initial`. */
static int64_t position_of(uint32_t sequence, uint32_t initial, int64_t near) {
    return near + (int32_t)(sequence - (initial + (uint32_t)near));
}

static int64_t end_of_data(const struct reference *one) { return 1 + one->written; }
static bool is_synchronized(const struct reference *one) { return one->state >= TCP_ESTABLISHED; }

/* RFC 5681 3.1: IW. */
static void begin_slowly(struct reference *one) {
    unsigned segments = one->full > 2190 ? 2 : one->full > 1095 ? 3 : 4;
    one->congestion = segments * one->full;
    one->threshold = UINT32_MAX;
}

void reference_begin(struct reference *one, const struct tcp_parameters *parameters, uint32_t send_room,
                     uint32_t receive_room) {
    memset(one, 0, sizeof *one);
    one->parameters = parameters;
    one->send_room = send_room;
    one->receive_room = receive_room;
    one->full = ORDINARY_FULL;
    one->timeout = (int64_t)parameters->retransmission_initial_ns;
    one->keepalive_idle = (int64_t)parameters->keepalive_idle_ns;
    one->keepalive_interval = (int64_t)parameters->keepalive_interval_ns;
    one->keepalive_probes = parameters->keepalive_probes;
    one->peer_end = one->measured_from = REFERENCE_NEVER;
    one->retransmit_at = one->persist_at = one->acknowledge_at = REFERENCE_NEVER;
    one->time_wait_at = one->keepalive_at = one->retry_at = REFERENCE_NEVER;
}

/* --- states ------------------------------------------------------------------------------------------------------- */

static void go(struct reference *one, enum tcp_state state) {
    one->state = state;
    if (state != TCP_CLOSED && state != TCP_TIME_WAIT) return;
    one->retransmit_at = one->persist_at = one->keepalive_at = one->retry_at = REFERENCE_NEVER;
    if (state == TCP_CLOSED) {
        one->time_wait_at = one->acknowledge_at = REFERENCE_NEVER;
        one->acknowledge = one->probe = one->resend = false;
    } else {
        one->time_wait_at = one->now + 2 * (int64_t)one->parameters->segment_lifetime_ns;
    }
}

/* What was not acknowledged is forgotten. */
static void give_up(struct reference *one, enum tcp_error error) {
    one->error = error;
    one->acknowledged = one->next = one->highest;
    one->written = one->highest - 1;
    go(one, TCP_CLOSED);
}

static void send_reset(struct reference *one, uint32_t sequence, bool acknowledges) {
    one->reset = true;
    one->reset_sequence = sequence;
    one->reset_acknowledges = acknowledges;
}

static void heard_from(struct reference *one) {
    bool wanted = one->keepalive && is_synchronized(one) && one->state != TCP_TIME_WAIT;
    one->probes = 0;
    one->keepalive_at = wanted ? one->now + one->keepalive_idle : REFERENCE_NEVER;
}

static void establish(struct reference *one) {
    go(one, TCP_ESTABLISHED);
    one->retransmissions = 0;
    heard_from(one);
    if (one->finished) go(one, TCP_FIN_WAIT_1);
}

static void open_with(struct reference *one, uint32_t initial, uint32_t own_full) {
    one->initial = initial;
    one->own_full = own_full;
    while (one->receive_shift < 14 && one->receive_room >> one->receive_shift > 65535) one->receive_shift++;
    one->scaling = true;
    begin_slowly(one);
}

void reference_connect(struct reference *one, uint32_t initial, uint32_t own_full) {
    open_with(one, initial, own_full);
    go(one, TCP_SYN_SENT);
}

/* The peer's SYN: RFC 9293 3.7.1 (MSS), RFC 7323 2.2 (window scale). */
static void learn_from_syn(struct reference *one, const struct segment *syn) {
    uint32_t full = syn->maximum_segment_bytes == 0 ? ORDINARY_FULL : syn->maximum_segment_bytes;
    one->full = (uint32_t)least(full, one->own_full);
    one->scaling = one->scaling && syn->window_scale != WINDOW_SCALE_NONE;
    one->send_shift = one->scaling ? syn->window_scale : 0;
    if (!one->scaling) one->receive_shift = 0;
    one->peer_initial = syn->sequence;
    one->expected = one->edge = one->read = 1;
    one->window = one->window_most = syn->window;
    one->window_sequence = syn->sequence;
    one->window_acknowledgement = syn->acknowledgement;
    one->acknowledge = true;
    begin_slowly(one);
}

void reference_accept(struct reference *one, const struct segment *syn, uint32_t initial, uint32_t own_full) {
    open_with(one, initial, own_full);
    one->passive = true;
    learn_from_syn(one, syn);
    go(one, TCP_SYN_RECEIVED);
}

void reference_finish(struct reference *one) {
    if (one->finished || one->state == TCP_CLOSED) return;
    if (one->state == TCP_SYN_SENT) {
        give_up(one, TCP_ABORTED);
        return;
    }
    one->finished = true;
    if (one->state == TCP_ESTABLISHED) go(one, TCP_FIN_WAIT_1);
    if (one->state == TCP_CLOSE_WAIT) go(one, TCP_LAST_ACK);
}

/* RFC 9293 3.10.5 */
void reference_abort(struct reference *one) {
    if (one->state == TCP_CLOSED) return;
    bool known = one->state >= TCP_SYN_RECEIVED && one->state <= TCP_CLOSE_WAIT;
    if (known) send_reset(one, one->initial + (uint32_t)one->highest, true);
    give_up(one, TCP_ABORTED);
}

void reference_keep_alive(struct reference *one, const struct keepalive_times *times) {
    int64_t idle = (int64_t)times->idle_ms * MILLISECOND, interval = (int64_t)times->interval_ms * MILLISECOND;
    if (one->keepalive == times->on && one->keepalive_idle == idle && one->keepalive_interval == interval &&
        one->keepalive_probes == times->probes)
        return;
    one->keepalive = times->on;
    one->keepalive_idle = idle;
    one->keepalive_interval = interval;
    one->keepalive_probes = times->probes;
    heard_from(one);
}

/* --- the program -------------------------------------------------------------------------------------------------- */

static int64_t queued(const struct reference *one) { return end_of_data(one) - most(1, one->acknowledged); }

uint32_t reference_write(struct reference *one, uint32_t count) {
    bool may = one->state == TCP_SYN_SENT || one->state == TCP_SYN_RECEIVED || one->state == TCP_ESTABLISHED ||
               one->state == TCP_CLOSE_WAIT;
    if (!may || one->finished) return 0;
    uint32_t taken = (uint32_t)least(count, (int64_t)one->send_room - queued(one));
    one->written += taken;
    return taken;
}

/* Bytes for the program: all before the first that is missing, without FIN. */
static uint32_t buffered(const struct reference *one) {
    return (uint32_t)(one->expected - (one->heard_end ? 1 : 0) - one->read);
}

/* RFC 9293 3.8.6.2.2 and RFC 1122 4.2.3.3: a window moves by a segment, or half of the buffer. */
static int64_t worth_announcing(const struct reference *one) { return least(one->receive_room / 2, one->full); }

/* A peer may have gone beyond the window that it was told. */
static int64_t told(const struct reference *one) { return most(0, one->edge - one->expected); }

uint32_t reference_read(struct reference *one, uint32_t count) {
    uint32_t taken = (uint32_t)least(count, buffered(one));
    one->read += taken;
    if (taken == 0 || one->heard_end || !is_synchronized(one)) return taken;
    int64_t could = one->expected + one->receive_room - buffered(one);
    if (told(one) < one->receive_room / 2 && could - one->edge >= worth_announcing(one)) one->acknowledge = true;
    return taken;
}

/* --- round trips and congestion ----------------------------------------------------------------------------------- */

static void set_timeout(struct reference *one, int64_t nanoseconds) {
    const struct tcp_parameters *all = one->parameters;
    one->timeout = most((int64_t)all->retransmission_min_ns, least(nanoseconds, (int64_t)all->retransmission_max_ns));
}

/* RFC 6298 2 */
static void measure(struct reference *one) {
    int64_t trip = most(1, one->now - one->measured_from);
    if (one->smoothed == 0) {
        one->smoothed = trip;
        one->variation = trip / 2;
    } else {
        int64_t off = trip > one->smoothed ? trip - one->smoothed : one->smoothed - trip;
        one->variation = (3 * one->variation + off) / 4;
        one->smoothed = (7 * one->smoothed + trip) / 8;
    }
    one->measured_from = REFERENCE_NEVER;
    set_timeout(one, one->smoothed + 4 * one->variation);
}

static void start_retransmission(struct reference *one) {
    bool flying = one->highest != one->acknowledged;
    one->retransmit_at = flying ? one->now + one->timeout : REFERENCE_NEVER;
    if (flying) one->persist_at = REFERENCE_NEVER;
}

/* RFC 5681 equation 4 */
static uint32_t half_of_flight(const struct reference *one) {
    return (uint32_t)most((one->highest - one->acknowledged) / 2, 2 * (int64_t)one->full);
}

/* RFC 5681 3.1, RFC 6582 3.2 */
static void grow(struct reference *one, int64_t bytes) {
    one->duplicates = 0;
    if (one->recovering && one->acknowledged < one->recover) {
        one->congestion = (uint32_t)most(0, one->congestion - bytes) + one->full;
        one->resend = true;
    } else if (one->recovering) {
        one->recovering = false;
        one->congestion = one->threshold;
    } else if (one->congestion < one->threshold) {
        one->congestion += (uint32_t)least(bytes, one->full);
    } else {
        one->congestion += (uint32_t)most(1, (int64_t)one->full * one->full / one->congestion);
    }
}

static void count_duplicate(struct reference *one) {
    if (one->duplicates < 255) one->duplicates++;
    if (one->recovering) {
        one->congestion += one->full;
    } else if (one->duplicates == 3) {
        one->threshold = half_of_flight(one);
        one->congestion = one->threshold + 3 * one->full;
        one->recover = one->highest;
        one->recovering = one->resend = true;
        one->measured_from = REFERENCE_NEVER;
    }
}

/* --- a segment arrives (RFC 9293 3.10.7) -------------------------------------------------------------------------- */

static void refused(struct reference *one) {
    if (one->refusals >= one->parameters->refused_retries) {
        give_up(one, TCP_REFUSED);
        return;
    }
    one->refusals++;
    one->next = one->highest = one->acknowledged = 0;
    one->retransmit_at = REFERENCE_NEVER;
    one->retry_at = one->now + (int64_t)one->parameters->refused_retry_ns;
}

static void receive_in_syn_sent(struct reference *one, const struct segment *segment) {
    bool acknowledges = (segment->flags & SEGMENT_ACK) != 0, resets = (segment->flags & SEGMENT_RST) != 0;
    bool ours = segment->acknowledgement == one->initial + 1 && one->highest > 0;
    if (acknowledges && !ours) {
        if (!resets) send_reset(one, segment->acknowledgement, false);
    } else if (resets) {
        if (acknowledges) refused(one);
    } else if ((segment->flags & SEGMENT_SYN) != 0) {
        learn_from_syn(one, segment);
        if (!acknowledges) {
            one->retry_at = REFERENCE_NEVER;
            one->next = 0;
            go(one, TCP_SYN_RECEIVED);
            return;
        }
        one->acknowledged = one->next = 1;
        if (runs(one->measured_from)) measure(one);
        start_retransmission(one);
        establish(one);
    }
}

/* RFC 5961 7: ten of them, and the next ones five seconds after the first. */
static void challenge(struct reference *one) {
    const int64_t five_seconds = INT64_C(5000000000);
    if (one->challenges == 0 || one->now >= one->challenged_first + five_seconds) {
        one->challenges = 0;
        one->challenged_first = one->now;
    }
    if (one->challenges >= 10) return;
    one->challenges++;
    one->acknowledge = true;
}

static void take_reset(struct reference *one, bool exact) {
    if (!exact) challenge(one); /* RFC 5961 3.2 */
    else if (one->state == TCP_SYN_RECEIVED) give_up(one, TCP_REFUSED);
    else if (one->state >= TCP_CLOSING) give_up(one, TCP_NO_ERROR);
    else give_up(one, TCP_RESET);
}

static void advance_to(struct reference *one, int64_t acknowledged) {
    int64_t bytes = acknowledged - one->acknowledged;
    if (runs(one->measured_from) && acknowledged >= one->measured_end) measure(one);
    one->acknowledged = acknowledged;
    one->next = most(one->next, acknowledged);
    one->retransmissions = 0;
    grow(one, bytes);
    start_retransmission(one);
}

/* RFC 9293 3.10.7.4: SND.WL1 and SND.WL2. */
static void update_window(struct reference *one, const struct segment *segment) {
    int32_t later = (int32_t)(segment->sequence - one->window_sequence);
    int32_t further = (int32_t)(segment->acknowledgement - one->window_acknowledgement);
    if (later < 0 || (later == 0 && further < 0)) return;
    bool was_closed = one->window == 0;
    one->window = (uint32_t)segment->window << one->send_shift;
    one->window_most = (uint32_t)most(one->window, one->window_most);
    one->window_sequence = segment->sequence;
    one->window_acknowledgement = segment->acknowledgement;
    if (one->window == 0) return;
    one->persist_at = REFERENCE_NEVER;
    if (was_closed) one->next = one->acknowledged;
}

/* False: the segment ends here. */
static bool take_acknowledgement(struct reference *one, const struct segment *segment) {
    int64_t acknowledged = position_of(segment->acknowledgement, one->initial, one->acknowledged);
    if (one->state == TCP_SYN_RECEIVED) {
        if (acknowledged != 1) {
            send_reset(one, segment->acknowledgement, false);
            return false;
        }
        establish(one);
        one->window_sequence = segment->sequence - 1;
    }
    if (acknowledged < one->acknowledged - one->window_most || acknowledged > one->highest) { /* RFC 5961 5.2 */
        challenge(one);
        return false;
    }
    bool duplicate = acknowledged == one->acknowledged && segment_sequence_length(segment) == 0 &&
                     one->highest != one->acknowledged && one->window != 0 &&
                     (uint32_t)segment->window << one->send_shift == one->window; /* RFC 5681 2 */
    if (acknowledged > one->acknowledged) advance_to(one, acknowledged);
    else if (duplicate) count_duplicate(one);
    update_window(one, segment);
    if (one->window == 0 && acknowledged >= one->acknowledged) one->retransmissions = 0;
    if (!one->finished || one->acknowledged != end_of_data(one) + 1) return true;
    if (one->state == TCP_FIN_WAIT_1) go(one, TCP_FIN_WAIT_2);
    else if (one->state == TCP_CLOSING) go(one, TCP_TIME_WAIT);
    else if (one->state == TCP_LAST_ACK) go(one, TCP_CLOSED);
    return one->state != TCP_CLOSED;
}

static bool may_receive(const struct reference *one) {
    return one->state >= TCP_ESTABLISHED && one->state <= TCP_FIN_WAIT_2;
}

/* Runs of positions that have arrived, past those that are missing. */
static unsigned islands(const struct reference *one, int64_t end) {
    unsigned count = 0;
    for (int64_t at = one->expected; at < end; at++) count += one->arrived[at] && !one->arrived[at - 1];
    return count;
}

/* What there would be too many of is as if it had never arrived. */
static void store(struct reference *one, int64_t first, int64_t count) {
    enum { NEW = 2 };
    int64_t end = one->expected + one->receive_room + 1;
    assert(end < REFERENCE_POSITIONS);
    for (int64_t at = first; at < first + count; at++)
        if (!one->arrived[at]) one->arrived[at] = NEW;
    bool too_many = first != one->expected && islands(one, end) > RANGES_MAX;
    for (int64_t at = first; at < first + count; at++)
        if (one->arrived[at] == NEW) one->arrived[at] = !too_many;
    while (first == one->expected && one->arrived[one->expected]) {
        one->expected++;
        first++;
    }
}

/* RFC 9293 3.8.6.3, RFC 5681 4.2: at once for the second segment and for what is out of order. */
static void acknowledge_soon(struct reference *one, bool in_order) {
    int64_t delay = (int64_t)one->parameters->acknowledgement_delay_ns;
    one->unacknowledged++;
    if (!in_order || one->unacknowledged >= 2 || delay == 0) one->acknowledge = true;
    else if (!runs(one->acknowledge_at)) one->acknowledge_at = one->now + delay;
}

static void take_end(struct reference *one, bool ends, int64_t position) {
    if (!may_receive(one)) return;
    if (ends) {
        one->peer_end = position;
        one->acknowledge = true;
    }
    if (one->peer_end == REFERENCE_NEVER || one->peer_end != one->expected) return;
    one->expected++;
    one->heard_end = one->acknowledge = true;
    one->peer_end = REFERENCE_NEVER;
    if (one->state == TCP_ESTABLISHED) go(one, TCP_CLOSE_WAIT);
    else if (one->state == TCP_FIN_WAIT_1) go(one, TCP_CLOSING);
    else go(one, TCP_TIME_WAIT);
}

static void take_payload(struct reference *one, int64_t first, int64_t count, bool ends, int64_t end_position) {
    if (count > 0 && may_receive(one)) {
        if (one->no_reader) {
            reference_abort(one);
            return;
        }
        bool in_order = first == one->expected && islands(one, one->expected + one->receive_room + 1) == 0;
        store(one, first, count);
        acknowledge_soon(one, in_order);
    }
    take_end(one, ends, end_position);
}

static void refuse_unacceptable(struct reference *one, const struct segment *segment) {
    if ((segment->flags & SEGMENT_RST) != 0) return;
    one->acknowledge = true;
    if (one->state == TCP_TIME_WAIT && (segment->flags & SEGMENT_FIN) != 0) go(one, TCP_TIME_WAIT);
}

static void receive_synchronizing(struct reference *one, const struct segment *segment) {
    int64_t room = one->receive_room - buffered(one), length = segment_sequence_length(segment);
    int64_t from = position_of(segment->sequence, one->peer_initial, one->expected) - one->expected;
    int64_t to = from + length - 1;
    bool begins = from == 0 || (from > 0 && from < room), stops = length > 0 && to >= 0 && to < room;
    if (!begins && !stops) {
        refuse_unacceptable(one, segment);
        return;
    }
    int64_t first = most(0, from), end = from + segment->payload_bytes;
    bool ends = (segment->flags & SEGMENT_FIN) != 0;
    if (end > room && end > first) { /* what does not fit is cut off, and FIN with it */
        ends = false;
        one->acknowledge = true;
        end = room;
    }
    if ((segment->flags & SEGMENT_RST) != 0) {
        take_reset(one, from == 0);
    } else if ((segment->flags & SEGMENT_SYN) != 0) {
        if (one->state == TCP_SYN_RECEIVED && one->passive) give_up(one, TCP_REFUSED);
        else challenge(one); /* RFC 5961 4.2 */
    } else if ((segment->flags & SEGMENT_ACK) != 0) {
        heard_from(one);
        int64_t base = one->expected;
        if (take_acknowledgement(one, segment))
            take_payload(one, base + first, most(0, end - first), ends, base + from + length - 1);
    }
}

void reference_receive(struct reference *one, const struct segment *segment) {
    struct segment rest = *segment;
    const uint8_t both = SEGMENT_SYN | SEGMENT_ACK;
    if (one->state == TCP_CLOSED) return;
    if (one->state == TCP_SYN_SENT) {
        receive_in_syn_sent(one, segment);
        return;
    }
    if (one->state == TCP_SYN_RECEIVED && !one->passive && (rest.flags & both) == both &&
        rest.sequence == one->peer_initial) { /* RFC 9293 3.5 figure 8 */
        rest.flags &= (uint8_t)~SEGMENT_SYN;
        rest.sequence++;
    }
    receive_synchronizing(one, &rest);
}

/* --- the clock ---------------------------------------------------------------------------------------------------- */

static void back_off(struct reference *one) {
    set_timeout(one, 2 * one->timeout);
    one->measured_from = REFERENCE_NEVER; /* Karn */
}

static void retransmission_due(struct reference *one) {
    bool synchronized = is_synchronized(one), closed = synchronized && one->window == 0;
    unsigned limit = synchronized ? one->parameters->data_retransmissions : one->parameters->syn_retransmissions;
    if (one->retransmissions >= limit) {
        give_up(one, TCP_TIMED_OUT);
        return;
    }
    if (!closed) { /* RFC 5681 3.1 */
        if (one->retransmissions == 0) one->threshold = half_of_flight(one);
        one->congestion = one->full;
        one->recovering = one->resend = false;
        one->duplicates = 0;
    }
    one->retransmissions++;
    back_off(one);
    start_retransmission(one);
    one->next = one->acknowledged;
    one->probe = closed;
}

static bool due(const struct reference *one, int64_t timer) { return runs(timer) && timer <= one->now; }

void reference_advance(struct reference *one) {
    if (due(one, one->time_wait_at)) go(one, TCP_CLOSED);
    if (due(one, one->retry_at)) one->retry_at = REFERENCE_NEVER;
    if (due(one, one->retransmit_at)) retransmission_due(one);
    if (due(one, one->persist_at)) {
        one->persist_at = REFERENCE_NEVER;
        one->probe = true;
        back_off(one);
    }
    if (due(one, one->keepalive_at)) {
        if (one->highest != one->acknowledged) { /* RFC 9293 3.8.4: no probe while data is outstanding */
            heard_from(one);
        } else if (one->probes >= one->keepalive_probes) {
            give_up(one, TCP_SILENT);
        } else {
            one->probes++;
            one->probe = true;
            one->keepalive_at = one->now + one->keepalive_interval;
        }
    }
    if (due(one, one->acknowledge_at)) {
        one->acknowledge_at = REFERENCE_NEVER;
        one->acknowledge = true;
    }
}

int64_t reference_deadline(const struct reference *one) {
    const int64_t timers[] = { one->retransmit_at, one->persist_at,   one->acknowledge_at,
                               one->time_wait_at,  one->keepalive_at, one->retry_at };
    int64_t next = REFERENCE_NEVER;
    for (unsigned i = 0; i < sizeof timers / sizeof timers[0]; i++)
        if (runs(timers[i]) && (!runs(next) || timers[i] < next)) next = timers[i];
    return next;
}

/* --- what is sent ------------------------------------------------------------------------------------------------- */

/* The window that a segment announces: an edge that never moves back, and forward only by what is worth it. */
static uint16_t announce(struct reference *one, bool in_syn) {
    int64_t room = one->receive_room - buffered(one), known = told(one);
    int64_t window = in_syn || room - known >= worth_announcing(one) ? room : known;
    unsigned shift = in_syn ? 0 : one->receive_shift;
    int64_t field = least(window >> shift, 65535);
    if (field << shift > known) one->edge = one->expected + (field << shift);
    return (uint16_t)field;
}

static void begin(struct reference *one, struct segment *segment) {
    memset(segment, 0, sizeof *segment);
    segment->window_scale = WINDOW_SCALE_NONE;
    segment->sequence = one->initial + (uint32_t)one->next;
    if (one->state == TCP_SYN_SENT || one->state == TCP_CLOSED) return;
    segment->flags = SEGMENT_ACK;
    segment->acknowledgement = one->peer_initial + (uint32_t)one->expected;
    segment->window = announce(one, one->state == TCP_SYN_RECEIVED);
    one->acknowledge = false;
    one->acknowledge_at = REFERENCE_NEVER;
    one->unacknowledged = 0;
}

static void sent(struct reference *one, int64_t length) {
    bool is_new = one->next == one->highest;
    one->next += length;
    if (is_new && !runs(one->measured_from)) {
        one->measured_from = one->now;
        one->measured_end = one->next;
    }
    one->highest = most(one->highest, one->next);
    if (!runs(one->retransmit_at)) start_retransmission(one);
}

static bool output_reset(struct reference *one, struct segment *segment) {
    if (!one->reset) return false;
    begin(one, segment);
    segment->sequence = one->reset_sequence;
    segment->flags = SEGMENT_RST | (one->reset_acknowledges ? SEGMENT_ACK : 0);
    segment->acknowledgement = one->reset_acknowledges ? one->peer_initial + (uint32_t)one->expected : 0;
    segment->window = 0;
    one->reset = false;
    return true;
}

static bool output_syn(struct reference *one, struct segment *segment) {
    bool asked_again = one->acknowledge && one->state == TCP_SYN_RECEIVED;
    if (one->state != TCP_SYN_SENT && one->state != TCP_SYN_RECEIVED) return false;
    if (runs(one->retry_at) || (one->next != 0 && !asked_again)) return false;
    one->next = 0;
    begin(one, segment);
    segment->flags |= SEGMENT_SYN;
    segment->maximum_segment_bytes = (uint16_t)one->own_full;
    if (one->scaling) segment->window_scale = (uint8_t)one->receive_shift;
    if (one->state == TCP_SYN_SENT) segment->window = (uint16_t)least(one->receive_room, 65535);
    sent(one, 1);
    return true;
}

static bool may_send(const struct reference *one) {
    return one->state >= TCP_ESTABLISHED && one->state != TCP_FIN_WAIT_2 && one->state != TCP_TIME_WAIT;
}

/* From `next` on, without FIN. */
static int64_t unsent(const struct reference *one) { return most(0, end_of_data(one) - one->next); }

static bool end_follows(const struct reference *one, int64_t count) {
    return one->finished && one->next + count == end_of_data(one);
}

static void say(struct reference *one, struct segment *segment, int64_t *first, int64_t count, bool ends) {
    begin(one, segment);
    *first = one->next;
    segment->payload_bytes = (uint32_t)count;
    if (ends) segment->flags |= SEGMENT_FIN;
    if (count > 0 && one->next + count == end_of_data(one)) segment->flags |= SEGMENT_PSH;
    sent(one, count + ends);
}

/* RFC 9293 3.7.4 (Nagle) and 3.8.6.2.1 (silly windows). */
static bool is_worth_it(const struct reference *one, int64_t count) {
    bool flying = one->next != one->acknowledged;
    if (count == one->full || one->next < one->highest) return true;
    if (count == unsent(one)) return one->no_delay || !flying;
    return !flying || count >= one->window_most / 2;
}

static bool output_data(struct reference *one, struct segment *segment, int64_t *first) {
    int64_t usable = most(0, least(one->window, one->congestion) - (one->next - one->acknowledged));
    int64_t count = least(least(unsent(one), usable), one->full);
    bool ends = count < usable && end_follows(one, count);
    if (!may_send(one) || (count == 0 && !ends) || (!ends && !is_worth_it(one, count))) return false;
    say(one, segment, first, count, ends);
    return true;
}

static bool output_again(struct reference *one, struct segment *segment, int64_t *first) {
    int64_t flying = one->highest - one->acknowledged, next = one->next;
    bool wanted = one->resend;
    one->resend = false;
    if (!wanted || !may_send(one) || flying == 0) return false;
    one->next = one->acknowledged;
    int64_t count = least(least(unsent(one), one->full), flying);
    say(one, segment, first, count, end_follows(one, count) && count < flying);
    one->next = most(one->next, next);
    return true;
}

static bool output_probe(struct reference *one, struct segment *segment, int64_t *first) {
    bool wanted = one->probe;
    one->probe = false;
    if (!wanted || !is_synchronized(one)) return false;
    one->next = one->acknowledged;
    bool ends = end_follows(one, 0);
    if (may_send(one) && (unsent(one) > 0 || ends)) {
        say(one, segment, first, ends ? 0 : 1, ends);
    } else {
        begin(one, segment);
        segment->sequence = one->initial + (uint32_t)one->acknowledged - 1;
    }
    return true;
}

static bool output_acknowledgement(struct reference *one, struct segment *segment) {
    bool wanted = one->acknowledge;
    one->acknowledge = false;
    if (!wanted || !is_synchronized(one)) return false;
    begin(one, segment);
    segment->sequence = one->initial + (uint32_t)one->highest;
    return true;
}

bool reference_output(struct reference *one, struct segment *segment, int64_t *first) {
    *first = 0;
    if (output_reset(one, segment)) return true;
    if (one->state == TCP_CLOSED) return false;
    if (output_syn(one, segment) || output_again(one, segment, first) || output_data(one, segment, first) ||
        output_probe(one, segment, first) || output_acknowledgement(one, segment))
        return true;
    bool waits = may_send(one) && (unsent(one) > 0 || end_follows(one, 0));
    if (waits && one->highest == one->acknowledged && !runs(one->persist_at))
        one->persist_at = one->now + one->timeout; /* RFC 9293 3.8.6.1 */
    return false;
}

bool reference_all_acknowledged(const struct reference *one) {
    return one->acknowledged == end_of_data(one) + (one->finished ? 1 : 0);
}
