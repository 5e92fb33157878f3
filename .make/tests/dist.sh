#!/bin/sh
# dist.sh [HOST]: a stranger's ten minutes. The archive of `make dist` is unpacked into a path with blanks and characters that Windows'
# code page lacks, its run.cmd is run by Wine as by hand, and the file that it makes is taken into a copy of the tree. HOST is one of
# `make hosts`, in which all that happens then; the Wine of this Debian when none is named.
# Exit status: 0; 1 when something is not as it should be. Where Wine or the tools cannot be had it says so and passes.
set -u

host=${1-wine-8.0}
work=build/dist-test/$host
.make/deps.sh dist || { echo "No zip or unzip here: not run."; exit 0; }
if [ "$host" = wine-8.0 ]; then
    . .make/with_wine.sh
    place="$work/ein Pfad ü 漢"
    starter=$PWD/build/wine-run command=run.cmd
else
    .make/hosts.sh start "$host" || { echo "No $host here: not run."; exit 0; }
    trap '.make/hosts.sh stop "$host"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    starter=$PWD/build/hosts/$host/run place=build/hosts/$host/root
    place="$place/dist-test/ein Pfad ü 漢"
fi
failed=0
rm -rf "$work" "$place"
mkdir -p "$work" "$place"
check() {
    title=$1
    shift
    if "$@" >"$work/check" 2>&1; then echo "ok $title"; else echo "NOT OK $title"; tail -n 20 "$work/check" "$work/said"; failed=1; fi
}
said() { grep -qF -- "$1" "$work/said"; }

archive=$(.make/dist.sh) || exit 1
unzip -q "$archive" -d "$place"
folder=$(echo "$place"/reservoir-*)
# Enough to see that all of it works.
find "$folder/scenarios" -mindepth 1 -maxdepth 1 -type d ! -name associate ! -name persistent -exec rm -r {} +
[ "$host" = wine-8.0 ] || command="Z:\\dist-test\\ein Pfad ü 漢\\${folder##*/}\\run.cmd"
# run WORD...: what is typed comes on standard input.
run() { (cd "$folder" && LC_ALL=C.UTF-8 timeout 300 "$starter" cmd /c "$command" "$@") >"$work/said" 2>&1; }

echo 4 | run
check 'a person who wants nothing gets nothing' said 'Nothing was played.'
run clena </dev/null
status=$?
check 'another word is refused' [ $status -eq 1 -a ! -e "$folder/result/admin" ]
echo 1 | run
check 'asked, it looks only' said 'which --loopback-only forbids'
rm -rf "$folder/result"
run clean </dev/null
status=$?
check 'it looks, plays, shows the difference, and names the file' [ $status -eq 0 ]
check 'it says who it is first' grep -qE '^  elevation (yes|no)' "$folder/check.txt"
check 'what is most telling comes first' sh -c "grep -m 1 -E '^(played|unsupported)' '$work/said' | grep -q 'associate/refused'"
check 'the difference is on the screen' said 'observed  '
check 'there is one file' [ -s "$folder/reservoir-result.txt" ]
check 'no path of the machine is in it' sh -c "! grep -qE 'Pfad|Z:' '$folder/reservoir-result.txt'"

mkdir "$work/tree" && cp -r scenarios/. "$work/tree/" && rm -rf "$work/tree/hosts/$host/traces" "$work/tree/hosts/$host/deviations"
build/reservoir judge "$folder/reservoir-result.txt" >"$work/said" 2>&1
check 'the file is judged' said ' could not be judged'
build/reservoir add-host "$folder/reservoir-result.txt" --scenarios "$work/tree" >"$work/said" 2>&1
status=$?
check 'the file is taken into a tree' [ $status -eq 1 -a -s "$work/tree/hosts/$host/facts" ]
check 'what it settles is said' said 'open questions are settled, or have fewer candidates, by what it answered'
build/reservoir list readings --scenarios "$work/tree" >"$work/said" 2>&1
check 'the open questions have its column' grep -qF "$host" "$work/said"
build/reservoir run "$work/tree/associate" --on host --host-trace "$work/tree/hosts/$host/traces" --scenarios "$work/tree" >"$work/said" 2>&1
status=$?
check 'judged again, nothing is new' [ $status -eq 0 ]
exit $failed
