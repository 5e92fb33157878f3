#!/bin/sh
# m32.sh: the unit tests, built for 32 bits. Does this system's kernel run such programs at all? Not every one does; where it does not,
# the tests say so and pass. m32.sh can: exit status 0 where it does. m32.sh programs: prints what has to be built for that, nothing
# where it would be built in vain. Exit status: as the tests end; with a word 0 or 1.
set -u

# Only the kernel's own refusal counts: what cannot be compiled is for the build to say.
can_run() {
    mkdir -p build && probe=$(mktemp build/m32.probe.XXXXXX) || return 0
    said=
    if echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o "$probe" 2>/dev/null; then said=$(sh -c "exec $probe" 2>&1); fi
    rm -f "$probe"
    case $said in *'Exec format error'*) return 1 ;; esac
}

case ${1-} in
can) can_run ;;
programs) ! can_run || echo build/m32/reservoir build/m32/unit ;;
*)
    can_run || { echo "The kernel here runs no 32-bit programs: not built, not run."; exit 0; }
    exec build/m32/unit ;;
esac
