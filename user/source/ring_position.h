/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How far a ring buffer of the probes has been filled and read, which libbpf 1.1 does not say. Only sources include it.
 */
#ifndef PROCLIFE_RING_POSITION_H
#define PROCLIFE_RING_POSITION_H

#include <stdbool.h>

struct ring_position { /* in bytes since the ring was made; all zero: not mapped */
	const unsigned long *consumer, *producer;
};

/* Maps the positions of the ring buffer with that file descriptor. 0, or -1 with errno; ring_position_unmap() is due either way. */
int ring_position_map(struct ring_position *position, int fd);
void ring_position_unmap(struct ring_position *position);

/* What has been sent so far, complete or not. */
unsigned long ring_position_sent(const struct ring_position *position);

/* Has all been read that had been sent by then? A reader stops at a record that a probe has reserved and not yet completed: the
 * kernel, or a hypervisor, may have taken the CPU from that probe. */
bool ring_position_is_read(const struct ring_position *position, unsigned long sent);

#endif
