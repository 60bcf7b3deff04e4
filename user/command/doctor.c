/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife doctor: what this kernel and these privileges allow, a line each with the remedy.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/command/command.h"
#include "user/command/elevate.h"
#include "user/command/options.h"
#include "user/sink/json_writer.h"
#include "user/source/source.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"
#define LOCKS_PATH "/proc/locks"

enum verdict { WORKS, LESS, FAILS }; /* LESS: tracing works, but tells less */

struct check {
	const char *name;
	enum verdict verdict;
	char found[160];
	const char *remedy;
};

struct patient {
	struct utsname host;
	struct live_ability ability;
	bool privileged, opened, proc;
};

static void check_machine(const struct patient *patient, struct check *check)
{
	bool known = !strcmp(patient->host.machine, "x86_64");

	check->verdict = known ? WORKS : LESS;
	snprintf(check->found, sizeof(check->found), "%.60s %.60s on %.20s", patient->host.sysname,
		 patient->host.release, patient->host.machine);
	check->remedy = known ? NULL : "reasons of blocking are told on x86_64 only";
}

static void check_privilege(const struct patient *patient, struct check *check)
{
	check->verdict = patient->privileged ? WORKS : FAILS;
	snprintf(check->found, sizeof(check->found), "%s",
		 patient->privileged ? "CAP_BPF and CAP_PERFMON" : "not enough to load probes");
	check->remedy = patient->privileged ? NULL : "run as root: sudo proclife …, or proclife run --elevate …";
}

static void check_btf(const struct patient *patient, struct check *check)
{
	bool there = !access(BTF_PATH, R_OK);

	(void)patient;
	check->verdict = there ? WORKS : FAILS;
	snprintf(check->found, sizeof(check->found), "%s %s", BTF_PATH, there ? "is there" : strerror(errno));
	check->remedy = there ? NULL : "a kernel with CONFIG_DEBUG_INFO_BTF=y (Debian's has it)";
}

static void check_proc(const struct patient *patient, struct check *check)
{
	check->verdict = patient->proc ? WORKS : FAILS;
	snprintf(check->found, sizeof(check->found), "/proc is %s",
		 patient->proc ? "mounted" : "not mounted, or not readable");
	check->remedy = patient->proc ? NULL : "mount -t proc proc /proc";
}

static void check_probes(const struct patient *patient, struct check *check)
{
	check->verdict = patient->opened ? WORKS : FAILS;
	snprintf(check->found, sizeof(check->found), "%s",
		 patient->opened       ? "tracepoints, task storage, ring buffers and the task iterator work"
		 : patient->privileged ? "the kernel does not take them"
				       : "not tried without privilege");
	check->remedy = patient->opened ? NULL
			: patient->privileged
				? "Linux 6.1 or later with CONFIG_BPF_SYSCALL and CONFIG_BPF_EVENTS; not locked down"
				: "see privilege";
}

static void check_reaps(const struct patient *patient, struct check *check)
{
	bool exact = patient->ability.exact_reaps;

	check->verdict = exact || !patient->opened ? WORKS : LESS;
	snprintf(check->found, sizeof(check->found), "%s",
		 exact		   ? "told exactly: who reaped, and when"
		 : patient->opened ? "told by their latest possible time"
				   : "not known before the probes load");
	check->remedy = check->verdict == LESS ? "the tracepoint kmem:kmem_cache_free with its cache (Linux 6.1 on)"
					       : NULL;
}

static void check_deadlocks(const struct patient *patient, struct check *check)
{
	bool files = patient->ability.open_files, locks = sees_host_pids() && !access(LOCKS_PATH, R_OK);

	check->verdict = (files && locks) || !patient->opened ? WORKS : LESS;
	snprintf(check->found, sizeof(check->found), "%s",
		 !patient->opened ? "not known before the probes load"
		 : !files	  ? "not looked for: nobody tells who has what open"
		 : locks	  ? "looked for: by children, pipes and file locks"
				  : "looked for: by children and pipes, not by file locks");
	check->remedy = check->verdict == WORKS ? NULL
			: !files		? "the iterator of open files (bpf_iter_task_file, Linux 5.8 on)"
						: "run on the host, where " LOCKS_PATH " is there and names its pids";
}

static void check_namespace(const struct patient *patient, struct check *check)
{
	bool initial = sees_host_pids();

	check->verdict = initial || !patient->proc ? WORKS : LESS;
	snprintf(check->found, sizeof(check->found), "%s",
		 initial	 ? "the initial pid namespace"
		 : patient->proc ? "a pid namespace of its own, as in a container"
				 : "not known without /proc");
	check->remedy =
		check->verdict == WORKS
			? NULL
			: "pids in reports are the host's, and -p is not to be had; run on the host, or with --pid=host";
}

static bool is_in_path(const char *name)
{
	const char *path = getenv("PATH");
	char file[512];

	for (size_t length; path && *path; path += length + (path[length] == ':')) {
		length = strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/%s", (int)(length < 400 ? length : 400), path, name);
		if (!access(file, X_OK))
			return true;
	}
	return false;
}

static void check_sudo(const struct patient *patient, struct check *check)
{
	bool there = is_in_path("sudo");

	(void)patient;
	check->verdict = there ? WORKS : LESS;
	snprintf(check->found, sizeof(check->found), "sudo is %s", there ? "there" : "not installed");
	check->remedy = there ? NULL : "apt-get install sudo, for proclife run --elevate";
}

static const struct {
	const char *name;
	void (*look)(const struct patient *patient, struct check *check);
} checks[] = {
	{"kernel", check_machine},	 {"privilege", check_privilege},
	{"type information", check_btf}, {"probes", check_probes},
	{"reaps", check_reaps},		 {"deadlocks", check_deadlocks},
	{"/proc", check_proc},		 {"pid namespace", check_namespace},
	{"--elevate", check_sudo},
};

#define CHECKS ((int)(sizeof(checks) / sizeof(*checks)))

static void examine(struct patient *patient)
{
	struct live_options options = {
		.detail_ns = ~(__u64)0, .states = true, .wakers = true, .exact_reaps = true, .threads = true};
	struct live *live = NULL;

	uname(&patient->host);
	patient->privileged = is_privileged();
	if (patient->privileged)
		live = live_open(&options, &patient->ability);
	patient->opened = live;
	patient->proc = own_pid_namespace();
	live_close(live);
}

static void print_text(const struct check *found, bool works)
{
	static const char *const marks[] = {"ok", "less", "no"};

	for (int i = 0; i < CHECKS; i++) {
		printf("%-4s  %-17s %s\n", marks[found[i].verdict], found[i].name, found[i].found);
		if (found[i].remedy)
			printf("      %-17s remedy: %s\n", "", found[i].remedy);
	}
	printf("\nproclife run %s here.\n", works ? "works" : "does not work");
}

static void print_json(const struct check *found, bool works)
{
	static const char *const verdicts[] = {"works", "less", "fails"};
	struct buffer text = {0};
	struct json json = {.out = &text};

	json_open(&json, NULL, '{');
	json_text(&json, "schema", "proclife.doctor/1");
	json_bool(&json, "works", works);
	json_open(&json, "checks", '[');
	for (int i = 0; i < CHECKS; i++) {
		json_open(&json, NULL, '{');
		json_text(&json, "name", found[i].name);
		json_text(&json, "verdict", verdicts[found[i].verdict]);
		json_text(&json, "found", found[i].found);
		json_text(&json, "remedy", found[i].remedy);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	printf("%s\n", text.data ? text.data : "");
	buffer_free(&text);
}

static void help(void)
{
	printf("usage: proclife doctor [OPTION…]\n\n"
	       "Says what this kernel and these privileges allow, a line each with the remedy.\n\n"
	       "  -f, --format=FORMAT  text (default) or json\n"
	       "  -h, --help           print this help\n\n"
	       "Exit status: 0 when 'proclife run' works here, 1 when it does not.\n");
}

/* The exit status; -1: go on. */
static int take_options(int argc, char **argv, bool *as_json)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = option_next(argc, argv, ":f:h", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == '?' || take_plain_format(argv[0], optarg, as_json))
			return EXIT_FAILED;
	}
	return optind < argc ? say_unexpected(argv[0], argv[optind]) : -1;
}

static int run_doctor(int argc, char **argv)
{
	struct check found[CHECKS] = {{0}};
	struct patient patient = {0};
	bool as_json = false, works;
	int status = take_options(argc, argv, &as_json);

	if (status >= 0)
		return status;
	examine(&patient);
	for (int i = 0; i < CHECKS; i++) {
		found[i].name = checks[i].name;
		checks[i].look(&patient, &found[i]);
	}
	works = patient.opened && patient.proc;
	(as_json ? print_json : print_text)(found, works);
	return output_done(works ? 0 : 1);
}

const struct command command_doctor = {
	.name = "doctor",
	.about = "say what this kernel and these privileges allow",
	.help = help,
	.run = run_doctor,
};
