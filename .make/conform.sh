#!/bin/sh
# conform.sh: every scenario on the model and on a host: live Wine, or its recorded traces where Wine cannot be had.
# Run from the top of the tree with build/reservoir built; `make conform` does so. Exit status: that of reservoir run.
set -u

traces=scenarios/hosts/wine-8.0/traces
reports=build/reports
mkdir -p "$reports" && [ -w "$reports" ] || {
    echo "$reports cannot be written to; nothing was played" >&2
    exit 2
}

live=no
if .make/deps.sh host; then
    # An agent that does not compile is our bug and no reason to do without Wine.
    env -u MAKEFLAGS -u MAKELEVEL make build/agent.exe || exit 2
    .make/wine.sh start && live=yes
fi

if [ "$live" = yes ]; then
    # A shell that dies of a signal runs no EXIT trap (dash); Wine's server must not outlive a Ctrl-C.
    trap '.make/wine.sh stop' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    # The one agent stands for every account that scenarios name, as well as it can; its host block says so.
    agent='build/wine-agent serve --approximate'
    set -- --host "$agent"
    for account in $(sed -n 's/^user  *\([a-z0-9_]*\) is .*/\1/p' scenarios/*/*.scn | sort -u); do
        set -- "$@" --host-as "$account=$agent"
    done
    set -- "$@" --restart '.make/wine.sh restart'
    # Where this process may listen (CAP_NET_RAW is bit 13), what Wine sends is recorded, for `expect packet`.
    may=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
    if [ $((0x${may:-0} >> 13 & 1)) = 1 ] && [ -e /sys/class/net/lo ]; then set -- "$@" --capture-live lo; fi
else
    echo "No live Wine here: the model is compared with the traces recorded in $traces."
    set -- --host-trace "$traces"
fi

rm -rf "$reports/traces" # a run that was killed may have left there what waits for a restart
build/reservoir run scenarios --on documented --on windows --on host "$@" --record "$reports/traces" --report text \
    --report "tap=$reports/conform.tap" --report "junit=$reports/conform.xml" --report "json=$reports/conform.json" \
    --report "markdown=$reports/conform.md" --report "table=$reports/tables.txt" --report "errors=$reports/errors.txt"
status=$?
# What the project is for stands last, where it is seen.
[ ! -s "$reports/errors.txt" ] || { echo; cat "$reports/errors.txt"; }
echo "Reports are in $reports: conform.tap, conform.xml, conform.json, conform.md, tables.txt, errors.txt;"
echo "traces in $reports/traces."
exit $status
