/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The live source: drains the rings of the probes, and has the kernel tell of all that lives. Beside probes.c the only file
 * that knows the skeleton.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf/reason.h"
#include "proclife.skel.h"
#include "user/base/clock.h"
#include "user/base/message.h"
#include "user/source/batch.h"
#include "user/source/preemption.h"
#include "user/source/probes.h"
#include "user/source/proc.h"
#include "user/source/ring_position.h"

#define BATCH_BYTES (32u << 20) /* as much as is sorted at once */
#define SNAPSHOT_BYTES 65536
#define ADOPT_ROUNDS 16
#define INCOMPLETE_MS 500     /* how long a sweep waits for a record that a probe has not completed */
#define HOLD_BACK_NS 2000000u /* events this young may still be overtaken by older ones from another CPU */

struct live {
	struct proclife_bpf *bpf;
	struct ring_buffer *rings;
	struct ring_position lifecycle, timeline;
	struct batch batch;
	_Alignas(struct event) char snapshot[SNAPSHOT_BYTES]; /* what an iterator tells, piece by piece */
	struct lost told_losses;			      /* as last handed on */
	__u64 dropped;					      /* events for which the batch had no memory */
	bool met_pipe_wait, met_lock_wait;		      /* by the latest sweep: somebody might wait so for ever */
	bool keeps_cpu;					      /* while an iterator runs, see preemption.h */
};

static __u64 now_ns(void)
{
	return clock_now_ns(CLOCK_BOOTTIME);
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
	int lifecycle = bpf_map__fd(live->bpf->maps.lifecycle), timeline = bpf_map__fd(live->bpf->maps.timeline);

	live->rings = ring_buffer__new(lifecycle, take, live, NULL);
	if (!live->rings || ring_buffer__add(live->rings, timeline, take, live))
		return -1;
	return ring_position_map(&live->lifecycle, lifecycle) | ring_position_map(&live->timeline, timeline);
}

struct live *live_try(const struct live_options *options, struct live_ability *ability, struct live_refusal *refusal)
{
	struct live *live = calloc(1, sizeof(*live));

	*refusal = (struct live_refusal){.why = "out of memory"};
	if (!live)
		return NULL;
	live->bpf = probes_attach(options, ability, refusal);
	if (live->bpf && !open_rings(live)) {
		live->keeps_cpu = ability->keeps_cpu;
		return live;
	}
	if (live->bpf) {
		snprintf(refusal->why, sizeof(refusal->why), "the buffers of the probes can't be mapped: %s",
			 strerror(errno));
		refusal->remedy =
			"raise the limits of memory ('ulimit -v') and of open files ('ulimit -n'), or make the "
			"buffers smaller: --lifecycle-bytes, --timeline-bytes";
	}
	live_close(live);
	return NULL;
}

struct live *live_open(const struct live_options *options, struct live_ability *ability)
{
	struct live_refusal refusal;
	struct live *live = live_try(options, ability, &refusal);

	if (live)
		return live;
	message("%s", refusal.why);
	if (refusal.remedy)
		message("%s; see 'proclife doctor'", refusal.remedy);
	return NULL;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	ring_buffer__free(live->rings);
	ring_position_unmap(&live->lifecycle);
	ring_position_unmap(&live->timeline);
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
	__u32 slot = tid & (sizeof(bpf->bss->traced_pids) / sizeof(*bpf->bss->traced_pids) - 1);
	__u64 known;

	if (!bpf_map__lookup_elem(bpf->maps.roots, &tid, sizeof(tid), &known, sizeof(known), 0) && known == start_ticks)
		return;
	adoption->found++;
	if (bpf_map__update_elem(bpf->maps.roots, &tid, sizeof(tid), &start_ticks, sizeof(start_ticks), BPF_ANY))
		adoption->failed = true;
	__atomic_fetch_add(&bpf->bss->traced_pids[slot], 1, __ATOMIC_SEQ_CST);
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
	struct lost lost = {
		.lifecycle = live->bpf->bss->lost_lifecycle + live->dropped,
		.timeline = live->bpf->bss->lost_timeline,
		.waits = probes_missed_waits(live->bpf),
	};
	struct {
		struct event head;
		struct lost lost;
	} event = {.head = {.kind = EVENT_LOST, .size = sizeof(lost), .at_ns = now_ns()}, .lost = lost};

	if (!memcmp(&lost, &live->told_losses, sizeof(lost)))
		return 0;
	live->told_losses = lost;
	return hear(ctx, &event.head);
}

int live_drain(struct live *live, bool all, event_fn hear, void *ctx)
{
	int result = 0, full;

	do {
		__u64 horizon = all ? ~(__u64)0 : now_ns() - HOLD_BACK_NS;

		full = ring_buffer__consume(live->rings) == -E2BIG;
		result |= batch_deliver(&live->batch, horizon, hear, ctx);
		live->dropped += batch_dropped(&live->batch);
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
	char *bytes = live->snapshot;
	size_t size = 0, taken;
	ssize_t got;

	while ((got = read(fd, bytes + size, SNAPSHOT_BYTES - size)) > 0 || (got < 0 && errno == EAGAIN)) {
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
	bool keeps_cpu;

	if (fd < 0)
		return -1;
	keeps_cpu = live->keeps_cpu && !preemption_prevent();
	result = read_iterator(live, fd);
	if (keeps_cpu)
		preemption_allow();
	close(fd);
	return result;
}

/* Drains until all has been read that was sent before this call. False: a record of that is still incomplete. */
static bool drain_whole(struct live *live, event_fn hear, void *ctx, int *result)
{
	unsigned long lifecycle = ring_position_sent(&live->lifecycle), timeline = ring_position_sent(&live->timeline);

	for (int ms = 0; ms < INCOMPLETE_MS; ms++) {
		*result |= live_drain(live, true, hear, ctx);
		if (ring_position_is_read(&live->lifecycle, lifecycle) &&
		    ring_position_is_read(&live->timeline, timeline))
			return true;
		poll(NULL, 0, 1);
	}
	return false;
}

int live_sweep(struct live *live, event_fn hear, void *ctx)
{
	__u64 missed = live->bpf->bss->snapshot_missed, dropped = live->dropped;
	struct {
		struct event head;
		struct swept swept;
	} event = {.head = {.kind = EVENT_SWEPT, .size = sizeof(event.swept)},
		   .swept = {.began_ns = now_ns(), .whole = live->bpf->rodata->follow_all && sees_host_pids()}};
	bool whole;
	int result;

	live->met_pipe_wait = live->met_lock_wait = false;
	result = iterate(live, live->bpf->links.snapshot);
	whole = drain_whole(live, hear, ctx, &result);
	if (result || !whole || missed != live->bpf->bss->snapshot_missed || dropped != live->dropped)
		return result; /* not every living task was told of, or the end of one that was not is still to be read */
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
	result |= live_sweep(live, hear, ctx);
	return result;
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
