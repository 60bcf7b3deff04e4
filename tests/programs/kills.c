/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Ends by somebody else's signal: who, and how.
 */
#include "victim.h"

static void by_kill(void)
{
	static const int signals[] = {SIGTERM, SIGKILL, SIGHUP, SIGINT, SIGUSR1, SIGQUIT, SIGSEGV, SIGABRT, SIGPIPE};

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct bracket ended;
		pid_t child = victim(NULL);
		int status;

		ended.from = now_ns();
		kill(child, signals[i]);
		status = reap_at(child, NULL);
		ended.to = now_ns();
		tell_killed_by(child, status, getpid(), "kill", "kill");
		tell("'pid': %d, 'end': {'at_ns': {'>=': %llu, '<=': %llu}, 'by': {'first': null}}", child, ended.from,
		     ended.to);
	}
}

static void by_real_time_signal(void)
{
	pid_t child = victim(NULL);

	kill(child, SIGRTMIN + 3);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "kill");
}

static void by_pidfd(void)
{
	pid_t child = victim(NULL);

	if (syscall(SYS_pidfd_send_signal, open_pidfd(child), SIGTERM, NULL, 0))
		die("pidfd_send_signal");
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "pidfd_send_signal");
}

static void by_tgkill(void)
{
	pid_t child = victim(NULL);

	if (syscall(SYS_tgkill, child, child, SIGTERM))
		die("tgkill");
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "tgkill");
}

static void by_sigqueue(void)
{
	pid_t child = victim(NULL);

	sigqueue(child, SIGTERM, (union sigval){.sival_int = 7});
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "rt_sigqueueinfo");
}

static void lead_group(void)
{
	setpgid(0, 0);
}

static void to_group(void)
{
	pid_t leader = victim(lead_group), others[2];

	for (int i = 0; i < 2; i++) {
		others[i] = victim(NULL);
		setpgid(others[i], leader);
	}
	kill(-leader, SIGTERM);
	tell_killed_by(leader, reap_at(leader, NULL), getpid(), "kill", "kill");
	for (int i = 0; i < 2; i++)
		tell_killed_by(others[i], reap_at(others[i], NULL), getpid(), "kill", "kill");
}

/* A brother did it, not the parent. */
static void by_brother(void)
{
	pid_t child = victim(NULL), brother = fork_at(NULL);

	if (!brother) {
		kill(child, SIGKILL);
		_exit(0);
	}
	tell_killed_by(child, reap_at(child, NULL), brother, "kill", "kill");
	reap(brother);
}

static void while_stopped(void)
{
	pid_t child = victim(NULL);
	int status;

	kill(child, SIGSTOP);
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		die("waitpid");
	kill(child, SIGKILL);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "kill");
}

static void *wait_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void make_threads(void)
{
	pthread_t thread;

	for (int i = 0; i < 3; i++)
		if (pthread_create(&thread, NULL, wait_for_ever, NULL))
			_exit(98);
}

static void with_threads(void)
{
	pid_t child = victim(make_threads);

	kill(child, SIGTERM);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "kill");
	tell("'pid': %d, 'threads': {'length': 4}", child);
}

static void note(int number)
{
	(void)number;
}

static void catch_and_leave(int number)
{
	_exit(number);
}

/* Nobody's murder: it was caught, and the process went on to end as it liked. */
static void caught(void)
{
	atomic_int *seen = shared(sizeof(*seen));
	pid_t child = fork_at(NULL);

	if (!child) {
		signal(SIGTERM, note);
		atomic_store(seen, 1);
		pause();
		_exit(0);
	}
	await(seen, 1);
	await_state(child, 'S');
	kill(child, SIGTERM);
	reap(child);
	tell("'pid': %d, 'end': {'kind': 'normal', 'code': 0, 'signal': null, 'by': null}", child);
}

static void leave_on_term(void)
{
	signal(SIGTERM, catch_and_leave);
}

static void caught_and_left(void)
{
	pid_t child = victim(leave_on_term);

	kill(child, SIGTERM);
	reap(child);
	tell("'pid': %d, 'end': {'kind': 'error', 'code': 15, 'signal': null, 'by': null}", child);
}

static void die_of_it(int number)
{
	signal(number, SIG_DFL);
	raise(number);
}

static void raise_on_term(void)
{
	struct sigaction action = {.sa_handler = die_of_it, .sa_flags = SA_NODEFER};

	sigaction(SIGTERM, &action, NULL);
}

/* The polite way to die of a signal: clean up, then raise it again. */
static void caught_and_raised(void)
{
	pid_t child = victim(raise_on_term);
	char by[256];
	int status;

	kill(child, SIGTERM);
	status = reap_at(child, NULL);
	snprintf(by, sizeof(by),
		 "{'pid': %d, 'why': 'self', 'first': {'pid': %d, 'signal': 'SIGTERM', 'why': 'kill', 'call': 'kill'}}",
		 child, getpid());
	tell_signal_end(child, status, "killed", by);
}

/* Ignored, blocked, and at last deadly: only the last one counts. */
static void ignore_term(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGUSR1, note);
}

static void after_harmless_ones(void)
{
	pid_t child = victim(ignore_term);

	kill(child, SIGTERM);
	kill(child, SIGUSR1);
	kill(child, SIGUSR2);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "kill", "kill");
	tell("'pid': %d, 'end': {'signal': 'SIGUSR2'}", child);
}

struct pair {
	pid_t middle, young;
	atomic_int ready;
};

static void want_parent_death(void)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void parent_death(void)
{
	struct pair *pair = shared(sizeof(*pair));
	struct bracket death;
	pid_t middle;
	int status;

	become_subreaper();
	death.from = now_ns();
	middle = fork_at(NULL);
	if (!middle) {
		pair->young = victim(want_parent_death);
		_exit(0);
	}
	reap(middle);
	status = reap_at(pair->young, NULL);
	death.to = now_ns();
	tell_killed_by(pair->young, status, middle, "parent-death", NULL);
	tell("'pid': %d, 'end': {'at_ns': {'>=': %llu, '<=': %llu}}, 'zombie': {'reaper_pid': %d}", pair->young,
	     death.from, death.to, getpid());
}

/* The thread that made it ends; the process lives on: that counts as the parent's death, too. */
static void *make_and_leave(void *data)
{
	*(pid_t *)data = victim(want_parent_death);
	return NULL;
}

static void parent_thread_death(void)
{
	pthread_t thread;
	pid_t child;

	if (pthread_create(&thread, NULL, make_and_leave, &child))
		die("pthread_create");
	pthread_join(thread, NULL);
	tell_killed_by(child, reap_at(child, NULL), getpid(), "parent-death", NULL);
	tell("'pid': %d, 'orphaned': null", child);
}

/* As its init ends, a pid namespace is killed; init's last act is to ignore SIGCHLD, so nobody has to reap the dead. */
static void namespace_end(void)
{
	struct pair *pair = shared(sizeof(*pair));
	char text[32] = "";
	pid_t init;

	if (unshare(CLONE_NEWPID))
		skip("can't make a pid namespace");
	init = fork_at(NULL);
	if (!init) {
		pid_t young = fork_at(NULL);

		if (!young) {
			if (readlink("/proc/self", text, sizeof(text) - 1) > 0)
				pair->young = atoi(text);
			atomic_store(&pair->ready, 1);
			for (;;)
				pause();
		}
		await(&pair->ready, 1);
		_exit(0);
	}
	reap(init);
	tell("'pid': %d, 'ns_pid': 1, 'end': {'kind': 'normal'}", init);
	tell("'pid': %d, 'ns_pid': 2, 'end': {'kind': 'killed', 'signal': 'SIGKILL', 'by': {'pid': %d, 'why': "
	     "'namespace-end'}}, 'zombie': {'reaper_pid': null, 'auto': true}",
	     pair->young, init);
}

static const struct test_case cases[] = {
	{"kill", by_kill},
	{"real-time-signal", by_real_time_signal},
	{"pidfd_send_signal", by_pidfd},
	{"tgkill", by_tgkill},
	{"sigqueue", by_sigqueue},
	{"process-group", to_group},
	{"by-brother", by_brother},
	{"while-stopped", while_stopped},
	{"with-threads", with_threads},
	{"caught", caught},
	{"caught-and-left", caught_and_left},
	{"caught-and-raised", caught_and_raised},
	{"after-harmless-ones", after_harmless_ones},
	{"parent-death", parent_death},
	{"parent-thread-death", parent_thread_death},
	{"namespace-end", namespace_end},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
