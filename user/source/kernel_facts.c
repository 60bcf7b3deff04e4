/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Two ways to know what a kernel has; see kernel_facts.h.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/source/kernel_facts.h"
#include "user/source/preemption.h"

#define VERSION(major, minor) ((major)*1000u + (minor))
#define NEWEST_CHECKED VERSION(7, 2) /* by make check-kernels */
/* include/linux/tracepoint.h: nothing in a kernel's types tells. Where it is not so, the second probes find nothing to do. */
#define FIRST_TO_PREEMPT VERSION(7, 0)

static unsigned int version_here(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname host;

	if (uname(&host) || sscanf(host.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return VERSION(major, minor);
}

/* kernel/bpf/verifier.c, bpf_check_attach_target(): type 1 is no function, which only a kernel that allows programs at functions finds
 * out (EINVAL). */
static bool allows_fentry(void)
{
	static const struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	struct bpf_prog_load_opts options = {
		.sz = sizeof(options), .expected_attach_type = BPF_TRACE_FENTRY, .attach_btf_id = 1};
	int fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, NULL, "GPL", nothing, 2, &options);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EINVAL;
}

/* The variable is for tests, which compare reaps by release_task() with those by frees of kernel memory. */
static bool uses_fentry(void)
{
	return !getenv("PROCLIFE_NO_FENTRY") && allows_fentry();
}

/* A program at a function must not be preempted. */
static void settle_programs(struct kernel_facts *facts, bool has_function)
{
	facts->preempts_programs = !facts->can_disable_preemption && preemption_is_full_here();
	facts->release_task = has_function && !facts->preempts_programs && uses_fentry();
}

int kernel_facts_by_version(struct kernel_facts *facts)
{
	unsigned int version = version_here();

	if (version < VERSION(6, 1) || version > NEWEST_CHECKED)
		return -1;
	*facts = (struct kernel_facts){.free_tells_cache = true,
				       .ready_times = !access("/proc/self/schedstat", F_OK), /* fs/proc/base.c */
				       .delays_sleepers = version >= VERSION(6, 12),
				       .can_cast = version >= VERSION(6, 2),
				       .can_disable_preemption = version >= VERSION(6, 10),
				       .preempts_probes = version >= FIRST_TO_PREEMPT,
				       .open_files = true};
	settle_programs(facts, true);
	return 0;
}

/* The parameters of tracepoint `name` beside its data pointer; -1: there is none. The last one's type in *last. */
static int tracepoint_parameters(const struct btf *btf, const char *name, __u32 *last)
{
	char type_name[128];
	const struct btf_type *type;
	int id;

	snprintf(type_name, sizeof(type_name), "btf_trace_%s", name);
	id = btf__find_by_name_kind(btf, type_name, BTF_KIND_TYPEDEF);
	type = id > 0 ? btf__type_by_id(btf, id) : NULL;
	type = type ? btf__type_by_id(btf, type->type) : NULL;
	type = type ? btf__type_by_id(btf, type->type) : NULL;
	if (!type || !btf_is_func_proto(type) || !btf_vlen(type))
		return -1;
	*last = btf_params(type)[btf_vlen(type) - 1].type;
	return btf_vlen(type) - 1;
}

/* Is that the type of a pointer to a struct of that name? */
static bool is_pointer_to(const struct btf *btf, __u32 id, const char *name)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_ptr(type) || btf_is_mod(type)))
		type = btf__type_by_id(btf, type->type);
	return type && btf_is_struct(type) && !strcmp(btf__name_by_offset(btf, type->name_off), name);
}

static bool has_field(const struct btf *btf, const char *name, const char *field)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);
	const struct btf_type *type = id > 0 ? btf__type_by_id(btf, id) : NULL;

	for (int i = 0; type && i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), field))
			return true;
	return false;
}

enum probes_object probes_object(const struct kernel_facts *facts)
{
	if (!facts->can_cast)
		return PROBES_WITHOUT_KFUNCS;
	return facts->can_disable_preemption ? PROBES_WITHOUT_PREEMPTION : PROBES_WITH_CASTS;
}

int kernel_facts_by_types(struct kernel_facts *facts)
{
	struct btf *btf = btf__load_vmlinux_btf();
	__u32 last;

	if (!btf)
		return -1;
	facts->free_tells_cache = tracepoint_parameters(btf, "kmem_cache_free", &last) == 3 &&
				  is_pointer_to(btf, last, "kmem_cache");
	facts->ready_times = has_field(btf, "sched_info", "last_queued");
	facts->delays_sleepers = has_field(btf, "sched_entity", "sched_delayed");
	facts->can_cast = btf__find_by_name_kind(btf, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0;
	facts->can_disable_preemption = btf__find_by_name_kind(btf, "bpf_preempt_disable", BTF_KIND_FUNC) > 0;
	facts->preempts_probes = version_here() >= FIRST_TO_PREEMPT;
	settle_programs(facts, btf__find_by_name_kind(btf, "release_task", BTF_KIND_FUNC) > 0);
	/* Who has a timer that runs is in no deadlock: where timers cannot be read there is nothing to find. */
	facts->open_files = btf__find_by_name_kind(btf, "bpf_iter_task_file", BTF_KIND_FUNC) > 0 &&
			    (has_field(btf, "hrtimer", "state") || has_field(btf, "hrtimer", "is_queued"));
	btf__free(btf);
	return 0;
}
