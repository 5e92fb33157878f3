/* soak_links RUNS: conversations of two modelled machines over links that lose, repeat, damage and delay packets and
 * are cut, one for each seed from 1 to RUNS. Every byte has to arrive once and in order, or a program learns of an
 * error; the invariants are checked after every step. Exit status: 0; 1 a run went wrong, with its seed; 2 usage. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/link/tests/conversation.h"
#include "stack/errors.h"

struct tally {
    uint64_t whole, timed_out, reset, aborted, never_met;
    uint64_t bytes, virtual_s;
    struct network_counts packets;
};

static void count(struct tally *tally, const struct conversation *held) {
    bool failed = false;
    for (unsigned i = 0; i < SPEAKERS; i++) {
        tally->timed_out += held->errors[i] == WSAETIMEDOUT;
        tally->reset += held->errors[i] == WSAECONNRESET;
        tally->aborted += held->errors[i] == WSAECONNABORTED;
        tally->bytes += held->heard[i];
        failed = failed || held->errors[i] != 0;
    }
    tally->whole += !failed;
    tally->never_met += !held->met;
    tally->virtual_s += held->took_ns / 1000000000u;
    tally->packets.sent += held->counts.sent;
    tally->packets.lost += held->counts.lost;
    tally->packets.repeated += held->counts.repeated;
    tally->packets.overtaken += held->counts.overtaken;
    tally->packets.damaged += held->counts.damaged;
}

static void print(const struct tally *tally, uint64_t runs) {
    printf("  %" PRIu64 " conversations: %" PRIu64 " whole, %" PRIu64 " in which no one was met\n", runs, tally->whole,
           tally->never_met);
    printf("  errors that programs saw: WSAETIMEDOUT %" PRIu64 ", WSAECONNRESET %" PRIu64 ", WSAECONNABORTED %" PRIu64
           "\n",
           tally->timed_out, tally->reset, tally->aborted);
    printf("  %" PRIu64 " packets sent: %" PRIu64 " lost, %" PRIu64 " repeated, %" PRIu64 " overtaken, %" PRIu64
           " damaged\n",
           tally->packets.sent, tally->packets.lost, tally->packets.repeated, tally->packets.overtaken,
           tally->packets.damaged);
    printf("  %" PRIu64 " bytes arrived, in %" PRIu64 " virtual hours\n", tally->bytes, tally->virtual_s / 3600);
}

int main(int count_given, char **given) {
    uint64_t runs = count_given == 2 ? strtoull(given[1], NULL, 10) : 0;
    struct tally tally = { 0 };
    if (runs == 0) {
        fprintf(stderr, "usage: soak_links RUNS, such as soak_links 10000\n");
        return 2;
    }
    for (uint64_t seed = 1; seed <= runs; seed++) {
        struct conversation_plan plan = conversation_drawn(seed);
        struct conversation held = conversation_hold(&plan, NULL);
        const char *broken = conversation_check(&held, &plan);
        if (broken != NULL) {
            printf("  seed %" PRIu64 ": %s\n", seed, broken);
            return 1;
        }
        count(&tally, &held);
    }
    print(&tally, runs);
    return 0;
}
