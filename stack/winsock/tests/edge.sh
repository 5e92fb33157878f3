#!/bin/sh
# edge.sh FILE.o OBJECT...: the edge as its tests have it, made of the objects of stack/winsock, twice in one. Two functions of ws2_32 the edge
# looks for by name. Once they are those of the tests (client_completes, client_sets_error). The other time there are none; what is called of that
# one begins with silent_.
set -eu

file=$1
shift
trap 'rm -f "$file.all" "$file.known" "$file.silent"' EXIT
"${LD:-ld}" -r -o "$file.all" "$@"
"${OBJCOPY:-objcopy}" --redefine-sym WPUCompleteOverlappedRequest=client_completes --redefine-sym WSASetLastError=client_sets_error \
    "$file.all" "$file.known"
"${OBJCOPY:-objcopy}" --redefine-sym WPUCompleteOverlappedRequest=silent_client_completes --redefine-sym WSASetLastError=silent_client_sets_error \
    --redefine-sym WSPStartup=silent_WSPStartup --redefine-sym handle_own=silent_handle_own \
    --keep-global-symbol silent_WSPStartup --keep-global-symbol silent_handle_own "$file.all" "$file.silent"
"${LD:-ld}" -r -o "$file" "$file.known" "$file.silent"
