#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# proclife run: exit statuses, where the report goes, and that the program notices nothing.

bats_require_minimum_version 1.5.0
load common

@test "exits as the program did" {
	for code in 0 1 7 255; do
		trace sh -c "exit $code"
		[ "$status" -eq "$code" ]
		ask ".command.exit_status == $code"
	done
}

@test "128 + N when a signal ended it" {
	for signal in TERM KILL; do
		trace sh -c "kill -$signal \$\$"
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
		ask ".processes[0].end.signal == \"SIG$signal\""
	done
}

@test "127 no such program; 126 not executable, a folder; no report of a program that never was" {
	run -127 "$PROCLIFE" run no-such-program-anywhere
	[ "$status" -eq 127 ]
	says "no-such-program-anywhere: No such file"
	run "$PROCLIFE" run /etc/passwd
	[ "$status" -eq 126 ]
	says "Permission denied"
	run "$PROCLIFE" run /tmp
	[ "$status" -eq 126 ]
}

@test "a trace that does not begin keeps an earlier report, and leaves no empty file" {
	echo earlier >"$BATS_TEST_TMPDIR/earlier"
	for words in "run -o FILE -- no-such-program" "run -o FILE -- /etc/passwd" "run -o FILE -u nobody -- /root/none"; do
		! "$PROCLIFE" ${words/FILE/$BATS_TEST_TMPDIR/earlier} || return 1
		[ "$(cat "$BATS_TEST_TMPDIR/earlier")" = earlier ]
		rm -f "$BATS_TEST_TMPDIR/new"
		! "$PROCLIFE" ${words/FILE/$BATS_TEST_TMPDIR/new} || return 1
		grep -qx "proclife could not write the report: .*" "$BATS_TEST_TMPDIR/new"
	done
	(ulimit -n 30; ! "$PROCLIFE" run -o "$BATS_TEST_TMPDIR/earlier" -- true)
	[ "$(cat "$BATS_TEST_TMPDIR/earlier")" = earlier ]
	"$PROCLIFE" run -o "$BATS_TEST_TMPDIR/earlier" -- true
	! grep -q earlier "$BATS_TEST_TMPDIR/earlier" || return 1
	grep -q "exit 0" "$BATS_TEST_TMPDIR/earlier"
}

@test "without privilege: says so, and what to do" {
	public_folder
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$BATS_TEST_TMPDIR/proclife" run true
	[ "$status" -eq 125 ]
	says "run as root"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$BATS_TEST_TMPDIR/proclife" doctor
	[ "$status" -eq 1 ]
	says "failed   run               the kernel refuses the probes: CAP_BPF and CAP_PERFMON are missing"
	says "remedy"
}

@test "an unwritable report stops it before the program starts" {
	run "$PROCLIFE" run -o "$BATS_TEST_TMPDIR/none/report" touch "$BATS_TEST_TMPDIR/started"
	[ "$status" -eq 125 ]
	says "No such file or directory"
	[ ! -e "$BATS_TEST_TMPDIR/started" ]
}

@test "a full disk: said, 125 unless the program failed itself" {
	for format in text json jsonl; do
		run "$PROCLIFE" run -f $format -o /dev/full true
		[ "$status" -eq 125 ]
		says "No space left"
		run "$PROCLIFE" run -f $format -o /dev/full sh -c 'exit 4'
		[ "$status" -eq 4 ]
	done
}

@test "closed standard output and error hurt nobody" {
	run bash -c '"$PROCLIFE" run sh -c "exit 6" >&-'
	[ "$status" -eq 6 ]
	run bash -c '"$PROCLIFE" run -o "$BATS_TEST_TMPDIR/report" sh -c "exit 6" 2>&- >&- <&-'
	[ "$status" -eq 6 ]
	[ -s "$BATS_TEST_TMPDIR/report" ]
}

@test "with standard error closed, messages do not end up in the report, and the program has it closed as well" {
	report=$BATS_TEST_TMPDIR/report.json
	run bash -c 'exec "$0" run -f json -o "$1" -- /no/such/program 2>&-' "$PROCLIFE" "$report"
	[ "$status" -eq 127 ]
	[ "$(cat "$report")" = '{"error": "proclife could not write the report: the program did not start"}' ]
	run bash -c 'exec "$0" run -f json -o "$1" -- test -e /proc/self/fd/2 2>&-' "$PROCLIFE" "$report"
	[ "$status" -eq 1 ]
	ask '.command.exit_status == 1'
	run bash -c 'exec "$0" run true 2>&-' "$PROCLIFE" # a report that nobody gets
	[ "$status" -eq 125 ]
}

@test "a reader that is gone does not kill us, nor hide the program's status" {
	run bash -c '"$PROCLIFE" run sh -c "exit 6" 2> >(exec true); echo "status $?"'
	says "status 6"
}

@test "the report goes to standard error, the program's output where it goes" {
	"$PROCLIFE" run echo hello >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	[ "$(<"$BATS_TEST_TMPDIR/out")" = hello ]
	grep -q "Processes" "$BATS_TEST_TMPDIR/err"
}

@test "input and output pass untouched" {
	head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	"$PROCLIFE" run -o /dev/null cat <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

# What a program can see of how it was started. Addresses, pids and times differ anyhow. bash changes its own signal mask
# and handlers while it waits: those of grep are what it inherits.
surroundings() {
	"$@" bash -c 'readlink /proc/self/fd/* 2>/dev/null | sed "s/:\[.*//" | grep -v ^/proc | sort | uniq -c
		grep -vE "^(Pid|Tgid|PPid|NSpid|NStgid|Vm|Rss|Hugetlb|FDSize|State|Sig(Q|Blk|Cgt)|(non)?voluntary)" /proc/$$/status
		grep -E "^Sig(Blk|Cgt)" /proc/self/status
		cut -d" " -f5-8,18,19,38,40,41 /proc/$$/stat
		for file in limits oom_score_adj coredump_filter timerslack_ns autogroup cgroup loginuid sessionid personality; do
			cat /proc/$$/$file 2>/dev/null
		done
		readlink /proc/$$/root /proc/$$/cwd /proc/$$/ns/*; ionice -p $$; taskset -p $$ | sed "s/.*: //"
		umask; ulimit -a; pwd; nice; env | grep -v ^_= | sort; ps -o pgid=,sid= -p $$'
}

@test "the program is started as it would be without us" {
	surroundings env >"$BATS_TEST_TMPDIR/without"
	surroundings "$PROCLIFE" run -o /dev/null >"$BATS_TEST_TMPDIR/with"
	diff "$BATS_TEST_TMPDIR/without" "$BATS_TEST_TMPDIR/with"
}

@test "who waits at the other end of what the program had open waits for the program, not for us" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo out seven hold
	timeout 30 cat <out >out.said & readers=($!)
	timeout 30 cat <seven >seven.said & readers+=($!)
	{ timeout 30 yes || echo $? >writer; } 2>/dev/null | "$PROCLIFE" run -w -o report -f json \
		bash -c 'echo one; echo two >&7; (exec <hold >&- 2>&- 7>&-; read -r) & exec <&-' >out 7>seven & us=$!
	exec 5>hold
	wait "${readers[0]}"
	wait "${readers[1]}"
	until [ -s writer ]; do kill -0 $us; done
	[ "$(cat out.said seven.said)" = "$(printf 'one\ntwo')" ]
	[ "$(<writer)" -eq 141 ] # SIGPIPE, not the time's end
	kill -0 $us
	echo go >&5
	exec 5>&-
	wait $us
	report=report ask '[.processes[] | select(.end.kind == "normal")] | length == 2'
}

@test "… with ignored and blocked signals as they were" {
	run bash -c 'trap "" PIPE INT; "$PROCLIFE" run -o /dev/null grep ^SigIgn /proc/self/status'
	local with=$output
	run bash -c 'trap "" PIPE INT; exec grep ^SigIgn /proc/self/status'
	[ "$output" = "$with" ]
	[[ $output != *0000000000000000 ]]
}

@test "… even with SIGCHLD ignored, and its end is known all the same" {
	local ignoring='import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])'
	run timeout 60 /usr/bin/python3 -c "$ignoring" "$PROCLIFE" run -o /dev/null \
		/usr/bin/python3 -c 'import signal, sys; sys.exit(40 + (signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN))'
	[ "$status" -eq 41 ]
}

@test "-u: user, groups, home; the rest of the environment stays" {
	FOO=bar trace -u nobody sh -c 'id -u; id -g; id -G; echo $HOME $USER $LOGNAME $FOO'
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$(id -u nobody)" ]
	[ "${lines[1]}" = "$(id -g nobody)" ]
	[ "${lines[2]}" = "$(id -G nobody)" ]
	[ "${lines[3]}" = "$(getent passwd nobody | cut -d: -f6) nobody nobody bar" ]
	ask ".processes[] | select(.comm == \"id\") | .uid == $(id -u nobody)"
	trace -u "$(id -u nobody)" id -u
	[ "$output" = "$(id -u nobody)" ]
}

@test "-w waits for the last descendant, -w1 no longer than that" {
	trace -w sh -c 'sleep 0.3 & exit 2'
	[ "$status" -eq 2 ]
	ask '[.processes[] | select(.end == null)] == []'
	trace -w1 sh -c 'sleep 30 & echo $!; exit 2'
	[ "$status" -eq 2 ]
	ask '[.processes[] | select(.comm == "sleep" and .end == null)] | length == 1'
	kill "$output"
	trace sh -c 'sleep 30 & echo $!; exit 2'
	ask '[.processes[] | select(.end == null)] | length == 1'
	kill "$output"
}

@test "--fail-on: 3 when it is found, else the program's own status" {
	trace --fail-on=crashed,killed-by sh -c 'sh -c "kill -9 \$\$"; exit 5'
	[ "$status" -eq 3 ]
	ask '.findings[] | select(.kind == "killed-by")'
	trace --fail-on=oom-killed sh -c 'sh -c "kill -9 \$\$"; exit 5'
	[ "$status" -eq 5 ]
}

@test "a signal to us alone ends the trace, not the program" {
	mkfifo "$BATS_TEST_TMPDIR/up"
	"$PROCLIFE" run -f json -o "$BATS_TEST_TMPDIR/report.json" \
		sh -c "echo \$\$ >$BATS_TEST_TMPDIR/up; exec sleep 60" &
	local us=$! program status=0
	read -r program <"$BATS_TEST_TMPDIR/up"
	kill -TERM $us
	wait $us || status=$?
	[ "$status" -eq 143 ]
	kill -0 "$program"
	kill "$program"
	report=$BATS_TEST_TMPDIR/report.json ask ".processes[0].pid == $program and .processes[0].end == null"
}

@test "within a pid namespace, as in a container: the program is traced, and -p, which would be ambiguous, is refused" {
	unshare --pid --fork --mount-proc true || skip "no pid namespace can be made here"
	report=$BATS_TEST_TMPDIR/report.json
	run unshare --pid --fork --mount-proc "$PROCLIFE" run -f json -o "$report" sh -c '/usr/bin/true; exit 4'
	[ "$status" -eq 4 ]
	ask '(.processes | length) == 2 and .command.process == .processes[0].id'
	ask '.processes[0] | .ns_pid == 2 and .pid != 2 and .end.code == 4 and .pid_namespace != null'
	# shellcheck disable=SC2016
	for command in watch leaks 'top -b'; do
		run unshare --pid --fork --mount-proc sh -c 'sleep 60 & '"$PROCLIFE $command"' -p $!; status=$?; kill $!; exit $status'
		[ "$status" -eq 125 ]
		says "in a pid namespace of our own"
	done
}

@test "without /proc: every command says so, and no program is started" {
	without_proc() { unshare --mount sh -c 'umount --lazy /proc && exec "$@"' sh "$PROCLIFE" "$@"; }
	without_proc --version || skip "/proc can't be taken away here"
	for command in "run touch $BATS_TEST_TMPDIR/started" "watch -d 1" "watch -p 1" "leaks -d 1" "top -b -n 1" "demo zombie"; do
		run without_proc $command
		[ "$status" -eq 125 ]
		says "/proc is not mounted"
	done
	[ ! -e "$BATS_TEST_TMPDIR/started" ]
	run without_proc doctor
	[ "$status" -eq 1 ]
	says "/proc is not mounted"
}

@test "a limit on the size of files: said, not a death by SIGXFSZ; the program gets the signal as ever" {
	for command in "run -f json -o report true" "watch -d 1 -v -o report" "leaks -d 1 -v -o report -f json"; do
		# shellcheck disable=SC2016 # for the shell within
		run bash -c 'cd "$1"; ulimit -f 0; exec "$2" $3' bash "$BATS_TEST_TMPDIR" "$PROCLIFE" "$command"
		[ "$status" -eq 125 ]
		says "File too large"
	done
	for command in "demo --list" "demo --brief program" "demo program" doctor "help run" --version; do
		run bash -c 'ulimit -f 0; exec "$0" $2 >"$1"' "$PROCLIFE" "$BATS_TEST_TMPDIR/out" "$command"
		[ "$status" -eq 125 ]
		says "can't write standard output: File too large"
	done
	run bash -c 'ulimit -f 1; exec "$0" run -o /dev/null -- head -c 9000 /dev/zero >"$1"' "$PROCLIFE" "$BATS_TEST_TMPDIR/out"
	[ "$status" -eq $((128 + $(kill -l XFSZ))) ]
}

@test "a stack of 64 KiB is enough" {
	for command in "run -o /dev/null true" "watch -s -d 1 -o /dev/null" "leaks -d 1 -o /dev/null" "top -b -n 1"; do
		# shellcheck disable=SC2016
		run bash -c 'ulimit -s 64; exec "$0" $1' "$PROCLIFE" "$command"
		[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	done
}

@test "a report holds the arguments of commands: only its owner may read it" {
	umask 022
	for command in "run -o report true" "watch -d 1 -o report" "leaks -d 1 -o report"; do
		rm -f "$BATS_TEST_TMPDIR/report"
		# shellcheck disable=SC2016
		run bash -c 'cd "$1"; exec "$2" $3' bash "$BATS_TEST_TMPDIR" "$PROCLIFE" "$command"
		[ "$(stat -c %a "$BATS_TEST_TMPDIR/report")" = 600 ]
	done
}

as_owner_of() { # as_owner_of PID COMMAND...
	local uid gid
	uid=$(awk '$1 == "Uid:" { print $2 }' "/proc/$1/status")
	gid=$(awk '$1 == "Gid:" { print $2 }' "/proc/$1/status")
	shift
	setpriv --reuid="$uid" --regid="$gid" --clear-groups "$@"
}

# When the trace ends, no more memory is to be had: the text of 3,000 processes takes some.
@test "out of memory: a message, and no empty file" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo up hold
	"$PROCLIFE" run -v -o report bash -c 'for ((i = 0; i < 3000; i++)); do (exit 1); done; echo up >up; read -r <hold' \
		2>said & us=$!
	read -r <up
	# As the user that it has become: root may be without CAP_SYS_RESOURCE, which another user's limits take.
	as_owner_of $us prlimit --pid $us --as=$(($(awk "/VmSize/ { print \$2 }" /proc/$us/status) * 1024))
	echo go >hold
	wait $us || status=$?
	[ "$status" -eq 125 ]
	grep -q "Cannot allocate memory" said
	grep -q "Cannot allocate memory" report
}
