// SPDX-License-Identifier: GPL-2.0-only
/*
 * Births, execs, exits, waits and reaps of traced tasks, as events. Owns the maps and settings that task.h declares.
 */
#include "bpf/bound.h"
#include "bpf/preempted.h"

char LICENSE[] SEC("license") = "GPL";

struct tasks_map tasks SEC(".maps");
struct ends_map ends SEC(".maps");
struct ring_map lifecycle SEC(".maps");
struct ring_map timeline SEC(".maps");
struct sighands_map sighands SEC(".maps");
struct stand_ins_map stand_ins SEC(".maps");
struct roots_map roots SEC(".maps");

const volatile __u64 detail_ns = 0;
const volatile __u32 exact_reaps = 1;
const volatile __u32 ring_wake_bytes = 1 << 20;
const volatile __u32 follow_all = 0;
const volatile __u32 follow_roots = 0;
const volatile __u32 own_namespace = 0;
const volatile __u32 with_states = 1;
const volatile __u32 with_wakers = 1;
const volatile __u32 with_threads = 1;
const volatile __u32 probes_preemptible = 0;
const volatile __u32 count_uid = ~0u;
const volatile __u64 count_cgroup = 0;
const volatile __u32 count_level = 0;

__u32 traced_pids[PID_SLOTS];
__u32 endings[PID_SLOTS];
__u32 probed[PID_SLOTS];
__u32 releases_seen;
__u64 lost_lifecycle, lost_timeline;
__u32 root_parent, root_pid;
static __u64 sighand_cache; /* the slab cache of that name, once seen */

struct exec_scratch {
	struct event head;
	__u8 exec[sizeof(struct exec)];
	__u8 data[2 * 8192]; /* more than can be used, so that the verifier sees every bounded offset + length fit */
};

/* One for each probe of execs, which may be preempted while it uses its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EXEC_PROBES);
	__type(key, __u32);
	__type(value, struct exec_scratch);
} scratch SEC(".maps");

static __always_inline void send_birth(struct task_struct *p, __u64 clone_flags, __u32 by_tid)
{
	__u32 level = FOLLOW(p, thread_pid, level);
	RECORD(BIRTH, struct birth, birth, p, p->start_boottime);

	birth->task_start_ns = p->start_boottime;
	birth->parent_start_ns = FOLLOW(p, real_parent, group_leader, start_boottime);
	birth->clone_flags = clone_flags;
	birth->parent_pid = FOLLOW(p, real_parent, tgid);
	birth->by_tid = by_tid;
	birth->exit_signal = p->exit_signal;
	birth->uid = FOLLOW(p, real_cred, uid.val);
	read_session(p, &birth->session, &birth->group, &birth->tty);
	birth->ns_level = level;
	birth->ns_pid = level ? number_of(FOLLOW(p, thread_pid), level) : p->pid;
	birth->pid_namespace = level ? namespace_of(FOLLOW(p, thread_pid), level) : 0;
	birth->cgroup = FOLLOW(p, cgroups, dfl_cgrp, kn, id);
	birth->call = call_of(bpf_get_current_task_btf());
	birth->listed_after_us = (bpf_ktime_get_boot_ns() - p->start_boottime) / 1000 + 1;
	__builtin_memcpy(birth->comm, p->comm, sizeof(birth->comm));
	SEND(lifecycle, birth);
}

static __always_inline bool is_root_parent(struct task_struct *current)
{
	struct pid *pid = READ(current, group_leader, thread_pid);
	__u32 level = READ(pid, level);

	return number_of(pid, level) == root_parent && namespace_of(pid, level) == own_namespace;
}

static __always_inline bool is_born_followed(struct task_struct *p, struct task_struct *current)
{
	if (follow_all)
		return !is_kernels(p);
	if (root_parent && is_root_parent(current)) {
		root_parent = 0;
		root_pid = p->pid;
		return true;
	}
	return is_followed(current);
}

/* Where all are followed and states do not count, there is nothing to remember until it ends. */
static __always_inline void begin_life(struct task_struct *p, __u64 clone_flags)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct task *task;

	if (!is_born_followed(p, current))
		return;
	if (!follow_all || (with_states && is_counted(p))) {
		task = stored(p, BPF_LOCAL_STORAGE_GET_F_CREATE);
		if (!task) {
			__sync_fetch_and_add(&lost_lifecycle, 1);
			return;
		}
		begin_task(task, p, STATE_READY, p->start_boottime);
		if (!follow_all) {
			task->flags |= TASK_PID_COUNTED;
			count_pid(p, 1);
		}
	}
	if (with_threads || p->pid == p->tgid)
		send_birth(p, clone_flags, current->pid);
}

/* kernel/fork.c, copy_process(): the task is whole, and has not run yet. io_uring's workers come by here as well. */
SEC("tp_btf/task_newtask")
int BPF_PROG(newtask, struct task_struct *p, __u64 clone_flags)
{
	probe_preempt_disable();
	note_birth(p);
	begin_life(p, clone_flags);
	probe_preempt_enable();
	return 0;
}

/* What current asked of fork, vfork, clone or clone3, which made p; if that can't be read, as far as p shows it. */
static __always_inline __u64 flags_asked(struct task_struct *p, struct task_struct *current)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(current);
	__u64 shared = FOLLOW(p, mm) == FOLLOW(current, mm) ? CLONE_VM : 0, asked;
	__u32 call = call_of(current);

	if (FOLLOW(p, vfork_done))
		shared |= CLONE_VFORK;
	if (IN_32BIT_CALL(current))
		return shared;
	if (call == CALL_clone)
		return ARGUMENT_1(regs);
	if (call == CALL_clone3 && !bpf_probe_read_user(&asked, sizeof(asked), (void *)ARGUMENT_1(regs)))
		return asked;
	return shared;
}

/* kernel/sched/core.c, wake_up_new_task(), with interrupts disabled: no probe is active then, so each birth comes by. */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(newtask_second, struct task_struct *p)
{
	if (note_late_birth(p))
		begin_life(p, flags_asked(p, bpf_get_current_task_btf()));
	return 0;
}

struct path_walk {
	struct mount *mount;
	struct dentry *dentry;
	__u8 *data;
	__u32 size;
};

/* One step up, bpf_loop's way: 1 ends the walk. At a mount's root the walk goes on where that is mounted. */
static long step_up(__u32 step, struct path_walk *walk)
{
	struct dentry *dentry = walk->dentry, *up = READ(dentry, d_parent);
	struct mount *mount = walk->mount, *over;
	long got;

	if (dentry == READ(mount, mnt.mnt_root) || dentry == up) {
		over = READ(mount, mnt_parent);
		if (!over || over == mount)
			return 1;
		walk->dentry = READ(mount, mnt_mountpoint);
		walk->mount = over;
		return 0;
	}
	if (walk->size >= EXEC_PATH_MAX)
		return 1;
	got = bpf_probe_read_kernel_str(walk->data + (walk->size & (EXEC_PATH_MAX - 1)), 256,
					READ(dentry, d_name.name));
	if (got > 0 && got <= 256)
		walk->size += got;
	walk->dentry = up;
	return 0;
}

/* The path of the file in execution, leaf first, each part NUL-ended. Returns its length. */
static __always_inline __u32 read_path(__u8 *data, struct file *file)
{
	struct path_walk walk = {.dentry = READ(file, f_path.dentry), .data = data};

	walk.mount = (void *)READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt);
	bpf_loop(64, step_up, &walk, 0);
	return walk.size;
}

/* fs/exec.c, exec_binprm(): the new program is in place; its arguments lie in pages just written. */
static __always_inline void exec_of(struct task_struct *p, int old_tid, struct linux_binprm *bprm, __u32 probe)
{
	struct task *task = task_of(p);
	struct exec_scratch *out;
	struct exec *exec;
	__u64 start, wanted;
	__u32 size;

	if (!task && !is_followed(p))
		return;
	if (some_are_counted() && is_counted(p))
		make_room(p);
	if (task && with_states)
		__builtin_memcpy(task->comm, p->comm, sizeof(task->comm));
	out = bpf_map_lookup_elem(&scratch, &probe);
	if (!out)
		return;
	fill_head(&out->head, p, EVENT_EXEC, 0, bpf_ktime_get_boot_ns());
	exec = (struct exec *)out->exec;
	exec->old_tid = old_tid;
	exec->number = p->self_exec_id + 1;
	exec->uid = FOLLOW(p, real_cred, uid.val);
	size = read_path(out->data, bprm->file) & (2 * EXEC_PATH_MAX - 1);
	start = FOLLOW(p, mm, arg_start);
	wanted = FOLLOW(p, mm, arg_end) - start;
	exec->exe_len = size;
	exec->argv_total = wanted;
	read_session(p, &exec->session, &exec->group, &exec->tty);
	__builtin_memcpy(exec->comm, p->comm, sizeof(exec->comm));
	if (wanted > EXEC_ARGV_MAX)
		wanted = EXEC_ARGV_MAX;
	wanted &= EXEC_ARGV_MAX;
	if (bpf_probe_read_user(out->data + size, wanted, (void *)start))
		wanted = 0;
	exec->argv_len = wanted;
	size += wanted + sizeof(struct exec);
	out->head.size = size;
	if (bpf_ringbuf_output(&lifecycle, out, (size & 8191) + sizeof(struct event), BPF_RB_NO_WAKEUP))
		__sync_fetch_and_add(&lost_lifecycle, 1);
}

/* Equal but for the scratch record of each. */
#define EXEC_PROBE(name, number)                                                                                       \
	SEC("tp_btf/sched_process_exec")                                                                               \
	int BPF_PROG(name, struct task_struct *p, int old_tid, struct linux_binprm *bprm)                              \
	{                                                                                                              \
		if (is_exec_noted(p))                                                                                  \
			return 0;                                                                                      \
		probe_preempt_disable();                                                                               \
		note_exec(p);                                                                                          \
		exec_of(p, old_tid, bprm, number);                                                                     \
		probe_preempt_enable();                                                                                \
		return 0;                                                                                              \
	}

EXEC_PROBE(process_exec, 0)
EXEC_PROBE(process_exec_second, 1)
EXEC_PROBE(process_exec_third, 2)
EXEC_PROBE(process_exec_fourth, 3)

/* A thread that is not the last to exit may see its children off all the same: no other can take them once all are about
 * to exit. Where switches are not watched nothing tells of its own end, so the end of the process has to. */
static __always_inline void leave_child_to_leader(struct task_struct *p)
{
	struct task *of_leader;

	if (is_childless(p))
		return;
	of_leader = task_ending(p->group_leader);
	if (of_leader)
		remember_children(of_leader, p);
}

/* The only thread of its process, of which nothing is remembered, and which has no children. */
static __always_inline bool leaves_nothing(struct task_struct *p)
{
	return p == FOLLOW(p, group_leader) && FOLLOW(p, signal, nr_threads) == 1 && !is_kernels(p) && !task_of(p) &&
	       is_childless(p);
}

#define TELLS_LAST bpf_core_field_exists(struct trace_event_raw_sched_process_exit, group_dead)

/* What is remembered of p's leader, for p's process, whose last thread p may be, is about to end. */
static __always_inline struct task *leader_ending(struct task_struct *p, struct task *task)
{
	return p == p->group_leader ? task : task_ending(p->group_leader);
}

/* p has found no other thread of its process alive. Before 6.18 two that exit at the same time may both find that: the first is the
 * last then, once and for all. */
static __always_inline bool is_elected(struct task *of_leader)
{
	return TELLS_LAST || !of_leader || !__sync_fetch_and_or(&of_leader->elected, 1);
}

/* kernel/exit.c, do_exit(): before the children are handed over and the parent is told. */
static __always_inline void exit_of(struct task_struct *p, __u64 *ctx, __u32 probe)
{
	bool last = TELLS_LAST ? (__u8)ctx[1] : !FOLLOW(p, signal, live.counter), reported;
	struct task *task, *of_leader = NULL;

	if (reaps_are_bounds() && last && leaves_nothing(p)) {
		exit_bound(p, NULL, probe);
		return;
	}
	reported = with_states || with_threads || last || p->pid == p->tgid;
	task = reported ? task_ending(p) : task_of(p);
	if (!task && reported && (is_met(p) || is_hidden(p)))
		__sync_fetch_and_add(&lost_lifecycle, 1); /* no memory */
	if (!with_states && !last && p->pid != p->tgid)
		leave_child_to_leader(p);
	if (!task || task->flags & TASK_EXITING)
		return;
	remember_exit(p, task);
	if (last) {
		of_leader = leader_ending(p, task);
		last = is_elected(of_leader);
	}
	if (last)
		task->flags |= TASK_LAST;
	if (last && exact_reaps)
		await_own_reap(p, task->sighand, of_leader);
	ask_relatives(p, task);
	if (reaps_are_bounds() && last) {
		exit_bound(p, task, probe);
		return;
	}
	if (!with_states && (last ? !FOLLOW(p, group_leader, exit_signal) : with_threads))
		end_running(p, task, bpf_ktime_get_boot_ns(), 0, 0); /* no parent is notified of it */
}

/* Is this the first probe that is run for the exit of p, and is p to be reported? */
static __always_inline bool is_exit_wanted(struct task_struct *p)
{
	return (follow_all || may_be_traced(p)) && !is_exit_noted(p);
}

/* Equal but for the stand-in of each. */
#define EXIT_PROBE(name, stand_in)                                                                                     \
	SEC("tp_btf/sched_process_exit")                                                                               \
	int BPF_PROG(name, struct task_struct *p)                                                                      \
	{                                                                                                              \
		if (!is_exit_wanted(p))                                                                                \
			return 0;                                                                                      \
		probe_preempt_disable();                                                                               \
		note_exit(p);                                                                                          \
		exit_of(p, ctx, stand_in);                                                                             \
		probe_preempt_enable();                                                                                \
		return 0;                                                                                              \
	}

EXIT_PROBE(process_exit, STAND_IN_EXIT)
EXIT_PROBE(process_exit_second, STAND_IN_EXIT_SECOND)
EXIT_PROBE(process_exit_third, STAND_IN_EXIT_THIRD)
EXIT_PROBE(process_exit_fourth, STAND_IN_EXIT_FOURTH)

SEC("tp_btf/sched_process_wait")
int BPF_PROG(process_wait)
{
	struct task *task;

	probe_preempt_disable();
	task = task_met(bpf_get_current_task_btf());
	if (task)
		task->waits++;
	probe_preempt_enable();
	return 0;
}

static __always_inline bool is_sighand_cache(__u64 cache)
{
	const char *address;
	__u64 name[2] = {};

	if (sighand_cache)
		return cache == sighand_cache;
	address = READ((struct kmem_cache *)cache, name);
	bpf_probe_read_kernel_str(name, sizeof(name), address);
	if (name[0] != 0x5f646e6168676973 || (name[1] & 0xffffffffffff) != 0x6568636163) /* "sighand_" "cache" */
		return false;
	sighand_cache = cache;
	return true;
}

/* current's process is released by current, for its parent waits for no child: this is the last that is seen of it. Where states
 * are not watched current tells the end of the process, whichever of its threads was the last to begin to exit. */
static __always_inline void end_of_released(struct task_struct *current, __u64 now, __u32 probe)
{
	struct task *task = task_of(current);

	if (with_states && (!task || task->flags & TASK_ENDED))
		return;
	if (!task)
		task = stand_in(current, probe);
	if (!task)
		return;
	task->flags |= TASK_REAPED | (with_states ? 0 : TASK_LAST);
	end_process(current, task, now, 0, 0);
}

/* p, the last thread of its process, is being released by itself, and its leader, a zombie whose parent wants none, with it. */
static __always_inline bool releases_leader(struct task_struct *p, struct task *of_leader)
{
	return of_leader->flags & TASK_REAPS_ITSELF && p == bpf_get_current_task_btf() &&
	       FOLLOW(p, group_leader, exit_state) == EXIT_ZOMBIE && FOLLOW(p, signal, nr_threads) == 2;
}

static __always_inline void tell_release(struct task_struct *p, struct task *of_leader, __u32 probe)
{
	struct task_struct *current = bpf_get_current_task_btf();
	__u64 now = bpf_ktime_get_boot_ns();
	struct who dead;

	who_is(&dead, p->group_leader);
	if (p == current) {
		make_up_exit(p, of_leader);
		end_of_released(current, now, probe);
	}
	of_leader->flags |= TASK_REAP_SENT;
	send_reap(current, &dead, p == current ? REAP_AUTO : 0, now);
}

/* kernel/exit.c: in the context of the process that reaps p, or of p itself when its parent waits for no child. */
static __always_inline void release_of(struct task_struct *p, __u32 probe)
{
	struct task *of_leader = NULL;

	bpf_preempt_disable(); /* as in find_wanted() */
	if (!left_group(p) || p == bpf_get_current_task_btf())
		of_leader = task_of(p->group_leader);
	bpf_preempt_enable();
	if (!of_leader || of_leader->flags & TASK_REAP_SENT)
		return;
	if (p != p->group_leader && !releases_leader(p, of_leader))
		return;
	probe_preempt_disable();
	tell_release(p, of_leader, probe);
	probe_preempt_enable();
}

SEC("fentry/release_task")
int BPF_PROG(task_released, struct task_struct *p)
{
	release_of(p, STAND_IN_RELEASE);
	return 0;
}

SEC("fentry/release_task")
int BPF_PROG(task_released_second, struct task_struct *p)
{
	release_of(p, STAND_IN_RELEASE_SECOND);
	return 0;
}

/*
 * The same where no program can be attached to a function: release_task() frees the last reference to the ended process's
 * sighand_struct (kernel/fork.c, __cleanup_sighand()).
 */
SEC("raw_tp/kmem_cache_free")
int slab_free(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *current;
	struct unreaped *found, dead;
	__u64 key, now;
	bool itself;

	if (!is_sighand_cache(ctx->args[2]))
		return 0;
	key = ctx->args[1];
	found = bpf_map_lookup_elem(&sighands, &key);
	if (!found)
		return 0;
	dead = *found;
	bpf_map_delete_elem(&sighands, &key);
	current = bpf_get_current_task_btf();
	now = bpf_ktime_get_boot_ns();
	itself = (__u64)FOLLOW(current, group_leader) == dead.leader;
	if (itself)
		end_of_released(current, now, STAND_IN_RELEASE);
	send_reap(current, &dead.who, itself ? REAP_AUTO : may_release(current, &dead) ? 0 : REAP_BOUND, now);
	return 0;
}

static __always_inline void send_name(struct task_struct *p, const char *comm)
{
	bool in_exec = is_in_exec(bpf_get_current_task_btf());
	RECORD(RENAME, struct rename_to, to, p, bpf_ktime_get_boot_ns());

	if (!is_followed(p) || in_exec || (!with_threads && p->pid != p->tgid))
		return;
	bpf_probe_read_kernel_str(to->comm, sizeof(to->comm), comm);
	SEND(lifecycle, to);
}

/* fs/exec.c, __set_task_comm(), which tells before it does. Only attached where switches are not watched: there
 * name_changes() is. An exec tells of its new name itself. */
SEC("tp_btf/task_rename")
int BPF_PROG(task_rename, struct task_struct *p, const char *comm)
{
	probe_preempt_disable();
	send_name(p, comm);
	probe_preempt_enable();
	return 0;
}

/* What no parent was notified of, and no probe saw leave its CPU, ends here, with the time at which it is gone. */
static __always_inline void end_unseen(struct task_struct *p, struct task *task, __u64 now)
{
	if (with_states || !(task->flags & TASK_LAST) || task->flags & TASK_ENDED)
		return;
	if (!(ending_of(p, task->process_start_ns) & ENDING_TOLD))
		send_end(p, task, now, 0, 0);
}

static __always_inline void uncount_pid(struct task_struct *p, struct task *task)
{
	__u32 tid = p->pid;

	if (follow_all)
		return;
	if (is_root(p))
		bpf_map_delete_elem(&roots, &tid);
	else if (!task || !(task->flags & TASK_PID_COUNTED))
		return;
	count_pid(p, -1);
}

/* kernel/exit.c, delayed_put_task_struct(): an RCU period after the reap. What was not seen before ends here. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(process_free, struct task_struct *p)
{
	struct task *task = task_of(p);
	__u64 now = bpf_ktime_get_boot_ns();
	struct who dead;

	uncount_pid(p, task);
	if (task && task->sighand)
		end_unseen(p, task, now);
	if (STORAGE_MAY_BE_BUSY && with_states && task && task->born_ns && !(task->flags & TASK_ENDED))
		__sync_fetch_and_add(&lost_lifecycle, 1);
	if (reaps_are_bounds()) {
		if (p == p->group_leader)
			free_bound(p, task, now);
		return 0;
	}
	/* the last thread may be gone before the process is reaped */
	if (!task || !task->sighand || p != p->group_leader || !is_reap_missing(p, task))
		return 0;
	who_is(&dead, p);
	send_reap(p, &dead, REAP_BOUND | (task->flags & TASK_REAPS_ITSELF ? REAP_AUTO : 0), now);
	return 0;
}
