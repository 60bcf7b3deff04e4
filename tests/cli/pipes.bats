#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The reader of the output is gone: proclife ends without a message.

load common
bats_require_minimum_version 1.5.0

# Runs the words with standard output (or FD) a pipe that has no reader. $status, and in $said what else was printed.
into_closed_pipe() { # into_closed_pipe FD WORDS…
	local fd=$1
	shift
	exec {pipe}> >(:)
	wait $! || : # whatever its status is
	status=0
	if ((fd == 1)); then
		"$@" 1>&"$pipe" 2>"$BATS_TEST_TMPDIR/said" || status=$?
	else
		"$@" >"$BATS_TEST_TMPDIR/said" 2>&"$pipe" || status=$?
	fi
	exec {pipe}>&-
	said=$(<"$BATS_TEST_TMPDIR/said")
}

# Both as a shell starts programs and as those start them that ignore SIGPIPE, for which the ignoring is inherited.
quiet() { # quiet WORDS…
	for trap in "trap - PIPE" "trap '' PIPE"; do
		into_closed_pipe 1 bash -c "$trap; exec \"\$@\"" - "$PROCLIFE" "$@"
		[ "$status" -eq 141 ] || { echo "$trap: $*: exit status $status"; return 1; }
		[ -z "$said" ] || { echo "$trap: $*: $said"; return 1; }
	done
}

@test "help, lists, doctor" {
	quiet --help
	quiet --version
	quiet help run
	quiet demo --list
	quiet demo --list -f json
	quiet demo --source zombie
	quiet doctor
	quiet doctor -f json
}

@test "watch, top -b and leaks, whose status then is not that of a finding" {
	quiet watch -v
	quiet watch -v -f jsonl
	quiet watch -c no-process-of-this-name
	quiet watch -f json -d 0.2
	quiet top -b -d 0.2
	quiet leaks -d 0.2
	quiet leaks -d 0.2 -f json
}

@test "a demo, and many: the rest is not run" {
	quiet demo zombie
	quiet demo zombie -f json
	quiet demo --all
}

@test "a reader who leaves in the middle" {
	run bash -c '"$PROCLIFE" watch -v 2>&1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
	[ "$output" = 141 ] || { echo "$output"; return 1; }
	run bash -c '"$PROCLIFE" demo zombie orphan 2>&1 | head -n 1 >/dev/null; echo "${PIPESTATUS[0]}"'
	[ "$output" = 141 ] || { echo "$output"; return 1; }
}

@test "the report of run: status 125, unless the program itself failed" {
	for trap in "trap - PIPE" "trap '' PIPE"; do
		into_closed_pipe 2 bash -c "$trap; exec \"\$@\"" - "$PROCLIFE" run echo hello
		[ "$status" -eq 125 ]
		[ "$said" = hello ]
		into_closed_pipe 2 bash -c "$trap; exec \"\$@\"" - "$PROCLIFE" run sh -c 'exit 7'
		[ "$status" -eq 7 ]
		into_closed_pipe 2 bash -c "$trap; exec \"\$@\"" - "$PROCLIFE" run -f jsonl sh -c 'kill -9 $$'
		[ "$status" -eq 137 ]
		into_closed_pipe 1 bash -c "$trap; exec \"\$@\"" - "$PROCLIFE" run -o /proc/self/fd/1 sh -c 'exit 0'
		[ "$status" -eq 125 ]
		[ -z "$said" ]
	done
}

@test "the message names why standard output can't be written, whenever that was" {
	for words in "demo --list" "demo program" "demo --brief program" "demo -f json program" "help run"; do
		run bash -c "'$PROCLIFE' $words >/dev/full"
		[ "$status" -eq 125 ]
		says "can't write standard output: No space left on device"
	done
}

@test "a full disk is no closed pipe: the message names what was not written, and how the program ended" {
	run "$PROCLIFE" run -o /dev/full true
	[ "$status" -eq 125 ]
	says "can't write the report of a program that ended with exit status 0: No space left on device"
	run "$PROCLIFE" run -o /dev/full sh -c 'exit 7'
	[ "$status" -eq 7 ]
	says "ended with exit status 7"
	for words in help "watch -d 0.1" "top -b -n 1 -d 0.1" "demo --list" doctor; do
		run bash -c '"$PROCLIFE" '"$words"' >/dev/full'
		[ "$status" -eq 125 ]
		says "can't write standard output: No space left on device"
	done
	run "$PROCLIFE" watch -d 0.1 -o /dev/full
	says "can't write /dev/full: No space left on device"
	run "$PROCLIFE" leaks -d 0.1 -o /dev/full
	[ "$status" -eq 125 ]
	says "No space left on device"
}
