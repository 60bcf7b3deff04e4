/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's types, as far as we read them: CO-RE finds the real offsets when the program is loaded, so each struct
 * lists just our fields. Each names the kernel header that defines it. Only bpf/ includes this file.
 *
 * Integers are declared unsigned, even where the kernel's are signed and as wide: libbpf adjusts the size of a load to the
 * running kernel's field only between unsigned integers (7.2 made on_cpu, an int before, a u8).
 */
#ifndef PROCLIFE_KERNEL_H
#define PROCLIFE_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

/* include/uapi/linux/bpf.h */
/* clang-format off */
enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_PERCPU_ARRAY = 6, BPF_MAP_TYPE_RINGBUF = 27, BPF_MAP_TYPE_TASK_STORAGE = 29 };
/* clang-format on */
enum { BPF_ANY = 0, BPF_NOEXIST = 1, BPF_F_NO_PREALLOC = 1, BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };
enum { BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2, BPF_RB_AVAIL_DATA = 0 };

/* include/linux/sched.h: task states and flags */
#define TASK_INTERRUPTIBLE 0x1
#define TASK_UNINTERRUPTIBLE 0x2
#define TASK_STOPPED_OR_TRACED 0xc
#define TASK_DEAD 0x80
#define TASK_FROZEN 0x8000
#define TASK_OFF_QUEUE 0x90ff /* whatever a task with one of these in its state waits for, it is not a CPU */
#define TASK_WAKEKILL 0x100
#define EXIT_ZOMBIE 0x20
#define PF_EXITING 0x4
#define PF_IO_WORKER 0x10
#define PF_DUMPCORE 0x200
#define PF_KTHREAD 0x200000
/* include/linux/sched/signal.h */
#define SIGNAL_GROUP_EXIT 0x4
/* include/uapi/asm-generic/signal.h */
#define SIGKILL 9
#define SIGCHLD 17
#define SIG_DFL 0
#define SIG_IGN 1
#define SA_NOCLDWAIT 2
/* include/uapi/linux/sched.h */
enum { SCHED_NORMAL = 0, SCHED_BATCH = 3, SCHED_IDLE = 5 };
#define CLONE_VM 0x100
#define CLONE_VFORK 0x4000
#define CLONE_THREAD 0x10000
/* include/uapi/linux/magic.h and stat.h */
#define ANON_INODE_FS_MAGIC 0x09041934
#define PIPEFS_MAGIC 0x50495045
/* include/linux/fs.h */
#define FMODE_READ 1
#define FMODE_WRITE 2
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define S_IFREG 0100000
#define S_IFBLK 0060000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFIFO 0010000

#include "bpf/arch.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head { /* include/linux/types.h */
	struct list_head *next, *prev;
};

typedef struct {
	__u32 counter;
} atomic_t;

typedef struct {
	__u32 val;
} kuid_t;

typedef struct {
	__u32 val;
} kgid_t;

typedef struct {
	unsigned long sig[1];
} sigset_t;

struct ns_common { /* include/linux/ns_common.h */
	unsigned int inum;
};

struct pid_namespace { /* include/linux/pid_namespace.h */
	struct ns_common ns;
};

struct upid { /* include/linux/pid.h */
	__u32 nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct qstr { /* include/linux/dcache.h */
	const unsigned char *name;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount { /* include/linux/mount.h */
	struct dentry *mnt_root;
};

struct mount { /* fs/mount.h */
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path { /* include/linux/path.h */
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct super_block { /* include/linux/fs.h */
	unsigned long s_magic;
	__u32 s_dev;
};

struct inode {
	__u16 i_mode;
	__u32 i_rdev;
	struct super_block *i_sb;
	unsigned long i_ino;
	struct file_lock_context *i_flctx; /* once it has been locked */
};

struct file_lock_context { /* include/linux/filelock.h */
	struct list_head flc_flock;
};

struct file_lock_core {
	struct list_head flc_list;
	struct file *flc_file;
};

struct file_lock___from_6_9 {
	struct file_lock_core c;
};

struct file_lock___before_6_9 {
	struct list_head fl_list;
	struct file *fl_file;
};

typedef struct {
	__u64 counter;
} atomic_long_t;

typedef struct { /* include/linux/file_ref.h */
	atomic_long_t refcnt;
} file_ref_t;

struct file {
	unsigned int f_mode;
	void *private_data;
	struct inode *f_inode;
	struct path f_path;
	atomic_long_t f_count; /* references */
	file_ref_t f_ref;      /* from 6.13 on: one less than references */
};

struct pipe_inode_info { /* include/linux/pipe_fs_i.h */
	unsigned int head, tail, max_usage;
	unsigned int readers, writers;	 /* open files */
	struct watch_queue *watch_queue; /* the kernel writes into it */
};

struct fdtable { /* include/linux/fdtable.h */
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	atomic_t count;
	struct fdtable *fdt;
};

struct cred { /* include/linux/cred.h */
	kuid_t uid;
	kgid_t gid;
};

struct tty_driver { /* include/linux/tty_driver.h */
	__u32 major, minor_start;
};

struct tty_struct { /* include/linux/tty.h */
	__u32 index;
	struct tty_driver *driver;
};

struct mm_struct { /* include/linux/mm_types.h */
	unsigned long arg_start, arg_end;
};

struct sigaction { /* include/linux/signal_types.h */
	void *sa_handler;
	unsigned long sa_flags;
};

struct k_sigaction {
	struct sigaction sa;
};

struct kernel_siginfo {
	__u32 si_code;
};

typedef struct {
	atomic_t refs;
} refcount_t;

struct sighand_struct { /* include/linux/sched/signal.h */
	refcount_t count;
	struct k_sigaction action[64];
};

struct hrtimer {	/* include/linux/hrtimer_types.h */
	__u8 state;	/* 0: inactive */
	bool is_queued; /* from 7.2 on, in place of state */
};

struct signal_struct {
	atomic_t live;
	__u32 group_exit_code;
	__u32 nr_threads;
	unsigned int is_child_subreaper : 1;
	unsigned int flags;
	unsigned long long sum_sched_runtime; /* of the threads that have been released */
	struct pid *pids[4];
	struct tty_struct *tty;
	struct mm_struct *oom_mm;
	struct hrtimer real_timer;     /* of alarm() and setitimer() */
	struct list_head posix_timers; /* a list that is empty when it points to itself; an hlist since 6.13 */
};

struct kernfs_node { /* include/linux/kernfs.h */
	__u64 id;
};

struct cgroup { /* include/linux/cgroup-defs.h */
	struct kernfs_node *kn;
	__u32 level;
	struct cgroup *ancestors[1]; /* from the root on; the last is itself */
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct rq { /* kernel/sched/sched.h: a CPU's */
	__u64 clock;
};

struct cfs_rq { /* kernel/sched/sched.h; rq: with CONFIG_FAIR_GROUP_SCHED */
	struct rq *rq;
};

struct sched_entity {		     /* include/linux/sched.h */
	unsigned char sched_delayed; /* 6.12 on: asleep, and still in the queue */
	struct cfs_rq *cfs_rq;
	__u64 exec_start; /* of the scheduler's clock: when it was last seen running */
	__u64 sum_exec_runtime;
	__u64 prev_sum_exec_runtime; /* as it last got a CPU */
};

struct sched_info { /* include/linux/sched.h, CONFIG_SCHED_INFO */
	unsigned long long run_delay, last_arrival, last_queued;
};

struct task_struct { /* include/linux/sched.h */
	struct thread_info thread_info;
	unsigned int __state;
	void *stack;
	unsigned int flags, ptrace;
	struct sched_entity se;
	unsigned int policy;
	struct sched_info sched_info;
	struct mm_struct *mm;
	__u32 on_cpu; /* a byte from 7.1 on */
	__u32 exit_state, exit_code, pdeath_signal;
	__u32 exit_signal; /* -1: a thread */
	unsigned int in_iowait : 1;
	unsigned int frozen : 1; /* CONFIG_CGROUPS */
	__u32 pid, tgid;
	struct task_struct *real_parent, *parent;
	struct list_head children, sibling, ptraced;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct completion *vfork_done;
	__u64 start_boottime;
	const struct cred *real_cred;
	char comm[16];
	__u32 self_exec_id; /* counts its execs */
	struct files_struct *files;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	sigset_t blocked;
	struct io_uring_task *io_uring; /* once it has a ring */
	struct css_set *cgroups;
};

struct linux_binprm { /* include/linux/binfmts.h */
	struct file *file;
};

struct kmem_cache { /* mm/slab.h */
	const char *name;
};

struct bpf_local_storage_map {	 /* include/linux/bpf_local_storage.h */
	bool bpf_ma;		 /* 6.4 on */
	bool use_kmalloc_nolock; /* later, in its place */
};

struct trace_event_raw_sched_process_exit { /* include/trace/events/sched.h; of 6.18 on: the tracepoint has the field as argument */
	bool group_dead;
};

struct seq_file;

struct bpf_iter_meta { /* include/linux/bpf.h */
	struct seq_file *seq;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

struct bpf_raw_tracepoint_args { /* include/uapi/linux/bpf.h */
	__u64 args[0];
};

#endif
