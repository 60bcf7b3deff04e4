/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife demo: runs demo workloads under the tracer, and compares what the kernel reported with what theory expects.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/demo_json.h"
#include "user/command/demo_print.h"
#include "user/command/demo_run.h"
#include "user/command/demo_show.h"
#include "user/command/elevate.h"
#include "user/command/look.h"
#include "user/command/pager.h"

static int show_list(bool as_json)
{
	struct buffer json = {0};

	if (as_json)
		demo_json_list(&json);
	else
		print_list();
	printf("%s", json.data ? json.data : "");
	buffer_free(&json);
	return 0;
}

static void note_signal(int number)
{
	(void)number;
}

/* A closed pipe does not kill us: what the demo has made must be removed first. The demos' programs do not inherit a
 * handler, as they would SIG_IGN. */
static void survive_closed_pipe(void)
{
	struct sigaction action;

	sigaction(SIGPIPE, NULL, &action);
	if (action.sa_handler != SIG_DFL)
		return;
	action.sa_handler = note_signal;
	sigaction(SIGPIPE, &action, NULL);
}

/* What none of them can do without, before the first page is printed. 0, or the exit status: the message was printed. */
static int check_ready(const struct request *request)
{
	const struct demo *demo;
	char path[PATH_MAX];
	bool broken;

	if (!request->source && !is_privileged()) {
		message("demo: tracing needs root, or CAP_BPF and CAP_PERFMON: sudo proclife demo (see 'proclife doctor')");
		return EXIT_FAILED;
	}
	for (int n = 0; (demo = demo_wanted(request, n, &broken)); n++)
		if (demo_find(demo, request->source ? ".c" : "", path, sizeof(path)))
			return EXIT_FAILED;
	return 0;
}

/* Without a name: a few on a terminal, for a person who wants to see what this is; otherwise all. */
static void choose(struct request *request)
{
	static const char *const first[] = {"states", "zombie", "orphan", NULL};

	if (request->all || request->broken || *request->names)
		return;
	request->all = request->brief || !isatty(STDOUT_FILENO);
	request->chosen = !request->all;
	if (request->chosen)
		request->names = first;
}

static int demo_count(void)
{
	int count = 0;

	while (demos[count])
		count++;
	return count;
}

static void print_choice(const struct sink_options *look)
{
	char line[400];

	snprintf(
		line, sizeof(line),
		_("Three of %d labs follow. 'proclife demo --all' runs all of them, 'proclife demo --list' lists them."),
		demo_count());
	print_wrapped(line, 0, look);
}

static bool wants_pager(const struct request *request)
{
	return !request->no_pager && !request->as_json && !request->predict && !request->brief;
}

/* A user who leaves the pager early has seen enough: that is no failure. */
static int show(const struct request *request)
{
	struct sink_options look = {.out = stdout};
	struct pager pager = {0};
	int status;

	look_at(&look);
	if (wants_pager(request))
		pager_start(&pager);
	if (request->chosen && !request->as_json)
		print_choice(&look);
	status = demo_show(request, &look);
	if (!pager.pid)
		return output_done(status);
	pager_wait(&pager);
	return status;
}

static int run_demo(int argc, char **argv)
{
	struct request request = {.settings = {.slow = 1}};
	int status = demo_options(&request, argc, argv);

	if (status >= 0)
		return status;
	survive_closed_pipe();
	if (request.list)
		return output_done(show_list(request.as_json));
	choose(&request);
	status = check_ready(&request);
	return status ? status : show(&request);
}

const struct command command_demo = {
	.name = "demo",
	.about = "run the process labs: theory and what the kernel observed",
	.help = demo_help,
	.run = run_demo,
};
