#!/bin/sh
# options.sh: a table, from runs, of every socket option and control code that the model has (stack/call/socket_options.def,
# control_codes.def), by kind of socket, state and length: what is answered to each. Written to build/reports/options.txt. `used` is a
# TCP socket that listens, or a UDP socket that is connected. Answers of the profile windows; where cells differ, each answer names its
# own: tcp, v6, tcp.bound. Exit status: 0; 1 a cell is not modelled or missing.
set -u

work=build/reports/options
rm -rf $work
mkdir -p $work

.make/option_scenarios.sh $work/scenarios/options
status=0
build/reservoir run $work/scenarios --on model --report text=$work/report --record $work/traces || status=1
awk '
    # An answer without what is the same everywhere: its word, and the value that was read.
    function short(answer,    word, value) {
        split(answer, words, " ")
        word = words[1]
        if (match(answer, / value=[^ ]*/)) word = word substr(answer, RSTART, RLENGTH)
        if (match(answer, / bytes=[0-9]+/)) word = word substr(answer, RSTART, RLENGTH)
        return word
    }
    # Where all cells of a set have one answer: `all`, one dimension, or the cells themselves.
    function place(answer, row,    i, j, sets, parts, n, all, text, cell) {
        n = split("all tcp udp v4 v6 new bound used", sets, " ")
        for (i = 1; i <= n; i++) {
            all = 1
            for (j = 1; j <= cells; j++) {
                inside = sets[i] == "all" || index("." cell_name[j] ".", "." sets[i] ".") > 0
                if (inside != (seen[row, cell_name[j]] == answer)) all = 0
            }
            if (all) return sets[i]
        }
        text = ""
        for (j = 1; j <= cells; j++) if (seen[row, cell_name[j]] == answer) text = text " " cell_name[j]
        return substr(text, 2)
    }
    FNR == 1 {
        cell = FILENAME
        sub(/^.*\[/, "", cell)
        sub(/\].*$/, "", cell)
        if (!(cell in known)) { known[cell] = 1; cell_name[++cells] = cell }
    }
    /^app: (setsockopt|getsockopt|WSAIoctl)\(/ {
        row = $0
        sub(/ -> .*/, "", row)
        sub(/^app: /, "", row)
        answer = $0
        sub(/^.* -> /, "", answer)
        if (!(row in rows)) { rows[row] = 1; order[++count] = row }
        seen[row, cell] = short(answer)
        asked++
        if (answer ~ /not modelled/) lacking++
    }
    /not.modelled/ { lacking++ }
    END {
        for (i = 1; i <= count; i++) {
            row = order[i]
            print row
            split("", known)
            for (j = 1; j <= cells; j++) {
                answer = seen[row, cell_name[j]]
                if (answer == "" && row ~ /IP_TTL/) continue
                if (answer == "") { missing++; answer = "missing" }
                if (answer in known) continue
                known[answer] = 1
                printf "    %-28s %s\n", answer, place(answer, row)
            }
        }
        printf "%d rows, %d cells; %d not modelled, %d missing\n", count, asked, lacking, missing
        exit lacking + missing > 0 || count == 0
    }' $(find $work/traces -name '*.trace' | LC_ALL=C sort) >build/reports/options.txt || status=1
tail -n 1 build/reports/options.txt
grep -A3 'not modelled:' $work/report | head -n 8
exit $status
