#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# proclife top: batch mode, and the screen as a user of tmux sees it. All processes that are looked for are the test's own,
# and called topt_…

load common

setup() {
	pids=()
	bin=$BATS_TEST_TMPDIR
	socket=proclife-top-$$-$BATS_TEST_NUMBER
}

teardown() {
	local pid
	for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
	if command -v tmux >/dev/null; then tmux -L "$socket" kill-server 2>/dev/null || true; fi
}

# A program of that name that sleeps. For at most five minutes: nothing stays for long if we are killed.
sleeper() {
	ln -sf "$(command -v sleep)" "$bin/$1"
	"$bin/$1" 300 3>&- &
	pids+=($!)
}

# A program of that name that computes: it has started before anybody looks at it.
spinner() {
	ln -sf "$(command -v bash)" "$bin/$1"
	# shellcheck disable=SC2016
	"$bin/$1" -c ': >"$0.spins"; while ((SECONDS < 300)); do :; done' 3>&- &
	pids+=($!)
	until [[ -e $bin/$1.spins ]]; do sleep 0.02; done
}

# NAME PARENT: a zombie of that name, of a parent that does not wait for it. The shell would: so nothing ends before the
# parent has taken its place.
zombie() {
	ln -sf "$(command -v sleep)" "$bin/$1"
	ln -sf "$(command -v sleep)" "$bin/$2"
	# shellcheck disable=SC2016
	bash -c '(until [[ $(</proc/$$/comm) == "${1##*/}" ]]; do sleep 0.02; done; exec "$0" 0) & exec "$1" 300' \
		"$bin/$1" "$bin/$2" 3>&- &
	pids+=($!)
	for ((i = 0; i < 600; i++)); do
		[[ $(ps -o stat= -C "$1") != Z* ]] || return 0
		sleep 0.05
	done
	echo "no zombie $1 came to be"
	return 1
}

# Of a session whose leader lives and which init is not in: that it is an orphan is certain, that it is no daemon, too.
orphan() {
	ln -sf "$(command -v sleep)" "$bin/$1"
	# shellcheck disable=SC2016
	setsid bash -c '("$0" 300 & echo $! >"$0.pid"); exec sleep 300' "$bin/$1" 3>&- >/dev/null &
	pids+=($!)
	until [[ -s $bin/$1.pid ]]; do sleep 0.02; done
	pids+=("$(<"$bin/$1.pid")")
}

# The words of the row of that command, the last there is.
row() {
	local found
	found=$(grep -E " $1( |$)" <<<"$output" | tail -1)
	[[ -n $found ]] || { echo "no row of $1 in:"; echo "$output"; return 1; }
	read -ra words <<<"$found"
}

has() { awk "BEGIN { exit !($1) }" || { echo "not so: $1: ${words[*]}"; return 1; }; }

@test "batch: a sleeper is blocked, a spinner wants the CPU" {
	sleeper topt_sleep
	spinner topt_spin
	run "$PROCLIFE" top -b -n 1 -c 'topt_*'
	[ "$status" -eq 0 ]
	says "RUN% RDY% BLK%"
	row topt_sleep
	[ "${words[0]}" = "${pids[0]}" ]
	[ "${words[3]}" = S ]
	[ "${words[7]}" = sleep ]
	has "${words[6]} > 99"
	row topt_spin
	[[ ${words[3]} == [Rr] ]]
	has "${words[4]} + ${words[5]} > 50" # running or, on a busy machine, waiting for a CPU
	has "${words[4]} > 0"
	has "${words[6]} < 50"
	# It stands above the sleeper, for the list is sorted by RUN%.
	[[ $output == *topt_spin*topt_sleep* ]]
}

@test "batch: zombies and orphans come first" {
	spinner topt_spin
	zombie topt_zombie topt_parent
	orphan topt_orphan
	run "$PROCLIFE" top -b -n 1 -c 'topt_*'
	[ "$status" -eq 0 ]
	row topt_zombie
	[ "${words[1]}" = "${pids[1]}" ]
	[ "${words[3]}" = Z ]
	says "topt_zombie <zombie>"
	row topt_orphan
	[ "${words[1]}" = 1 ]
	[ "${words[3]}" = So ]
	[[ $output == *topt_zombie*topt_orphan*topt_spin*topt_parent* ]]
}

@test "batch: the tree has children below their parents" {
	zombie topt_zombie topt_parent
	run "$PROCLIFE" top -b -n 1 -t -c 'topt_*'
	says "└─topt_zombie"
	[[ $output == *" topt_parent 300"*"└─topt_zombie"* ]]
}

@test "batch: as often as asked for, and -p follows one family" {
	sleeper topt_sleep
	zombie topt_zombie topt_parent
	run "$PROCLIFE" top -b -n 3 -d 0.2 -p "${pids[1]}"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^proclife top' <<<"$output")" -eq 3 ]
	says topt_parent
	[[ $output != *topt_sleep* ]]
}

@test "batch: user by name and number; a hostile name is escaped" {
	sleeper $'topt_\e[31m\n'
	run "$PROCLIFE" top -b -n 1 -c 'topt_*' -u root
	says 'topt_\e[31m\n'
	[[ $output != *$'\e'* ]]
	run "$PROCLIFE" top -b -n 1 -c 'topt_*' -u 0
	says 'topt_\e[31m\n'
	run "$PROCLIFE" top -b -n 1 -c 'topt_*' -u 12345
	[ "$status" -eq 0 ]
	[[ $output != *topt_* || $output != *31m* ]]
}

@test "batch: without UTF-8 all is ASCII" {
	orphan topt_orphan
	run env LC_ALL=C COLUMNS=120 "$PROCLIFE" top -b -n 1 -t
	[ "$status" -eq 0 ]
	says topt_orphan
	absent '[\x80-\xff]' <(echo "$output")
}

@test "what can't be" {
	run "$PROCLIFE" top </dev/null
	[ "$status" -eq 125 ]
	says "top -b"
	run "$PROCLIFE" top -b -n 0
	[ "$status" -eq 125 ]
	run "$PROCLIFE" top -b -d 0
	[ "$status" -eq 125 ]
	says "--delay takes seconds"
	run "$PROCLIFE" top -b -u nobody-of-that-name
	[ "$status" -eq 125 ]
	says "no such user"
	run "$PROCLIFE" top -b -p 0
	[ "$status" -eq 125 ]
	says "--pid takes a whole number from 1"
	run "$PROCLIFE" top -b surplus
	[ "$status" -eq 125 ]
	says "top takes no argument: surplus"
	run bash -c '"$PROCLIFE" top -b -n 1 >/dev/full'
	[ "$status" -eq 125 ]
	says "No space left"
	run "$PROCLIFE" top --help
	[ "$status" -eq 0 ]
	says "usage: proclife top"
	for line in "${lines[@]}"; do ((${#line} <= 80)) || { echo "too long: $line"; return 1; }; done
}

# begin WIDTH HEIGHT [NAME=VALUE…] -- OPTION…: top in a tmux of its own; behind it a shell's last word, and a cat.
begin() {
	local width=$1 height=$2 environment=()
	command -v tmux >/dev/null || skip "tmux is missing: tools/dependencies install test"
	shift 2
	while [[ $1 != -- ]]; do environment+=("$1"); shift; done
	shift
	tmux -L "$socket" -f /dev/null new-session -d -x "$width" -y "$height" \
		"stty -g | cksum; env LC_ALL=C.UTF-8 ${environment[*]} $PROCLIFE top $*; echo ended with \$?; stty -g | cksum; exec cat"
}

press() { tmux -L "$socket" send-keys "$@"; }
screen() { tmux -L "$socket" capture-pane -p; }

# The selected row is that of the pid, before a minute is over.
selects() {
	for ((i = 0; i < 600; i++)); do
		! grep -qaE $'\e\\[7m(\e\\[[0-9;]*m)* *'"$1 " <(tmux -L "$socket" capture-pane -ep) || return 0
		sleep 0.1
	done
	echo "waited for the selection of $1"
	screen
	return 1
}

# The screen shows that (an extended regular expression), before a minute is over; [not] it no longer does.
shows() {
	local wanted=0
	[[ $1 != not ]] || { wanted=1; shift; }
	for ((i = 0; i < 600; i++)); do
		grep -qE -- "$1" <(screen) && found=0 || found=1
		((found != wanted)) || return 0
		sleep 0.1
	done
	echo "$([[ $wanted == 0 ]] || echo still) waited for: $1"
	screen
	return 1
}

# These are the rows, from the top, before a minute is over: zombies that others have left are gone by then.
shows_rows() {
	for ((i = 0; i < 600; i++)); do
		[[ $(screen | grep -oE "topt_[a-z]+ (300|<)" | cut -d' ' -f1) != "$(printf '%s\n' "$@")" ]] || return 0
		sleep 0.1
	done
	echo "waited for: $*"
	screen
	return 1
}

# The terminal is as it was, and nothing of the screen is left on it.
ended() {
	shows "^ended with $1"
	shows not 'F10Quit|COMMAND'
	run screen
	[[ ${lines[0]} =~ ^[0-9]+\ [0-9]+$ && ${lines[0]} == "${lines[2]}" ]] || { echo "$output"; return 1; }
}

@test "screen: figures, rows, keys; q ends it and restores the terminal" {
	sleeper topt_sleep
	begin 80 24 -- -c "'topt_*'"
	shows 'proclife top · .* processes, [0-9]+ threads'
	shows 'running  .*blocked .* zombies?'
	shows 'births [0-9.]+/s  ends [0-9.]+/s'
	shows 'RUN% RDY% BLK%'
	shows "^ *${pids[0]} +[0-9]+ root +S .* sleep .* topt_sleep"
	shows '^F1Help.*F10Quit'
	press q
	ended 0
}

@test "screen: Ctrl-C ends it" {
	begin 80 24 --
	shows F10Quit
	press C-c
	ended 0
}

@test "screen: SIGTERM ends it" {
	begin 80 24 --
	shows F10Quit
	kill -TERM "$(pgrep -P "$(tmux -L "$socket" list-panes -F '#{pane_pid}')" proclife)"
	ended 0
}

@test "screen: after -n refreshes it ends by itself" {
	begin 80 24 -- -n 2 -d 0.3
	ended 0
}

@test "screen: search, page, back" {
	sleeper topt_one
	sleeper topt_two
	sleeper topt_three
	begin 80 24 -- -c "'topt_*'"
	shows topt_three
	press /
	press TWO
	shows '^Search: TWO'
	press Enter Enter
	shows "^topt_two\[${pids[1]}\]  blocked on sleep for"
	shows '^Findings'
	press End
	shows '^Recent events'
	press q
	shows 'topt_three'
	press / nonesuch
	shows 'nothing like it'
	press Escape
	shows F10Quit
	press F10
	ended 0
}

# It reads from a pipe that only itself could write to.
stuck() {
	ln -sf /usr/bin/python3 "$bin/$1"
	"$bin/$1" -c 'import os; os.read(os.pipe()[0], 1)' 3>&- &
	pids+=($!)
}

@test "screen: who can never go on is a finding on its page" {
	stuck topt_stuck
	begin 100 30 -- -c "'topt_*'"
	shows topt_stuck
	press Enter
	shows "^topt_stuck\[${pids[0]}\]  blocked on pipe-read for"
	shows "^error deadlock: deadlock for .*: topt_stuck\[${pids[0]}\] reads from an empty pipe"
	press q
	shows F10Quit
	press q
	ended 0
}

@test "screen: tree, sort, columns, help" {
	zombie topt_zombie topt_parent
	begin 80 24 -- -c "'topt_*'"
	shows 'topt_zombie <zombie'
	press t
	shows '└─topt_zombie'
	press F5
	shows not '└─'
	press F6
	shows '^Sort by'
	press Home Enter
	shows not '^Sort by'
	for _ in 1 2 3 4 5 6 7 8; do press Right; done
	shows 'WOKEN BY'
	press '?'
	shows '^Keys'
	press x
	shows F10Quit
	press q
	ended 0
}

@test "screen: freeze, and go on" {
	begin 80 24 -- -c "'topt_*'"
	shows F10Quit
	press p
	shows FROZEN
	sleeper topt_later
	press Down
	shows FROZEN
	absent topt_later <(screen)
	press Space
	shows not FROZEN
	shows topt_later
	press q
	ended 0
}

@test "screen: resized, larger and very small" {
	sleeper topt_sleep
	begin 80 24 -- -c "'topt_*'"
	shows topt_sleep
	tmux -L "$socket" resize-window -x 130 -y 40
	shows 'LIFE .*WOKEN BY .*COMMAND'
	[ "$(screen | grep -n F10Quit | cut -d: -f1)" = 40 ]
	tmux -L "$socket" resize-window -x 30 -y 6
	shows not LIFE
	shows topt_s
	tmux -L "$socket" resize-window -x 10 -y 3
	shows not topt_sleep
	tmux -L "$socket" resize-window -x 80 -y 24
	shows topt_sleep
	press q
	ended 0
}

@test "screen: a terminal without colours, without UTF-8" {
	zombie topt_zombie topt_parent
	begin 80 24 TERM=vt100 LC_ALL=C -- -t -c "'topt_*'"
	shows '`-topt_zombie <zombie>'
	shows F10Quit
	absent '[\x80-\xff]' <(screen)
	press / topt_zombie
	press Enter Enter
	shows '^topt_zombie\[[0-9]+\]  zombie for'
	press q q
	shows '^ended with 0' # such a terminal has no second screen: the picture stays, and a line of its own follows
}

@test "screen: a click selects, the wheel moves, a click on a heading sorts" {
	sleeper topt_one
	sleeper topt_two
	sleeper topt_three
	begin 80 24 -- -c "'topt_*'"
	shows topt_three
	press N # sorted by pid
	shows_rows topt_one topt_two topt_three
	click 10 6
	selects "${pids[1]}"
	press Enter
	shows "^topt_two\[${pids[1]}\]"
	press q
	shows topt_three
	selects "${pids[1]}"
	press -l $'\e[Ma*('
	selects "${pids[2]}" # a key that comes soon after an event of the mouse may overtake it in ncurses 6.6
	press Enter
	shows "^topt_three\[${pids[2]}\]"
	press q
	shows topt_one
	click 3 4
	shows_rows topt_three topt_two topt_one
	press Home Enter
	shows "^topt_three\[${pids[2]}\]"
	press q q
	ended 0
}

# COLUMN LINE, counted from 1: as a terminal tells of a button that is pressed, and let go.
click() {
	local where
	where=$(printf '\\x%x' $((32 + $1)) $((32 + $2)))
	press -l $'\e[M '"$(printf '%b' "$where")"$'\e[M#'"$(printf '%b' "$where")"
}

@test "screen: no terminal of that name" {
	run timeout 20 script -qec "env TERM=no-such-terminal $PROCLIFE top" /dev/null
	[ "$status" -eq 125 ]
	says "top -b"
}

@test "a terminal that can't place the cursor: top -b is suggested" {
	TERM=dumb run /usr/bin/python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
		"$PROCLIFE" top
	echo "$output"
	[ "$status" -eq 125 ]
	says "proclife top -b"
}

# Where a user of number $uid has the process $sleeper, and getpwuid() is as written in C.
top_with_directory() { # top_with_directory PERIODS C-FUNCTION
	local shim=$BATS_TEST_TMPDIR/shim
	uid=54321
	! getent passwd $uid || skip "there is a user $uid"
	printf '%s\n' '#include <pwd.h>' '#include <stddef.h>' '#include <unistd.h>' "$2" >"$shim.c"
	gcc -shared -fPIC -o "$shim.so" "$shim.c"
	setpriv --reuid=$uid --clear-groups sleep 120 3>&- & sleeper=$!
	run timeout 60 env LD_PRELOAD="$shim.so" "$PROCLIFE" top -b -n "$1"
	kill $sleeper
	[ "$status" -eq 0 ]
}

@test "a user that the directory of users knows has a name, once the directory has answered" {
	top_with_directory 3 'struct passwd *getpwuid(uid_t uid)
		{ static struct passwd user = {.pw_name = "late"}; return uid == 54321 ? &user : NULL; }'
	grep -qE "^ *$sleeper +[0-9]+ late " <<<"$output"
}

@test "a directory of users that does not answer stops nothing: the number is shown" {
	top_with_directory 2 'struct passwd *getpwuid(uid_t uid) { (void)uid; for (;;) pause(); }'
	grep -qE "^ *$sleeper +[0-9]+ $uid " <<<"$output"
}
