/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * When init's threads were on a CPU: a line of JSON for each turn, {"cpu", "from_ns", "to_ns"} in CLOCK_BOOTTIME, until
 * standard input is closed. Some kernels run no tracer's program while init is `current`, but perf's context switch
 * records of the tasks before and after it name it. {"lost": n}: so many records were lost, so turns are missing.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGES 256 /* of records, for each CPU: a power of two */
#define POLL_MS 20
#define CPUS_MOST 1024
#define SKIPPED 77

struct cpu {
	struct perf_event_mmap_page *ring; /* NULL: this CPU is offline */
	unsigned long long from_ns;	   /* since when init has, or may have, been on it; 0: it is not */
};

struct switched { /* PERF_RECORD_SWITCH_CPU_WIDE, with the sample_type of open_cpu() */
	struct perf_event_header head;
	unsigned int other_pid, other_tid; /* the next task (switched out) or the one before (switched in) */
	unsigned long long at_ns;
};

static int open_cpu(int cpu)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_DUMMY,
				       .context_switch = 1,
				       .sample_id_all = 1,
				       .sample_type = PERF_SAMPLE_TIME,
				       .use_clockid = 1,
				       .clockid = CLOCK_BOOTTIME};

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static void *open_ring(int cpu)
{
	int fd = open_cpu(cpu);
	void *ring;

	if (fd < 0 && errno == ENODEV)
		return NULL;
	ring = fd < 0 ? MAP_FAILED
		      : mmap(NULL, (size_t)(1 + PAGES) * (size_t)getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			     0);
	if (ring == MAP_FAILED) {
		perror("perf's context switch records");
		exit(SKIPPED);
	}
	return ring;
}

static void tell_turn(struct cpu *cpu, long number, unsigned long long to_ns)
{
	if (cpu->from_ns)
		printf("{\"cpu\": %ld, \"from_ns\": %llu, \"to_ns\": %llu}\n", number, cpu->from_ns, to_ns);
	cpu->from_ns = 0;
}

static void take_switch(struct cpu *cpu, long number, const struct switched *record)
{
	bool leaves = record->head.misc & PERF_RECORD_MISC_SWITCH_OUT;

	if (record->other_pid == 1 && leaves)
		cpu->from_ns = record->at_ns;
	else if (record->other_pid == 1)
		tell_turn(cpu, number, record->at_ns);
	else if (leaves)
		cpu->from_ns = 0; /* init was not on it as we began */
}

static unsigned long long byte_at(const struct perf_event_mmap_page *ring, unsigned long long at)
{
	const unsigned char *data = (const unsigned char *)ring + getpagesize();

	return data[at % ((unsigned long long)PAGES * (unsigned long long)getpagesize())];
}

/* A record may wrap around at the ring's end. */
static void copy_record(const struct perf_event_mmap_page *ring, unsigned long long at, void *to, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((unsigned char *)to)[i] = (unsigned char)byte_at(ring, at + i);
}

static void drain(struct cpu *cpu, long number)
{
	unsigned long long head = __atomic_load_n(&cpu->ring->data_head, __ATOMIC_ACQUIRE), at = cpu->ring->data_tail;
	struct perf_event_header record;
	struct switched switched;
	struct {
		struct perf_event_header head;
		unsigned long long id, count;
	} lost;

	for (; at < head; at += record.size) {
		copy_record(cpu->ring, at, &record, sizeof(record));
		if (record.type == PERF_RECORD_SWITCH_CPU_WIDE) {
			copy_record(cpu->ring, at, &switched, sizeof(switched));
			take_switch(cpu, number, &switched);
		} else if (record.type == PERF_RECORD_LOST) {
			copy_record(cpu->ring, at, &lost, sizeof(lost));
			printf("{\"lost\": %llu}\n", lost.count);
		}
	}
	__atomic_store_n(&cpu->ring->data_tail, head, __ATOMIC_RELEASE);
}

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (unsigned long long)now.tv_sec * 1000000000ull + (unsigned long long)now.tv_nsec;
}

int main(void)
{
	static struct cpu cpus[CPUS_MOST];
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	long count = sysconf(_SC_NPROCESSORS_CONF);

	count = count < CPUS_MOST ? count : CPUS_MOST;
	for (long i = 0; i < count; i++)
		cpus[i] = (struct cpu){open_ring((int)i), now_ns()};
	printf("{\"since_ns\": %llu}\n", now_ns());
	fflush(stdout);
	for (bool over = false; !over;) {
		over = poll(&input, 1, POLL_MS) > 0;
		for (long i = 0; i < count; i++)
			if (cpus[i].ring)
				drain(&cpus[i], i);
	}
	for (long i = 0; i < count; i++)
		tell_turn(&cpus[i], i, now_ns()); /* it may still be on it */
	return 0;
}
