/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The page of one process: who it is, its place in the tree, where its time went, what is wrong, what happened last.
 */
#include <string.h>

#include "user/base/duration.h"
#include "user/base/escape.h"
#include "user/finding/finding.h"
#include "user/screen/page.h"
#include "user/words/fates.h"
#include "user/words/names.h"

#define ANCESTORS_MOST 16
#define CHILDREN_MOST 24
#define RECENT_SHOWN 40

void page_heading(struct page *page, const char *words)
{
	struct line *line;

	lines_add(page->lines);
	line = lines_add(page->lines);
	if (line)
		line->bar = true;
	line_put(line, LOOK_BAR, words);
}

static void put_written(struct page *page, struct line *line, enum look look, struct buffer *words)
{
	if (words->data)
		line_put_paragraph(page->lines, line, look, words->data, 4);
	buffer_free(words);
}

static void put_state(struct page *page, struct line *line)
{
	const struct process *process = page->process;
	const struct row *row = page->row;
	struct buffer words = {0};

	if (!row) {
		line_put(line, LOOK_FAINT, "gone");
		return;
	}
	line_put(line, look_of_state(row->state), row->state == ROW_ZOMBIE ? "zombie" : state_name(row->state));
	if (row->state == STATE_BLOCKED)
		line_putf(line, LOOK_BLOCKED, " on %s", rows_words(page->rows, row->why));
	if (row->since_ns != UNKNOWN_NS && page->now_ns > row->since_ns)
		line_putf(line, LOOK_PLAIN, " for %s%s", row->since_bound ? "more than " : "",
			  duration(page->now_ns - row->since_ns).text);
	if (row->state == ROW_ZOMBIE) {
		fate_words(&words, process);
		line_putf(line, LOOK_ZOMBIE, ", %s", words.data ? words.data : "");
	}
	buffer_free(&words);
}

static void put_birth(struct page *page)
{
	const struct process *process = page->process;
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};

	buffer_printf(&words, "born %s ago", duration(page->now_ns - process->birth_ns).text);
	if (process->existing) {
		buffer_text(&words, ", before proclife came");
	} else {
		buffer_printf(&words, " by %s of ", birth_kind_name(process->birth));
		process_words(&words, process->parent, process->ppid);
	}
	if (process->orphaned_ns)
		buffer_printf(&words, " · orphan, adopted by pid %u (%s)", process->adopter_pid,
			      process->adopter_is_init ? "init" : "subreaper");
	if (process->daemon)
		buffer_printf(&words, " · %s daemon", daemon_kind_name(process->daemon));
	put_written(page, line, LOOK_PLAIN, &words);
}

static void put_whose(struct page *page)
{
	const struct process *process = page->process;
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};

	buffer_printf(&words, "user %s · session %u, group %u, %s",
		      page->row ? rows_words(page->rows, page->row->user) : "?", process->session, process->group,
		      process->tty ? "on a terminal" : "no terminal");
	if (process->pid_namespace)
		buffer_printf(&words, " · pid %u in namespace %u", process->ns_pid, process->pid_namespace);
	if (process->tracer_pid)
		buffer_printf(&words, " · traced by pid %u", process->tracer_pid);
	buffer_printf(&words, " · SIGCHLD %s",
		      process->ignores_children	  ? "ignored"
		      : process->handles_children ? "handled"
						  : "at its default");
	put_written(page, line, LOOK_PLAIN, &words);
}

static void put_title(struct page *page)
{
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};

	name_words(&words, page->process->comm, page->process->pid);
	line_putf(line, LOOK_STRONG, "%s  ", words.data ? words.data : "?");
	buffer_free(&words);
	put_state(page, line);
	line = lines_add(page->lines);
	command_words(&words, page->process);
	put_written(page, line, LOOK_PLAIN, &words);
	put_birth(page);
	put_whose(page);
}

static void put_relative(struct page *page, const struct process *process, int depth, bool itself)
{
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};
	bool zombie = process->end != ENDED_NONE;

	line_move_to(line, 2 * depth);
	line_put(line, LOOK_FAINT, depth ? "└─ " : "");
	name_words(&words, process->comm, process->pid);
	line_put(line, itself ? LOOK_STRONG : LOOK_PLAIN, words.data);
	if (zombie)
		line_put(line, LOOK_ZOMBIE, " zombie");
	else
		line_putf(line, look_of_state((int)thread_in_charge(process)->state), " %s",
			  state_name(thread_in_charge(process)->state));
	if (!zombie && thread_in_charge(process)->state == STATE_BLOCKED)
		line_putf(line, LOOK_FAINT, " on %s", reason_name(thread_in_charge(process)->reason));
	buffer_free(&words);
}

static int put_ancestors(struct page *page)
{
	const struct process *chain[ANCESTORS_MOST];
	int count = 0;
	struct line *line;

	for (const struct process *above = page->process->real_parent; above && count < ANCESTORS_MOST;
	     above = above->real_parent)
		chain[count++] = above;
	if (!count || !chain[count - 1]->real_parent) {
		line = lines_add(page->lines);
		line_putf(line, LOOK_FAINT, "pid %u", count ? chain[count - 1]->real_ppid : page->process->real_ppid);
	} else {
		line_put(lines_add(page->lines), LOOK_FAINT, "…");
	}
	for (int i = count - 1; i >= 0; i--)
		put_relative(page, chain[i], count - i, false);
	return count;
}

static void put_tree(struct page *page)
{
	int depth, children = 0;

	page_heading(page, "Tree");
	depth = put_ancestors(page);
	put_relative(page, page->process, depth + 1, true);
	for (int i = 0; i < model_count(page->model); i++) {
		const struct process *child = model_process(page->model, i);

		if (child->real_parent != page->process || !is_there(child))
			continue;
		if (children++ < CHILDREN_MOST)
			put_relative(page, child, depth + 2, false);
	}
	if (children > CHILDREN_MOST) {
		struct line *line = lines_add(page->lines);

		line_move_to(line, 2 * (depth + 2));
		line_putf(line, LOOK_FAINT, "… and %d more", children - CHILDREN_MOST);
	}
}

static void put_finding(struct page *page, const struct finding *finding)
{
	static const enum look looks[] = {LOOK_FAINT, LOOK_ODD, LOOK_BAD};
	struct line *line = lines_add(page->lines);
	struct buffer words = {0};

	line_putf(line, looks[finding->severity], "%s %s: ", severity_name(finding->severity), finding->kind);
	if (finding->summary)
		escape_terminal(&words, finding->summary, strlen(finding->summary));
	put_written(page, line, LOOK_PLAIN, &words);
	if (!finding->advice)
		return;
	line = lines_add(page->lines);
	line_put(line, LOOK_FAINT, "  → ");
	escape_terminal(&words, finding->advice, strlen(finding->advice));
	put_written(page, line, LOOK_PLAIN, &words);
}

/* It is about the process, or about a child that it has to care for. */
static bool concerns(const struct finding *finding, const struct process *process)
{
	return finding->process == process || (finding->process->real_parent == process && is_there(finding->process));
}

static void put_findings(struct page *page)
{
	struct findings findings = {.ended_ns = page->now_ns};
	int told = 0;

	page_heading(page, "Findings");
	if (findings_collect(&findings, page->model))
		page->lines->failed = true;
	for (int i = 0; i < findings.count; i++)
		if (findings.list[i].process && concerns(&findings.list[i], page->process)) {
			put_finding(page, &findings.list[i]);
			told++;
		}
	if (!told)
		line_put(lines_add(page->lines), LOOK_FAINT, "none");
	findings_free(&findings);
}

static void put_recent(struct page *page)
{
	struct who who = who_of(page->process);
	unsigned long long at = page->recent->count;

	page_heading(page, "Recent events");
	for (int shown = 0; shown < RECENT_SHOWN && recent_before(page->recent, who, at, &at); shown++) {
		const struct recent_change *change = &page->recent->list[at % RECENT_MOST];
		struct line *line = lines_add(page->lines);
		__u64 ago_ns = page->now_ns > change->at_ns ? page->now_ns - change->at_ns : 0;

		line_put_right(line, LOOK_FAINT, span_words(ago_ns).text, 7);
		line_put(line, LOOK_FAINT, " ago  ");
		line_put_within(line, change->look, change_name(change->kind), 8);
		line_move_by(line, 1);
		line_put(line, LOOK_PLAIN, change->words);
	}
	if (!recent_before(page->recent, who, page->recent->count, &at))
		line_put(lines_add(page->lines), LOOK_FAINT, "none among the latest of all processes");
}

void page_build(struct view *view, const struct model *model)
{
	int found = rows_find(&view->rows, view->shown);
	struct page page = {.model = model,
			    .process = model_find(model, view->shown.pid, view->shown.start_ns),
			    .rows = &view->rows,
			    .row = found < 0 ? NULL : view->rows.order[found],
			    .recent = &view->recent,
			    .lines = &view->page,
			    .now_ns = view->rows.refreshed_ns};

	lines_begin(&view->page, view->width, view->options.utf8);
	if (!page.process) {
		line_putf(lines_add(&view->page), LOOK_FAINT, "Process %u is gone.", view->shown.pid);
		return;
	}
	put_title(&page);
	put_findings(&page);
	page_put_times(&page);
	put_tree(&page);
	put_recent(&page);
}
