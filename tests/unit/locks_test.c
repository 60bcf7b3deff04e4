/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading /proc/locks, as the kernel writes it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "user/source/source.h"

struct told {
	struct {
		__u32 pid;
		__u64 at_ns;
		struct file_lock lock;
	} list[16];
	int count;
};

static int take(void *ctx, const struct event *event)
{
	struct told *told = ctx;

	assert_int_equal(event->kind, EVENT_FILE_LOCK);
	assert_int_equal(event->size, sizeof(struct file_lock));
	assert_int_equal(event->pid, event->tid);
	assert_true(told->count < 16);
	told->list[told->count].pid = event->pid;
	told->list[told->count].at_ns = event->at_ns;
	memcpy(&told->list[told->count++].lock, PAYLOAD(event), sizeof(struct file_lock));
	return 0;
}

static struct told read_locks(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	struct told told = {0};

	assert_non_null(file);
	assert_int_equal(locks_tell(file, 42, take, &told), 0);
	fclose(file);
	return told;
}

static void locks_and_who_waits_for_them(void **state)
{
	struct told told = read_locks("1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF\n"
				      "1: -> FLOCK  ADVISORY  WRITE 1235 fe:01:5678 0 EOF\n"
				      "1:  -> FLOCK  ADVISORY  WRITE 1236 fe:01:5678 0 EOF\n"
				      "12: POSIX  ADVISORY  READ  99 00:1a:18446744073709551615 128 128\n"
				      "13: OFDLCK ADVISORY  WRITE -1 08:02:7 0 EOF\n");

	(void)state;
	assert_int_equal(told.count, 5);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(told.list[i].pid, 1234 + i);
		assert_int_equal(told.list[i].at_ns, 42);
		assert_int_equal(told.list[i].lock.number, 1);
		assert_int_equal(told.list[i].lock.inode, 5678);
		assert_int_equal(told.list[i].lock.device, 0xfe << 20 | 1);
		assert_int_equal(told.list[i].lock.flags, LOCK_FLOCK | (i ? LOCK_WAITS : 0));
	}
	assert_int_equal(told.list[3].pid, 99);
	assert_int_equal(told.list[3].lock.number, 12);
	assert_int_equal(told.list[3].lock.inode, ~(__u64)0);
	assert_int_equal(told.list[3].lock.device, 0x1a);
	assert_int_equal(told.list[3].lock.flags, 0);
	assert_int_equal(told.list[4].pid, 0); /* nobody knows whose */
	assert_int_equal(told.list[4].lock.flags, 0);
}

static void what_is_no_lock(void **state)
{
	struct told told = read_locks("1: LEASE  ACTIVE    WRITE 1234 fe:01:5678 0 EOF\n"
				      "2: DELEG  ACTIVE    READ  1234 fe:01:5678 0 EOF\n"
				      "\n1:\n1: \n: FLOCK\n1: ->\n1: -> \nnonsense\n"
				      "3: FLOCK  ADVISORY  WRITE 1234 fe:01\n"
				      "4: FLOCK  ADVISORY  WRITE 7 fe:01:9 0 EOF");

	(void)state;
	assert_int_equal(told.count, 1);
	assert_int_equal(told.list[0].pid, 7);
	assert_int_equal(read_locks("\n").count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(locks_and_who_waits_for_them),
		cmocka_unit_test(what_is_no_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
