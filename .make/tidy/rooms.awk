# rooms.awk: does every include run downwards, and is there a circle of files?
#
#     awk -f rooms.awk rooms FILE...               a line for each fault: FILE:LINE: what
#     awk -v table=1 -f rooms.awk rooms FILE...    the rooms with their arrows instead
#
# `rooms` is the table: a room, a blank, the rooms that it may include, each of which stands further down. A room is a
# folder; stack/* stands for stack and all rooms below it, except those called tests or bench.
# A file and its header are one module, and so is a header X_parts.h, which only the files that X is split into share.
# Modules that include each other, however far around, are a circle.
# Exit status: 0 nothing found; 1 faults.

function fault(where, what) { print where ": " what; faults++ }

function room_of(path) { sub(/\/[^\/]*$/, "", path); return path }

function module_of(path) { sub(/(_parts)?\.[^.\/]*$/, "", path); return path }

# `pattern` is a room, or FOLDER/*.
function matches(pattern, room,    folder) {
    if (pattern == room) return 1
    if (pattern !~ /\/\*$/) return 0
    if (room ~ /\/(tests|bench)$/) return 0
    folder = substr(pattern, 1, length(pattern) - 2)
    return room == folder || index(room, folder "/") == 1
}

# The table: floor[room] is its line's place, from the top.
FNR == 1 { file_number++ }
file_number == 1 {
    sub(/#.*/, "")
    if (NF == 0) next
    first = 1
    if (!/^ /) {
        row = $1
        first = 2
        if (row in floor) fault(FILENAME ":" FNR, row " stands here twice")
        rooms[++rooms_count] = row
        floor[row] = rooms_count
        line_of[row] = FNR
    }
    for (i = first; i <= NF; i++) allowed[row] = allowed[row] " " $i
    table_name = FILENAME
    next
}

FNR == 1 {
    room = room_of(FILENAME)
    files_in[room]++
    if (!(room in floor) && !(room in missing)) {
        missing[room] = 1
        fault(FILENAME ":1", "the room " room " has no line in " table_name)
    }
}

/^#include "/ {
    split($0, parts, "\"")
    other = parts[2]
    other_room = room_of(other)
    edges[module_of(FILENAME)] = edges[module_of(FILENAME)] " " module_of(other)
    if (!(module_of(FILENAME) in known)) modules[++modules_count] = module_of(FILENAME)
    known[module_of(FILENAME)] = 1
    if (other_room == room) next
    arrows[room, other_room]++
    if (!(room in floor)) next
    count = split(allowed[room], names, " ")
    for (i = 1; i <= count; i++) if (matches(names[i], other_room)) next
    what = (other_room in floor) && floor[other_room] < floor[room] ? "runs up: " : "is no arrow of the table: "
    fault(FILENAME ":" FNR, "include of " other " " what room " -> " other_room)
}

# No row may allow an arrow up: a room that it names stands further down.
function check_table(    i, k, j, count, names) {
    for (i = 1; i <= rooms_count; i++) {
        if (!(rooms[i] in files_in)) fault(table_name ":" line_of[rooms[i]], "there is no room " rooms[i])
        count = split(allowed[rooms[i]], names, " ")
        for (k = 1; k <= count; k++)
            for (j = 1; j < i; j++)
                if (matches(names[k], rooms[j]))
                    fault(table_name ":" line_of[rooms[i]], \
                          rooms[i] " may not include " rooms[j] ", which stands above it")
    }
}

# Depth first; path[] is the way from where the search began. State: 1 on the way, 2 done.
function visit(module, depth,    count, names, i, k, circle) {
    state[module] = 1
    path[depth] = module
    count = split(edges[module], names, " ")
    for (i = 1; i <= count; i++) {
        if (names[i] == module) continue
        if (state[names[i]] == 1) {
            circle = names[i]
            for (k = depth; path[k] != names[i]; k--) circle = path[k] " -> " circle
            fault(names[i], "a circle of files: " names[i] " -> " circle)
        } else if (state[names[i]] == 0) visit(names[i], depth + 1)
    }
    state[module] = 2
}

function print_table(    i, k, line, width, down, arrow_count, includes, drawn) {
    for (i = 1; i <= rooms_count; i++) if (length(rooms[i]) > width) width = length(rooms[i])
    printf "%-" width "s  files  includes from\n", "room"
    for (i = 1; i <= rooms_count; i++) {
        line = sprintf("%-" width "s  %5d ", rooms[i], files_in[rooms[i]])
        drawn = 0
        for (k = 1; k <= rooms_count; k++) {
            if (!((rooms[i], rooms[k]) in arrows)) continue
            if (length(line) + length(rooms[k]) + 6 > 120) { print line; line = sprintf("%-" width "s        ", "") }
            line = line " " rooms[k] " (" arrows[rooms[i], rooms[k]] ")"
            arrow_count++
            includes += arrows[rooms[i], rooms[k]]
            if (k < i) up += arrows[rooms[i], rooms[k]]
            drawn = 1
        }
        print drawn ? line : line " nothing"
    }
    printf "%d rooms, %d arrows, %d includes; %d run up\n", rooms_count, arrow_count, includes, up
}

END {
    if (table) print_table()
    check_table()
    for (i = 1; i <= modules_count; i++) if (state[modules[i]] == 0) visit(modules[i], 1)
    exit faults > 0
}
