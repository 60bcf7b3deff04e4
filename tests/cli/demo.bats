#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# proclife demo and doctor.

load common

# The nth CPU, from 1, that this process may use.
nth_cpu() {
	local ranges range
	IFS=, read -ra ranges < <(awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status)
	for range in "${ranges[@]}"; do seq "${range%-*}" "${range#*-}"; done | sed -n "$1p"
}

names() { "$PROCLIFE" demo --list -f json | jq -r '.demos[].name'; }

@test "the list, as text and as JSON" {
	run "$PROCLIFE" demo --list
	[ "$status" -eq 0 ]
	says zombie
	COLUMNS=60 run "$PROCLIFE" demo --list
	says "asynchronous, blocking or not"
	for line in "${lines[@]}"; do ((${#line} <= 60)) || { echo "too long: $line"; return 1; }; done
	"$PROCLIFE" demo --list -f json | jq -e '.schema == "proclife.demo/1" and (.demos | length >= 4)
		and all(.demos[]; .name and .chapter)'
}

# That theory and kernel agree in each, and that each wrong variant is caught, is tests/e2e/demos_test.py's.

@test "a demo as text: picture, why, table, calls; it fits 80 columns and 60" {
	for COLUMNS in 80 60; do
		run "$PROCLIFE" demo zombie
		[ "$status" -eq 0 ]
		says Timeline
		says "blocks in wait4"
		says OBSERVED
		says "Theory and kernel agree"
		says "wait(2)"
		for line in "${lines[@]}"; do ((${#line} <= COLUMNS)) || { echo "too long: $line"; return 1; }; done
	done
}

@test "all demos, to a file: nothing fails, nothing is wider than it may be, no colour" {
	COLUMNS=60 "$PROCLIFE" demo --all >"$BATS_TEST_TMPDIR/all"
	mapfile -t lines <"$BATS_TEST_TMPDIR/all"
	for line in "${lines[@]}"; do
		((${#line} <= 60)) || { echo "too long: $line"; return 1; }
		[[ $line != *✗* && $line != *$'\033'* ]] || { echo "$line"; return 1; }
	done
	[ "$(grep -c '^Theory and kernel agree' "$BATS_TEST_TMPDIR/all")" -eq "$(names | wc -l)" ]
	grep -q "^$(names | wc -l) labs: " <(tail -n 1 "$BATS_TEST_TMPDIR/all")
}

@test "without a name, not on a terminal: all labs; a table and a summary line at the end" {
	run "$PROCLIFE" demo --brief
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	[ "$(grep -cE '^[✓?] [a-z-]+ +(agrees|inconclusive) ' <<<"$output")" -eq "$(names | wc -l)" ] || { echo "$output"; return 1; }
	[[ ${lines[-1]} == "$(names | wc -l) labs: "*" agree, "*" inconclusive"*", 0 differ" ]]
	((${#lines[@]} < 60))
}

@test "the table names each lab, the expectations that differ, and counts" {
	run "$PROCLIFE" demo --broken zombie orphan
	[ "$status" -eq 1 ]
	grep -qE '^✓ orphan +agrees +[0-9]+\.[0-9]$' <<<"$output"
	grep -qE '^✗ zombie, wrong variant +differs +[0-9]+\.[0-9]$' <<<"$output"
	says $'✗ zombie: then its parent waits, and it is gone\n    observed: nobody has reaped it yet\n'
	[ "${lines[-1]}" = "2 labs: 1 agrees, 0 inconclusive, 1 differs (zombie)" ]
	run "$PROCLIFE" demo --lang zh --brief --broken zombie orphan
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "2 个演示：1 一致，0 无法判定，1 不一致 (zombie)" ]
	run "$PROCLIFE" demo zombie
	[[ $output != *" labs: "* ]]
}

@test "a lab that cannot run is counted as failed" {
	TMPDIR=/nowhere run "$PROCLIFE" demo --brief tickets zombie
	[ "$status" -eq 125 ]
	grep -qE '^! tickets +failed +[0-9]' <<<"$output"
	[ "${lines[-1]}" = "2 labs: 1 agrees, 0 inconclusive, 0 differ, 1 failed (tickets)" ]
}

@test "inconclusive in the table: counted and named" {
	run taskset -c "$(nth_cpu 1)" "$PROCLIFE" demo --brief parallel
	[ "$status" -eq 0 ]
	grep -qE '^\? parallel +inconclusive ' <<<"$output"
	says "? parallel: on two CPUs"
	[ "${lines[-1]}" = "1 lab: 0 agree, 1 inconclusive (parallel), 0 differ" ]
}

@test "on a terminal: three labs, the table, through a pager if there is one" {
	screen=$BATS_TEST_TMPDIR/screen
	on_terminal() { TERM=xterm script -qec "$1" /dev/null </dev/null | tr -d '\r' | sed 's/\x1b\[[0-9;]*[mK]//g' >"$screen"; }
	on_terminal "'$PROCLIFE' demo --no-pager"
	grep -q "Three of .* labs follow" "$screen"
	[ "$(grep -c '^Theory and kernel agree' "$screen")" -eq 3 ]
	grep -q '^3 labs: ' <(tail -n 1 "$screen")
	on_terminal "PAGER=\"cat >$screen.paged; echo paged by; cat $screen.paged | wc -l\" '$PROCLIFE' demo zombie orphan"
	grep -q "paged by" "$screen"
	grep -q '^2 labs: ' <(sed 's/\x1b\[[0-9;]*m//g' "$screen.paged" | tail -n 1)
	grep -q $'\x1b' "$screen.paged"
	on_terminal "PAGER=false '$PROCLIFE' demo zombie; echo status \$?"
	grep -q "^status 0" "$screen"
	on_terminal "PAGER=no-such-pager '$PROCLIFE' demo zombie"
	grep -q "the pager of \$PAGER is not installed: no-such-pager" "$screen"
	grep -q "^Theory and kernel agree" "$screen"
	for quiet in "PAGER= '$PROCLIFE' demo zombie" "TERM=dumb PAGER='echo paged' '$PROCLIFE' demo zombie" \
		"PAGER='echo paged' '$PROCLIFE' demo --brief zombie"; do
		on_terminal "$quiet"
		[[ $(<"$screen") != *paged* ]]
		grep -q "agree" "$screen"
	done
}

@test "make demo is short" {
	run make -n demo O="$BUILD"
	[[ $output == *"demo --brief"* ]]
}

@test "the wrong variant as text says what was left out, and what came of it" {
	run "$PROCLIFE" demo --broken zombie
	[ "$status" -eq 1 ]
	says "Left out on purpose"
	says "✗ then its parent waits"
	says "nobody has reaped it yet"
	says "do not agree"
}

# Where a lab has one CPU nothing can run in parallel, and nothing can be refuted.
@test "inconclusive: null in JSON, counted, printed with its evidence, no failure" {
	report=$BATS_TEST_TMPDIR/report
	cpu=$(nth_cpu 1)
	taskset -c "$cpu" "$PROCLIFE" demo -f json parallel >"$report"
	ask '.demos[0] | .passed and .inconclusive == 1
		and ([.expectations[] | select(.passed == null).observed] | length == 1 and all(contains("cannot decide")))
		and all(.expectations[]; .passed != false)'
	run taskset -c "$cpu" "$PROCLIFE" demo parallel
	[ "$status" -eq 0 ]
	says "? on two CPUs"
	says "this run cannot decide"
	says "Theory and kernel agree."
	says "could not decide 1 of 7 expectations"
	run taskset -c "$cpu" "$PROCLIFE" demo --lang zh parallel
	says "无法判定"
}

# What is refuted stays refuted, whatever else could not be decided.
@test "inconclusive is no excuse for what is wrong" {
	report=$BATS_TEST_TMPDIR/report
	cpu=$(nth_cpu 1)
	run taskset -c "$cpu" "$PROCLIFE" demo -f json parallel --broken zombie
	[ "$status" -eq 1 ]
	echo "$output" >"$report"
	ask '(.demos | length == 2) and .demos[0].passed and (.demos[1].passed | not)'
}

is_over() { [[ $(<"/proc/$1/stat") == *") Z "* ]]; }

# Waits until the lab of that demo has two workers other than those, and names their pids; or until the demo is over.
pair_of() { # pair_of DEMO WORKERS
	local lab workers=()
	until is_over "$1"; do
		lab='' workers=()
		read -r lab _ <"/proc/$1/task/$1/children" || true
		[[ -z $lab ]] || read -ra workers <"/proc/$lab/task/$lab/children" || true
		if ((${#workers[@]} == 2)) && [[ ${workers[*]} != "$2" ]]; then
			echo "${workers[*]}"
			return
		fi
		sleep 0.01
	done 2>/dev/null
}

# A program of the least nice kind has the second CPU from when the first pair works until the first of the second pair
# has ended.
@test "inconclusive: another program has the CPU that the lab waits for" {
	report=$BATS_TEST_TMPDIR/report
	second=$(nth_cpu 2)
	[ -n "$second" ] || skip "there is one CPU"
	[ "$(nice -n -20 nice)" -eq -20 ] || skip "no program may be that little nice here"
	"$PROCLIFE" demo -f json parallel >"$report" &
	demo=$!
	taskset -cp "$(nth_cpu 1)" $$ >/dev/null # or what we start would wait for the second CPU, too
	shared=$(pair_of "$demo" "")
	nice -n -20 taskset -c "$second" timeout 30 bash -c 'while :; do :; done' &
	hog=$!
	apart=$(pair_of "$demo" "$shared")
	while [[ -e /proc/${apart% *}/stat ]] && ! is_over "$demo"; do sleep 0.01; done
	late=no
	kill "$hog" || late=yes
	wait "$demo"
	[ "$late" = no ] || skip "this machine is too busy for it"
	ask '.demos[0] | .passed and all(.expectations[]; .passed != false)'
	ask 'any(.demos[0].expectations[]; .passed == null and
		(.observed | contains("apart-") and contains("the machine was busy")))'
}

@test "predictions, from a pipe: asked first, marked, handed in" {
	report=$BATS_TEST_TMPDIR/quiz.json
	questions=$(printf 'b\n\n\n\n' | "$PROCLIFE" demo --predict zombie -f json 2>&1 >/dev/null | grep -c '^[0-9]\. ')
	[ "$questions" -ge 1 ]
	run "$PROCLIFE" demo --predict --quiz-out "$report" zombie <<<$'what?\n'
	[ "$status" -eq 0 ]
	says "That I do not understand"
	says "You: -."
	ask ".schema == \"proclife.quiz/1\" and .right == 0 and .asked == $questions and .demos[0].name == \"zombie\""
	ask ".demos[0].questions | length == $questions and all(.[]; .ask and .observed and .right == false)"
	jq -r '.demos[0].questions[].observed | sub(" or .*"; "") | sub("from (?<n>-?[0-9]+) .*"; "\(.n)")' "$report" >"$report.right"
	run "$PROCLIFE" demo --predict --quiz-out "$report" zombie <"$report.right"
	says "$questions of $questions right."
	ask ".right == $questions and (.demos[0].questions | all(.[]; .right))"
}

@test "predictions: bad files and combinations" {
	run "$PROCLIFE" demo --predict --quiz-out /nowhere/quiz zombie
	[ "$status" -eq 125 ]
	says "can't write /nowhere/quiz"
	run "$PROCLIFE" demo --quiz-out "$BATS_TEST_TMPDIR/quiz" zombie
	[ "$status" -eq 125 ]
	run "$PROCLIFE" demo --predict --quiz-out /dev/full zombie </dev/null
	[ "$status" -eq 125 ]
}

@test "the source of every demo" {
	for name in $(names); do
		run "$PROCLIFE" demo --source "$name"
		[ "$status" -eq 0 ]
		says "int main"
	done
}

@test "slower, on demand" {
	report=$BATS_TEST_TMPDIR/report
	"$PROCLIFE" demo --slow 2 zombie -f json >"$report"
	ask '.demos[0] | .passed and any(.report.processes[]; .zombie.ns >= 800000000)'
	for bad in 0 -1 x 1000000; do
		run "$PROCLIFE" demo --slow "$bad" zombie
		[ "$status" -eq 125 ]
	done
}

@test "Chinese, by option or by environment; the system need not have that locale" {
	for how in "--lang=zh" "--lang=zh_CN"; do
		run "$PROCLIFE" demo "$how" zombie
		[ "$status" -eq 0 ]
		says 僵尸
	done
	run env -u LC_ALL LANG=zh_CN.UTF-8 "$PROCLIFE" demo --list
	says 僵尸
	run env -u LC_ALL LANG=zh_CN.UTF-8 "$PROCLIFE" demo --lang en --list
	[[ $output != *僵尸* ]]
	run "$PROCLIFE" demo --lang tlh --list
	[ "$status" -eq 125 ]
	says "--lang takes en or zh, not 'tlh'"
}

@test "every word for people is in the catalogue, and translated" {
	sources=$(find user -name '*.c' ! -name program.c)
	LC_ALL=C.UTF-8 xgettext --from-code=UTF-8 -k_ -kN_ --no-location -o "$BATS_TEST_TMPDIR/words.pot" $sources
	run env LC_ALL=C.UTF-8 msgcmp --use-untranslated user/language/zh_CN.po "$BATS_TEST_TMPDIR/words.pot"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	run env LC_ALL=C.UTF-8 msgattrib --untranslated --no-obsolete user/language/zh_CN.po
	[ -z "$output" ] || { echo "not translated:"; echo "$output"; return 1; }
}

@test "asked for what there is not: said so" {
	run "$PROCLIFE" demo no-such-demo
	[ "$status" -eq 125 ]
	says no-such-demo
	run "$PROCLIFE" demo -l 4:100 zombie
	[ "$status" -eq 125 ]
	says "demo zombie takes no list of jobs (--jobs): sched-* and states do"
	run "$PROCLIFE" demo -l nonsense states
	[ "$status" -eq 125 ]
	run env TMPDIR=/nowhere "$PROCLIFE" demo tickets
	[ "$status" -eq 125 ]
	says "/nowhere"
	says "TMPDIR names where"
	run bash -c "'$PROCLIFE' demo zombie >/dev/full"
	[ "$status" -eq 125 ]
}

unprivileged() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

@test "without privilege: the message comes before theory, questions and table" {
	public_folder
	cp -r "$BUILD/demos" "$BATS_TEST_TMPDIR/"
	chmod -R a+rX "$BATS_TEST_TMPDIR/demos"
	for words in "demo zombie" "demo --all" demo "demo --predict zombie" "demo --brief" "demo -f json zombie"; do
		run unprivileged "$BATS_TEST_TMPDIR/proclife" $words </dev/null
		[ "$status" -eq 125 ]
		[ "${#lines[@]}" -eq 1 ] || { echo "$output"; return 1; }
		says "sudo proclife demo"
	done
	run unprivileged "$BATS_TEST_TMPDIR/proclife" demo --source zombie
	[ "$status" -eq 0 ]
	run unprivileged "$BATS_TEST_TMPDIR/proclife" demo --list
	[ "$status" -eq 0 ]
}

@test "the binary alone, without the labs' programs: the message comes before the theory" {
	public_folder
	for words in "demo zombie" demo "demo --predict zombie" "demo --source zombie"; do
		run "$BATS_TEST_TMPDIR/proclife" $words </dev/null
		[ "$status" -eq 125 ]
		[ "${#lines[@]}" -eq 1 ] || { echo "$output"; return 1; }
		says "is not there"
		says "make install"
	done
}

@test "several labs in a folder that only another user may enter, as a home folder" {
	cp -r "$PROCLIFE" "$BUILD/demos" "$BATS_TEST_TMPDIR/"
	chown -R nobody "$BATS_TEST_TMPDIR"
	chmod 700 "$BATS_TEST_TMPDIR"
	run "$BATS_TEST_TMPDIR/proclife" demo --brief program zombie deadlock
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	says "3 labs: 3 agree"
}

@test "options that need a name, or exclude each other" {
	for words in --source "-q 2" "-l 4:100" "-A a+b"; do
		run "$PROCLIFE" demo $words
		[ "$status" -eq 125 ]
		says "need the NAME of a demo"
	done
	for words in "--brief --predict" "--brief -f json"; do
		run "$PROCLIFE" demo $words zombie
		[ "$status" -eq 125 ]
		says "--brief goes with neither"
	done
}

@test "doctor: tracing works here" {
	run "$PROCLIFE" doctor
	[ "$status" -eq 0 ]
	says "proclife run works here"
	"$PROCLIFE" doctor -f json | jq -e '.works and (.checks | length > 4)'
	run "$PROCLIFE" doctor extra
	[ "$status" -eq 125 ]
}

@test "doctor: a kernel whose version tells nothing is asked for its types" {
	checks() { "$@" "$PROCLIFE" doctor -f json | jq -c '[.checks[] | select(.name != "kernel")]'; }
	[[ $(setarch --uname-2.6 uname -r) == 2.6.* ]] || skip "no other version can be shown"
	[[ $(checks env) == "$(checks setarch --uname-2.6)" ]]
}
