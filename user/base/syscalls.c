/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Names of system calls; see syscalls.h. The numbers are x86-64's; elsewhere a call goes by its number.
 * Not from the build machine's headers: a program must name the calls of kernels newer than those.
 */
#include <stddef.h>

#include "user/base/syscalls.h"

#ifdef __x86_64__
/* A row for each run of numbers. */
/* clang-format off */
static const char *const names[] = {
	[0] = "read", "write", "open", "close", "stat", "fstat", "lstat", "poll", "lseek", "mmap", "mprotect",
	[11] = "munmap", "brk", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "ioctl", "pread64",
	[18] = "pwrite64", "readv", "writev", "access", "pipe", "select", "sched_yield", "mremap", "msync",
	[27] = "mincore", "madvise", "shmget", "shmat", "shmctl", "dup", "dup2", "pause", "nanosleep",
	[36] = "getitimer", "alarm", "setitimer", "getpid", "sendfile", "socket", "connect", "accept",
	[44] = "sendto", "recvfrom", "sendmsg", "recvmsg", "shutdown", "bind", "listen", "getsockname",
	[52] = "getpeername", "socketpair", "setsockopt", "getsockopt", "clone", "fork", "vfork", "execve",
	[60] = "exit", "wait4", "kill", "uname", "semget", "semop", "semctl", "shmdt", "msgget", "msgsnd",
	[70] = "msgrcv", "msgctl", "fcntl", "flock", "fsync", "fdatasync", "truncate", "ftruncate", "getdents",
	[79] = "getcwd", "chdir", "fchdir", "rename", "mkdir", "rmdir", "creat", "link", "unlink", "symlink",
	[89] = "readlink", "chmod", "fchmod", "chown", "fchown", "lchown", "umask", "gettimeofday",
	[97] = "getrlimit", "getrusage", "sysinfo", "times", "ptrace", "getuid", "syslog", "getgid", "setuid",
	[106] = "setgid", "geteuid", "getegid", "setpgid", "getppid", "getpgrp", "setsid", "setreuid",
	[114] = "setregid", "getgroups", "setgroups", "setresuid", "getresuid", "setresgid", "getresgid",
	[121] = "getpgid", "setfsuid", "setfsgid", "getsid", "capget", "capset", "rt_sigpending",
	[128] = "rt_sigtimedwait", "rt_sigqueueinfo", "rt_sigsuspend", "sigaltstack", "utime", "mknod",
	[134] = "uselib", "personality", "ustat", "statfs", "fstatfs", "sysfs", "getpriority", "setpriority",
	[142] = "sched_setparam", "sched_getparam", "sched_setscheduler", "sched_getscheduler",
	[146] = "sched_get_priority_max", "sched_get_priority_min", "sched_rr_get_interval", "mlock",
	[150] = "munlock", "mlockall", "munlockall", "vhangup", "modify_ldt", "pivot_root", "_sysctl", "prctl",
	[158] = "arch_prctl", "adjtimex", "setrlimit", "chroot", "sync", "acct", "settimeofday", "mount",
	[166] = "umount2", "swapon", "swapoff", "reboot", "sethostname", "setdomainname", "iopl", "ioperm",
	[174] = "create_module", "init_module", "delete_module", "get_kernel_syms", "query_module", "quotactl",
	[180] = "nfsservctl", "getpmsg", "putpmsg", "afs_syscall", "tuxcall", "security", "gettid",
	[187] = "readahead", "setxattr", "lsetxattr", "fsetxattr", "getxattr", "lgetxattr", "fgetxattr",
	[194] = "listxattr", "llistxattr", "flistxattr", "removexattr", "lremovexattr", "fremovexattr",
	[200] = "tkill", "time", "futex", "sched_setaffinity", "sched_getaffinity", "set_thread_area",
	[206] = "io_setup", "io_destroy", "io_getevents", "io_submit", "io_cancel", "get_thread_area",
	[212] = "lookup_dcookie", "epoll_create", "epoll_ctl_old", "epoll_wait_old", "remap_file_pages",
	[217] = "getdents64", "set_tid_address", "restart_syscall", "semtimedop", "fadvise64", "timer_create",
	[223] = "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete", "clock_settime",
	[228] = "clock_gettime", "clock_getres", "clock_nanosleep", "exit_group", "epoll_wait", "epoll_ctl",
	[234] = "tgkill", "utimes", "vserver", "mbind", "set_mempolicy", "get_mempolicy", "mq_open",
	[241] = "mq_unlink", "mq_timedsend", "mq_timedreceive", "mq_notify", "mq_getsetattr", "kexec_load",
	[247] = "waitid", "add_key", "request_key", "keyctl", "ioprio_set", "ioprio_get", "inotify_init",
	[254] = "inotify_add_watch", "inotify_rm_watch", "migrate_pages", "openat", "mkdirat", "mknodat",
	[260] = "fchownat", "futimesat", "newfstatat", "unlinkat", "renameat", "linkat", "symlinkat",
	[267] = "readlinkat", "fchmodat", "faccessat", "pselect6", "ppoll", "unshare", "set_robust_list",
	[274] = "get_robust_list", "splice", "tee", "sync_file_range", "vmsplice", "move_pages", "utimensat",
	[281] = "epoll_pwait", "signalfd", "timerfd_create", "eventfd", "fallocate", "timerfd_settime",
	[287] = "timerfd_gettime", "accept4", "signalfd4", "eventfd2", "epoll_create1", "dup3", "pipe2",
	[294] = "inotify_init1", "preadv", "pwritev", "rt_tgsigqueueinfo", "perf_event_open", "recvmmsg",
	[300] = "fanotify_init", "fanotify_mark", "prlimit64", "name_to_handle_at", "open_by_handle_at",
	[305] = "clock_adjtime", "syncfs", "sendmmsg", "setns", "getcpu", "process_vm_readv",
	[311] = "process_vm_writev", "kcmp", "finit_module", "sched_setattr", "sched_getattr", "renameat2",
	[317] = "seccomp", "getrandom", "memfd_create", "kexec_file_load", "bpf", "execveat", "userfaultfd",
	[324] = "membarrier", "mlock2", "copy_file_range", "preadv2", "pwritev2", "pkey_mprotect",
	[330] = "pkey_alloc", "pkey_free", "statx", "io_pgetevents", "rseq", "uretprobe",
	[424] = "pidfd_send_signal", "io_uring_setup", "io_uring_enter", "io_uring_register", "open_tree",
	[429] = "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "pidfd_open", "clone3", "close_range",
	[437] = "openat2", "pidfd_getfd", "faccessat2", "process_madvise", "epoll_pwait2", "mount_setattr",
	[443] = "quotactl_fd", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
	[447] = "memfd_secret", "process_mrelease", "futex_waitv", "set_mempolicy_home_node", "cachestat",
	[452] = "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue", "statmount",
	[458] = "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal",
	[463] = "setxattrat", "getxattrat", "listxattrat", "removexattrat", "open_tree_attr", "file_getattr",
	[469] = "file_setattr",
};
/* clang-format on */
#else
static const char *const names[] = {NULL};
#endif

static const char *const reasons[] = {
#define REASON_NAME(id, name) [REASON_##id] = name,
	REASONS(REASON_NAME)
#undef REASON_NAME
};

const char *syscall_name(int number)
{
	return number >= 0 && (size_t)number < sizeof(names) / sizeof(names[0]) ? names[number] : NULL;
}

void reason_text(struct buffer *out, enum reason reason, int call)
{
	const char *name = syscall_name(call);

	buffer_text(out, (unsigned int)reason < REASON_COUNT ? reasons[reason] : "unknown");
	if (reason != REASON_OTHER || call < 0)
		return;
	if (name)
		buffer_printf(out, "(%s)", name);
	else
		buffer_printf(out, "(%d)", call);
}
