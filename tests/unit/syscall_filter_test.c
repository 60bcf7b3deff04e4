/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The filter of system calls, in a child of the test: what it refuses, and what it lets pass.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/base/syscall_filter.h"

static int is_refused(long result)
{
	return result == -1 && errno == EPERM;
}

static int refuses_programs(void)
{
	char *const arguments[] = {"/bin/true", NULL};

	return is_refused(execv(arguments[0], arguments)) && is_refused(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) &&
	       syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS;
}

static int refuses_probes(void)
{
	union bpf_attr attributes = {0};

	return is_refused(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, 0)) &&
	       is_refused(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, 0)) &&
	       is_refused(syscall(SYS_perf_event_open, NULL, 0, 0, 0, 0));
}

/* An empty request is no valid one, but EPERM is not what is wrong with it. */
static int lets_iterators_pass(void)
{
	return syscall(SYS_bpf, BPF_ITER_CREATE, NULL, 0) == -1 && errno != EPERM;
}

static int lets_files_pass(void)
{
	int fd = open("/dev/null", O_RDWR);

	return fd >= 0 && write(fd, "x", 1) == 1 && !close(fd);
}

static void *set_flag(void *flag)
{
	*(int *)flag = 1;
	return NULL;
}

static int lets_threads_pass(void)
{
	pthread_t thread;
	int flag = 0;

	return !pthread_create(&thread, NULL, set_flag, &flag) && !pthread_join(thread, NULL) && flag;
}

/* Runs `holds` behind the filter; is it true there? */
static int behind_filter(int (*holds)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !syscall_filter_set() && holds());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static void test_refused(void **state)
{
	(void)state;
	assert_true(behind_filter(refuses_programs));
	assert_true(behind_filter(refuses_probes));
}

static void test_passed(void **state)
{
	(void)state;
	assert_true(behind_filter(lets_files_pass));
	assert_true(behind_filter(lets_threads_pass));
	if (geteuid())
		skip(); /* bpf(2) itself may refuse an unprivileged user */
	assert_true(behind_filter(lets_iterators_pass));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused), cmocka_unit_test(test_passed)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
