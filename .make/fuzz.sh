#!/bin/sh
# fuzz.sh SECONDS PROGRAM...: runs each fuzzing program that long. New inputs of interest go to build/fuzz/corpus;
# it starts from the kept corpus and from the scenarios. A finding is written to build/fuzz and ends the run.
# Exit status: 0 without a finding; else that of the program.
set -eu

seconds=$1
shift
mkdir -p build/fuzz/corpus
set_of_seeds=
for folder in conformance/tests/corpus scenarios; do
    [ -d "$folder" ] && set_of_seeds="$set_of_seeds $folder"
done

for program in "$@"; do
    echo "== $program for $seconds seconds"
    # shellcheck disable=SC2086  # one word for each folder
    "$program" -max_total_time="$seconds" -max_len=16384 -timeout=10 -print_final_stats=1 \
        -artifact_prefix=build/fuzz/ build/fuzz/corpus $set_of_seeds
done
