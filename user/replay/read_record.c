// SPDX-License-Identifier: GPL-2.0
/* From a line of the JSON format back to the record it was written from. */
#include "read_record.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "names.h"
#include "read_facts.h"
#include "read_value.h"
#include "read_verdict.h"

#define DEPTH_MAX 32 /* of nested objects; ours need 5, the rest is for keys that others add */

struct record_reader {
	struct json_tokener *tokener;
	struct json_object *line; /* the last one: the names of its record live in it */
};

struct key {
	const char *name;
	const struct value_reader *reader;
	size_t offset, size; /* in struct record */
};

#define OBJECT_KEYS 14

struct object {
	const char *path[2]; /* the inner name may be NULL */
	struct key keys[OBJECT_KEYS];
};

struct record_reader *record_reader_new(void)
{
	struct record_reader *rr = calloc(1, sizeof(*rr));

	if (rr)
		rr->tokener = json_tokener_new_ex(DEPTH_MAX);
	if (rr && !rr->tokener) {
		free(rr);
		return NULL;
	}
	if (rr)
		json_tokener_set_flags(rr->tokener, JSON_TOKENER_STRICT);
	return rr;
}

void record_reader_free(struct record_reader *rr)
{
	if (!rr)
		return;
	json_object_put(rr->line);
	json_tokener_free(rr->tokener);
	free(rr);
}

static bool read_options(struct json_object *value, void *to, size_t size)
{
	struct segment *s = to;
	int len = value_bytes(value, s->options, sizeof(s->options));

	s->options_len = len > 0 ? len : 0;
	return len >= 0;
}

static bool read_stack(struct json_object *value, void *to, size_t size)
{
	struct record *r = to;
	size_t len = json_object_is_type(value, json_type_array) ? json_object_array_length(value)
								 : STACK_DEPTH + 1;

	if (len > STACK_DEPTH)
		return false;
	while (r->stack_len < len) {
		struct json_object *name = json_object_array_get_idx(value, r->stack_len);
		const char **place = &r->stack[r->stack_len];

		if (!value_line.read(name, place, sizeof(*place)))
			return false;
		r->stack_len++;
	}
	return true;
}

static const struct value_reader options = {read_options, "TCP options in hexadecimal"};
static const struct value_reader stack = {read_stack, "an array of names"};

#define MEMBER(member) offsetof(struct record, member), sizeof(((struct record *)NULL)->member)

/* What json/json_fields.c writes of the record itself, and exactly. */
static const struct object objects[] = {
	{{NULL}, {{"time", &value_time, MEMBER(time_ns)}}},
	{{"event"}, {{"id", &value_word, MEMBER(id)}}},
	{{"host"}, {{"name", &value_line, MEMBER(host)}}},
	{{"reset"},
	 {{"direction", &value_direction, MEMBER(e.direction)},
	  {"suppressed", &value_u64, MEMBER(suppressed)},
	  {"kernel_reason", &value_name, MEMBER(reason_name)},
	  {"drop_reason", &value_name, MEMBER(drop_reason)},
	  {"hook", &value_hook, MEMBER(e.hook)},
	  {"pair", &value_word, MEMBER(pair)}}},
	{{"network"}, {{"community_id", &value_word, MEMBER(community_id)}}},
	{{"network", "local"},
	 {{"address", &value_address, MEMBER(e.flow.local)},
	  {"port", &value_u16, MEMBER(e.flow.local_port)}}},
	{{"network", "peer"},
	 {{"address", &value_address, MEMBER(e.flow.peer)},
	  {"port", &value_u16, MEMBER(e.flow.peer_port)}}},
	{{"socket"},
	 {{"unacked", &value_u32, MEMBER(e.sock.snd_nxt)}, /* less snd_una, see read_facts.c */
	  {"unsent", &value_u32, MEMBER(e.sock.write_seq)}, /* less snd_nxt */
	  {"bytes_received", &value_u64, MEMBER(e.sock.bytes_received)},
	  {"bytes_acked", &value_u64, MEMBER(e.sock.bytes_acked)},
	  {"bytes_sent", &value_u64, MEMBER(e.sock.bytes_sent)},
	  {"retransmits", &value_u8, MEMBER(e.sock.retransmits)},
	  {"probes", &value_u8, MEMBER(e.sock.probes_out)},
	  {"cookie", &value_u64, MEMBER(e.sock.cookie)},
	  {"uid", &value_u32, MEMBER(e.sock.uid)}}},
	{{"segment"},
	 {{"flags", &value_flags, MEMBER(e.segment.flags)},
	  {"seq", &value_u32, MEMBER(e.segment.seq)},
	  {"ack", &value_u32, MEMBER(e.segment.ack)},
	  {"window", &value_u16, MEMBER(e.segment.window)},
	  {"ttl", &value_u8, MEMBER(e.segment.ttl)},
	  {"ip_id", &value_u16, MEMBER(e.segment.ip_id)},
	  {"length", &value_u16, MEMBER(e.segment.length)},
	  {"options", &options, MEMBER(e.segment)}}},
	{{"process"}, {{"pid", &value_u32, MEMBER(executable_pid)}}},
	/* Cut: what has no room is no text, and then `facts` has it exactly. */
	{{"process", "executable"}, {{"path", &value_cut, MEMBER(executable)}}},
	{{"container"}, {{"id", &value_word, MEMBER(container.id)}}},
	{{"container", "runtime"}, {{"name", &value_word, MEMBER(container.runtime)}}},
	{{"k8s", "pod"}, {{"uid", &value_word, MEMBER(container.pod)}}},
	{{"linux"},
	 {{"netns", &value_u32, MEMBER(e.flow.netns)},
	  {"cgroup", &value_cut, MEMBER(cgroup)},
	  {"unit", &value_unit, MEMBER(container.unit)}}},
	{{"stack"}, {{"kernel", &stack, 0, sizeof(struct record)}}},
};

#define OBJECTS (sizeof(objects) / sizeof(objects[0]))

/* The object at the path, or NULL. */
static struct json_object *find(struct json_object *from, const struct object *object)
{
	for (int i = 0; i < 2 && object->path[i]; i++)
		if (!json_object_object_get_ex(from, object->path[i], &from))
			return NULL;
	return json_object_is_type(from, json_type_object) ? from : NULL;
}

static void say_unfit(char error[READ_ERROR_LEN], const struct object *object,
		      const struct key *key)
{
	const char *outer = object->path[0], *inner = outer ? object->path[1] : NULL;

	snprintf(error, READ_ERROR_LEN, "%s%s%s%s%s is not %s", outer ? outer : "",
		 outer ? "." : "", inner ? inner : "", inner ? "." : "", key->name,
		 key->reader->what);
}

/* Absent and null are the same: not known. */
static bool read_keys(struct json_object *line, const struct object *object, struct record *r,
		      char error[READ_ERROR_LEN])
{
	struct json_object *from = find(line, object), *value;

	for (const struct key *key = object->keys; from && key->name; key++) {
		if (!json_object_object_get_ex(from, key->name, &value) || !value)
			continue;
		if (key->reader->read(value, (char *)r + key->offset, key->size))
			continue;
		say_unfit(error, object, key);
		return false;
	}
	return true;
}

static bool is_event(struct json_object *line)
{
	struct json_object *reset, *value;

	return json_object_is_type(line, json_type_object) &&
	       json_object_object_get_ex(line, "time", &value) &&
	       json_object_object_get_ex(line, "reset", &reset) &&
	       json_object_is_type(reset, json_type_object) &&
	       json_object_object_get_ex(reset, "direction", &value) &&
	       json_object_object_get_ex(reset, "cause", &value);
}

static enum read read_event(struct json_object *line, struct record *r, struct verdict *v,
			    char error[READ_ERROR_LEN])
{
	static const struct event nothing;
	struct json_object *facts = NULL;

	record_begin(r, &nothing);
	r->e.hook = HOOK_MAX; /* none is shown, unless the line names one */
	for (size_t i = 0; i < OBJECTS; i++)
		if (!read_keys(line, &objects[i], r, error))
			return READ_ERROR;
	json_object_object_get_ex(line, "facts", &facts);
	if (facts && !read_facts(facts, r, error))
		return READ_ERROR;
	if (r->reason_name)
		r->reason = reason_of(r->reason_name);
	else if (r->e.have & HAVE_REASON)
		r->reason = REASON_OTHER;
	if (facts && !r->suppressed)
		return READ_FACTS;
	read_verdict(line, r, v);
	return READ_VERDICT;
}

static enum read fail(char error[READ_ERROR_LEN], const char *why)
{
	snprintf(error, READ_ERROR_LEN, "%s", why);
	return READ_ERROR;
}

enum read read_record(struct record_reader *rr, const char *line, size_t len, struct record *r,
		      struct verdict *v, char error[READ_ERROR_LEN])
{
	enum json_tokener_error parsed;

	if (memchr(line, '\0', len))
		return fail(error, "not JSON: there is a NUL in it");
	json_object_put(rr->line);
	json_tokener_reset(rr->tokener);
	rr->line = json_tokener_parse_ex(rr->tokener, line, len);
	parsed = json_tokener_get_error(rr->tokener);
	if (parsed == json_tokener_continue)
		return fail(error, "not JSON: it ends too early");
	if (parsed != json_tokener_success) {
		snprintf(error, READ_ERROR_LEN, "not JSON: %s", json_tokener_error_desc(parsed));
		return READ_ERROR;
	}
	if (!is_event(rr->line))
		return fail(error, "JSON, but not an event");
	return read_event(rr->line, r, v, error);
}
