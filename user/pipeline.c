/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One trace of one command: source -> model -> sink, and the command beside it; see pipeline.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "user/base/clock.h"
#include "user/base/descriptors.h"
#include "user/base/escape.h"
#include "user/base/message.h"
#include "user/base/privilege.h"
#include "user/pipeline/fold.h"
#include "user/pipeline/suspend.h"
#include "user/pipeline/trace.h"
#include "user/sink/output.h"

#define POLL_MS 50		   /* how long events may lie undrained while few come */
#define REPAIR_NS 1000000000u	   /* after a loss the living are counted anew, this often at most */
#define FEW_EVENTS 64		   /* so many at one go are not worth speaking of */
#define QUIET_NS 200000000u	   /* no more than that has happened for so long: is somebody stuck? … */
#define LOOK_NS 1000000000u	   /* … looked at this often at most while a little happens, … */
#define LOOK_LEAST_NS 10000000000u /* … ever less often in a silence, but this often, … */
#define LOOK_SHARE 50		   /* … and for no more than this part of the time */

struct pipeline {
	struct tracing trace;
	const struct pipeline_options *options;
	struct child child;
	bool command_ended, told_to_stop;
	int status; /* the command's wait status, once it ended */
	__u64 command_ended_ns;
	__u64 repaired_ns, repaired_losses;
	__u64 happened, happened_ns; /* how many events came of themselves, and when the last did */
	__u64 stirred_ns;	     /* when more than a few came */
	__u64 looked_ns, look_took_ns, looked_happened;
};

static void hear_change(void *ctx, const struct change *change)
{
	struct pipeline *pipeline = ctx;
	const struct pipeline_options *options = pipeline->options;

	if (options->sink && options->sink->change)
		options->sink->change(pipeline->trace.sink, change);
	if (options->hear)
		options->hear(options->hear_ctx, change);
}

/* Not just an answer to our question who is there. */
static bool happens(const struct event *event)
{
	return event->kind < EVENT_ALIVE && event->kind != EVENT_BLOCKED && event->kind != EVENT_WAKER;
}

static int hear_event(void *ctx, const struct event *event)
{
	struct pipeline *pipeline = ctx;
	int result;

	if (happens(event)) {
		pipeline->happened++;
		pipeline->happened_ns = event->at_ns;
	}
	result = model_feed(pipeline->trace.result->model, event);
	if (pipeline->options->most_kept)
		fold(&pipeline->trace, pipeline->options->most_kept, pipeline->command_ended_ns);
	return result;
}

/* The command's identity for the report: the first process that is born of us. */
static void know_command(struct pipeline *pipeline)
{
	struct trace *trace = &pipeline->trace.result->trace;
	struct process *root = model_find_pid(pipeline->trace.result->model, trace->command_pid);

	if (root && !trace->command_start_ns)
		trace->command_start_ns = root->birth_ns;
}

static int drain(struct pipeline *pipeline, bool all)
{
	__u64 happened = pipeline->happened;
	int result = live_drain(pipeline->trace.live, all, hear_event, pipeline);

	if (pipeline->happened - happened > FEW_EVENTS)
		pipeline->stirred_ns = clock_now_ns(CLOCK_BOOTTIME);
	know_command(pipeline);
	return result;
}

/* Reaps whatever is ours: the command, and children that CLONE_PARENT made our own. */
static void reap(struct pipeline *pipeline)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != pipeline->child.pid)
			continue;
		if (WIFSTOPPED(status)) {
			suspend_with(pid, WSTOPSIG(status));
			continue;
		}
		pipeline->command_ended = true;
		pipeline->command_ended_ns = clock_now_ns(CLOCK_BOOTTIME);
		pipeline->status = status;
	}
}

/* From the terminal a signal reaches the command as well, which decides what comes of it; one sent to us alone means
 * that the trace is to end now. */
static void take_signals(struct pipeline *pipeline)
{
	struct signalfd_siginfo info;

	while (read(pipeline->trace.signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (info.ssi_code == SI_KERNEL && info.ssi_signo != SIGHUP)
			continue;
		pipeline->told_to_stop = true;
		pipeline->trace.result->exit_status = 128 + info.ssi_signo;
	}
}

static bool is_over(struct pipeline *pipeline)
{
	int wait_s = pipeline->options->wait_s;

	if (pipeline->told_to_stop)
		return true;
	if (!pipeline->command_ended)
		return false;
	if (wait_s == WAIT_COMMAND)
		return true;
	drain(pipeline, true);
	if (!model_stats(pipeline->trace.result->model)->alive)
		return true;
	return wait_s >= 0 && clock_now_ns(CLOCK_BOOTTIME) >= pipeline->command_ended_ns + (__u64)wait_s * 1000000000;
}

/* An end may be among what was lost: without this, a trace that waits for the last to end might wait for ever. */
static void repair_losses(struct pipeline *pipeline)
{
	__u64 lost = model_stats(pipeline->trace.result->model)->lost_lifecycle, now = clock_now_ns(CLOCK_BOOTTIME);

	if (lost == pipeline->repaired_losses || now < pipeline->repaired_ns + REPAIR_NS)
		return;
	pipeline->repaired_losses = lost;
	pipeline->repaired_ns = now;
	live_sweep(pipeline->trace.live, hear_event, pipeline);
}

/* How long after the last look the next one may be. One that comes to wait for ever makes no event of it: a silence is
 * looked into again when it is twice as long. */
static __u64 look_pause_ns(const struct pipeline *pipeline, __u64 now)
{
	__u64 silence_ns = pipeline->looked_ns - pipeline->happened_ns;

	if (pipeline->happened != pipeline->looked_happened)
		return now >= pipeline->happened_ns + QUIET_NS ? 0 : LOOK_NS;
	return silence_ns < LOOK_LEAST_NS ? silence_ns : LOOK_LEAST_NS;
}

static bool is_time_to_look(const struct pipeline *pipeline)
{
	__u64 now = clock_now_ns(CLOCK_BOOTTIME);

	return now >= pipeline->stirred_ns + QUIET_NS && now >= pipeline->looked_ns + look_pause_ns(pipeline, now) &&
	       now >= pipeline->looked_ns + LOOK_SHARE * pipeline->look_took_ns;
}

/* Those who wait for each other make no events: they are looked for, when there is little else to do. */
static void look(struct pipeline *pipeline)
{
	__u64 began_ns = clock_now_ns(CLOCK_BOOTTIME);

	pipeline->looked_happened = pipeline->happened;
	live_look(pipeline->trace.live, hear_event, pipeline);
	pipeline->looked_ns = clock_now_ns(CLOCK_BOOTTIME);
	pipeline->look_took_ns = pipeline->looked_ns - began_ns;
}

static void trace_until_over(struct pipeline *pipeline)
{
	struct pollfd polled[2] = {{.fd = pipeline->trace.signal_fd, .events = POLLIN},
				   {.fd = live_fd(pipeline->trace.live), .events = POLLIN}};

	while (!is_over(pipeline)) {
		poll(polled, 2, POLL_MS);
		take_signals(pipeline);
		reap(pipeline);
		tracing_follow_clock(&pipeline->trace);
		drain(pipeline, false);
		repair_losses(pipeline);
		if (is_time_to_look(pipeline))
			look(pipeline);
	}
}

/* The exit status that tells how the command ended, as a shell would. */
static int status_to_exit(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int say_exec_error(const struct pipeline_options *options, int error)
{
	struct buffer name = {0};

	escape_word(&name, options->argv[0]);
	if (error > 0)
		message("can't run %s: %s", name.data ? name.data : "", strerror(error));
	else
		message("can't run %s as that user in that folder: %s%s", name.data ? name.data : "", strerror(-error),
			error == -EPERM ? "; another user takes CAP_SETUID and CAP_SETGID" : "");
	buffer_free(&name);
	return error == ENOENT ? 127 : error > 0 ? 126 : TRACE_FAILED;
}

/* The command has them: a reader of its pipes must not wait for us. */
static void give_up_descriptors(const struct pipeline_options *options)
{
	descriptors_close_inherited();
	if (!options->gives_up_standard_files)
		return;
	descriptors_give_up(STDIN_FILENO);
	if (!options->sink_options.out || fileno(options->sink_options.out) != STDOUT_FILENO)
		descriptors_give_up(STDOUT_FILENO);
}

static int fork_command(struct pipeline *pipeline)
{
	const struct pipeline_options *options = pipeline->options;
	const struct identity *as = options->as;
	struct child_plan plan = {.argv = options->argv, .blocked = options->blocked};

	if (as) {
		plan.changes_user = true;
		plan.uid = as->uid;
		plan.gid = as->gid;
		plan.groups = as->groups;
		plan.group_count = as->group_count;
		plan.environment = as->environment;
		plan.folder = as->folder;
	}
	live_follow_child_of(pipeline->trace.live, getpid());
	if (child_fork(&pipeline->child, &plan)) {
		message("can't fork a process for the program: %s; %s", strerror(errno),
			errno == EMFILE ? "'ulimit -n' limits open files"
					: "'ulimit -u' and pids.max of the control group limit processes");
		return -1;
	}
	live_follow_child_of(pipeline->trace.live, 0);
	give_up_descriptors(options);
	pipeline->trace.result->trace.command_pid = live_root(pipeline->trace.live);
	if (pipeline->trace.result->trace.command_pid)
		return 0;
	message("the kernel did not report the birth of the command's process: the command is not started");
	child_cancel(&pipeline->child);
	return -1;
}

/* The finest that anybody asks for. */
static __u64 detail_wanted(const struct pipeline_options *options)
{
	__u64 detail_ns = options->sink ? options->sink->detail_ns : UNKNOWN_NS;

	return options->hear && options->detail_ns < detail_ns ? options->detail_ns : detail_ns;
}

/* All that must stand before the command may start. */
static int prepare(struct pipeline *pipeline)
{
	const struct pipeline_options *options = pipeline->options;
	struct live_options live = {.lifecycle_bytes = options->lifecycle_bytes,
				    .timeline_bytes = options->timeline_bytes,
				    .detail_ns = detail_wanted(options),
				    .states = true,
				    .wakers = true,
				    .exact_reaps = true,
				    .threads = true,
				    .verbose = options->sink_options.verbose};
	struct live_ability ability;

	if (tracing_attach(&pipeline->trace, &live, &ability) || tracing_start(&pipeline->trace, hear_change, pipeline))
		return -1;
	pipeline->stirred_ns = pipeline->looked_ns = pipeline->trace.result->trace.started_ns;
	return fork_command(pipeline);
}

/* Whoever reads only this message must not take the program for failed. */
static void say_lost_report(const struct pipeline_result *result)
{
	char what[100] = "the report of a program that has not ended";

	if (result->trace.exit_status >= 0)
		snprintf(what, sizeof(what), "the report of a program that ended with exit status %d",
			 result->trace.exit_status);
	say_unwritten(what);
}

/* An empty file would be taken for a report on nothing. It needs no memory: that may be what is short. */
static void leave_note(const struct pipeline_options *options, const char *why)
{
	int fd = options->sink_options.out ? fileno(options->sink_options.out) : -1, length;
	bool is_text = options->sink == sink_kinds[0];
	struct stat file;
	char note[160];

	if (fd < 0 || fstat(fd, &file) || !S_ISREG(file.st_mode) || file.st_size)
		return;
	length = snprintf(note, sizeof(note), is_text ? "%s%s\n" : "{\"error\": \"%s%s\"}\n",
			  "proclife could not write the report: ", why);
	if (write(fd, note, (size_t)length) != length)
		return; /* it stays empty, as on a full disk: standard error has the message */
}

/* The trace has ended: what lives is told of once more, conclusions are drawn, the report is written. */
static void conclude(struct pipeline *pipeline)
{
	struct pipeline_result *result = pipeline->trace.result;
	struct trace *trace = &result->trace;

	drain(pipeline, true);
	live_sweep(pipeline->trace.live, hear_event, pipeline);
	drain(pipeline, true); /* an end that was half told as the ring was read */
	trace->ended_ns = clock_now_ns(CLOCK_BOOTTIME);
	trace->exit_status = pipeline->command_ended ? status_to_exit(pipeline->status) : -1;
	if (pipeline->command_ended && !pipeline->told_to_stop)
		result->exit_status = trace->exit_status;
	result->findings.command = model_find(result->model, trace->command_pid, trace->command_start_ns);
	result->findings.ended_ns = pipeline->command_ended ? pipeline->command_ended_ns : trace->ended_ns;
	if (!tracing_conclude(&pipeline->trace))
		return;
	leave_note(pipeline->options, strerror(errno));
	say_lost_report(result);
}

/* A stop at the terminal is passed on to our process group, in which sudo or a script of root may be. */
static void drop_privileges(const struct pipeline *pipeline)
{
	struct privilege_needs needs = {.loads_again = pipeline->options->again,
					.keeps_cpu = pipeline->trace.keeps_cpu,
					.signals_group = true,
					.folder = -1};

	if (privilege_drop(&needs))
		message("not all privileges can be dropped, and the trace goes on with them: %s", strerror(errno));
}

/* The command is forked by now, and has all signals as they came to us. Where SIGCHLD came ignored, children would be
 * gone before we could ask how they ended. */
static void run(struct pipeline *pipeline)
{
	static const int caught[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD, 0};
	struct pipeline_result *result = pipeline->trace.result;
	int error;

	if (tracing_catch_signals(&pipeline->trace, caught))
		return;
	signal(SIGCHLD, SIG_DFL);
	drop_privileges(pipeline);
	error = child_go(&pipeline->child);
	if (error) {
		result->exit_status = say_exec_error(pipeline->options, error);
		leave_note(pipeline->options, "the program did not start");
		waitpid(pipeline->child.pid, NULL, 0);
	} else {
		output_begin(&pipeline->options->sink_options);
		trace_until_over(pipeline);
		conclude(pipeline);
	}
}

int pipeline_run(const struct pipeline_options *options, struct pipeline_result *result)
{
	struct pipeline pipeline = {.trace = tracing_of(result, options->sink, &options->sink_options),
				    .options = options};

	result->trace.argv = options->argv;
	result->trace.most_kept = options->most_kept;
	if (!prepare(&pipeline))
		run(&pipeline);
	else
		leave_note(options, "the trace did not begin");
	tracing_end(&pipeline.trace);
	return result->exit_status;
}

void pipeline_free(struct pipeline_result *result)
{
	findings_free(&result->findings);
	model_free(result->model);
	free((char *)result->trace.kernel);
	free((char *)result->trace.machine);
	memset(result, 0, sizeof(*result));
}
