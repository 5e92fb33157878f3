#!/usr/bin/env bash
# coverage.sh: runs the unit tests, all scenarios, and the agent's test build on the coverage build, then reports lines,
# functions, branches:
#     text on the terminal and in build/coverage/summary.txt    lcov
#     build/coverage/html/index.html                            genhtml
#     build/coverage/cobertura.xml                              grcov
# MIN_LINES and MIN_BRANCHES (environment, per cent; 94 and 81 without) are the least that will do.
#
# Assertions are not counted as branches, and a line that says that it is never reached (assert(!"why")) not at all: their
# other side is a bug of ours, and no test should take it.
# Run from the top of the tree; `make coverage` does so. Exit status: 0; 1 tests failed, too little is covered, or the
# reports disagree.
set -eu

. .make/parts.sh

out=build/coverage
objects=$out/objects
data=$out/lcov/reservoir.info
assertion='^\s*(static_)?assert\(|^\s*_Static_assert'
unreachable='assert\(!"'

find "$objects" -name '*.gcda' -exec rm -f {} +
rm -rf "$out/html" "$out/lcov"
mkdir -p "$out/lcov"

# Programs that end at once add to one file of counts each in turn: they lock it.
status=0
part waits 'The agent: agent_model.sh' conformance/agent/tests/agent_model.sh $out/agent-model
part works 'Unit tests' $out/unit --not 'command line: the program'
part waits 'The agent: agent_journal.sh' conformance/agent/tests/agent_journal.sh $out/agent-model
part waits 'The agent: agent_restart.sh' conformance/agent/tests/agent_restart.sh $out/agent-model
part waits 'The agent: agent_check.sh' conformance/agent/tests/agent_check.sh $out/agent-model
part works 'The scenarios, traces as gcc -O2 has them' .make/traces_compare.sh coverage
run_parts 'make coverage: what is counted' || status=1

# lcov prints warnings of Perl that mean nothing; they are kept in a file.
quietly() { "$@" 2>>"$out/lcov/warnings.txt"; }
counting() {
    command=$1
    shift
    quietly "$command" --rc lcov_branch_coverage=1 --rc lcov_excl_br_line="$assertion" --rc lcov_excl_line="$unreachable" "$@"
}
# Where grcov fails, or waits for ever, lcov's figures stand by themselves.
# It reads the compiler's files, not lcov's: it would count branches of an .info that were never taken as taken,
# and it silently merges every .info below the folder that it is given. So it gets the folder of objects alone.
by_grcov() {
    GCOV=$PWD/.make/gcov.sh timeout 120 grcov "$objects" -s . -t cobertura --branch --excl-br-line "$assertion" --excl-line "$unreachable" \
        --ignore '/usr/*' --ignore '*/tests/*' --ignore 'build/*' -o "$out/cobertura.xml"
}
by_grcov &
counting lcov -q -c -d "$objects" -b . -o "$data.all"
counting lcov -q -r "$data.all" '/usr/*' "$PWD/*/tests/*" "$PWD/build/*" -o "$data"
counting genhtml -q --branch-coverage -o "$out/html" "$data" >/dev/null &
counting lcov --list "$data" >"$out/summary.txt"
counting lcov --summary "$data" >>"$out/summary.txt" 2>&1
cat "$out/summary.txt"
by_both=yes
wait %1 || by_both=no
wait %2

# counted PREFIX: HIT/FOUND of lcov's records.
counted() { awk -F: -v f="^$1F:" -v h="^$1H:" '$0 ~ f { found += $2 } $0 ~ h { hit += $2 } END { print hit + 0 "/" found + 0 }' "$data"; }
lines=$(counted L)
branches=$(counted BR)
if [ $by_both = no ]; then
    echo "grcov failed: no Cobertura report, and nothing to compare with"
else
    grcov_branches=$(sed -n 's/.*<coverage [^>]*branches-covered="\([0-9]*\)"[^>]*branches-valid="\([0-9]*\)".*/\1\/\2/p' \
        "$out/cobertura.xml")
    if [ "$branches" != "$grcov_branches" ]; then
        echo "Branches: lcov counts $branches, grcov $grcov_branches"
        status=1
    fi
fi

# enough WHAT HIT/FOUND LEAST
enough() {
    echo "$1 $2 $3" | awk '{ split($2, n, "/"); share = n[2] == 0 ? 0 : 100 * n[1] / n[2]
        printf "%-9s %5.1f %% (%s), at least %s %%\n", $1, share, $2, $3; exit share < $3 }' || status=1
}
enough lines "$lines" "${MIN_LINES:-94}"
enough branches "$branches" "${MIN_BRANCHES:-81}"
[ $status -eq 0 ] || echo "coverage: a test failed, or too little is covered" >&2
echo "HTML: $out/html/index.html   Cobertura: $out/cobertura.xml"
exit $status
