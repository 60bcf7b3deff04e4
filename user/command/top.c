/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife top: the live system as a screen, or in batch mode as text.
 */
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/look.h"
#include "user/command/numbers.h"
#include "user/command/options.h"
#include "user/command/users.h"
#include "user/command/whom.h"
#include "user/pipeline.h"
#include "user/screen/curses.h"

#define TICK_NS 1000000000u /* a view wants to count so often, however seldom it is refreshed */

struct top {
	struct watch_options watch;
	struct view_options shown;
	struct sink_options look; /* of standard output */
	struct users *users;
	__u32 uid; /* that shown.rows.user names */
	struct view *view;
	struct screen *screen;
	unsigned long iterations; /* 0: no end */
	bool batch;
	int status; /* not 0: why it ended */
};

static void help(void)
{
	printf("usage: proclife top [OPTION…]\n\n"
	       "Shows the processes of this machine as a screen: the state of each, how it spent\n"
	       "the last second and its life, what it is blocked on; zombies and orphans first.\n\n"
	       "  -p, --pid=PID         only process PID and its descendants\n"
	       "  -c, --comm=GLOB       only processes of that name\n"
	       "  -u, --user=USER       only processes of that user, by name or number\n"
	       "  -d, --delay=SEC       refresh every SEC seconds; every second by default\n"
	       "  -n, --iterations=N    end after N refreshes\n"
	       "  -t, --tree            begin with the tree\n"
	       "  -b, --batch           print all rows as text at each refresh; no keys\n"
	       "  -h, --help            print this help\n\n"
	       "Keys: arrows, Enter for a process's page, / to search, t for the tree, F6 or\n"
	       "< > to sort, p to freeze, ? for the other keys, q to quit.\n\n"
	       "Exit status: 0, or 125 when proclife itself failed.\n");
}

static const struct option long_options[] = {
	{"pid", required_argument, NULL, 'p'},
	{"comm", required_argument, NULL, 'c'},
	{"user", required_argument, NULL, 'u'},
	{"delay", required_argument, NULL, 'd'},
	{"iterations", required_argument, NULL, 'n'},
	{"tree", no_argument, NULL, 't'},
	{"batch", no_argument, NULL, 'b'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int take_option(struct top *top, int option)
{

	switch (option) {
	case 'p':
		return take_pid("--pid", optarg, &top->watch.pid);
	case 'c':
		top->shown.rows.comm = optarg;
		return 0;
	case 'u':
		top->shown.rows.user = optarg;
		return take_user_name(optarg, &top->uid);
	case 'd':
		return take_seconds("--delay", optarg, &top->shown.delay_ns);
	case 'n':
		return take_number("--iterations", optarg, (struct range){1, LONG_MAX}, &top->iterations);
	case 't':
		top->shown.tree = true;
		return 0;
	default:
		top->batch = true;
		return 0;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct top *top, int argc, char **argv)
{
	int option;

	while ((option = option_next(argc, argv, "+:p:c:u:d:n:tbh", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?' || take_option(top, option))
			return EXIT_FAILED;
	}
	if (optind < argc)
		return say_unexpected(argv[0], argv[optind]);
	return -1;
}

static void hear(void *ctx, const struct change *change)
{
	struct top *top = ctx;

	if (top->view)
		view_hear(top->view, change);
}

static int fail(struct top *top, const char *what)
{
	message("%s", what);
	top->status = EXIT_FAILED;
	return -1;
}

static int print(struct top *top)
{
	const struct lines *lines = &top->view->lines;

	view_print(top->view, top->look.width);
	for (int i = 0; i < lines->count; i++)
		printf("%s\n", lines->list[i].text.data ? lines->list[i].text.data : "");
	printf("\n");
	top->status = output_done(0);
	return top->status ? -1 : 0;
}

/* The first picture of all is of a moment: in batch mode there is a whole period in each that is printed. */
static int show(struct top *top)
{
	unsigned long shown = top->view->refreshes - top->batch;

	if (!top->batch)
		screen_show(top->screen, top->view);
	else if (shown && print(top))
		return -1;
	return top->iterations && shown >= top->iterations;
}

/* Not before there is something to be shown, so that what is said until then stays readable. */
static int begin(struct top *top, __u64 now_ns)
{
	top->view = view_new(&top->shown, now_ns);
	if (!top->view)
		return fail(top, "top: out of memory");
	if (top->batch)
		return 0;
	top->screen = screen_open(top->look.colour);
	return top->screen ? 0 : fail(top, "top: can't open the terminal; without one: proclife top -b");
}

static int tick(void *ctx, struct model *model, __u64 now_ns)
{
	struct top *top = ctx;

	if (!top->view && begin(top, now_ns))
		return -1;
	return view_tick(top->view, model, now_ns) ? show(top) : 0;
}

static int input(void *ctx, const struct model *model)
{
	struct top *top = ctx;

	if (!top->screen)
		return 0;
	return screen_answer(top->screen, top->view, model) || top->view->over;
}

static int run(struct top *top)
{
	struct pipeline_result result;
	int status = pipeline_watch(&top->watch, &result);

	screen_close(top->screen);
	view_free(top->view);
	pipeline_free(&result);
	return top->status ? top->status : status;
}

static void settle(struct top *top, char *host, size_t room)
{
	top->look.out = stdout;
	look_at(&top->look);
	if (gethostname(host, room))
		strcpy(host, "localhost");
	host[room - 1] = 0;
	top->shown.host = host;
	top->shown.cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	top->shown.utf8 = top->look.utf8;
	top->shown.rows.user_name = users_name;
	top->shown.rows.ctx = top->users;
	top->watch.states = top->watch.wakers = top->watch.threads = top->watch.deadlocks = true;
	top->watch.hear = hear;
	top->watch.tick = tick;
	top->watch.tick_ns = top->shown.delay_ns < TICK_NS ? top->shown.delay_ns : TICK_NS;
	top->watch.input = top->batch ? NULL : input;
	top->watch.input_fd = STDIN_FILENO;
	top->watch.ctx = top;
}

static int top_command(int argc, char **argv)
{
	struct top top = {.shown.delay_ns = TICK_NS};
	char host[256];
	int status = take_options(&top, argc, argv);

	if (status >= 0)
		return status;
	if (!top.batch && !screen_possible())
		return EXIT_FAILED;
	top.users = users_new();
	if (top.shown.rows.user && strspn(top.shown.rows.user, "0123456789") < strlen(top.shown.rows.user))
		users_know(top.users, top.uid, top.shown.rows.user);
	settle(&top, host, sizeof(host));
	status = run(&top);
	users_free(top.users);
	return status;
}

const struct command command_top = {
	.name = "top",
	.about = "show the processes of this machine as a live screen",
	.help = help,
	.run = top_command,
};
