#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Runs every test that a build folder holds, two at a time; each speaks TAP (unit tests when asked to).
#
#	tests/run.sh BUILD-FOLDER [PATTERN]	PATTERN: only tests whose name matches (a regular expression)
#
# A line for each test file, with the seconds it took; its failures with what they said, its skips with their reasons.
# The line before the last says how many of the skipped are inconclusive (there is evidence that this run cannot decide), and how many cases were played
# again (tests/e2e/withheld.py). The last line is
# "N passed, N failed, N skipped", of cases; exit status 1 when any failed. ORACLE_PROCESSES=20000 for a long oracle.
set -uo pipefail

cd "$(dirname "$0")/.." || exit
build=$(realpath "${1:-build}")
pattern=${2:-.}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
limit=900 # seconds for one test file

# "name<TAB>command" for each test; the longest first, so that the two lanes end together.
tests() {
	local file
	printf 'e2e/programs\t/usr/bin/python3 tests/e2e/programs_test.py %q\n' "$build"
	for file in tests/oracle/compare.py tests/e2e/*_test.py; do
		[[ $file == tests/e2e/programs_test.py || ! -e $file ]] ||
			printf '%s\t/usr/bin/python3 %s %q\n' "$(name_of "$file")" "$file" "$build"
	done
	for file in tests/cli/*.bats; do
		[[ ! -e $file ]] || printf '%s\tPROCLIFE=%q BUILD=%q bats --tap %s\n' "$(name_of "$file")" \
			"$build/proclife" "$build" "$file"
	done
	for file in "$build"/tests/unit/*_test; do
		[[ ! -x $file ]] || printf 'unit/%s\tCMOCKA_MESSAGE_OUTPUT=TAP %q 2>&1\n' "$(basename "${file%_test}")" "$file"
	done
}

name_of() {
	local name=${1#tests/}
	name=${name%.*}
	echo "${name%_test}"
}

# Runs one test; `timeout` ends what it started, and only that. A shell without job control has SIGINT and SIGQUIT ignored by what
# runs beside it.
run() { # run NUMBER COMMAND
	local began=$EPOCHREALTIME status
	bash -c "exec env --default-signal=INT,QUIT timeout -k 10 $limit bash -c $(printf %q "$2")" >"$work/$1.out" 2>&1 </dev/null
	status=$?
	LC_ALL=C awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", to - from }' >"$work/$1.took"
	echo $status >"$work/$1.status"
}

count() { grep -cE "$1" "$2"; }

# What TAP says of a case that failed: its line and the diagnostics behind it, or before it (cmocka).
failures() {
	awk '/^not ok/ { print; failing = 1; next } /^ok|^1\.\./ { failing = 0 } failing && /^#|^ / { print }' "$1"
}

# What a test of tests/e2e says in its last line: "# replays: N, inconclusive: N".
last_line() { # last_line WORD FILE
	sed -nE "s/^# (.*, )?$1: ([0-9]+).*/\2/p" "$2" | grep . || echo 0
}

passed=0 failed=0 skipped=0 inconclusive=0 replays=0

report() { # report NUMBER NAME
	local out=$work/$1.out status took good bad skips
	status=$(<"$work/$1.status")
	took=$(<"$work/$1.took")
	skips=$(count '^ok .*# *(SKIP|skip)' "$out")
	good=$(($(count '^ok ' "$out") - skips))
	bad=$(count '^not ok ' "$out")
	# It ended badly without a case that failed: a crash, or past its time.
	if ((status != 0 && bad == 0)) || ((good + bad + skips == 0)); then
		((bad += 1))
		echo "FAIL  $2 ($took): exit status $status$([[ $status != 124 ]] || echo " (past $limit seconds)")"
		tail -n 40 "$out" | sed 's/^/      /'
	elif ((bad)); then
		echo "FAIL  $2 ($took): $bad of $((good + bad + skips))"
		failures "$out" | sed 's/^/      /'
	else
		echo "pass  $2 ($took): $good"
	fi
	grep -E '^ok .*# *(SKIP|skip)' "$out" | sed -E 's/^ok [0-9]+ (- )?/skip  /'
	((passed += good, failed += bad, skipped += skips))
	((inconclusive += $(last_line inconclusive "$out"), replays += $(last_line replays "$out")))
}

names=() commands=()
while IFS=$'\t' read -r name command; do
	[[ $name =~ $pattern ]] || continue
	names+=("$name") commands+=("$command")
done < <(tests)

declare -A lanes=() # process -> number of the test it runs

finish_one() {
	local lane
	wait -n -p lane "${!lanes[@]}"
	report "${lanes[$lane]}" "${names[lanes[$lane]]}"
	unset "lanes[$lane]"
}

for i in "${!names[@]}"; do
	((${#lanes[@]} < 2)) || finish_one
	run "$i" "${commands[i]}" &
	lanes[$!]=$i
done
while ((${#lanes[@]})); do finish_one; done

((${#names[@]})) || echo "no test's name matches: $pattern"
echo "$inconclusive inconclusive, $replays replays"
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
