#!/usr/bin/env bash
# conform.sh [HOST...|again]: every scenario on the model and on a host: live Wine, or its recorded traces where Wine cannot be had.
# HOST is wine-8.0, the Wine of this Debian, which is meant when none is named; or one of `make hosts`; or `all`. Each is played in a
# network of its own (own_network.sh), so that its answers do not depend on what else runs here, and several side by side; where this
# system allows no such networks, in this system's, one after the other. On wine-8.0 AGENTS=4 agents play side by side, each in a network
# and a prefix of its own, where that can be; the reports are the same as from one. A matrix of several comes last. `again`: wine-8.0 once more; it
# must answer as in the run before. Run from the top of the tree with build/reservoir built; `make conform HOSTS=...` and
# `make conform-again` do so.
# Exit status: the worst of reservoir run's.
set -u

reports=build/reports
mkdir -p "$reports" && [ -w "$reports" ] || {
    echo "$reports cannot be written to; nothing was played" >&2
    exit 2
}
[ "$*" != all ] || set -- wine-5.0.3 wine-8.0 wine-10.0
[ $# -gt 0 ] || set -- wine-8.0
network=.make/own_network.sh
$network true || network=
own=${RESERVOIR_OWN_NETWORK-}
if [ $# -eq 1 ] && [ -n "$network" ] && [ -z "$own" ]; then
    # Packages do not come into it. Whether they are there is asked again inside.
    case $1 in wine-8.0|again) .make/deps.sh host 2>/dev/null ;; esac
    exec $network env RESERVOIR_OWN_NETWORK=yes "$0" "$1"
fi

agents=${AGENTS:-4}
stop=
stop_wine() {
    .make/wine.sh stop
    for prefix in build/wine.[0-9]*; do
        [ ! -d "$prefix" ] || RESERVOIR_WINE=${prefix#build/} .make/wine.sh stop
    done
}
trap '[ -z "$stop" ] || $stop' EXIT
# A shell that dies of a signal runs no EXIT trap (dash); Wine's server must not outlive a Ctrl-C.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
worst=0

# start HOST: true when it can be played live; $agent, $restart and $stop say how.
start() {
    if [ "$1" = wine-8.0 ]; then
        .make/deps.sh host || return 1
        agent=build/wine-agent restart='.make/wine.sh restart'
    else
        .make/hosts.sh list | grep -qx "$1" || { echo "conform.sh: there is no host $1" >&2; exit 2; }
        agent=build/hosts/$1/agent restart=".make/hosts.sh restart $1"
    fi
    # An agent that does not compile is our bug and no reason to do without a host.
    env -u MAKEFLAGS -u MAKELEVEL make build/agent.exe || exit 2
    if [ "$1" = wine-8.0 ]; then stop=stop_wine; else stop=".make/hosts.sh stop $1"; fi
    # A server that runs already has its sockets in another network.
    [ -z "$own" ] || $stop 2>/dev/null
    if [ "$1" = wine-8.0 ]; then .make/wine.sh start; else .make/hosts.sh start "$1"; fi || { stop=; return 1; }
}

# play HOST FOLDER-OF-REPORTS SUBJECT...
play() {
    host=$1 out=$2
    shift 2
    mkdir -p "$out"
    if start "$host"; then
        # The one agent stands for every account that scenarios name, as well as it can; its host block says so. It plays no process
        # itself where a call is known to end its process.
        serve='serve --approximate'
        [ "$host" != wine-5.0.3 ] || serve="$serve --apart"
        set -- "$@" --host "$agent $serve"
        for account in $(sed -n 's/^user  *\([a-z0-9_]*\) is .*/\1/p' scenarios/*/*.scn | sort -u); do
            set -- "$@" --host-as "$account=$agent $serve"
        done
        set -- "$@" --restart "$restart"
        [ "$host" != wine-8.0 ] || [ -z "$own" ] || [ "$agents" -lt 2 ] ||
            set -- "$@" --agents "$agents" --agents-in "$network .make/wine.sh in wine.{}"
        # Where this process may listen (CAP_NET_RAW is bit 13), what Wine sends is recorded, for `expect packet`.
        may=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
        if [ $((0x${may:-0} >> 13 & 1)) = 1 ] && [ -e /sys/class/net/lo ]; then
            set -- "$@" --capture-live lo
        else
            echo "Packets cannot be captured here (that needs CAP_NET_RAW): lines that expect one are not asked of $host."
        fi
    else
        echo "No live $host here: the traces recorded in scenarios/hosts/$host/traces are judged."
        set -- "$@" --host-trace "scenarios/hosts/$host/traces"
    fi
    # What the host is known not to show; that more is not shown than yesterday is new.
    set -- "$@" --unseen "scenarios/hosts/$host/unseen"
    rm -rf "$out/traces" # a run that was killed may have left there what waits for a restart
    build/reservoir run scenarios "$@" --record "$out/traces" --report text \
        --report "tap=$out/conform.tap" --report "junit=$out/conform.xml" --report "json=$out/conform.json" \
        --report "markdown=$out/conform.md" --report "table=$out/tables.txt" --report "errors=$out/errors.txt"
    status=$?
    [ $status -le $worst ] || worst=$status
    if [ -n "$stop" ]; then $stop; stop=; fi
}

# What depends on chance, and is known to, is no difference for `reservoir diff`.
if [ "$*" = again ]; then
    [ -s "$reports/conform.json" ] || {
        echo "conform.sh: there is no run to compare with: make conform comes first" >&2
        exit 2
    }
    play wine-8.0 "$reports/again" --on documented --on windows --on host >"$reports/again.txt" 2>&1
    tail -n 3 "$reports/again.txt"
    build/reservoir diff "$reports/conform.json" "$reports/again/conform.json" | tee "$reports/again.diff"
    grep -q '^0 added, 0 gone, 0 worse, 0 fixed, 0 changed, ' "$reports/again.diff" || worst=1
    exit $worst
fi
# One host; what it says is on the screen.
if [ $# -eq 1 ]; then
    if [ "$1" != wine-8.0 ]; then
        play "$1" "$reports/$1" --on host
        exit $worst
    fi
    play wine-8.0 "$reports" --on documented --on windows --on host
    # What the project is for stands last, where it is seen.
    [ ! -s "$reports/errors.txt" ] || { echo; cat "$reports/errors.txt"; }
    echo "Reports are in $reports: conform.tap, conform.xml, conform.json, conform.md, tables.txt, errors.txt;"
    echo "traces in $reports/traces."
    exit $worst
fi

# Several: each is a part, and has this system's ports to itself.
. .make/parts.sh
kind=waits
[ -n "$network" ] || {
    kind=waits:ports
    echo "This system allows no networks of our own, so the hosts are played one after the other."
}
runs=
for name in "$@"; do
    folder=$reports/$name
    [ "$name" != wine-8.0 ] || folder=$reports
    runs="$runs $folder/conform.json"
    part $kind "$name" .make/conform.sh "$name"
done
run_parts 'make conform' || worst=$parts_worst
# Side by side, and where neighbours part.
# shellcheck disable=SC2086 # a list
echo && build/reservoir matrix $runs || worst=2
exit $worst
