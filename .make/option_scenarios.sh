#!/bin/sh
# option_scenarios.sh FOLDER [KNOWN]: writes a scenario for every socket option and control code that the model has
# (stack/call/socket_options.def, control_codes.def), which asks for it on each kind of socket, in three states and by several lengths. No
# outcome is asserted: the judge says what is allowed. `used` is a TCP socket that listens, or a UDP socket that is connected.
# Into KNOWN, another folder, one for each that Windows knows and the model does not have.
# Exit status: 0.
set -u

folder=$1
mkdir -p "$folder"

# scenario NAME TITLE [LINES]: a head; the steps that are asked come after it.
scenario() {
    cat >"$folder/$1.scn" <<HEAD
scenario $1
  title    $2 by kind of socket, state and length
  variants transport=tcp|udp family=v4|v6 state=new|bound|used${3-}

ports   p = 1 \$transport
process app

app: s = socket(\$socket) -> ...
[bound] app: bind(s, \$loopback:0) -> ...
[tcp.used] app: bind(s, \$loopback:0) -> ...
[tcp.used] app: listen(s) -> ...
[udp.used] app: connect(s, \$loopback:p) -> ...
HEAD
}

asked() { echo "app: $2 -> ..." >>"$folder/$1.scn"; }

options=$(sed -n 's/^OPTION(\([A-Z_0-9]*\), \([A-Z_0-9]*\),.*/\1:\2/p' stack/call/socket_options.def)
for option in $options; do
    level=${option%:*} name=${option#*:}
    file=$(echo "$name" | tr 'A-Z_' 'a-z-')
    # IPv4's time to live on an IPv6 socket belongs to its mapped half, which the model does not have.
    except=
    [ "$name" != IP_TTL ] || except='
  except   v6'
    scenario "$file" "$name" "$except"
    asked "$file" "setsockopt(s, $level, $name, 1)"
    asked "$file" "setsockopt(s, $level, $name, hex(01))"
    asked "$file" "setsockopt(s, $level, $name, hex(01 00 00))"
    asked "$file" "setsockopt(s, $level, $name, hex(01 00 00 00), optlen=0)"
    asked "$file" "getsockopt(s, $level, $name)"
    asked "$file" "getsockopt(s, $level, $name, optlen=3)"
    asked "$file" "getsockopt(s, $level, $name, optlen=1)"
    asked "$file" "getsockopt(s, $level, $name, optlen=0)"
done
codes=$(sed -n 's/^CODE(\([A-Z_0-9]*\))$/\1/p' stack/call/control_codes.def)
for code in $codes; do
    file=$(echo "$code" | tr 'A-Z_' 'a-z-')
    scenario "$file" "$code"
    asked "$file" "WSAIoctl(s, $code, ov=NULL)"
    # This one waits for an address to come or go: nothing can be asked after it.
    [ "$code" != SIO_ADDRESS_LIST_CHANGE ] || continue
    asked "$file" "WSAIoctl(s, $code, in=hex(01), cbOut=1)"
    asked "$file" "WSAIoctl(s, $code, in=hex(01 00 00), cbOut=3)"
    asked "$file" "WSAIoctl(s, $code, in=hex(01 00 00 00), cbOut=4)"
    asked "$file" "WSAIoctl(s, $code, in=hex(01 00 00 00 01 00 00 00 01 00 00), cbOut=15)"
    asked "$file" "WSAIoctl(s, $code, in=hex(01 00 00 00 01 00 00 00 01 00 00 00), cbOut=16)"
done

[ $# -eq 2 ] || exit 0
folder=$2
mkdir -p "$folder"

# known NAME CALL: a scenario of what the model does not have.
known() {
    file=known-$(echo "$1" | tr 'A-Z_' 'a-z-')
    cat >"$folder/$file.scn" <<KNOWN
scenario $file
  title    $1 is known, and not modelled

process app

app: s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) -> ...
app: $2 -> ...
KNOWN
}

for code in $(grep -o 'KNOWN_CODE([A-Z_0-9]*)' stack/call/control_codes.def | sed 's/.*(\(.*\))/\1/'); do
    known "$code" "WSAIoctl(s, $code, ov=NULL)"
done
for option in $(grep -o 'KNOWN_OPTION([A-Z_0-9]*, [A-Z_0-9]*)' stack/call/socket_options.def | sed 's/.*(\(.*\), \(.*\))/\1:\2/'); do
    known "${option%:*}-${option#*:}" "setsockopt(s, ${option%:*}, ${option#*:}, 1)"
done
