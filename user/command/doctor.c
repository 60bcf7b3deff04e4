/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * proclife doctor: what this kernel and these privileges allow, a line each with the remedy.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "user/base/message.h"
#include "user/base/path.h"
#include "user/base/privilege.h"
#include "user/command/command.h"
#include "user/command/options.h"
#include "user/sink/json_writer.h"
#include "user/source/source.h"

#define BTF_PATH "/sys/kernel/btf/vmlinux"
#define LOCKS_PATH "/proc/locks"

enum verdict { IS_OK, IS_LIMITED, HAS_FAILED }; /* limited: tracing works, but observes less */

struct check {
	const char *name;
	enum verdict verdict;
	char found[400];
	const char *remedy;
};

struct feature { /* probes as a command loads them */
	const char *name;
	struct live_options options;
};

static const struct feature features[] = {
	{"run", {.detail_ns = 0, .states = true, .wakers = true, .exact_reaps = true, .threads = true}},
	{"watch", {.detail_ns = ~(__u64)0, .follows_all = true}},
	{"watch -s, top",
	 {.detail_ns = 0, .follows_all = true, .states = true, .wakers = true, .exact_reaps = true, .threads = true}},
	{"leaks", {.detail_ns = ~(__u64)0, .follows_all = true, .states = true, .exact_reaps = true, .threads = true}},
	{"option -p",
	 {.detail_ns = ~(__u64)0, .follows_roots = true, .states = true, .exact_reaps = true, .threads = true}},
};

#define FEATURES ((int)(sizeof(features) / sizeof(*features)))

struct patient {
	struct utsname host;
	struct live_ability ability;
	struct live_refusal refusals[FEATURES];
	bool works[FEATURES], proc;
};

static void check_machine(const struct patient *patient, struct check *check)
{
	bool known = !strcmp(patient->host.machine, "x86_64") || !strcmp(patient->host.machine, "aarch64");
	unsigned int major = 0, minor = 0;
	bool old = sscanf(patient->host.release, "%u.%u", &major, &minor) == 2 && major * 1000 + minor < 6001;

	check->verdict = old && !patient->works[0] ? HAS_FAILED : known && !old ? IS_OK : IS_LIMITED;
	snprintf(check->found, sizeof(check->found), "%.60s %.60s on %.20s%s", patient->host.sysname,
		 patient->host.release, patient->host.machine, old ? ": older than 6.1" : "");
	check->remedy = old	? "use Linux 6.1 or later"
			: known ? NULL
				: "use x86_64 or aarch64: elsewhere it is not known what blocks a process";
}

static void check_btf(const struct patient *patient, struct check *check)
{
	bool there = !access(BTF_PATH, R_OK);

	(void)patient;
	check->verdict = there ? IS_OK : HAS_FAILED;
	snprintf(check->found, sizeof(check->found), "%s %s", BTF_PATH, there ? "is there" : strerror(errno));
	check->remedy = there ? NULL : "a kernel with CONFIG_DEBUG_INFO_BTF=y (Debian's has it)";
}

static void check_proc(const struct patient *patient, struct check *check)
{
	check->verdict = patient->proc ? IS_OK : HAS_FAILED;
	snprintf(check->found, sizeof(check->found), "/proc is %s",
		 patient->proc ? "mounted" : "not mounted, or not readable");
	check->remedy = patient->proc ? NULL : "mount -t proc proc /proc";
}

/* Asked of the kernel: its probes were loaded and attached, or it has refused them. */
static void check_feature(const struct patient *patient, int number, struct check *check)
{
	const struct live_refusal *refusal = &patient->refusals[number];

	check->name = features[number].name;
	check->verdict = patient->works[number] ? IS_OK : HAS_FAILED;
	check->remedy = patient->works[number] ? NULL : refusal->remedy;
	snprintf(check->found, sizeof(check->found), "%s",
		 patient->works[number] ? "its probes load and attach" : refusal->why);
}

struct refused { /* what /proc does not show of some process */
	bool programs, files;
};

static void ask_process(int proc, const char *pid, struct refused *refused)
{
	char path[64], target[256];

	snprintf(path, sizeof(path), "%.20s/exe", pid);
	refused->programs |= readlinkat(proc, path, target, sizeof(target)) < 0 && errno == EACCES;
	snprintf(path, sizeof(path), "%.20s/fd", pid);
	refused->files |= faccessat(proc, path, R_OK | X_OK, AT_EACCESS) && errno == EACCES;
}

static struct refused ask_processes(void)
{
	struct refused refused = {0};
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (*entry->d_name >= '1' && *entry->d_name <= '9')
			ask_process(dirfd(proc), entry->d_name, &refused);
	if (proc)
		closedir(proc);
	return refused;
}

static const char *remedy_of_reading(void)
{
	bool trace = privilege_has(CAP_SYS_PTRACE), search = privilege_has(CAP_DAC_READ_SEARCH);

	if (trace && search)
		return "a security module forbids it: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH are there";
	return trace ? "add CAP_DAC_READ_SEARCH: without it 'leaks' can't say what orphans of other users hold"
	       : search
		       ? "add CAP_SYS_PTRACE: without it 'leaks' can't say what orphans hold"
		       : "add CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH: without them 'leaks' can't say what orphans hold";
}

/* What tracing itself does not take, but 'leaks' and the paths of programs that ran before. */
static void check_others(const struct patient *patient, struct check *check)
{
	struct refused refused = ask_processes();
	bool all = !refused.programs && !refused.files;

	check->verdict = !patient->proc ? HAS_FAILED : all ? IS_OK : IS_LIMITED;
	snprintf(check->found, sizeof(check->found), "%s%s%s",
		 !patient->proc			     ? "not known without /proc"
		 : refused.programs == refused.files ? "programs and open files"
		 : refused.programs		     ? "programs"
						     : "open files",
		 !patient->proc ? ""
		 : all		? " of all processes"
				: " of some processes",
		 !patient->proc ? ""
		 : all		? " can be read"
				: " can't be read");
	check->remedy = all ? NULL : remedy_of_reading();
}

static void check_reaps(const struct patient *patient, struct check *check)
{
	bool exact = patient->ability.exact_reaps;

	check->verdict = exact ? IS_OK : patient->works[0] ? IS_LIMITED : HAS_FAILED;
	snprintf(check->found, sizeof(check->found), "%s",
		 exact ? patient->ability.releases ? "exact: which process reaped, and when, at release_task()"
						   : "exact: which process reaped, and when, at frees of kernel memory"
		 : patient->works[0] ? "known by their latest possible time"
				     : "not known: the probes do not load");
	check->remedy = check->verdict == IS_LIMITED
				? "the tracepoint kmem:kmem_cache_free with its cache (Linux 6.1 on)"
				: NULL;
}

static void check_deadlocks(const struct patient *patient, struct check *check)
{
	bool files = patient->ability.open_files, locks = sees_host_pids() && !access(LOCKS_PATH, R_OK);

	check->verdict = files && locks ? IS_OK : patient->works[0] ? IS_LIMITED : HAS_FAILED;
	snprintf(check->found, sizeof(check->found), "%s",
		 !patient->works[0] ? "not known: the probes do not load"
		 : !files	    ? "not found: this kernel does not list open files"
		 : locks	    ? "found by children, pipes and file locks"
				    : "found by children and pipes, not by file locks");
	check->remedy = check->verdict != IS_LIMITED ? NULL
			: !files		     ? "the iterator of open files (bpf_iter_task_file, Linux 5.8 on)"
				 : "run on the host, where " LOCKS_PATH " is there and names its pids";
}

static void check_namespace(const struct patient *patient, struct check *check)
{
	bool initial = sees_host_pids();

	check->verdict = initial ? IS_OK : patient->proc ? IS_LIMITED : HAS_FAILED;
	snprintf(check->found, sizeof(check->found), "%s",
		 initial	 ? "the initial pid namespace"
		 : patient->proc ? "a pid namespace of its own, as in a container"
				 : "not known without /proc");
	check->remedy =
		check->verdict != IS_LIMITED
			? NULL
			: "pids in reports are the host's, and -p is not to be had; run on the host, or with --pid=host";
}

static void check_sudo(const struct patient *patient, struct check *check)
{
	bool there = path_has("sudo");

	(void)patient;
	check->verdict = there ? IS_OK : IS_LIMITED;
	snprintf(check->found, sizeof(check->found), "sudo is %s", there ? "there" : "not installed");
	check->remedy = there ? NULL : "apt-get install sudo, for proclife run --elevate";
}

static const struct {
	const char *name;
	void (*look)(const struct patient *patient, struct check *check);
} conditions[] = {
	{"kernel", check_machine},	    {"type information", check_btf},   {"reaps", check_reaps},
	{"deadlocks", check_deadlocks},	    {"other processes", check_others}, {"/proc", check_proc},
	{"pid namespace", check_namespace}, {"--elevate", check_sudo},
};

#define CONDITIONS ((int)(sizeof(conditions) / sizeof(*conditions)))
#define CHECKS (FEATURES + CONDITIONS)

static bool try_feature(struct patient *patient, int number, bool verbose)
{
	struct live_options options = features[number].options;
	struct live_ability ability;
	struct live *live;
	bool works;

	options.verbose = verbose;
	live = live_try(&options, &ability, &patient->refusals[number]);
	if (live && number == 0)
		patient->ability = ability;
	works = live && (!options.follows_roots || !sees_host_pids() || !live_adopt(live, (__u32)getpid()));
	if (live && !works)
		snprintf(patient->refusals[number].why, sizeof(patient->refusals[number].why),
			 "/proc does not show this process: %s", strerror(errno));
	live_close(live);
	return works;
}

static void examine(struct patient *patient, bool verbose)
{
	uname(&patient->host);
	patient->proc = own_pid_namespace();
	for (int i = 0; i < FEATURES; i++)
		patient->works[i] = try_feature(patient, i, verbose);
}

static void check_all(const struct patient *patient, struct check *found)
{
	for (int i = 0; i < FEATURES; i++)
		check_feature(patient, i, &found[i]);
	for (int i = 0; i < CONDITIONS; i++) {
		found[FEATURES + i].name = conditions[i].name;
		conditions[i].look(patient, &found[FEATURES + i]);
	}
}

static const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {"ok", "limited", "failed"};

	return names[verdict];
}

/* The same remedy is printed once for a series of checks. */
static void print_text(const struct check *found, bool works)
{
	for (int i = 0; i < CHECKS; i++) {
		bool repeated = i + 1 < CHECKS && found[i + 1].remedy == found[i].remedy;

		printf("%-7s  %-16s  %s\n", verdict_name(found[i].verdict), found[i].name, found[i].found);
		if (found[i].remedy && !repeated)
			printf("%-7s  %-16s  remedy: %s\n", "", "", found[i].remedy);
	}
	printf("\nproclife run %s here.\n", works ? "works" : "does not work");
}

static void print_json(const struct check *found, bool works)
{
	struct buffer text = {0};
	struct json json = {.out = &text};

	json_open(&json, NULL, '{');
	json_text(&json, "schema", "proclife.doctor/1");
	json_bool(&json, "works", works);
	json_open(&json, "checks", '[');
	for (int i = 0; i < CHECKS; i++) {
		json_open(&json, NULL, '{');
		json_text(&json, "name", found[i].name);
		json_text(&json, "verdict", verdict_name(found[i].verdict));
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
	       "Loads the probes of each command, and says what this kernel and these privileges\nallow, a line each with the remedy.\n\n"
	       "  -f, --format=FORMAT  text (default) or json\n"
	       "  -v, --verbose        print all that libbpf and the verifier said of a refusal\n"
	       "  -h, --help           print this help\n\n"
	       "Exit status: 0 when 'proclife run' works here, 1 when it does not.\n");
}

/* The exit status; -1: go on. */
static int take_options(int argc, char **argv, bool *as_json, bool *verbose)
{
	static const struct option long_options[] = {{"format", required_argument, NULL, 'f'},
						     {"verbose", no_argument, NULL, 'v'},
						     {"help", no_argument, NULL, 'h'},
						     {NULL, 0, NULL, 0}};
	int option;

	while ((option = option_next(argc, argv, ":f:vh", long_options)) != -1) {
		if (option == 'h')
			return help_shown(help);
		if (option == 'v')
			*verbose = true;
		else if (option == '?' || take_plain_format(argv[0], optarg, as_json))
			return EXIT_FAILED;
	}
	return optind < argc ? say_unexpected(argv[0], argv[optind]) : -1;
}

static int run_doctor(int argc, char **argv)
{
	struct check found[CHECKS] = {{0}};
	struct patient patient = {0};
	bool as_json = false, verbose = false, works;
	int status = take_options(argc, argv, &as_json, &verbose);

	if (status >= 0)
		return status;
	examine(&patient, verbose);
	check_all(&patient, found);
	works = patient.works[0] && patient.proc;
	(as_json ? print_json : print_text)(found, works);
	return output_done(works ? 0 : 1);
}

const struct command command_doctor = {
	.name = "doctor",
	.about = "say what this kernel and these privileges allow",
	.help = help,
	.run = run_doctor,
};
