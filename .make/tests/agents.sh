#!/bin/sh
# agents.sh [SCENARIO...]: `run --agents N` says what a run by one agent says, times aside, byte for byte: text, TAP, JUnit, JSON, Markdown,
# tables, and every trace, but for its live values. Also when one of the processes does not come up, or dies in the middle; when the run
# ends at its first failure; and nothing is left running then. The host is the agent's build with the model behind its functions.
# Exit status: 0; 1 when something differs or is left.
set -u

agent=$PWD/build/gcc/agent-model
work=build/agents-test
[ $# -gt 0 ] || set -- after-bind after-failed-bind after-listen after-options associate/by-event block-used-up sharing/plain-bind netsh/add-active
rm -rf "$work" && mkdir -p "$work"
status=0
fails() { echo "  NOT: $*"; status=1; }

# play NAME OPTION... -- SCENARIO...: what is reported, in $work/NAME.
play() {
    name=$1 here=$work/$1
    shift
    mkdir -p "$here"
    build/reservoir run --on windows --on host --host-name agent-model --no-times --reason test \
        --report text="$here/text" --report tap="$here/tap" --report junit="$here/junit" --report json="$here/json" \
        --report markdown="$here/markdown" --report table="$here/table" "$@" 2>"$here/errors"
    echo $? >"$here/status"
}

# same NAME: as by one.
same() {
    for file in text tap junit json markdown table status; do
        for folder in one "$1"; do
            # Live values, and the folder that was given.
            sed "s/  #~ [^\\\\]*//g; s|$work/$folder|FOLDER|g" "$work/$folder/$file" >"$work/$folder.$file"
        done
        cmp -s "$work/one.$file" "$work/$1.$file" || {
            fails "$1: $file"
            diff "$work/one.$file" "$work/$1.$file" | head -5 | cut -c -2000
        }
    done
    for folder in one "$1"; do
        (cd "$work/$folder/traces" && find . -name '*.trace' | sort | while read -r file; do
            echo "$file"
            sed 's/ *#~.*//' "$file"
        done) >"$work/$folder.traces"
    done
    cmp -s "$work/one.traces" "$work/$1.traces" || fails "$1: traces"
}

play one --host "$agent serve" --record "$work/one/traces" "$@"
[ "$(wc -l <"$work/one/tap")" -gt 20 ] || fails "the run by one played next to nothing"

play three --host "$agent serve; : {}" --agents 3 --record "$work/three/traces" "$@"
same three

play shuffled --host "$agent serve; : {}" --agents 3 --shuffle 5 --record "$work/shuffled/traces" "$@"
same shuffled

# The second never comes up, the third dies with its agent's first instance.
play dying --host "$agent serve" --agents 3 --agents-in 'sh -c "case {} in 2) exit 3 ;; 3) ulimit -t 0 ;; esac; exec \"\$@\"" sh' \
    --record "$work/dying/traces" "$@"
same dying
grep -q 'number 2 of --agents 3 has ended' "$work/dying/errors" || fails "no one says that a process ended: $(cat "$work/dying/errors")"

# What starts the second writes where only a player may.
play talking --host "$agent serve; : {}" --agents 3 --agents-in 'sh -c "[ {} != 2 ] || seq 1000; exec \"\$@\"" sh' \
    --record "$work/talking/traces" "$@"
same talking
grep -q 'number 2 of --agents 3 is not understood: expected nothing on standard output' "$work/talking/errors" ||
    fails "no one says that a process was not understood: $(cat "$work/talking/errors")"

# All are gone: the run plays alone.
play alone --host "$agent serve" --agents 2 --agents-in 'false' --record "$work/alone/traces" "$@"
same alone

# The first failure ends it.
cat >"$work/wrong.scn" <<'TEXT'
scenario wrong

process app

app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> WSAEPROCLIM @REM-01
TEXT
play first --host "$agent serve; : {}" --agents 3 -x "$work/wrong.scn" "$@"
[ "$(cat "$work/first/status")" = 1 ] || fails "-x: status $(cat "$work/first/status")"
[ "$(grep -c '^not ok' "$work/first/tap")" = 1 ] || fails "-x: not one failure"

# Ctrl-C: a session of its own, as in interrupt.sh.
env --default-signal=INT setsid build/reservoir run connections --on host --host "$agent serve --store $PWD/$work/{}.store" --agents 3 \
    >"$work/interrupted" 2>&1 &
leader=$!
sleep 1
kill -s INT -- "-$leader"
wait "$leader"
tries=0
left_over() { grep -lza "build/[a]gents-test/[0-9].store" /proc/[0-9]*/cmdline 2>/dev/null; }
while [ -n "$(left_over)" ] && [ $tries -lt 20 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
[ -z "$(left_over)" ] || fails "left behind: $(left_over | tr '\n' ' ')"

[ $status -ne 0 ] || echo "  $(grep -c '^ok' "$work/one/tap") runs: the same from 1 agent and from 3, whoever ends meanwhile"
exit $status
