#!/bin/sh
# deaths.sh: a provider that has one lock around its world, and dies inside it: by an abort, by a bad pointer, by ending its process. The
# agent must not wait for that lock: the step has its answer or says how the host ended, the rest of its scenario is not played, the next
# scenario is played as if nothing had been, and all that without running into a limit of time. One that waits inside its lock for ever
# is waited for as long as --step-limit says. Exit status: 0 when all is so; else 1.
set -u

work=build/reports/deaths
rm -rf $work && mkdir -p $work/scenarios
faults=0
fail() {
    echo "  $*"
    faults=$((faults + 1))
}
cat >$work/dying.c <<'END'
#define _POSIX_C_SOURCE 200809L
#define WSPStartup skeleton_startup
#include "conformance/skeleton/skeleton.c"
#undef WSPStartup

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "stack/winsock/control.h"

enum { BY_ABORT = 1, BY_POINTER = 2, BY_EXIT = 3, BY_WAITING = 5 };

static pthread_mutex_t world = PTHREAD_MUTEX_INITIALIZER;

static int WSPAPI dying_listen(SOCKET s, int how, LPINT error) {
    int *volatile nowhere = NULL;
    pthread_mutex_lock(&world);
    if (how == BY_ABORT) abort();
    if (how == BY_POINTER) *nowhere = how;
    if (how == BY_EXIT) _exit(7);
    while (how == BY_WAITING) pause();
    pthread_mutex_unlock(&world);
    return skeleton_listen(s, how, error);
}

PROVIDER_EXPORT int WSPAPI WSPStartup(WORD wanted, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE table,
                                      LPWSPPROC_TABLE functions) {
    int status = skeleton_startup(wanted, data, info, table, functions);
    if (status == 0) functions->lpWSPListen = dying_listen;
    return status;
}

PROVIDER_EXPORT provider_control_function ReservoirProviderControl;

/* Takes all orders, each inside the lock. */
int ReservoirProviderControl(uint32_t code, struct provider_control *control) {
    pthread_mutex_lock(&world);
    control->reason[0] = '\0';
    if (code == PROVIDER_CONTROL_NOT_MODELLED) control->number = 0;
    pthread_mutex_unlock(&world);
    return 1;
}
END
${CC:-gcc} -std=gnu17 -shared -fPIC -fvisibility=hidden -I. $work/dying.c -lpthread -o $work/dying.so || fail 'it does not compile'
cat >$work/scenarios/first.scn <<'END'
scenario first
  title A call that its provider does not survive
  variants how=abort|pointer|exit

process app
process other
thread  app.t2

app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)   -> ok
[abort] app: listen(s, 1)                            -> WSAEOPNOTSUPP @inferred
[pointer] app: listen(s, 2)                          -> WSAEOPNOTSUPP @inferred
[exit] app: listen(s, 3)                             -> WSAEOPNOTSUPP @inferred
app.t2: listen(s, 4)                                 -> WSAEOPNOTSUPP @inferred
other: socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)     -> ok
END
cat >$work/scenarios/then.scn <<'END'
scenario then
  title The next one

process app

app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)   -> ok
app: closesocket(s)                                  -> ok
END
# says TEXT: it stands in the report.
says() { grep -q "$1" $work/text || fail "not said: $1"; }
began=$(date +%s)
timeout 100 build/reservoir run $work/scenarios/first.scn $work/scenarios/then.scn --provider $work/dying.so --report text=$work/text \
    --report tap=$work/tap --record $work/traces 2>$work/errors
status=$?
[ $status -eq 2 ] || fail "status $status"
says 'observed *fault(0xC0000409)'
says 'observed *fault(0xC0000005)'
[ "$(cat $work/traces/*/first*.trace | grep -c '^# unsupported: an exception has cut off an earlier call')" -eq 2 ] ||
    fail 'what followed an exception was played'
says 'the host ended with exit status 7'
grep -q '^ok [0-9]* - [^ ]* [^ ]*/then' $work/tap || fail "the next scenario: $(grep then $work/tap)"
# The agent alone cannot be started anew: it says so, and leaves.
mkdir $work/alone && sed '/variants/d; s/^\[abort\] //; /^\[/d' $work/scenarios/first.scn >$work/alone/first.scn
timeout 60 build/agent-kernel run $work/alone --record $work/alone-traces --provider $PWD/$work/dying.so >$work/alone.text 2>&1
[ $? -eq 2 ] && grep -q 'so that no other can be played in this program' $work/alone.text || fail "alone: $(cat $work/alone.text)"
took=$(($(date +%s) - began))
[ $took -lt 8 ] || fail "it took $took s: a limit of time was waited for"
# One that waits: the limit is the caller's.
mkdir $work/hung && sed '/variants/d; /^\[/d; s/listen(s, 4)/listen(s, 5)/' $work/scenarios/first.scn >$work/hung/first.scn
cp $work/scenarios/then.scn $work/hung
began=$(date +%s)
timeout 100 build/reservoir run $work/hung --provider $work/dying.so --step-limit 1 --report text=$work/hung.text --report tap=$work/hung.tap \
    2>$work/hung.errors
[ $? -eq 2 ] || fail "hung: status $?"
hung=$(($(date +%s) - began))
[ $hung -lt 16 ] || fail "hung: it took $hung s"
grep -q '^ok [0-9]* - [^ ]* [^ ]*/then' $work/hung.tap || fail "the next scenario after one that hung: $(grep then $work/hung.tap)"
echo "  three deaths inside a provider's lock, $took s; one that waits there, $hung s; $faults faults"
[ $faults -eq 0 ] || cat $work/text $work/errors
[ $faults -eq 0 ]
