#!/bin/sh
# agent_model.sh [AGENT]: all scenarios through the agent's test build, which has the model behind its function table: marshalling,
# poisoned buffers, tokens, processes, what a host without the codes can never show. AGENT is its build for this system, such as
# build/sanitize/agent-model; without one it is agent-model.exe under Wine. Exit status: 0 when all conform; 1 when not; 2 when
# something is broken. Where Wine cannot be had it says so and passes.
set -u

agent=${1-build/wine-agent-model}
[ $# -gt 0 ] || . .make/with_wine.sh
name=$(echo "$agent" | tr / -)
report=build/reports/$name.tap
mkdir -p build/reports
rm -f "$report"
# Each start of that program is a boot of its modelled machine, whose persistent reservations are in a file: an agent, and so a
# machine, for each account. It restarts when the runner quits the agents, so the command has nothing to do.
stores=build/agent-tests/$name
rm -rf "$stores" && mkdir -p "$stores"
set -- --host "$agent --store $stores/unnamed.store"
for account in $(sed -n 's/^user  *\([a-z0-9_]*\) is .*/\1/p' scenarios/*/*.scn | sort -u); do
    set -- "$@" --host-as "$account=$agent --store $stores/$account.store"
done
build/reservoir run scenarios --on host "$@" --restart true --host-name agent-model --report text="$stores/output" \
    --report tap="$report" 2>"$stores/errors"
status=$?
sed -n '/^Summary/,/steps/p' "$stores/output" | grep '[0-9]'
[ $status -eq 0 ] || { cat "$stores/errors"; grep '^not ok' "$report"; }
exit $status
