# reach.awk: who comes to which mutant? Reads what can be asked (reach.sh), the sources, the lines that are counted, the plan of random.awk, and for
# each that can be asked the lines that it executes; writes NAME.asked for each mutant: kind and what, tab between.
#     awk -F "\t" -f reach.awk asked FILE.c... counted plan NUMBER.lines...
#
# A fault is reached when a line is executed from the beginning of its statement to the line itself. Where this says nothing (none of them is
# counted; a label of a switch, whose line is counted as what it leads to; a table inside a function) it is when its function is called. What
# stands outside functions is reached by everything. With -v everybody=yes all is asked about each: the long way, to compare with.

function base(path) { sub(/^.*\//, "", path); return path }

# No statement reaches back over such an end.
function ends(text) { return text ~ /[;{}:][ ]*(\/\*.*\*\/)?[ ]*$/ || text ~ /^[ ]*$/ }

function watch(name, key) { watchers[key] = watchers[key] " " name }

# The line of a definition is counted when the function is called. What comes after a function's end is not in it.
function watch_function(name, file, line, function_name,    i) {
    for (i = line; i > 0 && source[file, i] !~ /^[a-z}]/; i--) { }
    if (((file ":" i) in counted) && source[file, i] ~ ("[^A-Za-z_0-9]" function_name "\\(")) watch(name, file ":" i)
    else always[name] = 1
}

function place(name, file, line, function_name,    first, i, found, labelled) {
    if (function_name == "-") {
        always[name] = 1
        return
    }
    for (first = line; first > 1 && !ends(source[file, first - 1]); first--) { }
    for (i = first; i <= line; i++) {
        if (source[file, i] ~ /\\$|^#/) always[name] = 1
        if (source[file, i] ~ /(^|[^A-Za-z_0-9])(case|default)([^A-Za-z_0-9]|$)/) labelled = 1
        if ((file ":" i) in counted) found = 1
    }
    if (!found || labelled) {
        watch_function(name, file, line, function_name)
        return
    }
    for (i = first; i <= line; i++) watch(name, file ":" i)
}

FNR == 1 { part = FILENAME ~ /\.lines$/ ? "lines" : FILENAME ~ /\.c$/ ? "source" : base(FILENAME) }

part == "asked" { asked[++asked_count] = $2 "\t" $3; next }
part == "source" { source[FILENAME, FNR] = $0; next }
part == "counted" { counted[$1] = 1; next }

part == "lines" {
    number = base(FILENAME) + 0
    if ($1 == "*") everything[number] = 1
    if (!($1 in watchers)) next
    count = split(watchers[$1], names, " ")
    for (i = 1; i <= count; i++) reaches[names[i], number] = 1
    next
}

{
    mutants[++mutants_count] = $1
    place($1, $3, $4, $5)
}

END {
    for (i = 1; i <= mutants_count; i++) {
        name = mutants[i]
        printf "" > (name ".asked")
        for (number = 1; number <= asked_count; number++)
            if (everybody == "yes" || name in always || number in everything || (name, number) in reaches) print asked[number] > (name ".asked")
        close(name ".asked")
    }
}
