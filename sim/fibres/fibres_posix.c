#define _GNU_SOURCE /* MAP_ANONYMOUS, MAP_STACK, dl_iterate_phdr */

#include "sim/fibres/fibres.h"

#include <assert.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096, GUARD_BYTES = 16 * PAGE_BYTES };

/* What C++ keeps of exceptions: those that are handled, and how many are on their way. */
struct exceptions {
    void *caught;
    unsigned uncaught;
};

struct fibre {
    void *stack_pointer; /* while it does not run */
    uint8_t *pages;      /* guard pages and stack; NULL: the stack of the thread itself */
    size_t stack_bytes;
    void (*entry)(void *context);
    void *entry_context;
    int error;
    uint8_t *variables; /* thread-local variables while it does not run */
    struct exceptions exceptions;
    void *fake_stack; /* the sanitizer's */
    const void *sanitizer_bottom;
    size_t sanitizer_bytes;
};

static struct fibre *running;
static struct fibre *came_from;

/* --- what others keep of a thread, where the program has them ----------------------------------------------------- */

void __sanitizer_start_switch_fiber(void **fake_stack, const void *bottom, size_t bytes) __attribute__((weak));
void __sanitizer_finish_switch_fiber(void *fake_stack, const void **bottom, size_t *bytes) __attribute__((weak));
struct exceptions *__cxa_get_globals(void) __attribute__((weak));

/* The executable's thread-local variables: where they are, how many bytes, and what they begin with. */
static struct {
    bool known;
    uint8_t *here;
    size_t bytes, initial_bytes;
    const uint8_t *initial;
} variables;

static bool lies_in(uintptr_t address, uintptr_t first, size_t bytes) {
    return address >= first && address - first < bytes;
}

/* The executable is the first object; the others' variables stay with the thread. So do its own where the C library or
 * the sanitizer is part of it: theirs are among them. */
static int look_at_executable(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size, (void)context;
    uintptr_t sanitizer = (uintptr_t)__sanitizer_start_switch_fiber;
    bool others = false;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t first = info->dlpi_addr + header->p_vaddr;
        if (header->p_type == PT_LOAD && lies_in(sanitizer, first, header->p_memsz)) others = true;
        if (header->p_type != PT_TLS || info->dlpi_tls_data == NULL) continue;
        variables.here = info->dlpi_tls_data;
        variables.bytes = header->p_memsz;
        variables.initial_bytes = header->p_filesz;
        variables.initial = (const uint8_t *)first;
        if (lies_in((uintptr_t)&errno, (uintptr_t)variables.here, variables.bytes)) others = true;
    }
    if (others) variables.bytes = 0;
    return 1;
}

static bool make_variables(struct fibre *fibre) {
    if (!variables.known) dl_iterate_phdr(look_at_executable, NULL);
    variables.known = true;
    if (variables.bytes == 0) return true;
    fibre->variables = calloc(1, variables.bytes);
    if (fibre->variables == NULL) return false;
    memcpy(fibre->variables, variables.initial, variables.initial_bytes);
    return true;
}

static void keep_thread(struct fibre *fibre) {
    fibre->error = errno;
    if (fibre->variables != NULL) memcpy(fibre->variables, variables.here, variables.bytes);
    if (__cxa_get_globals != NULL) fibre->exceptions = *__cxa_get_globals();
}

static void restore_thread(const struct fibre *fibre) {
    if (fibre->variables != NULL) memcpy(variables.here, fibre->variables, variables.bytes);
    if (__cxa_get_globals != NULL) *__cxa_get_globals() = fibre->exceptions;
    errno = fibre->error;
}

/* --- changing stacks ---------------------------------------------------------------------------------------------- */

/* Leaves what a called function has to preserve on the stack, stores where, and continues with another stack that was
 * left so. Ours, because the C library's swapcontext() asks the kernel each time, and because the address sanitizer
 * warns of it. */
#ifndef __x86_64__
#error "fibres are for x86-64"
#endif
void change_stack(void **from, void *to) __asm__("fibre_change_stack");
__asm__(".text\n"
        "fibre_change_stack:\n\t"
        "pushq %rbp\n\tpushq %rbx\n\tpushq %r12\n\tpushq %r13\n\tpushq %r14\n\tpushq %r15\n\t"
        "subq $8, %rsp\n\tstmxcsr (%rsp)\n\tfnstcw 4(%rsp)\n\t"
        "movq %rsp, (%rdi)\n\t"
        "movq %rsi, %rsp\n\t"
        "ldmxcsr (%rsp)\n\tfldcw 4(%rsp)\n\taddq $8, %rsp\n\t"
        "popq %r15\n\tpopq %r14\n\tpopq %r13\n\tpopq %r12\n\tpopq %rbx\n\tpopq %rbp\n\t"
        "ret\n");

/* The first thing on the stack that was changed to. */
static void arrived(void) {
    const void *bottom = NULL;
    size_t bytes = 0;
    if (__sanitizer_finish_switch_fiber != NULL) __sanitizer_finish_switch_fiber(running->fake_stack, &bottom, &bytes);
    if (came_from != NULL && came_from->sanitizer_bottom == NULL) { /* the thread's own stack, which we did not make */
        came_from->sanitizer_bottom = bottom;
        came_from->sanitizer_bytes = bytes;
    }
    restore_thread(running);
}

/* What was kept of the thread with one fibre goes on with another. */
static void give_thread(struct fibre *from, struct fibre *to) {
    uint8_t *others = to->variables;
    to->variables = from->variables;
    from->variables = others;
    to->error = from->error;
}

enum change { SAME_THREAD, OTHER_THREAD, FOR_GOOD };

static void change_to(struct fibre *to, enum change change) {
    struct fibre *self = running;
    bool for_good = change == FOR_GOOD;
    keep_thread(self);
    if (change == SAME_THREAD) give_thread(self, to);
    if (__sanitizer_start_switch_fiber != NULL)
        __sanitizer_start_switch_fiber(for_good ? NULL : &self->fake_stack, to->sanitizer_bottom, to->sanitizer_bytes);
    came_from = self;
    running = to;
    change_stack(&self->stack_pointer, to->stack_pointer);
    arrived();
}

void fibre_switch(struct fibre *to) {
    assert(running != NULL && to != running);
    change_to(to, OTHER_THREAD);
}

void fibre_switch_within_thread(struct fibre *to) {
    assert(running != NULL && to != running);
    change_to(to, SAME_THREAD);
}

_Noreturn void fibre_leave(struct fibre *to) {
    assert(running != NULL && to != running);
    change_to(to, FOR_GOOD);
    abort(); /* no one comes back here */
}

static void begin(void) {
    arrived();
    running->entry(running->entry_context);
    abort(); /* it left */
}

struct fibre *fibre_adopt(void) {
    assert(running == NULL);
    struct fibre *fibre = calloc(1, sizeof *fibre);
    if (fibre == NULL) return NULL;
    if (!make_variables(fibre)) {
        free(fibre);
        return NULL;
    }
    running = fibre;
    return fibre;
}

static bool make_stack(struct fibre *fibre, size_t stack_bytes) {
    fibre->stack_bytes = (stack_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE;
    void *pages = mmap(NULL, GUARD_BYTES + fibre->stack_bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (pages == MAP_FAILED) return false;
    fibre->pages = pages;
    return mprotect(pages, GUARD_BYTES, PROT_NONE) == 0;
}

/* What change_stack() takes from a stack that was never left: registers, and where to begin. */
struct first_frame {
    uint32_t vector_control;
    uint32_t real_control;
    uint64_t registers[6];
    void (*begin)(void);
    uint64_t nowhere; /* what begin() would return to */
};

static void make_frame(struct fibre *fibre) {
    uint8_t *end = fibre->pages + GUARD_BYTES + fibre->stack_bytes;
    struct first_frame *frame = (struct first_frame *)(void *)(end - sizeof *frame);
    *frame = (struct first_frame){ .begin = begin };
    __asm__("stmxcsr %0\n\tfnstcw %1" : "=m"(frame->vector_control), "=m"(frame->real_control));
    fibre->stack_pointer = frame;
}

struct fibre *fibre_create(size_t stack_bytes, void (*entry)(void *context), void *context) {
    struct fibre *fibre = calloc(1, sizeof *fibre);
    if (fibre == NULL) return NULL;
    if (!make_variables(fibre) || !make_stack(fibre, stack_bytes)) {
        fibre_destroy(fibre);
        return NULL;
    }
    fibre->entry = entry;
    fibre->entry_context = context;
    fibre->sanitizer_bottom = fibre->pages + GUARD_BYTES;
    fibre->sanitizer_bytes = fibre->stack_bytes;
    make_frame(fibre);
    return fibre;
}

void fibre_destroy(struct fibre *fibre) {
    if (fibre == NULL) return;
    assert(fibre != running);
    if (came_from == fibre) came_from = NULL;
    if (fibre->pages != NULL) munmap(fibre->pages, GUARD_BYTES + fibre->stack_bytes);
    free(fibre->variables);
    free(fibre);
}

bool fibre_guards(const struct fibre *fibre, uintptr_t address) {
    uintptr_t first = (uintptr_t)fibre->pages;
    return first != 0 && address >= first && address < first + GUARD_BYTES;
}
