#!/bin/sh
# below.sh: the layered provider over another provider, under Wine: the way that it takes on Windows, through a base provider's
# WSPStartup and table, where there is no Windows. Below it stands the model as a DLL, one machine for each process, so that only
# scenarios of one process are played. Exit status: 0 when what was played conforms or deviates as recorded; else 1. Where Wine cannot
# be had it says so and passes.
set -u

. .make/with_wine.sh
work=build/reports/layered-below
mkdir -p $work
dll() { echo "Z:$PWD/build/$1" | tr / '\\'; }
LAYERED_BELOW=$(dll reservoir-provider.dll)
export LAYERED_BELOW
build/reservoir run scenarios/associate scenarios/arguments --on host --host-name layered-wine-8.0 \
    --host "build/wine-agent --provider '$(dll layered-provider.dll)'" --report text=$work/text 2>$work/errors
status=$?
sed -n '/^Summary/,/steps/p' $work/text | grep '[0-9]'
[ $status -eq 0 ] || { sed -n '/^New deviations/,/^Summary/p' $work/text; cat $work/errors; }
[ $status -eq 0 ]
