/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Writes JSON into a buffer; see json_writer.h.
 */
#include <string.h>

#include "user/base/escape.h"
#include "user/sink/json_writer.h"

void json_line(struct json *json, int depth)
{
	json->breaks = true;
	json->depth = depth;
}

static void break_line(struct json *json)
{
	buffer_char(json->out, '\n');
	for (int i = 0; i < json->depth; i++)
		buffer_text(json->out, "  ");
	json->breaks = false;
}

/* All that stands between the value before and this one. */
static void begin(struct json *json, const char *key)
{
	if (json->follows)
		buffer_char(json->out, ',');
	if (json->breaks)
		break_line(json);
	else if (json->follows)
		buffer_char(json->out, ' ');
	if (key)
		buffer_printf(json->out, "\"%s\": ", key);
	json->follows = true;
}

void json_open(struct json *json, const char *key, char bracket)
{
	begin(json, key);
	buffer_char(json->out, bracket);
	json->follows = false;
}

void json_close(struct json *json, char bracket)
{
	if (json->breaks)
		break_line(json);
	buffer_char(json->out, bracket);
	json->follows = true;
}

void json_text(struct json *json, const char *key, const char *text)
{
	begin(json, key);
	if (text)
		escape_json(json->out, text, strlen(text));
	else
		buffer_text(json->out, "null");
}

void json_number(struct json *json, const char *key, long long number)
{
	begin(json, key);
	buffer_printf(json->out, "%lld", number);
}

void json_count(struct json *json, const char *key, __u64 number)
{
	begin(json, key);
	buffer_printf(json->out, "%llu", number);
}

void json_decimal(struct json *json, const char *key, double number)
{
	begin(json, key);
	buffer_printf(json->out, "%.3f", number);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	buffer_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json, const char *key)
{
	json_text(json, key, NULL);
}

void json_ns(struct json *json, const char *key, __u64 ns)
{
	if (ns == UNKNOWN_NS)
		json_null(json, key);
	else
		json_count(json, key, ns);
}

void json_at(struct json *json, const char *key, __u64 at_ns)
{
	if (at_ns == UNKNOWN_NS)
		json_null(json, key);
	else
		json_number(json, key, (long long)(at_ns - json->started_ns));
}

void json_count_or_null(struct json *json, const char *key, __u64 number)
{
	if (number)
		json_count(json, key, number);
	else
		json_null(json, key);
}

void json_process_id(struct json *json, const char *key, const struct process *process)
{
	json_count_or_null(json, key, process ? (__u64)process->id : 0);
}

/* null where the text says it all. */
static void json_bytes(struct json *json, const char *key, const char *name)
{
	if (is_utf8(name, strlen(name))) {
		json_null(json, key);
		return;
	}
	begin(json, key);
	buffer_char(json->out, '"');
	escape_base64(json->out, name, strlen(name));
	buffer_char(json->out, '"');
}

void json_name(struct json *json, const char *key, const char *bytes_key, const char *name)
{
	json_text(json, key, name);
	if (name && !is_utf8(name, strlen(name)))
		json_bytes(json, bytes_key, name);
}

void json_names(struct json *json, const char *key, const char *bytes_key, char *const *names, size_t count)
{
	bool all = true;

	json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_text(json, NULL, names[i]);
		all = all && is_utf8(names[i], strlen(names[i]));
	}
	json_close(json, ']');
	if (all)
		return;
	json_open(json, bytes_key, '[');
	for (size_t i = 0; i < count; i++)
		json_bytes(json, NULL, names[i]);
	json_close(json, ']');
}
