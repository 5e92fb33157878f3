#!/bin/sh
# captures.sh: tshark reads every capture of the suite: no malformed packet, no wrong checksum, no sequence warning that the scenario
# did not cause. What may be there is a SYN that is sent again after a reset: so Windows asks a port that refuses (Q103=b);
# keep-alives and their answers; two connections with the same ends, one after the other. Over links that lose, repeat or are cut,
# what is sent again is no fault of the sender; nor is a window that closes where the scenario fills it.
# Then a bit is flipped, which tshark must find. Exit status: 0; 1 something was found, or what must be found was not.
# Where tshark is not there it says so and passes; Debian's package is tshark.
set -u

captures=build/captures
if ! command -v tshark >/dev/null; then
    echo "tshark is not here: not run. (Debian: apt-get install tshark)"
    exit 0
fi

# wrong FILE: a line for each packet with which something is wrong; what tshark itself complains of.
damage='_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0'
warning='(tcp.analysis.flags && !(tcp.flags.syn == 1 && tcp.analysis.retransmission) && !tcp.analysis.keep_alive &&
    !tcp.analysis.keep_alive_ack && !tcp.analysis.reused_ports)'
closed='(tcp.analysis.window_full || tcp.analysis.zero_window || tcp.analysis.zero_window_probe ||
    tcp.analysis.zero_window_probe_ack || tcp.analysis.window_update)'
lossy=' lossy partition twice conversation-over-a-bad-link data-again late-repeats third-repeat send-times-out joined-again last-word-again overtaken '
wrong() {
    scenario=$(basename "$1" .pcapng)
    sought="$damage || $warning"
    case $scenario in full-window|window-reopens) sought="$damage || ($warning && !$closed)" ;; esac
    case "$1$lossy" in */links/*" ${scenario%%[*} "*) sought=$damage ;; esac
    tshark -n -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -r "$1" -Y "$sought" 2>"$captures/errors" |
        sed "s|^|$1: |"
    # As root it warns of itself.
    grep -v 'Running as user' "$captures/errors"
}

rm -rf "$captures" && mkdir -p "$captures"
build/reservoir run scenarios --on windows --capture "$captures/" --capture-calls --report text="$captures/output" || exit 1
files=$(find "$captures" -name '*.pcapng')
count=$(echo "$files" | wc -l)
[ "$count" -gt 10 ] || { echo "only $count captures were written"; exit 1; }

status=0
echo "$files" | while read -r file; do wrong "$file"; done >"$captures/wrong"
if [ -s "$captures/wrong" ]; then
    cat "$captures/wrong"
    status=1
fi
echo "  tshark read $count captures: nothing wrong in $((count - $(cut -d: -f1 "$captures/wrong" | sort -u | wc -l)))"

# What crossed the links of several machines is on interfaces of their names.
for link in near-between between-far; do
    tshark -n -r "$captures/links/no-forwarding.pcapng" -T fields -e frame.interface_name 2>/dev/null | sort -u | grep -qx $link || {
        echo "$captures/links/no-forwarding.pcapng: no link $link"
        status=1
    }
done

# Conversations of two machines. Where links lose and reorder, what is sent again is no fault of the sender; where they do not, nothing
# may be sent twice, come too early or be missed. A packet is seen as it goes on its link, so that none is damaged.
rm -rf build/link-captures
build/gcc/unit 'captures of links' >"$captures/links-unit" || { cat "$captures/links-unit"; exit 1; }
surprises='tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.spurious_retransmission ||
    tcp.analysis.out_of_order || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || tcp.analysis.duplicate_ack'
for file in build/link-captures/*.pcapng; do
    case $file in */clean-*) sought="$damage || $surprises" ;; *) sought=$damage ;; esac
    tshark -n -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -r "$file" -Y "$sought" 2>"$captures/errors" | sed "s|^|$file: |"
    grep -v 'Running as user' "$captures/errors"
    tshark -n -r "$file" -T fields -e frame.interface_name 2>/dev/null | sort -u | grep -qx client-server || echo "$file: no link client-server"
done >"$captures/links-wrong"
if [ -s "$captures/links-wrong" ]; then
    cat "$captures/links-wrong"
    status=1
fi
echo "  tshark read $(find build/link-captures -name '*.pcapng' | wc -l) captures of links between two machines"

# The last byte of the last packet's payload: it stands before the block's length, and h, e, l, l, o are filled up with a zero byte.
damaged="$captures/damaged.pcapng"
build/reservoir run conversation --on windows --capture "$damaged" --report text=/dev/null || exit 1
size=$(wc -c <"$damaged")
last=$(grep -abo hello "$damaged" | tail -n 1 | cut -d: -f1)
if [ -z "$last" ] || [ "$last" -ge "$size" ]; then
    echo "the capture of connections/conversation does not hold what was sent"
    exit 1
fi
printf 'j' | dd of="$damaged" bs=1 seek="$last" conv=notrunc 2>/dev/null
wrong "$damaged" >"$captures/damage"
if grep -q TCP "$captures/damage"; then
    echo "  a flipped bit is found"
else
    echo "tshark does not find a flipped bit: this test could not fail"
    status=1
fi
exit $status
