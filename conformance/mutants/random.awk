# random.awk: draws small faults from everywhere in the sources that it is given, deterministically by a seed, and writes each
# changed copy to OUT/NAME.c. Prints the plan, a line for each mutant, tabs between: its name, the kind of change, the file, the line,
# the function, the text as it is, the text as it becomes.
#     awk -v number=300 -v seed=1 -v out=build/mutants -f random.awk FILE.c...
# -v prefix=r1: what their names begin with, the seed unless it is said.
# -v list=yes: writes no copies, and prints the number of candidates of each kind.
#
# Kinds: `flip` an operator, `constant` one for another of its family, `number` off by one, `negated` a condition, `dropped` a
# statement, or a check with what it guards. Comments, strings, the preprocessor's lines and what stands in assert() are left alone.
# A candidate is a place in a line (or a few whole lines), so a copy has the line numbers of its source.

# The minimal standard generator of Park and Miller: exact in awk's numbers.
function draw(count) {
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * count)
}

function spaces(count) { return sprintf("%" count "s", "") }

# The line with blanks in the place of comments, strings and characters. What goes beyond the line is remembered.
function without_texts(text,    done, at) {
    done = ""
    while (text != "") {
        if (in_comment) {
            at = index(text, "*/")
            if (at == 0) return done spaces(length(text))
            done = done spaces(at + 1)
            text = substr(text, at + 2)
            in_comment = 0
        } else if (!match(text, /\/\*|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/)) {
            return done text
        } else {
            done = done substr(text, 1, RSTART - 1)
            if (substr(text, RSTART, 2) == "/*") {
                in_comment = 1
                text = substr(text, RSTART + 2)
                done = done "  "
            } else {
                done = done spaces(RLENGTH)
                text = substr(text, RSTART + RLENGTH)
            }
        }
    }
    return done
}

# The same for what stands between the parentheses of assert().
function without_asserts(text,    done, at, letter) {
    done = ""
    while (text != "") {
        if (assert_depth == 0) {
            if (!match(text, /(^|[^_a-z])(static_)?assert\(/)) return done text
            done = done substr(text, 1, RSTART + RLENGTH - 1)
            text = substr(text, RSTART + RLENGTH)
            assert_depth = 1
            continue
        }
        for (at = 1; at <= length(text) && assert_depth > 0; at++) {
            letter = substr(text, at, 1)
            if (letter == "(") assert_depth++
            if (letter == ")") assert_depth--
        }
        done = done (assert_depth == 0 ? spaces(at - 2) ")" : spaces(at - 1))
        text = substr(text, at)
    }
    return done
}

function trimmed(text) {
    gsub(/[ \t\n]+/, " ", text)
    gsub(/^ | $/, "", text)
    return text
}

# --- candidates ---

# From a column of a line, so many characters, become a text. `last` is another line only where whole lines go.
function add(kind, first, last, column, width, text) {
    kind_of[candidates] = kind
    file_of[candidates] = FILENAME
    first_of[candidates] = first
    last_of[candidates] = last
    column_of[candidates] = column
    width_of[candidates] = width
    text_of[candidates] = text
    function_of[candidates] = function_name
    count_of[kind]++
    candidates++
}

function flips(number, mask,    at, operator, before) {
    at = 1
    while (match(substr(mask, at), /->|<<|>>|\+\+|--|[-+*\/%&|^<>=!]=|&&|\|\||[-+|&<>]/)) {
        operator = substr(mask, at + RSTART - 1, RLENGTH)
        before = substr(mask, 1, at + RSTART - 2)
        # With a blank on both sides it has two operands: `*p`, `-1` and `&x` are no candidates.
        if (operator in flipped && before ~ / $/ && substr(mask, at + RSTART - 1 + RLENGTH) ~ /^( |$)/) {
            add("flip", number, number, at + RSTART - 1, RLENGTH, flipped[operator])
        }
        at += RSTART + RLENGTH - 1
    }
}

function words(number, mask,    at, word, next_letter) {
    at = 1
    while (match(substr(mask, at), /[A-Za-z_0-9]+/)) {
        word = substr(mask, at + RSTART - 1, RLENGTH)
        next_letter = substr(mask, at + RSTART - 1 + RLENGTH, 1)
        if (word ~ /^[0-9]+[uU]?$/) {
            add("number", number, number, at + RSTART - 1, RLENGTH, word)
        } else if (word == "true" || word == "false") {
            add("constant", number, number, at + RSTART - 1, RLENGTH, word == "true" ? "false" : "true")
        } else if (word ~ /^[A-Z][A-Z0-9_]+$/ && next_letter != "(" && mask ~ /^ / && !(word in type_name)) {
            add("constant", number, number, at + RSTART - 1, RLENGTH, word)
            remember(word)
        }
        at += RSTART + RLENGTH - 1
    }
}

# The constants of a file by family: WSAEACCES and WSAEINVAL, Q34_APART and Q34_TOGETHER.
function family(word) {
    if (word ~ /^WSAE?/) return FILENAME SUBSEP "WSA"
    sub(/_.*/, "", word)
    return FILENAME SUBSEP word
}

function remember(word,    name) {
    name = family(word)
    if ((name, word) in relative) return
    relative[name, word] = 1
    relatives[name, family_count[name]++] = word
}

# The condition of an if or a while that ends within the line.
function conditions(number, mask,    at, end, depth, letter) {
    if (!match(mask, /(^|[^a-z_])(if|while) \(/)) return
    at = RSTART + RLENGTH - 1
    depth = 0
    for (end = at; end <= length(mask); end++) {
        letter = substr(mask, end, 1)
        if (letter == "(") depth++
        if (letter == ")" && --depth == 0) break
    }
    if (depth == 0 && end > at + 1) add("negated", number, number, at + 1, end - at - 1, "!()")
}

# A statement that begins in this line and ends in it or in one of the next.
function statement_dropped(number,    text, last, indent) {
    text = masks[number]
    if (text !~ /^ +[a-z*(]/ || text ~ /^ +(static_)?assert\(/ || previous !~ /[{};:)]$/) return
    # Without its last return a function has no answer at all.
    if (text ~ /^ +return/ && masks[number + 1] ~ /^}/) return
    if (text ~ /^ +(else|do|switch|case|default|for|while|struct|enum|union|const|static|unsigned|int|bool|char|void|size_t|goto)[^a-z_]/) return
    if (text ~ /^ +[a-z_0-9]+_t /) return
    for (last = number; last < number + 8 && masks[last] !~ /;[ ]*$/; last++) if (masks[last] ~ /[{}]$/) return
    if (masks[last] !~ /;[ ]*$/) return
    # `if (...) return x;` in a line is a check. An if whose statement has lines of its own is dropped as they are.
    if (text ~ /^ +if / && last != number) return
    match(lines[number], /^ */)
    indent = RLENGTH
    add("dropped", number, last, indent + 1, length(lines[number]) - indent, ";")
}

function function_begins(mask) {
    if (mask !~ /^[a-z].*\(/ && mask !~ /^[a-z].*[a-z_]\($/) return
    match(mask, /[A-Za-z_0-9]+\(/)
    if (RSTART > 0) function_name = substr(mask, RSTART, RLENGTH - 1)
}

# All of one file, read line by line before.
function file_ends(    i, mask) {
    previous = previous_line = ""
    function_name = "-"
    for (i = 1; i <= lines_count; i++) {
        mask = masks[i]
        function_begins(mask)
        # What stands after assert(!"why") is never reached.
        if (mask ~ /[^ ]/ && previous_line !~ /^ *assert\(!/) {
            if (function_name != "-" && mask ~ /^ /) {
                flips(i, mask)
                conditions(i, mask)
                statement_dropped(i)
            }
            if (mask !~ /^(static_)?assert|^#/) words(i, mask)
            previous = mask
            sub(/ +$/, "", previous)
        }
        if (mask ~ /[^ ]/) previous_line = lines[i]
        if (mask ~ /^}/) function_name = "-"
    }
}

# --- the mutants ---

# What the candidate's text becomes: a number goes up or down, a constant turns into a relative of its own.
function replacement(i,    kind, text, name, at) {
    kind = kind_of[i]
    text = text_of[i]
    if (kind == "number") {
        sub(/[uU]$/, "", text)
        return (text > 0 && draw(2) == 0) ? text - 1 : text + 1
    }
    if (kind == "negated") return "!(" substr(source[file_of[i], first_of[i]], column_of[i], width_of[i]) ")"
    if (kind != "constant" || text == "true" || text == "false") return text
    FILENAME = file_of[i]
    name = family(text)
    if (family_count[name] < 2) return text
    do { at = draw(family_count[name]) } while (relatives[name, at] == text)
    return relatives[name, at]
}

function changed(i, number, text) {
    if (number != first_of[i]) return kind_of[i] == "dropped" && number > first_of[i] && number <= last_of[i] ? "" : source[file_of[i], number]
    return substr(source[file_of[i], number], 1, column_of[i] - 1) text substr(source[file_of[i], number], column_of[i] + width_of[i])
}

# False where the draw brought nothing: a constant without relatives.
function mutant(i,    text, file, before, after, j, target) {
    file = file_of[i]
    text = replacement(i)
    before = after = ""
    for (j = first_of[i]; j <= last_of[i]; j++) {
        before = before " " source[file, j]
        after = after " " changed(i, j, text)
    }
    if (before == after) return 0
    name = sprintf("%s-%04d", prefix, ++made)
    print name "\t" kind_of[i] "\t" file "\t" first_of[i] "\t" function_of[i] "\t" trimmed(before) "\t" trimmed(after)
    target = out "/" name ".c"
    printf "#line 1 \"%s\"\n", file > target
    for (j = 1; j <= length_of[file]; j++) print changed(i, j, text) > target
    close(target)
    return 1
}

BEGIN {
    flipped["<"] = "<="; flipped["<="] = "<"; flipped[">"] = ">="; flipped[">="] = ">"
    flipped["=="] = "!="; flipped["!="] = "=="; flipped["&&"] = "||"; flipped["||"] = "&&"
    flipped["+"] = "-"; flipped["-"] = "+"; flipped["|"] = "&"; flipped["&"] = "|"; flipped["+="] = "-="; flipped["-="] = "+="
    split("SOCKET DWORD BOOL WSABUF WSPAPI", words_of_types, " ")
    for (i in words_of_types) type_name[words_of_types[i]] = 1
    if (prefix == "") prefix = "r" seed
    # Seeds that are neighbours do not begin alike.
    state = (seed * 7919 + 12345) % 2147483646 + 1
    for (warm = 0; warm < 8; warm++) draw(2)
}

# The next file; FILENAME is still the one that ended.
function remember_file(    i) {
    length_of[current] = lines_count
    FILENAME = current
    file_ends()
}

FNR == 1 {
    if (current != "") { next_file = FILENAME; remember_file(); FILENAME = next_file }
    current = FILENAME
    in_comment = assert_depth = lines_count = 0
}

{
    lines[FNR] = source[FILENAME, FNR] = $0
    masks[FNR] = ($0 ~ /^#/ && !in_comment) ? "" : without_asserts(without_texts($0))
    lines_count = FNR
}

END {
    remember_file()
    if (list == "yes") {
        for (kind in count_of) print count_of[kind] "\t" kind
        exit
    }
    for (i = 0; i < candidates; i++) order[i] = i
    while (made < number && candidates > 0) {
        at = draw(candidates)
        chosen = order[at]
        order[at] = order[--candidates]
        mutant(chosen)
    }
}
