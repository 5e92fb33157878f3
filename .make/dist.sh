#!/bin/sh
# dist.sh: what a stranger with a Windows machine needs, as one folder and one archive:
#     build/dist/reservoir-VERSION/    the agents, reservoir.exe, the scenarios, run.cmd, READ-ME.txt
#     build/dist/reservoir-VERSION.zip
# The same sources give the same bytes. Run from the top of the tree with the programs built; `make dist` does so.
# Exit status: 0; 2 where there is no zip.
set -eu

version=$(sed -n 's/^#define RESERVOIR_VERSION "\(.*\)"/\1/p' conformance/base/version.h)
folder=build/dist/reservoir-$version
rm -rf build/dist
mkdir -p "$folder"
cp build/agent.exe build/agent-highest-available.exe build/agent-require-administrator.exe build/windows/reservoir.exe "$folder/"
for file in run.cmd READ-ME.txt; do sed 's/$/\r/' ".make/dist/$file" >"$folder/$file"; done
cp LICENSE "$folder/LICENSE.txt"
# What is known of other hosts stays here: it is no part of the question.
find scenarios -path scenarios/hosts -prune -o -type f -print | while read -r file; do
    mkdir -p "$folder/$(dirname "$file")"
    cp "$file" "$folder/$file"
done
# The most telling ones are asked first: those that tell most open questions apart.
(cd scenarios && for file in */*.scn; do
    questions=$(grep -o '@Q[0-9]*' "$file" | sort -u | wc -l)
    [ "$questions" -eq 0 ] || echo "$questions $file"
done | sort -k1,1nr -k2 | sed 's/^[0-9]* //') >"$folder/scenarios/first.txt"
command -v zip >/dev/null || { echo "dist: zip is not installed; \`make deps\` installs it" >&2; exit 2; }
find "$folder" -exec touch -d '2000-01-01 00:00:00 UTC' {} +
(cd build/dist && find "reservoir-$version" | LC_ALL=C sort | TZ=UTC zip -q -X -@ "reservoir-$version.zip")
echo "$folder.zip"
