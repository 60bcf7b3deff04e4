#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Names and arguments that want to be more than that.

load common

# A program whose name and arguments are full of mischief.
mischief() {
	local name=$'\e[31m\n"\xff'
	ln -sf "$(command -v sleep)" "$BATS_TEST_TMPDIR/$name"
	"$@" "$BATS_TEST_TMPDIR/$name" 0.01 || true
	"$@" sh -c 'printf "$1" >/proc/$$/comm; exec 2>/dev/null; :' $'\e]0;x\a' $'a\nb\\' $'\xc3\x28\xe2\x80\xae\u202e'
}

@test "text: no control byte reaches the terminal" {
	mischief "$PROCLIFE" run -v -o "$BATS_TEST_TMPDIR/report"
	absent '[\x00-\x08\x0b-\x1f\x7f]' "$BATS_TEST_TMPDIR/report"
	iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/report" >/dev/null
	absent '\xe2\x80\xae' "$BATS_TEST_TMPDIR/report" # U+202E: what follows is written from right to left
}

@test "json and jsonl: always valid" {
	mischief "$PROCLIFE" run -f json -o "$BATS_TEST_TMPDIR/report"
	jq -e '.processes[0].argv | length == 6' "$BATS_TEST_TMPDIR/report"
	mischief "$PROCLIFE" run -f jsonl -o "$BATS_TEST_TMPDIR/report"
	jq -se 'all(.[]; .event)' "$BATS_TEST_TMPDIR/report"
	iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/report" >/dev/null
}

@test "arguments that are many and long" {
	report=$BATS_TEST_TMPDIR/report
	"$PROCLIFE" run -f json -o "$report" true $(seq 20000)
	ask '.processes[0].execs[-1] | .argv_cut and (.argv | length > 500) and .argv[1] == "1"'
}

@test "no line is wider than the terminal, plain ASCII where it must be" {
	for width in 40 80 120; do
		"$PROCLIFE" run --columns $width -v -o "$BATS_TEST_TMPDIR/report" sh -c 'sleep 0.01 | cat; (exit 3)' || true
		(($(wc -L <"$BATS_TEST_TMPDIR/report") <= width))
	done
	LC_ALL=C "$PROCLIFE" run -o "$BATS_TEST_TMPDIR/report" sh -c 'sleep 0.01 | cat'
	absent '[\x80-\xff]' "$BATS_TEST_TMPDIR/report"
}

@test "3,000 processes are folded, -v unfolds them" {
	local many='i=0; while [ $i -lt 3000 ]; do (exit 0); i=$((i+1)); done'
	"$PROCLIFE" run -o "$BATS_TEST_TMPDIR/folded" sh -c "$many"
	(($(wc -l <"$BATS_TEST_TMPDIR/folded") < 60))
	grep -q 3,000 "$BATS_TEST_TMPDIR/folded" || grep -q 3000 "$BATS_TEST_TMPDIR/folded"
	"$PROCLIFE" run -v -o "$BATS_TEST_TMPDIR/all" sh -c "$many"
	(($(wc -l <"$BATS_TEST_TMPDIR/all") > 3000))
}
