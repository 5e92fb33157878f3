#!/bin/sh
# static.sh: names that a file gives to all others although no other file uses them: they have to be static.
# Handlers of functions (call_NAME) are all declared by the catalogue, and functions of Windows (reservoir_NAME,
# windows_NAME) are for programs: they are not asked about.
# Looks at the objects of the library, the tests, the agent and the plug-in, as linkers do; at benchmarks and fuzzers,
# which are not always built, by their words; and in tidy/uncalled, where exceptions stand.
# Run from the top of the tree with build/gcc/unit and the agents built.
# Exit status: 0 nothing found; 1 faults, a line for each: FILE: what.
set -eu

objects=$(.make/tidy/files.sh '*.c' | sed 's/\.c$/.o/' | while read -r object; do
    for flavour in gcc windows; do
        [ ! -e "build/$flavour/objects/$object" ] || echo "build/$flavour/objects/$object"
    done
done)
objects="$objects build/gcc/objects/build/gcc/test_registry.o"
others="$(.make/tidy/files.sh 'bench_*.c' 'fuzz_*.c') .make/tidy/uncalled sim/program/symbols"

# shellcheck disable=SC2086  # one word for each file
nm -A -g $objects | awk '
    FILENAME != "-" { gsub(/[^A-Za-z0-9_]+/, " "); for (i = 1; i <= NF; i++) used[$i] = used[$i] " elsewhere"; next }
    {
        source = $1
        sub(/:.*/, "", source)
        sub(/^build\/[^\/]*\/objects\//, "", source)
        sub(/\.o$/, ".c", source)
        name = $NF
        if ($(NF - 1) ~ /^[TDBRCGSVW]$/) home[name] = source
        else used[name] = used[name] " " source
    }
    END {
        for (name in home) {
            if (name == "main" || name ~ /^(\.|call_|reservoir_|windows_)/ || home[name] ~ /^build/) continue
            count = split(used[name], files, " ")
            outside = 0
            for (i = 1; i <= count; i++) if (files[i] != home[name]) outside = 1
            if (!outside) { print home[name] ": " name " is used in no other file: static, or dead"; faults++ }
        }
        exit faults > 0
    }' $others -
