// SPDX-License-Identifier: GPL-2.0
/*
 * The ECS format: the events in the fields of the Elastic Common Schema, and below "rstwhy" what
 * that has no field for. The source is who sent the reset, as on the wire.
 */
#include <math.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "json_values.h"
#include "message.h"
#include "names.h"
#include "severity.h"

#define ECS_VERSION "8.11.0" /* the oldest release that was looked at: all the fields are in it */

#ifndef VERSION
#define VERSION "0"
#endif

static bool quoted(struct out *o, const char *s)
{
	if (s)
		json_string(o, s, strlen(s));
	return s;
}

static bool number(struct out *o, uint64_t n)
{
	out_number(o, n);
	return true;
}

static bool put_message(struct out *o, const struct record *r, const struct verdict *v)
{
	char message[MESSAGE_LEN];

	message_text(message, r, v);
	return quoted(o, message);
}

static bool put_ecs_version(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, ECS_VERSION);
}

static bool put_kind(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, "event");
}

static bool put_category(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	out_string(o, "[\"network\"]");
	return true;
}

static bool put_dataset(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, "rstwhy.reset");
}

static bool put_program(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, "rstwhy");
}

static bool put_version(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, VERSION);
}

static bool put_sensor(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, "sensor");
}

static bool put_iana_number(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r, (void)v;
	return quoted(o, "6");
}

/* A connection ended, unless the reset was not obeyed. */
static bool put_event_type(struct out *o, const struct record *r, const struct verdict *v)
{
	bool ended = strcmp(v->cause->id, "reset-ignored");

	(void)r;
	out_string(o, ended ? "[\"connection\",\"end\"]" : "[\"connection\",\"info\"]");
	return true;
}

static bool put_action(struct out *o, const struct record *r, const struct verdict *v)
{
	static const char *const names[DIRECTION_MAX] = {
		[DIRECTION_NONE] = "tcp-death",
		[DIRECTION_SENT] = "tcp-reset-sent",
		[DIRECTION_RECEIVED] = "tcp-reset-received",
	};

	(void)v;
	return quoted(o, names[r->e.direction]);
}

static bool put_reason(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return quoted(o, v->cause->title);
}

/* The kernel's own name for why: of a reset it sends, else of a packet it drops. */
static bool put_code(struct out *o, const struct record *r, const struct verdict *v)
{
	return put_kernel_reason(o, r, v) || put_drop_reason(o, r, v);
}

static bool put_severity(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return number(o, severity_of(v));
}

static bool put_level(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)r;
	return quoted(o, severity_name(severity_of(v)));
}

/* Nanoseconds, of the connection; microseconds are the finest the kernel measures. */
static bool put_duration(struct out *o, const struct record *r, const struct verdict *v)
{
	double age = age_seconds(r);

	(void)v;
	return age >= 0 && number(o, (uint64_t)llround(age * 1e6) * 1000);
}

static bool put_network_direction(struct out *o, const struct record *r, const struct verdict *v)
{
	static const char *const names[DIRECTION_MAX] = {
		[DIRECTION_SENT] = "egress",
		[DIRECTION_RECEIVED] = "ingress",
	};

	(void)v;
	return quoted(o, names[r->e.direction]);
}

static bool is_connection(const struct record *r)
{
	return has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN;
}

static bool put_network_bytes(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return is_connection(r) && number(o, r->e.sock.bytes_sent + r->e.sock.bytes_received);
}

/* Of a connection that died without a reset: this host. */
static bool source_is_local(const struct record *r)
{
	return r->e.direction != DIRECTION_RECEIVED;
}

static bool put_address(struct out *o, const struct record *r, bool local)
{
	char buf[ADDRESS_LEN];

	return !r->suppressed &&
	       quoted(o, address_text(local ? r->e.flow.local : r->e.flow.peer, buf));
}

static bool put_port(struct out *o, const struct record *r, bool local)
{
	return !r->suppressed && number(o, local ? r->e.flow.local_port : r->e.flow.peer_port);
}

static bool put_bytes(struct out *o, const struct record *r, bool local)
{
	return is_connection(r) &&
	       number(o, local ? r->e.sock.bytes_sent : r->e.sock.bytes_received);
}

static bool put_source_address(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_address(o, r, source_is_local(r));
}

static bool put_source_port(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_port(o, r, source_is_local(r));
}

static bool put_source_bytes(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_bytes(o, r, source_is_local(r));
}

static bool put_destination_address(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_address(o, r, !source_is_local(r));
}

static bool put_destination_port(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_port(o, r, !source_is_local(r));
}

static bool put_destination_bytes(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return put_bytes(o, r, !source_is_local(r));
}

static bool put_related(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	if (r->suppressed)
		return false;
	out_char(o, '[');
	put_address(o, r, true);
	if (memcmp(r->e.flow.local, r->e.flow.peer, sizeof(r->e.flow.local))) {
		out_char(o, ',');
		put_address(o, r, false);
	}
	out_char(o, ']');
	return true;
}

/* A keyword, so that "root" and 0 are of one type. */
static bool put_user(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	out_char(o, '"');
	out_number(o, r->e.sock.uid);
	out_char(o, '"');
	return true;
}

static bool put_orchestrator(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->container.pod[0] && quoted(o, "kubernetes");
}

static bool put_resource_type(struct out *o, const struct record *r, const struct verdict *v)
{
	(void)v;
	return r->container.pod[0] && quoted(o, "pod");
}

static const struct json_object in_ecs = JSON_OBJECT(NULL, "ecs");
static const struct json_object in_log = JSON_OBJECT(NULL, "log");
static const struct json_object in_event = JSON_OBJECT(NULL, "event");
static const struct json_object in_error = JSON_OBJECT(NULL, "error");
static const struct json_object in_network = JSON_OBJECT(NULL, "network");
static const struct json_object in_source = JSON_OBJECT(NULL, "source");
static const struct json_object in_destination = JSON_OBJECT(NULL, "destination");
static const struct json_object in_related = JSON_OBJECT(NULL, "related");
static const struct json_object in_process = JSON_OBJECT(NULL, "process");
static const struct json_object in_user = JSON_OBJECT(NULL, "user");
static const struct json_object in_container = JSON_OBJECT(NULL, "container");
static const struct json_object in_orchestrator = JSON_OBJECT(NULL, "orchestrator");
static const struct json_object in_resource = JSON_OBJECT(&in_orchestrator, "resource");
static const struct json_object in_host = JSON_OBJECT(NULL, "host");
static const struct json_object in_observer = JSON_OBJECT(NULL, "observer");
static const struct json_object in_rstwhy = JSON_OBJECT(NULL, "rstwhy");
static const struct json_object in_socket = JSON_OBJECT(&in_rstwhy, "socket");
static const struct json_object in_segment = JSON_OBJECT(&in_rstwhy, "segment");
static const struct json_object in_owner = JSON_OBJECT(&in_rstwhy, "owner");

static const struct json_field ecs_fields[] = {
	{NULL, JSON_KEY("@timestamp"), 0, put_time},
	{NULL, JSON_KEY("message"), 0, put_message},
	{&in_ecs, JSON_KEY("version"), 0, put_ecs_version},
	{&in_log, JSON_KEY("level"), 0, put_level},
	{&in_event, JSON_KEY("kind"), 0, put_kind},
	{&in_event, JSON_KEY("category"), 0, put_category},
	{&in_event, JSON_KEY("type"), 0, put_event_type},
	{&in_event, JSON_KEY("action"), 0, put_action},
	{&in_event, JSON_KEY("reason"), 0, put_reason},
	{&in_event, JSON_KEY("code"), 0, put_code},
	{&in_event, JSON_KEY("severity"), 0, put_severity},
	{&in_event, JSON_KEY("id"), 0, put_event_id},
	{&in_event, JSON_KEY("duration"), 0, put_duration},
	{&in_event, JSON_KEY("module"), 0, put_program},
	{&in_event, JSON_KEY("dataset"), 0, put_dataset},
	{&in_error, JSON_KEY("code"), 0, put_errno},
	{&in_network, JSON_KEY("transport"), 0, put_transport},
	{&in_network, JSON_KEY("type"), 0, put_type},
	{&in_network, JSON_KEY("iana_number"), 0, put_iana_number},
	{&in_network, JSON_KEY("direction"), 0, put_network_direction},
	{&in_network, JSON_KEY("community_id"), 0, put_community_id},
	{&in_network, JSON_KEY("bytes"), HAVE_SOCK, put_network_bytes},
	{&in_source, JSON_KEY("address"), 0, put_source_address},
	{&in_source, JSON_KEY("ip"), 0, put_source_address},
	{&in_source, JSON_KEY("port"), 0, put_source_port},
	{&in_source, JSON_KEY("bytes"), HAVE_SOCK, put_source_bytes},
	{&in_destination, JSON_KEY("address"), 0, put_destination_address},
	{&in_destination, JSON_KEY("ip"), 0, put_destination_address},
	{&in_destination, JSON_KEY("port"), 0, put_destination_port},
	{&in_destination, JSON_KEY("bytes"), HAVE_SOCK, put_destination_bytes},
	{&in_related, JSON_KEY("ip"), 0, put_related},
	{&in_process, JSON_KEY("pid"), 0, put_pid},
	{&in_process, JSON_KEY("name"), 0, put_executable},
	{&in_process, JSON_KEY("executable"), 0, put_executable_path},
	{&in_user, JSON_KEY("id"), HAVE_SOCK, put_user},
	{&in_container, JSON_KEY("id"), 0, put_container},
	{&in_container, JSON_KEY("runtime"), 0, put_runtime},
	{&in_orchestrator, JSON_KEY("type"), 0, put_orchestrator},
	{&in_resource, JSON_KEY("type"), 0, put_resource_type},
	{&in_resource, JSON_KEY("id"), 0, put_pod},
	{&in_host, JSON_KEY("name"), 0, put_host},
	{&in_host, JSON_KEY("hostname"), 0, put_host},
	{&in_observer, JSON_KEY("hostname"), 0, put_host},
	{&in_observer, JSON_KEY("product"), 0, put_program},
	{&in_observer, JSON_KEY("type"), 0, put_sensor},
	{&in_observer, JSON_KEY("version"), 0, put_version},
	{&in_rstwhy, JSON_KEY("direction"), 0, put_direction},
	{&in_rstwhy, JSON_KEY("cause"), 0, put_cause},
	{&in_rstwhy, JSON_KEY("confidence"), 0, put_confidence},
	{&in_rstwhy, JSON_KEY("suppressed"), 0, put_suppressed},
	{&in_rstwhy, JSON_KEY("evidence"), 0, put_evidence},
	{&in_rstwhy, JSON_KEY("hints"), 0, put_hints},
	{&in_rstwhy, JSON_KEY("state"), 0, put_state},
	{&in_rstwhy, JSON_KEY("kernel_reason"), 0, put_kernel_reason},
	{&in_rstwhy, JSON_KEY("drop_reason"), 0, put_drop_reason},
	{&in_rstwhy, JSON_KEY("site"), 0, put_site},
	{&in_rstwhy, JSON_KEY("hook"), 0, put_hook},
	{&in_rstwhy, JSON_KEY("pair"), 0, put_pair},
	{&in_rstwhy, JSON_KEY("reference"), 0, put_reference},
	{&in_rstwhy, JSON_KEY("role"), 0, put_process_role},
	{&in_rstwhy, JSON_KEY("exit_signal"), 0, put_exit_signal},
	{&in_rstwhy, JSON_KEY("netns"), 0, put_netns},
	{&in_rstwhy, JSON_KEY("cgroup"), 0, put_cgroup},
	{&in_rstwhy, JSON_KEY("unit"), 0, put_unit},
	{&in_rstwhy, JSON_KEY("stack"), 0, put_stack},
	{&in_socket, JSON_KEY("unread"), HAVE_SOCK, put_unread},
	{&in_socket, JSON_KEY("unacked"), HAVE_SOCK, put_unacked},
	{&in_socket, JSON_KEY("unsent"), HAVE_SOCK, put_unsent},
	{&in_socket, JSON_KEY("age"), 0, put_age},
	{&in_socket, JSON_KEY("idle"), HAVE_SOCK, put_idle},
	{&in_socket, JSON_KEY("retransmits"), HAVE_SOCK, put_retransmits},
	{&in_socket, JSON_KEY("probes"), HAVE_SOCK, put_probes},
	{&in_socket, JSON_KEY("linger"), HAVE_SOCK, put_linger},
	{&in_socket, JSON_KEY("keepalive"), HAVE_SOCK, put_keepalive},
	{&in_socket, JSON_KEY("user_timeout"), HAVE_SOCK, put_user_timeout},
	{&in_socket, JSON_KEY("backlog"), HAVE_SOCK, put_backlog},
	{&in_socket, JSON_KEY("cookie"), 0, put_cookie},
	{&in_segment, JSON_KEY("role"), HAVE_SEGMENT, put_role},
	{&in_segment, JSON_KEY("flags"), HAVE_SEGMENT, put_flags},
	{&in_segment, JSON_KEY("seq"), HAVE_SEGMENT, put_seq},
	{&in_segment, JSON_KEY("ack"), HAVE_SEGMENT, put_ack},
	{&in_segment, JSON_KEY("window"), HAVE_SEGMENT, put_window},
	{&in_segment, JSON_KEY("ttl"), HAVE_SEGMENT, put_ttl},
	{&in_segment, JSON_KEY("length"), HAVE_SEGMENT, put_length},
	{&in_owner, JSON_KEY("pid"), 0, put_owner_pid},
	{&in_owner, JSON_KEY("name"), 0, put_owner_name},
	{&in_owner, JSON_KEY("role"), 0, put_owner_role},
	{.put = NULL},
};

void ecs_put(struct out *o, const struct style *style, const struct record *r,
	     const struct verdict *v)
{
	(void)style;
	json_put_fields(o, ecs_fields, r, v);
}
