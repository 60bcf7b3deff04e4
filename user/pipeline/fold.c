/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which of the ordinary processes may go; see fold.h.
 */
#include "user/pipeline/fold.h"

struct folding {
	const struct tracing *tracing;
	__u64 ended_ns;
};

static bool is_command(const struct trace *trace, const struct process *process)
{
	return process->pid == trace->command_pid &&
	       (!trace->command_start_ns || process->birth_ns == trace->command_start_ns);
}

/* Before the command has ended, nobody is left behind by it. */
static bool is_told_of(const struct folding *folding, const struct process *process)
{
	const struct pipeline_result *result = folding->tracing->result;
	const struct trace *trace = &result->trace;
	struct findings findings = {.ended_ns = folding->ended_ns};

	if (folding->ended_ns)
		findings.command = model_find(result->model, trace->command_pid, trace->command_start_ns);
	return findings_tell_of(&findings, result->model, process);
}

static bool lets_go(void *ctx, const struct process *process)
{
	const struct folding *folding = ctx;
	const struct tracing *tracing = folding->tracing;

	if (is_command(&tracing->result->trace, process) || is_told_of(folding, process))
		return false;
	if (tracing->sink && tracing->kind->fold)
		tracing->kind->fold(tracing->sink, process);
	return true;
}

void fold(const struct tracing *tracing, int most, __u64 ended_ns)
{
	struct folding folding = {tracing, ended_ns};

	model_fold(tracing->result->model, most, lets_go, &folding);
}
