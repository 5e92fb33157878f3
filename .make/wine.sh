#!/bin/sh
# wine.sh start: makes sure of a Wine prefix in build/wine, of a wineserver that stays (a program then starts in
# hundredths of a second), and of the programs that start ours under it:
#     build/wine-run PROGRAM.exe ARGUMENT...    any program
#     build/wine-agent ARGUMENT...              build/agent.exe, for --host build/wine-agent
#     build/wine-agent-model ARGUMENT...        build/agent-model.exe, likewise
# wine.sh stop: ends that wineserver. Only ours: a wineserver belongs to its prefix.
# wine.sh restart: what a restart of the machine is for Wine: ends that wineserver and starts one again.
# wine.sh in NAME COMMAND...: runs the command where all this is about a prefix of its own, build/NAME, a copy of build/wine, and starts
#     its wineserver. What it starts asks the variable RESERVOIR_WINE, which holds NAME, for the prefix; so does this script.
# Exit status: 0; 2 Wine cannot be installed or does not start here (what happened is printed).
set -u

name=${RESERVOIR_WINE:-wine}
prefix=$PWD/build/$name
stamp=build/wine.ready
export WINEPREFIX="$prefix" WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=d
unset DISPLAY WAYLAND_DISPLAY
# The loader itself: Debian's wrapper would print advice about a 32-bit Wine.
wine=/usr/lib/wine/wine64

wineserver() {
    for server in /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
        [ -x "$server" ] && { "$server" "$@"; return; }
    done
    return 1
}

# A debugger that dumps a crash to standard output would garble the agent's lines, hence WINEDLLOVERRIDES.
write_starter() {
    cat >"$1.new" <<END
#!/bin/sh
unset DISPLAY WAYLAND_DISPLAY
WINEPREFIX="$PWD/build/\${RESERVOIR_WINE:-wine}" WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=d exec $wine $2 "\$@"
END
    chmod +x "$1.new" && mv "$1.new" "$1"
}

boot() {
    echo "Making a Wine prefix in build/wine (once)"
    rm -rf "$PWD/build/wine"
    export WINEPREFIX="$PWD/build/wine"
    if timeout 300 "$wine" wineboot -i </dev/null >build/wine.log 2>&1 9>&-; then
        wineserver -w
        touch "$stamp"
        WINEPREFIX=$prefix
        return
    fi
    echo "Wine does not start here:" >&2
    tail -n 5 build/wine.log >&2
    exit 2
}

# What no one writes to, Windows' own files, is shared with build/wine: 0.7 GB that take no time and no place.
copy() {
    rm -rf "$prefix" && mkdir -p "$prefix/drive_c" &&
        cp -a build/wine/*.reg build/wine/dosdevices build/wine/.update-timestamp "$prefix/" &&
        for file in build/wine/drive_c/*; do
            case $file in
            */windows) cp -al "$file" "$prefix/drive_c/" ;;
            *) cp -a "$file" "$prefix/drive_c/" ;;
            esac || return 1
        done && touch "$prefix/copied"
}

case ${1-} in
start)
    .make/deps.sh wine || exit 2
    mkdir -p build
    exec 9>build/wine.lock
    flock 9
    if [ ! -e "$stamp" ] || [ ! -d build/wine/drive_c ]; then boot; fi
    if [ "$name" != wine ] && ! [ "$prefix/copied" -nt "$stamp" ]; then copy || exit 2; fi
    write_starter build/wine-run ''
    write_starter build/wine-agent "'$PWD/build/agent.exe'"
    write_starter build/wine-agent-model "'$PWD/build/agent-model.exe'"
    # It outlives us, so it must keep neither our lock nor our standard output. Status 2: one runs already.
    wineserver -p </dev/null >/dev/null 2>&1 9>&- || [ $? -eq 2 ] ;;
stop)
    [ ! -d "$prefix" ] || wineserver -k || true ;;
restart)
    "$0" stop
    wineserver -w
    exec "$0" start ;;
in)
    export RESERVOIR_WINE="$2"
    shift 2
    # Its input and output are the command's. A server that runs already has its sockets in another network.
    "$0" stop </dev/null >&2
    "$0" start </dev/null >&2 || exit 2
    # The command finds its prefix by RESERVOIR_WINE. With build/wine in its environment, a test that looks there for processes
    # that were left behind would take it for one of them.
    unset WINEPREFIX
    exec "$@" ;;
*)
    echo "usage: wine.sh start|stop|restart|in NAME COMMAND..." >&2
    exit 2 ;;
esac
