#!/bin/sh
# captures.sh [N]: Wireshark reads every capture of the suite, or one in N: no malformed packet, no wrong checksum, no sequence warning that the scenario
# did not cause. What may be there is a SYN that is sent again after a reset: so Windows asks a port that refuses (Q103=b);
# keep-alives and their answers; two connections with the same ends, one after the other. Over links that lose, repeat or are cut,
# what is sent again is no fault of the sender; nor is a window that closes where the scenario fills it. A bare machine sends what is
# wrong on purpose: there only the model's own packets are looked at, each by itself.
# Then a bit is flipped, which it must find. Exit status: 0; 1 something was found, or what must be found was not.
# One sharkd, tshark's engine as a server, reads them all: tshark takes longer to start than to read any of them. Where it is not
# there the script says so and passes; Debian's package is tshark.
set -u

captures=build/captures
one_in=${1-1}
if ! command -v sharkd >/dev/null; then
    echo "tshark is not here: not run. (Debian: apt-get install tshark)"
    exit 0
fi

# ask: reads lines `none FILE FILTER` and `some FILE FILTER` (with tabs between): in which files are there packets that the filter
# finds? Prints a line for each that should not be there, and for each file that cannot be read or lacks what it should have.
ask() {
    cat >"$captures/asked"
    awk -F '\t' '
        function request(id, method, what) { printf "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{%s}}\n", id, method, what }
        function quoted(text) { gsub(/["\\]/, "\\\\&", text); return "\"" text "\"" }
        BEGIN { for (i = split("ip tcp udp", names, " "); i > 0; i--)
                    request(1, "setconf", "\"name\":\"" names[i] ".check_checksum\",\"value\":\"TRUE\"") }
        # It keeps what a filter has found by the words of the filter, from one file to the next: no two are the same.
        { request(2 * NR + 2, "load", "\"file\":" quoted($2))
          request(2 * NR + 3, "frames", "\"filter\":" quoted("(" $3 ") && frame.number != " (1000000 + NR))) }
    ' "$captures/asked" | sharkd - 2>"$captures/errors" >"$captures/answers"
    awk -F '\t' '
        FNR == NR { kind[FNR] = $1; file[FNR] = $2; asked = FNR; next }
        !match($0, /"id":[0-9]+/) { print "sharkd said: " $0; next }
        { id = substr($0, RSTART + 5, RLENGTH - 5); row = int(id / 2) - 1; if (row > 0 && id % 2 == 1) answered++ }
        /"error":/ { print file[row] ": " $0; next }
        row < 1 || id % 2 == 0 { next }
        /"result":\[\]/ { if (kind[row] == "some") print file[row] ": not there: what should be"; next }
        kind[row] == "none" { for (i = split($0, packets, /\{"c":\[/); i > 1; i--) print file[row] ": " packets[i] }
        END { if (answered != asked) print "sharkd answered " answered + 0 " of " asked " questions" }
    ' "$captures/asked" "$captures/answers"
    sed -n 's/^sharkd: The file "\([^"]*\)" /\1: it /p' "$captures/errors"
}

damage='_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0'
warning='(tcp.analysis.flags && !(tcp.flags.syn == 1 && tcp.analysis.retransmission) && !tcp.analysis.keep_alive && !tcp.analysis.keep_alive_ack && !tcp.analysis.reused_ports)'
closed='(tcp.analysis.window_full || tcp.analysis.zero_window || tcp.analysis.zero_window_probe || tcp.analysis.zero_window_probe_ack || tcp.analysis.window_update)'
lossy=' lossy partition twice conversation-over-a-bad-link data-again late-repeats third-repeat send-times-out joined-again last-word-again overtaken lingering-close '
# The addresses of the model's machine beside a bare one.
of_the_model='(ip.src == 10.0.0.1 || ipv6.src == fd00::1)'

# sound FILE...: the question whether something is wrong in the capture of a scenario.
sound() {
    for file in "$@"; do
        scenario=$(basename "$file" .pcapng)
        sought="$damage || $warning"
        case $scenario in full-window|window-reopens) sought="$damage || ($warning && !$closed)" ;; esac
        case "$file$lossy" in */links/*" ${scenario%%[*} "*) sought=$damage ;; esac
        source=scenarios${file#"$captures"}
        source=${source%.pcapng}
        if grep -q '^machine .* bare$' "${source%%[*}.scn" 2>/dev/null; then sought="($damage) && $of_the_model"; fi
        printf 'none\t%s\t%s\n' "$file" "$sought"
    done
}

rm -rf "$captures" && mkdir -p "$captures"
build/reservoir run scenarios --on windows --capture "$captures/" --capture-calls --report text="$captures/output" || exit 1
find "$captures" -name '*.pcapng' | LC_ALL=C sort >"$captures/all"
awk -v one_in="$one_in" 'NR % one_in == 0' "$captures/all" >"$captures/files"
count=$(wc -l <"$captures/files")
[ "$count" -gt 10 ] || { echo "only $count captures were written"; exit 1; }

status=0
{
    while read -r file; do sound "$file"; done <"$captures/files"
    # What crossed the links of several machines is on interfaces of their names.
    for link in near-between between-far; do
        printf 'some\t%s\tframe.interface_name == "%s"\n' "$captures/links/no-forwarding.pcapng" $link
    done
} | ask >"$captures/wrong"
if [ -s "$captures/wrong" ]; then
    cat "$captures/wrong"
    status=1
fi
echo "  Wireshark read $count of $(wc -l <"$captures/all") captures: nothing wrong in $((count - $(cut -d: -f1 "$captures/wrong" | sort -u | wc -l)))"

# Conversations of two machines. Where links lose and reorder, what is sent again is no fault of the sender; where they do not, nothing
# may be sent twice, come too early or be missed. A packet is seen as it goes on its link, so that none is damaged.
rm -rf build/link-captures
build/gcc/unit 'captures of links' >"$captures/links-unit" || { cat "$captures/links-unit"; exit 1; }
surprises='tcp.analysis.retransmission || tcp.analysis.fast_retransmission || tcp.analysis.spurious_retransmission || tcp.analysis.out_of_order || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || tcp.analysis.duplicate_ack'
for file in build/link-captures/*.pcapng; do
    case $file in */clean-*) sought="$damage || $surprises" ;; *) sought=$damage ;; esac
    printf 'none\t%s\t%s\n' "$file" "$sought"
    printf 'some\t%s\tframe.interface_name == "client-server"\n' "$file"
done | ask >"$captures/links-wrong"
if [ -s "$captures/links-wrong" ]; then
    cat "$captures/links-wrong"
    status=1
fi
echo "  Wireshark read $(find build/link-captures -name '*.pcapng' | wc -l) captures of links between two machines"

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
# A capture that ends in the middle of a packet, one that is not there, and one that lacks what it should have, are found as well.
head -c $((size - 20)) "$damaged" >"$captures/cut.pcapng"
{
    sound "$damaged" "$captures/cut.pcapng" "$captures/missing.pcapng"
    printf 'some\t%s\tudp\n' "$damaged"
} | ask >"$captures/damage"
for found in 'damaged.pcapng: .*TCP' 'cut.pcapng: ' 'missing.pcapng: ' 'damaged.pcapng: not there'; do
    grep -q "$found" "$captures/damage" && continue
    echo "Wireshark does not find what is wrong in $found: this test could not fail"
    status=1
done
[ $status -ne 0 ] || echo "  a flipped bit, a cut and a missing file are found"
exit $status
