#!/bin/sh
# tidy.sh: proves that `make tidy` notices each kind of fault: on a copy of the tree that passes, one fault at a time is
# made, must be named with its file by the part of tidy that it is for, and is taken away again.
# Run from the top of the tree after a tidy that passed. Exit status: 0 each was noticed; 1 not.
set -u

copy=build/tests/tidy
out=$PWD/build/tests/tidy.txt
status=0

rm -rf "$copy" && mkdir -p "$copy/build" || exit 1
for place in * .make .ci .clang-format; do [ "$place" = build ] || cp -a "$place" "$copy" || exit 1; done
for flavour in gcc windows; do
    (cd "build/$flavour" && find objects -name '*.o') | tar -C "build/$flavour" -c -T - |
        (mkdir -p "$copy/build/$flavour" && tar -C "$copy/build/$flavour" -x) || exit 1
done
cd "$copy" || exit 1

# notices PART TITLE PATTERN: the fault that has just been made.
notices() {
    part=$1
    shift
    if .make/tidy.sh "$part" >"$out" 2>&1; then
        echo "  NOT noticed: $1"
        status=1
    elif ! grep -q "$2" "$out" || [ "$(wc -l <"$out")" -ne 1 ]; then
        echo "  noticed, but not as it should be: $1 (build/tests/tidy.txt)"
        status=1
    else
        echo "  $1: $(cat "$out")"
    fi
}

# fault PART FILE TITLE PATTERN: what comes in is added to FILE, and taken out when tidy has been asked.
fault() {
    asked=$1
    shift
    rm -f ../tidy.kept
    [ ! -e "$1" ] || cp -a "$1" ../tidy.kept
    cat >>"$1"
    notices "$asked" "$2" "$1.*$3"
    if [ -e ../tidy.kept ]; then mv ../tidy.kept "$1"; else rm "$1"; fi
}

if ! .make/tidy.sh >"$out" 2>&1; then
    echo "  NOT: the copy passes (build/tests/tidy.txt)"
    exit 1
fi
if .make/tidy.sh no-such-part >"$out" 2>&1; then
    echo "  NOT: a part that there is not is refused"
    exit 1
fi
victim=stack/io/victim.c
printf 'columns  %s\nwords    %s\nformat   sim/store/store_file.h\n' $victim $victim >>.make/tidy/strict
printf '`victim.[ch]` `other.h`\n' >>stack/io/README.md
: >stack/io/victim.h
echo '#include "stack/io/victim.h"' >stack/io/other.h
echo '/* Nothing is wrong here. */' >$victim

printf '/*\ta tab */\n' | fault text $victim 'a tab' 'a tab'
printf '/* a blank */ \n' | fault text $victim 'a blank at the end of a line' 'a blank'
{ echo 'static void seventy_one(void) {'; yes '    (void)0;' | head -n 69; echo '}'; } |
    fault text $victim 'a function of 71 lines' 'seventy_one() has 71 lines'
printf '/* %0120d */\n' 7 | fault text $victim 'a line of 126 columns' '126 columns'
echo '/* FIXME */' | fault text $victim 'a banned word' "'FIXME'"
echo '#include "stack/model/model.h"' | fault rooms $victim 'an include upwards' 'runs up: stack/io -> stack/model'
echo "#include \"conformance/base/text.h\"" |
    fault rooms stack/io/requests.h "an include of another house" "stack/io -> conformance/base"
echo '#include "stack/io/other.h"' >stack/io/victim.h
notices rooms 'a circle of files' 'a circle of files: .*stack/io/victim -> '
: >stack/io/victim.h
echo 'typedef int unlisted;' | fault readmes stack/io/unlisted.h 'a file that no README lists' 'is listed in no README'
echo 'int  unformatted;' | fault format sim/store/store_file.h 'a file that is not formatted' 'is not formatted'

mkdir -p build/gcc/objects/stack/io
printf "int only_here(void);\nint only_here(void) { return 1; }\n" |
    gcc -x c -c -o build/gcc/objects/stack/io/victim.o - ||
    exit 1
notices static 'a function that should be static' 'stack/io/victim.c: only_here'
exit $status
