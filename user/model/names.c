/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of the model's enumerations, from their tables.
 */
#include "user/model/internal.h"

#define NAME(id, name) name,

#define NAME_OF(function, type, table)                                                                                 \
	const char *function(enum type value)                                                                          \
	{                                                                                                              \
		static const char *const names[] = {table(NAME)};                                                      \
                                                                                                                       \
		return (size_t)value < sizeof(names) / sizeof(*names) ? names[value] : "unknown";                      \
	}

NAME_OF(state_name, state, STATES)
NAME_OF(reason_name, reason, REASONS)
NAME_OF(birth_kind_name, birth_kind, BIRTH_KINDS)
NAME_OF(end_kind_name, end_kind, END_KINDS)
NAME_OF(signal_why_name, signal_why, SIGNAL_WHYS)
NAME_OF(daemon_kind_name, daemon_kind, DAEMON_KINDS)
NAME_OF(change_name, change_kind, CHANGES)
