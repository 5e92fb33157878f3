#!/bin/sh
# mutants.sh: mutants are drawn by their seed alone. Two draws of one seed are the same, a smaller number is the first of a larger, another
# seed draws others, and each copy differs from its source in the lines that the plan names and in no others. Every mutant of a list still
# finds its place in the sources.
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

echo "  $planted mutants of lists, each in its place"
echo "  200 mutants drawn from $(awk -v list=yes -f conformance/mutants/random.awk $files | awk '{ sum += $1 } END { print sum }') places"
rm -rf $work
exit $status
