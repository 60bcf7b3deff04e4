/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of signals. Anyone in user/ but the model may include it.
 */
#ifndef PROCLIFE_SIGNALS_H
#define PROCLIFE_SIGNALS_H

/* "SIGKILL", "SIGRTMIN+3"; "unknown" for what is no signal. */
const char *signal_name(int number);

#endif
