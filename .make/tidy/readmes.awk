# readmes.awk: is every file listed in a README.md of its folder, or of one above it?
#
#     (LIST OF README.md FILES; echo; LIST OF ALL FILES) | awk -f readmes.awk
#
# A README lists what it has between backquotes: a path from its own folder, or a pattern as in a shell: `pool.[ch]` is
# two files, and where the README says that many are alike, `tests/test_*.c` is all of them. * does not go over a slash.
# Exit status: 0 nothing found; 1 faults, a line for each: FILE: what.

function to_expression(pattern) {
    gsub(/[.+(){}|^$]/, "[&]", pattern)
    gsub(/\*/, "[^/]*", pattern)
    gsub(/\?/, "[^/]", pattern)
    return "^" pattern "$"
}

function folder_of(path) { return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "" }

function read_readme(path,    line, parts, count, i, folder) {
    folder = folder_of(path)
    has_readme[folder] = 1
    while ((getline line < path) > 0) {
        count = split(line, parts, "`")
        for (i = 2; i <= count; i += 2)
            if (parts[i] ~ /^[-A-Za-z0-9_.\/*?\[\]]+$/) patterns[folder] = patterns[folder] " " to_expression(parts[i])
    }
    close(path)
}

function listed(path,    folder, below, count, list, i) {
    folder = path
    while (folder != "") {
        folder = folder_of(folder)
        below = folder == "" ? path : substr(path, length(folder) + 2)
        count = split(patterns[folder], list, " ")
        for (i = 1; i <= count; i++) if (below ~ list[i]) return 1
    }
    return 0
}

NF == 0 { past_readmes = 1; next }
!past_readmes { read_readme($0); next }
{
    if (listed($0)) next
    folder = folder_of($0)
    while (folder != "" && !(folder in has_readme)) folder = folder_of(folder)
    print $0 ": is listed in no README; " (folder == "" ? "" : folder "/") "README.md is the nearest"
    faults++
}
END { exit faults > 0 }
