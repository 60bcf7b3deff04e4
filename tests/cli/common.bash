# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# What the command line's tests share. PROCLIFE and BUILD come from tests/run.sh.

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	export PROCLIFE=${PROCLIFE:-$PWD/build/proclife} BUILD=${BUILD:-$PWD/build}
	export LC_ALL=C.UTF-8 COLUMNS=80
}

# A folder that any user may read, with a copy of proclife that any user may run.
public_folder() {
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	install -m 755 "$PROCLIFE" "$BATS_TEST_TMPDIR/proclife"
}

# proclife run -f json, the report in $report.
trace() {
	report=$BATS_TEST_TMPDIR/report.json
	run "$PROCLIFE" run -f json -o "$report" "$@"
}

ask() { jq -e "$1" "$report"; }

says() { [[ $output == *"$1"* ]] || { echo "not said: $1"; echo "$output"; return 1; }; }

# absent PATTERN FILE: no line matches (a Perl expression, over bytes). A file that cannot be read is a failure, too.
# bats ignores the status of `! command` in the middle of a test.
absent() {
	local status=0
	LC_ALL=C grep -nP -- "$1" "$2" || status=$?
	((status == 1)) || { echo "must not match: $1 (grep: exit status $status)"; return 1; }
}
