#!/bin/sh
# agent_journal.sh [-x] [AGENT]: what the agent leaves on a machine, tried with its test build, whose machine keeps its persistent store
# in a file. Deaths in mid-scenario, Ctrl-C, restarts, foreign blocks, a torn journal. One line a case. AGENT is its build for this
# system; without one it is agent-model.exe under Wine.
# Exit status: 0 when all is as it should be; 1 when not. Where Wine cannot be had it says so and passes.
set -u

stops=
if [ "${1-}" = -x ]; then # at the first case that fails
    stops=yes
    shift
fi
program=${1-build/wine-agent-model}
wine=
if [ $# -eq 0 ]; then
    wine=yes
    if ! .make/wine.sh start; then
        echo "No Wine here: not run."
        exit 0
    fi
fi
work=build/agent-journal/$(echo "$program" | tr / -)
store=$work/store
journal=$store.journal
agent=
trap '[ -z "$agent" ] || kill -9 "$agent" 2>/dev/null; [ -z "$wine" ] || .make/wine.sh stop' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
rm -rf $work
mkdir -p $work/alone/scenarios
mkfifo $work/in
: >$work/nothing

# ---- Scenarios -----------------------------------------------------------------------------------------------------

# scenario NAME STEP...: an instance in $work/NAME.scn.
scenario() {
    name=$1
    shift
    {
        printf 'scenario %s\n\nuser admin is administrator\nprocess tool as admin elevated manifest=requireAdministrator\n\n' "$name"
        printf '%s\n' "$@"
    } >"$work/$name.scn"
}

create='tool: c = CreatePersistentTcpPortReservation(24000, 4)'
again='tool: d = CreatePersistentTcpPortReservation(24000, 4)'
look_up='tool: LookupPersistentTcpPortReservation(24000, 4)'
delete='tool: DeletePersistentTcpPortReservation(24000, 4)'
scenario makes "$create -> ok" "$look_up -> ok"
scenario uses "$again -> ok" "$delete -> ok"
scenario others 'tool: o = CreatePersistentTcpPortReservation(27000, 4) -> ok'
scenario fills 'tool: c = CreatePersistentTcpPortReservation(20000, 11990) -> ok' reboot
printf 'scenario ports\n\nports p = 4 udp\nprocess app\n\ncheck invariants\n' >$work/ports.scn
scenario restarts "$create -> ok" reboot "$look_up -> ok" reboot "$delete -> ok"

# ---- The store -----------------------------------------------------------------------------------------------------

# Asks the model on a copy: the agent has no part in it. block FIRST ANSWER
block() {
    cp $store $work/copy 2>/dev/null || rm -f $work/copy
    scenario asks "tool: LookupPersistentTcpPortReservation($1, 4) -> $2"
    build/reservoir run $work/asks.scn --store $work/copy >$work/asked 2>&1
}
there() { block "$1" ok; }
gone() { block "$1" 'ERROR_NOT_FOUND @inferred'; }

# Another program makes a block. foreign FIRST
foreign() {
    scenario another "tool: f = CreatePersistentTcpPortReservation($1, 4) -> ok"
    build/reservoir run $work/another.scn --store $store >$work/asked 2>&1
}

# ---- Talking to the agent ------------------------------------------------------------------------------------------

# start COMMAND...: awaits its greeting.
start() {
    "$@" <$work/in >$work/answers 2>$work/errors &
    agent=$!
    exec 3>$work/in
    heard=0
    answers ready
}
serve() { start $program --store $store "$@"; }

say() { printf '%s\n' "$1" >&3; }

# answers PATTERN: the first line from now on that matches as a whole, at most 20 s.
answers() {
    for _ in $(seq 1000); do
        line=$(tail -n +$((heard + 1)) $work/answers | grep -nx -m 1 "$1")
        if [ -n "$line" ]; then
            heard=$((heard + ${line%%:*}))
            return 0
        fi
        sleep 0.02
    done
    echo "    no answer matches: $1; there were:" && tail -n +$((heard + 1)) $work/answers | sed 's/^/    /'
    return 1
}

begin() { say "begin $(wc -c <$work/$1.scn)" && cat $work/$1.scn >&3 && say ''; }

# resume NAME TRACE MARK
resume() {
    say "resume $(wc -c <$work/$1.scn) $(wc -c <$2) $3"
    cat $work/$1.scn >&3 && say '' && cat $2 >&3 && say ''
}

step() { say "step $1" && answers "$2"; }

# What is not waiting for us any more has ended.
await_end() {
    wait "$agent" 2>/dev/null # the shell would tell how it died
    agent=
    exec 3>&-
}
quit() { say quit && await_end; }
crash() { kill -9 "$agent" && await_end; }

# The trace that a runner would have written up to a `reboot`. so_far FILE STEP...
so_far() {
    file=$1
    shift
    sed 's/^scenario/trace/; /^tool:/,$d' $work/restarts.scn >$file
    printf '%s\n' "$@" >>$file
}
# Plays `restarts` up to its first reboot; leaves $mark, and the trace in $work/first.
stop_at_reboot() {
    begin restarts && answers ready && step 0 'tool: c = .* -> ok .*' || return 1
    token=$(grep -o '#~.*' $work/answers | tail -n 1)
    step 1 'restart [!-~]*' || return 1
    mark=$(grep -o '^restart .*' $work/answers | tail -n 1 | cut -c9-)
    so_far $work/first "$create -> ok error=0 Token=t1  $token" reboot
}

# ---- The cases; each begins with an empty machine ------------------------------------------------------------------

empty_machine() { rm -f $store $journal; }

a_killed_agent() {
    serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && crash
    there 24000 && grep -qx '+tcp 24000 4' $journal || return 1
    serve && gone 24000 && [ ! -e $journal ] && quit
}

a_block_of_another() {
    foreign 24000 && serve || return 1
    begin uses && answers ready && step 0 'tool: d = .* -> ERROR_SHARING_VIOLATION.*' || return 1
    step 1 'broken .*tcp ports 24000-24003: a block is there, and this run has not made it' || return 1
    say end && answers clean && quit && there 24000
}

a_torn_journal() {
    foreign 26000 && serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && crash
    printf '+tcp 26000 4' >>$journal # the line end is missing: nothing was made after it
    serve && gone 24000 && there 26000 && [ ! -e $journal ] || return 1
    begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && crash
    printf -- '-tcp 2' >>$journal
    serve && gone 24000 && there 26000 && quit
}

# ---- The journal's owner -------------------------------------------------------------------------------------------

# refused PATTERN: the agent does not even begin, says why, and leaves the journal as it is.
refused() {
    cp $journal $work/journal
    $program --store $store <$work/nothing >$work/answers 2>$work/errors
    [ $? -eq 2 ] && grep -q "$1" $work/errors && cmp -s $journal $work/journal
}

# What it answers for is unknown then, so nothing is made, forgotten or removed.
a_journal_that_cannot_be_read() {
    serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && crash
    cp $journal $work/good
    head -c 300 /dev/urandom | tr '\n' x >$journal && echo >>$journal && refused 'no line of a journal' || return 1
    { cat $work/good && printf '\000\000\n'; } >$journal && refused 'no line of a journal' || return 1
    { cat $work/good && head -c 1100000 /dev/zero | tr '\0' '\n'; } >$journal && refused 'cannot be read' && there 24000 || return 1
    rm $journal && mkdir $journal && ! $program --store $store <$work/nothing >$work/answers 2>$work/errors || return 1
    rmdir $journal && cp $work/good $journal && serve && gone 24000 && [ ! -e $journal ] && quit
}

a_journal_of_another_machine() {
    foreign 24000 && printf 'machine elsewhere\nboot 1+2.0\n+tcp 24000 4\n' >$journal && refused 'of another machine' && there 24000
}

# It waits for its turn, and does not take what the first one has made for what a dead one left.
a_second_agent() {
    serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' || return 1
    $program --store $work/other <$work/nothing >$work/second 2>&1 || return 1 # a journal of its own
    cp $journal $work/journal
    $program --store $store <$work/nothing >$work/second 2>&1
    [ $? -eq 2 ] && grep -q 'another agent plays' $work/second && cmp -s $journal $work/journal || return 1
    step 1 'tool: Lookup.* -> ok .*' && say end && answers clean && gone 24000 && [ ! -e $journal.lock ] || return 1
    $program --store $store <$work/nothing >$work/second 2>&1 && quit
}

# What was cut short is not the beginning of the next line.
a_torn_journal_that_goes_on() {
    foreign 26000 && serve && stop_at_reboot && say leave && answers clean && quit || return 1
    printf '+tcp 26000 4' >>$journal
    serve && begin others && answers ready && step 0 'tool: o = .* -> ok .*' && there 27000 && crash
    serve && gone 27000 && there 26000 && there 24000 && quit
}

# Of the ports in which the agent looks for free ones, 31990 to 31999 are left.
ports_beside_left_blocks() {
    serve && begin fills && answers ready && step 0 'tool: c = .* -> ok .*' && step 1 'restart .*' && say leave && answers clean || return 1
    begin ports && answers 'ports  *p = 4 udp *#~ p=3199[0-6]' && answers ready && say end && answers clean && quit
}

a_restart() {
    serve && stop_at_reboot && say leave && answers clean && there 24000 && quit || return 1
    serve && there 24000 && resume restarts $work/first "$mark" && answers ready || return 1
    step 2 'tool: LookupPersistentTcpPortReservation(24000, 4) -> ok .*' && say end && answers clean || return 1
    gone 24000 && [ ! -e $journal ] && quit
}

two_restarts() {
    serve && stop_at_reboot && say leave && answers clean && quit || return 1
    serve && resume restarts $work/first "$mark" && answers ready && step 2 'tool: Lookup.* -> ok .*' || return 1
    looked_up=$(grep '^tool: Lookup' $work/answers)
    step 3 'restart [!-~]*' && say leave && answers clean || return 1
    mark=$(grep -o '^restart .*' $work/answers | cut -c9-)
    so_far $work/second "$create -> ok error=0 Token=t1  $token" reboot "$looked_up" reboot
    quit && serve && resume restarts $work/second "$mark" && answers ready || return 1
    step 4 'tool: DeletePersistentTcpPortReservation(24000, 4) -> ok .*' && say end && answers clean && gone 24000 && quit
}

a_restart_that_has_not_been() {
    serve && stop_at_reboot && say leave && answers clean || return 1
    resume restarts $work/first "$mark" && answers 'unsupported the machine has not restarted since .*' || return 1
    resume restarts $work/first nonsense && answers 'unsupported the mark nonsense is none that this agent gives' || return 1
    resume restarts $work/makes.scn "$mark" && answers 'broken .*the trace so far .*' || return 1
    there 24000 && grep -q '^left ' $journal && quit || return 1
    serve && resume restarts $work/first "$mark" && answers ready && say end && answers clean && gone 24000 && quit
}

a_block_that_was_not_left() {
    serve && stop_at_reboot && say end && answers clean && gone 24000 && quit && foreign 24000 || return 1
    serve && resume restarts $work/first "$mark" && answers ready && step 2 'tool: Lookup.* -> ok .*' || return 1
    say end && answers clean && quit && there 24000
}

a_death_after_a_restart() {
    serve && stop_at_reboot && say leave && answers clean && crash
    serve && there 24000 && resume restarts $work/first "$mark" && answers ready && crash
    serve && gone 24000 && [ ! -e $journal ] && quit
}

the_order_of_commands() {
    serve && say leave && answers 'broken no scenario has stopped for a restart' || return 1
    begin restarts && answers ready && say leave && answers 'broken no scenario has stopped for a restart' && say end && answers clean || return 1
    stop_at_reboot && step 2 'broken the machine has to restart first: leave, or end' || return 1
    say 'resume 1 2' && answers 'broken resume wants two lengths and a mark' && say end && answers clean && gone 24000 && quit
}

read_only() {
    serve --read-only && begin makes && answers 'unsupported CreatePersistentTcpPortReservation is forbidden by --read-only' || return 1
    quit && gone 24000 && serve && stop_at_reboot && say leave && answers clean && quit || return 1
    serve --read-only && quit && there 24000 && serve && there 24000 && quit
}

# A dynamic range is moved for every program of the machine, so that no one can put it back: never asked, not even by name.
a_dynamic_range() {
    scenario moves 'tool: netsh_set_dynamicport(tcp, 20000, 1000) -> ok'
    serve --by-name moves && begin moves && answers 'unsupported netsh_set_dynamicport is never asked of a host' && quit || return 1
    [ -z "$wine" ] || return 0 # netsh is the system's own there
    scenario looks 'tool: netsh_show_dynamicport(udp, family=ipv6) -> ok'
    : >$work/state
    NETSH_STATE=$work/state NETSH_SEED=0 NETSH_DYNAMIC_IPV6=1024 PATH=$PWD/build/gcc/lying:$PATH serve --netsh || return 1
    begin looks && answers ready && step 0 'tool: .* -> ok error=[a-z0-9]* StartPort=1024 NumberOfPorts=64511' && say end && answers clean && quit
}

ctrl_c() {
    rm -f $work/press
    if [ -n "$wine" ]; then start build/wine-run build/windows/interrupt.exe $work/press build/agent-model.exe --store $store; else serve; fi || return 1
    begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && there 24000 || return 1
    if [ -n "$wine" ]; then touch $work/press; else kill -INT "$agent"; fi
    await_end
    gone 24000 && [ ! -e $journal ]
}

# A client that sleeps, or is gone without a word: our end of the pipe stays open.
an_idle_connection() {
    serve --idle-limit 1 && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && there 24000 || return 1
    for _ in $(seq 100); do
        kill -0 "$agent" 2>/dev/null || break
        sleep 0.1
    done
    gone 24000 && [ ! -e $journal ] && grep -q 'no command for 1 s' $work/errors && await_end
}

# A disk that fills while a line is written: nothing is made, and no part of the line stays.
a_full_disk() {
    [ -z "$wine" ] || return 0 # no limit of this system's holds there
    scenario excludes 'tool: netsh_add_excludedportrange(tcp, 24000, 4) -> ok'
    : >$work/state
    foreign 27000 && serve && stop_at_reboot && say leave && answers clean && quit || return 1
    while [ "$(wc -c <$journal)" -lt 470 ]; do head -n 2 $journal | tail -n 1 >>$journal; done
    cp $journal $work/kept
    NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH start sh -c "trap '' XFSZ; ulimit -f 1; exec $program --store $store --netsh" || return 1
    begin excludes && answers ready && step 0 'broken .*cannot be written, so nothing is created' || return 1
    say end && answers clean && quit && cmp -s $journal $work/kept && [ ! -s $work/state ] && there 24000
}

# Bytes that are in no command: one of 0, and more than a command has.
bytes_that_are_no_command() {
    serve && begin makes && answers ready && printf 'step 0\0\n' >&3 && answers 'broken this is no command: .*' && gone 24000 || return 1
    printf 'end%4000s\n' x >&3 && answers 'broken this is no command: .*' && step 0 'tool: c = .* -> ok .*' && say end && answers clean && quit
}

# Copies of one installation have one number, and differ in their names.
a_journal_of_a_copy_of_the_machine() {
    serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && crash
    sed -i 's|^machine \(.*\)/.*|machine \1/another-name|' $journal && refused 'of another machine' && there 24000
}

# A client that ends its end, a system that is shut down, a terminal that is closed.
the_end_of_the_input() {
    serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && there 24000 || return 1
    exec 3>&-
    await_end
    gone 24000 && [ ! -e $journal ]
}
a_signal() {
    [ -z "$wine" ] || return 0 # there it is Ctrl-C alone
    for signal in TERM HUP; do
        serve && begin makes && answers ready && step 0 'tool: c = .* -> ok .*' && there 24000 || return 1
        kill -$signal "$agent" && await_end
        gone 24000 && [ ! -e $journal ] || return 1
    done
}

# Stopped in the midst of an add, which may still come: that nothing is listed is no proof. netsh ends with the agent.
ctrl_c_within_an_add() {
    [ -z "$wine" ] || return 0 # netsh is the system's own there
    scenario excludes 'tool: netsh_add_excludedportrange(tcp, 24000, 4) -> ok'
    : >$work/state
    NETSH_STATE=$work/state NETSH_ADDS_AFTER_S=3 PATH=$PWD/build/gcc/lying:$PATH serve --netsh || return 1
    begin excludes && answers ready && say 'step 0' || return 1
    for _ in $(seq 100); do
        grep -qx '+tcp-exclusion 24000 4' $journal 2>/dev/null && break
        sleep 0.02
    done
    kill -INT "$agent" && await_end
    grep -qx '+tcp-exclusion 24000 4' $journal && ! grep -qx -- '-tcp-exclusion 24000 4' $journal || return 1
    sleep 4
    [ ! -s $work/state ] || return 1
    NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH serve --netsh && [ ! -e $journal ] && quit
}

# An add that takes longer than netsh is given: it is ended, and what it would have made is never there.
a_slow_add() {
    [ -z "$wine" ] || return 0 # netsh is the system's own there
    scenario excludes 'tool: netsh_add_excludedportrange(tcp, 24000, 4) -> ok'
    : >$work/state
    NETSH_STATE=$work/state NETSH_ADDS_AFTER_S=12 PATH=$PWD/build/gcc/lying:$PATH serve --netsh || return 1
    begin excludes && answers ready && step 0 'broken .*it did not end in time.*' && say end && answers 'clean' && quit || return 1
    sleep 3
    [ ! -s $work/state ] && [ ! -e $journal ]
}

# Where another program's exclusion lies nothing is added and nothing deleted, nor where no one can say whose it is: netsh may cut it.
an_exclusion_of_another() {
    [ -z "$wine" ] || return 0 # netsh is the system's own there
    scenario meddles 'tool: netsh_add_excludedportrange(tcp, 24010, 4) -> ok' 'tool: netsh_delete_excludedportrange(tcp, 24010, 4) -> ok'
    echo 'active tcp 24000 100 *' >$work/state && cp $work/state $work/kept
    NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH serve --netsh && begin meddles && answers ready || return 1
    step 0 'broken .*24010-24013: netsh lists a range there that this run has not made' || return 1
    step 1 'broken .*24010-24013: netsh lists a range there that this run has not made' || return 1
    quit && cmp -s $work/state $work/kept && [ ! -e $journal ] || return 1
    : >$work/state
    NETSH_LIE=5 NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH serve --netsh && begin meddles && answers ready || return 1
    step 0 'broken .*netsh gives no whole listing.*' && step 1 'broken .*netsh gives no whole listing.*' && quit && [ ! -s $work/state ]
}

# Likewise persistent reservations: whether a deletion cuts what lies in its place is not documented.
a_reservation_in_an_exclusion_of_another() {
    [ -z "$wine" ] || return 0 # netsh is the system's own there
    scenario reserves "$create -> ok" "$delete -> ok"
    echo 'persistent tcp 23990 100 *' >$work/state && cp $work/state $work/kept
    NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH serve --netsh && begin reserves && answers ready || return 1
    step 0 'broken .*24000-24003: netsh lists a range there that this run has not made' || return 1
    step 1 'broken .*24000-24003: netsh lists a range there that this run has not made' || return 1
    quit && cmp -s $work/state $work/kept && gone 24000 && [ ! -e $journal ] || return 1
    : >$work/state
    NETSH_LIE=5 NETSH_STATE=$work/state PATH=$PWD/build/gcc/lying:$PATH serve --netsh && begin reserves && answers ready || return 1
    step 0 'broken .*netsh gives no whole listing.*' && step 1 'broken .*netsh gives no whole listing.*' && quit && gone 24000
}

# The agent alone. alone COMMAND ARGUMENT...
alone() { $program --store $store "$@" >$work/said 2>&1; }

alone_with_a_restart() {
    out=$work/alone/traces
    cp $work/restarts.scn $work/alone/scenarios
    rm -rf $out
    alone run $work/alone/scenarios --record $out # it is not asked for
    grep -qx 'unsupported restarts: it restarts the machine.*' $work/said && gone 24000 && [ ! -e $out/persistent.journal ] || return 1
    alone run $work/alone/scenarios --restarts --record $out && grep -qx 'stopped     restarts: .*' $work/said || return 1
    there 24000 && tail -n 1 $out/restarts.trace | grep -q '^# restart: ' || return 1
    alone run $work/alone/scenarios --restarts --record $out # a new trace would orphan the block
    [ $? -eq 2 ] && there 24000 && cp $out/restarts.trace $work/kept || return 1
    alone resume $work/alone/scenarios --record $out && grep -qx 'stopped     restarts: .*' $work/said && there 24000 || return 1
    alone resume $work/alone/scenarios --record $out && grep -qx 'played      restarts' $work/said && gone 24000 || return 1
    [ ! -e $out/persistent.journal ] && [ ! -e $out/restarts.trace.new ] && ! grep -q '^#' $out/restarts.trace || return 1
    build/reservoir judge $out/restarts.trace >/dev/null || return 1
    alone resume $work/alone/scenarios --record $out
    [ $? -eq 2 ]
}

alone_and_abandoned() {
    out=$work/alone/traces
    rm -rf $out
    alone run $work/alone/scenarios --restarts --record $out && there 24000 && grep -q 'abandon .*alone/scenarios --record' $work/said || return 1
    alone abandon $work/alone/scenarios --record $out && gone 24000 || return 1
    alone resume $work/alone/scenarios --record $out
    [ $? -eq 2 ] && tail -n 1 $out/restarts.trace | grep -q '^# unsupported: given up'
}

failed=0
for case in a_journal_that_cannot_be_read a_journal_of_another_machine a_second_agent \
    a_killed_agent a_block_of_another a_torn_journal a_torn_journal_that_goes_on ports_beside_left_blocks \
    a_restart two_restarts a_restart_that_has_not_been a_block_that_was_not_left a_death_after_a_restart \
    the_order_of_commands read_only a_dynamic_range ctrl_c an_exclusion_of_another \
    a_reservation_in_an_exclusion_of_another an_idle_connection \
    the_end_of_the_input a_signal a_full_disk bytes_that_are_no_command a_journal_of_a_copy_of_the_machine \
    ctrl_c_within_an_add a_slow_add alone_with_a_restart alone_and_abandoned; do
    empty_machine
    if $case; then
        echo "ok     $case" | tr _ ' '
    else
        echo "NOT OK $case" | tr _ ' '
        sed 's/^/    stderr: /' $work/errors
        failed=1
        [ -z "$stops" ] || exit 1
        [ -z "$agent" ] || { kill -9 "$agent" 2>/dev/null; await_end; }
    fi
done
exit $failed
