/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The system calls, one row each: name, number on x86-64, number on arm64, and what a sleep in the call says about its
 * reason (bpf/reasons.h). The kernel side takes its numbers and reasons from here, the user side its names.
 *
 * The numbers are those of arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl (arm64 has the generic ones). They
 * are not taken from the headers of the build machine: a program must name the calls of kernels newer than those.
 * tests/unit/calls_test.c compares both.
 */
#ifndef PROCLIFE_CALLS_H
#define PROCLIFE_CALLS_H

/* BOTH(_, name, x86-64, arm64, says) for a call of both machines, X86(_, name, number, says) for one that arm64 does not have.
 * says: a reason; NONE: nothing; READS and WRITES: it depends on the file; LOCKS and PPOLL: on the arguments; FILES and
 * CLONES: on how the task sleeps. */
/* clang-format off */
#define CALL_TABLE(BOTH, X86, _) \
	BOTH(_, read, 0, 63, READS) BOTH(_, write, 1, 64, WRITES) X86(_, open, 2, FILES) \
	BOTH(_, close, 3, 57, FILES) X86(_, stat, 4, FILES) BOTH(_, fstat, 5, 80, FILES) X86(_, lstat, 6, FILES) \
	X86(_, poll, 7, POLL) BOTH(_, lseek, 8, 62, NONE) BOTH(_, mmap, 9, 222, NONE) \
	BOTH(_, mprotect, 10, 226, NONE) BOTH(_, munmap, 11, 215, NONE) BOTH(_, brk, 12, 214, NONE) \
	BOTH(_, rt_sigaction, 13, 134, NONE) BOTH(_, rt_sigprocmask, 14, 135, NONE) \
	BOTH(_, rt_sigreturn, 15, 139, NONE) BOTH(_, ioctl, 16, 29, NONE) BOTH(_, pread64, 17, 67, READS) \
	BOTH(_, pwrite64, 18, 68, WRITES) BOTH(_, readv, 19, 65, READS) BOTH(_, writev, 20, 66, WRITES) \
	X86(_, access, 21, FILES) X86(_, pipe, 22, NONE) X86(_, select, 23, POLL) \
	BOTH(_, sched_yield, 24, 124, NONE) BOTH(_, mremap, 25, 216, NONE) BOTH(_, msync, 26, 227, DISK) \
	BOTH(_, mincore, 27, 232, NONE) BOTH(_, madvise, 28, 233, NONE) BOTH(_, shmget, 29, 194, NONE) \
	BOTH(_, shmat, 30, 196, NONE) BOTH(_, shmctl, 31, 195, NONE) BOTH(_, dup, 32, 23, NONE) \
	X86(_, dup2, 33, NONE) X86(_, pause, 34, SIGNAL) BOTH(_, nanosleep, 35, 101, SLEEP) \
	BOTH(_, getitimer, 36, 102, NONE) X86(_, alarm, 37, NONE) BOTH(_, setitimer, 38, 103, NONE) \
	BOTH(_, getpid, 39, 172, NONE) BOTH(_, sendfile, 40, 71, WRITES) BOTH(_, socket, 41, 198, NONE) \
	BOTH(_, connect, 42, 203, CONNECT) BOTH(_, accept, 43, 202, ACCEPT) BOTH(_, sendto, 44, 206, WRITES) \
	BOTH(_, recvfrom, 45, 207, READS) BOTH(_, sendmsg, 46, 211, WRITES) BOTH(_, recvmsg, 47, 212, READS) \
	BOTH(_, shutdown, 48, 210, NONE) BOTH(_, bind, 49, 200, NONE) BOTH(_, listen, 50, 201, NONE) \
	BOTH(_, getsockname, 51, 204, NONE) BOTH(_, getpeername, 52, 205, NONE) BOTH(_, socketpair, 53, 199, NONE) \
	BOTH(_, setsockopt, 54, 208, NONE) BOTH(_, getsockopt, 55, 209, NONE) BOTH(_, clone, 56, 220, CLONES) \
	X86(_, fork, 57, NONE) X86(_, vfork, 58, VFORK) BOTH(_, execve, 59, 221, FILES) BOTH(_, exit, 60, 93, NONE) \
	BOTH(_, wait4, 61, 260, CHILD) BOTH(_, kill, 62, 129, NONE) BOTH(_, uname, 63, 160, NONE) \
	BOTH(_, semget, 64, 190, NONE) BOTH(_, semop, 65, 193, SEMAPHORE) BOTH(_, semctl, 66, 191, NONE) \
	BOTH(_, shmdt, 67, 197, NONE) BOTH(_, msgget, 68, 186, NONE) BOTH(_, msgsnd, 69, 189, MESSAGE_QUEUE) \
	BOTH(_, msgrcv, 70, 188, MESSAGE_QUEUE) BOTH(_, msgctl, 71, 187, NONE) BOTH(_, fcntl, 72, 25, LOCKS) \
	BOTH(_, flock, 73, 32, FILE_LOCK) BOTH(_, fsync, 74, 82, DISK) BOTH(_, fdatasync, 75, 83, DISK) \
	BOTH(_, truncate, 76, 45, FILES) BOTH(_, ftruncate, 77, 46, FILES) X86(_, getdents, 78, FILES) \
	BOTH(_, getcwd, 79, 17, NONE) BOTH(_, chdir, 80, 49, FILES) BOTH(_, fchdir, 81, 50, NONE) \
	X86(_, rename, 82, FILES) X86(_, mkdir, 83, FILES) X86(_, rmdir, 84, FILES) X86(_, creat, 85, FILES) \
	X86(_, link, 86, FILES) X86(_, unlink, 87, FILES) X86(_, symlink, 88, FILES) X86(_, readlink, 89, FILES) \
	X86(_, chmod, 90, FILES) BOTH(_, fchmod, 91, 52, NONE) X86(_, chown, 92, FILES) \
	BOTH(_, fchown, 93, 55, NONE) X86(_, lchown, 94, NONE) BOTH(_, umask, 95, 166, NONE) \
	BOTH(_, gettimeofday, 96, 169, NONE) BOTH(_, getrlimit, 97, 163, NONE) BOTH(_, getrusage, 98, 165, NONE) \
	BOTH(_, sysinfo, 99, 179, NONE) BOTH(_, times, 100, 153, NONE) BOTH(_, ptrace, 101, 117, NONE) \
	BOTH(_, getuid, 102, 174, NONE) BOTH(_, syslog, 103, 116, NONE) BOTH(_, getgid, 104, 176, NONE) \
	BOTH(_, setuid, 105, 146, NONE) BOTH(_, setgid, 106, 144, NONE) BOTH(_, geteuid, 107, 175, NONE) \
	BOTH(_, getegid, 108, 177, NONE) BOTH(_, setpgid, 109, 154, NONE) BOTH(_, getppid, 110, 173, NONE) \
	X86(_, getpgrp, 111, NONE) BOTH(_, setsid, 112, 157, NONE) BOTH(_, setreuid, 113, 145, NONE) \
	BOTH(_, setregid, 114, 143, NONE) BOTH(_, getgroups, 115, 158, NONE) BOTH(_, setgroups, 116, 159, NONE) \
	BOTH(_, setresuid, 117, 147, NONE) BOTH(_, getresuid, 118, 148, NONE) BOTH(_, setresgid, 119, 149, NONE) \
	BOTH(_, getresgid, 120, 150, NONE) BOTH(_, getpgid, 121, 155, NONE) BOTH(_, setfsuid, 122, 151, NONE) \
	BOTH(_, setfsgid, 123, 152, NONE) BOTH(_, getsid, 124, 156, NONE) BOTH(_, capget, 125, 90, NONE) \
	BOTH(_, capset, 126, 91, NONE) BOTH(_, rt_sigpending, 127, 136, NONE) \
	BOTH(_, rt_sigtimedwait, 128, 137, SIGNAL) BOTH(_, rt_sigqueueinfo, 129, 138, NONE) \
	BOTH(_, rt_sigsuspend, 130, 133, SIGNAL) BOTH(_, sigaltstack, 131, 132, NONE) X86(_, utime, 132, NONE) \
	X86(_, mknod, 133, NONE) X86(_, uselib, 134, NONE) BOTH(_, personality, 135, 92, NONE) \
	X86(_, ustat, 136, NONE) BOTH(_, statfs, 137, 43, NONE) BOTH(_, fstatfs, 138, 44, NONE) \
	X86(_, sysfs, 139, NONE) BOTH(_, getpriority, 140, 141, NONE) BOTH(_, setpriority, 141, 140, NONE) \
	BOTH(_, sched_setparam, 142, 118, NONE) BOTH(_, sched_getparam, 143, 121, NONE) \
	BOTH(_, sched_setscheduler, 144, 119, NONE) BOTH(_, sched_getscheduler, 145, 120, NONE) \
	BOTH(_, sched_get_priority_max, 146, 125, NONE) BOTH(_, sched_get_priority_min, 147, 126, NONE) \
	BOTH(_, sched_rr_get_interval, 148, 127, NONE) BOTH(_, mlock, 149, 228, NONE) \
	BOTH(_, munlock, 150, 229, NONE) BOTH(_, mlockall, 151, 230, NONE) BOTH(_, munlockall, 152, 231, NONE) \
	BOTH(_, vhangup, 153, 58, NONE) X86(_, modify_ldt, 154, NONE) BOTH(_, pivot_root, 155, 41, NONE) \
	X86(_, _sysctl, 156, NONE) BOTH(_, prctl, 157, 167, NONE) X86(_, arch_prctl, 158, NONE) \
	BOTH(_, adjtimex, 159, 171, NONE) BOTH(_, setrlimit, 160, 164, NONE) BOTH(_, chroot, 161, 51, NONE) \
	BOTH(_, sync, 162, 81, DISK) BOTH(_, acct, 163, 89, NONE) BOTH(_, settimeofday, 164, 170, NONE) \
	BOTH(_, mount, 165, 40, NONE) BOTH(_, umount2, 166, 39, NONE) BOTH(_, swapon, 167, 224, NONE) \
	BOTH(_, swapoff, 168, 225, NONE) BOTH(_, reboot, 169, 142, NONE) BOTH(_, sethostname, 170, 161, NONE) \
	BOTH(_, setdomainname, 171, 162, NONE) X86(_, iopl, 172, NONE) X86(_, ioperm, 173, NONE) \
	X86(_, create_module, 174, NONE) BOTH(_, init_module, 175, 105, NONE) \
	BOTH(_, delete_module, 176, 106, NONE) X86(_, get_kernel_syms, 177, NONE) X86(_, query_module, 178, NONE) \
	BOTH(_, quotactl, 179, 60, NONE) BOTH(_, nfsservctl, 180, 42, NONE) X86(_, getpmsg, 181, NONE) \
	X86(_, putpmsg, 182, NONE) X86(_, afs_syscall, 183, NONE) X86(_, tuxcall, 184, NONE) \
	X86(_, security, 185, NONE) BOTH(_, gettid, 186, 178, NONE) BOTH(_, readahead, 187, 213, DISK) \
	BOTH(_, setxattr, 188, 5, NONE) BOTH(_, lsetxattr, 189, 6, NONE) BOTH(_, fsetxattr, 190, 7, NONE) \
	BOTH(_, getxattr, 191, 8, NONE) BOTH(_, lgetxattr, 192, 9, NONE) BOTH(_, fgetxattr, 193, 10, NONE) \
	BOTH(_, listxattr, 194, 11, NONE) BOTH(_, llistxattr, 195, 12, NONE) BOTH(_, flistxattr, 196, 13, NONE) \
	BOTH(_, removexattr, 197, 14, NONE) BOTH(_, lremovexattr, 198, 15, NONE) \
	BOTH(_, fremovexattr, 199, 16, NONE) BOTH(_, tkill, 200, 130, NONE) X86(_, time, 201, NONE) \
	BOTH(_, futex, 202, 98, FUTEX) BOTH(_, sched_setaffinity, 203, 122, NONE) \
	BOTH(_, sched_getaffinity, 204, 123, NONE) X86(_, set_thread_area, 205, NONE) \
	BOTH(_, io_setup, 206, 0, NONE) BOTH(_, io_destroy, 207, 1, NONE) BOTH(_, io_getevents, 208, 4, POLL) \
	BOTH(_, io_submit, 209, 2, NONE) BOTH(_, io_cancel, 210, 3, NONE) X86(_, get_thread_area, 211, NONE) \
	BOTH(_, lookup_dcookie, 212, 18, NONE) X86(_, epoll_create, 213, NONE) X86(_, epoll_ctl_old, 214, NONE) \
	X86(_, epoll_wait_old, 215, NONE) BOTH(_, remap_file_pages, 216, 234, NONE) \
	BOTH(_, getdents64, 217, 61, FILES) BOTH(_, set_tid_address, 218, 96, NONE) \
	BOTH(_, restart_syscall, 219, 128, NONE) BOTH(_, semtimedop, 220, 192, SEMAPHORE) \
	BOTH(_, fadvise64, 221, 223, NONE) BOTH(_, timer_create, 222, 107, NONE) \
	BOTH(_, timer_settime, 223, 110, NONE) BOTH(_, timer_gettime, 224, 108, NONE) \
	BOTH(_, timer_getoverrun, 225, 109, NONE) BOTH(_, timer_delete, 226, 111, NONE) \
	BOTH(_, clock_settime, 227, 112, NONE) BOTH(_, clock_gettime, 228, 113, NONE) \
	BOTH(_, clock_getres, 229, 114, NONE) BOTH(_, clock_nanosleep, 230, 115, SLEEP) \
	BOTH(_, exit_group, 231, 94, NONE) X86(_, epoll_wait, 232, POLL) BOTH(_, epoll_ctl, 233, 21, NONE) \
	BOTH(_, tgkill, 234, 131, NONE) X86(_, utimes, 235, NONE) X86(_, vserver, 236, NONE) \
	BOTH(_, mbind, 237, 235, NONE) BOTH(_, set_mempolicy, 238, 237, NONE) \
	BOTH(_, get_mempolicy, 239, 236, NONE) BOTH(_, mq_open, 240, 180, NONE) BOTH(_, mq_unlink, 241, 181, NONE) \
	BOTH(_, mq_timedsend, 242, 182, MESSAGE_QUEUE) BOTH(_, mq_timedreceive, 243, 183, MESSAGE_QUEUE) \
	BOTH(_, mq_notify, 244, 184, NONE) BOTH(_, mq_getsetattr, 245, 185, NONE) \
	BOTH(_, kexec_load, 246, 104, NONE) BOTH(_, waitid, 247, 95, CHILD) BOTH(_, add_key, 248, 217, NONE) \
	BOTH(_, request_key, 249, 218, NONE) BOTH(_, keyctl, 250, 219, NONE) BOTH(_, ioprio_set, 251, 30, NONE) \
	BOTH(_, ioprio_get, 252, 31, NONE) X86(_, inotify_init, 253, NONE) \
	BOTH(_, inotify_add_watch, 254, 27, NONE) BOTH(_, inotify_rm_watch, 255, 28, NONE) \
	BOTH(_, migrate_pages, 256, 238, NONE) BOTH(_, openat, 257, 56, FILES) BOTH(_, mkdirat, 258, 34, FILES) \
	BOTH(_, mknodat, 259, 33, NONE) BOTH(_, fchownat, 260, 54, NONE) X86(_, futimesat, 261, NONE) \
	BOTH(_, newfstatat, 262, 79, FILES) BOTH(_, unlinkat, 263, 35, FILES) BOTH(_, renameat, 264, 38, FILES) \
	BOTH(_, linkat, 265, 37, FILES) BOTH(_, symlinkat, 266, 36, FILES) BOTH(_, readlinkat, 267, 78, NONE) \
	BOTH(_, fchmodat, 268, 53, NONE) BOTH(_, faccessat, 269, 48, NONE) BOTH(_, pselect6, 270, 72, POLL) \
	BOTH(_, ppoll, 271, 73, PPOLL) BOTH(_, unshare, 272, 97, NONE) BOTH(_, set_robust_list, 273, 99, NONE) \
	BOTH(_, get_robust_list, 274, 100, NONE) BOTH(_, splice, 275, 76, READS) BOTH(_, tee, 276, 77, READS) \
	BOTH(_, sync_file_range, 277, 84, DISK) BOTH(_, vmsplice, 278, 75, WRITES) \
	BOTH(_, move_pages, 279, 239, NONE) BOTH(_, utimensat, 280, 88, NONE) BOTH(_, epoll_pwait, 281, 22, POLL) \
	X86(_, signalfd, 282, NONE) BOTH(_, timerfd_create, 283, 85, NONE) X86(_, eventfd, 284, NONE) \
	BOTH(_, fallocate, 285, 47, FILES) BOTH(_, timerfd_settime, 286, 86, NONE) \
	BOTH(_, timerfd_gettime, 287, 87, NONE) BOTH(_, accept4, 288, 242, ACCEPT) \
	BOTH(_, signalfd4, 289, 74, NONE) BOTH(_, eventfd2, 290, 19, NONE) BOTH(_, epoll_create1, 291, 20, NONE) \
	BOTH(_, dup3, 292, 24, NONE) BOTH(_, pipe2, 293, 59, NONE) BOTH(_, inotify_init1, 294, 26, NONE) \
	BOTH(_, preadv, 295, 69, READS) BOTH(_, pwritev, 296, 70, WRITES) \
	BOTH(_, rt_tgsigqueueinfo, 297, 240, NONE) BOTH(_, perf_event_open, 298, 241, NONE) \
	BOTH(_, recvmmsg, 299, 243, READS) BOTH(_, fanotify_init, 300, 262, NONE) \
	BOTH(_, fanotify_mark, 301, 263, NONE) BOTH(_, prlimit64, 302, 261, NONE) \
	BOTH(_, name_to_handle_at, 303, 264, NONE) BOTH(_, open_by_handle_at, 304, 265, NONE) \
	BOTH(_, clock_adjtime, 305, 266, NONE) BOTH(_, syncfs, 306, 267, DISK) BOTH(_, sendmmsg, 307, 269, WRITES) \
	BOTH(_, setns, 308, 268, NONE) BOTH(_, getcpu, 309, 168, NONE) BOTH(_, process_vm_readv, 310, 270, NONE) \
	BOTH(_, process_vm_writev, 311, 271, NONE) BOTH(_, kcmp, 312, 272, NONE) \
	BOTH(_, finit_module, 313, 273, NONE) BOTH(_, sched_setattr, 314, 274, NONE) \
	BOTH(_, sched_getattr, 315, 275, NONE) BOTH(_, renameat2, 316, 276, FILES) BOTH(_, seccomp, 317, 277, NONE) \
	BOTH(_, getrandom, 318, 278, NONE) BOTH(_, memfd_create, 319, 279, NONE) \
	BOTH(_, kexec_file_load, 320, 294, NONE) BOTH(_, bpf, 321, 280, NONE) BOTH(_, execveat, 322, 281, FILES) \
	BOTH(_, userfaultfd, 323, 282, NONE) BOTH(_, membarrier, 324, 283, NONE) BOTH(_, mlock2, 325, 284, NONE) \
	BOTH(_, copy_file_range, 326, 285, DISK) BOTH(_, preadv2, 327, 286, READS) \
	BOTH(_, pwritev2, 328, 287, WRITES) BOTH(_, pkey_mprotect, 329, 288, NONE) \
	BOTH(_, pkey_alloc, 330, 289, NONE) BOTH(_, pkey_free, 331, 290, NONE) BOTH(_, statx, 332, 291, FILES) \
	BOTH(_, io_pgetevents, 333, 292, POLL) BOTH(_, rseq, 334, 293, NONE) X86(_, uretprobe, 335, NONE) \
	BOTH(_, pidfd_send_signal, 424, 424, NONE) BOTH(_, io_uring_setup, 425, 425, NONE) \
	BOTH(_, io_uring_enter, 426, 426, POLL) BOTH(_, io_uring_register, 427, 427, NONE) \
	BOTH(_, open_tree, 428, 428, NONE) BOTH(_, move_mount, 429, 429, NONE) BOTH(_, fsopen, 430, 430, NONE) \
	BOTH(_, fsconfig, 431, 431, NONE) BOTH(_, fsmount, 432, 432, NONE) BOTH(_, fspick, 433, 433, NONE) \
	BOTH(_, pidfd_open, 434, 434, NONE) BOTH(_, clone3, 435, 435, CLONES) BOTH(_, close_range, 436, 436, NONE) \
	BOTH(_, openat2, 437, 437, FILES) BOTH(_, pidfd_getfd, 438, 438, NONE) BOTH(_, faccessat2, 439, 439, NONE) \
	BOTH(_, process_madvise, 440, 440, NONE) BOTH(_, epoll_pwait2, 441, 441, POLL) \
	BOTH(_, mount_setattr, 442, 442, NONE) BOTH(_, quotactl_fd, 443, 443, NONE) \
	BOTH(_, landlock_create_ruleset, 444, 444, NONE) BOTH(_, landlock_add_rule, 445, 445, NONE) \
	BOTH(_, landlock_restrict_self, 446, 446, NONE) BOTH(_, memfd_secret, 447, 447, NONE) \
	BOTH(_, process_mrelease, 448, 448, NONE) BOTH(_, futex_waitv, 449, 449, FUTEX) \
	BOTH(_, set_mempolicy_home_node, 450, 450, NONE) BOTH(_, cachestat, 451, 451, NONE) \
	BOTH(_, fchmodat2, 452, 452, NONE) BOTH(_, map_shadow_stack, 453, 453, NONE) \
	BOTH(_, futex_wake, 454, 454, NONE) BOTH(_, futex_wait, 455, 455, FUTEX) \
	BOTH(_, futex_requeue, 456, 456, NONE) BOTH(_, statmount, 457, 457, NONE) \
	BOTH(_, listmount, 458, 458, NONE) BOTH(_, lsm_get_self_attr, 459, 459, NONE) \
	BOTH(_, lsm_set_self_attr, 460, 460, NONE) BOTH(_, lsm_list_modules, 461, 461, NONE) \
	BOTH(_, mseal, 462, 462, NONE) BOTH(_, setxattrat, 463, 463, NONE) BOTH(_, getxattrat, 464, 464, NONE) \
	BOTH(_, listxattrat, 465, 465, NONE) BOTH(_, removexattrat, 466, 466, NONE) \
	BOTH(_, open_tree_attr, 467, 467, NONE) BOTH(_, file_getattr, 468, 468, NONE) \
	BOTH(_, file_setattr, 469, 469, NONE)
/* clang-format on */

/* SYSTEM_CALLS(_) is _(name, number, says) for each call of the machine that is compiled for. */
#define CALL_OF_X86(_, name, x86, ...) _(name, x86, __VA_ARGS__)
#define CALL_OF_ARM64(_, name, x86, arm64, says) _(name, arm64, says)
#define CALL_OF_BOTH_ON_X86(_, name, x86, arm64, says) _(name, x86, says)
#define CALL_ABSENT(_, name, x86, says)

#if defined(__TARGET_ARCH_x86) || defined(__x86_64__)
#define SYSTEM_CALLS(_) CALL_TABLE(CALL_OF_BOTH_ON_X86, CALL_OF_X86, _)
#elif defined(__TARGET_ARCH_arm64) || defined(__aarch64__)
#define SYSTEM_CALLS(_) CALL_TABLE(CALL_OF_ARM64, CALL_ABSENT, _)
#else
#error "the numbers of this machine's system calls are not known: x86-64 and arm64 are supported"
#endif

#endif
