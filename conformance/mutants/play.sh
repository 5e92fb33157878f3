# play.sh: how a mutant is compiled, linked and played; mutants.sh and random.sh read it with `.`, from the top of the tree.
# Both work in $out, where stack/, scenarios/ and the library are copies: no one changes what is compared while it runs.
# shellcheck shell=sh

tab=$(printf '\t')
# As many at once as processors, unless the caller has decided (JOBS=1).
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
# What reservoir is linked with is the last line of build/gcc/command.
libraries=$(sed -n "s/^links //p" build/gcc/command)

# A fault may ask for memory without end; the unit tests need a hundredth of this.
kilobytes_max=3000000

# bounded SECONDS COMMAND...: the command, with so much processor time, and twenty times as long by the clock, which would alone end what is
# only slow on a busy machine. 124 out of time.
bounded() {
    bounded_for=$1 bounded_status=0
    shift
    (ulimit -t "$bounded_for" && ulimit -v "$kilobytes_max" && exec timeout $((bounded_for * 20)) "$@") || bounded_status=$?
    case $bounded_status in 137 | 152) return 124 ;; esac
    return "$bounded_status"
}

# play PROGRAM NAME 'PROFILE' SEED [OPTION...]: leaves NAME.tap and NAME.log in $out; the program's status, 124 out of time.
# PROFILE: the options that say how questions are answered.
# $further: folders of scenarios besides those of the tree.
# One process: what another one executes would not be counted (reach.sh), and there are mutants for all processors.
# A shell has one set of names: these four are not its callers'.
play() {
    played=$1 played_as=$2 played_profile=$3 played_seed=$4
    shift 4
    # shellcheck disable=SC2086  # a word for each further folder, or none, and for each option
    bounded "$seconds_max" "$played" run "$out/scenarios" ${further-} --on model $played_profile --seed "$played_seed" \
        --jobs 1 --report tap "$@" >"$out/$played_as.tap" 2>"$out/$played_as.log" </dev/null
}

# judge_rejects NAME 'PROFILE' FOLDER: does the unchanged model reject one of these traces?
judge_rejects() {
    # shellcheck disable=SC2086  # a word for each option
    bounded "$seconds_max" "$out/unchanged" judge $2 --jobs 1 "$3" >"$out/$1.judged" 2>&1 </dev/null
    grep -q ', [1-9][0-9]* rejected, ' "$out/$1.judged"
}

first_failure() { sed -n 's/^not ok [0-9]* - [a-z]* \([^ ]*\).*/\1/p' "$1" | head -n 1; }

# The function whose assertion failed, in glibc's words: PROGRAM: FILE:LINE: FUNCTION: Assertion `...' failed.
failed_assertion() { sed -n 's/.*\.[ch]:[0-9]*: \([a-z0-9_]*\): Assertion.*/assertion in \1/p' "$1" | head -n 1; }

# compile FILE.c FILE.o [OPTIONS]: without warnings, for a dropped check may leave a variable that nothing uses.
# shellcheck disable=SC2086  # the options are several words
compile() { gcc -std=c17 -w -O1 -I"$out" ${3-} -c "$1" -o "$2"; }

# A linker that is faster than GNU ld, where there is one: a mutant is linked twice.
linker=
for name in gold lld; do
    [ -z "$linker" ] && command -v "ld.$name" >/dev/null && linker=-fuse-ld=$name
done

# shellcheck disable=SC2086  # libraries are several words, and there may be no linker to name
link() { program=$1; shift; gcc $linker "$out/main.o" "$@" "$out/libreservoir.a" $libraries -o "$program"; }

copy_sources() {
    rm -rf "$out"
    mkdir -p "$out"
    cp -R scenarios stack build/gcc/objects/reports/main.o build/gcc/libreservoir.a "$out"
}
