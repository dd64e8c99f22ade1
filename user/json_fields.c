// SPDX-License-Identifier: GPL-2.0
/* The fields of the JSON format: one row plus its function each. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "causes.h"
#include "facts.h"
#include "hints.h"
#include "names.h"
#include "json_fields.h"
#include "who.h"

static bool number(struct out *o, bool known, uint64_t n)
{
	if (known)
		out_number(o, n);
	return known;
}

static bool string(struct out *o, const char *s)
{
	if (!s)
		return false;
	json_string(o, s, strlen(s));
	return true;
}

/* "" is what is not known. */
static bool known(struct out *o, const char *s)
{
	return *s && string(o, s);
}

static bool null(struct out *o)
{
	out_string(o, "null");
	return true;
}

/* Microseconds are the finest the kernel measures. */
static bool seconds(struct out *o, bool known, double value)
{
	uint64_t us;
	char digits[7];
	int len = 6;

	if (!known || value < 0)
		return false;
	us = llround(value * 1e6);
	out_number(o, us / 1000000);
	us %= 1000000;
	if (!us)
		return true;
	for (int i = 5; i >= 0; i--, us /= 10)
		digits[i] = '0' + us % 10;
	while (digits[len - 1] == '0')
		len--;
	out_char(o, '.');
	out_bytes(o, digits, len);
	return true;
}

static bool put_time(struct out *o, const struct record *r, const struct verdict *v)
{
	time_t second = r->time_ns / 1000000000;
	struct tm tm;

	(void)v;
	gmtime_r(&second, &tm);
	out_format(o, "\"%04d-%02d-%02dT%02d:%02d:%02d.%09uZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
		   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		   (unsigned)(r->time_ns % 1000000000));
	return true;
}

static bool put_event_name(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return string(o, r->e.direction == DIRECTION_NONE ? "tcp.death" : "tcp.reset");
}

static bool put_event_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return !r->suppressed && string(o, r->id);
}

static bool put_direction(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return string(o, direction_name(r->e.direction));
}

static bool put_cause(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, v->cause->id);
}

static bool put_confidence(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, confidence_name(v->confidence));
}

static bool put_summary(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, v->summary);
}

static bool put_suppressed(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->suppressed, r->suppressed);
}

static bool put_evidence(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	out_char(o, '[');
	for (unsigned i = 0; i < v->evidence_len; i++) {
		if (i)
			out_char(o, ',');
		string(o, v->evidence[i]);
	}
	out_char(o, ']');
	return true;
}

static bool put_hints(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	out_char(o, '[');
	for (unsigned i = 0; i < v->hints_len; i++) {
		out_string(o, i ? ",{\"id\":" : "{\"id\":");
		string(o, v->hints[i].hint->id);
		out_string(o, ",\"text\":");
		string(o, v->hints[i].text);
		out_char(o, '}');
	}
	out_char(o, ']');
	return true;
}

static bool put_kernel_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return string(o, r->reason_name);
}

static bool put_drop_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return string(o, r->drop_reason);
}

static bool put_errno(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, error_name(v->error));
}

static bool put_site(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, v->site);
}

static bool put_hook(struct out *o, const struct record *r, const struct verdict *v)
{
#define HOOK_NAME(id, name) [id] = name,
	static const char *const names[HOOK_MAX] = {HOOKS(HOOK_NAME)};
#undef HOOK_NAME

	(void)v;
	return !r->suppressed && r->e.hook < HOOK_MAX && string(o, names[r->e.hook]);
}

static bool put_pair(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->pair[0] && string(o, r->pair);
}

/* The first of the article's references: the document that the cause rests on. */
static bool put_reference(struct out *o, const struct record *r, const struct verdict *v)
{
	const char *references = v->cause->article.references;

	(void)r;
	if (references)
		json_string(o, references, strcspn(references, "\n"));
	return references;
}

static bool put_transport(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return string(o, "tcp");
}

static bool put_type(struct out *o, const struct record *r, const struct verdict *v)
{
	bool v6 = r->suppressed ? r->e.kind.v6 : !is_ipv4(&r->e.flow);

	(void)v;
	return string(o, v6 ? "ipv6" : "ipv4");
}

static bool put_io(struct out *o, const struct record *r, const struct verdict *v)
{
	static const char *const names[DIRECTION_MAX] = {
		[DIRECTION_SENT] = "transmit",
		[DIRECTION_RECEIVED] = "receive",
	};

	(void)v;
	return string(o, names[r->e.direction]);
}

static bool put_local_address(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[ADDRESS_LEN];

	(void)v;
	return !r->suppressed && string(o, address_text(r->e.flow.local, buf));
}

static bool put_local_port(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, !r->suppressed, r->e.flow.local_port);
}

static bool put_peer_address(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[ADDRESS_LEN];

	(void)v;
	return !r->suppressed && string(o, address_text(r->e.flow.peer, buf));
}

static bool put_peer_port(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, !r->suppressed, r->e.flow.peer_port);
}

static bool put_state(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, state_name(v->state));
}

static bool put_community_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return string(o, r->community_id[0] ? r->community_id : NULL);
}

static bool put_unread(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN, unread_bytes(r));
}

static bool put_unacked(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN, unacked_bytes(r));
}

static bool put_unsent(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN, unsent_bytes(r));
}

static bool put_bytes_received(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.bytes_received);
}

static bool put_bytes_acked(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.bytes_acked);
}

static bool put_bytes_sent(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.bytes_sent);
}

static bool put_age(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, true, age_seconds(r));
}

static bool put_idle(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, true, idle_seconds(r));
}

static bool put_retransmits(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.retransmits);
}

static bool put_probes(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.probes_out);
}

static bool put_srtt(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, has(r, HAVE_SOCK) && r->e.sock.srtt_us8, (r->e.sock.srtt_us8 >> 3) / 1e6);
}

static bool put_rto(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, has(r, HAVE_SOCK), jiffies_to_seconds(r, r->e.sock.rto_jiffies));
}

static bool put_linger(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (has(r, HAVE_SOCK) && !sock_is(r, SOCK_BIT_LINGER))
		return null(o);
	return seconds(o, has(r, HAVE_SOCK), jiffies_to_seconds(r, r->e.sock.linger_jiffies));
}

static bool put_keepalive(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SOCK) || !r->hz)
		return false;
	if (!sock_is(r, SOCK_BIT_KEEPOPEN))
		return null(o);
	out_string(o, "{\"idle\":");
	seconds(o, true, jiffies_to_seconds(r, r->e.sock.keepalive_time_jiffies));
	out_string(o, ",\"interval\":");
	seconds(o, true, jiffies_to_seconds(r, r->e.sock.keepalive_intvl_jiffies));
	out_string(o, ",\"count\":");
	out_number(o, r->e.sock.keepalive_probes);
	out_char(o, '}');
	return true;
}

static bool put_user_timeout(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, has(r, HAVE_SOCK), r->e.sock.user_timeout_ms / 1e3);
}

static bool put_backlog(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SOCK))
		return false;
	if (r->e.state != STATE_LISTEN)
		return null(o);
	out_format(o, "{\"length\":%u,\"max\":%u}", r->e.sock.backlog, r->e.sock.max_backlog);
	return true;
}

static bool put_cookie(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->e.sock.cookie, r->e.sock.cookie);
}

static bool put_uid(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.uid);
}

static bool put_role(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SEGMENT))
		return false;
	return string(o, r->e.direction == DIRECTION_RECEIVED ? "reset" : "trigger");
}

static bool put_flags(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[FLAGS_LEN];

	(void)v;
	return has(r, HAVE_SEGMENT) && string(o, flags_text(r->e.segment.flags, buf));
}

static bool put_seq(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.seq);
}

static bool put_ack(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.ack);
}

static bool put_window(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.window);
}

static bool put_ttl(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.ttl);
}

static bool put_ip_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT) && is_ipv4(&r->e.flow), r->e.segment.ip_id);
}

static bool put_length(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.length);
}

static bool put_options(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SEGMENT))
		return false;
	out_char(o, '"');
	for (unsigned i = 0; i < r->e.segment.options_len; i++) {
		out_char(o, "0123456789abcdef"[r->e.segment.options[i] >> 4]);
		out_char(o, "0123456789abcdef"[r->e.segment.options[i] & 15]);
	}
	out_char(o, '"');
	return true;
}

static bool put_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return number(o, v->who != NULL, v->who ? v->who->pid : 0);
}

static bool put_executable(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	if (!v->who)
		return false;
	json_string(o, v->who->comm, strnlen(v->who->comm, COMM_LEN));
	return true;
}

static bool put_process_role(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return v->who && string(o, role_name(v->role));
}

static bool put_exit_signal(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	if (!v->who)
		return false;
	return v->who->exit_signal ? number(o, true, v->who->exit_signal) : null(o);
}

static bool put_executable_path(struct out *o, const struct record *r, const struct verdict *v)
{
	return v->who && v->who->pid == r->executable_pid && known(o, r->executable);
}

static bool put_owner_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);

	return owner && number(o, true, owner->pid);
}

static bool put_owner_name(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);

	if (owner)
		json_string(o, owner->comm, strnlen(owner->comm, COMM_LEN));
	return owner;
}

static bool put_owner_role(struct out *o, const struct record *r, const struct verdict *v)
{
	enum role role = r->e.state == STATE_LISTEN ? ROLE_LISTENER : ROLE_OWNER;

	return who_suffers(r, v) && string(o, role_name(role));
}

static bool put_container(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.id);
}

static bool put_runtime(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.runtime);
}

static bool put_pod(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.pod);
}

static bool put_unit(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.unit);
}

static bool put_netns(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->e.flow.netns, r->e.flow.netns);
}

static bool put_cgroup(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->cgroup);
}

static bool put_stack(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!r->stack_len)
		return false;
	out_char(o, '[');
	for (unsigned i = 0; i < r->stack_len; i++) {
		if (i)
			out_char(o, ',');
		string(o, r->stack[i]);
	}
	out_char(o, ']');
	return true;
}

const struct json_field json_fields[] = {
	{"", "time", 0, put_time},
	{"event", "name", 0, put_event_name},
	{"event", "id", 0, put_event_id},
	{"reset", "direction", 0, put_direction},
	{"reset", "cause", 0, put_cause},
	{"reset", "confidence", 0, put_confidence},
	{"reset", "summary", 0, put_summary},
	{"reset", "suppressed", 0, put_suppressed},
	{"reset", "evidence", 0, put_evidence},
	{"reset", "hints", 0, put_hints},
	{"reset", "kernel_reason", 0, put_kernel_reason},
	{"reset", "drop_reason", 0, put_drop_reason},
	{"reset", "errno", 0, put_errno},
	{"reset", "site", 0, put_site},
	{"reset", "hook", 0, put_hook},
	{"reset", "pair", 0, put_pair},
	{"reset", "reference", 0, put_reference},
	{"network", "transport", 0, put_transport},
	{"network", "type", 0, put_type},
	{"network.io", "direction", 0, put_io},
	{"network.local", "address", 0, put_local_address},
	{"network.local", "port", 0, put_local_port},
	{"network.peer", "address", 0, put_peer_address},
	{"network.peer", "port", 0, put_peer_port},
	{"network.connection", "state", 0, put_state},
	{"network", "community_id", 0, put_community_id},
	{"socket", "unread", HAVE_SOCK, put_unread},
	{"socket", "unacked", HAVE_SOCK, put_unacked},
	{"socket", "unsent", HAVE_SOCK, put_unsent},
	{"socket", "bytes_received", HAVE_SOCK, put_bytes_received},
	{"socket", "bytes_acked", HAVE_SOCK, put_bytes_acked},
	{"socket", "bytes_sent", HAVE_SOCK, put_bytes_sent},
	{"socket", "age", 0, put_age},
	{"socket", "idle", HAVE_SOCK, put_idle},
	{"socket", "retransmits", HAVE_SOCK, put_retransmits},
	{"socket", "probes", HAVE_SOCK, put_probes},
	{"socket", "srtt", HAVE_SOCK, put_srtt},
	{"socket", "rto", HAVE_SOCK, put_rto},
	{"socket", "linger", HAVE_SOCK, put_linger},
	{"socket", "keepalive", HAVE_SOCK, put_keepalive},
	{"socket", "user_timeout", HAVE_SOCK, put_user_timeout},
	{"socket", "backlog", HAVE_SOCK, put_backlog},
	{"socket", "cookie", 0, put_cookie},
	{"socket", "uid", HAVE_SOCK, put_uid},
	{"segment", "role", HAVE_SEGMENT, put_role},
	{"segment", "flags", HAVE_SEGMENT, put_flags},
	{"segment", "seq", HAVE_SEGMENT, put_seq},
	{"segment", "ack", HAVE_SEGMENT, put_ack},
	{"segment", "window", HAVE_SEGMENT, put_window},
	{"segment", "ttl", HAVE_SEGMENT, put_ttl},
	{"segment", "ip_id", HAVE_SEGMENT, put_ip_id},
	{"segment", "length", HAVE_SEGMENT, put_length},
	{"segment", "options", HAVE_SEGMENT, put_options},
	{"process", "pid", 0, put_pid},
	{"process.executable", "name", 0, put_executable},
	{"process.executable", "path", 0, put_executable_path},
	{"process", "role", 0, put_process_role},
	{"process", "exit_signal", 0, put_exit_signal},
	{"owner", "pid", 0, put_owner_pid},
	{"owner.executable", "name", 0, put_owner_name},
	{"owner", "role", 0, put_owner_role},
	{"container", "id", 0, put_container},
	{"container.runtime", "name", 0, put_runtime},
	{"k8s.pod", "uid", 0, put_pod},
	{"linux", "netns", 0, put_netns},
	{"linux", "cgroup", 0, put_cgroup},
	{"linux", "unit", 0, put_unit},
	{"stack", "kernel", 0, put_stack},
	{NULL, NULL, 0, NULL},
};
