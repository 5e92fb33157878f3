# citations.awk: awk -f citations.awk clauses.tsv translations.tsv clients.tsv FACTS.tsv...: prints a C file with all rows
# of these tables. What a scenario may cite is compiled in, so that the parser knows it wherever it runs, and beside it
# what translations make of the clauses (conformance/citations/citations.h). The clauses come before their translations.
# A row that is not whole, or an id that is there already, ends the build with FILE:LINE.

function fail(message) {
    printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
    failed = 1
    exit 1
}

# Question marks as well: C17 still knows trigraphs.
function quoted(text) {
    gsub(/[\\"?]/, "\\\\&", text)
    return "\"" text "\""
}

BEGIN {
    FS = "\t"
    wanted["clause"] = 6
    wanted["client"] = 6
    wanted["fact"] = 6
    wanted["translation"] = 5
    form["clause"] = "^[A-Z]+(-[A-Z0-9]+)+$"
    form["client"] = "^[a-z0-9][a-z0-9_-]*$"
    form["translation"] = form["clause"]
    form["fact"] = "^[FNRTW][0-9]+([.][0-9]+)*$"
    languages = "|German|Portuguese|Russian|Spanish|Traditional Chinese|"
    kinds = " documented standard header sample test observed client implementation inferred silent "
}

FNR == 1 {
    kind = "fact"
    if (FILENAME ~ /\/clauses\.tsv$/) kind = "clause"
    if (FILENAME ~ /\/translations\.tsv$/) kind = "translation"
    if (FILENAME ~ /\/clients\.tsv$/) kind = "client"
}

{ sub(/\r$/, "") }
/^#/ || /^$/ { next }

{
    if (NF != wanted[kind]) fail("expected " wanted[kind] " fields with tabs between, found " NF)
    for (i = 1; i <= NF; i++) {
        if ($i == "") fail("field " i " is empty")
        if ($i ~ /[^ -~]/) fail("field " i " is not plain ASCII")
    }
    if ($1 !~ form[kind]) fail($1 " is no name of a " kind)
    id = kind == "translation" ? $1 " in " $2 : $1
    if (id in place) fail(id " is there already, in " place[id])
    if (kind == "translation" && !($1 in place)) fail("there is no clause " $1)
    if (kind == "translation" && index(languages, "|" $2 "|") == 0) fail($2 " is none of the languages " languages)
    if (kind == "fact" && index(kinds, " " $2 " ") == 0) fail($2 " is no kind of evidence; expected one of" kinds)
    place[id] = FILENAME ":" FNR
    row = "    {"
    for (i = 1; i <= NF; i++) row = row (i > 1 ? "," : "") " " quoted($i)
    rows[kind] = rows[kind] row " },\n"
    counts[kind]++
}

function table(kind) {
    printf "\nconst struct %s %s_rows[] = {\n%s};\n", kind, kind, rows[kind]
    printf "const unsigned %s_rows_count = %d;\n", kind, counts[kind]
}

END {
    if (failed) exit 1
    print "/* Written by .make/citations.awk from the tables in scenarios/. */"
    print "#include \"conformance/citations/citations_parts.h\""
    table("clause")
    table("fact")
    table("client")
    table("translation")
}
