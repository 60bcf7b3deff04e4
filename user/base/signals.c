/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of signals; see signals.h.
 */
#include <signal.h>
#include <stddef.h>

#include "user/base/signals.h"

/* 32 and 33 are the C library's own; SIGRTMIN is what programs see, 34. */
#define REAL_TIME(n) [34 + (n)] = "SIGRTMIN+" #n

static const char *const names[] = {
	[SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",
	[SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL",
	[SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",
	[SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1",
	[SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM",
	[SIGTERM] = "SIGTERM", [SIGSTKFLT] = "SIGSTKFLT",
	[SIGCHLD] = "SIGCHLD", [SIGCONT] = "SIGCONT",
	[SIGSTOP] = "SIGSTOP", [SIGTSTP] = "SIGTSTP",
	[SIGTTIN] = "SIGTTIN", [SIGTTOU] = "SIGTTOU",
	[SIGURG] = "SIGURG",   [SIGXCPU] = "SIGXCPU",
	[SIGXFSZ] = "SIGXFSZ", [SIGVTALRM] = "SIGVTALRM",
	[SIGPROF] = "SIGPROF", [SIGWINCH] = "SIGWINCH",
	[SIGIO] = "SIGIO",     [SIGPWR] = "SIGPWR",
	[SIGSYS] = "SIGSYS",   [32] = "SIG32",
	[33] = "SIG33",	       [34] = "SIGRTMIN",
	REAL_TIME(1),	       REAL_TIME(2),
	REAL_TIME(3),	       REAL_TIME(4),
	REAL_TIME(5),	       REAL_TIME(6),
	REAL_TIME(7),	       REAL_TIME(8),
	REAL_TIME(9),	       REAL_TIME(10),
	REAL_TIME(11),	       REAL_TIME(12),
	REAL_TIME(13),	       REAL_TIME(14),
	REAL_TIME(15),	       REAL_TIME(16),
	REAL_TIME(17),	       REAL_TIME(18),
	REAL_TIME(19),	       REAL_TIME(20),
	REAL_TIME(21),	       REAL_TIME(22),
	REAL_TIME(23),	       REAL_TIME(24),
	REAL_TIME(25),	       REAL_TIME(26),
	REAL_TIME(27),	       REAL_TIME(28),
	REAL_TIME(29),	       REAL_TIME(30),
};

const char *signal_name(int number)
{
	if (number < 0 || (size_t)number >= sizeof(names) / sizeof(names[0]) || !names[number])
		return "unknown";
	return names[number];
}
