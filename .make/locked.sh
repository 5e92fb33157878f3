#!/bin/sh
# locked.sh FOLDER COMMAND...: runs the command while no other program of this tree holds FOLDER's lock, and waits
# for it. Two makes in one tree would otherwise write the same files at the same time. The locks:
#     .        building: taken by each make that compiles
#     .make    running tests, conformance, coverage: what writes reports and traces, and starts and stops Wine
# Who needs both takes .make first. The lock is the folder itself, so nothing is left over, not even after a kill.
# Exit status: the command's.
set -u

folder=$1
shift
if command -v flock >/dev/null; then
    exec 8<"$folder"
    flock --nonblock 8 || {
        echo "Another make is at work in this tree; waiting for it." >&2
        flock 8
    }
fi
# What the command leaves running (Wine's server) must not keep the lock.
"$@" 8<&-
