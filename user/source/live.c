/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The live source: loads and attaches the probes, drains their rings. The only file that knows the skeleton.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "bpf/reason.h"
#include "proclife.skel.h"
#include "user/base/clock.h"
#include "user/base/message.h"
#include "user/source/batch.h"
#include "user/source/kernel_facts.h"
#include "user/source/proc.h"

#define LIFECYCLE_BYTES (8u << 20)
#define TIMELINE_BYTES (16u << 20)
#define BATCH_BYTES (32u << 20) /* as much as is sorted at once */
#define SNAPSHOT_BYTES 65536
#define ADOPT_ROUNDS 16
#define HOLD_BACK_NS 2000000u /* events this young may still be overtaken by older ones from another CPU */

struct live {
	struct proclife_bpf *bpf;
	struct ring_buffer *rings;
	struct batch batch;
	__u64 told_lifecycle, told_timeline; /* losses as last handed on */
	__u64 dropped;			     /* events for which the batch had no memory */
	bool met_pipe_wait, met_lock_wait;   /* by the latest sweep: somebody might wait so for ever */
};

static __u64 now_ns(void)
{
	return clock_now_ns(CLOCK_BOOTTIME);
}

/* Fits probes and settings to this kernel. */
static void fit_kernel(struct proclife_bpf *bpf, const struct live_options *options, const struct kernel_facts *facts)
{
	bool wakings = options->wakers || !facts->ready_times;

	bpf->rodata->exit_tells_last = facts->exit_tells_last;
	bpf->rodata->can_cast = facts->can_cast;
	bpf->rodata->exact_reaps = facts->free_tells_cache && options->exact_reaps;
	bpf_program__set_autoload(bpf->progs.slab_free, bpf->rodata->exact_reaps);
	bpf_program__set_autoload(bpf->progs.open_files, facts->open_files);
	bpf_program__set_autoload(bpf->progs.sched_waking, options->states && wakings);
}

static unsigned int ring_size(size_t wanted, unsigned int otherwise)
{
	unsigned int size = getpagesize();

	while (size < (wanted ? wanted : otherwise) && size < 1u << 30)
		size *= 2;
	return size;
}

/* Odd, so that no two addresses become one. */
static __u64 salt(void)
{
	__u64 number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = now_ns();
	return number | 1;
}

static void set_rings(struct proclife_bpf *bpf, const struct live_options *options)
{
	unsigned int lifecycle = ring_size(options->lifecycle_bytes, LIFECYCLE_BYTES);
	unsigned int timeline = ring_size(options->timeline_bytes, TIMELINE_BYTES);

	bpf_map__set_max_entries(bpf->maps.lifecycle, lifecycle);
	bpf_map__set_max_entries(bpf->maps.timeline, timeline);
	bpf->rodata->ring_wake_bytes = (lifecycle < timeline ? lifecycle : timeline) / 4;
	bpf->rodata->detail_ns = options->detail_ns;
	bpf->rodata->follow_all = options->follows_all;
	bpf->rodata->follow_roots = options->follows_roots;
	bpf->rodata->own_namespace = own_pid_namespace();
	bpf->rodata->with_states = options->states;
	bpf->rodata->with_wakers = options->wakers;
	bpf->rodata->with_threads = options->states || options->threads;
	bpf->rodata->count_uid = options->uid ? *options->uid : ~0u;
	bpf->rodata->count_cgroup = options->cgroup;
	bpf->rodata->count_level = options->cgroup_level;
	bpf->rodata->file_salt = salt();
}

/* What nobody asks for costs nothing. */
static void choose_probes(struct proclife_bpf *bpf, const struct live_options *options)
{
	bpf_program__set_autoload(bpf->progs.sched_switch, options->states);
	bpf_program__set_autoload(bpf->progs.last_changes, options->states);
	bpf_program__set_autoload(bpf->progs.task_rename, !options->states);
}

static int take(void *ctx, void *data, size_t size)
{
	struct live *live = ctx;
	const struct event *event = data;

	if (size < sizeof(*event) + event->size || batch_add(&live->batch, event))
		live->dropped++;
	return live->batch.size >= BATCH_BYTES ? -E2BIG : 0;
}

static int open_rings(struct live *live)
{
	live->rings = ring_buffer__new(bpf_map__fd(live->bpf->maps.lifecycle), take, live, NULL);
	if (!live->rings)
		return -1;
	return ring_buffer__add(live->rings, bpf_map__fd(live->bpf->maps.timeline), take, live);
}

static void say_why_not(int error)
{
	if (error == EPERM || error == EACCES)
		message("the kernel refuses the probes: run as root (or with CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN), "
			"see 'proclife doctor'");
	else
		message("the probes can't be loaded: %s; see 'proclife doctor'", strerror(error));
}

static int load(struct live *live, const struct live_options *options, const struct kernel_facts *facts)
{
	live->bpf = proclife_bpf__open();
	if (!live->bpf)
		return -errno;
	set_rings(live->bpf, options);
	choose_probes(live->bpf, options);
	fit_kernel(live->bpf, options, facts);
	errno = 0;
	if (!proclife_bpf__load(live->bpf))
		return 0;
	return errno ? -errno : -EINVAL;
}

/* The kernel's version mostly tells enough. */
static int load_fitting(struct live *live, const struct live_options *options, struct kernel_facts *facts)
{
	int error;

	if (!kernel_facts_by_version(facts)) {
		error = load(live, options, facts);
		if (!error || error == -EPERM)
			return error;
		proclife_bpf__destroy(live->bpf);
		live->bpf = NULL;
	}
	if (!kernel_facts_by_types(facts))
		return load(live, options, facts);
	message("this kernel has no BTF (/sys/kernel/btf/vmlinux): it needs CONFIG_DEBUG_INFO_BTF=y");
	return 1;
}

static int load_and_attach(struct live *live, const struct live_options *options, struct live_ability *ability)
{
	struct kernel_facts facts;
	int error = load_fitting(live, options, &facts);

	if (error)
		return error;
	*ability = (struct live_ability){.exact_reaps = facts.free_tells_cache, .open_files = facts.open_files};
	if (proclife_bpf__attach(live->bpf) || open_rings(live))
		return errno ? -errno : -EINVAL;
	return 0;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

struct live *live_open(const struct live_options *options, struct live_ability *ability)
{
	struct live *live = calloc(1, sizeof(*live));
	int error;

	if (!live) {
		message("out of memory");
		return NULL;
	}
	if (!getenv("PROCLIFE_VERBOSE_LIBBPF"))
		libbpf_set_print(quiet);
	error = load_and_attach(live, options, ability);
	if (!error)
		return live;
	if (error < 0)
		say_why_not(-error);
	live_close(live);
	return NULL;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	ring_buffer__free(live->rings);
	proclife_bpf__destroy(live->bpf);
	batch_free(&live->batch);
	free(live);
}

void live_follow_child_of(struct live *live, __u32 pid)
{
	live->bpf->bss->root_parent = pid;
}

__u32 live_root(const struct live *live)
{
	return live->bpf->bss->root_pid;
}

struct adoption {
	struct live *live;
	int found; /* that were not known yet */
	bool failed;
};

static void adopt_task(void *ctx, __u32 tid, __u64 start_ticks)
{
	struct adoption *adoption = ctx;
	struct proclife_bpf *bpf = adoption->live->bpf;
	__u32 bit = tid & (sizeof(bpf->bss->pid_bits) * 8 - 1);
	__u64 known;

	if (!bpf_map__lookup_elem(bpf->maps.roots, &tid, sizeof(tid), &known, sizeof(known), 0) && known == start_ticks)
		return;
	adoption->found++;
	if (bpf_map__update_elem(bpf->maps.roots, &tid, sizeof(tid), &start_ticks, sizeof(start_ticks), BPF_ANY))
		adoption->failed = true;
	__atomic_fetch_or(&bpf->bss->pid_bits[bit >> 6], 1ull << (bit & 63), __ATOMIC_SEQ_CST);
}

/* Whoever was born while we looked is found by looking again; children of the marked are followed by themselves. */
int live_adopt(struct live *live, __u32 pid)
{
	for (int round = 0; round < ADOPT_ROUNDS; round++) {
		struct adoption adoption = {.live = live};

		if (proc_family(pid, adopt_task, &adoption))
			return -1;
		if (adoption.failed) {
			errno = ENOSPC;
			return -1;
		}
		if (!adoption.found)
			break;
	}
	return 0;
}

int live_fd(const struct live *live)
{
	return ring_buffer__epoll_fd(live->rings);
}

static int tell_losses(struct live *live, event_fn hear, void *ctx)
{
	struct lost lost = {live->bpf->bss->lost_lifecycle + live->dropped, live->bpf->bss->lost_timeline};
	struct {
		struct event head;
		struct lost lost;
	} event = {.head = {.kind = EVENT_LOST, .size = sizeof(lost), .at_ns = now_ns()}, .lost = lost};

	if (lost.lifecycle == live->told_lifecycle && lost.timeline == live->told_timeline)
		return 0;
	live->told_lifecycle = lost.lifecycle;
	live->told_timeline = lost.timeline;
	return hear(ctx, &event.head);
}

int live_drain(struct live *live, bool all, event_fn hear, void *ctx)
{
	int result = 0, full;

	do {
		__u64 horizon = all ? ~(__u64)0 : now_ns() - HOLD_BACK_NS;

		full = ring_buffer__consume(live->rings) == -E2BIG;
		result |= batch_deliver(&live->batch, horizon, hear, ctx);
	} while (full);
	return result | tell_losses(live, hear, ctx);
}

static void notice_wait(struct live *live, const struct event *event)
{
	struct alive alive;

	if (event->kind != EVENT_ALIVE || event->size < sizeof(alive))
		return;
	memcpy(&alive, PAYLOAD(event), sizeof(alive));
	if (alive.state != STATE_BLOCKED || alive.flags & ALIVE_MAY_WAKE)
		return;
	live->met_pipe_wait |= alive.reason == REASON_PIPE_READ || alive.reason == REASON_PIPE_WRITE;
	live->met_lock_wait |= alive.reason == REASON_FILE_LOCK;
}

/* Takes the whole records among `size` bytes; returns how many bytes they are. */
static size_t take_records(struct live *live, const char *bytes, size_t size)
{
	struct event head;
	size_t at = 0;

	while (size - at >= sizeof(head)) {
		memcpy(&head, bytes + at, sizeof(head));
		if (size - at < sizeof(head) + head.size)
			break;
		notice_wait(live, (const struct event *)(bytes + at));
		if (batch_add(&live->batch, (const struct event *)(bytes + at)))
			live->dropped++;
		at += sizeof(head) + head.size;
	}
	return at;
}

/* Reads what an iterator of the kernel tells to its end. 0, or -1 with errno. */
static int read_iterator(struct live *live, int fd)
{
	_Alignas(struct event) char bytes[SNAPSHOT_BYTES];
	size_t size = 0, taken;
	ssize_t got;

	while ((got = read(fd, bytes + size, sizeof(bytes) - size)) > 0 || (got < 0 && errno == EAGAIN)) {
		size += got > 0 ? got : 0;
		taken = take_records(live, bytes, size);
		memmove(bytes, bytes + taken, size - taken);
		size -= taken;
	}
	return got < 0 ? -1 : 0;
}

static int iterate(struct live *live, const struct bpf_link *link)
{
	int fd = bpf_iter_create(bpf_link__fd(link)), result;

	if (fd < 0)
		return -1;
	result = read_iterator(live, fd);
	close(fd);
	return result;
}

int live_sweep(struct live *live, event_fn hear, void *ctx)
{
	__u64 missed = live->bpf->bss->snapshot_missed, dropped = live->dropped;
	struct {
		struct event head;
		struct swept swept;
	} event = {.head = {.kind = EVENT_SWEPT, .size = sizeof(event.swept)},
		   .swept = {.began_ns = now_ns(), .whole = live->bpf->rodata->follow_all && sees_host_pids()}};
	int result;

	live->met_pipe_wait = live->met_lock_wait = false;
	result = iterate(live, live->bpf->links.snapshot) | live_drain(live, true, hear, ctx);
	if (result || missed != live->bpf->bss->snapshot_missed || dropped != live->dropped)
		return result; /* not every living task was told of */
	event.head.at_ns = now_ns();
	return hear(ctx, &event.head);
}

/* They name processes as our pid namespace does: of use only where that is the kernel's own. Without them it is not known
 * who has which lock. */
static int tell_locks(event_fn hear, void *ctx)
{
	FILE *locks = sees_host_pids() ? fopen("/proc/locks", "re") : NULL;
	int result = locks ? locks_tell(locks, now_ns(), hear, ctx) : 0;

	if (locks)
		fclose(locks);
	return result;
}

/* Children alone make no circle. And whoever reads /proc/locks keeps all others from locking for some milliseconds. */
static int look_closely(struct live *live, event_fn hear, void *ctx)
{
	int result = live->met_lock_wait ? tell_locks(hear, ctx) : 0;

	result |= iterate(live, live->bpf->links.open_files);
	return result | live_sweep(live, hear, ctx);
}

int live_look(struct live *live, event_fn hear, void *ctx)
{
	struct {
		struct event head;
		struct looked looked;
	} event = {.head = {.kind = EVENT_LOOKED, .size = sizeof(event.looked)}, .looked = {.began_ns = now_ns()}};
	__u64 missed = live->bpf->bss->snapshot_missed, dropped = live->dropped;
	int result;

	if (!live->bpf->links.open_files)
		return live_sweep(live, hear, ctx);
	result = live_sweep(live, hear, ctx);
	if (live->met_pipe_wait || live->met_lock_wait)
		result |= look_closely(live, hear, ctx);
	if (result || missed != live->bpf->bss->snapshot_missed || dropped != live->dropped)
		event.looked.began_ns = ~(__u64)0; /* it saw too little */
	event.head.at_ns = now_ns();
	return hear(ctx, &event.head) | result;
}
