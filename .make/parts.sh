#!/usr/bin/env bash
# parts.sh: runs parts of a test side by side. Read by scripts that have a list of parts:
#
#     . .make/parts.sh
#     part works 'Title' COMMAND...          computes: as many at once as there are processors
#     part waits 'Title' COMMAND...          mostly waits: it runs beside those that compute
#     part waits:wine,ports 'Title' ...      and never beside another part that names wine or ports
#     part waits:wine/3 'Title' ...          beside two others that do so; PART_UNIT, 1 to 3, is which of the three it has
#     run_parts 'make test'
#
# Parts begin in the order of the list, as far as they may, so what takes longest stands first. What a part prints is
# shown as a whole when it ends, with the seconds that it took. At the end stands a table of all parts in the order of
# the list, then one line: all passed, or which failed. Every part runs, whatever others said.
#
# run_parts returns 0 when all passed, else 1, and parts_worst is the highest status of a part. On SIGINT, SIGTERM, SIGHUP
# each part's processes get that signal, five seconds later SIGKILL, and the script ends with 128 and the signal's number.
# A part's commands have a process group of their own and no input. What was printed is kept in
# build/parts/TITLE-OF-THE-RUN/.

titles=() kinds=() resources=() commands=() # a part's commands are quoted words

part() {
    kinds+=("${1%%:*}")
    case $1 in *:*) resources+=("${1#*:}") ;; *) resources+=('') ;; esac
    titles+=("$2")
    shift 2
    commands+=("${*@Q}")
}

# ---- One part ------------------------------------------------------------------------------------------------------

# A resource is NAME, or NAME/COUNT: so many units of it. Sets `unit` to one that is free, of a single one to 1. False: none is.
find_unit() {
    local count=1
    case $1 in */*) count=${1#*/} ;; esac
    for ((unit = 1; unit <= count; unit++)); do [ -n "${taken[${1%/*}.$unit]-}" ] || return 0; done
    return 1
}

take_resources() {
    local resource unit
    PART_UNIT=1
    for resource in ${resources[$1]//,/ }; do
        find_unit "$resource"
        taken[${resource%/*}.$unit]=$1
        [ "$resource" = "${resource%/*}" ] || PART_UNIT=$unit
    done
}

# Each job that begins under `set -m` leads a process group, whose number is its own.
begin_part() {
    local file=$parts_folder/$1
    local -x PART_UNIT
    take_resources "$1"
    {
        TIMEFORMAT='%R %U %S'
        { time eval "${commands[$1]}" >"$file.out" 2>&1 </dev/null; } 2>"$file.time"
    } &
    running[$1]=$!
    [ "${kinds[$1]}" != works ] || working=$((working + 1))
}

end_part() {
    local number=$1 status=$2 file=$parts_folder/$1 wall=? user=0 system=0 word=passed
    unset "running[$number]"
    [ "${kinds[$number]}" != works ] || working=$((working - 1))
    local unit
    for unit in "${!taken[@]}"; do [ "${taken[$unit]}" != "$number" ] || unset "taken[$unit]"; done
    read -r wall user system <"$file.time"
    [ "$status" -eq 0 ] || { word="failed, status $status"; failed+=("${titles[$number]}"); }
    [ "$status" -le "$parts_worst" ] || parts_worst=$status
    printf '\n== %s (%.1f s)\n' "${titles[$number]}" "$wall"
    cat "$file.out"
    [ "$status" -eq 0 ] || printf '== %s: %s\n' "${titles[$number]}" "$word"
    rows[number]=$(printf '%8.1f %8.1f  %s%s' "$wall" "$(awk "BEGIN { print $user + $system }")" "${titles[$number]}" \
        "$([ "$status" -eq 0 ] || echo ": $word")")
}

# ---- All parts -----------------------------------------------------------------------------------------------------

may_begin() {
    [ "${kinds[$1]}" != works ] || [ "$working" -lt "$processors" ] || return 1
    local resource unit
    for resource in ${resources[$1]//,/ }; do find_unit "$resource" || return 1; done
}

stop_parts() {
    trap '' INT TERM HUP
    local tries group left
    printf '\n%s: stopped; these were running:\n' "$parts_name" >&2
    for group in "${!running[@]}"; do printf '    %s\n' "${titles[$group]}" >&2; done
    for group in "${running[@]}"; do kill -s "$1" -- "-$group" 2>/dev/null; done
    for ((tries = 0; tries < 50; tries++)); do
        left=
        for group in "${running[@]}"; do kill -s 0 -- "-$group" 2>/dev/null && left=yes; done
        [ -n "$left" ] || break
        sleep 0.1
    done
    for group in "${running[@]}"; do kill -s KILL -- "-$group" 2>/dev/null; done
    { wait; } 2>/dev/null # without a line about each
    exit "$2"
}

run_parts() {
    parts_name=$1
    parts_folder=build/parts/${1// /-}
    processors=$(nproc)
    working=0
    parts_worst=0
    declare -gA taken=()
    declare -ga running=() rows=() failed=()
    local -a waiting=("${!titles[@]}")
    local number ended status began=$SECONDS
    rm -rf "$parts_folder" && mkdir -p "$parts_folder" || return 1
    set -m
    trap 'stop_parts INT 130' INT
    trap 'stop_parts TERM 143' TERM
    trap 'stop_parts HUP 129' HUP
    while :; do
        for number in "${!waiting[@]}"; do
            may_begin "$number" || continue
            begin_part "$number"
            unset "waiting[$number]"
        done
        [ ${#running[@]} -gt 0 ] || break
        wait -n -p ended "${running[@]}"
        status=$?
        for number in "${!running[@]}"; do
            [ "${running[$number]}" != "$ended" ] || { end_part "$number" "$status"; break; }
        done
    done
    trap - INT TERM HUP
    set +m
    printf '\n seconds      CPU  part\n'
    printf '%s\n' "${rows[@]}"
    echo
    if [ ${#failed[@]} -gt 0 ]; then
        printf '%s: %d of %d parts failed in %d s:\n' "$parts_name" ${#failed[@]} ${#titles[@]} $((SECONDS - began))
        printf '    %s\n' "${failed[@]}"
        return 1
    fi
    printf '%s: all %d parts passed in %d s.\n' "$parts_name" ${#titles[@]} $((SECONDS - began))
}
