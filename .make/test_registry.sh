#!/bin/sh
# test_registry.sh FILE...: prints a C file with the list of all register_<thing>_tests functions in these files.
set -eu

names=$(sed -n 's/^void \(register_[a-z0-9_]*_tests\)(void).*/\1/p' "$@" </dev/null | LC_ALL=C sort -u)

echo "/* Written by .make/test_registry.sh: every suite of unit tests, sorted by name. */"
echo "#include <stddef.h>"
echo
for name in $names; do echo "void $name(void);"; done
echo
echo "void (*const test_registry[])(void);"
echo "void (*const test_registry[])(void) = {"
for name in $names; do echo "    $name,"; done
echo "    NULL,"
echo "};"
