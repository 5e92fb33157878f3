#!/bin/sh
# deps.sh GROUP... [-- WISHED...]: installs the Debian packages that groups of targets need and that are not there.
#
# What is wished is installed, or named, together with what is needed, so that one command is enough; but when nothing
# is missing except wishes, nothing happens.
# Groups: build unit clang m32 agent wine hosts dist tidy coverage captures reports libraries; test, host, all: several.
# And programs: what C++ programs are compiled with.
# Looks for the tools and headers themselves, so that it is quick and does not care how they came.
# Exit status: 0 all there; 2 something is missing and could not be installed (the command to run is printed).
# Words on purpose: $missing is a list, $as_root may be empty; and the checks are called by name.
# shellcheck disable=SC2086,SC2317
set -u

missing=

# need PACKAGE CHECK...: the package is missing unless the check succeeds.
need() {
    package=$1
    shift
    "$@" || missing="$missing $package"
}

command_is_there() { command -v "$1" >/dev/null 2>&1; }

# The pattern has already been expanded: without a match its first word is no file.
file_is_there() { [ -e "$1" ]; }

library_is_there() {
    file_is_there "/usr/include/$1" || ! grep -rqsF --include='*.[ch]' "<${1#libxml2/}>" stack conformance reports sim
}

look_at() {
    case $1 in
    build)
        need gcc command_is_there gcc
        need libc6-dev file_is_there /usr/include/stdio.h
        need make command_is_there make
        need pkgconf command_is_there pkg-config
        look_at libraries ;;
    unit)
        need libcunit1-dev file_is_there /usr/include/CUnit/Basic.h ;;
    clang)
        need clang command_is_there clang
        need libclang-rt-dev file_is_there /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a ;;
    m32)
        need gcc-multilib file_is_there /usr/lib/gcc/*/*/32/libgcc.a ;;
    agent)
        need gcc-mingw-w64-x86-64 command_is_there x86_64-w64-mingw32-gcc ;;
    programs)
        need g++ command_is_there g++
        need g++-mingw-w64-x86-64 command_is_there x86_64-w64-mingw32-g++ ;;
    wine)
        need wine64 file_is_there /usr/lib/wine/wine64 ;;
    dist)
        need zip command_is_there zip
        need unzip command_is_there unzip ;;
    hosts)
        need iproute2 command_is_there ip
        need mmdebstrap command_is_there mmdebstrap ;;
    tidy)
        need clang-format command_is_there clang-format ;;
    coverage)
        need lcov command_is_there lcov
        need grcov command_is_there grcov ;;
    libraries)
        need libxxhash-dev library_is_there xxhash.h
        need libjansson-dev library_is_there jansson.h
        need libpcap-dev library_is_there pcap/pcap.h
        need libxml2-dev library_is_there libxml2/libxml/xmlwriter.h ;;
    reports)
        need perl command_is_there prove
        need libxml2-utils command_is_there xmllint
        need jq command_is_there jq
        need libjson-validator-perl file_is_there /usr/share/perl5/JSON/Validator.pm ;;
    captures)
        need tshark command_is_there tshark ;;
    test) look_at build; look_at unit; look_at clang; look_at m32; look_at agent; look_at wine ;;
    host) look_at agent; look_at wine ;;
    all) look_at test; look_at programs; look_at tidy; look_at coverage; look_at captures; look_at reports ;;
    *)
        echo "deps.sh: unknown group '$1'" >&2
        exit 2 ;;
    esac
}

look_at_all() {
    missing=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do look_at "$1"; shift; done
    missing_needed=$missing
    for group in "$@"; do [ "$group" = -- ] || look_at "$group"; done
}

look_at_all "$@"
[ -z "$missing_needed" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    as_root=none
fi

if [ "$as_root" = none ] || ! command_is_there apt-get; then
    echo "Reservoir needs packages that are not installed. As root, run:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 2
fi

# make runs several of us at once; the second finds the work done.
mkdir -p build
exec 9>build/deps.lock
flock 9
look_at_all "$@"
[ -z "$missing_needed" ] && exit 0

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null >>build/deps.log 2>&1 9>&-
}

install() { apt install -y --no-install-recommends $missing; }

echo "Installing$missing (log: build/deps.log)"
# The package lists may be absent (a fresh container) or stale (a download that is gone).
if ! apt install --simulate --no-install-recommends $missing || ! install; then
    apt update
    install || { missing=$missing_needed; install; } || {
        tail -n 5 build/deps.log >&2
        echo "apt-get could not install$missing. As root, run:" >&2
        echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
        exit 2
    }
fi

look_at_all "$@"
[ -z "$missing_needed" ] && exit 0
echo "apt-get succeeded, yet what these packages should bring is not there:$missing_needed" >&2
exit 2
