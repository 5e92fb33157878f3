#include "conformance/session/session_addresses.h"

#include <assert.h>

_Static_assert(OBJECT_ADDRESSES + NAMES_MAX * PAGE_STRIDE < ROUTINE_ADDRESS, "pages of names do not meet the routine");

static int name_of_page(uint64_t address, uint64_t base, uint32_t *offset) {
    assert(offset != NULL);
    assert(base % PAGE_STRIDE == 0);
    if (address < base || address >= base + (uint64_t)NAMES_MAX * PAGE_STRIDE) return NO_NAME;
    *offset = (uint32_t)(address % PAGE_STRIDE);
    return (int)((address - base) / PAGE_STRIDE);
}

int session_object_at(uint64_t address, uint32_t *offset) { return name_of_page(address, OBJECT_ADDRESSES, offset); }

int session_output_at(uint64_t address, uint32_t *offset) { return name_of_page(address, OUTPUT_ADDRESSES, offset); }
