#!/bin/sh
# wire.sh: the layered provider's sockets as the network sees them. Scenarios about the source port of associated sockets are played
# while their packets are recorded on `lo`, and each of their `expect packet` lines has to be found there: on this system's own
# sockets, and as a DLL under Wine. Only root can record; where that is not so, or Wine cannot be had, the script says so and passes.
# Exit status: 0 when all that was played conforms; else 1.
set -u

work=build/reports/layered-wire
mkdir -p $work
[ "$(id -u)" -eq 0 ] || { echo 'Only root can record packets: not run.'; exit 0; }
# played NAME HOST...: no run may go unplayed, and none of its packets unseen.
played() {
    name=$1
    shift
    build/reservoir run scenarios/connections/reserved-source-port.scn scenarios/datagrams/reserved-source-port.scn "$@" \
        --capture-live lo --report text=$work/$name 2>$work/$name.errors
    status=$?
    sed -n '/^Summary/,/steps/p' $work/$name | grep '[0-9]'
    [ $status -eq 0 ] && grep -q ' 4 runs: 4 conform$' $work/$name && return
    cat $work/$name $work/$name.errors
    exit 1
}
played linux --provider build/layered-provider.so --host-name layered
. .make/with_wine.sh
played wine --on host --host-name layered-wine-8.0 \
    --host "build/wine-agent --provider 'Z:$(echo "$PWD/build/layered-provider.dll" | tr / '\\')'"
