#!/usr/bin/env bash
# hosts.sh: more hosts than the Wine of this Debian: those of Debian's other releases, each in a folder of its own below build/hosts,
# which mmdebstrap fills and chroot enters. `make hosts` makes them.
#     hosts.sh list            their names
#     hosts.sh make            all that are not there yet, side by side; one that cannot be had is left out, with a sentence
#     hosts.sh make NAME       this one; status 2 when it cannot be had
#     hosts.sh start NAME      puts the agents in, makes sure of a wineserver that stays, and writes build/hosts/NAME/agent, which starts
#                              the agent there: for --host 'build/hosts/NAME/agent serve'
#     hosts.sh stop NAME       ends that wineserver
#     hosts.sh restart NAME    what a restart of the machine is for Wine
# Exit status: 0; 2 where it cannot be done; one sentence on standard error says why.
set -u

# NAME is what the agent will say that it is.
known() {
    echo 'wine-10.0 trixie'
    echo 'wine-5.0.3 bullseye'
}
mirror=http://deb.debian.org/debian
top=$PWD/build/hosts

cannot() {
    echo "hosts: $*" >&2
    exit 2
}

make_one() {
    name=$1 suite=$2
    [ ! -e "$top/$name/ready" ] || return 0
    [ "$(id -u)" = 0 ] || cannot "only root can enter another system's folder (chroot), so $name is left out."
    unshare --mount true 2>/dev/null || cannot "this system allows no mounts of our own (unshare --mount), so $name is left out."
    .make/deps.sh hosts || cannot "mmdebstrap cannot be installed, so $name is left out."
    echo "Making $name of Debian $suite (log: build/hosts/$name.log)"
    rm -rf "${top:?}/$name"
    mkdir -p "$top/$name"
    # What is lost in a crash is made anew, so dpkg need not wait for the disk; and no one reads there.
    timeout 900 mmdebstrap --quiet --variant=minbase --include=wine64 --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$top/$name/root" "$mirror" </dev/null >"$top/$name.log" 2>&1 ||
        cannot "$name cannot be fetched from $mirror, so it is left out: $(grep '^E' "$top/$name.log" | tail -n 1)"
    write_starter "$name"
    "$top/$name/run" wineboot -i >>"$top/$name.log" 2>&1 </dev/null || cannot "the Wine of $name does not start here; see $top/$name.log"
    inside "$name" /usr/lib/wine/wineserver64 -w
    touch "$top/$name/ready"
}

# Its own /proc, which Wine asks where it is, in a name space that goes with the program.
enter="mount -t proc proc \"\$0/proc\" && exec chroot \"\$0\" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C.UTF-8 \
XDG_RUNTIME_DIR=/tmp WINEPREFIX=/prefix WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=d"

inside() {
    name=$1
    shift
    unshare --mount sh -c "$enter"' "$@"' "$top/$name/root" "$@" </dev/null >/dev/null 2>&1
}

write_starter() {
    for program in run: agent:/agent/agent.exe; do
        cat >"$top/$1/${program%%:*}.new" <<END
#!/bin/sh
exec unshare --mount sh -c '$enter /usr/lib/wine/wine64 ${program#*:} "\$@"' '$top/$1/root' "\$@"
END
        chmod +x "$top/$1/${program%%:*}.new" && mv "$top/$1/${program%%:*}.new" "$top/$1/${program%%:*}"
    done
}

there() {
    known | grep -q "^$1 " || cannot "there is no host $1; known are: $(known | sed 's/ .*//' | tr '\n' ' ')"
    [ -e "$top/$1/ready" ] || cannot "$1 has not been made here: \`make hosts\` does that."
}

case ${1-} in
list)
    known | sed 's/ .*//' ;;
make)
    mkdir -p "$top"
    if [ -n "${2-}" ]; then
        suite=$(known | sed -n "s/^$2 //p")
        [ -n "$suite" ] || cannot "there is no host $2; known are: $(known | sed 's/ .*//' | tr '\n' ' ')"
        make_one "$2" "$suite"
        exit
    fi
    . .make/parts.sh
    for host in $(known | sed 's/ .*//'); do
        [ -e "$top/$host/ready" ] || part waits "$host" sh -c ".make/hosts.sh make $host || [ \$? -eq 2 ]"
    done
    [ ${#titles[@]} -eq 0 ] || run_parts 'make hosts' ;;
start)
    there "$2"
    write_starter "$2"
    tree=$top/$2/root
    mkdir -p "$tree/agent" && cp build/agent.exe build/agent-highest-available.exe build/agent-require-administrator.exe \
        "$tree/agent/" || exit 2
    inside "$2" /usr/lib/wine/wineserver64 -p || [ $? -eq 2 ] ;;
stop)
    there "$2"
    inside "$2" /usr/lib/wine/wineserver64 -k || true ;;
restart)
    "$0" stop "$2"
    inside "$2" /usr/lib/wine/wineserver64 -w
    exec "$0" start "$2" ;;
*)
    echo "usage: hosts.sh list|make [NAME]|start NAME|stop NAME|restart NAME" >&2
    exit 2 ;;
esac
