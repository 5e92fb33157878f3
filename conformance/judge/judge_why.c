#include "conformance/judge/judge_why.h"

#include <stdarg.h>
#include <stdio.h>

#include "conformance/session/session_refer.h"
#include "stack/choice.h"

struct explaining {
    const struct judge *judge;
    const struct judged_state *state;
    struct judgement *judgement;
    unsigned protocol;
    unsigned first, last; /* the ports in question */
};

static bool because(const struct explaining *explaining, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(explaining->judgement->why, sizeof explaining->judgement->why, format, arguments);
    va_end(arguments);
    return true;
}

/* The first of the ports in question within first..last, or 0. */
static unsigned common_port(const struct explaining *explaining, unsigned first, unsigned last) {
    if (explaining->last < first || explaining->first > last) return 0;
    return explaining->first > first ? explaining->first : first;
}

static const char *process_name(const struct explaining *explaining, unsigned process) {
    const struct scenario *scenario = explaining->judge->scenario;
    return process < scenario->processes_count ? scenario->processes[process].name : "a process that ended";
}

static bool blame_reservation(const struct explaining *explaining) {
    const struct world *world = explaining->state->world;
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        bool live = row->kind == RESERVATION_RUNTIME || row->kind == RESERVATION_PERSISTENT;
        if (!live || row->protocol != explaining->protocol || row->count == 0) continue;
        unsigned port = common_port(explaining, row->first, row->first + row->count - 1);
        if (port == 0) continue;
        if (row->kind == RESERVATION_PERSISTENT)
            return because(explaining, "%u belongs to the persistent reservation of %u-%u", port, row->first,
                           row->first + row->count - 1);
        unsigned token = session_token_number(&explaining->state->session, row->token);
        if (token == 0)
            return because(explaining, "%u belongs to a reservation of %s", port,
                           process_name(explaining, row->process));
        return because(explaining, "%u belongs to reservation t%u of %s", port, token,
                       process_name(explaining, row->process));
    }
    return false;
}

static bool blame_socket(const struct explaining *explaining) {
    const struct world *world = explaining->state->world;
    for (unsigned i = 0; i < world_top(world, TABLE_SOCKETS); i++) {
        const struct socket_row *row = world_socket_at(world, i);
        if (row->state < SOCKET_BOUND || row->protocol != explaining->protocol ||
            common_port(explaining, row->port, row->port) == 0)
            continue;
        return because(explaining, "%u is bound by a socket of %s", (unsigned)row->port,
                       process_name(explaining, row->process));
    }
    return false;
}

static bool blame_exclusion(const struct explaining *explaining) {
    const struct world *world = explaining->state->world;
    for (unsigned i = 0; i < world_top(world, TABLE_EXCLUSIONS); i++) {
        const struct exclusion *row = world_exclusion_at(world, i);
        unsigned port = row->state == EXCLUSION_ACTIVE && row->protocol == explaining->protocol
                            ? common_port(explaining, row->first, row->last)
                            : 0;
        if (port != 0)
            return because(explaining, "%u is excluded, with %u-%u", port, (unsigned)row->first, (unsigned)row->last);
    }
    return false;
}

static bool blame_token(const struct explaining *explaining, uint64_t token) {
    const struct world *world = explaining->state->world;
    bool of_the_other = false;
    if (token == 0) return because(explaining, "0 is no token");
    for (unsigned i = 0; i < world_top(world, TABLE_RESERVATIONS); i++) {
        const struct reservation *row = world_reservation_at(world, i);
        bool lives = row->kind == RESERVATION_RUNTIME || row->kind == RESERVATION_PERSISTENT;
        of_the_other = of_the_other || (lives && row->token == token && row->protocol != explaining->protocol);
    }
    if (!of_the_other)
        return because(explaining, "the token 0x%llx belongs to another live reservation", (unsigned long long)token);
    return because(explaining, "the token 0x%llx belongs to a live reservation of %s; both have it under Q23=b only",
                   (unsigned long long)token, explaining->protocol == PROTOCOL_TCP ? "UDP" : "TCP");
}

static bool blame_number(const struct explaining *explaining) {
    const struct judgement *judgement = explaining->judgement;
    unsigned long long member = judgement->refused_member, first = judgement->refused_first,
                       last = judgement->refused_last;
    if (judgement->refused_what == CHOICE_TOKEN) return blame_token(explaining, member);
    if (judgement->refused_what == CHOICE_HANDLE) return because(explaining, "the handle %llu is open already", member);
    if (judgement->refused_what == CHOICE_CONNECT_TIME)
        return because(explaining, "the connection has been there for %llu s at least", first);
    if (judgement->refused_what == CHOICE_OPTION)
        return because(explaining, "no option of a machine is beyond %llu", last);
    if (member == 0) return because(explaining, "there is no port 0");
    if (explaining->first < first || explaining->first > last)
        return because(explaining, "%u is outside %llu-%llu, from which it has to be taken", explaining->first, first,
                       last);
    return false;
}

static unsigned exchanged(unsigned port) { return (port >> 8 | port << 8) & UINT16_MAX; }

/* False when nothing in the world is in the way of the number. */
static bool blame(const struct judge *judge, const struct step *step, struct judgement *judgement) {
    const struct judged_state *state = judge->current.states[0];
    const struct step *call = session_call_of(judge->scenario, step);
    struct explaining explaining = { .judge = judge, .state = state, .judgement = judgement };
    bool udp = call != NULL && session_transport(&state->session, judge->scenario, call) == TRANSPORT_UDP;
    bool swapped =
        judgement->refused_what == CHOICE_BLOCK_START && world_remembers(state->world, Q12_BYTE_ORDER, Q12_HOST);
    unsigned port = (unsigned)judgement->refused_member & UINT16_MAX;
    explaining.protocol = udp ? PROTOCOL_UDP : PROTOCOL_TCP;
    explaining.first = explaining.last = swapped ? exchanged(port) : port;
    if (judgement->refused_what == CHOICE_BLOCK_START)
        explaining.last += judgement->refused_count > 0 ? judgement->refused_count - 1 : 0;
    return blame_number(&explaining) || blame_reservation(&explaining) || blame_socket(&explaining) ||
           blame_exclusion(&explaining);
}

void judge_explain_refused(const struct judge *judge, const struct step *step, struct judgement *judgement) {
    if (!judgement->refused || judge->current.count == 0 || blame(judge, step, judgement)) return;
    unsigned count = judgement->refused_count > 0 ? judgement->refused_count : 1;
    snprintf(judgement->why, sizeof judgement->why, "%llu-%llu is not free as a whole, or ends beyond 65535",
             (unsigned long long)judgement->refused_member, (unsigned long long)judgement->refused_member + count - 1);
}

/* From which ports the number has to come: what lies between those of both families, as it may have been either. */
static void dynamic_ranges(const struct world *world, enum protocol protocol, struct judgement *judgement) {
    unsigned first = world->dynamic_first[protocol], last = world->dynamic_last[protocol];
    unsigned v6_first = world->dynamic_v6_first[protocol], v6_last = world->dynamic_v6_last[protocol];
    if (v6_first != 0 && v6_first < first) first = v6_first;
    if (v6_first != 0 && v6_last > last) last = v6_last;
    judgement->refused_first = first;
    judgement->refused_last = last;
}

void judge_explain_number(const struct judge *judge, const struct step *step, const struct observation *seen,
                          struct judgement *judgement) {
    const struct observed_value *start = &seen->values[OBSERVABLE_StartPort], *port = &seen->values[OBSERVABLE_port];
    const struct observed_value *number = start->present && !start->untouched ? start : port;
    const struct step *call = session_call_of(judge->scenario, step);
    if (!number->present || number->untouched || judge->current.count == 0 || call == NULL) return;
    const struct judged_state *state = judge->current.states[0];
    bool udp = session_transport(&state->session, judge->scenario, call) == TRANSPORT_UDP;
    enum protocol protocol = udp ? PROTOCOL_UDP : PROTOCOL_TCP;
    judgement->refused = true;
    judgement->refused_what = number == start ? CHOICE_BLOCK_START : CHOICE_PORT;
    judgement->refused_member = number->number;
    dynamic_ranges(state->world, protocol, judgement);
    judgement->refused_count = (unsigned)seen->values[OBSERVABLE_NumberOfPorts].number;
    if (blame(judge, step, judgement)) return;
    judgement->refused = false;
    snprintf(judgement->why, sizeof judgement->why,
             "%llu could be taken only if an open question were answered otherwise than here",
             (unsigned long long)number->number);
}
