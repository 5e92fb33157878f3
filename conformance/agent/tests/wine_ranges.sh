#!/usr/bin/env bash
# wine_ranges.sh [SCENARIO...]: Wine under two dynamic ranges, 49152-65535 and 1024-65534: the kernel's, from which Wine's ports
# come, and which the traces' heads tell. What is said of each instance has to be the same. Then under the two ports of the scenarios
# that are about a range without a port left. The kernel's range is the one of a network of our own (unshare --net), so no other
# program's changes, and it is gone with that, however this ends.
# Where there is no such network it says so and passes: then this was not run. Exit status: 0; 1 something differs; 2 it could not run.
set -u

cannot() {
    echo "  not run: $*"
    exit 0
}
[ "$(id -u)" = 0 ] || cannot 'a network of its own needs root'
command -v ip >/dev/null || cannot "ip is not installed (Debian's iproute2)"
command -v jq >/dev/null || cannot "jq is not installed (Debian's jq)"
unshare --net true 2>/dev/null || cannot 'this system allows no network of our own (unshare --net)'

[ $# -gt 0 ] || set -- scenarios
[ "$*" = scenarios ] || set -- "$@" scenarios/world/own-address.scn
work=build/wine-ranges
mkdir -p $work
trap '.make/wine.sh stop' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Wine's server belongs to the network in which it starts.
.make/wine.sh start && .make/wine.sh stop || exit 2

# Plays in a network with this range. All ways lead over its loopback, so that there is one to every address; and it has the addresses
# of world/own-address, which no other machine has: that scenario has to be played here.
play='
ip link set lo up && ip address add 10.213.7.1/24 dev lo && ip address add 192.0.2.7/32 dev lo &&
    ip address add 2001:db8::7/128 dev lo nodad && ip route add default via 10.213.7.2 dev lo || exit 2
echo "$1 $2" >/proc/sys/net/ipv4/ip_local_port_range || exit 2
traces=$3
shift 3
for account in agent $(sed -n "s/^user  *\([a-z0-9_]*\) is .*/\1/p" scenarios/*/*.scn | sort -u); do
    [ "$account" = agent ] || set -- "$@" --host-as "$account=build/wine-agent serve --approximate"
done
build/reservoir run "$@" --on host --host "build/wine-agent serve --approximate" --record "$traces" --quiet >"$traces.live" 2>&1
[ $? -le 1 ]'

# Which steps of which instances are not as they may be, and by which rule.
said='.instances[] | [.id, .verdict] + [.steps[]? | select(.verdict | startswith("deviate")) | "\(.line) \(.rule.name? // "new")"] | join(" | ")'

status=0

# under FIRST LAST SCENARIO...: plays them with that range, and judges what was recorded.
under() {
    local range=$1-$2
    at=$work/$1-$2
    rm -rf "$at"
    mkdir -p "$at"
    unshare --net sh -c "$play" play "$1" "$2" "$at/traces" "${@:3}" || {
        echo "  Wine could not be played with the range $range: $at/traces.live"
        exit 2
    }
    .make/wine.sh stop
    told=$(find "$at/traces" -name '*.trace' -exec grep -h '^  dynamic-range' {} + | sed 's/.* //' | sort -u)
    [ "$told" = "$range" ] || { echo "  the heads tell the range $told and not $range" && status=1; }
    build/reservoir run "${@:3}" --on host --host-trace "$at/traces" --no-times --quiet --report text="$at/judged" \
        --report json="$at/run.json"
    [ $? -le 1 ] || status=1
    jq -r "$said" "$at/run.json" >"$at/said"
    grep 'deviate-new' "$at/said" && echo "  is new with the range $range" && status=1
}

for range in '49152 65535' '1024 65534'; do
    # shellcheck disable=SC2086  # two words
    under $range "$@"
    grep '^world/own-address.* | unsupported' "$at/said" && echo '  was not played, though its addresses are there' && status=1
done

diff "$work/49152-65535/said" "$work/1024-65534/said" >"$work/differences" || {
    echo '  Said with the range 49152-65535 (<) and with 1024-65534 (>):'
    cat "$work/differences"
    status=1
}
echo "  $(wc -l <"$work/1024-65534/said") instances under 49152-65535 and 1024-65534, $(grep -c '^>' "$work/differences") of them judged otherwise"

# A range that is used up: whoever is about two ports is played with those two.
mapfile -t used_up < <(grep -l '^world  *dynamic-range tcp 50000-50001$' scenarios/field/*.scn)
under 50000 50001 "${used_up[@]}"
grep 'unsupported' "$at/said" && echo '  was not played, though the range is as it says' && status=1
echo "  ${#used_up[@]} scenarios of a range that is used up"
exit $status
