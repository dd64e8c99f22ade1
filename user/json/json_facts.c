// SPDX-License-Identifier: GPL-2.0
/* The object `facts` of the JSON format. */
#include "json_facts.h"

#include <math.h>
#include <string.h>

#include "facts.h"
#include "utf8.h"

#define KEY(name) "\"" name "\":", sizeof("\"" name "\":") - 1
#define AT(member) offsetof(struct record, member)
#define LAST                       \
	{                          \
		{0}, 0, 0, 0, 0, 0 \
	}

static const struct fact of_event[] = {
	{KEY("have"), FACT_U16, AT(e.have), 0, 0},
	{KEY("ns"), FACT_U64, AT(e.time_ns), 0, 0},
	{KEY("sk"), FACT_IS_SET, AT(e.sk), 0, 0},
	{KEY("state"), FACT_U8, AT(e.state), 0, 0},
	{KEY("family"), FACT_U8, AT(e.family), 0, 0},
	{KEY("mini"), FACT_U8, AT(e.mini), 0, 0},
	{KEY("nf_hook"), FACT_U8, AT(e.nf_hook), 0, 0},
	{KEY("netns_cookie"), FACT_U32, AT(e.netns_cookie), 0, 0},
	{KEY("ip_id"), FACT_U16, AT(e.segment.ip_id), HAVE_SEGMENT | TOLD_IPV4, 0},
	{KEY("tos"), FACT_U8, AT(e.segment.tos), 0, 0},
	{KEY("df"), FACT_U8, AT(e.segment.dont_fragment), 0, 0},
	{KEY("conntrack"), FACT_U8, AT(e.segment.conntrack), 0, 0},
	{KEY("payload_len"), FACT_U8, AT(e.segment.payload_len), 0, 0},
	LAST,
};

static const struct fact of_kind[] = {
	{KEY("direction"), FACT_U8, AT(e.kind.direction), 0, 0},
	{KEY("state"), FACT_U8, AT(e.kind.state), 0, 0},
	{KEY("prior"), FACT_U8, AT(e.kind.prior), 0, 0},
	{KEY("reason"), FACT_U8, AT(e.kind.reason), 0, 0},
	{KEY("trigger"), FACT_U8, AT(e.kind.trigger), 0, 0},
	{KEY("v6"), FACT_U8, AT(e.kind.v6), 0, 0},
	{KEY("bits"), FACT_U16, AT(e.kind.bits), 0, 0},
	LAST,
};

/* Without HAVE_SOCK, of a TIME_WAIT socket, only what event.h says of HAVE_TIMEWAIT is known. */
static const struct fact of_sock[] = {
	{KEY("jiffies"), FACT_U64, AT(e.jiffies), 0, 0},
	{KEY("hz"), FACT_U32, AT(hz), 0, 0},
	{KEY("bits"), FACT_U32, AT(e.sock.bits), 0, 0},
	{KEY("rcv_nxt"), FACT_U32, AT(e.sock.rcv_nxt), 0, 0},
	{KEY("copied_seq"), FACT_U32, AT(e.sock.copied_seq), 0, 0},
	{KEY("snd_una"), FACT_U32, AT(e.sock.snd_una), 0, 0},
	{KEY("snd_nxt"), FACT_U32, AT(e.sock.snd_nxt), TOLD_QUEUES, 0},
	{KEY("write_seq"), FACT_U32, AT(e.sock.write_seq), TOLD_QUEUES, 0},
	{KEY("snd_wnd"), FACT_U32, AT(e.sock.snd_wnd), 0, 0},
	{KEY("rcv_wnd"), FACT_U32, AT(e.sock.rcv_wnd), 0, 0},
	{KEY("packets_out"), FACT_U32, AT(e.sock.packets_out), 0, 0},
	{KEY("segs_in"), FACT_U32, AT(e.sock.segs_in), 0, 0},
	{KEY("segs_out"), FACT_U32, AT(e.sock.segs_out), 0, 0},
	{KEY("data_segs_in"), FACT_U32, AT(e.sock.data_segs_in), 0, 0},
	{KEY("data_segs_out"), FACT_U32, AT(e.sock.data_segs_out), 0, 0},
	{KEY("total_retrans"), FACT_U32, AT(e.sock.total_retrans), 0, 0},
	{KEY("bytes_retrans"), FACT_U64, AT(e.sock.bytes_retrans), 0, 0},
	{KEY("srtt_us8"), FACT_U32, AT(e.sock.srtt_us8), 0, 0},
	{KEY("rto"), FACT_U32, AT(e.sock.rto_jiffies), 0, 0},
	{KEY("lsndtime"), FACT_U32, AT(e.sock.lsnd_jiffies), 0, 0},
	{KEY("lrcvtime"), FACT_U32, AT(e.sock.lrcv_jiffies), 0, 0},
	{KEY("rcv_tstamp"), FACT_U32, AT(e.sock.rcv_jiffies), 0, 0},
	{KEY("user_timeout"), FACT_U32, AT(e.sock.user_timeout_ms), 0, 0},
	{KEY("linger"), FACT_U64, AT(e.sock.linger_jiffies), 0, 0},
	{KEY("linger2"), FACT_S32, AT(e.sock.linger2_jiffies), 0, 0},
	{KEY("keepalive_time"), FACT_U32, AT(e.sock.keepalive_time_jiffies), 0, 0},
	{KEY("keepalive_intvl"), FACT_U32, AT(e.sock.keepalive_intvl_jiffies), 0, 0},
	{KEY("keepalive_probes"), FACT_U32, AT(e.sock.keepalive_probes), 0, 0},
	{KEY("backlog"), FACT_U32, AT(e.sock.backlog), 0, 0},
	{KEY("max_backlog"), FACT_U32, AT(e.sock.max_backlog), 0, 0},
	{KEY("err"), FACT_U16, AT(e.sock.err), 0, 0},
	{KEY("err_soft"), FACT_U16, AT(e.sock.err_soft), 0, 0},
	{KEY("backoff"), FACT_U8, AT(e.sock.backoff), 0, 0},
	{KEY("shutdown"), FACT_U8, AT(e.sock.shutdown), 0, 0},
	{KEY("tw_substate"), FACT_U8, AT(e.sock.tw_substate), 0, 0},
	{KEY("syn_retries"), FACT_U8, AT(e.sock.syn_retries), 0, 6},
	{KEY("retries2"), FACT_U8, AT(e.sock.retries2), 0, 15},
	{KEY("abort_on_overflow"), FACT_U8, AT(e.sock.abort_on_overflow), 0, 0},
	{KEY("fin_timeout"), FACT_U32, AT(e.sock.fin_timeout_jiffies), 0, 0},
	LAST,
};

static const struct fact of_life[] = {
	{KEY("born_ns"), FACT_U64, AT(e.life.born_ns), 0, 0},
	{KEY("closed_ns"), FACT_U64, AT(e.life.closed_ns), 0, 0},
	{KEY("ended_ns"), FACT_U64, AT(e.life.ended_ns), 0, 0},
	{KEY("last_state"), FACT_U8, AT(e.life.last_state), 0, 0},
	{KEY("end"), FACT_U8, AT(e.life.end), 0, 0},
	{KEY("err"), FACT_U16, AT(e.life.err), 0, 0},
	{KEY("snd_nxt"), FACT_U32, AT(e.life.snd_nxt), 0, 0},
	{KEY("rcv_nxt"), FACT_U32, AT(e.life.rcv_nxt), 0, 0},
	LAST,
};

static const struct fact of_history[] = {
	{KEY("closed"), FACT_U8, AT(history.closed_ports), 0, 0},
	{KEY("half_open"), FACT_U8, AT(history.half_open_ports), 0, 0},
	{KEY("ttl_known"), FACT_BOOL, AT(history.ttl_known), 0, 0},
	{KEY("ttl_low"), FACT_U8, AT(history.ttl_low), 0, 0},
	{KEY("ttl_high"), FACT_U8, AT(history.ttl_high), 0, 0},
	{KEY("resets_before"), FACT_U16, AT(history.resets_before), 0, 0},
	{KEY("seq_shifted"), FACT_BOOL, AT(history.seq_shifted), 0, 0},
	{KEY("peer_talks"), FACT_BOOL, AT(history.peer_talks), 0, 0},
	{KEY("reset_ns"), FACT_U64, AT(history.reset.time_ns), 0, 0},
	{KEY("reset_seq"), FACT_U32, AT(history.reset.seq), 0, 0},
	{KEY("reset_window"), FACT_U16, AT(history.reset.window), 0, 0},
	{KEY("reset_ip_id"), FACT_U16, AT(history.reset.ip_id), 0, 0},
	{KEY("reset_flags"), FACT_U8, AT(history.reset.flags), 0, 0},
	{KEY("reset_ttl"), FACT_U8, AT(history.reset.ttl), 0, 0},
	{KEY("reset_df"), FACT_U8, AT(history.reset.dont_fragment), 0, 0},
	{KEY("reset_seq_known"), FACT_BOOL, AT(history.reset.seq_known), 0, 0},
	{KEY("reset_visible"), FACT_BOOL, AT(history.reset.visible), 0, 0},
	{KEY("visits"), FACT_U16, AT(history.visits), 0, 0},
	{KEY("period"), FACT_DOUBLE, AT(history.period_s), 0, 0},
	LAST,
};

const struct fact_group fact_groups[] = {
	{NULL, of_event, 0},
	{"kind", of_kind, TOLD_SUMMARY},
	{"sock", of_sock, HAVE_SOCK | HAVE_TIMEWAIT},
	{"life", of_life, HAVE_LIFE | HAVE_ENDED},
	{"history", of_history, 0},
	{NULL, NULL, 0},
};

const struct fact_task fact_tasks[FACT_TASKS] = {
	{"task", offsetof(struct record, e.task)},
	{"opener", offsetof(struct record, e.life.opener)},
	{"closer", offsetof(struct record, e.life.closer)},
	{"listener", offsetof(struct record, e.listener)},
	{"owner", offsetof(struct record, owner)},
};

unsigned facts_told(const struct record *r)
{
	unsigned told = r->e.have;

	if (is_ipv4(&r->e.flow))
		told |= TOLD_IPV4;
	if (has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN)
		told |= TOLD_QUEUES;
	if (r->suppressed)
		told |= TOLD_SUMMARY;
	return told;
}

static uint64_t number_at(const struct fact *f, const char *record)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (f->type) {
	case FACT_BOOL:
	case FACT_U8:
		memcpy(&u8, record + f->offset, sizeof(u8));
		return u8;
	case FACT_U16:
		memcpy(&u16, record + f->offset, sizeof(u16));
		return u16;
	case FACT_U32:
	case FACT_S32:
		memcpy(&u32, record + f->offset, sizeof(u32));
		return u32;
	default:
		memcpy(&u64, record + f->offset, sizeof(u64));
		return u64;
	}
}

static void put_signed(struct out *o, int32_t n)
{
	if (n < 0)
		out_char(o, '-');
	out_number(o, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

/* 17 digits are enough to get the same number back. */
static bool put_double(struct out *o, uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	if (isfinite(value))
		out_format(o, "%.17g", value);
	return isfinite(value);
}

static bool put_number(struct out *o, const struct fact *f, uint64_t n)
{
	if (f->type == FACT_DOUBLE)
		return put_double(o, n);
	if (f->type == FACT_S32)
		put_signed(o, (int32_t)n);
	else
		out_number(o, f->type == FACT_IS_SET ? 1 : n);
	return true;
}

/* What stands first in its object has no comma before it. */
static void separate(struct out *o)
{
	if (o->len && o->data[o->len - 1] != '{')
		out_char(o, ',');
}

static void put_numbers(struct out *o, const struct fact *f, const struct record *r, unsigned told)
{
	for (; f->key_len; f++) {
		uint64_t n = number_at(f, (const char *)r);
		size_t mark;

		if (n == f->usual || (f->told && (f->told & told) == f->told))
			continue;
		mark = out_mark(o);
		separate(o);
		out_short(o, f->key, f->key_len);
		if (!put_number(o, f, n))
			out_rewind(o, mark);
	}
}

static void put_key(struct out *o, const char *key)
{
	separate(o);
	out_char(o, '"');
	out_string(o, key);
	out_bytes(o, "\":", 2);
}

static void put_group(struct out *o, const struct fact_group *g, const struct record *r,
		      unsigned told)
{
	size_t mark = out_mark(o), begin;

	if (g->name) {
		put_key(o, g->name);
		out_char(o, '{');
	}
	begin = out_mark(o);
	put_numbers(o, g->facts, r, told);
	if (g->name && out_mark(o) == begin)
		out_rewind(o, mark);
	else if (g->name)
		out_char(o, '}');
}

static bool is_utf8(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + len;
	uint64_t w;

	while (p < end) {
		size_t n = 8;

		if (end - p >= 8)
			memcpy(&w, p, sizeof(w));
		if (end - p < 8 || w & 0x8080808080808080ULL)
			n = utf8_sequence(p, end - p);
		if (!n)
			return false;
		p += n;
	}
	return true;
}

static void put_hex(struct out *o, const void *bytes, size_t len)
{
	out_char(o, '"');
	for (const uint8_t *p = bytes; len--; p++) {
		out_char(o, "0123456789abcdef"[*p >> 4]);
		out_char(o, "0123456789abcdef"[*p & 15]);
	}
	out_char(o, '"');
}

/* Names of other people: exact, whatever bytes they have. */
static void put_text(struct out *o, const char *s, size_t len)
{
	if (is_utf8(s, len)) {
		json_string(o, s, len);
		return;
	}
	out_string(o, "{\"hex\":");
	put_hex(o, s, len);
	out_char(o, '}');
}

static bool are_equal(const struct task *a, const struct task *b)
{
	return a->pid == b->pid && a->flags == b->flags && a->exit_signal == b->exit_signal &&
	       !strncmp(a->comm, b->comm, COMM_LEN);
}

/* The first of the rows before `i` that has the pid of row `i`; NULL: none. */
static const struct task *namesake(const struct record *r, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (fact_task_at(r, j)->pid == fact_task_at(r, i)->pid)
			return fact_task_at(r, j);
	return NULL;
}

static void put_task(struct out *o, const struct record *r, unsigned i)
{
	const struct task *task = fact_task_at(r, i), *same;

	if (!task->pid && !task->flags && !task->exit_signal)
		return;
	put_key(o, fact_tasks[i].key);
	same = namesake(r, i);
	if (same && are_equal(same, task)) {
		out_number(o, task->pid);
		return;
	}
	out_char(o, '[');
	out_number(o, task->pid);
	out_char(o, ',');
	put_text(o, task->comm, strnlen(task->comm, COMM_LEN));
	if (task->flags || task->exit_signal) {
		out_char(o, ',');
		out_number(o, task->flags);
		out_char(o, ',');
		out_number(o, task->exit_signal);
	}
	out_char(o, ']');
}

static void put_payload(struct out *o, const struct segment *s)
{
	size_t len = s->payload_len < PAYLOAD_LEN ? s->payload_len : PAYLOAD_LEN;

	if (!len)
		return;
	put_key(o, "payload");
	put_hex(o, s->payload, len);
}

static void put_name(struct out *o, const char *key, const char *name)
{
	if (!name || !*name)
		return;
	put_key(o, key);
	put_text(o, name, strlen(name));
}

static void put_pair(struct out *o, const struct record *r)
{
	put_name(o, "pair_cause", r->pair_cause);
	put_name(o, "pair_name", r->pair_name);
	if (r->pair_answers) {
		put_key(o, "pair_answers");
		out_char(o, '1');
	}
}

/* Other keys show both, but the path only of who acted, and neither with bytes that are no text. */
static void put_paths(struct out *o, const struct record *r, const struct verdict *v)
{
	size_t len = strlen(r->executable), cgroup_len = strlen(r->cgroup);
	bool shown = v->who && v->who->pid == r->executable_pid && is_utf8(r->executable, len);

	if (len && !shown) {
		put_key(o, "executable");
		out_char(o, '[');
		out_number(o, r->executable_pid);
		out_char(o, ',');
		put_text(o, r->executable, len);
		out_char(o, ']');
	}
	if (!is_utf8(r->cgroup, cgroup_len)) {
		put_key(o, "cgroup");
		put_text(o, r->cgroup, cgroup_len);
	}
}

bool put_facts(struct out *o, const struct record *r, const struct verdict *v)
{
	size_t mark = out_mark(o);
	unsigned told = facts_told(r);

	out_char(o, '{');
	for (const struct fact_group *g = fact_groups; g->facts; g++)
		if (!g->need || g->need & told)
			put_group(o, g, r, told);
	for (unsigned i = 0; i < FACT_TASKS; i++)
		put_task(o, r, i);
	put_payload(o, &r->e.segment);
	put_name(o, "location", r->location);
	put_name(o, "limits", r->limits);
	put_pair(o, r);
	put_paths(o, r, v);
	out_char(o, '}');
	return out_mark(o) > mark + 2;
}
