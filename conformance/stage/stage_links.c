#include "conformance/stage/stage_links.h"

#include <assert.h>

#include "stack/model/model.h"

enum { FLIGHTS = 64 }; /* packets under way on all links together; more are lost, as where a queue is full */

_Static_assert((int)MACHINES_MAX <= (int)NETWORK_MACHINES_MAX && (int)LINKS_MAX <= (int)NETWORK_LINKS_MAX,
               "what the language allows has room in a network");
_Static_assert((int)LINK_SHARES == (int)LINK_DRAWS, "shares of packets are what a link draws from");
_Static_assert((int)MACHINE_ADDRESSES_MAX <= (int)OWN_ADDRESSES_MAX, "a machine has room for its addresses");

struct network_limits stage_network_limits(const struct scenario *scenario, const struct world_limits *machine) {
    assert(scenario->machines_count > 0 && machine->packets > 0);
    return (struct network_limits){ .machine = *machine,
                                    .machines = (uint16_t)scenario->machines_count,
                                    .flights = FLIGHTS };
}

static bool is_said(const struct link_settings_said *said, enum link_setting setting) {
    return (said->said >> setting & 1) != 0;
}

void stage_set_link(struct network *network, unsigned link, const struct link_settings_said *said) {
    assert(network != NULL && link < network->links_count);
    struct link_settings settings = network->links[link].settings;
    const uint64_t *values = said->values;
    if (is_said(said, LINK_DELAY)) settings.delay_ns = values[LINK_DELAY];
    if (is_said(said, LINK_RATE)) settings.bits_per_second = values[LINK_RATE];
    if (is_said(said, LINK_LATE)) settings.late_ns = values[LINK_LATE];
    if (is_said(said, LINK_LOSS)) settings.lost = (uint32_t)values[LINK_LOSS];
    if (is_said(said, LINK_DUPLICATE)) settings.repeated = (uint32_t)values[LINK_DUPLICATE];
    if (is_said(said, LINK_REORDER)) settings.overtaken = (uint32_t)values[LINK_REORDER];
    if (is_said(said, LINK_CORRUPT)) settings.damaged = (uint32_t)values[LINK_CORRUPT];
    if (is_said(said, LINK_PARTITION)) settings.cut = (uint8_t)values[LINK_PARTITION];
    network_set(network, link, &settings);
}

void stage_join(struct network *network, const struct scenario *scenario) {
    const struct link_settings at_once = { 0 };
    for (unsigned i = 0; i < scenario->machines_count; i++) {
        const struct machine_line *line = &scenario->machines[i];
        for (unsigned k = 0; k < line->addresses_count; k++) {
            unsigned family = line->addresses[k]->bytes_count == 4 ? 4 : 6;
            bool added = model_add_address(network_machine(network, i), family, line->addresses[k]->bytes);
            assert(added);
            (void)added;
        }
        if (line->bare) network_make_bare(network, i);
    }
    for (unsigned i = 0; i < scenario->links_count; i++) {
        const struct link_line *line = &scenario->links[i];
        unsigned link = network_join(network, (unsigned)line->machines[0], (unsigned)line->machines[1], &at_once);
        assert(link == i);
        stage_set_link(network, link, &line->settings);
    }
}
