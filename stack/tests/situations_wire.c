/* Situations on the wire: what a time-out is, and what it leaves behind. */
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_wire.h"
#include "stack/tests/situations.h"

static const uint64_t MILLISECOND_NS = 1000000;

/* A receive with a time-out of 100 milliseconds: how many it takes. */
static uint32_t short_time_out(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    expect_ok(set_option(m, talk.client, SO_RCVTIMEO, 100));
    uint64_t before_ns = m->world->now_ns;
    expect_error(WSAETIMEDOUT, receive_text(m, talk.client, heard));
    return (uint32_t)((m->world->now_ns - before_ns) / MILLISECOND_NS);
}

/* A receive has timed out, then a word comes: what the next receive gives. */
static uint32_t receive_after_time_out(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    expect_ok(set_option(m, talk.client, SO_RCVTIMEO, 1000));
    expect_error(WSAETIMEDOUT, receive_text(m, talk.client, heard));
    send_text(m, talk.server, "late");
    return receive_text(m, talk.client, heard);
}

const struct situation *wire_situations(unsigned *count) {
    static const struct situation situations[] = {
        { Q114_SHORT_TIME_OUT, short_time_out, { 100, 500 } },
        { Q115_AFTER_TIME_OUT, receive_after_time_out, { 0, WSAECONNABORTED } },
    };
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
