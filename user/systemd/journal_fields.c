// SPDX-License-Identifier: GPL-2.0
/* The fields of a journal entry: one row plus its function each. */
#include "journal_fields.h"

#include "causes.h"
#include "hints.h"
#include "message.h"
#include "names.h"
#include "printable.h"
#include "severity.h"
#include "who.h"

static bool text(struct out *o, const char *s)
{
	if (s)
		out_string(o, s);
	return s && *s;
}

static bool number(struct out *o, uint64_t n)
{
	out_number(o, n);
	return true;
}

static bool comm(struct out *o, const struct task *task)
{
	if (task)
		out_bytes(o, task->comm, strnlen(task->comm, COMM_LEN));
	return task;
}

/* Of a message that is not printable journalctl shows nothing but its length. */
static bool put_message(struct out *o, const struct record *r, const struct verdict *v)
{
	char message[MESSAGE_LEN];

	message_text(message, r, v);
	out_printable(o, message, sizeof(message));
	return true;
}

static bool put_message_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return text(o, JOURNAL_MESSAGE_ID);
}

static bool put_priority(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return number(o, severity_of(v));
}

static bool put_identifier(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return text(o, "rstwhy");
}

/*
 * Of the process whose service is concerned: journald adds its unit, and `journalctl -u` shows the
 * entry beside the service's own. That is the victim, not who destroyed its socket.
 */
static bool put_object(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);
	const struct task *object = owner ? owner : v->role == ROLE_KILLER ? NULL : v->who;

	return object && object->pid && number(o, object->pid);
}

/*
 * journald adds it to OBJECT_PID itself, but only while that process is there; many a reset is of
 * one that has just ended.
 */
static bool put_object_unit(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->container.unit);
}

static bool put_time(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	out_time(o, r->time_ns);
	return true;
}

static bool put_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return !r->suppressed && text(o, r->id);
}

static bool put_direction(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, direction_name(r->e.direction));
}

static bool put_cause(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return text(o, v->cause->id);
}

static bool put_confidence(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return text(o, confidence_name(v->confidence));
}

static bool put_suppressed(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->suppressed && number(o, r->suppressed);
}

static bool put_local(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[ENDPOINT_LEN];

	(void)v;
	return !r->suppressed && text(o, endpoint_text(r->e.flow.local, r->e.flow.local_port, buf));
}

static bool put_peer(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[ENDPOINT_LEN];

	(void)v;
	return !r->suppressed && text(o, endpoint_text(r->e.flow.peer, r->e.flow.peer_port, buf));
}

static bool put_state(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return text(o, state_name(v->state));
}

static bool put_kernel_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->reason_name);
}

static bool put_drop_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->drop_reason);
}

static bool put_errno(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return text(o, error_name(v->error));
}

static bool put_site(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return text(o, v->site);
}

static bool put_pair(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->pair);
}

static bool put_community_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->community_id);
}

static bool put_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return v->who && number(o, v->who->pid);
}

static bool put_process(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return comm(o, v->who);
}

static bool put_role(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return v->who && text(o, role_name(v->role));
}

static bool put_executable(struct out *o, const struct record *r, const struct verdict *v)
{
	return v->who && v->who->pid == r->executable_pid && text(o, r->executable);
}

static bool put_owner_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);

	return owner && number(o, owner->pid);
}

static bool put_owner(struct out *o, const struct record *r, const struct verdict *v)
{
	return comm(o, who_suffers(r, v));
}

static bool put_netns(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->e.flow.netns && number(o, r->e.flow.netns);
}

static bool put_cgroup(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->cgroup);
}

static bool put_unit(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->container.unit);
}

static bool put_container(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->container.id);
}

static bool put_pod(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return text(o, r->container.pod);
}

/* put() writes the value, or returns false when it is not known: then there is no such field. */
static const struct row {
	const char *key;
	bool (*put)(struct out *o, const struct record *r, const struct verdict *v);
} rows[] = {
	{"MESSAGE", put_message},
	{"MESSAGE_ID", put_message_id},
	{"PRIORITY", put_priority},
	{"SYSLOG_IDENTIFIER", put_identifier},
	{"OBJECT_PID", put_object},
	{"OBJECT_SYSTEMD_UNIT", put_object_unit},
	{"RST_TIME", put_time},
	{"RST_ID", put_id},
	{"RST_DIRECTION", put_direction},
	{"RST_CAUSE", put_cause},
	{"RST_CONFIDENCE", put_confidence},
	{"RST_SUPPRESSED", put_suppressed},
	{"RST_LOCAL", put_local},
	{"RST_PEER", put_peer},
	{"RST_STATE", put_state},
	{"RST_KERNEL_REASON", put_kernel_reason},
	{"RST_DROP_REASON", put_drop_reason},
	{"RST_ERRNO", put_errno},
	{"RST_SITE", put_site},
	{"RST_PAIR", put_pair},
	{"RST_COMMUNITY_ID", put_community_id},
	{"RST_PID", put_pid},
	{"RST_PROCESS", put_process},
	{"RST_ROLE", put_role},
	{"RST_EXECUTABLE", put_executable},
	{"RST_OWNER_PID", put_owner_pid},
	{"RST_OWNER", put_owner},
	{"RST_NETNS", put_netns},
	{"RST_CGROUP", put_cgroup},
	{"RST_UNIT", put_unit},
	{"RST_CONTAINER", put_container},
	{"RST_POD", put_pod},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROWS + EVIDENCE_MAX + HINTS_MAX <= JOURNAL_FIELDS_MAX, "all can be there at once");

unsigned journal_fields(struct out *o, const struct record *r, const struct verdict *v,
			size_t ends[JOURNAL_FIELDS_MAX])
{
	unsigned len = 0;

	for (size_t i = 0; i < ROWS; i++) {
		size_t mark = out_mark(o);

		out_string(o, rows[i].key);
		out_char(o, '=');
		if (rows[i].put(o, r, v))
			ends[len++] = out_mark(o);
		else
			out_rewind(o, mark);
	}
	for (unsigned i = 0; i < v->hints_len; i++) {
		out_format(o, "RST_HINT=%s: %s", v->hints[i].hint->id, v->hints[i].text);
		ends[len++] = out_mark(o);
	}
	for (unsigned i = 0; i < v->evidence_len; i++) {
		out_format(o, "RST_EVIDENCE=%s", v->evidence[i]);
		ends[len++] = out_mark(o);
	}
	return len;
}
