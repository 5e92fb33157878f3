#!/bin/bash
# workflows.sh: GitHub's workflows cannot be run here, but their scripts can: beside a netsh that lies, and under Wine. And each script,
# goal, job, matrix entry and artifact that a workflow names is there. Exit status: 0 when all is as it should be; 1 when not.
set -u

work=build/workflows
rm -rf "$work"
mkdir -p "$work"
failed=0 work_path=$PWD/$work
check() {
    title=$1
    shift
    if "$@" >"$work/check" 2>&1; then echo "ok $title"; else echo "NOT OK $title"; tail -n 12 "$work/check"; failed=1; fi
}

# ---- What the YAML names -------------------------------------------------------------------------------------------

# values KEY FILE: of `KEY: value` lines.
values() { sed -n "s/^[ -]*$1: *\(.*\)$/\1/p" "$2"; }
# A list in brackets after `KEY:`.
entries() { values "$1" "$2" | sed -n 's/^\[\(.*\)\]$/\1/p' | tr -d ' ' | tr ',' '\n'; }

mkdir -p "$work/layout/dist/reservoir-1" && : >"$work/layout/dist/reservoir-1.zip"
[ ! -e .git ] || check 'what is stored is what Windows checks out' sh -c "git check-attr text .ci/machine.sh | grep -q 'text: unset'"
for file in .github/workflows/*.yml; do
    name=$(basename "$file")
    jobs=$(sed -n '/^jobs:/,$s/^  \([a-z-]*\):$/\1/p' "$file")
    for script in $(grep -oE '\.ci/[a-z0-9.-]+' "$file" | sort -u); do check "$name: $script is there" [ -x "$script" -o "${script%.ps1}" != "$script" -a -e "$script" ]; done
    for goal in $(sed -n 's/.*run: make \([a-z$].*\)/\1/p' "$file" | grep -v '[$]'; entries goal "$file"); do
        check "$name: make $goal is a goal" sh -c "case $goal in build/*) true ;; *) grep -q '^$goal:.*##' Makefile ;; esac"
    done
    for job in $(values needs "$file"); do check "$name: the job $job is there" grep -qx "$job" <<<"$jobs"; done
    for variable in $(grep -oE 'matrix\.[a-z]+' "$file" | sort -u); do
        check "$name: $variable has entries" [ -n "$(entries "${variable#matrix.}" "$file")" ]
    done
    for account in $(grep -oE "matrix.account == '[a-z]+'" "$file" | grep -oE "'.*'" | tr -d "'"); do
        check "$name: the account $account is an entry" grep -qx "$account" <<<"$(entries account "$file")"
    done
    uploaded=$(grep -A4 'upload-artifact' "$file" | sed -n 's/^ *name: *//p' | sed 's/\${{[^}]*}}/*/g')
    for artifact in $(grep -A3 'download-artifact' "$file" | sed -nE 's/^ *(name|pattern): *//p'); do
        check "$name: the artifact $artifact is uploaded" sh -c "echo '$uploaded' | sed 's/\*.*/*/' | grep -qxF '$artifact'"
    done
    # A command with stars gets as many words as it wants: the folder of the archive stands beside the archive.
    while read -r script words; do
        check "$name: $script gets two words of $words" sh -c "cd '$work/layout' && set -- $words && [ \$# -eq 2 ]"
    done < <(sed -n 's/.*run: \(\.ci\/[a-z]*\.sh\) \([^&]*\*[^&]*\)$/\1 \2/p' "$file")
    check "$name: no tab, and two blanks a level" sh -c "! grep -nP '\t' '$file' && ! grep -nE '^( {2})* [^ #]' '$file'"
done

for file in .ci/*.ps1; do
    for beside in $(grep -oE "PSScriptRoot '[^']+'" "$file" | grep -oE "'.*'" | tr -d "'"); do
        check "$file: $beside is beside it" [ -e ".ci/$beside" ]
    done
    # Windows PowerShell takes a file without a mark for one of the machine's code page.
    check "$file: ASCII alone, brackets and quotation marks in pairs" perl -0777 -ne '
        s/^#.*$//mg; die "not ASCII" if /[^\x00-\x7F]/;
        while (/(\x27[^\x27\n]*\x27|"[^"\n]*"|[(){}\[\]\x27"])/g) {
            my $token = $1; next if length($token) > 1; die "open mark" if $token =~ /["\x27]/;
            push(@open, $token), next if $token =~ /[({\[]/;
            my $begun = pop @open // ""; die "bracket $token" if "$begun$token" !~ /^(\(\)|\{\}|\[\])$/;
        }
        die "open bracket" if @open' "$file"
done

# ---- The scripts, beside a netsh that lies -------------------------------------------------------------------------

# machine NAME SEED THEME: the whole of what a workflow does to a machine, with scenarios of this theme. Its snapshots are honest.
machine() {
    mkdir -p "$work/$1/scenarios"
    cp -r "scenarios/$3" "$work/$1/scenarios/"
    printf 'active tcp 25565 10 *\npersistent tcp 25565 10 *\nactive tcp 47001 1 -\n' >"$NETSH_STATE"
    rm -f "$NETSH_STATE.runs"
    NETSH="env NETSH_SEED=0 netsh" NETSH_SEED=$2 .ci/machine.sh "$work/$1" "$work/$1/out" >"$work/$1/said" 2>&1
}

export PATH=$PWD/build/gcc/lying:$PATH NETSH_STATE=$work/state KILL_S=1
export AGENT=build/gcc/agent-model OPTIONS="--netsh --store $work/store"
check 'on an honest machine all goes well' machine honest 0 persistent
# On a machine that is thrown away.
check 'what deletes what it has not made is played, by name' .ci/foreign.sh "$work/honest/" "$work/honest/out"
check 'and it is all that there is' sh -c "grep -q ' played .* 0 unsupported, 0 broken' '$work/honest/out/foreign.txt'"
check 'what lasts is as it was before' grep -q 'What lasts is as it was before' "$work/honest/said"
for seed in 3 5 9; do
    machine "lies-$seed" $seed netsh
    check "a netsh that lies, seed $seed: what is left is named" grep -qE 'What lasts is as it was|may still be there' "$work/lies-$seed/said"
    check "and what was there stays" grep -qx 'persistent tcp 25565 10 \*' "$NETSH_STATE"
done
if .make/wine.sh start; then
    trap '.make/wine.sh stop' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    export AGENT=build/wine-agent OPTIONS= KILL_S=3
    check 'under Wine all goes well' machine wine 0 associate
    # as-user.ps1 cannot be run here. What it starts can, with a run.cmd that takes over input, output and words.
    mkdir -p "$work/as user"
    cp .ci/as-user.cmd "$work/as user/"
    printf '@echo off\r\nset /p answer=\r\necho words %%1 %%2, answer %%answer%%.\r\nexit /b 3\r\n' >"$work/as user/run.cmd"
    check 'as-user.cmd ends' build/wine-run cmd /c "Z:${work_path//\//\\}\\as user\\as-user.cmd"
    check 'its run.cmd has no input, and its words' grep -q '^words clean user, answer \.' "$work/as user/said.txt"
    check 'its exit status is kept' sh -c "tr -d '\r' <'$work/as user/status.txt' | grep -qx 3"
fi
cp -r "$work/honest/out/after" "$work/changed"
echo '     30000       30009     *' >>"$work/changed/excluded-ipv4-tcp-persistent.txt"
check 'a range that stays is noticed' sh -c "! .ci/compare.sh '$work/honest/out/before' '$work/changed'"
cp -r "$work/honest/out/after" "$work/moved"
echo '     50000       50099      ' >>"$work/moved/excluded-ipv4-tcp-active.txt"
check 'a range of Windows that comes is reported only' .ci/compare.sh "$work/honest/out/before" "$work/moved"

# ---- Judging -------------------------------------------------------------------------------------------------------

mkdir -p "$work/results/one/traces/admin" "$work/results/two/traces/user"
cp -r scenarios/hosts/wine-8.0/traces/associate "$work/results/one/traces/admin/"
cp -r scenarios/hosts/wine-8.0/traces/associate "$work/results/two/traces/user/"
check 'what came home is judged, side by side' .ci/judge.sh "$work/results" "$work/judged"
check 'the matrix is in the summary' grep -q '^| theme | wine-8.0 | wine-8.0 |' "$work/judged/summary.md"
check 'no result is a failure' sh -c "! .ci/judge.sh '$work/nothing' '$work/judged-nothing'"
exit $failed
