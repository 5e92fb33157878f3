#!/bin/sh
# install.sh: proves that what `make install` installs works without the checkout, and that the installed library has the
# names that are documented and no others. Run from the top of the tree after a build. Exit status: 0 all true; 1 not.
set -u

unset MAKEFLAGS MAKELEVEL MFLAGS
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
mkdir -p build/tests
log=$PWD/build/tests/install.log
lists=$PWD/.make/install
status=0
: >"$log"

says() { # says TITLE COMMAND...
    title=$1
    shift
    if "$@" >>"$log" 2>&1; then echo "  $title"; else echo "  NOT: $title (build/tests/install.log)"; status=1; fi
}

says 'make install DESTDIR=D PREFIX=/usr' make install DESTDIR="$away/D" PREFIX=/usr
mkdir "$away/empty" && cd "$away/empty" || exit 1
usr=$away/D/usr
program="env -i $usr/bin/reservoir"

# shellcheck disable=SC2317  # called by says
{
    conforms() { $program run associate/after-bind 2>&1 | tee -a "$log" | grep -q '4 runs: 4 conform'; }
    all_conform() { $program run | tee -a "$log" | grep -q 'Nothing new'; }
    manuals() { for page in "$usr"/share/man/man1/*.1; do grep -q '^\.TH' "$page" || return 1; done; }
    completes() { bash -c '. "$1" && complete -p reservoir' - "$usr/share/bash-completion/completions/reservoir"; }
    declared() {
        sed -n 's/.*/#include "&"/p' "$lists/headers" | gcc -std=c17 -I"$usr/include/reservoir" -E -P -x c - |
            grep -E '^[a-z].*\);$' | grep -v __ | sed -E 's/\(.*//; s/.*[ *]//' | LC_ALL=C sort -u
    }
    each_is_exported() { declared >declared && [ -s declared ] && ! grep -vxF -f "$lists/exports" declared; }
    each_is_declared() {
        sed -n 's/.*/#include "&"/p' "$lists/headers" | gcc -std=c17 -I"$usr/include/reservoir" -E -P -x c - >all
        while read -r name; do grep -qw "$name" all || { echo "$name"; return 1; }; done <"$lists/exports"
    }
    exported_only() {
        nm -g --defined-only "$usr/lib/libreservoir.a" | awk 'NF == 3 { print $3 }' | LC_ALL=C sort |
            diff - "$lists/exports"
    }
    embeds() {
        export PKG_CONFIG_PATH="$usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$away/D"
        # shellcheck disable=SC2046  # several words
        gcc -std=c17 -Wall -Wextra -Werror program.c $(pkg-config --cflags --libs reservoir) -o program && ./program
    }
}

says 'from an empty folder, one scenario by its short name' conforms
says 'and all of them' all_conform
says 'a manual page for each command' manuals
says 'completion for bash' completes
says 'what the headers declare is exported' each_is_exported
says 'what is exported is declared' each_is_declared
says 'and nothing else can be seen in the archive' exported_only

cat >program.c <<'END'
/* A program that embeds the model: one process opens a socket, whose handle no other has. */
#include <stdio.h>
#include <stdlib.h>

#include "stack/call/functions.h"
#include "stack/model/model.h"
#include "stack/sdk/socket_values.h"

int main(void) {
    struct world_limits limits = world_limits_small();
    struct world *world = world_create(malloc(world_bytes(&limits)), &limits);
    struct simulating_chooser chooser;
    struct call call;
    struct result result;
    simulating_chooser_init(&chooser, profile_named("windows"), 0);
    model_process_start(world, 0, 0, 0, 0x0202);
    call_clear(&call);
    call.function = FUNCTION_socket;
    call.arguments[0] = AF_INET;
    call.arguments[1] = SOCK_STREAM;
    call.arguments[2] = IPPROTO_TCP;
    result_clear(&result);
    model_call(world, &chooser.chooser, &call, &result);
    printf("socket() returned %llu, error %u\n", (unsigned long long)result.value, (unsigned)result.error);
    const char *broken = model_check(world);
    if (broken != NULL) puts(broken);
    free(world);
    return broken == NULL && result.error == 0 && result.value != 0 && result.value != UINT64_MAX ? 0 : 1;
}
END
says 'a program embeds the model with what pkg-config says' embeds

# shellcheck disable=SC2317  # called by says
runs_windows_program() {
    export PKG_CONFIG_PATH="$usr/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$away/D"
    # shellcheck disable=SC2046  # several words
    gcc -Wall -Wextra -Werror $(pkg-config --cflags --libs reservoir-program) \
        "$usr/share/doc/reservoir/examples/quic_listener.c" -o listener &&
        "$usr/bin/reservoir-program" ./listener | tee -a "$log" | grep -q 'socket 2: bound to port 4433'
}
says 'a Windows program is compiled with what pkg-config says, and runs' runs_windows_program
exit $status
