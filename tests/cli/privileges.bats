#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Privileges: which ones tracing takes, and that nothing needs more.

bats_require_minimum_version 1.5.0
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

@test "file capabilities are enough, and doctor says what they allow" {
	local copy=$BATS_TEST_TMPDIR/proclife
	command -v setcap >/dev/null || skip "setcap is not installed"
	setcap cap_bpf,cap_perfmon+ep "$copy" || skip "this file system keeps no file capabilities"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$copy" run -- sh -c 'exit 7'
	[ "$status" -eq 7 ]
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$copy" doctor
	echo "$output"
	[ "$status" -eq 0 ]
	says "ok       run "
	says "limited  other processes "
	says "add CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH"
}

@test "a missing capability is named, by messages and by doctor" {
	with_capabilities bpf "$BATS_TEST_TMPDIR/proclife" watch -d 1
	[ "$status" -eq 125 ]
	says "CAP_PERFMON is missing"
	with_capabilities perfmon "$BATS_TEST_TMPDIR/proclife" doctor
	[ "$status" -eq 1 ]
	says "failed   run               the kernel refuses the probes: CAP_BPF is missing"
	run ! grep -E '^ok .*not known' <<<"$output"
}

@test "-v prints what libbpf said when probes are refused" {
	with_capabilities bpf "$BATS_TEST_TMPDIR/proclife" run -v true
	[ "$status" -eq 125 ]
	says "libbpf: "
	with_capabilities bpf "$BATS_TEST_TMPDIR/proclife" run true
	[[ $output != *libbpf* ]]
}

@test "-p of a process that /proc hides does not say that there is none" {
	sleep 60 &
	local pid=$!
	hidden() { unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' sh "$@"; }
	hidden true || { kill "$pid"; skip "/proc can't be mounted with hidepid here"; }
	run hidden setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+bpf,+perfmon \
		--ambient-caps=-all,+bpf,+perfmon "$BATS_TEST_TMPDIR/proclife" watch -p "$pid" -d 1
	kill "$pid"
	echo "$output"
	[ "$status" -eq 125 ]
	says "process $pid: /proc, which is mounted with hidepid, does not show it"
}

# What the kernel says of a process, once it has dropped its privileges; the filter of system calls is the last step of that.
status_of() { # status_of PID
	local tries=600
	until grep -qE '^Seccomp:.*2$' "/proc/$1/status"; do
		kill -0 "$1"
		((tries -= 1)) || { echo "no filter of system calls after a minute"; return 1; }
		sleep 0.1
	done
	status_lines=$(grep -E '^(Uid|Gid|Groups|CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):' "/proc/$1/status" | tr -s '\t ' ' ')
	echo "$status_lines"
}

has_dropped() { # has_dropped CAPABILITIES, as the kernel prints them
	grep -qx 'Uid: 65534 65534 65534 65534' <<<"$status_lines"
	grep -qx 'Gid: 65534 65534 65534 65534' <<<"$status_lines"
	grep -qx 'Groups: ' <<<"$status_lines"
	grep -qx "CapPrm: $1" <<<"$status_lines"
	grep -qx "CapEff: $1" <<<"$status_lines"
	grep -qx 'CapInh: 0000000000000000' <<<"$status_lines"
	grep -qx 'CapBnd: 0000000000000000' <<<"$status_lines"
	grep -qx 'CapAmb: 0000000000000000' <<<"$status_lines"
	grep -qx 'NoNewPrivs: 1' <<<"$status_lines"
}

keeps() { # keeps CAPABILITIES WORDS…: the command line with these words keeps those, nothing else
	"$PROCLIFE" "${@:2}" >/dev/null 3>&- &
	running=$!
	status_of "$running"
	kill "$running"
	running=
	has_dropped "$1"
}

teardown() { # what a failure has left running
	[[ -z ${running:-} ]] || kill "$running" || true
}

@test "watch and top keep no privilege, leaks those to read /proc, run the one to stop its group" {
	[ "$(id -u)" -eq 0 ] || skip "not root"
	keeps 0000000000000000 watch
	keeps 0000000000000000 top -b
	keeps 0000000000080004 leaks -d 60
	keeps 0000000000000020 run -o /dev/null -- sleep 60
}

@test "the program of run inherits all privileges as they were" {
	print() { "$@" sh -c 'grep -E "^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp)" /proc/self/status'; }
	diff <(print env) <(print "$PROCLIFE" run -o /dev/null --)
	command -v sudo >/dev/null || skip "sudo is not installed"
	"$PROCLIFE" run -o /dev/null -- sudo -n true
	run "$PROCLIFE" run -o /dev/null -- sudo -n -u nobody id -u
	[ "$output" = 65534 ]
}
