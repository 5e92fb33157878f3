#include "sim/memory/pages.h"

#include <assert.h>
#include <stdbool.h>
#include <windows.h>

void *pages_create(size_t good, size_t bad) {
    assert(good % PAGE_BYTES == 0 && bad % PAGE_BYTES == 0 && good + bad > 0);
    void *pages = VirtualAlloc(NULL, good + bad, MEM_RESERVE, PAGE_NOACCESS);
    assert(pages != NULL);
    if (good == 0) return pages;
    void *committed = VirtualAlloc(pages, good, MEM_COMMIT, PAGE_READWRITE);
    assert(committed == pages);
    (void)committed;
    return pages;
}

void pages_free(void *pages, size_t size) {
    (void)size;
    VirtualFree(pages, 0, MEM_RELEASE);
}

enum { WRITABLE = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY };

static uint32_t there(uint64_t address, uint32_t wanted, bool written) {
    uint64_t end = address;
    while (end - address < wanted) {
        MEMORY_BASIC_INFORMATION region;
        if (VirtualQuery((const void *)(uintptr_t)end, &region, sizeof region) == 0) break;
        bool present = region.State == MEM_COMMIT && (region.Protect & (PAGE_NOACCESS | PAGE_GUARD)) == 0;
        if (!present || (written && (region.Protect & WRITABLE) == 0)) break;
        end = (uint64_t)(uintptr_t)region.BaseAddress + region.RegionSize;
    }
    return end - address < wanted ? (uint32_t)(end - address) : wanted;
}

uint32_t pages_readable(uint64_t address, uint32_t wanted) { return there(address, wanted, false); }
uint32_t pages_writable(uint64_t address, uint32_t wanted) { return there(address, wanted, true); }
