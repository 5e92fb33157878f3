#!/bin/sh
# plugin.sh [FILE [THEME...]]: scenarios, all or those of some themes, on the model as a provider, and beside it the model inside. FILE is
# build/reservoir-provider.so when not said; a DLL is asked under Wine, by its full path. Whatever can be played through WSPStartup has
# to have the verdict that it has inside, scenario by scenario. Says how many were played and why the others were not, and which
# clauses were not played. Exit status: 0 when the verdicts agree, and of all scenarios enough were played, and every clause but those
# named here; else 1. Where Wine cannot be had it says so and passes.
set -u

file=${1-build/reservoir-provider.so}
[ $# -eq 0 ] || shift
work=build/reports/plugin
case $file in
*.dll)
    . .make/with_wine.sh
    work=build/reports/dll
    set -- "$@" --on host --host-name model-dll \
        --host "build/wine-agent --provider 'Z:$(echo "$PWD/$file" | tr / '\\')'" ;;
*) set -- "$@" --provider "$file" --host-name plugin ;;
esac
whole=yes
themes=
while [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; do themes="$themes scenarios/$1" whole=no; shift; done
rm -rf $work
mkdir -p $work
# What no provider is asked: netsh and CreateProcess are the system's.
not_played='CHI-01 CHI-02 CHI-03 CHI-04 EXC-03 EXC-04'
# shellcheck disable=SC2086  # a list
build/reservoir run ${themes:-scenarios} --on model --report tap=$work/inside.tap --report text=/dev/null
# shellcheck disable=SC2086
build/reservoir run ${themes:-scenarios} "$@" --report tap=$work/outside.tap --report text=$work/outside.txt \
    --report clauses=$work/clauses.txt 2>$work/errors
status=$?
# A verdict for each run that was played; a deviation that is recorded with a reason is none of the provider's.
verdicts() {
    awk '/^(not )?ok / && !/# SKIP/ { word = $1 == "not"; print $(5 + word), word && !/# TODO/ ? "not-ok" : "ok" }' "$1" | LC_ALL=C sort
}
verdicts $work/inside.tap >$work/inside
verdicts $work/outside.tap >$work/outside
played=$(wc -l <$work/outside)
differ=$(LC_ALL=C join $work/inside $work/outside | awk '$2 != $3' | tee $work/differ | wc -l)
sed -n '/^Unsupported/,/^$/p' $work/outside.txt
echo "  $played of $(wc -l <$work/inside) runs were played by $file; $differ verdicts differ from the model's inside"
cat $work/differ
[ $status -eq 0 ] || { cat $work/errors; sed -n '/^New deviations/,$p' $work/outside.txt; }
[ $status -eq 0 ] && [ "$differ" -eq 0 ] && [ "$played" -gt 0 ] || exit 1
# What was played and could not be judged is a fault of the head or of the trace, and shows nothing.
if grep 'it cannot be judged' $work/outside.txt; then exit 1; fi
[ $whole = yes ] || exit 0
# Clauses that should have been played and were not, or were and are named above.
wrong=$(awk -v expected=" $(echo $not_played) " '
    /^  [A-Z]+-[A-Z0-9-]+ / && $2 != "undecidable" {
        if (($2 == "played") == (index(expected, " " $1 " ") > 0)) print "  " $1 ": " $2
    }' $work/clauses.txt)
tail -n 2 $work/clauses.txt | sed '/^$/d; s/^/  clauses: /'
[ -z "$wrong" ] || printf '  not as plugin.sh has them:\n%s\n' "$wrong"
[ "$played" -gt 1000 ] && [ -z "$wrong" ]
