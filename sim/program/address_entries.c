/* ntdll: addresses as text (ip2string.h). Statuses, lengths and terminators as the documentation of each function has
 * them. */
#include "sim/program/include/mstcpip.h"

#undef RtlIpv4StringToAddressA
#undef RtlIpv4StringToAddressW
#undef RtlIpv6StringToAddressA
#undef RtlIpv6StringToAddressW

#include "sim/program/address_text.h"
#include "sim/program/threads.h"
#include "sim/memory/utf16.h"

#define TEXT_MAX 80 /* "[", an address, "%" and a scope, "]:" and a port */

/* Where a wide text is longer than an address can be, what follows is not looked at. */
static void narrow(PCWSTR wide, char text[TEXT_MAX]) {
    unsigned i = 0;
    for (; wide[i] != 0 && i < TEXT_MAX - 1; i++) text[i] = wide[i] < 0x80 ? (char)wide[i] : '?';
    text[i] = '\0';
}

static LPWSTR widen(const char *text, LPWSTR wide) {
    while (*text != '\0') *wide++ = (WCHAR)(unsigned char)*text++;
    *wide = 0;
    return wide;
}

/* Stores the text where it fits, and how many characters it has, with its end, in any case. */
static LONG give(const char *written, LPSTR text, LPWSTR wide, PULONG length) {
    threads_enter();
    if (length == NULL) return (LONG)STATUS_INVALID_PARAMETER;
    ULONG needed = (ULONG)strlen(written) + 1;
    bool fits = needed <= *length && (text != NULL || wide != NULL);
    *length = needed;
    if (!fits) return (LONG)STATUS_INVALID_PARAMETER;
    if (text != NULL) strcpy(text, written);
    else widen(written, wide);
    return (LONG)STATUS_SUCCESS;
}

/* --- to text ------------------------------------------------------------------------------------------------------ */

LPSTR RtlIpv4AddressToStringA(const IN_ADDR *address, LPSTR text) {
    threads_enter();
    text_write_v4((const uint8_t *)address, text, 16);
    return text + strlen(text);
}

LPWSTR RtlIpv4AddressToStringW(const IN_ADDR *address, LPWSTR text) {
    char written[16];
    RtlIpv4AddressToStringA(address, written);
    return widen(written, text);
}

LPSTR RtlIpv6AddressToStringA(const IN6_ADDR *address, LPSTR text) {
    threads_enter();
    text_write_v6((const uint8_t *)address, text, 46);
    return text + strlen(text);
}

LPWSTR RtlIpv6AddressToStringW(const IN6_ADDR *address, LPWSTR text) {
    char written[46];
    RtlIpv6AddressToStringA(address, written);
    return widen(written, text);
}

static void write_v4_port(const IN_ADDR *address, USHORT port, char written[TEXT_MAX]) {
    text_write_v4((const uint8_t *)address, written, 16);
    if (port != 0) snprintf(written + strlen(written), 7, ":%u", ntohs(port));
}

/* "[address%scope]:port"; brackets only where a port follows. */
static void write_v6_port(const IN6_ADDR *address, ULONG scope, USHORT port, char written[TEXT_MAX]) {
    char *at = written;
    if (port != 0) *at++ = '[';
    text_write_v6((const uint8_t *)address, at, 46);
    at += strlen(at);
    if (scope != 0) at += snprintf(at, 12, "%%%u", scope);
    if (port != 0) snprintf(at, 9, "]:%u", ntohs(port));
}

LONG RtlIpv4AddressToStringExA(const IN_ADDR *address, USHORT port, LPSTR text, PULONG length) {
    char written[TEXT_MAX];
    write_v4_port(address, port, written);
    return give(written, text, NULL, length);
}

LONG RtlIpv4AddressToStringExW(const IN_ADDR *address, USHORT port, LPWSTR text, PULONG length) {
    char written[TEXT_MAX];
    write_v4_port(address, port, written);
    return give(written, NULL, text, length);
}

LONG RtlIpv6AddressToStringExA(const IN6_ADDR *address, ULONG scope, USHORT port, LPSTR text, PULONG length) {
    char written[TEXT_MAX];
    write_v6_port(address, scope, port, written);
    return give(written, text, NULL, length);
}

LONG RtlIpv6AddressToStringExW(const IN6_ADDR *address, ULONG scope, USHORT port, LPWSTR text, PULONG length) {
    char written[TEXT_MAX];
    write_v6_port(address, scope, port, written);
    return give(written, NULL, text, length);
}

/* --- from text ---------------------------------------------------------------------------------------------------- */

/* Strict: four decimal numbers. Otherwise every form of inet_addr. */
static bool read_v4(const char *text, BOOLEAN strict, uint8_t bytes[4], const char **end) {
    threads_enter();
    return strict ? text_read_v4(text, bytes, end) : text_read_v4_parts(text, bytes, end);
}

LONG RtlIpv4StringToAddressA(PCSTR text, BOOLEAN strict, LPCSTR *terminator, IN_ADDR *address) {
    const char *end = text;
    bool read = read_v4(text, strict, (uint8_t *)address, &end);
    *terminator = end;
    return read ? (LONG)STATUS_SUCCESS : (LONG)STATUS_INVALID_PARAMETER;
}

LONG RtlIpv4StringToAddressW(PCWSTR wide, BOOLEAN strict, LPCWSTR *terminator, IN_ADDR *address) {
    char text[TEXT_MAX];
    LPCSTR end = text;
    narrow(wide, text);
    LONG status = RtlIpv4StringToAddressA(text, strict, &end, address);
    *terminator = wide + (end - text);
    return status;
}

LONG RtlIpv6StringToAddressA(PCSTR text, LPCSTR *terminator, IN6_ADDR *address) {
    const char *end = text;
    threads_enter();
    bool read = text_read_v6(text, (uint8_t *)address, &end);
    *terminator = end;
    return read ? (LONG)STATUS_SUCCESS : (LONG)STATUS_INVALID_PARAMETER;
}

LONG RtlIpv6StringToAddressW(PCWSTR wide, LPCWSTR *terminator, IN6_ADDR *address) {
    char text[TEXT_MAX];
    LPCSTR end = text;
    narrow(wide, text);
    LONG status = RtlIpv6StringToAddressA(text, &end, address);
    *terminator = wide + (end - text);
    return status;
}

LONG RtlIpv4StringToAddressExA(PCSTR text, BOOLEAN strict, IN_ADDR *address, PUSHORT port) {
    const char *end = NULL;
    uint8_t bytes[4];
    uint16_t read = 0;
    if (text == NULL || address == NULL || port == NULL || !read_v4(text, strict, bytes, &end) ||
        !text_read_port(end, &read))
        return (LONG)STATUS_INVALID_PARAMETER;
    memcpy(address, bytes, sizeof bytes);
    *port = read;
    return (LONG)STATUS_SUCCESS;
}

LONG RtlIpv4StringToAddressExW(PCWSTR wide, BOOLEAN strict, IN_ADDR *address, PUSHORT port) {
    char text[TEXT_MAX];
    if (wide == NULL) return (LONG)STATUS_INVALID_PARAMETER;
    narrow(wide, text);
    return RtlIpv4StringToAddressExA(text, strict, address, port);
}

/* The scope after a '%', or none. */
static bool read_scope(const char **text, ULONG *scope) {
    char *end = NULL;
    *scope = 0;
    if (**text != '%') return true;
    if ((*text)[1] < '0' || (*text)[1] > '9') return false;
    unsigned long long value = strtoull(*text + 1, &end, 10);
    *text = end;
    *scope = (ULONG)value;
    return value <= 0xFFFFFFFFu;
}

LONG RtlIpv6StringToAddressExA(PCSTR text, IN6_ADDR *address, PULONG scope, PUSHORT port) {
    uint8_t bytes[16];
    uint16_t read = 0;
    ULONG read_as_scope = 0;
    const char *end = NULL;
    threads_enter();
    if (text == NULL || address == NULL || scope == NULL || port == NULL) return (LONG)STATUS_INVALID_PARAMETER;
    bool in_brackets = text[0] == '[';
    if (!text_read_v6(text + in_brackets, bytes, &end) || !read_scope(&end, &read_as_scope) ||
        (in_brackets && *end++ != ']') || (in_brackets ? !text_read_port(end, &read) : *end != '\0'))
        return (LONG)STATUS_INVALID_PARAMETER;
    memcpy(address, bytes, sizeof bytes);
    *scope = read_as_scope;
    *port = read;
    return (LONG)STATUS_SUCCESS;
}

LONG RtlIpv6StringToAddressExW(PCWSTR wide, IN6_ADDR *address, PULONG scope, PUSHORT port) {
    char text[TEXT_MAX];
    if (wide == NULL) return (LONG)STATUS_INVALID_PARAMETER;
    narrow(wide, text);
    return RtlIpv6StringToAddressExA(text, address, scope, port);
}
