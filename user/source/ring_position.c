/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How far a ring buffer has been filled and read; see ring_position.h.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "user/source/ring_position.h"

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static const unsigned long *map_page(int fd, size_t page)
{
	void *address = mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, (off_t)(page * page_size()));

	return address == MAP_FAILED ? NULL : address;
}

/* kernel/bpf/ringbuf.c, ringbuf_map_mmap_kern(): of what can be mapped the first page has the consumer's position, the second the
 * producer's. */
int ring_position_map(struct ring_position *position, int fd)
{
	position->consumer = map_page(fd, 0);
	position->producer = map_page(fd, 1);
	return position->consumer && position->producer ? 0 : -1;
}

static void unmap_page(const unsigned long *page)
{
	if (page)
		munmap((void *)page, page_size());
}

void ring_position_unmap(struct ring_position *position)
{
	unmap_page(position->consumer);
	unmap_page(position->producer);
	*position = (struct ring_position){0};
}

unsigned long ring_position_sent(const struct ring_position *position)
{
	return __atomic_load_n(position->producer, __ATOMIC_ACQUIRE);
}

bool ring_position_is_read(const struct ring_position *position, unsigned long sent)
{
	return (long)(sent - __atomic_load_n(position->consumer, __ATOMIC_ACQUIRE)) <= 0;
}
