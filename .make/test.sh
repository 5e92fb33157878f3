#!/bin/sh
# test.sh: all tests after the build, one part after the other, and a closing summary. `make test` runs it.
# Every part runs, whatever the ones before it said. Exit status: 0 when all passed, else 1.
set -u

parts=0
failed=

part() {
    title=$1
    shift
    parts=$((parts + 1))
    printf '\n== %s\n' "$title"
    "$@" || failed="$failed
    $title"
}

part 'Unit tests' build/gcc/unit
part 'Unit tests, 32-bit' build/m32/unit
part 'The build' .make/tests/build.sh
part 'What is installed' .make/tests/install.sh
part 'Open questions go by their names' .make/tests/questions.sh
part 'Functions are asked what the catalogue knows' .make/tests/catalogue.sh
part 'Mutants are drawn by their seed' .make/tests/mutants.sh
part 'Style' .make/tidy.sh
part 'Style is noticed' .make/tests/tidy.sh
part 'Traces and packets of four builds' .make/traces_compare.sh
part 'Captures, as tshark reads them' .make/tests/captures.sh
# What Wine answered when its traces were recorded, judged anew: a change of the model that no longer allows it shows.
part 'Recorded traces of Wine, judged' build/reservoir run scenarios --on host \
    --host-trace scenarios/hosts/wine-8.0/traces --report tap=build/recorded.tap
# TAP that Debian's own harness does not read is none.
if command -v prove >/dev/null; then part 'TAP, as prove reads it' prove -e cat build/recorded.tap; fi
part "Windows' constants and layouts" stack/sdk/tests/compare.sh
# The model behind the agent's function table: every success path of the agent, on this system and under Wine.
part 'The agent on the model' conformance/agent/tests/agent_all.sh build/gcc/agent-model
part 'The model as a plug-in' conformance/provider/tests/plugin.sh
part 'The agent beside a netsh that lies' conformance/agent/tests/agent_lies.sh build/gcc/agent-model 1 12
part 'The agent is killed at one place in 401' conformance/agent/tests/agent_lies.sh -k 401 build/gcc/agent-model 7 7
part 'A second provider, and three of its faults' conformance/layered/tests/faults.sh associate_ignored wrong_error explicit_outside
part 'A provider in an afternoon' conformance/skeleton/tests/afternoon.sh
part 'Ctrl-C in make conform' .make/tests/interrupt.sh
part 'The agent on the model, under Wine' conformance/agent/tests/agent_model.sh
part 'Restarts of a machine, under Wine' conformance/agent/tests/agent_restart.sh
part 'What the agent leaves on a machine, under Wine' conformance/agent/tests/agent_journal.sh
part 'What the agent says before it plays, under Wine' conformance/agent/tests/agent_check.sh

echo
if [ -n "$failed" ]; then
    echo "make test: failed:$failed"
    exit 1
fi
echo "make test: all $parts parts passed."
