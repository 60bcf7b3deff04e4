#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# --elevate: an unprivileged user, with the right to use sudo. Both are only in a copy of /etc, in memory, that only the
# processes of a test see and that ends with them: whatever ends a test, the machine's own /etc is never written.

load common

caller=proclife-test

setup() {
	command -v sudo >/dev/null || skip "sudo is not installed"
	[ -d /etc/sudoers.d ] || skip "no /etc/sudoers.d"
	unshare --mount --propagation private mount -t tmpfs tmpfs /etc ||
		skip "no mount namespace with an /etc of its own can be made here (unshare)"
	public_folder
	uid=61000
	while getent passwd $uid || getent group $uid; do ((uid += 1)); done
	home=$BATS_TEST_TMPDIR/home
	install -d -o $uid -g $uid "$home"
	mkdir "$BATS_TEST_TMPDIR/etc"
}

# Runs it where the caller exists, has a further group, and may run this test's proclife by sudo.
with_caller() {
	unshare --mount --propagation private bash -c '
		set -euo pipefail
		etc=$1 caller=$2 uid=$3 home=$4 program=$5
		shift 5
		mount -t tmpfs -o mode=755 tmpfs "$etc"
		cp -a /etc/. "$etc"
		mount --bind "$etc" /etc
		sed -i "/^$caller:/d" /etc/passwd /etc/group /etc/shadow
		echo "$caller:x:$uid:$uid::$home:/bin/sh" >>/etc/passwd
		echo "$caller:*:20000:0:99999:7:::" >>/etc/shadow
		printf "%s\n" "$caller:x:$uid:" "$caller-too:x:$((uid + 1)):$caller" >>/etc/group
		echo "$caller ALL=(root) NOPASSWD: $program" >"/etc/sudoers.d/$caller"
		chmod 440 "/etc/sudoers.d/$caller"
		exec "$@"' with_caller "$BATS_TEST_TMPDIR/etc" "$caller" "$uid" "$home" "$BATS_TEST_TMPDIR/proclife" "$@"
}

# Without what a sudo around the tests themselves has left: the caller has none of it.
as_caller() {
	run with_caller setpriv --reuid="$caller" --regid="$caller" --init-groups env -u SUDO_USER -u SUDO_UID -u SUDO_GID \
		-u SUDO_COMMAND -C "$home" HOME="$home" "$@"
}

@test "the caller and its right to use sudo exist nowhere but in the test's own /etc" {
	[ "$(with_caller id -u "$caller")" -eq "$uid" ]
	with_caller grep -qrF "$BATS_TEST_TMPDIR" /etc/sudoers.d
	run getent passwd "$uid"
	[ "$status" -eq 2 ]
	run grep -rF "$BATS_TEST_TMPDIR" /etc/sudoers.d
	[ "$status" -eq 1 ]
}

@test "the program keeps user, groups, environment and folder; the report is the caller's file" {
	SECRET=$'two\nlines' as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -f json -o report.json -- \
		sh -c 'id -u; id -G; pwd; echo "$SECRET"; env | grep -c ^SUDO_; exit 9'
	echo "$output"
	[ "$status" -eq 9 ]
	[ "${lines[0]}" = "$uid" ]
	[ "${lines[1]}" = "$uid $((uid + 1))" ]
	[ "${lines[2]}" = "$home" ]
	[ "${lines[3]} ${lines[4]}" = "two lines" ]
	[ "${lines[5]}" = 0 ]
	[ "$(stat -c %u:%g "$home/report.json")" = "$uid:$uid" ]
	report=$home/report.json ask ".processes[0] | .uid == $uid and .end.code == 9"
}

@test "nobody borrows another one's identity" {
	as_caller sudo -n "$BATS_TEST_TMPDIR/proclife" run --caller $$ true
	[ "$status" -eq 125 ]
	says "does not belong to the user who called sudo"
}

@test "the report goes nowhere that the caller may not write" {
	local folder=$BATS_TEST_TMPDIR/of-root
	install -d -m 755 "$folder"
	as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -o "$folder/report" true
	[ "$status" -eq 125 ]
	says "can't write $folder/report: Permission denied"
	[ ! -e "$folder/report" ]
}

@test "… nor where only root's groups may" {
	local folder=$BATS_TEST_TMPDIR/of-root
	install -d -m 070 -o nobody -g root "$folder"
	as_caller "$BATS_TEST_TMPDIR/proclife" run --elevate -o "$folder/report" true
	[ "$status" -eq 125 ]
	says "can't write $folder/report: Permission denied"
	[ ! -e "$folder/report" ]
}
