#!/bin/sh
# agent_check.sh [AGENT]: what the agent says before it does anything, and what it says when a file stands in its way. On the machine
# of lies with its build for this system; without an argument agent-model.exe under Wine. One line a case.
# Exit status: 0 when all is as it should be; 1 when not. Where Wine cannot be had it says so and passes.
set -u

program=${1-build/wine-agent-model}
wine=
if [ $# -eq 0 ]; then
    wine=yes
    . .make/with_wine.sh
fi
work=build/agent-check/$(echo "$program" | tr / -)
PATH=$PWD/build/gcc/lying:$PATH
export PATH NETSH_STATE="$work/state"
rm -rf "$work"
mkdir -p "$work/scenarios"
failed=0

result() {
    if [ "$1" -eq 0 ]; then echo "ok $2"; else echo "NOT OK $2"; failed=1; tail -n 5 "$work/said" "$work/errors"; fi
}
agent() { timeout 240 "$program" "$@" >"$work/said" 2>"$work/errors"; }
said() { grep -qF -- "$1" "$work/said"; }
# What is excluded, and each file in our folder but those that this test reads and the stand-in's own: the count of its runs, its locks.
machine() {
    (cd "$work" && find . ! -name state.runs ! -name '*.lock' ! -name said ! -name errors ! -name before -printf '%p %s %y\n' | grep -v '^\. ' | sort && cat state)
}

{
    echo 'active tcp 25565 10 *'
    echo 'persistent tcp 25565 10 *'
    echo 'active tcp 47001 1 -'
} >"$NETSH_STATE"
printf 'scenario wide\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\napp: bind(s, 0.0.0.0:0) -> ok\napp: listen(s) -> ok\n' \
    >"$work/scenarios/wide.scn"
sed 's/wide/narrow/; s/0\.0\.0\.0:0/127.0.0.1:0/' "$work/scenarios/wide.scn" >"$work/scenarios/narrow.scn"
printf 'scenario outside\n  needs ports-outside\n\nports p = 1 tcp\n\nprocess app\n\napp: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ok\napp: bind(s, 127.0.0.1:p) -> ok\n' \
    >"$work/scenarios/outside.scn"

# ---- check ---------------------------------------------------------------------------------------------------------

if [ -z "$wine" ]; then
    machine >"$work/before"
    seed=0
    while [ $seed -le 20 ]; do
        NETSH_SEED=$seed agent check scenarios --netsh --record "$work/out" --store "$work/store"
        status=$?
        machine | cmp -s - "$work/before" && [ $status -eq 0 ] && said 'Nothing was changed.'
        result $? "check changes nothing beside the netsh of seed $seed"
        seed=$((seed + 1))
    done
    NETSH_SEED=0 agent check "$work/scenarios" --netsh --record "$work/out"
    said 'exclusions tcp 25565-25574* 47001-47001' && said 'trial-ports' && false || said '1 of these listen'
    result $? 'check says what is excluded, and how many listen'
    NETSH_SEED=0 NETSH_DYNAMIC=1024 agent check "$work/scenarios" --netsh --record "$work/out"
    said 'trial-ports 20000-31999, inside a dynamic range' && said 'needs ports-outside: the dynamic ranges'
    result $? 'where no port is outside, what is about such ports is not played'
    NETSH_SEED=0 NETSH_DYNAMIC_IPV6=1024 agent check "$work/scenarios" --netsh --record "$work/out"
    said 'dynamic-range tcp 49152-65535' && said 'dynamic-range-ipv6 tcp 1024-65534'
    result $? "the head has a dynamic range of IPv6 that is not IPv4's"
    NETSH_SEED=0 NETSH_DYNAMIC_IPV6=none agent check "$work/scenarios" --netsh --record "$work/out"
    said 'dynamic-range tcp 49152-65535' && said 'dynamic-range-ipv6 unknown'
    result $? "where netsh does not tell IPv6's dynamic range, the head says so"
    NETSH_SEED=0 NETSH_DYNAMIC_STORED=1024 agent check "$work/scenarios" --netsh --record "$work/out"
    said 'dynamic-range tcp 49152-65535' && said 'dynamic-range-stored tcp 1024-65534'
    result $? 'the head has a stored dynamic range that is not the active one'
    NETSH_SEED=0 NETSH_DYNAMIC_STORED=none agent check "$work/scenarios" --netsh --record "$work/out"
    said 'dynamic-range-stored unknown'
    result $? 'where netsh does not tell the stored dynamic range, the head says so'
    # Of the place in which ports are sought, IPv6's list leaves 31990 to 31999; then what netsh lists of IPv4 in its persistent
    # store alone does.
    echo 'active tcp 20000 11990 -' >"$NETSH_STATE.ipv6"
    NETSH_SEED=0 agent run "$work/scenarios" --netsh --record "$work/out-ipv6"
    grep -qE '^ports.*p=3199[0-9]' "$work/out-ipv6/outside.trace"
    result $? "ports that are excluded for IPv6 alone are avoided"
    rm "$NETSH_STATE.ipv6"
    cp "$NETSH_STATE" "$work/kept" && echo 'persistent tcp 20000 11990 *' >>"$NETSH_STATE"
    NETSH_SEED=0 agent run "$work/scenarios" --netsh --record "$work/out-stored"
    grep -qE '^ports.*p=3199[0-9]' "$work/out-stored/outside.trace"
    result $? "ports that are excluded from the next start on are avoided"
    mv "$work/kept" "$NETSH_STATE"
    # A listing that is none, each time: usage text with status 0, of IPv6 alone and of both.
    for family in ipv6 ''; do
        NETSH_SEED=0 NETSH_LIE=5 NETSH_LIES_OF=$family agent run "$work/scenarios" --netsh --record "$work/out-unlisted$family"
        grep -q '^unsupported *outside: ' "$work/said" && grep -q '^played *wide' "$work/said" && [ ! -e "$work/out-unlisted$family/outside.trace" ]
        result $? "where ${family:-netsh} gives no listing, no port is known to be free"
    done
    NETSH_SEED=0 NETSH_LIE=5 agent check "$work/scenarios" --netsh --record "$work/out"
    said 'dynamic-range unknown' && said 'exclusions unknown' && said 'needs ports-outside: this machine does not tell its dynamic ranges'
    result $? "where netsh tells no dynamic range, no port is known to be outside"
    # A range of the system's, as WinRM holds it on each server, and an administrator's, as GitHub's machines have it.
    mkdir "$work/foreign" && cp scenarios/netsh/delete-foreign.scn scenarios/persistent/over-exclusion.scn "$work/foreign" && cp "$NETSH_STATE" "$work/kept"
    NETSH_SEED=0 agent run "$work/foreign" --netsh --record "$work/out-foreign" --store "$work/store-foreign"
    said 'it asks to delete what it has not made: --by-name delete-foreign plays it' && said '--by-name over-exclusion' && cmp -s "$NETSH_STATE" "$work/kept"
    result $? "what deletes another program's range is played by name only"
else
    # The real agent: a library beside it is not loaded, here one that has the six functions which Wine lacks.
    mkdir "$work/beside" && cp build/agent.exe "$work/beside/" && cp build/reservoir-provider.dll "$work/beside/iphlpapi.dll"
    build/wine-run "$work/beside/agent.exe" check scenarios/persistent >"$work/said" 2>"$work/errors"
    said 'CreatePersistentTcpPortReservation is not there on this system'
    result $? 'a library beside the program is not loaded'
    said '  product ' && said '  architecture x64' && said '  native-architecture x64' && said '  ui-language ' && said '  code-pages '
    result $? 'the head tells product, architectures, language and code pages'
    rm -r "$work/beside"
    find "$work" | grep -vE '/(said|errors)$' >"$work.before"
    agent check scenarios --record "$work/out"
    find "$work" | grep -vE '/(said|errors)$' | cmp -s - "$work.before" && said 'Nothing was changed.'
    result $? 'check changes nothing'
fi

mkdir -p "$work/left"
printf 'machine %s\nboot 1+1.0\n+tcp 24000 4\n' somewhere >"$work/left/persistent.journal"
cp "$work/left/persistent.journal" "$work/left/copy"
agent check "$work/scenarios" --record "$work/left"
[ $? -eq 2 ] && said 'journal of another machine' && cmp -s "$work/left/persistent.journal" "$work/left/copy"
result $? "another machine's journal is named, and stays"
printf '+tcp 24000 4\nboot' >"$work/left/persistent.journal"
agent check --record "$work/left"
[ $? -eq 2 ] && said 'cannot be read'
result $? 'a journal that is none is named'

# ---- what is passed over -------------------------------------------------------------------------------------------

agent run "$work/scenarios" --record "$work/out" --loopback-only
grep -q '^unsupported *wide: .*--loopback-only' "$work/said" && grep -q '^played *narrow' "$work/said"
result $? 'with --loopback-only what others could reach is not played'
mkdir "$work/linked" && ln -s ../scenarios "$work/linked/elsewhere" && ln -s ../scenarios/narrow.scn "$work/linked/file.scn"
agent run "$work/linked" --record "$work/out-linked"
if [ -z "$wine" ]; then
    grep -q 'linked/elsewhere is a link to a folder, and passed over' "$work/errors" && said '1 played'
    result $? 'a link to a folder is passed over and named; one to a file is a file'
fi

# ---- files that stand in the way -----------------------------------------------------------------------------------

: >"$work/file"
agent run "$work/scenarios" --record "$work/file"
[ $? -eq 2 ] && grep -qE '^broken *narrow: .*/narrow.trace cannot be written: [A-Z]' "$work/said"
result $? 'OUT is a file: named'
if [ -z "$wine" ]; then
    mkdir "$work/full" && ln -s /dev/full "$work/full/narrow.trace"
    agent run "$work/scenarios" --record "$work/full"
    [ $? -eq 2 ] && said 'narrow.trace cannot be written: No space left on device' && grep -q '^played *wide' "$work/said"
    result $? 'a full disk: named, and what goes elsewhere is played'
fi
! grep -q 'no reason is known' "$work/said"
result $? 'no failure is without a reason'
long=$work/$(printf '%0120d' 0)/$(printf '%0120d' 1)/$(printf '%0120d' 2)
agent run "$work/scenarios" --record "$long" && [ -s "$long/narrow.trace" ]
result $? "a path of $(printf %s "$PWD/$long/narrow.trace" | wc -c) characters"
# ---- the host's own base provider ------------------------------------------------------------------------------------

if [ -n "$wine" ]; then
    build/reservoir run scenarios/associate/after-bind.scn --on host --host 'build/wine-agent --level spi' >"$work/said" 2>"$work/errors"
    [ $? -eq 2 ] && said '4 unsupported' && said "does not say where its base provider is"
    result $? "Wine's base provider cannot be asked, and each scenario says why"
    build/wine-agent --level api check scenarios >"$work/said" 2>"$work/errors"
    [ $? -eq 2 ] && grep -qF -- '--level wants spi' "$work/errors"
    result $? 'a level that there is not is refused'
fi

exit $failed
