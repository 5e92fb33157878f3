#!/bin/sh
# m32.sh: the unit tests, built for 32 bits. With the word `can`: does this system's kernel run such programs at all? Not every one does;
# where it does not, the tests say so and pass. Exit status: as the tests end; with `can` 0 or 1.
set -u

can_run() { ! sh -c 'exec build/m32/reservoir --version' 2>&1 | grep -q 'Exec format error'; }

if [ "${1-}" = can ]; then
    can_run
    exit
fi
can_run || { echo "The kernel here runs no 32-bit programs: not run."; exit 0; }
exec build/m32/unit
