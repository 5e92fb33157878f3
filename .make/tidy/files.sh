#!/bin/sh
# files.sh PATTERN...: the project's own files whose names match, one a line, sorted. Works without git.
set -eu

first=yes
for pattern in "$@"; do
    [ $first = yes ] || set -- "$@" -o
    set -- "$@" -name "$pattern"
    shift
    first=no
done
find . \( -path ./build -o -path ./.git \) -prune -o -type f \( "$@" \) -print | sed 's|^\./||' | LC_ALL=C sort
