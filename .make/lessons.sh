#!/bin/sh
# lessons.sh: writes the transcripts of scenarios/lessons/README.md anew where commands answer something else than the page
# shows. It shows each change, and is never silent: exit status 1 when there was one, or when something is left
# to be done by hand (a transcript that leaves lines out); 0 when the page is right. `make lessons` runs it.
set -u

page=scenarios/lessons/README.md
new=build/lessons.md

rm -f "$new"
LESSONS_WRITE=$new build/gcc/unit lessons >build/lessons.log && {
    echo "$page: every command answers as it shows"
    exit 0
}
grep '^    ' build/lessons.log
if [ -s "$new" ] && ! cmp -s "$page" "$new"; then
    diff -u "$page" "$new"
    cp "$new" "$page"
    echo "$page was changed as shown above: is that what should stand there?"
fi
exit 1
