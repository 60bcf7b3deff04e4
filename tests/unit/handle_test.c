/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Handles of processes: only of the very process, never of another with the same pid.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "user/source/handle.h"
#include "user/source/proc.h"

static pid_t sleeping_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	while (!child)
		pause();
	return child;
}

static __u64 start_of(pid_t pid)
{
	struct proc_stat stat;
	char folder[32];

	snprintf(folder, sizeof(folder), "/proc/%d", pid);
	assert_int_equal(proc_stat(-1, folder, &stat), 0);
	return stat.start_ticks * CLOCK_TICK_NS;
}

static void that_process_and_no_other(void **state)
{
	pid_t child = sleeping_child();
	__u64 start_ns = start_of(child);
	int handle, status;

	(void)state;
	assert_int_equal(process_handle((__u32)child, start_ns + CLOCK_TICK_NS), -1);
	assert_int_equal(process_handle((__u32)child, start_ns - 1), -1);
	assert_int_equal(process_handle(0, start_ns), -1);
	handle = process_handle((__u32)child, start_ns + 1);
	assert_true(handle >= 0);
	assert_int_equal(pidfd_send_signal(handle, SIGKILL, NULL, 0), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	close(handle);
	assert_int_equal(process_handle((__u32)child, start_ns), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(that_process_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
