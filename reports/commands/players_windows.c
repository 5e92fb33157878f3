#include "reports/commands/players.h"

#include <assert.h>

/* On Windows no host can be driven (host_process.h). */
unsigned players_number(void) { return 0; }

struct players *players_begin(struct run_plan *plan, const struct scenario_set *set,
                              const struct players_wanted *wanted, struct reason *reason) {
    (void)plan, (void)set, (void)wanted;
    reason_set(reason, "that cannot be done on Windows");
    return NULL;
}

void players_end(struct players *players) {
    assert(players == NULL);
    (void)players;
}

bool players_play(const struct run_plan *plan, const struct scenario_set *set) {
    (void)plan, (void)set;
    return false;
}
