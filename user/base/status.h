/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Exit statuses of proclife's own; docs/proclife.1 lists them all. Anyone in user/ but the model may include it.
 */
#ifndef PROCLIFE_STATUS_H
#define PROCLIFE_STATUS_H

#define EXIT_FINDING 3	   /* a finding named by --fail-on was found; something leaks */
#define EXIT_FAILED 125	   /* proclife itself failed */
#define EXIT_NO_READER 141 /* the reader of the output has closed its pipe: 128 + SIGPIPE, as shells show it */

#endif
