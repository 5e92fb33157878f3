# reached_lines.awk: reads what `gcov -t` prints of many files, and prints the lines that were executed, FILE:LINE; with -v all=yes, all that
# can be. OUT, a folder, is left out before the name of a file.
#
#         -:    0:Source:build/out/stack/world.c
#         5:   12:    if (count > 0) {
#     #####:   13:        count--;

{
    colon = index($0, ":")
    count = substr($0, 1, colon - 1)
    rest = substr($0, colon + 1)
    colon = index(rest, ":")
    number = substr(rest, 1, colon - 1) + 0
    gsub(/ /, "", count)
}

number == 0 {
    if (rest ~ /^ *0:Source:/) {
        file = substr(rest, index(rest, "Source:") + 7)
        if (index(file, out) == 1) file = substr(file, length(out) + 1)
    }
    next
}

file ~ /^stack\/.*\.c$/ && count != "-" && (all == "yes" || count !~ /^[#=]/) { print file ":" number }
