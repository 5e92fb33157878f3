#!/bin/sh
# agent_all.sh AGENT: the four tests of the agent's test build, on this system. Each runs, whatever the ones before it said.
# Exit status: 0 when all passed, else 1.
set -u

status=0
for test in agent_model agent_restart agent_journal agent_check; do
    conformance/agent/tests/$test.sh "$1" || status=1
done
exit $status
