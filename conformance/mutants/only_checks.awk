# only_checks.awk: the functions by which nothing but the model's checks of itself ask: prints the file and the name of each static
# function that no other function of its file mentions than *_check, check_*, and functions of this list; tab between. random.sh reads it.
#     awk -f only_checks.awk FILE.c...
#
# A definition begins in column 1 and ends with the next `}` there, or in its own line: the tree is laid out so (make format).

function is_check(name) { return name ~ /_check$|^check_/ || (file, name) in only }

# The functions of one file, read line by line before.
function file_ends(    name, other, found, used, changed) {
    do {
        changed = 0
        for (name in body) {
            if (!(name in is_static) || is_check(name)) continue
            used = found = 0
            for (other in body) {
                if (other == name || body[other] !~ ("(^|[^A-Za-z_0-9])" name "([^A-Za-z_0-9]|$)")) continue
                used = 1
                if (!is_check(other)) found = 1
            }
            if (!used || found) continue
            only[file, name] = changed = 1
            print file "\t" name
        }
    } while (changed)
    delete body
    delete is_static
}

FNR == 1 {
    if (file != "") file_ends()
    file = FILENAME
    current = ""
}

/^[a-z].*\(/ && !/;[ ]*$/ {
    match($0, /[A-Za-z_0-9]+\(/)
    current = substr($0, RSTART, RLENGTH - 1)
    if ($0 ~ /^static /) is_static[current] = 1
    # The name is no use of itself.
    body[current] = body[current] " " substr($0, RSTART + RLENGTH)
    if ($0 ~ /}[ ]*$/) current = ""
    next
}

# What stands outside functions, a table of pointers, is a use as well: it is the body of a function without a name.
{ body[current] = body[current] " " $0 }

/^}/ { current = "" }

END { file_ends() }
