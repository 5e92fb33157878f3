#!/bin/sh
# agent_guards.sh [LINE...]: faults planted in the agent's guards (guards.tsv), one at a time, in a copy of the tree: does a test notice?
# The test that each line names has to. With numbers only those lines.
# agent_guards.sh places: does each fault still find its place in the sources? Nothing is built.
# Exit status: 0 when each fault is noticed, or finds its place; 1 when not.
set -u

tree=build/agent-guards
here=$PWD
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z | xargs -0 cp --parents -t "$tree"
cd "$tree" || exit 1

made() { make --no-print-directory build/gcc/agent-model build/gcc/unit build/gcc/keep_states build/gcc/lying/netsh build/reservoir >made 2>&1; }
# tried TEST: does it pass?
tried() {
    case $1 in
    unit) # the agent's suites
        sed -n 's/.*CU_add_suite("\([^"]*\)".*/\1/p' conformance/agent/tests/test_*.c |
            timeout 300 xargs -d '\n' build/gcc/unit >said 2>&1 && grep -q 'asserts .* 0 *n/a' said ;;
    lies) timeout 600 conformance/agent/tests/agent_lies.sh -x build/gcc/agent-model 1 60 >said 2>&1 ;;
    deaths) timeout 900 conformance/agent/tests/agent_deaths.sh -x build/gcc/agent-model 97 7 \
        scenarios/persistent/two-users.scn scenarios/netsh/add-active.scn >said 2>&1 ;;
    check) timeout 480 conformance/agent/tests/agent_check.sh build/gcc/agent-model >said 2>&1 ;;
    journal) timeout 480 conformance/agent/tests/agent_journal.sh -x build/gcc/agent-model >said 2>&1 ;;
    *) echo "guards.tsv: $1 is no test" && exit 2 ;;
    esac
}

places=
if [ "${1-}" = places ]; then
    places=yes
    shift
else
    made || { cat made; exit 1; }
fi
faults=0 missed=0
number=0
while IFS= read -r line; do
    number=$((number + 1))
    case $line in '#'* | '') continue ;; esac
    [ $# -eq 0 ] || case " $* " in *" $number "*) ;; *) continue ;; esac
    file=conformance/agent/$(printf '%s' "$line" | cut -f1)
    test=$(printf '%s' "$line" | cut -f2)
    faults=$((faults + 1))
    cp "$here/$file" "$file"
    FAULT=$line perl -0pi -e 'my (undef, undef, $find, $put) = split /\t/, $ENV{FAULT}; s/\\n/\n/g, s/\\\n/\\n/g for $find, $put;
        my $at = index $_, $find; exit 3 if $at < 0; substr($_, $at, length $find) = $put // ""' "$file"
    cmp -s "$here/$file" "$file" && { echo "guards.tsv:$number: this does not stand in $file"; missed=$((missed + 1)); continue; }
    if [ -n "$places" ]; then
        cp "$here/$file" "$file"
        continue
    fi
    made || { cat made; exit 1; } # it must compile: the compiler is no test of the guard
    tried "$test"
    case $? in # a test that took too long has noticed nothing
    0) verdict='NOT NOTICED' missed=$((missed + 1)) ;;
    124) verdict='TOO SLOW' missed=$((missed + 1)) ;;
    *) verdict=noticed ;;
    esac
    printf '%-12s guards.tsv:%s %s, by %s\n' "$verdict" "$number" "$file" "$test"
    cp "$here/$file" "$file"
done <conformance/agent/tests/guards.tsv
if [ -n "$places" ]; then
    echo "$faults faults in the agent's guards, $missed of them without a place"
else
    echo "$faults faults in the agent's guards, $missed of them not noticed"
fi
[ "$missed" -eq 0 ]
