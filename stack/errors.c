#include "stack/errors.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#define WINSOCK_ROW(name, meaning) { #name, sizeof #name - 1, name, ERROR_FAMILY_WINSOCK, meaning },
#define WIN32_ROW(name, meaning) { #name, sizeof #name - 1, name, ERROR_FAMILY_WIN32, meaning },
#define STATUS_ROW(name, winsock, win32) { #name, sizeof #name - 1, name, ERROR_FAMILY_STATUS, "" },
static const struct error_row rows[] = { WINSOCK_ERRORS(WINSOCK_ROW) WIN32_ERRORS(WIN32_ROW) NT_STATUSES(STATUS_ROW) };

enum { ROWS_COUNT = sizeof rows / sizeof rows[0] };

const struct error_row *error_rows(unsigned *count) {
    assert(count != NULL);
    *count = ROWS_COUNT;
    return rows;
}

const struct error_row *error_named(const char *name, unsigned length) {
    assert(name != NULL);
    for (unsigned i = 0; i < ROWS_COUNT; i++) {
        if (rows[i].name_length == length && memcmp(rows[i].name, name, length) == 0) return &rows[i];
    }
    return NULL;
}

static const char *name_in_family(uint32_t value, enum error_family family) {
    for (unsigned i = 0; i < ROWS_COUNT; i++) {
        if (rows[i].family == family && rows[i].value == value) return rows[i].name;
    }
    return NULL;
}

const char *error_name(uint32_t value, enum error_family family) {
    assert(family <= ERROR_FAMILY_STATUS);
    const char *name = name_in_family(value, family);
    if (name != NULL || family == ERROR_FAMILY_STATUS) return name;
    return name_in_family(value, family == ERROR_FAMILY_WINSOCK ? ERROR_FAMILY_WIN32 : ERROR_FAMILY_WINSOCK);
}

/* How the kernel's statuses surface. */
static const struct translation {
    uint32_t status, winsock, win32;
} translations[] = {
#define STATUS_TRANSLATION(name, winsock, win32) { name, winsock, win32 },
    NT_STATUSES(STATUS_TRANSLATION)
};

static const struct translation *translation_of(uint32_t status) {
    for (unsigned i = 0; i < sizeof translations / sizeof translations[0]; i++) {
        if (translations[i].status == status) return &translations[i];
    }
    return NULL;
}

/* Severity 3 is an error, 2 a warning; both are failures. */
static int status_is_failure(uint32_t status) { return status >> 30 >= 2; }

uint32_t winsock_error_of_status(uint32_t status) {
    const struct translation *row = translation_of(status);
    if (row != NULL) return row->winsock;
    return status_is_failure(status) ? (uint32_t)WSAEINVAL : (uint32_t)NO_ERROR;
}

uint32_t win32_error_of_status(uint32_t status) {
    const struct translation *row = translation_of(status);
    if (row != NULL) return row->win32;
    return status_is_failure(status) ? (uint32_t)ERROR_INVALID_PARAMETER : (uint32_t)NO_ERROR;
}
