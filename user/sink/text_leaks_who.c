/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One parent with zombies, and one orphan: the facts behind what is found of them.
 */
#include <stdlib.h>
#include <string.h>

#include "user/base/escape.h"
#include "user/base/signals.h"
#include "user/base/syscalls.h"
#include "user/sink/image.h"
#include "user/sink/text_leaks.h"
#include "user/words/fates.h"
#include "user/words/names.h"

#define PIDS_SHOWN 8
#define KINDS_SHOWN 4
#define HOLDINGS_SHOWN 8
#define ARGUMENTS_SHOWN 200 /* bytes of a command line */
#define ANCESTORS_SHOWN 6

static void part(struct buffer *words)
{
	if (words->size)
		buffer_text(words, " · ");
}

static void put_command_line(struct text *text, const struct process *process)
{
	const struct execution *exec = process ? image_of(process) : NULL;
	struct buffer words = {0};

	for (__u32 i = 0; exec && i < exec->argc && words.size < ARGUMENTS_SHOWN; i++) {
		if (i)
			buffer_char(&words, ' ');
		escape_terminal(&words, exec->argv[i], strlen(exec->argv[i]));
	}
	if (words.size > ARGUMENTS_SHOWN)
		buffer_text(&words, " …");
	put_fact_line(text, "command", &words);
}

static void doing_words(struct buffer *words, const struct leaks *leaks, const struct process *process)
{
	const struct thread *thread = process->threads;
	__u64 for_ns = leaks->ended_ns > thread->since_ns ? leaks->ended_ns - thread->since_ns : 0;

	if (thread->end_ns != UNKNOWN_NS) {
		buffer_text(words, "its first thread has ended, others live");
		return;
	}
	buffer_text(words, state_name(thread->state));
	if (thread->state == STATE_BLOCKED) {
		buffer_text(words, " in ");
		reason_text(words, thread->reason, thread->call);
	}
	if (thread->state == STATE_BLOCKED || thread->state == STATE_STOPPED)
		buffer_printf(words, " for %s%s", thread->since_about ? "about " : "", duration(for_ns).text);
}

static void put_doing(struct text *text, const struct leaks *leaks, const struct zombie_parent *parent)
{
	const struct process *process = parent->process;
	struct buffer words = {0};

	if (!process) {
		buffer_text(&words, "not traced: what it does is not known");
	} else {
		doing_words(&words, leaks, process);
		part(&words);
		buffer_printf(&words, "SIGCHLD %s",
			      process->ignores_children	  ? "is ignored"
			      : process->handles_children ? "has a handler"
							  : "has no handler: it is not told of ends");
	}
	put_fact_line(text, "parent is", &words);
}

static void put_ages(struct text *text, const struct leaks *leaks, const struct zombie_parent *parent)
{
	const struct zombie *oldest = &parent->zombies[0];
	__u64 age_ns = zombie_age_ns(oldest);
	struct buffer words = {0};

	buffer_printf(&words, "oldest %s%s",
		      !oldest->process->end_bound ? ""
		      : age_ns > oldest->least_ns ? "about "
						  : "at least ",
		      duration(age_ns).text);
	if (oldest->process->end_bound)
		buffer_printf(&words, " (born %s ago)", duration(leaks->ended_ns - oldest->process->birth_ns).text);
	if (parent->leaked < parent->count)
		buffer_printf(&words, " · %d too young to tell", parent->count - parent->leaked);
	put_fact_line(text, "age", &words);
	buffer_printf(&words, "%+d in %s", parent->grown, duration(leaks->ended_ns - leaks->started_ns).text);
	if (parent->reaped)
		buffer_printf(&words, " · %d reaped meanwhile", parent->reaped);
	if (parent->growing)
		buffer_printf(&words, " · %.1f a minute", leaks_per_minute(leaks, parent));
	put_fact_line(text, "growth", &words);
}

static void put_limit(struct text *text, const struct leaks *leaks, const struct zombie_parent *parent)
{
	__u64 until_ns = leaks_limit_ns(leaks, parent);
	struct buffer words = {0};

	if (!parent->limit.name)
		return;
	buffer_text(&words, "for ");
	put_count(&words, parent->limit.left > 0 ? (__u64)parent->limit.left : 0);
	buffer_printf(&words, " more tasks: %s is ", parent->limit.name);
	put_count(&words, (__u64)parent->limit.most);
	if (parent->limit.path) {
		buffer_text(&words, " in ");
		escape_terminal(&words, parent->limit.path, strlen(parent->limit.path));
	}
	if (until_ns != UNKNOWN_NS)
		buffer_printf(&words, " · used up in about %s", duration(until_ns).text);
	put_fact_line(text, "room", &words);
}

struct tally {
	struct buffer words;
	int count;
};

static int by_count(const void *one, const void *other)
{
	return ((const struct tally *)other)->count - ((const struct tally *)one)->count;
}

/* Counts equal words: "sh ×40, date ×8". */
static void add_tally(struct tally *tallies, int *count, int room, struct buffer *words)
{
	if (!words->data)
		return;
	for (int i = 0; i < *count; i++) {
		if (strcmp(tallies[i].words.data, words->data))
			continue;
		tallies[i].count++;
		buffer_free(words);
		return;
	}
	if (*count == room) {
		buffer_free(words);
		return;
	}
	tallies[(*count)++] = (struct tally){.words = *words, .count = 1};
}

static void tally_words(struct buffer *out, struct tally *tallies, int count)
{
	qsort(tallies, (size_t)count, sizeof(*tallies), by_count);
	for (int i = 0; i < count && i < KINDS_SHOWN; i++) {
		buffer_printf(out, "%s%s", i ? ", " : "", tallies[i].words.data);
		if (tallies[i].count > 1)
			buffer_printf(out, " ×%d", tallies[i].count);
	}
	if (count > KINDS_SHOWN)
		buffer_text(out, ", …");
	for (int i = 0; i < count; i++)
		buffer_free(&tallies[i].words);
}

typedef void (*words_fn)(struct buffer *out, const struct process *process);

static void comm_words(struct buffer *out, const struct process *process)
{
	escape_terminal(out, process->comm, strlen(process->comm));
}

/* Who killed one that ended before our time is not known, and not what is asked here. */
static void status_words(struct buffer *out, const struct process *process)
{
	if (process->signal)
		buffer_printf(out, "%s%s", signal_name(process->signal), process->core ? ", core dumped" : "");
	else
		fate_words(out, process);
}

static void put_tally(struct text *text, const char *label, const struct zombie_parent *parent, words_fn say)
{
	struct tally tallies[32] = {0};
	struct buffer words = {0};
	int count = 0;

	for (int i = 0; i < parent->count; i++) {
		struct buffer one = {0};

		say(&one, parent->zombies[i].process);
		add_tally(tallies, &count, 32, &one);
	}
	tally_words(&words, tallies, count);
	put_fact_line(text, label, &words);
}

static void put_pids(struct text *text, const struct zombie_parent *parent)
{
	struct buffer words = {0};

	for (int i = 0; i < parent->count && i < PIDS_SHOWN; i++)
		buffer_printf(&words, "%s%u", i ? " " : "", parent->zombies[i].process->pid);
	if (parent->count > PIDS_SHOWN)
		buffer_text(&words, " …");
	put_fact_line(text, "pids", &words);
}

void put_zombie_parent(struct text *text, const struct leaks *leaks, const struct zombie_parent *parent)
{
	const struct finding *finding = &leaks->findings.list[parent->finding];

	put_leak_headline(text, finding);
	put_command_line(text, parent->process);
	put_doing(text, leaks, parent);
	put_tally(text, "zombies", parent, comm_words);
	put_tally(text, "ended", parent, status_words);
	put_pids(text, parent);
	put_ages(text, leaks, parent);
	put_limit(text, leaks, parent);
	put_escaped_block(text, LOOKS_GOOD, "→", finding->advice);
}

static void put_history(struct text *text, const struct leaks *leaks, const struct process *process)
{
	const struct process *ancestor = process->orphaned_from;
	bool known = ancestor;
	struct buffer words = {0};
	int shown = 0;

	buffer_printf(&words, "for %s%s, adopted by %s (pid %u)", process->existing && !known ? "at least " : "",
		      duration(leaks->ended_ns - process->orphaned_ns).text,
		      process->adopter_is_init ? "init" : "a subreaper", process->adopter_pid);
	put_fact_line(text, "orphan", &words);
	if (!known)
		buffer_text(&words, "not known: it was an orphan before we came");
	for (; ancestor && shown < ANCESTORS_SHOWN; ancestor = ancestor->parent) {
		if (shown++)
			buffer_text(&words, ", child of ");
		name_words(&words, ancestor->comm, ancestor->pid);
	}
	put_fact_line(text, "born of", &words);
}

static void put_session(struct text *text, const struct orphan *orphan)
{
	const struct process *process = orphan->process;
	struct buffer words = {0};

	buffer_printf(&words, "%u", process->session);
	if (process->session == process->pid)
		buffer_text(&words, ", which it leads");
	else if (orphan->leader_known)
		buffer_printf(&words, ", whose leader %s", orphan->leader_alive ? "lives" : "has ended");
	if (orphan_is_daemon(orphan))
		buffer_text(&words, " · a daemon: no terminal");
	if (orphan->unit) {
		buffer_text(&words, " · service ");
		escape_terminal(&words, orphan->unit, strlen(orphan->unit));
	}
	put_fact_line(text, "session", &words);
}

static void reader_words(struct buffer *words, const struct holding *holding)
{
	for (int i = 0; i < holding->reader_count && i < 3; i++) {
		const struct pipe_reader *reader = &holding->readers[i];

		buffer_text(words, i ? ", " : ", which ");
		name_words(words, reader->comm, reader->pid);
		buffer_text(words, reader->polls ? " polls" : " reads");
	}
	if (holding->reader_count && holding->shared)
		buffer_text(words, " and others could write to");
}

static void holding_words(struct buffer *words, const struct orphan *orphan, const struct holding *holding)
{
	static const char *const said[HOLDING_KIND_COUNT] = {[HOLDS_PIPE] = "",
							     [HOLDS_LISTENER] = "listens on ",
							     [HOLDS_SOCKET] = "",
							     [HOLDS_DELETED] = "removed file ",
							     [HOLDS_TERMINAL] = "terminal "};
	const char *name = holding->name ? holding->name : "?";

	part(words);
	if (holding->holder != orphan->process) {
		name_words(words, holding->holder->comm, holding->holder->pid);
		buffer_text(words, ": ");
	}
	buffer_text(words, said[holding->kind]);
	escape_terminal(words, name, strlen(name));
	buffer_printf(words, " (fd %d%s)", holding->fd, holding->fds > 1 ? " …" : "");
	reader_words(words, holding);
}

/* What an orphan's descendants say to each other is their own business. */
static bool is_told(const struct orphan *orphan, const struct holding *holding)
{
	if (holding->kind != HOLDS_PIPE || holding->holder == orphan->process)
		return true;
	for (int i = 0; i < holding->reader_count; i++)
		if (!holding->readers[i].orphan)
			return true;
	return false;
}

static void put_holdings(struct text *text, const struct orphan *orphan)
{
	struct buffer words = {0};
	int told = 0, left = 0;

	for (int i = 0; i < orphan->holding_count; i++) {
		if (!text->options->verbose && (told == HOLDINGS_SHOWN || !is_told(orphan, &orphan->holdings[i]))) {
			left += told == HOLDINGS_SHOWN;
			continue;
		}
		holding_words(&words, orphan, &orphan->holdings[i]);
		told++;
	}
	if (left)
		buffer_printf(&words, " · and %d more (-v)", left);
	if (!orphan->seen)
		buffer_text(&words, "could not be read");
	else if (!told)
		buffer_text(&words, "no pipe, socket, terminal or removed file");
	put_fact_line(text, "holds", &words);
}

static void put_now(struct text *text, const struct leaks *leaks, const struct orphan *orphan)
{
	double cpu = orphan_cpu(orphan), ready = orphan_cpu_ready(orphan);
	struct buffer words = {0};

	doing_words(&words, leaks, orphan->process);
	if (cpu >= 0)
		buffer_printf(&words, " · %.0f %% of a CPU over %s", 100 * cpu, duration(orphan->cpu.period_ns).text);
	if (ready >= 0.05)
		buffer_printf(&words, ", ready to use another %.0f %%", 100 * ready);
	put_fact_line(text, "now", &words);
}

static int by_gravity(const void *one, const void *other)
{
	const struct finding *a = *(const struct finding *const *)one, *b = *(const struct finding *const *)other;

	if (a->severity != b->severity)
		return a->severity < b->severity ? 1 : -1;
	return (a > b) - (a < b);
}

/* One root, one story: the gravest first, the rest below it. */
static void put_stories(struct text *text, const struct leaks *leaks, const struct orphan *orphan, bool advise)
{
	const struct finding *list[16] = {NULL};
	int count = orphan->finding_count < 16 ? orphan->finding_count : 16;

	for (int i = 0; i < count; i++)
		list[i] = &leaks->findings.list[orphan->first_finding + i];
	qsort(list, (size_t)count, sizeof(*list), by_gravity);
	for (int i = 0; i < count; i++) {
		put_leak_headline(text, list[i]);
		if (advise || list[i]->severity != SEVERITY_INFO || i == 0)
			put_escaped_block(text, LOOKS_GOOD, "→", list[i]->advice);
	}
}

void put_orphan(struct text *text, const struct leaks *leaks, const struct orphan *orphan, bool in_short)
{
	put_stories(text, leaks, orphan, !in_short);
	put_command_line(text, orphan->process);
	if (!in_short) {
		put_history(text, leaks, orphan->process);
		put_session(text, orphan);
		put_now(text, leaks, orphan);
	}
	put_holdings(text, orphan);
}
