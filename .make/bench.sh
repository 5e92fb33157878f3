#!/bin/sh
# bench.sh: the benchmarks, their results as files, and two commits side by side.
#     bench.sh run [PROGRAM...]           runs these (bench_model; all of them without a name); what they print is kept in
#                                         build/bench/results/COMMIT.txt below a head: commit, machine, compiler
#     bench.sh compare BASE [PROGRAM...]  builds BASE and HEAD in build/compare/COMMIT, runs each program of both in turns,
#                                         and prints their lines with the ratio; both play the scenarios of BASE
#     bench.sh ratios BEFORE AFTER        the same of two result files
#     bench.sh table FILE                 the lines of a result file as Markdown
#     bench.sh readme FILE                puts that table into sim/bench/README.md, between its two marks
# A commit with changes that are not committed has a plus. Exit status: 0; 1 when a benchmark fails; 2 where it cannot be done.
set -u

results=build/bench/results
readme=sim/bench/README.md

fail() {
    echo "bench: $1" >&2
    exit 2
}

commit_name() {
    name=$(git rev-parse --short HEAD 2>/dev/null) || name=unknown
    [ -z "$(git status --porcelain 2>/dev/null)" ] || name=$name+
    echo "$name"
}

head_of() {
    echo "commit    $1"
    echo "machine   $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | sort | uniq -c | sed 's/^ *\([0-9]*\) */\1 x /'), $(uname -srm)"
    echo "compiler  $(gcc --version | head -n 1)"
}

# Result lines as program, name, best, median, unit, by the wall (or nothing), ratio (or nothing), tab between them. A name that
# stands there again gets its number. `== PROGRAM` begins a program, or another turn of it.
lines() {
    sed -nE -e 's/^== (.*\/)?([a-z_]+)$/=\t\2/p' \
        -e 's/^  (.*[^ ]) +([0-9]+) +([0-9]+)  ([^ ].{0,9}) *(([0-9]+)( |$))? *([0-9.]+ x .*)?$/\1\t\2\t\3\t\4\t\6\t\8/p' "$@" |
        awk -F '\t' -v OFS='\t' '
            $1 == "=" { program = $2; split("", seen); next }
            { sub(/^ +/, "", $1); sub(/ +$/, "", $4); seen[$1]++ }
            seen[$1] > 1 { $1 = $1 " (" seen[$1] ")" }
            { print program, $0 }'
}

programs() {
    if [ $# = 0 ]; then cat build/bench/programs; return; fi
    for program; do
        grep "/$program\$" build/bench/programs || fail "there is no benchmark $program; there are: $(sed 's/.*\///' build/bench/programs | tr '\n' ' ')"
    done
}

run() {
    all=$(programs "$@") || exit 2
    mkdir -p $results
    file=$results/$(commit_name).txt
    head_of "$(commit_name)" >"$file"
    for program in $all; do
        echo "== $program" | tee -a "$file"
        # the status of the program, not of tee
        { $program; echo $? >$results/status; } | tee -a "$file"
        [ "$(cat $results/status)" = 0 ] || exit 1
    done
    echo "These lines are in $file; \`make bench-readme RESULT=$file\` puts them into $readme."
}

# Units in a second are better when more; all others when fewer. The best median of several turns counts.
ratios() {
    [ -r "$1" ] && [ -r "$2" ] || fail "cannot read $1 and $2"
    { lines "$1" | sed 's/^/before\t/'; lines "$2" | sed 's/^/after\t/'; } | awk -F '\t' '
        {
            name = $2 "\t" $3
            rate = $6 ~ /\/s$|a second$/
            if (!(name in unit)) { order[++count] = name; unit[name] = $6 }
            key = $1 SUBSEP name
            if (!(key in median) || (rate ? $5 > median[key] : $5 < median[key])) median[key] = $5 + 0
        }
        function shown(key) { return key in median ? sprintf("%.0f", median[key]) : "-" }
        END {
            printf "  %-44s %14s %14s  %-10s %s\n", "medians by CPU seconds", "before", "after", "unit", "after against before"
            for (i = 1; i <= count; i++) {
                name = order[i]; split(name, of, "\t"); before = "before" SUBSEP name; after = "after" SUBSEP name
                if (of[1] != program) { program = of[1]; print "== " program }
                line = sprintf("  %-44s %14s %14s  %-10s", of[2], shown(before), shown(after), unit[name])
                if (before in median && after in median && median[before] > 0 && median[after] > 0) {
                    rate = unit[name] ~ /\/s$|a second$/
                    ratio = rate ? median[after] / median[before] : median[before] / median[after]
                    line = line sprintf(" %6.2f x%s", ratio, ratio < 0.95 ? "  worse" : ratio > 1.05 ? "  better" : "")
                }
                sub(/ +$/, "", line)
                print line
            }
        }'
}

# The names of the benchmarks in TREE, by its sources: an old commit has no rule that lists them.
programs_of() {
    (cd "$1" && find . -path ./build -prune -o -name 'bench_*.c' -print) | sed 's/.*\///; s/\.c$//' | sort
}

# What has to be built for these programs.
goals() {
    for program; do
        echo "build/bench/$program"
        case $program in
        bench_suite) echo build/bench/reservoir ;;
        bench_provider) echo build/layered-provider.so build/reservoir-provider.so ;;
        esac
    done
}

# build_of COMMIT [PROGRAM...]: its sources, and the benchmarks built from them.
build_of() {
    tree=build/compare/$1
    if [ ! -d "$tree" ]; then
        mkdir -p "$tree.new" && git archive "$1" | tar -x -C "$tree.new" && mv "$tree.new" "$tree" || fail "cannot unpack $1"
    fi
    echo "building $1 in $tree" >&2
    shift
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $(programs_of "$tree")
    # shellcheck disable=SC2046
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$tree" --no-print-directory $(goals "$@") >"$tree.log" 2>&1 ||
        fail "${tree##*/} does not build; see $tree.log"
}

compare() {
    git rev-parse --git-dir >/dev/null 2>&1 || fail 'this is no checkout of git: there is no other commit'
    base=$(git rev-parse --short --verify --quiet "$1^{commit}") || fail "there is no commit $1"
    this=$(git rev-parse --short HEAD)
    shift
    [ "$base" != "$this" ] || fail "$base is the commit that is checked out: nothing to compare"
    [ -z "$(git status --porcelain)" ] || echo "bench: changes that are not committed are left out" >&2
    build_of "$base" "$@"
    build_of "$this" "$@"
    for side in "$base" "$this"; do head_of "$side" >"build/compare/$side.txt"; done
    # shellcheck disable=SC2046
    [ $# -gt 0 ] || set -- $(programs_of "build/compare/$base")
    for program; do
        for turn in 1 2 3; do
            for side in "$base" "$this"; do turn_of "$side" "$program" "$turn"; done
        done
    done
    ratios "build/compare/$base.txt" "build/compare/$this.txt"
}

# Where the programs of a commit run: beside their own build, with the scenarios of BASE. What has come to these since is
# more work, and not the same work done slower.
place_of() {
    mkdir -p "build/compare/places/$1"
    ln -sfn "../../$1/build" "build/compare/places/$1/build"
    ln -sfn "../../$base/scenarios" "build/compare/places/$1/scenarios"
}

# A program that one side does not have has nothing beside it. Without names those of BASE run.
turn_of() {
    [ -x "build/compare/$1/build/bench/$2" ] || return 0
    echo "$2 of $1, turn $3" >&2
    place_of "$1"
    (cd "build/compare/places/$1" && echo "== $2" && "build/bench/$2") >build/compare/turn || fail "$2 of $1 fails"
    cat build/compare/turn >>"build/compare/$1.txt"
}

table() {
    [ -r "$1" ] || fail "cannot read $1"
    sed -n 's/^\(commit\|machine\|compiler\)  *\(.*\)/\1 \2/p' "$1" | awk '{ $1 = $1 } { printf "%s%s", NR == 1 ? "" : "; ", $0 } END { print "." }'
    echo
    echo '| program | line | median | unit | by the wall | ratio of medians |'
    echo '|---|---|---|---|---|---|'
    lines "$1" | awk -F '\t' '
        function grouped(n) { while (match(n, /[0-9][0-9][0-9][0-9]($|,)/)) n = substr(n, 1, RSTART) "," substr(n, RSTART + 1); return n }
        { printf "| %s | %s | %s | %s | %s | %s |\n", $1 == program ? "" : $1, $2, grouped($4), $5, grouped($6), $7; program = $1 }'
}

put_into_readme() {
    table "$1" >$results/table || exit 2
    grep -q '^<!-- figures begin' $readme && grep -q '^<!-- figures end' $readme || fail "$readme has lost its marks"
    awk -v table=$results/table '
        /^<!-- figures begin/ { print; while ((getline line < table) > 0) print line; skipped = 1 }
        /^<!-- figures end/ { skipped = 0 }
        !skipped' $readme >$results/readme && cp $results/readme $readme
}

case ${1-} in
run) shift; run "$@" ;;
compare) shift; [ $# -gt 0 ] || fail 'which commit? make bench-compare BASE=COMMIT'; compare "$@" ;;
ratios) [ $# = 3 ] || fail 'ratios BEFORE AFTER'; ratios "$2" "$3" ;;
table) [ $# = 2 ] || fail 'table FILE'; table "$2" ;;
readme) [ $# = 2 ] || fail 'which result? make bench-readme RESULT=FILE'; put_into_readme "$2" ;;
*) fail 'run, compare, ratios, table or readme' ;;
esac
