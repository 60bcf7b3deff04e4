/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Escapes: no byte of a hostile name reaches a terminal or breaks a document, and nothing harmless is changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "user/base/clock.h"
#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/base/syscalls.h"
#include "user/base/utf8.h"

typedef void (*escape_fn)(struct buffer *, const char *, size_t);

static void check(escape_fn escape, const char *bytes, size_t size, const char *expected)
{
	struct buffer out = {0};

	buffer_text(&out, "");
	escape(&out, bytes, size);
	assert_string_equal(out.data, expected);
	assert_int_equal(out.size, strlen(expected));
	assert_false(out.failed);
	buffer_free(&out);
}

/* A literal may hold NUL bytes; its own last one does not count. */
#define TERMINAL(literal, expected) check(escape_terminal, literal, sizeof(literal) - 1, expected)
#define JSON(literal, expected) check(escape_json, literal, sizeof(literal) - 1, "\"" expected "\"")

static void terminal_keeps_what_prints(void **state)
{
	(void)state;
	TERMINAL("", "");
	TERMINAL("make -j2 ~!@#$%^&*()'\"", "make -j2 ~!@#$%^&*()'\"");
	TERMINAL("zażółć gęślą jaźń", "zażółć gęślą jaźń");
	TERMINAL("プロセス 子 😀", "プロセス 子 😀");
	TERMINAL("\u00a0\u0301\ue000\U0010ffff", "\u00a0\u0301\ue000\U0010ffff");
}

static void terminal_spells_controls(void **state)
{
	(void)state;
	TERMINAL("a\nb\tc\\d", "a\\nb\\tc\\\\d");
	TERMINAL("\x1b[31mred\x1b]0;title\a", "\\e[31mred\\e]0;title\\x07");
	TERMINAL("\0\x01\r\b\x7f", "\\x00\\x01\\x0d\\x08\\x7f");
	TERMINAL("\xc2\x80\xc2\x9b[\xc2\x85", "\\u{0080}\\u{009b}[\\u{0085}");
	TERMINAL("\\n", "\\\\n"); /* not to be taken for a newline */
}

static void terminal_spells_what_hides(void **state)
{
	(void)state;
	TERMINAL("a\u202eb\u202c", "a\\u{202e}b\\u{202c}");
	TERMINAL("\u2066x\u2069\u200e\u200f\u061c", "\\u{2066}x\\u{2069}\\u{200e}\\u{200f}\\u{061c}");
	TERMINAL("\u2028\u2029\ufeff\u200b\u00ad", "\\u{2028}\\u{2029}\\u{feff}\\u{200b}\\u{00ad}");
	TERMINAL("\U000e0041", "\\u{e0041}");
}

static void terminal_spells_broken_utf8(void **state)
{
	(void)state;
	TERMINAL("\xff\xfe", "\\xff\\xfe");
	TERMINAL("a\x80z", "a\\x80z");
	TERMINAL("\x9b"
		 "31m",
		 "\\x9b31m");	   /* a bare C1 byte */
	TERMINAL("\xc3", "\\xc3"); /* cut short, each length */
	TERMINAL("\xe2\x82", "\\xe2\\x82");
	TERMINAL("\xf0\x9f\x98", "\\xf0\\x9f\\x98");
	TERMINAL("\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf",
		 "\\xc0\\xaf\\xe0\\x80\\xaf\\xf0\\x80\\x80\\xaf");     /* overlong */
	TERMINAL("\xed\xa0\x80", "\\xed\\xa0\\x80");		       /* a surrogate */
	TERMINAL("\xf4\x90\x80\x80\xf8", "\\xf4\\x90\\x80\\x80\\xf8"); /* too far up */
	TERMINAL("\xe2\x82\xe2\x82\xac", "\\xe2\\x82€");	       /* and on again at the next good one */
	TERMINAL("\xc3\n", "\\xc3\\n");				       /* a broken start swallows nothing */
}

static void json_keeps_what_prints(void **state)
{
	(void)state;
	JSON("", "");
	JSON("/usr/bin/make 'x'", "/usr/bin/make 'x'");
	JSON("子 😀 ż", "子 😀 ż");
}

static void json_spells_controls(void **state)
{
	(void)state;
	JSON("\"\\/", "\\\"\\\\/");
	JSON("\b\f\n\r\t", "\\b\\f\\n\\r\\t");
	JSON("\0\x01\x1f\x1b[0m\x7f", "\\u0000\\u0001\\u001f\\u001b[0m\\u007f");
	JSON("\xc2\x9b\u202e\u2028", "\\u009b\\u202e\\u2028");
	JSON("\U000e0041", "\\udb40\\udc41");
}

static void json_replaces_each_bad_byte(void **state)
{
	(void)state;
	JSON("\xff", "\ufffd");
	JSON("a\xc3(", "a\ufffd(");
	JSON("\xe2\x82", "\ufffd\ufffd");
	JSON("\xed\xa0\x80", "\ufffd\ufffd\ufffd");
	JSON("\xf0\x9f\x98\"", "\ufffd\ufffd\ufffd\\\"");
}

/* Whatever the bytes, what comes out is well-formed, printable, and one line. */
static void any_bytes_come_out_harmless(void **state)
{
	unsigned int seed = 1;
	char bytes[24];

	(void)state;
	for (int round = 0; round < 200000; round++) {
		escape_fn escape = round & 1 ? escape_json : escape_terminal;
		size_t size = seed % (sizeof(bytes) + 1), length;
		struct buffer out = {0};

		for (size_t i = 0; i < size; i++) {
			seed = seed * 1103515245 + 12345;
			bytes[i] = (char)(seed >> 16);
		}
		seed = seed * 1103515245 + 12345 + (unsigned int)round;
		escape(&out, bytes, size);
		for (size_t at = 0; at < out.size; at += length) {
			uint32_t code = 0;

			length = utf8_read(out.data + at, out.size - at, &code);
			assert_true(length > 0);
			assert_false(utf8_is_hidden(code));
		}
		buffer_free(&out);
	}
}

/* All of Unicode, there and back: what utf8_read takes is what was meant, and nothing beside it. */
static void reads_every_character(void **state)
{
	(void)state;
	for (uint32_t code = 0x80; code < 0x110000; code++) {
		char bytes[4];
		size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
		uint32_t rest = code, got = 0;

		for (size_t i = size - 1; i; i--, rest >>= 6)
			bytes[i] = (char)(0x80 | (rest & 0x3f));
		bytes[0] = (char)((0xf00 >> size & 0xff) | rest);
		if (code >= 0xd800 && code < 0xe000) {
			assert_int_equal(utf8_read(bytes, size, &got), 0);
			continue;
		}
		assert_int_equal(utf8_read(bytes, size, &got), size);
		assert_int_equal(got, code);
		assert_int_equal(utf8_read(bytes, size - 1, &got), 0);
	}
}

static void measures_columns(void **state)
{
	(void)state;
	assert_int_equal(text_width("", 0), 0);
	assert_int_equal(text_width("make", 4), 4);
	assert_int_equal(text_width("żółć", strlen("żółć")), 4);
	assert_int_equal(text_width("e\u0301", 3), 1);
	assert_int_equal(text_width("子プロ", strlen("子プロ")), 6);
	assert_int_equal(text_width("😀", strlen("😀")), 2);
	assert_int_equal(text_width("█▌─", strlen("█▌─")), 3);
	assert_int_equal(text_width("\xff\xff", 2), 2);
}

static void names_signals(void **state)
{
	(void)state;
	assert_string_equal(signal_name(9), "SIGKILL");
	assert_string_equal(signal_name(1), "SIGHUP");
	assert_string_equal(signal_name(31), "SIGSYS");
	assert_string_equal(signal_name(34), "SIGRTMIN");
	assert_string_equal(signal_name(37), "SIGRTMIN+3");
	assert_string_equal(signal_name(64), "SIGRTMIN+30");
	for (int number = 1; number <= 64; number++)
		assert_int_equal(strncmp(signal_name(number), "SIG", 3), 0);
	assert_string_equal(signal_name(0), "unknown");
	assert_string_equal(signal_name(65), "unknown");
	assert_string_equal(signal_name(-1), "unknown");
}

static void check_reason(enum reason reason, int call, const char *expected)
{
	struct buffer out = {0};

	reason_text(&out, reason, call);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void names_calls_and_reasons(void **state)
{
	(void)state;
	assert_string_equal(syscall_name(SYS_read), "read");
	assert_string_equal(syscall_name(SYS_wait4), "wait4");
	assert_string_equal(syscall_name(SYS_clock_nanosleep), "clock_nanosleep");
	assert_string_equal(syscall_name(434), "pidfd_open");
	assert_string_equal(syscall_name(435), "clone3");
	assert_string_equal(syscall_name(462), "mseal");
	assert_null(syscall_name(400)); /* between the old numbers and those common to all machines */
	check_reason(REASON_OTHER, SYS_ioctl, "other(ioctl)");
	assert_null(syscall_name(-1));
	assert_null(syscall_name(100000));
	check_reason(REASON_OTHER, 100000, "other(100000)");
	check_reason(REASON_OTHER, -1, "other");
	check_reason(REASON_PIPE_READ, 0, "pipe-read");
	check_reason((enum reason)999, -1, "unknown");
}

static void check_time(__s64 realtime_ns, const char *expected)
{
	struct buffer out = {0};

	clock_text(&out, realtime_ns);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void writes_times(void **state)
{
	(void)state;
	check_time(0, "1970-01-01T00:00:00.000000000Z");
	check_time(-1, "1969-12-31T23:59:59.999999999Z");
	check_time(951782400000000007LL, "2000-02-29T00:00:00.000000007Z");
	check_time(INT64_MAX, "2262-04-11T23:47:16.854775807Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminal_keeps_what_prints),
		cmocka_unit_test(terminal_spells_controls),
		cmocka_unit_test(terminal_spells_what_hides),
		cmocka_unit_test(terminal_spells_broken_utf8),
		cmocka_unit_test(json_keeps_what_prints),
		cmocka_unit_test(json_spells_controls),
		cmocka_unit_test(json_replaces_each_bad_byte),
		cmocka_unit_test(any_bytes_come_out_harmless),
		cmocka_unit_test(reads_every_character),
		cmocka_unit_test(measures_columns),
		cmocka_unit_test(names_signals),
		cmocka_unit_test(names_calls_and_reasons),
		cmocka_unit_test(writes_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
