/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ends that a process brings on itself: exit codes, faults, signals to itself, limits.
 */
#include "victim.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/time.h>

static void exit_codes(void)
{
	static const int codes[] = {0, 1, 2, 127, 128, 255, 256};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
		struct bracket reaped, life;
		pid_t child = fork_at(&life);
		int status;

		if (!child)
			exit(codes[i]);
		status = reap_at(child, &reaped);
		tell("'pid': %d, 'end': {'kind': '%s', 'code': %d, 'signal': null, 'core': false, 'by': null, "
		     "'at_ns': {'>=': %llu, '<=': %llu}}",
		     child, WEXITSTATUS(status) ? "error" : "normal", codes[i] & 255, life.from, reaped.to);
	}
}

static void *leave_all(void *unused)
{
	(void)unused;
	_exit(33);
}

static void exit_by_thread(void)
{
	pid_t child = fork_at(NULL);

	if (!child) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, leave_all, NULL))
			die("pthread_create");
		for (;;)
			pause();
	}
	reap(child);
	tell("'pid': %d, 'end': {'kind': 'error', 'code': 33, 'by': null}, 'threads': {'length': 2}", child);
}

/* Runs `life` in a child that ends by a signal, its own fault unless `by` tells otherwise ("%d" in it: its pid). */
static void ends_by_signal(void (*life)(void), int wanted, const char *kind, const char *by)
{
	pid_t child = fork_at(NULL);
	char text[256];
	int status;

	if (!child) {
		no_core();
		life();
		_exit(98);
	}
	status = reap_at(child, NULL);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != wanted)
		die("not the signal that was expected");
	snprintf(text, sizeof(text), by, child);
	tell_signal_end(child, status, kind, text);
}

static void touch_nothing(void)
{
	*(volatile int *)8 = 1;
}

static void segv(void)
{
	ends_by_signal(touch_nothing, SIGSEGV, "fatal", "null");
}

#ifdef __x86_64__ /* a division by zero is no exception on arm64 */
static void divide(void)
{
	volatile int number = 7, zero = 0;

	/* cppcheck-suppress zerodiv */
	number = number / zero;
}

static void fpe(void)
{
	ends_by_signal(divide, SIGFPE, "fatal", "null");
}
#endif

static void run_nonsense(void)
{
#ifdef __aarch64__
	__asm__ volatile(".inst 0"); /* an undefined instruction; the compiler's trap is a breakpoint here */
#else
	__builtin_trap();
#endif
}

static void ill(void)
{
	ends_by_signal(run_nonsense, SIGILL, "fatal", "null");
}

static void read_past_end(void)
{
	FILE *file = tmpfile();
	volatile char *page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(file), 0);

	(void)*page;
}

static void bus(void)
{
	ends_by_signal(read_past_end, SIGBUS, "fatal", "null");
}

static void break_here(void)
{
#ifdef __x86_64__
	__asm__ volatile("int3");
#elif defined(__aarch64__)
	__asm__ volatile("brk #0");
#endif
}

static void trap(void)
{
	ends_by_signal(break_here, SIGTRAP, "fatal", "null");
}

static void forbidden_call(void)
{
	struct sock_filter kill_all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	struct sock_fprog program = {1, &kill_all};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(98);
	getpid();
}

static void sys(void)
{
	ends_by_signal(forbidden_call, SIGSYS, "fatal", "null");
}

static void abort_case(void)
{
	ends_by_signal(abort, SIGABRT, "fatal", "null");
}

static void raise_term(void)
{
	raise(SIGTERM);
}

static void raise_case(void)
{
	ends_by_signal(raise_term, SIGTERM, "killed", "{'pid': %d, 'why': 'self', 'first': null}");
}

static void raise_segv(void)
{
	raise(SIGSEGV);
}

static void raise_fault(void)
{
	ends_by_signal(raise_segv, SIGSEGV, "fatal", "null");
}

static void write_nowhere(void)
{
	int ends[2];

	if (pipe(ends))
		_exit(98);
	close(ends[0]);
	if (write(ends[1], "x", 1) == 1)
		_exit(98);
}

static void sigpipe(void)
{
	ends_by_signal(write_nowhere, SIGPIPE, "killed", "{'pid': %d, 'why': 'pipe'}");
}

static void wait_for_alarm(void)
{
	setitimer(ITIMER_REAL, &(struct itimerval){.it_value.tv_usec = 10000}, NULL);
	for (;;)
		pause();
}

static void sigalrm(void)
{
	ends_by_signal(wait_for_alarm, SIGALRM, "killed", "{'why': 'timer'}");
}

static void wait_for_timer(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		_exit(98);
	timer_settime(timer, 0, &(struct itimerspec){.it_value.tv_nsec = 10000000}, NULL);
	for (;;)
		pause();
}

static void posix_timer(void)
{
	ends_by_signal(wait_for_timer, SIGUSR2, "killed", "{'why': 'timer'}");
}

static void burn(void)
{
	setrlimit(RLIMIT_CPU, &(struct rlimit){1, 10});
	for (;;)
		;
}

static void cpu_limit(void)
{
	ends_by_signal(burn, SIGXCPU, "killed", "{'why': 'cpu-limit'}");
}

static void write_too_much(void)
{
	FILE *file = tmpfile();

	setrlimit(RLIMIT_FSIZE, &(struct rlimit){1, 1});
	if (pwrite(fileno(file), "xy", 2, 100) == 2)
		_exit(98);
}

static void file_limit(void)
{
	ends_by_signal(write_too_much, SIGXFSZ, "killed", "{'pid': %d, 'why': 'file-limit'}");
}

/* Whether there is a core is the machine's affair (core_pattern): wait tells. */
static void core(void)
{
	pid_t child = fork_at(NULL);
	int status;

	if (!child) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY});
		touch_nothing();
	}
	status = reap_at(child, NULL);
	if (!WCOREDUMP(status))
		skip("this machine dumps no core");
	tell_signal_end(child, status, "fatal", "null");
}

static const struct test_case cases[] = {
	{"exit-codes", exit_codes},
	{"exit-by-thread", exit_by_thread},
	{"bad-address", segv},
#ifdef __x86_64__
	{"division-by-zero", fpe},
#endif
	{"bad-instruction", ill},
	{"bus-error", bus},
	{"trap", trap},
	{"forbidden-call", sys},
	{"abort", abort_case},
	{"raise", raise_case},
	{"raise-fault", raise_fault},
	{"sigpipe", sigpipe},
	{"alarm", sigalrm},
	{"posix-timer", posix_timer},
	{"cpu-limit", cpu_limit},
	{"file-limit", file_limit},
	{"core", core},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
