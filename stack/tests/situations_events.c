/* Situations of network events: what is in the record, and when. */
#include "stack/tests/fixture_events.h"
#include "stack/tests/situations.h"

/* A conversation in which the client's socket has this selection, and its event object. */
static uint64_t selected(struct machine *m, uint64_t socket, unsigned events) {
    uint64_t event = new_event(m, true, false);
    expect_ok(select_events(m, socket, event, events));
    return event;
}

/* FD_READ is taken, then selected again, while the data waits. */
static uint32_t selected_again(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t event = selected(m, talk.client, FD_READ);
    expect_ok(send_text(m, talk.server, "x"));
    CU_ASSERT_EQUAL(take_events(m, talk.client, event), FD_READ);
    expect_ok(select_events(m, talk.client, event, FD_READ));
    return take_events(m, talk.client, event);
}

static uint32_t close_before_read(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t event = selected(m, talk.client, FD_CLOSE);
    expect_ok(send_text(m, talk.server, "x"));
    expect_ok(close_socket(m, talk.server));
    return take_events(m, talk.client, event);
}

static uint32_t close_after_reset(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t event = selected(m, talk.client, FD_CLOSE);
    expect_ok(linger_for(m, talk.server, 0));
    expect_ok(close_socket(m, talk.server));
    CU_ASSERT_EQUAL(take_events(m, talk.client, event), FD_CLOSE);
    return code_of(m, FD_CLOSE);
}

static uint32_t more_data(struct machine *m) {
    struct talk talk = talking(m);
    uint64_t event = selected(m, talk.client, FD_READ);
    expect_ok(send_text(m, talk.server, "x"));
    CU_ASSERT_EQUAL(take_events(m, talk.client, event), FD_READ);
    expect_ok(send_text(m, talk.server, "y"));
    pass_time(m, 500); /* Nagle's algorithm holds it until the first word is acknowledged */
    return take_events(m, talk.client, event);
}

static uint32_t taken_before_looked_at(struct machine *m) {
    char heard[64];
    struct talk talk = talking(m);
    uint64_t event = selected(m, talk.client, FD_READ);
    expect_ok(send_text(m, talk.server, "x"));
    expect_ok(receive_text(m, talk.client, heard));
    return take_events(m, talk.client, event);
}

const struct situation *events_situations(unsigned *count) {
    static const struct situation situations[] = {
        { Q119_SELECTED_AGAIN, selected_again, { FD_READ, 0 } },
        { Q120_CLOSE_BEFORE_READ, close_before_read, { 0, FD_CLOSE } },
        { Q121_CLOSE_AFTER_RESET, close_after_reset, { WSAECONNRESET, WSAECONNABORTED } },
        { Q122_MORE_OF_THE_SAME, more_data, { 0, FD_READ } },
        { Q123_TAKEN_BEFORE_LOOKED_AT, taken_before_looked_at, { FD_READ, 0 } },
    };
    *count = sizeof situations / sizeof situations[0];
    return situations;
}
