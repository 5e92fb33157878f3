#!/bin/sh
# strict.sh CHECK: of the files whose names come in, a line each, those for which tidy/strict asks for the check.
exec awk -v check="$1" '
    FILENAME != "-" {
        if ($1 != check) next
        gsub(/[.]/, "[.]", $2)
        gsub(/\*/, ".*", $2)
        patterns[++count] = "^" $2 "$"
        next
    }
    { for (i = 1; i <= count; i++) if ($0 ~ patterns[i]) { print; next } }' .make/tidy/strict -
