#!/bin/sh
# unformatted.sh FILE...: which of these files would clang-format lay out otherwise? One process reads them all.
# Exit status: 0 none; 1 some, a line for each, with the first place: FILE:LINE: what.
{ clang-format -n -Werror "$@" 2>&1 || echo 'failed:'; } | awk -F : '
    /^failed:$/ { failed = 1 }
    !/clang-format-violations/ { other = other "\n" $0; next }
    !($1 in seen) { seen[$1] = 1; faults++; print $1 ":" $2 ": is not formatted; `make format` does it" }
    # Something else went wrong, and it may have said what.
    END {
        if (failed && !faults) print "clang-format:1: failed:" other
        exit failed
    }'
