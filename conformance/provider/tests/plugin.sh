#!/bin/sh
# plugin.sh [FILE.so]: all scenarios on the model as a plug-in (build/reservoir-provider.so), and beside it the model inside. Whatever
# can be played through WSPStartup has to have the verdict that it has inside, scenario by scenario. Says how many were
# played and why the others were not. Exit status: 0 when the verdicts agree and enough was played; else 1.
set -u

file=${1-build/reservoir-provider.so}
work=build/reports/plugin
mkdir -p $work
# One asks for Winsock 1.1, which the control function does not carry yet.
without='not second-connect'
build/reservoir run scenarios -k "$without" --on model --report tap=$work/inside.tap --report text=/dev/null
build/reservoir run scenarios -k "$without" --provider "$file" --host-name plugin --report tap=$work/outside.tap --report text=$work/outside.txt
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
[ $status -eq 0 ] && [ "$differ" -eq 0 ] && [ "$played" -gt 700 ]
