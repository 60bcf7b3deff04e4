/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Further probes for births, execs and exits. From 7.0 on a probe at a tracepoint can be preempted (include/linux/tracepoint.h),
 * and the kernel runs no program that is active on the same CPU already (kernel/trace/bpf_trace.c, __bpf_trace_run()): while one task
 * is preempted within a probe, no other task of that CPU runs that probe. So each probe there disables preemption while it runs. It
 * counts as active a little before and after that, and may be preempted then, most likely as it enables preemption again: a further
 * probe does what those before it were not run for, and disables preemption only if there is something to do. Only bpf/ includes
 * this file.
 */
#ifndef PROCLIFE_PREEMPTED_H
#define PROCLIFE_PREEMPTED_H

#include "bpf/adopter.h"
#include "bpf/reap.h"

#define EXEC_PROBES 4

#ifdef HAS_PREEMPT_DISABLE /* kernel/bpf/helpers.c, from 6.10 on: another object for these kernels, see read.h */
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
#else
static __always_inline void bpf_preempt_disable(void)
{
}

static __always_inline void bpf_preempt_enable(void)
{
}
#endif

#define BIRTH_NOTED (1 << 0)
#define EXIT_NOTED (1 << 1)

struct probed {	       /* for which of a task's events a probe was run; 32 bits of an array, for user/ knows it, too */
	__u8 pid_high; /* the rest of its pid: another task whose pid has the same slot has not been noted */
	__u8 noted;
	__u16 exec; /* the latest exec, as exec_number() has it; 0: none */
};

extern const volatile __u32 probes_preemptible; /* the further probes are attached */
extern __u32 probed[PID_SLOTS];

/* At the begin and the end of a probe at a tracepoint. Not before 7.0, where the kernel itself disables preemption: until 6.15 the
 * verifier allows no call of a global function meanwhile. */
static __always_inline void probe_preempt_disable(void)
{
	if (probes_preemptible)
		bpf_preempt_disable();
}

static __always_inline void probe_preempt_enable(void)
{
	if (probes_preemptible)
		bpf_preempt_enable();
}

static __always_inline struct probed *probed_of(struct task_struct *p)
{
	struct probed *of_p = (struct probed *)&probed[p->pid & (PID_SLOTS - 1)];
	__u8 pid_high = (__u32)p->pid / PID_SLOTS;

	if (of_p->pid_high != pid_high) {
		of_p->pid_high = pid_high;
		of_p->noted = of_p->exec = 0;
	}
	return of_p;
}

/* fs/exec.c, begin_new_exec(), counts an exec before its tracepoint. */
static __always_inline __u16 exec_number(struct task_struct *p)
{
	return p->self_exec_id + 1;
}

static __always_inline void note_birth(struct task_struct *p)
{
	struct probed *of_p;

	if (!probes_preemptible)
		return;
	of_p = probed_of(p);
	of_p->noted = BIRTH_NOTED;
	of_p->exec = exec_number(p);
}

/* False if an earlier probe was run for p's birth. There is no further one. */
static __always_inline bool note_late_birth(struct task_struct *p)
{
	struct probed *of_p = probed_of(p);
	bool noted = of_p->noted & BIRTH_NOTED;

	if (!noted)
		note_birth(p);
	of_p->noted &= ~BIRTH_NOTED;
	return !noted;
}

/* Counts the execs of p before the one of that number for which no probe was run. */
static __always_inline void count_missed_execs(struct probed *of_p, __u16 number)
{
	__u16 missed = number - of_p->exec - 1;

	if (of_p->exec && missed)
		__sync_fetch_and_add(&lost_lifecycle, missed);
}

/* Was an earlier probe run for p's exit? */
static __always_inline bool is_exit_noted(struct task_struct *p)
{
	return probes_preemptible && probed_of(p)->noted & EXIT_NOTED;
}

static __always_inline void note_exit(struct task_struct *p)
{
	struct probed *of_p;

	if (!probes_preemptible)
		return;
	of_p = probed_of(p);
	if (!is_in_exec(p)) /* an exec that failed is counted, and kills p */
		count_missed_execs(of_p, exec_number(p) + 1);
	of_p->noted |= EXIT_NOTED;
}

/* Was an earlier probe run for this exec? */
static __always_inline bool is_exec_noted(struct task_struct *p)
{
	return probes_preemptible && probed_of(p)->exec == exec_number(p);
}

/* By an exec another thread than the leader may have got the leader's pid. */
static __always_inline void note_exec(struct task_struct *p)
{
	struct probed *of_p;

	if (!probes_preemptible)
		return;
	of_p = probed_of(p);
	count_missed_execs(of_p, exec_number(p));
	of_p->exec = exec_number(p);
	of_p->noted &= ~EXIT_NOTED;
}

/* What can't be read any more once p may have been released. */
static __always_inline void remember_exit(struct task_struct *p, struct task *task)
{
	task->flags |= TASK_EXITING;
	task->sighand = (__u64)FOLLOW(p, sighand);
	read_session(p, &task->last_session, &task->last_group, &task->last_tty);
	remember_children(task, p);
}

/*
 * p notifies its parent or is released: if no probe was run for its exit, what can be known of it still. Its children have been
 * handed over by now.
 */
static __always_inline void make_up_exit(struct task_struct *p, struct task *task)
{
	if (!probes_preemptible || task->flags & TASK_EXITING)
		return;
	__sync_fetch_and_add(&lost_lifecycle, 1); /* who has adopted them */
	remember_exit(p, task);
	task->flags |= TASK_LAST;
	if (exact_reaps)
		await_reap(p, task->sighand, task);
}

#endif
