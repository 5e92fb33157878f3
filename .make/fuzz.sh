#!/bin/sh
# fuzz.sh SECONDS PROGRAM...: runs each fuzzing program that long. New inputs of interest go to build/fuzz/corpus, a
# folder for each; it starts from them and from files of the tree of its kind. A finding is written to build/fuzz and
# ends the run.
# Exit status: 0 without a finding; else the program's.
set -eu

seconds=$1
shift

# seeds PROGRAM: folders with files such as it reads
seeds() {
    case $1 in
    *judge | *recording) echo conformance/tests/judged scenarios/hosts ;;
    *deviations) echo scenarios/hosts ;;
    *language) echo conformance/tests/corpus scenarios ;;
    esac
}

for program in "$@"; do
    echo "== $program for $seconds seconds"
    corpus=build/fuzz/corpus/$(basename "$program")
    mkdir -p "$corpus"
    # shellcheck disable=SC2046  # one word for each folder
    "$program" -max_total_time="$seconds" -max_len=16384 -timeout=20 -print_final_stats=1 \
        -artifact_prefix=build/fuzz/ "$corpus" $(seeds "$program")
done
