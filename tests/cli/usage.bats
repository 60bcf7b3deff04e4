#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Help, and everything that a person can get wrong on the command line.

load common
bats_require_minimum_version 1.5.0

@test "without arguments: the list of commands, on standard error, and failure" {
	run --separate-stderr "$PROCLIFE"
	[ "$status" -eq 125 ]
	[ -z "$output" ]
	[[ $stderr == "usage: proclife"*"proclife run"*"proclife doctor"* ]]
}

@test "--help of all and of each command" {
	for words in --help -h help "run --help" "run -h" "watch --help" "top --help" "leaks --help" "demo --help" "doctor --help"; do
		run "$PROCLIFE" $words
		[ "$status" -eq 0 ]
		says "usage: proclife"
	done
}

@test "help COMMAND and --help COMMAND print what COMMAND --help prints" {
	for command in run watch top leaks demo doctor; do
		for word in help --help -h; do
			diff <("$PROCLIFE" "$word" "$command") <("$PROCLIFE" "$command" --help)
		done
	done
	run "$PROCLIFE" help wacth
	[ "$status" -eq 125 ]
	says "no such command: wacth; did you mean 'watch'?"
	run "$PROCLIFE" help run watch
	[ "$status" -eq 125 ]
	says "help describes one command at a time"
}

@test "a mistyped word is answered by the name that it resembles" {
	guesses() { # guesses NAME WORDS…
		local name=$1
		shift
		run "$PROCLIFE" "$@"
		[ "$status" -eq 125 ]
		says "did you mean $name?"
	}
	guesses "'run'" rnu
	guesses "'doctor'" docter
	guesses "'--version'" --verison
	guesses "--output" run --ouptut=x true
	guesses "--duration" leaks --duratoin 1
	guesses "--iterations" top --iteration-s 1
	guesses "--failed" watch --fialed
	guesses "--quantum" demo --qantum=2
	guesses "--format" doctor --fromat json
	guesses "'jsonl'" run -f jsnol true
	guesses "'json'" leaks -f jsn
	guesses "'text'" watch -f txt
	guesses "'json'" demo -f jsom
	guesses "'json'" doctor -f josn
	guesses "'zombie-unreaped'" run --fail-on=crashed,zombie-unreapd true
	guesses "'orphan'" watch --only=birth,oprhan
	guesses "'zombie'" demo zomble
	guesses "'zombie'" demo --broken zomble
	run "$PROCLIFE" make -j2
	[ "$status" -eq 125 ]
	[[ $output != *"did you mean"* ]]
}

@test "a wrong option: what is wrong, and where to read on" {
	refuses() { # refuses WHAT IS SAID -- WORDS…
		run "$PROCLIFE" "${@:3}"
		[ "$status" -eq 125 ]
		says "$1"
		says "(see 'proclife $3 --help')"
		[ "${#lines[@]}" -eq 1 ]
	}
	refuses "run: --output (-o) needs a value" -- run --output
	refuses "run: --output (-o) needs a value" -- run -o
	refuses "run: --verbose (-v) takes no value" -- run --verbose=3 true
	refuses "run: no such option: -z" -- run --verbose -vz true
	refuses "watch: --no-wakers takes no value" -- watch --no-wakers=1
	refuses "demo: --l may be --list or --lang: write more of it" -- demo --l
	refuses "watch takes no argument: make" -- watch make
	refuses "top takes no argument: 1" -- top 1
	refuses "run: no program was given" -- run -v
	refuses 'run: no such option: --\e[31m' -- run $'--\e[31m' true
}

@test "a number that is none, or out of range: the option, the range and the word" {
	refuses() { # refuses WHAT IS SAID -- WORDS…
		run "$PROCLIFE" "${@:3}"
		[ "$status" -eq 125 ]
		says "$1"
	}
	refuses "--wait takes a whole number from 0 to 2147483647, not 'soon'" -- run -wsoon true
	refuses "--columns takes a whole number from 40 to 400, not '39'" -- run --columns=39 true
	refuses "--max-processes takes a whole number from 16 to 1000000000, not '15'" -- run --max-processes=15 true
	refuses "--max-processes takes a whole number from 16 to 1000000000, not 'many'" -- run --max-processes=many true
	refuses "--lifecycle-bytes takes a whole number from 0 to 1073741824, not '2G'" -- run --lifecycle-bytes=2G true
	refuses "--timeline-bytes takes a whole number" -- watch --timeline-bytes=-1
	refuses "--pid takes a whole number from 1 to 4194304, not '0'" -- watch -p 0
	refuses "--pid takes a whole number from 1 to 4194304, not '4194305'" -- leaks -p 4194305
	refuses "--delay takes seconds, more than 0 and at most 1000000000, such as 0.5, not '-1'" -- top -d -1
	refuses "--duration takes seconds" -- leaks -d 1e99
	refuses "--iterations takes a whole number from 1 to" -- top -n 0
	refuses "--slow takes a whole number from 1 to 100, not '0'" -- demo --slow 0 zombie
	refuses "--quantum takes a whole number from 1 to 10000, not 'x'" -- demo -q x sched-rr
}

@test "a wait may be written as -w5, -w 5, --wait=5 and --w=5: 5 is no program" {
	for words in -w5 "-w 5" --wait=5 "--wait 5" --w=5 "-vw 5" "-w 5 --"; do
		trace $words true
		[ "$status" -eq 0 ]
		ask '.command.argv == ["true"]'
	done
	trace -w true
	[ "$status" -eq 0 ]
	run "$PROCLIFE" run -w 5
	[ "$status" -eq 125 ]
	says "no program was given"
	run "$PROCLIFE" run -w 0.5 true
	[ "$status" -eq 125 ]
	says "--wait takes a whole number"
	run "$PROCLIFE" run -w -- 5
	[ "$status" -eq 127 ]
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
	for command in run watch top leaks demo doctor; do
		help=$("$PROCLIFE" "$command" --help | grep -oE '^  (-[a-zA-Z], |    )--[a-z-]+' | tr -d ' ' | sort)
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
	[ "$status" -eq 125 ]
	says "no such command: nope"
	run "$PROCLIFE" --nope
	[ "$status" -eq 125 ]
	says "no such option: --nope"
	run "$PROCLIFE" run --nope true
	[ "$status" -eq 125 ]
	says "nope"
	says "run --help"
	run "$PROCLIFE" run -f nope true
	[ "$status" -eq 125 ]
	says "no such format: nope"
	run "$PROCLIFE" leaks -f nope
	[ "$status" -eq 125 ]
	says "no such format: nope"
	run "$PROCLIFE" run --fail-on=crashed,nope true
	[ "$status" -eq 125 ]
	says "no such finding: nope"
	run "$PROCLIFE" demo nope
	[ "$status" -eq 125 ]
	says "no such demo: nope"
	run "$PROCLIFE" demo --broken nope
	[ "$status" -eq 125 ]
	says "no such demo: nope"
	run "$PROCLIFE" run -u nobody-of-that-name true
	[ "$status" -eq 125 ]
	says "no such user: nobody-of-that-name"
}

@test "run without a program" {
	run "$PROCLIFE" run
	[ "$status" -eq 125 ]
	says "no program was given"
	run "$PROCLIFE" run --
	[ "$status" -eq 125 ]
	says "no program was given"
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

@test "a program that cannot run: which, why, and the status that shells have for it" {
	run "$PROCLIFE" run /no/such/program
	[ "$status" -eq 127 ]
	[ "$output" = "proclife: can't run /no/such/program: No such file or directory" ]
	run "$PROCLIFE" run /etc/passwd
	[ "$status" -eq 126 ]
	[ "$output" = "proclife: can't run /etc/passwd: Permission denied" ]
	run "$PROCLIFE" leaks -p 4194304
	[ "$status" -eq 125 ]
	[ "$output" = "proclife: --pid: process 4194304: No such process" ]
	run "$PROCLIFE" run --caller=4194304 true
	[ "$status" -eq 125 ]
	says "--caller: process 4194304 is no ancestor of this one"
}
