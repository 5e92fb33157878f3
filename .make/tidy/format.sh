#!/bin/sh
# format.sh [FILE...]: lays out these files, or all that tidy/strict asks to be formatted, with clang-format 14.
# Comments that are too long are wrapped by tidy/wrap.awk: clang-format would join their lists.
# Exit status: 0; 2 clang-format is missing or another one, or a file cannot be read.
set -eu
export LC_ALL=C

case $(clang-format --version 2>/dev/null) in
*'version 14.'*) ;;
*) echo "clang-format 14 is needed. \`make deps\` installs what is missing." >&2; exit 2 ;;
esac

[ $# -gt 0 ] || set -- $(.make/tidy/files.sh '*.c' '*.h' | .make/tidy/strict.sh format)
for file in "$@"; do
    awk -f .make/tidy/wrap.awk "$file" >"$file.new"
    # Twice: what it makes of some lines it lays out otherwise when it sees it again.
    clang-format --assume-filename="$file" <"$file.new" | clang-format --assume-filename="$file" >"$file.newer"
    rm "$file.new"
    if cmp -s "$file.newer" "$file"; then rm "$file.newer"; else mv "$file.newer" "$file"; echo "  formatted $file"; fi
done
