/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The values that several JSON formats write, each under keys of its own: the put() of their rows
 * (json_fields.h). json_fields.c has them.
 */
#ifndef RSTWHY_JSON_VALUES_H
#define RSTWHY_JSON_VALUES_H

#include "json_fields.h"

typedef bool json_value(struct out *o, const struct record *r, const struct verdict *v);

json_value put_time, put_event_id, put_transport, put_type, put_state, put_community_id;

json_value put_direction, put_cause, put_confidence, put_summary, put_suppressed, put_evidence,
	put_hints, put_kernel_reason, put_drop_reason, put_errno, put_site, put_hook, put_pair,
	put_reference;

json_value put_unread, put_unacked, put_unsent, put_age, put_idle, put_retransmits, put_probes,
	put_linger, put_keepalive, put_user_timeout, put_backlog, put_cookie;

json_value put_role, put_flags, put_seq, put_ack, put_window, put_ttl, put_length;

json_value put_pid, put_executable, put_executable_path, put_process_role, put_exit_signal,
	put_owner_pid, put_owner_name, put_owner_role;

json_value put_host, put_container, put_runtime, put_pod, put_unit, put_netns, put_cgroup,
	put_stack;

#endif
