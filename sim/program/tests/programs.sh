#!/bin/sh
# programs.sh: Windows programs (sim/program/examples/) compiled unmodified, as C and C++, by gcc and g++ with the model's
# headers and by mingw-w64 with the real ones; on the model they print what their flows promise, and those that go wrong
# are stopped with what went wrong.
# Run from the top of the tree, after `make build/program/libreservoir-program.a build/program/include
# build/reservoir-program`. Exit status: 0 all true; 1 not.
set -u

work=build/program/tests
rm -rf $work && mkdir -p $work
log=$work/log
status=0
flags=$(sed -n 's/^Cflags: //p' .make/install/reservoir-program.pc |
    sed "s|\${includedir}/reservoir/windows|build/program/include|; s|\${includedir}/reservoir|.|")
libraries='-Lbuild/program -Wl,--whole-archive -lreservoir-program -Wl,--no-whole-archive'
strict='-Wall -Wextra -Werror'
examples=sim/program/examples

fails() { echo "  NOT: $*"; status=1; }

# built NAME STANDARD [OPTION...]: the example with this standard, in $work/NAME; with -fsyntax-only nowhere.
built() {
    source=$(ls $examples/"$1".*) name=$1 standard=$2
    shift 2
    case $source in
    *.cpp) compiler=${CXX:-g++} ;;
    *) compiler=${CC:-gcc} ;;
    esac
    # shellcheck disable=SC2086  # several words
    $compiler -std="$standard" -O1 $strict $flags "$@" "$source" $libraries -o $work/"$name" >>$log 2>&1
}

# prints NAME STATUS [OPTION...] -- [ARGUMENT...]: what it prints is what comes in.
prints() {
    name=$1 wanted=$2 options=
    shift 2
    while [ "$1" != -- ]; do options="$options $1"; shift; done
    shift
    cat >$work/expected
    # shellcheck disable=SC2086  # several words
    timeout 60 build/reservoir-program $options -- $work/"$name" "$@" >$work/printed 2>$work/errors
    code=$?
    tr -d '\r' <$work/errors >>$work/printed
    [ $code -eq "$wanted" ] || fails "$name $*: status $code, and $wanted was expected"
    diff $work/expected $work/printed || fails "$name $*: prints something else"
}

# --- compiled ---------------------------------------------------------------------------------------------------------

count=0
for source in $examples/*.c $examples/*.cpp; do
    name=$(basename "$source" | sed 's/\..*//')
    case $source in
    *.cpp) standards='c++17 gnu++20' ;;
    *) standards='gnu17 c11 gnu99' ;;
    esac
    # A standard changes what the headers' text means, and nothing of what is linked: one of them is enough for that.
    last=${standards##* }
    for standard in $standards; do
        if [ "$standard" = "$last" ]; then syntax=; else syntax=-fsyntax-only; fi
        built "$name" "$standard" $syntax || fails "$source as $standard: $(tail -5 $log)"
        count=$((count + 1))
    done
done
# A program in C that a C++ compiler takes as well.
for name in quic_listener echo_threads select_server overlapped_acquire overlapped_echo duplicated_handles accept_server conditions receiving udp_responder persistent_ports \
    pool_server long_datagrams protocols addresses adapters tables port_table c_library files_and_names single_instance bulk_transfer connections console_pool random_bytes wrong; do
    # shellcheck disable=SC2086
    ${CXX:-g++} -std=c++17 -x c++ $strict $flags -fsyntax-only $examples/$name.c >>$log 2>&1 || fails "$name.c as C++: $(tail -5 $log)"
    count=$((count + 1))
done
echo "  $count times compiled with the model's headers, without a warning"
# What would lose what is put into it is refused where it is named, and nothing else is by the headers that have it.
for line in 'std::wofstream file("x"); file << 42;' 'std::wstring text; std::wifstream file("x"); file >> text;' 'std::cout << std::wstring(L"text").size();'; do
    printf '#include <windows.h>\n#include <iostream>\n#include <fstream>\nint main() { %s }\n' "$line" >$work/wide.cpp
    # shellcheck disable=SC2086
    ${CXX:-g++} -std=c++17 $strict $flags -fsyntax-only $work/wide.cpp >$work/wide.log 2>&1
    refused=$?
    case $line in
    *std::w[io]fstream*) [ $refused -ne 0 ] && grep -q 'wide streams of files are not modelled' $work/wide.log || fails "not refused: $line" ;;
    *) [ $refused -eq 0 ] || fails "refused: $line: $(cat $work/wide.log)" ;;
    esac
done

# Windows' file names have no case, and mingw-w64's are small here.
mkdir $work/real
for name in Windows WinSock2 WS2tcpip Ws2tcpip Mstcpip MSTcpIP; do
    printf '#include <%s.h>\n' "$(echo $name | tr '[:upper:]' '[:lower:]')" >$work/real/$name.h
done
count=0
for source in $examples/*.c $examples/*.cpp; do
    case $source in
    *.cpp) compiler=${MINGWXX:-x86_64-w64-mingw32-g++-posix} standard=c++17 ;;
    *) compiler=${MINGW:-x86_64-w64-mingw32-gcc} standard=gnu17 ;;
    esac
    command -v "$compiler" >/dev/null || { echo "  $compiler is not installed: $source is not compiled by it"; continue; }
    if grep -q wmain "$source"; then unicode=-municode; else unicode=; fi
    # shellcheck disable=SC2086
    $compiler -std=$standard $unicode -D_WIN32_WINNT=0x0602 -fms-extensions $strict -Wno-unknown-pragmas -Wno-cast-function-type \
        -Wno-format -I$work/real -fsyntax-only "$source" >>$log 2>&1 || fails "$source by $compiler: $(tail -5 $log)"
    count=$((count + 1))
done
echo "  $count programs compiled by mingw-w64 with the real headers"

# The values of names that no call of the model looks at (stack/sdk/tests/compare.sh has those that one does).
if command -v "${MINGW:-x86_64-w64-mingw32-gcc}" >/dev/null; then
    {
        for header in winsock2 ws2tcpip mswsock mstcpip iphlpapi shellapi winioctl; do echo "#include <$header.h>"; done
        sed -n '/ const$/d; s/^#define \([A-Za-z_0-9]*\) \(.*\)/#ifdef \1\n_Static_assert((long long)(\1) == (\2), "\1");\n#endif/p' \
            sim/program/include/*_values.h sim/program/include/error_names.h
    } >$work/values.c
    ${MINGW:-x86_64-w64-mingw32-gcc} -std=gnu17 -D_WIN32_WINNT=0x0A00 -w -fsyntax-only $work/values.c >>$log 2>&1 ||
        fails "values that mingw-w64 has otherwise: $(grep -o 'static assertion failed: .*' $log | head -5)"
    echo "  $(grep -c _Static_assert $work/values.c) values compared with mingw-w64's"
fi

# --- the flows --------------------------------------------------------------------------------------------------------

prints quic_listener 0 -- <<'TEXT'
socket 0: bound to port 4433 by the reservation
socket 1: bound to port 4433 by the reservation
socket 2: bound to port 4433 by the reservation
a second reservation of the port: WSAEADDRINUSE
TEXT
prints bindresvport 0 -- <<'TEXT'
reserved 3 ports from 600
a port of the block
a port of the block
a port of the block
no fourth port: bind fails
after one was closed: a port again
a stranger's bind to 600 fails: 10013
TEXT
prints rpc_service 0 --elevated -- <<'TEXT'
elevated
an endpoint on a port of the block
an endpoint on a port of the block
an endpoint on a port of the block
twice 20 is 40
twice 21 is 42
twice 22 is 44
a thread ended with 40
a thread ended with 42
a thread ended with 44
deleted: 0
TEXT
prints rpc_service 5 -- <<'TEXT'
not elevated
the installer has to be run as administrator (error 5)
TEXT
prints overlapped_acquire 0 -- <<'TEXT'
event: done at once
event: error 0, 16 bytes, 16 ports from the dynamic range
routine: done at once
routine: error 0, 16 bytes, 16 ports from the dynamic range
port: done at once
port: error 0, 16 bytes, 16 ports from the dynamic range
TEXT
built overlapped_acquire gnu17 -DUNICODE -D_UNICODE || fails 'overlapped_acquire with UNICODE'
prints overlapped_acquire 0 --completes 50 -- <<'TEXT'
event: pending
event: error 0, 16 bytes, 16 ports from the dynamic range
routine: pending
routine: error 0, 16 bytes, 16 ports from the dynamic range
port: pending
port: error 0, 16 bytes, 16 ports from the dynamic range
TEXT
for seed in 0 1 2 3; do
    prints overlapped_echo 0 --seed $seed -- <<'TEXT'
server: 3 bytes by key 7
client: one
server: 9 bytes by key 7
client: two words
server: 1 bytes by key 7
client: x
server: 0 bytes by key 7
TEXT
done
# What is pending belongs to the object and not to the handle: W134, T9.10.
for seed in 0 1 2 3; do
    prints duplicated_handles 0 --seed $seed -- <<'TEXT'
issued: -1, error 997
first handle closed: nothing
last handle closed: 0, error 995, key 7, its own OVERLAPPED
source closed: SetEvent 0, error 6
the other one: 0
called with 5
woken: 192
by the process's handle: 1
the process still runs: 258
TEXT
    prints handle_owner 0 --seed $seed -- <<'TEXT'
a packet of 3 bytes
a packet of 4 bytes
the worker is done: 0
moved: away, reset: 1
TEXT
done
prints conditions 0 -- <<'TEXT'
asked about the first: error 10061
asked about the second: error 11002
asked about the second: accepted
the second hears 5 bytes
the first: -1, error 10054
TEXT
for name in recv recvfrom WSARecv WSARecvFrom; do
    cat <<TEXT
a datagram, $name: 5, error 0, short
a long one, $name: -1, error 10040, far too
none, $name: -1, error 10035,
not connected, $name: -1, error 10057,
a word, $name: 5, error 0, hello
closed while it waits, $name: -1, error 10004,
reset, $name: -1, error 10054,
inside the call: 6 bytes are sent
interrupted, $name: 6, error 0, inside
TEXT
done | sed 's/too$/too /; s/,$/, /' >$work/received
cat >>$work/received <<'TEXT'
inside the call: 6 bytes are sent
select: 1
select, ready: 1
inside the call: 6 bytes are sent
WSAPoll, ready: 1
TEXT
prints receiving 0 -- <$work/received
# Asked at 127.0.0.7, and too little room for what comes.
prints udp_responder 0 -- <<'TEXT'
asked at 127.0.0.7
4 bytes from 127.0.0.7
error 10040, data is cut, control data is cut
TEXT
for seed in 0 1 2 3; do
    prints pool_server 0 --seed $seed -- <<'TEXT'
a block of 4 ports
ping
ping
ping
the client has gone after 12 bytes
the wait saw it: 0
TEXT
done
for seed in 0 1 2 3; do
    prints locks 0 --seed $seed -- <<'TEXT'
once 1; not yet: 0
found 1, pending 0, context 0x40
wait 0 counter 400 wide 800 queued 400 ended 4 last 1
ended with 10
ended with 11
ended with 12
ended with 13
value 7; nothing comes: 0, timeout 1
semaphore 0 0, mutex 1
heap 1
TEXT
done
# The same under Wine 8.0, up to the masks, which it does not have.
prints addresses 0 -- <<'TEXT'
inet_addr("127.1"): 127.0.0.1
inet_addr("0x7f000001"): 127.0.0.1
inet_addr("010.1.2.3"): 8.1.2.3
inet_addr("1.2.3.4.5"): INADDR_NONE
inet_addr("256.1.1.1"): INADDR_NONE
inet_addr("10.1.65536"): INADDR_NONE
inet_addr("4294967295"): INADDR_NONE
inet_addr("1.2.3.4 x"): 1.2.3.4
inet_addr(""): INADDR_NONE
inet_addr(" "): 0.0.0.0
10.1.2.3:80: 10.1.2.3, then ':80'
10.1: 0xc000000d
10.1/8: 10.0.0.1, then '/8'
[fe80::1%7]:443: [fe80::1%7]:443, 16 characters, scope 7, port 443
  in 4: 0xc000000d, 16 are needed
::ffff:10.1.2.3: ::ffff:10.1.2.3, 16 characters, scope 0, port 0
  in 4: 0xc000000d, 16 are needed
fe80::200:5efe:10.1.2.3: fe80::200:5efe:10.1.2.3, 24 characters, scope 0, port 0
  in 4: 0xc000000d, 24 are needed
[::1: 0xc000000d
tcp is 6, https/tcp is 443, 53/udp is domain
/0: 0.0.0.0 /0
/12: 255.240.0.0 /12
/24: 255.255.255.0 /24
/33: 87
255.0.255.0: 87
GetAddrInfoExW: 127.0.0.1:8080
error 0
WSAHtons: 0 0x3412, WSANtohl: 0 0x4030201
no socket: -1, error 10038
TEXT
# By the functions' pages; that no way leads elsewhere is as connect has it (sim/program/adapter_entries.c).
prints adapters 0 -- <<'TEXT'
Loopback Pseudo-Interface 1: index 1, up
  127.0.0.1/8
  ::1/128
  a prefix of 8 bits
  a prefix of 128 bits
Loopback Pseudo-Interface 1: index 0, up
  ::1/128
GetAdaptersAddresses: 87
GetAdaptersInfo: nothing but loopback
127.0.0.1 mask 255.0.0.0 on 1
a row of family 2, 8 bits, preferred
a row of family 23, 128 bits, preferred
looked up: 0, not there: 1168, of another family: 87
to loopback: 0, index 1
elsewhere: 1231
interfaces: 1
memory: some is free
of no size: 87
TEXT
# KB 822061 (65,507 bytes), and the pages of sendto and recvfrom (WSAEMSGSIZE; the rest of a datagram is lost).
for seed in 0 1; do
    prints long_datagrams 0 --seed $seed -- <<'TEXT'
SO_MAX_MSG_SIZE is 65507
as many bytes are sent: yes
one more is WSAEMSGSIZE: yes
a peek at 100 of them is WSAEMSGSIZE: yes
and has them: yes
all arrive: yes
half of a datagram is WSAEMSGSIZE: yes
the rest is gone: yes
a receive pends: yes
six buffers are sent: yes
with all their bytes: yes
60000 bytes over IPv4, equal
a receive pends: yes
six buffers are sent: yes
with all their bytes: yes
60000 bytes over IPv6, equal
TEXT
done
# The sources are in sim/program/protocol_entries.c and name_entries.c.
prints protocols 0 -- <<'TEXT'
MSAFD Tcpip [TCP/IP]
  E70F1AA0-AB8B-11CF-8CA3, version 2, family 2, type 1, protocol 6
  addresses of 16 bytes, flags 0x20066, connections
  a socket of it is of the same protocol
  4 bytes have no room for that
MSAFD Tcpip [UDP/IP]
  E70F1AA0-AB8B-11CF-8CA3, version 2, family 2, type 2, protocol 17
  addresses of 16 bytes, flags 0x20609, connectionless, messages of 65507 bytes
  a socket of it is of the same protocol
  4 bytes have no room for that
MSAFD Tcpip [TCP/IPv6]
  F9EAB0C0-26D4-11D0-BBBF, version 2, family 23, type 1, protocol 6
  addresses of 28 bytes, flags 0x20066, connections
  a socket of it is of the same protocol
  4 bytes have no room for that
MSAFD Tcpip [UDP/IPv6]
  F9EAB0C0-26D4-11D0-BBBF, version 2, family 23, type 2, protocol 17
  addresses of 28 bytes, flags 0x20609, connectionless, messages of 65527 bytes
  a socket of it is of the same protocol
  4 bytes have no room for that
of UDP alone: only those
the name of loopback: the machine's own
of three bytes: WSAEFAULT
with a port: the machine's own, https
TEXT
# The pages of the functions of fibers and of FlsAlloc; 1280 is ERROR_ALREADY_FIBER.
for seed in 0 1; do
    prints fibers 0 --seed $seed -- <<'TEXT'
a fiber: 0, then 1; once more: 0, 1280
a heard a0 a1 a2
b heard b0 b1 b2
c heard c0 c1 c2
c: an exception of a fiber's own
the thread has seen its turns: yes
values given back: 6
a thread again: 1, 0
a thread ended with its fiber: yes
TEXT
done
# By the functions' pages (sizes, order, errors) and what netstat shows of them (sim/program/table_entries.c).
for seed in 0 1; do
    prints port_table 0 --seed $seed -- <<'TEXT'
before accept: 0, 4 rows
  0.0.0.0:8081 LISTEN, own
  127.0.0.1:8080 LISTEN, own
  127.0.0.1:8080 to dynamic ESTABLISHED, own
  127.0.0.1:dynamic to 8080 ESTABLISHED, own
the client has closed: 0, 4 rows
  0.0.0.0:8081 LISTEN, own
  127.0.0.1:8080 LISTEN, own
  127.0.0.1:8080 to dynamic CLOSE-WAIT, own
  127.0.0.1:dynamic to 8080 FIN-WAIT-2, own
both have closed: 0, 3 rows
  0.0.0.0:8081 LISTEN, own
  127.0.0.1:8080 LISTEN, own
  127.0.0.1:dynamic to 8080 TIME-WAIT, no one's
IPv6, listeners: 0, size as it was: 1
  :::8079
  :::8081
IPv6, connections: 0, size as it was: 1
UDP: 0
  00000000:5000
  7f000001:5353
UDP of IPv6: 0
  5000, own
no table: 122, room for 3 rows
one byte less: 122, size as needed
as much: 0, rows as many
no size: 87 87
another family: 87 87
TEXT
done
# By the functions' pages; the same under Wine 8.0, up to the length of its name and its version of Windows.
prints c_library 0 -- <<'TEXT'
-42 ffffffff 4000000000 -1234567890123 3w5e11264sgsf
four digits in four bytes: ERANGE, ""
77 -17
bit 8, 04030201
[one][two][three]
MIXED mixed dexim 0
3: 12, abcdef, 34
3: 12, abc, 34
12 -1
long
hello with its end: 6
back: 5
[x][y] abcx 0
5 ABCX
C:|\dir\sub\|file|.txt
C:\other\file.log
a line
there: 0
gone: -1, folder: 0
value, 6
Thu Jan 01 00:00:00 1970
96543211 1
TEXT
prints files_and_names 0 -- keep 'two words' <<'TEXT'
[C:\a b\tool.exe][plain][with space][a\\b][c\][d"e][][last]
own arguments: 2, keep, two words
no variable: 0, error 203
faster %NO_SUCH_THING%, 23
in the block: 1
computer in 3: 0, error 111, size 1
computer: 1, length without the end: 1
user: 1, length with the end: 1
version: 1, 6.2, platform 2
own process: 1
process 0: 0, error 87
a.log of 1 bytes
b.LOG of 6 bytes
then error 18
none: 0, error 2
copy over: 0, error 80
move over: 0, error 183
move over it: 1, is there: 0
full folder: 0, error 145
name: y.txt
empty folder: 1
first: 1 1 depth 2 last: 1 rest: 1, depth 0
after the callback: 0
ticks: 1, later: 0
TEXT
prints tables 120 -- <<'TEXT'
:: unspecified
::1 loopback
fe80::1 link-local
fec0::1 site-local
ff02::1 multicast
ff0e:: multicast
::ffff:127.0.0.1 v4-mapped
::10.0.0.1 v4-compatible
10014
reservoir: if_indextoname is not modelled. Windows has an answer to this call; Reservoir does not know it, and gives none.
TEXT
for seed in 0 1 2 3; do
    prints accept_server 0 --seed $seed -- <<'TEXT'
0: one, at the listener's port: yes, from the client's: yes
client: one
1: two, at the listener's port: yes, from the client's: yes
client: two
0: three, at the listener's port: yes, from the client's: yes
client: three
closed: aborted
closed: aborted
TEXT
done
for seed in 0 1 2 3; do
    prints echo_threads 0 --seed $seed -- <<'TEXT'
3000 bytes came back as they were
3000 bytes came back as they were
3000 bytes came back as they were
3000 bytes came back as they were
4 clients were served
TEXT
done
for seed in 0 1 2 3; do
    prints select_server 0 --seed $seed -- <<'TEXT'
select: 6 words echoed, 6 heard
WSAPoll: 6 words echoed, 6 heard
events: 6 words echoed, 6 heard
no socket: -1, error 10022
no time: -1, error 10022
one is no socket: -1, error 10038
both are left: 2
the same twice: 1
one is left: 1
nothing comes: 0
none is left: 0
beside a quiet one: 0
what was found: 4
no socket at all: -1, error 10038
what can only be found: -1, error 10022
no entry: -1, error 10022
TEXT
done
for seed in 0 1 2 3; do
    prints reserve_pool 0 --seed $seed -- <<'TEXT'
4 blocks, no port in two of them
32 sockets were bound at a time
time passed
TEXT
done
prints select_block 0 -- <<'TEXT'
block of 4
in block: 1
olleh 42
127.0.0.1:
TEXT
prints event_loop 0 -- <<'TEXT'
accepted
read 4
client got pong
closed
TEXT
prints futures 0 -- <<'TEXT'
timeout
7
3
42
1
once
3
TEXT
prints wide_tool 0 --elevated -- <<'TEXT'
created
lookup 0
port 5000-5009 14 10
a=1
b=2
[::1]:80
::1
port 4567
10.1.2.3 4567
x-7
abcdef 6
00ff
same 1
1 1
TEXT
prints wide_streams 0 -- <<'TEXT'
arguments: 1
127.0.0.1:8080
0x0000beef 12.5 1 false
port 4433 7 narrow wide (23)
30 thirty
[first][second]
some text
42 17 ab    |    ab|
TEXT
# By the pages of CreateMutex and CreateEvent: who finds an object of that name there learns so, who opens none has error 2.
prints random_bytes 0 -- <<'TEXT'
twice the same: 0
by its own handle: 0
by none: c0000008
both had the lock: 2
TEXT
prints single_instance 0 --elevated -- <<'TEXT'
admin 1 elevated 1
event 1 0
mutex 1, already there: 0
again 1, already there: 1
set by name: 0
none: 1 2
same token: 1
in the block: yes
delete: 0
lookup: 1168
TEXT
# One request, however many bytes: they come in order, and its packet counts them all.
for seed in 0 1 2 3; do
    prints bulk_transfer 0 --seed $seed -- <<'TEXT'
sent 100000, key 77, its own: 1
result 100000, in it 100000
written 5000, 1 entry
read answer
small again: 10
bulk: 100000 bytes, the same: 1
rest: 5000 bytes, the same: 1
nothing left: 1
TEXT
    prints send_file 0 --seed $seed -- <<'TEXT'
overlapped: 500 bytes
received 5509 bytes, sum 602375
TEXT
done
# By the pages of the thread pool, WSAConnectByName, WSASendDisconnect and GenerateConsoleCtrlEvent.
for seed in 0 1 2 3; do
    prints pool_groups 0 --seed $seed -- <<'TEXT'
sum 5
timer 0
wait 0
io 0 4
closed 1
simple 0
TEXT
    prints connections 0 --seed $seed -- <<'TEXT'
remote 127.0.0.1
pending 1
recvd 0 5 flags 0 event 77
SendDisconnect 0
recv 0
RecvDisconnect 0
mark 1
-1 10054
refused 10061
0
10093
TEXT
done
prints console_pool 0 -- <<'TEXT'
second 1
first 1
stopped 0
administrator 0, 16 bytes
ran 1000
one after the other 1
0 1
11 -1
TEXT
prints logging_service 0 -- <<'TEXT'
log of 15 bytes
[00] started 7
there 1
slept at least 90 ms: 1
time 1
wait 0
timer 1
waitable 0
sum 6
waited 2
file
TEXT
# What one run reserves is there in the next.
store=$work/store
prints persistent_ports 0 --elevated --store $store -- create tcp 5000 10 <<'TEXT'
create: ports 5000 to 5009, token 1
TEXT
prints persistent_ports 1 --elevated --store $store -- create tcp 5005 10 <<'TEXT'
create failed with 32: ERROR_SHARING_VIOLATION: another program uses it.
TEXT
prints persistent_ports 0 --elevated --store $store -- use tcp 5000 10 <<'TEXT'
bound to a port of the block
TEXT
prints persistent_ports 1 --account standard --store $store -- use tcp 5000 10 <<'TEXT'
SIO_ASSOCIATE_PORT_RESERVATION failed with 10013: WSAEACCES: access in a way that the permissions forbid.
TEXT
prints persistent_ports 1 --elevated --store $store -- lookup udp 5000 10 <<'TEXT'
lookup failed with 1168: ERROR_NOT_FOUND: not found.
TEXT
prints persistent_ports 1 --account standard --store $store -- delete tcp 5000 10 <<'TEXT'
delete failed with 5: ERROR_ACCESS_DENIED: access is denied.
TEXT
prints persistent_ports 0 --elevated --store $store -- delete tcp 5000 10 <<'TEXT'
delete: ports 5000 to 5009
TEXT
prints persistent_ports 1 --elevated --store $store -- use tcp 5000 10 <<'TEXT'
Lookup failed with 1168: ERROR_NOT_FOUND: not found.
TEXT
echo '  each flow prints what it promises'

# --- what goes wrong --------------------------------------------------------------------------------------------------

kernel='It belongs to the kernel: WSAIoctl, called by the main thread, returned WSA_IO_PENDING, and its request has not ended'
waits='reservoir: all threads wait, and nothing that could happen would wake one of them:'
prints wrong 121 -- deadlock <<TEXT
$waits
    main thread      waits for a critical section of thread 2's
    thread 2         waits for a critical section of the main thread's
reservoir: the program is ended
TEXT
prints wrong 121 -- wait <<TEXT
$waits
    main thread      waits in WaitForSingleObject(hHandle=0x84, dwMilliseconds=INFINITE)
reservoir: the program is ended
TEXT
prints wrong 121 -- receive <<TEXT
$waits
    main thread      waits in recv(s=0x84, len=1, flags=0)
reservoir: the program is ended
TEXT
prints wrong 120 -- not-modelled <<'TEXT'
reservoir: WSAIoctl: SIO_ADDRESS_LIST_QUERY is not modelled. Windows has an answer to this call; Reservoir does not know it, and gives none.
TEXT
prints wrong 120 -- inside <<'TEXT'
reservoir: recv: what recv does here is not modelled. Windows has an answer to this call; Reservoir does not know it, and gives none.
TEXT
prints wrong 122 --loop 1 -- loop <<'TEXT'
reservoir: main thread has run for 1 seconds without a call, and other threads wait for their turn. Threads take turns at calls: a loop that waits for another thread has to call something (Sleep, YieldProcessor, an Interlocked function)
TEXT
prints wrong 0 -- spin </dev/null
prints wrong 124 -- stack <<'TEXT'
reservoir: thread 2 has used up its stack
TEXT
prints wrong 123 --completes 50 -- freed <<TEXT
reservoir: memory was freed by free(). $kernel
TEXT
prints wrong 123 --completes 50 -- gone <<TEXT
reservoir: an OVERLAPPED was overwritten: freed, used again, or of a stack frame that is gone. $kernel
TEXT
prints wrong 123 --completes 50 -- twice <<TEXT
reservoir: a second request uses the same OVERLAPPED. $kernel
TEXT
prints wrong 0 -- pointers <<'TEXT'
bind: 10014
getsockname: 10014
sendto: 10014
TEXT
prints wrong 0 -- not-started <<'TEXT'
socket: 10093
TEXT
prints wrong 125 --reading Q38=z -- wait <<'TEXT'
reservoir: RESERVOIR_PROGRAM: 'reading=Q38=z': the question has no such answer
TEXT
echo '  what goes wrong is said, with a status of its own'

# --- a trace of its calls ---------------------------------------------------------------------------------------------

# judged NAME WANTED [OPTION...] [-- ARGUMENT...]: what `reservoir judge` says of its trace.
judged() {
    name=$1 wanted=$2
    shift 2
    # shellcheck disable=SC2086
    timeout 60 build/reservoir-program --trace $work/"$name".trace "$@" >/dev/null 2>&1
    build/reservoir judge $work/"$name".trace --profile windows >$work/judged 2>&1
    grep -q "^1 $wanted" $work/judged || fails "the trace of $name: $(head -8 $work/judged)"
}
for source in $examples/*.c $examples/*.cpp; do
    name=$(basename "$source" | sed 's/\..*//')
    case $name in
    single_instance) judged $name allowed --elevated -- $work/$name ;;
    persistent_ports) judged $name allowed --elevated -- $work/$name create tcp 5000 10 ;;
    files_and_names) judged $name allowed -- $work/$name keep logs ;;
    wrong) ;; # below
    c_library | random_bytes | locks) ;; # they ask nothing of the machine
    *) for options in '' --elevated '--completes 50' '--seed 3'; do
        # shellcheck disable=SC2086
        judged $name allowed $options -- $work/$name
    done ;;
    esac
done
# In any order of its threads: a call may end while another thread's is made, and differ from it in its last error.
for seed in 1 2 3 4; do judged rpc_service allowed --elevated --seed $seed -- $work/rpc_service; done
for way in receive deadlock freed pointers; do judged wrong allowed --completes 50 -- $work/wrong $way; done
grep -q 'SIO_ACQUIRE_PORT_RESERVATION, {600, 3}, cbOut=16) -> ok' $work/bindresvport.trace || fails 'the trace shows the reservation'
sed 's/-> WSAEACCES.*/-> WSAENOBUFS/' $work/bindresvport.trace >$work/altered.trace
build/reservoir judge $work/altered.trace --profile windows >$work/judged 2>&1
grep -q '1 rejected' $work/judged || fails "an altered trace is allowed: $(cat $work/judged)"
echo '  the trace of each is allowed, an altered one is rejected'

# --- with sanitizers --------------------------------------------------------------------------------------------------

built echo_threads gnu17 -fsanitize=address,undefined -fno-sanitize-recover=all || fails 'echo_threads with sanitizers'
prints echo_threads 0 -- <<'TEXT'
3000 bytes came back as they were
3000 bytes came back as they were
3000 bytes came back as they were
3000 bytes came back as they were
4 clients were served
TEXT
built rpc_service c++17 -fsanitize=address,undefined -fno-sanitize-recover=all || fails 'rpc_service with sanitizers'
timeout 60 build/reservoir-program --elevated $work/rpc_service >$work/printed 2>&1 || fails "rpc_service with sanitizers: $(head -5 $work/printed)"
built reserve_pool c++17 -fsanitize=address,undefined -fno-sanitize-recover=all || fails 'reserve_pool with sanitizers'
timeout 60 $work/reserve_pool >$work/printed 2>&1 || fails "reserve_pool with sanitizers: $(head -5 $work/printed)"
echo '  under the address and undefined-behaviour sanitizers as well'
exit $status
