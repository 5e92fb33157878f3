#!/bin/bash
# machine.sh FOLDER OUT: everything that the agent does to a machine, on a machine that is thrown away: snapshot, check, a run that may
# change nothing, a run that may, one that is killed in the middle, giving up what is left, snapshot. FOLDER has scenarios/ and the
# agent. On GitHub's Windows machines Git's bash runs it; the tests run it under Wine, and beside a netsh that lies.
#     AGENT      how the agent is started (FOLDER/agent.exe)
#     OPTIONS    for each run besides
#     KILL_S     after so many seconds (8)
# Exit status: 0; 1 when something that lasts has changed, or a run broke.
set -u

folder=${1%/} out=$2
here=$(dirname "$0")
agent=${AGENT:-$folder/agent.exe}
options=${OPTIONS-}
status=0
mkdir -p "$out"

# agent FILE WORD...: what it says goes to a file. What it can be told is a list of words.
run_agent() {
    said=$out/$1
    shift
    # shellcheck disable=SC2086
    $agent "$@" $options >"$said" 2>&1 </dev/null
}
broke() {
    echo "NOT OK $*"
    status=1
}

"$here/snapshot.sh" "$out/before" || broke "the snapshot before"
run_agent check.txt check "$folder/scenarios" --record "$out/traces/admin" || broke "check: $(tail -n 3 "$out/check.txt")"
run_agent read-only.txt run "$folder/scenarios" --record "$out/traces-read-only" --read-only || broke 'the run that only reads'
run_agent admin.txt run "$folder/scenarios" --record "$out/traces/admin" --approximate || broke 'the run that may change things'

# shellcheck disable=SC2086
$agent run "$folder/scenarios" --record "$out/killed" --approximate $options >"$out/killed.txt" 2>&1 </dev/null &
victim=$!
sleep "${KILL_S:-8}"
kill -9 $victim 2>/dev/null && echo "killed after ${KILL_S:-8} s, at: $(tail -n 1 "$out/killed.txt")"
wait $victim 2>/dev/null

# What its start finds in the journal it deletes; that nothing waits for a restart is no failure.
for traces in "$out/traces/admin" "$out/killed"; do
    run_agent abandon.txt abandon "$folder/scenarios" --record "$traces"
    ! grep -q 'may still be there' "$out/abandon.txt" || broke "left: $(cat "$out/abandon.txt")"
    [ ! -e "$traces/persistent.journal" ] || broke "the journal still names: $(cat "$traces/persistent.journal")"
done
"$here/snapshot.sh" "$out/after" || broke "the snapshot after"
"$here/compare.sh" "$out/before" "$out/after" || status=1
tail -n 1 "$out/read-only.txt" "$out/admin.txt"
exit $status
