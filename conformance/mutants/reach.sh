# reach.sh: which lines of stack/ does each play, judgement, exploration and suite of unit tests execute, of the unchanged model?
# One that never comes to the line of a fault goes as without it, so it is not asked about that fault: most time went there.
# random.sh reads this with `.`, after play.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154  # random.sh has out, jobs, lists, as_built, and what is asked
#
# It is counted once for a state of the tree, by gcc (--coverage). $reached has
#     asked           what can be asked, a line each: its number, the kind, what; tabs between
#                         run PROFILE:SEED, judged RUN.PROFILE, wine -, modes -, explore FILE, unit-GROUP SUITE, plugin -
#     counted         all lines that are counted, FILE:LINE
#     NUMBER.lines    those that it executes; `*` where nothing could be counted, so that it is always asked

reached=$out/reached
# Counting takes time, and so does -O0, without which a line may be counted with another.
counting_factor=20

counted_object() { echo "$reached/objects/$(echo "${1%.c}" | tr / -).o"; }

build_counted() {
    mkdir -p "$reached/objects"
    # shellcheck disable=SC2086  # the options are several words
    for source in $sources; do echo "-c $out/$source -o $(counted_object "$source")"; done |
        xargs -P "$jobs" -L 1 $as_built -Wno-unused -O0 --coverage || return 2
    inside='' outside=''
    for source in $sources; do
        case $source in
        stack/winsock/*) outside="$outside $(counted_object "$source")" ;; # no part of the library
        *) inside="$inside $(counted_object "$source")" ;;
        esac
    done
    # shellcheck disable=SC2086  # a word for each object
    link "$reached/model" --coverage $inside && link_edge "$reached/edge.o" stack/winsock/ $outside &&
        link_unit "$reached/unit" --coverage $inside "$reached/edge.o" &&
        link_plugin "$reached/plugin.so" stack/winsock/ --coverage $outside || return 2
    gcov -t "$reached"/objects/*.gcno 2>/dev/null | awk -v out="$out/" -v all=yes -f "$lists/reached_lines.awk" >"$reached/counted"
    [ -s "$reached/counted" ]
}

list_asked() {
    {
        for run in $runs; do echo "run$tab$run"; done
        for run in $misjudged_runs; do for profile in $misjudged_profiles; do echo "judged$tab$run.$profile"; done; done
        echo "wine$tab-"
        echo "modes$tab-"
        sed "s/^/explore$tab/" "$out/explored"
        for group in $unit_groups; do suites "$group" | sed "s/^/unit-$group$tab/"; done
        echo "plugin$tab-"
    } | awk '{ print NR "\t" $0 }' >"$reached/asked"
}

# ask_counted NUMBER KIND WHAT: what the counting programs answer is of no interest.
ask_counted() {
    case $2 in
    run) play "$reached/model" "reached.$1" "$(given "${3%:*}" "${3#*:}")" "${3#*:}" ;;
    judged) judged "$reached/model" "${3%.*}" "${3##*.}" >/dev/null ;;
    wine) judged_wine "reached.$1" "$reached/model" ;;
    modes) moded "$reached/model" >/dev/null ;;
    explore) echo "$3" | explored "$reached/model" >/dev/null ;;
    unit-*) bounded $((unit_seconds_max * counting_factor)) "$reached/unit" "$3" >/dev/null 2>&1 </dev/null ;;
    plugin) play_plugin reached/plugin ;;
    esac
    rm -f "$out/reached.$1.tap" "$out/reached.$1.log"
}

# count_lines NUMBER KIND WHAT
count_lines() {
    counts=$reached/$1.counts
    mkdir "$counts"
    (
        export GCOV_PREFIX="$PWD/$counts" GCOV_PREFIX_STRIP=99
        seconds_max=$((seconds_max * counting_factor))
        ask_counted "$@"
    )
    if [ -n "$(ls "$counts")" ]; then
        cp "$reached"/objects/*.gcno "$counts"
        gcov -t "$counts"/*.gcda 2>/dev/null | awk -v out="$out/" -f "$lists/reached_lines.awk" >"$reached/$1.new"
    else
        echo '*' >"$reached/$1.new"
    fi
    rm -rf "$counts"
    mv "$reached/$1.new" "$reached/$1.lines"
}

# The longest suites come last of what is asked: from the end on, so that two finish together.
count_all() {
    sort -rn "$reached/asked" | while IFS=$tab read -r counted_number counted_kind counted_what; do
        [ ! -e "$reached/$counted_number.lines" ] && mkdir "$reached/$counted_number.taken" 2>/dev/null || continue
        count_lines "$counted_number" "$counted_kind" "$counted_what" </dev/null
    done
}

count_reached() {
    [ ! -e "$reached/done" ] || return 0
    rm -rf "$reached"
    build_counted || { echo 'make mutants: the lines that are reached cannot be counted' >&2; return 2; }
    list_asked
    for worker in $(seq "$jobs"); do
        count_all &
        workers="$workers $!"
    done
    wait
    touch "$reached/done"
}

# who_reaches PLAN: NAME.asked for each mutant, the kind and what. EVERYBODY=yes: as if all came to each, to compare with.
who_reaches() {
    # shellcheck disable=SC2046,SC2086  # a word for each file
    (cd "$out" && awk -F "\t" -v everybody="${EVERYBODY-}" -f "$OLDPWD/$lists/reach.awk" reached/asked $sources reached/counted "$OLDPWD/$1" $(cut -f 1 reached/asked | sed 's#.*#reached/&.lines#'))
}

# asked NAME KIND: what of this kind comes to the mutant, a line each.
asked() { sed -n "s/^$2$tab//p" "$out/$1.asked"; }
