// SPDX-License-Identifier: GPL-2.0
/* The fields of the JSON format: one row plus its function each. */
#include <math.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "hints.h"
#include "json_facts.h"
#include "json_fields.h"
#include "names.h"
#include "json_values.h"
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

/* A name of ours, of the kernel's or of digits: there is nothing to escape. */
static bool name(struct out *o, const char *s)
{
	if (!s)
		return false;
	out_char(o, '"');
	out_string(o, s);
	out_char(o, '"');
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

bool put_time(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	out_char(o, '"');
	out_time(o, r->time_ns);
	out_char(o, '"');
	return true;
}

static bool put_event_name(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return name(o, r->e.direction == DIRECTION_NONE ? "tcp.death" : "tcp.reset");
}

bool put_event_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return !r->suppressed && name(o, r->id);
}

bool put_direction(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return name(o, direction_name(r->e.direction));
}

bool put_cause(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return name(o, v->cause->id);
}

bool put_confidence(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return name(o, confidence_name(v->confidence));
}

bool put_summary(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return string(o, v->summary);
}

bool put_suppressed(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->suppressed, r->suppressed);
}

bool put_evidence(struct out *o, const struct record *r, const struct verdict *v)
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

bool put_hints(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	out_char(o, '[');
	for (unsigned i = 0; i < v->hints_len; i++) {
		out_string(o, i ? ",{\"id\":" : "{\"id\":");
		name(o, v->hints[i].hint->id);
		out_string(o, ",\"text\":");
		string(o, v->hints[i].text);
		out_char(o, '}');
	}
	out_char(o, ']');
	return true;
}

bool put_kernel_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return name(o, r->reason_name);
}

bool put_drop_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return name(o, r->drop_reason);
}

bool put_errno(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return name(o, error_name(v->error));
}

bool put_site(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return name(o, v->site);
}

bool put_hook(struct out *o, const struct record *r, const struct verdict *v)
{
#define HOOK_NAME(id, name) [id] = name,
	static const char *const names[HOOK_MAX] = {HOOKS(HOOK_NAME)};
#undef HOOK_NAME

	(void)v;
	return !r->suppressed && r->e.hook < HOOK_MAX && name(o, names[r->e.hook]);
}

bool put_pair(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->pair[0] && name(o, r->pair);
}

/* The first of the article's references: the document that the cause rests on. */
bool put_reference(struct out *o, const struct record *r, const struct verdict *v)
{
	const char *references = v->cause->article.references;

	(void)r;
	if (references)
		json_string(o, references, strcspn(references, "\n"));
	return references;
}

bool put_transport(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return name(o, "tcp");
}

bool put_type(struct out *o, const struct record *r, const struct verdict *v)
{
	bool v6 = r->suppressed ? r->e.kind.v6 : !is_ipv4(&r->e.flow);

	(void)v;
	return name(o, v6 ? "ipv6" : "ipv4");
}

static bool put_io(struct out *o, const struct record *r, const struct verdict *v)
{
	static const char *const names[DIRECTION_MAX] = {
		[DIRECTION_SENT] = "transmit",
		[DIRECTION_RECEIVED] = "receive",
	};

	(void)v;
	return name(o, names[r->e.direction]);
}

static bool put_local_address(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[ADDRESS_LEN];

	(void)v;
	return !r->suppressed && name(o, address_text(r->e.flow.local, buf));
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
	return !r->suppressed && name(o, address_text(r->e.flow.peer, buf));
}

static bool put_peer_port(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, !r->suppressed, r->e.flow.peer_port);
}

bool put_state(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return name(o, state_name(v->state));
}

bool put_community_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return name(o, r->community_id[0] ? r->community_id : NULL);
}

bool put_unread(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN, unread_bytes(r));
}

bool put_unacked(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN, unacked_bytes(r));
}

bool put_unsent(struct out *o, const struct record *r, const struct verdict *v)
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

bool put_age(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, true, age_seconds(r));
}

bool put_idle(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, true, idle_seconds(r));
}

bool put_retransmits(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.retransmits);
}

bool put_probes(struct out *o, const struct record *r, const struct verdict *v)
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

bool put_linger(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (has(r, HAVE_SOCK) && !sock_is(r, SOCK_BIT_LINGER))
		return null(o);
	return seconds(o, has(r, HAVE_SOCK), jiffies_to_seconds(r, r->e.sock.linger_jiffies));
}

bool put_keepalive(struct out *o, const struct record *r, const struct verdict *v)
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

bool put_user_timeout(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return seconds(o, has(r, HAVE_SOCK), r->e.sock.user_timeout_ms / 1e3);
}

bool put_backlog(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SOCK))
		return false;
	if (r->e.state != STATE_LISTEN)
		return null(o);
	out_format(o, "{\"length\":%u,\"max\":%u}", r->e.sock.backlog, r->e.sock.max_backlog);
	return true;
}

bool put_cookie(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->e.sock.cookie, r->e.sock.cookie);
}

static bool put_uid(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SOCK), r->e.sock.uid);
}

bool put_role(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (!has(r, HAVE_SEGMENT))
		return false;
	return name(o, r->e.direction == DIRECTION_RECEIVED ? "reset" : "trigger");
}

bool put_flags(struct out *o, const struct record *r, const struct verdict *v)
{
	char buf[FLAGS_LEN];

	(void)v;
	return has(r, HAVE_SEGMENT) && name(o, flags_text(r->e.segment.flags, buf));
}

bool put_seq(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.seq);
}

bool put_ack(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.ack);
}

bool put_window(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.window);
}

bool put_ttl(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.ttl);
}

static bool put_ip_id(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT) && is_ipv4(&r->e.flow), r->e.segment.ip_id);
}

bool put_length(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, has(r, HAVE_SEGMENT), r->e.segment.length);
}

static bool put_options(struct out *o, const struct record *r, const struct verdict *v)
{
	char digits[2 * OPTIONS_LEN + 1], *to = digits;

	(void)v;
	if (!has(r, HAVE_SEGMENT))
		return false;
	for (unsigned i = 0; i < r->e.segment.options_len; i++) {
		*to++ = "0123456789abcdef"[r->e.segment.options[i] >> 4];
		*to++ = "0123456789abcdef"[r->e.segment.options[i] & 15];
	}
	*to = '\0';
	return name(o, digits);
}

bool put_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return number(o, v->who != NULL, v->who ? v->who->pid : 0);
}

bool put_executable(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	if (!v->who)
		return false;
	json_string(o, v->who->comm, strnlen(v->who->comm, COMM_LEN));
	return true;
}

bool put_process_role(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return v->who && name(o, role_name(v->role));
}

bool put_exit_signal(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	if (!v->who)
		return false;
	return v->who->exit_signal ? number(o, true, v->who->exit_signal) : null(o);
}

bool put_executable_path(struct out *o, const struct record *r, const struct verdict *v)
{
	return v->who && v->who->pid == r->executable_pid && known(o, r->executable);
}

bool put_owner_pid(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);

	return owner && number(o, true, owner->pid);
}

bool put_owner_name(struct out *o, const struct record *r, const struct verdict *v)
{
	const struct task *owner = who_suffers(r, v);

	if (owner)
		json_string(o, owner->comm, strnlen(owner->comm, COMM_LEN));
	return owner;
}

bool put_owner_role(struct out *o, const struct record *r, const struct verdict *v)
{
	enum role role = r->e.state == STATE_LISTEN ? ROLE_LISTENER : ROLE_OWNER;

	return who_suffers(r, v) && name(o, role_name(role));
}

bool put_container(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.id);
}

bool put_runtime(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.runtime);
}

bool put_pod(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.pod);
}

bool put_unit(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->container.unit);
}

bool put_host(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->host && known(o, r->host);
}

bool put_netns(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return number(o, r->e.flow.netns, r->e.flow.netns);
}

bool put_cgroup(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return known(o, r->cgroup);
}

bool put_stack(struct out *o, const struct record *r, const struct verdict *v)
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

#define OBJECT JSON_OBJECT
#define KEY JSON_KEY

static const struct json_object in_event = OBJECT(NULL, "event");
static const struct json_object in_host = OBJECT(NULL, "host");
static const struct json_object in_reset = OBJECT(NULL, "reset");
static const struct json_object in_network = OBJECT(NULL, "network");
static const struct json_object in_network_io = OBJECT(&in_network, "io");
static const struct json_object in_network_local = OBJECT(&in_network, "local");
static const struct json_object in_network_peer = OBJECT(&in_network, "peer");
static const struct json_object in_network_connection = OBJECT(&in_network, "connection");
static const struct json_object in_socket = OBJECT(NULL, "socket");
static const struct json_object in_segment = OBJECT(NULL, "segment");
static const struct json_object in_process = OBJECT(NULL, "process");
static const struct json_object in_process_executable = OBJECT(&in_process, "executable");
static const struct json_object in_owner = OBJECT(NULL, "owner");
static const struct json_object in_owner_executable = OBJECT(&in_owner, "executable");
static const struct json_object in_container = OBJECT(NULL, "container");
static const struct json_object in_container_runtime = OBJECT(&in_container, "runtime");
static const struct json_object in_k8s = OBJECT(NULL, "k8s");
static const struct json_object in_k8s_pod = OBJECT(&in_k8s, "pod");
static const struct json_object in_linux = OBJECT(NULL, "linux");
static const struct json_object in_stack = OBJECT(NULL, "stack");

const struct json_field json_fields[] = {
	{NULL, KEY("time"), 0, put_time},
	{&in_event, KEY("name"), 0, put_event_name},
	{&in_event, KEY("id"), 0, put_event_id},
	{&in_host, KEY("name"), 0, put_host},
	{&in_reset, KEY("direction"), 0, put_direction},
	{&in_reset, KEY("cause"), 0, put_cause},
	{&in_reset, KEY("confidence"), 0, put_confidence},
	{&in_reset, KEY("summary"), 0, put_summary},
	{&in_reset, KEY("suppressed"), 0, put_suppressed},
	{&in_reset, KEY("evidence"), 0, put_evidence},
	{&in_reset, KEY("hints"), 0, put_hints},
	{&in_reset, KEY("kernel_reason"), 0, put_kernel_reason},
	{&in_reset, KEY("drop_reason"), 0, put_drop_reason},
	{&in_reset, KEY("errno"), 0, put_errno},
	{&in_reset, KEY("site"), 0, put_site},
	{&in_reset, KEY("hook"), 0, put_hook},
	{&in_reset, KEY("pair"), 0, put_pair},
	{&in_reset, KEY("reference"), 0, put_reference},
	{&in_network, KEY("transport"), 0, put_transport},
	{&in_network, KEY("type"), 0, put_type},
	{&in_network_io, KEY("direction"), 0, put_io},
	{&in_network_local, KEY("address"), 0, put_local_address},
	{&in_network_local, KEY("port"), 0, put_local_port},
	{&in_network_peer, KEY("address"), 0, put_peer_address},
	{&in_network_peer, KEY("port"), 0, put_peer_port},
	{&in_network_connection, KEY("state"), 0, put_state},
	{&in_network, KEY("community_id"), 0, put_community_id},
	{&in_socket, KEY("unread"), HAVE_SOCK, put_unread},
	{&in_socket, KEY("unacked"), HAVE_SOCK, put_unacked},
	{&in_socket, KEY("unsent"), HAVE_SOCK, put_unsent},
	{&in_socket, KEY("bytes_received"), HAVE_SOCK, put_bytes_received},
	{&in_socket, KEY("bytes_acked"), HAVE_SOCK, put_bytes_acked},
	{&in_socket, KEY("bytes_sent"), HAVE_SOCK, put_bytes_sent},
	{&in_socket, KEY("age"), 0, put_age},
	{&in_socket, KEY("idle"), HAVE_SOCK, put_idle},
	{&in_socket, KEY("retransmits"), HAVE_SOCK, put_retransmits},
	{&in_socket, KEY("probes"), HAVE_SOCK, put_probes},
	{&in_socket, KEY("srtt"), HAVE_SOCK, put_srtt},
	{&in_socket, KEY("rto"), HAVE_SOCK, put_rto},
	{&in_socket, KEY("linger"), HAVE_SOCK, put_linger},
	{&in_socket, KEY("keepalive"), HAVE_SOCK, put_keepalive},
	{&in_socket, KEY("user_timeout"), HAVE_SOCK, put_user_timeout},
	{&in_socket, KEY("backlog"), HAVE_SOCK, put_backlog},
	{&in_socket, KEY("cookie"), 0, put_cookie},
	{&in_socket, KEY("uid"), HAVE_SOCK, put_uid},
	{&in_segment, KEY("role"), HAVE_SEGMENT, put_role},
	{&in_segment, KEY("flags"), HAVE_SEGMENT, put_flags},
	{&in_segment, KEY("seq"), HAVE_SEGMENT, put_seq},
	{&in_segment, KEY("ack"), HAVE_SEGMENT, put_ack},
	{&in_segment, KEY("window"), HAVE_SEGMENT, put_window},
	{&in_segment, KEY("ttl"), HAVE_SEGMENT, put_ttl},
	{&in_segment, KEY("ip_id"), HAVE_SEGMENT, put_ip_id},
	{&in_segment, KEY("length"), HAVE_SEGMENT, put_length},
	{&in_segment, KEY("options"), HAVE_SEGMENT, put_options},
	{&in_process, KEY("pid"), 0, put_pid},
	{&in_process_executable, KEY("name"), 0, put_executable},
	{&in_process_executable, KEY("path"), 0, put_executable_path},
	{&in_process, KEY("role"), 0, put_process_role},
	{&in_process, KEY("exit_signal"), 0, put_exit_signal},
	{&in_owner, KEY("pid"), 0, put_owner_pid},
	{&in_owner_executable, KEY("name"), 0, put_owner_name},
	{&in_owner, KEY("role"), 0, put_owner_role},
	{&in_container, KEY("id"), 0, put_container},
	{&in_container_runtime, KEY("name"), 0, put_runtime},
	{&in_k8s_pod, KEY("uid"), 0, put_pod},
	{&in_linux, KEY("netns"), 0, put_netns},
	{&in_linux, KEY("cgroup"), 0, put_cgroup},
	{&in_linux, KEY("unit"), 0, put_unit},
	{&in_stack, KEY("kernel"), 0, put_stack},
	{NULL, KEY("facts"), 0, put_facts},
	{.put = NULL},
};
