#!/bin/sh
# soak.sh ANSWERS SECONDS SEQUENCES SEEDS: what takes long. `make soak` runs it.
#   1. ANSWERS altered or nonsense answers through the judge, and as recordings of a host, under the sanitizers
#   2. every scenario with every question open: 200 seeds, and two readings at once; the judge has to allow all
#   3. 10,000 conversations over links that lose, repeat, damage and delay packets and are cut
#   4. SEQUENCES random sequences of overlapped errands under the sanitizers, ten times as many without, and faults planted
#      in what delivers completions, each of which they have to notice
#   5. every scenario that changes a machine, beside a netsh that lies: SEEDS seeds on this system, 20 under Wine
#   6. the agent killed at every place where it can be, in each of those scenarios
#   7. faults planted in what guards a machine from the agent, each of which a test has to notice
#   8. plug-ins and layered providers as DLLs under Wine, the archive under other Wines, all scenarios under two dynamic ranges
#   9. every capture of the suite, as Wireshark reads it
#  10. every fuzzing program for SECONDS
# Every part runs, whatever the ones before it said. Exit status: 0 when all passed, else 1.
set -u

answers=$1
seconds=$2
sequences=$3
seeds=$4
agent=conformance/agent/tests
failed=

part() {
    title=$1
    shift
    printf '\n== %s\n' "$title"
    "$@" || failed="$failed
    $title"
}

part "$answers altered answers" build/sanitize/soak_answers "$answers" 20261126
part 'The judge allows what the model does' build/sanitize/soak_own_traces 200
part '10000 conversations over links that fail' build/sanitize/soak_links 10000
part "$sequences sequences of overlapped errands" build/sanitize/soak_errands "$sequences"
part "${sequences}0 sequences of overlapped errands, without sanitizers" build/gcc/soak_errands "${sequences}0"
part 'Faults in completions are noticed' conformance/mutants/errands.sh
part "A netsh that lies, $seeds seeds" $agent/agent_lies.sh -a -j "$(nproc)" build/gcc/agent-model 1 "$seeds"
part 'A netsh that lies, 20 seeds under Wine' $agent/agent_lies.sh wine 1 20
part 'The agent is killed at every place' $agent/agent_deaths.sh -j "$(nproc)" build/gcc/agent-model 97 7
part "Faults in the agent's guards are noticed" $agent/agent_guards.sh
part 'The model as a DLL, under Wine' conformance/provider/tests/plugin.sh build/reservoir-provider.dll
part 'Faults of a second provider, under Wine' env LAYERED=build/layered-provider.dll conformance/layered/tests/faults.sh
part "A stranger's ten minutes, under Wine 10.0" .make/tests/dist.sh wine-10.0
part "A stranger's ten minutes, under Wine 5.0.3" .make/tests/dist.sh wine-5.0.3
part "Wine's answers under two dynamic ranges" $agent/wine_ranges.sh
part 'Captures, as Wireshark reads them' .make/tests/captures.sh
# shellcheck disable=SC2046  # one word for each program
part 'Random input' .make/fuzz.sh "$seconds" $(cat build/fuzz/programs)

echo
if [ -n "$failed" ]; then
    echo "make soak: failed:$failed"
    exit 1
fi
echo "make soak: all parts passed."
