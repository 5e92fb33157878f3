#!/bin/sh
# tests/bench.sh: lines of benchmarks are read, set beside each other and made a table as they should.
# Exit status: 0 when all is as it should be; 1 when not.
set -u

work=build/tests/bench
rm -rf $work
mkdir -p $work
failed=0
same() {
    if printf '%s\n' "$2" | diff - "$3" >$work/diff 2>&1; then echo "  $1"; else echo "  NOT: $1"; cat $work/diff; failed=1; fi
}

# As bench_... prints them: old lines without the wall's figure, a name that ends with a number, a line twice, two turns.
cat >$work/before <<'END'
commit    aaa
machine   2 x Some Processor
== build/bench/bench_one
  by CPU seconds                               best         median  unit        ratio of medians
  12 scenarios, 30 instances
  raw calls                                 1000000         900000  calls/s      0.90 x the goal
  judge, 491 traces, jobs 1                     200            210  us
  a crowd
  a crowd                                        10             20  ns
  a crowd                                        30             40  ns
  gone                                            1              1  bytes
== build/bench/bench_one
  raw calls                                 1000000         950000  calls/s      0.95 x the goal
END
cat >$work/after <<'END'
commit    bbb
machine   2 x Some Processor
== build/bench/bench_one
  raw calls                                 2000000        1900000  calls/s        1234567    1.90 x the goal
  judge, 491 traces, jobs 1                     400            420  us                  500
  a crowd                                        10             20  ns                   30
  a crowd                                        30             39  ns                   50
== build/bench/bench_two
  new, from one to the other                      7              8  MB/s
END
.make/bench.sh ratios $work/before $work/after >$work/ratios
same 'the ratio of each line, rates and times alike' '  medians by CPU seconds                               before          after  unit       after against before
== bench_one
  raw calls                                            950000        1900000  calls/s      2.00 x  better
  judge, 491 traces, jobs 1                               210            420  us           0.50 x  worse
  a crowd                                                  20             20  ns           1.00 x
  a crowd (2)                                              40             39  ns           1.03 x
  gone                                                      1              -  bytes
== bench_two
  new, from one to the other                                -              8  MB/s' $work/ratios

.make/bench.sh table $work/after >$work/table
same 'a table of them' 'commit bbb; machine 2 x Some Processor.

| program | line | median | unit | by the wall | ratio of medians |
|---|---|---|---|---|---|
| bench_one | raw calls | 1,900,000 | calls/s | 1,234,567 | 1.90 x the goal |
|  | judge, 491 traces, jobs 1 | 420 | us | 500 |  |
|  | a crowd | 20 | ns | 30 |  |
|  | a crowd (2) | 39 | ns | 50 |  |
| bench_two | new, from one to the other | 8 | MB/s |  |  |' $work/table

refused() {
    .make/bench.sh "$@" >$work/said 2>&1
    [ $? = 2 ] && [ "$(wc -l <$work/said)" = 1 ] && return
    echo "  NOT refused with one line: bench.sh $*"
    failed=1
}
refused
refused compare
refused compare no-such-commit
refused table $work/no-such-file
refused ratios $work/before
echo '  what cannot be done is said'
exit $failed
