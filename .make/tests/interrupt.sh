#!/bin/sh
# interrupt.sh: Ctrl-C while `make conform` plays on Wine. After it no process of Wine in this tree's prefix may be left, and the
# status tells of the signal. Exit status: 0; 1 when something is left. Where Wine cannot be had it says so and passes.
set -u

if ! .make/wine.sh start; then
    echo "No Wine here: not run."
    exit 0
fi
.make/wine.sh stop

# Whose environment names one of our prefixes: Wine's servers and everything that runs under them. One program looks at all of
# them: where starting one takes long, two for each process twice a second were half of a processor's time.
left_over() {
    grep -lzxE "WINEPREFIX=$PWD/build/(${RESERVOIR_WINE:-wine}|wine\.[0-9]+)" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3
}

# A session of its own, so that the signal reaches the whole group, as from a terminal, and nothing else. A shell starts what
# runs in the background with SIGINT ignored: env undoes that.
env --default-signal=INT setsid .make/conform.sh >build/interrupt.log 2>&1 &
leader=$!
# It has a session of its own: a signal for us does not reach it.
trap 'kill -s INT -- "-$leader"; exit 130' INT TERM HUP
tries=0
while [ -z "$(left_over)" ] && [ $tries -lt 60 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
sleep 2 # into the scenarios
kill -s INT -- "-$leader"
wait "$leader"
status=$?
[ $status -eq 130 ] || { echo "conform.sh ended with $status, not with 130"; tail -5 build/interrupt.log; exit 1; }
tries=0
while [ -n "$(left_over)" ] && [ $tries -lt 90 ]; do
    sleep 0.5
    tries=$((tries + 1))
done
left=$(left_over)
[ -z "$left" ] || { echo "left behind:"; echo "$left" | xargs ps -o pid,etimes,args -p; exit 1; }
echo "Ctrl-C in make conform: status 130, and no process of Wine is left."
