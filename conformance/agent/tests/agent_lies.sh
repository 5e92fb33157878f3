#!/bin/sh
# agent_lies.sh [-x] [-a] [-j JOBS] AGENT FIRST LAST: the agent's test build on a machine of lies, once for each seed from FIRST to
# LAST: a netsh (lying_netsh.c), an iphlpapi (lies_model.c), a FormatMessage, a code page and a registry, all drawn from the seed. What
# was there before must be there after each run; what the run made must be gone, or named; and when the agent has started again beside
# an honest netsh, all is as before. A seed plays four of the scenarios that change the machine; with -a all of them. With -j as many
# share the seeds.
# AGENT is its build for this system, or the word wine: agent-model.exe under Wine, whose netsh.exe is the liar meanwhile.
# Exit status: 0 when all is as it should be; 1 when not. Where Wine cannot be had it says so and passes.
set -u

stops='' picks='1 2 3 4' jobs=1 flags=
while getopts xaj: option; do
    case $option in
    x) stops=yes flags="$flags -x" ;; # at the first failure
    a) picks='' flags="$flags -a" ;;
    j) jobs=$OPTARG ;;
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
        # shellcheck disable=SC2086  # words
        "$0" $flags "$agent" $((first + (last - first + 1) * job / jobs)) $((first + (last - first + 1) * (job + 1) / jobs - 1)) \
            >$said/$job 2>&1 &
        pids="$pids $!" job=$((job + 1))
    done
    # shellcheck disable=SC2064,SC2086  # those that run now
    trap "kill $pids 2>/dev/null" INT TERM HUP
    for pid in $pids; do wait "$pid" || worst=1; done
    cat $said/*
    exit $worst
}
[ "$jobs" -eq 1 ] || side_by_side

work=build/agent-lies/$(echo "$agent" | tr / -)-$first
. conformance/agent/tests/machine_of_lies.sh
count=$(wc -l <"$work/list")

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

# Rows that are there and were not before, each in ports that the agent has named.
unnamed() {
    reservations | while read -r protocol port count; do
        grep -q "^agent: $protocol $port-$((port + count - 1)) " "$machine/errors" || echo "reservation $protocol $port $count"
    done
    settled | comm -13 "$work/before" - | while read -r store protocol port count mark; do
        awk -v p="$port" -v c="$count" -v kind="$protocol-exclusion" '$1 == "agent:" && $2 == kind {
            split($3, ends, "-"); if (p >= ends[1] && p + c - 1 <= ends[2]) named = 1 } END { exit !named }' "$machine/errors" ||
            echo "$store $protocol $port $count $mark"
    done
}

seed=$first played=0 unsupported=0
while [ "$seed" -le "$last" ]; do
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
        NETSH_SEED=0 "$agent" run "$work/scenarios" --record "$machine/out-second" --store "$machine/store-second" --netsh \
            >"$work/said-second" 2>"$machine/errors-second" &
        second=$!
    fi
    (
        export NETSH_SEED="$seed" IPHLPAPI_SEED="$seed" SYSTEM_WORDS="$work/words" SYSTEM_REGISTRY="$work/registry"
        SYSTEM_CODE_PAGE=$(netsh page) && export SYSTEM_CODE_PAGE
        agent_on run "$work/scenarios" "$@"
    )
    [ -z "$second" ] || { wait $second; cat "$machine/errors-second" >>"$machine/errors"; }
    # What is not played shows nothing. A netsh that lies leaves most of it to be played all the same.
    tally=$(sed -n 's|^\([0-9]*\) played (.*, \([0-9]*\) unsupported, .*|\1 \2|p' "$work/said")
    played=$((played + ${tally% *})) unsupported=$((unsupported + ${tally#* }))
    check "seed $seed"
    stray=$(unnamed)
    [ -z "$stray" ] || fail "seed $seed: left and not named: $stray"
    [ ! -e "$machine/out-second/persistent.journal" ] ||
        fail "seed $seed: the second agent's journal still names: $(cat "$machine/out-second/persistent.journal")"
    check_end "seed $seed"
    seed=$((seed + 1))
done
echo "  seeds $first to $last: a machine that lies, $count scenarios that change it; $played plays, $unsupported not begun"
[ "$unsupported" -le "$played" ] || fail "most was not played"
exit $failed
