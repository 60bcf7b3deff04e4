/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Loading the probes: which of them, with which settings, as options and kernel have it; see probes.h.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "proclife.skel.h"
#include "proclife_no_kfunc.skel.h"
#include "proclife_no_preempt.skel.h"
#include "user/base/clock.h"
#include "user/source/kernel_facts.h"
#include "user/source/load_failure.h"
#include "user/source/probes.h"
#include "user/source/proc.h"

/* Default sizes of the rings: what a CPU can fill while the collector waits for one. Each is mapped twice, and in memory always. */
#define LIFECYCLE_BYTES_PER_CPU (1u << 20)
#define TIMELINE_BYTES_PER_CPU (2u << 20)
#define RING_BYTES_MIN (4u << 20)
#define RING_BYTES_MAX (64u << 20)

/* Fits probes and settings to this kernel. */
static void fit_kernel(struct proclife_bpf *bpf, const struct live_options *options, const struct kernel_facts *facts)
{
	bool wakings = options->wakers || !facts->ready_times;

	bpf->rodata->exact_reaps = facts->free_tells_cache && options->exact_reaps;
	bpf_program__set_autoload(bpf->progs.slab_free, bpf->rodata->exact_reaps);
	bpf_program__set_autoload(bpf->progs.task_released, bpf->rodata->exact_reaps && facts->release_task);
	bpf_program__set_autoload(bpf->progs.task_released_second, bpf->rodata->exact_reaps && facts->release_task);
	bpf_program__set_autoattach(bpf->progs.slab_free, false);
	bpf_program__set_autoattach(bpf->progs.task_released, false);
	bpf_program__set_autoattach(bpf->progs.task_released_second, false);
	bpf_program__set_autoattach(bpf->progs.newtask, false);
	bpf_program__set_autoattach(bpf->progs.newtask_second, false);
	bpf_program__set_autoload(bpf->progs.open_files, facts->open_files);
	bpf_program__set_autoload(bpf->progs.sched_waking, options->states && wakings);
	bpf_program__set_autoload(bpf->progs.migrate_task, options->states && !wakings && facts->delays_sleepers);
}

/* See bpf/preempted.h. */
static void fit_preemption(struct proclife_bpf *bpf, const struct kernel_facts *facts)
{
	struct bpf_program *further[] = {
		bpf->progs.newtask_second,	bpf->progs.process_exec_second, bpf->progs.process_exec_third,
		bpf->progs.process_exec_fourth, bpf->progs.process_exit_second, bpf->progs.process_exit_third,
		bpf->progs.process_exit_fourth,
	};

	bpf->rodata->probes_preemptible = facts->preempts_probes;
	for (size_t i = 0; i < sizeof(further) / sizeof(*further); i++)
		bpf_program__set_autoload(further[i], facts->preempts_probes);
}

static unsigned int ring_size(size_t wanted)
{
	unsigned int size = getpagesize();

	while (size < wanted && size < 1u << 30)
		size *= 2;
	return size;
}

static unsigned int default_size(size_t bytes_per_cpu)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t wanted = bytes_per_cpu * (size_t)(cpus > 0 ? cpus : 1);

	return ring_size(wanted < RING_BYTES_MIN ? RING_BYTES_MIN : wanted > RING_BYTES_MAX ? RING_BYTES_MAX : wanted);
}

/* Where there is no timeline, its ring is as small as a ring can be: all of one is in memory, always. */
static void set_rings(struct proclife_bpf *bpf, const struct live_options *options)
{
	unsigned int lifecycle = options->lifecycle_bytes ? ring_size(options->lifecycle_bytes)
							  : default_size(LIFECYCLE_BYTES_PER_CPU);
	unsigned int timeline = options->timeline_bytes ? ring_size(options->timeline_bytes)
							: default_size(TIMELINE_BYTES_PER_CPU);
	bool detailed = options->detail_ns != ~(__u64)0;

	bpf_map__set_max_entries(bpf->maps.lifecycle, lifecycle);
	bpf_map__set_max_entries(bpf->maps.timeline, detailed ? timeline : ring_size(1));
	bpf->rodata->ring_wake_bytes = (detailed && timeline < lifecycle ? timeline : lifecycle) / 4;
}

/* Odd, so that no two addresses become one. */
static __u64 salt(void)
{
	__u64 number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = clock_now_ns(CLOCK_BOOTTIME);
	return number | 1;
}

static void settle(struct proclife_bpf *bpf, const struct live_options *options)
{
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
	bpf_program__set_autoload(bpf->progs.name_changes, options->states);
	bpf_program__set_autoload(bpf->progs.task_rename, !options->states);
}

/* Reaps first, for the other probes go by how they are seen. A function to which the kernel attaches no program costs nothing to try. */
static int attach_reaps(struct proclife_bpf *bpf)
{
	if (!bpf->rodata->exact_reaps)
		return 0;
	if (bpf_program__autoload(bpf->progs.task_released))
		bpf->links.task_released = bpf_program__attach(bpf->progs.task_released);
	if (bpf->links.task_released) {
		bpf->links.task_released_second = bpf_program__attach(bpf->progs.task_released_second);
		bpf->bss->releases_seen = 1;
		return 0;
	}
	bpf->links.slab_free = bpf_program__attach(bpf->progs.slab_free);
	return bpf->links.slab_free ? 0 : -1;
}

/* Where reaps are bounds an exit that was seen is to be followed by the notice to the parent: this probe is attached before those. */
static int attach_notices(struct proclife_bpf *bpf)
{
	if (bpf->rodata->exact_reaps || bpf->rodata->with_states)
		return 0;
	bpf_program__set_autoattach(bpf->progs.signal_generate, false);
	bpf->links.signal_generate = bpf_program__attach(bpf->progs.signal_generate);
	return bpf->links.signal_generate ? 0 : -1;
}

/* Births last: of whom the trace has a birth, it is to have all that comes after. */
static int attach_births(struct proclife_bpf *bpf)
{
	bpf->links.newtask = bpf_program__attach(bpf->progs.newtask);
	if (!bpf->links.newtask)
		return -1;
	if (!bpf_program__autoload(bpf->progs.newtask_second))
		return 0;
	bpf->links.newtask_second = bpf_program__attach(bpf->progs.newtask_second);
	return bpf->links.newtask_second ? 0 : -1;
}

static int attach(struct proclife_bpf *bpf)
{
	if (attach_reaps(bpf) || attach_notices(bpf))
		return -1;
	return proclife_bpf__attach(bpf) || attach_births(bpf) ? -1 : 0;
}

#define SAME_SKELETON(other)                                                                                           \
	(sizeof(struct proclife_bpf) == sizeof(struct other##_bpf) &&                                                  \
	 sizeof(struct proclife_bpf__rodata) == sizeof(struct other##_bpf__rodata) &&                                  \
	 sizeof(struct proclife_bpf__bss) == sizeof(struct other##_bpf__bss))
_Static_assert(SAME_SKELETON(proclife_no_kfunc) && SAME_SKELETON(proclife_no_preempt),
	       "one skeleton describes all objects");

/* The bytes of the object that this kernel can load. */
static const void *fitting_object(const struct kernel_facts *facts, size_t *size)
{
	switch (probes_object(facts)) {
	case PROBES_WITHOUT_KFUNCS:
		return proclife_no_kfunc_bpf__elf_bytes(size);
	case PROBES_WITHOUT_PREEMPTION:
		return proclife_no_preempt_bpf__elf_bytes(size);
	case PROBES_WITH_CASTS:
		break;
	}
	return proclife_bpf__elf_bytes(size);
}

/* With `core_only` libbpf searches no module for a type that the kernel proper does not have, which takes CAP_SYS_ADMIN: it parses
 * the types twice instead. */
static struct proclife_bpf *open_object(const struct kernel_facts *facts, bool core_only)
{
	struct bpf_object_open_opts options = {.sz = sizeof(options)};
	struct proclife_bpf *bpf = calloc(1, sizeof(*bpf));
	struct bpf_object_skeleton *skeleton;

	if (!bpf || proclife_bpf__create_skeleton(bpf)) {
		free(bpf);
		return NULL;
	}
	skeleton = bpf->skeleton;
	if (core_only)
		options.btf_custom_path = KERNEL_TYPES;
	skeleton->data = (void *)fitting_object(facts, &skeleton->data_sz);
	if (!bpf_object__open_skeleton(skeleton, &options))
		return bpf;
	proclife_bpf__destroy(bpf);
	return NULL;
}

static struct proclife_bpf *load(const struct live_options *options, const struct kernel_facts *facts, bool core_only)
{
	struct proclife_bpf *bpf = open_object(facts, core_only);
	int error;

	if (!bpf)
		return NULL;
	set_rings(bpf, options);
	settle(bpf, options);
	choose_probes(bpf, options);
	fit_kernel(bpf, options, facts);
	fit_preemption(bpf, facts);
	errno = 0;
	if (!proclife_bpf__load(bpf) && !attach(bpf))
		return bpf;
	error = errno;
	proclife_bpf__destroy(bpf);
	errno = error ? error : EINVAL;
	return NULL;
}

/* The kernel's version mostly tells enough. */
static struct proclife_bpf *load_fitting(const struct live_options *options, struct kernel_facts *facts)
{
	struct proclife_bpf *bpf = NULL;

	if (!kernel_facts_by_version(facts)) {
		bpf = load(options, facts, false);
		if (bpf)
			return bpf;
	}
	if (!kernel_facts_by_types(facts))
		return load(options, facts, true);
	if (errno != EMFILE && errno != ENFILE)
		errno = ENODATA;
	return NULL;
}

/* What libbpf prints while probes load is kept for the case that they cannot. It goes to stderr, which is a buffer meanwhile:
 * libbpf hands no context to a function that prints. */
struct load_log {
	FILE *standard_error;
	char *text;
	size_t size;
};

static int print(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_DEBUG ? 0 : vfprintf(stderr, format, args);
}

static int print_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static void load_log_begin(struct load_log *log)
{
	FILE *buffer = open_memstream(&log->text, &log->size);

	log->standard_error = stderr;
	libbpf_set_print(buffer ? print : print_nothing);
	if (buffer)
		stderr = buffer;
}

static void load_log_end(struct load_log *log)
{
	int error = errno;

	libbpf_set_print(print_nothing);
	if (stderr != log->standard_error)
		fclose(stderr);
	stderr = log->standard_error;
	errno = error;
}

static void explain(const struct load_log *log, int error, bool verbose, struct live_refusal *refusal)
{
	const char *text = log->text ? log->text : "";
	struct load_failure failure;
	struct load_place place;

	if (verbose)
		fputs(text, stderr);
	load_failure_read(&failure, error, text);
	load_place_find(&place);
	load_failure_explain(&failure, &place, refusal);
}

/* How often the kernel has not run a probe because it was active already (kernel/trace/bpf_trace.c, __bpf_trace_run()). */
static __u64 misses_of(const struct bpf_program *probe)
{
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_program__fd(probe), &info, &size) ? 0 : info.recursion_misses;
}

__u64 probes_missed_waits(const struct proclife_bpf *bpf)
{
	return bpf->rodata->probes_preemptible ? misses_of(bpf->progs.process_wait) : 0;
}

struct proclife_bpf *probes_attach(const struct live_options *options, struct live_ability *ability,
				   struct live_refusal *refusal)
{
	struct load_log log = {0};
	struct kernel_facts facts;
	struct proclife_bpf *bpf;

	load_log_begin(&log);
	bpf = load_fitting(options, &facts);
	load_log_end(&log);
	if (bpf)
		*ability = (struct live_ability){.exact_reaps = facts.free_tells_cache,
						 .releases = bpf->bss->releases_seen,
						 .open_files = facts.open_files,
						 .keeps_cpu = facts.preempts_programs};
	else
		explain(&log, errno, options->verbose, refusal);
	free(log.text);
	return bpf;
}
