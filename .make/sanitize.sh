#!/usr/bin/env bash
# sanitize.sh: the unit tests and the agent on the model, under the address and undefined-behaviour sanitizers, side by
# side. Run from the top of the tree; `make sanitize` does so. Exit status: 0 when all passed, else 1.
set -u

. .make/parts.sh

agent=build/sanitize/agent-model
# Half of the unit tests' time is one suite's.
part works 'Unit tests: all scenarios' build/sanitize/unit 'all scenarios'
part works 'Unit tests: all others' build/sanitize/unit --not 'all scenarios' 'command line: the program'
for test in model restart journal check; do
    part waits "The agent: agent_$test.sh" conformance/agent/tests/agent_$test.sh $agent
done
run_parts 'make sanitize'
