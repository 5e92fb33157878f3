#!/bin/sh
# agent_model.sh: all scenarios through the agent's test build, which has the model behind its function table, under Wine.
# Marshalling, poisoned buffers, tokens, processes: what a host without the codes can never show. Exit status: 0 when all
# conform; 1 when not; 2 when something is broken. Where Wine cannot be had it says so and passes.
set -u

if ! .make/wine.sh start; then
    echo "No Wine here: not run."
    exit 0
fi
# What Wine leaves running holds our standard error open: whoever reads it to its end would wait for ever.
trap '.make/wine.sh stop' EXIT
mkdir -p build/reports
rm -f build/reports/agent-model.tap
# Each start of that program is a boot of its modelled machine, whose persistent reservations are in a file: an agent, and so a
# machine, for each account. It restarts when the runner quits the agents, so the command has nothing to do.
stores=build/agent-model
rm -rf "$stores" && mkdir -p "$stores"
set -- --host "build/wine-agent-model --store $stores/nobody.store"
for account in $(sed -n 's/^user  *\([a-z0-9_]*\) is .*/\1/p' scenarios/*/*.scn | sort -u); do
    set -- "$@" --host-as "$account=build/wine-agent-model --store $stores/$account.store"
done
build/reservoir run scenarios --on host "$@" --restart true --host-name agent-model --report tap=build/reports/agent-model.tap
status=$?
grep -c '^ok ' build/reports/agent-model.tap | sed 's/$/ instances conform or cannot be played by an agent/'
[ $status -eq 0 ] || grep '^not ok' build/reports/agent-model.tap
exit $status
