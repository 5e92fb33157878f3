#!/bin/sh
# traces_compare.sh FLAVOUR...: records the model's traces of all scenarios, and their packets as text, with gcc -O2 (build/reservoir)
# and with these flavours, and compares them byte by byte:
#     clang-O3    coverage, which is gcc -O0    m32, where the kernel runs such programs    windows, where Wine runs
# Run from the top of the tree; `make traces-compare` does so with all, `make coverage` with its own.
# Exit status: 0 all equal; 1 not.
set -u

profiles='documented windows'
traces=build/traces
reference=gcc
status=0

# record FLAVOUR COMMAND...: leaves build/traces/FLAVOUR/PROFILE/...; what the command printed is shown if it failed.
record() {
    flavour=$1
    shift
    for profile in $profiles; do
        mkdir -p "$traces/$flavour/$profile"
        if ! "$@" run scenarios --on model --profile "$profile" --record "$traces/$flavour/$profile" \
            --capture "$traces/$flavour/$profile/packets.txt" \
            </dev/null >"$traces/$flavour-$profile.log" 2>&1; then
            echo "$flavour: the scenarios did not run on the model under profile $profile:"
            tail -n 20 "$traces/$flavour-$profile.log"
            status=1
        fi
    done
}

# compare FLAVOUR: with the reference.
compare() {
    if diff -r "$traces/$reference" "$traces/$1" >"$traces/$1.diff"; then
        echo "  $1: $(find "$traces/$1" -type f | wc -l) traces, all equal to those of $reference"
    else
        echo "  $1: traces differ from those of $reference (build/traces/$1.diff):"
        head -n 20 "$traces/$1.diff"
        status=1
    fi
}

rm -rf "$traces"
mkdir -p "$traces"
record $reference build/reservoir
# Empty folders are equal too, and would prove nothing.
if [ -z "$(find "$traces/$reference" -type f)" ]; then
    echo "  $reference: no traces were recorded"
    status=1
fi
for flavour in "$@"; do
    case $flavour in
    m32)
        .make/tests/m32.sh can || { echo "  m32: not compared, because the kernel here runs no 32-bit programs"; continue; }
        record m32 build/m32/reservoir ;;
    windows)
        .make/wine.sh start || { echo "  windows: not compared, because Wine does not run here"; continue; }
        record windows build/wine-run build/windows/reservoir.exe
        .make/wine.sh stop ;;
    *) record "$flavour" "build/$flavour/reservoir" ;;
    esac
    compare "$flavour"
done
exit $status
