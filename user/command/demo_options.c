/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the user asked of the command `demo`; see demo_options.h.
 */
#include <stdlib.h>
#include <string.h>

#include "user/base/message.h"
#include "user/base/similar.h"
#include "user/command/command.h"
#include "user/command/demo_options.h"
#include "user/command/demo_print.h"
#include "user/command/numbers.h"
#include "user/command/options.h"
#include "user/command/places.h"

void demo_help(void)
{
	printf("usage: proclife demo [OPTION…] [NAME…]\n\n"
	       "Runs small programs, the labs, under the tracer, and prints what theory says, a\n"
	       "picture, what the kernel observed, and whether the two agree. Without a NAME it\n"
	       "runs three labs on a terminal, otherwise all. After several labs it prints a\n"
	       "table of verdicts.\n\n"
	       "      --list           list the labs\n"
	       "  -a, --all            run all labs\n"
	       "  -b, --broken=NAME    run NAME's deliberately wrong variant: what goes wrong\n"
	       "  -p, --predict        ask you first, then compare\n"
	       "      --quiz-out=FILE  your answers and what was right, as JSON; with -p\n"
	       "      --source         print NAME's program, in C, instead of running it\n"
	       "      --brief          print no pages, only the table\n"
	       "      --no-pager       print to the terminal; otherwise through $PAGER, or less\n"
	       "      --slow=N         run N times as slowly, for a projector\n"
	       "      --lang=LANGUAGE  en or zh; otherwise as LANG says\n"
	       "  -f, --format=FORMAT  text (default) or json\n"
	       "  -v, --verbose        print the whole report, nothing folded\n"
	       "  -h, --help           print this help\n\n"
	       "In the textbook's notation:\n"
	       "  -l, --jobs=LIST      the jobs or processes of sched-* and states\n"
	       "  -q, --quantum=TICKS  the quantum of sched-rr and sched-mlfq\n"
	       "  -A, --actions=LIST   the actions of tree: a+b,b+c,c-\n"
	       "      --table          print results in the textbook's layout as well\n\n"
	       "Labs:\n");
	print_list();
	printf("\nExit status: 0 when theory and kernel agree, 1 when they do not, 125 when\n"
	       "proclife failed.\n");
}

static int take_count(const char *option, const char *text, unsigned long most, int *count)
{
	unsigned long number;

	if (take_number(option, text, (struct range){1, most}, &number))
		return EXIT_FAILED;
	*count = (int)number;
	return 0;
}

enum {
	OPTION_LIST = 256,
	OPTION_BRIEF,
	OPTION_NO_PAGER,
	OPTION_QUIZ,
	OPTION_SOURCE,
	OPTION_SLOW,
	OPTION_LANGUAGE,
	OPTION_TABLE
};

static int take_flag(struct request *request, int option)
{
	switch (option) {
	case 'a':
		request->all = true;
		break;
	case 'v':
		request->verbose++;
		break;
	case 'p':
		request->predict = true;
		break;
	case OPTION_QUIZ:
		request->quiz_file = optarg;
		break;
	case OPTION_LIST:
		request->list = true;
		break;
	case OPTION_SOURCE:
		request->source = true;
		break;
	case OPTION_BRIEF:
		request->brief = true;
		break;
	case OPTION_NO_PAGER:
		request->no_pager = true;
		break;
	case OPTION_TABLE:
		request->table = true;
		break;
	case OPTION_LANGUAGE:
		request->language = optarg;
		break;
	default:
		return -1;
	}
	return 0;
}

static const char *demo_at(const void *table, int i)
{
	const struct demo *demo = ((const struct demo *const *)table)[i];

	return demo ? demo->name : NULL;
}

static int check_name(const char *name)
{
	if (demo_named(name))
		return 0;
	return say_unknown("demo", name, similar_name(name, demo_at, demos), "proclife demo --list");
}

static int take_option(struct request *request, int option)
{
	struct settings *settings = &request->settings;

	switch (option) {
	case 'b':
		request->broken = optarg;
		return check_name(optarg);
	case 'f':
		return take_plain_format("demo", optarg, &request->as_json);
	case 'l':
		settings->list = optarg;
		return 0;
	case 'A':
		settings->actions = optarg;
		return 0;
	case 'q':
		return take_count("--quantum", optarg, 10000, &settings->quantum);
	case OPTION_SLOW:
		return take_count("--slow", optarg, 100, &settings->slow);
	default:
		return take_flag(request, option);
	}
}

/* Was something asked of a demo that it can't do, or in words that it does not understand? */
static int refuses(const struct request *request, const struct demo *demo)
{
	const struct settings *settings = &request->settings;
	struct buffer complaint = {0};
	bool understood;

	if (settings->list && !(demo->takes & TAKES_LIST))
		message("demo %s takes no list of jobs (--jobs): sched-* and states do", demo->name);
	else if (settings->quantum && !(demo->takes & TAKES_QUANTUM))
		message("demo %s takes no quantum (--quantum): sched-rr and sched-mlfq do", demo->name);
	else if (settings->actions && !(demo->takes & TAKES_ACTIONS))
		message("demo %s takes no actions (--actions): tree does", demo->name);
	else {
		understood = !demo->understands || demo->understands(settings, &complaint);
		if (!understood)
			message("demo %s: %s", demo->name, complaint.data ? complaint.data : "");
		buffer_free(&complaint);
		return understood ? 0 : EXIT_FAILED;
	}
	return EXIT_FAILED;
}

/* What makes no sense for whichever demos there are. */
static bool needs_name(const struct request *request)
{
	const struct settings *settings = &request->settings;

	return request->source || settings->list || settings->actions || settings->quantum;
}

static int check_request(const struct request *request)
{
	if (!*request->names && !request->all && !request->broken && !request->list && needs_name(request)) {
		message("demo: --source, --jobs, --quantum and --actions need the NAME of a demo, or --all");
		return EXIT_FAILED;
	}
	for (const char *const *name = request->names; *name; name++) {
		if (check_name(*name) || refuses(request, demo_named(*name)))
			return EXIT_FAILED;
	}
	if (request->quiz_file && !request->predict) {
		message("demo: --quiz-out needs --predict");
		return EXIT_FAILED;
	}
	if (request->brief && (request->predict || request->as_json)) {
		message("demo: --brief goes with neither --predict nor --format=json");
		return EXIT_FAILED;
	}
	return request->broken && refuses(request, demo_named(request->broken)) ? EXIT_FAILED : 0;
}

/* -1: go on; else the exit status. */
int demo_options(struct request *request, int argc, char **argv)
{
	static const struct option long_options[] = {{"all", no_argument, NULL, 'a'},
						     {"list", no_argument, NULL, OPTION_LIST},
						     {"broken", required_argument, NULL, 'b'},
						     {"predict", no_argument, NULL, 'p'},
						     {"quiz-out", required_argument, NULL, OPTION_QUIZ},
						     {"source", no_argument, NULL, OPTION_SOURCE},
						     {"brief", no_argument, NULL, OPTION_BRIEF},
						     {"no-pager", no_argument, NULL, OPTION_NO_PAGER},
						     {"slow", required_argument, NULL, OPTION_SLOW},
						     {"lang", required_argument, NULL, OPTION_LANGUAGE},
						     {"format", required_argument, NULL, 'f'},
						     {"jobs", required_argument, NULL, 'l'},
						     {"quantum", required_argument, NULL, 'q'},
						     {"actions", required_argument, NULL, 'A'},
						     {"table", no_argument, NULL, OPTION_TABLE},
						     {"verbose", no_argument, NULL, 'v'},
						     {"help", no_argument, NULL, 'h'},
						     {NULL, 0, NULL, 0}};
	bool wants_help = false;
	int option;

	while ((option = option_next(argc, argv, ":ab:pf:l:q:A:vh", long_options)) != -1) {
		if (option == 'h')
			wants_help = true;
		else if (option == '?' || take_option(request, option))
			return EXIT_FAILED;
	}
	request->names = (const char *const *)(argv + optind);
	if (speak(request->language))
		return EXIT_FAILED;
	return wants_help ? help_shown(demo_help) : check_request(request) ? EXIT_FAILED : -1;
}
