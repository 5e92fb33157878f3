#include "conformance/stage/stage_exclusions.h"

#include <assert.h>
#include <stdio.h>

#include "conformance/base/reason.h"
#include "conformance/session/executor.h"
#include "stack/ports/exclusions.h"
#include "stack/ports/pool.h"
#include "stack/ports/port_store.h"
#include "stack/model/model.h"

enum { LINES_MAX = 64 }; /* of a scenario (language.md) */

static enum protocol protocol_of(const struct world_line *line) {
    assert(line->kind == WORLD_EXCLUSION);
    assert(line->first <= line->last && line->last < PORTS_END);
    return line->transport == TRANSPORT_UDP ? PROTOCOL_UDP : PROTOCOL_TCP;
}

static bool is_for_the_store(const struct world_line *line) {
    return line->kind == WORLD_EXCLUSION && line->administered && !line->active;
}

static bool overlaps_administered(const struct world *world, const struct world_line *line) {
    if (!line->administered) return false;
    unsigned found = exclusion_overlapping(world, protocol_of(line), line->first, line->last, 0);
    while (found != NO_ROW && !world_exclusion_at(world, found)->administered)
        found = exclusion_overlapping(world, protocol_of(line), line->first, line->last, found + 1);
    return found != NO_ROW;
}

static bool refuse(struct reason *reason, const char *text) {
    reason_set(reason, "world exclusion: %s", text);
    return false;
}

bool stage_exclude(struct world *world, const struct world_line *line, struct reason *reason) {
    enum protocol protocol = protocol_of(line);
    bool stores = is_for_the_store(line);
    unsigned row = line->administered ? exclusion_exact(world, protocol, line->first, line->last) : (unsigned)NO_ROW;
    if (row != NO_ROW && world_exclusion(world, row)->stored == stores) return true;
    if (row != NO_ROW || overlaps_administered(world, line))
        return refuse(reason, "it overlaps another administered one");
    row = exclusion_add(world, protocol, line->first, line->last, line->administered);
    if (row == NO_ROW || (stores && !port_store_has_room(world, protocol, 1)))
        return refuse(reason, "more of them than the model has room for");
    if (!stores) return true;
    exclusion_change(world, row, EXCLUSION_ACTIVE, true);
    port_store_save(world, NULL, protocol);
    return true;
}

uint64_t stage_exclusions_kept(const struct world *world, const struct scenario *scenario) {
    uint64_t kept = 0;
    assert(scenario->world_lines_count <= LINES_MAX);
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *line = &scenario->world_lines[i];
        if (!is_for_the_store(line)) continue;
        bool there = exclusion_exact(world, protocol_of(line), line->first, line->last) != NO_ROW;
        kept |= (uint64_t)there << i;
    }
    return kept;
}

void stage_exclusions_withdraw(struct world *world, const struct scenario *scenario, uint64_t kept) {
    assert(scenario->world_lines_count <= LINES_MAX);
    if (world->power == POWER_LOST) return;
    if (world->power == POWER_FAILING)
        model_power_fails(world, false); /* the scenario is over, and with it the fault */
    for (uint32_t i = 0; i < scenario->world_lines_count; i++) {
        const struct world_line *line = &scenario->world_lines[i];
        if (!is_for_the_store(line) || (kept >> i & 1) != 0) continue;
        unsigned row = exclusion_exact(world, protocol_of(line), line->first, line->last);
        if (row == NO_ROW || !world_exclusion(world, row)->stored) continue;
        exclusion_change(world, row, EXCLUSION_FREE, false);
        port_store_save(world, NULL, protocol_of(line));
    }
}
