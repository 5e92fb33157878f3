#include "conformance/layered/rounds.h"

#include "conformance/layered/events.h"
#include "conformance/layered/pump.h"
#include "conformance/layered/sockets.h"
#include "conformance/layered/transfers.h"

static bool gather(struct lower_watch watches[LOWER_WATCHES_MAX], unsigned *count) {
    bool any = false;
    *count = 0;
    for (unsigned row = 0; row < LAYERED_SOCKETS_MAX; row++) {
        const struct layered_socket *socket = socket_in_row(row);
        if (socket == NULL) continue;
        uint8_t transfers = transfers_wanted(socket);
        uint8_t wanted = (uint8_t)(transfers | (socket->events.selected != 0 ? events_wanted(socket) : 0));
        any = any || transfers != 0 || socket->events.selected != 0;
        if (wanted == 0) continue;
        watches[(*count)++] = (struct lower_watch){ .socket = socket->lower,
                                                    .connecting = socket->phase == PHASE_CONNECTING,
                                                    .wanted = wanted };
    }
    return any;
}

static bool serve(void) {
    bool moved = false;
    for (unsigned row = 0; row < LAYERED_SOCKETS_MAX; row++) {
        struct layered_socket *socket = socket_in_row(row);
        if (socket == NULL) continue;
        if (transfers_serve(socket)) moved = true;
        events_look(socket);
    }
    return moved;
}

void rounds_use(void) { pump_use(&(struct pump_work){ .gather = gather, .serve = serve }); }
