/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A trace of the live machine: who lives already, then what happens, until it is told to end; see user/pipeline.h.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "user/base/clock.h"
#include "user/base/descriptors.h"
#include "user/base/message.h"
#include "user/base/privilege.h"
#include "user/pipeline/rotate.h"
#include "user/pipeline/trace.h"
#include "user/sink/output.h"

#define POLL_MS 50	       /* how long events may lie undrained while few come */
#define LOOK_NS 10000000000u   /* the living are looked at this often: what no event tells of, and what was lost */
#define CLOSELY_NS 5000000000u /* for those who wait for each other, if they are wanted, this often */
#define LOOK_SHARE 50	       /* … and for no more than this part of the time */
#define REPAIR_NS 1000000000u  /* after a loss, or if zombies may be gone already, sooner */
#define FORGET_NS 1000000000u  /* the dead are let go this often, … */
#define FORGET_COUNT 1000      /* … or when these many and a quarter have come beyond those who stayed */
#define REMEMBER_NS 250000000u /* and remembered for so long */
#define TRIM_NS 10000000000u   /* free memory is given back no more often than this */

struct machine {
	struct tracing trace;
	const struct watch_options *options;
	bool over, broken; /* broken: nobody reads what we write */
	bool reaps_are_bounds;
	bool resized; /* the terminal */
	__u64 looked_ns, look_took_ns, looked_losses, closely_ns, closely_took_ns, forgot_ns, ticked_ns;
	int stayed; /* how many were known after the dead were last let go */
	__u64 trimmed_ns;
	int folder; /* of the output, which may be opened anew; -1: there is none */
};

static __u64 now_ns(void)
{
	return clock_now_ns(CLOCK_BOOTTIME);
}

static void hear_change(void *ctx, const struct change *change)
{
	struct machine *machine = ctx;
	const struct watch_options *options = machine->options;

	if (options->filter && !filter_passes(options->filter, change))
		return;
	if (options->sink && options->sink->change)
		options->sink->change(machine->trace.sink, change);
	if (options->hear)
		options->hear(options->ctx, change);
}

static int hear_event(void *ctx, const struct event *event)
{
	struct machine *machine = ctx;

	return model_feed(machine->trace.result->model, event);
}

static bool looks_closely(const struct machine *machine, __u64 now)
{
	return machine->options->deadlocks && now >= machine->closely_ns + CLOSELY_NS &&
	       now >= machine->closely_ns + LOOK_SHARE * machine->closely_took_ns;
}

/* The kernel tells of all that live. A loss is made good as far as that can be, and what no event told is noticed. */
static void look(struct machine *machine)
{
	__u64 began_ns = now_ns();
	bool closely = looks_closely(machine, began_ns);

	machine->looked_losses = model_stats(machine->trace.result->model)->lost_lifecycle;
	if (closely)
		live_look(machine->trace.live, hear_event, machine);
	else
		live_sweep(machine->trace.live, hear_event, machine);
	machine->looked_ns = now_ns();
	machine->look_took_ns = machine->looked_ns - began_ns;
	if (closely) {
		machine->closely_ns = machine->looked_ns;
		machine->closely_took_ns = machine->look_took_ns;
	}
}

static bool is_time_to_look(const struct machine *machine, __u64 now)
{
	__u64 pause_ns = machine->options->deadlocks ? CLOSELY_NS : LOOK_NS;

	if (model_stats(machine->trace.result->model)->lost_lifecycle != machine->looked_losses ||
	    (machine->reaps_are_bounds && model_stats(machine->trace.result->model)->zombies))
		pause_ns = REPAIR_NS;
	if (pause_ns < LOOK_SHARE * machine->look_took_ns)
		pause_ns = LOOK_SHARE * machine->look_took_ns;
	return now >= machine->looked_ns + pause_ns;
}

/* What those run that were here before us; /proc tells, while we still may read all of it. */
static void read_images(struct machine *machine)
{
	struct model *model = machine->trace.result->model;

	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (process->existing && process->end == ENDED_NONE)
			image_tell(process->pid, process->birth_ns, now_ns(), hear_event, machine);
	}
}

/* Memory that a storm, or a delay of this program, left free in the allocator is given back to the kernel. */
static void give_back(struct machine *machine, __u64 now)
{
	struct mallinfo2 memory;

	if (now < machine->trimmed_ns + TRIM_NS)
		return;
	machine->trimmed_ns = now;
	memory = mallinfo2();
	if (memory.fordblks > memory.uordblks)
		malloc_trim(0);
}

static void forget(struct machine *machine, __u64 now)
{
	struct model *model = machine->trace.result->model;
	bool many = model_count(model) > machine->stayed + machine->stayed / 4 + FORGET_COUNT;
	__u64 before_ns = now - REMEMBER_NS;

	if (machine->options->keeps || (!many && now < machine->forgot_ns + FORGET_NS))
		return;
	if (machine->options->tick && before_ns > machine->ticked_ns)
		before_ns = machine->ticked_ns; /* who counts at each tick has not counted them yet */
	machine->forgot_ns = now;
	model_forget(model, before_ns);
	machine->stayed = model_count(model);
	give_back(machine, now);
}

/* Up to when it is certain which processes still are zombies. */
static __u64 certain_ns(const struct machine *machine, __u64 now)
{
	return machine->reaps_are_bounds ? machine->looked_ns : now;
}

/* The old one stays in use if the new one can't be had: better a log in the wrong place than none. */
static void reopen(struct machine *machine)
{
	const struct watch_options *options = machine->options;
	int fd;

	if (options->sink->tick(machine->trace.sink, machine->trace.result->model, certain_ns(machine, now_ns())))
		machine->broken = true;
	fd = rotate_open(machine->folder, options->output);
	if (fd < 0 || dup3(fd, fileno(options->sink_options.out), O_CLOEXEC) < 0)
		say_unwritten(options->output);
	if (fd >= 0)
		close(fd);
}

static void take_signals(struct machine *machine)
{
	struct signalfd_siginfo info;

	while (read(machine->trace.signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP && machine->options->output)
			reopen(machine);
		else if (info.ssi_signo == SIGWINCH)
			machine->resized = true;
		else
			machine->over = true;
	}
}

/* The user of a screen has pressed a key, or changed its size. */
static void take_input(struct machine *machine, bool ready)
{
	const struct watch_options *options = machine->options;

	if (options->input && (ready || machine->resized) && options->input(options->ctx, machine->trace.result->model))
		machine->over = true;
	machine->resized = false;
}

/* What is to be told by now is written. */
static void write_out(struct machine *machine, __u64 now)
{
	const struct watch_options *options = machine->options;

	if (options->sink && options->sink->tick &&
	    options->sink->tick(machine->trace.sink, machine->trace.result->model, certain_ns(machine, now)))
		machine->broken = true;
}

static void tick(struct machine *machine, __u64 now)
{
	const struct watch_options *options = machine->options;

	write_out(machine, now);
	if (!options->tick || now < machine->ticked_ns + options->tick_ns)
		return;
	machine->ticked_ns = now;
	look(machine);
	if (options->tick(options->ctx, machine->trace.result->model, now_ns()))
		machine->over = true;
}

static int pause_ms(const struct machine *machine, __u64 now)
{
	const struct watch_options *options = machine->options;
	__u64 until = now + POLL_MS * 1000000ull, end = machine->trace.result->trace.started_ns + options->for_ns;

	if (options->for_ns && end < until)
		until = end;
	return until > now ? (int)((until - now) / 1000000) + 1 : 0;
}

static void watch(struct machine *machine)
{
	const struct watch_options *options = machine->options;
	FILE *out = options->sink ? options->sink_options.out : NULL;
	struct pollfd polled[] = {{.fd = machine->trace.signal_fd, .events = POLLIN},
				  {.fd = live_fd(machine->trace.live), .events = POLLIN},
				  {.fd = options->input ? options->input_fd : -1, .events = POLLIN},
				  {.fd = out ? fileno(out) : -1}}; /* for the end of who reads us */
	__u64 end_ns = options->for_ns ? machine->trace.result->trace.started_ns + options->for_ns : UNKNOWN_NS;

	write_out(machine, now_ns()); /* nobody has to wait for the first */
	while (!machine->over && !machine->broken && now_ns() < end_ns) {
		__u64 now;

		poll(polled, sizeof(polled) / sizeof(*polled), pause_ms(machine, now_ns()));
		take_signals(machine);
		tracing_follow_clock(&machine->trace);
		live_drain(machine->trace.live, false, hear_event, machine);
		take_input(machine, polled[2].revents);
		if (polled[3].revents & POLLERR)
			machine->broken = true;
		now = now_ns();
		if (is_time_to_look(machine, now))
			look(machine);
		tick(machine, now);
		forget(machine, now);
	}
}

static __u64 detail_wanted(const struct watch_options *options)
{
	if (!options->states)
		return UNKNOWN_NS;
	return options->sink && options->detailed ? options->sink->detail_ns : UNKNOWN_NS;
}

/* Of the whole machine they would cost everybody something, so they have to be asked for. */
static bool wants_exact_reaps(const struct watch_options *options)
{
	return options->exact_reaps || options->states || options->pid;
}

/* States are dear: what the kernel can tell apart does not pay for what is not told of. */
static void pass_on_filter(struct live_options *live, const struct filter *filter)
{
	if (filter->by_user)
		live->uid = &filter->uid;
	if (filter->cgroup && !cgroups_place(filter->cgroups, filter->cgroup, &live->cgroup, &live->cgroup_level))
		live->cgroup = 0;
}

/* A process that /proc hides from us is there all the same: a signal would find it. */
static void say_not_followed(__u32 pid, int error)
{
	bool lives = error == ESRCH && (!kill((pid_t)pid, 0) || errno == EPERM);

	if (lives)
		message("--pid: process %u: /proc, which is mounted with hidepid, does not show it: CAP_SYS_PTRACE is missing, "
			"or the group of its option gid=",
			pid);
	else
		message("--pid: process %u: %s", pid, strerror(error));
}

/* The probes first, then who lives: nobody falls between the two. */
static int prepare(struct machine *machine)
{
	const struct watch_options *options = machine->options;
	struct live_options live = {.lifecycle_bytes = options->lifecycle_bytes,
				    .timeline_bytes = options->timeline_bytes,
				    .detail_ns = detail_wanted(options),
				    .follows_all = !options->pid,
				    .follows_roots = options->pid,
				    .states = options->states,
				    .wakers = options->wakers,
				    .exact_reaps = wants_exact_reaps(options),
				    .threads = options->threads,
				    .verbose = options->sink_options.verbose};
	struct live_ability ability;

	if (options->pid && own_pid_namespace() && !sees_host_pids()) {
		message("--pid: process %u: in a pid namespace of our own, as in a container, pids can't be told apart: "
			"run on the host, or with --pid=host",
			options->pid);
		return -1;
	}
	descriptors_close_inherited();
	if (options->filter)
		pass_on_filter(&live, options->filter);
	if (tracing_attach(&machine->trace, &live, &ability))
		return -1;
	output_begin(&options->sink_options);
	machine->reaps_are_bounds = !ability.exact_reaps || !live.exact_reaps;
	if (options->pid && live_adopt(machine->trace.live, options->pid)) {
		say_not_followed(options->pid, errno);
		return -1;
	}
	return tracing_start(&machine->trace, hear_change, machine);
}

static void conclude(struct machine *machine)
{
	struct pipeline_result *result = machine->trace.result;

	live_drain(machine->trace.live, true, hear_event, machine);
	machine->closely_ns = machine->closely_took_ns = 0;
	look(machine);
	if (machine->options->end)
		machine->options->end(machine->options->ctx, result->model, now_ns());
	result->trace.ended_ns = now_ns();
	result->findings.ended_ns = result->trace.ended_ns;
	if (!tracing_conclude(&machine->trace))
		return;
	result->exit_status = say_unwritten(machine->options->output ? machine->options->output : "standard output");
}

static void drop_privileges(struct machine *machine)
{
	const struct watch_options *options = machine->options;
	struct privilege_needs needs = {.reads_others = options->reads_on,
					.keeps_cpu = machine->trace.keeps_cpu,
					.keeps_user = options->output};

	machine->folder = options->output ? rotate_folder(options->output) : -1;
	needs.folder = machine->folder;
	if (privilege_drop(&needs))
		message("not all privileges can be dropped, and the trace goes on with them: %s", strerror(errno));
}

int pipeline_watch(const struct watch_options *options, struct pipeline_result *result)
{
	static const int caught[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, 0};
	struct machine machine = {
		.trace = tracing_of(result, options->sink, &options->sink_options), .options = options, .folder = -1};

	if (!tracing_catch_signals(&machine.trace, caught) && !prepare(&machine)) {
		result->exit_status = 0;
		look(&machine);
		read_images(&machine);
		drop_privileges(&machine);
		watch(&machine);
		conclude(&machine);
	}
	if (machine.folder >= 0)
		close(machine.folder);
	tracing_end(&machine.trace);
	return result->exit_status;
}
