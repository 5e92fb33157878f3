#!/bin/sh
# errands.sh: each fault of conformance/mutants/errands/io.txt is planted in stack/io/, one at a time, and random errands are run
# on that model until they notice (stack/io/tests/errands.h): by their ledger, or by an assertion of the model. Run from the top
# of the tree; `make soak` and `make mutants` do so, with build/gcc built. Exit status: 0 each fault was noticed; 1 one was not; 2 the list
# is wrong, a fault does not compile, or the unchanged model fails.
set -u

lists=conformance/mutants
out=build/mutants-errands
sequences=100000
# shellcheck source=conformance/mutants/play.sh
. $lists/play.sh

driver=$(ls build/gcc/objects/stack/io/tests/errands*.o build/gcc/objects/stack/io/tests/soak_errands.o build/gcc/objects/stack/io/tests/held.o build/gcc/objects/stack/io/tests/owed.o)

# shellcheck disable=SC2086  # libraries and driver are several words
run() { # NAME [OBJECT]: what was seen
    gcc $driver ${2-} build/gcc/libreservoir.a $libraries -o "$out/$1" 2>"$out/$1.log" || return 3
    timeout 60 "$out/$1" $sequences >"$out/$1.said" 2>"$out/$1.log" </dev/null
}

rm -rf "$out"
mkdir -p "$out"
cp -R stack "$out"
awk -v out="$out" -f $lists/mutants.awk $lists/errands/io.txt >"$out/plan" || exit 2
run unchanged || { echo "errands.sh: the unchanged model fails: $(cat "$out/unchanged.said" "$out/unchanged.log")" >&2; exit 2; }
sed 's/^/  /' "$out/unchanged.said"

missed=0
for name in $(cut -f 1 "$out/plan"); do
    compile "$out/$name.c" "$out/$name.o" 2>"$out/$name.log" || { head -n 5 "$out/$name.log" >&2; exit 2; }
    status=0
    run "$name" "$out/$name.o" || status=$?
    case $status in
    0) noticed='NOT NOTICED' missed=$((missed + 1)) ;;
    1) noticed=$(cat "$out/$name.said") ;;
    3) head -n 5 "$out/$name.log" >&2; exit 2 ;;
    124) noticed='no end after a minute' ;;
    *) noticed=$(failed_assertion "$out/$name.log") ;;
    esac
    printf '  %-30s %s\n' "$name" "${noticed:-ended by a signal}"
done
total=$(wc -l <"$out/plan")
echo "  $((total - missed)) of $((total)) faults noticed"
[ $missed -eq 0 ]
