#!/bin/sh
# agent_model.sh [AGENT [PARTS]]: all scenarios through the agent's test build, which has the model behind its function table: marshalling,
# poisoned buffers, tokens, processes, what a host without the codes can never show. AGENT is its build for this system, such as
# build/sanitize/agent-model; without one it is agent-model.exe under Wine. The model's time is this system's here, so nearly all of the
# time goes into waiting, for a refused connection two seconds: PARTS (8) parts of the suite are played side by side, each by a machine
# of its own. Exit status: 0 when all conform; 1 when not; 2 when something is broken. Where Wine cannot be had it says so and passes.
set -u

agent=${1-build/wine-agent-model}
parts=${2-8}
[ $# -gt 0 ] || . .make/with_wine.sh
folder=build/agent-tests/$(echo "$agent" | tr / -)
rm -rf "$folder"
# What it has not made is the model's own here.
agent="$agent --by-name over-exclusion --by-name delete-foreign --by-name delete-unmarked"
accounts=$(sed -n 's/^user  *\([a-z0-9_]*\) is .*/\1/p' scenarios/*/*.scn | sort -u)

# play PART: each start of the agent is a boot of its modelled machine, whose persistent reservations are in a file: an agent, and so a
# machine, for each account. It restarts when the runner quits the agents, so the command has nothing to do.
play() {
    here=$folder/$1
    mkdir -p "$here"
    set -- --shard "$1/$parts" --host "$agent --store $here/unnamed.store"
    for account in $accounts; do set -- "$@" --host-as "$account=$agent --store $here/$account.store"; done
    build/reservoir run scenarios --on host "$@" --restart true --host-name agent-model --report text="$here/output" \
        --report tap="$here/report.tap" 2>"$here/errors"
    echo $? >"$here/status"
}

part=0
while [ $part -lt "$parts" ]; do
    part=$((part + 1))
    play $part &
done
wait

# "posix-0  8 runs: 6 conform, 2 unsupported" and "40 steps, 2 more were not sent" of each part, added up.
cat "$folder"/*/output | awk '
    $3 == "runs:" { for (i = 2; i < NF; i += 2) add($(i + 1), $i) }
    $2 ~ /^steps,?$/ { steps += $1; unsent += $3 }
    function add(word, count) {
        sub(/[:,]$/, "", word)
        if (!(word in sum)) order[++words] = word
        sum[word] += count
    }
    END {
        printf "  %d runs:", sum["runs"]
        for (i = 2; i <= words; i++) printf "%s %d %s", i == 2 ? "" : ",", sum[order[i]], order[i]
        printf "; %d steps, %d more were not sent\n", steps, unsent
    }'
worst=0
part=0
while [ $part -lt "$parts" ]; do
    part=$((part + 1))
    status=$(cat "$folder/$part/status")
    [ "$status" = 0 ] && continue
    [ "$status" -le "$worst" ] || worst=$status
    echo "  part $part of $parts: status $status"
    cat "$folder/$part/errors"
    grep '^not ok' "$folder/$part/report.tap"
done
exit $worst
