#!/bin/sh
# coverage.sh: runs the unit tests and all scenarios on the coverage build, then reports lines, functions, branches:
#     text on the terminal and in build/coverage/summary.txt    lcov
#     build/coverage/html/index.html                            genhtml
#     build/coverage/cobertura.xml                              grcov
# Run from the top of the tree; `make coverage` does so. Exit status: 0; 1 tests failed or the reports disagree.
set -eu

out=build/coverage
objects=$out/objects
data=$out/lcov/reservoir.info

find "$objects" -name '*.gcda' -exec rm -f {} +
rm -rf "$out/html" "$out/lcov"
mkdir -p "$out/lcov"

status=0
"$out/unit" >"$out/unit.txt" || { status=1; cat "$out/unit.txt"; }
"$out/reservoir" run scenarios --on model >"$out/run.txt" 2>&1 || { status=1; tail -n 20 "$out/run.txt"; }

# lcov prints warnings of Perl that mean nothing; they are kept in a file.
quietly() { "$@" 2>>"$out/lcov/warnings.txt"; }
branches='--rc lcov_branch_coverage=1'
# shellcheck disable=SC2086  # two words on purpose
{
    quietly lcov $branches -q -c -d "$objects" -b . -o "$data.all"
    quietly lcov $branches -q -r "$data.all" '/usr/*' '*/tests/*' '*/build/*' -o "$data"
    quietly lcov $branches --list "$data" >"$out/summary.txt"
    quietly lcov $branches --summary "$data" >>"$out/summary.txt" 2>&1
}
cat "$out/summary.txt"
quietly genhtml -q --branch-coverage -o "$out/html" "$data" >/dev/null

# grcov reads the compiler's files, not lcov's: it would count branches of an .info that were never taken as taken,
# and it silently merges every .info below the folder that it is given. So it gets the folder of objects alone.
grcov "$objects" -s . -t cobertura --branch --ignore '/usr/*' --ignore '*/tests/*' --ignore 'build/*' \
    -o "$out/cobertura.xml"

lcov_branches=$(awk -F: '/^BRF:/ { found += $2 } /^BRH:/ { hit += $2 } END { print hit + 0 "/" found + 0 }' "$data")
grcov_branches=$(sed -n 's/.*<coverage [^>]*branches-covered="\([0-9]*\)"[^>]*branches-valid="\([0-9]*\)".*/\1\/\2/p' \
    "$out/cobertura.xml")
echo "HTML: $out/html/index.html   Cobertura: $out/cobertura.xml"
if [ "$lcov_branches" != "$grcov_branches" ]; then
    echo "Branches: lcov counts $lcov_branches, grcov $grcov_branches"
    status=1
fi
exit $status
