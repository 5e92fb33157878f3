#!/bin/sh
# agent_restart.sh [AGENT]: scenarios with `reboot` through the agent's test build, whose modelled machine keeps its store in a file
# and boots when the program starts: stopped, recorded and resumed, which has to give the traces of a run that restarts
# the machine itself; and given up. AGENT is its build for this system; without one it is agent-model.exe under Wine. Exit status: 0;
# 1 when something else came out. Where Wine cannot be had it says so and passes.
set -u

program=${1-build/wine-agent-model}
folder=build/agent-restart/$(echo "$program" | tr / -)
agent="$program --store $folder/machine.store"
scenarios=$(grep -l '^reboot' scenarios/*/*.scn)
status=0

fail() {
    echo "agent_restart.sh: $*"
    status=1
}

# expect STATUS WHAT...: reservoir WHAT...; what it printed is shown if it ended otherwise.
expect() {
    wanted=$1
    shift
    build/reservoir "$@" >$folder/output 2>&1
    got=$?
    [ $got -eq "$wanted" ] || { fail "reservoir $*: status $got, expected $wanted:"; cat $folder/output; }
}

# shellcheck disable=SC2086 # the scenarios are words
run() { expect 0 run $scenarios --on host --host "$agent" --host-as "admin=$agent" --host-name agent-model "$@"; }

# Live values behind #~ differ from run to run.
copy_without_live_values() {
    (cd "$1" && find . -name '*.trace') | while read -r trace; do
        mkdir -p "$2/$(dirname "$trace")"
        sed 's/ *#~.*//' "$1/$trace" >"$2/$trace"
    done
}

[ $# -gt 0 ] || . .make/with_wine.sh
rm -rf $folder
mkdir -p $folder

run --record $folder/whole --restart true
run --record $folder/parted
stopped=$(grep -l '^# restart: ' $folder/parted/*/*.trace | wc -l)
[ "$stopped" -gt 0 ] || fail "nothing stopped at a restart"
# A scenario with two restarts stops twice.
for restart in 1 2; do
    [ ! -e $folder/parted/resume ] || expect 0 resume $folder/parted
done
grep -l '^# restart: ' $folder/parted/*/*.trace && fail "these have not been finished"
[ ! -e $folder/parted/resume ] || fail "$folder/parted/resume is still there"
copy_without_live_values $folder/whole $folder/whole-told
copy_without_live_values $folder/parted $folder/parted-told
diff -r $folder/whole-told $folder/parted-told || fail "the traces of both ways differ"

run --record $folder/abandoned
expect 0 resume $folder/abandoned --abandon
expect 2 resume $folder/abandoned
[ ! -e $folder/machine.store.journal ] || fail "the journal still tells of something: $(cat $folder/machine.store.journal)"

[ $status -ne 0 ] || echo "  $stopped instances stopped at a restart and went on; a run that restarts by itself gives the same traces"
exit $status
