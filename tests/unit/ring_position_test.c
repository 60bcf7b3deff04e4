// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * How far a ring has been read, of a file that has the layout of one.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "user/source/ring_position.h"

static void set_position(int fd, size_t page, unsigned long value)
{
	off_t at = (off_t)page * sysconf(_SC_PAGESIZE);

	assert_int_equal(pwrite(fd, &value, sizeof(value), at), sizeof(value));
}

static int file_like_a_ring(unsigned long consumed, unsigned long produced)
{
	int fd = memfd_create("ring", 0);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 2 * sysconf(_SC_PAGESIZE)), 0);
	set_position(fd, 0, consumed);
	set_position(fd, 1, produced);
	return fd;
}

static void what_was_sent_is_to_be_read(void **state)
{
	struct ring_position position = {0};
	int fd = file_like_a_ring(64, 128);
	unsigned long sent;

	(void)state;
	assert_int_equal(ring_position_map(&position, fd), 0);
	sent = ring_position_sent(&position);
	assert_false(ring_position_is_read(&position, sent));
	set_position(fd, 1, 256); /* sent since */
	assert_false(ring_position_is_read(&position, sent));
	set_position(fd, 0, 128);
	assert_true(ring_position_is_read(&position, sent));
	assert_false(ring_position_is_read(&position, ring_position_sent(&position)));
	ring_position_unmap(&position);
	close(fd);
}

static void positions_wrap_around(void **state)
{
	struct ring_position position = {0};
	int fd = file_like_a_ring(-8ul, 8);
	unsigned long sent;

	(void)state;
	assert_int_equal(ring_position_map(&position, fd), 0);
	sent = ring_position_sent(&position);
	assert_false(ring_position_is_read(&position, sent));
	set_position(fd, 0, 8);
	assert_true(ring_position_is_read(&position, sent));
	ring_position_unmap(&position);
	close(fd);
}

static void what_is_no_ring(void **state)
{
	struct ring_position position = {0};

	(void)state;
	assert_int_equal(ring_position_map(&position, -1), -1);
	ring_position_unmap(&position);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_is_to_be_read),
		cmocka_unit_test(positions_wrap_around),
		cmocka_unit_test(what_is_no_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
