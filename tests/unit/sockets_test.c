/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of sockets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "user/source/holdings.h"

struct wanted {
	__u64 inode;
	char name[64];
};

static void take(void *ctx, const struct socket_name *socket)
{
	struct wanted *wanted = ctx;

	if (socket->inode == wanted->inode)
		snprintf(wanted->name, sizeof(wanted->name), "%s", socket->name);
}

static void a_socket_pair_has_no_name(void **state)
{
	struct wanted wanted = {0};
	struct stat stat;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(fstat(pair[0], &stat), 0);
	wanted.inode = stat.st_ino;
	sockets_visit((__u32)getpid(), take, &wanted);
	assert_string_equal(wanted.name, "unix without a name");
	close(pair[0]);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_pair_has_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
