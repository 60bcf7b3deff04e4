/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of system calls; see syscalls.h.
 */
#include <stddef.h>

#include "bpf/calls.h"
#include "user/base/syscalls.h"

static const char *const names[] = {
#define CALL_NAME(name, number, says) [number] = #name,
	SYSTEM_CALLS(CALL_NAME)
#undef CALL_NAME
};

static const char *const reasons[] = {
#define REASON_NAME(id, name) [REASON_##id] = name,
	REASONS(REASON_NAME)
#undef REASON_NAME
};

const char *syscall_name(int number)
{
	return number >= 0 && (size_t)number < sizeof(names) / sizeof(names[0]) ? names[number] : NULL;
}

void reason_text(struct buffer *out, enum reason reason, int call)
{
	const char *name = syscall_name(call);

	buffer_text(out, (unsigned int)reason < REASON_COUNT ? reasons[reason] : "unknown");
	if (reason != REASON_OTHER || call < 0)
		return;
	if (name)
		buffer_printf(out, "(%s)", name);
	else
		buffer_printf(out, "(%d)", call);
}
