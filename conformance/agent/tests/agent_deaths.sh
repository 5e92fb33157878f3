#!/bin/sh
# agent_deaths.sh [-x] [-r] [-j JOBS] AGENT STEP FIRST [SCENARIO...]: the agent's test build is killed beside an honest netsh, in each scenario that
# changes the machine: while it plays, while it resumes after a restart, while it gives up. A fresh agent starts, and all is as before.
# It can be killed at each call of the table of functions, each run of netsh, each write of the journal. At each of these places it
# stops, and what stands there is kept (keep_states.c): just that is what a kill leaves, since nothing else outlives an agent. Each
# state that a scenario has not had before is given to a fresh agent. At every STEP-th place, from FIRST modulo STEP on, and where a
# netsh is at work meanwhile, the agent is killed indeed: what it leaves has to be what was kept, byte for byte, but for the
# milliseconds in the mark of a restart. (It gets the same start time and process id as then; all else follows from these.)
# With -r it is killed at every STEP-th place, and nothing is kept. With -j as many share the scenarios; -x ends at the first failure.
# build/agent-deaths/tally has a line for each scenario. Exit status: 0 when all is as it should be; 1 when not.
set -u

stops='' jobs=1 really=
while getopts xrj: option; do
    case $option in
    x) stops=yes ;;
    r) really=yes ;;
    j) jobs=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
agent=$1
step=$2
first=$3
shift 3
all=build/agent-deaths

# play COMMAND: in the boot of this number; the agent's status.
play() {
    case $1 in run) set -- "$1" "$work/scenarios" --restarts ;; *) set -- "$1" "$work/scenarios" ;; esac
    NETSH_SEED=0 AGENT_STARTED="$((1700000000000 + boots * 86400000)) 1" agent_on "$@"
}

# back_to FOLDER: the machine is as it was kept.
back_to() {
    rm -rf "$machine"
    cp -r "$1" "$machine"
}

waits() { grep -qrs '^# restart: ' "$machine/out"; }

started_again() {
    cp "$machine/errors" "$work/told"
    check "$1"
    check_end "$1"
}

# is_state NUMBER: is the machine what was kept?
is_state() {
    rm -rf "$work/compared"
    mkdir "$work/compared"
    cp -r "$work/kept/$1" "$work/compared/kept"
    cp -r "$machine" "$work/compared/left"
    find "$work/compared" -type f -exec env LC_ALL=C sed -i -E 's/\+0\.[0-9]+([0-9]{3})/+0.TIME\1/g' {} +
    (cd "$work/compared" && diff -r kept left >differences)
}

# killed WHAT COMMAND PLACE: from the machine in $work/from. False: it has ended before.
killed() {
    back_to "$work/from"
    AGENT_DIES_AT=$3 play "$2"
    [ $? -eq 137 ] && deaths=$((deaths + 1))
}

now_and_then() {
    place=$((1 + first % step))
    while killed "$1" "$2" $place; do
        started_again "$1, killed at place $place"
        place=$((place + step))
    done
}

at_every_place() {
    rm -rf "$work/kept"
    by="build/gcc/keep_states $machine $work/kept"
    play "$2"
    by=
    [ $status -le 2 ] || fail "$1: ended with status $status"
    cp -r "$machine" "$work/end"
    places=$((places + $(wc -l <"$work/kept/places")))
    states=$((states + $(sort -nu "$work/kept/places" | tail -n 1 | cut -d ' ' -f 1)))
    awk -v step="$step" -v first="$first" '(NR - 1) % step == first % step || NF > 1 { print NR, $1 }' "$work/kept/places" >"$work/deadly"
    while read -r place state; do
        killed "$1" "$2" "$place" || fail "$1: not killed at place $place"
        is_state "$state" ||
            fail "$1, killed at place $place: it has not left state $state: $(head -n 5 "$work/compared/differences")"
        started_again "$1, killed at place $place"
    done <"$work/deadly"
    for state in $(cut -d ' ' -f 1 "$work/kept/places" | sort -nu); do
        back_to "$work/kept/$state"
        started_again "$1, state $state of place $(awk -v state="$state" '$1 == state { print NR; exit }' "$work/kept/places")"
    done
    rm -rf "$machine"
    mv "$work/end" "$machine"
}

# deaths_of WHAT COMMAND: the machine is as it was, and then as the command leaves it.
deaths_of() {
    rm -rf "$work/from"
    cp -r "$machine" "$work/from"
    if [ -n "$really" ]; then now_and_then "$@"; else at_every_place "$@"; fi
}

# Every restart of a scenario, until it has ended.
after_restarts() {
    restarts=0
    while waits; do
        restarts=$((restarts + 1)) boots=$((boots + 1))
        [ $restarts -le 5 ] || { fail "$1: waits for a restart after $restarts of them"; return; }
        rm -rf "$work/stop"
        cp -r "$machine" "$work/stop"
        deaths_of "$1, given up at restart $restarts" abandon
        back_to "$work/stop"
        deaths_of "$1, resumed after restart $restarts" resume
    done
}

# One of those who share the scenarios.
share() {
    work=$all/$1
    shift
    . conformance/agent/tests/machine_of_lies.sh
    machine_of "$first"
    [ $# -eq 0 ] || printf '%s\n' "$@" >"$work/list"
    while read -r scenario; do
        mkdir "$all/taken/$(echo "$scenario" | tr / -)" 2>/dev/null || continue
        places=0 states=0 deaths=0 boots=0
        rm -rf "$work/scenarios"/*
        cp --parents "$scenario" "$work/scenarios/"
        fresh
        deaths_of "$scenario" run
        after_restarts "$scenario"
        echo "$places $states $deaths $scenario" >>"$all/tally"
    done <"$work/list"
    exit $failed
}

rm -rf $all
mkdir -p $all/taken $all/said
pids='' job=0 worst=0
while [ $job -lt "$jobs" ]; do
    share $job "$@" >$all/said/$job 2>&1 &
    pids="$pids $!" job=$((job + 1))
done
# shellcheck disable=SC2064,SC2086  # those that run now
trap "kill $pids 2>/dev/null; exit 143" INT TERM HUP
for pid in $pids; do wait "$pid" || worst=1; done
grep -hvx Killed $all/said/* # which a shell says of each
awk -v really="$really" '{ places += $1; states += $2; deaths += $3 } END {
    if (!really) printf "  %d places in %d scenarios leave %d states\n", places, NR, states
    printf "  killed %d times in %d scenarios%s\n", deaths, NR, really ? "" : ", to leave what was kept" }' $all/tally
[ $worst -ne 0 ] || echo '  started again: as before each time'
exit $worst
