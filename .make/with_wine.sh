# with_wine.sh, to be sourced: Wine is there from here on, and stopped when the script ends, however it does. Where it
# cannot be had the script says so, and passes. What Wine leaves running holds our standard error open: whoever reads
# that to its end would wait for ever.

if ! .make/wine.sh start; then
    echo "No Wine here: not run."
    exit 0
fi
trap '.make/wine.sh stop' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
