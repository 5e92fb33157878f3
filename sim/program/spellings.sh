#!/bin/sh
# spellings.sh FOLDER: makes the folder that Windows programs include from: a file for each name in `spellings`, which
# includes the header that is meant. Windows' file names have no case; a list of what programs write is the next best.
# Run from the top of the tree. Exit status: 0; else something could not be written.
set -eu

folder=$1
mkdir -p "$folder"
# The C++ library takes the paths of this system where _WIN32 says otherwise: its headers do not see it.
for header in filesystem experimental/filesystem; do
    mkdir -p "$(dirname "$folder/$header")"
    printf '#pragma push_macro("_WIN32")\n#undef _WIN32\n#include_next <%s>\n#pragma pop_macro("_WIN32")\n' "$header" >"$folder/$header"
done
sed 's/#.*//' sim/program/spellings | while read -r header names; do
    for name in $header $names; do
        for spelled in "$name" "$(echo "$name" | tr '[:upper:]' '[:lower:]')"; do
            printf '#include "sim/program/include/%s"\n' "$header" >"$folder/$spelled"
        done
    done
done
