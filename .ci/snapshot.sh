#!/bin/sh
# snapshot.sh OUT: what a run of the agent may not change on this Windows machine, as text below OUT: the excluded ports of both
# families, protocols and stores, the dynamic ranges, the firewall's rules. NETSH is another netsh (the tests' own).
# Exit status: 0; 1 when something could not be listed.
set -u

out=$1
netsh=${NETSH:-netsh}
status=0
mkdir -p "$out"

# listed FILE WORD...: what netsh says, without the carriage returns.
listed() {
    file=$out/$1
    shift
    # shellcheck disable=SC2086 # words
    $netsh "$@" >"$file.raw" 2>&1 || { echo "snapshot: $netsh $* failed"; status=1; }
    tr -d '\r' <"$file.raw" >"$file"
    rm "$file.raw"
}

for family in ipv4 ipv6; do
    for protocol in tcp udp; do
        listed "dynamic-$family-$protocol.txt" int $family show dynamicport $protocol
        for store in active persistent; do
            listed "excluded-$family-$protocol-$store.txt" int $family show excludedportrange protocol=$protocol store=$store
        done
    done
done
if [ -z "${NETSH-}" ]; then
    listed firewall-all.txt advfirewall firewall show rule name=all
    grep '^Rule Name' "$out/firewall-all.txt" | sort >"$out/firewall.txt"
fi
exit $status
