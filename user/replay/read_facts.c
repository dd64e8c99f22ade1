// SPDX-License-Identifier: GPL-2.0
/* The object `facts` into a record. */
#include "read_facts.h"

#include <json-c/json.h>
#include <stdio.h>

#include "json_facts.h"
#include "print.h"
#include "read_value.h"

static const struct {
	const struct value_reader *reader;
	size_t size;
} types[] = {
	[FACT_BOOL] = {&value_flag, sizeof(bool)},
	[FACT_U8] = {&value_u8, sizeof(uint8_t)},
	[FACT_U16] = {&value_u16, sizeof(uint16_t)},
	[FACT_U32] = {&value_u32, sizeof(uint32_t)},
	[FACT_U64] = {&value_u64, sizeof(uint64_t)},
	[FACT_S32] = {&value_s32, sizeof(int32_t)},
	[FACT_DOUBLE] = {&value_double, sizeof(double)},
	[FACT_IS_SET] = {&value_flag, sizeof(uint64_t)},
};

/* The key of a row stands in it as it is written: "snd_una": */
static void key_of(const struct fact *f, char key[OUT_SHORT])
{
	print_text(key, OUT_SHORT, "%.*s", f->key_len - 3, f->key + 1);
}

/* What has no key, in a group of which something is known. */
static void begin(const struct fact_group *g, struct record *r)
{
	if (!(g->need & facts_told(r)))
		return;
	for (const struct fact *f = g->facts; f->key_len; f++)
		if (f->usual)
			*((uint8_t *)r + f->offset) = f->usual;
}

static bool read_numbers(struct json_object *from, const struct fact_group *g, struct record *r,
			 char error[READ_ERROR_LEN])
{
	for (const struct fact *f = g->facts; f->key_len; f++) {
		const struct value_reader *reader = types[f->type].reader;
		struct json_object *value;
		char key[OUT_SHORT];

		key_of(f, key);
		if (!json_object_object_get_ex(from, key, &value) ||
		    reader->read(value, (char *)r + f->offset, types[f->type].size))
			continue;
		snprintf(error, READ_ERROR_LEN, "facts.%s%s%s is not %s", g->name ? g->name : "",
			 g->name ? "." : "", key, reader->what);
		return false;
	}
	return true;
}

static bool read_groups(struct json_object *facts, struct record *r, char error[READ_ERROR_LEN])
{
	for (const struct fact_group *g = fact_groups; g->facts; g++) {
		struct json_object *from = facts;

		begin(g, r);
		if (g->name && !json_object_object_get_ex(facts, g->name, &from))
			continue;
		if (!json_object_is_type(from, json_type_object)) {
			snprintf(error, READ_ERROR_LEN, "facts.%s is not an object", g->name);
			return false;
		}
		if (!read_numbers(from, g, r, error))
			return false;
	}
	return true;
}

/* [pid, name, flags, exit signal] */
static bool read_task_array(struct json_object *array, struct task *task)
{
	size_t len = json_object_array_length(array);
	char comm[COMM_LEN + 1] = "";

	if ((len != 2 && len != 4) ||
	    !value_u32.read(json_object_array_get_idx(array, 0), &task->pid, sizeof(task->pid)) ||
	    !value_text.read(json_object_array_get_idx(array, 1), comm, sizeof(comm)))
		return false;
	memcpy(task->comm, comm, COMM_LEN);
	return len == 2 ||
	       (value_u8.read(json_object_array_get_idx(array, 2), &task->flags, 1) &&
		value_u8.read(json_object_array_get_idx(array, 3), &task->exit_signal, 1));
}

/* The pid of an earlier row. */
static bool copy_task(struct json_object *value, struct record *r, unsigned i, struct task *task)
{
	uint32_t pid;

	if (!value_u32.read(value, &pid, sizeof(pid)))
		return false;
	for (unsigned j = 0; j < i; j++) {
		if (fact_task_at(r, j)->pid == pid) {
			*task = *fact_task_at(r, j);
			return true;
		}
	}
	return false;
}

static bool read_tasks(struct json_object *facts, struct record *r, char error[READ_ERROR_LEN])
{
	for (unsigned i = 0; i < FACT_TASKS; i++) {
		struct task *task = (struct task *)((char *)r + fact_tasks[i].offset);
		struct json_object *value;
		bool fits;

		if (!json_object_object_get_ex(facts, fact_tasks[i].key, &value))
			continue;
		fits = json_object_is_type(value, json_type_array) ? read_task_array(value, task)
								   : copy_task(value, r, i, task);
		if (fits)
			continue;
		snprintf(error, READ_ERROR_LEN, "facts.%s is not a process", fact_tasks[i].key);
		return false;
	}
	return true;
}

static bool read_payload(struct json_object *value, void *to, size_t size)
{
	return value_bytes(value, to, size) >= 0;
}

static const struct value_reader payload = {read_payload, "the 8 bytes of a payload"};

/* [pid, path] */
static bool read_executable(struct json_object *value, void *to, size_t size)
{
	struct record *r = to;

	return json_object_is_type(value, json_type_array) &&
	       value_u32.read(json_object_array_get_idx(value, 0), &r->executable_pid,
			      sizeof(r->executable_pid)) &&
	       value_text.read(json_object_array_get_idx(value, 1), r->executable,
			       sizeof(r->executable));
}

static const struct value_reader executable = {read_executable, "a pid and a path"};

#define MEMBER(member) offsetof(struct record, member), sizeof(((struct record *)NULL)->member)

static const struct {
	const char *key;
	const struct value_reader *reader;
	size_t offset, size;
} rows[] = {
	{"payload", &payload, MEMBER(e.segment.payload)},
	{"location", &value_name, MEMBER(location)},
	{"limits", &value_text, MEMBER(limits)},
	{"pair_cause", &value_line, MEMBER(pair_cause)},
	{"pair_name", &value_text, MEMBER(pair_name)},
	{"pair_answers", &value_flag, MEMBER(pair_answers)},
	{"executable", &executable, 0, sizeof(struct record)},
	{"cgroup", &value_text, MEMBER(cgroup)},
};

static bool read_rest(struct json_object *facts, struct record *r, char error[READ_ERROR_LEN])
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json_object *value;

		if (!json_object_object_get_ex(facts, rows[i].key, &value) ||
		    rows[i].reader->read(value, (char *)r + rows[i].offset, rows[i].size))
			continue;
		snprintf(error, READ_ERROR_LEN, "facts.%s is not %s", rows[i].key,
			 rows[i].reader->what);
		return false;
	}
	return true;
}

/* As bpf/event.h promises it; who copies the payload relies on that. */
static bool payload_fits(const struct segment *s, char error[READ_ERROR_LEN])
{
	if (!s->payload_len || s->payload_len == PAYLOAD_LEN)
		return true;
	snprintf(error, READ_ERROR_LEN, "facts.payload_len is not 0 or %d", PAYLOAD_LEN);
	return false;
}

/* Public keys tell them as differences: socket.unacked and socket.unsent. */
static void add_queues(struct record *r)
{
	if (!(facts_told(r) & TOLD_QUEUES))
		return;
	r->e.sock.snd_nxt += r->e.sock.snd_una;
	r->e.sock.write_seq += r->e.sock.snd_nxt;
}

bool read_facts(struct json_object *facts, struct record *r, char error[READ_ERROR_LEN])
{
	if (!json_object_is_type(facts, json_type_object)) {
		snprintf(error, READ_ERROR_LEN, "facts is not an object");
		return false;
	}
	if (!read_groups(facts, r, error) || !read_tasks(facts, r, error) ||
	    !read_rest(facts, r, error) || !payload_fits(&r->e.segment, error))
		return false;
	add_queues(r);
	return true;
}
