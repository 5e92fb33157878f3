#!/bin/sh
# agent_lies.sh [-x] [-a] [-j JOBS] [-k STEP] AGENT FIRST LAST: the agent's test build on a machine of lies, once for each seed from FIRST to
# LAST: a netsh (lying_netsh.c), an iphlpapi (lies_model.c), a FormatMessage, a code page and a registry, all drawn from the seed. What
# was there before must be there after each run; what the run made must be gone, or named; and when the agent has started again beside
# an honest netsh, all is as before. A seed plays four of the scenarios that change the machine; with -a all of them.
# With -k the agent is killed beside an honest netsh instead, in each of those scenarios at every STEP-th place, from FIRST modulo STEP
# on: each call of the table of functions, each run of netsh, each write of the journal. With -j as many share the seeds or places.
# AGENT is its build for this system, or the word wine: agent-model.exe under Wine, whose netsh.exe is the liar meanwhile.
# Exit status: 0 when all is as it should be; 1 when not. Where Wine cannot be had it says so and passes.
set -u

step=0 stops='' picks='1 2 3 4' jobs=1 flags=
while getopts xaj:k: option; do
    case $option in
    x) stops=yes flags="$flags -x" ;; # at the first failure
    a) picks='' flags="$flags -a" ;;
    j) jobs=$OPTARG ;;
    k) step=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
agent=$1
first=$2
last=$3

# Each of them has a work folder of its own, named after its FIRST.
side_by_side() {
    said=build/agent-lies/said pids='' job=0 worst=0
    rm -rf $said
    mkdir -p $said
    while [ $job -lt "$jobs" ]; do
        if [ "$step" -ne 0 ]; then
            set -- -k $((step * jobs)) "$agent" $((first % step + job * step)) "$last"
        else
            set -- "$agent" $((first + (last - first + 1) * job / jobs)) $((first + (last - first + 1) * (job + 1) / jobs - 1))
        fi
        # shellcheck disable=SC2086  # words
        "$0" $flags "$@" >$said/$job 2>&1 &
        pids="$pids $!" job=$((job + 1))
    done
    # shellcheck disable=SC2064,SC2086  # those that run now
    trap "kill $pids 2>/dev/null" INT TERM HUP
    for pid in $pids; do wait "$pid" || worst=1; done
    cat $said/*
    [ "$step" -eq 0 ] || awk '/^  .*killed [0-9]+ times/ { sub(/.*killed /, ""); all += $1 } END { print "  killed " all " times in all" }' $said/*
    exit $worst
}
[ "$jobs" -eq 1 ] || side_by_side

work=build/agent-lies/$(echo "$agent" | tr / -)-$first
PATH=$PWD/build/gcc/lying:$PATH
export PATH NETSH_STATE="$work/state"
rm -rf "$work"
mkdir -p "$work/scenarios"
failed=0

# Wine's own netsh.exe is put back, however this ends.
under_wine() {
    .make/wine.sh start || { echo 'No Wine here: not run.'; exit 0; }
    system=build/wine/drive_c/windows/system32
    [ -e $system/netsh.wine ] || cp $system/netsh.exe $system/netsh.wine
    trap 'mv $system/netsh.wine $system/netsh.exe; .make/wine.sh stop' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    cp build/windows/netsh.exe $system/netsh.exe
    agent=$work/agent
    sed "s/winedbg.exe=d/'winedbg.exe=d;netsh.exe=n'/" build/wine-agent-model >"$agent"
    chmod +x "$agent"
}
[ "$agent" != wine ] || under_wine

fail() {
    echo "NOT OK $1"
    failed=1
    [ -z "$stops" ] || exit 1
}

# Other people's ranges: those of services, of an administrator, and across the ports in which the agent looks.
other_programs() {
    low=$((20000 + $1 * 37 % 9000))
    for store in active persistent; do
        echo "$store tcp 25565 10 *"
        echo "$store tcp $low 400 *"
        echo "$store udp $((low + 900)) 300 *"
    done
    echo "active tcp 5985 1 -"
    echo "active tcp 47001 1 -"
}

run() {
    "$agent" "$@" --record "$work/out" --store "$work/store" --netsh >"$work/said" 2>"$work/errors"
    status=$?
    [ ! -s "$work/errors" ] || cat "$work/errors" >>"$work/told"
    return $status
}

# Are the ranges those of the start, byte for byte? Mostly they are, and then no more is asked.
untouched() { cmp -s "$NETSH_STATE" "$work/start"; }

settled() { grep -v ' 62000 100 -$' "$NETSH_STATE" | sort; }

# Persistent reservations of the modelled machine: `tcp 20000 4`, of the newer copy of each protocol's store (sim/store/store_file.h).
reservations() {
    [ ! -e "$work/store" ] || perl -0777 -ne '
        for my $protocol (0, 1) {
            my @newest;
            for my $copy (0, 1) {
                my $at = ($protocol * 2 + $copy) * 16384;
                next if length() < $at + 16 || substr($_, $at, 4) ne "RPS1";
                my ($entries, $generation) = unpack("vV", substr($_, $at + 6, 6));
                @newest = ($generation, $at + 16, $entries) if !@newest || $generation > $newest[0];
            }
            for (my $i = 0; @newest && $i < $newest[2]; $i++) {
                my ($first, $count, $data, $kind) = unpack("nvVv", substr($_, $newest[1] + 12 * $i, 12));
                print(("tcp", "udp")[$protocol], " $first $count\n") if $kind == 0;
            }
        }' "$work/store"
}

# Rows that are there and were not before, each in ports that the agent has named.
unnamed() {
    reservations | while read -r protocol port count; do
        grep -q "^agent: $protocol $port-$((port + count - 1)) " "$work/errors" || echo "reservation $protocol $port $count"
    done
    settled | comm -13 "$work/before" - | while read -r store protocol port count mark; do
        awk -v p="$port" -v c="$count" -v kind="$protocol-exclusion" '$1 == "agent:" && $2 == kind {
            split($3, ends, "-"); if (p >= ends[1] && p + c - 1 <= ends[2]) named = 1 } END { exit !named }' "$work/errors" ||
            echo "$store $protocol $port $count $mark"
    done
}

# check WHAT: after a run beside a liar.
check() {
    untouched && return
    gone=$(settled | comm -23 "$work/before" -)
    [ -z "$gone" ] || fail "$1: ranges of other programs are gone: $gone"
}

# After all runs: an honest netsh, and what waits for a restart is given up.
check_end() {
    [ ! -e "$work/out-second/persistent.journal" ] || fail "$1: the second agent's journal still names: $(cat "$work/out-second/persistent.journal")"
    left=
    NETSH_SEED=0 run abandon "$work/scenarios"
    untouched || left=$(settled | comm -3 "$work/before" -)
    [ -z "$left" ] || fail "$1: not as before: $left"
    [ ! -e "$work/out/persistent.journal" ] || fail "$1: the journal still names: $(cat "$work/out/persistent.journal")"
    left=$(reservations | while read -r protocol port count; do
        grep -q "^agent: $protocol $port-$((port + count - 1)) .* it is not deleted" "$work/told" || echo "$protocol $port $count"
    done)
    [ -z "$left" ] || fail "$1: persistent reservations are left: $left"
}

# The machine of a seed, as it is before anything is played.
machine_of() {
    other_programs "$1" >"$work/start"
    sort "$work/start" >"$work/before"
}

fresh() {
    rm -rf "$work/out" "$work/out-second" "$work/store" "$work/store-second" "$work/told" "$NETSH_STATE.runs"
    cp "$work/start" "$NETSH_STATE"
}

grep -lE 'netsh_(add|delete)_|CreatePersistent' scenarios/*/*.scn | grep -v /hosts/ >"$work/list"
count=$(wc -l <"$work/list")

seed=$first played=0 unsupported=0
while [ "$seed" -le "$last" ] && [ "$step" -eq 0 ]; do
    rm -rf "$work/scenarios"/*
    # shellcheck disable=SC2046  # a path a line, none with a blank
    [ -n "$picks" ] || cp --parents $(cat "$work/list") "$work/scenarios/"
    for pick in $picks; do
        cp --parents "$(sed -n "$(((seed * 7 + pick * 11) % count + 1))p" "$work/list")" "$work/scenarios/"
    done
    machine_of "$seed"
    fresh
    if [ $((seed % 3)) -eq 0 ]; then set -- --restarts; else set --; fi
    for part in words registry; do NETSH_SEED=$seed netsh $part >"$work/$part"; done
    second=
    if [ $((seed % 4)) -eq 1 ] && [ "$agent" = "${agent%/wine/*}" ]; then
        NETSH_SEED=0 "$agent" run "$work/scenarios" --record "$work/out-second" --store "$work/store-second" --netsh \
            >"$work/said-second" 2>"$work/errors-second" &
        second=$!
    fi
    (
        export NETSH_SEED="$seed" IPHLPAPI_SEED="$seed" SYSTEM_WORDS="$work/words" SYSTEM_REGISTRY="$work/registry"
        SYSTEM_CODE_PAGE=$(netsh page) && export SYSTEM_CODE_PAGE
        run run "$work/scenarios" "$@"
    )
    [ -z "$second" ] || { wait $second; cat "$work/errors-second" >>"$work/errors"; }
    # What is not played shows nothing. A netsh that lies leaves most of it to be played all the same.
    tally=$(sed -n 's|^\([0-9]*\) played (.*, \([0-9]*\) unsupported, .*|\1 \2|p' "$work/said")
    played=$((played + ${tally% *})) unsupported=$((unsupported + ${tally#* }))
    check "seed $seed"
    stray=$(unnamed)
    [ -z "$stray" ] || fail "seed $seed: left and not named: $stray"
    check_end "seed $seed"
    seed=$((seed + 1))
done
[ "$step" -ne 0 ] || echo "  seeds $first to $last: a machine that lies, $count scenarios that change it; $played plays, $unsupported not begun"
[ "$step" -ne 0 ] || [ "$unsupported" -le "$played" ] || fail "most was not played"

deaths=0
trap 'echo "  stopped: killed $deaths times so far"; exit 143' TERM
machine_of "$first"
[ "$step" -eq 0 ] || for scenario in $(cat "$work/list"); do
    rm -rf "$work/scenarios"/*
    cp --parents "$scenario" "$work/scenarios/"
    place=$((1 + first % step))
    while :; do
        fresh
        AGENT_DIES_AT=$place NETSH_SEED=0 run run "$work/scenarios" --restarts
        [ $? -eq 137 ] || break
        deaths=$((deaths + 1))
        check "$scenario killed at $place"
        check_end "$scenario killed at $place"
        place=$((place + step))
    done
done
[ "$step" -eq 0 ] || echo "  killed $deaths times in $count scenarios, started again: as before each time"
exit $failed
