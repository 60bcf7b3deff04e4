#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# What `make install` puts in place, and `make uninstall` removes.

load common

setup() {
	command -v make >/dev/null || skip "make is not installed"
	place=$BATS_TEST_TMPDIR/root
	# The build is finished: -o keeps make from building anything.
	make --no-print-directory -s -o all O="$BUILD" DESTDIR="$place" PREFIX=/usr install
	documents=$place/usr/share/doc/proclife
}

@test "every link of the installed documents resolves there" {
	local file link
	for file in "$documents"/*.md "$documents"/docs/*.md; do
		while read -r link; do
			[[ $link == *://* || $link == \#* ]] || [ -e "$(dirname "$file")/${link%%#*}" ]
		done < <(grep -oE '\]\([^)]+\)' "$file" | sed 's/^](//; s/)$//')
	done
}

@test "the texts of the licences are installed" {
	[ -s "$documents/LICENSE" ]
	[ -s "$documents/LICENSES/GPL-2.0-only.txt" ]
	[ -s "$documents/LICENSES/BSD-2-Clause.txt" ]
}

@test "the program and its manual have the version of the file VERSION" {
	[ "$("$place/usr/bin/proclife" --version)" = "proclife $(<VERSION)" ]
	grep -qx ".Os \"proclife $(<VERSION)\"" "$place/usr/share/man/man1/proclife.1"
}

@test "uninstall removes every file" {
	make --no-print-directory -s DESTDIR="$place" PREFIX=/usr uninstall
	run find "$place" ! -type d
	[ "$output" = "" ]
}
