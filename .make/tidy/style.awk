# style.awk: what can be seen in the text of one file, read byte by byte.
#
#     awk -f style.awk words strict FILE...        a line for each fault: FILE:LINE: what
#
# Everywhere: no tab (a Makefile has them), no blank at the end of a line, no function longer than 70 lines from its
# name to its closing brace.
# In files that `strict` names for it: at most 120 columns (`columns`; a string that begins its line may be longer, to
# be searched for, and so may a table between `clang-format off` and `on`), no word of the list `words` (`words`).
# Exit status: 0 nothing found; 1 faults.

function fault(what) { print FILENAME ":" FNR ": " what; faults++ }

# Columns, not bytes: what follows the first byte of a UTF-8 character takes none.
function columns(line) { gsub(/[\200-\277]/, "", line); return length(line) }

function to_expression(pattern) { gsub(/[.+]/, "[&]", pattern); gsub(/\*/, ".*", pattern); return "^" pattern "$" }

function is_strict(check,    i) {
    for (i = 1; i <= strict_count; i++) if (strict_check[i] == check && FILENAME ~ strict_files[i]) return 1
    return 0
}

# word -> what to say instead; files in which it is a name of something.
function read_word(    row, count) {
    count = split($0, row, /  +/)
    words[++words_count] = row[1]
    cure[row[1]] = row[2]
    except[row[1]] = count > 2 ? row[3] : ""
}

function excepted(word,    i, count, files) {
    count = split(except[word], files, " ")
    for (i = 1; i <= count; i++) if (FILENAME ~ to_expression(files[i])) return 1
    return 0
}

function check_words(    i, line) {
    line = " " tolower($0) " "
    for (i = 1; i <= words_count; i++)
        if (match(line, "[^a-z0-9_]" tolower(words[i]) "[^a-z0-9_]") && !excepted(words[i]))
            fault("'" words[i] "': say " cure[words[i]])
}

# A function: from the line at the margin with which its definition begins to the brace at the margin.
function check_length() {
    if (/^[A-Za-z_]/) { begin = FNR; name = $0 }
    if (/\) \{$/ && begin && !body) body = begin
    if (/^}/) {
        if (body && FNR - body + 1 > 70) {
            sub(/\(.*/, "", name)
            sub(/.*[ *]/, "", name)
            fault(name "() has " FNR - body + 1 " lines; 70 are the limit")
        }
        body = begin = 0
    }
    if (/;$/ && /^[A-Za-z_]/) begin = 0
}

FNR == 1 { file_number++ }
file_number <= 2 && (/^#/ || NF == 0) { next }
file_number == 1 { read_word(); next }
file_number == 2 { strict_check[++strict_count] = $1; strict_files[strict_count] = to_expression($2); next }
FNR == 1 {
    is_c = FILENAME ~ /\.[ch]$/
    is_make = FILENAME ~ /(\.mk|Makefile)$/
    in_table = 0
    want_columns = !(FILENAME ~ /\.md$/) && is_strict("columns")
    want_words = is_strict("words")
    body = begin = 0
}
/\t/ && !is_make { fault("a tab") }
/[ \t]$/ { fault("a blank at the end of the line") }
/clang-format off/ { in_table = 1 }
/clang-format on/ { in_table = 0 }
want_columns && !in_table && length($0) > 120 && !(is_c && /^ *L?"/) && columns($0) > 120 {
    fault(columns($0) " columns; 120 are the limit")
}
want_words { check_words() }
is_c { check_length() }

END { exit faults > 0 }
