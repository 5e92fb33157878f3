#!/usr/bin/env bash
# parts.sh: proves what .make/parts.sh promises, with parts of its own: no output is torn, what shares a resource is never
# at work together, no more compute than there are processors, a failing part is shown and named, a signal leaves no
# process. Run from the top of the tree. Exit status: 0 all true; 1 not.
set -u

folder=build/tests/parts
status=0
rm -rf $folder && mkdir -p $folder || exit 1

says() { # says TITLE COMMAND...
    local title=$1
    shift
    if "$@" >>$folder/log 2>&1; then echo "  $title"; else echo "  NOT: $title ($folder)"; status=1; fi
}

cat >$folder/alone <<'END'
#!/bin/sh
# alone NAME MOST: MOST of these with one name may be at work at once.
mkdir "$0.$1.$$" || exit 1
sleep 0.3
count=$(ls -d "$0.$1".* | wc -l)
rmdir "$0.$1.$$"
echo "first line of $1"
sleep 0.1
echo "last line of $1"
[ "$count" -le "$2" ] || { echo "$count at once"; exit 9; }
END
# Two may be at work, never with the same of two spoons.
cat >$folder/spoon <<'END'
#!/bin/sh
"${0%spoon}alone" "spoon-$PART_UNIT" 1 && "${0%spoon}alone" spoons 2
END
cat >$folder/list <<END
. .make/parts.sh
for number in 1 2 3; do part waits:cup "cup \$number" $folder/alone cup 1; done
part waits:cup,pot 'both' $folder/alone pot 1
part waits:pot 'pot' $folder/alone pot 1
for number in 1 2 3 4; do part waits:spoon/2 "spoon \$number" $folder/spoon; done
for number in 1 2 3 4 5 6; do part works "works \$number" $folder/alone works $(nproc); done
part waits 'fails' sh -c 'echo why; exit 3'
run_parts 'list'
ended=\$?
echo \$parts_worst >$folder/worst
exit \$ended
END
chmod +x $folder/alone $folder/spoon
bash $folder/list >$folder/out 2>&1
ended=$?
whole() { awk '/^first/ { first = $4; next } /^last/ { if ($4 != first) exit 1; count++ } { first = "" } END { exit count != 19 }' $folder/out; }
says 'the status says that one failed' [ $ended -eq 1 ]
says 'and the worst status of all is kept' [ "$(cat $folder/worst)" = 3 ]
says 'what shares a resource is never at work together, and no more compute than can' \
    [ "$(grep -c 'failed, status' $folder/out)" -eq 2 ]
says 'the output of each part is whole' whole
says 'a part that fails is shown' grep -q '^why$' $folder/out
says 'and is named at the end' [ "$(tail -n 1 $folder/out)" = '    fails' ]
says 'each has a line with its seconds, in the order of the list' \
    [ "$(sed -n 's/^ *[0-9][0-9.]*  *[0-9.]*  //p' $folder/out | cut -d: -f1 | tr '\n' ' ')" = \
    'cup 1 cup 2 cup 3 both pot spoon 1 spoon 2 spoon 3 spoon 4 works 1 works 2 works 3 works 4 works 5 works 6 fails ' ]

# stopped SIGNAL STATUS: a part that ends at once, one that ignores the signal.
stopped() {
    cat >$folder/list <<END
. .make/parts.sh
part waits 'goes' sh -c 'sleep 300.5; true'
part waits 'ignores' sh -c 'trap "" INT TERM HUP; sleep 300.5; true'
run_parts 'list'
END
    env --default-signal=INT,TERM,HUP setsid bash $folder/list >$folder/stopped 2>&1 &
    local leader=$! tries
    for ((tries = 0; tries < 100; tries++)); do [ "$(pgrep -c -s $leader sleep)" -lt 2 ] || break; sleep 0.1; done
    kill -s "$1" $leader
    wait $leader
    [ $? -eq "$2" ] && ! pgrep -r R,S,D,T -s $leader && grep -q '^    ignores$' $folder/stopped
}
says 'Ctrl-C: status 130, the parts that ran are named, and no process is left' stopped INT 130
says 'SIGTERM: status 143, likewise' stopped TERM 143
exit $status
