/* Which open questions an ordinary conversation depends on. An answer that would be the same under each candidate asks
 * for none of them: whoever asks too early settles for the rest of the world's life what nothing has shown. */
#include "stack/tests/fixture_netsh.h"
#include "stack/tests/fixture_wire.h"

void register_asked_tests(void);

enum { FIRST = 50000, COUNT = 4, QUESTIONS_OF_A_PLAY = 8 };

/* --- conversations, each on a machine of its own ------------------------------------------------------------------ */

static void acquires_named_ports(struct machine *m) { granted(m, tcp(m), FIRST, COUNT); }

/* Blocks and sockets lie beside the ports, and nothing in them. */
static void acquires_between_others(struct machine *m) {
    expect_ok(bind_port(m, tcp(m), FIRST - 1));
    expect_ok(bind_port(m, udp(m), FIRST));
    granted(m, tcp(m), FIRST + COUNT, 1);
    granted(m, udp(m), FIRST + 1, COUNT);
    granted(m, tcp(m), FIRST, COUNT);
}

/* Of two sockets that talk, none waits for its end without one. */
static void acquires_beside_a_conversation(struct machine *m) {
    talking(m);
    granted(m, tcp(m), FIRST, COUNT);
}

static void acquires_any_ports(struct machine *m) {
    expect_ok(bind_port(m, tcp(m), 0));
    granted(m, tcp(m), 0, COUNT);
    granted(m, tcp(m), 0, 1);
}

/* Who has one port has no order of ports. */
static void associates_and_binds(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, 1);
    CU_ASSERT_EQUAL(take_port(m, grant.token), FIRST);
}

static void associates_and_names_no_port(struct machine *m) {
    struct grant grant = granted(m, tcp(m), FIRST, COUNT);
    for (unsigned i = 0; i < COUNT; i++) take_port(m, grant.token);
}

static void releases(struct machine *m) {
    uint64_t s = tcp(m);
    struct grant grant = granted(m, s, FIRST, COUNT);
    expect_ok(release(m, s, grant.token));
    granted(m, s, FIRST, COUNT);
    expect_ok(close_socket(m, s));
}

static void binds_and_shares(struct machine *m) {
    uint64_t one = tcp(m), other = tcp(m);
    expect_ok(bind_port(m, tcp(m), 0));
    expect_ok(bind_at(m, tcp(m), LOOPBACK_V4, 20000));
    expect_error(WSAEADDRINUSE, bind_at(m, tcp(m), LOOPBACK_V4, 20000));
    expect_ok(set_option(m, one, REUSE_ADDRESS, 1));
    expect_ok(set_option(m, other, REUSE_ADDRESS, 1));
    expect_ok(bind_port(m, one, 20001));
    expect_ok(bind_port(m, other, 20001));
    expect_ok(bind_port(m, dual_stack_tcp(m), 0));
    expect_ok(bind_port(m, dual_stack_udp(m), 0));
}

static void talks(struct machine *m) {
    char text[64];
    struct talk talk = talking(m);
    expect_ok(send_text(m, talk.client, "there"));
    expect_ok(receive_text(m, talk.server, text));
    expect_ok(send_text(m, talk.server, "back"));
    expect_ok(receive_text(m, talk.client, text));
    expect_ok(shut_down(m, talk.client, SD_SEND));
    expect_ok(receive_text(m, talk.server, text));
    expect_ok(close_socket(m, talk.server));
    expect_ok(close_socket(m, talk.client));
    expect_ok(close_socket(m, talk.listener));
}

static void sends_datagrams(struct machine *m) {
    char text[64];
    uint32_t sent = 0;
    uint64_t receiver = udp(m);
    expect_ok(bind_at(m, receiver, LOOPBACK_V4, 20000));
    expect_ok(send_byte(m, udp(m), TO_LOOPBACK, 20000, &sent));
    expect_ok(receive_text(m, receiver, text));
}

static void keeps_a_block_for_good(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    expect_ok(delete_block(m, PROTOCOL_TCP, FIRST, COUNT));
}

static void looks_a_block_up(struct machine *m) {
    created(m, PROTOCOL_TCP, FIRST, COUNT);
    looked_up(m, PROTOCOL_TCP, FIRST, COUNT);
}

static void excludes_a_range(struct machine *m) {
    expect_ok(add_range(m, FIRST, COUNT, NETSH_PERSISTENT));
    CU_ASSERT_EQUAL(row_of(m, FIRST, NETSH_PERSISTENT), NETSH_ROW_ADMINISTERED);
    expect_ok(bind_port(m, tcp(m), FIRST));
    expect_ok(delete_range(m, FIRST, COUNT, NETSH_PERSISTENT));
}

/* --- what they may ask -------------------------------------------------------------------------------------------- */

/* Any call of the three codes depends on whether the provider has them (Q89); what ACQUIRE stores, on the byte order
 * and on what it counts (Q12, Q6); what the others count, on Q5. Of two protocols, whose tokens may be the same, on
 * Q23. How a connection deals with a refusal is settled when it begins (Q103). */
#define OF_ACQUIRE Q6_BYTES_OF_ACQUIRE, Q12_BYTE_ORDER, Q89_IMPLEMENTED
#define OF_THE_OTHERS Q5_BYTES_WITHOUT_OUTPUT

static const struct {
    const char *what;
    void (*play)(struct machine *m);
    enum question asked[QUESTIONS_OF_A_PLAY];
} plays[] = {
    { "ACQUIRE of ports that are free", acquires_named_ports, { OF_ACQUIRE } },
    { "ACQUIRE between what others have", acquires_between_others, { OF_ACQUIRE, Q23_TOKEN_VALUES } },
    { "ACQUIRE beside a conversation", acquires_beside_a_conversation, { OF_ACQUIRE, Q103_REFUSED_CONNECT } },
    { "ACQUIRE of any ports", acquires_any_ports, { OF_ACQUIRE, Q16_WILDCARD_RANGE, Q17_WILDCARD_PLACEMENT } },
    { "ASSOCIATE and bind, of one port", associates_and_binds, { OF_ACQUIRE, OF_THE_OTHERS } },
    { "ASSOCIATE and bind", associates_and_names_no_port, { OF_ACQUIRE, OF_THE_OTHERS, Q47_PORT_OF_BLOCK } },
    { "RELEASE of what no one uses", releases, { OF_ACQUIRE, OF_THE_OTHERS } },
    { "bind", binds_and_shares, { 0 } },
    { "a conversation", talks, { Q103_REFUSED_CONNECT } },
    { "datagrams", sends_datagrams, { 0 } },
    { "Create and Delete", keeps_a_block_for_good, { 0 } },
    { "Lookup", looks_a_block_up, { Q66_LOOKUP_PRIVILEGE, Q68_TOKENS_IN_ONE_BOOT } },
    { "netsh", excludes_a_range, { 0 } },
};

static bool may_ask(const enum question *asked, unsigned question) {
    for (unsigned i = 0; i < QUESTIONS_OF_A_PLAY; i++)
        if ((unsigned)asked[i] == question) return true;
    return false;
}

static void a_conversation_asks_what_it_depends_on(void) {
    for (unsigned i = 0; i < sizeof plays / sizeof plays[0]; i++) {
        struct machine machine;
        machine_begin(&machine);
        plays[i].play(&machine);
        for (unsigned question = 1; question <= QUESTION_LAST; question++) {
            bool asked = world_asked(machine.world, (enum question)question);
            if (asked != may_ask(plays[i].asked, question))
                CU_assertImplementation(CU_FALSE, question, plays[i].what, __FILE__, "", CU_FALSE);
        }
    }
}

void register_asked_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/model questions", NULL, NULL);
    CU_add_test(suite, "a conversation asks what it depends on", a_conversation_asks_what_it_depends_on);
}
