#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# proclife watch: what a person can get wrong, and the service that runs it.

load common

refuses() { # refuses WORDS… -- WHAT IS SAID
	local words=()
	while [[ $1 != -- ]]; do words+=("$1"); shift; done
	run "$PROCLIFE" watch "${words[@]}"
	[ "$status" -eq 125 ] || { echo "${words[*]}: exit status $status"; return 1; }
	says "$2"
}

@test "watch --help lists every format and every kind of change, in 80 columns" {
	run "$PROCLIFE" watch --help
	[ "$status" -eq 0 ]
	for word in text json jsonl birth exec end zombie reap orphan rename session user tracer signal daemon state wake lost; do
		says "$word"
	done
	for line in "${lines[@]}"; do ((${#line} <= 80)) || { echo "too long: $line"; return 1; }; done
}

@test "no such option, format, kind, user, control group, process; arguments that nobody asked for" {
	refuses --nope -- "watch --help"
	refuses -f nope -- "no such format: nope"
	refuses --only=birth,nope -- "no such kind of change: nope"
	refuses -u no-such-user -- "no such user: no-such-user"
	refuses --cgroup /no/such/group -- "no such control group: /no/such/group"
	refuses -p 0 -- "--pid takes a whole number from 1"
	refuses -p x -- "x"
	refuses -p 4194304 -- "No such process"
	refuses -d x -- "x"
	refuses true -- "watch takes no argument: true"
}

@test "what is not found is said without its escape sequences" {
	run "$PROCLIFE" watch -u $'\e[31mred'
	[ "$status" -eq 125 ]
	[[ $output != *$'\e'* ]]
}

@test "the service is installed for its prefix, and systemd understands it" {
	run make -s install DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/opt/x O="$(dirname "$PROCLIFE")"
	[ "$status" -eq 0 ]
	unit=$BATS_TEST_TMPDIR/opt/x/lib/systemd/system/proclife-watch.service
	grep -q '^ExecStart=/opt/x/bin/proclife watch ' "$unit"
	command -v systemd-analyze || skip "there is no systemd-analyze"
	sed -i "s,^ExecStart=/opt/x/,ExecStart=$BATS_TEST_TMPDIR/opt/x/," "$unit"
	run systemd-analyze verify --man=no "$unit"
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	[[ $output != *proclife-watch* ]] || { echo "$output"; return 1; }
}

@test "the service's capabilities are enough, and nothing is gained by running a program" {
	caps=$(sed -n 's/^CapabilityBoundingSet=//p' tools/proclife-watch.service | tr 'A-Z ' 'a-z,' | sed 's/cap_/+/g')
	run setpriv --bounding-set="-all,$caps" --inh-caps=-all --no-new-privs "$PROCLIFE" watch -f jsonl -d 0.2
	[ "$status" -eq 0 ] || { echo "$output"; return 1; }
	[[ ${lines[-1]} == *'"event": "summary"'* ]]
	# Here only proclife itself gives up what an exec could gain.
	setpriv --bounding-set="-all,$caps" --inh-caps=-all "$PROCLIFE" watch -f jsonl >/dev/null 3>&- &
	watching=$! tries=600
	# The filter of system calls is the last step. After a minute without it, see how far it came.
	until grep -qE '^Seccomp:.*2$' "/proc/$watching/status" || ((tries-- == 0)); do kill -0 "$watching"; sleep 0.1; done
	run cat "/proc/$watching/status"
	kill "$watching"
	says $'NoNewPrivs:\t1\n'
	for set in Inh Prm Eff Bnd Amb; do says "Cap$set:"$'\t0000000000000000\n'; done
}
