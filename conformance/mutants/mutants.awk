# mutants.awk: reads the lists in conformance/mutants and changes copies of the sources, OUT/stack/... into OUT/NAME.c.
# Prints the plan, a line for each mutant: its name, its list, the file that it changes, what it breaks, what its list demands;
# tabs between. `demands each-profile judge` at the head of a list: mutants.sh says what that is.
#     awk -v out=build/mutants -f mutants.awk conformance/mutants/*.txt
# Exit status: 0; 2 a list is wrong: every mistake is reported with file and line.

function complain(line_number, message) {
    printf "%s:%d: %s\n", list, line_number, message > "/dev/stderr"
    wrong = 1
}

# A text without its blanks and line ends: how a source is laid out is no part of what a mutant searches for.
function squeezed(text) { gsub(/[ \n]+/, "", text); return text }

function occurrences(text, wanted,    at, count) {
    while ((at = index(text, wanted)) > 0) {
        count++
        text = substr(text, at + length(wanted))
    }
    return count + 0
}

# Where the `nth` character that is no blank stands in the text.
function position_of(text, nth,    at, run) {
    for (at = 1; ; at++) {
        run = match(substr(text, at), /[^ \n]/)
        at += run - 1
        if (--nth == 0) return at
    }
}

# Writes the changed source; returns how often the text to find was there, blanks and line ends apart.
function change_source(path, wanted, replacement, target,    line, text, bare, count, first, last) {
    text = ""
    while ((getline line < path) > 0) text = text line "\n"
    close(path)
    bare = squeezed(text)
    wanted = squeezed(wanted)
    count = occurrences(bare, wanted)
    if (count == 1) {
        first = position_of(text, index(bare, wanted))
        last = first + position_of(substr(text, first), length(wanted)) - 1
        text = substr(text, 1, first - 1) replacement substr(text, last + 1)
    }
    printf "%s", text > target
    close(target)
    return count
}

function finish_mutant(    count) {
    if (name == "") return
    if (value["file"] == "" || value["find"] == "" || value["breaks"] == "" || !("write" in value)) {
        complain(first_line, "mutant " name " needs file, find, write and breaks; `write` alone may be empty")
    } else if (value["find"] == value["write"]) {
        complain(first_line, "mutant " name " changes nothing")
    } else {
        count = change_source(out "/" value["file"], value["find"], value["write"], out "/" name ".c")
        if (count != 1) complain(first_line, "mutant " name ": its text has to be in " value["file"] " once, but is there " count " times")
        theme = list
        gsub(/^.*\/|\.txt$/, "", theme)
        print name "\t" theme "\t" value["file"] "\t" value["breaks"] "\t" (list in demands ? demands[list] : "-")
    }
    name = ""
}

FNR == 1 { finish_mutant(); list = FILENAME }
/^#/ || /^[ ]*$/ { next }

/^demands / {
    finish_mutant()
    demands[list] = substr($0, 9)
    if (demands[list] != "each-profile judge") complain(FNR, "a list demands each-profile judge, or nothing")
    next
}

/^mutant / {
    finish_mutant()
    name = $2
    first_line = FNR
    split("", value)
    if (name !~ /^[a-z0-9-]+$/) complain(FNR, "a mutant's name is of small letters, digits and hyphens, not " name)
    if (name in seen) complain(FNR, "mutant " name " is there twice")
    seen[name] = 1
    next
}

/^  (file|find|write|breaks)( |$)/ {
    text = $0
    sub(/^ +[a-z]+ */, "", text)
    sub(/ +$/, "", text)
    if (name == "" || $1 in value) complain(FNR, "`" $1 "` is given twice, or before any mutant")
    value[$1] = text
    next
}

{ complain(FNR, "neither a mutant nor its file, find, write or breaks") }

END {
    finish_mutant()
    if (wrong) exit 2
}
