#include "conformance/layered/pump.h"

#include "conformance/layered/lower.h"

enum { LOOK_MS = 5, PAUSE_MS = 1 };

static bool runs;
static struct pump_work work;

void pump_use(const struct pump_work *given) { work = *given; }

static void pump(void) {
    static struct lower_watch watches[LOWER_WATCHES_MAX];
    unsigned count = 0;
    lower_lock();
    while (work.gather(watches, &count)) {
        lower_unlock();
        if (count == 0 || lower_wait(watches, count, LOOK_MS) < 0) lower_sleep_ms(LOOK_MS);
        lower_lock();
        if (work.serve()) continue;
        lower_unlock();
        lower_sleep_ms(PAUSE_MS); /* what is ready and does not concern us is so at the next look, too */
        lower_lock();
    }
    runs = false;
    lower_unlock();
}

bool pump_begin(void) {
    if (!runs) runs = lower_begin(pump);
    return runs;
}

void pump_end(void) { lower_join(); }
