/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Deadlocks among processes made up by chance, compared with a plain twin: who can reach somebody that is free, by waits
 * alone, may go on; who can't is stuck. The model must name all of these, in circles that are ones.
 */
#include "tests/unit/found.h"
#include "tests/unit/sight.h"

#define MOST 10
#define FIRST 101 /* after the command, which is number 0 */
#define ROUNDS 4000

enum spell { RUNNING, SLEEPING, FOR_ANY_CHILD, FOR_A_CHILD, READING, WRITING, LOCKING };

struct chance {
	__u64 seed;
	int count;
	int parent[MOST];
	enum spell spell[MOST];
	int object[MOST];			    /* the pipe, the lock or the child that it waits for */
	bool reads[MOST][MOST], writes[MOST][MOST]; /* process, pipe: has that end */
	int holder[MOST];			    /* of each lock; -1: nobody */
	bool waits[MOST][MOST];			    /* one for the other, by the twin's reckoning */
	bool is_free[MOST];
};

static __u32 any(struct chance *chance, int below)
{
	chance->seed = chance->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (__u32)(chance->seed >> 33) % (__u32)below;
}

static __u32 pid_of(int one)
{
	return one ? FIRST + (__u32)one - 1 : COMMAND;
}

static int number_of_pid(__u32 pid)
{
	return pid == COMMAND ? 0 : (int)(pid - FIRST) + 1;
}

/* Most wait, or there would hardly ever be a circle. */
static void make_up(struct chance *chance, __u64 seed)
{
	*chance = (struct chance){.seed = seed};
	chance->count = 2 + (int)any(chance, MOST - 2);
	for (int i = 0; i < chance->count; i++) {
		chance->parent[i] = i ? (int)any(chance, i) : -1;
		chance->spell[i] = any(chance, 5) ? FOR_ANY_CHILD + any(chance, 5) : any(chance, 2);
		chance->object[i] = (int)any(chance, chance->count);
		chance->holder[i] = (int)any(chance, chance->count + 1) - 1;
		for (int pipe = 0; pipe < chance->count; pipe++) {
			chance->reads[i][pipe] = !any(chance, 4);
			chance->writes[i][pipe] = !any(chance, 4);
		}
	}
	for (int i = 0; i < chance->count; i++) { /* what it waits at, it has */
		chance->reads[i][chance->object[i]] |= chance->spell[i] == READING;
		chance->writes[i][chance->object[i]] |= chance->spell[i] == WRITING;
		if (chance->spell[i] == LOCKING && chance->holder[chance->object[i]] < 0)
			chance->spell[i] = SLEEPING;
	}
}

static bool waits_for(const struct chance *chance, int one, int other)
{
	int object = chance->object[one];

	switch (chance->spell[one]) {
	case FOR_ANY_CHILD:
		return chance->parent[other] == one;
	case FOR_A_CHILD:
		return chance->parent[other] == one && object == other;
	case READING:
		return chance->writes[other][object];
	case WRITING:
		return chance->reads[other][object];
	case LOCKING:
		return chance->holder[object] == other;
	default:
		return false;
	}
}

/* Free: it waits for nobody, or a way along waits leads to one that does. */
static void reckon(struct chance *chance)
{
	bool reaches[MOST][MOST];

	for (int one = 0; one < chance->count; one++)
		for (int other = 0; other < chance->count; other++)
			reaches[one][other] = chance->waits[one][other] = waits_for(chance, one, other);
	for (int by = 0; by < chance->count; by++)
		for (int from = 0; from < chance->count; from++)
			for (int to = 0; to < chance->count; to++)
				reaches[from][to] |= reaches[from][by] && reaches[by][to];
	for (int one = 0; one < chance->count; one++) {
		bool found[MOST] = {0};

		for (int other = 0; other < chance->count; other++) {
			found[other] = true;
			for (int third = 0; third < chance->count; third++)
				found[other] &= !chance->waits[other][third];
			chance->is_free[one] |= found[other] && (other == one || reaches[one][other]);
		}
	}
}

static void tell_open(struct sight *sight, const struct chance *chance)
{
	for (int pipe = 0; pipe < chance->count; pipe++)
		for (int i = 0; i < chance->count; i++) {
			if (chance->reads[i][pipe])
				has_open(sight, pid_of(i), 10 + (__u32)pipe, (__u64)pipe + 1, FILE_READS);
			if (chance->writes[i][pipe])
				has_open(sight, pid_of(i), 40 + (__u32)pipe, (__u64)pipe + 1, FILE_WRITES);
		}
	for (int lock = 0; lock < chance->count; lock++)
		if (chance->holder[lock] >= 0)
			has_open(sight, pid_of(chance->holder[lock]), 70 + (__u32)lock, FILE_ONE + (__u64)lock,
				 FILE_FLOCKED);
	count_all(sight);
	tell_files(sight);
}

static void tell_locks(struct sight *sight, const struct chance *chance)
{
	for (int lock = 0; lock < chance->count; lock++) {
		if (chance->holder[lock] < 0)
			continue;
		locked(sight, (__u32)lock, pid_of(chance->holder[lock]), FILE_ONE + (__u64)lock, LOCK_FLOCK);
		for (int i = 0; i < chance->count; i++)
			if (chance->spell[i] == LOCKING && chance->object[i] == lock)
				locked(sight, (__u32)lock, pid_of(i), FILE_ONE + (__u64)lock, LOCK_FLOCK | LOCK_WAITS);
	}
}

static void tell_spell(struct sight *sight, const struct chance *chance, int i)
{
	static const enum reason reasons[] = {
		[SLEEPING] = REASON_SLEEP,    [FOR_ANY_CHILD] = REASON_CHILD, [FOR_A_CHILD] = REASON_CHILD,
		[READING] = REASON_PIPE_READ, [WRITING] = REASON_PIPE_WRITE,  [LOCKING] = REASON_FILE_LOCK};
	int object = chance->object[i];
	struct sleep sleep = {.reason = reasons[chance->spell[i]], .fd = -1};

	if (chance->spell[i] == FOR_A_CHILD)
		sleep.awaited = (__s32)pid_of(object);
	if (chance->spell[i] == READING)
		sleep.fd = 10 + object;
	if (chance->spell[i] == WRITING)
		sleep.fd = 40 + object;
	is_in(sight, pid_of(i), chance->spell[i] == RUNNING ? STATE_RUNNING : STATE_BLOCKED, sleep);
}

static void note_stuck(const struct chance *chance, const struct wait *wait, bool *stuck)
{
	int one = number_of_pid(wait->process->pid), on = number_of_pid(wait->on->pid);

	assert_true(chance->waits[one][on]);
	stuck[one] = true;
}

static int assert_as_reckoned(const struct model *model, const struct chance *chance)
{
	bool stuck[MOST] = {0};

	for (int i = 0; i < model_deadlock_count(model); i++) {
		const struct deadlock *deadlock = model_deadlock(model, i);

		assert_true(deadlock->count > 0);
		for (int j = 0; j < deadlock->count; j++) {
			note_stuck(chance, &deadlock->circle[j], stuck);
			assert_ptr_equal(deadlock->circle[j].on, deadlock->circle[(j + 1) % deadlock->count].process);
		}
		for (int j = 0; j < deadlock->held_up_count; j++)
			note_stuck(chance, &deadlock->held_up[j], stuck);
	}
	for (int one = 0; one < chance->count; one++)
		assert_int_equal(stuck[one], !chance->is_free[one]);
	return model_deadlock_count(model);
}

static void as_the_twin_reckons(void **state)
{
	int deadlocks = 0, quiet = 0;

	(void)state;
	for (__u64 seed = 1; seed <= ROUNDS; seed++) {
		struct story *story = story_new();
		struct chance chance;
		struct sight sight;
		int found;

		make_up(&chance, seed);
		reckon(&chance);
		for (int i = 0; i < chance.count; i++)
			story_born(story, 1000 + (__u64)i, pid_of(i), i ? pid_of(chance.parent[i]) : OUTSIDE, "one");
		look_begins(&sight, story, 2000);
		tell_locks(&sight, &chance);
		tell_open(&sight, &chance);
		for (int i = 0; i < chance.count; i++)
			tell_spell(&sight, &chance, i);
		look_ends(&sight);
		found = assert_as_reckoned(story->model, &chance);
		deadlocks += found;
		quiet += !found;
		story_free(story);
	}
	assert_true(deadlocks > ROUNDS / 10); /* or nothing has been tried */
	assert_true(quiet > ROUNDS / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_the_twin_reckons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
