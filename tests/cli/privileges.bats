#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Privileges: which ones tracing takes, and that nothing needs more.

load common

setup() {
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	public_folder
	cp -r "$BUILD/demos" "$BATS_TEST_TMPDIR"
}

# Runs it as an unprivileged user with these capabilities, separated by commas.
with_capabilities() { # with_capabilities CAP,CAP COMMAND…
	local list=-all,+${1//,/,+}
	shift
	run setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$list" --ambient-caps="$list" \
		--bounding-set="$list" "$@"
	echo "$output"
}

@test "CAP_BPF and CAP_PERFMON are enough for run, watch, top and leaks" {
	with_capabilities bpf,perfmon "$BATS_TEST_TMPDIR/proclife" run -- sh -c 'exit 7'
	[ "$status" -eq 7 ]
	says "exit 7"
	with_capabilities bpf,perfmon "$BATS_TEST_TMPDIR/proclife" watch -s -x -d 1
	[ "$status" -eq 0 ]
	says "nothing was lost"
	with_capabilities bpf,perfmon "$BATS_TEST_TMPDIR/proclife" top -b -n 1
	[ "$status" -eq 0 ]
	with_capabilities bpf,perfmon "$BATS_TEST_TMPDIR/proclife" leaks -d 1
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}

@test "the probes can be loaded again by a process that has dropped CAP_SYS_ADMIN" {
	run "$PROCLIFE" demo program birth
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c 'Theory and kernel agree' <<<"$output")" -eq 2 ]
}
