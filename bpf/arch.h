/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between x86-64 and arm64: where the kernel saves the number and the arguments of a system call, and how it
 * marks a task that runs 32-bit code. Only kernel.h includes this file. The numbers of the calls are in calls.h.
 */
#ifndef PROCLIFE_ARCH_H
#define PROCLIFE_ARCH_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

struct thread_info { /* arch/x86/include/asm/thread_info.h */
	__u32 status;
};

struct pt_regs { /* arch/x86/include/asm/ptrace.h */
	unsigned long di, si, dx, orig_ax;
};

#define SAVED_CALL(regs) ((__s32)(regs)->orig_ax)
#define ARGUMENT_1(regs) ((regs)->di)
#define ARGUMENT_2(regs) ((regs)->si)
#define ARGUMENT_3(regs) ((regs)->dx)
#define IN_32BIT_CALL(p) ((p)->thread_info.status & 2) /* TS_COMPAT */
/* An interrupt in user mode uses the task's own stack. No system call is saved then. */
#define INTERRUPTED_IN_USER_MODE(regs) (SAVED_CALL(regs) == NO_CALL)

#elif defined(__TARGET_ARCH_arm64)

struct thread_info { /* arch/arm64/include/asm/thread_info.h */
	unsigned long flags;
};

struct pt_regs {		 /* arch/arm64/include/asm/ptrace.h */
	__u64 regs[31], orig_x0; /* x0 becomes the result, orig_x0 stays the first argument */
	__s32 syscallno;
};

#define SAVED_CALL(regs) ((regs)->syscallno)
#define ARGUMENT_1(regs) ((regs)->orig_x0)
#define ARGUMENT_2(regs) ((regs)->regs[1])
#define ARGUMENT_3(regs) ((regs)->regs[2])
#define IN_32BIT_CALL(p) ((p)->thread_info.flags & 1ul << 22) /* TIF_32BIT */
/* Every interrupt uses a stack of its own. That no system call is saved says less: do_signal() forgets it. */
#define INTERRUPTED_IN_USER_MODE(regs) false

#else
#error "where this machine saves its registers is not known: x86-64 and arm64 are supported"
#endif

#pragma clang attribute pop

#define NO_CALL (-1) /* SAVED_CALL(): it entered the kernel by an exception or an interrupt */

#endif
