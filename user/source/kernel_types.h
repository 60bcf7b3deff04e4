/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel's own types (BTF) tell of its tracepoints. Only user/source/ includes it.
 */
#ifndef PROCLIFE_KERNEL_TYPES_H
#define PROCLIFE_KERNEL_TYPES_H

#include <bpf/btf.h>
#include <stdbool.h>

/* The parameters of tracepoint `name` beside its data pointer; -1: there is none. The last one's type in *last. */
int tracepoint_parameters(const struct btf *btf, const char *name, __u32 *last);

/* Is that the type of a pointer to a struct of that name? */
bool is_pointer_to(const struct btf *btf, __u32 id, const char *name);

/* Has the struct of that name a member `field`? */
bool has_field(const struct btf *btf, const char *name, const char *field);

#endif
