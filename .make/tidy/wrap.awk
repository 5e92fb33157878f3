# wrap.awk: breaks lines of block comments that are longer than 120 columns, which clang-format cannot do without
# destroying lists. What is too much goes to the beginning of the next line where that goes on with the sentence, else
# to a line of its own. A rule `/* --- title ----- */` loses dashes. Everything else stays byte by byte.

function columns(text) { gsub(/[\200-\277]/, "", text); return length(text) }

# The part of a comment's line before its text: blanks, `/*` or ` *`, blanks.
function head_of(text) { return match(text, /^ *(\/\*|\*) */) ? substr(text, 1, RLENGTH) : "" }

# How a line continues: as deep as its text stands; behind the gap of a row `name   what it is`.
function next_head(text,    head, rest) {
    head = head_of(text)
    rest = substr(text, length(head) + 1)
    if (match(rest, /^[^ ]+( [^ ]+)?   +/)) head = head substr("                                        ", 1, RLENGTH)
    sub(/\/\*/, " *", head)
    return head
}

# Does `text` go on with the sentence that the line above it has not ended?
function goes_on(above, text) {
    return text ~ /^ *\* +[^ ]/ && text !~ /^ *\* +[^ ]+( [^ ]+)?   +/ && text !~ /^ *\* +(- |[0-9]+[.)] )/ &&
        above !~ /[.:]$/ && length(head_of(text)) >= length(next_head(above)) - 1
}

{ lines[NR] = $0 }

END {
    for (i = 1; i <= NR; i++) {
        line = lines[i]
        if (line ~ /^ *\/\*/) inside = 1
        while (inside && line ~ /^\/\* --- .*--+ \*\/$/ && columns(line) > 120) sub(/- \*\/$/, " */", line)
        while (inside && columns(line) > 120) {
            cut = 120
            while (cut > 0 && (substr(line, cut + 1, 1) != " " || substr(line, cut + 2, 2) == "*/")) cut--
            if (cut <= length(head_of(line))) break
            more = substr(line, cut + 2)
            above = substr(line, 1, cut)
            sub(/ +$/, "", above)
            print above
            if (line !~ /\*\/$/ && i < NR && goes_on(line, lines[i + 1])) {
                head = head_of(lines[i + 1])
                line = head more " " substr(lines[++i], length(head) + 1)
            } else line = next_head(line) more
        }
        print line
        if (line ~ /\*\//) inside = 0
    }
}
