/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading what a pointer leads to, whatever it is. Where the kernel has bpf_rdonly_cast() (6.2 on) that is a load, guarded
 * against faults; elsewhere a call of bpf_probe_read_kernel(), thirty nanoseconds. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_READ_H
#define PROCLIFE_READ_H

#include "bpf/kernel.h"

extern void *bpf_rdonly_cast(const void *address, __u32 btf_id) __ksym __weak;
extern const volatile __u32 can_cast; /* there is one: the verifier leaves out the other way */

#define ARROW1(from, a) from->a
#define ARROW2(from, a, b) from->a->b
#define ARROW3(from, a, b, c) from->a->b->c
#define ARROW4(from, a, b, c, d) from->a->b->c->d
#define ARROWS(_1, _2, _3, _4, which, ...) which
#define ARROW(from, ...) ARROWS(__VA_ARGS__, ARROW4, ARROW3, ARROW2, ARROW1)(from, __VA_ARGS__)
#define TYPED(from) ((typeof(from))bpf_rdonly_cast(from, bpf_core_type_id_kernel(typeof(*(from)))))

/* READ(from, a, b.c): from->a->b.c */
#define READ(from, ...) (can_cast ? ARROW(TYPED(from), __VA_ARGS__) : BPF_CORE_READ(from, __VA_ARGS__))

/* The same of what the verifier knows the type of. From 6.3 on it searches all types there are for each pointer that is
 * followed so, a millisecond; not for one that it need not trust. */
#define FOLLOW(from, ...) (can_cast ? ARROW(TYPED(from), __VA_ARGS__) : ARROW(from, __VA_ARGS__))

/* The pointer that lies at that address. */
static __always_inline void *pointer_at(void *address)
{
	void *pointer = NULL;

	if (can_cast)
		return TYPED((struct list_head *)address)->next;
	bpf_probe_read_kernel(&pointer, sizeof(pointer), address);
	return pointer;
}

#endif
