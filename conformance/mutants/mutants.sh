#!/bin/sh
# mutants.sh [NAME...]: would the scenarios notice? Each mutant of conformance/mutants/*.txt is one small fault in stack/.
# For each, the changed file alone is compiled, linked with the objects of build/gcc, and the scenarios are run on that
# model: under both profiles with two seeds, then with open readings drawn from several more. The first run that fails
# catches the mutant. A list that demands `each-profile judge` wants more: the scenarios have to notice under each of the two
# profiles, seed 0, and so has the judge of the unchanged model, who is given what the faulty one recorded. Run from the top of the tree with build/reservoir built; `make mutants` does so.
#
# Exit status: 0; 1 a survivor that survivors.md does not explain, an explanation of none, or fewer than 95 in a hundred
# caught; 2 a list is wrong, a mutant does not compile, or the unchanged model fails its scenarios.
set -u

lists=conformance/mutants
explanations=$lists/survivors.md
out=build/mutants
seconds_max=10
# shellcheck source=conformance/mutants/play.sh
. $lists/play.sh

runs() {
    for seed in 0 7; do
        for profile in windows documented; do echo "$profile $seed"; done
    done
    for seed in $(seq 1 64); do echo "any $seed"; done
}

build() { { compile "$out/$1.c" "$out/$1.o" && link "$out/$1" "$out/$1.o"; } 2>"$out/$1.log"; }

# The outcome of one mutant: a kind, the run, and who noticed. Caught is only what a named scenario failed, or what a signal
# ended; a run that broke in any other way proves nothing and is an error of the list or of this script.
try() {
    build "$1" || { echo "unbuilt${tab}-${tab}-"; return; }
    runs | {
        while read -r profile seed; do
            status=0
            play "$out/$1" "$1" "--profile $profile" "$seed" || status=$?
            case $status in
            0) continue ;;
            124) kind=hung who="no end after $seconds_max s" ;;
            1 | 2) kind=caught who=$(first_failure "$out/$1.tap") ;;
            *) kind=crashed who=$(failed_assertion "$out/$1.log") ;;
            esac
            if [ "$kind" = caught ] && [ -z "$who" ] || [ "$kind" = crashed ] && [ $status -lt 128 ]; then kind=unplayed; fi
            echo "$kind$tab$profile, seed $seed$tab${who:-status $status}"
            return
        done
        echo "survived${tab}-${tab}-"
    }
}

# judged NAME PROFILE: is one of the traces that the faulty model records rejected by the unchanged one?
judged() {
    rm -rf "$out/$1.traces"
    play "$out/$1" "$1.recorded" "--profile $2" 0 --record "$out/$1.traces"
    judge_rejects "$1" "--profile $2" "$out/$1.traces"
    rejected=$?
    rm -rf "$out/$1.traces"
    return $rejected
}

# As try(), for a list with demands: what does not notice is named.
try_strictly() {
    build "$1" || { echo "unbuilt${tab}-${tab}-"; return; }
    kind=caught who=''
    for profile in windows documented; do
        status=0
        play "$out/$1" "$1" "--profile $profile" 0 || status=$?
        [ $status -lt 128 ] || kind=crashed
        [ -n "$who" ] || who=$(first_failure "$out/$1.tap")
        if [ $status -eq 0 ]; then echo "survived$tab$profile, seed 0${tab}the scenarios under $profile do not notice"; return; fi
        if ! judged "$1" "$profile"; then echo "survived$tab$profile, seed 0${tab}the judge under $profile does not notice"; return; fi
    done
    echo "$kind${tab}windows, seed 0$tab${who:-status $status}"
}

# work NUMBER: every mutant whose turn it is; two workers take every second one each.
work() {
    # No pipeline here: an interrupt ends this very process, and no part of it lives on.
    for name in $(awk -F "\t" -v number="$1" -v jobs="$jobs" 'NR % jobs == number { print $1 }' "$out/plan"); do
        if grep -q "^$name$tab.*${tab}each-profile judge\$" "$out/plan"; then try_strictly "$name"; else try "$name"; fi >"$out/$name.new"
        mv "$out/$name.new" "$out/$name.result"
        rm -f "$out/$name.o" "$out/$name"
        [ -t 2 ] && printf '\r  %d of %d mutants' "$(find "$out" -name '*.result' | wc -l)" "$total" >&2
    done
}

prepare() {
    copy_sources
    awk -v out="$out" -f conformance/mutants/mutants.awk "$lists"/*.txt >"$out/plan" || exit 2
    for name; do
        grep "^$name$tab" "$out/plan" || { echo "make mutants: no mutant $name" >&2; exit 2; }
    done >"$out/chosen"
    [ $# -eq 0 ] || mv "$out/chosen" "$out/plan"
    total=$(($(wc -l <"$out/plan")))
}

# The control: every file that some mutant changes, unchanged, but compiled and linked like a mutant. Were it to fail, a
# mutant could fail for the same reason (say, a header that was edited since the library was built) and seem caught.
unchanged_model_passes() {
    set --
    for file in $(awk -F "\t" "!seen[\$3]++ { print \$3 }" "$out/plan"); do
        object=$out/unchanged-$(basename "$file" .c).o
        compile "$out/$file" "$object" 2>"$out/unchanged.log" || { head -n 5 "$out/unchanged.log" >&2; return 2; }
        set -- "$@" "$object"
    done
    link "$out/unchanged" "$@" 2>"$out/unchanged.log" || { head -n 5 "$out/unchanged.log" >&2; return 2; }
    runs | while read -r profile seed; do
        if ! play "$out/unchanged" unchanged "--profile $profile" "$seed"; then
            echo "make mutants: the unchanged model fails, profile $profile, seed $seed: $(first_failure "$out/unchanged.tap")" >&2
            exit 2
        fi
    done
}

# --- the summary ---

table() {
    while IFS=$tab read -r name theme file breaks demands; do
        IFS=$tab read -r kind run who <"$out/$name.result"
        printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$theme" "$kind" "$run" "$who" "$file" "$breaks"
    done <"$out/plan" >"$out/table"
}

print_table() {
    awk -F '\t' '
        $2 != theme { theme = $2; printf "\n%s\n", theme }
        { printf "  %-32s %-8s %s%s\n", $1, $3, $5 == "-" ? "" : $5, $4 == "-" || $4 == "windows, seed 0" ? "" : "  (" $4 ")" }
    ' "$out/table"
    printf '\nWho caught them first\n'
    awk -F '\t' '$3 == "caught" { sub(/\[.*/, "", $5); print $5 }' "$out/table" | sort | uniq -c | sort -k 1,1nr -k 2 |
        awk '{ printf "  %4d  %s\n", $1, $2 }'
}

names_of() { awk -F '\t' -v kind="$1" '$3 == kind { print $1 }' "$out/table"; }
count_of() { names_of "$1" | wc -l | tr -d ' '; }
explained() { sed -n 's/^## //p' "$explanations" 2>/dev/null; }

# Every survivor has a section in survivors.md, and every section a survivor.
explanations_fit() {
    names_of survived | sort >"$out/survivors"
    explained | sort >"$out/explained"
    fit=0
    for name in $(comm -23 "$out/survivors" "$out/explained"); do
        echo "  $name survived, and $explanations does not say why"
        fit=1
    done
    for name in $(comm -13 "$out/survivors" "$out/explained"); do
        echo "  $name is explained in $explanations, but did not survive"
        fit=1
    done
    return $fit
}

# What was never played is neither caught nor a survivor, and no rate is printed then.
broken_mutants() {
    echo "make mutants: these could not be compiled or played, so nothing can be said of them ($out/NAME.log):"
    for name in $(names_of unbuilt) $(names_of unplayed); do
        echo "  $name: $(grep -m 1 -e error -e undefined -e reservoir "$out/$name.log")"
    done | head -n 20
}

judge_summary() {
    caught=$(($(count_of caught) + $(count_of crashed) + $(count_of hung)))
    survived=$(count_of survived)
    printf "\n%d mutants: %d caught, %d survived, %d broken.\n" "$total" "$caught" "$survived" $((total - caught - survived))
    printf "Caught by an answer %d, by a crash or an assertion %d, without an end %d.\n" \
        "$(count_of caught)" "$(count_of crashed)" "$(count_of hung)"
    for name in $(names_of survived); do grep "^$name$tab" "$out/plan" | awk -F "\t" '{ printf "  survived: %s (%s): %s\n", $1, $3, $4 }'; done
    if [ $((caught + survived)) -lt "$total" ]; then
        broken_mutants
        return 2
    fi
    printf "That is %d.%d in a hundred.\n" $((caught * 100 / total)) $((caught * 1000 / total % 10))
    [ "$everything" = yes ] || return 0
    status=0
    explanations_fit || status=1
    [ $((caught * 100)) -ge $((total * 95)) ] || { echo "  fewer than 95 in a hundred are caught"; status=1; }
    return $status
}

everything=yes
[ $# -eq 0 ] || everything=no
prepare "$@"
unchanged_model_passes || exit 2
workers=
for number in $(seq 0 $((jobs - 1))); do
    work "$number" &
    workers="$workers $!"
done
# shellcheck disable=SC2064,SC2086  # the numbers of these very processes
trap "kill $workers 2>/dev/null; exit 130" INT TERM
wait
[ -t 2 ] && printf '\r%40s\r' '' >&2
table
print_table
judge_summary
