#!/bin/bash
# foreign.sh FOLDER OUT: what is played by name only, since it asks to delete what it has not made. On a machine that is thrown away, as
# the last thing that is done there; what it changed is shown. AGENT and OPTIONS as of machine.sh.
# Exit status: 0; 1 when there is no such scenario, or the run broke.
set -u

folder=${1%/} out=$2
here=$(dirname "$0")
agent=${AGENT:-$folder/agent.exe}
options=${OPTIONS-}
mkdir -p "$out"

# The agent names them: `1  it asks to delete ...: --by-name NAME plays it (THEME/FILE[VARIANT])`.
# shellcheck disable=SC2086 # a list of words
$agent check "$folder/scenarios" --record "$out/traces/foreign" $options >"$out/foreign-check.txt" 2>&1 </dev/null
names=
while read -r name file; do
    mkdir -p "$out/foreign/${file%/*}"
    cp "$folder/scenarios/$file.scn" "$out/foreign/$file.scn" || exit 1
    case $names in *" ${name%%\[*} "*) ;; *) names="$names --by-name ${name%%\[*} " ;; esac
done < <(tr -d '\r' <"$out/foreign-check.txt" | sed -n 's/.*--by-name \([^ ]*\) plays it (\([^][()]*\).*/\1 \2/p')
[ -n "$names" ] || { echo "foreign: check names no scenario that is played by name only"; exit 1; }
"$here/snapshot.sh" "$out/before-foreign"
# shellcheck disable=SC2086
$agent run "$out/foreign" --record "$out/traces/foreign" --approximate $names $options >"$out/foreign.txt" 2>&1 </dev/null
status=$?
"$here/snapshot.sh" "$out/after-foreign"
"$here/compare.sh" "$out/before-foreign" "$out/after-foreign" || echo 'So much is answered: what was deleted is gone.'
tail -n 1 "$out/foreign.txt"
[ $status -eq 0 ]
