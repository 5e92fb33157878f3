/* The sockets and blocks of the layered provider above a host that keeps its word, and above one that does not: which
 * runs out in the middle, whose other programs are faster, which refuses what it promised. */
#include "conformance/layered/sockets.h"

#include <CUnit/CUnit.h>
#include <string.h>

#include "stack/sdk/error_values.h"

/* --- the host below ----------------------------------------------------------------------------------------------- */

enum { HOST_SOCKETS_MAX = 1400, PORTS = 65536, NEVER = 1000000 };

static struct {
    struct {
        bool open;
        uint32_t port; /* 0: not bound */
        bool v6, undelayed, exclusive;
    } sockets[HOST_SOCKETS_MAX];
    int owner[2][PORTS]; /* by family: a socket's number + 1, -1: another program's */
    unsigned open_count;
    unsigned sockets_left;              /* until there are no more */
    int becoming, closing, setting;     /* what these answer: 0 or an error */
    void (*before_bind)(uint16_t port); /* another program runs */
} host;

int lower_socket(bool v6, bool stream) {
    (void)stream;
    if (host.sockets_left == 0) return -WSAEMFILE;
    host.sockets_left--;
    for (int i = 0; i < HOST_SOCKETS_MAX; i++) {
        if (host.sockets[i].open) continue;
        host.sockets[i].open = true;
        host.sockets[i].v6 = v6;
        host.sockets[i].port = 0;
        host.open_count++;
        return i;
    }
    return -WSAEMFILE;
}

static void give_port_back(int socket) {
    if (host.sockets[socket].port != 0) host.owner[host.sockets[socket].v6][host.sockets[socket].port] = 0;
    host.sockets[socket].port = 0;
}

int lower_close(int socket) {
    CU_ASSERT(host.sockets[socket].open);
    give_port_back(socket);
    host.sockets[socket].open = false;
    host.open_count--;
    return host.closing;
}

int lower_bind(int socket, const struct lower_address *address) {
    if (host.before_bind != NULL) host.before_bind(address->port);
    CU_ASSERT(host.sockets[socket].open && address->port != 0);
    int owner = host.owner[address->v6][address->port];
    if (owner > 0 && host.sockets[owner - 1].exclusive) return WSAEACCES;
    if (owner != 0) return WSAEADDRINUSE;
    host.owner[address->v6][address->port] = socket + 1;
    host.sockets[socket].port = address->port;
    return 0;
}

int lower_become(int socket, int placeholder) {
    if (host.becoming != 0) return -host.becoming;
    CU_ASSERT(host.sockets[socket].open && host.sockets[placeholder].open);
    host.sockets[socket].port = host.sockets[placeholder].port;
    host.sockets[socket].undelayed = host.sockets[placeholder].undelayed;
    host.owner[host.sockets[socket].v6][host.sockets[socket].port] = socket + 1;
    host.sockets[placeholder].port = 0;
    host.sockets[placeholder].open = false;
    host.open_count--;
    return socket;
}

int lower_set(int socket, enum lower_option option, int value) {
    CU_ASSERT(host.sockets[socket].open);
    if (option == LOWER_NO_DELAY) host.sockets[socket].undelayed = value != 0;
    return host.setting;
}

int lower_keep_others_off(int socket) {
    host.sockets[socket].exclusive = true;
    return 0;
}

/* --- what the tests say ------------------------------------------------------------------------------------------- */

static void prepare(void) {
    memset(&host, 0, sizeof host);
    host.sockets_left = NEVER;
}

static void forget(uint64_t handle) { (void)handle; }

/* Whatever a test left open is closed, and nothing of the host's may be left then. */
static void restore(void) {
    sockets_close_all(forget);
    CU_ASSERT_EQUAL(host.open_count, 0);
}

static struct layered_socket *opened(bool v6) { return socket_add(lower_socket(v6, true), v6, true); }

static bool is_taken(unsigned port) { return host.owner[0][port] != 0 && host.owner[1][port] != 0; }
static bool is_free(unsigned port) { return host.owner[0][port] == 0 && host.owner[1][port] == 0; }

static uint64_t acquired(const struct layered_socket *owner, uint16_t first, uint16_t count) {
    uint64_t token = 0;
    CU_ASSERT_EQUAL(block_acquire(owner, &first, count, &token), 0);
    return token;
}

static unsigned port_of(const struct layered_socket *socket) { return host.sockets[socket->lower].port; }

static int bound_anywhere(struct layered_socket *socket) {
    const struct lower_address any = { .v6 = socket->v6 };
    return layer_bind(socket, &any);
}

static void test_block_holds_both_families(void) {
    struct layered_socket *owner = opened(false);
    acquired(owner, 6000, 3);
    for (unsigned port = 6000; port < 6003; port++) CU_ASSERT(is_taken(port));
    CU_ASSERT(is_free(6003));
    CU_ASSERT_EQUAL(layer_close(owner), 0);
    for (unsigned port = 6000; port < 6003; port++) CU_ASSERT(is_free(port));
}

static void test_wildcard_goes_round_what_is_taken(void) {
    struct layered_socket *owner = opened(false);
    uint16_t first = 0;
    uint64_t token = 0;
    host.owner[1][FIRST_DYNAMIC + 1] = -1;
    CU_ASSERT_EQUAL(block_acquire(owner, &first, 2, &token), 0);
    CU_ASSERT_EQUAL(first, FIRST_DYNAMIC + 2);
    host.owner[1][FIRST_DYNAMIC + 1] = 0;
}

/* The placeholders keep others off, and the host says so with WSAEACCES. */
static void test_without_an_association_beside_blocks(void) {
    struct layered_socket *owner = opened(false);
    for (unsigned i = 0; i < BLOCKS_MAX; i++) acquired(owner, (uint16_t)(FIRST_DYNAMIC + 3 * i), 2);
    for (unsigned i = 0; i < BLOCKS_MAX; i++) {
        struct layered_socket *socket = opened(false);
        CU_ASSERT_EQUAL(bound_anywhere(socket), 0);
        CU_ASSERT_EQUAL(socket->bound, true);
        CU_ASSERT_NOT_EQUAL(port_of(socket), 0);
    }
}

static void test_a_port_in_the_middle_is_taken(void) {
    struct layered_socket *owner = opened(false);
    uint16_t first = 6000;
    uint64_t token = 7;
    host.owner[1][6002] = -1;
    unsigned before = host.open_count;
    CU_ASSERT_EQUAL(block_acquire(owner, &first, 4, &token), WSAEADDRINUSE);
    CU_ASSERT_EQUAL(host.open_count, before);
    CU_ASSERT_EQUAL(token, 7);
    CU_ASSERT(is_free(6000) && is_free(6001) && is_free(6003));
    host.owner[1][6002] = 0;
}

static void test_the_host_runs_out_of_sockets(void) {
    struct layered_socket *owner = opened(false);
    uint16_t first = 0;
    uint64_t token = 0;
    unsigned before = host.open_count;
    host.sockets_left = 5;
    CU_ASSERT_EQUAL(block_acquire(owner, &first, 4, &token), WSAENOBUFS);
    CU_ASSERT_EQUAL(host.open_count, before);
}

static void test_what_cannot_be_a_block(void) {
    struct layered_socket *owner = opened(false);
    static const struct {
        uint16_t first, count;
        int error;
    } rows[] = {
        { 6000, 0, WSAEINVAL },
        { 65535, 2, WSAEINVAL },
        { 0, 0, WSAEINVAL },
        { 6000, BLOCK_PORTS_MAX + 1, WSAENOBUFS },
        { 0, 65535 - FIRST_DYNAMIC + 2, WSAEADDRINUSE },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint16_t first = rows[i].first;
        uint64_t token = 0;
        CU_ASSERT_EQUAL(block_acquire(owner, &first, rows[i].count, &token), rows[i].error);
        CU_ASSERT_EQUAL(token, 0);
    }
}

static void test_tokens_are_never_given_twice(void) {
    struct layered_socket *owner = opened(false);
    uint64_t tokens[20];
    for (unsigned i = 0; i < 20; i++) {
        tokens[i] = acquired(owner, 6000, 1);
        CU_ASSERT_NOT_EQUAL(tokens[i], 0);
        for (unsigned k = 0; k < i; k++) CU_ASSERT_NOT_EQUAL(tokens[i], tokens[k]);
        CU_ASSERT_EQUAL(block_release(owner, tokens[i]), 0);
        CU_ASSERT_EQUAL(block_release(owner, tokens[i]), WSAEINVAL);
    }
}

static void test_there_is_no_room_for_another_block(void) {
    struct layered_socket *owner = opened(false);
    for (unsigned i = 0; i < BLOCKS_MAX; i++) acquired(owner, (uint16_t)(6000 + i), 1);
    uint16_t first = 7000;
    uint64_t token = 0;
    CU_ASSERT_EQUAL(block_acquire(owner, &first, 1, &token), WSAENOBUFS);
    CU_ASSERT(is_free(7000));
}

static void test_a_socket_takes_the_place_of_its_port(void) {
    struct layered_socket *owner = opened(false), *socket = opened(false);
    uint64_t token = acquired(owner, 6000, 2);
    CU_ASSERT_EQUAL(block_associate(socket, token), 0);
    CU_ASSERT_EQUAL(bound_anywhere(socket), 0);
    CU_ASSERT_EQUAL(port_of(socket), 6000);
    CU_ASSERT_EQUAL(host.owner[1][6000], 0); /* one family is the socket's, the other is let go */
    CU_ASSERT_EQUAL(layer_close(socket), 0);
    CU_ASSERT(is_taken(6000)); /* held again */
}

static void test_a_used_up_block(void) {
    struct layered_socket *owner = opened(false), *one = opened(false), *other = opened(false);
    uint64_t token = acquired(owner, 6000, 1);
    block_associate(one, token);
    block_associate(other, token);
    CU_ASSERT_EQUAL(bound_anywhere(one), 0);
    CU_ASSERT_EQUAL(bound_anywhere(other), WSAEADDRINUSE);
    CU_ASSERT_FALSE(other->bound);
    layer_close(one);
    CU_ASSERT_EQUAL(bound_anywhere(other), 0);
}

static void test_the_host_does_not_give_the_place(void) {
    struct layered_socket *owner = opened(false), *socket = opened(false);
    block_associate(socket, acquired(owner, 6000, 1));
    host.becoming = WSAENOBUFS;
    CU_ASSERT_EQUAL(bound_anywhere(socket), WSAENOBUFS);
    CU_ASSERT(is_taken(6000));
    CU_ASSERT_FALSE(socket->bound);
    host.becoming = 0;
    CU_ASSERT_EQUAL(bound_anywhere(socket), 0);
}

static uint16_t wanted_by_another;

static void another_program_takes_it(uint16_t port) {
    if (port == wanted_by_another && host.owner[0][port] == 0) host.owner[0][port] = -1;
}

static void test_what_was_set_is_set_in_the_placeholders_place(void) {
    struct layered_socket *owner = opened(false), *user = opened(false);
    uint64_t token = acquired(owner, 6000, 2);
    CU_ASSERT_EQUAL(layer_set(user, LOWER_NO_DELAY, 1), 0);
    CU_ASSERT_EQUAL(block_associate(user, token), 0);
    CU_ASSERT_EQUAL(bound_anywhere(user), 0);
    CU_ASSERT_EQUAL(port_of(user), 6000);
    CU_ASSERT(host.sockets[user->lower].undelayed);
    struct layered_socket *other = opened(false);
    CU_ASSERT_EQUAL(layer_set(other, LOWER_NO_DELAY, 1), 0);
    CU_ASSERT_EQUAL(block_associate(other, token), 0);
    host.setting = WSAENOBUFS;
    CU_ASSERT_EQUAL(bound_anywhere(other), WSAENOBUFS); /* said, and not passed over */
    host.setting = 0;
}

/* The race that sockets.h names: with an address of its own the socket cannot take the placeholder's place. */
static void test_another_program_is_faster(void) {
    struct layered_socket *owner = opened(false), *socket = opened(false);
    const struct lower_address loopback = { .bytes = { 127, 0, 0, 1 } };
    block_associate(socket, acquired(owner, 6000, 1));
    wanted_by_another = 6000;
    host.before_bind = another_program_takes_it;
    CU_ASSERT_EQUAL(layer_bind(socket, &loopback), WSAEADDRINUSE);
    host.before_bind = NULL;
    CU_ASSERT_FALSE(socket->bound);
    CU_ASSERT_EQUAL(bound_anywhere(socket), WSAEADDRINUSE); /* the port is lost to the block */
    host.owner[0][6000] = 0;
    struct layered_socket *passing = opened(true);
    layer_close(passing); /* with any close the block takes back what it can */
    CU_ASSERT(is_taken(6000));
    CU_ASSERT_EQUAL(bound_anywhere(socket), 0);
}

static void test_ports_outside_and_inside_by_name(void) {
    struct layered_socket *owner = opened(false), *socket = opened(false);
    const struct lower_address outside = { .port = 6002 }, inside = { .port = 6001 };
    block_associate(socket, acquired(owner, 6000, 2));
    CU_ASSERT_EQUAL(layer_bind(socket, &outside), WSAEACCES);
    CU_ASSERT_EQUAL(layer_bind(socket, &inside), 0);
    CU_ASSERT_EQUAL(port_of(socket), 6001);
    CU_ASSERT_EQUAL(layer_bind(socket, &inside), WSAEINVAL); /* bound already */
    CU_ASSERT_EQUAL(block_associate(socket, 1), WSAEINVAL);
}

static void test_the_owner_is_closed_first(void) {
    struct layered_socket *owner = opened(false), *socket = opened(false), *late = opened(false);
    uint64_t token = acquired(owner, 6000, 2);
    block_associate(socket, token);
    block_associate(late, token);
    bound_anywhere(socket);
    layer_close(owner);
    CU_ASSERT_NOT_EQUAL(host.owner[0][6000], 0); /* the bound socket keeps its port */
    CU_ASSERT(is_free(6001));
    CU_ASSERT_EQUAL(bound_anywhere(late), WSAEINVAL);
}

static void test_numbers_that_are_no_socket(void) {
    struct layered_socket *socket = opened(false);
    uint64_t number = socket_context(socket);
    const uint64_t wrong[] = { 0, 1, 0xFF, number + 1, number + 2, 0x100u + 4u * LAYERED_SOCKETS_MAX, UINT64_MAX };
    CU_ASSERT_PTR_EQUAL(socket_at(number), socket);
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) CU_ASSERT_PTR_NULL(socket_at(wrong[i]));
    layer_close(socket);
    CU_ASSERT_PTR_NULL(socket_at(number));
    CU_ASSERT_NOT_EQUAL(socket_context(opened(false)), number); /* not soon again */
}

static void test_every_row_is_taken(void) {
    unsigned count = 0;
    while (opened(false) != NULL) count++;
    CU_ASSERT_EQUAL(count, LAYERED_SOCKETS_MAX);
    lower_close(LAYERED_SOCKETS_MAX); /* the one without a row */
}

static void test_the_host_fails_to_close(void) {
    struct layered_socket *owner = opened(false);
    acquired(owner, 6000, 1);
    host.closing = WSAENOTSOCK;
    CU_ASSERT_EQUAL(layer_close(owner), WSAENOTSOCK);
    host.closing = 0;
    CU_ASSERT(is_free(6000)); /* the block has ended all the same */
}

void register_layered_sockets_tests(void);

void register_layered_sockets_tests(void) {
    CU_pSuite suite =
        CU_add_suite_with_setup_and_teardown("the layered provider's sockets", NULL, NULL, prepare, restore);
    CU_add_test(suite, "block holds both families", test_block_holds_both_families);
    CU_add_test(suite, "wildcard goes round what is taken", test_wildcard_goes_round_what_is_taken);
    CU_add_test(suite, "without an association, beside blocks", test_without_an_association_beside_blocks);
    CU_add_test(suite, "a port in the middle is taken", test_a_port_in_the_middle_is_taken);
    CU_add_test(suite, "the host runs out of sockets", test_the_host_runs_out_of_sockets);
    CU_add_test(suite, "what cannot be a block", test_what_cannot_be_a_block);
    CU_add_test(suite, "tokens are never given twice", test_tokens_are_never_given_twice);
    CU_add_test(suite, "there is no room for another block", test_there_is_no_room_for_another_block);
    CU_add_test(suite, "a socket takes the place of its port", test_a_socket_takes_the_place_of_its_port);
    CU_add_test(suite, "a used up block", test_a_used_up_block);
    CU_add_test(suite, "the host does not give the place", test_the_host_does_not_give_the_place);
    CU_add_test(suite, "what was set is set in the placeholder's place",
                test_what_was_set_is_set_in_the_placeholders_place);
    CU_add_test(suite, "another program is faster", test_another_program_is_faster);
    CU_add_test(suite, "ports outside and inside by name", test_ports_outside_and_inside_by_name);
    CU_add_test(suite, "the owner is closed first", test_the_owner_is_closed_first);
    CU_add_test(suite, "numbers that are no socket", test_numbers_that_are_no_socket);
    CU_add_test(suite, "every row is taken", test_every_row_is_taken);
    CU_add_test(suite, "the host fails to close", test_the_host_fails_to_close);
}
