#!/bin/sh
# faults.sh [none | FAULT...]: the layered provider on this system's own sockets, as it is, and then with one fault of faults.def switched
# on at a time. LAYERED=build/layered-provider.dll asks it under Wine, on ws2_32. As it is, everything conforms or deviates as recorded
# (scenarios/hosts/layered/deviations, layered-wine-8.0). With a fault something new is reported, and among it the clause that the fault
# breaks. What the verdict says of each is written to faults.txt in build/reports/layered or layered-wine, to be read aloud. Exit status:
# 0 when all that is so; else 1. Where Wine cannot be had it says so and passes.
set -u

themes='acquire associate arguments provider runtime'
file=${LAYERED-build/layered-provider.so}
paths=$(for theme in $themes; do echo "scenarios/$theme"; done)
paths="$paths $(for name in when several refused connection several-wait; do echo "scenarios/connections/select-$name.scn"; done)"
# What pends and what is selected: asked as it is, and about the faults of that.
later=$(for name in receive-pends empty-receive no-buffers nonblocking-and-overlapped \
    several-buffers receive-by-routine routine-beside-port waits-for-all-when orderly-close close-with-receive receives-in-line \
    waits-for-all waits-for-all-and-more datagram-too-long buffers-that-are-bad datagrams-overlapped packet-for-success after-shutdown \
    refused-at-once reset-meanwhile; do echo "scenarios/data/$name.scn"; done
    for name in connect-when conversation refused shutdown; do echo "scenarios/connections/$name.scn"; done
    echo scenarios/events scenarios/control/getpeername.scn)
case $file in
*.dll)
    . .make/with_wine.sh
    work=build/reports/layered-wine
    on_wine="build/wine-agent --provider 'Z:$(echo "$PWD/$file" | tr / '\\')'" ;;
*)
    work=build/reports/layered
    on_wine= ;;
esac
mkdir -p $work

# played NAME: the scenarios, with $LAYERED_FAULT as it is; the report is in $work/NAME.
played() {
    # Who waits for each of its calls would wait for an hour; a host that dies three times in a row is not asked again.
    where=$paths
    case $1 in
    none) where="$paths $later" ;;
    receives_out_of_turn | close_forgets | read_reported_once | events_not_taken | selection_not_inherited | peer_as_long_as_asked)
        where=$later ;;
    dies | crashes | dawdles) where='scenarios/runtime/canonical.scn -k tcp.v4' ;;
    esac
    if [ -n "$on_wine" ]; then set -- "$1" --on host --host-name layered-wine-8.0 --host "$on_wine"
    else set -- "$1" --provider "$file" --host-name layered; fi
    name=$1
    shift
    # shellcheck disable=SC2086  # one word for each theme
    build/reservoir run $where "$@" --report text="$work/$name" 2>"$work/$name.errors"
}
played none
status=$?
sed -n '/^Summary/,/steps/p' $work/none | grep '[0-9]'
[ $status -eq 0 ] || { sed -n '/^New deviations/,/^Summary/p' $work/none | head -40; cat $work/none.errors; }
# verdict REPORT CLAUSE: the first new deviation that names the clause, without the instances that share it.
verdict() {
    awk -v clause="@$2" '
        function tell() { if (block != "" && (index(block, clause " ") || index(block, clause "\n"))) { printf "%s", block; found = 1 } block = "" }
        /^New deviations/ { new = 1; next }
        new && /^[^ ]/ { new = 0 }
        new && /^  [^ ]/ { if (!found) tell(); block = ""; sub(/\[.*/, "") }
        new && !found { block = block $0 "\n" }
        END { if (!found) tell() }' "$1"
}
: >$work/faults.txt
total=0
caught=0
named=0
for row in $(sed -n 's/^FAULT(\([a-z_]*\), "\([A-Za-z0-9:=.-]*\)".*/\1:\2/p' conformance/layered/faults.def); do
    fault=${row%%:*}
    clause=${row#*:}
    [ $# -eq 0 ] || case " $* " in *" $fault "*) ;; *) continue ;; esac
    total=$((total + 1))
    LAYERED_FAULT=$fault
    export LAYERED_FAULT
    word='not caught'
    played "$fault" || word='caught, but not by its clause'
    [ "$word" = 'not caught' ] || caught=$((caught + 1))
    if [ "$word" != 'not caught' ] && sed -n '/^New deviations/,/^Summary/p' "$work/$fault" | grep -q "allowed .*@$clause\( \|\$\)\|^ *[a-z].*@$clause\( \|\$\)"; then
        named=$((named + 1))
        word="caught by $clause"
    fi
    printf '  %-26s %s\n' "$fault" "$word"
    { sed -n "s/^FAULT($fault, \"[^\"]*\", \"\(.*\)\").*/$fault: \1/p" conformance/layered/faults.def; verdict "$work/$fault" "$clause"; echo; } >>$work/faults.txt
done
unset LAYERED_FAULT
echo "  what the verdicts say: $work/faults.txt"
echo "  $caught of $total faults were caught, $named by the clause that they break"
[ $status -eq 0 ] && [ $caught -eq $total ] && [ $named -eq $total ]
