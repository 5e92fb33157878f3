#!/bin/sh
# judge.sh RESULTS OUT: on Debian, what Windows machines brought home: RESULTS/NAME/traces/admin or user for each. Writes OUT/NAME.json
# and OUT/summary.md, with the matrix of all. What deviates is news, and no failure.
# Exit status: 0; 2 when a result cannot be judged, or there is none.
set -u

results=$1 out=$2
status=0 runs=
mkdir -p "$out"
: >"$out/summary.md"
for traces in "$results"/*/traces/*/; do
    [ -d "$traces" ] || continue
    name=$(basename "$(dirname "$(dirname "$traces")")")-$(basename "$traces")
    build/reservoir run scenarios --on host --host-trace "${traces%/}" --quiet --reason "$name" \
        --report "json=$out/$name.json" --report "markdown=$out/$name.md"
    if [ $? -gt 1 ]; then
        echo "judge: $name cannot be judged" >&2
        status=2
        continue
    fi
    { echo "# $name"; cat "$out/$name.md"; } >>"$out/summary.md"
    runs="$runs $out/$name.json"
done
[ -n "$runs" ] || { echo "judge: no result can be judged below $results" >&2; exit 2; }
# shellcheck disable=SC2086 # a list
build/reservoir matrix --format markdown $runs >"$out/matrix.md" || status=2
cat "$out/matrix.md" >>"$out/summary.md"
# GitHub takes no more than a mebibyte. The matrix comes first: it has all that differs.
if [ -n "${GITHUB_STEP_SUMMARY-}" ]; then
    cat "$out/matrix.md" "$out/summary.md" | head -c 1000000 >>"$GITHUB_STEP_SUMMARY"
fi
exit $status
