#!/bin/sh
# random.sh NUMBER SEED...: small faults drawn from everywhere in stack/ (random.awk), one at a time: who would notice? Run from the
# top of the tree; `make mutants RANDOM=300 SEED="1 2 3"` builds what it needs. The same seed draws the same faults, and a
# smaller number the first of them. With FROM="stack/world.c ..." they are drawn from these files alone.
#
# Scenarios: those of the tree, one for each option and code, modelled or known (.make/option_scenarios.sh), and those of not-modelled/,
# of calls that the model has and of which it does not know what comes (a fault may make it answer); played on the faulty model under both
# profiles, then with open readings drawn from several seeds. A fault is caught
# - by a line of a scenario, which fails, or has another verdict than on the unchanged model (not modelled, or no longer); or it ends
#   the program; what the questions are answered by is known of most runs, so a line is held to the candidates that it names;
# - or else by the judge: the unchanged model is given what the faulty one recorded, as it is given what a host answered, and the
#   faulty one what the unchanged one and Wine answered, of which it must say what the unchanged one says: what is allowed,
#   which readings that decides, and of what is not allowed under a profile, why;
# - or else by `reservoir modes`, which plays each again by every mode of completion, and cancelled at every point, as `make test` does;
# - or else by `reservoir explore`, which plays every order of what is open in a scenario, and must come to the same outcomes.
# stack/winsock is no part of the model inside: its faults are played on the model as a plug-in, and its unit tests have it as one object.
# Unit tests: asked about what the scenarios do not catch.
# What never comes to the line of a fault is not asked about it (reach.sh).
#
# Not counted: what this tree's own build refuses (with its warnings, except those of what is no longer used), what compiles to the
# same object, and what random.tsv calls equivalent with a reason.
# The rate of the scenarios leaves out what no scenario is about: the indexes of large worlds, the format of the store, and
# *_check, by which the model looks at itself (random_table.awk has the rule, only_checks.awk what such functions alone ask). A second
# rate, which decides nothing, leaves out as well how two worlds are compared.
#
# It may be stopped at any time: started again in the same tree, it goes over what is not yet known. What the table alone reads,
# random.tsv and random_table.awk, may change in between; so may the number.
#
# Exit status: 0; 1 the scenarios catch fewer than 85 in a hundred, or with the unit tests fewer than 97; 2 the unchanged model
# fails, or random.tsv is broken.
set -u

number=$1
shift
seeds_count=$#
lists=conformance/mutants
out=build/mutants-random
# A run of all scenarios takes a tenth of a second of a processor, the longest suite of unit tests twelve.
seconds_max=5
# Two thousand small files a run: in memory, where that can be.
traces=$(mktemp -d /dev/shm/mutants.XXXXXX 2>/dev/null || mktemp -d) || exit 2
trap 'rm -rf "$traces"' EXIT
unit_seconds_max=90
plugin_seconds_max=120
# shellcheck disable=SC2034  # play.sh reads it
further=$out/further
# shellcheck source=conformance/mutants/play.sh
. $lists/play.sh
# shellcheck source=conformance/mutants/reach.sh
. $lists/reach.sh

# Profile and seed of each run, the likeliest to notice first. `given`: each question is answered by a candidate that the seed draws,
# which the model is given before it is asked; under `any` it draws when it asks, and what is never asked is never drawn. What
# was recorded in the first of them is judged, too.
judged_runs='windows:0 documented:0 windows:7 documented:7 any:1 any:2 given:1 given:2 given:3 given:4'
runs="$judged_runs $(seq -f given:%g 5 24 | tr '\n' ' ') $(seq -f any:%g 3 22 | tr '\n' ' ')"
# What the unchanged model answered in these runs is judged by the faulty one, under these profiles.
misjudged_runs='windows:0 any:1 any:2 given:1'
misjudged_profiles='any windows documented'

# --- the model inside ---

# How many candidates each question has that the model asks: number, tab, count.
list_candidates() {
    awk '/^READING\(/ { number = $1; gsub(/[^0-9]/, "", number); asked = / ASKED,/ }
        { count[number] += gsub(/(^|[ (])CANDIDATE\(Q/, "&"); is_asked[number] = asked }
        END { for (number = 1; number in count; number++) if (is_asked[number]) print number "\t" count[number] }' "$out/stack/readings.def"
}

# given PROFILE SEED: the words that say how a run's profile answers.
given() {
    if [ "$1" != given ]; then echo "--profile $1"; return; fi
    echo "--profile any $(awk -F "\t" -v seed="$2" 'BEGIN { state = seed * 7919 + 1 }
        { state = state * 16807 % 2147483647; printf " --reading=Q%d=%c", $1, 97 + int(state / 2147483647 * $2) }' "$out/candidates")"
}

# recorded NAME PROGRAM PROFILE SEED: plays, and keeps the traces in NAME.traces meanwhile. Says who noticed, if anyone: kind, tab, who.
recorded() {
    rm -rf "$traces/$1.traces"
    status=0
    case " $judged_runs" in
    *" $3:$4 "*) play "$2" "$1" "$(given "$3" "$4")" "$4" --record "$traces/$1.traces" || status=$? ;;
    *) play "$2" "$1" "$(given "$3" "$4")" "$4" || status=$? ;;
    esac
    case $status in
    0) if ! cmp -s "$out/$1.tap" "$out/unchanged.$3:$4.tap"; then
        echo "line${tab}$(other_verdict "$out/unchanged.$3:$4.tap" "$out/$1.tap")"
    elif [ -d "$traces/$1.traces" ] && judge_rejects "$1" "$(given "$3" "$4")" "$traces/$1.traces"; then
        echo "judge${tab}$(sed -n 's/^.*traces\/\([^:]*\)\.trace: .*rejected.*/\1/p' "$out/$1.judged" | head -n 1)"
    fi ;;
    124) echo "hung${tab}no end after $seconds_max s" ;;
    1 | 2) echo "line${tab}$(first_failure "$out/$1.tap")" ;;
    *) echo "crash${tab}$(failed_assertion "$out/$1.log")" ;;
    esac
    rm -rf "$traces/$1.traces"
}

# The first scenario of which the second report says something else.
other_verdict() { diff "$1" "$2" | sed -n 's/^[<>] .*ok [0-9]* - [a-z]* \([^ ]*\).*/\1/p' | head -n 1; }

# judged PROGRAM RUN PROFILE: what it says of what the unchanged model answered in this run.
judged() { bounded "$seconds_max" "$1" judge --jobs 1 --profile "$3" "$out/unchanged.$2" 2>&1 </dev/null; }

# judged_wine NAME PROGRAM: the same of what Wine answered.
judged_wine() {
    bounded "$seconds_max" "$2" run "$out/scenarios" --on host --host-trace "$out/scenarios/hosts/wine-8.0/traces" --report tap \
        >"$out/$1.tap" 2>"$out/$1.log" </dev/null
}

# misjudges NAME PROGRAM: the faulty model as the judge, of what the unchanged one and Wine answered.
misjudges() {
    for run in $(asked "$1" judged); do
        judged "$2" "${run%.*}" "${run##*.}" >"$out/$1.judged"
        cmp -s "$out/$1.judged" "$out/unchanged.$run" && continue
        echo "judge${tab}$(diff "$out/unchanged.$run" "$out/$1.judged" | sed -n 's/^[<>] .*unchanged[^/]*\/\([^:]*\)\.trace:.*/\1/p' | head -n 1)"
        return
    done
    [ -n "$(asked "$1" wine)" ] || return
    judged_wine "$1" "$2" && cmp -s "$out/$1.tap" "$out/unchanged.wine" && return
    echo "judge${tab}$(other_verdict "$out/unchanged.wine" "$out/$1.tap")"
}

# moded PROGRAM: what is said of every scenario by every mode. It takes five seconds of a processor.
moded() { bounded "$((seconds_max * 4))" "$1" modes --scenarios "$out/scenarios" "$out/scenarios" 2>&1 </dev/null || echo "status $?"; }

modes_notice() {
    [ -n "$(asked "$1" modes)" ] || return
    moded "$2" >"$out/$1.moded"
    cmp -s "$out/$1.moded" "$out/unchanged.moded" && return
    echo "modes${tab}$(diff "$out/unchanged.moded" "$out/$1.moded" | sed -n 's/^> *//p' | head -n 1 | cut -c 1-100)"
}

# explored PROGRAM, and the scenarios, a line each: the outcomes of each, and how many orders come to them, after a line with its name. As
# many orders as are tried here are played in a second of a processor. There are many, they are small, and they never wait.
explored() {
    (
        ulimit -t "$seconds_max" && ulimit -v "$kilobytes_max" || exit
        while read -r file; do
            echo "# $file"
            "$1" explore --orders "$orders_max" "$file" </dev/null 2>&1 || echo "status $?"
        done
    )
}
orders_max=1000

explores() {
    asked "$1" explore | explored "$2" >"$out/$1.orders"
    asked "$1" explore | awk 'NR == FNR { wanted["# " $0]; next } /^# / { here = $0 in wanted } here' - "$out/unchanged.orders" >"$out/$1.wanted"
    cmp -s "$out/$1.orders" "$out/$1.wanted" && return
    echo "explore${tab}$(diff "$out/$1.wanted" "$out/$1.orders" | sed -n 's/^[<>] \([^ ]*\): [0-9]* [or][ru][a-z]*,* .*/\1/p' | head -n 1)"
}

# What has one order only is not asked again of each mutant: $out/explored has the names of the others.
find_explored() {
    find "$out/scenarios" conformance/explorer/tests conformance/explorer/bugs -name '*.scn' | LC_ALL=C sort | explored "$out/unchanged" |
        awk 'function ends() { if (several) printf "%s", text } /^# / { ends(); text = several = "" } { text = text $0 "\n" }
            /: [0-9]* orders, / { several = 1 } END { ends() }' >"$out/unchanged.orders"
    sed -n 's/^# //p' "$out/unchanged.orders" >"$out/explored"
    [ -s "$out/explored" ]
}

play_inside() {
    noticed=
    link "$out/$1" "$out/$1.o" 2>"$out/$1.log" || { echo "unbuilt${tab}-"; return; }
    for run in $(asked "$1" run); do
        noticed=$(recorded "$1" "$out/$1" "${run%:*}" "${run#*:}")
        [ -z "$noticed" ] || break
    done
    [ -n "$noticed" ] || noticed=$(misjudges "$1" "$out/$1")
    [ -n "$noticed" ] || noticed=$(modes_notice "$1" "$out/$1")
    [ -n "$noticed" ] || noticed=$(explores "$1" "$out/$1")
    rm -f "$out/$1"
    echo "${noticed:-survived${tab}-}"
}

# --- the model as a plug-in ---

# link_plugin FILE.so SOURCE OBJECT...: the provider, with these objects in the place of the one of this source, or those in this folder.
link_plugin() {
    plugin=$1
    objects=$(grep -v -F "objects/$2" build/gcc/provider.list)
    shift 2
    # shellcheck disable=SC2086  # a word for each object
    gcc $linker -shared -Wl,-Bsymbolic -Wl,-z,defs -o "$plugin" $objects "$@" build/gcc/libreservoir.a -lpthread
}

# play_plugin NAME: leaves NAME.tap; the greatest status. It mostly waits, so that all parts are played at once.
plugin_parts=12
play_part() {
    bounded "$plugin_seconds_max" build/reservoir run -x "$out/scenarios" -k 'not associate-thread-exits and not second-connect' \
        --shard "$2/$plugin_parts" --provider "$out/$1.so" --host-name plugin --report tap >"$out/$1.tap.$2" 2>"$out/$1.log.$2" </dev/null
}
play_plugin() {
    parts=
    for part in $(seq "$plugin_parts"); do
        play_part "$1" "$part" &
        parts="$parts $!"
    done
    worst_part=0
    for part in $parts; do
        wait "$part" || { part_status=$?; [ $part_status -le $worst_part ] || worst_part=$part_status; }
    done
    for part in $(seq "$plugin_parts"); do cat "$out/$1.tap.$part"; done >"$out/$1.tap"
    rm -f "$out/$1.tap."* "$out/$1.log."*
    return $worst_part
}

play_outside() {
    if [ -z "$(asked "$1" plugin)" ]; then echo "survived${tab}-"; return; fi
    link_plugin "$out/$1.so" "${2%.c}.o" "$out/$1.o" 2>"$out/$1.log" || { echo "unbuilt${tab}-"; return; }
    status=0
    play_plugin "$1" || status=$?
    rm -f "$out/$1.so"
    if [ $status -eq 124 ]; then echo "hung${tab}no end"; return; fi
    if cmp -s "$out/$1.tap" "$out/unchanged-plugin.tap"; then echo "survived${tab}-"; return; fi
    echo "line${tab}$(diff "$out/unchanged-plugin.tap" "$out/$1.tap" | sed -n 's/^> .*ok [0-9]* - [a-z]* \([^ ]*\).*/\1/p' | head -n 1)"
}

# --- unit tests ---

# What asks the model. Tests of programs and processes are not asked: under load they fail of themselves. Nor is the kernel as a peer,
# which has a clock of its own.
suites_of() { find "$@" -path '*/tests/test_*.c' -exec sed -n 's/.*CU_add_suite("\([^"]*\)".*/\1/p' {} + | LC_ALL=C sort; }

# suites GROUP: those of a group, a line each. The groups are asked in this order, the quick ones first, until a test fails.
unit_groups='stack walks sim readings scenarios reports'
long_walks='stack/model walk
stack/transport talking at random'
suites() {
    case $1 in
    stack) suites_of stack | grep -v -x -F "$long_walks" ;;
    walks) echo "$long_walks" ;;
    sim) suites_of sim | grep -v -x 'the kernel as a peer' ;;
    readings)
        suites_of conformance/explorer
        suites_of conformance/tests | grep -e language
        suites_of conformance/tests | grep -e scenarios -e judged | grep -v -x 'all scenarios'
        ;;
    scenarios) echo 'all scenarios' ;;
    reports)
        find conformance/tests conformance/modes/tests reports/tests -name 'test_*.c' -exec \
            grep -L -E '(fork|popen|system|waitpid|kill)\(|pthread_' {} + | xargs sed -n 's/.*CU_add_suite("\([^"]*\)".*/\1/p' |
            LC_ALL=C sort -u | grep -v -e language -e scenarios -e judged
        ;;
    esac
}

# unit_fails NAME SUITES, a line each: the kind and who, where a test fails.
unit_fails() {
    status=0
    echo "$2" | tr '\n' '\0' | bounded "$unit_seconds_max" xargs -0 "$out/$1.unit" >"$out/$1.units" 2>&1 || status=$?
    [ $status -ne 0 ] || return 1
    who=$(sed -n 's/^Suite \(.*\), Test \(.*\) had failures:$/\1: \2/p' "$out/$1.units" | head -n 1)
    who=${who:-$(failed_assertion "$out/$1.units")}
    echo "unit${tab}${who:-killed by a signal, or without an end}"
}

# link_edge FILE.o SOURCE OBJECT...: the edge as its unit tests have it, with these objects in the place of the one of this source, or those in this
# folder.
link_edge() {
    edge=$1
    objects=$(grep -F objects/stack/winsock/ build/gcc/provider.list | grep -v -F "objects/$2")
    shift 2
    # shellcheck disable=SC2086  # a word for each object
    stack/winsock/tests/edge.sh "$edge" $objects "$@"
}

# link_unit PROGRAM OBJECT...: the edge is one of them.
link_unit() {
    unit=$1
    shift
    # shellcheck disable=SC2046,SC2086  # a word for each library
    gcc $linker "$out"/unit-rest.o "$@" "$out/libreservoir.a" $libraries $(pkg-config --libs cunit libxml-2.0) -o "$unit"
}

# unit_notices NAME FILE
unit_notices() {
    grep -q ^unit- "$out/$1.asked" || return 1
    case $2 in
    stack/winsock/*) link_edge "$out/$1.edge.o" "${2%.c}.o" "$out/$1.o" && link_unit "$out/$1.unit" "$out/$1.edge.o" ;;
    *) link_unit "$out/$1.unit" "$out/$1.o" "$out/unit-edge.o" ;;
    esac 2>"$out/$1.log" || return 1
    missed=yes
    for group in $unit_groups; do
        names=$(asked "$1" "unit-$group")
        [ -n "$names" ] || continue
        unit_fails "$1" "$names" && { missed=; break; }
    done
    rm -f "$out/$1.unit"
    [ -z "$missed" ]
}

# --- one mutant after another ---

# try NAME FILE: kind and who, tabs between.
try() {
    CCACHE_DISABLE=1 compile_as_built "$out/$1.c" "$out/$1.o" 2>"$out/$1.log" || { echo "unbuilt${tab}-"; return; }
    if same_object "$1" "$2"; then echo "same${tab}-"; return; fi
    case $2 in
    stack/winsock/*) found=$(play_outside "$1" "$2") ;;
    *) found=$(play_inside "$1") ;;
    esac
    case $found in
    survived*) unit_notices "$1" "$2" || echo "$found" ;;
    *) echo "$found" ;;
    esac
}

# compile_as_built FILE.c FILE.o: as the tree is, whose warnings are errors. A dropped statement may leave a variable, a
# parameter or a function that nothing uses: that alone is no reason to leave it out.
as_built=$(sed -n 's/^compile //p' build/gcc/command | sed "s#-I\.#-I$out#; s# -g##")
# shellcheck disable=SC2086  # the options are several words
compile_as_built() { $as_built -Wno-unused -Wno-unused-parameter -c "$1" -o "$2"; }

# same_object NAME FILE: the optimizer often sees that two texts are one. Both say that they are FILE (what assert() prints is part of
# an object), and the name that is then left, the compiled file's own, is stripped off.
same_object() {
    object=$out/$(echo "$2" | tr / -).o
    if [ ! -e "$object" ]; then
        { echo "#line 1 \"$2\""; cat "$out/$2"; } >"$out/$1.original.c"
        compile_as_built "$out/$1.original.c" "$out/$1.original.o" && strip --strip-unneeded "$out/$1.original.o"
        rm "$out/$1.original.c"
        mv "$out/$1.original.o" "$object"
    fi
    strip --strip-unneeded -o "$out/$1.stripped.o" "$out/$1.o"
    same=0
    cmp -s "$object" "$out/$1.stripped.o" || same=1
    rm "$out/$1.stripped.o"
    return $same
}

# work PLAN -e, or work PLAN -v: takes those of stack/winsock, or all others, that no one else has taken, one after another.
work() {
    grep "$2" "${tab}stack/winsock/" "$1" | cut -f 1,3 | while read -r name file; do
        [ ! -e "$out/$name.result" ] && mkdir "$out/$name.taken" 2>/dev/null || continue
        try "$name" "$file" >"$out/$name.new" </dev/null
        mv "$out/$name.new" "$out/$name.result"
        rm -f "$out/$name.o" "$out/$name.edge.o" "$out/$name.unit" "$out/$name.tap" "$out/$name.judged" "$out/$name.moded" "$out/$name.orders" "$out/$name.wanted"
        [ -t 2 ] && printf '\r  %d of %d mutants' "$(find "$out" -name '*.result' | wc -l)" "$((number * seeds_count))" >&2
    done
}

# All that an outcome depends on, as one number.
state() {
    # shellcheck disable=SC2046  # a word for each file
    find stack scenarios "$lists/not-modelled" "$lists/random.sh" "$lists/random.awk" "$lists/play.sh" "$lists"/reach*.* .make/option_scenarios.sh build/gcc/libreservoir.a \
        build/gcc/reservoir build/gcc/agent-kernel build/gcc/libreservoir.a \
        $(cat build/gcc/unit.list build/gcc/provider.list) -type f -exec cksum {} + | LC_ALL=C sort | cksum
}

prepare() {
    state >build/mutants-random.state
    if cmp -s build/mutants-random.state "$out/state"; then
        rm -rf "$out"/*.taken
    else
        copy_everything
    fi
    sources=$(cd "$out" && find stack -name '*.c' ! -path '*/tests/*' ! -path '*/bench/*' | LC_ALL=C sort)
    # shellcheck disable=SC2086  # a word for each file
    (cd "$out" && awk -f "$OLDPWD/$lists/only_checks.awk" $sources) >"$out/checks" || exit 2
}

# draw SEED: the mutants, and who comes to each. With FROM they have names of their own.
draw() {
    prefix=r$1
    [ -z "${FROM-}" ] || prefix=f$(echo "$FROM" | cksum | cut -d ' ' -f 1)-$1
    # shellcheck disable=SC2086  # a word for each file
    (cd "$out" && awk -v number="$number" -v seed="$1" -v prefix="$prefix" -v out=. -f "$OLDPWD/$lists/random.awk" \
        ${FROM:-$sources}) >"$out/plan.$1" || exit 2
    who_reaches "$out/plan.$1" || exit 2
}

copy_everything() {
    copy_sources
    list_candidates >"$out/candidates"
    .make/option_scenarios.sh "$out/further/options" "$out/further/known"
    cp -R "$lists/not-modelled" "$out/further"
    # Of the unit tests all that is no part of the library, linked once. Where a line was is not asked.
    # shellcheck disable=SC2046  # a word for each object
    ld -r --strip-debug -o "$out/unit-rest.o" $(grep -v '/edge\.o$' build/gcc/unit.list) && link_edge "$out/unit-edge.o" 'no source' || exit 2
    strip --strip-debug "$out/main.o" "$out/unit-edge.o" "$out/libreservoir.a"
    mv build/mutants-random.state "$out/state"
}

# The control: the same program, and the plug-in, linked as the mutants are.
unchanged_model_passes() {
    link "$out/unchanged" 2>"$out/unchanged.log" || return 2
    for run in $runs; do
        play "$out/unchanged" "unchanged.$run" "$(given "${run%:*}" "${run#*:}")" "${run#*:}"
        noticed=$(recorded unchanged "$out/unchanged" "${run%:*}" "${run#*:}")
        [ -z "$noticed" ] || { echo "make mutants: the unchanged model fails, $run: $noticed" >&2; return 2; }
    done
    for run in $misjudged_runs; do
        play "$out/unchanged" unchanged "$(given "${run%:*}" "${run#*:}")" "${run#*:}" --record "$out/unchanged.$run" || return 2
        for profile in $misjudged_profiles; do judged "$out/unchanged" "$run" "$profile" >"$out/unchanged.$run.$profile"; done
        tail -n 1 "$out/unchanged.$run.any" | grep -q ', 0 rejected, .*0 could not be judged$' ||
            { echo "make mutants: the unchanged model rejects what it answered, $run" >&2; return 2; }
    done
    judged_wine unchanged "$out/unchanged" || { echo "make mutants: the unchanged model is no good judge of Wine" >&2; return 2; }
    mv "$out/unchanged.tap" "$out/unchanged.wine"
    moded "$out/unchanged" >"$out/unchanged.moded"
    ! grep -q '^status ' "$out/unchanged.moded" || { echo "make mutants: the unchanged model differs by a mode" >&2; return 2; }
    find_explored || { echo "make mutants: no scenario has more than one order" >&2; return 2; }
}

unchanged_plugin_passes() {
    link_plugin "$out/unchanged-plugin.so" 'no source' || return 2
    play_plugin unchanged-plugin || { echo "make mutants: the unchanged plug-in fails" >&2; return 2; }
}

# play_seeds SEED...
play_seeds() {
    # Two more for the plug-in, which mostly waits.
    for kind in $(yes -- -v | head -n "$jobs") -e -e; do
        for seed in "$@"; do work "$out/plan.$seed" "$kind"; done &
        workers="$workers $!"
    done
    wait
    [ -t 2 ] && printf '\r%40s\r' '' >&2
}

# The rates of a seed; 1 where they are too low.
table() {
    cut -f 1 "$out/plan.$1" | while read -r name; do cat "$out/$name.result"; done | paste "$out/plan.$1" - |
        awk -F "\t" -v seed="$1" -f "$lists/random_table.awk" "$lists/random.tsv" "$out/checks" -
}

prepare
[ -e "$out/model.passes" ] || unchanged_model_passes || exit 2
touch "$out/model.passes"
[ -e "$out/plugin.passes" ] || unchanged_plugin_passes || exit 2
touch "$out/plugin.passes"
workers=
# The numbers of these very processes.
trap 'kill $workers 2>/dev/null; exit 130' INT TERM
count_reached || exit 2
for seed in "$@"; do draw "$seed"; done
play_seeds "$@"
worst=0
for seed in "$@"; do
    table "$seed" || { status=$?; [ $status -le $worst ] || worst=$status; }
done
exit $worst
