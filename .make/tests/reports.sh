#!/bin/sh
# reports.sh: what others make of our reports. Wine's recorded traces are judged twice, and the reports of each time are given to tools
# that are not ours: prove reads the TAP, xmllint holds the JUnit XML against its schema, JSON::Validator the JSON against its own, jq
# reads it. Each tool has to find a fault that is put in, too. Between the two runs `reservoir diff` finds nothing, and without times
# they are the same bytes. A tool that is not there is passed over with a sentence. Exit status: 0; 1 something is wrong.
set -u

work=build/reports/judged
status=0
mkdir -p $work/one $work/two

complain() {
    echo "  $1"
    status=1
}

# here COMMAND PACKAGE: is the tool there?
here() {
    command -v "$1" >/dev/null && return 0
    echo "  $1 is not installed (Debian's $2): passed over"
    return 1
}

run() {
    build/reservoir run scenarios --on host --host-trace scenarios/hosts/wine-8.0/traces --no-times --report text=$work/$1/run.txt \
        --report tap=$work/$1/run.tap --report junit=$work/$1/run.xml --report json=$work/$1/run.json --report markdown=$work/$1/run.md
}

run one || complain "the recorded traces end with status $?"
run two || complain "the second time they end with status $?"

if here prove perl; then
    prove -Q -e cat $work/one/run.tap || complain 'prove does not pass the TAP report'
    sed '0,/^ok /s//not ok /' $work/one/run.tap >$work/broken.tap
    prove -Q -e cat $work/broken.tap >/dev/null 2>&1 && complain 'prove passes a TAP report with a failure'
fi

if here xmllint libxml2-utils; then
    xmllint --noout --schema reports/schema/junit.xsd $work/one/run.xml 2>$work/xmllint || { complain 'the JUnit report is not as its schema says:'; head -n 5 $work/xmllint; }
    sed 's/ classname="/ class="/' $work/one/run.xml >$work/broken.xml
    xmllint --noout --schema reports/schema/junit.xsd $work/broken.xml 2>/dev/null && complain 'xmllint finds no fault in a broken JUnit report'
fi

# validates FILE: by a validator that shares nothing with ours. It prints what is wrong.
validates() {
    perl -MJSON::Validator -MMojo::JSON=decode_json -e '
        local $/; open my $file, "<", $ARGV[1] or die; my $data = decode_json(<$file>);
        my @errors = JSON::Validator->new->schema($ARGV[0])->validate($data);
        print "  $_\n" for @errors[0 .. ($#errors > 4 ? 4 : $#errors)]; exit(@errors > 0)' "file://$PWD/reports/schema/run.schema.json" "$1"
}

if perl -MJSON::Validator -e 1 2>/dev/null; then
    validates $work/one/run.json || complain 'the JSON report is not as its schema says'
    sed 's/"deviate-known"/"deviates"/' $work/one/run.json >$work/broken.json
    validates $work/broken.json >/dev/null && complain 'JSON::Validator finds no fault in a broken JSON report'
else
    echo "  JSON::Validator is not installed (Debian's libjson-validator-perl): passed over"
fi

if here jq jq; then
    count=$(jq '.instances | length' $work/one/run.json)
    points=$(grep -c '^\(not \)\{0,1\}ok ' $work/one/run.tap)
    [ "$count" -gt 0 ] && [ "$count" -eq "$points" ] || complain "JSON has $count instances, TAP $points"
    new=$(jq '[.instances[].steps[] | select(.verdict == "deviate-new")] | length' $work/one/run.json)
    [ "$new" -eq 0 ] || complain "jq finds $new new deviations"
fi

build/reservoir diff $work/one/run.json $work/two/run.json >$work/diff || complain "diff of two runs ends with status $?"
grep -q '^0 added, 0 gone, 0 worse, 0 fixed, 0 changed, ' $work/diff || { complain 'diff of two runs finds a difference:'; head -n 10 $work/diff; }
diff -rq $work/one $work/two >$work/bytes || { complain 'two runs without times have other bytes:'; head -n 5 $work/bytes; }
exit $status
