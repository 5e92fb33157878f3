/* Datagrams of any length, in a world whose calls and results have room for them (call/call.h): as long as a packet can
 * be, and not a byte longer. Lengths: KB 822061 (65,507 bytes over IPv4). */
#include <stdlib.h>
#include <string.h>

#include "stack/tests/fixture.h"
#include "stack/transport/control_data.h"

void register_long_datagrams_tests(void);

enum { PORT = 20000, LONGEST = 65507, MORE = 65535, DATA_AT = 0x100000, NAME_AT = 0x60000, COUNT_AT = 0x70000 };
enum { ARRAY_AT = 0x80000, SMALL = 0, LARGE = 1 };

/* A machine of its own, and records with what comes right after them. */
struct roomy {
    struct world *world;
    struct simulating_chooser simulating;
    struct profile profile;
    uint64_t from, to; /* two sockets, of which `to` is bound to PORT */
    struct {
        struct call call;
        uint8_t more[MORE];
    } question;
    struct {
        struct result result;
        uint8_t more[MORE];
    } answer;
};

static struct call *ask(struct roomy *r, enum function function) {
    struct call *call = &r->question.call;
    call_clear(call);
    call->function = (uint16_t)function;
    call->thread = APP;
    call->more_bytes = r->world->limits.more_bytes;
    return call;
}

/* The error, 0 for success. */
static uint32_t answer_of(struct roomy *r) {
    struct result *result = &r->answer.result;
    model_call(r->world, &r->simulating.chooser, &r->question.call, result);
    if (result->status == RESULT_NOT_MODELLED) return UINT32_MAX;
    uint32_t error = result->value == UINT64_MAX ? result->error : 0;
    struct result after;
    result_clear(&after);
    while (r->question.call.function == FUNCTION_sendto && model_steps_enabled(r->world) > 0)
        model_step(r->world, &r->simulating.chooser, &after);
    CU_ASSERT_PTR_NULL(model_check(r->world));
    return error;
}

static uint64_t open_datagram(struct roomy *r) {
    struct call *call = ask(r, FUNCTION_socket);
    call->arguments[socket_af] = AF_INET;
    call->arguments[socket_type] = SOCK_DGRAM;
    CU_ASSERT_EQUAL(answer_of(r), 0);
    return r->answer.result.value;
}

static void put_address(struct call *call, unsigned name, unsigned length) {
    uint8_t address[SOCKADDR_IN_SIZE] = { AF_INET, 0, PORT >> 8, PORT & 255, 127, 0, 0, 1 };
    call->arguments[name] = NAME_AT;
    call->ranges[name] = (struct range){ .address = NAME_AT, .length = sizeof address, .state = RANGE_GOOD };
    CU_ASSERT_TRUE(call_put_bytes(call, name, address, sizeof address));
    call->arguments[length] = sizeof address;
}

/* `large`: with as much room as a machine of programs has; else with what every world's records have. */
static struct roomy *roomy_machine(bool large) {
    struct roomy *r = calloc(1, sizeof *r);
    struct world_limits limits = world_limits_small();
    world_limits_add_wire(&limits);
    limits.packet_bytes = 65535;
    limits.more_bytes = large ? MORE : 0;
    void *memory = malloc(world_bytes(&limits));
    CU_ASSERT_FATAL(r != NULL && memory != NULL);
    r->world = world_create(memory, &limits);
    r->profile = *profile_named("windows");
    simulating_chooser_init(&r->simulating, &r->profile, 0);
    model_process_start(r->world, PROCESS_APP, APP, 0, 0x0202);
    r->from = open_datagram(r);
    r->to = open_datagram(r);
    struct call *call = ask(r, FUNCTION_bind);
    call->arguments[bind_s] = r->to;
    put_address(call, bind_name, bind_namelen);
    CU_ASSERT_EQUAL(answer_of(r), 0);
    return r;
}

static void forget(struct roomy *r) {
    free(r->world);
    free(r);
}

static uint8_t byte_at(uint32_t place) { return (uint8_t)(place * 7 + place / 251); }

/* Without the bytes where the record has no room for them. */
static uint32_t send_so_many(struct roomy *r, uint32_t length) {
    static uint8_t data[70000];
    for (uint32_t i = 0; i < length; i++) data[i] = byte_at(i);
    struct call *call = ask(r, FUNCTION_sendto);
    call->arguments[sendto_s] = r->from;
    put_address(call, sendto_to, sendto_tolen);
    call->arguments[sendto_buf] = DATA_AT;
    call->arguments[sendto_len] = length;
    call->ranges[sendto_buf] = (struct range){ .address = DATA_AT, .length = length, .state = RANGE_GOOD };
    uint32_t room = call_room(call);
    CU_ASSERT_TRUE(call_put_bytes(call, sendto_buf, data, length < room ? length : room));
    return answer_of(r);
}

static uint32_t receive_so_many(struct roomy *r, uint32_t length) {
    struct call *call = ask(r, FUNCTION_recv);
    call->arguments[recv_s] = r->to;
    call->arguments[recv_buf] = DATA_AT;
    call->arguments[recv_len] = length;
    call->ranges[recv_buf] = (struct range){ .address = DATA_AT, .length = length, .state = RANGE_GOOD };
    return answer_of(r);
}

/* What the receive has stored are the first bytes of what was sent. */
static bool has_stored(const struct roomy *r, uint32_t length) {
    const struct result *result = &r->answer.result;
    if (result->writes_count == 0 || result->writes[0].address != DATA_AT) return false;
    if (result->writes[0].length != length) return false;
    const uint8_t *bytes = result_bytes(result, result->writes[0].bytes_offset);
    for (uint32_t i = 0; i < length; i++)
        if (bytes[i] != byte_at(i)) return false;
    return true;
}

static void the_longest_datagram_arrives_whole(void) {
    struct roomy *r = roomy_machine(LARGE);
    CU_ASSERT_EQUAL(send_so_many(r, LONGEST), 0);
    CU_ASSERT_EQUAL(r->answer.result.value, LONGEST);
    CU_ASSERT_EQUAL(receive_so_many(r, 65536), 0);
    CU_ASSERT_EQUAL(r->answer.result.value, LONGEST);
    CU_ASSERT_TRUE(has_stored(r, LONGEST));
    forget(r);
}

static void one_byte_more_is_no_datagram(void) {
    for (unsigned large = 0; large < 2; large++) {
        struct roomy *r = roomy_machine(large);
        CU_ASSERT_EQUAL(send_so_many(r, LONGEST + 1), WSAEMSGSIZE);
        CU_ASSERT_EQUAL(send_so_many(r, 70000), WSAEMSGSIZE);
        forget(r);
    }
}

static void a_record_without_the_room_is_not_modelled(void) {
    struct roomy *r = roomy_machine(SMALL);
    CU_ASSERT_EQUAL(send_so_many(r, CALL_BYTES_MAX), UINT32_MAX);
    CU_ASSERT_EQUAL(send_so_many(r, CALL_BYTES_MAX - SOCKADDR_IN_SIZE), 0);
    forget(r);
}

static void what_does_not_fit_the_receiver_is_cut(void) {
    struct roomy *r = roomy_machine(LARGE);
    CU_ASSERT_EQUAL(send_so_many(r, 40000), 0);
    CU_ASSERT_EQUAL(receive_so_many(r, 30000), WSAEMSGSIZE);
    CU_ASSERT_TRUE(has_stored(r, 30000));
    forget(r);
}

/* A limit of ours, which is noted so that no one takes the cut for Windows's: what a record has room for beside eight
 * requests and a message (transfers.c), and one byte more. */
static void what_does_not_fit_the_record_is_cut_and_noted(void) {
    enum { MORE_BYTES = 30000, BESIDE = 8 * (16 + SOCKADDR_IN6_SIZE + 4) + CONTROL_DATA_MAX + 8 };
    const uint32_t room = RESULT_BYTES_MAX + MORE_BYTES - BESIDE;
    for (uint32_t length = room; length <= room + 1; length++) {
        struct roomy *r = roomy_machine(LARGE);
        bool fits = length == room;
        CU_ASSERT_EQUAL(send_so_many(r, length), 0);
        r->world->limits.more_bytes = MORE_BYTES;
        CU_ASSERT_EQUAL(r->world->full, 0);
        CU_ASSERT_EQUAL(receive_so_many(r, 65535), fits ? 0 : WSAEMSGSIZE);
        CU_ASSERT_TRUE(has_stored(r, room));
        CU_ASSERT_EQUAL(r->world->full, fits ? 0 : TABLE_TRANSFERS + 1);
        forget(r);
    }
}

/* A buffer of several is gathered in a place of a record's size; one that stands alone is sent from where it is. */
static uint32_t send_buffers(struct roomy *r, unsigned count, uint32_t each) {
    static const uint8_t data[30000];
    struct call *call = ask(r, FUNCTION_WSASendTo);
    call->arguments[WSASendTo_s] = r->from;
    put_address(call, WSASendTo_lpTo, WSASendTo_iTolen);
    call->arguments[WSASendTo_lpBuffers] = ARRAY_AT;
    call->ranges[WSASendTo_lpBuffers] =
        (struct range){ .address = ARRAY_AT, .length = count * WSABUF_SIZE, .state = RANGE_GOOD };
    call->arguments[WSASendTo_dwBufferCount] = call->buffers_count = count;
    call->arguments[WSASendTo_lpNumberOfBytesSent] = COUNT_AT;
    call->ranges[WSASendTo_lpNumberOfBytesSent] =
        (struct range){ .address = COUNT_AT, .length = 4, .state = RANGE_GOOD };
    call->ranges[WSASendTo_lpOverlapped].state = call->ranges[WSASendTo_lpCompletionRoutine].state = RANGE_NULL;
    for (unsigned i = 0; i < count; i++) {
        call->buffers[i].range =
            (struct range){ .address = DATA_AT + i * 0x10000u, .length = each, .state = RANGE_GOOD };
        call->buffers[i].length = each;
        CU_ASSERT_TRUE(call_put_buffer_bytes(call, i, data, each));
    }
    return answer_of(r);
}

static void several_buffers_have_a_record_together(void) {
    struct roomy *r = roomy_machine(LARGE);
    CU_ASSERT_EQUAL(send_buffers(r, 1, 30000), 0);
    CU_ASSERT_EQUAL(send_buffers(r, 2, 500), 0);
    CU_ASSERT_EQUAL(send_buffers(r, 2, 30000), UINT32_MAX);
    forget(r);
}

void register_long_datagrams_tests(void) {
    CU_pSuite suite = CU_add_suite("long_datagrams", NULL, NULL);
    CU_add_test(suite, "the longest datagram arrives whole", the_longest_datagram_arrives_whole);
    CU_add_test(suite, "one byte more is no datagram", one_byte_more_is_no_datagram);
    CU_add_test(suite, "a record without the room is not modelled", a_record_without_the_room_is_not_modelled);
    CU_add_test(suite, "what does not fit the receiver is cut", what_does_not_fit_the_receiver_is_cut);
    CU_add_test(suite, "what does not fit the record is cut and noted", what_does_not_fit_the_record_is_cut_and_noted);
    CU_add_test(suite, "several buffers have a record together", several_buffers_have_a_record_together);
}
