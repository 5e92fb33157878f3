/* netsh's exclusions beside a second model: ports instead of ranges, the same commands at random, under each reading of
 * what they do to each other. The second one knows the two stores as two maps of ports; a port has the number of the
 * range that brought it, and a range is what a map has under one number. */
#include <stdio.h>
#include <string.h>

#include "stack/tests/fixture_netsh.h"

void register_netsh_reference_tests(void);

enum { BASE = 30000, PORTS = 24, LONGEST = 5, COMMANDS = 200, WALKS = 40, RANGES_MAX = 5, STORES = 2 };

/* Which range has the port in each store; 0: none. A range of both stores has one number in both. */
static struct {
    unsigned ranges[PORTS][STORES];
    unsigned numbers; /* given so far */
    unsigned add_again, missing, part, store;
    uint64_t dice;
    unsigned walk, command, refused, parts_gone, halves;
} second;

static unsigned roll(unsigned sides) {
    second.dice ^= second.dice << 13; /* xorshift64 */
    second.dice ^= second.dice >> 7;
    second.dice ^= second.dice << 17;
    return (unsigned)(second.dice >> 11) % sides;
}

static void same(const char *what, uint32_t model, uint32_t wanted) {
    char text[160];
    snprintf(text, sizeof text, "walk %u, command %u: %s is %u, by the second model %u", second.walk, second.command,
             what, model, wanted);
    CU_assertImplementation(model == wanted, __LINE__, text, __FILE__, "", CU_FALSE);
}

static unsigned ranges_in_use(void) {
    unsigned count = 0;
    for (unsigned number = 1; number <= second.numbers; number++) {
        bool is_there = false;
        for (unsigned port = 0; port < PORTS; port++)
            is_there = is_there || second.ranges[port][0] == number || second.ranges[port][1] == number;
        count += is_there;
    }
    return count;
}

/* The number of the range of exactly these ports, whichever store has it; 0: there is none. */
static unsigned exact(unsigned first, unsigned count) {
    for (unsigned store = 0; store < STORES; store++) {
        unsigned number = second.ranges[first][store], length = 0;
        for (unsigned port = 0; port < PORTS; port++) length += number != 0 && second.ranges[port][store] == number;
        if (number != 0 && length == count && second.ranges[first + count - 1][store] == number) return number;
    }
    return 0;
}

static bool is_in(unsigned number, unsigned store) {
    for (unsigned port = 0; port < PORTS; port++)
        if (second.ranges[port][store] == number) return true;
    return false;
}

/* --- what the commands do ----------------------------------------------------------------------------------------- */

/* What is persistent is in effect at once, so that it is in the way of either store. */
static uint32_t wanted_add(unsigned first, unsigned count, unsigned store) {
    static const uint32_t again[] = { ERROR_SHARING_VIOLATION, ERROR_OBJECT_ALREADY_EXISTS, 0 };
    unsigned number = exact(first, count);
    bool is_there = number != 0 && (store == NETSH_PERSISTENT || is_in(number, NETSH_ACTIVE));
    for (unsigned port = first; port < first + count; port++) {
        const unsigned *has = second.ranges[port];
        unsigned active = has[NETSH_ACTIVE], stored = store == NETSH_PERSISTENT ? has[NETSH_PERSISTENT] : 0;
        if ((active != 0 && active != number) || (stored != 0 && stored != number)) return ERROR_SHARING_VIOLATION;
    }
    if (is_there && again[second.add_again] != 0) return again[second.add_again];
    if (number == 0) number = ++second.numbers;
    for (unsigned port = first; port < first + count; port++) {
        second.ranges[port][NETSH_ACTIVE] = number;
        if (store == NETSH_PERSISTENT) second.ranges[port][NETSH_PERSISTENT] = number;
    }
    return 0;
}

static void split_off(unsigned number, unsigned first, unsigned end) {
    unsigned made = ++second.numbers;
    for (unsigned port = first; port < end; port++)
        for (unsigned store = 0; store < STORES; store++)
            if (second.ranges[port][store] == number) second.ranges[port][store] = made;
}

/* Q99: from the store that is named, or from both; what is deleted from the persistent one is deleted at once. */
static void take_out(unsigned number, unsigned first, unsigned count, unsigned store) {
    bool stays = store == NETSH_ACTIVE && second.store == Q99_NAMED_ONE && is_in(number, NETSH_PERSISTENT);
    unsigned lowest = PORTS, end = 0;
    for (unsigned port = 0; port < PORTS; port++)
        for (unsigned i = 0; i < STORES; i++) {
            if (second.ranges[port][i] != number) continue;
            if (port < lowest) lowest = port;
            end = port + 1;
        }
    unsigned from = first > lowest ? first : lowest, to = first + count < end ? first + count : end;
    for (unsigned port = from; port < to; port++) {
        if (second.ranges[port][NETSH_ACTIVE] == number) second.ranges[port][NETSH_ACTIVE] = 0;
        if (!stays && second.ranges[port][NETSH_PERSISTENT] == number) second.ranges[port][NETSH_PERSISTENT] = 0;
    }
    second.parts_gone += from > lowest || to < end;
    second.halves += stays;
    split_off(number, lowest, from); /* what is left on either side is a range of its own */
    split_off(number, to, end);
}

static uint32_t wanted_delete(unsigned first, unsigned count, unsigned store) {
    unsigned number = exact(first, count);
    if (number != 0 && (is_in(number, store) || second.store == Q99_BOTH)) {
        take_out(number, first, count, store);
        return 0;
    }
    bool found = false;
    for (unsigned port = first; port < first + count; port++) found = found || second.ranges[port][store] != 0;
    if (!found || second.part == Q97_AS_MISSING)
        return second.missing == Q96_NOT_FOUND ? ERROR_NOT_FOUND : ERROR_FILE_NOT_FOUND;
    for (unsigned port = first; port < first + count; port++)
        if (second.ranges[port][store] != 0) take_out(second.ranges[port][store], first, count, store);
    return 0;
}

/* Only what is stored comes back. */
static void wanted_restart(void) {
    for (unsigned port = 0; port < PORTS; port++)
        second.ranges[port][NETSH_ACTIVE] = second.ranges[port][NETSH_PERSISTENT];
}

static struct shown wanted_show(unsigned port, unsigned store) {
    struct shown shown = { NETSH_ROW_NONE, 0, 0 };
    unsigned number = second.ranges[port][store];
    if (number == 0) return shown;
    shown.row = NETSH_ROW_ADMINISTERED;
    for (unsigned i = PORTS; i-- > 0;)
        if (second.ranges[i][store] == number) shown.first = BASE + i, shown.count++;
    return shown;
}

/* --- both --------------------------------------------------------------------------------------------------------- */

static void compare(struct machine *m) {
    for (unsigned store = 0; store < STORES; store++)
        for (unsigned port = 0; port < PORTS; port++) {
            struct shown wanted = wanted_show(port, store);
            struct shown shown = show_range(m, PROTOCOL_TCP, BASE + port, (enum netsh_store)store);
            same("a row", shown.row, wanted.row);
            same("its first port", shown.first, wanted.first);
            same("its length", shown.count, wanted.count);
        }
    same("a row of UDP", show_range(m, PROTOCOL_UDP, BASE + roll(PORTS), NETSH_ACTIVE).row, NETSH_ROW_NONE);
}

/* The machine as it is asked by a socket: what is in effect refuses a reservation. */
static void ask_for_a_port(struct machine *m) {
    struct grant grant;
    unsigned port = roll(PORTS);
    uint64_t s = tcp(m);
    uint32_t error = acquire(m, s, BASE + port, 1, &grant);
    same("ACQUIRE", error, second.ranges[port][NETSH_ACTIVE] != 0 ? WSAEADDRINUSE : 0);
    expect_ok(close_socket(m, s));
}

static void command(struct machine *m) {
    enum netsh_store store = (enum netsh_store)roll(STORES);
    unsigned count = 1 + roll(LONGEST), first = roll(PORTS - count + 1);
    switch (roll(8)) {
    case 0:
    case 1:
    case 2:
        if (ranges_in_use() >= RANGES_MAX) break; /* a full store is another test's */
        uint32_t error = add_range(m, BASE + first, count, store);
        second.refused += error != 0;
        same("add", error, wanted_add(first, count, store));
        break;
    case 3:
        wanted_restart();
        restart(m);
        break;
    case 4: ask_for_a_port(m); break;
    default:
        if (roll(2) == 0) { /* exactly a range */
            struct shown shown = wanted_show(first, (unsigned)store);
            if (shown.count > 0) first = shown.first - BASE, count = shown.count;
        }
        same("delete", delete_range(m, BASE + first, count, store), wanted_delete(first, count, store));
        break;
    }
}

static void both_say_the_same(void) {
    unsigned failures = CU_get_number_of_failures();
    for (unsigned walk = 0; walk < WALKS && CU_get_number_of_failures() == failures; walk++) {
        struct machine m;
        unsigned refused = second.refused, parts = second.parts_gone, halves = second.halves;
        memset(&second, 0, sizeof second);
        second.refused = refused, second.parts_gone = parts, second.halves = halves;
        second.walk = walk;
        second.dice = (walk + 1) * UINT64_C(0x9E3779B97F4A7C15);
        second.add_again = walk % 3, second.missing = walk / 3 % 2, second.part = walk / 6 % 2,
        second.store = walk / 12 % 2;
        machine_with_reading(&m, Q94_NETSH_ADD_AGAIN, second.add_again);
        also_read(&m, Q96_NETSH_DELETE_MISSING, second.missing);
        also_read(&m, Q97_NETSH_DELETE_PART, second.part);
        also_read(&m, Q99_NETSH_DELETE_STORE, second.store);
        for (second.command = 0; second.command < COMMANDS && CU_get_number_of_failures() == failures;
             second.command++) {
            command(&m);
            compare(&m);
        }
    }
    CU_ASSERT(second.refused > WALKS);
    CU_ASSERT(second.parts_gone > WALKS);
    CU_ASSERT(second.halves > WALKS / 2);
}

void register_netsh_reference_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/netsh beside a second model", NULL, NULL);
    CU_add_test(suite, "both say the same", both_say_the_same);
}
