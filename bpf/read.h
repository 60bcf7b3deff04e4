/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading what a pointer leads to, whatever it is. Where the kernel has bpf_rdonly_cast() (6.2 on) that is a load, guarded
 * against faults; elsewhere a call of bpf_probe_read_kernel(), thirty nanoseconds. The probes are compiled both ways (and a
 * third way, see preempted.h), and proclife loads the object that fits: libbpf searches the modules for a kernel function that the kernel proper does not have,
 * which takes CAP_SYS_ADMIN. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_READ_H
#define PROCLIFE_READ_H

#include "bpf/kernel.h"

#define ARROW1(from, a) from->a
#define ARROW2(from, a, b) from->a->b
#define ARROW3(from, a, b, c) from->a->b->c
#define ARROW4(from, a, b, c, d) from->a->b->c->d
#define ARROWS(_1, _2, _3, _4, which, ...) which
#define ARROW(from, ...) ARROWS(__VA_ARGS__, ARROW4, ARROW3, ARROW2, ARROW1)(from, __VA_ARGS__)

/*
 * READ(from, a, b.c): from->a->b.c
 * FOLLOW(from, ...): the same of what the verifier knows the type of. From 6.3 on it searches all types there are for each
 * pointer that is followed so, a millisecond; not for one that it need not trust.
 * FOLLOWED(from): from, for several such loads at the price of one cast.
 */
#ifdef HAS_RDONLY_CAST
extern void *bpf_rdonly_cast(const void *address, __u32 btf_id) __ksym;
#define TYPED(from) ((typeof(from))bpf_rdonly_cast(from, bpf_core_type_id_kernel(typeof(*(from)))))
#define READ(from, ...) ARROW(TYPED(from), __VA_ARGS__)
#define FOLLOW(from, ...) ARROW(TYPED(from), __VA_ARGS__)
#define FOLLOWED(from) TYPED(from)
#else
#define READ(from, ...) BPF_CORE_READ(from, __VA_ARGS__)
#define FOLLOW(from, ...) ARROW(from, __VA_ARGS__)
#define FOLLOWED(from) (from)
#endif

/* The pointer that lies at that address. */
static __always_inline void *pointer_at(void *address)
{
#ifdef HAS_RDONLY_CAST
	return TYPED((struct list_head *)address)->next;
#else
	void *pointer = NULL;

	bpf_probe_read_kernel(&pointer, sizeof(pointer), address);
	return pointer;
#endif
}

#endif
