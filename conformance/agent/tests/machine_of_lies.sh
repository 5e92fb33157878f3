# machine_of_lies.sh: the machine on which agent_lies.sh and agent_deaths.sh play; they read it. All that outlives an agent is in the
# folder machine: what it records with its journal, the model's persistent reservations, the ranges of its netsh (lying_netsh.c), and
# what it has said to standard error. From the caller: `agent`, its program; `work`, a folder of its own; `stops`, not empty: the
# first failure ends it.

machine=$work/machine
PATH=$PWD/build/gcc/lying:$PATH
export PATH NETSH_STATE="$machine/netsh"
rm -rf "$work"
mkdir -p "$work/scenarios"
failed=0

# A path a line, none with a blank.
grep -lE 'netsh_(add|delete)_|CreatePersistent' scenarios/*/*.scn | grep -v /hosts/ >"$work/list"

fail() {
    echo "NOT OK $1"
    failed=1
    [ -z "$stops" ] || exit 1
}

# agent_on COMMAND ARGUMENT...: its status is the agent's. `by`: the words of a program that starts it. In a shell of its own, or
# this one would write `Killed` into the agent's words.
by=
agent_on() {
    # shellcheck disable=SC2086  # words
    (exec $by "$agent" "$@" --record "$machine/out" --store "$machine/store" --netsh >"$work/said" 2>"$machine/errors")
    status=$?
    [ ! -s "$machine/errors" ] || cat "$machine/errors" >>"$work/told"
    return $status
}

# Other people's ranges: those of services, of an administrator, and across the ports in which the agent looks.
other_programs() {
    low=$((20000 + $1 * 37 % 9000))
    for store in active persistent; do
        echo "$store tcp 25565 10 *"
        echo "$store tcp $low 400 *"
        echo "$store udp $((low + 900)) 300 *"
    done
    echo "active tcp 5985 1 -"
    echo "active tcp 47001 1 -"
}

# The machine of a seed, as it is before anything is played.
machine_of() {
    other_programs "$1" >"$work/start"
    sort "$work/start" >"$work/before"
}

fresh() {
    rm -rf "$machine" "$work/told"
    mkdir "$machine"
    cp "$work/start" "$NETSH_STATE"
}

# Are the ranges those of the start, byte for byte? Mostly they are, and then no more is asked.
untouched() { cmp -s "$NETSH_STATE" "$work/start"; }

settled() { grep -v ' 62000 100 -$' "$NETSH_STATE" | sort; }

# Persistent reservations of the modelled machine: `tcp 20000 4`, of the newer copy of each protocol's store (sim/store/store_file.h).
reservations() {
    [ ! -e "$machine/store" ] || perl -0777 -ne '
        for my $protocol (0, 1) {
            my @newest;
            for my $copy (0, 1) {
                my $at = ($protocol * 2 + $copy) * 16384;
                next if length() < $at + 16 || substr($_, $at, 4) ne "RPS1";
                my ($entries, $generation) = unpack("vV", substr($_, $at + 6, 6));
                @newest = ($generation, $at + 16, $entries) if !@newest || $generation > $newest[0];
            }
            for (my $i = 0; @newest && $i < $newest[2]; $i++) {
                my ($first, $count, $data, $kind) = unpack("nvVv", substr($_, $newest[1] + 12 * $i, 12));
                print(("tcp", "udp")[$protocol], " $first $count\n") if $kind == 0;
            }
        }' "$machine/store"
}

# check WHAT: nothing of other programs is gone.
check() {
    untouched && return
    gone=$(settled | comm -23 "$work/before" -)
    [ -z "$gone" ] || fail "$1: ranges of other programs are gone: $gone"
}

# check_end WHAT: an agent starts beside an honest netsh, and what waits for a restart is given up: then all is as before.
check_end() {
    left=
    NETSH_SEED=0 agent_on abandon "$work/scenarios"
    untouched || left=$(settled | comm -3 "$work/before" -)
    [ -z "$left" ] || fail "$1: not as before: $left"
    [ ! -e "$machine/out/persistent.journal" ] || fail "$1: the journal still names: $(cat "$machine/out/persistent.journal")"
    left=$(reservations | while read -r protocol port count; do
        grep -q "^agent: $protocol $port-$((port + count - 1)) .* it is not deleted" "$work/told" || echo "$protocol $port $count"
    done)
    [ -z "$left" ] || fail "$1: persistent reservations are left: $left"
}
