#!/bin/sh
# declared.sh: how much of what mingw-w64's real headers declare do ours declare? Functions, types with their sizes, members with
# their offsets, constants with their values. Of the headers of Winsock and iphlpapi nothing may be missing; of windows.h's parts it
# is counted, and build/program/declared/HEADER.missing has the rest: other areas of Windows (the registry's, the shell's, files'),
# which no program of ours has wanted yet. What is declared and not modelled stops who calls it.
# Run from the top of the tree, after `make build/program/libreservoir-program.a build/program/include`. Exit status: 0 all is there,
# or mingw-w64 is not installed; 1 something is missing, or differs.
set -u

work=build/program/declared
mkdir -p $work
real="${MINGW:-x86_64-w64-mingw32-gcc} -std=gnu17 -D_WIN32_WINNT=0x0A00 -w"
command -v "${MINGW:-x86_64-w64-mingw32-gcc}" >/dev/null || { echo "  mingw-w64 is not installed: nothing is compared"; exit 0; }
ours="${CC:-gcc} -std=gnu17 -w -fmax-errors=0 $(sed -n 's/^Cflags: //p' .make/install/reservoir-program.pc |
    sed "s|\${includedir}/reservoir/windows|build/program/include|; s|\${includedir}/reservoir|.|")"
included='winsock2 ws2tcpip ws2spi mstcpip mswsock iphlpapi netioapi icmpapi windows process'
network='winsock2 ws2tcpip ws2spi mstcpip mswsock iphlpapi netioapi icmpapi ws2def ws2ipdef iptypes ipexport ipmib iprtrmib
    tcpmib udpmib tcpestats ifdef nldef qos inaddr in6addr _ip_types'
system='synchapi processthreadsapi handleapi ioapiset heapapi memoryapi sysinfoapi profileapi threadpoolapiset
    threadpoollegacyapiset libloaderapi errhandlingapi processenv debugapi fibersapi namedpipeapi fileapi stringapiset
    timezoneapi winbase wincon winsvc winreg securitybaseapi'

includes() { for name in $included; do echo "#include <$name.h>"; done; }

# declared HEADERS: what those of mingw-w64 declare, each once.
declared() {
    includes | $real -E -x c - |
        awk -v headers="$(for name in $1; do printf '%s.h ' "$name"; done)" -f sim/program/tests/declared.awk | awk '!seen[$2, $3, $4]++'
}

# missing <LIST: the lines that our headers have nothing for.
missing() {
    cat >$work/list
    {
        includes
        # A name that is a macro with arguments is there.
        awk '$2 == "function" { print "#ifndef " $3; print "void *ask_" NR "(void) { return (void *)" $3 "; }"; print "#endif" }
            $2 == "type" { print ""; print "int ask_" NR "[sizeof(" $3 ")];"; print "" }
            $2 == "value" { print ""; print "long long ask_" NR " = (long long)(" $3 ");"; print "" }
            $2 == "field" { print ""; print "int ask_" NR "[__builtin_offsetof(" $3 ", " $4 ") + 1];"; print "" }' $work/list
    } >$work/ask.c
    head=$(includes | wc -l)
    $ours -fsyntax-only $work/ask.c 2>&1 | sed -n "s|^$work/ask.c:\([0-9]*\):[0-9]*: error.*|\1|p" | sort -nu |
        awk -v head="$head" 'FNR == NR { lines[NR] = $0; next } { n = int(($1 - head + 2) / 3); if (!shown[n]++) print lines[n] }' $work/list -
}

status=0
printf '  %-24s %10s %10s %10s %10s\n' 'of what mingw-w64 has' functions types members constants
# counted NAME LIST MISSING: a row.
counted() {
    printf '  %-24s' "$1"
    for kind in function type field value; do
        printf ' %10s' "$(awk -v kind=$kind '$2 == kind { if (FILENAME == ARGV[1]) lost++; else all++ } END { if (all) print all - lost "/" all; else print "-" }' "$3" "$2")"
    done
    echo
}

declared "$network" >$work/network
missing <$work/network >$work/network.missing
counted 'Winsock, iphlpapi' $work/network $work/network.missing
for header in $system; do
    declared "$header" | awk '$2 == "function"' >$work/system
    [ -s $work/system ] || continue
    missing <$work/system >$work/$header.missing
    counted "$header.h" $work/system $work/$header.missing
done

lost=$(awk '{ print $2 == "field" ? $3 "." $4 : $3 }' $work/network.missing)
[ -z "$lost" ] || { echo "  NOT: missing: $(echo "$lost" | tr '\n' ' ')"; status=1; }

# What is there has mingw-w64's sizes, offsets and values.
grep -vxFf $work/network.missing $work/network >$work/there
{
    includes
    echo 'int main(void) {'
    awk '$2 == "type" { print "printf(\"IS(sizeof(" $3 "), %lld)\\n\", (long long)sizeof(" $3 "));" }
        $2 == "value" { print "printf(\"IS(" $3 ", %lld)\\n\", (long long)(" $3 "));" }
        $2 == "field" { text = "offsetof(" $3 ", " $4 ")"; print "printf(\"IS(" text ", %lld)\\n\", (long long)" text ");" }' $work/there
    echo 'return 0; }'
} >$work/print.c
# shellcheck disable=SC2086  # several words
$ours $work/print.c -Lbuild/program -Wl,--whole-archive -lreservoir-program -Wl,--no-whole-archive -o $work/print || { echo "  NOT: $work/print.c cannot be built"; exit 1; }
{
    includes
    echo '#define IS(what, value) _Static_assert((long long)(what) == (value), #what " is another: " #value " here");'
    $work/print
} >$work/check.c
if ! $real -fsyntax-only $work/check.c 2>$work/errors; then
    sed -n 's/.*static assertion failed: /  NOT: /p' $work/errors | head -20
    status=1
fi
echo "  $(grep -c '^IS' $work/check.c) sizes, offsets and constants are mingw-w64's"
exit $status
