#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# What is typed at a terminal reaches the program as it would without us, and the report still comes.

load common

on_terminal() {
	report=$BATS_TEST_TMPDIR/report.json
	run timeout 60 /usr/bin/python3 tests/cli/terminal.py "$1" "$PROCLIFE" run -f json -o "$report" sh -c "$2"
}

# A file that tells terminal.py when the program proper, not the shell before it, is up.
said_by_itself() {
	echo ready >"$BATS_TEST_TMPDIR/ready"
	echo "$BATS_TEST_TMPDIR/ready"
}

@test "Ctrl-C ends the program; the report names the terminal" {
	on_terminal interrupt "exec tail -f $(said_by_itself)"
	[ "$status" -eq 130 ]
	ask '.processes[0].end | .kind == "killed" and .signal == "SIGINT" and .by.why == "terminal" and .by.pid == null'
}

@test "Ctrl-C that the program catches ends nothing" {
	on_terminal interrupt 'trap "echo caught; exit 9" INT; echo ready; sleep 60 & wait'
	[ "$status" -eq 9 ]
	says caught
	ask '.processes[0].end | .kind == "error" and .code == 9'
}

@test "a shell that catches it and raises it on itself: the first sender is the terminal" {
	on_terminal interrupt 'trap "trap - INT; kill -INT \$\$" INT; echo ready; sleep 60 & wait'
	[ "$status" -eq 130 ]
	ask '.processes[0].end.by | .why == "self" and .first.why == "terminal"'
}

@test "Ctrl-\\ is no different" {
	on_terminal quit "ulimit -c 0; exec tail -f $(said_by_itself)"
	[ "$status" -eq 131 ]
	ask '.processes[0].end.by.why == "terminal"'
}

@test "a terminal that goes away: the report is still written" {
	on_terminal hangup "exec tail -f $(said_by_itself)"
	ask '.processes[0].comm == "tail"'
}

@test "colours on a terminal only, and not with NO_COLOR" {
	run /usr/bin/python3 tests/cli/terminal.py interrupt env TERM=xterm "$PROCLIFE" run sh -c 'echo ready; exec sleep 60'
	[[ $output == *$'\e['* ]]
	run /usr/bin/python3 tests/cli/terminal.py interrupt env TERM=xterm NO_COLOR=1 "$PROCLIFE" run \
		sh -c 'echo ready; exec sleep 60'
	[[ $output != *$'\e['* ]]
	says Processes
}

# "suspend" in a shell stops the shell, which has the terminal: the shell that started us must get it, and fg must give it back.
@test "a shell under us can be suspended and continued" {
	report=$BATS_TEST_TMPDIR/report.json
	local inner="PS1='inner> ' $PROCLIFE run -f json -o $report -- bash --norc --noprofile -i"
	run timeout 60 /usr/bin/python3 tests/cli/dialogue.py \
		'outer> ' "$inner" 'inner> ' suspend \
		Stopped 'echo outer-$((40 + 2))' outer-42 fg \
		inner 'echo inner-$((40 + 3))' inner-43 'exit 7' \
		'outer> ' 'echo status-$?' status-7 'exit' \
		-- env PS1='outer> ' bash --norc --noprofile -i
	[ "$status" -eq 0 ]
	ask '.processes[0].end | .kind == "error" and .code == 7'
	ask '.processes[0].states.stopped_ns > 0'
}

@test "a program that stops itself: the shell that started us gets the terminal, and fg continues both" {
	report=$BATS_TEST_TMPDIR/report.json
	for signal in SIGSTOP SIGTSTP; do
		local stops="import os, signal; os.kill(os.getpid(), signal.$signal); print(\"contin\" + \"ued\"); raise SystemExit(7)"
		run timeout 60 /usr/bin/python3 tests/cli/dialogue.py \
			'outer> ' "$PROCLIFE run -f json -o $report -- /usr/bin/python3 -c '$stops'" \
			Stopped 'echo outer-$((40 + 2))' outer-42 fg \
			continued '' 'outer> ' 'echo status-$?' status-7 'exit' \
			-- env PS1='outer> ' bash --norc --noprofile -i
		[ "$status" -eq 0 ] || { echo "$output"; return 1; }
		ask '.processes[0].end | .kind == "error" and .code == 7'
		ask '.processes[0].states.stopped_ns > 0'
	done
}

@test "a program that leads a process group of its own can read from the terminal" {
	local reader='import os; os.setpgid(0, 0); print("read", input().upper())'
	run timeout 60 /usr/bin/python3 tests/cli/dialogue.py ready word 'read WORD' '' -- \
		bash -c "echo ready; $PROCLIFE run -o /dev/null -- /usr/bin/python3 -c '$reader'"
	[ "$status" -eq 0 ]
}
