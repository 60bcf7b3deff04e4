/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Loads the probes that need no kernel function, once for each way of tracing, and prints the lines of source of which the
 * verifier has kept code. It removes what it takes for dead; before 6.4 that may be live code (kernel/bpf/verifier.c,
 * mark_all_scalars_precise()): tools/vm/matrix compares such a kernel with a later one. Which programs differ by what the
 * kernel has is not printed.
 *
 *	kept	lines: way of tracing, program, file:line:column
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proclife_no_kfunc.skel.h"

#define LINE(packed) ((packed) >> 10) /* include/uapi/linux/bpf.h, BPF_LINE_INFO_LINE_NUM() */
#define COLUMN(packed) ((packed)&1023)

struct way {
	const char *name;
	bool follow_all, exact_reaps, states, wakers, threads;
};

static const struct way ways[] = {
	{"watch", true, false, false, false, false},   {"watch -t", true, false, false, false, true},
	{"watch -x", true, true, false, false, false}, {"watch -x -t", true, true, false, false, true},
	{"watch -s", true, false, true, true, true},   {"watch -s -x", true, true, true, true, true},
	{"run", false, true, true, true, true},	       {"run --no-wakers", false, true, true, false, true},
};

static const char *const of_states[] = {"sched_switch", "sched_waking", "last_changes", "name_changes", NULL};
static const char *const left_out[] = {"task_released", "task_released_second", "migrate_task", "open_files", NULL};

static void leave_out(struct bpf_object *object, const char *const names[])
{
	for (; *names; names++)
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, *names), false);
}

static void choose(struct proclife_no_kfunc_bpf *bpf, const struct way *way)
{
	bpf->rodata->follow_all = way->follow_all;
	bpf->rodata->exact_reaps = way->exact_reaps;
	bpf->rodata->with_states = way->states;
	bpf->rodata->with_wakers = way->wakers;
	bpf->rodata->with_threads = way->threads;
	leave_out(bpf->obj, left_out);
	if (!way->states)
		leave_out(bpf->obj, of_states);
}

/* The records of a program's lines, and how many there are; NULL: there is no memory, or the kernel tells none. */
static struct bpf_line_info *lines_of(int fd, __u32 *count, __u32 *types)
{
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);
	struct bpf_line_info *lines;

	if (bpf_obj_get_info_by_fd(fd, &info, &size) || info.line_info_rec_size != sizeof(*lines))
		return NULL;
	*count = info.nr_line_info;
	*types = info.btf_id;
	lines = calloc(*count, sizeof(*lines));
	memset(&info, 0, sizeof(info));
	info.nr_line_info = *count;
	info.line_info_rec_size = sizeof(*lines);
	info.line_info = (__u64)(unsigned long)lines;
	if (lines && !bpf_obj_get_info_by_fd(fd, &info, &size))
		return lines;
	free(lines);
	return NULL;
}

static int print_lines(const struct way *way, struct bpf_program *program)
{
	__u32 count, types;
	struct bpf_line_info *lines = lines_of(bpf_program__fd(program), &count, &types);
	struct btf *btf = lines ? btf__load_from_kernel_by_id(types) : NULL;

	for (__u32 i = 0; btf && i < count; i++)
		if (LINE(lines[i].line_col))
			printf("%s\t%s\t%s:%u:%u\n", way->name, bpf_program__name(program),
			       btf__name_by_offset(btf, lines[i].file_name_off), LINE(lines[i].line_col),
			       COLUMN(lines[i].line_col));
	free(lines);
	btf__free(btf);
	return btf ? 0 : -1;
}

static int print_way(const struct way *way)
{
	struct proclife_no_kfunc_bpf *bpf = proclife_no_kfunc_bpf__open();
	struct bpf_program *program;
	int result;

	if (!bpf)
		return -1;
	choose(bpf, way);
	result = proclife_no_kfunc_bpf__load(bpf);
	bpf_object__for_each_program(program, bpf->obj)
	{
		if (!result && bpf_program__autoload(program))
			result = print_lines(way, program);
	}
	proclife_no_kfunc_bpf__destroy(bpf);
	return result;
}

int main(void)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (print_way(&ways[i]))
			return 1;
	return 0;
}
