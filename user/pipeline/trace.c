/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What traces have in common; see trace.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/base/clock.h"
#include "user/base/message.h"
#include "user/pipeline/trace.h"

#define CLOCK_NEWS_NS 1000000

static void describe_host(struct pipeline_result *result)
{
	struct utsname host;

	if (uname(&host))
		return;
	result->trace.kernel = strdup(host.release);
	result->trace.machine = strdup(host.machine);
	result->trace.cpus = sysconf(_SC_NPROCESSORS_ONLN);
}

struct tracing tracing_of(struct pipeline_result *result, const struct sink_kind *kind,
			  const struct sink_options *sink_options)
{
	memset(result, 0, sizeof(*result));
	result->exit_status = TRACE_FAILED;
	result->trace.exit_status = -1;
	describe_host(result);
	return (struct tracing){.result = result, .kind = kind, .sink_options = sink_options, .signal_fd = -1};
}

int tracing_attach(struct tracing *tracing, const struct live_options *options, struct live_ability *ability)
{
	struct trace *trace = &tracing->result->trace;

	if (!own_pid_namespace()) {
		message("/proc is not mounted, or not readable: without it the traced processes can't be identified "
			"(mount -t proc proc /proc)");
		return -1;
	}
	tracing->live = live_open(options, ability);
	if (!tracing->live)
		return -1;
	if (options->exact_reaps && !ability->exact_reaps)
		trace->note = "this kernel does not tell reaps exactly: their times are the latest possible";
	trace->no_wakers = !options->wakers;
	tracing->keeps_cpu = ability->keeps_cpu;
	return 0;
}

int tracing_start(struct tracing *tracing, change_fn hear, void *ctx)
{
	struct pipeline_result *result = tracing->result;
	struct trace *trace = &result->trace;

	trace->started_realtime_ns = clock_now_ns(CLOCK_REALTIME);
	trace->started_ns = clock_now_ns(CLOCK_BOOTTIME);
	result->model = model_new(hear, ctx);
	if (tracing->kind)
		tracing->sink = tracing->kind->open(trace, tracing->sink_options);
	if (!result->model || (tracing->kind && !tracing->sink)) {
		message("out of memory: the trace can't begin");
		return -1;
	}
	return 0;
}

/* Less than that is the time between two questions, or no matter; more is a step, or the sum of many small corrections. */
void tracing_follow_clock(struct tracing *tracing)
{
	struct trace *trace = &tracing->result->trace;
	__s64 unset_ns = trace->started_realtime_ns - (__s64)trace->started_ns;
	__s64 step_ns = (__s64)clock_now_ns(CLOCK_REALTIME) - (__s64)clock_now_ns(CLOCK_BOOTTIME) - unset_ns;
	__s64 news_ns = step_ns - trace->clock_step_ns;

	if (news_ns > CLOCK_NEWS_NS || news_ns < -CLOCK_NEWS_NS)
		trace->clock_step_ns = step_ns;
}

int tracing_catch_signals(struct tracing *tracing, const int *caught)
{
	sigset_t set;

	sigemptyset(&set);
	while (*caught)
		sigaddset(&set, *caught++);
	sigprocmask(SIG_BLOCK, &set, &tracing->signals_before);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	tracing->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (tracing->signal_fd >= 0)
		return 0;
	message("can't open a file for signals: %s; 'ulimit -n' limits open files", strerror(errno));
	sigprocmask(SIG_SETMASK, &tracing->signals_before, NULL);
	return -1;
}

int tracing_conclude(struct tracing *tracing)
{
	struct pipeline_result *result = tracing->result;

	result->findings.pid_namespace = own_namespace_in_events();
	model_finish(result->model, result->trace.ended_ns);
	if (findings_collect(&result->findings, result->model))
		message("out of memory: some findings are missing");
	if (!tracing->sink || !tracing->kind->finish(tracing->sink, result->model, &result->findings))
		return 0;
	result->output_failed = true;
	return -1;
}

void tracing_end(struct tracing *tracing)
{
	if (tracing->sink && tracing->kind->free)
		tracing->kind->free(tracing->sink);
	live_close(tracing->live);
	if (tracing->signal_fd < 0)
		return;
	close(tracing->signal_fd);
	sigprocmask(SIG_SETMASK, &tracing->signals_before, NULL);
}
