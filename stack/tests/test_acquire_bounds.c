/* SIO_ACQUIRE_PORT_RESERVATION at the bounds of its numbers: the last well-known port, the last port of all, the ends
 * of the range that a wildcard block lies in. */
#include "stack/tests/fixture.h"

void register_acquire_bounds_tests(void);

enum { LOW = 50000, PORTS = 10 };

/* Q14: 65535 is the last port; Q19: 1023 is the last well-known one. Nothing is asked of what stays within. */
static void the_last_ports_of_their_kind(void) {
    static const struct {
        enum question question;
        unsigned candidate, first, count;
        uint32_t error;
        unsigned granted;
    } rows[] = {
        { Q19_BELOW_1024, Q19_ACCES, 1022, 1, WSAEACCES, 0 },  { Q19_BELOW_1024, Q19_ACCES, 1023, 1, WSAEACCES, 0 },
        { Q19_BELOW_1024, Q19_ACCES, 1023, 4, WSAEACCES, 0 },  { Q19_BELOW_1024, Q19_ACCES, 1024, 1, 0, 1 },
        { Q14_PAST_65535, Q14_INVAL, 65535, 1, 0, 1 },         { Q14_PAST_65535, Q14_INVAL, 65534, 2, 0, 2 },
        { Q14_PAST_65535, Q14_INVAL, 65534, 3, WSAEINVAL, 0 }, { Q14_PAST_65535, Q14_INVAL, 65535, 2, WSAEINVAL, 0 },
        { Q14_PAST_65535, Q14_TRUNCATED, 65535, 2, 0, 1 },     { Q14_PAST_65535, Q14_TRUNCATED, 65534, 65535, 0, 2 },
        { Q14_PAST_65535, Q14_TRUNCATED, 65534, 2, 0, 2 },
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine m;
        struct grant grant = { 0 };
        machine_with_reading(&m, rows[i].question, rows[i].candidate);
        expect_error(rows[i].error, acquire(&m, tcp(&m), rows[i].first, rows[i].count, &grant));
        if (rows[i].error != 0) continue;
        CU_ASSERT_EQUAL(grant.first, rows[i].first);
        CU_ASSERT_EQUAL(grant.count, rows[i].granted);
        CU_ASSERT_EQUAL(world_asked(m.world, Q14_PAST_65535), rows[i].granted != rows[i].count);
        CU_ASSERT_FALSE(world_asked(m.world, Q19_BELOW_1024));
    }
}

/* Q17: after the block that was granted last, up to the last port of the range, and then from its first one. */
static void the_next_fit_goes_round(void) {
    struct machine m;
    struct grant grant;
    machine_with_reading(&m, Q17_WILDCARD_PLACEMENT, Q17_NEXT_FIT);
    m.world->dynamic_first[PROTOCOL_TCP] = LOW;
    m.world->dynamic_last[PROTOCOL_TCP] = LOW + PORTS - 1;
    uint64_t s = tcp(&m);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < PORTS; i++) {
            expect_ok(acquire(&m, s, 0, 1, &grant));
            CU_ASSERT_EQUAL(grant.first, LOW + i);
            expect_ok(release(&m, s, grant.token));
        }
    expect_ok(bind_port(&m, tcp(&m), LOW));
    expect_ok(bind_port(&m, tcp(&m), LOW + 1)); /* where it would go on, and after that */
    expect_ok(acquire(&m, s, 0, 1, &grant));
    CU_ASSERT_EQUAL(grant.first, LOW + 2);
    expect_ok(acquire(&m, s, 0, PORTS - 3, &grant));
    CU_ASSERT_EQUAL(grant.first, LOW + 3);
    expect_error(WSAENOBUFS, acquire(&m, s, 0, 1, &grant)); /* Q15, as this profile has it */
}

/* Q5: neither of the two codes without an output has any bytes, at the beginning or ever after. */
static void codes_without_output_return_no_bytes_at_any_time(void) {
    for (unsigned minutes = 0; minutes < 2; minutes++) {
        struct machine m;
        machine_with_reading(&m, Q5_BYTES_WITHOUT_OUTPUT, Q5_ZERO);
        uint64_t acquirer = tcp(&m), s = tcp(&m);
        pass_time(&m, minutes * 60000);
        struct grant grant = granted(&m, acquirer, 0, 1);
        CU_ASSERT_EQUAL(bytes_returned(&m), PORT_INSTANCE_SIZE);
        control_token(&m, s, SIO_ASSOCIATE_PORT_RESERVATION, grant.token);
        expect_ok(perform(&m));
        CU_ASSERT_EQUAL(bytes_returned(&m), 0);
        control_token(&m, acquirer, SIO_RELEASE_PORT_RESERVATION, grant.token);
        expect_ok(perform(&m));
        CU_ASSERT_EQUAL(bytes_returned(&m), 0);
    }
}

void register_acquire_bounds_tests(void) {
    CU_pSuite suite = CU_add_suite("stack/acquire, bounds", NULL, NULL);
    CU_add_test(suite, "the last ports of their kind", the_last_ports_of_their_kind);
    CU_add_test(suite, "codes without output return no bytes", codes_without_output_return_no_bytes_at_any_time);
    CU_add_test(suite, "the next fit goes round", the_next_fit_goes_round);
}
