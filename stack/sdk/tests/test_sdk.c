/* The SDK's names as programs see them: layouts are those of 64-bit Windows, and both families of names are there at
 * once. */
#include <CUnit/CUnit.h>
#include <stddef.h>

#include "stack/call/call.h"
#include "stack/sdk/mstcpip.h"
#include "stack/sdk/mswsock.h"
#include "stack/sdk/windows.h"
#include "stack/sdk/winsock2.h"
#include "stack/sdk/ws2spi.h"
#include "stack/sdk/ws2tcpip.h"

#define IS_64_BIT (sizeof(void *) == 8)
#define TYPE(name, bytes) _Static_assert(!IS_64_BIT || sizeof(name) == bytes, "the size of " #name);
#define SIZE(name, bytes) _Static_assert(!IS_64_BIT || sizeof(name) == bytes, "the size of " #name);
#define FIELD(type, member, offset) _Static_assert(!IS_64_BIT || offsetof(type, member) == offset, #type "." #member);
#include "stack/sdk/layouts.def"
#undef TYPE
#undef SIZE
#undef FIELD

/* Records of calls describe the same memory. */
_Static_assert(!IS_64_BIT || sizeof(OVERLAPPED) == OVERLAPPED_SIZE, "OVERLAPPED");
_Static_assert(!IS_64_BIT || offsetof(OVERLAPPED, Internal) == OVERLAPPED_INTERNAL, "Internal");
_Static_assert(sizeof(WSAPROTOCOL_INFOW) == PROTOCOL_INFO_SIZE, "WSAPROTOCOL_INFOW");
_Static_assert(sizeof(struct sockaddr_in) == SOCKADDR_IN_SIZE, "sockaddr_in");
_Static_assert(sizeof(struct sockaddr_in6) == SOCKADDR_IN6_SIZE, "sockaddr_in6");

/* StartPort is in network order: the bytes of a program's structure are those of a record. */
static void test_the_members_of_an_instance_are_its_own(void) {
    INET_PORT_RESERVATION_INSTANCE instance = { .StartPort = 0x5000, .NumberOfPorts = 3, .Token = 0x1122334455667788 };
    const uint8_t *bytes = (const uint8_t *)&instance;
    CU_ASSERT_EQUAL(load_u16_network(bytes), 0x50);
    CU_ASSERT_EQUAL(load_u16(bytes + 2), 3);
    CU_ASSERT_EQUAL(load_u64(bytes + offsetof(INET_PORT_RESERVATION_INSTANCE, Token)), 0x1122334455667788);
}

static void test_invalid_handles_are_all_ones(void) {
    CU_ASSERT_EQUAL(INVALID_SOCKET, UINTPTR_MAX);
    CU_ASSERT_EQUAL((uintptr_t)INVALID_HANDLE_VALUE, UINTPTR_MAX);
}

static void test_an_option_that_excludes_is_the_complement_of_reuse(void) { CU_ASSERT_EQUAL(SO_EXCLUSIVEADDRUSE, -5); }

void register_sdk_tests(void);
void register_sdk_tests(void) {
    CU_pSuite suite = CU_add_suite("sdk", NULL, NULL);
    CU_ADD_TEST(suite, test_the_members_of_an_instance_are_its_own);
    CU_ADD_TEST(suite, test_invalid_handles_are_all_ones);
    CU_ADD_TEST(suite, test_an_option_that_excludes_is_the_complement_of_reuse);
}
