#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# --elevate: an unprivileged user, with the right to use sudo.

load common

caller=proclife-test
rule=/etc/sudoers.d/proclife-test

setup() {
	command -v sudo >/dev/null || skip "sudo is not installed"
	[ -d /etc/sudoers.d ] || skip "no /etc/sudoers.d"
	! id "$caller" >/dev/null 2>&1 || userdel -rf "$caller"
	useradd -m "$caller" 2>/dev/null || skip "can't add a user"
	public_folder
	echo "$caller ALL=(root) NOPASSWD: $BATS_TEST_TMPDIR/proclife" >"$rule"
	chmod 440 "$rule"
}

teardown() {
	rm -f "$rule"
	! id "$caller" >/dev/null 2>&1 || userdel -rf "$caller" 2>/dev/null || true
}

# Without what a sudo around the tests themselves has left: the caller has none of it.
as_caller() {
	run setpriv --reuid="$caller" --regid="$caller" --init-groups env -u SUDO_USER -u SUDO_UID -u SUDO_GID \
		-u SUDO_COMMAND -C "/home/$caller" HOME="/home/$caller" "$@"
}

@test "the program keeps user, groups, environment and folder; the report is the caller's file" {
	SECRET=$'two\nlines' as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -f json -o report.json -- \
		sh -c 'id -u; id -G; pwd; echo "$SECRET"; env | grep -c ^SUDO_; exit 9'
	echo "$output"
	[ "$status" -eq 9 ]
	[ "${lines[0]}" = "$(id -u "$caller")" ]
	[ "${lines[1]}" = "$(id -G "$caller")" ]
	[ "${lines[2]}" = "/home/$caller" ]
	[ "${lines[3]} ${lines[4]}" = "two lines" ]
	[ "${lines[5]}" = 0 ]
	[ "$(stat -c %U "/home/$caller/report.json")" = "$caller" ]
	report=/home/$caller/report.json ask ".processes[0] | .uid == $(id -u "$caller") and .end.code == 9"
}

@test "nobody borrows another one's identity" {
	as_caller sudo -n "$BATS_TEST_TMPDIR/proclife" run --caller 1 true
	[ "$status" -eq 125 ]
}

@test "the report goes nowhere that the caller may not write" {
	as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -o /etc/proclife-test true
	[ "$status" -eq 125 ]
	[ ! -e /etc/proclife-test ]
}

@test "… nor where only root's groups may" {
	local folder=$BATS_TEST_TMPDIR/of-root
	install -d -m 070 -o nobody -g root "$folder"
	as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -o "$folder/report" true
	[ "$status" -eq 125 ]
	says "Permission denied"
	[ ! -e "$folder/report" ]
}
