#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Help, and everything that a person can get wrong on the command line.

load common

@test "without arguments: the list of commands" {
	run "$PROCLIFE"
	[ "$status" -eq 0 ]
	says "proclife run"
	says "proclife doctor"
}

@test "--help of all and of each command" {
	for words in --help -h help "run --help" "run -h" "watch --help" "top --help" "leaks --help" "demo --help" "doctor --help"; do
		run "$PROCLIFE" $words
		[ "$status" -eq 0 ]
		says "usage: proclife"
	done
}

@test "run --help lists every format and every finding" {
	run "$PROCLIFE" run --help
	for word in text json jsonl zombie-unreaped zombie-late-reap orphan-adopted orphan-left-behind daemon-detached \
		zombie-growing zombie-adopted daemon-ended crashed killed-by oom-killed deadlock; do
		says "  $word "
	done
}

@test "--help fits 80 columns" {
	for command in "" run watch top leaks demo doctor; do
		run "$PROCLIFE" $command --help
		for line in "${lines[@]}"; do ((${#line} <= 80)) || { echo "too long: $line"; return 1; }; done
	done
}

@test "the manual page has every option that --help has, by its short name as well, and no other" {
	for command in run demo; do
		help=$("$PROCLIFE" "$command" --help | grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | tr -d ' ' | sort)
		manual=$(awk -v section="proclife $command" '/^\.S[sh]/ { inside = $0 ~ section } inside' docs/proclife.1 |
			sed -nE 's/^\.It Fl (([a-zA-Z]) , )?-([a-z-]+).*/\2,--\3/p' | sed -E 's/^,//; s/^([a-zA-Z]),/-\1,/' | sort)
		diff <(echo "$help") <(echo "$manual")
	done
}

@test "--version" {
	run "$PROCLIFE" --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^proclife\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "help to a full disk fails" {
	run bash -c '"$PROCLIFE" --help >/dev/full'
	[ "$status" -eq 125 ]
	says "No space left"
}

@test "no such command, option, format, finding, demo, user" {
	run "$PROCLIFE" nope
	[ "$status" -eq 125 ] && says "no such command: nope"
	run "$PROCLIFE" --nope
	[ "$status" -eq 125 ] && says "no such option: --nope"
	run "$PROCLIFE" run --nope true
	[ "$status" -eq 125 ] && says "nope" && says "run --help"
	run "$PROCLIFE" run -f nope true
	[ "$status" -eq 125 ] && says "no such format: nope"
	run "$PROCLIFE" leaks -f nope
	[ "$status" -eq 125 ] && says "no such format: nope"
	run "$PROCLIFE" run --fail-on=crashed,nope true
	[ "$status" -eq 125 ] && says "no such finding: nope"
	run "$PROCLIFE" demo nope
	[ "$status" -eq 125 ] && says "no such demo: nope"
	run "$PROCLIFE" demo --broken nope
	[ "$status" -eq 125 ] && says "no such demo: nope"
	run "$PROCLIFE" run -u nobody-of-that-name true
	[ "$status" -eq 125 ] && says "no such user: nobody-of-that-name"
}

@test "run without a program, and with a wait that is no number" {
	run "$PROCLIFE" run
	[ "$status" -eq 125 ] && says "run what?"
	run "$PROCLIFE" run -- 
	[ "$status" -eq 125 ]
	run "$PROCLIFE" run -wsoon true
	[ "$status" -eq 125 ] && says "soon"
}

@test "a hostile word comes back escaped" {
	run "$PROCLIFE" $'\e[31mred'
	[ "$status" -eq 125 ]
	says '\e[31mred'
	[[ $output != *$'\e'* ]]
}

@test "options end at the program: its own are its own" {
	trace echo -f -o --help
	[ "$status" -eq 0 ]
	[ "$output" = "-f -o --help" ]
	trace -- echo -- x
	[ "$output" = "-- x" ]
}
