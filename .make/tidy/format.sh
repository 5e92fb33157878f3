#!/bin/sh
# format.sh [FILE...]: lays out these files, or all that tidy/strict asks to be formatted, with clang-format 14.
# A rule `/* --- title ------ */` that is too long loses dashes; clang-format would break it into two lines.
# Exit status: 0; 2 clang-format is missing or another one, or a file cannot be read.
set -eu

case $(clang-format --version 2>/dev/null) in
*'version 14.'*) ;;
*) echo "clang-format 14 is needed. \`make deps\` installs what is missing." >&2; exit 2 ;;
esac

[ $# -gt 0 ] || set -- $(.make/tidy/files.sh '*.c' '*.h' | .make/tidy/strict.sh format)
for file in "$@"; do
    sed -E ':again; /^\/\* --- .{115,}-- \*\/$/ { s/- \*\/$/ *\//; b again }' "$file" >"$file.new"
    clang-format --assume-filename="$file" <"$file.new" >"$file.newer"
    rm "$file.new"
    if cmp -s "$file.newer" "$file"; then rm "$file.newer"; else mv "$file.newer" "$file"; echo "  formatted $file"; fi
done
