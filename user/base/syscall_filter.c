/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A seccomp filter, in the kernel's classic BPF; see syscall_filter.h.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "user/base/syscall_filter.h"

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#endif

#define X32_BIT 0x40000000u /* the second table of x86-64 */

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EPERM)
#define REFUSE_CALL(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), REFUSE
#define REFUSE_COMMAND(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, name, 0, 1), REFUSE

#ifdef OWN_ARCH

static const struct sock_filter filter[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0),
	REFUSE,
	LOAD(nr),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
	REFUSE,
	/* programs and processes */
	REFUSE_CALL(execve),
	REFUSE_CALL(execveat),
	/* threads are allowed: the arguments of clone3 can't be read, and the C library calls clone where there is no clone3 */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
	RETURN(SECCOMP_RET_ERRNO | ENOSYS),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4),
	LOAD(args[0]),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
	RETURN(SECCOMP_RET_ALLOW),
	REFUSE,
#ifdef SYS_fork
	REFUSE_CALL(fork),
	REFUSE_CALL(vfork),
#endif
	/* other processes */
	REFUSE_CALL(ptrace),
	REFUSE_CALL(process_vm_readv),
	REFUSE_CALL(process_vm_writev),
	REFUSE_CALL(pidfd_getfd),
	/* the kernel */
	REFUSE_CALL(init_module),
	REFUSE_CALL(finit_module),
	REFUSE_CALL(delete_module),
	REFUSE_CALL(kexec_load),
	REFUSE_CALL(reboot),
	REFUSE_CALL(perf_event_open),
	REFUSE_CALL(userfaultfd),
	REFUSE_CALL(io_uring_setup),
	REFUSE_CALL(add_key),
	REFUSE_CALL(request_key),
	REFUSE_CALL(keyctl),
	/* namespaces and mounts */
	REFUSE_CALL(unshare),
	REFUSE_CALL(setns),
	REFUSE_CALL(mount),
	REFUSE_CALL(umount2),
	REFUSE_CALL(pivot_root),
	REFUSE_CALL(chroot),
	REFUSE_CALL(open_by_handle_at),
	/* identity */
	REFUSE_CALL(setuid),
	REFUSE_CALL(setgid),
	REFUSE_CALL(setreuid),
	REFUSE_CALL(setregid),
	REFUSE_CALL(setresuid),
	REFUSE_CALL(setresgid),
	REFUSE_CALL(setgroups),
	REFUSE_CALL(capset),
	/* more probes; maps and iterators that are there stay in use */
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 1, 0),
	RETURN(SECCOMP_RET_ALLOW),
	LOAD(args[0]),
	REFUSE_COMMAND(BPF_MAP_CREATE),
	REFUSE_COMMAND(BPF_PROG_LOAD),
	REFUSE_COMMAND(BPF_BTF_LOAD),
	REFUSE_COMMAND(BPF_PROG_ATTACH),
	REFUSE_COMMAND(BPF_RAW_TRACEPOINT_OPEN),
	REFUSE_COMMAND(BPF_LINK_CREATE),
	RETURN(SECCOMP_RET_ALLOW),
};

int syscall_filter_set(void)
{
	const struct sock_fprog program = {.len = sizeof(filter) / sizeof(*filter),
					   .filter = (struct sock_filter *)filter};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
int syscall_filter_set(void)
{
	errno = ENOSYS;
	return -1;
}
#endif
