/* WSARecvMsg and WSASendMsg, as far as no scenario can say it: what a request that pended stores when it ends, and
 * control data that the model does not know. Each call is followed by all invariants (fixture). */
#include <string.h>

#include "stack/model/model.h"
#include "stack/sdk/option_values.h"
#include "stack/sdk/socket_values.h"
#include "stack/tests/fixture_messages.h"
#include "stack/transport/control_data.h"

void register_messages_tests(void);

enum { PORT = 20000, V4_INFORMATION = 24 };

/* The object of IPv4: 127.0.0.`last`, by this interface. */
struct information {
    uint8_t bytes[V4_INFORMATION];
};

static struct information information_of(uint8_t last, uint32_t interface) {
    struct information made = { { 0 } };
    store_u64(made.bytes, V4_INFORMATION);
    store_u32(made.bytes + 8, IPPROTO_IP);
    store_u32(made.bytes + 12, IP_PKTINFO);
    memcpy(made.bytes + 16, (const uint8_t[4]){ 127, 0, 0, last }, 4);
    store_u32(made.bytes + 20, interface);
    return made;
}

/* A socket bound to the wildcard that wants packet information. */
static uint64_t informed_socket(struct machine *m) {
    uint64_t s = udp(m);
    expect_ok(bind_at(m, s, ANY_V4, PORT));
    expect_ok(want_packet_information(m, s, 4));
    return s;
}

static void a_message_that_pended_stores_all_of_it_when_it_ends(void) {
    struct machine m;
    uint32_t sent;
    machine_begin(&m);
    uint64_t s = informed_socket(&m);
    struct message message = { .overlapped = true, .control_room = 64, .name_length = SOCKADDR_IN6_SIZE };
    expect_error(WSA_IO_PENDING, receive_message(&m, s, &message));
    CU_ASSERT_EQUAL(message.control_length, UINT32_MAX);
    CU_ASSERT_EQUAL(message.flags_after, UINT32_MAX);
    expect_ok(send_byte(&m, udp(&m), TO_LOOPBACK, PORT, &sent));
    look_at_message(&m, &message);
    const struct information expected = information_of(1, 1);
    CU_ASSERT_EQUAL(message.control_length, V4_INFORMATION);
    CU_ASSERT_EQUAL(message.flags_after, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(message.control);
    CU_ASSERT_EQUAL(memcmp(message.control, expected.bytes, sizeof expected.bytes), 0);
}

static void control_data_without_room_is_cut_when_it_comes(void) {
    struct machine m;
    uint32_t sent;
    machine_begin(&m);
    uint64_t s = informed_socket(&m);
    struct message message = { .overlapped = true, .control_room = V4_INFORMATION - 1, .name_length = 16 };
    expect_error(WSA_IO_PENDING, receive_message(&m, s, &message));
    expect_ok(send_byte(&m, udp(&m), TO_LOOPBACK, PORT, &sent));
    look_at_message(&m, &message);
    CU_ASSERT_EQUAL(message.flags_after, MSG_CTRUNC);
    CU_ASSERT_EQUAL(message.control_length, 0);
    CU_ASSERT_PTR_NULL(message.control);
}

/* T16.6: the datagram fitted, so its count is stored, also for a caller who waited: by himself, which needs no
 * OVERLAPPED. */
static void who_waited_has_the_count_of_what_fitted(void) {
    struct machine m;
    uint32_t sent;
    machine_begin(&m);
    uint64_t s = informed_socket(&m), sender = udp(&m);
    struct message message = { .control_room = V4_INFORMATION - 1, .name_length = 16 };
    expect_error(STILL_INSIDE, receive_message(&m, s, &message));
    speak_as(&m, APP_SECOND);
    expect_ok(send_byte(&m, sender, TO_LOOPBACK, PORT, &sent));
    CU_ASSERT_EQUAL(returned_to(&m, APP), WSAEMSGSIZE);
    look_at_message(&m, &message);
    CU_ASSERT_EQUAL(message.flags_after, MSG_CTRUNC);
    CU_ASSERT_EQUAL(message.bytes, 1);
}

/* T16.7: where no option wants any, no room is needed. */
static void no_room_is_enough_for_no_control_data(void) {
    struct machine m;
    uint32_t sent;
    machine_begin(&m);
    uint64_t s = udp(&m);
    struct message message = { .without_control = true, .nameless = true };
    expect_ok(bind_at(&m, s, ANY_V4, PORT));
    expect_ok(send_byte(&m, udp(&m), TO_LOOPBACK, PORT, &sent));
    expect_ok(receive_message(&m, s, &message));
    CU_ASSERT_EQUAL(message.bytes, 1);
    CU_ASSERT_EQUAL(message.control_length, 0);
    CU_ASSERT_EQUAL(message.flags_after, 0);
}

static void what_else_a_message_may_ask_is_not_modelled(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = informed_socket(&m);
    struct message message = { .flags = MSG_CTRUNC, .control_room = 64, .name_length = SOCKADDR_IN6_SIZE };
    (void)receive_message(&m, s, &message);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_REQUESTS), 0);
}

/* An own address of the machine, whose interface has a number that the model does not know. */
static void the_number_of_another_interface_is_not_modelled(void) {
    struct machine m;
    machine_begin(&m);
    uint64_t s = informed_socket(&m);
    struct message message = { .control_room = 64, .name_length = SOCKADDR_IN6_SIZE };
    CU_ASSERT_TRUE_FATAL(model_add_address(m.world, 4, (const uint8_t[16]){ 192, 0, 2, 7 }));
    (void)receive_message(&m, s, &message);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
}

static void a_datagram_comes_from_where_its_control_data_says(void) {
    struct machine m;
    struct information wish = information_of(7, 0);
    machine_begin(&m);
    uint64_t receiver = udp(&m), s = udp(&m), confined = udp(&m);
    expect_ok(bind_at(&m, receiver, LOOPBACK_V4, PORT));
    expect_ok(bind_at(&m, s, ANY_V4, PORT + 1));
    expect_ok(send_message(&m, s, PORT, wish.bytes, sizeof wish.bytes));
    CU_ASSERT_EQUAL_FATAL(world_top(m.world, TABLE_DATAGRAMS), 1);
    CU_ASSERT_EQUAL(world_datagram(m.world, 0)->source_address[3], 7);
    expect_ok(bind_at(&m, confined, LOOPBACK_V4, PORT + 2)); /* 127.0.0.1 is not 127.0.0.7 */
    (void)send_message(&m, confined, PORT, wish.bytes, sizeof wish.bytes);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_DATAGRAMS), 1);
}

/* A connected socket has its one address as a bound one has: another source is not known, the same one is. */
static void a_connected_socket_sends_from_its_own_address_alone(void) {
    struct machine m;
    struct information own = information_of(1, 0), another = information_of(7, 0);
    machine_begin(&m);
    uint64_t receiver = udp(&m), s = udp(&m);
    expect_ok(bind_at(&m, receiver, LOOPBACK_V4, PORT));
    expect_ok(connect_to(&m, s, LOOPBACK_V4, PORT));
    (void)send_message(&m, s, 0, another.bytes, sizeof another.bytes);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_DATAGRAMS), 0);
    expect_ok(send_message(&m, s, 0, own.bytes, sizeof own.bytes));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_DATAGRAMS), 1);
}

/* One object and the padding after it are known, as short and as long as they may be; not what is shorter, nor where
 * another object begins. */
static void which_control_data_is_known(void) {
    enum { HEADER = 16, V6_INFORMATION = 36, V6_PADDED = 40, MOST = 64 };
    static const uint8_t own[16] = { [15] = 1 };
    for (unsigned family = 4; family <= 6; family += 2)
        for (uint32_t length = 0; length <= MOST; length++) {
            struct endpoint source;
            uint8_t bytes[MOST] = { 0 };
            const struct information v4 = information_of(7, 1);
            uint32_t whole = family == 4 ? V4_INFORMATION : V6_INFORMATION;
            uint32_t padded = family == 4 ? V4_INFORMATION : V6_PADDED;
            if (family == 4) {
                memcpy(bytes, v4.bytes, V4_INFORMATION);
            } else {
                store_u64(bytes, V6_INFORMATION);
                store_u32(bytes + 8, IPPROTO_IPV6);
                store_u32(bytes + 12, IPV6_PKTINFO);
                memcpy(bytes + HEADER, own, sizeof own);
                store_u32(bytes + HEADER + sizeof own, 1);
            }
            enum control_wish wish = control_data_read(bytes, length, &source);
            bool known = length >= whole && length < padded + HEADER;
            CU_ASSERT_EQUAL(wish, length == 0 ? CONTROL_WISHES_NOTHING
                                  : known     ? CONTROL_WISHES_SOURCE
                                              : CONTROL_NOT_MODELLED);
            if (known) CU_ASSERT_EQUAL(memcmp(source.address.bytes, bytes + HEADER, family == 4 ? 4 : 16), 0);
            if (known) CU_ASSERT_EQUAL(source.family, family);
        }
}

/* Malformed objects, others, more than one, another interface: nothing is sent. */
static void control_data_that_is_not_modelled_sends_nothing(void) {
    enum { ODD = 5 };
    struct information odd[ODD];
    static const uint8_t places[ODD] = { 0, 8, 12, 20, 4 };
    struct machine m;
    machine_begin(&m);
    uint64_t receiver = udp(&m), s = udp(&m);
    expect_ok(bind_at(&m, receiver, LOOPBACK_V4, PORT));
    expect_ok(bind_at(&m, s, ANY_V4, PORT + 1));
    for (unsigned i = 0; i < ODD; i++) {
        odd[i] = information_of(1, 0);
        odd[i].bytes[places[i]] ^= 5;
        (void)send_message(&m, s, PORT, odd[i].bytes, sizeof odd[i].bytes);
        CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    }
    uint8_t two[2 * V4_INFORMATION];
    const struct information one = information_of(1, 0);
    memcpy(two, one.bytes, V4_INFORMATION);
    memcpy(two + V4_INFORMATION, one.bytes, V4_INFORMATION);
    (void)send_message(&m, s, PORT, two, sizeof two);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    (void)send_message(&m, s, PORT, one.bytes, 15);
    CU_ASSERT_EQUAL(m.result.status, RESULT_NOT_MODELLED);
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_DATAGRAMS), 0);
    expect_ok(send_message(&m, s, PORT, one.bytes, sizeof one.bytes));
    CU_ASSERT_EQUAL(world_top(m.world, TABLE_DATAGRAMS), 1);
}

/* Of a WSAMSG that runs into a page that is not there: its lengths lie behind its pointers. */
static void a_message_without_its_lengths_is_refused(void) {
    static const struct message parts[] = { { .without_name_length = true, .control_room = 64 },
                                            { .without_control_length = true, .control_room = 64, .name_length = 16 },
                                            { .without_name_length = true, .without_control_length = true } };
    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct machine m;
        uint32_t sent;
        machine_begin(&m);
        uint64_t s = informed_socket(&m);
        struct message part = parts[i], whole = { .control_room = 64, .name_length = 16 };
        expect_ok(send_byte(&m, udp(&m), TO_LOOPBACK, PORT, &sent));
        expect_error(WSAEFAULT, receive_message(&m, s, &part));
        CU_ASSERT_EQUAL(part.bytes, UINT32_MAX);
        expect_ok(receive_message(&m, s, &whole));
        CU_ASSERT_EQUAL(whole.bytes, 1);
    }
}

void register_messages_tests(void) {
    CU_pSuite suite = CU_add_suite("messages", NULL, NULL);
    CU_add_test(suite, "a message that pended stores all of it when it ends",
                a_message_that_pended_stores_all_of_it_when_it_ends);
    CU_add_test(suite, "control data without room is cut when it comes",
                control_data_without_room_is_cut_when_it_comes);
    CU_add_test(suite, "who waited has the count of what fitted", who_waited_has_the_count_of_what_fitted);
    CU_add_test(suite, "no room is enough for no control data", no_room_is_enough_for_no_control_data);
    CU_add_test(suite, "a message without its lengths is refused", a_message_without_its_lengths_is_refused);
    CU_add_test(suite, "what else a message may ask is not modelled", what_else_a_message_may_ask_is_not_modelled);
    CU_add_test(suite, "the number of another interface is not modelled",
                the_number_of_another_interface_is_not_modelled);
    CU_add_test(suite, "a datagram comes from where its control data says",
                a_datagram_comes_from_where_its_control_data_says);
    CU_add_test(suite, "a connected socket sends from its own address alone",
                a_connected_socket_sends_from_its_own_address_alone);
    CU_add_test(suite, "which control data is known", which_control_data_is_known);
    CU_add_test(suite, "control data that is not modelled sends nothing",
                control_data_that_is_not_modelled_sends_nothing);
}
