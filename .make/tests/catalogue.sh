#!/bin/sh
# catalogue.sh: what the catalogue of functions (stack/call/functions.def) knows is asked of it. No parameter of a call goes
# by a bare number: its index has a name, such as sendto_buf. And no switch asks for more than three functions by name: what
# they have in common is a column. Looks at all sources in git, after it has shown that it finds each kind of fault. Prints
# FILE:LINE: what is wrong. Exit status: 0 when nothing is, 1 when something is.
set -u

check() {
    awk '
    function complain(what) {
        printf "%s:%d: %s\n", FILENAME, FNR, what
        bad = 1
    }
    FNR == 1 { cases = 0 }
    # `step->arguments[0].value` is the first argument as written, whatever its parameter: no record. main() has words.
    /arguments\[[0-9]+\]/ && !/arguments\[[0-9]+\]\.(value|parameter|named)/ && !/char \*+arguments\[/ && !/run_command\(/ ||
    /call(s\[[^]]*\])?(->|\.)ranges\[[0-9]+\]/ {
        complain("a parameter by its number; its index has a name (stack/call/functions.h)")
    }
    /(call_read|call_range_holds|call_put_bytes|context_socket|context_event|begin_socket_call|session_argument|argument_value)\([^,()]*, *[0-9]/ ||
    /sockaddr_given\(.*, *[0-9]/ {
        complain("a parameter by its number; its index has a name (stack/call/functions.h)")
    }
    /switch \(/ { cases = 0 }
    /case FUNCTION_/ {
        cases += gsub(/case FUNCTION_/, "&")
        if (cases == 4) complain("a switch over more than three functions; what they share is a column of the catalogue")
    }
    END { exit bad }
    ' "$@"
}

faults='    uint64_t socket = call->arguments[0];
    if (context->call->ranges[3].state == RANGE_NULL) return;
    const uint8_t *name = call_read(context->call, 1, size);
    unsigned socket = begin_socket_call(context, 0);
    call_put_bytes(&call, 4, bytes, sizeof bytes);
    const uint8_t *name = sockaddr_given(context->call, row->family, 1, 2);
    switch (function) { case FUNCTION_bind: case FUNCTION_listen: case FUNCTION_connect: case FUNCTION_sendto: break; }'
found=$(printf '%s\n' "$faults" | check - | wc -l)
if [ "$found" -ne "$(printf '%s\n' "$faults" | wc -l)" ]; then
    printf '%s: a fault goes unnoticed; found of the list in this script:\n' "$0"
    printf '%s\n' "$faults" | check -
    exit 1
fi
# shellcheck disable=SC2046  # no name of ours has a blank
check $(git ls-files '*.c' '*.h')
