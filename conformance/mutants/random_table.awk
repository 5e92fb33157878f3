# random_table.awk: reads random.tsv, what is known of survivors, then what only_checks.awk found, and then the plan of random.awk with the
# outcome of each mutant (random.sh); prints who caught what, the survivors with their places, and the rates. Exit status: as random.sh
# has it.
#     awk -F "\t" -v seed=1 -f random_table.awk random.tsv checks RESULTS

# What no scenario is about. Large worlds have three indexes: of ports, of handles, and chains of rows. Three files are theirs; pool.c and
# handles.c ask them, and world.c gives them room, in lines that name them, which a world of a scenario passes by. (The chains of
# connections, in stack/transport, are in every world with a wire: they count.)
function exempt(file, function_name, text) {
    if (file ~ /^stack\/(chains|ports\/port_index|system\/handle_index)\.c$/) return "the index of a large world"
    if (file == "stack/ports/pool.c" && function_name ~ /_by_index$|^sockets_alone$|^bucket_of$/) return "the index of a large world"
    if (file == "stack/world.c" && function_name ~ /^(chain_bytes|lay_chains|world_limits_full)$/) return "the index of a large world"
    if (file !~ /^stack\/transport\// && text ~ /(^|[^a-z_])(chains?|port_index|handle_index)_[a-z]+\(|CHAIN_[A-Z]|indexed|index_offset|INDEX_BYTES/)
        return "the index of a large world"
    if (file ~ /^stack\/(system\/store|ports\/port_store)\.c$/) return "the format of the store"
    if (function_name ~ /_check$|^check_/ || (file, function_name) in only_checks) return "a check of the model by itself"
    return ""
}

# How two worlds are compared (model/encode.c is neither an index nor the format of the store, so it counts): a second rate is printed
# without it. That two worlds are one is never an answer; judge and explorer only forget one of them.
function unreachable(file) { return file == "stack/model/encode.c" }

# `a < b ? a : b`, `if (a < b) a = b;` and `if (a < b) b = a;`: where the two are equal it does not matter which is taken, so that `<` and `<=` are one.
# The optimizer sees this of some and not of others.
function without_equality(text) {
    gsub(/\((unsigned|uint[0-9]+_t)\)|[;,()]/, " ", text)
    gsub(/<=/, "<", text)
    gsub(/>=/, ">", text)
    return text
}

function takes_one_of_two(before, after,    words, count, i) {
    before = without_equality(before)
    if (before != without_equality(after)) return 0
    count = split(before, words, / +/)
    for (i = 2; i < count; i++) {
        if (words[i] != "<" && words[i] != ">") continue
        if (words[i + 2] == "?" && words[i + 4] == ":" &&
            (words[i - 1] == words[i + 3] && words[i + 1] == words[i + 5] || words[i - 1] == words[i + 5] && words[i + 1] == words[i + 3])) return 1
        if (words[i - 2] == "if" && words[i + 3] == "=" && words[i + 5] == "" &&
            (words[i + 2] == words[i - 1] && words[i + 4] == words[i + 1] || words[i + 2] == words[i + 1] && words[i + 4] == words[i - 1])) return 1
    }
    return 0
}

# `a > b ? a - b : 0` and its like: where the two are equal their difference is 0.
function takes_a_difference(before, after,    words, count, i, at) {
    before = without_equality(before)
    if (before != without_equality(after)) return 0
    count = split(before, words, / +/)
    for (i = 2; i < count; i++) {
        if ((words[i] != "<" && words[i] != ">") || words[i + 2] != "?") continue
        at = words[i + 3] == "0" && words[i + 4] == ":" ? i + 5 : words[i + 6] == ":" && words[i + 7] == "0" ? i + 3 : 0
        if (at == 0 || words[at + 1] != "-") continue
        if (words[at] == words[i - 1] && words[at + 2] == words[i + 1] || words[at] == words[i + 1] && words[at + 2] == words[i - 1]) return 1
    }
    return 0
}

# Serials are given once: no two rows have the same.
function compares_serials(before, after) {
    before = without_equality(before)
    return before == without_equality(after) && before ~ /[a-z]->[a-z_]*serial [<>] world_[a-z_]+_at +world +[a-z]+ +->[a-z_]*serial/
}

# A local array with one more place than is needed: `bytes[2]` and `bytes[3]`, `stored[MANY * 4]` and `stored[MANY * 5]`.
function places(text) {
    sub(/^[^\[]*\[/, "", text)
    sub(/^[A-Z_]+ [*+] /, "", text)
    return text + 0
}

function has_more_room(before, after) {
    if (before !~ /^[a-z_0-9]+ [a-z_]+\[([A-Z_]+ [*+] )?[0-9]+\];/ || places(after) != places(before) + 1) return 0
    sub(/\[[^]]*/, "", before)
    sub(/\[[^]]*/, "", after)
    return before == after
}

function same_by_rule(before, after) {
    return takes_one_of_two(before, after) || takes_a_difference(before, after) || compares_serials(before, after) || has_more_room(before, after)
}

function percent(part, whole) { return whole == 0 ? "-" : sprintf("%.1f %%", part * 100 / whole) }

function count_text(indent, number, text) { return sprintf("%s%5d  %s", indent, number, text) }
function count_line(indent, number, text) { print count_text(indent, number, text) }

function survivor(text) { survivors[++survivors_count] = text }

FNR == 1 { part++ }

part == 1 && (/^#/ || /^$/) { next }

part == 1 {
    if (NF != 6 || ($1 != "equivalent" && $1 != "known")) {
        printf "%s:%d: a row is `equivalent` or `known`, file, function, the text as it is, as it becomes, and why; tabs between\n", FILENAME, FNR > "/dev/stderr"
        wrong = 1
        exit 2
    }
    class[$2, $3, $4, $5] = $1
    reason[$2, $3, $4, $5] = $6
    next
}

part == 2 && NF == 2 { only_checks[$1, $2] = 1; next }

{
    name = $1; kind = $2; file = $3; line = $4; function_name = $5; before = $6; after = $7; outcome = $8; who = $9
    drawn++
    if (outcome == "unbuilt") { unbuilt++; next }
    if (outcome == "same") { same++; next }
    place = sprintf("%s  %s:%d  %s: %s\n      - %s\n      + %s", name, file, line, function_name, kind, before, after)
    why = reason[file, function_name, before, after]
    if (outcome == "survived" && (class[file, function_name, before, after] == "equivalent" || same_by_rule(before, after))) {
        equivalent++
        next
    }
    counted++
    scenarios_see = outcome != "survived" && outcome != "unit"
    if (outcome != "survived") noticed++
    group = exempt(file, function_name, before)
    if (group != "") left_out[group]++
    else {
        within++
        if (scenarios_see) by_scenarios++
        if (scenarios_see && outcome !~ /^(explore|modes)$/) by_judge++
        if (scenarios_see && outcome !~ /^(explore|modes|judge)$/) by_lines++
        if (!unreachable(file)) {
            reachable++
            if (scenarios_see) by_scenarios_reached++
        }
    }
    kinds[kind]++
    if (scenarios_see) kinds_seen[kind]++
    if (outcome == "unit") holes[++holes_count] = place "\n      unit test: " who (group == "" ? "" : " (" group ")")
    if (outcome == "survived") survivor(place (why == "" ? (group == "" ? "" : "\n      " group) : "\n      known: " why))
}

END {
    if (wrong) exit 2
    if (holes_count > 0) print "Caught by unit tests, not by scenarios"
    for (i = 1; i <= holes_count; i++) print "\n  " holes[i]
    if (survivors_count > 0) print "\nSurvivors"
    for (i = 1; i <= survivors_count; i++) print "\n  " survivors[i]
    printf "\n%d mutants of seed %s\n", drawn, seed
    count_line("", unbuilt, "do not compile")
    count_line("", same, "compile to the same object")
    count_line("", equivalent, "are the same in every answer (random.tsv says why, or a rule: one of two equals, more room)")
    count_line("", counted, "count; of these")
    fflush()
    for (group in left_out) print count_text("  ", left_out[group], "are " group) | "LC_ALL=C sort -r"
    close("LC_ALL=C sort -r")
    count_line("  ", within, "are no index of a large world, no format of the store, no check of the model by itself; of these")
    count_line("    ", by_lines, "are caught by lines of scenarios: " percent(by_lines, within))
    count_line("    ", by_judge, "by lines, or what the judge says of answers: " percent(by_judge, within))
    count_line("    ", by_scenarios, "by scenarios: lines, the judge, every mode of completion, or every order: " percent(by_scenarios, within) " (85 are wanted)")
    count_line("    ", reachable, "are not the comparison of two worlds either; of these")
    count_line("      ", by_scenarios_reached, "by scenarios: " percent(by_scenarios_reached, reachable))
    count_line("  ", noticed, "by scenarios or unit tests: " percent(noticed, counted) " (97 are wanted)")
    exit by_scenarios * 100 < within * 85 || noticed * 100 < counted * 97
}
