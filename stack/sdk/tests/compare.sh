#!/bin/sh
# compare.sh: every value and layout of stack/sdk/ beside mingw-w64's real headers. A program prints ours as assertions, and
# mingw's compiler checks them; nothing is run on Windows. Names that mingw-w64 does not have are named, not compared. Then: does
# any other source give one of these names a value? Exit status: 0 when all agree and none does, else 1.
set -eu

work=build/sdk
mkdir -p $work
names=$work/names
{
    sed -n 's/^#define \([A-Z][A-Za-z0-9_]*\) .*/\1/p' stack/sdk/*_values.h | grep -v '^RESERVOIR_'
    sed -n 's/^#define \([A-Z][A-Z0-9_]*\) [0-9].*/\1/p' stack/sdk/win*.h stack/sdk/ws2spi.h
} | LC_ALL=C sort -u >$names

headers='winsock2.h ws2tcpip.h mstcpip.h mswsock.h ws2spi.h windows.h'
{
    for header in $headers; do echo "#include \"stack/sdk/$header\""; done
    for header in network_event_values.h option_values.h poll_values.h; do echo "#include \"stack/sdk/$header\""; done
    echo '#include <stdio.h>'
    echo 'int main(void) {'
    sed 's/.*/    printf("VALUE(&, %lldLL)\\n", (long long)(&));/' $names
    echo '    return 0;'
    echo '}'
} >$work/print.c
${CC:-gcc} -std=c17 -I. $work/print.c -o $work/print
{
    echo '#define WIN32_NO_STATUS'
    for header in $headers; do echo "#include <$header>"; done
    echo '#undef WIN32_NO_STATUS'
    echo '#include <ntstatus.h>'
    # Some of the real ones are signed: 32 bits count. An enumerator is no macro, so #ifdef would pass it over.
    echo '#define VALUE(name, value) _Static_assert((unsigned)(name) == (unsigned)(value), #name " differs");'
    echo '#define TYPE(name, bytes) _Static_assert(sizeof(name) == bytes, "the size of " #name " differs");'
    echo '#define SIZE TYPE'
    echo '#define FIELD(type, member, offset) _Static_assert(offsetof(type, member) == offset, #type "." #member " differs");'
    echo '#include <stddef.h>'
    echo '#include "stack/sdk/layouts.def"'
} >$work/head.c
mingw="${MINGW:-x86_64-w64-mingw32-gcc} -std=c17 -D_WIN32_WINNT=0x0601 -I. -fsyntax-only"
# What mingw-w64 lacks: the compiler says so once for each name.
{ cat $work/head.c && $work/print | sed 's/VALUE(\([A-Za-z0-9_]*\),.*/enum { asked_\1 = (int)(\1) };/'; } >$work/ask.c
$mingw $work/ask.c 2>&1 | sed -n "s/.*error: .\([A-Z][A-Za-z0-9_]*\). undeclared here.*/\1/p" | LC_ALL=C sort -u >$work/missing
{ cat $work/head.c && $work/print | grep -vwFf $work/missing; } >$work/check.c
$mingw $work/check.c
# One home: no other source gives one of these names a value.
again=$(find stack sim conformance reports -name '*.[ch]' ! -path 'stack/sdk/*' ! -path 'sim/program/examples/*' -exec awk '
    NR == FNR { ours[$1]; next }
    /^ *#define +[A-Z]/ { if ($2 in ours) print FILENAME ":" FNR ": " $0; next }
    {
        rest = $0
        while (match(rest, /(^|[^A-Za-z0-9_.>\[\]])[A-Z][A-Za-z0-9_]* = /)) {
            name = substr(rest, RSTART, RLENGTH - 3)
            sub(/^[^A-Za-z]/, "", name)
            if (name in ours) print FILENAME ":" FNR ": " $0
            rest = substr(rest, RSTART + RLENGTH)
        }
    }' "$names" {} +)
if [ -n "$again" ]; then
    echo "stack/sdk/ has these already:"
    echo "$again"
    exit 1
fi
echo "  $(wc -l <$names) constants and $(grep -o 'SIZE(\|FIELD(\|TYPE(' stack/sdk/layouts.def | wc -l) sizes and offsets compared with mingw-w64, except $(wc -l <$work/missing) that it lacks: $(tr '\n' ' ' <$work/missing)"

# The page's two call shapes, in C and in C++, with our headers and with the real ones.
shapes=stack/sdk/tests/test_call_shapes.c
strict='-I. -Wall -Wextra -Werror -fsyntax-only -DSHAPES_ONLY -Wno-unused-function'
${CC:-gcc} -std=c17 $strict $shapes
${CXX:-g++} -x c++ -std=c++17 $strict $shapes
${MINGW:-x86_64-w64-mingw32-gcc} -std=c17 -D_WIN32_WINNT=0x0601 $strict $shapes
mingwxx=${MINGWXX:-x86_64-w64-mingw32-g++}
real='in C'
if command -v "$mingwxx" >/dev/null; then
    $mingwxx -x c++ -std=c++17 -D_WIN32_WINNT=0x0601 $strict $shapes
    real='in C and C++'
fi
echo "  the call shapes with 9 and 11 parameters: ours in C and C++, mingw-w64's $real"
