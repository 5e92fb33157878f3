/* The two call shapes of SIO_ASSOCIATE_PORT_RESERVATION's page: WSAIoctl with nine parameters (ASC-08), WSPIoctl with
 * eleven (ASC-09, PAR-20). compare.sh compiles this file four times, with SHAPES_ONLY: as C and as C++, with the
 * model's headers and with the real ones. A prototype that differs in one type is an error. */
#ifdef _WIN32
#define INCL_WINSOCK_API_TYPEDEFS 1
#include <winsock2.h>
#include <ws2spi.h>
#include <mstcpip.h>
#else
#include "stack/sdk/winsock2.h"
#include "stack/sdk/ws2spi.h"
#include "stack/sdk/mstcpip.h"
#endif

typedef int(WSAAPI *nine_parameters)(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED,
                                     LPWSAOVERLAPPED_COMPLETION_ROUTINE);
typedef int(WSPAPI *eleven_parameters)(SOCKET, DWORD, LPVOID, DWORD, LPVOID, DWORD, LPDWORD, LPWSAOVERLAPPED,
                                       LPWSAOVERLAPPED_COMPLETION_ROUTINE, LPWSATHREADID, LPINT);

/* Neither converts to the other: these hold only if the types are the same. Called as the page writes it. */
static int associate_by_nine(LPFN_WSAIOCTL ioctl, SOCKET s, ULONG64 token) {
    DWORD bytes = 0;
    nine_parameters call = ioctl;
    return call(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof(ULONG64), NULL, 0, &bytes, NULL, NULL);
}

static int associate_by_eleven(const WSPPROC_TABLE *table, SOCKET s, ULONG64 token, LPWSATHREADID thread, LPINT error) {
    DWORD bytes = 0;
    eleven_parameters call = table->lpWSPIoctl;
    return call(s, SIO_ASSOCIATE_PORT_RESERVATION, &token, sizeof(ULONG64), NULL, 0, &bytes, NULL, NULL, thread, error);
}

#ifndef SHAPES_ONLY
#include <CUnit/CUnit.h>
#include <string.h>

/* Whatever is called here returns the token's low bits, if the rest is as the page says. */
static int as_the_page_says(SOCKET s, DWORD code, const void *in, DWORD in_size, const void *out, DWORD out_size,
                            const DWORD *bytes) {
    CU_ASSERT_EQUAL(s, 44);
    CU_ASSERT_EQUAL(code, 0x98000066u);
    CU_ASSERT_EQUAL(in_size, 8);
    CU_ASSERT_PTR_NULL(out);
    CU_ASSERT_EQUAL(out_size, 0);
    CU_ASSERT_PTR_NOT_NULL(bytes);
    ULONG64 token = 0;
    memcpy(&token, in, sizeof token);
    return (int)token;
}

static int WSAAPI nine(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                       LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    CU_ASSERT_PTR_NULL(overlapped);
    CU_ASSERT_TRUE(routine == NULL);
    return as_the_page_says(s, code, in, in_size, out, out_size, bytes);
}

static int WSPAPI eleven(SOCKET s, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD bytes,
                         LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread,
                         LPINT error) {
    CU_ASSERT_PTR_NULL(overlapped);
    CU_ASSERT_TRUE(routine == NULL);
    CU_ASSERT_EQUAL(thread->Reserved, 7);
    *error = WSAEINVAL;
    return as_the_page_says(s, code, in, in_size, out, out_size, bytes);
}

static void test_wsaioctl_takes_nine_parameters(void) { CU_ASSERT_EQUAL(associate_by_nine(nine, 44, 0x1234), 0x1234); }

static void test_wspioctl_takes_the_thread_and_a_place_for_the_error_as_well(void) {
    WSPPROC_TABLE table;
    WSATHREADID thread;
    int error = 0;
    memset(&table, 0, sizeof table);
    memset(&thread, 0, sizeof thread);
    table.lpWSPIoctl = eleven;
    thread.Reserved = 7;
    CU_ASSERT_EQUAL(associate_by_eleven(&table, 44, 0x1234, &thread, &error), 0x1234);
    CU_ASSERT_EQUAL(error, WSAEINVAL);
}

void register_call_shapes_tests(void);
void register_call_shapes_tests(void) {
    CU_pSuite suite = CU_add_suite("call shapes", NULL, NULL);
    CU_ADD_TEST(suite, test_wsaioctl_takes_nine_parameters);
    CU_ADD_TEST(suite, test_wspioctl_takes_the_thread_and_a_place_for_the_error_as_well);
}
#endif
