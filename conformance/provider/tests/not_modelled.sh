#!/bin/sh
# not_modelled.sh: what the model does not have, asked of it as a plug-in, as a DLL under Wine and as the agent's test build: the runner has
# to hear that there is no answer, and which. Then a program of its own that loads the plug-in: the edge reports its own gaps by the
# control function, once, and on standard error where no one gives orders. Exit status: 0 when all is so; else 1. Without Wine the DLL
# is left out, and that is said.
set -u

work=build/reports/not-modelled
rm -rf $work && mkdir -p $work
faults=0
fail() {
    echo "  $*"
    faults=$((faults + 1))
}
cat >$work/info.scn <<'END'
scenario info
  title What TCP knows of a connection, which the model does not tell

process app

app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)                   -> ok
app: WSAIoctl(s, SIO_TCP_INFO, in=hex(00000000), cbOut=88)           -> ok
app: closesocket(s)                                                  -> ok
END
# expect NAME OPTION...: the run ends with status 0 and one verdict, not-modelled, that names the code.
expect() {
    name=$1
    shift
    build/reservoir run $work/info.scn "$@" --report tap=$work/$name.tap --report text=/dev/null 2>$work/$name.errors ||
        fail "$name: the run ended with status $?"
    grep -q '# SKIP not modelled: SIO_TCP_INFO' $work/$name.tap || fail "$name: $(grep '^\(not \)*ok' $work/$name.tap)"
    [ ! -s $work/$name.errors ] || fail "$name said: $(cat $work/$name.errors)"
}
expect model --on model
expect agent --on host --host build/gcc/agent-model
expect plugin --provider build/reservoir-provider.so
if .make/wine.sh start >$work/wine 2>&1; then
    trap '.make/wine.sh stop' EXIT
    dll=$(echo "Z:$PWD/build/reservoir-provider.dll" | tr / '\\')
    expect dll --on host --host "build/wine-agent --provider '$dll' 2>$work/wine.errors"
else
    echo '  No Wine here: the DLL was not asked.'
fi

cat >$work/ask.c <<'END'
#include "stack/winsock/headers.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "stack/winsock/control.h"

static SOCKET WSPAPI make(DWORD entry, DWORD_PTR context, LPINT error) { return (void)entry, (void)error, context + 1000; }
static int WSPAPI query(SOCKET s, PDWORD_PTR context, LPINT error) { return (void)error, *context = s - 1000, 0; }
static int WSPAPI no_hook(DWORD entry, LPBLOCKINGCALLBACK *hook, PDWORD_PTR context, LPINT error) {
    return (void)entry, (void)context, (void)error, *hook = NULL, 0;
}

/* ask FILE [orders]: calls WSPAsyncSelect, and says what the control function says of it, twice. */
int main(int count, char **words) {
    void *file = dlopen(words[1], RTLD_NOW);
    LPWSPSTARTUP start = NULL;
    provider_control_function *control = NULL;
    if (file == NULL || count < 2) return puts("no such file"), 1;
    *(void **)&start = dlsym(file, "WSPStartup");
    *(void **)&control = dlsym(file, "ReservoirProviderControl");
    static const char scenario[] = "scenario s\n  title T\n\nprocess app\n\napp: WSACleanup() -> ok\n";
    struct provider_control order = { .size = sizeof order, .text = scenario, .text_bytes = sizeof scenario - 1 };
    if (count > 2 && (control(PROVIDER_CONTROL_BEGIN, &order) != 1 || control(PROVIDER_CONTROL_START, &order) != 1 ||
                      control(PROVIDER_CONTROL_ATTACH, &order) != 1))
        return printf("refused: %s\n", order.reason), 1;
    WSPUPCALLTABLE upcalls = { .lpWPUCreateSocketHandle = make,
                               .lpWPUQuerySocketHandleContext = query,
                               .lpWPUQueryBlockingCallback = no_hook };
    WSPPROC_TABLE table;
    WSPDATA data;
    WSAPROTOCOL_INFOW entry = { .dwCatalogEntryId = 1 };
    int error = 0;
    if (start(0x0202, &data, &entry, upcalls, &table) != 0) return puts("no start"), 1;
    printf("select %d", table.lpWSPAsyncSelect(0, NULL, 0, 0, &error));
    printf(" %d\n", error);
    for (int i = 0; i < 2 && count > 2; i++) {
        if (control(PROVIDER_CONTROL_NOT_MODELLED, &order) != 1) return puts("refused"), 1;
        printf("%d %s\n", (int)order.number, order.reason);
    }
    order.process = 4096; /* no scenario has so many: an order that cannot be carried out is refused */
    if (control(PROVIDER_CONTROL_START, &order) != 0 || control(PROVIDER_CONTROL_ATTACH, &order) != 0) puts("taken");
    return 0;
}
END
gcc -std=gnu17 -I. $work/ask.c -ldl -o $work/ask || fail 'the program that asks does not compile'
printf 'select -1 10045\n1 WSPAsyncSelect\n0 \n' >$work/wanted
$work/ask build/reservoir-provider.so orders >$work/heard 2>$work/said || fail "it ended with status $?"
cmp -s $work/wanted $work/heard || fail "with orders: $(cat $work/heard)"
[ ! -s $work/said ] || fail "with orders it said: $(cat $work/said)"
$work/ask build/reservoir-provider.so >$work/heard 2>$work/said || fail "it ended with status $?"
[ "$(cat $work/heard)" = 'select -1 10045' ] || fail "without orders: $(cat $work/heard)"
[ "$(cat $work/said)" = 'provider: not modelled: WSPAsyncSelect; WSAEOPNOTSUPP stands for no answer' ] ||
    fail "without orders it said: $(cat $work/said)"
echo "  4 ways to ask, and the edge's own gaps; $faults faults"
[ $faults -eq 0 ]
