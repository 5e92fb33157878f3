#!/bin/sh
# questions.sh: open questions go by their names (stack/readings.def), never by bare numbers, and an answer is compared
# with a candidate of its own question. Looks at all sources in git and at the mutants, after it has shown that it
# finds each kind of fault. Prints FILE:LINE: what is wrong. Exit status: 0 when nothing is, 1 when something is.
set -u

check() {
    awk '
    function complain(what) {
        printf "%s:%d: %s\n", FILENAME, FNR, what
        bad = 1
    }
    # The number in the first name of a question or candidate in `text`: "46" of "Q46_ADDRINUSE".
    function number_in(text) {
        match(text, /Q[0-9]+_/)
        return substr(text, RSTART + 1, RLENGTH - 2)
    }
    # The match holds two names: are both of one question?
    function compare(pair,    question) {
        question = number_in(pair)
        sub(/Q[0-9]+_/, "", pair)
        if (number_in(pair) != question) complain("Q" question " meets a candidate of Q" number_in(pair))
    }
    /(reading|reading_of|world_asked)\(([a-z]+, *)*[0-9]+\)/ ||
    /(readings|answers)\[[0-9]+\]/ || /\(enum choice\)[0-9]/ ||
    /(settle_reading|machine_with_reading|also_read|world_remembers)\([^(),]*, *[0-9]+,/ {
        complain("a question by its number; use its name (stack/readings.def)")
    }
    /reading\(([a-z]+, *)*Q[0-9]+_[A-Z0-9_]+\) *[=!]= *[0-9]/ ||
    /(settle_reading|machine_with_reading|also_read|world_remembers)\([^(),]*, *[^(),]*, *[0-9]+\)/ {
        complain("a candidate by its number; use its name (stack/readings.def)")
    }
    {
        rest = $0
        while (match(rest, /Q[0-9]+_[A-Z0-9_]+(\) *[=!<>]=? *|\] = )Q[0-9]+_/)) {
            compare(substr(rest, RSTART, RLENGTH))
            rest = substr(rest, RSTART + RLENGTH)
        }
        names = "\\([^(),]*, *Q[0-9]+_[A-Z0-9_]+, *Q[0-9]+_"
        if (match($0, "(settle_reading|machine_with_reading|also_read|world_remembers)" names))
            compare(substr($0, RSTART, RLENGTH))
    }
    END { exit bad }
    ' "$@"
}

faults='reading(context, 46) == Q46_NOBUFS
reading(context, Q46_BLOCK_EXHAUSTED) == 1
reading(context, Q46_BLOCK_EXHAUSTED) != Q47_ANY_FREE
world_reading(world, chooser, 62)
machine_with_reading(&m, 46, Q46_NOBUFS)
machine_with_reading(&m, Q46_BLOCK_EXHAUSTED, 1)
also_read(m, Q46_BLOCK_EXHAUSTED, Q47_ANY_FREE)
world_settle_reading(m->world, 17, answered)
world->readings[31] = 2
answers[Q46_BLOCK_EXHAUSTED] = Q1_INVAL + 1
choose(&chooser, (enum choice)38, 3)'
found=$(printf '%s\n' "$faults" | check - | wc -l)
if [ "$found" -ne "$(printf '%s\n' "$faults" | wc -l)" ]; then
    printf '%s: a fault goes unnoticed; found of the list in this script:\n' "$0"
    printf '%s\n' "$faults" | check -
    exit 1
fi
check $(git ls-files '*.c' '*.h' 'conformance/mutants/*.txt')
