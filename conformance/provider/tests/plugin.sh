#!/bin/sh
# plugin.sh [FILE.so]: all scenarios on the model as a plug-in (build/reservoir-provider.so), and beside it the model inside. Whatever
# can be played through WSPStartup has to have the verdict that it has inside, scenario by scenario. Says how many were
# played and why the others were not, and which clauses were not played. Exit status: 0 when the verdicts agree, enough was played,
# and so was every clause but those named here; else 1.
set -u

file=${1-build/reservoir-provider.so}
work=build/reports/plugin
rm -rf $work
mkdir -p $work
# What no provider is asked: netsh and CreateProcess are the system's.
not_played='CHI-01 CHI-02 CHI-03 CHI-04 EXC-03 EXC-04'
build/reservoir run scenarios --on model --report tap=$work/inside.tap --report text=/dev/null
build/reservoir run scenarios --provider "$file" --host-name plugin --report tap=$work/outside.tap \
    --report text=$work/outside.txt --report clauses=$work/clauses.txt
status=$?
# A verdict for each run that was played.
verdicts() {
    awk '/^(not )?ok / && !/# SKIP/ { word = $1 == "not"; print $(5 + word), word ? "not-ok" : "ok" }' "$1" | LC_ALL=C sort
}
verdicts $work/inside.tap >$work/inside
verdicts $work/outside.tap >$work/outside
played=$(wc -l <$work/outside)
differ=$(LC_ALL=C join $work/inside $work/outside | awk '$2 != $3' | tee $work/differ | wc -l)
sed -n '/^Unsupported/,/^$/p' $work/outside.txt
echo "  $played of $(wc -l <$work/inside) runs were played by the plug-in; $differ verdicts differ from the model's inside"
cat $work/differ
# Clauses that should have been played and were not, or were and are named above.
wrong=$(awk -v expected=" $(echo $not_played) " '
    /^  [A-Z]+-[A-Z0-9-]+ / && $2 != "undecidable" {
        if (($2 == "played") == (index(expected, " " $1 " ") > 0)) print "  " $1 ": " $2
    }' $work/clauses.txt)
tail -n 2 $work/clauses.txt | sed '/^$/d; s/^/  clauses: /'
[ -z "$wrong" ] || printf '  not as plugin.sh has them:\n%s\n' "$wrong"
[ $status -eq 0 ] && [ "$differ" -eq 0 ] && [ "$played" -gt 1000 ] && [ -z "$wrong" ]
