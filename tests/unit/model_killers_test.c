/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who killed whom, and on what occasion: a wait status against the signals that were sent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <sys/syscall.h>
#include <cmocka.h>

#include "tests/unit/story.h"

#define VICTIM 101
#define KILLER 102
#define CORE 0x80

static struct process *victim(struct story *story)
{
	return model_find(story->model, VICTIM, story->start_ns[VICTIM]);
}

static struct story *story_of_victim(void)
{
	struct story *story = story_new();

	story_born(story, 1000, COMMAND, OUTSIDE, "make");
	story_born(story, 1001, KILLER, COMMAND, "killer");
	story_born(story, 1002, VICTIM, COMMAND, "victim");
	return story;
}

struct occasion {
	__u32 by;
	struct signal signal;
	__u32 end_flags;
	enum end_kind kind;
	enum signal_why why;
};

#define FROM_KERNEL .flags = SIGNAL_KERNEL, .code = 0x80

static const struct occasion occasions[] = {
	{KILLER, {.number = SIGTERM, .call = SYS_kill}, 0, ENDED_KILLED, WHY_KILL},
	{KILLER, {.number = SIGSEGV, .call = SYS_kill}, 0, ENDED_KILLED, WHY_KILL},
	{KILLER, {.number = SIGKILL, .call = SYS_pidfd_send_signal}, 0, ENDED_KILLED, WHY_KILL},
	{OUTSIDE, {.number = SIGTERM, .call = SYS_tgkill}, 0, ENDED_KILLED, WHY_KILL},
	{VICTIM, {.number = SIGTERM, .call = SYS_kill}, 0, ENDED_KILLED, WHY_SELF},
	{VICTIM, {.number = SIGABRT, .call = SYS_tgkill, .code = -6}, 0, ENDED_FATAL, WHY_SELF},
	{VICTIM, {.number = SIGSEGV, .call = -1, .flags = SIGNAL_KERNEL, .code = 1}, 0, ENDED_FATAL, WHY_FAULT},
	{VICTIM, {.number = SIGFPE, .call = -1, .flags = SIGNAL_KERNEL, .code = 1}, 0, ENDED_FATAL, WHY_FAULT},
	{VICTIM, {.number = SIGPIPE, .call = SYS_write}, 0, ENDED_KILLED, WHY_PIPE},
	{VICTIM, {.number = SIGPIPE, .call = SYS_kill}, 0, ENDED_KILLED, WHY_SELF},
	{VICTIM, {.number = SIGXFSZ, .call = SYS_write}, 0, ENDED_KILLED, WHY_FILE_LIMIT},
	{KILLER, {.number = SIGHUP, FROM_KERNEL}, 0, ENDED_KILLED, WHY_HANGUP},
	{KILLER, {.number = SIGINT, FROM_KERNEL}, 0, ENDED_KILLED, WHY_TERMINAL},
	{0, {.number = SIGALRM, .flags = SIGNAL_KERNEL | SIGNAL_IRQ, .code = 0x80}, 0, ENDED_KILLED, WHY_TIMER},
	{0, {.number = SIGUSR1, .code = -2, .flags = SIGNAL_IRQ}, 0, ENDED_KILLED, WHY_TIMER},
	{0, {.number = SIGXCPU, .flags = SIGNAL_KERNEL | SIGNAL_IRQ, .code = 0x80}, 0, ENDED_KILLED, WHY_CPU_LIMIT},
	{COMMAND,
	 {.number = SIGTERM, .flags = SIGNAL_EXITING | SIGNAL_PARENT_DEATH},
	 0,
	 ENDED_KILLED,
	 WHY_PARENT_DEATH},
	{KILLER, {.number = SIGKILL, .flags = SIGNAL_KERNEL | SIGNAL_EXITING}, 0, ENDED_KILLED, WHY_NAMESPACE},
	{KILLER, {.number = SIGKILL, FROM_KERNEL}, END_OOM, ENDED_KILLED, WHY_OOM},
	{KILLER, {.number = SIGKILL, .call = SYS_kill}, END_OOM, ENDED_KILLED, WHY_KILL},
};

static void every_occasion(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(occasions) / sizeof(*occasions); i++) {
		const struct occasion *occasion = &occasions[i];
		struct story *story = story_of_victim();

		story_signal(story, 1010, VICTIM, occasion->by, "somebody", occasion->signal);
		story_ends_as(story, 1011, VICTIM, occasion->signal.number, (struct end){.flags = occasion->end_flags});
		assert_int_equal(victim(story)->end, occasion->kind);
		assert_int_equal(victim(story)->killer.why, occasion->why);
		assert_int_equal(victim(story)->killer.pid, occasion->why == WHY_TERMINAL ? 0 : occasion->by);
		assert_int_equal(victim(story)->signal, occasion->signal.number);
		assert_int_equal(victim(story)->code, -1);
		story_free(story);
	}
}

static void the_one_that_got_through(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_signal(story, 1009, VICTIM, OUTSIDE, "caught",
		     (struct signal){.number = SIGTERM, .flags = SIGNAL_HANDLED});
	story_signal(story, 1010, VICTIM, KILLER, "killer", (struct signal){.number = SIGTERM});
	story_signal(story, 1011, VICTIM, OUTSIDE, "late", (struct signal){.number = SIGTERM, .result = 1});
	story_signal(story, 1012, VICTIM, OUTSIDE, "other", (struct signal){.number = SIGINT});
	story_ends(story, 1020, VICTIM, SIGTERM);
	assert_int_equal(victim(story)->killer.pid, KILLER);
	assert_int_equal(victim(story)->killer.at_ns, 1010 * MS);
	assert_int_equal(victim(story)->signal_count, 4);
	story_free(story);
}

/* It caught the signal, tidied up, took its handler away and sent itself the same: a shell's good manners. */
static void caught_then_raised(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_signal(story, 1009, VICTIM, KILLER, "killer", (struct signal){.number = SIGINT, .flags = SIGNAL_HANDLED});
	story_signal(story, 1010, VICTIM, VICTIM, "victim",
		     (struct signal){.number = SIGINT, .call = SYS_kill, .flags = SIGNAL_HANDLED});
	story_signal(story, 1010, VICTIM, VICTIM, "victim", (struct signal){.number = SIGINT, .call = SYS_tgkill});
	story_ends(story, 1020, VICTIM, SIGINT);
	assert_int_equal(victim(story)->killer.why, WHY_SELF);
	assert_int_equal(victim(story)->first_killer.pid, KILLER);
	story_free(story);
}

static void caught_is_nobodys_murder(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_signal(story, 1009, VICTIM, KILLER, "killer",
		     (struct signal){.number = SIGTERM, .flags = SIGNAL_HANDLED});
	story_ends(story, 1020, VICTIM, 0);
	assert_int_equal(victim(story)->end, ENDED_NORMAL);
	assert_int_equal(victim(story)->killer.why, WHY_UNKNOWN);
	story_free(story);
}

static void killer_not_seen(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_ends(story, 1020, VICTIM, SIGTERM);
	assert_int_equal(victim(story)->end, ENDED_KILLED);
	assert_int_equal(victim(story)->killer.why, WHY_UNKNOWN);
	story_signal(story, 1010, VICTIM, KILLER, "killer", (struct signal){.number = SIGTERM}); /* late, not lost */
	assert_int_equal(victim(story)->killer.pid, KILLER);
	story_free(story);
}

static void seccomp_leaves_no_signal(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_ends(story, 1020, VICTIM, SIGSYS | CORE);
	assert_int_equal(victim(story)->end, ENDED_FATAL);
	assert_true(victim(story)->core);
	story_free(story);
}

static void exit_codes(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_ends(story, 1020, VICTIM, 255 << 8);
	story_ends(story, 1020, KILLER, 0);
	assert_int_equal(victim(story)->end, ENDED_ERROR);
	assert_int_equal(victim(story)->code, 255);
	assert_int_equal(victim(story)->signal, 0);
	assert_int_equal(model_find(story->model, KILLER, 1001 * MS)->end, ENDED_NORMAL);
	story_free(story);
}

static void numbers_that_are_no_signals(void **state)
{
	struct story *story = story_of_victim();

	(void)state;
	story_signal(story, 1009, VICTIM, KILLER, "killer", (struct signal){.number = 0});
	story_signal(story, 1009, VICTIM, KILLER, "killer", (struct signal){.number = -5});
	story_signal(story, 1009, VICTIM, KILLER, "killer", (struct signal){.number = 65});
	assert_int_equal(victim(story)->signal_count, 0);
	assert_int_equal(model_stats(story->model)->unknown_events, 3);
	story_free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_occasion),     cmocka_unit_test(the_one_that_got_through),
		cmocka_unit_test(caught_then_raised), cmocka_unit_test(caught_is_nobodys_murder),
		cmocka_unit_test(killer_not_seen),    cmocka_unit_test(seccomp_leaves_no_signal),
		cmocka_unit_test(exit_codes),	      cmocka_unit_test(numbers_that_are_no_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
