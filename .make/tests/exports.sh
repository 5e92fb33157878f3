#!/bin/sh
# exports.sh: does Windows export the functions of the catalogue (stack/call/functions.def) where its rows say? Asked of
# mingw-w64's import libraries and headers, and of the export table of Wine's ws2_32.dll, which has the ordinals of Winsock 1.1.
# Looks at `reservoir list functions`, after it has shown that a wrong row is found. Without Wine the ordinals are not
# compared, which it says. Exit status: 0 when all agree, 1 when something does not.
set -u

work=build/exports
libraries=$(dirname "$(x86_64-w64-mingw32-gcc -print-file-name=libws2_32.a)")
headers=$(x86_64-w64-mingw32-gcc -print-sysroot 2>/dev/null)/x86_64-w64-mingw32/include
[ -f "$headers/ws2spi.h" ] || headers=/usr/x86_64-w64-mingw32/include
library=$(ls /usr/lib/*/wine/x86_64-windows/ws2_32.dll 2>/dev/null | head -n 1)
mkdir -p $work

# "ws2_32 bind" for each name that an import library has.
for module in ws2_32 kernel32 advapi32 iphlpapi; do
    x86_64-w64-mingw32-nm "$libraries/lib$module.a" 2>/dev/null | sed -n "s/.* T /$module /p"
done >$work/names
# "2 bind": objdump counts the table's rows from 0, its ordinals begin at 1.
[ -z "$library" ] || x86_64-w64-mingw32-objdump -p "$library" |
    awk '/Ordinal\/Name Pointer/ { on = 1; next }
         on && /^\t\[ *[0-9]+\]/ { sub(/^\t\[ */, ""); sub(/\]/, ""); print $1 + 1, $2 }' >$work/ordinals
sed -n 's/.*lp\(WSP[A-Za-z]*\);.*/\1/p' "$headers/ws2spi.h" >$work/table

# A line of the list is FUNCTION MODULE [ORDINAL] ERRORS [PROVIDER].
check() {
    awk -v work=$work -v ordinals="$library" '
    function complain(what) { print $1 ": " what; bad = 1 }
    BEGIN {
        while ((getline line < (work "/names")) > 0) exported[line]
        while ((getline line < (work "/table")) > 0) slot[line]
        while (ordinals != "" && (getline line < (work "/ordinals")) > 0) { split(line, part, " "); number[part[2]] = part[1] }
    }
    NF < 3 || $1 == "function" { next }
    /^$/ { exit }
    $2 ~ /^(agent|provider|netsh|model)$/ { next }
    {
        compared++
        ordinal = $3 ~ /^[0-9]+$/ ? $3 : ""
        provider = $NF ~ /^WSP/ ? $NF : ""
        if (!(($2 " " $1) in exported)) complain($2 " does not export it")
        if (provider != "" && !(provider in slot)) complain("a provider has no " provider)
        if (ordinals != "" && ordinal != "" && number[$1] != ordinal) complain("its ordinal is " number[$1] ", not " ordinal)
    }
    END { if (!compared) { print "nothing was compared"; bad = 1 }; exit bad }
    '
}

faults='connect ws2_32 5 Winsock WSPConnect
connect ws2_32 4 Winsock WSPJoin
connect kernel32 Winsock'
[ -n "$library" ] || faults=$(printf '%s\n' "$faults" | sed 1d)
printf '%s\n' "$faults" | while read -r fault; do
    if printf '%s\n' "$fault" | check >$work/fault; then echo "$0: goes unnoticed: $fault"; exit 1; fi
done || exit 1
build/reservoir list functions | sed '/^$/q' >$work/list
[ -n "$library" ] || echo "Wine is not installed: the ordinals were not compared."
check <$work/list
