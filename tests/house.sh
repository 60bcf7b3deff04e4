#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The house rules that no compiler checks: who may include whom, what the model may call, no global state,
# short functions and files, licence lines, nothing left to do.
#
#	tests/house.sh BUILD-FOLDER	prints what breaks a rule; exit status 1 if anything does
set -euo pipefail

cd "$(dirname "$0")/.."
build=${1:-build}
broken=0

function_lines=60 # none longer
file_lines=600    # none longer
header_lines=200

complain() {
	echo "house: $*" >&2
	broken=1
}

sources() {
	find bpf user tests tools \( -name '*.[ch]' -o -name '*.sh' \) -type f | sort
}

# Folder of user/ (or file directly in it) -> what it may include, itself apart. One line each; see docs/design.md.
may_include() {
	case $1 in
	base) echo "bpf" ;;
	model) echo "base/buffer bpf" ;;
	finding) echo "model base" ;;
	record) echo "base bpf" ;;
	source) echo "record base bpf skeleton" ;;
	words) echo "model base bpf" ;;
	sink | screen) echo "words finding model base bpf" ;;
	demo) echo "finding model base bpf" ;;
	pipeline) echo "source record model finding sink screen base bpf" ;;
	command) echo "pipeline demo record sink screen finding model base bpf source" ;;
	proclife) echo "command base" ;;
	*) return 1 ;;
	esac
}

# user/sink/text.c -> sink; user/pipeline.h -> pipeline; bpf/event.h -> bpf; proclife.skel.h -> skeleton.
part_of() {
	case $1 in
	*.skel.h) echo skeleton ;;
	bpf/*) echo bpf ;;
	user/*/*) path=${1#user/} && echo "${path%%/*}" ;;
	user/*) path=${1#user/} && echo "${path%.[ch]}" ;;
	*) echo "$1" ;;
	esac
}

allowed() { # allowed PART INCLUDED: `base/buffer` in the list stands for that one header
	local part=$1 included=$2 target permitted
	target=$(part_of "$included")
	[[ $target != "$part" ]] || return 0
	for permitted in $(may_include "$part"); do
		[[ $target == "$permitted" || ${included%.h} == "user/$permitted" ]] && return 0
	done
	return 1
}

check_includes() {
	local file part included
	while read -r file; do
		[[ $file != user/demo/*/program.c ]] || continue
		part=$(part_of "$file")
		may_include "$part" >/dev/null || { complain "$file: a folder that the design does not know"; continue; }
		while read -r included; do
			allowed "$part" "$included" || complain "$file: may not include $included"
			[[ $included != bpf/*  || $included =~ ^bpf/(calls|event|reason)\.h$ ]] ||
				complain "$file: $included belongs to the kernel side"
		done < <(sed -n 's/^#[ \t]*include "\(.*\)".*/\1/p' "$file")
	done < <(find user -name '*.[ch]')
	if grep -n '^#include "user/' bpf/*; then complain "bpf/ may not include user/"; fi
}

# The model needs memory and bytes, nothing else: whatever it calls beside itself is in this list.
check_model() {
	local own foreign
	[[ -d $build/user/model ]] || { complain "$build holds no finished build"; return; }
	own=$(nm --defined-only -g "$build"/user/model/*.o "$build"/user/base/buffer.o | awk 'NF == 3 { print $3 }')
	foreign=$(nm -u "$build"/user/model/*.o | awk '$1 == "U" { print $2 }' | sort -u |
		grep -vxE '(__)?(malloc|calloc|realloc|reallocarray|free|(mem|str)[a-z]+|qsort|bsearch)(_chk)?|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_' |
		grep -vxF "$own" || true)
	[[ -z $foreign ]] || complain "the model calls ${foreign//$'\n'/ }"
}

# Nothing that changes while the program runs may live outside a function's frame or the heap.
check_globals() {
	local object symbols
	while read -r object; do
		[[ $object != */demo/*/program.o && $object != "$build"/user/proclife.o ]] || continue
		symbols=$(nm "$object" | awk '$2 ~ /^[BbDdC]$/ && $3 !~ /\.rel\.ro/ { print $3 }')
		symbols=$(only_writable "$object" "$symbols")
		[[ -z $symbols ]] || complain "$object: global state: ${symbols//$'\n'/ }"
	done < <(find "$build/user" -name '*.o' 2>/dev/null | sort)
}

# nm calls constants that hold addresses (.data.rel.ro) data, too: keep only what lies in .data or .bss.
only_writable() {
	local symbol
	for symbol in $2; do
		objdump -t "$1" | awk -v s="$symbol" '$NF == s && $(NF - 2) ~ /^\.(data|bss|tbss|tdata)($|\.)/ &&
			$(NF - 2) !~ /rel\.ro/ { print s; exit }'
	done
}

check_lengths() {
	local file lines limit
	while read -r file; do
		lines=$(wc -l <"$file")
		limit=$file_lines
		[[ $file != *.h || $file == bpf/kernel.h ]] || limit=$header_lines # kernel.h: a list of types
		[[ $lines -le $limit ]] || complain "$file: $lines lines, $limit at most"
	done < <(sources)
	function_table | awk -v limit="$function_lines" '
		$3 > limit { printf "house: %s: %s() has %d lines, %d at most\n", $1, $2, $3, limit; long = 1 }
		END { exit long }' >&2 || broken=1
}

# "file function lines" for each C function.
function_table() {
	sources | grep '\.c$' | ctags --languages=C --kinds-C=f --fields=+ne -f - -L - | awk -F '\t' '{
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) from = substr($i, 6)
			if ($i ~ /^end:/) to = substr($i, 5)
		}
		print $2, $1, to - from + 1
	}'
}

say_lengths() {
	function_table | sort -n -k3 | awk '{ n[NR] = $3 } END {
		if (NR) printf "house: %d functions, lines: median %d, 9 in 10 up to %d, longest %d\n", NR, n[int((NR + 1) / 2)],
			n[int(NR * 0.9 + 0.5)], n[NR] }'
}

check_texts() {
	local file
	while read -r file; do
		head -3 "$file" | grep -q 'SPDX-License-Identifier: ' || complain "$file: no SPDX line"
	done < <(sources; find Makefile .ci tools -type f ! -name '*.[ch]' ! -path '*/__pycache__/*')
	if find bpf user tests tools Makefile -type f ! -path tests/house.sh ! -path 'tests/recordings/*' -print0 |
		xargs -0 grep -nIwE 'TODO|FIXME|XXX'; then
		complain "something is left to do"
	fi
}

check_includes
check_model
check_globals
check_lengths
check_texts
say_lengths
exit $broken
