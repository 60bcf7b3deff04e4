/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why probes could not be loaded: logs as libbpf 1.1 printed them on kernels that refused them, cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "user/source/load_failure.h"

static const struct load_place newest = {.host.release = "7.2.13", .major = 7, .minor = 2, .has_types = true};

static const char field_log[] =
	"libbpf: prog 'look_at': relo #118: insn #236 (LDX/ST/STX) accesses field incorrectly. Make sure you are accessing "
	"pointers, unsigned integers, or fields of matching type and size.\n"
	"libbpf: prog 'snapshot': BPF program load failed: Invalid argument\n"
	"libbpf: prog 'snapshot': -- BEGIN PROG LOAD LOG --\n"
	"; if (p->on_cpu) @ snapshot.bpf.c:106\n"
	"569: <invalid CO-RE relocation>\n"
	"failed to resolve CO-RE relocation <byte_off> [107] struct task_struct.on_cpu (0:9 @ offset 104)\n"
	"processed 643 insns (limit 1000000) max_states_per_insn 1 total_states 51 peak_states 51 mark_read 0\n"
	"-- END PROG LOAD LOG --\n"
	"libbpf: prog 'snapshot': failed to load: -22\n"
	"libbpf: failed to load object 'proclife_bpf'\n";

static const char lockdown_log[] =
	"libbpf: prog 'newtask': BPF program load failed: Invalid argument\n"
	"libbpf: prog 'newtask': -- BEGIN PROG LOAD LOG --\n"
	"0: R1=ctx() R10=fp0\n"
	"383: (85) call bpf_probe_read#4\n"
	"program of this type cannot use helper bpf_probe_read#4\n"
	"processed 261 insns (limit 1000000) max_states_per_insn 0 total_states 12 peak_states 12 mark_read 0\n"
	"-- END PROG LOAD LOG --\n"
	"libbpf: prog 'newtask': failed to load: -22\n";

static void explain(const char *log, int error, const struct load_place *place, struct live_refusal *refusal)
{
	struct load_failure failure;

	load_failure_read(&failure, error, log);
	load_failure_explain(&failure, place, refusal);
}

static void test_field(void **state)
{
	struct live_refusal refusal;

	(void)state;
	explain(field_log, EINVAL, &newest, &refusal);
	assert_string_equal(refusal.why,
			    "Linux 7.2.13 refuses the probe snapshot: it has no struct task_struct.on_cpu, "
			    "or one of another type");
	assert_non_null(strstr(refusal.remedy, "knows this kernel"));
}

static void test_verifier(void **state)
{
	struct load_place place = newest;
	struct live_refusal refusal;

	(void)state;
	explain(lockdown_log, EINVAL, &place, &refusal);
	assert_string_equal(refusal.why,
			    "Linux 7.2.13 refuses the probe newtask: program of this type cannot use helper "
			    "bpf_probe_read#4");
	place.locked_down = true;
	explain(lockdown_log, EINVAL, &place, &refusal);
	assert_non_null(strstr(refusal.why, "locked down"));
	assert_non_null(strstr(refusal.remedy, "lockdown=integrity"));
}

static void test_capabilities(void **state)
{
	struct load_place place = newest;
	struct live_refusal refusal;

	(void)state;
	place.lacks_bpf = place.lacks_perfmon = true;
	explain("", EPERM, &place, &refusal);
	assert_string_equal(refusal.why, "the kernel refuses the probes: CAP_BPF and CAP_PERFMON are missing");
	place.lacks_bpf = false;
	explain("", EACCES, &place, &refusal);
	assert_string_equal(refusal.why, "the kernel refuses the probes: CAP_PERFMON is missing");
	place.lacks_bpf = true;
	place.lacks_perfmon = false;
	explain("", EPERM, &place, &refusal);
	assert_string_equal(refusal.why, "the kernel refuses the probes: CAP_BPF is missing");
}

static void test_place(void **state)
{
	struct load_place place = {.host.release = "5.10.0", .major = 5, .minor = 10, .has_types = true};
	struct live_refusal refusal;

	(void)state;
	explain(lockdown_log, EINVAL, &place, &refusal);
	assert_string_equal(refusal.why, "Linux 5.10.0 is too old");
	place.has_types = false;
	explain("", ENODATA, &place, &refusal);
	assert_non_null(strstr(refusal.why, "no BTF"));
	place = newest;
	place.in_user_namespace = true;
	explain("", EPERM, &place, &refusal);
	assert_non_null(strstr(refusal.why, "user namespace"));
	place.in_user_namespace = false;
	explain("", EPERM, &place, &refusal);
	assert_non_null(strstr(refusal.remedy, "seccomp"));
	explain("", ENOMEM, &place, &refusal);
	assert_non_null(strstr(refusal.why, "out of memory"));
}

static void test_open_files(void **state)
{
	struct live_refusal refusal;

	(void)state;
	explain("libbpf: prog 'process_free': -- BEGIN PROG LOAD LOG --\nprocessed 0 insns\n"
		"libbpf: prog 'process_free': failed to load: -24\n",
		EMFILE, &newest, &refusal);
	assert_string_equal(refusal.why, "the probes can't be loaded: too many open files");
	assert_non_null(strstr(refusal.remedy, "ulimit -n"));
}

static void test_missing(void **state)
{
	struct live_refusal refusal;

	(void)state;
	explain("libbpf: prog 'sched_waking': failed to find kernel BTF type ID of 'sched_waking': -3\n"
		"libbpf: prog 'sched_waking': failed to prepare load attributes: -3\n",
		ESRCH, &newest, &refusal);
	assert_string_equal(refusal.why, "Linux 7.2.13 refuses the probe sched_waking: it has no sched_waking");
	explain("libbpf: extern (func ksym) 'bpf_rdonly_cast': not found in kernel or module BTFs\n", ESRCH, &newest,
		&refusal);
	assert_string_equal(refusal.why, "Linux 7.2.13 refuses the probe of proclife: it has no bpf_rdonly_cast");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_field), cmocka_unit_test(test_verifier), cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_place), cmocka_unit_test(test_missing),  cmocka_unit_test(test_open_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
