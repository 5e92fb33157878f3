# declared.awk: what headers declare, from a compiler's preprocessed output. A line each: `HEADER function NAME`, `HEADER type NAME`,
# `HEADER value NAME` for a constant of an enumeration, `HEADER field TYPE MEMBER` for a member that is no bit field and not in an inner
# structure. -v headers='winsock2.h ws2tcpip.h ...': of these files only.
BEGIN {
    count = split(headers, names, " ")
    for (i = 1; i <= count; i++) wanted[names[i]]
}
# Attributes in any depth of brackets, and whatever stands in braces.
function without(text, opening, closing,    out, depth, i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == opening) depth++
        if (depth == 0) out = out c
        if (c == closing && depth > 0) depth--
    }
    return out
}
# The constants of an enumeration, and the members of a structure that is named NAME.
function body(text, name,    parts, members, count, many, i, k, part) {
    if (text ~ /^ *typedef enum|^ *enum/) {
        sub(/^[^{]*\{/, "", text)
        sub(/\}.*/, "", text)
        count = split(text, parts, ",")
        for (i = 1; i <= count; i++) {
            sub(/=.*/, "", parts[i])
            gsub(/[^A-Za-z0-9_]/, "", parts[i])
            if (parts[i] != "") print header, "value", parts[i]
        }
    } else if (text ~ /^ *typedef struct[^;]*\{/ && name != "") {
        sub(/^[^{]*\{/, "", text)
        sub(/\}[^}]*$/, "", text)
        text = without(without(text, "{", "}"), "(", ")")
        count = split(text, parts, ";")
        for (i = 1; i <= count; i++) {
            if (parts[i] ~ /[:]|(^|[^A-Za-z0-9_])(union|struct) *$/) continue
            many = split(parts[i], members, ",")
            for (k = 1; k <= many; k++) {
                part = members[k]
                gsub(/\[[^]]*\]/, "", part)
                if (part !~ /[A-Za-z0-9_*] *[ *][A-Za-z_][A-Za-z0-9_]* *$/ && k == 1) continue
                sub(/ *$/, "", part)
                sub(/.*[^A-Za-z0-9_]/, "", part)
                if (part != "") print header, "field", name, part
            }
        }
    }
}
function statement(text,    head, whole, i, part, parts) {
    gsub(/[ \t]+/, " ", text)
    while (match(text, /__attribute__ ?\(\(/)) {
        head = substr(text, 1, RSTART - 1)
        text = head substr(text, RSTART + RLENGTH - 2 + closing_at(substr(text, RSTART + RLENGTH - 2)))
    }
    whole = text
    text = without(text, "{", "}")
    sub(/^ */, "", text)
    if (text ~ /^typedef/) {
        if (match(text, /\( ?\*+ ?[A-Za-z_][A-Za-z0-9_]* ?\) ?\(/)) {
            part = substr(text, RSTART, RLENGTH)
            gsub(/[^A-Za-z0-9_]/, "", part)
            print header, "type", part
            return
        }
        count = split(text, parts, ",")
        for (i = 1; i <= count; i++) {
            part = parts[i]
            sub(/ *(\[[^]]*\])* *;? *$/, "", part)
            sub(/.*[^A-Za-z0-9_]/, "", part)
            if (part != "") print header, "type", part
            if (i == 1) body(whole, part)
        }
    } else if (match(text, /^[A-Za-z_][A-Za-z0-9_ *]*[ *][A-Za-z_][A-Za-z0-9_]* ?\(/)) {
        part = substr(text, RSTART, RLENGTH - 1)
        sub(/ $/, "", part)
        sub(/.*[^A-Za-z0-9_]/, "", part)
        if (part !~ /^__/) print header, "function", part
    }
}
# The length of what the first bracket of the text encloses, brackets and all.
function closing_at(text,    depth, i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "(") depth++
        if (c == ")" && --depth == 0) return i
    }
    return length(text)
}
/^# [0-9]+ "/ {
    file = $3
    gsub(/"|.*\//, "", file)
    within = file in wanted
    next
}
within {
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (buffer == "") header = file
        buffer = buffer c
        if (c == "{" || c == "(") depth++
        if (c == "}" || c == ")") depth--
        if (depth == 0 && (c == ";" || (c == "}" && buffer !~ /^ *(typedef|struct|union|enum)/))) {
            statement(buffer)
            buffer = ""
        }
    }
    if (buffer != "") buffer = buffer " "
}
