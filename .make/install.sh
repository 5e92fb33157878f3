#!/bin/sh
# install.sh: puts what `make install` has built into $DESTDIR$PREFIX.
#     bin/reservoir
#     share/reservoir/scenarios, schema          the cases, what they cite, what is known of hosts; forms of reports
#     share/reservoir/reservoir.lua              shows the calls of a capture in Wireshark
#     share/reservoir/agent*.exe                 the Windows agent in its three levels, for those who copy it to a host
#     share/reservoir/agent-kernel, reservoir-provider.so    who plays scenarios on a provider; the model as one
#     share/man/man1, completions for bash, zsh and fish: printed by the program itself
#     lib/libreservoir.a, lib/pkgconfig/reservoir.pc, include/reservoir    the model, for programs that embed it
#     lib/libreservoir-program.a, lib/pkgconfig/reservoir-program.pc, include/reservoir/windows, bin/reservoir-program
#                                                Windows programs that are compiled for the model
# PREFIX (/usr/local), LIBDIR ($PREFIX/lib) and DESTDIR (empty) come from the environment.
# Run from the top of the tree. Exit status: 0; 1 something could not be written.
set -eu

prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
root=${DESTDIR-}$prefix
share=$root/share
program=build/reservoir
list=.make/install

# copy MODE FOLDER FILE...: each keeps its path below FOLDER.
copy() {
    mode=$1
    folder=$2
    shift 2
    for file in "$@"; do install -D -m "$mode" "$file" "$folder/$file"; done
}

# printed FILE COMMAND...: what the command prints becomes the file.
printed() {
    file=$1
    shift
    install -d "$(dirname "$file")"
    "$@" >"$file"
    chmod 644 "$file"
}

install -D -m 755 "$program" "$root/bin/reservoir"
# shellcheck disable=SC2046  # no path of ours has a blank
copy 644 "$share/reservoir" $(find scenarios -type f)
install -d "$share/reservoir/schema"
install -m 644 reports/schema/* "$share/reservoir/schema"
install -m 644 sim/capture/reservoir.lua "$share/reservoir"
install -m 755 build/agent*.exe "$share/reservoir"
rm -f "$share/reservoir/agent-model.exe"
install -m 755 build/agent-kernel build/reservoir-provider.so "$share/reservoir"

printed "$share/man/man1/reservoir.1" "$program" help --man
for command in $("$program" help | sed -n 's/^  reservoir \([a-z-]*\) .*/\1/p'); do
    printed "$share/man/man1/reservoir-$command.1" "$program" help --man "$command"
done
printed "$share/bash-completion/completions/reservoir" "$program" completion bash
printed "$share/zsh/site-functions/_reservoir" "$program" completion zsh
printed "$share/fish/vendor_completions.d/reservoir.fish" "$program" completion fish

install -D -m 644 build/library/libreservoir.a "${DESTDIR-}$libdir/libreservoir.a"
# The headers of the list, and what they include.
headers=$(sed 's/.*/#include "&"/' $list/headers | ${CC:-gcc} -I. -E -M -x c - | tr ' ' '\n' | grep '^stack/' | sort -u)
# shellcheck disable=SC2086
copy 644 "$root/include/reservoir" $headers
version=$("$program" --version | sed 's/.* //')
printed "${DESTDIR-}$libdir/pkgconfig/reservoir.pc" \
    sed -e "s|@PREFIX@|$prefix|; s|@LIBDIR@|$libdir|; s|@VERSION@|$version|" $list/reservoir.pc
# Windows programs: the library, the launcher, and the headers under every name that programs give them.
install -D -m 644 build/program/libreservoir-program.a "${DESTDIR-}$libdir/libreservoir-program.a"
install -m 755 build/reservoir-program "$root/bin"
install -d "$root/include/reservoir/windows"
cp -R build/program/include/. "$root/include/reservoir/windows"
chmod -R u=rwX,go=rX "$root/include/reservoir/windows"
copy 644 "$root/include/reservoir" sim/program/include/*.h stack/sdk/*.h
printed "${DESTDIR-}$libdir/pkgconfig/reservoir-program.pc" \
    sed -e "s|@PREFIX@|$prefix|; s|@LIBDIR@|$libdir|; s|@VERSION@|$version|" $list/reservoir-program.pc
install -D -m 644 LICENSE "$share/doc/reservoir/LICENSE"
install -m 644 README.md conformance/language.md conformance/deviations.md "$share/doc/reservoir"
install -m 644 sim/program/README.md "$share/doc/reservoir/programs.md"
install -d "$share/doc/reservoir/examples"
install -m 644 sim/program/examples/* "$share/doc/reservoir/examples"
echo "Installed in $root: bin/reservoir, share/reservoir, man pages, completions; $libdir/libreservoir.a with its headers."
