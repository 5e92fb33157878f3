#!/usr/bin/env bash
# test.sh: all tests after the build, side by side (parts.sh), and a closing summary. `make test` runs it.
# Resources: `wine` are Wine prefixes: the tree's, and, where this system allows networks of our own, two copies of it in such ones;
# `ports` are this system's own ports.
# Every part runs, whatever others said. Exit status: 0 when all passed, else 1.
set -u

. .make/parts.sh

agent=conformance/agent/tests
wines=3
.make/own_network.sh true || wines=1

# in_wine COMMAND...: with the prefix that the part has. Each part with a copy stops its server, as with the tree's own.
in_wine() {
    if [ "$PART_UNIT" = 1 ]; then "$@"; else .make/own_network.sh .make/wine.sh in "wine.tests-$PART_UNIT" "$@"; fi
}
# The longest chains first. The model behind the agent's function table: every success path of the agent, on this
# system and under Wine.
part waits:wine/$wines 'The agent on the model, under Wine' in_wine $agent/agent_model.sh
part waits 'The agent on the model' $agent/agent_model.sh build/gcc/agent-model
part works 'Unit tests, 32-bit' .make/tests/m32.sh
part works 'Unit tests' build/gcc/unit
part works 'Windows programs on the model' sim/program/tests/programs.sh
part waits:ports 'A provider in an afternoon' conformance/skeleton/tests/afternoon.sh
part waits 'What the agent leaves on a machine' $agent/agent_journal.sh build/gcc/agent-model
part waits:wine/$wines 'What the agent leaves on a machine, under Wine' in_wine $agent/agent_journal.sh
part waits:wine/$wines 'A second provider as a DLL, and three of its faults, under Wine' in_wine \
    env LAYERED=build/layered-provider.dll conformance/layered/tests/faults.sh associate_ignored bytes_eight routine_lost
part waits:wine/$wines "A stranger's ten minutes, under Wine" in_wine .make/tests/dist.sh
part waits 'The model as a plug-in' conformance/provider/tests/plugin.sh
part waits 'A provider dies inside its lock' conformance/provider/tests/deaths.sh
part works 'Threads of a program that loads the plug-in' conformance/provider/tests/threads.sh
part waits:wine/$wines 'What a plug-in does not have' in_wine conformance/provider/tests/not_modelled.sh
part waits:wine/$wines 'The model as a DLL, under Wine' in_wine conformance/provider/tests/plugin.sh build/reservoir-provider.dll \
    acquire associate cancel overlapped ports
part waits 'Restarts of a machine' $agent/agent_restart.sh build/gcc/agent-model
part waits:wine/$wines 'The workflows' in_wine .make/tests/workflows.sh
part waits:wine/$wines 'Traces and packets of several builds' in_wine .make/traces_compare.sh clang-O3 m32 windows
part works 'Captures, one in eight, as Wireshark reads them' .make/tests/captures.sh 8
part works 'The agent is killed at one place in 1999' $agent/agent_deaths.sh -r build/gcc/agent-model 1999 7
part waits:wine/$wines 'Restarts of a machine, under Wine' in_wine $agent/agent_restart.sh
part waits:wine/$wines 'What the agent says before it plays, under Wine' in_wine $agent/agent_check.sh
part waits:wine/$wines "Wine's answers under two dynamic ranges" in_wine $agent/wine_ranges.sh scenarios/control scenarios/sharing
part waits 'What the agent says before it plays' $agent/agent_check.sh build/gcc/agent-model
part waits:wine/$wines,ports 'Ctrl-C in make conform' in_wine .make/tests/interrupt.sh
part works 'Several agents say what one says' .make/tests/agents.sh
part works 'The build' .make/tests/build.sh
part works 'What is installed' .make/tests/install.sh
part works 'What our headers declare of the real ones' sim/program/tests/declared.sh
part works 'Style is noticed' .make/tests/tidy.sh
part works "Windows' constants and layouts" stack/sdk/tests/compare.sh
part waits 'Parts side by side' .make/tests/parts.sh
part works 'Style' .make/tidy.sh
part works 'The agent beside a netsh that lies' $agent/agent_lies.sh build/gcc/agent-model 1 12
part waits:ports 'A second provider, and three of its faults' conformance/layered/tests/faults.sh \
    associate_ignored wrong_error explicit_outside
part waits:wine/$wines 'A second provider above another, under Wine' in_wine conformance/layered/tests/below.sh
part waits:wine/$wines,ports 'The packets of a second provider' in_wine conformance/layered/tests/wire.sh
part works 'Open questions go by their names' .make/tests/questions.sh
part works 'Functions are asked what the catalogue knows' .make/tests/catalogue.sh
part works 'Windows exports what the catalogue says' .make/tests/exports.sh
part works 'Options and codes by kind, state and length' .make/tests/options.sh
part works 'Lines of benchmarks' .make/tests/bench.sh
part works 'Mutants are drawn by their seed' .make/tests/mutants.sh
# What Wine answered when its traces were recorded, judged anew: a change of the model that no longer allows it shows.
part works 'Recorded traces of Wine, judged' build/reservoir run scenarios --on host \
    --host-trace scenarios/hosts/wine-8.0/traces --unseen scenarios/hosts/wine-8.0/unseen --quiet
# Hosts that are recorded now and then: what they have not played is `unsupported (no trace recorded)`, which is no failure.
for host in $(.make/hosts.sh list); do
    part works "Recorded traces of $host, judged" build/reservoir run scenarios --on host --quiet \
        --host-trace "scenarios/hosts/$host/traces" --unseen "scenarios/hosts/$host/unseen"
done
# Every scenario by event, routine, port and polling, and cancelled: the same answers, but for rules with sources.
part works 'The same by every mode of completion' build/reservoir modes
part works 'The same by every mode, as documented' build/reservoir modes --profile documented
part works "Reports, as others' tools read them" .make/tests/reports.sh

run_parts 'make test'
