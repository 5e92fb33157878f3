#!/bin/sh
# own_network.sh COMMAND...: runs the command in a network of its own, where no other program's ports and packets are in its way.
# The network has loopback and one interface with an address of each family, and leads nowhere: a name server that swallows what it is
# sent would make each start of an old Wine wait for half a minute. It is gone with its last process.
# Exit status: the command's; 125 when this system allows no such network (that needs root, unshare and ip): nothing was run then.
set -u

if [ "${1-}" != inside ]; then
    [ "$(id -u)" = 0 ] && command -v ip >/dev/null && unshare --net true 2>/dev/null || exit 125
    exec unshare --net "$0" inside "$@"
fi
shift
{
    ip link set lo up &&
        ip link add eth0 type veth peer name router && ip link set router up && ip link set eth0 up &&
        ip address add 10.213.7.1/24 dev eth0 && ip address add fd00:213:7::1/64 dev eth0 nodad
} 2>/dev/null || exit 125
exec "$@"
