// SPDX-License-Identifier: GPL-2.0
/* The verdict as a line records it. */
#include "read_verdict.h"

#include <json-c/json.h>

#include "causes.h"
#include "hints.h"
#include "names.h"
#include "print.h"
#include "read_value.h"

#define ERRNO_MAX 134 /* of Linux */
#define HZ 1000 /* of the record made up here: the kernel's own tick is a whole number of ms */
#define NOW_JIFFIES 4000000000ULL /* whatever is subtracted, it is not 0: that is "never" */
#define SECOND 1000000000

/* The value at a path of at most two names and a key; NULL: none. */
static struct json_object *at(struct json_object *from, const char *outer, const char *inner,
			      const char *key)
{
	const char *const path[] = {outer, inner, key};

	for (int i = 0; i < 3; i++)
		if (path[i] && !json_object_object_get_ex(from, path[i], &from))
			return NULL;
	return from;
}

static const char *words_at(struct json_object *line, const char *key)
{
	const char *words = NULL;

	value_line.read(at(line, "reset", NULL, key), &words, sizeof(words));
	return words ? words : "";
}

static const char *name_of_confidence(int i)
{
	return confidence_name(i);
}

static const char *name_of_state(int i)
{
	return state_name(i);
}

static const char *name_of_role(int i)
{
	return role_name(i);
}

static const char *name_of_error(int i)
{
	return error_name(i);
}

/* 0, which means "not known" or "least", when there is no such name. */
static int index_at(struct json_object *value, const char *(*name)(int i), int max)
{
	int i = value_index(value, name, max);

	return i > 0 ? i : 0;
}

static struct json_object *item(struct json_object *array, size_t i)
{
	return json_object_is_type(array, json_type_array) && i < json_object_array_length(array)
		       ? json_object_array_get_idx(array, i)
		       : NULL;
}

static const struct hint *hint_named(const char *id)
{
	const struct hint *hint = NULL;

	for (size_t i = 0; (hint = hint_at(i)); i++)
		if (!strcmp(hint->id, id))
			break;
	return hint;
}

static void read_texts(struct json_object *line, struct verdict *v)
{
	struct json_object *hints = at(line, "reset", NULL, "hints"), *value;
	const char *text, *id;

	verdict_summary(v, "%s", words_at(line, "summary"));
	for (size_t i = 0; (value = item(at(line, "reset", NULL, "evidence"), i)); i++)
		if (value_line.read(value, &text, sizeof(text)))
			verdict_evidence(v, "%s", text);
	for (size_t i = 0; (value = item(hints, i)); i++)
		if (value_line.read(at(value, NULL, NULL, "id"), &id, sizeof(id)) &&
		    value_line.read(at(value, NULL, NULL, "text"), &text, sizeof(text)) &&
		    hint_named(id))
			verdict_hint(v, hint_named(id), "%s", text);
}

/* false: nobody. */
static bool read_task(struct json_object *line, const char *key, struct task *task)
{
	char comm[COMM_LEN + 1] = "";

	if (!value_u32.read(at(line, key, NULL, "pid"), &task->pid, sizeof(task->pid)))
		return false;
	value_cut.read(at(line, key, "executable", "name"), comm, sizeof(comm));
	memcpy(task->comm, comm, COMM_LEN);
	value_u8.read(at(line, key, NULL, "exit_signal"), &task->exit_signal, 1);
	return true;
}

static void read_who(struct json_object *line, struct record *r, struct verdict *v)
{
	if (read_task(line, "process", &r->e.task)) {
		r->e.have |= HAVE_TASK;
		v->who = &r->e.task;
		v->role =
			index_at(at(line, "process", NULL, "role"), name_of_role, ROLE_KILLER + 1);
		print_text(v->name, sizeof(v->name), "%.*s (%u)", COMM_LEN, v->who->comm,
			   v->who->pid);
	}
	read_task(line, "owner", &r->owner);
}

/* In ticks; 0: not known. */
static uint32_t ticks_at(struct json_object *socket, const char *key)
{
	double seconds = value_seconds(at(socket, NULL, NULL, key));

	return seconds > 0 ? (uint32_t)(uint64_t)(seconds * HZ + 0.5) : 0;
}

static uint32_t microseconds_at(struct json_object *socket, const char *key)
{
	double seconds = value_seconds(at(socket, NULL, NULL, key));

	return seconds > 0 ? (uint32_t)(uint64_t)(seconds * 1e6 + 0.5) : 0;
}

static uint32_t u32_at(struct json_object *socket, const char *outer, const char *key)
{
	uint32_t n = 0;

	value_u32.read(at(socket, NULL, outer, key), &n, sizeof(n));
	return n;
}

static void read_keepalive(struct json_object *socket, struct sock_facts *s)
{
	struct json_object *keepalive = at(socket, NULL, NULL, "keepalive");

	if (at(socket, NULL, NULL, "linger"))
		s->bits |= SOCK_BIT_LINGER;
	s->linger_jiffies = ticks_at(socket, "linger");
	if (!json_object_is_type(keepalive, json_type_object))
		return;
	s->bits |= SOCK_BIT_KEEPOPEN;
	s->keepalive_time_jiffies = ticks_at(keepalive, "idle");
	s->keepalive_intvl_jiffies = ticks_at(keepalive, "interval");
	s->keepalive_probes = u32_at(keepalive, NULL, "count");
}

static void read_sock(struct json_object *socket, struct sock_facts *s)
{
	s->rcv_nxt = u32_at(socket, NULL, "unread");
	s->write_seq += s->snd_nxt; /* both were read as differences */
	s->backlog = u32_at(socket, "backlog", "length");
	s->max_backlog = u32_at(socket, "backlog", "max");
	s->rto_jiffies = ticks_at(socket, "rto");
	s->user_timeout_ms = ticks_at(socket, "user_timeout");
	s->srtt_us8 = microseconds_at(socket, "srtt") << 3;
	if (at(socket, NULL, NULL, "idle"))
		s->lrcv_jiffies = (uint32_t)NOW_JIFFIES - ticks_at(socket, "idle");
	read_keepalive(socket, s);
}

/* What the socket was, as far as the other keys tell: so that it is shown again. */
static void make_up_facts(struct json_object *line, struct record *r)
{
	struct json_object *socket = at(line, NULL, NULL, "socket");
	double age = value_seconds(at(socket, NULL, NULL, "age"));

	r->hz = HZ;
	r->e.jiffies = NOW_JIFFIES;
	r->e.time_ns = r->time_ns;
	if (at(line, NULL, "segment", "flags"))
		r->e.have |= HAVE_SEGMENT;
	if (at(socket, NULL, NULL, "uid")) {
		r->e.have |= HAVE_SOCK;
		read_sock(socket, &r->e.sock);
	}
	if (age >= 0 && age < (double)r->time_ns / SECOND) {
		r->e.have |= HAVE_LIFE;
		r->e.life.born_ns = r->time_ns - (uint64_t)(age * SECOND + 0.5);
	}
}

void read_verdict(struct json_object *line, struct record *r, struct verdict *v)
{
	const char *type = NULL;

	memset(v, 0, offsetof(struct verdict, evidence));
	v->hints_len = 0;
	v->cause = cause_find(words_at(line, "cause"));
	if (!v->cause)
		v->cause = cause_find("unknown");
	v->confidence =
		index_at(at(line, "reset", NULL, "confidence"), name_of_confidence, CERTAIN + 1);
	v->error = index_at(at(line, "reset", NULL, "errno"), name_of_error, ERRNO_MAX);
	v->state = index_at(at(line, "network", "connection", "state"), name_of_state, STATE_MAX);
	value_name.read(at(line, "reset", NULL, "site"), &v->site, sizeof(v->site));
	read_texts(line, v);
	if (r->suppressed) {
		value_line.read(at(line, "network", NULL, "type"), &type, sizeof(type));
		r->e.kind.v6 = type && !strcmp(type, "ipv6");
		return;
	}
	r->e.state = v->state;
	make_up_facts(line, r);
	read_who(line, r, v);
}
