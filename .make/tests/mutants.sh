#!/bin/sh
# mutants.sh: mutants are drawn by their seed alone. Two draws of one seed are the same, a smaller number is the first of a larger, another
# seed draws others, and each copy differs from its source in the lines that the plan names and in no others. Every mutant of a list still
# finds its place in the sources, and every fault of the agent's guards. A run is asked about the mutants that it comes to.
# Run from the top of the tree. Exit status: 0 all true; 1 not.
set -u

work=build/mutants-drawn
status=0
rm -rf $work
mkdir -p $work/one $work/two
files=$(find stack -name '*.c' ! -path '*/tests/*' ! -path '*/bench/*' | LC_ALL=C sort)

complain() {
    echo "  $1"
    status=1
}

# draw NUMBER SEED FOLDER
draw() {
    # shellcheck disable=SC2086  # a word for each file
    awk -v number="$1" -v seed="$2" -v out="$work/$3" -f conformance/mutants/random.awk $files >"$work/$3/plan"
}

draw 200 3 one
draw 50 3 two
[ "$(wc -l <$work/one/plan)" -eq 200 ] || complain 'fewer were drawn than asked for'
head -n 50 $work/one/plan | cmp - $work/two/plan || complain 'the first 50 of seed 3 are not always the same'
draw 50 4 two
[ "$(cut -f 3- $work/one/plan $work/two/plan | LC_ALL=C sort | uniq -d | wc -l)" -lt 10 ] || complain 'seed 4 draws what seed 3 draws'

# The first line of a copy says where it is from, so that its numbers are those of the source.
while IFS="$(printf '\t')" read -r name kind file line rest; do
    [ "$(head -n 1 "$work/one/$name.c")" = "#line 1 \"$file\"" ] || complain "$name does not say where it is from"
    first=$(sed 1d "$work/one/$name.c" | diff "$file" - | sed -n 's/^\([0-9]*\)[,0-9]*c.*/\1/p')
    [ "$first" = "$line" ] || complain "$name ($kind) changes line ${first:-none} of $file, not $line: $rest"
done <$work/one/plan

# A source that changed takes its mutants along: each of a list is planted in a copy, and none is compiled.
planted=0
for list in conformance/mutants/*.txt conformance/mutants/errands/*.txt; do
    rm -rf $work/planted
    mkdir -p $work/planted
    cp -r stack $work/planted
    awk -v out=$work/planted -f conformance/mutants/mutants.awk "$list" >$work/plan 2>$work/wrong || complain "$(cat $work/wrong)"
    planted=$((planted + $(wc -l <$work/plan)))
done
[ "$planted" -gt 0 ] || complain 'the lists plant nothing'
conformance/agent/tests/agent_guards.sh places || complain "a fault of the agent's guards has no place"

# What is known of a fault is known of a text that is there.
stale=$(grep -v '^#' conformance/mutants/random.tsv | while IFS="$(printf '\t')" read -r _ file function text _; do
    tr '\n' ' ' <"$file" | tr -s ' ' | grep -q -F -e "$text" || echo "random.tsv: $file has no longer, in $function: $text"
done)
[ -z "$stale" ] || complain "$stale"

# Two runs of a small program, counted as reach.sh counts: 1 calls never_by_two(), 2 calls chosen() and takes the default.
mkdir -p $work/reach/stack
cat >$work/reach/stack/small.c <<'SMALL'
#include <stdlib.h>

static int never_by_two(int value) {
    return value + 2;
}

static const int table[] = {
    1, 5,
};

static int chosen(int value) {
    static const int weight[] = {
        3,
    };
    switch (value) {
    case 3: return weight[0];
    default: return weight[0] +
                    value;
    }
}

int main(int count, char **arguments) {
    (void)arguments;
    if (count < 2 &&
        table[0] == 1)
        return never_by_two(table[1]);
    return chosen(table[1]);
}
SMALL
tr '|' '\t' >$work/reach/plan <<'PLAN'
in-one|flip|stack/small.c|4|never_by_two
in-table|number|stack/small.c|8|never_by_two
in-weight|number|stack/small.c|13|chosen
label|number|stack/small.c|16|chosen
both-lines|flip|stack/small.c|18|chosen
both-runs|flip|stack/small.c|24|main
PLAN
cat >$work/reach/right <<'RIGHT'
both-lines.asked: 2
both-runs.asked: 1 2
in-one.asked: 1
in-table.asked: 1 2
in-weight.asked: 2
label.asked: 2
RIGHT
printf '1\trun\t1\n2\trun\t2\n' >$work/reach/asked
lists=$PWD/conformance/mutants
(
    cd $work/reach && gcc -O0 --coverage -c stack/small.c -o small.o && gcc --coverage small.o -o small || exit
    gcov -t small.gcno 2>/dev/null | awk -v all=yes -f "$lists/reached_lines.awk" >counted
    for run in 1 2; do
        rm -f small.gcda
        # shellcheck disable=SC2046  # the second has an argument
        ./small $([ $run = 1 ] || echo more)
        gcov -t small.gcda 2>/dev/null | awk -f "$lists/reached_lines.awk" >$run.lines
    done
    awk -F '\t' -f "$lists/reach.awk" asked stack/small.c counted plan 1.lines 2.lines
    for file in *.asked; do echo "$file: $(cut -f 2 "$file" | tr '\n' ' ' | sed 's/ $//')"; done | diff right -
) || complain 'not those are asked who come to a mutant'

echo "  $planted mutants of lists, each in its place"
echo "  200 mutants drawn from $(awk -v list=yes -f conformance/mutants/random.awk $files | awk '{ sum += $1 } END { print sum }') places"
rm -rf $work
exit $status
