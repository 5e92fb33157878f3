#!/bin/sh
# tidy.sh [PART...]: style is a test. Every part runs, or those that are named, and prints a line for each fault:
# FILE:LINE: what.
#     text      what can be seen in the text of one file
#     rooms     includes
#     static    names that no other file uses
#     readmes   files that no README lists
#     format    what clang-format would lay out otherwise
# A process reads many files: to start one for each takes ten seconds.
# Run from the top of the tree with build/gcc/unit and the agents built; `make tidy` does so.
# Exit status: 0 nothing found; 1 faults; 2 clang-format is missing or another one, or there is no such part.
set -u
export LC_ALL=C

tidy=.make/tidy
status=0
[ $# -gt 0 ] || set -- text rooms static readmes format

# shellcheck disable=SC2046  # one word for each file
for part in "$@"; do
    case $part in
    text)
        awk -f $tidy/style.awk $tidy/words $tidy/strict \
            $($tidy/files.sh '*.c' '*.h' '*.def' '*.sh' '*.awk' '*.mk' '*.md' '*.scn' Makefile run) ;;
    rooms)
        awk -f $tidy/rooms.awk $tidy/rooms $($tidy/files.sh '*.c' '*.h' '*.def') ;;
    static)
        $tidy/static.sh ;;
    readmes)
        { $tidy/files.sh README.md; echo
          $tidy/files.sh '*' | grep -v -e '^\.[a-z-]*$' -e 'README.md$' -e '^LICENSE$'; } |
            awk -f $tidy/readmes.awk ;;
    format)
        # The pinned one is the one in Debian 12; others lay out some things otherwise.
        case $(clang-format --version 2>/dev/null) in
        *'version 14.'*) ;;
        *) echo "clang-format 14 is needed. \`make deps\` installs what is missing." >&2; exit 2 ;;
        esac
        $tidy/files.sh '*.c' '*.h' | $tidy/strict.sh format | xargs -r -P "$(nproc)" -n 50 $tidy/unformatted.sh ;;
    *)
        echo "tidy.sh: there is no part $part" >&2
        exit 2 ;;
    esac || status=1
done
exit $status
