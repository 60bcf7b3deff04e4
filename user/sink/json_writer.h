/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Writes JSON into a buffer and sees to commas, quotes and line breaks. Sinks include it.
 * A key is NULL inside an array. Text may hold any bytes; text NULL, times UNKNOWN_NS and absent processes are null.
 */
#ifndef PROCLIFE_JSON_WRITER_H
#define PROCLIFE_JSON_WRITER_H

#include "user/model/process.h"
#include "user/base/buffer.h"
#include "user/base/cgroups.h"

struct json { /* out, and what is known of started_ns and cgroups, set, the rest zero: ready */
	struct buffer *out;
	__u64 started_ns;	 /* what at_ns counts from */
	struct cgroups *cgroups; /* names of control groups; NULL: not known */
	bool follows;		 /* something stands before it in the same brackets: a comma is due */
	bool breaks;		 /* the next thing starts a line, indented by depth steps */
	int depth;
};

/* The next item, or closing bracket, starts a new line. */
void json_line(struct json *json, int depth);

void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);

void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, long long number);
void json_count(struct json *json, const char *key, __u64 number);
void json_decimal(struct json *json, const char *key, double number); /* with three digits behind the point */
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* A length of time; and a moment, as nanoseconds since the trace's start. */
void json_ns(struct json *json, const char *key, __u64 ns);
void json_at(struct json *json, const char *key, __u64 at_ns);

/* A number for which 0 means not known or not there: pids of nobody, ttys. */
void json_count_or_null(struct json *json, const char *key, __u64 number);
void json_process_id(struct json *json, const char *key, const struct process *process);

/* A name that processes chose, under `key`; if it is not UTF-8 also its bytes, in base64, under `bytes_key`. */
void json_name(struct json *json, const char *key, const char *bytes_key, const char *name);
/* The same of a list of names: bytes_key is a list of as many, null for those that are UTF-8. */
void json_names(struct json *json, const char *key, const char *bytes_key, char *const *names, size_t count);

#endif
