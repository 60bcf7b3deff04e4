/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The scheduling labs' textbook: lists of jobs in three notations, and each policy's schedule, worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "user/demo/sched/textbook.h"

static void notations(void **state)
{
	struct job_list jobs;

	(void)state;
	assert_int_equal(list_read(&jobs, "0:8,1:5"), LIST_FINE);
	assert_int_equal(jobs.count, 2);
	assert_int_equal(jobs.job[1].arrival, 1);
	assert_int_equal(jobs.job[1].burst, 5);
	assert_int_equal(list_read(&jobs, "5,3,4"), LIST_FINE);
	assert_int_equal(jobs.count, 3);
	assert_int_equal(jobs.job[2].arrival, 0);
	assert_int_equal(jobs.job[2].burst, 4);
	assert_int_equal(list_read(&jobs, "0,18,0:2,5,0"), LIST_FINE);
	assert_int_equal(jobs.count, 2);
	assert_int_equal(jobs.job[1].arrival, 2);
	assert_int_equal(jobs.job[1].burst, 5);
	assert_int_equal(list_read(&jobs, "7"), LIST_FINE);
	assert_int_equal(jobs.job[0].burst, 7);
}

static void faults(void **state)
{
	static const char *const unreadable[] = {
		"",	 ",",	   "x",	    "5,", "5 3", "0:",	  ":5",	 "0:5,",    "0:5,1",
		"0:5:1", "0,5,0:", "0,5:1", "-1", "+1",	 "0:5;1", "1.5", "0,5,0:1", "0,5,0,1:1"};
	struct job_list jobs;

	(void)state;
	for (size_t i = 0; i < sizeof(unreadable) / sizeof(*unreadable); i++)
		assert_int_not_equal(list_read(&jobs, unreadable[i]), LIST_FINE);
	assert_int_equal(list_read(&jobs, "1,1,1,1,1,1,1,1"), LIST_FINE);
	assert_int_equal(list_read(&jobs, "1,1,1,1,1,1,1,1,1"), LIST_TOO_MANY);
	assert_int_equal(list_read(&jobs, "0:0"), LIST_BURST);
	assert_int_equal(list_read(&jobs, "101"), LIST_BURST);
	assert_int_equal(list_read(&jobs, "99999999999999999999"), LIST_BURST);
	assert_int_equal(list_read(&jobs, "301:1"), LIST_ARRIVAL);
	assert_int_equal(list_read(&jobs, "0,5,2:0,5,0"), LIST_IO);
}

/* `ticks`: a digit a tick, '.' for nobody. */
static void schedule_is(const char *list, enum policy policy, int quantum, const char *ticks)
{
	char seen[TICKS_MOST + 1] = "";
	struct textbook textbook;
	struct job_list jobs;

	assert_int_equal(list_read(&jobs, list), LIST_FINE);
	textbook_work_out(&textbook, &jobs, policy, quantum);
	for (int i = 0; i < textbook.count; i++)
		seen[i] = textbook.ticks[i].job == IDLE ? '.' : (char)('0' + textbook.ticks[i].job);
	seen[textbook.count] = '\0';
	assert_string_equal(seen, ticks);
}

static void schedules(void **state)
{
	(void)state;
	schedule_is("0:8,1:5,2:1,3:3", FCFS, 2, "00000000111112333");
	schedule_is("0:8,1:5,2:1,3:3", SJF, 2, "00000000233311111");
	schedule_is("0:8,1:5,2:1,3:3", RR, 2, "00112003311003100");
	schedule_is("0:9,3:2,7:5", MLFQ, 2, "0001100222202000");
	/* Ties go to who came first, then to the lower number. */
	schedule_is("3,3,3", SJF, 1, "000111222");
	schedule_is("1:2,0:2", FCFS, 1, "1100");
	/* A new job queues up before the one whose turn ends just then. */
	schedule_is("0:4,2:2", RR, 2, "001100");
	/* Nobody is there; a quantum longer than all; one that sinks to the bottom stays there. */
	schedule_is("2:1,5:1", FCFS, 1, "..0..1");
	schedule_is("2,2", RR, 100, "0011");
	schedule_is("6,6", MLFQ, 1, "010101010101");
}

static void figures(void **state)
{
	struct textbook textbook;
	struct job_list jobs;
	struct figures one, all;

	(void)state;
	list_read(&jobs, "0:8,1:5,2:1,3:3");
	textbook_work_out(&textbook, &jobs, RR, 2);
	one = textbook_figures(&textbook, &jobs, 1);
	assert_int_equal(one.response, 1);
	assert_int_equal(one.waiting, 9);
	assert_int_equal(one.turnaround, 14);
	all = textbook_averages(&textbook, &jobs);
	assert_int_equal(all.response * 100, 175);
	assert_int_equal(all.waiting * 100, 700);
	assert_int_equal(all.turnaround * 100, 1125);
}

/* The longest lists there may be fit. */
static void limits(void **state)
{
	struct textbook textbook;
	struct job_list jobs;

	(void)state;
	list_read(&jobs, "300:100,300:100,300:100,300:100,300:100,300:100,300:100,300:100");
	for (int policy = FCFS; policy <= MLFQ; policy++) {
		textbook_work_out(&textbook, &jobs, (enum policy)policy, 1);
		assert_int_equal(textbook.count, TICKS_MOST);
		assert_int_equal(textbook.end[7], TICKS_MOST);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notations), cmocka_unit_test(faults), cmocka_unit_test(schedules),
		cmocka_unit_test(figures),   cmocka_unit_test(limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
