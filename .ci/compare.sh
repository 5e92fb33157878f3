#!/bin/sh
# compare.sh BEFORE AFTER: two snapshots. What is persistent or administered, and the firewall's rules, must be the same; what else
# differs is reported, since Windows moves ranges of its own. Exit status: 0; 1 when something differs that must not.
set -u

status=0
# The rows that last: all of the persistent store, those with a star of the active one.
lasting() {
    case $1 in
    *-persistent.txt | */firewall.txt) cat "$1" ;;
    *-active.txt) grep '\*$' "$1" | tr -s ' ' || true ;;
    *) ;;
    esac
}

[ -n "$(ls "$1" 2>/dev/null)" ] || { echo "compare: there is no snapshot $1"; exit 1; }
for before in "$1"/*.txt; do
    after=$2/$(basename "$before")
    [ -e "$after" ] || { echo "NOT OK $after is not there"; status=1; continue; }
    cmp -s "$before" "$after" && continue
    lasting "$before" >"$2/before.lasting"
    lasting "$after" >"$2/after.lasting"
    if cmp -s "$2/before.lasting" "$2/after.lasting"; then
        echo "$(basename "$before") has changed, which is not ours:"
    else
        echo "NOT OK $(basename "$before"):"
        status=1
    fi
    diff "$before" "$after" | head -n 20
done
rm -f "$2/before.lasting" "$2/after.lasting"
[ $status -ne 0 ] || echo "What lasts is as it was before."
exit $status
