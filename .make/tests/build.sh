#!/bin/sh
# build.sh: proves what the Makefile promises, on a copy of the tree that starts with what build/gcc holds:
# sources are found wherever they are put, an archive keeps no object of a source that is gone, CC and its flags are
# used, and two makes at once do not hurt each other.
# Run from the top of the tree with build/gcc/reservoir built. Exit status: 0 all true; 1 not.
set -u

copy=build/tests/tree
log=$PWD/build/tests/build.log
status=0

says() { # says TITLE COMMAND...
    title=$1
    shift
    if "$@" >>"$log" 2>&1; then echo "  $title"; else echo "  NOT: $title (build/tests/build.log)"; status=1; fi
}
not() { ! "$@"; }
archive_has() { nm build/gcc/libreservoir.a 2>/dev/null | grep -q " T $1\$"; }
member_once() { [ "$(ar t build/gcc/libreservoir.a | grep -c "^$1\$")" -eq 1 ]; }
built() { make "$@"; }
compiles() { make "$1" | tee -a "$log" | grep -q '^  gcc .*\.c$'; }

# Makes of this test are no sub-makes.
unset MAKEFLAGS MAKELEVEL MFLAGS
rm -rf "$copy" && mkdir -p "$copy/build" || exit 1
: >"$log"
cp -a .make Makefile stack sim conformance reports "$copy" && cp -a build/gcc "$copy/build" &&
    mkdir "$copy/scenarios" && cp -a scenarios/clauses.tsv scenarios/translations.tsv scenarios/facts "$copy/scenarios" &&
    cp -a build/citations.c "$copy/build" 2>>"$log"
cd "$copy" || exit 1

says 'the copy has nothing to compile' not compiles build/gcc/reservoir

mkdir -p stack/some/where/deep
echo 'int found_deep_down(void);
int found_deep_down(void) { return 1; }' >stack/some/where/deep/found.c
moved=$(cd conformance/base && ls -- *.c | head -n 1)
mkdir -p conformance/base/other/place && mv "conformance/base/$moved" conformance/base/other/place
says 'a new folder three levels deep, a source that has moved: all is built at once' built build/gcc/reservoir
says 'the new source is in the archive' archive_has found_deep_down
says 'the moved one is there once' member_once "${moved%.c}.o"
says 'and the program runs' build/gcc/reservoir --help

rm stack/some/where/deep/found.c
says 'a source is deleted: all is built at once' built build/gcc/reservoir
says 'its object has left the archive' not archive_has found_deep_down

touch stack/errors.c stack/choice.c reports/main.c
make build/gcc/reservoir >first 2>&1 &
says 'one make' built build/gcc/reservoir
says 'and another at the same time' wait $!
says 'leave nothing to do' not compiles build/gcc/reservoir
says 'and a program that runs' build/gcc/reservoir --help

# A fact without its kind of evidence.
refused() { make build/citations.c 2>&1 | tee -a "$log" | grep -q "$1"; }
last=$(($(wc -l <scenarios/facts/windows.tsv) + 1))
printf 'W999\tabout\tstatement\tseen\t-\n' >>scenarios/facts/windows.tsv
says 'a row of facts that is not whole ends the build with its place' \
    refused "^scenarios/facts/windows.tsv:$last: expected 6 fields with tabs between, found 5"
sed -i '$d' scenarios/facts/windows.tsv
printf 'W1\ttest\tabout\tstatement\tseen\t-\n' >>scenarios/facts/windows.tsv
says 'and one that is there already' refused "windows.tsv:$last: W1 is there already, in scenarios/facts/windows.tsv:4"
sed -i '$d' scenarios/facts/windows.tsv
printf 'ASC-99\tGerman\tbelief\t-\tseen\n' >>scenarios/translations.tsv
says 'and a translation of a clause that there is not' refused 'translations.tsv:[0-9]*: there is no clause ASC-99'
sed -i '$d' scenarios/translations.tsv

# A compiler that says how it was called.
printf '#!/bin/sh\necho "$@" >>calls\nexec gcc "$@"\n' >compiler && chmod +x compiler
says "the caller's CC, CFLAGS and CPPFLAGS compile" \
    built CC=./compiler CFLAGS='-O1 -DTHEIRS' CPPFLAGS=-DPREPROCESSOR build/gcc/objects/stack/errors.o
says 'CFLAGS reached it' grep -q -e '-O1 -DTHEIRS .*errors.c' calls
says 'CPPFLAGS as well' grep -q -e '-DPREPROCESSOR .*errors.c' calls
says 'without them it is compiled anew' compiles build/gcc/objects/stack/errors.o

exit $status
