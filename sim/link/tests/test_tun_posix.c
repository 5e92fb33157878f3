/* The kernel as a peer: the modelled machine and Linux's TCP and UDP talk through a TUN device, in a network namespace
 * that the test makes. Four mebibytes pass each way, byte for byte, whoever connects and whoever closes first, also
 * over a link that loses packets and lets some overtake others. */
#define _GNU_SOURCE

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CUnit/CUnit.h>

#include "sim/link/tests/kernel_peer.h"
#include "sim/link/tests/model_peer.h"
#include "sim/link/tun.h"

void register_tun_tests(void);

enum { NOT_RUN = 77, WENT_WRONG = 1, SECONDS_MAX = 120 };

struct encounter {
    enum peer_role model_role; /* what the model does; the kernel does the other */
    bool datagrams;
    bool model_closes_first;
    struct link_faults faults;
    uint32_t bytes;
};

/* In a namespace of its own: the device, the kernel's end in one process, the model's in another. An exit status. */
static int meet(const struct encounter *encounter) {
    static const uint8_t kernel[4] = { 10, 77, 0, 1 };
    if (unshare(CLONE_NEWNET) != 0) return NOT_RUN;
    int device = tun_open(kernel);
    if (device < 0)
        return errno == EPERM || errno == EACCES || errno == ENOENT || errno == ENODEV ? NOT_RUN : WENT_WRONG;
    struct peer_task task = { .bytes = encounter->bytes, .datagrams = encounter->datagrams };
    pid_t other = fork();
    if (other < 0) return WENT_WRONG;
    if (other == 0) {
        task.role = encounter->model_role == PEER_CONNECTS ? PEER_LISTENS : PEER_CONNECTS;
        task.closes_first = !encounter->model_closes_first;
        _exit(kernel_peer_run(&task) ? 0 : WENT_WRONG);
    }
    task.role = encounter->model_role;
    task.closes_first = encounter->model_closes_first;
    bool good = model_peer_run(&task, device, &encounter->faults);
    int status = 0;
    if (!good) kill(other, SIGKILL);
    waitpid(other, &status, 0);
    return good && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : WENT_WRONG;
}

static void expect_a_good_talk(const struct encounter *encounter) {
    fflush(NULL);
    pid_t child = fork();
    CU_ASSERT_FATAL(child >= 0);
    if (child == 0) {
        alarm(SECONDS_MAX);
        _exit(meet(encounter));
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_RUN) {
        printf("\n    not run: this needs root, /dev/net/tun and network namespaces");
        return;
    }
    CU_ASSERT(WIFEXITED(status));
    CU_ASSERT_EQUAL(WEXITSTATUS(status), 0);
}

enum { MEBIBYTE = 1 << 20 };

static void the_kernel_connects_to_the_model(void) {
    const struct encounter encounter = { .model_role = PEER_LISTENS,
                                         .bytes = 4 * MEBIBYTE,
                                         .model_closes_first = true };
    expect_a_good_talk(&encounter);
}

static void the_model_connects_to_the_kernel(void) {
    const struct encounter encounter = { .model_role = PEER_CONNECTS, .bytes = 4 * MEBIBYTE };
    expect_a_good_talk(&encounter);
}

static void a_link_that_loses_delivers_all_the_same(void) {
    struct encounter encounter = { .model_role = PEER_LISTENS,
                                   .bytes = 4 * MEBIBYTE,
                                   .faults = { .lost = 5, .overtaken = 10 } };
    expect_a_good_talk(&encounter);
    encounter.model_role = PEER_CONNECTS;
    encounter.model_closes_first = true;
    expect_a_good_talk(&encounter);
}

/* Of those that are lost the program says the same again. */
static void datagrams_come_back(void) {
    struct encounter encounter = { .model_role = PEER_LISTENS, .datagrams = true, .bytes = 200 };
    expect_a_good_talk(&encounter);
    encounter.faults = (struct link_faults){ .lost = 20, .overtaken = 10 };
    expect_a_good_talk(&encounter);
}

void register_tun_tests(void) {
    CU_pSuite suite = CU_add_suite("the kernel as a peer", NULL, NULL);
    CU_add_test(suite, "the kernel connects to the model", the_kernel_connects_to_the_model);
    CU_add_test(suite, "the model connects to the kernel", the_model_connects_to_the_kernel);
    CU_add_test(suite, "a link that loses delivers all the same", a_link_that_loses_delivers_all_the_same);
    CU_add_test(suite, "datagrams come back", datagrams_come_back);
}
