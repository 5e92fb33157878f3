#!/bin/sh
# tidy.sh: style is a test. Every part runs, and prints a line for each fault: FILE:LINE: what.
# Run from the top of the tree with build/gcc/unit and the agents built; `make tidy` does so.
# Exit status: 0 nothing found; 1 faults; 2 clang-format is missing or another one.
set -u
export LC_ALL=C

tidy=.make/tidy
status=0
sources=$($tidy/files.sh '*.c' '*.h' '*.def')
texts=$($tidy/files.sh '*.c' '*.h' '*.def' '*.sh' '*.awk' '*.mk' '*.md' '*.scn' Makefile run)

# The pinned one is that of Debian 12; others lay out some things otherwise.
formatted() {
    files=$($tidy/files.sh '*.c' '*.h' | $tidy/strict.sh format)
    [ -n "$files" ] || return 0
    case $(clang-format --version 2>/dev/null) in
    *'version 14.'*) ;;
    *) echo "clang-format 14 is needed. \`make deps\` installs what is missing." >&2; exit 2 ;;
    esac
    faults=0
    for file in $files; do
        clang-format "$file" | cmp -s - "$file" && continue
        echo "$file:1: is not formatted; \`make format\` does it"
        faults=1
    done
    return $faults
}

# shellcheck disable=SC2086  # one word for each file
{
    awk -f $tidy/style.awk $tidy/words $tidy/strict $texts || status=1
    awk -f $tidy/rooms.awk $tidy/rooms $sources || status=1
    $tidy/static.sh || status=1
    { $tidy/files.sh README.md; echo; $tidy/files.sh '*' | grep -v -e '^\.[a-z-]*$' -e 'README.md$' -e '^LICENSE$'; } |
        awk -f $tidy/readmes.awk || status=1
    formatted || status=1
}
exit $status
