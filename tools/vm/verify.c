/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Loads the probes with everything that they can do, and prints what the verifier says of each: the number of instructions that
 * it went through, and the bytes of stack of the program and of each of its functions.
 *
 *	verify BUILD-FOLDER	a line for each probe: name, instructions, stack; exit status 1 if one is refused
 */
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proclife.skel.h"
#include "user/source/kernel_facts.h"

#define LOG_SIZE (1 << 16)
#define STATISTICS 4 /* BPF_LOG_STATS: without the log itself */

struct probe {
	struct bpf_program *program;
	char log[LOG_SIZE];
};

/* "stack depth 104+96+0": of the functions of the program, each by itself. */
static void print_statistics(const struct probe *probe)
{
	const char *depth = strstr(probe->log, "stack depth "), *count = strstr(probe->log, "processed ");

	if (!depth || !count) {
		printf("%s\t-\t-\n", bpf_program__name(probe->program));
		return;
	}
	depth += strlen("stack depth ");
	printf("%s\t%lu\t%.*s\n", bpf_program__name(probe->program), strtoul(count + strlen("processed "), NULL, 10),
	       (int)strcspn(depth, "\n"), depth);
}

static struct probe *ask_for_logs(struct bpf_object *object)
{
	struct bpf_program *program;
	struct probe *probes;
	int count = 0;

	bpf_object__for_each_program(program, object) count++;
	probes = calloc(count + 1, sizeof(*probes));
	count = 0;
	bpf_object__for_each_program(program, object)
	{
		if (!probes)
			break;
		probes[count].program = program;
		bpf_program__set_log_buf(program, probes[count].log, LOG_SIZE);
		bpf_program__set_log_level(program, STATISTICS);
		count++;
	}
	return probes;
}

/* As user/source/probes.c does for `run`. 0, or -1: the object has other settings than this program. */
static int choose_all(struct bpf_object *object, const struct kernel_facts *facts)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	struct proclife_bpf__rodata *settings;
	size_t size = 0;
	const void *initial = map ? bpf_map__initial_value(map, &size) : NULL;
	int result;

	settings = initial && size >= sizeof(*settings) ? malloc(size) : NULL;
	if (!settings)
		return -1;
	memcpy(settings, initial, size);
	settings->exact_reaps = facts->free_tells_cache;
	settings->follow_roots = true;
	settings->probes_preemptible = facts->preempts_probes;
	result = bpf_map__set_initial_value(map, settings, size);
	free(settings);
	return result;
}

static int verify(const char *path, const struct kernel_facts *facts)
{
	struct bpf_object *object = bpf_object__open(path);
	struct probe *probes = object ? ask_for_logs(object) : NULL;
	int result;

	if (!probes)
		return -1;
	bpf_program__set_autoload(bpf_object__find_program_by_name(object, "task_released"), facts->release_task);
	bpf_program__set_autoload(bpf_object__find_program_by_name(object, "task_released_second"),
				  facts->release_task);
	result = choose_all(object, facts);
	if (!result)
		result = bpf_object__load(object);
	for (struct probe *probe = probes; probe->program; probe++)
		print_statistics(probe);
	free(probes);
	bpf_object__close(object);
	return result;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {
		[PROBES_WITH_CASTS] = "proclife",
		[PROBES_WITHOUT_PREEMPTION] = "proclife_no_preempt",
		[PROBES_WITHOUT_KFUNCS] = "proclife_no_kfunc",
	};
	struct kernel_facts facts = {0};
	char path[4096];

	if (argc != 2) {
		fprintf(stderr, "usage: %s BUILD-FOLDER\n", argv[0]);
		return 2;
	}
	if (kernel_facts_by_types(&facts))
		return 1;
	snprintf(path, sizeof(path), "%s/%s.bpf.o", argv[1], names[probes_object(&facts)]);
	return verify(path, &facts) ? 1 : 0;
}
