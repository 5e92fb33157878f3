#!/bin/sh
# afternoon.sh: the commands of conformance/skeleton/README.md from the fifth on, as they stand there, and what is refused: a file
# that is not there, one that is no library, one without WSPStartup. Exit status: 0 when each ends as the page says; else 1.
set -u

work=build/reports/afternoon
rm -rf $work && mkdir -p $work
faults=0
log=said
# expect STATUS COMMAND...
expect() {
    wanted=$1
    shift
    "$@" >$work/$log 2>&1
    status=$?
    [ $status -eq "$wanted" ] && return
    echo "  $*: status $status, not $wanted"
    tail -3 $work/$log
    faults=$((faults + 1))
}
mine=$work/mine.so
expect 1 build/reservoir run scenarios/associate --provider build/skeleton-provider.so
expect 0 gcc -std=c17 -shared -fPIC -fvisibility=hidden -I. -x c conformance/skeleton/skeleton.c -o $mine
# These two wait for what the skeleton never does, each for minutes: side by side.
(
    log=said-beside
    expect 1 build/reservoir run scenarios --provider $mine --report markdown=$work/report.md
    exit $faults
) &
reported=$!
expect 1 build/reservoir run scenarios --provider $mine --accept $work/deviations
wait $reported || faults=$((faults + 1))
expect 2 build/reservoir run scenarios/associate --provider $work/none.so
expect 2 build/reservoir run scenarios/associate --provider README.md
echo 'int nothing;' >$work/nothing.c
expect 0 gcc -shared -fPIC $work/nothing.c -o $work/nothing.so
expect 2 build/reservoir run scenarios/associate --provider $work/nothing.so
echo "  $(grep -c '^deviation' $work/deviations) rules for the skeleton; $faults commands ended otherwise than the page says"
[ $faults -eq 0 ]
