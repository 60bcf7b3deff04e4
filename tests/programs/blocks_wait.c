/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Blocked on locks, semaphores, messages, signals and time.
 */
#include "scene.h"

#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

static void wait_futex(struct scene *scene)
{
	must(syscall(SYS_futex, &scene->futex, FUTEX_WAIT, 0, NULL, NULL, 0));
}

static void wake_futex(struct scene *scene)
{
	must(syscall(SYS_futex, &scene->futex, FUTEX_WAKE, 1, NULL, NULL, 0));
}

static void futex_case(void)
{
	play(new_scene(), "futex", wait_futex, wake_futex);
}

static void open_file(struct scene *scene)
{
	FILE *file = tmpfile();

	if (!file)
		die("tmpfile");
	snprintf(scene->path, sizeof(scene->path), "/proc/%d/fd/%d", getpid(), fileno(file));
	scene->fds[0] = fileno(file);
}

static void lock_file(struct scene *scene)
{
	must(flock(open(scene->path, O_RDWR), LOCK_EX));
}

static void unlock_file(struct scene *scene)
{
	must(flock(scene->fds[0], LOCK_UN));
}

static void flock_case(void)
{
	struct scene *scene = new_scene();

	open_file(scene);
	must(flock(scene->fds[0], LOCK_EX));
	play(scene, "file-lock", lock_file, unlock_file);
}

static void set_record_lock(struct scene *scene, int kind)
{
	struct flock lock = {.l_type = kind, .l_whence = SEEK_SET};

	must(fcntl(scene->fds[0], F_SETLKW, &lock));
}

static void lock_record(struct scene *scene)
{
	set_record_lock(scene, F_WRLCK);
}

static void unlock_record(struct scene *scene)
{
	set_record_lock(scene, F_UNLCK);
}

static void record_lock(void)
{
	struct scene *scene = new_scene();

	open_file(scene);
	lock_record(scene);
	play(scene, "file-lock", lock_record, unlock_record);
}

static void change_semaphore(struct scene *scene, int by)
{
	must(semop(scene->fds[0], &(struct sembuf){.sem_op = by}, 1));
}

static void take_semaphore(struct scene *scene)
{
	change_semaphore(scene, -1);
}

static void give_semaphore(struct scene *scene)
{
	change_semaphore(scene, 1);
}

static void semaphore(void)
{
	struct scene *scene = new_scene();

	scene->fds[0] = semget(IPC_PRIVATE, 1, 0600);
	play(scene, "semaphore", take_semaphore, give_semaphore);
	semctl(scene->fds[0], 0, IPC_RMID);
}

static void receive_message(struct scene *scene)
{
	char text[64];

	must(mq_receive(scene->queue, text, sizeof(text), NULL));
}

static void send_message(struct scene *scene)
{
	must(mq_send(scene->queue, "x", 1, 0));
}

static void message_queue(void)
{
	struct scene *scene = new_scene();
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 64};

	snprintf(scene->path, sizeof(scene->path), "/proclife-test-%d", getpid());
	scene->queue = mq_open(scene->path, O_RDWR | O_CREAT, 0600, &attributes);
	if (scene->queue < 0)
		skip("no POSIX message queues here");
	mq_unlink(scene->path);
	play(scene, "message-queue", receive_message, send_message);
}

struct message {
	long kind;
	char text[8];
};

static void receive_old(struct scene *scene)
{
	struct message message;

	must(msgrcv(scene->fds[0], &message, sizeof(message.text), 0, 0));
}

static void send_old(struct scene *scene)
{
	struct message message = {1, "x"};

	must(msgsnd(scene->fds[0], &message, sizeof(message.text), 0));
}

static void old_message_queue(void)
{
	struct scene *scene = new_scene();

	scene->fds[0] = msgget(IPC_PRIVATE, 0600);
	play(scene, "message-queue", receive_old, send_old);
	msgctl(scene->fds[0], IPC_RMID, NULL);
}

static void note(int number)
{
	(void)number;
}

static void pause_once(struct scene *scene)
{
	(void)scene;
	pause();
}

static void send_signal(struct scene *scene)
{
	kill(scene->child, SIGUSR1);
}

static void pause_case(void)
{
	signal(SIGUSR1, note);
	play(new_scene(), "signal", pause_once, send_signal);
}

/* What pause(3) does where the kernel has no pause(2). */
static void poll_nothing(struct scene *scene)
{
	(void)scene;
	ppoll(NULL, 0, NULL, NULL);
}

static void poll_nothing_case(void)
{
	signal(SIGUSR1, note);
	play(new_scene(), "signal", poll_nothing, send_signal);
}

/* A time limit makes it a poll, even of no file. */
static void poll_for_a_time(struct scene *scene)
{
	(void)scene;
	ppoll(NULL, 0, &(struct timespec){.tv_nsec = SPELL}, NULL);
}

static void poll_for_a_time_case(void)
{
	play_timer(new_scene(), "poll", poll_for_a_time);
}

static sigset_t blocked_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return set;
}

static void wait_for_signal(struct scene *scene)
{
	sigset_t set = blocked_signal();

	(void)scene;
	must(sigwaitinfo(&set, NULL));
}

static void sigwait_case(void)
{
	blocked_signal();
	play(new_scene(), "signal", wait_for_signal, send_signal);
}

static void read_signal(struct scene *scene)
{
	struct signalfd_siginfo info;

	must(read(scene->fds[0], &info, sizeof(info)));
}

static void signalfd_case(void)
{
	struct scene *scene = new_scene();
	sigset_t set = blocked_signal();

	scene->fds[0] = signalfd(-1, &set, 0);
	play(scene, "signal", read_signal, send_signal);
}

static void sleep_once(struct scene *scene)
{
	(void)scene;
	must(nanosleep(&(struct timespec){.tv_nsec = SPELL}, NULL));
}

static void sleep_case(void)
{
	play_timer(new_scene(), "sleep", sleep_once);
}

static void read_timer(struct scene *scene)
{
	unsigned long long expirations;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	(void)scene;
	must(timerfd_settime(fd, 0, &(struct itimerspec){.it_value.tv_nsec = SPELL}, NULL));
	must(read(fd, &expirations, sizeof(expirations)));
}

/* The spell begins as the timer is set: a little of it may pass before the read. */
static void timerfd_case(void)
{
	struct scene *scene = new_scene();

	start(scene, read_timer);
	finish(scene, "sleep", SPELL / 2, "{'irq': true, 'process': null, 'pid': null}");
}

static const struct test_case cases[] = {
	{"futex", futex_case},
	{"flock", flock_case},
	{"record-lock", record_lock},
	{"semaphore", semaphore},
	{"message-queue", message_queue},
	{"old-message-queue", old_message_queue},
	{"pause", pause_case},
	{"poll-nothing", poll_nothing_case},
	{"poll-for-a-time", poll_for_a_time_case},
	{"sigwait", sigwait_case},
	{"signalfd", signalfd_case},
	{"sleep", sleep_case},
	{"timerfd", timerfd_case},
	{NULL, NULL},
};

int main(int argc, char **argv)
{
	return run_case(cases, argc, argv);
}
