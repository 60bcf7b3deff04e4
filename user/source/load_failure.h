/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why the kernel did not load the probes: read from what libbpf and the verifier printed, and explained. Only user/source/
 * includes it.
 */
#ifndef PROCLIFE_LOAD_FAILURE_H
#define PROCLIFE_LOAD_FAILURE_H

#include <sys/utsname.h>

#include "user/source/source.h"

#define KERNEL_TYPES "/sys/kernel/btf/vmlinux"

struct load_failure {
	int error;	   /* errno */
	char program[32];  /* the probe; "": none was at fault */
	char field[96];	   /* of the kernel, which is not there or not of the type that the probe expects; "": none */
	char missing[96];  /* the tracepoint or function that the kernel does not have; "": none */
	char refusal[160]; /* the verifier's last line; "": it printed none */
};

/* `log`: what libbpf printed. */
void load_failure_read(struct load_failure *failure, int error, const char *log);

struct load_place { /* where the probes were to be loaded */
	struct utsname host;
	unsigned int major, minor;     /* of its release; major ~0: not known */
	bool has_types;		       /* BTF */
	bool lacks_bpf, lacks_perfmon; /* capabilities that the process does not have */
	bool in_user_namespace;	       /* not the initial one */
	bool locked_down;	       /* lockdown=confidentiality */
};

/* Asks the kernel and /proc. */
void load_place_find(struct load_place *place);

void load_failure_explain(const struct load_failure *failure, const struct load_place *place,
			  struct live_refusal *refusal);

#endif
